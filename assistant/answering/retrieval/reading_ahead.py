"""Reads a small shelf ahead, so that no answer of a model waits for its passages."""

from __future__ import annotations

from assistant.index.shelf import Shelf

MOST_CHUNKS = 1_000
"""A larger shelf would fill the embedder's memory with what is never asked for."""


def read_ahead(shelf: Shelf) -> int:
    """Embed the text of each chunk, which a model's sentences are compared with.

    It takes some seconds of processor time, once. Return the number of chunks.
    """
    shelf = shelf.now()
    ids = sorted(shelf.lexical.all_ids())
    if len(ids) > MOST_CHUNKS:
        return 0
    for id_ in ids:
        shelf.embedder.embed([chunk.text for chunk in shelf.chunks([id_]).values()])
    return len(ids)
