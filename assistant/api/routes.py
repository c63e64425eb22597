"""The REST end point: questions, packs and the list of reports for programs.

``POST /api/ask``, ``POST /api/ask/stream``, ``POST /api/brief``, ``GET /api/reports`` and
``GET /api/openapi.json``; docs/api.md describes them. Limits and accounts are those of
the page: they lie before the whole application.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from assistant import __version__
from assistant.answering.request import parse_request
from assistant.api.faults import FAULTS, refuse_the_rest, told
from assistant.api.input import brief_of, read_json, suffix_of
from assistant.api.stream import begin_events, unless_left
from assistant.briefing.export import FORMATS
from assistant.errors import QuestionError
from assistant.schema import Answer
from assistant.tools.asking import (
    answer_request,
    brief_agenda,
    list_reports,
    steps_of,
)
from assistant.tools.contract import (
    AnswerData,
    AskData,
    BriefData,
    FaultData,
    PackData,
    ReportsData,
)

if TYPE_CHECKING:
    from assistant.composition import Assistant


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return dict(model.model_json_schema(ref_template="#/components/schemas/{model}"))


def _body(model: type[BaseModel]) -> dict[str, Any]:
    """Describe an input that is read by our own rules, which say what is wrong better.

    What it refers to is added by ``_describe``.
    """
    schema = _schema(model)
    schema.pop("$defs", None)
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _describe(routes: Sequence[BaseRoute], root_path: str) -> dict[str, Any]:
    """Return the description of the routes as OpenAPI, complete in itself."""
    described = get_openapi(
        title="Council shelf assistant",
        version=__version__,
        routes=routes,
        servers=[{"url": root_path or "/"}],
    )
    schemas = described["components"]["schemas"]
    for model in (AskData, BriefData):
        for name, schema in _schema(model).get("$defs", {}).items():
            schemas.setdefault(name, schema)
    return described


def _answered(answer: Answer) -> JSONResponse:
    """Return an answer; where the model failed, it is told as a failure of that."""
    if answer.outcome == "error":
        return JSONResponse({**answer.as_json(), "error": answer.text}, 502)
    return JSONResponse(answer.as_json())


def add_api(app: FastAPI, assistant: Assistant) -> None:
    """Add the routes to an application, before the page takes all the rest."""
    api = APIRouter(prefix="/api")
    _add_asking(api, assistant)
    _add_shelf(api, assistant)
    _add_brief(api, assistant)

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> JSONResponse:
        return JSONResponse(_describe(api.routes, request.scope.get("root_path", "")))

    app.include_router(api)
    routes = [route for route in api.routes if isinstance(route, APIRoute)]
    own = {r.path.removeprefix(api.prefix): r.methods or set() for r in routes}
    # Else the page would answer, in its own way.
    app.mount(api.prefix, refuse_the_rest(own))


def _add_asking(api: APIRouter, assistant: Assistant) -> None:
    async def ask(request: Request, *, stream: bool) -> Response:
        value = await read_json(request)
        wanted = value.pop("stream", False) if isinstance(value, dict) else False
        if not isinstance(wanted, bool):
            raise QuestionError("'stream' must be true or false.")
        asked = parse_request(value)
        if stream or wanted:
            # The first step is waited for: what is refused gets its own status.
            return StreamingResponse(
                await begin_events(steps_of(assistant, asked), request),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        return _answered(await unless_left(answer_request(assistant, asked), request))

    @api.post(
        "/ask",
        response_model=AnswerData,
        responses={502: {"model": AnswerData}, **FAULTS},
        openapi_extra=_body(AskData),
        summary="Ask a question",
    )
    async def ask_whole(request: Request) -> Response:
        return await told(lambda: ask(request, stream=False))

    @api.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={
            200: {"content": {"text/event-stream": {}}, "description": "Its steps."},
            **FAULTS,
        },
        openapi_extra=_body(AskData),
        summary="Ask a question and get its answer sentence by sentence",
    )
    async def ask_in_steps(request: Request) -> Response:
        return await told(lambda: ask(request, stream=True))


def _add_shelf(api: APIRouter, assistant: Assistant) -> None:
    @api.get("/reports", summary="List the reports on the shelf")
    async def reports() -> ReportsData:
        return ReportsData(reports=list_reports(assistant))


def _add_brief(api: APIRouter, assistant: Assistant) -> None:
    async def make(request: Request) -> Response:
        from assistant.briefing.export import render

        wanted = brief_of(await read_json(request))
        suffix = suffix_of(wanted.format, request.headers.get("accept", ""))
        making = brief_agenda(assistant, wanted.agenda, wanted.length, wanted.reports)
        pack = await unless_left(making, request)
        name = f'attachment; filename="briefing{suffix}"'
        return Response(
            render(pack, suffix),
            media_type=FORMATS[suffix].media_type,
            headers={} if suffix == ".json" else {"Content-Disposition": name},
        )

    formats: dict[str, Any] = {known.media_type: {} for known in FORMATS.values()}

    @api.post(
        "/brief",
        response_model=PackData,
        responses={
            200: {"content": formats},
            406: {"model": FaultData, "description": "Accept names no format of ours."},
            **FAULTS,
        },
        openapi_extra=_body(BriefData),
        summary="Make a briefing pack of an agenda",
    )
    async def brief(request: Request) -> Response:
        return await told(lambda: make(request))
