"""The seals of an index at rest: hashes of its files, kept in the manifest.

Chroma reads its vector files in native code that trusts them: a damaged one ends the
process, or makes wrong neighbours. A damaged lexical index finds less, without an error.
So both are compared with their seals before they are opened. Texts carry a seal each
(see ``store.records``), for Chroma's database changes with each opening.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

STORE = "chroma"
LEXICAL = "lexical.sqlite"
# Chroma's list of the vectors in a folder of vector files.
_VECTORS = "index_metadata.pickle"


def vector_seals(folder: Path) -> dict[str, str]:
    """Return the seals of the vector files of an index, by their paths in its folder."""
    return {
        str(file.relative_to(folder)): _hash(file)
        for listing in sorted((folder / STORE).glob(f"*/{_VECTORS}"))
        # Those of a collection without vectors are made anew with each opening.
        if _holds_vectors(listing)
        for file in sorted(listing.parent.iterdir())
    }


def lexical_seal(folder: Path) -> dict[str, str]:
    """Return the seal of the lexical index; its log must be empty."""
    return {LEXICAL: _hash(folder / LEXICAL)}


def broken(folder: Path, seals: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that are not what they were when they were sealed."""
    for name, seal in seals.items():
        try:
            if _hash(folder / name) == seal:
                continue
        except OSError:
            pass
        yield folder / name


def has_database(folder: Path) -> bool:
    """Tell whether Chroma's database is there; it would make an empty one."""
    file = folder / STORE / "chroma.sqlite3"
    return file.is_file() and file.stat().st_size > 0


def has_vectors(folder: Path) -> bool:
    """Tell whether there are vector files that would be opened."""
    return any((folder / STORE).glob(f"*/{_VECTORS}"))


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16))
    return digest.hexdigest()


class _PlainUnpickler(pickle.Unpickler):
    """Reads plain values, and makes no object."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def _holds_vectors(listing: Path) -> bool:
    values = _PlainUnpickler(io.BytesIO(listing.read_bytes())).load()
    return bool(values["id_to_label"])
