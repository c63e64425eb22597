"""Signing in while others guess."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

import pytest

from assistant.errors import BusyError, LimitError
from assistant.serving.access.accounts import Account, Accounts
from assistant.serving.access.known import COOKIE, Known
from assistant.serving.access.sessions import load_key
from assistant.serving.access.signing_in import SignIn
from assistant.serving.access.turns import Turns
from assistant.serving.rates import Rates
from tests.doors import (
    PASSWORD,
    URL,
    client,
    make_settings,
    sign_in,
    with_accounts,
)
from tests.serving import page_process


def test_whoever_came_least_is_next_and_the_latest_of_those() -> None:
    async def run() -> list[str]:
        turns, done = Turns(1), list[str]()

        async def one(name: str, rank: int) -> None:
            async with turns.turn((rank,)):
                done.append(name)
                await asyncio.sleep(0)

        names = [("first", 9), ("guess", 5), ("again", 5), ("once", 0), ("gone", 1)]
        tasks = [asyncio.create_task(one(*name)) for name in names]
        await asyncio.sleep(0)
        tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one("after", 0)
        return done

    assert asyncio.run(run()) == ["first", "once", "again", "guess", "after"]


def test_who_was_just_cancelled_takes_no_turn_with_them() -> None:
    async def run() -> None:
        turns, stop = Turns(1), asyncio.Event()

        async def one() -> None:
            async with turns.turn((0,)):
                await stop.wait()

        tasks = [asyncio.create_task(one()) for _ in range(2)]
        await asyncio.sleep(0)
        # The first ends when the second is cancelled and has not heard of it.
        stop.set()
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.wait_for(one(), 5)

    asyncio.run(run())


def test_of_too_many_whoever_waited_longest_of_the_highest_rank_is_sent_away() -> None:
    async def run() -> tuple[list[int], list[int]]:
        turns, stop, done = Turns(1, most_waiting=4), asyncio.Event(), list[int]()

        async def one(rank: int) -> None:
            async with turns.turn((rank,)):
                await stop.wait()
                done.append(rank)

        # The first has its turn at once; the others fill the room.
        tasks = [asyncio.create_task(one(rank)) for rank in (1, 2, 1, 1, 1)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await one(3)
        tasks += [asyncio.create_task(one(rank)) for rank in (0, 1)]
        await asyncio.sleep(0)
        stop.set()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        return done, [n for n, end in enumerate(ends) if isinstance(end, BusyError)]

    done, sent_away = asyncio.run(run())
    # The one of rank 2, and then the first that waited of rank 1.
    assert sent_away == [1, 2]
    assert done == [1, 0, 1, 1, 1]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.serving.access.turns._MOST_SECONDS", 0.01)

    async def run() -> None:
        turns = Turns(1)
        async with turns.turn((0,)):
            with pytest.raises(BusyError):
                async with turns.turn((0,)):
                    pass
        async with turns.turn((0,)):
            pass

    asyncio.run(run())


class Slow(Accounts):
    """Knows ada, and takes a while; writes down in which order passwords came."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def verify(self, name: str, password: str) -> Account | None:
        self.asked.append(password)
        sleep(0.01)
        return Account("ada", "reader", "") if password == PASSWORD else None


Guess = tuple[str, str]
WAVES: dict[str, Callable[[int], Guess]] = {
    "each-a-name": lambda n: (f"guess{n}", "here"),
    "one-name": lambda n: ("bob", "here"),
    "each-an-address": lambda n: ("bob", f"there {n}"),
    "her-name": lambda n: ("ada", f"there {n}"),
}


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("browser", [None, "mark"])
def test_the_right_one_is_next_though_thirty_came_before(
    wave: str, browser: str | None
) -> None:
    """From an address that is not flooded; a known browser from any."""
    accounts = Slow()
    sign_in = SignIn(accounts, 100, Rates())

    async def run() -> Account | None:
        for _ in range(5):
            # Those who signed in there keep no colleague waiting.
            assert await sign_in.check("ada", PASSWORD, "elsewhere")
        guesses = [WAVES[wave](n) for n in range(30)]
        tasks = [
            asyncio.create_task(sign_in.check(name, "wrong", address))
            for name, address in guesses
        ]
        await asyncio.sleep(0.005)
        # A right one from a new browser at the flooded address is a guess like others.
        address = "here" if browser else "elsewhere"
        before = len(accounts.asked)
        right = await sign_in.check("ada", PASSWORD, address, browser)
        await asyncio.gather(*tasks, return_exceptions=True)
        # Two at most are called and not begun; then it has the first turn that is free.
        assert PASSWORD in accounts.asked[before : before + 4], accounts.asked
        return right

    assert asyncio.run(run())


