"""Makes a pack: item by item, or several at once with a model; it can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event, Lock
from time import monotonic

from assistant import __version__
from assistant.answering.attribution import report_name
from assistant.answering.pipeline import Parts
from assistant.answering.suggesting.phrasing import common_by
from assistant.briefing.agenda.agenda import Agenda, AgendaItem
from assistant.briefing.agenda.proposing import propose_questions
from assistant.briefing.agenda.questions import with_questions
from assistant.briefing.agenda.review import is_ticked
from assistant.briefing.front import shown
from assistant.briefing.item import brief_item
from assistant.briefing.line import with_own_lines
from assistant.briefing.own_paper import own_papers
from assistant.briefing.pack import Item, Length, Pack, Record
from assistant.briefing.saved import SavedItems
from assistant.errors import QuestionError

# Calls to a provider at one time; its own limits are met by waiting in the client.
AT_ONCE = 4
_NOT_REACHED = "the run was stopped before it"

Progress = Callable[[int, int], object]


@dataclass
class Stop:
    """Ends a run from outside: from another thread, or by Ctrl-C."""

    asked: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _ends: list[Callable[[], object]] = field(default_factory=list)

    def register(self, end: Callable[[], object]) -> None:
        """Take a function that ends a model's answer."""
        with self._lock:
            self._ends.append(end)
        if self.asked.is_set():
            end()

    def stop(self) -> None:
        """Stop: no further item is begun, and answers under way are ended."""
        self.asked.set()
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            end()


def prepare(agenda: Agenda, parts: Parts, stop: Stop | None = None) -> Agenda:
    """Return the agenda with its questions: by rule, and by the model where one is set.

    What stands in the agenda as a question stays as it is; an item of procedure gets
    none. ``stop`` ends the wait for the model: the rules' questions stand then.
    """
    made = with_questions(agenda, common_by(parts.shelf.embedder.knows_word))
    if parts.writer is None:
        return made
    places = [
        place
        for place, item in enumerate(agenda.items)
        if not item.questions
        and made.items[place].questions
        and is_ticked(made.items[place])
    ]
    proposal = propose_questions(
        agenda.items,
        places,
        parts.writer,
        parts.glossary,
        at_once=AT_ONCE,
        stopping=stop.register if stop else lambda end: None,
    )
    items = list(made.items)
    for place, questions in proposal.questions.items():
        items[place] = replace(items[place], questions=questions, proposed=True)
    notes = (*made.notes, *proposal.notes)
    tokens = made.tokens + proposal.tokens
    return replace(made, items=tuple(items), notes=notes, tokens=tokens)


def make_pack(
    agenda: Agenda,
    parts: Parts,
    *,
    length: Length = "3min",
    reports: Sequence[str] = (),
    data_dir: Path | None = None,
    owner: str = "",
    made_at: datetime | None = None,
    progress: Progress = lambda done, total: None,
    stop: Stop | None = None,
) -> Pack:
    """Brief every item of an agenda.

    Args:
        agenda: with its questions, see ``prepare``.
        parts: the open shelf and the writer.
        length: "30s", "3min" or "full".
        reports: ids of the reports to hear; empty means those nearest to each item.
        data_dir: where done items are kept until the pack is whole; None keeps none.
        owner: whose pack it is; another's takes up nothing of it.
        made_at: the pack's date; now by default.
        progress: told items done and items in all.
        stop: ends the run early; so does Ctrl-C. Items not begun say so.

    Raises:
        QuestionError: a report is not known.
    """
    started = monotonic()
    made_at = made_at or datetime.now().astimezone()
    # A pack is of one state of the shelf, whatever is added while it is made.
    parts = parts.now()
    _check_reports(reports, parts)
    corpus = parts.shelf.version
    model = parts.writer.model.name if parts.writer else "quoting"
    run = [agenda.meeting, agenda.date, length, *sorted(reports), corpus, model]
    run.append(__version__)
    saved = SavedItems(data_dir, *run, owner=owner) if data_dir else None
    stop = stop or Stop()
    made: dict[int, Item] = {}
    with _ending(stop):
        for place, item in _made(agenda.items, reports, parts, length, saved, stop):
            made[place] = item
            progress(len(made), len(agenda.items))
    items = with_own_lines(
        made.get(place)
        or Item(i.number, i.title, "not reached", i.questions, _NOT_REACHED)
        for place, i in enumerate(agenda.items)
    )
    if saved and all(item.state in ("done", "not needed") for item in items):
        saved.clear()
    asked = reports or parts.shelf.reports
    whole = Pack(
        meeting=agenda.meeting,
        date=agenda.date,
        place=agenda.place,
        attendees=agenda.attendees,
        length=length,
        items=items,
        record=Record(
            made_at=made_at.isoformat(timespec="minutes"),
            model=model,
            corpus=corpus,
            searched=tuple(report_name(parts.shelf.details, r) for r in asked),
            seconds=round(monotonic() - started, 1),
            version=__version__,
            tokens=agenda.tokens,
        ),
        notes=agenda.notes,
        council=agenda.council,
        left_out=agenda.left_out,
    )
    return shown(whole)


@contextmanager
def _ending(stop: Stop) -> Iterator[None]:
    """Take Ctrl-C as a wish for what is done so far."""
    try:
        yield
    except KeyboardInterrupt:
        stop.stop()


def _check_reports(reports: Sequence[str], parts: Parts) -> None:
    unknown = [report for report in reports if report not in parts.shelf.reports]
    if unknown:
        raise QuestionError(
            f"There is no report {unknown[0]} on the shelf. It holds "
            f"{', '.join(parts.shelf.reports)}."
        )


def _made(
    items: Sequence[AgendaItem],
    reports: Sequence[str],
    parts: Parts,
    length: Length,
    saved: SavedItems | None,
    stop: Stop,
) -> Iterator[tuple[int, Item]]:
    """Yield each item as it is made, with its place."""
    papers = own_papers(items, parts.shelf.details)
    if papers:
        of_this_agenda = set(papers.values())
        heard = reports or parts.shelf.reports
        reports = [report for report in heard if report not in of_this_agenda]

    def make(place: int) -> Item | None:
        item = items[place]
        if saved and (kept := saved.get(item)):
            return kept
        if stop.asked.is_set():
            return None
        paper = papers.get(place, "")
        made = brief_item(item, reports, parts, length, stop.register, paper)
        # What an interrupted model left is no answer.
        return None if stop.asked.is_set() else made

    made = _one_by_one(len(items), make)
    if parts.writer is not None:
        made = _at_once(len(items), make, stop)
    for place, item in made:
        if item is not None:
            if saved:
                saved.keep(items[place], item)
            yield place, item


Make = Callable[[int], Item | None]


def _one_by_one(count: int, make: Make) -> Iterator[tuple[int, Item | None]]:
    """Make each in turn: quoting already uses every core."""
    for place in range(count):
        yield place, make(place)


def _at_once(count: int, make: Make, stop: Stop) -> Iterator[tuple[int, Item | None]]:
    """Make several together: a provider makes us wait, and waits can be shared."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="briefing")
    try:
        waiting: dict[Future[Item | None], int] = {
            pool.submit(make, place): place for place in range(count)
        }
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BaseException:
        stop.stop()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
