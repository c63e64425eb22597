"""The shelves that are asked: the shipped one, the same bare, papers, a data set."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.pipeline import Parts
from assistant.answering.understanding.glossary import Glossary, load_glossary
from assistant.errors import CorpusError, IndexStateError
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.opening import open_shelf
from assistant.library.candidates import hash_file
from assistant.library.details import Given, make_details
from assistant.library.entries import READER_VERSION
from assistant.reading.about import about
from assistant.reading.catalogue import read_corpus
from assistant.reading.reader import read_file
from assistant.schema import Document
from assistant.settings import CHECKOUT
from evals.kept_vectors import KeptEmbedder
from evals.papers.make import DETAILS, make_papers
from evals.sets import PLAIN

CORPUS = CHECKOUT / "corpus"
# Where the indexes of several shelves are kept between commands; Git passes it over.
KEPT = CHECKOUT / "results" / "shelves"


@cache
def embedder() -> Embedder:
    """Return the model in use, which remembers its vectors from command to command."""
    return KeptEmbedder(make_embedder("minilm-l6-v2-int8"), KEPT / "vectors.npz")


def digests() -> list[Document]:
    """Return the shipped reports."""
    return read_corpus(CORPUS)


def bare() -> list[Document]:
    """Return the shipped reports without the questions that sections are asked as."""
    return [
        replace(
            document,
            sections=tuple(replace(s, asked_as=()) for s in document.sections),
            content_hash=f"{document.content_hash} bare",
        )
        for document in digests()
    ]


def papers() -> list[Document]:
    """Make the papers and read them as a team's own; scans that hold no text stay out."""
    with TemporaryDirectory() as folder:
        return list(_read(make_papers(Path(folder)), _details(DETAILS)))


def plain() -> list[Document]:
    """Read the papers that others wrote in Markdown as a team's own."""
    files = sorted((PLAIN / "texts").glob("*.md"))
    return list(_read(files, _details(PLAIN / "details.csv")))


def _details(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["file"]: row for row in csv.DictReader(opened)}


def _read(
    files: Iterable[Path], details: dict[str, dict[str, str]]
) -> Iterator[Document]:
    for file in files:
        try:
            extract = read_file(file)
        except CorpusError:
            continue
        row = details[file.name]
        given = Given(
            report=row["id"],
            title=row["title"],
            publisher=row["publisher"],
            published=row["published"],
        )
        own = make_details(extract, given, file.name)
        sections = (*extract.sections, about(own, extract.pages))
        yield Document(own, sections, f"{READER_VERSION} {hash_file(file)}")


SHELVES: dict[str, Callable[[], Sequence[Document]]] = {
    "digests": digests,
    "bare": bare,
    "papers": papers,
    "plain": plain,
}


@cache
def glossary() -> Glossary:
    """Return the shipped vocabulary, which is there whatever is on the shelf."""
    return Glossary(load_glossary(CORPUS / "glossary.yaml"))


@contextmanager
def open_documents(documents: Sequence[Document], folder: Path) -> Iterator[Parts]:
    """Open an index of documents, made in a folder or brought up to them there."""
    try:
        shelf = open_shelf(folder, documents, embedder())
    except IndexStateError:
        # It was kept by another version of the program.
        shutil.rmtree(folder)
        shelf = open_shelf(folder, documents, embedder())
    with closing(shelf):
        yield Parts(shelf=shelf, glossary=glossary(), log_turns=False)


@contextmanager
def open_parts(shelf: str, folder: Path = KEPT) -> Iterator[Parts]:
    """Open a shelf of a name, quoting; its index is made in or found under a folder."""
    with open_documents(SHELVES[shelf](), folder / shelf) as parts:
        yield parts
