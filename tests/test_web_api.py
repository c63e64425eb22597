"""The REST end point: answers, steps, packs, the shelf, and what it says of faults."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.writers.state import Told
from assistant.api.input import brief_of, suffix_of
from assistant.composition import Assistant
from assistant.errors import AgendaError
from assistant.serving.refusing import RefusedError
from assistant.tools.contract import AnswerData, PackData
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant, FakeChain

if TYPE_CHECKING:
    from tests.provider.server import ModelServer, WithModel

pytest_plugins = ("tests.provider.fixtures",)

LOCAL = "http://127.0.0.1:7860"
QUESTION = "What did Localis recommend on sharing information in 2013?"


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(make_app(assistant), base_url=LOCAL) as client:
        yield client


@pytest.fixture(scope="module")
def fake() -> Iterator[TestClient]:
    app = make_app(FakeAssistant())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    """Return the events of a stream as a client reads them."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(
            line.split(": ", 1) for line in block.splitlines() if line[:1] != ":"
        )
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_ask_gives_the_object_of_the_contract(
    client: TestClient, assistant: Assistant
) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "id": 7})
    found = response.json()
    expected = json.loads(json.dumps(assistant.answer(QUESTION, id="7").as_json()))
    assert response.status_code == 200
    assert {**found, "seconds": 0} == {**expected, "seconds": 0}
    assert found["citations"]
    # Nothing in it that the published schema does not name.
    told = AnswerData.model_validate(found).model_dump(mode="json", exclude_unset=True)
    assert told == found


def test_a_follow_up_and_the_reports_are_taken(client: TestClient) -> None:
    history = [
        {"role": "user", "content": "What does Level Measures say about data?"},
        {"role": "assistant", "content": "31ten (2023) says that data matters."},
    ]
    asked = {"question": "Who wrote it?", "history": history}
    found = client.post("/api/ask", json=asked).json()
    assert "Level Measures" in found["standalone_question"]
    reports = ["changing-places-2013"]
    narrow = client.post("/api/ask", json={"question": QUESTION, "reports": reports})
    assert {p["report"] for p in narrow.json()["passages"]} == set(reports)


@pytest.mark.parametrize("as_field", [True, False])
def test_a_stream_gives_the_steps_and_then_the_answer(
    client: TestClient, as_field: bool
) -> None:
    asked = {"question": QUESTION, **({"stream": True} if as_field else {})}
    path = "/api/ask" if as_field else "/api/ask/stream"
    response = client.post(path, json=asked)
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    names = [name for name, _ in found]
    assert names[:2] == ["standalone_question", "passages"]
    assert names[-1] == "answer"
    answer = found[-1][1]
    assert [data for name, data in found if name == "sentence"] == answer["sentences"]


def test_a_stream_of_a_model_gives_each_sentence_once(
    with_model: WithModel, server: ModelServer
) -> None:
    from tests.test_model_answer import ASKED, FALSE, TRUE

    server.script(f"{TRUE} {FALSE}", "Nothing.")
    with TestClient(make_app(with_model()), base_url=LOCAL) as client:
        found = events(client.post("/api/ask/stream", json={"question": ASKED}).text)
    names = [name for name, _ in found]
    assert names == [
        "standalone_question", "passages", "sentence", "withheld", "answer",
    ]  # fmt: skip


def test_a_model_that_fails_is_a_bad_gateway_and_nothing_is_lost(
    with_model: WithModel, server: ModelServer
) -> None:
    from tests.provider.server import Reply

    server.script(Reply(status=500))
    with TestClient(make_app(with_model()), base_url=LOCAL) as client:
        response = client.post("/api/ask", json={"question": QUESTION})
    found = response.json()
    assert (response.status_code, found["outcome"]) == (502, "error")
    assert found["error"] == found["text"]
    assert found["quoting"]["citations"]


