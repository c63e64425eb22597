"""Runs a briefing in a thread of its own; the page follows it and can stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import uuid4

from assistant.errors import AgendaError
from assistant.web.faults import sentence_of
from assistant.web.wall.held import discard

if TYPE_CHECKING:
    from assistant.briefing.agenda.agenda import Agenda
    from assistant.briefing.agenda.file import AgendaFile
    from assistant.briefing.making import Stop
    from assistant.briefing.pack import Length, Pack
    from assistant.composition import Assistant

T = TypeVar("T")

_STEP_SECONDS = 0.3
UNEXPECTED = (
    "Something went wrong on our side and the pack was not made. Please try again; "
    "if it happens again, report the number {id}."
)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is: items done of all. ``done`` is None before the first."""

    done: int | None = None
    total: int = 0


@dataclass
class Runs:
    """The runs under way on a page, by a name that only their page knows."""

    _stops: dict[str, Stop] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> tuple[str, Stop]:
        """Return a new run's name and what stops it."""
        from assistant.briefing.making import Stop

        name, stop = uuid4().hex, Stop()
        with self._lock:
            self._stops[name] = stop
        return name, stop

    def stop(self, name: str) -> bool:
        """Stop a run; tell whether it was still under way."""
        with self._lock:
            stop = self._stops.get(name)
        if stop is not None:
            stop.stop()
        return stop is not None

    def end(self, name: str) -> None:
        """Stop a run and forget it."""
        self.stop(name)
        with self._lock:
            self._stops.pop(name, None)


def follow_questions(
    assistant: Assistant, text: str, stop: Stop
) -> Iterator[Step | Agenda | Exception | None]:
    """Yield None while the questions are made, then the agenda or what went wrong."""
    from assistant.briefing.agenda.agenda import parse_agenda

    return _follow(lambda progress: assistant.questions_for(parse_agenda(text), stop))


def follow_pack(
    assistant: Assistant, text: str, length: str, reports: list[str], stop: Stop
) -> Iterator[Step | Pack | Exception | None]:
    """Yield the steps of a pack, None where nothing is new, and the pack at the end.

    Args:
        assistant: the open shelf and the writer.
        text: the agenda.
        length: "30s", "3min" or "full".
        reports: ids of those chosen; none of them is a fault.
        stop: ends the run early; the pack is then partial.
    """
    from assistant.briefing.agenda.agenda import parse_agenda

    def work(progress: Callable[[int, int], object]) -> Pack:
        if not reports:
            raise AgendaError("No report is chosen. Choose at least one.")
        # All of them: those nearest to each item.
        chosen = () if set(reports) == set(assistant.parts.shelf.reports) else reports
        agenda = parse_agenda(text)
        progress(0, len(agenda.items))
        return assistant.brief(
            agenda,
            length=cast("Length", length),
            reports=chosen,
            progress=progress,
            stop=stop,
        )

    return _follow(work)


def _follow(
    work: Callable[[Callable[[int, int], object]], T],
) -> Iterator[Step | T | Exception | None]:
    """Begin to follow some work, which knows who asks for it."""
    # Gradio forgets who asks after the first step that it gets.
    return _followed(work, copy_context())


def _followed(
    work: Callable[[Callable[[int, int], object]], T], context: Context
) -> Iterator[Step | T | Exception | None]:
    news: Queue[Step | T | Exception] = Queue()

    def run() -> None:
        try:
            news.put(work(lambda done, total: news.put(Step(done, total))))
        except Exception as error:  # noqa: BLE001 - told on the page, and logged
            news.put(error)

    Thread(target=context.run, args=(run,), name="briefing").start()
    while True:
        try:
            found = news.get(timeout=_STEP_SECONDS)
        except Empty:
            # Whoever follows must get the chance to notice that nobody is there.
            yield None
            continue
        yield found
        if not isinstance(found, Step):
            return


def fault_text(error: Exception) -> str:
    """Return what is said of a fault; one that is not ours goes into the log."""
    return sentence_of(error, UNEXPECTED)


def read_upload(file: str | None) -> AgendaFile:
    """Return the agenda of a file that was uploaded, and remove the file.

    Raises:
        AgendaError: it is too large, or of a kind that is not read.
    """
    from assistant.briefing.agenda.agenda import parse_agenda
    from assistant.briefing.agenda.file import read_agenda_file

    if file is None:
        raise AgendaError("No file came. Choose a PDF, Word, HTML or text file.")
    path = Path(file)
    try:
        read = read_agenda_file(path)
        parse_agenda(read.text)
    finally:
        # An agenda may be confidential: it stays no longer than it is needed.
        discard(path)
    return read
