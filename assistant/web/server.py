"""Serves the pages: the application, and a server that stops when it is told to."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import signal
import socket
import sys
import warnings
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.routing import Mount

from assistant.api.routes import add_api
from assistant.disk import keep_folder_private
from assistant.errors import ConfigError
from assistant.library.library import Library
from assistant.serving.access.guard import decide_access
from assistant.serving.health import add_health
from assistant.serving.limits import Answers
from assistant.serving.patience import PatientProtocol
from assistant.serving.rates import Rates
from assistant.serving.refusing import ToldOnce
from assistant.settings import Settings
from assistant.web.ask.conversation import AnswersQuestions
from assistant.web.documents.routes import add_documents
from assistant.web.doors import add_doors
from assistant.web.limited import limited
from assistant.web.wall.held import keep_files_in

# What is broken off gets so long to say so (a pack ends with the item that it is at),
# and connections to close.
_ENDING_SECONDS, _CLOSING_SECONDS = 5.0, 2

# Python's own is 5 ms: with a few threads at work, each message would wait 20.
_SWITCH_SECONDS = 0.001

# New objects before they are looked through, and how often the older ones are.
_GARBAGE = 20_000, 20, 50

log = logging.getLogger(__name__)


def make_app(assistant: AnswersQuestions, host: str | None = None) -> FastAPI:
    """Make the web application: the pages, behind their guard, and ``/healthz``.

    ``host`` is the address that it will listen on, where that is not the setting.

    Raises:
        ConfigError: others would reach the page, and nothing says who may.
    """
    settings = assistant.settings
    host = host or settings.host
    way = decide_access(settings, host)

    keep_files_in(settings.data_dir)
    # Imported here: Gradio takes seconds, and what is wrong shall show at once.
    from assistant.web.page import mount_page

    app = FastAPI(openapi_url=None)
    answers = app.state.answers = Answers(settings, _rates(settings))
    shelf = limited(assistant, answers)
    add_health(app, shelf, answers)
    add_doors(app, way=way, settings=settings, host=host, rates=answers.rates)
    add_documents(app, Library(settings.reports_dir), settings.corpus_dir)
    add_api(app, shelf)
    if settings.mcp:
        # The package that it needs is an extra.
        from assistant.api.mcp import add_mcp

        add_mcp(app, shelf)
    mount_page(app, shelf)
    return app


def _rates(settings: Settings) -> Rates:
    store = settings.limits_store
    return Rates(store.get_secret_value() if store else None)


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
    """A server that says when it listens, and lets answers finish before it stops."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, listening: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._app = app
        self._listening = listening
        self._hurried = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; whoever says it twice, by whichever signal, waits for no answer."""
        # uvicorn's own way to hurry ends the application in the middle of its end.
        self._hurried = self.should_exit
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM, and leave it at that.

        uvicorn raises them once more at the end, which would end the process before it
        lets go of the index.
        """
        if current_thread() is not main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        answers: Answers = self._app.state.answers
        # Until then the page still says why it takes no question.
        await answers.finish(answers.settings.stopping_seconds, lambda: self._hurried)
        for _ in range(int(_ENDING_SECONDS / 0.05)):
            if not answers.running:
                break
            await asyncio.sleep(0.05)
        _end_streams(self._app)
        await super().shutdown(sockets)


def _end_streams(app: FastAPI) -> None:
    """End the streams by which Gradio knows that a page is open."""
    for route in app.routes:
        if isinstance(route, Mount) and hasattr(route.app, "stop_event"):
            route.app.stop_event.set()


def _open_browser(url: str) -> None:
    # A machine without a browser is no fault: the address is known.
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(url)


def _in_background(work: Callable[[], object], stopped: Event) -> None:
    try:
        work()
    except Exception:
        # It only makes the first questions faster; they say themselves what is wrong.
        if stopped.is_set():
            return
        log.exception("The shelf could not be read ahead")
    # What is in memory now stays. Looking through all of it for garbage, again and
    # again, would hold up every answer for half a second each time.
    gc.collect()
    _give_back()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def _give_back() -> None:
    """Give the system the memory that starting took: glibc keeps a sixth of all."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def serve(
    assistant: AnswersQuestions,
    host: str,
    port: int,
    *,
    open_browser: bool = False,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the page until the process is told to stop (Ctrl-C, SIGTERM).

    Answers in the making may then go on for ``stopping_seconds``; new ones are refused.
    Port 0 stands for any free one; ``ready`` is told the page's address once it can be
    opened.

    Raises:
        ConfigError: the address or the port cannot be used, or nothing says who may
            use the page.
    """
    settings = assistant.settings
    keep_folder_private(settings.data_dir)
    stopped = Event()
    with closing(_bind(host, port)) as sock:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{sock.getsockname()[1]}{settings.root_path}"

        def listening() -> None:
            ready(url)
            # LangChain is imported and the shelf read while the user reads, not when
            # they have asked.
            warm = getattr(assistant, "warm", lambda: assistant.chain)
            Thread(target=_in_background, args=(warm, stopped), daemon=True).start()
            if open_browser:
                Thread(target=_open_browser, args=(url,), daemon=True).start()

        app = make_app(assistant, host)
        # Requests, which LangChain imports in a thread, turns this off for itself; a
        # thread that minds warnings for a while may turn it on again in between.
        warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
        # What sends the pages their news waits at most so long for each other thread.
        sys.setswitchinterval(_SWITCH_SECONDS)
        config = uvicorn.Config(
            ToldOnce(app),
            # Made of the one of uvicorn's parsers that bounds the head of a request.
            http=PatientProtocol,
            h11_max_incomplete_event_size=settings.header_kb * 2000,
            ws="none",
            # Our own part believes proxies, and knows which.
            proxy_headers=False,
            server_header=False,
            log_config=None,
            log_level="warning",
            access_log=False,
            # A page that is open keeps a stream open; it shall not keep us.
            timeout_graceful_shutdown=_CLOSING_SECONDS,
        )
        with suppress(KeyboardInterrupt):
            _Server(config, app, listening).run(sockets=[sock])
        stopped.set()
