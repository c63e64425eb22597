"""Runs behind the Briefing page: followed, stopped, and what is said of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import docx
import pytest

from assistant.briefing.agenda.agenda import Agenda, AgendaItem
from assistant.briefing.agenda.below import LeftOut
from assistant.briefing.agenda.review import Review, read_review
from assistant.briefing.making import Stop
from assistant.briefing.pack import Item
from assistant.composition import Assistant
from assistant.errors import AgendaError
from assistant.web.briefing.papers import Bound, PaperParts, Papers
from assistant.web.briefing.review import review_html
from assistant.web.briefing.run import Handlers, Widgets, read_upload
from assistant.web.briefing.shown import FORMATS, pack_html, summary_of, write_files
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from evals.agenda_pack import make_pack as agenda_pack
from tests.browser.fakes import HOSTILE
from tests.packs import make_pack

pytest_plugins = ("tests.shelf",)


NAMES: Any = Widgets._fields
PAPER_NAMES: Any = ("bound", "offer", "ticked", "add", "papers-status")
PAPERS = PaperParts(*PAPER_NAMES)
SUFFIXES: Any = list(FORMATS)
PARTS = Widgets(*NAMES)._replace(files=SUFFIXES)
FILES = dict(zip(FORMATS, PARTS.files, strict=True))
NOBODY: Any = gr.Request()


def handlers_of(assistant: Assistant) -> Handlers:
    return Handlers(assistant, PARTS, Papers(assistant, PAPERS))


def status_of(updates: Iterable[Updates]) -> list[str]:
    said = [update.get(PARTS.status) for update in updates]
    return [one for one in said if isinstance(one, str)]


def make(
    assistant: Assistant, text: str, sent: str = "", reports: list[str] | None = None
) -> list[Updates]:
    chosen = list(assistant.parts.shelf.reports) if reports is None else reports
    handlers = handlers_of(assistant)
    return list(handlers.make(text, sent, "30s", chosen, NOBODY))


def test_a_pack_is_followed_item_by_item(assistant: Assistant) -> None:
    updates = make(assistant, "1. Apologies\n2. Oflog\n3. Devolution")
    said = " ".join(status_of(updates))
    assert all(f"{done} of 3 items done" in said for done in range(1, 4))
    assert "Line to take" in updates[-1][PARTS.shown]
    assert Path(updates[-1][FILES[".pdf"]]["value"]).read_bytes().startswith(b"%PDF")
    # What is asked stands there while it is asked.
    assert any("say about Oflog" in update.get(PARTS.review, "") for update in updates)


def test_a_stopped_run_ends_with_what_is_done(assistant: Assistant) -> None:
    text = "\n".join(f"{n}. Councils and matter {n}" for n in range(1, 40))
    handlers = handlers_of(assistant)
    stop: Stop | None = None
    last: Updates = {}
    for last in handlers.make(text, "", "30s", ["level-measures-2023"], NOBODY):
        stop = last.get(PARTS.stopping) or stop
        if "2 of 39 items done" in str(last.get(PARTS.status)):
            assert "Stopping" in handlers.stop(stop)[PARTS.status]
    assert "Stopped after" in last[PARTS.status]
    assert last[PARTS.stopping] is None
    assert handlers.stop(stop) == {}
    assert "not complete" in last[PARTS.shown]


def test_whoever_leaves_stops_the_run(assistant: Assistant) -> None:
    steps = handlers_of(assistant).make("1. Oflog", "", "30s", ["x"], NOBODY)
    stop = next(steps)[PARTS.stopping]
    assert not stop.asked.is_set()
    steps.close()  # type: ignore[attr-defined]
    assert stop.asked.is_set()


@pytest.mark.parametrize(
    ("text", "sent", "reports", "told"),
    [
        ("", "", None, "empty"),
        ("1. Oflog", "", [], "Choose at least one"),
        ("1. Oflog", "", ["nowhere"], "no report nowhere"),
        ("1. Oflog", "{}", None, "list of items is damaged"),
    ],
)
def test_what_cannot_be_made_ends_with_the_reason(
    text: str, sent: str, reports: list[str] | None, told: str, assistant: Assistant
) -> None:
    last = make(assistant, text, sent, reports)[-1]
    assert told in last[PARTS.status]
    assert last[PARTS.stopping] is None


def test_the_pack_is_of_the_list_as_it_was_left(assistant: Assistant) -> None:
    text = "1. Apologies\n2. Oflog\n3. Devolution\n4. Prevention"
    *_, shown = handlers_of(assistant).show(text)
    assert "3 of 4 items" in shown[PARTS.status]
    review = sent_by(shown[PARTS.review])
    first, oflog, devolution, prevention = review["agenda"]["items"]
    oflog["ticked"] = False
    devolution |= {"title": "Growth", "questions": ["  What can a mayor do?", ""]}
    prevention |= {"title": "Prevention", "questions": []}
    review["agenda"]["items"] = [prevention, devolution, oflog, first]
    review["agenda"]["council"] = "Marlbrook"
    updates = make(assistant, text, json.dumps(review))
    for item in (prevention, devolution):
        item["ticked"] = False
    nothing = make(assistant, text, json.dumps(review))
    assert "No item is ticked" in nothing[-1][PARTS.status]
    assert not any(PARTS.review in update for update in updates)
    # What was typed in place of the title is said under it.
    text = Path(updates[-1][FILES[".md"]]["value"]).read_text("utf-8")
    assert "Growth\n\nAsked: What can a mayor do?\n" in text
    assert text.count("Asked: ") == 1
    pack = json.loads(Path(updates[-1][FILES[".json"]]["value"]).read_text("utf-8"))
    states = [(item["title"], item["state"]) for item in pack["items"]]
    assert states[2:] == [("Oflog", "not needed"), ("Apologies", "not needed")]
    assert [title for title, _ in states[:2]] == ["Prevention", "Growth"]
    assert pack["items"][0]["questions"] == [
        "What do the reports say about prevention?"
    ]
    assert pack["items"][1]["questions"][0] == "What can a mayor do?"
    assert pack["council"] == "Marlbrook"


def test_a_list_of_another_text_does_not_count(assistant: Assistant) -> None:
    *_, shown = handlers_of(assistant).show("1. Oflog")
    sent = json.dumps(sent_by(shown[PARTS.review]))
    updates = make(assistant, "1. Devolution", sent)
    assert any("Devolution" in update.get(PARTS.review, "") for update in updates)
    assert "1. Devolution" in updates[-1][PARTS.shown]


def test_a_kept_list_is_shown_again(assistant: Assistant) -> None:
    handlers = handlers_of(assistant)
    *_, shown = handlers.show("1. Oflog")
    sent = json.dumps(sent_by(shown[PARTS.review]))
    assert handlers.restore("1. Oflog", sent)[PARTS.review] == shown[PARTS.review]
    again = handlers.restore("1. Growth", sent)[PARTS.review]
    assert 'class="changed">' in again
    assert handlers.restore("1. Oflog", "[") == {}


def sent_by(html: str) -> Any:
    """Return what the page's script reads of a list."""
    found = re.search(r'<div hidden class="kept">(.*)</div>', html)
    assert found
    return json.loads(unescape(found[1]))


