"""A list that is lost is never taken for an empty one, and is made again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import CorpusError, IndexLockedError
from assistant.index.lock import IndexLock
from assistant.library import listing
from assistant.library.changes import Workplace, change_shelf, recover_list
from assistant.library.entries import Entry, make_entry
from tests.test_library import GIVEN, NOTE, added, candidate, found_by, put
from tests.test_library import place as place


def other(place: Workplace, folder: Path) -> Entry:
    one = candidate(folder, NOTE.replace("weir", "dam").replace("Weir", "Dam"), "d.md")
    entry = make_entry(one, GIVEN)
    put(place, entry, one)
    return entry


def delete(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def halve(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(b"\xa5" * file.stat().st_size)


def another_title(file: Path) -> None:
    data = file.read_bytes()
    assert b"On Weirs" in data
    file.write_bytes(data.replace(b"On Weirs", b"On Boats"))


DAMAGES = [delete, empty, halve, overwrite, another_title]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_lost_list_is_told_and_made_again(
    place: Workplace, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    entries = [other(place, tmp_path), added(place, tmp_path)]
    change_shelf(place, lambda library: library.leave_out(["buses-2023/report"]))
    file = place.reports_dir / "shelf.sqlite"
    damage(file)
    with pytest.raises(CorpusError, match=r"shelf\.sqlite.*assistant reports recover"):
        place.library.entries()
    with pytest.raises(CorpusError, match="assistant reports recover"):
        change_shelf(place, lambda library: library.leave_out(["parks-2021/report"]))
    assert all(place.library.file_of(entry).is_file() for entry in entries)
    done = recover_list(place)
    assert (done.entries, done.problems) == (entries, [])
    assert place.library.entries() == entries
    assert place.library.left_out() == {"buses-2023/report"}
    assert found_by(place, "weir") == {"on-weirs-2023"}
    assert found_by(place, "nurses") == set()


def test_a_list_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed while the first list is begun has lost nothing."""
    made = listing._SCHEMA.replace("COMMIT", "INSERT INTO nowhere VALUES (1);\nCOMMIT")
    monkeypatch.setattr(listing, "_SCHEMA", made)
    begun = listing.Listing(tmp_path)
    with pytest.raises(listing.ListLostError), begun.beginning():
        pass
    with sqlite3.connect(begun.file) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
        # What is taken back may leave a file that holds no table.
        db.execute("PRAGMA user_version = 1")
    db.close()
    assert begun.file.stat().st_size
    assert begun.read("SELECT * FROM journal") == []


def test_an_older_list_loses_no_report(
    place: Workplace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    older = added(place, tmp_path)
    backup = shutil.copy(place.reports_dir / "shelf.sqlite", tmp_path / "backup")
    newer = other(place, tmp_path)
    shutil.copy(backup, place.reports_dir / "shelf.sqlite")
    change_shelf(place, lambda library: library.leave_out(["parks-2021/report"]))
    assert "1 reports that are not on its list" in caplog.text
    assert place.library.file_of(newer).is_file()
    assert recover_list(place).entries == [newer]
    assert place.library.entries() == [newer, older]
    assert recover_list(place).entries == []


def test_what_cannot_be_listed_is_named_and_stays(
    place: Workplace, tmp_path: Path
) -> None:
    entry, whole = added(place, tmp_path), other(place, tmp_path)
    folder = place.library.folder_of(entry)
    (folder / "entry.json").unlink()
    (place.reports_dir / "shelf.sqlite").unlink()
    done = recover_list(place)
    assert done.entries == [whole]
    assert [str(folder) in problem for problem in done.problems] == [True]
    change_shelf(place, lambda library: library.remove(whole.details.document_id))
    assert place.library.file_of(entry).is_file()


def test_the_later_version_is_listed_again(place: Workplace, tmp_path: Path) -> None:
    old = added(place, tmp_path)
    folder = shutil.copytree(place.library.folder_of(old), tmp_path / "old")
    one = candidate(tmp_path, NOTE.replace("every spring", "every autumn"))
    new = replace(make_entry(one, old=old), added="2999-01-01T00:00:00+00:00")
    put(place, new, one)
    folder.rename(place.library.folder_of(old))
    (place.reports_dir / "shelf.sqlite").unlink()
    assert recover_list(place).entries == [new]
    assert not place.library.folder_of(old).exists()


def test_a_list_in_use_is_not_made_again(place: Workplace, tmp_path: Path) -> None:
    entry = added(place, tmp_path)
    reader = IndexLock(place.index_dir)
    reader.hold("read")
    with pytest.raises(IndexLockedError):
        recover_list(place)
    reader.release()
    with sqlite3.connect(place.reports_dir / "shelf.sqlite") as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CorpusError, match="locked"):
            recover_list(place)
    assert place.library.entries() == [entry]


def test_entries_of_before_are_kept_beside_their_files(
    place: Workplace, tmp_path: Path
) -> None:
    """A list of an earlier version has no record of what was kept, nor entries."""
    entry = added(place, tmp_path)
    (place.library.folder_of(entry) / "entry.json").unlink()
    with sqlite3.connect(place.reports_dir / "shelf.sqlite") as db:
        db.execute("DROP TABLE kept")
    assert place.library.entries() == [entry]
    change_shelf(place, lambda library: library.leave_out(["parks-2021/report"]))
    assert (place.library.folder_of(entry) / "entry.json").is_file()
    change_shelf(place, lambda library: library.remove(entry.details.document_id))
    assert not place.library.folder_of(entry).exists()


def test_kept_text_that_was_changed_is_damaged(
    place: Workplace, tmp_path: Path
) -> None:
    entry = added(place, tmp_path)
    file = place.library.folder_of(entry) / "sections.json"
    file.write_bytes(file.read_bytes().replace(b"9,000", b"1,000"))
    with pytest.raises(CorpusError, match="reports update on-weirs-2023 FILE"):
        _ = place.library.documents()[0].sections
