"""``assistant index``: bring the index up to the files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.cli.terminal import progress_bar

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    index = commands.add_parser("index", help="bring the index up to the files")
    index.add_argument("--rebuild", action="store_true", help="make it anew")
    index.set_defaults(run=_index)


def _index(options: argparse.Namespace) -> int:
    from assistant.index.embeddings import make_embedder
    from assistant.index.shelf import update_index
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
