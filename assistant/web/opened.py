"""Which of Gradio's own addresses are open: those that our page uses."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.refusing import refuse

PREFIX = "/gradio_api/"
# The others run a function outside its queue, draw on other machines, or are for those
# who develop a page.
OPEN = (
    "app_id",
    "cancel",
    "file=",
    "heartbeat/",
    "info",
    "queue/",
    "reset",
    "startup-events",
    "upload",
)


class OpenedOnly:
    """Lets through to Gradio what the page uses of it (plain ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "http":
            path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
            if path.startswith(PREFIX) and not path.startswith(
                tuple(PREFIX + name for name in OPEN)
            ):
                nothing = refuse(404, "There is nothing at this address.")
                await nothing(scope, receive, send)
                return
        await self._app(scope, receive, send)
