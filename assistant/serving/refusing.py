"""How a request is refused: one shape, ``{"error": "…"}``, for programs and for pages."""

from __future__ import annotations

import logging
import math

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import BusyError, ConfigError, LimitError
from assistant.serving.faults import sentence_of

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that goes no further: the status, and the sentence that is answered."""

    def __init__(self, status: int, sentence: str) -> None:
        """Take what is answered."""
        super().__init__(sentence)
        self.status = status


def refuse(
    status: int, sentence: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the answer to a request that is refused: what is wrong and what to do."""
    # What a program sent may stand in the sentence, and half a sign has no bytes.
    said = sentence.encode(errors="replace").decode()
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse({"error": said}, status, kept)


def refuse_file(
    status: int, sentence: str, headers: dict[str, str] | None = None
) -> PlainTextResponse:
    """Refuse a file: Gradio's page shows the sentence as it stands."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return PlainTextResponse(sentence, status, kept)


def pause_of(seconds: float) -> dict[str, str]:
    """Return the header that says how long to wait."""
    return {"Retry-After": str(math.ceil(seconds))}


def refuse_busy(error: BusyError) -> JSONResponse:
    """Refuse what is too much just now."""
    status = 429 if isinstance(error, LimitError) else 503
    return refuse(status, str(error), pause_of(error.retry_after))


class ToldOnce:
    """Ends an error that was answered and logged before the server logs it again."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap a whole application (plain ASGI)."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            # Starlette raises what ``say_failed`` has answered once more.
            if scope["type"] != "http":
                raise


async def say_busy(request: Request, error: Exception) -> JSONResponse:
    """Answer where a part of the application raised that it is too much."""
    assert isinstance(error, BusyError)
    return refuse_busy(error)


async def say_not_set_up(request: Request, error: Exception) -> JSONResponse:
    """Answer where a setting or a file of ours is not as it must be."""
    assert isinstance(error, ConfigError)
    log.error("%s", error)
    return refuse(503, "This does not work just now. Tell whoever runs this page.")


async def say_failed(request: Request, error: Exception) -> JSONResponse:
    """Answer where something failed that nobody foresaw."""
    if isinstance(error, ClientDisconnect):
        # Nobody is there to be told.
        return refuse(400, "The request broke off.")
    return refuse(500, sentence_of(error))