def test_whoever_is_sent_away_and_comes_again_at_once_keeps_nobody_out() -> None:
    """More addresses than may wait, each of which tries again and again."""
    accounts = Slow()
    sign_in = SignIn(accounts, 100, Rates())

    async def run() -> list[str]:
        async def guess(number: int) -> None:
            while True:
                with suppress(BusyError):
                    await sign_in.check("bob", "wrong", f"there {number}")
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(guess(n)) for n in range(250)]
        while len(accounts.asked) < 3:
            await asyncio.sleep(0.001)
        before = len(accounts.asked)
        assert await sign_in.check("ada", PASSWORD, "elsewhere")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return accounts.asked[before : before + 4]

    assert PASSWORD in asyncio.run(run())


def test_a_known_browser_is_not_locked_out_with_its_address_nor_with_its_name() -> None:
    async def run() -> None:
        sign_in = SignIn(Slow(), 1, Rates())
        for number in range(5):
            await sign_in.check(f"guess{number}", "wrong", "here")
        for number in range(10):
            await sign_in.check("ada", "wrong", f"there {number}")
        for address in ("here", "elsewhere"):
            with pytest.raises(LimitError):
                await sign_in.check("ada", PASSWORD, address)
        assert await sign_in.check("ada", PASSWORD, "here", "mark")
        # One who guesses there is soon a stranger again.
        assert await sign_in.check("ada", "wrong", "here", "mark") is None
        with pytest.raises(LimitError):
            await sign_in.check("ada", PASSWORD, "here", "mark")

    asyncio.run(run())


def test_the_cookie_of_a_known_browser_holds_for_its_name_alone(tmp_path: Path) -> None:
    browser = client(make_settings(with_accounts(tmp_path)))
    assert sign_in(browser).status_code == 303
    (cookie,) = (one for one in browser.cookies.jar if one.name == COOKIE)
    known, value = Known(load_key(tmp_path)), f"x=1; {COOKIE}={cookie.value}"
    assert known.mark_of("Ada ", value)
    assert known.mark_of("bob", value) is None
    assert known.mark_of("ada", value + "x") is None
    assert Known("k" * 64).mark_of("ada", value) is None
    # Signing in again makes no new browser of it.
    again = known.cookie("ada", value, https=True)
    assert known.mark_of("ada", again.partition(";")[0]) == known.mark_of("ada", value)
    assert "HttpOnly" in again
    assert "Secure" in again
    # Signing out does not make it a stranger.
    browser.post("/logout", headers={"origin": URL})
    assert COOKIE in browser.cookies
    assert COOKIE not in client(make_settings(tmp_path)).get("/login").cookies


def post(port: int, name: str, password: str, source: str, cookie: str = "") -> int:
    """Sign in from one of this machine's own addresses; return the status."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(source, 0)
    )
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    typed = urlencode({"name": name, "password": password})
    connection.request("POST", "/login", typed, form)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@pytest.mark.slow
@pytest.mark.parametrize("flood", ["another address", "many addresses", "its own"])
def test_a_right_sign_in_takes_less_than_three_seconds_while_thirty_guess(
    tmp_path: Path, flood: str, record_property: Any
) -> None:
    """Or on a busy machine, less than six times what it takes alone."""
    key = load_key(with_accounts(tmp_path))
    cookie = Known(key).cookie("ada", "", https=False).partition(";")[0]
    cookie = cookie if flood == "its own" else ""
    stop = Event()
    with page_process(tmp_path, tmp_path / "log", ASSISTANT_HOST="0.0.0.0") as (
        port,
        _,
    ):

        def guess(number: int) -> None:
            source = {"its own": "127.0.0.2", "another address": "127.0.0.3"}
            for n in count():
                if stop.is_set():
                    return
                address = source.get(flood, f"127.0.1.{number}")
                if post(port, f"guess{number}-{n}", "wrong", address) > 422:
                    stop.wait(0.1)

        threads = [Thread(target=guess, args=(n,)) for n in range(1, 31)]
        waited, told = [], []
        try:
            # The first three alone, the next in the middle of the first wave.
            for pause in (0, 0, 0, 0.2, 1, 1, 1, 1):
                if pause and not threads[0].ident:
                    for thread in threads:
                        thread.start()
                stop.wait(pause)
                begun = monotonic()
                while (
                    status := post(port, "ada", PASSWORD, "127.0.0.2", cookie)
                ) == 503:
                    sleep(0.2)
                waited.append(monotonic() - begun)
                told.append(status)
        finally:
            stop.set()
            for thread in filter(lambda thread: thread.ident, threads):
                thread.join()
    assert set(told) == {303}
    record_property("sign-in", f"{flood}: {waited}")
    assert max(waited[3:]) < max(3, 6 * max(waited[:3])), waited
