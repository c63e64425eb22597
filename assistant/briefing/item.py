"""Makes one item of the pack from the hearings of its questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

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
    matter_asked,
)
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
from assistant.words import content_words, stem

# A line to take of two sentences is at most this long.
_WORDS_OF_A_LINE = 60
_HALF = 0.5
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
    line, points = _line_and_points(heard, said)
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


def with_own_lines(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items of which no two have a line to take in common.

    A later one takes the first point that is no other's line; without one it names the
    item that says the same.
    """
    taken: dict[str, str] = {}
    found = []
    for item in items:
        if item.line and item.line[0].text in taken:
            item = _with_another_line(item, taken)
        for statement in item.line:
            taken.setdefault(statement.text, item.number)
        found.append(item)
    return tuple(found)


def _with_another_line(item: Item, taken: Mapping[str, str]) -> Item:
    same_as = taken[item.line[0].text]
    free = [s for s in (*item.line[1:], *item.points) if s.text not in taken]
    if not free:
        return replace(item, line=(), points=(), same_as=same_as)
    points = tuple(s for s in free[1:] if s in item.points)
    return replace(item, line=(free[0],), points=points)


def _by_report(heard: Iterable[Hearing]) -> dict[str, dict[Statement, None]]:
    found: dict[str, dict[Statement, None]] = {}
    for hearing in heard:
        for report, own in hearing.positions.items():
            found.setdefault(report, {}).update(dict.fromkeys(own))
    return found


def _line_and_points(
    heard: Sequence[Hearing], said: dict[str, list[Statement]]
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """Take the first sentence as the line, and one of another report if both are short.

    The points follow in turn: one of each question's answer, then of each report.
    """
    speaking = sorted((h for h in heard if h.said), key=_off_the_matter)
    answers = [list(h.said) for h in speaking]
    first = next((own[0] for own in answers), None)
    if first is None:
        return (), ()
    in_turn = list(
        dict.fromkeys(
            [
                *_in_turn([_by_turns(own) for own in answers]),
                *_in_turn(list(said.values())),
            ]
        )
    )
    first = _on_the_matter(first, in_turn, speaking)
    others = [s for s in in_turn if s.text != first.text]
    line = [first]
    # A line is on one question: what another of the item brings is a point.
    second = next(
        (s for s in answers[0] if s is not first and _report(s) != _report(first)), None
    )
    if second and len(f"{first.text} {second.text}".split()) <= _WORDS_OF_A_LINE:
        line.append(second)
    told = {statement.text for statement in line}
    points = {s.text: s for s in reversed(others) if s.text not in told}
    return tuple(line), tuple(reversed(points.values()))[:MOST_POINTS]


def _off_the_matter(hearing: Hearing) -> float:
    """Return how much of its matter the first sentence of an answer leaves unnamed.

    That is 0 where it names more than half: a title, which is asked about first, is
    often wider than what the shelf says of it.
    """
    asked = _content(matter_asked(hearing.question))
    unnamed = len(asked - _content(hearing.said[0].text)) / max(len(asked), 1)
    return unnamed if unnamed >= _HALF else 0.0


def _on_the_matter(
    first: Statement, others: Sequence[Statement], heard: Sequence[Hearing]
) -> Statement:
    """Return the first sentence, or one that names the matter where that one does not.

    A sentence can stand beside the matter in its passage and yet be of another one.
    """
    asked = _content(matter_asked(heard[0].question))
    if not asked or _content(first.text) & asked:
        return first
    named = max(others, key=lambda s: len(_content(s.text) & asked), default=first)
    return named if _content(named.text) & asked else first


def _content(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _report(statement: Statement) -> str:
    return statement.sources[0].report


def _by_turns(own: Iterable[Statement]) -> list[Statement]:
    """Return statements so that each report has one before any has a second."""
    grouped: dict[str, list[Statement]] = {}
    for statement in own:
        grouped.setdefault(_report(statement), []).append(statement)
    return list(_in_turn(list(grouped.values())))


def _in_turn(groups: Sequence[Sequence[Statement]]) -> Iterator[Statement]:
    for row in zip_longest(*groups):
        yield from (statement for statement in row if statement is not None)


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
