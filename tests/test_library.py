"""The team's shelf: what is added, known, replaced, taken off, and put back on failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.cli.agreeing import preview
from assistant.errors import AssistantError, CorpusError, IndexLockedError
from assistant.index.lock import IndexLock
from assistant.index.opening import open_shelf
from assistant.index.shelf import Shelf
from assistant.library.adding import Intake, Staged, put_on_shelf
from assistant.library.candidates import (
    Candidate,
    Incoming,
    find_files,
    read_candidate,
)
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import Given, make_id
from assistant.library.entries import Entry, make_entry
from assistant.library.library import Library
from assistant.library.shelf import read_shelf
from assistant.schema import NO_PUBLISHER
from tests.fakes import WordHashEmbedder, write_corpus

NOTE = """# On Weirs

Quill House, 5 July 2023

## Care

Quill House says that weirs need care every spring.

## Costs

Quill House says that a weir costs £9,000.
"""
GIVEN = Given(publisher="Quill House")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(
        corpus_dir=write_corpus(tmp_path / "corpus"),
        reports_dir=tmp_path / "data" / "reports",
        index_dir=tmp_path / "data" / "index",
        embedder=WordHashEmbedder(),
    )


def candidate(folder: Path, text: str = NOTE, name: str = "weirs.md") -> Candidate:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    found = read_candidate(Incoming(file, name, str(file)), known={})
    assert isinstance(found, Candidate)
    return found


def put(place: Workplace, entry: Entry, one: Candidate) -> None:
    change_shelf(
        place, lambda library: library.put(entry, one.file, one.extract.sections)
    )


def added(place: Workplace, folder: Path, text: str = NOTE) -> Entry:
    one = candidate(folder, text)
    entry = make_entry(one, GIVEN)
    put(place, entry, one)
    return entry


def open_place(place: Workplace) -> closing[Shelf]:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    return closing(open_shelf(place.index_dir, documents, WordHashEmbedder()))


def found_by(place: Workplace, word: str) -> set[str]:
    with open_place(place) as shelf:
        ids = shelf.lexical.search([word], 9)
        return {chunk.details.report for chunk in shelf.chunks(ids).values()}


def test_an_added_report_is_found_with_its_details(
    place: Workplace, tmp_path: Path
) -> None:
    entry = added(place, tmp_path)
    assert entry.details.report == "on-weirs-2023"
    assert entry.details.published == "2023-07-05"
    with open_place(place) as shelf:
        assert "on-weirs-2023" in shelf.reports
        ids = shelf.lexical.search(["weir"], 9)
        assert {c.section for c in shelf.chunks(ids).values()} == {
            "About this report",
            "Opening",
            "Care",
            "Costs",
        }
        assert all(c.page is None for c in shelf.chunks(ids).values())


def test_nothing_is_written_before_the_first_change(place: Workplace) -> None:
    assert place.library.entries() == []
    assert place.library.left_out() == frozenset()
    assert not place.reports_dir.exists()


def test_the_file_is_kept_under_a_name_of_our_own(
    place: Workplace, tmp_path: Path
) -> None:
    one = candidate(tmp_path)
    entry = replace(make_entry(one, GIVEN), name="../../../etc/x.md")
    put(place, entry, one)
    kept = place.library.file_of(entry)
    assert kept.read_text("utf-8") == NOTE
    assert kept.parent.parent == place.reports_dir
    assert kept.name == "original.md"


def test_a_file_is_known_by_its_content_and_by_its_text(
    place: Workplace, tmp_path: Path
) -> None:
    added(place, tmp_path)
    known = place.library.known_hashes()
    for text in (NOTE, NOTE.replace("\n", "\r\n"), NOTE + "\n\n"):
        file = tmp_path / "copy.md"
        file.write_text(text, encoding="utf-8")
        found = read_candidate(Incoming(file, "copy.md", "elsewhere"), known=known)
        assert found == "on-weirs-2023/report"


def test_a_new_version_takes_the_place_of_the_old(
    place: Workplace, tmp_path: Path
) -> None:
    old = added(place, tmp_path)
    one = candidate(tmp_path, NOTE.replace("every spring", "every autumn"))
    put(place, make_entry(one, old=old), one)
    assert found_by(place, "autumn") == {"on-weirs-2023"}
    assert found_by(place, "spring") == set()
    assert [e.details.report for e in place.library.entries()] == ["on-weirs-2023"]
    assert len([p for p in place.reports_dir.iterdir() if p.is_dir()]) == 1


def test_a_new_version_keeps_what_a_user_set(place: Workplace, tmp_path: Path) -> None:
    one = candidate(tmp_path)
    first = make_entry(one, Given(title="Our Weirs", authors=(), published=""))
    assert first.given == ("authors", "published", "title")
    assert first.details.published is None
    put(place, first, one)
    (old,) = place.library.entries()
    new = NOTE.replace("On Weirs", "All Weirs") + "\n© Oak Press\n"
    details = make_entry(candidate(tmp_path, new), old=old).details
    # The title and the missing date were set; the publisher was only found.
    assert (details.title, details.publisher) == ("Our Weirs", "Oak Press")
    assert (details.published, details.report) == (None, "our-weirs")
    again = make_entry(candidate(tmp_path, new), Given(title="Weirs, all"), old=old)
    assert again.details.title == "Weirs, all"
    assert again.given == ("authors", "published", "title")


def test_details_change_without_reading_the_file_again(
    place: Workplace, tmp_path: Path
) -> None:
    entry = added(place, tmp_path)
    given = Given(publisher="", published="2022", url="https://example.org/w")
    staged = Intake(place).amend(entry.details.document_id, given)
    assert staged is not None
    done = put_on_shelf(place, [staged])
    assert not done.failed
    (now,) = place.library.entries()
    assert (now.details.publisher, now.details.year) == (NO_PUBLISHER, 2022)
    assert now.details.published_precision == "year"
    assert found_by(place, "weir") == {"on-weirs-2023"}
    assert not place.library.problems()
    # It was prepared against details that are no longer there.
    stale = put_on_shelf(place, [staged])
    assert "somebody else has changed on-weirs-2023" in stale.failed[0]
    assert Intake(place).amend(now.details.document_id, given) is None


def test_another_report_of_the_same_title_is_told_and_not_replaced(
    place: Workplace, tmp_path: Path
) -> None:
    first = added(place, tmp_path)
    intake = Intake(place)
    other = candidate(tmp_path, NOTE.replace("weirs need", "weirs want"), "w2.md")
    assert intake.older_of(other) is None
    staged = intake.stage(other)
    assert staged.entry.details.report == "on-weirs-2023-2"
    assert intake.alike(staged) == first
    # From the same place, it is the new version.
    again = candidate(tmp_path, NOTE.replace("weirs need", "weirs want"))
    assert intake.older_of(again) == first


def test_of_several_the_rest_is_added(place: Workplace, tmp_path: Path) -> None:
    one, other = candidate(tmp_path), candidate(tmp_path, NOTE * 2, "w2.md")
    intake = Intake(place)
    staged = [intake.stage(one), intake.stage(other, Given(report="weirs-2"))]
    put_on_shelf(place, staged[:1])
    done = put_on_shelf(place, staged)
    assert [s.entry.name for s in done.added] == ["w2.md"]
    assert done.failed[0].startswith("weirs.md: somebody else has changed")


def test_a_removed_report_leaves_nothing(place: Workplace, tmp_path: Path) -> None:
    entry = added(place, tmp_path)
    change_shelf(place, lambda library: library.remove(entry.details.document_id))
    assert found_by(place, "weir") == set()
    assert place.library.entries() == []
    assert not [p for p in place.reports_dir.iterdir() if p.is_dir()]
    journal = place.library.listing.read("SELECT action FROM journal ORDER BY number")
    assert journal == [("put",), ("remove",)]


def test_a_digest_can_be_left_out_and_taken_in_again(place: Workplace) -> None:
    change_shelf(place, lambda library: library.leave_out(["buses-2023/report"]))
    assert found_by(place, "nurses") == set()
    change_shelf(
        place, lambda library: library.leave_out(["buses-2023/report"], out=False)
    )
    assert found_by(place, "nurses") == {"buses-2023"}


def test_a_superseded_report_is_searched_only_where_named(
    place: Workplace, tmp_path: Path
) -> None:
    one = candidate(tmp_path)
    given = replace(GIVEN, superseded_by="parks-2021")
    put(place, make_entry(one, given), one)
    with open_place(place) as shelf:
        text = "Quill House says that weirs need care every spring."
        assert shelf.lexical.search(["weirs"], 9) == {}
        everywhere = shelf.chunks(shelf.nearest(text, 20)).values()
        assert "on-weirs-2023" not in {c.details.report for c in everywhere}
        named = ["on-weirs-2023"]
        assert len(shelf.lexical.search(["weirs"], 9, named)) == 4
        ids = shelf.nearest(text, 20, named)
        assert {c.details.report for c in shelf.chunks(ids).values()} == set(named)


def test_what_fails_is_taken_back(place: Workplace, tmp_path: Path) -> None:
    class Failing(WordHashEmbedder):
        def count_tokens(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    with open_place(place):
        pass
    with pytest.raises(AssistantError, match="There is no room left in"):
        added(replace(place, embedder=Failing()), tmp_path)
    assert place.library.entries() == []
    assert found_by(place, "weir") == set()
    added(place, tmp_path)
    assert found_by(place, "weir") == {"on-weirs-2023"}


def test_an_interruption_is_finished_at_the_next_start(
    place: Workplace, tmp_path: Path
) -> None:
    class Interrupted(WordHashEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise KeyboardInterrupt

    with open_place(place):
        pass
    with pytest.raises(KeyboardInterrupt):
        added(replace(place, embedder=Interrupted()), tmp_path)
    assert found_by(place, "weir") == {"on-weirs-2023"}


def test_a_change_while_another_process_reads_is_refused(
    place: Workplace, tmp_path: Path
) -> None:
    reader = IndexLock(place.index_dir)
    reader.hold("read")
    with pytest.raises(IndexLockedError, match="Wait for it or close it"):
        added(place, tmp_path)
    reader.release()
    assert place.library.entries() == []


def test_a_lost_text_is_named(place: Workplace, tmp_path: Path) -> None:
    entry = added(place, tmp_path)
    (place.library.folder_of(entry) / "sections.json").write_bytes(b"[{]")
    (document,) = place.library.documents()
    with pytest.raises(CorpusError, match="reports update on-weirs-2023 FILE"):
        _ = document.sections


def test_a_damaged_list_is_named(place: Workplace, tmp_path: Path) -> None:
    added(place, tmp_path)
    (place.reports_dir / "shelf.sqlite").write_bytes(b"no database " * 500)
    with pytest.raises(CorpusError, match="is damaged"):
        place.library.entries()


def test_what_a_document_does_not_say_refuses_nothing(tmp_path: Path) -> None:
    one = candidate(tmp_path, "Just a text that has no title at all, and no heading.")
    details = make_entry(one, Given()).details
    assert (details.title, details.publisher) == ("Weirs", NO_PUBLISHER)
    assert details.attribution == "publisher not known"


def test_an_id_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    one = candidate(tmp_path)
    taken = frozenset({"on-weirs-2023", "on-weirs-2023-2"})
    assert make_entry(one, GIVEN, taken).details.report == "on-weirs-2023-3"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (replace(GIVEN, report="No Id"), "hyphens only"),
        (replace(GIVEN, published="July"), "give the date as 2024-09-12"),
        (replace(GIVEN, published="2024-13"), "give the date as 2024-09-12"),
        (replace(GIVEN, title=" "), "weirs.md: give it a title"),
        (replace(GIVEN, title="x" * 600), "the title is longer than 500 letters"),
        (replace(GIVEN, title="On\u202eWeirs"), "cannot be shown"),
        (replace(GIVEN, url="javascript:alert(1)"), "must begin with https://"),
        (replace(GIVEN, url="http://["), "must begin with https://"),
        (replace(GIVEN, report="parks-2021"), "There is a report parks-2021 already"),
    ],
)
def test_wrong_details_are_refused(
    tmp_path: Path, given: Given, complaint: str
) -> None:
    with pytest.raises(CorpusError, match=complaint):
        make_entry(candidate(tmp_path), given, frozenset({"parks-2021"}))


def test_given_details_go_before_found_ones(tmp_path: Path) -> None:
    given = Given("weirs", "Weirs", "Oak Press", "2022-01", ("Ada Green",))
    details = make_entry(candidate(tmp_path), given).details
    assert (details.report, details.title, details.publisher) == (
        "weirs",
        "Weirs",
        "Oak Press",
    )
    assert (details.published, details.published_precision) == ("2022-01", "month")
    assert details.authors == ("Ada Green",)


def test_preview_shows_sections_and_what_was_not_found(tmp_path: Path) -> None:
    one = candidate(tmp_path)
    shown = "\n".join(preview(Staged(make_entry(one, GIVEN), one)))
    assert "weirs.md: Markdown" in shown
    assert "Costs (8 words)" in shown
    assert "authors    not found; give --author" in shown


def test_more_text_than_a_report_has_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cells.html"
    row = "<tr><td>Weirs need care.</td><td>Locks need oil.</td></tr>"
    file.write_text(f"<h1>Cells</h1><table>{row * 30_000}</table>", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"cells\.html holds .* million letters"):
        read_candidate(Incoming(file, file.name, str(file)), known={})


def test_find_files_takes_reports_only(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.MD", ".hidden.md", "x.exe", "sub/c.docx", ".git/d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    found = [str(f.relative_to(tmp_path)) for f in find_files(tmp_path)]
    assert found == ["a.MD", "b.pdf", "sub/c.docx"]
    with pytest.raises(CorpusError, match="no file or folder"):
        find_files(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="holds no reports"):
        find_files(tmp_path / "empty")


@pytest.mark.parametrize(
    ("title", "published", "id_"),
    [
        (
            "What's Next for Local Government?",
            "2024-09-12",
            "whats-next-for-local-government-2024",
        ),
        ("Économie & Cités", None, "economie-cites"),
        ("…", "2020", "report-2020"),
    ],
)
def test_make_id_takes_words_and_year(
    title: str, published: str | None, id_: str
) -> None:
    assert make_id(title, published) == id_


def test_entries_come_back_as_they_were_put(place: Workplace, tmp_path: Path) -> None:
    entry = added(place, tmp_path)
    assert place.library.entries() == [entry]
    before = place.library.rows()
    place.library.remove(entry.details.document_id)
    place.library.restore(before)
    assert place.library.entries() == [entry]
    assert json.loads(json.dumps(entry.as_row())) == list(entry.as_row())
    assert isinstance(place.library, Library)
