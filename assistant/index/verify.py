"""Compares files, manifest, store and lexical index, and says how to mend what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError, IndexStateError, StoreUnreachableError
from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex, open_lexical
from assistant.index.lock import IndexLock
from assistant.index.manifest import Manifest, check_manifest, read_manifest
from assistant.index.mending import check_vectors, is_lexical_whole, is_safe
from assistant.index.seals import LEXICAL, STORE, has_database
from assistant.index.sentence_vectors import SENTENCES, SentenceVectors
from assistant.index.store.chunks import ChunkStore
from assistant.schema import Source

_UPDATE, _REBUILD = "assistant index", "assistant index --rebuild"
# So many chunks are looked for by their own vectors, evenly spread.
_KNOWN_QUERIES = 200
# The search is approximate: among chunks that are nearly the same it passes over a few,
# other ones each time the index is loaded. Damage loses far more.
_MAY_MISS = 0.05
# A chunk is as near to itself as float32 allows.
_ITSELF = 0.999


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the command that mends it."""

    what: str
    mend: str


def verify_index(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    chroma_url: str | None = None,
) -> list[Problem]:
    """Return every difference between the files and what is indexed of them.

    Raises:
        IndexLockedError: another process is changing the index.
        StoreUnreachableError: no server answers at ``chroma_url``.
    """
    lock = IndexLock(folder)
    try:
        if chroma_url is None:
            lock.hold("read")
        try:
            manifest = read_manifest(folder)
            if manifest is None:
                told = f"There is no index in {folder} yet, or its manifest is lost."
                return [Problem(told, _UPDATE)]
            check_manifest(manifest, embedder)
        except AssistantError as error:
            return [Problem(str(error), _REBUILD)]
        problems = list(_manifest_problems(manifest, documents))
        problems += _sentence_problems(folder, manifest, embedder)
        return problems + list(_store_problems(folder, manifest, chroma_url))
    finally:
        lock.release()


def _manifest_problems(
    manifest: Manifest, documents: Sequence[Source]
) -> Iterator[Problem]:
    hashes = {d.details.document_id: d.content_hash for d in documents}
    for name in sorted(hashes.keys() - manifest.documents.keys()):
        yield Problem(f"{name} is not indexed.", _UPDATE)
    for name in sorted(manifest.documents.keys() - hashes.keys()):
        yield Problem(f"{name} is indexed and no longer on the shelf.", _UPDATE)
    for name in sorted(hashes.keys() & manifest.documents.keys()):
        if hashes[name] != manifest.documents[name]:
            yield Problem(f"{name} has changed since it was indexed.", _UPDATE)
    if manifest.pending:
        names = ", ".join(manifest.pending[:3])
        yield Problem(f"A change was broken off ({names}).", _UPDATE)


def _sentence_problems(
    folder: Path, manifest: Manifest, embedder: Embedder
) -> Iterator[Problem]:
    kept = SentenceVectors(folder, embedder)
    if not manifest.pending and kept.lacking(manifest.documents, thoroughly=True):
        yield Problem(
            f"{folder / SENTENCES} has lost vectors of sentences, or never had them: "
            "answers take longer.",
            _UPDATE,
        )


def _store_problems(
    folder: Path, manifest: Manifest, chroma_url: str | None
) -> Iterator[Problem]:
    if chroma_url is None:
        try:
            check_vectors(folder, manifest)
        except IndexStateError as error:
            yield Problem(str(error).partition(" Run: ")[0], _REBUILD)
            return
        if not is_safe(folder, manifest):
            yield Problem(f"The chunk store in {folder / STORE} is damaged.", _REBUILD)
            return
        if not has_database(folder):
            # Chroma would make an empty one.
            yield Problem(f"{folder / STORE} holds no chunks any more.", _UPDATE)
            return
    if not (folder / LEXICAL).is_file():
        yield Problem(f"{folder / LEXICAL} is missing.", _UPDATE)
        return
    if not manifest.pending and not is_lexical_whole(folder, manifest):
        yield Problem(f"{folder / LEXICAL} is damaged.", _UPDATE)
        return
    lexical = open_lexical(folder / LEXICAL)
    try:
        for fault in lexical.check_thoroughly():
            yield Problem(f"{folder / LEXICAL} is damaged: {fault}.", _REBUILD)
            return
        if not lexical.is_whole or lexical.count() != manifest.chunks:
            yield Problem(
                f"The lexical index holds {lexical.count()} chunks, the manifest says "
                f"{manifest.chunks}.",
                _UPDATE,
            )
        try:
            with closing(
                ChunkStore(folder / STORE, chroma_url, manifest.mark)
            ) as store:
                yield from _compare(store, lexical)
        except AssistantError as error:
            yield Problem(str(error), _REBUILD)
    finally:
        lexical.close()


def _compare(store: ChunkStore, lexical: LexicalIndex) -> Iterator[Problem]:
    stored = {id_ for ids in store.ids_by_document().values() for id_ in ids}
    live = lexical.all_ids()
    if lost := len(live - stored):
        yield Problem(f"{store.where} has lost {lost} chunks.", _UPDATE)
    if left := len(stored - live):
        yield Problem(
            f"{store.where} holds {left} chunks that nothing finds any more; they "
            "only take room.",
            _REBUILD,
        )
    known = sorted(live & stored)
    known = known[:: max(1, len(known) // _KNOWN_QUERIES)]
    unfound = len(known) - count_found(store, known)
    if unfound > _MAY_MISS * len(known):
        yield Problem(
            f"{unfound} of {len(known)} chunks are not found by their own vectors: the "
            "vector index is damaged.",
            _REBUILD,
        )


def count_found(store: ChunkStore, ids: Sequence[str]) -> int:
    """Return how many chunks the store finds when asked with their own vectors."""
    try:
        owners, vectors = store.vectors(ids)
    except StoreUnreachableError:
        raise
    except IndexStateError:
        return 0
    found = set()
    for owner, vector in zip(owners, vectors, strict=True):
        if owner in ids and owner not in found:
            nearest = store.nearest(vector, 5)
            if owner in nearest or max(nearest.values(), default=0.0) >= _ITSELF:
                found.add(owner)
    return len(found)
