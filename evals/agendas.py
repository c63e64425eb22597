"""Agendas: whether a pack briefs each item, from the right reports, and nothing else.

Every label can be checked against the corpus: a report that speaks is given with a
quotation that stands in it, one that is silent with words that stand nowhere in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.answering.checking.evidence import check_sentence, similarity_with
from assistant.answering.pipeline import Parts
from assistant.briefing.agenda.agenda import parse_agenda
from assistant.briefing.export.layout import words_of_front
from assistant.briefing.making import make_pack, prepare
from assistant.briefing.pack import Item, Pack, Source, Statement
from assistant.composition import open_assistant
from assistant.schema import QUOTES_JOINED_BY, Passage
from assistant.settings import Settings
from evals.cases import CASES, CaseError
from evals.measuring.answers import folded
from evals.reporting.report import number, table

AGENDAS = CASES / "agendas"
THRESHOLDS = Path(__file__).parent / "agenda_thresholds.json"
# Less is better; the others are shares.
AT_MOST = ("unsupported", "words_of_front")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a good pack holds of one item.

    ``speaks`` gives a quotation for each report that must appear; ``silent`` are the
    reports in which none of the words in ``absent`` stand; ``facts`` are lists of
    alternatives in lower case.
    """

    number: str
    briefed: bool
    speaks: Mapping[str, str]
    silent: tuple[str, ...]
    absent: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class AgendaCase:
    """An agenda as it might be pasted, with what is expected of its pack."""

    id: str
    agenda: str
    note: str
    items: tuple[Expected, ...]


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
    unsupported: int
    words_of_front: int
    faults: tuple[str, ...] = ()


METRICS = tuple(f.name for f in fields(AgendaScores) if f.name != "faults")


def load_agendas(folder: Path = AGENDAS) -> list[AgendaCase]:
    """Read the cases.

    Raises:
        CaseError: a file is not well formed.
    """
    cases = []
    for file in sorted(folder.glob("*.json")):
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            items = tuple(_expected(item) for item in data["items"])
            agenda, note = "\n".join(data["agenda"]), data["note"]
        except (ValueError, KeyError, TypeError) as error:
            raise CaseError(
                f"{file.name}: not a case of an agenda: {error}."
            ) from error
        cases.append(AgendaCase(file.stem, agenda, note, items))
    if not cases:
        raise CaseError(f"{folder} holds no agendas.")
    return cases


def _expected(item: Mapping[str, Any]) -> Expected:
    return Expected(
        number=item["number"],
        briefed=item["briefed"],
        speaks=dict(item["speaks"]),
        silent=tuple(item["silent"]),
        absent=tuple(item["absent"]),
        facts=tuple(tuple(fact) for fact in item["facts"]),
    )


def score_pack(case: AgendaCase, pack: Pack, parts: Parts) -> AgendaScores:
    """Hold a full pack against what is expected of it."""
    made = {item.number: item for item in pack.items}
    faults: list[str] = []
    covered: list[bool] = []
    right: list[bool] = []
    facts: list[bool] = []
    cells: list[bool] = []
    for expected in case.items:
        item = made.get(expected.number)
        holds = item is not None and _is_covered(expected, item)
        told = f"{expected.number}: not briefed as it should be"
        covered.append(_fault(holds, faults, told))
        if item is None:
            continue
        cited = {s.report for statement in item.statements() for s in statement.sources}
        said = folded(" ".join(statement.text for statement in item.statements()))
        right += [
            _fault(r in cited, faults, f"{expected.number}: {r} does not appear")
            for r in expected.speaks
        ]
        facts += [
            _fault(
                any(folded(text) in said for text in fact),
                faults,
                f"{expected.number}: missing {fact[0]}",
            )
            for fact in expected.facts
        ]
        cells += list(_cells(expected, item, faults))
    unsupported = list(unsupported_sentences(pack, parts))
    return AgendaScores(
        item_coverage=_share(covered),
        right_reports=_share(right),
        facts_present=_share(facts),
        table_correct=_share(cells),
        unsupported=len(unsupported),
        words_of_front=words_of_front(pack),
        faults=(*faults, *(f"no evidence: {text}" for text in unsupported)),
    )


