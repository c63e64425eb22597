"""No event of the page hands out a file that its sender was not given."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import StreamingResponse
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from assistant.composition import Assistant
from assistant.web.server import make_app
from assistant.web.wall.held import Held
from assistant.web.wall.owners import OWNER
from assistant.web.wall.queue import Queue
from assistant.web.wall.wall import Wall

pytest_plugins = ("tests.shelf",)

LOCAL = "http://127.0.0.1:7860"
JOIN, NEWS, UPLOAD = (
    f"/gradio_api/{name}" for name in ("queue/join", "queue/data", "upload")
)
SECRET = "planted-secret-7f3a"
FILE = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> FastAPI:
    # All of the walk comes from one address within a minute.
    many = {"steps_per_minute": 1_000_000, "uploads_per_hour": 1_000_000}
    settings = assistant.settings.model_copy(update=many)
    return make_app(replace(assistant, settings=settings))


@pytest.fixture(scope="module")
def page(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def other(app: FastAPI, page: TestClient) -> TestClient:
    """Another browser at the same page."""
    return TestClient(app, base_url=LOCAL, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("server") / "session.key"
    file.write_text(SECRET)
    return file


def send(client: TestClient, text: str, name: str = "agenda.txt") -> str:
    """Send a file as the page does; return its name."""
    sent = client.post(UPLOAD, files={"files": (name, text.encode())})
    assert sent.status_code == 200, sent.text
    (path,) = sent.json()
    return str(path)


def file(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "meta": FILE, **more}


def forged(secret: Path, theirs: str) -> list[Any]:
    """Return file objects that nobody may use, and ways to hide one."""
    paths = (
        str(secret),
        os.path.relpath(secret),
        f"{secret.parent}/./{secret.name}",
        f"/proc/self/root{secret}",
        "/proc/self/environ",
        theirs,
        f"{Path(theirs).parent}/../{Path(theirs).parent.name}/{Path(theirs).name}",
        str(place_of(theirs)),
        f"file://{secret}",
        f"/gradio_api/file={secret}",
        f"{LOCAL}/gradio_api/file={secret}",
        "http://127.0.0.1:9/secret",
    )
    one = file(str(secret))
    return [
        *(file(path) for path in paths),
        file("a.txt", url=f"file://{secret}"),
        file("", url=f"{LOCAL}/gradio_api/file={secret}"),
        file(str(secret), is_stream=True),
        [one],
        [[{"a": [one]}]],
        {"a": one},
        {"value": one, "__type__": "update"},
        [{"role": "user", "content": one}],
        {**one, "meta": {**FILE, "more": one}},
        {"path": {"path": str(secret), "meta": FILE}, "meta": FILE},
    ]


def inputs_of(page: TestClient) -> list[tuple[int, int, int, str]]:
    """Return event, number of its inputs, position and kind of each, by the config."""
    config = page.get("/config").json()
    kinds = {part["id"]: part["type"] for part in config["components"]}
    return [
        (event["id"], len(event["inputs"]), position, kinds[part])
        for event in config["dependencies"]
        for position, part in enumerate(event["inputs"])
    ]


def told(client: TestClient, number: int, data: list[Any]) -> str:
    """Set off an event; return all that came back, and what could be fetched by it."""
    session = uuid4().hex
    joined = {"fn_index": number, "data": data, "session_hash": session}
    answer = client.post(JOIN, json=joined)
    if answer.status_code >= 400:
        return answer.text
    news = client.get(NEWS, params={"session_hash": session}).text
    paths = re.findall(r'"(?:path|url)":\s*"([^"]+)"', news)
    return news + "".join(client.get(address_of(path)).text for path in paths)


def address_of(path: str) -> str:
    name = path.rpartition("/gradio_api/file=")[2]
    return f"/gradio_api/file={name}"


def place_of(name: str) -> Path:
    """Return where the server keeps a file."""
    (found,) = root().glob(f"*/*/{name}")
    return found


def root() -> Path:
    return Path(os.environ["GRADIO_TEMP_DIR"])


def page_files() -> str:
    """Return what stands in all files of the page."""
    files = [file for file in root().rglob("*") if file.is_file()]
    return "".join(file.read_text(errors="replace") for file in files)


def walk(page: TestClient, other: TestClient, secret: Path) -> tuple[int, int]:
    """Send every forged file to every input; return how many events and inputs."""
    theirs = send(other, f"1. {SECRET} of another")
    environment = Path("/proc/self/environ").read_text()[:40]
    inputs = inputs_of(page)
    for number, count, position, kind in inputs:
        for one in forged(secret, theirs):
            data = [None] * count
            data[position] = one
            answer = told(page, number, data)
            assert SECRET not in answer, (number, position, kind, one)
            assert environment not in answer, (number, position, kind, one)
            assert str(secret) not in answer, (number, position, kind, one)
            assert str(root()) not in answer, (number, position, kind, one)
    place_of(theirs).unlink()
    assert SECRET not in page_files()
    assert environment not in page_files()
    return len({number for number, *_ in inputs}), len(inputs)


def test_no_event_hands_out_a_file(
    page: TestClient,
    other: TestClient,
    secret: Path,
    record_property: Callable[[str, object], None],
) -> None:
    events, inputs = walk(page, other, secret)
    record_property("walked", f"{events} events, {inputs} inputs")
    # 60 events and 210 inputs when this was written.
    assert events > 50
    assert inputs > 100


def test_the_file_boxes_are_these(page: TestClient) -> None:
    config = page.get("/config").json()
    boxes = {
        part["props"].get("elem_id")
        for part in config["components"]
        if part["type"] in ("file", "uploadbutton")
    }
    # Each is a place to guard: docs/security.md names them.
    assert boxes == {"paper", "read-agenda", "library-file"}


def test_gradios_own_checks_hold_too(assistant: Assistant, secret: Path) -> None:
    """Without our wall, Gradio itself refuses what it was not sent."""
    many = assistant.settings.model_copy(update={"steps_per_minute": 1_000_000})
    bare = make_app(replace(assistant, settings=many))
    (mount,) = (r for r in bare.routes if isinstance(r, Mount) and r.path == "")
    middleware = mount.app.user_middleware  # type: ignore[attr-defined]
    middleware[:] = [one for one in middleware if one.cls is not Wall]
    with TestClient(bare, base_url=LOCAL, raise_server_exceptions=False) as page:
        for number, count, position, kind in inputs_of(page):
            if kind not in ("textbox", "file", "uploadbutton", "checkboxgroup"):
                continue
            data: list[Any] = [None] * count
            data[position] = file(str(secret))
            assert SECRET not in told(page, number, data), (number, position)
    assert SECRET not in page_files()


# The inputs that take files


def event(page: TestClient, name: str) -> tuple[int, int]:
    """Return the number of an event, and how many inputs it has."""
    (number,) = (
        e["id"]
        for e in page.get("/config").json()["dependencies"]
        if e["api_name"] == name
    )
    return number, [n for n, *_ in inputs_of(page)].count(number)


def read(client: TestClient, value: Any) -> str:
    """Let the Briefing page read an agenda from a file."""
    number, count = event(client, "read")
    assert count == 2
    return told(client, number, [value, None])


def test_a_file_is_read_for_whoever_sent_it_and_for_nobody_else(
    page: TestClient, other: TestClient
) -> None:
    path = send(page, "1. The weir of Ashford")
    refused = read(other, file(path))
    assert refused == '{"error":"This file is not one that you sent. Choose it again."}'
    answer = read(page, file(path, url="http://127.0.0.1:9/x", orig_name="/etc/passwd"))
    assert "weir of Ashford" in answer
    # It was read and removed.
    assert "not one that you sent" in read(page, file(path))


def test_a_file_is_handed_out_to_whoever_sent_it_and_to_nobody_else(
    page: TestClient, other: TestClient, secret: Path
) -> None:
    path = send(page, "1. The weir of Ashford")
    own = page.get(address_of(path))
    assert own.text == "1. The weir of Ashford"
    assert own.headers["content-disposition"].startswith("attachment")
    for client, wanted in (
        (other, path),
        (page, str(secret)),
        (page, str(place_of(path))),
        (page, f"/{path}"),
        (page, f"draft{path.removeprefix('sent')}"),
        (page, f"{Path(path).parent}/%2e%2e/{Path(path).parent.name}/agenda.txt"),
        (page, f"%2e/{path}"),
        (page, path.replace("sent/", "sent%2f/")),
        (page, f"{path}%00"),
        (page, "http://127.0.0.1:9/x"),
        (page, f"file://{path}"),
    ):
        refused = client.get(address_of(wanted))
        assert refused.status_code == 403, wanted
        assert list(refused.json()) == ["error"]
        assert "/" not in refused.json()["error"]


class Heard(Queue):
    """Knows every session."""

    def has(self, session: str) -> bool:
        return True


def test_what_is_made_to_be_downloaded_has_a_name_and_no_path(tmp_path: Path) -> None:
    held = Held(tmp_path / 'a "folder" ü', 1, 1)
    made: list[Path] = []
    none: Any = None

    async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
        made.append(held.new_folder(scope, "made") / "a pack.docx")
        made[-1].write_text("a pack")
        value = {"path": str(made[-1]), "url": f"{LOCAL}/gradio_api/file={made[-1]}"}

        async def news() -> AsyncIterator[str]:
            yield f"data: {orjson.dumps(value).decode()}\n\n"

        kind = "text/event-stream"
        await StreamingResponse(news(), media_type=kind)(scope, receive, send)

    wall = Wall(gradio, pages=(), inputs={}, held=held, queue=Heard(none))

    async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
        name = dict(scope.get("headers", ())).get(b"name", b"").decode()
        await wall({**scope, OWNER: name * 40}, receive, send)

    client = TestClient(signed_in, headers={"name": "a"})
    told = json.loads(client.get(NEWS, params={"session_hash": "x"}).text[6:])
    assert re.fullmatch(r"made/[0-9a-f]{32}/a pack\.docx", told["path"])
    assert told["url"] == f"{LOCAL}/gradio_api/file={told['path']}"
    assert client.get(told["url"].removeprefix(LOCAL)).text == "a pack"
    long = f"made/{'a' * 32}/{'ü' * 255}"
    assert client.get(f"/gradio_api/file={long}").status_code == 403
    for name in (told["path"], str(made[0])):
        refused = client.get(f"/gradio_api/file={name}", headers={"name": "b"})
        assert refused.status_code == 403


def test_files_of_the_same_name_and_content_are_each_their_senders(
    page: TestClient, other: TestClient
) -> None:
    assert send(page, "1. Weirs") != send(page, "1. Weirs") != send(other, "1. Weirs")


@pytest.mark.parametrize(
    "called",
    ["../../../evil", "/etc/evil", "..\\..\\evil", "C:\\evil"],
)
def test_a_file_stays_in_its_folder_whatever_it_is_called(
    page: TestClient, called: str
) -> None:
    body = (
        f'--X\r\nContent-Disposition: form-data; name="files"; filename="{called}"\r\n'
        "Content-Type: text/plain\r\n\r\n1. Weirs\r\n--X--\r\n"
    )
    kind = {"content-type": "multipart/form-data; boundary=X"}
    (name,) = page.post(UPLOAD, content=body, headers=kind).json()
    assert re.fullmatch(r"sent/[0-9a-f]{32}/[^/\\]+", name)
    assert page.get(address_of(name)).text == "1. Weirs"
    assert place_of(name).resolve().is_relative_to(root().resolve())


# Ways to say a file that a reader of JSON might take for something else


def number_of(page: TestClient) -> int:
    return event(page, "ask")[0]


def bodies(number: int, secret: Path) -> dict[str, bytes]:
    forged = f'{{"path": "{secret}", "meta": {{"_type": "gradio.FileData"}}}}'
    rest = '"session_hash": "x", "data"'
    plain = (
        f'{{"fn_index": {number}, {rest}: [{forged}, null, null, null, null, null]}}'
    )
    nulls = "[null, null, null, null, null, null]"
    return {
        "twice": f'{{"fn_index": {number}, {rest}: {nulls}, "data": [{forged}]}}'.encode(),
        "other order": f'{{"data": [{forged}], "fn_index": {number}, {rest}: {nulls}}}'.encode(),
        "escaped": plain.replace("path", "p\\u0061th")
        .replace("_type", "\\u005ftype")
        .encode(),
        "utf-16": plain.encode("utf-16"),
        "utf-8 with a mark": b"\xef\xbb\xbf" + plain.encode(),
        "a list": f"[{plain}]".encode(),
        "nothing": b"",
        "half": plain.encode()[:-1],
        "deep": b"[" * 100_000,
        "no number": plain.replace("null", "NaN").encode(),
        "half a sign": plain.replace(forged, '"\\ud800"').encode(),
        "batched": plain.replace(forged, "null")
        .replace("{", '{"batched": true, ', 1)
        .encode(),
        "by name": plain.replace("{", '{"api_name": "ask", ', 1).encode(),
        "event data": plain.replace(forged, "null")
        .replace("{", f'{{"event_data": {forged}, ', 1)
        .encode(),
        "as the session": plain.replace(forged, "null").replace('"x"', forged).encode(),
        "too many": plain.replace("null]", f"null, {forged}]").encode(),
    }


@pytest.mark.parametrize("way", list(bodies(0, Path("x"))))
def test_no_way_of_writing_it_gets_a_file_through(
    page: TestClient, secret: Path, way: str, capfd: pytest.CaptureFixture[str]
) -> None:
    body = bodies(number_of(page), secret)[way]
    answer = page.post(JOIN, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 404), answer.text
    assert list(answer.json()) == ["error"]
    assert secret.name not in answer.text
    said = capfd.readouterr()
    assert len((said.out + said.err).splitlines()) <= 1


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-seq",
    ],
)
def test_a_step_is_taken_as_json_alone(page: TestClient, kind: str) -> None:
    body = bodies(number_of(page), Path("/etc/passwd"))["half"]
    answer = page.post(JOIN, content=body, headers={"content-type": kind})
    assert answer.status_code == 415


# A session is its owner's, whoever knows its name


def test_anothers_session_is_not_to_be_heard_or_ended(
    page: TestClient, other: TestClient
) -> None:
    number, count = event(page, "ask")
    session = uuid4().hex
    joined = {
        "fn_index": number,
        "data": ["What are local hubs?", *[None] * count][:count],
        "session_hash": session,
    }
    event_id = page.post(JOIN, json=joined).json()["event_id"]
    heard = other.get(NEWS, params={"session_hash": session}).text
    assert "process" not in heard
    ended = {"fn_index": number, "session_hash": session, "event_id": event_id}
    assert other.post("/gradio_api/cancel", json=ended).json() == {"success": True}
    assert "process_completed" in page.get(NEWS, params={"session_hash": session}).text
