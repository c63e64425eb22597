"""A small reverse proxy: serves an application under a path, over its own address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

# These belong to one connection (RFC 9110, 7.6.1); the body comes decoded in pieces.
_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def reverse_proxy(target: str, path: str, **headers: str) -> Starlette:
    """Return a proxy that takes the path off and adds headers of its own."""
    client = httpx.AsyncClient(base_url=target, timeout=None, trust_env=False)

    async def pass_on(request: Request) -> Response:
        sent = {k: v for k, v in request.headers.items() if k not in _OWN}
        sent |= {k.replace("_", "-"): v for k, v in headers.items()}
        url = httpx.URL(request.url.path.removeprefix(path))
        url = url.copy_with(query=request.url.query.encode())
        asked = client.build_request(
            request.method, url, headers=sent, content=await request.body()
        )
        answer = await client.send(asked, stream=True)

        async def body() -> AsyncIterator[bytes]:
            try:
                async for piece in answer.aiter_raw():
                    yield piece
            finally:
                await answer.aclose()

        passed = StreamingResponse(body(), answer.status_code)
        passed.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower().decode() not in _OWN
        ]
        return passed

    methods = ["GET", "HEAD", "POST"]
    routes = [Route(f"{path}/{{rest:path}}", pass_on, methods=methods)]
    if path:
        routes.append(Route(path, pass_on, methods=methods))
    return Starlette(routes=routes)
