"""What programs and strangers may send that no page of ours does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from assistant.serving.patience import PatientProtocol
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant
from tests.test_web_access import addresses_of

LOCAL = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    app = make_app(FakeAssistant())

    @app.get("/api-that-fails")
    def fails() -> None:
        raise RuntimeError("a secret of this machine")

    # Before the page, which takes every address.
    app.router.routes.insert(0, app.router.routes.pop())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


# What our pages ask of Gradio; each is tried in its own way elsewhere.
IN_USE = {
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/assets/x"),
    ("GET", "/config"),
    ("GET", "/favicon.ico"),
    ("GET", "/manifest.json"),
    ("GET", "/robots.txt"),
    ("GET", "/static/x"),
    ("GET", "/svelte/x"),
    ("GET", "/theme.css"),
    ("GET", "/gradio_api/app_id"),
    ("POST", "/gradio_api/cancel"),
    ("GET", "/gradio_api/file={path_or_url:path}"),
    ("HEAD", "/gradio_api/file={path_or_url:path}"),
    ("GET", "/gradio_api/heartbeat/{session_hash}"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/status"),
    ("POST", "/gradio_api/reset"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/upload_progress"),
}


def test_of_gradios_addresses_only_those_in_use_are_open(page: TestClient) -> None:
    (mount,) = (r for r in page.app.routes if isinstance(r, Mount) and not r.path)  # type: ignore[attr-defined]
    own = set(addresses_of(mount.routes))
    assert own > IN_USE
    closed = own - IN_USE
    for one in (
        ("POST", "/gradio_api/run/{api_name}"),
        ("POST", "/gradio_api/call/{api_name}"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/stream/{event_id}"),
        ("GET", "/gradio_api/proxy={url_path:path}"),
        ("GET", "/logout"),
        ("POST", "/login"),
        ("GET", "/pwa_icon/{size}"),
    ):
        assert one in closed
    for method, path in closed:
        response = page.request(method, path)
        assert response.status_code == 404, (method, path)
        if method != "HEAD":
            assert list(response.json()) == ["error"]


@pytest.mark.parametrize(
    "path",
    [
        "//gradio_api/run/predict",
        "/gradio_api//run/predict",
        "/gradio_api/%72un/predict",
        "/gradio_api/queue/../run/predict",
        "/x/..//gradio_api/run/predict",
        "/gradio_api/queue/join/",
        "/GRADIO_API/queue/join",
    ],
)
def test_no_other_spelling_of_an_address_leads_to_gradio(
    page: TestClient, path: str
) -> None:
    # Sent as it stands: a client would tidy it.
    request = page.build_request("POST", f"{LOCAL}/", json={"data": []})
    request.url = request.url.copy_with(raw_path=path.encode())
    assert page.send(request).json() == {"error": "There is nothing at this address."}


@pytest.mark.parametrize("number", [99_999, -1])
def test_an_event_that_is_not_there_is_told_without_details(
    page: TestClient, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    joined = {"fn_index": number, "data": [], "session_hash": "x"}
    response = page.post("/gradio_api/queue/join", json=joined)
    assert response.status_code == 404
    assert "Reload it" in response.json()["error"]
    assert not caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("HEAD", "/readyz", 503),
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/ask", 405),
        ("GET", "/gradio_api/file=/etc/passwd", 403),
        ("GET", "/documents/..%2f..%2faccounts.json", 404),
        ("GET", "/documents/x%00", 404),
        ("GET", "/static/%2e%2e/%2e%2e/theme.css", 403),
        ("POST", "/gradio_api/queue/join", 415),
        ("GET", "/api-that-fails", 500),
    ],
)
def test_every_answer_has_a_policy_and_tells_no_secret(
    page: TestClient, method: str, path: str, status: int
) -> None:
    response = page.request(method, path)
    assert response.status_code == status
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in response.text


def test_a_length_that_is_told_twice_is_refused(page: TestClient) -> None:
    twice = {"content-length": "5", "transfer-encoding": "chunked"}
    response = page.post("/api/ask", content=b"hello", headers=twice)
    assert response.status_code == 400
    assert response.headers["connection"] == "close"
    assert "told twice" in response.json()["error"]


# Whoever sends slowly


class Hasty(PatientProtocol):
    head_seconds = pause_seconds = 0.3
    body_seconds = 1.0


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with as many bytes as came."""
    if scope["type"] != "http":
        return
    had, more = b"", True
    while more:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return
        had += message.get("body", b"")
        more = message.get("more_body", False)
    if had == b"wait":
        # An answer may take as long as it likes.
        await asyncio.sleep(1.5)
    head = [(b"content-length", str(len(had)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": had})


@contextmanager
def connection(protocol: type[PatientProtocol]) -> Iterator[socket.socket]:
    config = uvicorn.Config(
        echo, port=0, http=protocol, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        address = server.servers[0].sockets[0].getsockname()
        with socket.create_connection(address, timeout=30) as sock:
            yield sock
    finally:
        server.should_exit = True
        thread.join()


def head(length: int) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost:", head(9), head(9) + b"xx"]
)
def test_a_request_that_does_not_come_ends_its_connection(begun: bytes) -> None:
    with connection(Hasty) as sock:
        sock.sendall(begun)
        assert sock.recv(100) == b""


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\nX: ", head(100_000)])
def test_a_little_now_and_then_wins_no_time(begun: bytes) -> None:
    with connection(Hasty) as sock:
        sock.sendall(begun)
        sock.settimeout(0.05)
        until = monotonic() + 30
        while monotonic() < until:
            try:
                sock.sendall(b"x")
                if sock.recv(100) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("the connection was held")


def test_requests_that_come_are_answered_however_long_that_takes() -> None:
    class Steady(PatientProtocol):
        head_seconds = pause_seconds = body_seconds = 1.0

    with connection(Steady) as sock:
        for body in (b"wait", b"", b"more"):
            sock.sendall(head(len(body)) + body)
            answer = b""
            while not answer.endswith(b"\r\n\r\n" + body):
                answer += sock.recv(1000) or b"closed\r\n\r\n" + body
            assert answer.startswith(b"HTTP/1.1 200"), answer
