"""A question from outside, checked field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.request import (
    Request,
    likely_slips,
    parse_line,
    parse_request,
)
from assistant.errors import QuestionError
from assistant.schema import Turn
from tests import odd

FIELDS = ("id", "question", "history", "reports", "role", "x")


def test_parse_line_reads_every_field() -> None:
    line = (
        '{"id": 7, "question": "Why?", "reports": ["a"], "history": '
        '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]}'
    )
    history = (Turn("user", "Hi"), Turn("assistant", ""))
    assert parse_line(line) == Request("Why?", history, ("a",), "7")


@pytest.mark.parametrize(
    "line",
    [
        '{"question": "Why?"}',
        '{"question": "Why?", "history": null, "reports": null, "id": null}',
        '  {"question": "Why?", "history": [], "reports": []}\n',
    ],
)
def test_parse_line_takes_what_is_left_out(line: str) -> None:
    assert parse_line(line) == Request("Why?")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"question": "Why?"', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('["Why?"]', "must be a JSON object"),
        ("{}", "'question' is missing"),
        ('{"question": null}', "'question' is missing"),
        ('{"question": 7}', "'question' is missing"),
        ('{"question": "W", "reports": "a"}', "'reports' must be a list"),
        ('{"question": "W", "reports": [7]}', "'reports' must be a list"),
        ('{"question": "W", "id": [1]}', "'id' must be text or a number"),
        ('{"question": "W", "history": "x"}', "'history' must be a list"),
        ('{"question": "W", "history": {}}', "'history' must be a list"),
        ('{"question": "W", "history": ["x"]}', "'history' must be a list"),
        ('{"question": "W", "history": [{"role": "user"}]}', "'history' must be"),
        (
            '{"question": "W", "history": [{"role": "system", "content": "x"}]}',
            "'history' must be",
        ),
    ],
)
def test_parse_line_says_what_is_wrong(line: str, complaint: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse_line(line)
    assert complaint in str(caught.value)


def test_a_line_of_plain_text_is_a_question() -> None:
    assert parse_line(" Why is it so? \n") == Request("Why is it so?")


def test_further_fields_are_passed_over_and_likely_slips_are_told() -> None:
    line = '{"question": "Why?", "report": ["a"], "type": "fact", "note": 7}'
    assert parse_line(line) == Request("Why?")
    assert likely_slips(json.loads(line)) == {"report": "reports"}
    assert likely_slips({"question": "Why?", "report": "a", "reports": []}) == {}


@given(odd.odd(lambda chance: odd.value(chance, FIELDS)))
def test_parse_request_gives_a_request_or_a_question_error(value: Any) -> None:
    try:
        request = parse_request(value)
    except QuestionError:
        return
    assert isinstance(request.question, str)


@given(st.text(max_size=40), st.lists(st.text(max_size=8), max_size=3))
def test_parse_line_reads_back_what_was_written(
    question: str, reports: list[str]
) -> None:
    line = json.dumps({"question": question, "reports": reports})
    assert parse_line(line) == Request(question, (), tuple(reports))
