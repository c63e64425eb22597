"""A small application behind the real doors: what it says of a request comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.websockets import WebSocket

from assistant.serving.access.accounts import Accounts
from assistant.serving.access.guard import decide_access
from assistant.serving.access.people import address_of, person_of
from assistant.serving.rates import Rates
from assistant.settings import Settings, load_settings
from assistant.web.doors import add_doors

PASSWORD = "three warm lamps"
HOST = "shelf.example"
URL = f"http://{HOST}"
STRANGER = ("198.51.100.7", 40000)


def make_settings(data_dir: Path, **values: Any) -> Settings:
    return load_settings(data_dir=data_dir, **values)


def with_accounts(data_dir: Path) -> Path:
    accounts = Accounts(data_dir)
    accounts.add("ada", PASSWORD, "editor")
    accounts.add("bob", PASSWORD + " too", "reader")
    return data_dir


def application(settings: Settings, host: str = "0.0.0.0") -> FastAPI:
    app = FastAPI()
    way = decide_access(settings, host)
    add_doors(app, way=way, settings=settings, host=host, rates=Rates())

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def told(path: str, request: Request) -> dict[str, Any]:
        person = person_of(request)
        return {
            "name": person.name,
            "may_add": person.may_add,
            "address": address_of(request.scope),
            "url": str(request.url),
            "headers": sorted(request.headers),
            "bytes": len(await request.body()),
        }

    @app.websocket("/stream")
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("in")

    return app


def client(
    settings: Settings,
    *,
    host: str = "0.0.0.0",
    url: str = URL,
    peer: tuple[str, int] = STRANGER,
) -> TestClient:
    return TestClient(
        application(settings, host), base_url=url, client=peer, follow_redirects=False
    )


def press(
    page: TestClient, name: str, data: list[Any], headers: dict[str, str] | None = None
) -> str:
    """Set off an event of the real page as its script does; return all it was told."""
    events = page.get("/config", headers=headers).json()["dependencies"]
    (number,) = (e["id"] for e in events if e["api_name"] == name)
    joined = {"fn_index": number, "data": data, "session_hash": uuid4().hex}
    page.post("/gradio_api/queue/join", json=joined, headers=headers)
    told = {"session_hash": joined["session_hash"]}
    return page.get("/gradio_api/queue/data", params=told, headers=headers).text


def sign_in(browser: TestClient, name: str = "ada", password: str = PASSWORD) -> Any:
    return browser.post("/login", data={"name": name, "password": password})
