"""The end of the process: exit code 0, whatever threads are in native code."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_shelf_that_is_closed_under_its_readers_ends_nothing(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", READS, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("code", [0, 3])
def test_a_thread_in_the_model_does_not_abort_the_end(code: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", EMBEDS, str(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (code, "")
    assert ended.stdout == "others were called\n"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_page_ends_with_0_while_it_reads_ahead(
    built_shelf: Path, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "index").symlink_to(built_shelf / "index")
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-m", "assistant", "chat", "--port", "0", "--no-browser"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path)},
        ) as process:
            assert process.stdout is not None
            assert re.search("chat page is at", process.stdout.readline())
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
