"""The way to the model's server: its address, proxies and certificates.

Proxies and certificates come from the environment, which serves other software too:
what cannot be used there is named by its variable.
"""

from __future__ import annotations

import os
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import openai

from assistant.environment import MODEL_PROXY, variables_named, with_scheme
from assistant.provider.server import Provider, Proxy
from assistant.settings import Settings

OPENAI_ADDRESS = "https://api.openai.com/v1"
_NO_KEY = "not-needed"
# The library puts it there itself.
_ENDPOINT = "/chat/completions"


def split_address(address: str) -> tuple[str, dict[str, str]]:
    """Return the base address as the library wants it, and the query of each request.

    >>> split_address("https://x.example/openai/deployments/d/chat/completions?v=1")
    ('https://x.example/openai/deployments/d', {'v': '1'})
    """
    parts = urlsplit(address)
    path = parts.path.rstrip("/").removesuffix(_ENDPOINT)
    base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return base, dict(parse_qsl(parts.query, keep_blank_values=True))


def make_client(settings: Settings) -> openai.AsyncOpenAI:
    """Make the client of the server that the settings name.

    Raises:
        ConfigError: a variable for proxies or certificates cannot be used.
    """
    base, query = split_address(settings.openai_base_url or OPENAI_ADDRESS)
    key = settings.openai_api_key
    secret = key.get_secret_value() if key else _NO_KEY
    timeout = openai.Timeout(
        # Waits for an answer are kept by StreamingModel, which sees words, not bytes.
        None,
        connect=settings.connect_seconds,
        write=settings.first_token_seconds,
        pool=settings.connect_seconds,
    )
    own_proxy = os.environ.get(MODEL_PROXY)
    with variables_named():
        http_client = openai.DefaultAsyncHttpxClient(
            timeout=timeout,
            proxy=with_scheme(own_proxy) if own_proxy else None,
            # Passages and key go to the server that was named and to no other.
            follow_redirects=False,
        )
    return openai.AsyncOpenAI(
        base_url=base,
        api_key=secret,
        default_query=query,
        # Azure's older addresses take a key under this name alone.
        default_headers={"api-key": secret} if "api-version" in query else None,
        max_retries=0,
        http_client=http_client,
    )


def find_server(settings: Settings) -> Provider:
    """Return the model and server that messages speak of."""
    address, key = settings.openai_base_url or OPENAI_ADDRESS, settings.openai_api_key
    return Provider(
        model=settings.chat_model,
        address=address,
        secret=key.get_secret_value() if key else None,
        proxy=_proxy(address),
    )


def _proxy(address: str) -> Proxy | None:
    """Return the proxy on the way to an address, as the HTTP library finds it."""
    if own := os.environ.get(MODEL_PROXY):
        return Proxy(MODEL_PROXY, _host(own))
    parts, proxies = urlsplit(address), getproxies()
    for name in (parts.scheme, "all"):
        if value := proxies.get(name):
            bypassed = proxy_bypass(parts.hostname or "")
            return None if bypassed else Proxy(f"{name.upper()}_PROXY", _host(value))
    return None


def _host(proxy: str) -> str:
    """Return a proxy's name and port, without user and password."""
    with suppress(ValueError):
        return urlsplit(with_scheme(proxy)).netloc.rpartition("@")[2]
    return ""
