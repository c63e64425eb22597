"""The page under load: many streaming chats at once, and many conversations in a row."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import perf_counter, sleep, time
from typing import Any, NamedTuple
from urllib.request import urlopen

from evals.reporting.report import table
from evals.timing.load_clients import Chat, chat_at_once
from evals.timing.load_page import Process, serving

# The goal: on two cores, at thirty tokens a second for each of sixty chats.
MOST_GAP_SECONDS = 0.25
# A client that kept its own core busy would time itself.
_CLIENTS = 2
# So long the pages take to be opened, before the first question.
_OPENING_SECONDS = 10.0
# Of a processor: less is no work.
_QUIET_SHARE, _QUIET_WITHIN = 0.1, 180.0
# Questions of one chat, where time is left for further ones.
_ROW = 50
_AT_ONCE = 8
_LAG_SECONDS = 0.01
_QUICK_MODEL = ("--rate", "2000", "--first", "0")

Told = Callable[[str], object]


class Load(NamedTuple):
    """What was measured of the page while the chats ran."""

    chats: list[Chat]
    seconds: float
    cpu_seconds: float
    rss_mb: tuple[float, float]
    lag: list[float]
    load_average: float


def _part(times: Sequence[float], share: float) -> float:
    """Return the time that a share of the times does not exceed."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else 0.0


@contextmanager
def _lag() -> Iterator[list[float]]:
    """Note how late an idle event loop of this process wakes: the machine's own part."""
    late: list[float] = []
    over = Flag()

    async def wake() -> None:
        while not over.is_set():
            due = perf_counter() + _LAG_SECONDS
            await asyncio.sleep(_LAG_SECONDS)
            late.append(perf_counter() - due)

    thread = Thread(target=lambda: asyncio.run(wake()))
    thread.start()
    try:
        yield late
    finally:
        over.set()
        thread.join()


def _config(url: str) -> dict[str, Any]:
    with urlopen(f"{url}/config", timeout=60) as response:
        config: dict[str, Any] = json.load(response)
    return config


def _rows(questions: Sequence[str], chats: int, length: int) -> list[list[str]]:
    """Deal the questions out to the chats, each with others than its neighbour."""
    dealt = cycle(questions)
    return [list(islice(dealt, length)) for _ in range(chats)]


def _measure(
    url: str, page: Process, rows: Sequence[Sequence[str]], seconds: float
) -> Load:
    config, start_at = _config(url), time() + _OPENING_SECONDS
    # Fork would copy threads' locks; the clients share nothing with us anyhow.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_CLIENTS, spawn) as pool, _lag() as lag:
        running = [
            pool.submit(chat_at_once, url, config, rows[n::_CLIENTS], seconds, start_at)
            for n in range(_CLIENTS)
        ]
        sleep(max(0.0, start_at - time()))
        began, spent, held = perf_counter(), page.cpu_seconds, page.rss_mb
        lag.clear()
        chats = [chat for client in running for chat in client.result()]
    return Load(
        chats,
        perf_counter() - began,
        page.cpu_seconds - spent,
        (held, page.rss_mb),
        lag,
        os.getloadavg()[0],
    )


