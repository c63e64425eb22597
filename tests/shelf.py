"""The real shelf for tests: the shipped corpus with the real model, opened once.

A module that wants it says ``pytest_plugins = ("tests.shelf",)``: an import of the
fixture would open the shelf once for every module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from assistant.composition import Assistant, open_assistant
from assistant.reading.catalogue import read_corpus
from assistant.schema import Chunk, Document, Passage, ReportDetails
from assistant.settings import Settings, shipped
from tests.conftest import OURS


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        # The user's settings are still there: this runs before the conftest's own.
        for name in [n for n in os.environ if n.upper().startswith(OURS)]:
            patch.delenv(name)
        folder = tmp_path_factory.mktemp("shelf") / "data"
        settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    opened = open_assistant(settings)
    yield opened
    opened.close()


@pytest.fixture
def shelf_data(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command line use the index that is already there."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(assistant.settings.data_dir))
    return assistant.settings.data_dir


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
