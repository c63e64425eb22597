"""The commands of the team's shelf, as people use them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from assistant.cli.check import Question, compare
from assistant.schema import Answer, Citation
from tests.documents import paragraph, write_pdf, write_word
from tests.test_cli import process

pytest_plugins = ("tests.test_cli",)
NOTE = """# On Bridges

Quill House, March 2024

## Care

Quill House says that bridges need paint every spring.
"""
ADDED = ["--publisher", "Quill House", "--yes"]


@pytest.fixture(autouse=True)
def _corpus(small_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "bridges.md"
    file.write_text(NOTE, encoding="utf-8")
    return file


def reports(*arguments: str) -> int:
    return run(["reports", *arguments])


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert reports("list", "--json") == 0
    return {r["report"]: r for r in json.loads(capsys.readouterr().out)}


def test_add_list_ask_and_remove(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), *ADDED) == 0
    row = listed(capsys)["on-bridges-2024"]
    assert (row["chunks"], row["pages"], row["type"]) == (3, None, "Markdown")
    assert row["added"].startswith("20")
    assert run(["ask", "What does On Bridges say on paint?"]) == 0
    assert "On Bridges (Quill House, March 2024) › Care" in capsys.readouterr().out
    assert reports("list") == 0
    assert "3 chunks, added" in capsys.readouterr().out
    assert reports("remove", "on-bridges-2024") == 0
    assert "on-bridges-2024" not in listed(capsys)


def test_a_pdf_is_cited_with_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.documents import Labels, Text

    pages = [
        [Text("On Bridges", y=780, size=24), *paragraph("Quill House, March 2024")],
        [
            Text("Care", y=780, size=16),
            *paragraph("Quill House says that bridges need paint every spring."),
        ],
    ]
    file = write_pdf(
        tmp_path / "b.pdf",
        pages,
        bookmarks=[("Care", 1, 1)],
        labels=[Labels(0, "r")],
        title="On Bridges",
    )
    assert reports("add", str(file), *ADDED) == 0
    capsys.readouterr()
    assert run(["ask", "What does On Bridges say on paint?", "--json"]) == 0
    (citation,) = json.loads(capsys.readouterr().out)["citations"]
    assert (citation["section"], citation["page"]) == ("Care", "ii")


def test_a_folder_goes_on_after_bad_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bridges.md").write_text(NOTE, encoding="utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    write_word(folder / "weirs.docx")
    assert reports("add", str(folder), *ADDED) == 1
    shown = capsys.readouterr()
    assert "empty.pdf is empty" in shown.err
    assert "broken.docx is damaged" in shown.err
    assert "Traceback" not in shown.err
    assert shown.out.splitlines()[-1] == "2 added, 2 failed."
    assert reports("add", str(folder), *ADDED) == 1
    assert "2 already on the shelf, 2 failed." in capsys.readouterr().out


def test_a_changed_file_is_its_new_version(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), *ADDED) == 0
    note.write_text(NOTE.replace("paint", "tar"), encoding="utf-8")
    assert reports("add", str(note), "--yes") == 0
    assert list(listed(capsys)) == ["plain-2020", "on-bridges-2024"]
    assert run(["ask", "What does On Bridges say on tar?"]) == 0
    assert "tar every spring" in capsys.readouterr().out


def test_update_takes_a_file_and_details(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), *ADDED) == 0
    assert reports("update", "on-bridges-2024", "--title", "Bridges!", "--yes") == 0
    row = listed(capsys)["on-bridges-2024"]
    assert (row["title"], row["publisher"]) == ("Bridges!", "Quill House")
    new = note.with_name("new.md")
    new.write_text(NOTE.replace("paint", "tar"), encoding="utf-8")
    assert reports("update", "on-bridges-2024", str(new), "--yes") == 0
    assert len(listed(capsys)) == 2
    assert reports("update", "on-bridges-2024", "--yes") == 0
    assert "already on the shelf" in capsys.readouterr().out


def test_a_report_may_be_superseded_and_count_again(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), *ADDED) == 0
    mark = ["update", "on-bridges-2024", "--yes", "--superseded-by"]
    assert reports(*mark, "plain-2020") == 0
    assert listed(capsys)["on-bridges-2024"]["superseded_by"] == "plain-2020"
    assert reports("list") == 0
    assert "Superseded by plain-2020" in capsys.readouterr().out
    assert reports(*mark, "none") == 0
    assert listed(capsys)["on-bridges-2024"]["superseded_by"] is None
    assert reports(*mark, "nowhere") == 2


def test_without_yes_and_a_terminal_nothing_is_indexed(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), "--publisher", "Quill House") == 1
    shown = capsys.readouterr()
    assert "Care (9 words)" in shown.out
    assert "add --yes" in shown.err
    assert "on-bridges-2024" not in listed(capsys)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "count"), [("y", 2), ("", 1)])
def test_a_terminal_is_asked_for_details_and_consent(
    note: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    count: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"Oak Press\n{answer}\n"))
    assert reports("add", str(note)) == 0
    shown = capsys.readouterr().out
    assert "bridges.md: its publisher?" in shown
    assert "publisher  Oak Press" in shown
    assert len(listed(capsys)) == count


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["add", "/nowhere"], "There is no file or folder /nowhere"),
        (["add", "http://example.org/a.pdf", "--yes"], "only https addresses"),
        (["remove", "plain-2020"], "The team added no report plain-2020"),
        (["update", "nope"], "The team added no report nope"),
        (["fetch", "nope"], "No digest of nope was shipped"),
        (["check", "/nowhere", "--questions", "/nowhere"], "cannot be read as UTF-8"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str], complaint: str
) -> None:
    assert reports(*arguments) == 1
    assert complaint in capsys.readouterr().err


def test_a_report_without_a_publisher_is_added_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "care_of_ferries.txt"
    file.write_text("Ferries need a coat of tar in every spring, and a bell.\n")
    assert reports("add", str(file), "--yes") == 0
    assert "care-of-ferries: Care of ferries, publisher not known" in (
        capsys.readouterr().out
    )
    assert run(["ask", "What does Care of ferries say on tar?"]) == 0
    assert "Care of ferries (publisher not known, date unknown)" in (
        capsys.readouterr().out
    )


def test_several_files_and_a_folder_are_added_at_once(
    tmp_path: Path, note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "papers"
    (folder / "old").mkdir(parents=True)
    said = (
        "{} need care in every spring of the year, and a coat of tar.\n\n© Oak Press\n"
    )
    for name in ("weirs", "locks", "dams"):
        text = said.format(name.capitalize())
        text = text if name != "dams" else text.partition("©")[0]
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "old" / "Ferry.txt").write_text(said.format("Ferries"), encoding="utf-8")
    (folder / "details.csv").write_text(
        "File;Id;Title;Publisher;Published\r\n"
        "old/ferry.TXT;ferries;On Ferries;Quill;2019\r\nnowhere.pdf;;;Quill;\r\n",
        encoding="cp1252",
    )
    given = [str(note), str(folder), str(tmp_path / "gone.pdf")]
    assert reports("add", *given, "--yes") == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-1] == "5 added, 2 failed."
    assert "There is no file or folder" in shown.err
    assert "names nowhere.pdf: no such file was given" in shown.err
    rows = listed(capsys)
    assert rows["ferries"]["publisher"] == "Quill"
    # Two of three papers of the folder name a publisher: it is lent to the third.
    assert rows["dams"]["publisher"] == "Oak Press"


def test_what_was_killed_goes_on_from_there(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(27):
        text = f"Paper {number}: lock {number} needs oil in every spring.\n"
        (folder / f"paper-{number:02}.txt").write_text(text, encoding="utf-8")
    first = process("reports", "add", str(folder), "--yes", folder=tmp_path)
    assert first.stdout is not None
    while "chunks indexed" not in (line := first.stdout.readline()):
        assert line, first.communicate()
    first.kill()
    first.communicate()
    again = process("reports", "add", str(folder), "--yes", folder=tmp_path)
    shown, errors = again.communicate(timeout=300)
    assert again.returncode == 0, errors
    assert "27 files: 25 are on the shelf already, 2 are left to read." in shown
    assert shown.splitlines()[-1] == "2 added, 25 already on the shelf."


def test_a_table_sets_details_of_what_is_on_the_shelf(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), "--yes") == 0
    assert listed(capsys)["on-bridges-2024"]["publisher"] == "publisher not known"
    table = note.with_name("details.csv")
    table.write_text("file,publisher\nbridges.md,Oak Press\n", encoding="utf-8")
    command = ["add", str(note), "--yes", "--details", str(table)]
    assert reports(*command) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "1 already on the shelf, 1 given other details."
    assert listed(capsys)["on-bridges-2024"]["publisher"] == "Oak Press"
    assert reports(*command) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 already on the shelf."


def test_a_report_of_the_same_title_is_added_with_a_note(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = note.with_name("copy.md")
    other.write_text(NOTE.replace("paint", "tar"), encoding="utf-8")
    assert reports("add", str(note), str(other), *ADDED) == 0
    shown = capsys.readouterr().out
    assert "on-bridges-2024-2: the shelf has another report of this title" in shown
    assert "assistant reports update on-bridges-2024 FILE" in shown
    assert len(listed(capsys)) == 3


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("name,title\na,b\n", "must name columns of these, file among them"),
        ("file,colour\na,b\n", "must name columns of these, file among them"),
        ("", "must name columns of these"),
    ],
)
def test_a_table_of_details_must_have_known_columns(
    tmp_path: Path,
    note: Path,
    capsys: pytest.CaptureFixture[str],
    table: str,
    complaint: str,
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(table)
    assert reports("add", str(note), "--yes", "--details", str(file)) == 1
    assert complaint in capsys.readouterr().err


def test_a_title_is_given_to_one_file_only(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), str(note), "--yes", "--title", "X") == 2
    assert "--title and --id are of one report" in capsys.readouterr().err


def test_check_shows_what_would_change_and_changes_nothing(
    tmp_path: Path, note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text(
        "What does Plain Speech say on weirs?\nWhat needs paint every spring?\n",
        encoding="utf-8",
    )
    # In a process of its own: Chroma keeps a folder's database open in this one.
    checking = process(
        "reports", "check", str(note), "--questions", str(questions), *ADDED,
        folder=tmp_path,
    )  # fmt: skip
    shown, errors = checking.communicate(timeout=120)
    assert checking.returncode == 0, errors
    assert "What needs paint every spring?\n        declined would be answered" in shown
    assert "2 questions asked: 1 answers stay, 1 change, 0 lose" in shown
    assert "on-bridges-2024" not in listed(capsys)


def cited(*sections: str, outcome: Any = "answered") -> Answer:
    citations = tuple(
        Citation(n, "r", "T", "P", None, section, None, "q", "")
        for n, section in enumerate(sections, 1)
    )
    return Answer("q", "q", outcome, " ".join(sections), citations=citations)


@pytest.mark.parametrize(
    ("before", "after", "what", "lost"),
    [
        (cited("A"), cited("A"), None, False),
        (cited("A"), cited("B"), "would no longer cite r › A", True),
        (cited("A"), cited("A", "B"), "would also cite r › B", False),
        (cited("A", "B"), cited("A"), "would cite less", False),
        (
            cited("A"),
            cited(outcome="no_evidence"),
            "answered would be no_evidence",
            True,
        ),
        (
            cited(outcome="no_evidence"),
            cited("A"),
            "no_evidence would be answered",
            False,
        ),
    ],
)
def test_compare_tells_change_from_loss(
    before: Answer, after: Answer, what: str | None, lost: bool
) -> None:
    found = compare(Question("q", "r", "A"), before, after)
    assert (found.what if found else None) == what
    assert (found.lost if found else False) == lost


def test_index_takes_the_teams_reports_along(
    note: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports("add", str(note), *ADDED) == 0
    capsys.readouterr()
    assert run(["index"]) == 0
    assert "0 chunks added, 0 removed, 4 unchanged" in capsys.readouterr().out
