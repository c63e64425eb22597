"""Known faults of the locked packages are listed, and silence is never good news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.audit import locked, main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def source(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("OSV_ADDRESS", httpserver.url_for("").rstrip("/"))
    return httpserver


def answer(bad: str) -> object:
    def answered(request: Request) -> Response:
        results = [
            {"vulns": [{"id": "X-1"}]} if query["package"]["name"] == bad else {}
            for query in json.loads(request.data)["queries"]
        ]
        return Response(json.dumps({"results": results}))

    return answered


def test_every_locked_package_is_asked_for(
    source: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for name, _ in locked(ROOT)]
    assert {"gradio", "chromadb", "openai", "uv"} < set(names)
    source.expect_request("/v1/querybatch").respond_with_handler(answer("none"))  # type: ignore[arg-type]
    assert main() == 0
    assert f"{len(names)} locked packages" in capsys.readouterr().out


def test_a_known_fault_is_named(
    source: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    source.expect_request("/v1/querybatch").respond_with_handler(answer("gradio"))  # type: ignore[arg-type]
    source.expect_request("/v1/vulns/X-1").respond_with_json({"summary": "Reads\nall"})
    assert main() == 1
    assert "X-1 Reads all" in capsys.readouterr().out


@pytest.mark.parametrize("status", [500, 200])
def test_what_was_not_checked_is_said(
    source: HTTPServer, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    source.expect_request("/v1/querybatch").respond_with_data("{}", status)
    assert main() == 2
    assert "NOT CHECKED" in capsys.readouterr().out


def test_no_source_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OSV_ADDRESS", "http://127.0.0.1:9")
    assert main() == 2
    assert "NOT CHECKED" in capsys.readouterr().out
