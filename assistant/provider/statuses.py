"""Turns an error's status and words into our own error, fit to show."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from time import time
from typing import NamedTuple

import openai

from assistant.errors import (
    ContentFilteredError,
    ContextTooLongError,
    ModelNotFoundError,
    ProviderAuthError,
    ProviderBusyError,
    ProviderError,
    ProviderQuotaError,
    ProviderRateLimitError,
    ProviderRequestError,
)
from assistant.provider.server import Provider, Proxy

_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum context|too (long|many tokens)|n_ctx"
    r"|exceed\w* .{0,40}\b(context|tokens)\b",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(
    r"\bmax_(completion_)?tokens\b.{0,80}(large|at most|less than|maximum|exceed|<=)",
    re.IGNORECASE | re.DOTALL,
)
_FILTER = re.compile(
    r"content.?(filter|management|policy)|guardrail|prohibited_content", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"(invalid|unknown|no such) model|model.{0,80}(not found|not exist|not a valid)",
    re.IGNORECASE | re.DOTALL,
)
_NO_CREDIT = re.compile(r"insufficient_quota|billing_hard_limit_reached")
# Where a server puts its words; the first that is there counts.
_WORDS = ("message", "error", "detail", "msg", "title")
# A refusal of a part of the request comes with one of these.
_REFUSED = (400, 415, 422, 500, 501)
_HOUR = 3600.0

FILTERED = (
    "The content filter of {host} stopped the answer. Ask in other words, or read the "
    "quotations."
)
TOO_LONG = (
    "The question with its passages is too long for the model {model}. Set "
    "ASSISTANT_CONTEXT_TOKENS lower, or choose a model that takes more."
)
PROXY_ASKS = (
    "The proxy {proxy} asks for a name and a password (407). Put them into {variable}: "
    "http://NAME:PASSWORD@HOST:PORT."
)


class _Row(NamedTuple):
    """A kind of error: the statuses and, if any, the words that tell it."""

    statuses: range | tuple[int, ...]
    words: re.Pattern[str] | None
    error: type[ProviderError]
    message: str


_WHO = "The model server at {host} "
_NO_SUCH_MODEL = (
    _WHO
    + "knows no model {model} at this address ({status}). Set ASSISTANT_CHAT_MODEL to "
    "one that it has, and check OPENAI_BASE_URL (most end in /v1).{said}"
)
_SPENT = (
    "The account at {host} has no credit left. Add credit there, or set "
    "ASSISTANT_WRITER=quoting to answer without a model."
)
_SENT_ON = (
    _WHO + "sends on to another address ({status}), which is not followed. Set "
    "OPENAI_BASE_URL to the address where the model is."
)
_WRONG_KEY = (
    _WHO
    + "does not accept the key (401). Check OPENAI_API_KEY, and that it is a key of "
    "this server."
)
_NOT_ALLOWED = (
    _WHO + "refuses access to the model {model} (403). Ask whoever gave out the key to "
    "allow it, or set ASSISTANT_CHAT_MODEL to another model.{said}"
)
_LATER = _WHO + "takes no more requests just now (429). Ask again{when}."
_TOO_LARGE = (
    "The request is larger than the server at {host} takes (413). Set "
    "ASSISTANT_CONTEXT_TOKENS lower."
)
_TOO_MANY = (
    "The model {model} does not write as many tokens as are asked for ({status}). Set "
    "ASSISTANT_ANSWER_TOKENS lower.{said}"
)
_FAILED = _WHO + "failed ({status}). Ask again{when}.{said}"
_REFUSES = (
    _WHO
    + "refuses the request ({status}). Check ASSISTANT_CHAT_MODEL, OPENAI_BASE_URL "
    "and what is sent (ASSISTANT_TEMPERATURE, ASSISTANT_LIMIT_PARAMETER, "
    "ASSISTANT_STREAM_USAGE, ASSISTANT_SYSTEM_ROLE).{said}"
)
# The first that fits counts.
_ROWS = (
    _Row((407,), None, ProviderAuthError, PROXY_ASKS),
    _Row(range(300, 400), None, ProviderRequestError, _SENT_ON),
    _Row((401,), None, ProviderAuthError, _WRONG_KEY),
    _Row((400, 403, 422), _FILTER, ContentFilteredError, FILTERED),
    _Row((403,), None, ProviderAuthError, _NOT_ALLOWED),
    _Row((404,), None, ModelNotFoundError, _NO_SUCH_MODEL),
    _Row((400, 422), _NO_MODEL, ModelNotFoundError, _NO_SUCH_MODEL),
    _Row((402,), None, ProviderQuotaError, _SPENT),
    _Row(range(400, 600), _NO_CREDIT, ProviderQuotaError, _SPENT),
    _Row((429,), None, ProviderRateLimitError, _LATER),
    _Row((400, 413, 422, 500), _TOO_LONG, ContextTooLongError, TOO_LONG),
    _Row((413,), None, ContextTooLongError, _TOO_LARGE),
    _Row((400, 422), _TOO_MUCH, ProviderRequestError, _TOO_MANY),
    _Row((408, 409, *range(500, 600)), None, ProviderBusyError, _FAILED),
    _Row(range(1000), None, ProviderRequestError, _REFUSES),
)


def words_of(body: object) -> str:
    """Return the words in the body of an error, whatever its shape; a page has none."""
    match body:
        case str():
            return "" if body.lstrip().startswith("<") else body
        case list():
            return "; ".join(filter(None, map(words_of, body)))
        case {"loc": [*_, place], "msg": str(message)}:
            return f"{place}: {message}"
        case dict():
            return words_of(
                next((body[name] for name in _WORDS if body.get(name)), None)
            )
        case _:
            return ""


def _searched(body: object) -> str:
    """Return what is searched of an error: not the request, which some servers repeat."""
    told = [words_of(body)]
    while isinstance(body, dict):
        told += [str(body.get(name) or "") for name in ("code", "type", "param")]
        body = body.get("error")
    return " ".join(told)


def _body(error: openai.APIStatusError) -> object:
    try:
        return error.response.json()
    except ValueError:
        return error.response.text


def words_to_search(error: openai.APIStatusError) -> str:
    """Return everything that a server said of an error, to be searched."""
    return _searched(_body(error))


def is_refusal(error: openai.APIStatusError) -> bool:
    """Tell whether an error may mean that a part of the request is not known there."""
    text = words_to_search(error)
    about_length = _TOO_LONG.search(text) or _TOO_MUCH.search(text)
    return error.status_code in _REFUSED and about_length is None


def retry_after(error: openai.APIStatusError) -> float | None:
    """Return the pause in seconds that a server asks for, or None."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def _when(pause: float | None) -> str:
    if not pause or pause < 1:
        return " in a minute"
    if pause <= _HOUR:
        return f" in {pause:.0f} seconds"
    hours = pause / _HOUR
    return f" in {hours:.0f} hours" if hours <= 48 else " another day"


