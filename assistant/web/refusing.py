"""How a request is refused: one shape, ``{"error": "…"}``, for programs and for pages."""

from __future__ import annotations

import logging
import math
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse

from assistant.errors import BusyError, ConfigError, LimitError

_UNEXPECTED = (
    "Something went wrong on the assistant's computer and this was not done. Please "
    "reload the page, or send this again; if it happens again, report the number {id}."
)

log = logging.getLogger(__name__)


def refuse(
    status: int, sentence: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the answer to a request that is refused: what is wrong and what to do."""
    # What a program sent may stand in the sentence, and half a sign has no bytes.
    said = sentence.encode(errors="replace").decode()
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse({"error": said}, status, kept)


def pause_of(seconds: float) -> dict[str, str]:
    """Return the header that says how long to wait."""
    return {"Retry-After": str(math.ceil(seconds))}


def refuse_busy(error: BusyError) -> JSONResponse:
    """Refuse what is too much just now."""
    status = 429 if isinstance(error, LimitError) else 503
    return refuse(status, str(error), pause_of(error.retry_after))


def unexpected(error: Exception) -> str:
    """Return what is told of a fault that nobody foresaw: a number that the log has."""
    id_ = uuid4().hex[:8]
    log.error("Failure %s of a request", id_, exc_info=error)
    return _UNEXPECTED.format(id=id_)


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
    return refuse(500, unexpected(error))
