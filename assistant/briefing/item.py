"""Makes one item of the pack from the hearings of its questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from assistant.answering.attribution import report_name
from assistant.answering.pipeline import Parts
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.answering.writers.state import Stopping
from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.agenda.questions import asks_title
from assistant.briefing.agenda.review import is_ticked
from assistant.briefing.asking_back import ask_back
from assistant.briefing.figure_search import find_statements_with_figures
from assistant.briefing.figures import find_figures
from assistant.briefing.hearing import (
    Hearing,
    hear_in_parts,
    hear_more_of,
)
from assistant.briefing.line import line_and_points
from assistant.briefing.own_paper import hear_own_paper
from assistant.briefing.pack import (
    MOST_POINTS,
    AskedBack,
    Figure,
    Item,
    Length,
    Position,
    Statement,
)
from assistant.briefing.silence import find_nearest_section
from assistant.briefing.standing import stand_beside
from assistant.errors import AssistantError
from assistant.schema import SECTION_SEPARATOR

_PROCEDURE, _NOT_TICKED = "procedure", "not wanted by whoever looked the items over"


def brief_item(
    item: AgendaItem,
    reports: Sequence[str],
    parts: Parts,
    length: Length,
    stopping: Stopping = lambda stop: None,
    paper: str = "",
) -> Item:
    """Brief one item; an error of ours fails this item alone, and is its reason.

    Args:
        item: with its questions; without any it needs no briefing.
        reports: ids of the reports to hear; empty means those nearest to the matter.
        parts: the open shelf and the writer.
        length: what is not shown at it is not looked for.
        stopping: is handed functions that end a model's answer from another thread.
        paper: the id of the item's own paper, which is heard first.
    """
    if not (item.questions and is_ticked(item)):
        reason = _NOT_TICKED if item.questions else _PROCEDURE
        return Item(item.number, item.title, "not needed", reason=reason)
    try:
        heard = [
            hearing
            for question in item.questions
            for hearing in hear_in_parts(question, reports, parts, stopping)
        ]
        own = hear_own_paper(paper, item.questions, parts) if paper else ()
        made = _make(item, heard, parts, length)
        return _with_own(made, paper, own, parts) if paper else made
    except AssistantError as error:
        return Item(item.number, item.title, "failed", item.questions, str(error))


def _with_own(made: Item, paper: str, own: Sequence[Statement], parts: Parts) -> Item:
    """Return an item with what its own paper says, the first of it as the line to take."""
    if not own:
        return made
    name = report_name(parts.shelf.details, paper)
    points = (*made.line, *made.points)[:MOST_POINTS]
    return replace(
        made, paper=name, line=(own[0],), own=tuple(own[1:]), points=points, nearest=()
    )


def _make(
    item: AgendaItem, heard: Sequence[Hearing], parts: Parts, length: Length
) -> Item:
    said = {report: list(own) for report, own in _by_report(heard).items()}
    full = length == "full"
    if full:
        for hearing in heard:
            for report in [r for r, own in hearing.positions.items() if own]:
                more = hear_more_of(report, hearing.question, parts, said[report])
                said[report] = list(more)
    line, points = line_and_points(heard, said)
    names = {report: report_name(parts.shelf.details, report) for report in said}
    speaking = {report: own for report, own in said.items() if own}
    shelf = parts.shelf
    beside = (
        stand_beside(speaking, names, shelf.details, shelf.embedder) if full else {}
    )
    positions = tuple(
        Position(
            report,
            names[report],
            tuple(own),
            beside.get(report, ()),
            "" if own else find_nearest_section(report, item.questions, parts),
        )
        for report, own in sorted(said.items(), key=lambda pair: not pair[1])
    )
    everything = list(dict.fromkeys([*line, *points, *chain(*said.values())]))
    failed = next((h.answer.text for h in heard if h.answer.outcome == "error"), "")
    return Item(
        number=item.number,
        title=item.title,
        state="failed" if failed else "done",
        questions=tuple(dict.fromkeys([*item.questions, *(h.question for h in heard)])),
        reason=failed,
        asked=() if asks_title(item) else item.questions,
        line=line,
        points=points,
        positions=positions,
        figures=_figures(heard, everything, parts) if full else (),
        asked_back=tuple(_asked_back(heard, everything, parts)) if full else (),
        lacks=tuple(dict.fromkeys(chain(*(h.lacks for h in heard)))),
        nearest=tuple(_nearest(heard)) if not line else (),
        withheld=sum(len(h.answer.withheld) for h in heard),
        tokens=sum(h.answer.tokens for h in heard),
    )


def _by_report(heard: Iterable[Hearing]) -> dict[str, dict[Statement, None]]:
    found: dict[str, dict[Statement, None]] = {}
    for hearing in heard:
        for report, own in hearing.positions.items():
            found.setdefault(report, {}).update(dict.fromkeys(own))
    return found


def _asked_back(
    heard: Sequence[Hearing], said: Sequence[Statement], parts: Parts
) -> Iterator[AskedBack]:
    for hearing in heard[:1]:
        if hearing.said:
            yield from ask_back(hearing.question, hearing.passages, said, parts)


def _figures(
    heard: Iterable[Hearing], said: Sequence[Statement], parts: Parts
) -> tuple[Figure, ...]:
    """Return the figures of what is said, and of what else was found near it."""
    beside = (
        statement
        for hearing in heard
        if hearing.said
        for statement in find_statements_with_figures(hearing, parts)
    )
    return find_figures(dict.fromkeys([*said, *beside]))


def _nearest(heard: Iterable[Hearing]) -> Iterator[str]:
    for hearing in heard:
        for near in hearing.answer.nearest:
            # What tells of the file itself is near to everything.
            if near.section.startswith(ABOUT_THE_TEXT):
                continue
            yield f"{near.title}{SECTION_SEPARATOR}{near.section}"