def filled(message: str, provider: Provider, **values: str) -> str:
    """Return a message with the names of model, server and proxy."""
    variable, proxy = provider.proxy or Proxy("HTTPS_PROXY", "on the way")
    return message.format(
        host=provider.host,
        model=provider.model,
        proxy=proxy,
        variable=variable,
        **values,
    )


def status_error(error: openai.APIStatusError, provider: Provider) -> ProviderError:
    """Return our own error for a status that is none of success."""
    status, told, pause = error.status_code, words_to_search(error), retry_after(error)
    row = next(
        row
        for row in _ROWS
        if status in row.statuses and (row.words is None or row.words.search(told))
    )
    message = filled(
        row.message,
        provider,
        status=str(status),
        when=_when(pause),
        said=provider.said(words_of(_body(error))),
    )
    return row.error(message, pause)


def event_error(body: object, provider: Provider) -> ProviderError:
    """Return our own error for one that came as an event, or as a whole answer."""
    told = _searched(body)
    if _FILTER.search(told):
        return ContentFilteredError(filled(FILTERED, provider))
    if _TOO_LONG.search(told):
        return ContextTooLongError(filled(TOO_LONG, provider))
    return ProviderBusyError(
        f"The model server at {provider.host} failed while it wrote. Ask again in a "
        f"minute.{provider.said(words_of(body))}"
    )
