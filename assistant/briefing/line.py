"""The line to take of an item, and the points that follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.briefing.hearing import Hearing, matter_asked
from assistant.briefing.pack import MOST_POINTS, Item, Statement
from assistant.text.words import content_stems

# A line to take of two sentences is at most this long.
_WORDS_OF_A_LINE = 60
_HALF = 0.5


def line_and_points(
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
    of_answers = _in_turn([_by_turns(own) for own in answers])
    in_turn = list(dict.fromkeys([*of_answers, *_in_turn(list(said.values()))]))
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
    asked = content_stems(matter_asked(hearing.question))
    unnamed = len(asked - content_stems(hearing.said[0].text)) / max(len(asked), 1)
    return unnamed if unnamed >= _HALF else 0.0


def _on_the_matter(
    first: Statement, others: Sequence[Statement], heard: Sequence[Hearing]
) -> Statement:
    """Return the first sentence, or one that names the matter where that one does not.

    A sentence can stand beside the matter in its passage and yet be of another one.
    """
    asked = content_stems(matter_asked(heard[0].question))
    if not asked or content_stems(first.text) & asked:
        return first
    named = max(others, key=lambda s: len(content_stems(s.text) & asked), default=first)
    return named if content_stems(named.text) & asked else first


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
