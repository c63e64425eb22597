"""What a document's new version changes in the index, and making that change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex
from assistant.index.manifest import Progress
from assistant.index.sentence_vectors import SentenceVectors, sentence_texts
from assistant.index.store.chunks import ChunkStore
from assistant.reading.chunking import chunk_document
from assistant.schema import Chunk, Source

# Chunks embedded between two writes, so that an interrupted build keeps its work.
_STEP = 64
# The heading line may take what the chunk's text leaves of the model's 256 tokens.
_HEADING_TOKENS = 50


class Stores(NamedTuple):
    """What holds an index, and what makes its vectors."""

    store: ChunkStore
    lexical: LexicalIndex
    sentences: SentenceVectors
    embedder: Embedder


def embedding_text(chunk: Chunk, embedder: Embedder) -> str:
    """Return what is embedded of a chunk: its heading line, then its text."""
    heading = chunk.heading_line
    while embedder.count_tokens(heading) > _HEADING_TOKENS and " " in heading:
        heading = heading.rsplit(" ", 1)[0]
    return f"{heading}\n{chunk.text}"


@dataclass(frozen=True, slots=True)
class Change:
    """What one document's new version changes."""

    document: str
    wanted: Sequence[Chunk]
    """All of its chunks."""
    todo: frozenset[str]
    """The chunks to embed and store, by id."""
    work: Sequence[Chunk]
    """The same, and those of which a sentence has no vector yet."""
    fresh: Sequence[Chunk]
    """To make live: those to store, or all of them where a change was broken off."""
    stale: Sequence[str]
    before: Mapping[str, Chunk] = field(default_factory=dict)
    """What the store holds of the chunks to embed, as it is now."""

    @property
    def texts(self) -> list[str]:
        """All that is embedded of its sentences."""
        return [text for chunk in self.wanted for text in sentence_texts(chunk)]


def removal_of(document: str, parts: Stores, strays: Mapping[str, set[str]]) -> Change:
    """Return the change that removes a document."""
    stale = parts.lexical.ids_of(document) | strays.get(document, set())
    return Change(document, (), frozenset(), (), (), sorted(stale))


def change_of(
    document: Source, parts: Stores, strays: Mapping[str, set[str]], *, recovering: bool
) -> Change:
    """Return what a document's version changes.

    ``strays`` are what the store may hold beside what is live, by document; all of the
    document is made live again where it is ``recovering``.
    """
    name = document.details.document_id
    wanted = {c.id: c for c in chunk_document(document, parts.embedder.count_tokens)}
    present = parts.lexical.ids_of(name) | strays.get(name, set())
    # Ids depend on text and place; details (a title, an address) may change alone.
    kept = parts.store.chunks(present & wanted.keys())
    todo = frozenset(id_ for id_, chunk in wanted.items() if kept.get(id_) != chunk)
    chunks = list(wanted.values())
    return Change(
        document=name,
        wanted=chunks,
        todo=todo,
        work=[c for c in chunks if c.id in todo or not _is_said(c, parts.sentences)],
        fresh=chunks if recovering else [c for c in chunks if c.id in todo],
        stale=sorted(present - wanted.keys()),
        before=kept,
    )


def _is_said(chunk: Chunk, sentences: SentenceVectors) -> bool:
    texts = sentence_texts(chunk)
    return sentences.find(chunk.details.document_id, texts).keys() >= set(texts)


def apply(changes: Sequence[Change], parts: Stores, progress: Progress) -> None:
    """Embed and store the new chunks step by step; switch each document when whole."""
    waiting = [(change, chunk) for change in changes for chunk in change.work]
    ends = list(accumulate(len(change.work) for change in changes))
    total = len(waiting)
    switched = 0
    for start in range(0, max(total, 1), _STEP):
        progress(start, total)
        step = waiting[start : start + _STEP]
        _keep(step, parts)
        whole = bisect_right(ends, start + _STEP)
        for change in changes[switched:whole]:
            # Its new chunks live and its old ones do not, in one step.
            parts.lexical.update(change.stale, change.fresh)
        switched = whole
    progress(total, total)


def _keep(step: Sequence[tuple[Change, Chunk]], parts: Stores) -> None:
    """Embed and store chunks, the questions they are asked as, and their sentences."""
    new = [(change, chunk) for change, chunk in step if chunk.id in change.todo]
    chunks = [chunk for _, chunk in new]
    before = {c.id: change.before[c.id] for change, c in new if c.id in change.before}
    texts = [embedding_text(chunk, parts.embedder) for chunk in chunks]
    asked = [question for chunk in chunks for question in chunk.asked_as]
    unsaid = _unsaid((chunk for _, chunk in step), parts.sentences)
    groups = [texts, asked, *unsaid.values()]
    # In one call: texts of like length share a batch.
    vectors = parts.embedder.embed([text for group in groups for text in group])
    ends = list(accumulate(map(len, groups)))
    vectors_of_texts, vectors_of_asked, *others = np.split(vectors, ends[:-1])
    # A chunk that is there has its sentences, whatever kills us.
    for (document, own), rows in zip(unsaid.items(), others, strict=True):
        if own:
            parts.sentences.add(document, own, rows)
    parts.store.upsert(chunks, vectors_of_texts, vectors_of_asked, before)


def _unsaid(
    chunks: Iterable[Chunk], sentences: SentenceVectors
) -> dict[str, list[str]]:
    """Return by document the texts of sentences that have no vector yet."""
    wanted: dict[str, list[str]] = {}
    for chunk in chunks:
        wanted.setdefault(chunk.details.document_id, []).extend(sentence_texts(chunk))
    return {
        document: [t for t in dict.fromkeys(texts) if t not in there]
        for document, texts in wanted.items()
        for there in [sentences.find(document, texts)]
    }
