"""Requests written byte by byte, as no client writes them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

LONG = "x" * 2000


def request(
    method: str,
    path: str,
    body: bytes = b"",
    *headers: str,
    kind: str = "application/json",
    version: str = "1.1",
) -> bytes:
    """Return the bytes of one request, after which the connection ends."""
    lines = [
        f"{method} {path} HTTP/{version}",
        "Host: 127.0.0.1",
        "Connection: close",
        *([f"Content-Type: {kind}"] if kind else []),
        *([f"Content-Length: {len(body)}"] if body or method == "POST" else []),
        *headers,
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(method: str, path: str, *pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """Return a request whose body comes in pieces."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    told = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head.encode() + told + end


def send(port: int, raw: bytes, *, seconds: float = 20) -> bytes:
    """Send bytes, and return all that comes back until the other side ends it."""
    back = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as sock:
        try:
            sock.sendall(raw)
            while piece := sock.recv(65_536):
                back += piece
        except (TimeoutError, ConnectionError):
            pass
    return back


def join(**changes: Any) -> bytes:
    body = {"fn_index": 0, "data": [None, None], "session_hash": "x", **changes}
    return json.dumps(body).encode()


JOIN = "/gradio_api/queue/join"
_FORM = "multipart/form-data; boundary=x"
_FILE = (
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\nx\r\n'
)


_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b"1" * 100_000,
    b'{"fn_index":1e999,"data":[]}',
    b'{"question": "\\ud800"}',
    b'{"question": {"question": ["?"]}}',
    b'{"question": "hubs?", "history": {"a": 1}, "reports": 5}',
    b'{"agenda": 5, "text": null, "length": []}',
    join(),
    join(data=None),
    join(data=[1] * 1000),
    join(fn_index=True),
    join(fn_index="0"),
    join(fn_index=10**30),
    join(trigger_id=[1]),
    join(trigger_id=999_999),
    join(event_data={"path": "/etc/passwd"}),
    join(session_hash="../" + LONG),
    join(session_hash=None),
    join(session_hash="é"),
    join(fn_index=4, data=[None, "no such choice", {}, [], 7]),
    join(fn_index=4, data=[None, 12, 1.5, "x", True]),
    join(fn_index=7, data=["?", None, None, ["no such report"], None, None]),
    join(fn_index=7, data=[["a", "b"], None, 5, "x", None, None]),
    join(fn_index=60, data=[[["x"]]]),
    join(fn_index=61, data=["{}", None]),
    join(fn_index=56, data=["NaN", None, "<div>"]),
]


def malformed() -> Iterator[bytes]:
    """Yield requests that no page or program of ours would send."""
    yield from _bodies()
    yield from _forms()
    yield from _addresses()
    yield from _heads()


def _bodies() -> Iterator[bytes]:
    for path in (JOIN, "/api/ask", "/api/brief", "/api/reports", "/gradio_api/cancel"):
        for body in _BODIES:
            yield request("POST", path, body)


def _forms() -> Iterator[bytes]:
    for kind in ("", "text/plain", "application/json; charset=utf-7", "\xff", _FORM):
        for path in (JOIN, "/api/ask", "/login", "/gradio_api/upload"):
            yield request("POST", path, b'{"data": []}', kind=kind)
    for part in (b"", b"--x--", b"--x\r\n\r\n", b"--x\r\n" + b"a: b\r\n" * 500):
        yield request("POST", "/gradio_api/upload", part, kind=_FORM)
    for name in (b"", b"../../x", b"a\x00b", b"\xff", b"CON", b"x" * 5000, b"..", b"/"):
        sent = _FILE % name + b"--x--\r\n"
        yield request("POST", "/gradio_api/upload", sent, kind=_FORM)
        yield request("POST", "/gradio_api/upload?upload_id=..", sent, kind=_FORM)
    yield request("POST", "/gradio_api/upload", _FILE * 2 % (b"a", b"b"), kind=_FORM)
    yield request("POST", "/gradio_api/upload", b"x", kind="multipart/form-data")


def _addresses() -> Iterator[bytes]:
    for path in (
        "/gradio_api/queue/data",
        "/gradio_api/queue/data?session_hash=nobody",
        "/gradio_api/queue/data?session_hash=a&session_hash=b",
        "/gradio_api/queue/data?session_hash=%ff",
        "/gradio_api/heartbeat/..%2f..",
        "/gradio_api/heartbeat/" + LONG,
        "/gradio_api/upload_progress?upload_id=nobody",
        "/gradio_api/file=" + "/etc/passwd",
        "/gradio_api/file=%00",
        "/gradio_api/file=http://127.0.0.1:9/",
        "/gradio_api/info?page=nothing&all_endpoints=1",
        "/gradio_api/info?all_endpoints=" + LONG,
        "/?deep_link=../../x",
        "/config?page=%ff&deep_link=%00",
        "/documents/%00",
        "/documents/..%2f..%2f",
        "/static/..%2f..%2f",
        "/assets/%00",
        "/svelte/" + "../" * 50,
        "/?reports=" + "a," * 2000,
        "/pwa_icon/30000",
        "/monitoring/summary",
        "/\xff\xfe",
        "*",
        "http://evil.example/",
        "//evil.example/%2e%2e",
    ):
        yield request("GET", path, kind="")
        yield request("HEAD", path, kind="")


def _heads() -> Iterator[bytes]:
    for headers in (
        ("Range: bytes=1-2-3",),
        ("Range: bytes=-",),
        ("Cookie: " + "a=b;" * 500,),
        ("Cookie: shelf_browser=" + LONG,),
        ("Authorization: Basic \xff",),
        ("Accept-Language: " + "a," * 500,),
        ("Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"),
        ("Expect: 100-continue",),
        ("Content-Encoding: gzip",),
        ("X-Forwarded-Host: evil", "X-Forwarded-For: a,b,c", "Forwarded: for=x"),
    ):
        yield request("GET", "/", b"", *headers)
        yield request("POST", JOIN, join(), *headers)
    for version in ("1.0", "0.9", "2.0", "x"):
        yield request("GET", "/", kind="", version=version)
        yield request("POST", JOIN, join(), version=version)
    for method in ("PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "OPTIONS", "BREW"):
        yield request(method, "/")
        yield request(method, JOIN, join())
    yield chunked("POST", JOIN, join())
    yield chunked("POST", JOIN, join()[:10], join()[10:])
    yield chunked("POST", JOIN, join(), end=b"zz\r\n\r\n")
    yield chunked("POST", JOIN, b"", end=b"")[:-3]
    yield b"\x16\x03\x01" + b"\x00" * 50
    yield b"GET / HTTP/1.1\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    # Broken off in the middle of a body.
    yield request("POST", JOIN, join())[:-5]
    yield request("POST", "/api/ask", b'{"question": "hubs?"}')[:-5]
