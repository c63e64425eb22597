"""The web application: headers, health, what it serves and what it refuses."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from fastapi.testclient import TestClient

from assistant.cli import run
from assistant.errors import ConfigError, IndexLockedError
from assistant.index.lock import IndexLock
from assistant.web.headers import HEADERS
from assistant.web.server import make_app, serve
from tests.browser.fakes import FakeAssistant

pytest_plugins = ("tests.shelf",)

LOCAL = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(make_app(FakeAssistant()), base_url=LOCAL) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/healthz", "/config", "/no-such-page"])
def test_every_answer_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_the_policy_names_no_other_machine() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)


def test_healthz_is_well_and_readyz_says_what_is_missing(client: TestClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    # The prepared assistant has no shelf.
    response = client.get("/readyz")
    missing = ["shelf", "index", "store"]
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "missing": missing}


def test_what_is_private_is_kept_nowhere(client: TestClient) -> None:
    for path in ("/", "/config", "/account"):
        assert client.get(path).headers["cache-control"] == "private, no-store"
    asset = re.search(r'(?:src|href)="\./(assets/[^"]+)"', client.get("/").text)
    assert asset
    assert "no-store" not in client.get(f"/{asset[1]}").headers.get("cache-control", "")
    assert "strict-transport-security" not in client.get("/").headers


def test_a_step_that_another_site_sends_is_refused(client: TestClient) -> None:
    headers = {"origin": "http://evil.example"}
    join = client.post("/gradio_api/queue/join", json={}, headers=headers)
    assert join.status_code == 403


def test_the_page_has_a_language_and_a_title(client: TestClient) -> None:
    html = client.get("/").text
    assert re.search(r'<html\s+lang="en"', html)
    assert client.get("/config").json()["title"] == "Ask the shelf"


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    html = client.get("/").text
    loads = re.findall(
        r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="([^"]+)"', html
    )
    assert loads
    assert not [url for url in loads if re.match(r"(https?:)?//", url)]
    config = client.get("/config").json()
    assert config["stylesheets"] == []
    assert config["footer_links"] == []


def test_nothing_can_be_uploaded(client: TestClient) -> None:
    response = client.post("/gradio_api/upload", files={"files": ("a.txt", b"text")})
    assert response.status_code == 413


def test_a_name_of_another_site_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_import_of_gradio_leaves_inspect_as_it_was() -> None:
    assert inspect.getfile.__module__ == "inspect"


def test_serve_says_which_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} .*ASSISTANT_PORT"):
            serve(FakeAssistant(), "127.0.0.1", port)


SERVE = """
import warnings
from assistant.web.server import serve
from tests.browser.fakes import FakeAssistant

def ready(url):
    warnings.warn("SOCKS support in urllib3 requires another package.")
    print(url, flush=True)

serve(FakeAssistant(), "127.0.0.1", 0, ready=ready)
print("stopped", flush=True)
"""


def test_the_command_is_refused_where_nothing_says_who_may(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["chat", "--host", "0.0.0.0", "--port", "0", "--no-browser"]) == 1
    said = capsys.readouterr().err
    assert "Others would reach the page at 0.0.0.0" in said
    assert "--open-to-everyone" in said


def test_the_command_stops_at_sigterm_and_lets_go_of_the_index(
    shelf_data: Path, tmp_path: Path
) -> None:
    # Another's open shelf would hold the lock of its folder.
    data = shutil.copytree(shelf_data, tmp_path / "copy")
    arguments = ["--host", "0.0.0.0", "--port", "0", "--open-to-everyone"]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data)}
    del environment["GRADIO_TEMP_DIR"]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", *arguments, "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    with process, process.stdout as out:
        found = re.search(r"http://0\.0\.0\.0:(\d+)", out.readline())
        assert found
        url = f"http://127.0.0.1:{found[1]}"
        with urlopen(f"{url}/readyz") as response:
            assert json.load(response) == {"status": "ready"}
        with pytest.raises(IndexLockedError):
            IndexLock(data / "index").hold("write")
        # What is kept, sent to the page and made by it, nobody else here reads.
        open_to_others = [
            path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077
        ]
        assert not open_to_others
        assert (data / "page-files").is_dir()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    lock = IndexLock(data / "index")
    lock.hold("write")
    lock.release()


def test_serve_stops_cleanly_at_ctrl_c_and_has_said_nothing_of_its_libraries() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        url = process.stdout.readline().strip()
        with urlopen(f"{url}/healthz") as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=60)
    assert (process.returncode, said, told) == (0, "stopped\n", "")
