"""The load run: the fake model, the clients, and what is made of their times."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evals.model_server import ModelServer, serving, tokens_of
from evals.timing.fake_model import answer_to
from evals.timing.load import Load, load_table, memory_table, passes
from evals.timing.load_clients import Chat, Page

PASSAGES = """Here they are.

<passage number="1" report="A">
Localis recommends local information sharing hubs wherever these are practical. Yes.
</passage>

<passage number="2" report="B">
Councils in England spend more than a third of their budgets on adult social care.
</passage>
"""
MESSAGES = [{"role": "system", "content": "x"}, {"role": "user", "content": PASSAGES}]


def test_the_fake_model_cites_the_passages_in_turn() -> None:
    assert answer_to(MESSAGES) == (
        "Localis recommends local information sharing hubs wherever these are "
        "practical [1]. Councils in England spend more than a third of their budgets on "
        "[2]."
    )
    assert answer_to([{"role": "user", "content": "no passage"}]) == "NOT ON THE SHELF"


def test_tokens_of_lose_nothing() -> None:
    text = answer_to(MESSAGES)
    tokens = tokens_of(text)
    assert "".join(tokens) == text
    assert max(map(len, tokens)) <= 7


def test_the_fake_model_speaks_as_openai_does() -> None:
    import openai

    messages: Any = MESSAGES
    with serving(ModelServer(answer_to)) as address:
        client = openai.OpenAI(base_url=address, api_key="x")
        with client:
            stream = client.chat.completions.create(
                model="fake", messages=messages, stream=True
            )
            pieces = [c.choices[0].delta.content or "" for c in stream if c.choices]
    assert "".join(pieces) == answer_to(MESSAGES)


CONFIG = {
    "components": [
        {"id": 1, "props": {"elem_id": "question", "value": ""}},
        {"id": 2, "props": {"elem_id": "send", "value": "Send"}},
        {"id": 3, "props": {"elem_id": "reports", "value": []}},
    ],
    "dependencies": [
        {"id": 0, "targets": [[0, "load"]], "inputs": [], "outputs": [3],
         "backend_fn": True, "trigger_after": None},
        {"id": 1, "targets": [[2, "click"]], "inputs": [1, 3], "outputs": [],
         "backend_fn": True, "trigger_after": None},
        {"id": 2, "targets": [[2, "click"]], "inputs": [], "outputs": [],
         "backend_fn": False, "trigger_after": None},
        {"id": 3, "targets": [[None, "success"]], "inputs": [], "outputs": [],
         "backend_fn": True, "trigger_after": 1},
    ],
}  # fmt: skip


def test_a_page_tells_what_is_called_when() -> None:
    page = Page(CONFIG)
    asking = page.on("click", page.part("send"))
    assert [made["id"] for made in page.for_asking()] == [0]
    assert [made["id"] for made in asking] == [1]
    assert [made["id"] for made in page.after(asking)] == [3]
    with pytest.raises(LookupError, match="no-such-part"):
        page.part("no-such-part")


def load(*chats: Chat) -> Load:
    return Load(list(chats), 2.0, 1.0, (100.0, 120.0), [0.001], 1.5)


def test_passes_asks_for_every_answer_and_for_short_gaps() -> None:
    good = Chat(news=[0.1, 0.2, 0.4])
    assert good.gaps == pytest.approx([0.1, 0.2])
    assert passes(load(good))
    assert not passes(load(good, Chat(news=[0.1], fault="it broke")))
    assert not passes(load(Chat(news=[0.0, 0.3, 0.6])))
    assert not passes(load(Chat()))


def test_the_table_names_failures() -> None:
    told = load_table(load(Chat(news=[0.1, 0.2]), Chat(fault="it broke")))
    assert "2 answers, 1 failed" in told
    assert "it broke" in told
    assert "0.500 CPU seconds an answer" in told


def test_memory_is_told_for_the_second_half_alone() -> None:
    assert memory_table([100, 150, 160, 161, 160]) == (
        "100 MB at the start, 160 MB at the end; in the second half +0 MB"
    )


def test_the_command_is_there() -> None:
    from evals.__main__ import parser

    arguments = parser().parse_args(["load", "--chats", "3"])
    assert (arguments.chats, arguments.conversations) == (3, None)
    assert json.dumps(arguments.seconds) == "0"
