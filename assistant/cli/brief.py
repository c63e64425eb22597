"""``assistant brief``: an agenda in, a cited pack out."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.terminal import (
    INTERRUPTED,
    UsageError,
    open_from_settings,
    progress_bar,
)
from assistant.disk import for_user, is_full, no_room
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.briefing.agenda.agenda import Agenda
    from assistant.briefing.agenda.papers import Paper
    from assistant.briefing.pack import Pack
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    brief = commands.add_parser("brief", help="make a briefing pack from an agenda")
    brief.add_argument(
        "agenda",
        help="a PDF (an agenda pack too), Word, HTML, mail, text or Markdown file; "
        "- reads one from standard input",
    )
    brief.add_argument(
        "-o",
        "--out",
        metavar="PACK",
        type=Path,
        help="where the pack goes: .docx, .html, .md, .pdf or .json",
    )
    brief.add_argument(
        "--length",
        choices=("30s", "3min", "full"),
        default="3min",
        help="the lines to take, one page (default), or all",
    )
    brief.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="ID",
        help="hear this report only (may be given more than once)",
    )
    brief.add_argument(
        "--questions",
        action="store_true",
        help="show what would be asked and what was left out and why, as an agenda that "
        "can be edited, and stop",
    )
    brief.add_argument(
        "--papers",
        metavar="FOLDER",
        type=Path,
        help="write each report of an agenda pack as a PDF of its own, to add, and stop",
    )
    brief.add_argument(
        "--edit",
        metavar="AGENDA.md",
        type=Path,
        help="write that agenda to a file instead; brief the file when it is edited",
    )
    brief.set_defaults(run=_brief)


def _brief(options: argparse.Namespace) -> int:
    from assistant.briefing.agenda.agenda import parse_agenda, write_agenda
    from assistant.briefing.agenda.file import read_agenda_file
    from assistant.briefing.agenda.papers import told_of_papers
    from assistant.briefing.export import check_suffix
    from assistant.briefing.making import prepare

    only_questions = options.questions or options.edit is not None
    if options.out is None and not only_questions and options.papers is None:
        raise UsageError("Say where the pack goes: -o PACK.docx.")
    suffix = check_suffix(options.out) if options.out else ""
    _check_folder(options.out or options.edit)
    with _given(options.agenda) as file:
        read = read_agenda_file(file)
        if options.papers is not None:
            return _write_papers(file, read.papers, options.papers)
    if read.papers:
        print(told_of_papers(read.papers), file=sys.stderr)
    agenda = parse_agenda(read.text)
    with closing(open_from_settings()) as assistant:
        agenda = prepare(agenda, assistant.parts)
        if only_questions:
            return _show_questions(agenda, write_agenda(agenda), options.edit)
        from assistant.briefing.export import render
        from assistant.briefing.making import make_pack

        with progress_bar("Briefing", "item") as progress:
            pack = make_pack(
                agenda,
                assistant.parts,
                length=options.length,
                reports=options.report,
                data_dir=assistant.settings.data_dir,
                progress=progress,
            )
    _write(options.out, render(pack, suffix))
    return _tell(pack, options.out)


def _check_folder(file: Path | None) -> None:
    """Refuse a place that cannot be written before minutes are spent on a pack."""
    if file is not None and (file.is_dir() or not file.resolve().parent.is_dir()):
        raise UsageError(f"{file} is no place for a file. Name one in a folder.")


@contextmanager
def _given(name: str) -> Iterator[Path]:
    """Yield the file of an agenda; what comes through a pipe is kept until the end.

    A pipe gives its bytes once, and a file is looked at before it is read.
    """
    from assistant.reading.kinds import MOST_BYTES

    file = Path(name)
    if name != "-" and (file.is_file() or file.is_dir() or not file.exists()):
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "Standard input"
        with nullcontext(sys.stdin.buffer) if name == "-" else file.open("rb") as piped:
            kept.write_bytes(piped.read(MOST_BYTES + 1))
        yield kept


def _write_papers(pack: Path, papers: Sequence[Paper], folder: Path) -> int:
    """Write the reports of an agenda pack, each to be added with its item's title."""
    from assistant.briefing.agenda.papers import file_name, take_paper

    if not papers:
        raise AssistantError(
            f"No report was found in {pack.name}: no item names its pages, and no "
            "bookmark bears an item's title."
        )
    _check_folder(folder / "paper.pdf") if folder.exists() else folder.mkdir()
    for paper in papers:
        file = folder / file_name(paper)
        _write(file, take_paper(pack, paper))
        title = shlex.quote(paper.title)
        print(f"assistant reports add {shlex.quote(str(file))} --title {title}")
    return 0


def _show_questions(agenda: Agenda, text: str, file: Path | None) -> int:
    for note in agenda.notes:
        print(note, file=sys.stderr)
    if agenda.proposed:
        print(
            f"The model proposed the questions of {agenda.proposed} items; the others "
            "follow fixed rules.",
            file=sys.stderr,
        )
    if file is None:
        print(text, end="")
    else:
        _write(file, text.encode())
        print(f"Written: {file}. Edit it, then: assistant brief {file} -o PACK.docx")
    return 0


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.part")
    try:
        with for_user():
            draft.write_bytes(content)
        # A pack that was there before stays whole until this one is.
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if is_full(error):
            raise AssistantError(no_room(file.parent)) from error
        raise AssistantError(
            f"{file} cannot be written: {error.strerror}. Is it open in Word?"
        ) from error


def _tell(pack: Pack, file: Path) -> int:
    """Say what was written; a pack that was stopped or has failures is an error."""
    for note in pack.notes:
        print(note, file=sys.stderr)
    failed = [item for item in pack.items if item.state == "failed"]
    for item in failed:
        print(f"Item {item.number} failed: {item.reason}", file=sys.stderr)
    if pack.is_partial:
        print(f"Stopped. What is done is in {file}; run again to go on.")
        return INTERRUPTED
    briefed = sum(item.state == "done" for item in pack.items)
    print(f"Written: {file} ({briefed} items, {len(pack.references)} references).")
    return 1 if failed else 0