@pytest.mark.parametrize(
    ("path", "sent", "status", "told"),
    [
        ("ask", {}, 400, "'question' is missing"),
        ("ask", {"question": " "}, 400, "empty"),
        ("ask", {"question": "x", "stream": "yes"}, 400, "'stream'"),
        ("ask", {"question": QUESTION, "reports": ["nope"]}, 400, "no report nope"),
        ("ask/stream", {"question": "x" * 9999}, 400, "characters"),
        ("ask", ["x"], 400, "JSON object"),
        ("brief", {}, 400, "'agenda'"),
        ("brief", {"agenda": "1. A", "length": "9h"}, 400, "'length'"),
        ("brief", {"agenda": "1. A", "colour": 1}, 400, "Unknown field"),
        ("brief", {"agenda": " "}, 400, "agenda"),
    ],
)
def test_what_is_wrong_is_said_with_its_status(
    client: TestClient, path: str, sent: Any, status: int, told: str
) -> None:
    response = client.post(f"/api/{path}", json=sent)
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert told in response.json()["error"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"question=x", "application/x-www-form-urlencoded", 415),
        (b'{"question": "x"}', "text/plain", 415),
    ],
)
def test_what_is_not_json_is_refused(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    headers = {"content-type": kind}
    response = client.post("/api/ask", content=content, headers=headers)
    assert (response.status_code, list(response.json())) == (status, ["error"])


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/api/ask", 405, "takes POST"),
        ("BREW", "/api/reports", 405, "takes GET"),
        ("GET", "/api/nothing", 404, "/api/openapi.json"),
        ("POST", "/api/ask/", 404, "/api/openapi.json"),
        ("GET", "/api/%2e%2e/config", 404, "/api/openapi.json"),
    ],
)
def test_what_is_not_there_is_told_in_the_same_shape(
    fake: TestClient, method: str, path: str, status: int, told: str
) -> None:
    response = fake.request(method, path)
    assert (response.status_code, list(response.json())) == (status, ["error"])
    assert told in response.json()["error"]
    assert ("allow" in response.headers) == (status == 405)


def test_half_a_sign_in_what_is_refused_is_told_all_the_same(fake: TestClient) -> None:
    headers = {"content-type": "application/json"}
    content = b'{"agenda": "A", "\\udfff": 1}'
    response = fake.post("/api/brief", content=content, headers=headers)
    assert (response.status_code, list(response.json())) == (400, ["error"])


