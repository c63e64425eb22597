"""Packs that a model writes: its sentences are checked, and its failures told."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from assistant.briefing.agenda.agenda import parse_agenda
from assistant.briefing.export.layout import lay_out
from assistant.briefing.making import Stop, make_pack, prepare
from assistant.briefing.pack import Pack
from tests.provider.server import ModelServer, Reply
from tests.test_model_answer import FALSE, SHOWN, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

ASKED = "What does Level Measures say about subregional data centres?"
MANY = "\n".join(
    f"{n}. What does Level Measures say about {matter}?"
    for n, matter in enumerate(
        ("subregional data centres", "Oflog", "audit", "civil service training"),
        start=1,
    )
)


def brief(assistant: Any, text: str = ASKED, **given: Any) -> Pack:
    agenda = prepare(parse_agenda(text), assistant.parts)
    return make_pack(agenda, assistant.parts, length="full", **given)


def test_a_models_sentences_lead_and_are_checked(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(f"{TRUE} {FALSE}", "1. DROP")
    pack = brief(with_model())
    item = pack.items[0]
    assert [s.text for s in item.line] == [SHOWN]
    assert item.withheld == 1
    assert item.tokens > 0
    assert pack.record.model == "scripted"
    assert not [s for s in item.statements() if "99" in s.text]
    # What each report says stays in quotations.
    assert [p.report for p in item.positions if p.statements] == ["level-measures-2023"]


def test_a_model_that_fails_leaves_quotations_and_the_reason(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(status=401, message="Incorrect API key"))
    item = brief(with_model()).items[0]
    assert item.state == "failed"
    assert "OPENAI_API_KEY" in item.reason
    assert item.line
    text = str(lay_out(brief(with_model())))
    assert "This item failed" in text
    assert "What follows is in quotations." in text


def test_one_failure_leaves_the_other_items(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(status=500, message="down"), TRUE)
    states = sorted(item.state for item in brief(with_model(), MANY).items)
    assert states == ["done", "done", "done", "failed"]


def test_items_are_asked_together(with_model: WithModel, server: ModelServer) -> None:
    server.script(Reply(TRUE, wait=1))
    asked: list[int] = []

    def count(done: int, total: int) -> None:
        questions = MANY.splitlines()
        prompts = " ".join(one.prompt for one in server.log)
        asked.append(sum(q.partition(" ")[2] in prompts for q in questions))

    pack = brief(with_model(), MANY, progress=count)
    # Before the first answer was whole, others had been asked for.
    assert asked[0] >= 2
    assert len(asked) == 4
    assert [item.number for item in pack.items] == ["1", "2", "3", "4"]


def test_a_stop_ends_a_models_answer_soon(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(TRUE, wait=600))
    stop = Stop()
    threading.Timer(1.5, stop.stop).start()
    began = monotonic()
    pack = brief(with_model(), stop=stop)
    # The answer alone would take ten minutes.
    assert monotonic() - began < 120
    assert pack.items[0].state == "not reached"


@pytest.mark.parametrize("text", ["", "Sorry.", "NOT ON THE SHELF"])
def test_a_model_that_finds_nothing_leaves_no_line(
    with_model: WithModel, server: ModelServer, text: str
) -> None:
    server.script(text)
    item = brief(with_model()).items[0]
    assert item.state in ("done", "failed")
    assert not [s for s in item.statements() if "Sorry" in s.text]
