"""Turns what the provider's library raises into our own errors, fit to show.

A message never repeats a header, an address with a password, or a key: what a server
says is shown short, and without whatever looks like a key.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from time import time
from typing import Any
from urllib.parse import urlsplit

import openai

from assistant.errors import (
    AnswerCutOffError,
    BadAnswerError,
    ContentFilteredError,
    ContextTooLongError,
    ModelNotFoundError,
    ProviderAuthError,
    ProviderBusyError,
    ProviderError,
    ProviderQuotaError,
    ProviderRateLimitError,
    ProviderRequestError,
    ProviderTimeoutError,
    ProviderUnreachableError,
)

_MOST_CHARS = 200
_KEY = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][\w*.\-]{4,}", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum context|too (long|many tokens)|n_ctx"
    r"|exceed\w* .{0,40}\b(context|tokens)\b",
    re.IGNORECASE,
)
_FILTER = re.compile(r"content.?(filter|management|policy)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Provider:
    """Which model at which server is spoken of; ``secret`` never goes into a message."""

    model: str
    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The server's name and port, without user and password."""
        parts = urlsplit(self.address)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def said(self, message: object) -> str:
        """Return what a server said: short, on one line, without keys."""
        text = " ".join(str(message).split())
        text = re.sub(r"^Error code: \d+(?: - |$)", "", text)
        if self.secret:
            text = text.replace(self.secret, "…")
        text = _KEY.sub("…", text)
        if len(text) > _MOST_CHARS:
            text = text[:_MOST_CHARS] + "…"
        return f" It says: {text}" if text else ""


def retry_after(error: openai.APIStatusError) -> float | None:
    """Return the pause in seconds that a server asks for, or None."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after")
        if value is None:
            return None
        if re.fullmatch(r"[\d.]+", value):
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def _of_status(error: openai.APIStatusError, provider: Provider) -> ProviderError:
    status, code = error.status_code, str(error.code or "")
    text = f"{code} {error.message}"
    who, said = f"The model server at {provider.host}", provider.said(error.message)
    if 300 <= status < 400:
        return ProviderRequestError(
            f"{who} sends us to another address ({status}), which is not followed. Set "
            "OPENAI_BASE_URL to the address that answers itself."
        )
    if status == 401:
        return ProviderAuthError(
            f"{who} does not accept the key (401). Check OPENAI_API_KEY, and that it is "
            "a key of this server."
        )
    if status == 403:
        return ProviderAuthError(
            f"{who} refuses access to the model {provider.model} (403). Ask whoever "
            "gave out the key to allow it, or set ASSISTANT_CHAT_MODEL to another model."
        )
    if status == 404:
        return ModelNotFoundError(
            f"{who} knows no model {provider.model} at this address (404). Set "
            "ASSISTANT_CHAT_MODEL to one that it has, and check OPENAI_BASE_URL "
            "(most end in /v1)."
        )
    if code in ("insufficient_quota", "billing_hard_limit_reached") or status == 402:
        return ProviderQuotaError(
            f"The account at {provider.host} has no credit left. Add credit there, or "
            "set ASSISTANT_WRITER=quoting to answer without a model."
        )
    if status == 429:
        pause = retry_after(error)
        when = f" in {pause:.0f} seconds" if pause and pause >= 1 else " in a minute"
        return ProviderRateLimitError(
            f"{who} takes no more requests just now (429). Ask again{when}.", pause
        )
    if status in (400, 413, 422) and _TOO_LONG.search(text):
        return ContextTooLongError(
            f"The question with its passages is too long for the model {provider.model}. "
            "Set ASSISTANT_CONTEXT_TOKENS lower, or choose a model that takes more."
        )
    if status in (400, 403, 422) and _FILTER.search(text):
        return filtered(provider)
    if status in (408, 409) or status >= 500:
        return ProviderBusyError(
            f"{who} failed ({status}). Ask again in a minute.{said}", retry_after(error)
        )
    return ProviderRequestError(
        f"{who} refuses the request ({status}). Check ASSISTANT_CHAT_MODEL, "
        f"ASSISTANT_TEMPERATURE and OPENAI_BASE_URL.{said}"
    )


def filtered(provider: Provider) -> ContentFilteredError:
    """Return the error for an answer that the provider's filter stopped."""
    return ContentFilteredError(
        f"The content filter of {provider.host} stopped the answer. Ask in other words, "
        "or read the quotations."
    )


def cut_off(provider: Provider) -> AnswerCutOffError:
    """Return the error for a stream that ended before the answer did."""
    return AnswerCutOffError(
        f"The connection to the model server at {provider.host} ended before the answer "
        "was whole. Ask again."
    )


def endless(provider: Provider, chars: int) -> AnswerCutOffError:
    """Return the error for an answer that goes on and on."""
    return AnswerCutOffError(
        f"The model {provider.model} wrote more than {chars:,} characters. Ask again, or "
        "set ASSISTANT_CHAT_MODEL to another model."
    )


def bad_answer(provider: Provider) -> BadAnswerError:
    """Return the error for an answer that is not in the format asked for."""
    return BadAnswerError(
        f"What the server at {provider.host} sent is no answer in OpenAI's format. Check "
        "that OPENAI_BASE_URL is the address of an OpenAI-compatible server (most end "
        "in /v1)."
    )


def empty_answer(provider: Provider) -> BadAnswerError:
    """Return the error for an answer without a word."""
    return BadAnswerError(
        f"The model {provider.model} sent an empty answer. Ask again, or set "
        "ASSISTANT_CHAT_MODEL to another model."
    )


def provider_error(
    error: Exception, provider: Provider, *, started: bool
) -> ProviderError:
    """Return our own error for what the provider's library raised.

    Args:
        error: as raised.
        provider: the model asked.
        started: whether a part of the answer had come already.
    """
    match error:
        case ProviderError():
            return error
        case openai.APIStatusError():
            return _of_status(error, provider)
        case openai.APITimeoutError() | openai.APIConnectionError() if not started:
            return ProviderUnreachableError(
                f"No model server answers at {provider.host}. Check that it runs and "
                "that OPENAI_BASE_URL and the network are right."
            )
        case openai.APIConnectionError():
            return cut_off(provider)
        case openai.APIError():
            return _of_event(error, provider)
        case json.JSONDecodeError():
            return bad_answer(provider)
        case _ if isinstance(error, OSError) or _is_transport(error):
            # A reset in mid-stream comes as the transport's own error.
            return cut_off(provider)
        case _:
            return bad_answer(provider)


def _is_transport(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("httpx", "httpx2", "httpcore")


def _of_event(error: openai.APIError, provider: Provider) -> ProviderError:
    """Return the error for one that came as an event within the stream."""
    text = f"{error.code} {error.message} {_type_of(error.body)}"
    if _FILTER.search(text):
        return filtered(provider)
    return ProviderBusyError(
        f"The model server at {provider.host} failed while it wrote. Ask again in a "
        f"minute.{provider.said(error.message)}"
    )


def _type_of(body: Any) -> str:
    return str(body.get("type", "")) if isinstance(body, dict) else ""


def timed_out(what: str, seconds: float, setting: str) -> ProviderTimeoutError:
    """Return the error for a wait that was too long."""
    return ProviderTimeoutError(
        f"{what} within {seconds:g} seconds. Ask again, or set {setting} higher where "
        "the model is slow."
    )
