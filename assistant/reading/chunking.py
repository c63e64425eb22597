"""Cuts sections into chunks: whole sentences, never across a section."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.schema import Chunk, PageStart, Section, Source
from assistant.text.sentences import split_sentences

# Part of the manifest: raise it whenever the same file would give other chunks.
CHUNKING_VERSION = 1
MAX_TOKENS = 200
OVERLAP_TOKENS = 40

CountTokens = Callable[[str], int]


class PagedText(NamedTuple):
    """The text of a chunk and the page that it stands on, where that is known."""

    text: str
    page: PageStart | None


def _split_long(sentence: str, count: CountTokens) -> Iterator[str]:
    """Cut a sentence that is longer than a chunk at its words (rarely needed)."""
    piece: list[str] = []
    size = 0
    for word in sentence.split():
        for part in _split_word(word, count):
            # Words share no wordpiece, so their counts add up.
            more = count(part)
            if piece and size + more > MAX_TOKENS:
                yield " ".join(piece)
                piece, size = [], 0
            piece.append(part)
            size += more
    if piece:
        yield " ".join(piece)


def _split_word(word: str, count: CountTokens) -> Iterator[str]:
    if count(word) <= MAX_TOKENS or len(word) < 2:
        yield word
        return
    middle = len(word) // 2
    yield from _split_word(word[:middle], count)
    yield from _split_word(word[middle:], count)


def _kept(sizes: list[int], size: int) -> int:
    """Return how many sentences at the end of a window the next one repeats.

    As many as the overlap allows and as leave room for the next sentence, and never
    the whole window.
    """
    room = min(OVERLAP_TOKENS, MAX_TOKENS - size)
    total = 0
    for number, last in enumerate(reversed(sizes[1:])):
        total += last
        if total > room:
            return number
    return max(0, len(sizes) - 1)


def window_sentences(sentences: list[str], count: CountTokens) -> list[list[str]]:
    """Group sentences into windows of at most MAX_TOKENS that overlap a little."""
    windows: list[list[str]] = []
    window: list[str] = []
    sizes: list[int] = []
    for sentence in sentences:
        size = count(sentence)
        if window and sum(sizes) + size > MAX_TOKENS:
            windows.append(window)
            keep = len(window) - _kept(sizes, size)
            window, sizes = window[keep:], sizes[keep:]
        window, sizes = [*window, sentence], [*sizes, size]
    if window:
        windows.append(window)
    return windows


def chunk_section(section: Section, count: CountTokens) -> list[PagedText]:
    """Return the chunk texts of one section, each at most MAX_TOKENS, with their page.

    No chunk runs over a page: the page it names is that of each of its sentences. A
    sentence that runs over belongs to the page it begins on.
    """
    chunks: list[PagedText] = []
    for page, whole in _by_page(section):
        sentences: list[str] = []
        for sentence in whole:
            if count(sentence) > MAX_TOKENS:
                sentences.extend(_split_long(sentence, count))
            else:
                sentences.append(sentence)
        chunks.extend(
            PagedText(_joined(window), page)
            for window in window_sentences(sentences, count)
        )
    return chunks


def _joined(window: Sequence[str]) -> str:
    """Join sentences; a row or an item without a full stop stays on its own."""
    pieces = [window[0]]
    for before, sentence in pairwise(window):
        ended = before.rstrip("\"'”’)]*_").endswith((".", "!", "?", "…"))
        pieces += [" " if ended and " | " not in sentence else "\n\n", sentence]
    return "".join(pieces)


def _by_page(section: Section) -> list[tuple[PageStart | None, list[str]]]:
    """Part the sentences of a section by the page that they begin on."""
    parts: list[tuple[PageStart | None, list[str]]] = []
    pages = list(section.pages)
    page, offset = None, 0
    for sentence in split_sentences(section.text):
        # A sentence over several lines is not found as it stands: its words are.
        found = section.text.find(sentence.split(maxsplit=1)[0], offset)
        start = max(found, offset)
        while pages and pages[0].offset <= start:
            page = pages.pop(0)
        if not parts or parts[-1][0] != page:
            parts.append((page, []))
        parts[-1][1].append(sentence)
        offset = start + len(sentence)
    return parts


def chunk_document(document: Source, count: CountTokens) -> list[Chunk]:
    """Cut a document into chunks with deterministic ids.

    ``count`` counts wordpieces with the embedding model's tokenizer.
    """
    chunks: list[Chunk] = []
    for section in document.sections:
        for text, page in chunk_section(section, count):
            position = len(chunks)
            key = "\0".join(
                (document.details.document_id, section.heading, str(position), text)
            )
            chunks.append(
                Chunk(
                    id=hashlib.sha256(key.encode()).hexdigest()[:32],
                    details=document.details,
                    section=section.heading,
                    page=page.label if page else section.page,
                    position=position,
                    text=text,
                    asked_as=section.asked_as,
                    page_number=page.number if page else None,
                )
            )
    return chunks
