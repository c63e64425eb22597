"""The chain with a model: stopping, tracing, the log, and keys that stay secret."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage

from assistant.errors import ConfigError
from assistant.provider.chat_model import make_streaming_model
from assistant.settings import load_settings
from tests.provider.server import KEY, ModelServer, Reply
from tests.test_model_answer import ASKED, FALSE, SHOWN, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

INPUT: dict[str, object] = {"question": ASKED}


def test_invoke_and_batch_give_what_answer_gives(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    assistant = with_model()
    texts = [found["answer"].text for found in assistant.chain.batch([INPUT, INPUT])]
    assert texts == [assistant.answer(ASKED).text] * 2 == [f"{SHOWN} [1]"] * 2
    assert list(assistant.chain.invoke(INPUT)) == [
        "standalone_question", "passages", "progress", "answer",
    ]  # fmt: skip


def test_closing_a_stream_ends_it_at_the_provider(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(f"{TRUE} And then", stall=len(TRUE.split()) + 1))
    stream = with_model(token_gap_seconds=300).chain.stream(INPUT)
    assert next(step for step in stream if "progress" in step)
    assert not server.closed.is_set()
    stream.close()  # type: ignore[attr-defined]
    assert server.closed.wait(60)


@pytest.mark.parametrize(
    "reply",
    [Reply(f"{TRUE} And then", stall=len(TRUE.split()) + 1), Reply(TRUE, stall=0)],
)
def test_cancelling_an_asynchronous_stream_ends_it_at_the_provider(
    with_model: WithModel, server: ModelServer, reply: Reply
) -> None:
    server.script(reply)
    chain = with_model(token_gap_seconds=300).chain

    async def read() -> None:
        async for _ in chain.astream(INPUT):
            pass

    async def stop_it() -> None:
        task = asyncio.create_task(read())
        while not server.log:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop_it())
    assert server.closed.wait(60)


def test_closing_the_model_ends_streams_and_connections(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(f"{TRUE} And then", stall=len(TRUE.split()) + 1))
    assistant = with_model(token_gap_seconds=300)
    stream = assistant.chain.stream(INPUT)
    assert next(step for step in stream if "progress" in step)
    assert assistant.parts.writer is not None
    model: Any = assistant.parts.writer.model
    model.close()
    assert server.closed.wait(60)
    assert model.model.client.is_closed()
    model.close()


class Seen(BaseCallbackHandler):
    """Keeps what a tracer would be told."""

    def __init__(self) -> None:
        self.sent: list[BaseMessage] = []
        self.tokens: list[str] = []
        self.told: list[str] = []
        self.parents: list[UUID | None] = []

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        **kwargs: Any,
    ) -> None:
        self.sent += messages[0]
        self.told.append(repr((serialized, kwargs)))
        self.parents.append(kwargs.get("parent_run_id"))

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self.tokens.append(token)

    def on_llm_error(self, error: BaseException, **kwargs: Any) -> None:
        self.told.append(repr(error))


def test_a_callback_sees_the_models_call_within_the_chain(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    seen = Seen()
    with_model().chain.invoke(INPUT, {"callbacks": [seen]})
    assert [message.type for message in seen.sent] == ["system", "human"]
    assert "".join(seen.tokens) == TRUE
    assert seen.parents[0] is not None
    assert KEY not in "".join(seen.told)


@pytest.mark.parametrize("status", [401, 500])
def test_the_key_is_nowhere_to_be_read(
    with_model: WithModel,
    server: ModelServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    server.script(Reply(status=status, message=f"Incorrect key {KEY} or {KEY[:9]}***"))
    assistant = with_model()
    seen = Seen()
    with caplog.at_level(logging.DEBUG):
        found = assistant.chain.invoke(INPUT, {"callbacks": [seen]})
    shown = json.dumps(found["answer"].as_json()) + repr(assistant) + caplog.text
    assert found["answer"].outcome == "error"
    assert KEY not in shown + repr(assistant.settings)
    assert KEY[:9] not in found["answer"].text


def turns(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    lines = [r.getMessage() for r in caplog.records if r.name == "assistant.turns"]
    return [json.loads(line) for line in lines]


def test_each_turn_is_one_line_without_the_question(
    with_model: WithModel, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(f"{TRUE} {FALSE}", "1. DROP")
    with caplog.at_level(logging.INFO, "assistant.turns"):
        with_model(price_in=1.0, price_out=2.0).answer(ASKED)
    (line,) = turns(caplog)
    assert (line["outcome"], line["model"]) == ("answered", "scripted")
    assert (line["sentences"], line["withheld"]) == (1, 1)
    assert (line["sent"], line["written"], line["tokens"]) == (22, 14, 36)
    assert line["cost"] == pytest.approx((22 * 1 + 14 * 2) / 1e6)
    assert set(line["steps"]) == {
        "standalone", "search", "quoting", "first_token", "first_sentence", "verifying",
        "writing", "mending",
    }  # fmt: skip
    assert "question" not in line
    assert "subregional" not in json.dumps(line)


def test_the_question_is_logged_where_a_setting_says_so(
    with_model: WithModel, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(TRUE)
    assistant = with_model(log_questions=True)
    with caplog.at_level(logging.INFO, "assistant.turns"):
        assistant.answer(ASKED)
    assert turns(caplog)[0]["question"] == ASKED


def test_the_form_that_is_wanted_reaches_the_model(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    with_model().answer(f"{ASKED.rstrip('?')} in two bullet points?")
    assert server.log[-1].prompt.endswith("Form wanted: in two bullet points")


def test_without_usage_the_tokens_are_counted(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(TRUE, usage=False))
    answer = with_model().answer(ASKED)
    assert answer.tokens > 1000


def test_the_tokens_of_an_answer_that_is_cut_off_count(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(TRUE, finish="length"))
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.tokens) == ("error", 18)


def test_a_server_that_needs_no_key_is_asked_without_one(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    assistant = with_model(openai_api_key=" ")
    assert assistant.settings.openai_api_key is None
    assert assistant.answer(ASKED).outcome == "answered"
    assert server.log[0].headers["authorization"] == "Bearer not-needed"


def test_a_model_without_key_and_address_is_refused() -> None:
    settings = load_settings(writer="model")
    assert settings.uses_model
    with pytest.raises(ConfigError, match=r"OPENAI_API_KEY.*OPENAI_BASE_URL"):
        make_streaming_model(settings)
