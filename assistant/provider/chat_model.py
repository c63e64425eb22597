"""LangChain's face of a model at OpenAI, or at any server that speaks alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessageChunk,
    BaseMessage,
    convert_to_openai_messages,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from assistant.errors import ConfigError
from assistant.provider.capabilities import FORMS, LEFT_OUT, Part, Request
from assistant.provider.connecting import find_server, make_client
from assistant.provider.events import Event, Events, read_event
from assistant.provider.statuses import is_refusal, words_to_search
from assistant.provider.streaming import StreamingModel
from assistant.settings import Settings


class ServerModel(BaseChatModel):
    """Streams answers; what the server refuses of a request is learned and left out."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    model_name: str
    client: openai.AsyncOpenAI = Field(repr=False, exclude=True)
    request: Request = Field(repr=False, exclude=True)

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    @property
    def _identifying_params(self) -> Mapping[str, object]:
        return {"model_name": self.model_name}

    def _generate(self, *args: object, **kwargs: object) -> ChatResult:
        # LangChain's base class is abstract in this; nothing of ours asks for a whole.
        raise NotImplementedError("it is only ever streamed")

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> AsyncIterator[ChatGenerationChunk]:
        async with await self._ask(convert_to_openai_messages(messages)) as stream:
            async for value in stream:
                chunk = _chunk(read_event(value))
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    async def _ask(self, messages: list[dict[str, str]]) -> openai.AsyncStream[object]:
        """Begin an answer; ask once more for each part that is refused."""
        while True:
            sent, body = self.request.now(), self.request.body(messages)
            try:
                return await self.client.post(
                    "/chat/completions",
                    body=body,
                    cast_to=object,
                    stream=True,
                    stream_cls=Events,
                )
            except openai.APIStatusError as error:
                if not is_refusal(error):
                    raise
                if not self.request.learn(sent, words_to_search(error)):
                    raise


def _chunk(event: Event) -> ChatGenerationChunk:
    # A thought goes where LangChain's own models put it: no part of the text.
    thought = {"reasoning_content": event.thought} if event.thought else {}
    usage = event.usage and UsageMetadata(
        input_tokens=event.usage.sent,
        output_tokens=event.usage.written,
        total_tokens=sum(event.usage),
    )
    message = AIMessageChunk(
        content=event.text,
        additional_kwargs=thought,
        response_metadata={"finish_reason": event.finish} if event.finish else {},
        usage_metadata=usage,
    )
    return ChatGenerationChunk(message=message)


def _forms(settings: Settings) -> dict[Part, tuple[str, ...]]:
    """Return the forms to try; a setting leaves one, which nothing changes."""
    forms = dict(FORMS)
    if settings.openai_base_url is None:
        # OpenAI itself is known: its newer models refuse the older name.
        older, newer, *rest = forms["limit"]
        forms["limit"] = (newer, older, *rest)
    if settings.limit_parameter != "auto":
        forms["limit"] = (settings.limit_parameter,)
    if settings.stream_usage is not None:
        forms["usage"] = ("stream_options" if settings.stream_usage else LEFT_OUT,)
    if settings.system_role != "auto":
        forms["rules"] = (settings.system_role,)
    return forms


def make_streaming_model(settings: Settings) -> StreamingModel:
    """Make the model that writes, with every wait bounded.

    Raises:
        ConfigError: no key is set, and no address of a server that needs none; or a
            variable of the environment cannot be used.
    """
    if settings.openai_api_key is None and settings.openai_base_url is None:
        raise ConfigError(
            "No model can be asked: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server "
            "of your own, or ASSISTANT_WRITER=quoting."
        )
    client = make_client(settings)
    name = settings.chat_model
    request = Request(
        name, settings.answer_tokens, settings.temperature, _forms(settings)
    )
    return StreamingModel(
        model=ServerModel(model_name=name, client=client, request=request),
        provider=find_server(settings),
        first_token=settings.first_token_seconds,
        token_gap=settings.token_gap_seconds,
        answer=settings.answer_seconds,
        retries=settings.retries,
        release=client.close,
    )
