"""The Library page without a browser: the list, what is thin, drafts, and who may add."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import Request

from assistant.answering.pipeline import Parts
from assistant.answering.understanding.glossary import Glossary
from assistant.composition import Assistant
from assistant.errors import CorpusError
from assistant.index.opening import open_shelf
from assistant.library.changes import change_shelf
from assistant.library.shelf import read_shelf
from assistant.reading.catalogue import read_corpus
from assistant.schema import Document, ReportDetails, Section
from assistant.settings import load_settings, shipped
from assistant.web.access.people import KEY, Person
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result
from assistant.web.library.browsing import Browsing
from assistant.web.library.changing import Changing
from assistant.web.library.drafting import Drafting, forget_draft
from assistant.web.library.drafts import NEW, Form, choices_of, read_again, read_upload
from assistant.web.library.editors import NOT_YOURS
from assistant.web.library.holdings import (
    LEFT_OUT,
    OTHER,
    FindsHoldings,
    Matter,
    read_matters,
)
from assistant.web.library.listing import (
    NO_REPORTS,
    NOTHING_FOUND,
    PAGE_SIZE,
    describe_list,
    list_reports,
    page_count,
    render_list,
)
from assistant.web.library.shown import explain_draft, render_draft
from assistant.web.library.staging import put_on_shelf, stage
from assistant.web.library.thin import render_thin
from tests.browser.fakes import HOSTILE
from tests.documents import paragraph, write_pdf
from tests.fakes import WordHashEmbedder, write_corpus

TODAY = date(2026, 1, 1)
BUS, PARK, FLAG = (
    Matter(name, "Things", (name,), True) for name in ("night bus", "park", "flag")
)


def document(report: str, *sections: tuple[str, str], **details: Any) -> Document:
    known = ReportDetails(
        **{
            "report": report,
            "document": "report",
            "title": report.title(),
            "publisher": "Parks Forum",
            "document_type": "report",
            "url": "https://example.org/report",
            "rights": "ours",
            **details,
        }
    )
    texts = tuple(Section((heading,), text) for heading, text in sections)
    return Document(known, texts, report)


def reports(count: int) -> list[Document]:
    return [
        document(f"r-{number}", (f"Part {number}", "Parks close at dusk."))
        for number in range(count)
    ]


def test_each_area_that_is_left_out_is_there() -> None:
    text = (shipped("corpus") / "matters.yaml").read_text("utf-8")
    text += (shipped("corpus") / "glossary.yaml").read_text("utf-8")
    assert all(f"# --- {area} ---" in text for area in LEFT_OUT)


def test_every_shipped_matter_stands_under_an_area() -> None:
    matters = read_matters(shipped("corpus"))
    assert len(matters) > 900
    assert OTHER not in {matter.area for matter in matters}


def test_holdings_count_sections_and_know_what_is_missing() -> None:
    documents = (
        document(
            "a", ("One", "The night bus runs."), ("Two", "A park."), published="2013"
        ),
        document("b", ("Park life", "Dusk."), published="2025"),
    )
    holdings = FindsHoldings([BUS, PARK, FLAG]).of(documents)
    assert holdings.sections == 3
    assert holdings.covered_by("a") == [("night bus", 1), ("park", 1)]
    assert holdings.silent() == {"Things": ["flag"]}
    (single,) = holdings.single()
    assert (single[0], single[1].section) == ("night bus", "One")
    assert [t for t, _ in holdings.only_old(lambda d: True)] == ["park"]
    assert holdings.only_old(lambda d: d.year == 2013) == []


def test_holdings_leave_out_superseded_reports_and_read_a_document_once() -> None:
    finds = FindsHoldings([PARK])
    old = document("a", ("One", "A park."), superseded_by="b")
    assert finds.of((old,)).found == {}
    kept = document("b", ("One", "A park."))
    assert finds.of((kept,)).found
    # The same hash stands for the same text.
    assert finds.of((replace(kept, sections=()),)).found


def test_the_shipped_shelf_says_where_it_is_thin() -> None:
    finds = FindsHoldings(read_matters(shipped("corpus")))
    holdings = finds.of(tuple(read_corpus(shipped("corpus"))))
    covered = dict(holdings.covered_by("heart-of-the-matter-2024"))
    assert covered["upstream prevention"] > 3
    assert "local government" not in covered
    silent = {term for terms in holdings.silent().values() for term in terms}
    assert "council tax band" in silent
    assert "devolution deal" not in silent
    html = render_thin(holdings, TODAY)
    assert "In no section" in html
    assert "documents/changing-places-2013/web-page?section=" in html


def test_a_list_is_shown_a_page_at_a_time() -> None:
    documents = reports(2 * PAGE_SIZE + 5)
    shown = list_reports(documents)
    holdings = FindsHoldings([PARK]).of(tuple(documents))
    pages = [
        render_list(shown, n, holdings, {}, TODAY).count("<article>") for n in range(3)
    ]
    assert pages == [PAGE_SIZE, PAGE_SIZE, 5]
    assert page_count(len(shown)) == 3
    assert describe_list(shown, 45, 2) == "Reports 41 to 45 of 45."


def test_words_find_reports_by_cover_and_by_heading() -> None:
    documents = [*reports(3), document("z", ("Lamps", "Light."), ("Gates", "Shut."))]
    (found,) = list_reports(documents, "lamp")
    assert (found.report, found.count, found.is_match) == ("z", 1, True)
    assert len(list_reports(documents, "parks forum")) == 4
    assert list_reports(documents, "parks lamps")[0].count == 1
    assert list_reports(documents, "zebra") == []
    assert describe_list([], 4, 0) == NOTHING_FOUND
    assert describe_list([], 0, 0) == NO_REPORTS
    assert describe_list([found], 4, 0) == "1 report found (4 on the shelf)."


def test_what_is_not_ours_is_text_only() -> None:
    bad = document(
        HOSTILE,
        (f"{HOSTILE}\n\n# Head", "A park."),
        **dict.fromkeys(
            ("title", "subtitle", "publisher", "document_type", "rights", "digest_of"),
            f"{HOSTILE}\n\n**bold**",
        ),
        authors=(HOSTILE,),
        url=f"javascript:alert(1)//{HOSTILE}",
        published="2013",
    )
    holdings = FindsHoldings([PARK]).of((bad,))
    html = render_list(list_reports([bad]), 0, holdings, {}, TODAY)
    for text in (html, render_thin(holdings, TODAY)):
        assert "<img" not in text
        assert "<script" not in text
        assert "\n" not in text
        assert "javascript:" not in text
    assert "Older report: " in html


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Assistant]:
    """A real assistant over three invented reports."""
    settings = load_settings(
        data_dir=tmp_path / "data", corpus_dir=write_corpus(tmp_path / "corpus")
    )

    def read() -> Any:
        return read_shelf(settings.corpus_dir, settings.reports_dir)

    opened = open_shelf(settings.index_dir, read(), WordHashEmbedder(), reread=read)
    with closing(opened):
        yield Assistant(settings, Parts(shelf=opened, glossary=Glossary(())))


def upload(folder: Path, text: str = "weirs need care.", name: str = "w.pdf") -> Path:
    """Put a PDF where Gradio puts what was uploaded: in a folder of its own."""
    place = folder / "uploads" / name.partition(".")[0]
    place.mkdir(parents=True, exist_ok=True)
    pages = [[*paragraph("Care", size=18), *paragraph(f"Quill House says {text}", 600)]]
    return write_pdf(place / name, pages, title="On Weirs")


def request_of(person: Person) -> gr.Request:
    return gr.Request(request=Request({"type": "http", "headers": [], KEY: person}))


EDITOR, READER = request_of(Person("Ada", may_add=True)), request_of(Person("Bo"))
FORM = Form(title="On Weirs", publisher="Quill House", published="2024-03")


def fields(form: Form) -> tuple[str, str, str, str, str, str]:
    return (
        form.title,
        form.publisher,
        form.published,
        form.authors,
        form.url,
        form.document_type,
    )


class Events(NamedTuple):
    """What happens on the page."""

    browsing: Browsing
    drafting: Drafting
    changing: Changing


def events_of(shelf: Assistant) -> Events:
    browsing = Browsing(shelf)
    return Events(browsing, Drafting(shelf), Changing(browsing))


def add(events: Events, file: Path, form: Form = FORM, as_: str = NEW) -> str:
    """Read and add a file as an editor does; return what is said at the end."""
    *_, read = events.drafting.read(str(file), EDITOR)
    draft = read[1]
    *_, added = events.changing.add(draft, "", as_, *fields(form), EDITOR)
    return str(added[0])


def test_a_report_is_read_added_changed_and_removed(
    shelf: Assistant, tmp_path: Path
) -> None:
    events = events_of(shelf)
    file = upload(tmp_path)
    said = add(events, file)
    assert "Added: On Weirs" in said
    assert '<a href="./?reports=on-weirs-2024"' in said
    assert not file.parent.exists()
    (entry,) = shelf.workplace.library.entries()
    assert (entry.added_by, entry.name, entry.details.published) == (
        "Ada",
        "w.pdf",
        "2024-03",
    )
    cited = shelf.answer("What does On Weirs say about weirs and their care?")
    assert "on-weirs-2024" in {p.chunk.details.report for p in cited.passages}
    assert "on-weirs-2024" in {d.report for d in shelf.catalogue}
    name = entry.details.document_id
    *_, read = events.drafting.read_again(name, EDITOR)
    form = replace(FORM, title="On Weirs Again", published="", authors="A. B; C. D")
    *_, changed = events.changing.add(read[1], "", NEW, *fields(form), EDITOR)
    assert "Changed: On Weirs Again" in changed[0]
    (entry,) = shelf.workplace.library.entries()
    assert entry.details.published is None
    assert entry.details.authors == ("A. B", "C. D")
    assert "On Weirs Again" in {d.title for d in shelf.catalogue}
    assert "On Weirs Again" in events.changing.ask_remove(name, EDITOR)[1]
    *_, removed = events.changing.remove(name, "", EDITOR)
    assert "Removed: On Weirs Again" in removed[0]
    assert not shelf.workplace.library.entries()
    assert "on-weirs-2024" not in {d.report for d in shelf.catalogue}


def test_a_duplicate_and_a_new_version_are_told(
    shelf: Assistant, tmp_path: Path
) -> None:
    events, place = events_of(shelf), shelf.workplace
    kept = shutil.copy(upload(tmp_path), tmp_path / "copy.pdf")
    add(events, upload(tmp_path))
    again = tmp_path / "uploads" / "w2"
    again.mkdir(parents=True)
    *_, said = events.drafting.read(str(shutil.copy(kept, again / "w2.pdf")), EDITOR)
    assert "on the shelf already, as “On Weirs”. Nothing was added." in said[0]
    assert not again.exists()
    draft = read_upload(place, upload(tmp_path, "weirs need paint."))
    assert draft.takes_place_of == "on-weirs-2024/report"
    assert draft.form.publisher == "Quill House"
    choices = choices_of(place.library)
    assert "It looks like a new version of On Weirs (Quill House, 2024)." in (
        explain_draft(draft, choices)
    )
    with pytest.raises(CorpusError, match="on the shelf already"):
        stage(place, draft, FORM, NEW, None)
    staged, old = stage(place, draft, FORM, draft.takes_place_of, None)
    put_on_shelf(place, staged, old, lambda done, total: None, lambda: None)
    assert len(place.library.entries()) == 1
    found = shelf.parts.shelf.lexical.search(["paint"], 9)
    assert found
    # It was prepared against a version that is no longer there.
    with pytest.raises(CorpusError, match="Somebody else has changed"):
        put_on_shelf(place, staged, old, lambda done, total: None, lambda: None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": " "}, "Fill in the title."),
        ({"title": "", "publisher": ""}, "Fill in the title."),
        ({"published": "March 2024"}, "Give the date as 2024-09-12"),
        ({"published": "2024-13"}, "must be"),
        ({"url": "javascript:alert(1)"}, "must begin with https://"),
        ({"url": "http://["}, "must begin with https://"),
        ({"title": "x" * 600}, "longer than 500 letters"),
        ({"title": "On\u202eWeirs"}, "cannot be shown"),
    ],
)
def test_a_wrong_detail_is_told_and_nothing_is_added(
    shelf: Assistant, tmp_path: Path, change: dict[str, str], why: str
) -> None:
    place = shelf.workplace
    draft = read_upload(place, upload(tmp_path))
    with pytest.raises(CorpusError, match=why):
        stage(place, draft, replace(FORM, **change), NEW, None)
    assert not place.library.entries()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.exe", b"MZ\x90", "is not taken"),
        ("a.pdf", b"MZ\x90 not a pdf", "is a program"),
        ("a.pdf", b"", "is empty"),
        ("a.docx", b"PK\x03\x04 broken", "is damaged"),
        ("a.md", b"\x89PNG\r\n", "is a picture"),
    ],
)
def test_a_bad_file_is_told_and_removed(
    shelf: Assistant, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    (folder / name).write_bytes(data)
    *_, said = events_of(shelf).drafting.read(str(folder / name), EDITOR)
    assert 'role="alert"' in said[0]
    assert why in said[0]
    assert not folder.exists()


def test_who_may_only_read_can_change_nothing(shelf: Assistant, tmp_path: Path) -> None:
    events = events_of(shelf)
    file = upload(tmp_path)
    *_, read = events.drafting.read(str(file), READER)
    assert NOT_YOURS in read[0]
    assert not file.exists()
    add(events, upload(tmp_path))
    name = "on-weirs-2024/report"
    before = shelf.workplace.library.rows()
    draft = read_again(shelf.workplace, name)
    for said in (
        [*events.changing.add(draft, "", NEW, *fields(FORM), READER)],
        [*events.drafting.read_again(name, READER)],
        [*events.changing.remove(name, "", READER)],
        [events.changing.ask_remove(name, READER)],
        [*events.changing.remove(name, "", gr.Request())],
    ):
        assert NOT_YOURS in said[-1][0]
    assert shelf.workplace.library.rows() == before
    *_, shown, changing, chosen = events.browsing.load(READER)
    assert (shown["visible"], changing["visible"], chosen["choices"]) == (
        False,
    ) * 2 + ([],)
    *_, shown, changing, chosen = events.browsing.load(EDITOR)
    assert (shown["visible"], changing["visible"]) == (True, True)
    assert chosen["choices"] == [("On Weirs (Quill House, 2024)", name)]


def test_what_is_put_away_leaves_no_file(shelf: Assistant, tmp_path: Path) -> None:
    events = events_of(shelf)
    for put_away in (events.drafting.cancel, forget_draft):
        sent = upload(tmp_path)
        *_, read = events.drafting.read(str(sent), EDITOR)
        file = read[1].candidate.file
        # No request can name it any more.
        assert (file.exists(), sent.exists()) == (True, False)
        put_away(read[1])
        assert not file.parent.exists()
    assert events.drafting.cancel(None)[1] is None
    *_, said = events.changing.add(None, "", NEW, *fields(FORM), EDITOR)
    assert "Choose it again" in said[0]


def test_a_kept_file_is_not_removed_with_its_draft(
    shelf: Assistant, tmp_path: Path
) -> None:
    events = events_of(shelf)
    add(events, upload(tmp_path))
    draft = read_again(shelf.workplace, "on-weirs-2024/report")
    forget_draft(draft)
    assert draft.candidate.file.exists()
    assert not shelf.workplace.library.problems()
    assert "1 page" in render_draft(draft)


def test_reports_without_a_file_or_a_choice_are_told(shelf: Assistant) -> None:
    events = events_of(shelf)
    for said in (
        [*events.drafting.read(None, EDITOR)],
        [*events.drafting.read_again(None, EDITOR)],
        [events.changing.ask_remove(None, EDITOR)],
        [*events.changing.remove("none/report", "", EDITOR)],
    ):
        assert 'role="alert"' in said[-1][0]


def test_a_digest_that_was_left_out_comes_back(
    shelf: Assistant, tmp_path: Path
) -> None:
    place = shelf.workplace
    draft = read_upload(place, upload(tmp_path))
    staged, _ = stage(place, draft, FORM, NEW, None)
    details = replace(staged.entry.details, report="parks-2021", document="original")
    staged = replace(staged, entry=replace(staged.entry, details=details))
    put_on_shelf(place, staged, None, lambda done, total: None, lambda: None)
    change_shelf(place, lambda library: library.leave_out(["parks-2021/report"]))
    events = events_of(shelf)
    assert "parks-2021/report" not in {d.document_id for d in shelf.catalogue}
    *_, removed = events.changing.remove("parks-2021/original", "", EDITOR)
    assert "Removed" in removed[0]
    assert "parks-2021/report" in {d.document_id for d in shelf.catalogue}


def test_a_job_tells_of_itself_and_may_end_early() -> None:
    def work(job: Job[str]) -> str:
        job.say("half")
        job.finish("early")
        return "late"

    steps = [step for step in Job(work, "test").steps() if step is not None]
    assert steps == ["half", Result("early")]


def test_a_job_hands_on_what_its_work_raises() -> None:
    def work(job: Job[str]) -> str:
        raise CorpusError("no")

    with pytest.raises(CorpusError, match="no"):
        list(Job(work, "test").steps())