@pytest.mark.parametrize("path", ["ask", "ask/stream"])
def test_a_fault_of_ours_is_told_by_a_number_alone(
    fake: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = fake.post(f"/api/{path}", json={"question": "broken"})
    assert "secret" not in response.text
    assert "a secret of this machine" in caplog.text
    if path == "ask":
        assert response.status_code == 500


def test_the_limits_of_the_page_hold() -> None:
    settings = FakeAssistant().settings.model_copy(
        update={"address_questions_per_minute": 1}
    )
    app = make_app(FakeAssistant(settings=settings))
    with TestClient(app, base_url=LOCAL) as client:
        codes = [client.post("/api/ask", json={"question": "hubs"}) for _ in range(2)]
    assert [code.status_code for code in codes] == [200, 429]
    assert int(codes[1].headers["retry-after"]) > 0
    assert codes[1].json()["error"]


def test_a_brief_comes_in_the_format_asked_for(client: TestClient) -> None:
    asked = {"agenda": "1. Sharing information between services", "length": "30s"}
    pack = client.post("/api/brief", json=asked).json()
    assert pack["references"]
    assert PackData.model_validate(pack).complete
    word = client.post("/api/brief", json={**asked, "format": "docx"})
    with zipfile.ZipFile(io.BytesIO(word.content)) as file:
        assert "word/document.xml" in file.namelist()
    assert "briefing.docx" in word.headers["content-disposition"]
    markdown = client.post(
        "/api/brief", json=asked, headers={"accept": "text/markdown"}
    )
    assert markdown.text.startswith("# ")
    image = client.post("/api/brief", json=asked, headers={"accept": "image/png"})
    assert image.status_code == 406


def test_reports_lists_every_document(client: TestClient, assistant: Assistant) -> None:
    found = client.get("/api/reports").json()["reports"]
    assert [r["document"] for r in found] == [
        details.document_id for details in assistant.catalogue
    ]


def test_openapi_names_every_route_and_no_other_machine(client: TestClient) -> None:
    found = client.get("/api/openapi.json").json()
    assert set(found["paths"]) == {
        "/api/ask", "/api/ask/stream", "/api/brief", "/api/reports",
    }  # fmt: skip
    assert (
        client.get("/docs").status_code != 200
        or "swagger" not in client.get("/docs").text.lower()
    )
    assert "AnswerData" in found["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found)))
    assert "Turn" in named
    assert named <= set(found["components"]["schemas"])


class Leaving(FakeChain):
    """Waits until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = asyncio.Event()

    async def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        try:
            yield {"standalone_question": "x"}
            await asyncio.sleep(60)
        finally:
            self.closed.set()


async def leave(app: Any, path: str, sent: object, until: Callable[[], bool]) -> None:
    """Call an application as a server does, and leave once something has happened."""
    body = json.dumps(sent).encode()
    told = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        if message := next(told, None):
            return message
        while not until():
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    headers = [
        (b"host", b"127.0.0.1"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "headers": headers, "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 7860),
        "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_whoever_leaves_stops_the_answer(path: str) -> None:
    async def run() -> None:
        chain = Leaving()
        app = make_app(FakeAssistant(chain=chain))
        async with asyncio.timeout(60):
            await leave(app, path, {"question": "hubs"}, lambda: True)
            await chain.closed.wait()

    asyncio.run(run())


def test_whoever_leaves_stops_a_pack_which_stays_his(
    assistant: Assistant, tmp_path: Path
) -> None:
    settings = assistant.settings.model_copy(update={"data_dir": tmp_path})
    app = make_app(Assistant(settings, assistant.parts))
    # So many that nobody's machine has made them all before it hears of the leaving.
    matters = ["Prevention", *(f"Devolution in year {n}" for n in range(1, 40))]
    agenda = "\n".join(f"{n}. {matter}" for n, matter in enumerate(matters, 1))
    asked = {"agenda": agenda, "length": "30s"}

    def kept() -> list[Path]:
        return list((tmp_path / "briefings").glob("*.json"))

    async def run() -> None:
        await leave(app, "/api/brief", asked, lambda: bool(kept()))
        while app.state.answers.running:
            await asyncio.sleep(0.01)

    asyncio.run(run())
    (file,) = kept()
    items = json.loads(file.read_text())
    assert 1 <= len(items) < len(matters)
    # What is kept is its owner's: somebody else has the pack made anew.
    one = next(matter for matter in matters if f'"{matter}"' in file.read_text())
    file.write_text(file.read_text().replace(f'"{one}"', f'"{one}, as kept"'))
    with TestClient(app, base_url=LOCAL) as client:
        pack = client.post("/api/brief", json=asked).json()
    assert pack["complete"]
    titles = [item["title"] for item in pack["items"]]
    assert titles == matters
    assert kept() == [file]


@pytest.mark.parametrize(
    ("wanted", "accept", "suffix"),
    [
        (None, "", ".json"),
        (None, "*/*", ".json"),
        ("pdf", "text/html", ".pdf"),
        (None, "text/html;q=0.2, application/pdf;q=0.9", ".pdf"),
        (None, "text/*", ".md"),
    ],
)
def test_suffix_of_takes_the_field_and_then_the_header(
    wanted: str | None, accept: str, suffix: str
) -> None:
    assert suffix_of(wanted, accept) == suffix


@given(st.text(max_size=60))
def test_any_header_gives_a_format_or_a_refusal(accept: str) -> None:
    with suppress(RefusedError):
        assert suffix_of(None, accept) in {".json", ".docx", ".pdf", ".html", ".md"}


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists) | st.dictionaries(
    st.sampled_from(["agenda", "length", "reports", "format", "x"]),
    st.none() | st.text() | st.integers() | st.lists(st.text()),
))  # fmt: skip
def test_any_input_of_a_brief_is_taken_or_refused(value: Any) -> None:
    with suppress(AgendaError):
        assert brief_of(value).agenda == value["agenda"]
