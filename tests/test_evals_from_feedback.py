"""What people said of answers becomes draft cases, and completed drafts are asked."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.composition import open_assistant
from assistant.feedback.store import open_store
from assistant.serving.limits import feedback_an_hour
from assistant.settings import load_settings, shipped
from assistant.web.ask.conversation import Exchange
from assistant.web.ask.feedback_form import FeedbackEvents, Form
from assistant.web.ask.rating import rated_of
from assistant.web.gradio_import import gr
from evals.__main__ import main
from evals.cases import CaseError, read_cases
from evals.from_feedback import make_drafts, write_lines
from tests.browser.fakes import ANSWERED, CLARIFY, NEW, NO_EVIDENCE, OLD
from tests.test_feedback import RIGHT, WRONG

SHELF = (OLD, NEW)
REFUSED = NO_EVIDENCE.as_json()


def complete(draft: dict[str, Any], **filled: Any) -> dict[str, Any]:
    """Do what a draft asks for, as a maintainer does."""
    return {name: v for name, v in draft.items() if name != "draft"} | filled


def test_right_makes_a_case_of_what_was_cited() -> None:
    [draft] = make_drafts([RIGHT], SHELF)
    assert draft["reports"] == ["old-2013", "new-2026"]
    assert [place["quote"] for place in draft["evidence"]] == [
        "Localis recommends local hubs.",
        "31ten finds that seven in ten councils share data.",
        "Funding is the obstacle.",
    ]
    assert draft["tags"] == ["follow-up", "feedback", "found-right"]
    assert draft["standalone"] == "What of hubs?"


def test_a_wrong_report_is_left_out_and_taken_from_the_correction() -> None:
    [draft] = make_drafts([WRONG], SHELF)
    assert draft["reports"] == ["new-2026"]
    assert draft["evidence"] == []
    [draft] = make_drafts([replace(WRONG, correction="No idea.")], SHELF)
    assert draft["reports"] == []
    assert any(line.startswith("reports:") for line in draft["draft"]["to do"])


@pytest.mark.parametrize(
    ("reason", "reports", "places"),
    [
        ("wrong_page", ["old-2013", "new-2026"], 0),
        ("missing_point", ["old-2013", "new-2026"], 3),
        ("not_supported", ["old-2013", "new-2026"], 0),
        ("out_of_date", ["new-2026"], 0),
        ("other", ["new-2026"], 0),
    ],
)
def test_each_reason_keeps_what_it_does_not_doubt(
    reason: Any, reports: list[str], places: int
) -> None:
    [draft] = make_drafts([replace(WRONG, reason=reason)], SHELF)
    assert (draft["reports"], len(draft["evidence"])) == (reports, places)


def test_a_refusal_found_right_is_a_case_that_must_be_refused() -> None:
    [draft] = make_drafts([replace(RIGHT, answer=REFUSED)], SHELF)
    assert not draft["answerable"]
    assert draft["reports"] == draft["evidence"] == []


def test_asking_back_found_right_is_the_outcome_that_is_due(tmp_path: Path) -> None:
    [draft] = make_drafts([replace(RIGHT, answer=CLARIFY.as_json())], SHELF)
    file = tmp_path / "case.jsonl"
    file.write_text(json.dumps(complete(draft)), "utf-8")
    assert read_cases(file)[0].outcome == "clarify"
    assert "outcome" not in make_drafts([RIGHT], SHELF)[0]


def test_a_refusal_found_wrong_is_a_case_that_must_be_answered() -> None:
    wrong = replace(WRONG, answer=REFUSED, reason="missing_point")
    [draft] = make_drafts([wrong], SHELF)
    assert draft["answerable"]
    assert draft["reports"] == ["new-2026"]


def test_one_question_makes_one_draft_of_its_last_fault() -> None:
    kept = [
        replace(RIGHT, id="c", kept_at="2026-12-01T00:00:00+00:00", question="HUBS "),
        WRONG,
        replace(WRONG, id="d", reason="other", kept_at="2026-11-30T00:00:00+00:00"),
        replace(RIGHT, id="e", history=()),
    ]
    first, second = make_drafts(kept, SHELF)
    assert first["history"] == []
    assert second["tags"][-1] == "other"
    verdicts = [one["verdict"] for one in second["draft"]["reported"]]
    assert verdicts == ["wrong", "wrong", "right"]
    assert make_drafts(kept[::-1], SHELF) == [first, second]
    assert make_drafts(kept, SHELF, known={second["id"]}) == [first]


def test_nobody_is_named() -> None:
    kept = [replace(RIGHT, person="Ann Other"), replace(WRONG, person="Ann Other")]
    assert "Ann Other" not in write_lines(make_drafts(kept, SHELF))


def test_a_draft_is_no_case_until_it_is_completed(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    [draft] = make_drafts([RIGHT], SHELF)
    file.write_text(write_lines([draft]), "utf-8")
    with pytest.raises(CaseError, match="a draft"):
        read_cases(file)
    file.write_text(json.dumps(complete(draft)), "utf-8")
    with pytest.raises(CaseError, match="facts"):
        read_cases(file)
    file.write_text(json.dumps(complete(draft, facts=[["local hubs"]])), "utf-8")
    assert read_cases(file, {"old-2013", "new-2026"})[0].question == "hubs?"


def test_a_file_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text("mine")
    assert main(["from-feedback", "--out", str(file)]) == 2
    assert "Name a new file" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_feedback_of_another_database_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    store = open_store(load_settings(feedback_database=other))
    assert store is not None
    store.keep(replace(RIGHT, answer=json.loads(json.dumps(ANSWERED.as_json()))))
    assert main(["from-feedback", "--database", other]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "hubs?"


REPORT = """---
report: weirs-2021
document: report
title: On Weirs
publisher: Quill House
published: "2021-05"
published_precision: month
document_type: report
url: https://example.org/weirs
rights: None.
---
# On Weirs
## Recommendations
### Inspection
<!-- asked as: what does it recommend on weirs? | who inspects the weirs -->
Quill House recommends that councils inspect every weir before the winter floods.
### Mills
Quill House finds that forty mills were closed between 2010 and 2020.
"""
ASKED = "What does Quill House recommend on weirs?"


@pytest.fixture
def weirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf of one small report: the whole corpus takes long to index."""
    corpus = tmp_path / "corpus"
    (corpus / "reports").mkdir(parents=True)
    (corpus / "reports" / "weirs-2021.md").write_text(REPORT, "utf-8")
    shutil.copy(shipped("corpus") / "glossary.yaml", corpus / "glossary.yaml")
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(corpus))