def test_what_is_left_out_stands_with_its_item_and_markup_is_text() -> None:
    lines = (LeftOut(f"{HOSTILE}\n\n# x", "why", "1"), LeftOut("Above", "head"))
    items = (AgendaItem("1", HOSTILE, questions=("A?",)), AgendaItem("1", "Other"))
    html = review_html(Review.begin(Agenda(items=items, left_out=lines), ""))
    first, second = html.split("<li value=")[1:]
    assert "1 line of item 1 left out" in first
    assert "Above (head)" in second
    assert "<img" not in html
    assert "\n" not in html


@pytest.mark.parametrize("sent", ["", "[]", '{"of": 1}', "[" * 100_000, "9" * 900_000])
def test_what_is_no_list_is_refused(sent: str) -> None:
    with pytest.raises(AgendaError, match="Show the items again"):
        read_review(sent)


def test_an_item_without_text_is_gone() -> None:
    items = (AgendaItem("1", " "), AgendaItem("2", "", questions=("What is Oflog?",)))
    read = read_review(Review.begin(Agenda(items=items), "").write())
    assert [item.title for item in read.agenda.items] == ["What is Oflog?"]


def upload_text(folder: Path) -> Path:
    file = folder / "agenda.md"
    file.write_text("1. Oflog", encoding="utf-8")
    return file


