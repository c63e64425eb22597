"""Scores a pack: what it asks of its agenda, what it leaves out, what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields

from assistant.answering.checking.evidence import check_sentence
from assistant.answering.closeness import Closeness
from assistant.answering.pipeline import Parts
from assistant.briefing.export.layout import words_of_front
from assistant.briefing.pack import Item, Pack, Source, Statement
from assistant.schema import QUOTES_JOINED_BY, Passage
from assistant.text.words import content_words, stem
from evals.agenda_cases import AgendaCase, Expected
from evals.measuring.answers import folded


@dataclass(frozen=True, slots=True)
class AgendaScores:
    """The values of one pack; None where it has nothing to measure it by.

    Shares are from 0 to 1, ``unsupported`` counts sentences, ``words_of_front`` all the
    words of the first page, titles and labels included.
    """

    item_coverage: float | None
    right_reports: float | None
    facts_present: float | None
    table_correct: float | None
    silence_true: float | None
    asked: float | None
    dropped: float | None
    not_said: float | None
    headed: float | None
    unsupported: int
    words_of_front: int
    faults: tuple[str, ...] = ()


METRICS = tuple(f.name for f in fields(AgendaScores) if f.name != "faults")


@dataclass
class _Tally:
    """What holds and what does not, by metric; each fault is told."""

    holds: dict[str, list[bool]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def take(self, metric: str, holds: bool, told: str) -> None:
        self.holds.setdefault(metric, []).append(holds)
        if not holds:
            self.faults.append(told)

    def share(self, metric: str) -> float | None:
        own = self.holds.get(metric)
        return sum(own) / len(own) if own else None


def score_pack(case: AgendaCase, pack: Pack, parts: Parts) -> AgendaScores:
    """Hold a full pack against what is expected of it."""
    tally = _Tally()
    for expected in case.items:
        item = _find(expected, pack.items)
        covered = item is not None and _is_covered(expected, item)
        name = expected.name
        tally.take("item_coverage", covered, f"{name}: not briefed as it should be")
        if item is not None:
            _score_item(expected, item, tally)
    _score_reading(case, pack, tally)
    unsupported = list(unsupported_sentences(pack, parts))
    return AgendaScores(
        item_coverage=tally.share("item_coverage"),
        right_reports=tally.share("right_reports"),
        facts_present=tally.share("facts_present"),
        table_correct=tally.share("table_correct"),
        silence_true=tally.share("silence_true"),
        asked=tally.share("asked"),
        dropped=tally.share("dropped"),
        not_said=tally.share("not_said"),
        headed=tally.share("headed"),
        unsupported=len(unsupported),
        words_of_front=words_of_front(pack),
        faults=(*tally.faults, *(f"no evidence: {text}" for text in unsupported)),
    )


def _find(expected: Expected, items: Sequence[Item]) -> Item | None:
    if expected.number:
        return next((i for i in items if i.number == expected.number), None)
    words = folded(expected.title)
    return next((i for i in items if words in folded(i.title)), None)


def _is_covered(expected: Expected, item: Item) -> bool:
    """An item on the shelf has a line; one that is not says so; procedure has none."""
    if not expected.briefed:
        return item.state == "not needed"
    if expected.speaks:
        return item.state == "done" and bool(item.line)
    return item.state == "done" and not item.line and bool(item.lacks)


def _score_item(expected: Expected, item: Item, tally: _Tally) -> None:
    name = expected.name
    asked = {stem(w) for question in item.questions for w in content_words(question)}
    for phrase in expected.asked:
        lacking = [w for w in content_words(phrase) if stem(w) not in asked]
        tally.take("asked", not lacking, f"{name}: not asked: {phrase} ({lacking})")
    cited = {s.report for statement in item.statements() for s in statement.sources}
    for report in expected.speaks:
        told = f"{name}: {report} does not appear"
        tally.take("right_reports", report in cited, told)
    said = folded(" ".join(statement.text for statement in item.statements()))
    for fact in expected.facts:
        holds = any(folded(text) in said for text in fact)
        tally.take("facts_present", holds, f"{name}: missing {fact[0]}")
    _score_table(expected, item, tally)


def _score_table(expected: Expected, item: Item, tally: _Tally) -> None:
    """Tell for each labelled report whether its row is right, and its silence true."""
    rows = {position.report: position for position in item.positions}
    for report in expected.speaks:
        holds = report in rows and not rows[report].is_silent
        told = f"{expected.name}: {report} is not heard"
        tally.take("table_correct", holds, told)
        if report in rows and rows[report].is_silent:
            tally.take("silence_true", False, f"{expected.name}: {report} is no silent")
    for report in expected.silent:
        holds = report in rows and rows[report].is_silent
        tally.take("table_correct", holds, f"{expected.name}: {report} is not silent")
        if holds:
            tally.take("silence_true", True, "")


def _score_reading(case: AgendaCase, pack: Pack, tally: _Tally) -> None:
    """Tell whether what is no matter was left out, said to be, and kept out."""
    left_out = folded(" ".join(one.text for one in pack.left_out))
    asked = folded(" ".join(q for item in pack.items for q in item.questions))
    lines = (s.text for item in pack.items for s in (*item.line, *item.points))
    said = f"{asked} {folded(' '.join(lines))}"
    for text in case.dropped:
        tally.take("dropped", folded(text) in left_out, f"vanished: {text}")
        tally.take("not_said", folded(text) not in asked, f"asked about: {text}")
    for text in case.never:
        tally.take("not_said", folded(text) not in said, f"said: {text}")
    for given, found in ((case.meeting, pack.meeting), (case.date, pack.date)):
        if given:
            holds = folded(given) in folded(found)
            tally.take("headed", holds, f"head: {found!r} is not {given!r}")


def unsupported_sentences(pack: Pack, parts: Parts) -> Iterator[str]:
    """Yield the sentences of a pack that the passages at their places do not carry.

    It looks the places up in the index again, so that neither the pack's own quotations
    nor its numbers are taken on trust.
    """
    similarity = Closeness(parts.shelf.embedder)
    seen: set[Statement] = set()
    for item in pack.items:
        for statement in item.statements():
            if statement in seen:
                continue
            seen.add(statement)
            passages = [p for s in statement.sources for p in _passages_at(s, parts)]
            details = parts.shelf.details
            if not check_sentence(statement.text, passages, details, similarity).holds:
                yield statement.text


def _passages_at(source: Source, parts: Parts) -> Iterator[Passage]:
    """Yield the chunks of a place that hold what is quoted of it."""
    quotes = source.quote.split(QUOTES_JOINED_BY)
    for quote in quotes:
        found = parts.shelf.nearest(quote, 20, [source.report])
        for chunk in parts.shelf.chunks(found).values():
            at = (chunk.section, chunk.page, chunk.details.url)
            if at == (source.section, source.page, source.url) and quote in chunk.text:
                yield Passage(chunk, 1.0, found[chunk.id])
