"""Turns what the provider's library raises into our own errors, fit to show.

A message never repeats a header, an address with a password, or a key: what a server
says is shown short, and without whatever looks like a key.
"""

from __future__ import annotations

import ssl

import httpx2
import openai

from assistant.errors import (
    AnswerCutOffError,
    BadAnswerError,
    ContentFilteredError,
    ProviderAuthError,
    ProviderError,
    ProviderTimeoutError,
    ProviderUnreachableError,
    causes_of,
)
from assistant.provider.server import Provider
from assistant.provider.statuses import (
    FILTERED,
    PROXY_ASKS,
    event_error,
    filled,
    status_error,
)


def filtered(provider: Provider) -> ContentFilteredError:
    """Return the error for an answer that the provider's filter stopped."""
    return ContentFilteredError(filled(FILTERED, provider))


def cut_off(provider: Provider) -> AnswerCutOffError:
    """Return the error for a stream that ended before the answer did."""
    return AnswerCutOffError(
        f"The connection to the model server at {provider.host} ended before the answer "
        "was whole. Ask again."
    )


def too_short() -> AnswerCutOffError:
    """Return the error for an answer that the limit of tokens cut off."""
    return AnswerCutOffError(
        "The answer reached the longest length that is set. Ask for less, or set "
        "ASSISTANT_ANSWER_TOKENS higher."
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


def ended_early(provider: Provider, reason: str) -> AnswerCutOffError:
    """Return the error for an answer that the server ended before its own end."""
    return AnswerCutOffError(
        f"The model server at {provider.host} ended the answer before it was whole "
        f"({reason[:40]}). Ask again."
    )


def provider_error(
    error: Exception, provider: Provider, *, started: bool
) -> ProviderError:
    """Return our own error for what the provider's library raised.

    ``started`` tells that a part of the answer had come already.
    """
    match error:
        case ProviderError():
            return error
        case openai.APIStatusError():
            return status_error(error, provider)
        case openai.APIConnectionError() | httpx2.RequestError() | OSError():
            # A reset in mid-stream comes as the transport's own error.
            return cut_off(provider) if started else _no_way(error, provider)
        case openai.APIError():
            return event_error(error.body, provider)
        case _:
            return bad_answer(provider)


def _no_way(error: Exception, provider: Provider) -> ProviderError:
    """Return the error for a connection that did not come about."""
    for cause in causes_of(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ProviderUnreachableError(
                f"The certificate of {provider.host} is not trusted "
                f"({cause.verify_message}). Set SSL_CERT_FILE to a file that holds the "
                "certificate of whoever issued it."
            )
        if isinstance(cause, ssl.SSLError):
            return ProviderUnreachableError(
                f"{provider.host} does not speak TLS as expected ({cause.reason}). Check "
                "that OPENAI_BASE_URL begins with https:// or http:// rightly."
            )
        if isinstance(cause, httpx2.ProxyError):
            return _proxy_refuses(provider, str(cause))
    if provider.proxy is not None:
        return ProviderUnreachableError(
            f"No model server answers at {provider.host} through the proxy "
            f"{provider.proxy.host}. Check {provider.proxy.variable}, and set NO_PROXY "
            "to the server's name where it is reached without the proxy."
        )
    return ProviderUnreachableError(
        f"No model server answers at {provider.host}. Check that it runs and "
        "that OPENAI_BASE_URL and the network are right."
    )


def _proxy_refuses(provider: Provider, told: str) -> ProviderError:
    if "407" in told:
        return ProviderAuthError(filled(PROXY_ASKS, provider))
    message = (
        "The proxy {proxy} lets nothing through to {host}. Check {variable}, NO_PROXY."
    )
    return ProviderUnreachableError(filled(message, provider) + provider.said(told))


def timed_out(what: str, seconds: float, setting: str) -> ProviderTimeoutError:
    """Return the error for a wait that was too long."""
    return ProviderTimeoutError(
        f"{what} within {seconds:g} seconds. Ask again, or set {setting} higher where "
        "the model is slow."
    )
