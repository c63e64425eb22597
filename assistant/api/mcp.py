"""The MCP server as a part of the page's application, at ``/mcp``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from assistant.tools.mcp_server import make_mcp_server

if TYPE_CHECKING:
    from assistant.composition import Assistant

PATH = "/mcp"


def add_mcp(app: FastAPI, assistant: Assistant) -> None:
    """Add the route, and let the server live as long as the application.

    Raises:
        ConfigError: the package ``mcp`` is not installed.
    """
    server = make_mcp_server(assistant)
    from mcp.server.transport_security import TransportSecuritySettings

    part = server.streamable_http_app(
        streamable_http_path=PATH,
        # Each request stands for itself: no session has to be found again.
        stateless_http=True,
        max_request_body_size=int(assistant.settings.request_mb * 1_000_000),
        # Names of hosts and origins are checked at the door of the whole application.
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=False
        ),
    )
    app.router.routes.extend(part.routes)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app_: FastAPI) -> AsyncIterator[Any]:
        async with before(app_) as state, part.router.lifespan_context(part):
            yield state

    app.router.lifespan_context = lifespan
