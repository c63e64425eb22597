"""What reports there are: finds and reads the documents of a corpus folder."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import CorpusError
from assistant.reading.markdown import read_markdown
from assistant.schema import Document


def read_corpus(folder: Path) -> list[Document]:
    """Read every document under ``folder/reports``, ordered by document id.

    Raises:
        CorpusError: there is no such folder, it is empty, two files claim one
            document id, or a file cannot be used.
    """
    reports = folder / "reports"
    if not reports.is_dir():
        raise CorpusError(
            f"No reports folder at {reports}. Set ASSISTANT_CORPUS_DIR to a folder "
            "that holds reports/."
        )
    documents: dict[str, Document] = {}
    for file in sorted(reports.glob("*.md")):
        document = read_markdown(file)
        name = document.details.document_id
        if name in documents:
            raise CorpusError(f"{file.name}: another file already is {name}.")
        documents[name] = document
    if not documents:
        raise CorpusError(f"No reports in {reports}. Put Markdown reports there.")
    return [documents[name] for name in sorted(documents)]
