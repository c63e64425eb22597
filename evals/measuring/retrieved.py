"""What was retrieved, against the reports and sections that a case asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.cases import Case, Evidence
from evals.measuring import ranking
from evals.measuring.answers import Answer, ends_with

_DEPTH = 10
_HIT_DEPTH = 8


def reciprocal_rank(case: Case, answer: Answer) -> float | None:
    """1 / rank of the first passage of a report that must be cited, 0 if there is none.

    Over answerable cases. Its mean is MRR (Voorhees, 1999).
    """
    if not case.answerable:
        return None
    return ranking.reciprocal_rank(_reports(answer), case.reports)


def ndcg_10(case: Case, answer: Answer) -> float | None:
    """NDCG of the first ten passages (Järvelin and Kekäläinen, 2002).

    Over answerable cases. Gain 1 for the first passage of each report that must be
    cited, 0 for every other: many passages of one report earn nothing.
    """
    if not case.answerable:
        return None
    gains = dict.fromkeys(case.reports, 1.0)
    found = _once(_reports(answer))
    return ranking.ndcg(found, gains, _DEPTH)


def section_hit_8(case: Case, answer: Answer) -> float | None:
    """Share of the reports that hold evidence, a section of it in the first 8 passages.

    Over answerable cases whose evidence is known; with one report 0 or 1, the success
    at 8 of TREC. A passage hits by its section or by holding the quote, so that the
    measure outlives a new chunking. A case's sections of one report are alternatives.
    """
    if not case.evidence:
        return None
    first = answer["passages"][:_HIT_DEPTH]
    reports = {place.report for place in case.evidence}
    hit = {e.report for e in case.evidence if any(_holds(p, e) for p in first)}
    return len(hit) / len(reports)


def section_recall_8(case: Case, answer: Answer) -> float | None:
    """Share of the sections that hold evidence that are among the first 8 passages."""
    if not case.evidence:
        return None
    wanted = _wanted(case)
    return ranking.recall(_sections(case, answer), wanted, _HIT_DEPTH)


def section_ndcg_10(case: Case, answer: Answer) -> float | None:
    """NDCG of the first ten passages, gain 1 for the first of each evidence section."""
    if not case.evidence:
        return None
    return ranking.ndcg(_sections(case, answer), _wanted(case), _DEPTH)


def is_place(found: Mapping[str, str], text: str, place: Evidence) -> bool:
    """Tell whether a passage or citation, of which this is the text, is of a place."""
    return bool(
        found["report"] == place.report
        and (ends_with(found["section"], place.section) or place.quote in text)
    )


def _holds(passage: Mapping[str, str], place: Evidence) -> bool:
    return is_place(passage, passage["text"], place)


def _wanted(case: Case) -> dict[str, float]:
    return {f"evidence {number}": 1.0 for number in range(len(case.evidence))}


def _sections(case: Case, answer: Answer) -> list[str]:
    """Name each passage by the evidence it holds; each evidence counts where first found."""
    open_ = dict(enumerate(case.evidence))
    names = []
    for rank, passage in enumerate(answer["passages"]):
        hit = next((n for n, place in open_.items() if _holds(passage, place)), None)
        names.append(f"passage {rank}" if hit is None else f"evidence {hit}")
        open_.pop(hit, None) if hit is not None else None
    return names


def _reports(answer: Answer) -> list[str]:
    return [passage["report"] for passage in answer["passages"]]


def _once(reports: Sequence[str]) -> list[str]:
    """Keep the place of every passage, and only the first of each report relevant."""
    seen: set[str] = set()
    named = []
    for rank, report in enumerate(reports):
        named.append(f"{report} again at {rank}" if report in seen else report)
        seen.add(report)
    return named
