"""Vectors of sentences: made at indexing, found when asked, never a condition."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.retrieval.sentences import score_sentences
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.query import make_query
from assistant.answering.understanding.readings import read_turn
from assistant.index.opening import open_shelf, update_index
from assistant.index.sentence_vectors import SentenceVectors, sentence_texts
from assistant.index.shelf import Shelf
from assistant.reading.catalogue import read_corpus
from assistant.schema import Chunk, Passage
from tests.fakes import WordHashEmbedder, write_corpus

PARKS = "parks-2021/report"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def folder(tmp_path: Path, corpus: Path) -> Path:
    update_index(tmp_path / "index", read_corpus(corpus), WordHashEmbedder())
    return tmp_path / "index"


def opened(
    folder: Path, corpus: Path, embedder: WordHashEmbedder | None = None
) -> closing[Shelf]:
    documents = read_corpus(corpus)
    return closing(open_shelf(folder, documents, embedder or WordHashEmbedder()))


def chunks_of(shelf: Shelf) -> list[Chunk]:
    return list(shelf.chunks(sorted(shelf.lexical.all_ids())).values())


def sizes(folder: Path) -> dict[str, int]:
    return {f.name: f.stat().st_size for f in (folder / "sentences").iterdir()}


def test_no_sentence_is_embedded_when_asked(folder: Path, corpus: Path) -> None:
    embedder = WordHashEmbedder()
    with opened(folder, corpus, embedder) as shelf:
        asked = read_turn("When do parks close?", (), shelf.details).asks[0].readings[0]
        query = make_query(asked, shelf, Glossary(()))
        passages = [Passage(chunk, 1.0, 1.0) for chunk in chunks_of(shelf)]
        best, *others = score_sentences(query, shelf, passages)
    assert "close at dusk" in best.text
    assert len(others) > 5
    assert embedder.embedded == len(query.searches)


def test_what_is_kept_is_what_would_be_embedded(folder: Path, corpus: Path) -> None:
    with opened(folder, corpus) as shelf:
        for chunk in chunks_of(shelf):
            texts = sentence_texts(chunk)
            kept = SentenceVectors(folder, WordHashEmbedder())
            found = kept.find(chunk.details.document_id, texts)
            made = WordHashEmbedder().embed(texts)
            assert np.allclose([found[text] for text in texts], made, atol=1e-3)
            assert any(text.startswith(f"{chunk.heading_line}: ") for text in texts)


def test_an_index_of_before_is_filled_at_the_next_opening(
    folder: Path, corpus: Path
) -> None:
    before = sizes(folder)
    shutil.rmtree(folder / "sentences")
    embedder = WordHashEmbedder()
    opened(folder, corpus, embedder).__enter__().close()
    assert sizes(folder) == before
    # Chunks and questions stay as they are.
    with opened(folder, corpus) as shelf:
        told = {text for chunk in chunks_of(shelf) for text in sentence_texts(chunk)}
    assert embedder.embedded == len(told)


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_damaged_file_is_told_and_made_again(
    folder: Path, corpus: Path, caplog: pytest.LogCaptureFixture, place: int
) -> None:
    file = folder / "sentences" / "parks-2021%2Freport.vectors"
    sound = file.read_bytes()
    data = bytearray(sound)
    data[place] ^= 1
    file.write_bytes(data)
    with opened(folder, corpus) as shelf:
        texts = [text for chunk in chunks_of(shelf) for text in sentence_texts(chunk)]
        shelf.recall(chunks_of(shelf))
        vectors = shelf.embedder.embed(texts)
    assert np.allclose(vectors, WordHashEmbedder().embed(texts), atol=1e-3)
    assert f"{file} is damaged" in caplog.text
    opened(folder, corpus).__enter__().close()
    assert file.read_bytes() == sound


def test_what_goes_off_the_shelf_leaves_no_vector(folder: Path, corpus: Path) -> None:
    reports = corpus / "reports"
    before = sizes(folder)
    (reports / "buses.md").unlink()
    text = (reports / "parks.md").read_text("utf-8")
    (reports / "parks.md").write_text(text.partition("### 2")[0], "utf-8")
    opened(folder, corpus).__enter__().close()
    after = sizes(folder)
    assert before.keys() - after.keys() == {"buses-2023%2Freport.vectors"}
    smaller = {name for name in after if after[name] < before[name]}
    assert smaller == {"parks-2021%2Freport.vectors"}


def test_vectors_of_another_model_are_not_used(folder: Path) -> None:
    kept = SentenceVectors(folder, WordHashEmbedder(name="other"))
    assert kept.lacking([PARKS], thoroughly=True) == {PARKS}


def test_a_document_without_a_sentence_is_not_looked_for_again(tmp_path: Path) -> None:
    kept = SentenceVectors(tmp_path, WordHashEmbedder())
    assert kept.lacking([PARKS]) == {PARKS}
    kept.keep_only(PARKS, [])
    assert not kept.lacking([PARKS], thoroughly=True)
    assert kept.find(PARKS, ["Any sentence."]) == {}


def test_a_new_title_makes_new_vectors(folder: Path, corpus: Path) -> None:
    file = corpus / "reports" / "buses.md"
    text = file.read_text("utf-8").replace("title: Buses", "title: Omnibuses")
    file.write_text(text, "utf-8")
    before = sizes(folder)
    with opened(folder, corpus) as shelf:
        (chunk,) = [c for c in chunks_of(shelf) if c.details.report == "buses-2023"]
    kept = SentenceVectors(folder, WordHashEmbedder())
    old = replace(chunk, details=replace(chunk.details, title="Buses"))
    there = kept.find("buses-2023/report", sentence_texts(chunk))
    assert there.keys() == set(sentence_texts(chunk))
    headed = old.under_heading(sentence_texts(chunk)[0])
    assert not kept.find("buses-2023/report", [headed])
    assert sizes(folder) == before
