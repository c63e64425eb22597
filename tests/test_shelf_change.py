"""The shelf changes while this very process answers from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.answering.understanding.glossary import Glossary
from assistant.errors import IndexLockedError, IndexStateError
from assistant.index.opening import open_shelf
from assistant.index.shelf import Shelf
from assistant.index.verify import verify_index
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import Given
from assistant.library.entries import make_entry
from assistant.library.shelf import read_shelf
from assistant.reading.reader import read_file
from tests.fakes import WordHashEmbedder, write_corpus
from tests.shelf_changer import SECTIONS, opened, text_of
from tests.test_lock import another_process
from tests.test_server_mode import chroma, free_port, place_at


class StoppingEmbedder(WordHashEmbedder):
    """Fails once, when it is told to."""

    stops = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.stops and len(texts) > 1:
            self.stops = False
            raise IndexStateError("There is no room left for the index.")
        return super().embed(texts)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    data = tmp_path / "data"
    corpus = write_corpus(tmp_path / "corpus")
    place = Workplace(corpus, data / "reports", data / "index", StoppingEmbedder())
    with closing(opened(place)) as shelf:
        yield replace(place, shelf=shelf)


def shelf_of(place: Workplace) -> Shelf:
    assert place.shelf is not None
    return place.shelf


def put(place: Workplace, folder: Path, version: int, **rest: Any) -> None:
    """Add the report on weirs, or put a new version in its place."""
    file = folder / f"weirs-{version}.md"
    text = text_of("weirs", version).replace("# On weirs", f"# On weirs {version}")
    file.write_text(text, encoding="utf-8")
    extract = read_file(file)
    found = read_candidate(
        Incoming(file, file.name, "weirs"), known={}, read=lambda _: extract
    )
    assert isinstance(found, Candidate)
    given = Given(report="weirs", publisher="Quill House")
    old = [e for e in place.library.entries() if e.details.report == "weirs"]
    entry = make_entry(found, given, old=old[0]) if old else make_entry(found, given)
    change_shelf(
        place, lambda library: library.put(entry, file, extract.sections), **rest
    )


def remove(place: Workplace, **rest: Any) -> None:
    gone = place.library.find("weirs")
    change_shelf(place, lambda library: library.take_off(gone), **rest)


def versions_told(shelf: Shelf) -> set[str]:
    """Return what the sections of the report found say of their version."""
    found = shelf.chunks(shelf.nearest("version that weirs need care", 200, ["weirs"]))
    # Beside its text stands what its details say.
    assert len(found) in (0, SECTIONS + 1), "part of the report is missing"
    texts = [c.text for c in found.values() if c.section != "About this report"]
    told = {text.split("version ")[1].split()[0] for text in texts}
    titles = {chunk.details.title.rpartition(" ")[2] for chunk in found.values()}
    assert titles == told, "the chunks and their details are of two versions"
    return told


def problems(place: Workplace) -> list[str]:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    found = verify_index(place.index_dir, documents, place.embedder, place.chroma_url)
    return [problem.what for problem in found]


def test_the_next_question_is_answered_from_the_changed_shelf(
    place: Workplace, tmp_path: Path
) -> None:
    shelf = shelf_of(place)
    assert "weirs" not in shelf.reports
    put(place, tmp_path, 1)
    assert "weirs" in shelf.reports
    assert versions_told(shelf.now()) == {"1"}
    put(place, tmp_path, 2)
    assert versions_told(shelf.now()) == {"2"}
    remove(place)
    assert "weirs" not in shelf.reports
    shelf.close()
    assert problems(place) == []


def test_what_a_question_began_with_stays_until_it_ends(
    place: Workplace, tmp_path: Path
) -> None:
    put(place, tmp_path, 1)
    shelf = shelf_of(place)
    begun: list[Shelf] = [shelf.now()]
    seen = Event()
    changing = Thread(target=remove, args=(place,), kwargs={"published": seen.set})
    changing.start()
    assert seen.wait(60)
    assert "weirs" not in shelf.now().reports
    # It waits for the question that was begun before, which sees the report whole.
    assert changing.is_alive()
    assert versions_told(begun[0]) == {"1"}
    assert begun[0].lexical.search(["weirs"], 99)
    begun.clear()
    changing.join(60)
    assert not changing.is_alive()
    shelf.close()
    assert problems(place) == []


class Asking(Thread):
    """Does one thing again and again until it is told to stop; keeps what failed."""

    def __init__(self, once: Callable[[], None], ended: Event) -> None:
        super().__init__()
        self.times = 0
        self.fault: BaseException | None = None
        self._once = once
        self._ended = ended

    def run(self) -> None:
        while not self._ended.is_set() and self.fault is None:
            try:
                self._once()
                self.times += 1
            except BaseException as error:  # noqa: BLE001 - whatever it is, a fault
                self.fault = error


def test_questions_asked_while_it_changes_never_mix_two_states(
    place: Workplace, tmp_path: Path
) -> None:
    shelf = shelf_of(place)
    parts = Parts(shelf=shelf, glossary=Glossary(()))
    told: set[str] = set()

    def look() -> None:
        state = shelf.now()
        first = versions_told(state)
        assert len(first) == ("weirs" in state.reports)
        assert versions_told(state) == first
        told.update(first)

    def ask() -> None:
        answer = answer_question(Question("What of weirs number 7?"), parts)
        assert len({c.title for c in answer.citations if c.report == "weirs"}) <= 1

    ended = Event()
    threads = [Asking(once, ended) for once in (look, look, ask)]
    for thread in threads:
        thread.start()
    try:
        for version in range(1, 9):
            put(place, tmp_path, version)
            if version % 3 == 0:
                remove(place)
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert [thread.fault for thread in threads] == [None] * 3
    assert all(thread.times > 2 for thread in threads)
    assert len(told) > 1
    shelf.close()
    assert problems(place) == []


def test_two_changes_take_turns(place: Workplace, tmp_path: Path) -> None:
    threads = [
        Thread(target=put, args=(place, tmp_path, version)) for version in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    shelf = shelf_of(place)
    assert len(versions_told(shelf.now())) == 1
    shelf.close()
    assert problems(place) == []


def test_while_another_process_reads_nothing_is_changed(
    place: Workplace, tmp_path: Path
) -> None:
    shelf = shelf_of(place)
    before = place.library.rows()
    with (
        another_process(place.index_dir, "read"),
        pytest.raises(IndexLockedError, match="Wait for it or close it"),
    ):
        put(place, tmp_path, 1)
    assert place.library.rows() == before
    assert "weirs" not in shelf.now().reports
    # It still keeps writers out, and may change once the other has gone.
    put(place, tmp_path, 1)
    assert versions_told(shelf.now()) == {"1"}


def test_a_change_that_fails_is_taken_back(place: Workplace, tmp_path: Path) -> None:
    put(place, tmp_path, 1)
    shelf = shelf_of(place)
    before = place.library.rows()
    embedder = place.embedder
    assert isinstance(embedder, StoppingEmbedder)
    embedder.stops = True
    with pytest.raises(IndexStateError, match="no room"):
        put(place, tmp_path, 2)
    assert place.library.rows() == before
    assert versions_told(shelf.now()) == {"1"}
    put(place, tmp_path, 3)
    assert versions_told(shelf.now()) == {"3"}
    shelf.close()
    assert problems(place) == []


def test_a_reader_of_a_server_changes_its_shelf_too(tmp_path: Path) -> None:
    port = free_port()
    place = place_at(tmp_path, port)
    with chroma(tmp_path / "chroma", port):

        def read() -> Any:
            return read_shelf(place.corpus_dir, place.reports_dir)

        shelves = [
            open_shelf(
                place.index_dir,
                read(),
                place.embedder,
                chroma_url=place.chroma_url,
                reread=read,
            )
            for _ in range(2)
        ]
        place = replace(place, shelf=shelves[0])
        put(place, tmp_path, 1)
        put(place, tmp_path, 2)
        # Another process of the page takes it up with its next question.
        assert [versions_told(shelf.now()) for shelf in shelves] == [{"2"}, {"2"}]
        remove(place)
        assert ["weirs" in shelf.now().reports for shelf in shelves] == [False] * 2
        assert problems(place) == []
        for shelf in shelves:
            shelf.close()
