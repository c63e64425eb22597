"""Notices that another process has changed the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

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

    def renew(self, take: Callable[[Sequence[Source], Manifest], None]) -> None:
        """Have the documents of a newer index taken up, where there is one.

        A look at the manifest's time is all that it costs while nothing changes. What
        fails is tried again the next time. One thread at a time.
        """
        stamp = manifest_stamp(self._folder)
        if stamp == self._stamp:
            return
        manifest = read_manifest(self._folder)
        if manifest is not None and manifest.generation != self._generation:
            documents = self._reread()
            known = manifest.documents
            take([d for d in documents if d.details.document_id in known], manifest)
            self._generation = manifest.generation
        self._stamp = stamp
