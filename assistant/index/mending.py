"""Finds files of an index that were damaged or lost, before anything trusts them."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from assistant.errors import IndexStateError
from assistant.index.lexical import LexicalIndex, cannot_open
from assistant.index.lexical_tables import remove_file
from assistant.index.manifest import (
    Manifest,
    read_manifest,
    remove_manifest,
    write_manifest,
)
from assistant.index.probing import can_be_opened
from assistant.index.seals import (
    LEXICAL,
    STORE,
    broken,
    has_database,
    has_vectors,
    lexical_seal,
)
from assistant.index.sentence_vectors import SENTENCES
from assistant.index.store.chunks import ChunkStore

log = logging.getLogger(__name__)


def check_vectors(folder: Path, manifest: Manifest) -> None:
    """Refuse vector files that are not those that were written.

    Raises:
        IndexStateError: one was changed, truncated or lost.
    """
    if manifest.pending:
        # A change was broken off: they may be on their way.
        return
    for file in broken(folder, _of_vectors(manifest)):
        raise IndexStateError(
            f"{file} is damaged or missing. Run: assistant index --rebuild"
        )


def make_safe(folder: Path) -> None:
    """Throw an embedded index away that cannot be opened after a change broke off.

    Raises:
        IndexStateError: vector files are damaged, though no change was broken off.
    """
    manifest = read_manifest(folder)
    if manifest is not None:
        check_vectors(folder, manifest)
    if not has_database(folder):
        # What is left cannot be used without it.
        shutil.rmtree(folder / STORE, ignore_errors=True)
    if not is_safe(folder, manifest):
        log.warning(
            "The chunk store in %s was damaged when a change was broken off. It is made "
            "again.",
            folder / STORE,
        )
        clear(folder)


def is_safe(folder: Path, manifest: Manifest | None) -> bool:
    """Tell whether an embedded chunk store can be opened.

    Where its files are not those that were sealed last, a process of its own tries.
    """
    if not has_vectors(folder):
        return True
    if manifest is None or manifest.seals is None:
        return can_be_opened(folder / STORE)
    as_sealed = not any(broken(folder, _of_vectors(manifest)))
    return as_sealed or can_be_opened(folder / STORE)


def mend_lexical(folder: Path, manifest: Manifest, store: ChunkStore) -> Manifest:
    """Make the lexical index anew from the store; return the manifest with its seal.

    Only whoever holds the writer's lock may.
    """
    log.warning(
        "%s is missing or damaged. It is made again from the chunk store.",
        folder / LEXICAL,
    )
    remove_file(folder / LEXICAL)
    with closing(LexicalIndex(folder / LEXICAL)) as lexical:
        lexical.rebuild(store.all_chunks())
        is_whole = lexical.settle(purging=False)
    seals = {**_of_vectors(manifest), **(lexical_seal(folder) if is_whole else {})}
    manifest = replace(manifest, seals=seals)
    write_manifest(folder, manifest)
    return manifest


def is_lexical_whole(folder: Path, manifest: Manifest) -> bool:
    """Tell whether the lexical index is the one that was sealed, or looks whole.

    Raises:
        IndexStateError: it may not be read.
    """
    file = folder / LEXICAL
    if not file.is_file() or not file.stat().st_size:
        return False
    seals = manifest.seals or {}
    if LEXICAL in seals and any(broken(folder, {LEXICAL: seals[LEXICAL]})):
        return False
    if LEXICAL in seals:
        return True
    try:
        with closing(LexicalIndex(file)) as lexical:
            return lexical.is_whole and lexical.count() == manifest.chunks
    except sqlite3.OperationalError as error:
        raise cannot_open(file, error) from error
    except sqlite3.DatabaseError:
        return False


def _of_vectors(manifest: Manifest) -> dict[str, str]:
    return {n: s for n, s in (manifest.seals or {}).items() if n != LEXICAL}


def clear(folder: Path) -> None:
    """Remove an embedded index's own files, and nothing else."""
    shutil.rmtree(folder / STORE, ignore_errors=True)
    shutil.rmtree(folder / SENTENCES, ignore_errors=True)
    remove_file(folder / LEXICAL)
    remove_manifest(folder)
