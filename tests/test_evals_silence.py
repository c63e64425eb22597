"""Claims that a report is silent, and the pairs of which it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.quoting.comparing import say_silent
from assistant.reading.catalogue import read_corpus
from assistant.schema import ReportDetails
from evals.cases import CaseError
from evals.measuring.silence import (
    Claim,
    claims_on_cases,
    claims_on_silence,
    load_silence,
    said_silent,
)
from evals.shelves import CORPUS
from tests.test_evals_metrics import make_answer, make_case

DOCUMENTS = read_corpus(CORPUS)
SHIPPED = [document.details for document in DOCUMENTS]


def texts_of(report: str) -> str:
    return " ".join(
        f"{section.heading} {section.text}"
        for document in DOCUMENTS
        if document.details.report == report
        for section in document.sections
    )


class Named:
    """A shelf that knows its reports alone."""

    details: Sequence[ReportDetails] = SHIPPED


def answer_of(text: str, *reports: str, outcome: str = "answered") -> Any:
    """An answer that quotes these reports and says this of others."""
    answer = make_answer(*reports, outcome=outcome)
    return {**answer, "text": f"{answer['text']}\n\n{text}"}


def test_there_are_enough_pairs_of_both_kinds() -> None:
    cases = load_silence()
    assert len(cases) >= 40
    assert sum(case.silent for case in cases) >= 20
    assert sum(not case.silent for case in cases) >= 15
    assert len({case.id for case in cases}) == len(cases)


def test_no_absent_word_stands_in_a_silent_report_and_every_quote_does() -> None:
    astray = [
        case.id
        for case in load_silence()
        if any(f" {word}" in texts_of(case.report).lower() for word in case.absent)
        or case.quote not in texts_of(case.report)
    ]
    assert not astray


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        (say_silent(["whats-next-2024"], Named()), {"whats-next-2024"}),  # type: ignore[arg-type]
        (
            say_silent(["whats-next-2024", "level-measures-2023"], Named()),  # type: ignore[arg-type]
            {"whats-next-2024", "level-measures-2023"},
        ),
        (
            "Changing Places does not speak of this in the text on the shelf; Level "
            "Measures does:",
            {"changing-places-2013"},
        ),
        (
            "Nothing on this was found in What's Next For Local Government; Level "
            "Measures speaks of it:",
            {"whats-next-2024"},
        ),
        (
            "On “pilots in Level Measures” the reports on the shelf do not say.",
            {"level-measures-2023"},
        ),
        ("I found no answer to this in the reports on the shelf.", set()),
        ("Level Measures is a report of 2023, not of 2024.", set()),
    ],
)
def test_said_silent_reads_what_the_assistant_says(text: str, silent: set[str]) -> None:
    assert said_silent(answer_of(text, "heart-2024"), SHIPPED) == silent


def test_what_a_report_says_of_another_is_no_claim() -> None:
    quoted = "Level Measures does not say so."
    answer = make_answer("whats-next-2024", text=quoted)
    assert said_silent(answer, SHIPPED) == set()


def test_a_claim_on_a_report_that_speaks_is_false() -> None:
    text = "Nothing on this found in: Level Measures (Localis, 2023)."
    case = make_case("level-measures-2023")
    refusal = make_case()
    other = replace(make_case("whats-next-2024"), id="other")
    cases = [case, refusal, other]
    answers = {one.id: answer_of(text, "heart-2024") for one in cases}
    assert list(claims_on_cases(cases, answers, SHIPPED)) == [
        Claim(case.id, "level-measures-2023", False),
        Claim(refusal.id, "level-measures-2023", True),
    ]


def test_the_known_pairs_judge_the_claims_on_them() -> None:
    cases = load_silence()[:2]
    text = "Nothing on this found in: Changing Places (Localis, 2013)."
    answers = {case.question: answer_of(text) for case in cases}
    claims = list(claims_on_silence(cases, answers, SHIPPED))
    assert claims == [Claim("sil-001", "changing-places-2013", True)]


def test_a_pair_needs_what_shows_its_label(tmp_path: Path) -> None:
    file = tmp_path / "silence.jsonl"
    for line in (
        '{"id": "a", "question": "Q?", "report": "r", "silent": true}',
        '{"id": "a", "question": "Q?", "report": "r", "silent": false, "absent": ["x"]}',
        '{"id": "a"}',
        "[]",
    ):
        file.write_text(line + "\n", "utf-8")
        with pytest.raises(CaseError, match=r"silence\.jsonl:1"):
            load_silence(file)
