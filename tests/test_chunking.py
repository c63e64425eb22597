"""Chunks: whole sentences of one section, within the model's limit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.applying import embedding_text
from assistant.index.embeddings import MiniLMEmbedder
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import (
    MAX_TOKENS,
    OVERLAP_TOKENS,
    chunk_document,
    chunk_section,
    window_sentences,
)
from assistant.schema import Document, ReportDetails, Section
from assistant.settings import shipped
from assistant.text.sentences import split_sentences

MODEL = MiniLMEmbedder()
DETAILS = ReportDetails(
    report="long-2020",
    document="report",
    title="Long",
    publisher="Quill House",
    document_type="report",
    url="https://example.org/long",
    rights="Invented for tests.",
)
SHIPPED = {d.details.document_id: d for d in read_corpus(shipped("corpus"))}
# Sentences of 22 to 31 wordpieces, so that one at least fits into the overlap.
LONG = " ".join(
    f"Sentence number {n} says that the council of this town keeps {n % 7} parks "
    f"and {'very ' * (n % 10)}many paths open."
    for n in range(60)
)


def document_of(*texts: str) -> Document:
    sections = tuple(Section((f"S{n}",), text) for n, text in enumerate(texts))
    return Document(DETAILS, sections, "hash")


def count_words(text: str) -> int:
    return len(text.split())


def numbered(sizes: list[int]) -> list[str]:
    """Sentences of these sizes in words; each begins with its own number."""
    return [f"{n}{' w' * (size - 1)}" for n, size in enumerate(sizes)]


def places(windows: list[list[str]]) -> list[list[int]]:
    return [[int(s.split()[0]) for s in window] for window in windows]


@pytest.mark.parametrize("document", SHIPPED.values(), ids=SHIPPED)
def test_shipped_chunks_are_whole_sentences_of_one_section(document: Document) -> None:
    sentences: dict[str, list[str]] = {}
    for section in document.sections:
        sentences[section.heading] = split_sentences(section.text)
    chunks = chunk_document(document, MODEL.count_tokens)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert {chunk.section for chunk in chunks} == set(sentences)
    for chunk in chunks:
        assert MODEL.count_tokens(chunk.text) <= MAX_TOKENS
        assert set(split_sentences(chunk.text)) <= set(sentences[chunk.section])


@pytest.mark.parametrize("document", SHIPPED.values(), ids=SHIPPED)
def test_what_is_embedded_fits_the_model(document: Document) -> None:
    for chunk in chunk_document(document, MODEL.count_tokens):
        assert MODEL.count_tokens(embedding_text(chunk, MODEL)) <= 254


def test_chunk_section_cuts_within_the_limit_and_overlaps() -> None:
    chunks = [c.text for c in chunk_section(Section(("A",), LONG), MODEL.count_tokens)]
    split = [split_sentences(chunk) for chunk in chunks]
    assert len(chunks) > 5
    assert all(MODEL.count_tokens(chunk) <= MAX_TOKENS for chunk in chunks)
    assert list(dict.fromkeys(s for part in split for s in part)) == (
        split_sentences(LONG)
    )
    for before, after in pairwise(split):
        shared = [s for s in after if s in before]
        assert 0 < MODEL.count_tokens(" ".join(shared)) <= OVERLAP_TOKENS


def test_chunk_document_never_joins_sections() -> None:
    chunks = chunk_document(document_of("One.", "Two.", LONG), MODEL.count_tokens)
    assert [(c.section, c.text) for c in chunks[:2]] == [("S0", "One."), ("S1", "Two.")]
    assert {c.section for c in chunks[2:]} == {"S2"}


def test_chunk_document_gives_the_same_ids_each_time() -> None:
    first = chunk_document(document_of(LONG, "Two."), MODEL.count_tokens)
    again = chunk_document(document_of(LONG, "Two."), MODEL.count_tokens)
    assert first == again
    assert len({chunk.id for chunk in first}) == len(first)
    assert all(len(chunk.id) == 32 for chunk in first)


def test_chunk_ids_differ_where_the_same_text_stands_twice() -> None:
    twice = document_of("The same.", "The same.")
    assert len({c.id for c in chunk_document(twice, count_words)}) == 2


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{n}" for n in range(600)),
        "-".join(f"word{n}" for n in range(200)),
        "".join(f"£{n}" for n in range(200)),
        f"Short. {'-'.join(map(str, range(300)))}. Short again.",
        f"{'a ' * 150}{'-'.join(map(str, range(300)))}{' c' * 150}",
        "x" * 5000,
    ],
    ids=["sentence", "word", "signs", "among others", "within", "letters"],
)
def test_chunk_section_cuts_giants(text: str) -> None:
    chunks = [c.text for c in chunk_section(Section(("A",), text), MODEL.count_tokens)]
    assert all(MODEL.count_tokens(chunk) <= MAX_TOKENS for chunk in chunks)
    found = iter("".join(chunks))
    assert all(character in found for character in text.replace(" ", ""))


def test_chunk_section_cuts_a_giant_korean_word() -> None:
    chunks = [
        c.text for c in chunk_section(Section(("A",), "한-" * 300), MODEL.count_tokens)
    ]
    assert all(MODEL.count_tokens(chunk) <= MAX_TOKENS for chunk in chunks)


@given(st.lists(st.integers(1, MAX_TOKENS), max_size=40))
def test_window_sentences_takes_each_sentence_in_order(sizes: list[int]) -> None:
    sentences = numbered(sizes)
    windows = window_sentences(sentences, count_words)
    found = places(windows)
    for place in found:
        assert place == list(range(place[0], place[-1] + 1))
    for before, after in pairwise(found):
        assert before[0] < after[0] <= before[-1] + 1
        assert before[-1] < after[-1]
        assert sum(sizes[n] for n in after if n <= before[-1]) <= OVERLAP_TOKENS
    assert {n for place in found for n in place} == set(range(len(sizes)))
    assert all(count_words(" ".join(window)) <= MAX_TOKENS for window in windows)


@given(st.lists(st.integers(1, OVERLAP_TOKENS), min_size=1, max_size=60))
def test_window_sentences_overlaps_where_all_are_short(sizes: list[int]) -> None:
    found = places(window_sentences(numbered(sizes), count_words))
    for before, after in pairwise(found):
        assert after[0] <= before[-1]


def test_window_sentences_overlaps_as_far_as_there_is_room() -> None:
    found = places(window_sentences(numbered([10] * 20 + [165]), count_words))
    assert found == [list(range(20)), [17, 18, 19, 20]]


def test_window_sentences_keeps_a_repeated_sentence() -> None:
    sentences = ["w " * 150] * 3
    assert window_sentences(sentences, count_words) == [[s] for s in sentences]


def test_window_sentences_of_nothing() -> None:
    assert window_sentences([], count_words) == []
