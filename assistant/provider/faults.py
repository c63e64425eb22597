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
    ProviderAuthError,
    ProviderError,
    ProviderTimeoutError,
    ProviderUnreachableError,
    causes_of,
)
from assistant.provider.server import Provider
from assistant.provider.statuses import (
    PROXY_ASKS,
    event_error,
    filled,
    status_error,
)

CUT_OFF = (
    "The connection to the model server at {host} ended before the answer was whole. Ask "
    "again."
)
BAD_ANSWER = (
    "What the server at {host} sent is no answer in OpenAI's format. Check that "
    "OPENAI_BASE_URL is the address of an OpenAI-compatible server (most end in /v1)."
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
            if started:
                return AnswerCutOffError(filled(CUT_OFF, provider))
            return _no_way(error, provider)
        case openai.APIError():
            return event_error(error.body, provider)
        case _:
            return BadAnswerError(filled(BAD_ANSWER, provider))


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
