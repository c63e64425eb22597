"""Serves the pages: the application, and a server that stops when it is told to."""

from __future__ import annotations

import logging
import socket
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from ipaddress import ip_address
from threading import Thread

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant.errors import ConfigError
from assistant.library.entries import Library
from assistant.web.conversation import AnswersQuestions
from assistant.web.documents import add_documents
from assistant.web.headers import SecurityHeaders

_STOPPING_SECONDS = 2

log = logging.getLogger(__name__)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def make_app(assistant: AnswersQuestions, host: str | None = None) -> FastAPI:
    """Make the web application: the page at the root, and ``/healthz``.

    Args:
        assistant: answers the questions.
        host: address that it will listen on, where that is not the setting.
    """
    # Imported here: Gradio takes seconds, and a port that is taken shall show at once.
    from assistant.web.page import mount_page

    app = FastAPI(openapi_url=None)
    app.add_middleware(SecurityHeaders)
    host = host or assistant.settings.host
    if _is_loopback(host):
        # Else a page of another site could reach this one under a name of its own.
        names = [host, f"[{host}]", "127.0.0.1", "localhost"]
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=names)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    add_documents(app, Library(assistant.settings.reports_dir))
    return mount_page(app, assistant)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise ConfigError(
            f"The page cannot use port {port} of {host} ({error.strerror}). Set "
            "ASSISTANT_PORT (--port) to another port, or to 0 for any free one; "
            "ASSISTANT_HOST (--host) sets the address."
        ) from error
    return sock


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def _open_browser(url: str) -> None:
    # A machine without a browser is no fault: the address is known.
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(url)


def serve(
    assistant: AnswersQuestions,
    host: str,
    port: int,
    *,
    open_browser: bool = False,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the page until the process is told to stop (Ctrl-C).

    Args:
        assistant: answers the questions.
        host: address to listen on.
        port: port to listen on; any free one when 0.
        open_browser: also show the page in the user's browser.
        ready: told the page's address once it can be opened.

    Raises:
        ConfigError: the address or the port cannot be used.
    """
    with closing(_bind(host, port)) as sock:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{sock.getsockname()[1]}"

        def listening() -> None:
            ready(url)
            # LangChain is imported while the user reads, not when they have asked.
            Thread(target=lambda: assistant.chain, daemon=True).start()
            if open_browser:
                Thread(target=_open_browser, args=(url,), daemon=True).start()

        config = uvicorn.Config(
            make_app(assistant, host),
            log_config=None,
            log_level="warning",
            access_log=False,
            # A page that is open keeps a stream open; it shall not keep us.
            timeout_graceful_shutdown=_STOPPING_SECONDS,
        )
        with suppress(KeyboardInterrupt):
            _Server(config, listening).run(sockets=[sock])
