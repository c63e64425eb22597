"""All that is on the shelf: the shipped reports and the team's own."""

from __future__ import annotations

from pathlib import Path

from assistant.library.library import Library
from assistant.reading.catalogue import read_corpus
from assistant.schema import Source


def read_shelf(corpus_dir: Path, reports_dir: Path) -> list[Source]:
    """Return every document to index, the shipped ones first.

    Raises:
        CorpusError: a shipped report or the team's list cannot be read.
    """
    library = Library(reports_dir)
    out = library.left_out()
    shipped: list[Source] = [
        document
        for document in read_corpus(corpus_dir)
        if document.details.document_id not in out
    ]
    return [*shipped, *library.documents()]
