"""Signing in while others guess."""

from __future__ import annotations

import asyncio
import http.client
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode

import pytest

from assistant.errors import BusyError
from assistant.web.access.turns import Turns
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant
from tests.doors import PASSWORD, make_settings, with_accounts
from tests.serving import running


def test_whoever_came_least_is_next_and_the_first_of_those() -> None:
    async def run() -> list[str]:
        turns, done = Turns(1), list[str]()

        async def one(name: str, rank: int) -> None:
            async with turns.turn(lambda: (rank,)):
                done.append(name)
                await asyncio.sleep(0)

        names = [("first", 9), ("guess", 5), ("again", 5), ("once", 0), ("gone", 1)]
        tasks = [asyncio.create_task(one(*name)) for name in names]
        await asyncio.sleep(0)
        tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one("after", 0)
        return done

    assert asyncio.run(run()) == ["first", "once", "guess", "again", "after"]


def test_only_so_many_wait() -> None:
    async def run() -> None:
        turns, stop = Turns(1), asyncio.Event()

        async def one() -> None:
            async with turns.turn(lambda: (0,)):
                await stop.wait()

        tasks = [asyncio.create_task(one()) for _ in range(201)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await one()
        stop.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def sign_in(port: int, name: str, password: str, source: str) -> int:
    """Sign in from one of this machine's own addresses; return the status."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(source, 0)
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    typed = urlencode({"name": name, "password": password})
    connection.request("POST", "/login", typed, form)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def test_the_right_password_is_not_kept_waiting_by_thirty_who_guess(
    tmp_path: Path,
) -> None:
    settings = make_settings(with_accounts(tmp_path), sign_in_tries=1000)
    app = make_app(FakeAssistant(settings=settings), "0.0.0.0")
    stop = Event()
    with running(app) as url:
        port = int(url.rpartition(":")[2])

        def guess(number: int) -> None:
            while not stop.is_set():
                sign_in(port, "bob", f"guess {number}", f"127.0.1.{number}")

        threads = [Thread(target=guess, args=(n,)) for n in range(1, 31)]
        for thread in threads:
            thread.start()
        try:
            waited = []
            for _ in range(3):
                # Let all of them guess once first.
                stop.wait(2)
                begun = monotonic()
                assert sign_in(port, "ada", PASSWORD, "127.0.0.2") == 303
                waited.append(monotonic() - begun)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert min(waited) < 3, waited
