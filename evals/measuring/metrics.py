"""What an answer is measured by: pure functions of a case and an answer.

Each returns a value from 0 to 1, or None where the measure says nothing of the case.
How an answer is read (what counts as cited, stated, refused) is in `evals.measuring.answers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from evals.cases import Case
from evals.measuring.answers import (
    Answer,
    cited_reports,
    folded,
    is_refused,
    markers,
    missing_facts,
)
from evals.measuring.retrieved import (
    is_place,
    ndcg_10,
    reciprocal_rank,
    section_hit_8,
    section_ndcg_10,
    section_recall_8,
)
from evals.measuring.support import evidence_support

Metric = Callable[[Case, Answer], float | None]


def right_report(case: Case, answer: Answer) -> float | None:
    """1 if the first report cited is one that must or may be cited.

    Over answerable cases; 0 where the question was refused or nothing is cited. Where
    several reports must be cited, whether all are is `report_recall`'s to say.
    """
    if not case.answerable:
        return None
    cited = cited_reports(answer)
    return float(bool(cited) and cited[0] in case.welcome)


def right_section(case: Case, answer: Answer) -> float | None:
    """1 if the first place cited is one that holds evidence: its section, or the quote.

    Over answerable cases whose evidence is known; 0 where refused or nothing is cited.
    """
    if not case.evidence:
        return None
    first = next(iter(markers(answer["text"])), None)
    cited = [c for c in answer["citations"] if c["number"] == first]
    if is_refused(answer) or not cited:
        return 0.0
    return float(any(is_place(cited[0], cited[0]["quote"], e) for e in case.evidence))


def report_precision(case: Case, answer: Answer) -> float | None:
    """Share of the distinct reports cited that must or may be cited.

    Over answerable cases that were not refused; 0 where nothing is cited. At the level
    of reports what citation precision is in ALCE (Gao et al., 2023).
    """
    if not case.answerable or is_refused(answer):
        return None
    cited = cited_reports(answer)
    right = sum(report in case.welcome for report in cited)
    return right / len(cited) if cited else 0.0


def report_recall(case: Case, answer: Answer) -> float | None:
    """Share of the reports that must be cited that are; 0 where refused.

    Over answerable cases. Compare citation recall in ALCE (Gao et al., 2023).
    """
    if not case.answerable:
        return None
    return len(set(cited_reports(answer)) & set(case.reports)) / len(case.reports)


def comparison_coverage(case: Case, answer: Answer) -> float | None:
    """`report_recall` of the cases that set reports side by side."""
    return report_recall(case, answer) if case.is_comparison else None


def facts_present(case: Case, answer: Answer) -> float | None:
    """Share of the facts that the text states; 0 where refused.

    Over answerable cases. The nugget recall of TREC's question answering (Voorhees,
    2003), with strings in place of an assessor.
    """
    if not case.answerable:
        return None
    if not case.facts:
        return None
    return 1 - len(missing_facts(case, answer)) / len(case.facts)


def all_facts(case: Case, answer: Answer) -> float | None:
    """1 if the text states every fact; over answerable cases."""
    share = facts_present(case, answer)
    return None if share is None else float(share == 1)


def citation_validity(case: Case, answer: Answer) -> float | None:
    """1 if each marker in the text has one citation and each citation a marker.

    Every number that a sentence claims must have a citation too. Over all answers that
    cite or should: a refusal or a failure without any citation says nothing.
    """
    numbers = [citation["number"] for citation in answer["citations"]]
    used = set(markers(answer["text"]))
    if not numbers and not used and answer["outcome"] not in ("answered", "partial"):
        return None
    claimed = {n for sentence in answer["sentences"] for n in sentence["citations"]}
    unique = len(numbers) == len(set(numbers))
    return float(bool(used) and unique and used == set(numbers) and claimed <= used)


def citation_coverage(case: Case, answer: Answer) -> float | None:
    """Share of the sentences that the text shows with their own citations behind them.

    Over answered questions; 0 for an answer without sentences. The assistant's own
    words about the shelf (who is silent) are no sentences of the answer.
    """
    if answer["outcome"] not in ("answered", "partial"):
        return None
    sentences = answer["sentences"]
    covered = sum(_shows_with_citations(answer["text"], s) for s in sentences)
    return covered / len(sentences) if sentences else 0.0


def _shows_with_citations(text: str, sentence: Answer) -> bool:
    shown = re.finditer(re.escape(sentence["text"]) + r"((?:\s*\[\d+\])+)", text)
    wanted = set(sentence["citations"])
    return any(set(markers(match[1])) == wanted for match in shown)


def quote_found(case: Case, answer: Answer) -> float | None:
    """Share of the citations whose quotes stand in a retrieved passage of that report.

    Over answers with citations: it finds a quote laid at another report's door.
    Several quotes of one passage are joined by an ellipsis.
    """
    if not answer["citations"]:
        return None
    passages = [(p["report"], folded(p["text"])) for p in answer["passages"]]
    found = [
        any(
            citation["report"] == report
            and all(folded(q) in text for q in citation["quote"].split(" … "))
            for report, text in passages
        )
        for citation in answer["citations"]
    ]
    return sum(found) / len(found)


def true_refusal(case: Case, answer: Answer) -> float | None:
    """1 if an unanswerable question was refused."""
    return None if case.answerable else float(is_refused(answer))


def false_refusal(case: Case, answer: Answer) -> float | None:
    """1 if an answerable question was refused: lower is better."""
    return float(is_refused(answer)) if case.answerable else None


def answered_plainly(case: Case, answer: Answer) -> float | None:
    """1 if an unanswerable question was answered as if it could be: lower is better.

    Neither refused nor said to be answered in part or doubtfully.
    """
    return None if case.answerable else float(answer["outcome"] == "answered")


def answered_in_part(case: Case, answer: Answer) -> float | None:
    """1 if an answer is said to be a part or doubtful: lower is better.

    Over answerable cases, but those of which the shelf lacks a part.
    """
    if not case.answerable or case.outcome == "partial":
        return None
    return float(answer["outcome"] == "partial")


def outcome_right(case: Case, answer: Answer) -> float | None:
    """1 if the outcome is the one expected, over the cases that name one.

    A question back (``clarify``) counts as a refusal elsewhere; here it must be due.
    """
    return None if case.outcome is None else float(answer["outcome"] == case.outcome)


# In the order in which they are shown. What two answers are measured by is in
# `evals.measuring.contrasts`, what an answer costs in `evals.measuring.scoring`.
METRICS: dict[str, Metric] = {
    metric.__name__: metric
    for metric in (
        right_report,
        right_section,
        report_precision,
        report_recall,
        comparison_coverage,
        facts_present,
        all_facts,
        citation_validity,
        citation_coverage,
        quote_found,
        evidence_support,
        true_refusal,
        false_refusal,
        answered_plainly,
        answered_in_part,
        outcome_right,
        section_hit_8,
        section_recall_8,
        section_ndcg_10,
        reciprocal_rank,
        ndcg_10,
    )
}
