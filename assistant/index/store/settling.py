"""Brings an embedded store to rest: all vectors in their files, nothing deleted left.

Chroma writes its vector files after every thousand changes and keeps what came since in
a queue in its database, text and all, also of what was deleted long ago. A store at rest
has an empty queue: its vector files are whole and can be sealed, and opening it has
nothing to replay.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import struct
from collections.abc import Iterable
from pathlib import Path
from shutil import disk_usage

import numpy as np
from chromadb.api.models.Collection import Collection

# The least that Chroma takes, and its own default.
_AT_ONCE, _DEFAULT = 2, 1000
# Never found: a chunk's id has 32 digits.
_TOUCHED = ["touched-1", "touched-2"]
# hnswlib's header: version, offset, room, vectors, bytes of each, …
_HEADER = struct.Struct("<i6QiI3QdQ")
_DATABASE = "chroma.sqlite3"
_TEXTS = "embedding_fulltext_search"


def check_room(folder: Path, *, purging: bool) -> None:
    """Refuse to begin where there is not as much room again as what is written anew.

    Raises:
        OSError: there is no room.
    """
    files = folder.rglob("*") if purging else folder.glob("*/*")
    size = sum(file.stat().st_size for file in files if file.is_file())
    if disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, "No space left on device")


def write_often(collections: Iterable[Collection], *, often: bool) -> None:
    """Have the vectors written with each change, once the store is opened again."""
    threshold = _AT_ONCE if often else _DEFAULT
    for collection in collections:
        collection.modify(configuration={"hnsw": {"sync_threshold": threshold}})


def touch(collection: Collection, dimension: int, *, keeping: bool) -> None:
    """Make a change that leaves nothing, so that what is in the queue is written.

    ``keeping`` leaves one vector there. Chroma begins the files of a collection without
    any anew with each opening, and fills them with whatever its memory holds.
    """
    vectors = np.eye(len(_TOUCHED), dimension, dtype=np.float32)
    collection.upsert(ids=_TOUCHED, embeddings=vectors)
    collection.delete(ids=_TOUCHED[1:] if keeping else _TOUCHED)


def cut_vectors(folder: Path) -> None:
    """Cut what lies behind the vectors in the files of a store that is closed.

    It is from when they were begun: memory of the process that did so.
    """
    for header in folder.glob("*/header.bin"):
        data = header.read_bytes()
        if len(data) != _HEADER.size:
            continue
        _, _, _, vectors, size, *_ = _HEADER.unpack(data)
        for name, length in (
            ("data_level0.bin", vectors * size),
            ("length.bin", vectors * 4),
        ):
            file = header.with_name(name)
            if file.is_file() and file.stat().st_size > length:
                os.truncate(file, length)


def purge(folder: Path) -> None:
    """Take what was deleted out of the database of a store that is closed.

    Raises:
        sqlite3.Error: there is no room, or it is damaged.
    """
    db = sqlite3.connect(folder / _DATABASE, isolation_level=None)
    try:
        # The words of deleted texts stand in its index until it is merged.
        db.execute(f"INSERT INTO {_TEXTS} ({_TEXTS}) VALUES ('optimize')")
        # Deleted rows stand in free pages, and in the free room of others.
        db.execute("VACUUM")
    finally:
        db.close()
