"""A Chroma server: one process indexes while others answer, and it may be restarted."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import IndexLockedError, IndexStateError, StoreUnreachableError
from assistant.index.lock import IndexLock
from assistant.index.manifest import SyncResult
from assistant.index.opening import open_shelf, update_index
from assistant.index.store.chunks import ChunkStore
from assistant.index.verify import verify_index
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import Given
from assistant.library.entries import make_entry
from assistant.library.shelf import read_shelf
from tests.fakes import WordHashEmbedder, write_corpus
from tests.serving import page_process
from tests.test_layering import ROOT

NOTE = "# On Weirs\n\n## Care\n\nQuill House says that weirs need care.\n"
PATIENCE = 60


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chroma(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Chroma server until the end of the block."""
    program = Path(sys.executable).parent / "chroma"
    server = subprocess.Popen(
        [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        start_new_session=True,
    )
    try:
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=1)
                break
            except httpx.HTTPError:
                assert time.monotonic() < ends, "the server does not start"
                assert server.poll() is None, "the server ended"
                time.sleep(0.1)
        yield server
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class Reader:
    """A process that answers, as a web process does."""

    def __init__(self, place: Workplace) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "tests.shelf_reader", str(place.corpus_dir),
                str(place.reports_dir.parent), str(place.chroma_url),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def find(self, word: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        self._process.communicate()


def place_at(folder: Path, port: int) -> Workplace:
    return Workplace(
        corpus_dir=write_corpus(folder / "corpus"),
        reports_dir=folder / "data" / "reports",
        index_dir=folder / "data" / "index",
        embedder=WordHashEmbedder(),
        chroma_url=f"http://127.0.0.1:{port}",
    )


def add_note(place: Workplace, folder: Path) -> None:
    file = folder / "weirs.md"
    file.write_text(NOTE, encoding="utf-8")
    one = read_candidate(Incoming(file, file.name, str(file)), known={})
    assert isinstance(one, Candidate)
    entry = make_entry(one, Given(report="weirs", publisher="Q"))
    change_shelf(place, lambda library: library.put(entry, file, one.extract.sections))


def build(place: Workplace) -> None:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    update_index(
        place.index_dir, documents, place.embedder, chroma_url=place.chroma_url
    )


def problems(place: Workplace) -> list[str]:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    found = verify_index(place.index_dir, documents, place.embedder, place.chroma_url)
    return [problem.what for problem in found]


def test_two_readers_answer_from_what_a_third_process_indexes(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        readers = [Reader(place), Reader(place)]
        try:
            for reader in readers:
                assert "buses-2023" in reader.find("nurses")["reports"]
                assert "weirs" not in reader.find("weirs")["reports"]
            add_note(place, tmp_path)
            # The very next question is answered from it: no waiting, no restart.
            assert ["weirs" in r.find("weirs")["reports"] for r in readers] == [
                True
            ] * 2
            change_shelf(place, lambda library: library.remove("weirs/report"))
            assert ["weirs" in r.find("weirs")["reports"] for r in readers] == [
                False
            ] * 2
        finally:
            for reader in readers:
                reader.close()
        assert problems(place) == []


def test_a_restart_of_the_server_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        add_note(place, tmp_path)
        reader = Reader(place)
        before = reader.find("weirs")
    # Killed, not stopped.
    assert "weirs" in before["reports"]
    try:
        down = reader.find("weirs")
        assert "The Chroma server at http://127.0.0.1" in down["error"]
        assert "does not answer. Start it (chroma run" in down["error"]
        with pytest.raises(StoreUnreachableError):
            change_shelf(place, lambda library: library.remove("weirs/report"))
        with chroma(tmp_path / "chroma", port):
            assert reader.find("weirs") == before
            assert problems(place) == []
    finally:
        reader.close()


def test_an_open_page_goes_on_with_the_next_question_after_a_restart(
    tmp_path: Path,
) -> None:
    port = free_port()
    corpus = write_corpus(tmp_path / "corpus")
    (corpus / "glossary.yaml").write_text("[]\n", encoding="utf-8")
    where = {
        "ASSISTANT_CORPUS_DIR": str(corpus),
        "ASSISTANT_CHROMA_URL": f"http://127.0.0.1:{port}",
    }
    data, log = tmp_path / "data", tmp_path / "log"
    with ExitStack() as stack:
        # The page needs the server to start.
        with chroma(tmp_path / "chroma", port):
            at, _ = stack.enter_context(page_process(data, log, **where))
            page = stack.enter_context(
                httpx.Client(base_url=f"http://127.0.0.1:{at}", timeout=PATIENCE)
            )

            def ask() -> tuple[int, str]:
                asked = {"question": "What does the report say about nurses?"}
                answer = page.post("/api/ask", json=asked)
                told = answer.json()
                return answer.status_code, told.get("error") or told["text"]

            before = ask()
            assert before[0] == 200
        code, told = ask()
        assert (code, "does not answer. Start it" in told) == (503, True)
        until_ready(page, 503)
        with chroma(tmp_path / "chroma", port):
            assert ask() == before
            until_ready(page, 200)


def until_ready(page: httpx.Client, code: int) -> None:
    """Wait until the page says so; it looks again every few seconds."""
    ends = time.monotonic() + PATIENCE
    while page.get("/readyz").status_code != code:
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    place = place_at(tmp_path, free_port())
    with pytest.raises(StoreUnreachableError, match="set ASSISTANT_CHROMA_URL"):
        build(place)


def test_only_one_process_writes(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        writer = IndexLock(place.index_dir)
        writer.hold("write")
        with pytest.raises(IndexLockedError):
            add_note(place, tmp_path)
        # Whoever reads need not wait for it.
        documents = read_shelf(place.corpus_dir, place.reports_dir)
        shelf = open_shelf(
            place.index_dir, documents, place.embedder, chroma_url=place.chroma_url
        )
        assert "parks-2021" in shelf.reports
        shelf.close()
        writer.release()
        # A lost lexical index is made again from the server's chunks.
        (place.index_dir / "lexical.sqlite").unlink()
        again = open_shelf(
            place.index_dir, documents, place.embedder, chroma_url=place.chroma_url
        )
        assert again.lexical.search(["nurses"], 9)
        again.close()


def rebuild(place: Workplace) -> SyncResult:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    return update_index(
        place.index_dir,
        documents,
        place.embedder,
        rebuild=True,
        chroma_url=place.chroma_url,
    )


def collections(place: Workplace) -> list[str]:
    address = f"{place.chroma_url}/api/v2/tenants/default_tenant/databases"
    found = httpx.get(f"{address}/default_database/collections").json()
    return sorted(one["name"] for one in found)


def test_a_rebuild_under_an_open_page_goes_unnoticed(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        reader = Reader(place)
        try:
            before = reader.find("nurses")
            assert rebuild(place).added == 7
            assert reader.find("nurses") == before
            assert reader.find("ready?") == {"ready": True}
            assert rebuild(place).added == 7
            assert reader.find("ready?") == {"ready": True}
            assert reader.find("nurses") == before
        finally:
            reader.close()
        # The old ones are gone, and a report that is added now goes to the new ones.
        assert len(collections(place)) == 2
        add_note(place, tmp_path)
        assert problems(place) == []
        assert not (place.index_dir / "rebuilding").exists()


def test_a_rebuild_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    class Failing(WordHashEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise IndexStateError("There is no room left.")

    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        with pytest.raises(IndexStateError, match="no room"):
            rebuild(replace(place, embedder=Failing()))
        assert len(collections(place)) == 2
        assert problems(place) == []


def test_an_emptied_server_is_told_and_filled_again(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):
        build(place)
        reader = Reader(place)
        before = reader.find("nurses")
    try:
        # Started again on another folder.
        with chroma(tmp_path / "other", port):
            for asked in ("nurses", "ready?"):
                told = reader.find(asked)["error"]
                assert "The Chroma server at http://127.0.0.1" in told
                assert "run: assistant index" in told
            documents = read_shelf(place.corpus_dir, place.reports_dir)
            done = update_index(
                place.index_dir, documents, place.embedder, chroma_url=place.chroma_url
            )
            assert (done.added, done.unchanged) == (7, 0)
            assert reader.find("nurses") == before
            assert reader.find("ready?") == {"ready": True}
            # Its chunks deleted, its collections still there.
            with closing(ChunkStore(tmp_path, place.chroma_url)) as store:
                store.delete([chunk.id for chunk in store.all_chunks()])
            assert "has lost passages" in reader.find("nurses")["error"]
            assert "has lost passages" in reader.find("ready?")["error"]
            build(place)
            assert reader.find("nurses") == before
    finally:
        reader.close()
