"""Runs behind the Briefing page: followed, stopped, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from assistant.briefing.agenda.agenda import Agenda
from assistant.briefing.making import Stop
from assistant.briefing.pack import Item, Pack
from assistant.composition import Assistant
from assistant.errors import AgendaError
from assistant.web.briefing.run import (
    Runs,
    Step,
    fault_text,
    follow_pack,
    follow_questions,
    read_upload,
)
from assistant.web.briefing.shown import FORMATS, pack_html, summary_of, write_files
from tests.packs import make_pack

pytest_plugins = ("tests.shelf",)


def test_a_pack_is_followed_item_by_item(assistant: Assistant) -> None:
    text = "1. Apologies\n2. Oflog\n3. Devolution"
    reports = list(assistant.parts.shelf.reports)
    found = [f for f in follow_pack(assistant, text, "30s", reports, Stop()) if f]
    assert found[:-1] == [Step(n, 3) for n in range(4)]
    assert isinstance(found[-1], Pack)


def test_a_stopped_run_ends_with_what_is_done(assistant: Assistant) -> None:
    text = "\n".join(f"{n}. Councils and matter {n}" for n in range(1, 40))
    stop = Stop()
    last: object = None
    for found in follow_pack(assistant, text, "30s", ["level-measures-2023"], stop):
        if isinstance(found, Step) and found.done == 2:
            stop.stop()
        last = found
    assert isinstance(last, Pack)
    assert last.is_partial
    assert "Stopped after" in summary_of(last)


@pytest.mark.parametrize(
    ("text", "reports", "told"),
    [
        ("", ["level-measures-2023"], "empty"),
        ("1. Oflog", [], "Choose at least one"),
        ("1. Oflog", ["nowhere"], "no report nowhere"),
    ],
)
def test_what_cannot_be_made_ends_with_the_reason(
    text: str, reports: list[str], told: str, assistant: Assistant
) -> None:
    *_, last = follow_pack(assistant, text, "30s", reports, Stop())
    assert isinstance(last, Exception)
    assert told in fault_text(last)


def test_questions_are_followed_too(assistant: Assistant) -> None:
    *_, last = follow_questions(assistant, "1. Oflog", Stop())
    assert isinstance(last, Agenda)
    assert last.items[0].questions


def test_a_fault_of_ours_is_logged_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = fault_text(RuntimeError("secret path"))
    assert "secret" not in said
    assert "secret path" in caplog.text


def test_a_run_is_stopped_by_its_name_alone() -> None:
    runs = Runs()
    name, stop = runs.begin()
    other, left_alone = runs.begin()
    assert not runs.stop("another")
    assert runs.stop(name)
    assert stop.asked.is_set()
    assert not left_alone.asked.is_set()
    runs.end(other)
    assert left_alone.asked.is_set()
    assert not runs.stop(other)


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
    assert "Oflog" in read_upload(str(file)).text
    assert not file.exists()


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
    assert "1 of procedure" in said
    assert "1 failed" in said
