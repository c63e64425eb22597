"""The vectors of a shelf's sentences, made at indexing: one file a document.

An answer is chosen among the sentences of the passages found, each compared by itself and
under its heading line. A file holds hashes of those texts and a vector each in half
precision, and no word. Whatever it lacks can be embedded when it is asked for: a file that
is lost or damaged costs time, and no answer.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from assistant.index.embeddings import Embedder, Vectors
from assistant.schema import Chunk
from assistant.text.quotable import split_labels, split_quotable
from assistant.text.sentences import split_sentences

_Keys = NDArray[np.uint64]
_Places = NDArray[np.int64]

log = logging.getLogger(__name__)

SENTENCES = "sentences"
_ENDING = ".vectors"
_SEAL_BYTES, _KEY_BYTES = 16, 8
# Documents whose hashes are kept in memory: some 10 kB each.
_MOST_KEPT = 500


class _Held(NamedTuple):
    keys: _Keys
    """The hashes of the texts, ascending."""
    vectors: NDArray[np.float16]


def sentence_texts(chunk: Chunk) -> list[str]:
    """Return what is embedded of a chunk's sentences, each text once.

    What may be quoted of it, bare and under its heading line; and every sentence as it
    stands, which a model's are compared with.
    """
    quoted = split_quotable(chunk.text)
    if chunk.position == 0:
        quoted += split_labels(chunk.text)
    headed = map(chunk.under_heading, quoted)
    return list(dict.fromkeys((*quoted, *split_sentences(chunk.text), *headed)))


class SentenceVectors:
    """The vectors under an index's folder; many may read while one writes."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Take the folder of the index; nothing is read before it is asked for."""
        self._folder = folder / SENTENCES
        # Vectors of another model are no good.
        self._model = f"{embedder.name} {embedder.dimension}".encode()[:64]
        self._row = np.dtype(
            [("seal", f"V{_SEAL_BYTES}"), ("vector", np.float16, embedder.dimension)]
        )
        self._kept: OrderedDict[str, tuple[tuple[int, ...], _Keys]] = OrderedDict()

    def lacking(
        self, documents: Collection[str], *, thoroughly: bool = False
    ) -> set[str]:
        """Return the documents without a file, or (thoroughly) without a whole one."""
        there = {file.name for file in self._folder.glob("*" + _ENDING)}
        lacking = {d for d in documents if self._file(d).name not in there}
        if thoroughly:
            lacking |= {d for d in documents if self._read(d) is None}
        return lacking

    def find(self, document: str, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the unit vectors of a document's texts, as far as they are there."""
        wanted = _keys_of(texts)

        def choose(keys: _Keys) -> _Places:
            places = np.searchsorted(keys, wanted)
            inside = places < len(keys)
            places = places[inside]
            found: _Places = places[keys[places] == wanted[inside]]
            return found

        held = self._read(document, choose)
        if held is None:
            return {}
        vectors = held.vectors.astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        found = dict(zip(held.keys.tolist(), vectors, strict=True))
        keyed = zip(wanted.tolist(), texts, strict=True)
        return {text: found[key] for key, text in keyed if key in found}

    def add(self, document: str, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors, row i being that of text i, beside those that are there."""
        keys, rows = _keys_of(texts), vectors.astype(np.float16)
        if (held := self._read(document)) is not None:
            keys = np.concatenate([keys, held.keys])
            rows = np.concatenate([rows, held.vectors])
        # Ascending, each once.
        keys, first = np.unique(keys, return_index=True)
        self._write(document, _Held(keys, rows[first]))

    def keep_only(self, document: str, texts: Sequence[str]) -> None:
        """Forget a document's vectors but those of these texts; without any, none."""
        held = self._read(document)
        kept = np.isin(held.keys, _keys_of(texts)) if held else np.zeros(0, bool)
        if held is None:
            none = np.zeros((0, self._row["vector"].shape[0]), np.float16)
            self._write(document, _Held(_keys_of(()), none))
        elif not kept.all():
            self._write(document, _Held(held.keys[kept], held.vectors[kept]))

    def forget_others(self, documents: Iterable[str]) -> None:
        """Remove every file but those of these documents."""
        kept = {self._file(document).name for document in documents}
        for file in self._folder.glob("*"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _file(self, document: str) -> Path:
        return self._folder / (quote(document, safe="") + _ENDING)

    def _seal(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=_SEAL_BYTES, key=self._model).digest()

    def _read(
        self,
        document: str,
        choose: Callable[[_Keys], _Places] = lambda keys: np.arange(len(keys)),
    ) -> _Held | None:
        """Return some rows of a file; None where there is no whole file."""
        file = self._file(document)
        try:
            # Opened once: it may be replaced at any moment.
            with file.open("rb") as handle:
                keys = self._keys(document, handle)
                places = choose(keys)
                return _Held(keys[places], self._vectors(handle, keys, places))
        except OSError:
            return None
        except ValueError:
            self._throw_away(file)
            return None

    def _keys(self, document: str, handle: BinaryIO) -> _Keys:
        """Return the hashes that a file holds; they are kept while it stays the same."""
        found = os.fstat(handle.fileno())
        stamp = found.st_mtime_ns, found.st_ino, found.st_size
        kept = self._kept.get(document)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        size = found.st_size - _SEAL_BYTES
        number, rest = divmod(size, _KEY_BYTES + self._row.itemsize)
        seal = handle.read(_SEAL_BYTES)
        data = handle.read(max(number, 0) * _KEY_BYTES)
        if rest or self._seal(data) != seal:
            raise ValueError("it is not what was written")
        keys = np.frombuffer(data, np.uint64)
        self._kept[document] = stamp, keys
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return keys

    def _vectors(
        self, handle: BinaryIO, keys: _Keys, places: _Places
    ) -> NDArray[np.float16]:
        size, start = self._row.itemsize, _SEAL_BYTES + keys.nbytes
        rows = []
        for place in places.tolist():
            handle.seek(start + place * size)
            row = handle.read(size)
            sealed = keys[place].tobytes() + row[_SEAL_BYTES:]
            if self._seal(sealed) != row[:_SEAL_BYTES]:
                raise ValueError("it is not what was written")
            rows.append(row)
        vectors: NDArray[np.float16] = np.frombuffer(b"".join(rows), self._row)[
            "vector"
        ]
        return vectors

    @staticmethod
    def _throw_away(file: Path) -> None:
        log.warning(
            "%s is damaged. It is thrown away, and made again when the index is opened "
            "next.",
            file,
        )
        with suppress(OSError):
            file.unlink()

    def _write(self, document: str, held: _Held) -> None:
        """Replace a file in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(document)
        keys = held.keys.tobytes()
        parts = [self._seal(keys), keys]
        for key, vector in zip(held.keys, held.vectors, strict=True):
            row = vector.tobytes()
            parts += [self._seal(key.tobytes() + row), row]
        draft = file.with_suffix(".new")
        draft.write_bytes(b"".join(parts))
        draft.replace(file)


def _keys_of(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits a text: among a document's sentences no two are alike by chance."""
    hashes = (
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_KEY_BYTES)
        for text in texts
    )
    return np.frombuffer(b"".join(h.digest() for h in hashes), np.uint64)
