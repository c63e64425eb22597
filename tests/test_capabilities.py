"""What a server refuses is left out and asked once more, and remembered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from assistant.provider.capabilities import Part, Request
from assistant.settings import load_settings
from tests.provider.server import KEY, ModelServer, Reply
from tests.test_model_answer import ASKED, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

LIMITS = ("max_tokens", "max_completion_tokens")
CONVERSATION = [
    {"role": "system", "content": "Rules."},
    {"role": "user", "content": "Why?"},
    {"role": "assistant", "content": "So."},
    {"role": "user", "content": "And?"},
]


@pytest.mark.parametrize(
    ("refuses", "tries"),
    [
        (("max_tokens",), 2),
        (LIMITS, 3),
        (("stream_options",), 2),
        (("temperature",), 2),
        (("system",), 2),
        ((*LIMITS, "stream_options", "temperature", "system"), 6),
    ],
)
def test_a_part_that_is_refused_is_left_out_and_remembered(
    with_model: WithModel, server: ModelServer, refuses: tuple[str, ...], tries: int
) -> None:
    server.script(Reply(TRUE, refuses=refuses))
    assistant = with_model(temperature=0.2)
    assert assistant.answer(ASKED).outcome == "answered"
    assert len(server.log) == tries
    assert assistant.answer(ASKED).outcome == "answered"
    assert len(server.log) == tries + 1
    body = server.log[-1].body
    assert not {*refuses} & {*body, *(m["role"] for m in body["messages"])}


def test_a_refusal_that_repeats_the_request_names_what_it_names(
    with_model: WithModel, server: ModelServer
) -> None:
    said = "The system role is told the max_tokens."
    refusal = {"loc": ["body", "stream_options"], "msg": "Extra input", "input": said}
    body = json.dumps({"detail": [refusal]})
    server.script(Reply(status=422, body=body), Reply(TRUE))
    assert with_model().answer(ASKED).outcome == "answered"
    first, second = (asked.body for asked in server.log)
    assert first.pop("stream_options")
    assert first == second


def test_without_a_refusal_all_is_sent(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    with_model(temperature=0.2, answer_tokens=300).answer(ASKED)
    body = server.log[0].body
    assert (body["max_tokens"], body["temperature"]) == (300, 0.2)
    assert body["stream_options"] == {"include_usage": True}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "max_completion_tokens" not in body


@pytest.mark.parametrize(
    ("setting", "refused"),
    [
        ({"limit_parameter": "max_tokens"}, "max_tokens"),
        ({"stream_usage": True}, "stream_options"),
        ({"system_role": "developer"}, "developer"),
    ],
)
def test_a_setting_is_kept_to_whatever_the_server_says(
    with_model: WithModel, server: ModelServer, setting: dict[str, Any], refused: str
) -> None:
    server.script(Reply(TRUE, refuses=(refused,)))
    answer = with_model(**setting).answer(ASKED)
    assert (answer.outcome, len(server.log)) == ("error", 1)
    assert f"ASSISTANT_{next(iter(setting)).upper()}" in answer.text


def test_settings_say_what_is_sent(with_model: WithModel, server: ModelServer) -> None:
    server.script(TRUE)
    with_model(limit_parameter="none", stream_usage=False, system_role="user").answer(
        ASKED
    )
    body = server.log[0].body
    assert not {*LIMITS, "stream_options", "temperature"} & body.keys()
    (message,) = body["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith("You help people")


def test_openai_itself_is_asked_in_its_own_newer_words() -> None:
    from assistant.provider.chat_model import ServerModel, make_streaming_model

    model = make_streaming_model(load_settings(openai_api_key=KEY)).model
    assert isinstance(model, ServerModel)
    assert "max_completion_tokens" in model.request.body([])


def test_a_length_that_is_refused_is_no_name_that_is_refused(
    with_model: WithModel, server: ModelServer
) -> None:
    told = "max_tokens is too large: 9999. This model supports at most 4096."
    server.script(Reply(status=400, message=told))
    answer = with_model().answer(ASKED)
    assert len(server.log) == 1
    assert "ASSISTANT_ANSWER_TOKENS lower" in answer.text


def test_rules_go_into_the_question_and_turns_alternate() -> None:
    request = Request("m", 9, forms={**Request("m", 9).forms, "rules": ("user",)})
    assert request.body(CONVERSATION)["messages"] == [
        {"role": "user", "content": "Rules.\n\nWhy?"},
        {"role": "assistant", "content": "So."},
        {"role": "user", "content": "And?"},
    ]
    assert CONVERSATION[0]["content"] == "Rules."


@pytest.mark.parametrize(
    ("told", "learned"),
    [
        ("Unsupported value: 'messages[0].role' does not support 'system'", "rules"),
        ("Conversation roles must alternate user/assistant", "rules"),
        ("[{'loc': ['body', 'stream_options'], 'msg': 'Extra inputs'}]", "usage"),
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", "limit"),
        ("The model is overloaded.", None),
    ],
)
def test_a_refusal_is_read_in_the_words_of_many_servers(
    told: str, learned: Part | None
) -> None:
    request = Request("m", 9)
    before = request.now()
    assert request.learn(before, told) == (learned is not None)
    changed = {part for part, form in request.now().items() if form != before[part]}
    assert changed == ({learned} if learned else set())
    # Asked side by side, the other question learns of it too.
    assert request.learn(before, told) == (learned is not None)
