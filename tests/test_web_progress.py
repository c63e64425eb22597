"""How far an answer is, in words; and steps that come with a tick between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant.answering.writers.state import Measured
from assistant.schema import Passage
from assistant.serving.ticking import ticking
from assistant.web.ask.progress import progress_of
from tests.browser.fakes import DATA, HUBS

# Seconds: no step that waits for an event comes within the one, each in the other.
SOON, LATE = 0.01, 60.0


@pytest.mark.parametrize(
    ("measured", "found", "line"),
    [
        (Measured(step="waiting"), (), "Waiting for its turn (1.2 s)"),
        (Measured(step="searching"), (), "Reading the question (1.2 s)"),
        (
            Measured(step="reading"),
            (HUBS, DATA),
            "Found 2 passages in 2 reports. Reading them (1.2 s)",
        ),
        (
            Measured(step="writing"),
            (DATA,),
            "Found 1 passage in 1 report. Waiting for the model (1.2 s)",
        ),
        (
            Measured(step="writing", words=1),
            (),
            "Writing: 1 word, each sentence checked before it is shown (1.2 s)",
        ),
        (
            Measured(step="mending", words=30),
            (HUBS, HUBS),
            "Found 2 passages in 1 report. Mending what did not hold (1.2 s)",
        ),
    ],
)
def test_progress_of_says_what_is_done(
    measured: Measured, found: tuple[Passage, ...], line: str
) -> None:
    assert progress_of(measured, 1.24, found) == line


class Steps:
    """Gives a number each time it is let go; notes that it was closed."""

    def __init__(self) -> None:
        self.go = asyncio.Semaphore(0)
        self.closed = False

    async def given(self, count: int) -> AsyncIterator[int]:
        try:
            for number in range(count):
                await self.go.acquire()
                yield number
        finally:
            self.closed = True


def test_ticking_yields_none_only_while_it_waits() -> None:
    async def run() -> list[int | None]:
        steps, seen = Steps(), list[int | None]()
        async for step in ticking(steps.given(2), SOON):
            seen.append(step)
            if step is None:
                steps.go.release()
        assert steps.closed
        return seen

    seen = asyncio.run(run())
    assert [step for step in seen if step is not None] == [0, 1]
    assert seen[0] is None


@pytest.mark.parametrize("seconds", [None, LATE])
def test_ticking_adds_nothing_to_steps_that_come(seconds: float | None) -> None:
    async def run() -> list[int | None]:
        steps = Steps()
        steps.go = asyncio.Semaphore(3)
        return [step async for step in ticking(steps.given(3), seconds)]

    assert asyncio.run(run()) == [0, 1, 2]


def test_ticking_that_is_left_ends_its_steps() -> None:
    async def run() -> bool:
        steps = Steps()
        ticks = ticking(steps.given(1), SOON)
        assert await anext(ticks) is None
        await ticks.aclose()
        return steps.closed

    assert asyncio.run(run())


def test_ticking_lets_an_error_through() -> None:
    async def failing() -> AsyncIterator[int]:
        yield 0
        raise ValueError("the provider failed")

    async def run() -> None:
        async for _ in ticking(failing(), LATE):
            pass

    with pytest.raises(ValueError, match="the provider failed"):
        asyncio.run(run())
