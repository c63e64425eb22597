"""LiteLLM's proxy between us and a scripted server: what comes through, and as what.

It is no dependency of ours: `uv tool install 'litellm[proxy]'` brings the program, and
without it these tests skip, in CI too.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.deployed.programs import until
from tests.provider.server import ModelServer, Reply
from tests.test_model_answer import ASKED, SHOWN, TRUE
from tests.test_provider_faults import BY_NAME, general, rows
from tests.test_server_mode import free_port

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)
pytestmark = pytest.mark.slow

KEY = f"sk-{secrets.token_hex(32)}"
# It starts with a key of its own alone, and shall not ask the network for prices.
OWN = {"LITELLM_MASTER_KEY": KEY, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
THOUGHT = "Okay, Localis recommends it in passage [1]."


TOLD_AS = {"connection closed in mid-stream": "error in mid-stream"}


@pytest.fixture(scope="module")
def proxy(
    _server: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """LiteLLM's proxy before the scripted server; its address."""
    program = shutil.which("litellm")
    if program is None:
        pytest.skip(
            "LiteLLM's proxy is not installed (uv tool install 'litellm[proxy]')"
        )
    folder, port = tmp_path_factory.mktemp("litellm"), free_port()
    behind = {"model": "openai/scripted", "api_base": _server.url, "api_key": "behind"}
    one = {"model_name": "scripted", "litellm_params": behind}
    # JSON is YAML.
    config = {
        "model_list": [one],
        "litellm_settings": {"num_retries": 0},
        # After a fault it would itself refuse what comes next.
        "router_settings": {"disable_cooldowns": True},
    }
    (folder / "config.yaml").write_text(json.dumps(config), "utf-8")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [program, "--config", folder / "config.yaml", "--port", str(port)],
            env={**os.environ, **OWN},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"

    def is_up() -> bool:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            return httpx.get(f"{address}/health/liveliness").is_success
        except httpx.TransportError:
            return False

    try:
        until(is_up, f"{folder / 'log'} says why it is not up")
        yield f"{address}/v1"
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(TRUE),
        Reply(TRUE, thinks=[{"reasoning_content": word} for word in THOUGHT.split()]),
        Reply(f"<think>{THOUGHT}</think>{TRUE}"),
        Reply(TRUE, refuses=("max_tokens",)),
        Reply(TRUE, refuses=("system",)),
    ],
    ids=["plain", "thoughts apart", "thoughts in the text", "no limit", "no system"],
)
def test_an_answer_comes_through(
    proxy: str, with_model: WithModel, server: ModelServer, reply: Reply
) -> None:
    server.script(reply)
    answer = with_model(openai_base_url=proxy, openai_api_key=KEY).answer(ASKED)
    assert answer.outcome == "answered", answer.text
    assert [sentence.text for sentence in answer.sentences] == [SHOWN]


@pytest.mark.parametrize(
    "name",
    [
        "connection closed in mid-stream",
        "longest length reached",
        "error in mid-stream",
        "401: key not accepted",
        "404: no such model",
        "400: context too long",
        "429 without Retry-After",
        "500 without end",
        "content filter",
        "empty answer",
        "thoughts only",
    ],
)
def test_a_fault_is_told_as_without_it(
    proxy: str, with_model: WithModel, server: ModelServer, name: str
) -> None:
    fault = BY_NAME[name]
    server.script(*fault.replies)
    given = {"openai_base_url": proxy, "openai_api_key": KEY, **fault.settings}
    answer = with_model(**given).answer(ASKED)
    told = general(answer.text.split("\n\n")[-1], proxy)
    assert (answer.outcome, told) == ("error", rows()[TOLD_AS.get(name, name)])


def test_it_makes_a_whole_answer_of_one_that_was_cut_off_cleanly(
    proxy: str, with_model: WithModel, server: ModelServer
) -> None:
    server.script(*BY_NAME["clean early close"].replies)
    given = {"openai_base_url": proxy, "openai_api_key": KEY}
    # It says `stop` itself: nothing that reaches us tells of the cut.
    assert with_model(**given).answer(ASKED).outcome == "answered"
