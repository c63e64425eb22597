"""The Library page without a browser: the list, drafts, changes, and who may add."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request

from assistant.answering.pipeline import Parts
from assistant.answering.understanding.glossary import Glossary
from assistant.composition import Assistant
from assistant.errors import CorpusError
from assistant.feedback.entry import Feedback
from assistant.feedback.store import open_store
from assistant.index.opening import open_shelf
from assistant.library.adding import Intake, put_on_shelf
from assistant.library.changes import change_shelf
from assistant.library.details import Given
from assistant.library.shelf import read_shelf
from assistant.schema import NO_PUBLISHER, Document, ReportDetails, Section
from assistant.serving.access.people import KEY, Person
from assistant.settings import Settings, load_settings
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result
from assistant.web.library.drafts import Draft, Row, read_uploads
from assistant.web.library.editors import NOT_YOURS
from assistant.web.library.finding import list_reports
from assistant.web.library.handlers import Handlers, forget_drafts
from assistant.web.library.listing import (
    NO_REPORTS,
    NOTHING_FOUND,
    PAGE_SIZE,
    describe_list,
    page_count,
    render_list,
)
from assistant.web.library.page import lay_out
from assistant.web.library.said import add_said, read_said
from assistant.web.library.table import render_table
from tests.browser.fakes import HOSTILE
from tests.documents import Text, paragraph, write_pdf
from tests.fakes import WordHashEmbedder, write_corpus

TODAY = date(2026, 1, 1)


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


def test_a_list_is_shown_a_page_at_a_time() -> None:
    shown = list_reports(reports(2 * PAGE_SIZE + 5))
    pages = [render_list(shown, n, {}, TODAY).count("<article>") for n in range(3)]
    assert pages == [PAGE_SIZE, PAGE_SIZE, 5]
    assert page_count(len(shown)) == 3
    assert describe_list(shown, 45, 2) == "Reports 41 to 45 of 45."


def test_words_find_reports_by_cover_and_by_heading() -> None:
    documents = [*reports(3), document("z", ("Lamps", "Light."), ("Gates", "Shut."))]
    (found,) = list_reports(documents, "lamp")
    assert (found.report, found.count, found.is_match) == ("z", 1, True)
    # A word that is being typed counts from its first letters on.
    assert list_reports(documents, "lam") == [found]
    assert len(list_reports(documents, "parks for")) == 4
    assert list_reports(documents, "parks lamps")[0].count == 1
    assert list_reports(documents, "zebra") == []
    assert describe_list([], 4, 0) == NOTHING_FOUND
    assert describe_list([], 0, 0) == NO_REPORTS
    assert describe_list([found], 4, 0) == "1 report found (4 on the shelf)."


def test_a_publisher_that_is_not_known_is_said_so() -> None:
    shown = list_reports([document("a", ("One", "A park."), publisher=NO_PUBLISHER)])
    assert "Publisher not known, date unknown" in render_list(shown, 0, {}, TODAY)


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
    html = render_list(list_reports([bad]), 0, {}, TODAY)
    assert_harmless(html)
    assert "Older report: " in html


def assert_harmless(html: str) -> None:
    for mark in ("<img", "<script", "\n", "javascript:", 'value=""><', 'onerror="'):
        assert mark not in html


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
    said = paragraph(f"Quill House says that after every winter {text}", 600)
    pages = [[Text("On Weirs", y=780, size=24), *said]]
    return write_pdf(place / name, pages, title="On Weirs")


def request_of(person: Person) -> gr.Request:
    return gr.Request(request=Request({"type": "http", "headers": [], KEY: person}))


EDITOR, READER = request_of(Person("Ada", may_add=True)), request_of(Person("Bo"))
ROW = Row("On Weirs", "Quill House", "2024-03")
NAME = "on-weirs-2024/report"


class Page:
    """The page, as an editor uses it; each part holds what it shows."""

    def __init__(self, assistant: Assistant) -> None:
        with gr.Blocks(analytics_enabled=False):
            self.parts = lay_out()
        self.handlers = Handlers(assistant, self.parts)
        self.shown: dict[Any, Any] = {}

    def take(self, updates: Iterator[dict[Any, Any]]) -> str:
        """Return all that is said meanwhile."""
        said = ""
        for update in updates:
            self.shown.update(update)
            said += str(update.get(self.parts.status, ""))
        return said

    @property
    def drafts(self) -> list[Draft]:
        return list(self.shown.get(self.parts.drafts) or [])

    def read(self, *files: Path, who: gr.Request = EDITOR) -> str:
        of = self.shown.get(self.parts.version_of)
        return self.take(
            self.handlers.read([str(f) for f in files], self.drafts, of, who)
        )

    def do(self, command: dict[str, Any] | str, who: gr.Request = EDITOR) -> str:
        sent = command if isinstance(command, str) else json.dumps(command)
        return self.take(self.handlers.do(sent, self.drafts, "", who))

    def add(self, *rows: Row) -> str:
        return self.do({"do": "add", "rows": [row._asdict() for row in rows]})


@pytest.fixture
def page(shelf: Assistant) -> Page:
    return Page(shelf)


def test_a_report_is_read_added_changed_and_removed(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    file = upload(tmp_path)
    assert "1 file read." in page.read(file)
    assert 'value="On Weirs"' in page.shown[page.parts.table]
    said = page.add(ROW)
    assert 'Added: On Weirs (<a href="./?reports=on-weirs-2024"' in said
    assert not file.parent.exists()
    assert page.shown[page.parts.table] == ""
    (entry,) = shelf.workplace.library.entries()
    assert (entry.added_by, entry.name, entry.given) == (
        "Ada",
        "w.pdf",
        ("published", "publisher"),
    )
    assert 'name="remove" value="on-weirs-2024/report"' in page.shown[page.parts.listed]
    cited = shelf.answer("What does On Weirs say about weirs and their care?")
    assert "on-weirs-2024" in {p.chunk.details.report for p in cited.passages}
    typed = {"title": "On Weirs Again", "publisher": "Quill House", "authors": "A; B"}
    changed = page.do({"do": "change", "document": NAME, "typed": typed})
    assert "Changed: On Weirs Again." in changed
    (entry,) = shelf.workplace.library.entries()
    assert (entry.details.published, entry.details.authors) == (None, ("A", "B"))
    assert "On Weirs Again" in {d.title for d in shelf.catalogue}
    assert "Nothing was changed" in page.do(
        {"do": "change", "document": NAME, "typed": typed | {"document_type": "PDF"}}
    )
    assert "Removed: On Weirs Again" in page.do({"do": "remove", "document": NAME})
    assert not shelf.workplace.library.entries()
    assert "on-weirs-2024" not in {d.report for d in shelf.catalogue}


def test_several_files_are_read_and_the_rest_stands(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    good = [upload(tmp_path, f"weir {n} is dry.", f"w{n}.pdf") for n in (1, 2, 3)]
    bad = upload(tmp_path, name="bad.pdf")
    bad.write_bytes(b"MZ\x90 not a pdf")
    said = page.read(*good, bad)
    assert "Reading 2 of 4: w2.pdf" in said
    assert "3 files read." in said
    assert "bad.pdf is a program, no report" in said
    assert not bad.parent.exists()
    # The second has a wrong date, the third is not to be added.
    wrong = ROW._replace(published="March")
    said = page.add(ROW, wrong, ROW._replace(add=False))
    assert "Added: On Weirs" in said
    assert "w2.pdf: give the date as 2024-09-12" in said
    (left,) = page.drafts
    assert 'value="March"' in page.shown[page.parts.table]
    assert "give the date as" in page.shown[page.parts.table]
    # It is mended in place; its id gets a number.
    assert "Added: On Weirs" in page.add(ROW)
    assert page.drafts == []
    ids = {e.details.report for e in shelf.workplace.library.entries()}
    assert ids == {"on-weirs-2024", "on-weirs-2024-2"}
    assert not left.candidate.file.exists()
    assert [*(tmp_path / "uploads").rglob("*.pdf")] == []


def test_a_duplicate_and_a_new_version_are_told(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    kept = shutil.copy(upload(tmp_path), tmp_path / "copy.pdf")
    page.read(upload(tmp_path))
    again = upload(tmp_path, name="w2.pdf")
    shutil.copy(kept, again)
    assert "w2.pdf waits in the table already" in page.read(again)
    page.add(ROW)
    shutil.copy(kept, upload(tmp_path, name="w2.pdf"))
    assert "w2.pdf is on the shelf already, as “On Weirs”" in page.read(again)
    assert not again.parent.exists()
    page.read(upload(tmp_path, "weirs need paint."))
    (draft,) = page.drafts
    assert draft.row == ROW._replace(version=True)
    assert "The new version of On Weirs" in page.shown[page.parts.table]
    assert "Added: On Weirs" in page.add(draft.row)
    (entry,) = shelf.workplace.library.entries()
    assert entry.given == ("published", "publisher")
    assert shelf.parts.shelf.lexical.search(["paint"], 9)


def test_a_file_of_another_name_may_be_the_new_version(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    page.read(upload(tmp_path))
    page.add(ROW)
    assert "new version of On Weirs" in page.do({"do": "version", "document": NAME})
    page.read(upload(tmp_path, "weirs need paint.", "final.pdf"))
    assert page.shown[page.parts.version_of] is None
    page.add(page.drafts[0].row)
    (entry,) = shelf.workplace.library.entries()
    assert (entry.details.report, entry.name) == ("on-weirs-2024", "final.pdf")


def test_what_a_table_shows_of_a_file_is_text_only(tmp_path: Path, page: Page) -> None:
    page.read(upload(tmp_path))
    (draft,) = page.drafts
    row = Row(f'"><img src=x>{HOSTILE}', HOSTILE, HOSTILE)
    assert_harmless(render_table([Draft(draft.candidate, row, None, HOSTILE)]))


@pytest.mark.parametrize("sent", ["", "[]", '{"do": "x"}', '{"do": "add", "rows": 7}'])
def test_what_no_script_of_ours_sends_is_refused(page: Page, sent: str) -> None:
    assert "The page has changed. Reload it" in page.do(sent)


def test_who_may_only_read_can_change_nothing(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    file = upload(tmp_path)
    assert NOT_YOURS in page.read(file, who=READER)
    assert not file.exists()
    page.read(upload(tmp_path))
    page.add(ROW)
    before = shelf.workplace.library.rows()
    for do in ("add", "put-away", "version", "change", "remove"):
        for who in (READER, gr.Request()):
            assert NOT_YOURS in page.do({"do": do, "document": NAME}, who)
    assert shelf.workplace.library.rows() == before
    for who, may in ((READER, False), (EDITOR, True)):
        shown = page.handlers.load(who)
        assert shown[page.parts.fold]["visible"] is may
        assert ("<button" in shown[page.parts.listed]) is may


def test_what_was_said_of_answers_is_read_by_editors_alone(shelf: Assistant) -> None:
    store = open_store(shelf.settings)
    assert store
    for number, said in enumerate(("It says ten.", HOSTILE)):
        store.keep(
            Feedback(
                id=f"f{number}",
                kept_at=f"2026-03-0{number + 1}T09:00:00+00:00",
                verdict="wrong",
                question=f"How many {number}?",
                standalone_question="How many?",
                answer={"text": "Nine."},
                reason="wrong_page",
                correction=said,
                person="Bo",
            )
        )
    html = read_said(store, EDITOR)
    # The newest first, and all that is not ours as text.
    assert html.index("How many 1?") < html.index("How many 0?")
    assert "Wrong: It cites the wrong page or section" in html
    assert "1 March 2026, Bo" in html
    assert "Instead: It says ten." in html
    assert "<img" not in html
    assert "\n" not in html
    assert NOT_YOURS in read_said(store, READER)


def shows_it(settings: Settings) -> bool:
    with gr.Blocks(analytics_enabled=False) as page:
        add_said(page, settings)
    return any(
        getattr(block, "elem_id", "") == "said" for block in page.blocks.values()
    )


def test_where_everyone_is_let_in_nobody_reads_what_others_said(
    shelf: Assistant,
) -> None:
    everyone = shelf.settings.model_copy(update={"open_to_everyone": True})
    assert shows_it(shelf.settings)
    assert not shows_it(everyone)


def test_what_is_put_away_leaves_no_file(page: Page, tmp_path: Path) -> None:
    def put_away(drafts: list[Draft]) -> None:
        page.do({"do": "put-away"})

    for way in (put_away, forget_drafts):
        sent = upload(tmp_path)
        page.read(sent)
        file = page.drafts[0].candidate.file
        # No request can name it any more.
        assert (file.exists(), sent.exists()) == (True, False)
        way(page.drafts)
        assert not file.parent.exists()
        page.shown.clear()
    forget_drafts(None)
    assert "removed meanwhile" in page.add(ROW)


def test_what_somebody_else_changed_is_told_by_file(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    page.read(upload(tmp_path))
    other = Page(shelf)
    other.read(upload(tmp_path / "other"))
    other.add(ROW)
    said = page.add(ROW._replace(title="Weirs"))
    assert "w.pdf: somebody else has added it meanwhile." in said
    assert "none/report" in page.do({"do": "remove", "document": "none/report"})


def test_a_digest_that_was_left_out_comes_back(
    page: Page, shelf: Assistant, tmp_path: Path
) -> None:
    place = shelf.workplace
    (draft,) = read_uploads(Intake(place), [upload(tmp_path)]).drafts
    staged = Intake(place).stage(draft.candidate, Given(report="weirs"))
    put_on_shelf(place, [staged])
    change_shelf(place, lambda library: library.leave_out(["weirs/digest"]))
    assert "Removed" in page.do({"do": "remove", "document": "weirs/report"})
    assert place.library.left_out() == frozenset()


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
