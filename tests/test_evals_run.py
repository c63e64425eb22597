"""A run from the first question to the scorecard, with a fake for the assistant."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.pipeline import Question
from assistant.errors import QuestionError
from assistant.schema import Answer, Turn
from evals.__main__ import main
from evals.cases import Case, load_cases
from evals.measuring.contrasts import MEASURES
from evals.measuring.metrics import METRICS
from evals.measuring.scoring import ResultError, score, score_folder
from evals.run import asking, write_run
from tests.test_evals_metrics import make_case, perfect_answer

FACTS = {"embedding_model": "words", "settings": {}, "corpus": {}}


def refuse_all(case: Case) -> Any:
    return {**perfect_answer(replace(case, answerable=False)), "seconds": 0.3}


def run_of(folder: Path, ask: Any = perfect_answer, held_out: bool = False) -> Path:
    return write_run(ask, load_cases(held_out=held_out), folder, FACTS)


def decline(question: Question) -> Answer:
    if not question.text:
        raise QuestionError("The question is empty. Type one.")
    return Answer(question.text, question.text, "declined", "No.", id=question.id)


def test_asking_puts_question_and_history() -> None:
    seen: list[Question] = []

    def answer_and_note(question: Question) -> Answer:
        seen.append(question)
        return decline(question)

    turns = (Turn("user", "Hi"), Turn("assistant", "Hello."))
    case = replace(make_case("level-2023"), history=turns)
    answer = asking(answer_and_note)(case)
    assert seen == [Question(case.question, turns, id=case.id)]
    assert answer["id"] == case.id
    assert answer["outcome"] == "declined"


def test_asking_turns_an_error_of_the_assistant_into_its_outcome() -> None:
    case = replace(make_case("level-2023"), question="")
    answer = asking(decline)(case)
    assert answer["outcome"] == "error"
    assert answer["text"] == "The question is empty. Type one."
    assert METRICS["false_refusal"](case, answer) == 0


def test_asking_lets_a_fault_of_the_program_through() -> None:
    def fail(question: Question) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asking(fail)(make_case("level-2023"))


def test_runs_of_two_sets_may_begin_at_once(tmp_path: Path) -> None:
    one, other = (
        write_run(perfect_answer, [], tmp_path, {**FACTS, "set": name})
        for name in ("fresh development", "papers development")
    )
    assert one.name.endswith("-fresh-development")
    assert other.name.endswith("-papers-development")


def test_write_run_keeps_answers_and_what_they_depend_on(tmp_path: Path) -> None:
    seen = []
    cases = load_cases(held_out=False)[:3]
    folder = write_run(
        perfect_answer, cases, tmp_path, FACTS, lambda done, total: seen.append(done)
    )
    lines = (folder / "answers.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [case.id for case in cases]
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    assert settings["models"] == ["quoting"]
    assert settings["held_out"] is False
    assert settings["commit"][:7] in folder.name
    assert seen == [0, 1, 2, 3]


def test_score_folder_writes_scores_and_summary(tmp_path: Path) -> None:
    folder = run_of(tmp_path)
    results = score_folder(folder)
    assert set(results.scores) == {case.id for case in results.cases}
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["overall"]["right_report"]["mean"] == 1
    assert summary["overall"]["true_refusal"]["unscored"] == sum(
        case.answerable for case in results.cases
    )
    assert summary["by_tag"]["off-topic"]["true_refusal"]["mean"] == 1
    assert summary["seconds"]["median"] == pytest.approx(0.1)
    rows = (folder / "scores.jsonl").read_text("utf-8").splitlines()
    assert json.loads(rows[0]).keys() == {"id", *MEASURES}


def test_score_refuses_answers_that_do_not_fit_the_cases() -> None:
    one, other = make_case("level-2023"), make_case("heart-2024")
    with pytest.raises(ResultError, match=f"no answer to the case {other.id}"):
        score([one, other], [perfect_answer(one)])
    with pytest.raises(ResultError, match=f"no case to the answer {other.id}"):
        score([one], [perfect_answer(one), perfect_answer(other)])


def test_score_command_needs_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(tmp_path)]) == 2
    assert "settings.json cannot be read" in capsys.readouterr().err


def test_score_command_prints_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(run_of(tmp_path))]) == 0
    shown = capsys.readouterr().out
    assert "right_report" in shown
    assert "injection" in shown


def test_report_command_adds_to_the_summary_of_a_job(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["report", str(run_of(tmp_path))]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("## Development cases: ")
    assert "| right_report " in shown
    assert summary.read_text("utf-8") == "Before\n" + shown


def test_compare_command_names_each_case_that_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def worse(case: Case) -> Any:
        return (refuse_all if case.id == "dev-fact-001" else perfect_answer)(case)

    before, after = run_of(tmp_path / "a"), run_of(tmp_path / "b", worse)
    assert main(["compare", str(before), str(after)]) == 0
    shown = capsys.readouterr().out
    assert "right_report 1.000 → 0.000" in shown
    assert "dev-fact-001: how many key findings" in shown
    assert shown.count("dev-") == 1


def test_nothing_printed_of_held_out_cases_is_a_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = str(run_of(tmp_path / "a", held_out=True))
    after = str(run_of(tmp_path / "b", refuse_all, held_out=True))
    for words in (["score", after], ["report", after], ["compare", before, after]):
        assert main(words) == 0
    assert main(["gate", "--verbose", after]) == 1
    shown = capsys.readouterr().out
    assert not [c.id for c in load_cases(held_out=True) if c.question in shown]


def test_gate_command_names_a_fault_planted_in_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run_of(tmp_path)
    main(["gate", str(folder)])
    assert "right_report: " not in capsys.readouterr().out
    rows = [
        json.loads(line)
        for line in (folder / "answers.jsonl").read_text("utf-8").splitlines()
    ]
    planted = [row for row in rows if row["citations"]][::5]
    for row in planted:
        for citation in row["citations"]:
            citation["report"] = "another-2024"
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "answers.jsonl").write_text(text, encoding="utf-8")
    assert main(["gate", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert f"right_report: {len(planted)} cases fall short" in shown
    assert all(f"  {row['id']}: " in shown for row in planted)
    assert "cited another-2024" in shown


def test_compare_refuses_runs_of_different_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [str(run_of(tmp_path / str(kept), held_out=kept)) for kept in (True, False)]
    assert main(["compare", *runs]) == 2
    assert "different cases" in capsys.readouterr().err
