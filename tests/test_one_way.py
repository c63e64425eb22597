"""One way to an answer: command line, chain and REST give the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.composition import Assistant
from assistant.web.server import make_app
from evals.cases import Case, load_cases

pytest_plugins = ("tests.shelf",)

# Letters and conversations among them.
MOST = 80


def chosen() -> list[Case]:
    """Return cases of every kind, those with a history and long ones first."""
    cases = load_cases(held_out=False)
    by_length = sorted(cases, key=lambda c: (not c.history, -len(c.question), c.id))
    return [*by_length[:50], *cases[:: len(cases) // (MOST - 50)]][:MOST]


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in answer.items() if k not in ("seconds", "id")}


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(make_app(assistant), base_url="http://127.0.0.1:7860") as opened:
        yield opened


def test_command_line_chain_and_rest_answer_alike(
    assistant: Assistant, client: TestClient
) -> None:
    for case in chosen():
        plain = assistant.answer(case.question, case.history).as_json()
        given = {"question": case.question, "history": list(case.history)}
        chained = assistant.chain.invoke(given)["answer"].as_json()
        history = [{"role": t.role, "content": t.content} for t in case.history]
        body = {"question": case.question, "history": history}
        asked = client.post("/api/ask", json=body)
        assert asked.status_code == 200, case.id
        assert told(chained) == told(plain), case.id
        assert told(asked.json()) == told(json.loads(json.dumps(plain))), case.id
