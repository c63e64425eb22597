"""What a provider can do wrong, each over real HTTP: what the user sees, and how soon."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from assistant import errors
from assistant.cli import run
from tests.provider.faults import FAULTS, FOR_EVER, Fault, address_of
from tests.provider.server import KEY, ModelServer
from tests.test_model_answer import ASKED, SHOWN

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

DOCS = Path(__file__).parents[1] / "docs" / "model.md"
# A wait without a bound would be longer; a busy machine is not as slow as that.
BOUND = FOR_EVER / 2
BY_NAME = {fault.name: fault for fault in FAULTS}


def rows() -> dict[str, str]:
    """Return what docs/model.md says of each fault: the second cell of its row."""
    _, _, table = DOCS.read_text("utf-8").partition("| what fails | what you see |")
    found: dict[str, str] = {}
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            break
        names, seen = (cell.strip() for cell in line.strip("|").split("|"))
        for name in names.split("; "):
            assert name not in found, f"{name} has two rows"
            found[name] = seen
    return found


def general(message: str, address: str) -> str:
    """Return a message with HOST, MODEL, N and REASON for what differs from case to case."""
    message = message.replace(urlsplit(address).netloc, "HOST")
    message = re.sub(r"\bscripted\b", "MODEL", message.partition(" It says:")[0])
    message = re.sub(r"\((?!\d{3}\)|most|ASSISTANT)[^)]+\)", "(REASON)", message)
    return re.sub(r"\b[\d.]+ seconds", "N seconds", message)


def test_each_fault_has_a_row_in_the_docs_and_each_row_a_fault() -> None:
    assert rows().keys() == BY_NAME.keys()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_told_and_costs_nothing_that_was_checked(
    fault: Fault,
    with_model: WithModel,
    server: ModelServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.script(*fault.replies)
    server.read_as(*fault.readings)
    with address_of(fault, server) as address, caplog.at_level(logging.DEBUG):
        assistant = with_model(openai_base_url=address, **fault.settings)
        began = monotonic()
        answer = assistant.answer(ASKED)
        took = monotonic() - began
    assert answer.outcome == fault.outcome
    assert took < BOUND
    kept = fault.kept or fault.outcome == "answered"
    assert [s.text for s in answer.sentences] == ([SHOWN] if kept else [])
    assert (answer.quoting is not None) == (fault.outcome != "answered")
    if answer.quoting is not None:
        assert answer.quoting.outcome == "answered"
        assert answer.quoting.sentences
    if fault.outcome == "error":
        *_, message = answer.text.split("\n\n")
        assert general(message, address) == rows()[fault.name]
    else:
        assert rows()[fault.name].startswith(f"*{fault.outcome}*")
    shown = answer.text + json.dumps(answer.as_json()) + repr(answer)
    assert KEY not in shown + repr(assistant) + caplog.text
    assert "Traceback" not in shown + caplog.text
    (line,) = [r for r in caplog.records if r.name == "assistant.turns"]
    assert json.loads(line.getMessage()).get("fault") == fault.error


def test_a_pause_longer_than_the_wait_for_the_first_word_is_not_begun(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(*BY_NAME["429 with Retry-After"].replies)
    assert "in 120 seconds" in with_model(retries=2).answer(ASKED).text
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("500, then an answer", 2),
        ("429 with a short Retry-After, then an answer", 2),
        ("insufficient quota", 1),
        ("stall in mid-stream", 1),
        ("error in mid-stream", 1),
    ],
)
def test_only_what_may_pass_is_tried_again_and_only_before_the_first_word(
    with_model: WithModel, server: ModelServer, name: str, requests: int
) -> None:
    fault = BY_NAME[name]
    server.script(*fault.replies)
    with_model(**{**fault.settings, "retries": 1}).answer(ASKED)
    assert len(server.log) == requests


@pytest.mark.parametrize("name", ["slow first byte", "stall in mid-stream"])
def test_a_wait_that_is_given_up_ends_the_call_at_the_provider(
    with_model: WithModel, server: ModelServer, name: str
) -> None:
    fault = BY_NAME[name]
    server.script(*fault.replies)
    with_model(**fault.settings).answer(ASKED)
    assert server.closed.wait(60)


def test_every_error_of_the_family_comes_from_a_fault() -> None:
    family = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.ProviderError)
    }
    assert family - {fault.error for fault in FAULTS} == {"ProviderError"}


@pytest.fixture
def environment(
    shelf_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "scripted")
    monkeypatch.setenv("ASSISTANT_RETRIES", "0")
    yield monkeypatch
    logging.getLogger("assistant").setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    "name", ["connection refused", "stall in mid-stream", "401: key not accepted"]
)
def test_the_command_line_tells_a_fault_as_json(
    environment: pytest.MonkeyPatch,
    server: ModelServer,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    fault = BY_NAME[name]
    server.script(*fault.replies)
    with address_of(fault, server) as address:
        environment.setenv("OPENAI_BASE_URL", address)
        for setting, value in fault.settings.items():
            environment.setenv(f"ASSISTANT_{setting.upper()}", str(value))
        assert run(["ask", ASKED, "--json"]) == 1
    printed = capsys.readouterr()
    answer: dict[str, Any] = json.loads(printed.out)
    assert answer["outcome"] == "error"
    assert general(answer["text"].split("\n\n")[-1], address) == rows()[name]
    assert [s["text"] for s in answer["sentences"]] == ([SHOWN] if fault.kept else [])
    assert answer["quoting"]["outcome"] == "answered"
    assert KEY not in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err
