"""Cuts sections into chunks: whole sentences, never across a section."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from assistant.schema import Chunk, Document, Section
from assistant.sentences import split_sentences

# Part of the manifest: raise it whenever the same file would give other chunks.
CHUNKING_VERSION = 1
MAX_TOKENS = 200
OVERLAP_TOKENS = 40

CountTokens = Callable[[str], int]


def _split_long(sentence: str, count: CountTokens) -> Iterator[str]:
    """Cut a sentence that is longer than a chunk at its words (rarely needed)."""
    piece: list[str] = []
    for word in sentence.split():
        for part in _split_word(word, count):
            if piece and count(" ".join([*piece, part])) > MAX_TOKENS:
                yield " ".join(piece)
                piece = []
            piece.append(part)
    if piece:
        yield " ".join(piece)


def _split_word(word: str, count: CountTokens) -> Iterator[str]:
    if count(word) <= MAX_TOKENS:
        yield word
        return
    # One wordpiece is at least one character.
    for start in range(0, len(word), MAX_TOKENS):
        yield word[start : start + MAX_TOKENS]


def _overlap(window: list[str], sizes: list[int]) -> int:
    """Return how many sentences at the end of a window the next one repeats."""
    total = 0
    for number, size in enumerate(reversed(sizes[1:])):
        total += size
        if total > OVERLAP_TOKENS:
            return number
    return len(window) - 1


def window_sentences(sentences: list[str], count: CountTokens) -> list[list[str]]:
    """Group sentences into windows of at most MAX_TOKENS that overlap a little."""
    windows: list[list[str]] = []
    window: list[str] = []
    sizes: list[int] = []
    for sentence in sentences:
        size = count(sentence)
        while window and sum(sizes) + size > MAX_TOKENS:
            if not windows or windows[-1] != window:
                windows.append(window)
            keep = _overlap(window, sizes)
            keep = keep if sum(sizes[len(sizes) - keep :]) + size <= MAX_TOKENS else 0
            window, sizes = window[len(window) - keep :], sizes[len(sizes) - keep :]
        window, sizes = [*window, sentence], [*sizes, size]
    if window:
        windows.append(window)
    return windows


def chunk_section(section: Section, count: CountTokens) -> list[str]:
    """Return the chunk texts of one section, each at most MAX_TOKENS."""
    sentences: list[str] = []
    for sentence in split_sentences(section.text):
        if count(sentence) > MAX_TOKENS:
            sentences.extend(_split_long(sentence, count))
        else:
            sentences.append(sentence)
    return [" ".join(window) for window in window_sentences(sentences, count)]


def chunk_document(document: Document, count: CountTokens) -> list[Chunk]:
    """Cut a document into chunks with deterministic ids.

    Args:
        document: what a reader made.
        count: wordpieces of a text, counted with the embedding model's tokenizer.
    """
    chunks: list[Chunk] = []
    for section in document.sections:
        for text in chunk_section(section, count):
            position = len(chunks)
            key = "\0".join(
                (document.details.document_id, section.heading, str(position), text)
            )
            chunks.append(
                Chunk(
                    id=hashlib.sha256(key.encode()).hexdigest()[:32],
                    details=document.details,
                    section=section.heading,
                    page=section.page,
                    position=position,
                    text=text,
                    asked_as=section.asked_as,
                )
            )
    return chunks
