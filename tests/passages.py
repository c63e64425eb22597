"""Passages for tests: the shipped documents as read, and made-up ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.reading.catalogue import read_corpus
from assistant.schema import Chunk, Document, Passage, ReportDetails
from assistant.settings import shipped


@cache
def shipped_documents() -> tuple[Document, ...]:
    return tuple(read_corpus(shipped("corpus")))


@cache
def shipped_catalogue() -> tuple[ReportDetails, ...]:
    return tuple(document.details for document in shipped_documents())


def make_details(report: str = "plain-2020", **given: object) -> ReportDetails:
    fields: dict[str, object] = {
        "report": report,
        "document": "paper",
        "title": "Plain Speech",
        "publisher": "Quill House",
        "document_type": "report",
        "url": "https://example.org/plain",
        "rights": "None.",
    }
    return ReportDetails(**{**fields, **given})  # type: ignore[arg-type]


def make_passage(
    text: str,
    details: ReportDetails | None = None,
    section: str = "Body",
    page: str | None = None,
) -> Passage:
    details = details or make_details()
    chunk = Chunk(f"{details.report}:{section}", details, section, page, 0, text)
    return Passage(chunk, score=1.0, cosine=1.0)


def close(sentence: str, texts: Sequence[str]) -> float:
    """A similarity that finds everything close."""
    return 1.0


def unrelated(sentence: str, texts: Sequence[str]) -> float:
    """A similarity that finds nothing close."""
    return 0.0
