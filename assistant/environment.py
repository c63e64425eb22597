"""Variables of the environment that serve other software too: proxies, certificates."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from assistant.errors import ConfigError

# LangChain's name for a proxy of the model alone.
MODEL_PROXY = "OPENAI_PROXY"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", MODEL_PROXY)
_OTHERS = ("NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


def with_scheme(proxy: str) -> str:
    """Return a proxy's address as the HTTP libraries read it, ``proxy:3128`` too."""
    return proxy if "://" in proxy else f"http://{proxy}"


def _proxies_set() -> Iterator[tuple[str, str]]:
    for upper in _PROXIES:
        for name in (upper.lower(), upper):
            if value := os.environ.get(name):
                yield name, value


@contextmanager
def variables_named() -> Iterator[None]:
    """Name the variable that an HTTP client could not be made with.

    Raises:
        ConfigError: a proxy or a file of certificates cannot be used.
    """
    try:
        yield
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> ConfigError:
    # Without the value of a proxy: it may hold a password.
    for name, value in _proxies_set():
        try:
            httpx.Proxy(with_scheme(value))
        except (ValueError, httpx.InvalidURL):
            return ConfigError(
                f"{name} is not the address of a proxy. Set it to one such as "
                "http://proxy.example:3128 or socks5://proxy.example:1080, or unset it."
            )
    file = os.environ.get("SSL_CERT_FILE")
    try:
        ssl.create_default_context(cafile=file or None)
    except OSError:
        return ConfigError(
            f"SSL_CERT_FILE names {file}, which cannot be read as certificates (PEM). "
            "Set it to such a file, or unset it."
        )
    names = ", ".join((*_PROXIES, *_OTHERS))
    return ConfigError(f"No connection can be prepared: {error}. Check {names}.")


@contextmanager
def without_variables() -> Iterator[None]:
    """Hide the variables from a library that makes clients which nobody uses."""
    names = {name for upper in (*_PROXIES, *_OTHERS) for name in (upper.lower(), upper)}
    hidden = {name: os.environ[name] for name in names & os.environ.keys()}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
