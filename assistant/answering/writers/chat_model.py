"""Makes the chat model from the settings: OpenAI, or any server that speaks alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant.answering.writers.faults import Provider
from assistant.answering.writers.streaming import StreamingModel, Waits
from assistant.errors import ConfigError
from assistant.settings import Settings

OPENAI_ADDRESS = "https://api.openai.com/v1"
# These take the limit of tokens under its newer name; others know the older one.
_NEWER_NAME = ("openai.com", "azure.com")
_NO_KEY = "not-needed"


def _limit(address: str, tokens: int) -> dict[str, Any]:
    host = urlsplit(address).hostname or ""
    if any(host == name or host.endswith(f".{name}") for name in _NEWER_NAME):
        return {"max_completion_tokens": tokens}
    return {"extra_body": {"max_tokens": tokens}}


class _PlainChunks:
    """Stands for ``client.chat.completions`` and streams chunks as plain JSON objects.

    openai makes a checked object of each chunk and LangChain a dictionary of that again,
    which is more than half of all the work for a token.
    """

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client

    async def create(
        self, *, extra_body: dict[str, Any] | None = None, **payload: Any
    ) -> openai.AsyncStream[object]:
        """Begin an answer."""
        return await self._client.post(
            "/chat/completions",
            body={**payload, **(extra_body or {})},
            cast_to=object,
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )


def make_chat_model(settings: Settings) -> ChatOpenAI:
    """Make LangChain's chat model.

    Raises:
        ConfigError: no key is set, and no address of a server that needs none.
    """
    key, address = settings.openai_api_key, settings.openai_base_url
    if key is None and address is None:
        raise ConfigError(
            "No model can be asked: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server "
            "of your own, or ASSISTANT_WRITER=quoting."
        )
    address = address or OPENAI_ADDRESS
    timeout = openai.Timeout(
        # Waits for an answer are kept by StreamingModel, which sees words, not bytes.
        None,
        connect=settings.connect_seconds,
        write=settings.first_token_seconds,
        pool=settings.connect_seconds,
    )
    model = ChatOpenAI(
        model=settings.chat_model,
        api_key=key or SecretStr(_NO_KEY),
        base_url=address,
        temperature=settings.temperature,
        timeout=timeout,
        # Not the shared one: a client belongs to the event loop that first used it. A
        # redirect would take the key and the passages to whoever the server names.
        http_async_client=openai.DefaultAsyncHttpxClient(
            timeout=timeout, follow_redirects=False
        ),
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=None,
        use_responses_api=False,
        **_limit(address, settings.answer_tokens),
    )
    model.async_client = _PlainChunks(model.root_async_client)
    return model


def make_streaming_model(settings: Settings) -> StreamingModel:
    """Make the model that writes, with every wait bounded; see ``make_chat_model``."""
    key, model = settings.openai_api_key, make_chat_model(settings)
    client: Any = model.http_async_client
    return StreamingModel(
        model=model,
        provider=Provider(
            model=settings.chat_model,
            address=settings.openai_base_url or OPENAI_ADDRESS,
            secret=key.get_secret_value() if key else None,
        ),
        waits=Waits(
            connect=settings.connect_seconds,
            first_token=settings.first_token_seconds,
            token_gap=settings.token_gap_seconds,
            answer=settings.answer_seconds,
        ),
        retries=settings.retries,
        release=client.aclose,
    )