def load_table(load: Load) -> str:
    """Return what was measured, in milliseconds where nothing else is said."""
    first = [chat.news[0] for chat in load.chats if chat.news]
    second = [chat.news[1] for chat in load.chats if len(chat.news) > 1]
    gaps = [gap for chat in load.chats for gap in chat.gaps]
    updates = sum(len(chat.news) for chat in load.chats)
    size = sum(chat.size for chat in load.chats)
    count = max(1, len(load.chats))

    def row(what: str, times: Sequence[float]) -> tuple[str, ...]:
        shares = (0.5, 0.95, 1.0)
        return (what, *(f"{_part(times, share) * 1000:.0f}" for share in shares))

    times = table(
        ("", "median ms", "95 % ms", "most ms"),
        [
            row("first update", first),
            row("second update", second),
            row("gap between updates", gaps),
            row("lag of an idle process meanwhile", load.lag),
        ],
    )
    failed = sum(chat.fault is not None for chat in load.chats)
    facts = [
        f"{len(load.chats)} answers, {failed} failed; {load.seconds:.1f} s",
        f"{updates / count:.1f} updates and {size / count / 1000:.0f} kB an answer",
        f"page: {load.cpu_seconds / count:.3f} CPU seconds an answer, "
        f"{load.cpu_seconds / load.seconds:.2f} cores busy, "
        f"{load.rss_mb[0]:.0f} MB before and {load.rss_mb[1]:.0f} MB after",
        f"load average of the machine {load.load_average:.1f}, {os.cpu_count()} cores",
    ]
    faults = sorted({chat.fault for chat in load.chats if chat.fault})
    return "\n".join([times, "", *facts, *faults[:5]])


def passes(load: Load) -> bool:
    """Tell whether the goal is reached."""
    gaps = [gap for chat in load.chats for gap in chat.gaps]
    whole = all(chat.fault is None for chat in load.chats)
    return whole and bool(gaps) and _part(gaps, 0.95) < MOST_GAP_SECONDS


def memory_table(held: Sequence[float]) -> str:
    """Say how the memory of a page grew: in all, and in the second half alone."""
    half = held[len(held) // 2 :]
    return (
        f"{held[0]:.0f} MB at the start, {held[-1]:.0f} MB at the end; in the second half "
        f"{half[-1] - half[0]:+.0f} MB"
    )


def chats_at_once(
    questions: Sequence[str], chats: int, seconds: float, data: Path | None = None
) -> Load:
    """Open so many chats at once on a page with a fake model of thirty tokens a second."""
    with serving((), _settings(chats), data) as (url, page):
        chat_at_once(url, _config(url), _rows(questions, 2, 1))
        _wait_until_quiet(page)
        return _measure(url, page, _rows(questions, chats, _ROW), seconds)


def _wait_until_quiet(page: Process) -> None:
    """Wait until the page has done what it does in the background when it starts."""
    until = perf_counter() + _QUIET_WITHIN
    spent = page.cpu_seconds
    while perf_counter() < until:
        sleep(1)
        before, spent = spent, page.cpu_seconds
        if spent - before < _QUIET_SHARE:
            return


def _settings(chats: int) -> dict[str, str]:
    """Return limits that so many chats from one address do not meet."""
    most = str(max(100, 2 * chats))
    names = ("ANSWERS_AT_ONCE", "ADDRESS_ANSWERS_AT_ONCE")
    many = ("ADDRESS_QUESTIONS_PER_MINUTE", "STEPS_PER_MINUTE")
    return {
        **{f"ASSISTANT_{name}": most for name in names},
        **{f"ASSISTANT_{name}": "1000000" for name in many},
    }


def conversations(
    questions: Sequence[str], count: int, told: Told, data: Path | None = None
) -> list[float]:
    """Hold so many short conversations; return the memory in MB after each tenth.

    Each is a page of its own, opened, asked two questions, and closed.
    """
    held: list[float] = []
    with serving(_QUICK_MODEL, _settings(_AT_ONCE), data) as (url, page):
        config = _config(url)
        rows = iter(_rows(questions, count, 2))
        step = max(1, count // 10)
        held.append(page.rss_mb)
        for place in range(0, count, step):
            failed = 0
            left = list(islice(rows, min(step, count - place)))
            for start in range(0, len(left), _AT_ONCE):
                some = left[start : start + _AT_ONCE]
                done = chat_at_once(url, config, some)
                failed += sum(chat.fault is not None for chat in done)
            # What was freed is handed back a moment later.
            sleep(1)
            held.append(page.rss_mb)
            told(
                f"{place + len(left)} conversations: {held[-1]:.0f} MB, {failed} failed"
            )
    return held
