"""Reads a small shelf ahead, so that no question waits for the embedding of its passages."""

from __future__ import annotations

from assistant.index.shelf import Shelf
from assistant.quotable import split_quotable

MOST_CHUNKS = 1_000
"""A larger shelf would fill the embedder's memory with what is never asked for."""


def read_ahead(shelf: Shelf) -> int:
    """Embed what answers are made of; return the number of chunks.

    Each chunk, its sentences, and these under their heading: the vectors that the choice
    and the check of sentences ask for. It takes some seconds of processor time, once.
    """
    shelf = shelf.now()
    ids = sorted(shelf.lexical.all_ids())
    if len(ids) > MOST_CHUNKS:
        return 0
    for id_ in ids:
        for chunk in shelf.chunks([id_]).values():
            sentences = split_quotable(chunk.text)
            lines = [f"{chunk.heading_line}: {sentence}" for sentence in sentences]
            shelf.embedder.embed([*sentences, chunk.text, *lines])
    return len(ids)