def _fault(holds: bool, faults: list[str], told: str) -> bool:
    if not holds:
        faults.append(told)
    return holds


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _is_covered(expected: Expected, item: Item) -> bool:
    """An item on the shelf has a line; one that is not says so; procedure has none."""
    if not expected.briefed:
        return item.state == "not needed"
    if expected.speaks:
        return item.state == "done" and bool(item.line)
    return item.state == "done" and not item.line and bool(item.lacks)


def _cells(expected: Expected, item: Item, faults: list[str]) -> Iterator[bool]:
    """Yield for each labelled report whether its row of the table is right."""
    rows = {position.report: position for position in item.positions}
    for report in expected.speaks:
        holds = report in rows and not rows[report].is_silent
        yield _fault(holds, faults, f"{expected.number}: {report} is not heard")
    for report in expected.silent:
        holds = report in rows and rows[report].is_silent
        yield _fault(holds, faults, f"{expected.number}: {report} is not silent")


def unsupported_sentences(pack: Pack, parts: Parts) -> Iterator[str]:
    """Yield the sentences of a pack that the passages at their places do not carry.

    It looks the places up in the index again, so that neither the pack's own quotations
    nor its numbers are taken on trust.
    """
    similarity = similarity_with(parts.shelf.embedder)
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


def brief_agendas(cases: Iterable[AgendaCase], parts: Parts) -> dict[str, AgendaScores]:
    """Make the full pack of each agenda and score it."""
    scores = {}
    for case in cases:
        agenda = prepare(parse_agenda(case.agenda), parts)
        scores[case.id] = score_pack(
            case, make_pack(agenda, parts, length="full"), parts
        )
    return scores


def mean(metric: str, scores: Mapping[str, AgendaScores]) -> float | None:
    """Return the mean of a metric over the packs that have it."""
    values = [v for s in scores.values() if (v := getattr(s, metric)) is not None]
    return sum(values) / len(values) if values else None


def load_agenda_thresholds(file: Path = THRESHOLDS) -> dict[str, float]:
    """Return the floor, or the ceiling, of each gated metric.

    Raises:
        CaseError: it names a metric that there is not.
    """
    bounds = json.loads(file.read_text(encoding="utf-8"))
    if unknown := sorted(set(bounds) - set(METRICS)):
        raise CaseError(f"{file.name}: there is no metric {unknown[0]}.")
    return {name: float(bound) for name, bound in bounds.items()}


def keeps(metric: str, value: float | None, bound: float) -> bool:
    """Tell whether a mean keeps its bound; what could not be measured does not."""
    if value is None:
        return False
    return value <= bound if metric in AT_MOST else value >= bound


def _shown(metric: str, value: float | None) -> str:
    return f"{value:g}" if metric in AT_MOST and value is not None else number(value)


def agendas_verdict(
    scores: Mapping[str, AgendaScores], bounds: Mapping[str, float]
) -> tuple[str, bool]:
    """Return the tables of the packs, and whether every metric keeps its bound."""
    rows = [
        (id_, *(_shown(metric, getattr(one, metric)) for metric in METRICS))
        for id_, one in scores.items()
    ]
    parts = [table(("agenda", *METRICS), rows)]
    faults = [f"{i}: {f}" for i, one in scores.items() for f in one.faults]
    parts += ["\n".join(faults)] if faults else []
    checks = [
        (
            metric,
            f"{'≤' if metric in AT_MOST else '≥'} {_shown(metric, bound)}",
            _shown(metric, mean(metric, scores)),
            "pass" if keeps(metric, mean(metric, scores), bound) else "FAIL",
        )
        for metric, bound in bounds.items()
    ]
    parts.append(table(("metric", "threshold", "mean", ""), checks))
    return "\n\n".join(parts), all(row[-1] == "pass" for row in checks)


def agendas_gate(settings: Settings) -> tuple[str, bool]:
    """Open the shelf, make the packs, and return their tables and the verdict."""
    with closing(open_assistant(settings)) as assistant:
        scores = brief_agendas(load_agendas(), assistant.parts)
    return agendas_verdict(scores, load_agenda_thresholds())
