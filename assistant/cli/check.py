"""``assistant reports check``: what a new report would change, before it goes live."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.intake import Tally, add_details, files_of, given_of, put_all
from assistant.cli.terminal import progress_bar
from assistant.errors import CorpusError, QuestionError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.schema import Answer, Source
    from assistant.settings import Settings


def add_action(actions: Commands) -> None:
    """Add the action to the parser."""
    checking = actions.add_parser(
        "check", help="show which answers a new report would change, without adding it"
    )
    checking.add_argument("what", metavar="PATH|FOLDER|URL", help="what would be added")
    checking.add_argument(
        "--id", dest="report", help="the report's id (else its title)"
    )
    checking.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="one question a line (else those that the shelf's sections are asked as)",
    )
    checking.add_argument(
        "--most", type=int, metavar="N", help="ask this many of them, evenly spread"
    )
    add_details(checking)
    checking.set_defaults(run=_check)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the report and section that answer it where that is known."""

    text: str
    report: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How one answer would change."""

    question: Question
    what: str
    lost: bool


def questions_of_shelf(documents: Sequence[Source]) -> Iterator[Question]:
    """Yield what each section of the shelf is asked as."""
    for document in documents:
        for section in document.sections:
            for asked in section.asked_as:
                yield Question(asked, document.details.report, section.heading)


def read_questions(file: Path) -> list[Question]:
    """Read one question a line.

    Raises:
        QuestionError: the file cannot be read or holds no question.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file} cannot be read as UTF-8 text.") from error
    found = [Question(line.strip()) for line in lines if line.strip()]
    if not found:
        raise QuestionError(f"{file} holds no question. Write one a line.")
    return found


def compare(question: Question, before: Answer, after: Answer) -> Difference | None:
    """Return how an answer changes, or None where it cites the same in the same words.

    An answer is lost where the section known to answer it was cited and is no more;
    without a known section, where it cited something and now cites none of it.
    """
    was = [(c.report, c.section) for c in before.citations]
    now = [(c.report, c.section) for c in after.citations]
    known = (question.report or "", question.section or "")
    wanted = [known] if question.report else was
    lost = any(c in was for c in wanted) and not any(c in now for c in wanted)
    if before.outcome != after.outcome:
        what = f"{before.outcome} would be {after.outcome}"
    elif lost:
        what = f"would no longer cite {' › '.join(wanted[0])}"
    elif set(was) != set(now):
        new = [" › ".join(c) for c in now if c not in was]
        what = f"would also cite {'; '.join(new)}" if new else "would cite less"
    elif before.text != after.text:
        what = "would be worded otherwise"
    else:
        return None
    return Difference(question, what, lost)


def _check(options: argparse.Namespace) -> int:
    from assistant.library.shelf import read_shelf
    from assistant.settings import load_settings

    # A model would answer a little differently each time, and cost; quotations do not.
    settings = load_settings(writer="quoting")
    if options.questions is not None:
        questions = read_questions(options.questions)
    else:
        shelf = read_shelf(settings.corpus_dir, settings.reports_dir)
        questions = list(questions_of_shelf(shelf))
    if options.most:
        questions = questions[:: max(1, len(questions) // max(1, options.most))]
    with tempfile.TemporaryDirectory() as folder:
        copy = settings.model_copy(
            update={"data_dir": Path(folder), "chroma_url": None}
        )
        before = _answers(settings, questions, "The shelf as it is")
        if settings.chroma_url is None:
            shutil.copytree(settings.index_dir, copy.index_dir)
        if settings.reports_dir.is_dir():
            shutil.copytree(settings.reports_dir, copy.reports_dir)
        _add_to(copy, options)
        after = _answers(copy, questions, "With the new report")
    found = [
        difference
        for question, was, now in zip(questions, before, after, strict=True)
        if (difference := compare(question, was, now))
    ]
    return _show(found, len(questions))


def _add_to(settings: Settings, options: argparse.Namespace) -> None:
    """Add what is to be checked to a copy of the shelf."""
    from assistant.library.adding import Intake
    from assistant.library.candidates import Candidate, read_candidate
    from assistant.library.changes import Workplace

    place = Workplace.from_settings(settings)
    intake, staged = Intake(place), []
    with ExitStack() as stack:
        for found in files_of(options.what, stack):
            candidate = read_candidate(found, known=intake.known)
            if isinstance(candidate, Candidate):
                old = intake.older_of(candidate)
                staged.append(intake.stage(candidate, given_of(options), old))
                intake.take(staged[-1].entry)
        if not staged:
            raise CorpusError(f"{options.what} is on the shelf already.")
        put_all(place, staged, Tally(), say=lambda line: None)


def _answers(
    settings: Settings, questions: Sequence[Question], what: str
) -> list[Answer]:
    from assistant.composition import open_assistant

    with (
        progress_bar() as building,
        closing(open_assistant(settings, building)) as assistant,
        progress_bar(what, "question") as progress,
    ):
        answers = []
        for number, question in enumerate(questions, 1):
            answers.append(assistant.answer(question.text))
            progress(number, len(questions))
        return answers


def _show(found: Sequence[Difference], asked: int) -> int:
    lost = [difference for difference in found if difference.lost]
    for difference in sorted(found, key=lambda d: not d.lost):
        mark = "LOST   " if difference.lost else "changed"
        print(f"{mark} {difference.question.text}\n        {difference.what}")
    print(
        f"{asked} questions asked: {asked - len(found)} answers stay, "
        f"{len(found) - len(lost)} change, {len(lost)} lose their citation."
    )
    sys.stdout.flush()
    return 1 if lost else 0