def test_from_an_answer_to_a_case_that_is_asked(
    weirs: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings()
    with closing(open_assistant(settings)) as assistant:
        answer = assistant.answer(ASKED)
    assert answer.outcome == "answered"
    store = open_store(settings)
    assert store is not None
    about = rated_of((Exchange(1, ASKED, answer.standalone_question, answer),))
    names: Any = Form._fields
    FeedbackEvents(store, Form(*names), feedback_an_hour(3)).right(about, gr.Request())

    drafts = tmp_path / "drafts.jsonl"
    assert main(["from-feedback", "--out", str(drafts)]) == 0
    [draft] = [json.loads(line) for line in drafts.read_text("utf-8").splitlines()]
    assert draft["reports"] == ["weirs-2021"]
    assert draft["evidence"][0]["section"].endswith("Inspection")

    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "held_out.jsonl").touch()
    done = complete(draft, facts=[["every weir"], ["floods"]], tags=["recommendation"])
    (cases / "development.jsonl").write_text(json.dumps(done) + "\n", "utf-8")
    out = tmp_path / "results"
    assert main(["run", "--cases", str(cases), "--out", str(out)]) == 0
    [folder] = out.iterdir()
    text = (folder / "scores.jsonl").read_text("utf-8")
    [scores] = [json.loads(line) for line in text.splitlines()]
    assert scores["id"] == draft["id"]
    assert scores["facts_present"] == scores["right_report"] == 1
    assert "recommendation" in capsys.readouterr().out
