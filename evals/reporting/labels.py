"""What each measure is called where people read it."""

from __future__ import annotations

from evals.measuring.contrasts import LOWER_IS_BETTER

LABELS = {
    "right_report": "First report cited is a right one",
    "right_section": "First section cited is a right one",
    "report_precision": "Cited reports that are right",
    "report_recall": "Needed reports that are cited",
    "comparison_coverage": "Comparisons: needed reports cited",
    "facts_present": "Needed facts in the answer",
    "all_facts": "Answers with every needed fact",
    "citation_validity": "Markers and citations fit",
    "citation_coverage": "Sentences with their citation",
    "quote_found": "Quotes that stand in a passage",
    "evidence_support": "Words that stand in the cited passages",
    "true_refusal": "Unanswerable questions refused",
    "false_refusal": "Answerable questions refused",
    "answered_plainly": "Unanswerable questions answered without a word of doubt",
    "answered_in_part": "Answerable questions answered in part or with doubt",
    "outcome_right": "Outcomes that are due",
    "section_hit_8": "Right section in the first 8 passages",
    "section_recall_8": "Share of the right sections in the first 8",
    "section_ndcg_10": "nDCG@10 of the right sections",
    "reciprocal_rank": "1 / rank of the right report",
    "ndcg_10": "nDCG@10 of the right reports",
    "follow_up_loss": "Quality lost by asking in a conversation",
    "neutrality_difference": "Facts that differ, asked for and against",
}
# What is published besides, measured over more than one case's answer.
PUBLISHED = {
    "silence_true": "Claims that a report is silent: true",
    "unchanged": "Same outcome and report, whatever surrounds it",
}


def label(measure: str) -> str:
    """Return the plain name of a measure, with an arrow where less is better."""
    return (LABELS | PUBLISHED)[measure] + (" ↓" if measure in LOWER_IS_BETTER else "")
