"""Notices that another process has changed the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from assistant.index.manifest import Manifest, manifest_stamp, read_manifest
from assistant.schema import Source

Reread = Callable[[], Sequence[Source]]


class Renewal:
    """Compares the index's generation with the one that was read."""

    def __init__(self, folder: Path, manifest: Manifest, reread: Reread) -> None:
        """Begin from the manifest that was read."""
        self._folder = folder
        self._generation = manifest.generation
        self._reread = reread
        self._stamp: tuple[int, ...] | None = None
        self._lock = Lock()

    def documents(self) -> list[Source] | None:
        """Return the documents of a newer index, or None where it is the same.

        A look at the manifest's time is all that it costs while nothing changes.
        """
        with self._lock:
            stamp = manifest_stamp(self._folder)
            if stamp == self._stamp:
                return None
            manifest = read_manifest(self._folder)
            self._stamp = stamp
            if manifest is None or manifest.generation == self._generation:
                return None
            self._generation = manifest.generation
            return [
                document
                for document in self._reread()
                if document.details.document_id in manifest.documents
            ]
