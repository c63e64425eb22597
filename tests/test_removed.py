"""Removed is removed: no byte of a report's text stands on under the data folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import URL

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.pack import Item
from assistant.briefing.saved import SavedItems
from assistant.feedback.store import FeedbackStore
from assistant.index.lexical import LexicalIndex
from assistant.index.manifest import read_manifest, write_manifest
from assistant.index.store.chunks import ChunkStore
from assistant.library.changes import Workplace, change_shelf
from assistant.library.entries import make_entry
from assistant.schema import Chunk
from tests.browser.fakes import NEW
from tests.shelf_changer import opened
from tests.test_feedback import RIGHT, WRONG
from tests.test_library import added, candidate, found_by, place, put

__all__ = ["place"]

# Words that nothing else holds, longer than a page of a database.
SECRET = " ".join(f"Zyzzyva{n} says quagmire{n}." for n in range(900))
NOTE = f"# On Weirs\n\nQuill House, 5 July 2023\n\n## Zyzzyva care\n\n{SECRET}\n"
MARKS = re.compile(rb"zyzzyva|quagmire", re.I)


def holding(folder: Path) -> list[str]:
    """Return the files that hold the text, in whatever way."""
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and MARKS.search(file.read_bytes())
    ]


@pytest.fixture(params=["closed", "open"])
def used(request: pytest.FixtureRequest, place: Workplace) -> Iterator[Workplace]:
    """The shelf as the command line changes it, and as a page does that has it open."""
    shelf = closing(opened(place)) if request.param == "open" else nullcontext(None)
    with shelf as one:
        yield replace(
            place, shelf=one, packs_dir=place.reports_dir.parent / "briefings"
        )


def test_nothing_of_a_removed_report_is_left(used: Workplace, tmp_path: Path) -> None:
    data = used.reports_dir.parent
    entry = added(used, tmp_path, NOTE)
    saved = SavedItems(data, "run")
    item = AgendaItem("1", "Care of weirs")
    saved.keep(item, Item("1", "Zyzzyva care", "done", ()))
    where = holding(data)
    assert {"index/chroma/chroma.sqlite3", "briefings"} <= {
        w if "briefings" not in w else "briefings" for w in where
    }
    assert any(w.startswith("index/lexical.sqlite") for w in where)
    change_shelf(used, lambda library: library.remove(entry.details.document_id))
    assert holding(data) == []


def test_no_name_of_a_removed_report_is_left_in_the_room_between_rows(
    tmp_path: Path,
) -> None:
    """SQLite moves rows as others come, and overwrites no place where one stood."""
    file = tmp_path / "lexical.sqlite"
    index = LexicalIndex(file)

    def chunks(report: str, count: int) -> list[Chunk]:
        details = replace(NEW, report=report)
        ids = Random(report)
        return [
            Chunk(
                f"{ids.getrandbits(128):032x}", details, "Care", None, n, f"Care {n}."
            )
            for n in range(count)
        ]

    for report in ("changing-places", "level-measures", "whats-next"):
        index.update([], chunks(report, 80))
    for count in (61, 120, 200):
        weirs = chunks("on-weirs", count)
        index.update([], weirs)
        index.update([chunk.id for chunk in weirs], [])
        assert index.settle(purging=True)
        assert b"on-weirs" not in file.read_bytes()
    assert len(index.all_ids()) == 240


def test_nothing_of_an_older_version_is_left(used: Workplace, tmp_path: Path) -> None:
    old = added(used, tmp_path, NOTE)
    one = candidate(tmp_path, "# On Weirs\n\n## Care\n\nQuill House says: oil them.\n")
    put(used, make_entry(one, old=old), one)
    assert holding(used.reports_dir.parent) == []


def test_what_an_earlier_version_left_goes_too(
    place: Workplace, tmp_path: Path
) -> None:
    """It neither emptied Chroma's queue nor sealed anything."""
    with closing(opened(place)) as shelf:
        (chunk,) = shelf.chunks(list(shelf.lexical.all_ids())[:1]).values()
    vectors = place.embedder.embed([SECRET])
    with closing(ChunkStore(place.index_dir / "chroma")) as store:
        store.upsert(
            [replace(chunk, id="z" * 32, text=SECRET, asked_as=())],
            vectors,
            vectors[:0],
        )
        store.delete(["z" * 32])
    manifest = read_manifest(place.index_dir)
    assert manifest
    write_manifest(place.index_dir, replace(manifest, seals=None))
    assert holding(place.index_dir) == ["chroma/chroma.sqlite3"]
    assert found_by(place, "nurses") == {"buses-2023"}
    assert holding(place.index_dir) == []


def test_the_log_of_words_does_not_grow(place: Workplace, tmp_path: Path) -> None:
    with closing(opened(place)) as shelf:
        used = replace(place, shelf=shelf)
        for _ in range(3):
            entry = added(used, tmp_path, NOTE)
            change_shelf(used, lambda lib, e=entry: lib.remove(e.details.document_id))  # type: ignore[misc]
            log = place.index_dir / "lexical.sqlite-wal"
            assert log.stat().st_size == 0
        # And what is there is found, in the state that was pinned again.
        assert shelf.lexical.search(["nurses"], 3)
    assert found_by(place, "nurses") == {"buses-2023"}


def test_nothing_of_deleted_feedback_is_left(tmp_path: Path) -> None:
    store = FeedbackStore(URL.create("sqlite", database=str(tmp_path / "f.sqlite")))
    store.keep(replace(RIGHT, comment=SECRET))
    store.keep(WRONG)
    assert holding(tmp_path) == ["f.sqlite"]
    assert store.delete([RIGHT.id]) == 1
    assert holding(tmp_path) == []
    assert [kept.id for kept in store.all()] == [WRONG.id]
