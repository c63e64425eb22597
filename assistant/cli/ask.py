"""``assistant ask``: one question, or a file of questions."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.cli.terminal import (
    NO_ANSWER,
    UsageError,
    open_from_settings,
)
from assistant.disk import for_user
from assistant.errors import QuestionError
from assistant.schema import Answer, Citation
from assistant.text.dates import date_words

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.composition import Assistant


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    ask = commands.add_parser("ask", help="ask a question, or a file of questions")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="ID",
        help="ask this report only (may be given more than once)",
    )
    ask.add_argument(
        "--batch",
        metavar="IN.jsonl",
        help='questions, a line each: {"question": …} (JSONL) or plain text',
    )
    ask.add_argument("--out", metavar="OUT.jsonl", help="where the answers go")
    ask.set_defaults(run=_ask)


def _source_lines(citation: Citation) -> str:
    kind = " Digest; original:" if citation.digest_of else ""
    return (
        f"[{citation.number}] {citation.title} ({citation.publisher}, "
        f"{date_words(citation.published)}) › {citation.place}."
        f"{kind} {citation.url}"
    )


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, 88, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )


def answer_text(answer: Answer) -> str:
    """Return an answer as people read it in a terminal."""
    blocks = []
    if answer.standalone_question != answer.question:
        blocks.append(f"Searched for: {answer.standalone_question}")
    blocks.append(_wrapped(answer.text))
    if answer.nearest:
        lines = [f"  {n.title} › {n.section}" for n in answer.nearest]
        blocks.append("\n".join(["Nearest sections:", *lines]))
    if answer.citations:
        blocks.append("\n".join(_source_lines(c) for c in answer.citations))
    if answer.withheld:
        lines = [f"  {item.text} – {item.reason}" for item in answer.withheld]
        blocks.append("\n".join(["Withheld, with the reason:", *lines]))
    if answer.quoting is not None:
        # What was searched for is said above.
        typed = answer.quoting.question
        blocks.append("From quotations, without the model:")
        blocks.append(answer_text(replace(answer.quoting, standalone_question=typed)))
    return "\n\n".join(blocks)


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        raise UsageError("Give either a question or --batch FILE.")
    if options.out is not None and options.batch is None:
        raise UsageError("--out goes with --batch.")
    if options.batch is not None:
        return _ask_batch(options)
    with closing(open_from_settings()) as assistant:
        answer = assistant.answer(options.question, reports=options.report)
    if options.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False))
    else:
        print(answer_text(answer))
    if answer.outcome == "error":
        return 1
    return 0 if answer.outcome in ("answered", "partial") else NO_ANSWER


def _answer_line(
    assistant: Assistant, line: str, number: int, reports: Sequence[str]
) -> Answer:
    """Answer one input line; what is wrong with the line becomes its answer."""
    from assistant.answering.request import parse_line

    try:
        request = parse_line(line)
        return assistant.answer(
            request.question,
            request.history,
            request.reports or tuple(reports),
            id=request.id,
        )
    except QuestionError as error:
        value = _value_of(line)
        # What can be read of a line that is wrong.
        id_, question = value.get("id"), value.get("question")
        question = question if isinstance(question, str) else ""
        said = f"Line {number}: {error}"
        id_ = None if id_ is None else str(id_)
        return Answer(question, question, "error", said, id=id_)


def _tell_slips(line: str, number: int, told: set[str]) -> None:
    """Say once of each field that looks like a slip what was probably meant."""
    from assistant.answering.request import likely_slips

    for name, meant in likely_slips(_value_of(line)).items():
        if name not in told:
            told.add(name)
            print(
                f"Line {number}: '{name}' is ignored. Did you mean '{meant}'?",
                file=sys.stderr,
            )


def _value_of(line: str) -> dict[str, object]:
    """Return the JSON object of a line; an empty one where it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@contextmanager
def _opened(name: str, mode: str) -> Iterator[IO[str]]:
    """Open a file, or standard input or output for ``-``."""
    if name == "-":
        yield sys.stdin if mode == "r" else sys.stdout
        return
    with ExitStack() as stack:
        try:
            file = Path(name)
            # Some editors put a byte order mark before the first line.
            coding = "utf-8-sig" if mode == "r" else "utf-8"
            with for_user():
                opened = file.open(mode, encoding=coding, errors="replace")
            yielded = stack.enter_context(opened)
        except OSError as error:
            raise QuestionError(
                f"{name} cannot be opened: {error.strerror}."
            ) from error
        yield yielded


def _ask_batch(options: argparse.Namespace) -> int:
    out = options.out or "-"
    if out != "-" and Path(out).exists() and Path(out).samefile(options.batch):
        raise UsageError("--out may not be the file of questions. Name another.")
    # The output is opened last: nothing that fails before may empty an old one.
    with (
        _opened(options.batch, "r") as questions,
        closing(open_from_settings()) as assistant,
        _opened(out, "w") as answers,
    ):
        failed = 0
        told: set[str] = set()
        for number, line in enumerate(questions, start=1):
            if not line.strip():
                continue
            _tell_slips(line, number, told)
            answer = _answer_line(assistant, line, number, options.report)
            failed += answer.outcome == "error"
            answers.write(json.dumps(answer.as_json(), ensure_ascii=False) + "\n")
            answers.flush()
    if failed:
        print(f"{failed} lines could not be answered; see their text.", file=sys.stderr)
    return 1 if failed else 0
