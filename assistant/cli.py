"""The command line: the only module that prints and exits.

Exit codes: 0 an answer (whole or partial), 1 an error, 2 wrong usage, 3 no answer on
the shelf, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assistant import __version__
from assistant.errors import AssistantError, QuestionError
from assistant.schema import Answer, Citation, ReportDetails

if TYPE_CHECKING:
    from assistant.composition import Assistant
    from assistant.index.sync import Progress

WRONG_USAGE = 2
NO_ANSWER = 3
_MONTHS = (
    "January February March April May June July August September October November "
    "December".split()
)


class UsageError(AssistantError):
    """Options that do not go together."""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Ask a shelf of local-government reports; every sentence is cited.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

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
    ask.add_argument("--batch", metavar="IN.jsonl", help="questions, one JSON a line")
    ask.add_argument("--out", metavar="OUT.jsonl", help="where the answers go")

    chat = commands.add_parser("chat", help="open the chat page")
    chat.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    chat.add_argument("--port", type=int, help="port to listen on (default 7860)")
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser")

    reports = commands.add_parser("reports", help="the reports on the shelf")
    actions = reports.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the reports and their documents")
    listing.add_argument("--json", action="store_true", help="print them as JSON")

    index = commands.add_parser("index", help="bring the index up to the files")
    index.add_argument("--rebuild", action="store_true", help="make it anew")
    return parser


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Show a bar on standard error from the first chunk to the last."""
    from tqdm import tqdm

    bar: Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total:
            bar = tqdm(total=total, desc="Building the index", unit="chunk")
        if bar is not None:
            bar.update(done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()


def _open(**arguments: object) -> Assistant:
    from assistant.composition import open_assistant
    from assistant.settings import load_settings

    with _progress_bar() as progress:
        return open_assistant(load_settings(**arguments), progress)


def published_words(published: str | None) -> str:
    """Return an ISO date as people write it: ``5 July 2023``, ``July 2023``, ``2023``."""
    if published is None:
        return "date unknown"
    year, *rest = published.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def _source_lines(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page else ""
    kind = " Digest; original:" if citation.digest_of else ""
    return (
        f"[{citation.number}] {citation.title} ({citation.publisher}, "
        f"{published_words(citation.published)}) › {citation.section}{page}."
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
    return "\n\n".join(blocks)


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        raise UsageError("Give either a question or --batch FILE.")
    if options.out is not None and options.batch is None:
        raise UsageError("--out goes with --batch.")
    if options.batch is not None:
        return _ask_batch(options)
    assistant = _open()
    answer = assistant.answer(options.question, reports=options.report)
    if options.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False))
    else:
        print(answer_text(answer))
    return 0 if answer.outcome in ("answered", "partial") else NO_ANSWER


def _answer_line(assistant: Assistant, line: str, reports: Sequence[str]) -> Answer:
    """Answer one input line; what is wrong with the line becomes its answer."""
    from assistant.answering.request import parse_line

    id_, question = _id_and_question(line)
    try:
        request = parse_line(line)
        return assistant.answer(
            request.question,
            request.history,
            request.reports or tuple(reports),
            id=request.id,
        )
    except QuestionError as error:
        return Answer(question, question, "error", str(error), id=id_)


def _id_and_question(line: str) -> tuple[str | None, str]:
    """Return what can be read of a line that may be wrong."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(value, dict):
        return None, ""
    id_, question = value.get("id"), value.get("question")
    return (None if id_ is None else str(id_)), (
        question if isinstance(question, str) else ""
    )


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
            yielded = stack.enter_context(
                file.open(mode, encoding=coding, errors="replace")
            )
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
        closing(_open()) as assistant,
        _opened(out, "w") as answers,
    ):
        failed = 0
        for line in questions:
            if not line.strip():
                continue
            answer = _answer_line(assistant, line, options.report)
            failed += answer.outcome == "error"
            answers.write(json.dumps(answer.as_json(), ensure_ascii=False) + "\n")
            answers.flush()
    if failed:
        print(f"{failed} lines could not be answered; see their text.", file=sys.stderr)
    return 1 if failed else 0


def _chat(options: argparse.Namespace) -> int:
    from assistant.web.server import serve

    assistant = _open(host=options.host, port=options.port)
    settings = assistant.settings
    serve(
        assistant,
        settings.host,
        settings.port,
        open_browser=not options.no_browser,
        ready=lambda url: print(f"The chat page is at {url} (Ctrl-C stops it)."),
    )
    return 0


def _details_json(details: ReportDetails) -> dict[str, object]:
    return {
        "report": details.report,
        "document": details.document_id,
        "title": details.title,
        "publisher": details.publisher,
        "authors": list(details.authors),
        "published": details.published,
        "type": details.document_type,
        "digest_of": details.digest_of,
        "url": details.url,
    }


def _reports(options: argparse.Namespace) -> int:
    from assistant.reading.catalogue import read_corpus
    from assistant.settings import load_settings

    catalogue = [d.details for d in read_corpus(load_settings().corpus_dir)]
    if options.json:
        print(json.dumps([_details_json(d) for d in catalogue], ensure_ascii=False))
        return 0
    for details in catalogue:
        print(f"{details.report}  ({details.document})")
        print(
            f"  {details.title}, {details.publisher}, "
            f"{published_words(details.published)}; {details.document_type}"
        )
        if details.digest_of:
            print(f"  Digest; original: {details.url}")
    return 0


def _index(options: argparse.Namespace) -> int:
    from assistant.index.embeddings import make_embedder
    from assistant.index.shelf import update_index
    from assistant.reading.catalogue import read_corpus
    from assistant.settings import load_settings

    settings = load_settings()
    with _progress_bar() as progress:
        result = update_index(
            settings.index_dir,
            read_corpus(settings.corpus_dir),
            make_embedder(settings.embeddings),
            rebuild=options.rebuild,
            progress=progress,
        )
    print(
        f"{result.added} chunks added, {result.removed} removed, "
        f"{result.unchanged} unchanged in {settings.index_dir}"
    )
    return 0


_COMMANDS = {"ask": _ask, "chat": _chat, "reports": _reports, "index": _index}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = make_parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no "›" shall show "?" and not end in an error.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return WRONG_USAGE
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) went away; keep Python from writing once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"assistant: {error.strerror or error}.", file=sys.stderr)
        return 1


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run())
