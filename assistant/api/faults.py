"""What programs are told when something is wrong, with its status."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import AgendaError, BusyError, IndexStateError, QuestionError
from assistant.serving.faults import sentence_of
from assistant.serving.forwarding import path_of
from assistant.serving.refusing import RefusedError, refuse, refuse_busy
from assistant.tools.contract import FaultData

FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"model": FaultData, "description": what}
    for status, what in {
        400: "The input cannot be used as it is.",
        401: "Name and password are missing or wrong.",
        413: "The input is too large.",
        415: "The input is not JSON.",
        429: "Too many requests; Retry-After says how long to wait.",
        500: "A fault of the assistant.",
        503: "Not just now; Retry-After says how long to wait.",
    }.items()
}


def _fault(error: Exception) -> JSONResponse:
    match error:
        case BusyError():
            return refuse_busy(error)
        case RefusedError():
            return refuse(error.status, str(error))
        case QuestionError() | AgendaError():
            return refuse(400, sentence_of(error))
        case IndexStateError():
            return refuse(503, sentence_of(error))
        case _:
            return refuse(500, sentence_of(error))


async def told(work: Callable[[], Awaitable[Response]]) -> Response:
    """Return what comes of some work, or what is wrong."""
    try:
        return await work()
    except ClientDisconnect:
        # Nobody reads it.
        return Response(status_code=499)
    except Exception as error:  # noqa: BLE001 - told as JSON, and logged
        return _fault(error)


def refuse_the_rest(methods: Mapping[str, set[str]]) -> ASGIApp:
    """Return what answers at any other address, and to any other method.

    Of each of our addresses, by its path after ``/api``, it is told the methods.
    """

    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        taken = methods.get(path_of(scope))
        response = refuse(404, "There is nothing here. See /api/openapi.json.")
        if taken:
            named = ", ".join(sorted(taken))
            response = refuse(405, f"This address takes {named}.", {"Allow": named})
        await response(scope, receive, send)

    return rest
