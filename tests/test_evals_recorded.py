"""Recorded replies: found by their requests, replayed through the pipeline, and judged.

The replies here are made by hand, for these tests alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.composition import Assistant
from assistant.prompts import load_prompts
from assistant.settings import shipped
from evals.__main__ import main
from evals.cases import Case
from evals.recorded.asking import AskedCase, ask_case, recorded_cases, replaying
from evals.recorded.command import missing_lines, take
from evals.recorded.labels import Judged, judge, load_labels, written_sentences
from evals.recorded.replies import (
    STAND_IN,
    Recorded,
    RecordingError,
    Replay,
    key_of,
    load_replies,
    save_replies,
)
from evals.recorded.scores import passes, recorded_table, recorded_verdict

pytest_plugins = ("tests.shelf",)

QUESTION = "What does Level Measures recommend on devolution deals?"
CASE = Case(
    "level-deals", QUESTION, (), ("level-measures-2023",), (("neighbourhood services",),), (),
    "made for tests", True, ("recommendation",), False,
)  # fmt: skip
TURN = {"role": "user", "content": "Hello"}
GIVEN = Recorded(key_of([TURN]), "answer", "greeting", "Good day.")


def replay_of(*replies: Recorded) -> Replay:
    prompts = load_prompts(shipped("prompts"))
    return Replay({reply.key: reply for reply in replies}, prompts)


def asked_with(assistant: Assistant, replay: Replay, case: Case = CASE) -> AskedCase:
    with replaying(replay, assistant.parts) as parts:
        return ask_case(case, replay, parts)


def reply_to(one: AskedCase, text: str) -> Recorded:
    (request,) = one.missing
    return Recorded(request.key, request.stage, one.case.id, text)


def passage_of(one: AskedCase, wanted: str) -> tuple[int, str]:
    """Return the number and the sentence of a passage that holds some words."""
    for number, passage in enumerate(one.answer["passages"], start=1):
        for sentence in passage["text"].split(". "):
            if wanted in sentence and passage["report"] == "level-measures-2023":
                return number, " ".join(sentence.strip(" .\n-").split())
    raise AssertionError(f"No passage holds {wanted!r}.")


def test_a_key_hangs_on_roles_and_texts_alone() -> None:
    same = {"content": "Hello", "role": "user", "name": "x"}
    assert key_of([TURN]) == key_of([same])
    assert key_of([TURN]) != key_of([{**TURN, "role": "assistant"}])
    assert key_of([TURN]) != key_of([TURN, TURN])


def test_replies_are_saved_as_lines_and_loaded_again(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    other = Recorded("a", "distil", "greeting", "QUESTION: …")
    save_replies(file, [GIVEN, other])
    assert list(load_replies(file).values()) == [other, GIVEN]
    assert len(file.read_text("utf-8").splitlines()) == 2
    assert load_replies(tmp_path / "none.jsonl") == {}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("no json", "line 1"),
        ('{"key": "a"}', "missing"),
        ('{"key": "a", "stage": "sing", "case": "b", "reply": "c"}', "no stage"),
        ('{"key": "a", "stage": "read", "case": "b", "reply": " "}', "no reply"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    line: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(RecordingError, match=why):
        load_replies(file)


def test_take_adds_replies_and_changes_none(tmp_path: Path) -> None:
    new, into = tmp_path / "new.jsonl", tmp_path / "into.jsonl"
    save_replies(new, [GIVEN])
    assert "1 replies added, 1 in all" in take(new, into)
    assert "0 replies added" in take(new, into)
    save_replies(new, [replace(GIVEN, reply="Good night.")])
    with pytest.raises(RecordingError, match="another reply"):
        take(new, into)


def test_a_request_without_a_recording_is_missing_and_the_case_stale(
    assistant: Assistant,
) -> None:
    one = asked_with(assistant, replay_of())
    assert [request.stage for request in one.missing] == ["answer"]
    assert one.stale
    row = json.loads(next(missing_lines({"development": [one, one]})))
    assert row["key"] == key_of(row["messages"])
    assert QUESTION.rstrip("?") in row["messages"][-1]["content"]
    assert len(list(missing_lines({"development": [one, one]}))) == 1


def test_a_request_is_told_by_its_prompt(assistant: Assistant) -> None:
    case = replace(CASE, question=f"Hi. I chair scrutiny. {QUESTION} And who says so?")
    one = asked_with(assistant, replay_of(), case)
    assert [request.stage for request in one.requests] == ["distil", "answer"]
    # What is asked after a request without a reply hangs on that reply.
    assert [request.stage for request in one.missing] == ["distil"]
    replay = replay_of(reply_to(one, f"QUESTION: {QUESTION}\nREPORTS: -\nFORM: -"))
    later = asked_with(assistant, replay, case)
    assert [request.stage for request in later.missing] == ["answer"]


def test_recorded_replies_make_an_answer_that_is_scored_and_judged(
    assistant: Assistant, tmp_path: Path
) -> None:
    replay = replay_of()
    first = asked_with(assistant, replay)
    number, words = passage_of(first, "neighbourhood services")
    text = (
        f"Level Measures (Localis, 2023) says of deals that {words} [{number}]. "
        f"Level Measures (Localis, 2023) names 947 deals [{number}]."
    )
    written = reply_to(first, text)
    replay = replay_of(written)
    second = asked_with(assistant, replay)
    assert {request.stage for request in second.missing} == {"read"}
    read = reply_to(second, f"1 | carried | {' '.join(words.split()[:8])} | -")
    third = asked_with(assistant, replay_of(written, read))
    assert [request.stage for request in third.missing] == ["mend"]
    mended = reply_to(third, "1. DROP")
    whole = asked_with(assistant, replay_of(written, read, mended))
    assert not whole.stale
    assert passes(CASE, whole.answer)
    assert whole.answer["tokens"] > 1000

    found = written_sentences([whole])
    shown = {one.shown: key for key, one in found.items()}
    assert "947" in found[shown[False]].sentence
    assert "947" in found[shown[False]].reason
    labels = tmp_path / "labels.jsonl"
    rows = [
        {"key": shown[True], "readers": ["carried", "carried"]},
        {"key": shown[False], "readers": ["not carried", "unclear"]},
    ]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert judge(found, load_labels(labels)) == Judged(1, 0, 0, 0, 1, 0)
    assert judge(found, {shown[False]: True}).true_withheld == 1
    assert judge(found, {shown[True]: False}).false_shown == 1

    asked = {"development": [whole, first]}
    told = recorded_table(asked)
    assert "Stale, for a request has no recording: 1: level-deals (answer)" in told
    assert "development" in told
    assert "1.000" in told
    assert recorded_verdict("of tests", {"development": [whole]})[1]
    assert not recorded_verdict("of tests", {"development": [first]})[1]


def test_labels_are_the_words_of_two_readers(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text('{"key": "a", "readers": ["carried"]}', encoding="utf-8")
    with pytest.raises(RecordingError, match="two readers"):
        load_labels(file)


def test_a_live_model_is_asked_only_what_was_not_recorded() -> None:
    replay = replay_of(GIVEN)
    replay.live = lambda messages: f"Live: {messages[-1]['content']} "
    replay.begin("farewell")
    assert replay([TURN]) == "Good day."
    bye = [{"role": "user", "content": "Bye"}]
    assert replay(bye) == "Live: Bye"
    assert replay.replies[key_of(bye)].case == "farewell"
    replay.live = lambda messages: ""
    assert replay([{"role": "user", "content": "Again"}]) == STAND_IN


def test_only_development_cases_are_recorded(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text('{"capable": {"held out": ["a"]}}', encoding="utf-8")
    with pytest.raises(RecordingError, match="no development set"):
        recorded_cases("capable", file)
    assert sum(map(len, recorded_cases("capable").values())) >= 150


def test_the_command_says_what_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text("no json", encoding="utf-8")
    assert main(["recorded", "--take", str(file)]) == 2
    assert "replies.jsonl, line 1" in capsys.readouterr().err
