"""The MCP server: its tools in process, over HTTP in the page, and over standard input."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.composition import Assistant
from assistant.errors import ConfigError
from assistant.settings import load_settings
from assistant.tools.mcp_server import make_mcp_server
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant

mcp = pytest.importorskip("mcp")
pytest_plugins = ("tests.shelf",)

QUESTION = "What did Localis recommend on sharing information in 2013?"


def call(server: Any, tool: str, **arguments: Any) -> Any:
    """Call one tool the way another assistant does."""

    async def run() -> Any:
        async with mcp.Client(server) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def test_the_tools_say_what_they_take_and_give(assistant: Assistant) -> None:
    async def run() -> Any:
        async with mcp.Client(make_mcp_server(assistant)) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(run())}
    assert set(tools) == {"ask", "brief", "list_reports"}
    assert tools["ask"].input_schema["required"] == ["question"]
    assert "citations" in tools["ask"].output_schema["properties"]
    assert all(tool.annotations.read_only_hint for tool in tools.values())


def test_ask_gives_the_answer_with_its_citations(assistant: Assistant) -> None:
    result = call(make_mcp_server(assistant), "ask", question=QUESTION)
    expected = assistant.answer(QUESTION)
    assert not result.is_error
    assert result.structured_content["text"] == expected.text
    cited = [c["section"] for c in result.structured_content["citations"]]
    assert cited == [citation.section for citation in expected.citations] != []


def test_brief_and_list_reports(assistant: Assistant) -> None:
    server = make_mcp_server(assistant)
    agenda = "1. Sharing information between services"
    pack = call(server, "brief", agenda=agenda, length="30s").structured_content
    assert pack["complete"]
    assert pack["references"]
    listed = call(server, "list_reports").structured_content["reports"]
    assert [r["document"] for r in listed] == [
        details.document_id for details in assistant.catalogue
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "empty"),
        ("ask", {"question": QUESTION, "reports": ["nope"]}, "no report nope"),
        ("brief", {"agenda": " "}, "agenda"),
    ],
)
def test_what_is_wrong_is_told_to_the_caller(
    assistant: Assistant, tool: str, arguments: dict[str, Any], told: str
) -> None:
    result = call(make_mcp_server(assistant), tool, **arguments)
    assert result.is_error
    assert told in result.content[0].text


def test_over_standard_input(shelf_data: Path) -> None:
    server = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp"],
        env={"ASSISTANT_DATA_DIR": str(shelf_data)},
    )
    result = call(server, "ask", question=QUESTION)
    assert result.structured_content["citations"]


def test_the_page_serves_it_only_where_it_is_turned_on() -> None:
    with TestClient(
        make_app(FakeAssistant()), base_url="http://127.0.0.1:7860"
    ) as page:
        assert page.post("/mcp", json={}).status_code in (404, 405)


def test_without_the_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What an import finds where the package is not there.
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(ConfigError, match=r"pip install .*\[mcp\]"):
        make_mcp_server(FakeAssistant())  # type: ignore[arg-type]
    settings = load_settings(mcp=True)
    with pytest.raises(ConfigError, match=r"pip install"):
        make_app(FakeAssistant(settings=settings))
