"""The end of the process: its exit code, whatever stops it and is in native code."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes import write_corpus
from tests.test_layering import ROOT

pytest_plugins = ("tests.shelf",)

# A thread that is in the model when the command ends, as the one that reads ahead is.
EMBEDS = """
import atexit, sys, threading, time
from assistant import cli
from assistant.index.embeddings import MiniLMEmbedder

def run():
    embedder = MiniLMEmbedder()
    embedder.warm()
    def work():
        while True:
            embedder.embed(["councils " * 250] * 8)
    threading.Thread(target=work, daemon=True).start()
    time.sleep(0.3)
    atexit.register(print, "others were called", flush=True)
    return int(sys.argv[1])

cli.run = run
cli.main()
"""


# Threads that read a shelf when it is closed, as the one that reads ahead may.
READS = """
import sys, time
from contextlib import suppress
from pathlib import Path
from sqlite3 import ProgrammingError
from threading import Thread
from assistant.errors import AssistantError
from assistant.index.opening import open_shelf
from assistant.library.shelf import read_shelf
from tests.fakes import WordHashEmbedder, write_corpus

folder = Path(sys.argv[1])
documents = read_shelf(write_corpus(folder / "corpus"), folder / "reports")
for _ in range(30):
    shelf = open_shelf(folder / "index", documents, WordHashEmbedder())
    def work():
        with suppress(AssistantError, ProgrammingError, AttributeError):
            while True:
                shelf.nearest("what of nurses", 5)
                shelf.lexical.all_ids()
    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.03)
    shelf.close()
    for thread in threads:
        thread.join()
"""


def ended(code: str, argument: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, to its end."""
    return subprocess.run(
        [sys.executable, "-c", code, argument],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_shelf_that_is_closed_under_its_readers_ends_nothing(tmp_path: Path) -> None:
    done = ended(READS, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_thread_in_the_model_does_not_abort_the_end() -> None:
    done = ended(EMBEDS, "3")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == "others were called\n"


@contextmanager
def command(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command of ours on a data folder; one that did not end is killed."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data)}
    if (corpus := data.parent / "corpus").exists():
        environment["ASSISTANT_CORPUS_DIR"] = str(corpus)
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def stopped(
    process: subprocess.Popen[str], number: signal.Signals, begun: Callable[[], object]
) -> tuple[int, str]:
    """Send a signal once something is so; return the exit code and what was said."""
    limit = time.monotonic() + 60
    while not begun() and time.monotonic() < limit:
        time.sleep(0.005)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def finished(data: Path, *arguments: str) -> str:
    with command(data, *arguments) as process:
        out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return out


STOPPED = (
    "assistant: Stopped before the end. Run it again: a change of the shelf that was "
    "begun is finished first."
)
# They are one from `assistant.cli.main` on: one of them is tried each time.
SIGNALS = [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus")
    (tmp_path / "corpus" / "glossary.yaml").write_text("[]\n", encoding="utf-8")
    return tmp_path / "data"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_change_that_is_stopped_is_finished_by_the_next_command(
    data: Path, number: signal.Signals
) -> None:
    with command(data, "index") as process:
        lock = data / "index" / ".lock"
        ended_with, said = stopped(process, number, lock.exists)
        assert (ended_with, said.splitlines()[-1:]) == (CODES[number], [STOPPED])
    parts = "".join(f"## Part {n}\n\nWeirs {n} need care.\n\n" for n in range(200))
    file = data.parent / "weirs.md"
    file.write_text(f"# On Weirs\n\n{parts}", encoding="utf-8")
    add = ("reports", "add", str(file), "--publisher", "Q", "--yes")
    with command(data, *add) as process:
        reports = data / "reports"
        ended_with, said = stopped(
            process, number, lambda: [*reports.glob("*/original*")]
        )
        assert (ended_with, said.splitlines()[-1:]) == (CODES[number], [STOPPED])
    # The lock was let go, and what was left half done is done or gone.
    finished(data, "index")
    assert "agree" in finished(data, "index", "--verify")
    finished(data, *add)
    assert "On Weirs" in finished(data, "reports", "list")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_file_of_questions_that_is_stopped_keeps_what_was_answered(
    data: Path, number: signal.Signals
) -> None:
    answers = data.parent / "answers.jsonl"
    with command(data, "ask", "--batch", "-", "--out", str(answers)) as process:
        assert process.stdin is not None
        process.stdin.write("What of nurses?\n")
        process.stdin.flush()
        ended_with, said = stopped(
            process, number, lambda: answers.exists() and answers.stat().st_size
        )
    assert ended_with == CODES[number]
    assert said.splitlines()[-1:] == [STOPPED]
    assert "Traceback" not in said
    assert len(answers.read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize("number", SIGNALS)
def test_the_page_that_is_stopped_before_it_stands_ends_with_0(
    data: Path, number: signal.Signals
) -> None:
    with command(data, "chat", "--port", "0", "--no-browser") as process:
        lock = data / "index" / ".lock"
        ended_with, said = stopped(process, number, lock.exists)
    assert ended_with == 0
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_page_ends_with_0_while_it_reads_ahead(
    built_shelf: Path, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "index").symlink_to(built_shelf / "index")
    for _ in range(5):
        with command(tmp_path, "chat", "--port", "0", "--no-browser") as process:
            assert process.stdout is not None
            assert re.search("chat page is at", process.stdout.readline())
            assert stopped(process, number, lambda: True) == (0, "")