def upload_word(folder: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("1. Oflog")
    file = folder / "agenda.docx"
    document.save(str(file))
    return file


def upload_of(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        file = folder / name
        file.write_bytes(data)
        return file

    return make


@pytest.mark.parametrize("make", [upload_text, upload_word])
def test_an_upload_is_read_and_removed(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    file = make(tmp_path)
    text, bound = read_upload(str(file), keep=True)
    assert "Oflog" in text
    assert bound is None
    assert not file.exists()


def test_papers_are_no_business_of_whoever_may_only_read(
    tmp_path: Path, assistant: Assistant
) -> None:
    place = tmp_path / "sent" / "one"
    place.mkdir(parents=True)
    file = place / "pack.pdf"
    file.write_bytes(agenda_pack())
    _, bound = read_upload(str(file), keep=True)
    assert bound is not None
    assert not file.exists()
    assert len(bound.papers) == 5
    papers = handlers_of(assistant).papers
    (refused,) = papers.add(["0"], bound, NOBODY)
    assert "not change it" in refused[PAPERS.status]
    assert papers.offer(bound)[PAPERS.offer]["visible"]
    assert papers.offer(Bound(bound.file, ()))[PAPERS.bound] is None
    assert not bound.file.exists()


@pytest.mark.parametrize(
    "make",
    [
        upload_of("agenda.exe", b"MZ"),
        upload_of("agenda.pdf", b"%PDF-1.7"),
        upload_of("agenda.docx", b"1. Oflog"),
        upload_of("agenda.txt", b"\x00\x01" * 50),
        upload_of("agenda.txt", b"   "),
        upload_of("agenda.txt", b"1. Oflog\n" * 2_500_000),
    ],
)
def test_an_upload_that_is_no_agenda_is_refused_and_removed(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    file = make(tmp_path)
    with pytest.raises(AgendaError):
        read_upload(str(file))
    assert not file.exists()


def test_no_upload_is_told() -> None:
    with pytest.raises(AgendaError, match="Choose a PDF"):
        read_upload(None)


def test_the_shown_pack_is_part_of_a_page() -> None:
    shown = pack_html(make_pack())
    assert "<h1" not in shown
    assert "<nav" not in shown
    assert "\n\n" not in shown
    assert shown.count('<div class="wide"') == shown.count("</table></div>") > 0
    assert "<script" not in shown


def test_a_very_long_pack_shows_its_page_in_front() -> None:
    pack = make_pack()
    items = tuple(replace(pack.items[0], number=str(n)) for n in range(1, 250))
    shown = pack_html(replace(pack, items=items))
    assert "too long to be shown" in shown
    assert "Where the reports stand" not in shown


def test_files_are_written_in_every_format_under_a_plain_name(tmp_path: Path) -> None:
    pack = replace(make_pack(), meeting="../Board <of> Growth/..")
    files = write_files(pack, tmp_path)
    assert set(files) == set(FORMATS)
    assert all(
        file.parent == tmp_path and file.stat().st_size for file in files.values()
    )
    assert files[".pdf"].name == "briefing-board-of-growth.pdf"
    nameless = write_files(replace(pack, meeting="會議"), tmp_path)
    assert nameless[".pdf"].name == "briefing.pdf"


def test_the_summary_counts_failures_and_procedure() -> None:
    items = (Item("1", "A", "not needed"), Item("2", "B", "failed", reason="no key"))
    said = summary_of(replace(make_pack(), items=items, notes=()))
    assert said.startswith("Done: 2 items")
    assert "1 need no briefing" in said
    assert "1 failed" in said
