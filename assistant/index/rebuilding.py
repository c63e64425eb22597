"""Makes an index on a Chroma server anew, beside the one that others answer from."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from assistant.errors import AssistantError, IndexStateError
from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex
from assistant.index.lexical_tables import remove_file
from assistant.index.manifest import (
    Manifest,
    Progress,
    SyncResult,
    read_manifest,
    write_manifest,
)
from assistant.index.seals import LEXICAL, STORE
from assistant.index.sentence_vectors import SENTENCES
from assistant.index.store.chunks import ChunkStore
from assistant.index.sync import sync
from assistant.schema import Source

_ASIDE = "rebuilding"


def rebuild_on_server(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    progress: Progress,
    url: str,
) -> SyncResult:
    """Fill new collections, then put them in the place of the old ones.

    Open pages answer from the old ones meanwhile, and from the new ones with the next
    question after. What fails leaves everything as it was.

    Raises:
        AssistantError: see ``update_index``.
    """
    aside = folder / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    old = _manifest(folder)
    mark = f"-{secrets.token_hex(4)}"
    try:
        with closing(ChunkStore(aside / STORE, url, mark)) as store:
            try:
                with closing(LexicalIndex(aside / LEXICAL)) as lexical:
                    result = sync(
                        aside,
                        documents,
                        store=store,
                        lexical=lexical,
                        embedder=embedder,
                        progress=progress,
                    )
            except BaseException:
                # Nobody else would ever find them.
                with suppress(AssistantError):
                    store.drop()
                raise
        made = read_manifest(aside)
        assert made is not None
        remove_file(folder / LEXICAL)
        (aside / LEXICAL).replace(folder / LEXICAL)
        # Meanwhile a question embeds the sentences that it needs.
        shutil.rmtree(folder / SENTENCES, ignore_errors=True)
        if (aside / SENTENCES).is_dir():
            (aside / SENTENCES).replace(folder / SENTENCES)
        generation = old.generation + 1 if old else 1
        write_manifest(folder, replace(made, mark=mark, generation=generation))
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    before = old.mark if old else ""
    # What is left of the old ones when this fails only takes room.
    with (
        suppress(AssistantError),
        closing(ChunkStore(folder / STORE, url, before)) as s,
    ):
        s.drop()
    return result


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except IndexStateError:
        # It is made anew because it cannot be read.
        return None
