"""The original of a shipped digest: downloaded, read, beside the digest or instead."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli.fetch import Get, original_of
from assistant.cli.intake import Tally, put_all
from assistant.errors import CorpusError
from assistant.index.opening import open_shelf
from assistant.library.adding import Staged
from assistant.library.changes import Workplace, change_shelf
from assistant.library.shelf import read_shelf
from assistant.reading.catalogue import read_corpus
from assistant.schema import Document
from tests.documents import paragraph, write_pdf
from tests.fakes import WordHashEmbedder, report, write_corpus

TEXT = "Parks Forum found that the lungs of the town are worth £7m a year to everybody."


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    corpus = write_corpus(tmp_path / "corpus")
    digest = report(
        "trams-2024",
        "web-page",
        "## Findings\n\nTransit Lab says that trams run.\n",
        digest_of="the report",
        url="https://example.org/trams.pdf",
    )
    (corpus / "reports" / "trams.md").write_text(digest, encoding="utf-8")
    return Workplace(
        corpus, tmp_path / "reports", tmp_path / "index", WordHashEmbedder()
    )


def digest_of(place: Workplace) -> Document:
    (digest,) = [d for d in read_corpus(place.corpus_dir) if d.details.digest_of]
    return digest


def served(file: Path, asked: list[str]) -> Get:
    def get(address: str, folder: Path) -> tuple[Path, str]:
        asked.append(address)
        return Path(shutil.copy(file, folder / "download.pdf")), address

    return get


def test_the_original_stands_beside_its_digest_or_instead(
    place: Workplace, tmp_path: Path
) -> None:
    file = write_pdf(tmp_path / "trams.pdf", [paragraph(TEXT), paragraph(TEXT[::-1])])
    asked: list[str] = []
    get = served(file, asked)
    found = original_of(digest_of(place), place, tmp_path / "one", get)
    assert asked == ["https://example.org/trams.pdf"]
    assert isinstance(found, Staged)
    put_all(place, [found], Tally(), say=lambda line: None)
    details = {
        d.details.document_id: d.details
        for d in read_shelf(place.corpus_dir, place.reports_dir)
    }
    original = details["trams-2024/web-page-original"]
    assert (original.report, original.title) == ("trams-2024", "Trams")
    assert original.digest_of is None
    assert original.url == "https://example.org/trams.pdf"
    again = original_of(digest_of(place), place, tmp_path / "two", get)
    assert again == "trams-2024/web-page-original"
    change_shelf(place, lambda library: library.leave_out(["trams-2024/web-page"]))
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    with closing(open_shelf(place.index_dir, documents, WordHashEmbedder())) as shelf:
        chunks = shelf.chunks(shelf.lexical.ids_of_report("trams-2024")).values()
        assert {c.details.document for c in chunks} == {"web-page-original"}
        # What its details say stands on no page.
        assert {c.page_number for c in chunks} == {1, 2, None}


def test_an_original_that_cannot_be_read_changes_nothing(
    place: Workplace, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(CorpusError, match=r"damaged|well-formed"):
        original_of(digest_of(place), place, tmp_path / "one", served(broken, []))
    assert place.library.entries() == []
