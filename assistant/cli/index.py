"""``assistant index``: bring the index up to the files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.cli.terminal import UsageError, progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.cli import Commands
    from assistant.index.embeddings import Embedder
    from assistant.schema import Source
    from assistant.settings import Settings


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


def _index(options: argparse.Namespace) -> int:
    from assistant.index.embeddings import make_embedder
    from assistant.library.shelf import read_shelf
    from assistant.settings import load_settings

    if options.verify and options.rebuild:
        raise UsageError("--verify changes nothing: leave out --rebuild.")
    settings = load_settings()
    shelf = read_shelf(settings.corpus_dir, settings.reports_dir)
    embedder = make_embedder(settings.embeddings)
    if options.verify:
        return _verify(settings, shelf, embedder)
    from assistant.index.opening import update_index

    with progress_bar() as progress:
        result = update_index(
            settings.index_dir,
            shelf,
            embedder,
            rebuild=options.rebuild,
            progress=progress,
            chroma_url=settings.chroma_url,
        )
    print(
        f"{result.added} chunks added, {result.removed} removed, "
        f"{result.unchanged} unchanged in {settings.index_dir}"
    )
    return 0


def _verify(settings: Settings, shelf: Sequence[Source], embedder: Embedder) -> int:
    from assistant.index.verify import verify_index
    from assistant.library.library import Library

    problems = [
        f"{entry.details.report}: {what}. Mend it with: assistant reports update "
        f"{entry.details.report} FILE"
        for entry, what in Library(settings.reports_dir).problems()
    ]
    found = verify_index(settings.index_dir, shelf, embedder, settings.chroma_url)
    problems += [f"{one.what} Mend it with: {one.mend}" for one in found]
    print("\n".join(problems) or "Files, manifest, chunks and both indexes agree.")
    return 1 if problems else 0
