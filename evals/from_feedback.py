"""Turns what people said of answers into draft cases, for a maintainer to complete.

A draft is a case with one more field, ``draft``: what is still to be filled in, and what
was reported. The loader refuses it until that field is taken out. Nobody's name is in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from assistant.answering.understanding.naming import find_reports
from assistant.feedback.entry import REASONS, Feedback
from assistant.reading.quotes import split_quotes
from assistant.schema import ReportDetails
from evals.measuring.answers import Answer, cited_reports, is_refused, markers

Draft = dict[str, Any]

_FACTS = (
    "facts: what a right answer states, each fact a list of alternatives in lower case"
)
_REPORTS = "reports: the id of each report that a right answer cites"
_EVIDENCE = (
    "evidence: the sections that hold it; `python -m evals locate --write` proposes them "
    "once the case stands in development.jsonl"
)
_CHECK_EVIDENCE = "evidence: check that each section holds what was asked"
_STANDALONE = "standalone: check that it asks the same without the conversation"
_UNANSWERABLE = (
    "if the shelf cannot say it: answerable false; reports, facts, evidence empty"
)
_STILL = "check that the shelf still cannot say it"
_ALWAYS = (
    "note: where a person finds it, or `none:` and why the shelf cannot say",
    "tags: the kind of question goes first",
    "question and history: take out what is private",
    "then take out this field",
)
# Where the sources cited may be the fault, they are left for a person to name.
_SOURCES_DOUBTED = ("wrong_report", "out_of_date")
_SOURCES_KEPT = (None, "missing_point")
# Outcomes that say more than whether a question can be answered.
_TELLING = ("partial", "clarify")


def make_drafts(
    kept: Iterable[Feedback],
    catalogue: Sequence[ReportDetails],
    known: Collection[str] = (),
) -> list[Draft]:
    """Return a draft for each question, in the order in which they were first reported.

    Feedback on one question after the same conversation makes one draft: of what was
    said last, and of a fault rather than of praise.

    Args:
        kept: the feedback.
        catalogue: the details of the reports, which a correction may name.
        known: ids of cases there are; what became one makes no draft again.
    """
    groups: dict[str, list[Feedback]] = {}
    for feedback in sorted(kept, key=lambda one: (one.kept_at, one.id)):
        groups.setdefault(_case_id(feedback), []).append(feedback)
    return [
        _draft(id_, group, catalogue)
        for id_, group in groups.items()
        if id_ not in known
    ]


def write_lines(drafts: Iterable[Draft]) -> str:
    """Return drafts as a file of cases holds them, one a line."""
    return "".join(json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts)


def _case_id(feedback: Feedback) -> str:
    """Return an id that is the same for the same question, however it is spaced."""
    told = [turn.content for turn in feedback.history]
    asked = json.dumps([_folded(text) for text in (feedback.question, *told)])
    return f"feedback-{sha256(asked.encode()).hexdigest()[:10]}"


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip(" ?.!").casefold()


def _draft(
    id_: str, group: Sequence[Feedback], catalogue: Sequence[ReportDetails]
) -> Draft:
    wrong = [one for one in group if one.verdict == "wrong"]
    lead = (wrong or group)[-1]
    answerable = lead.verdict == "wrong" or not is_refused(lead.answer)
    reports = _reports(lead, catalogue)
    evidence = list(_evidence(lead)) if lead.reason in _SOURCES_KEPT else []
    draft: Draft = {
        "id": id_,
        "question": lead.question,
        "history": [asdict(turn) for turn in lead.history],
        "reports": reports if answerable else [],
        "facts": [],
        "evidence": evidence if answerable else [],
        "note": _note(lead),
        "answerable": answerable,
        "tags": _tags(lead),
        "held_out": False,
    }
    if lead.verdict == "right" and lead.answer["outcome"] in _TELLING:
        draft["outcome"] = lead.answer["outcome"]
    if lead.history:
        draft["standalone"] = lead.standalone_question
    answer: Answer = lead.answer
    draft["draft"] = {
        "to do": list(_to_do(draft, lead)),
        "answer": answer["text"],
        "cited": [_cited(citation) for citation in answer["citations"]],
        "reported": [_reported(one) for one in group],
    }
    return draft


def _reports(lead: Feedback, catalogue: Sequence[ReportDetails]) -> list[str]:
    cited = cited_reports(lead.answer)
    named = list(find_reports(lead.correction, catalogue).reports)
    if lead.reason in _SOURCES_DOUBTED:
        return named
    if lead.reason == "other":
        return named or cited
    return list(dict.fromkeys([*cited, *named]))


def _evidence(lead: Feedback) -> Iterator[dict[str, str]]:
    """Yield the places cited in the text, a quotation each."""
    answer: Answer = lead.answer
    shown = set(markers(answer["text"]))
    for citation in answer["citations"]:
        if citation["number"] in shown:
            for quote in split_quotes(citation["quote"]):
                place = {name: citation[name] for name in ("report", "section")}
                yield {**place, "quote": quote}


def _note(lead: Feedback) -> str:
    if lead.reason is None:
        return f"a user found the answer right on {lead.kept_at[:10]}"
    reason = REASONS[lead.reason]
    return f"reported on {lead.kept_at[:10]}: {reason[0].lower()}{reason[1:]}"


def _tags(lead: Feedback) -> list[str]:
    reason = (lead.reason or "found_right").replace("_", "-")
    return [*(["follow-up"] if lead.history else []), "feedback", reason]


def _to_do(draft: Draft, lead: Feedback) -> Iterator[str]:
    if draft["answerable"]:
        yield _FACTS
        if not draft["reports"]:
            yield _REPORTS
        yield _CHECK_EVIDENCE if draft["evidence"] else _EVIDENCE
        if lead.verdict == "wrong":
            yield _UNANSWERABLE
    else:
        yield _STILL
    if "standalone" in draft:
        yield _STANDALONE
    yield from _ALWAYS


def _cited(citation: Mapping[str, object]) -> str:
    page = f", page {citation['page']}" if citation["page"] else ""
    return f"{citation['report']} › {citation['section']}{page}"


def _reported(feedback: Feedback) -> dict[str, str]:
    """Return what somebody said, without who they are."""
    said = {
        "on": feedback.kept_at[:10],
        "verdict": feedback.verdict,
        "reason": feedback.reason,
        "sentence": feedback.sentence,
        "correction": feedback.correction,
        "comment": feedback.comment,
    }
    return {name: text for name, text in said.items() if text}
