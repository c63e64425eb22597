"""``assistant index``: bring the index up to the files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.cli.terminal import UsageError, progress_bar

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    index = commands.add_parser("index", help="bring the index up to the files")
    index.add_argument("--rebuild", action="store_true", help="make it anew")
    index.add_argument(
        "--verify",
        action="store_true",
        help="compare it with the files, change nothing",
    )
    index.set_defaults(run=_index)


def _verify() -> int:
    from assistant.index.embeddings import make_embedder
    from assistant.index.verify import verify_index
    from assistant.library.library import Library
    from assistant.library.shelf import read_shelf
    from assistant.settings import load_settings

    settings = load_settings()
    problems = [
        f"{entry.details.report}: {what}. Mend it with: assistant reports update "
        f"{entry.details.report} FILE"
        for entry, what in Library(settings.reports_dir).problems()
    ]
    problems += [
        f"{problem.what} Mend it with: {problem.mend}"
        for problem in verify_index(
            settings.index_dir,
            read_shelf(settings.corpus_dir, settings.reports_dir),
            make_embedder(settings.embeddings),
            settings.chroma_url,
        )
    ]
    print("\n".join(problems) or "Files, manifest, chunks and both indexes agree.")
    return 1 if problems else 0


def _index(options: argparse.Namespace) -> int:
    if options.verify:
        if options.rebuild:
            raise UsageError("--verify changes nothing: leave out --rebuild.")
        return _verify()
    from assistant.index.embeddings import make_embedder
    from assistant.index.opening import update_index
    from assistant.library.shelf import read_shelf
    from assistant.settings import load_settings

    settings = load_settings()
    with progress_bar() as progress:
        result = update_index(
            settings.index_dir,
            read_shelf(settings.corpus_dir, settings.reports_dir),
            make_embedder(settings.embeddings),
            rebuild=options.rebuild,
            progress=progress,
            chroma_url=settings.chroma_url,
        )
    print(
        f"{result.added} chunks added, {result.removed} removed, "
        f"{result.unchanged} unchanged in {settings.index_dir}"
    )
    return 0
