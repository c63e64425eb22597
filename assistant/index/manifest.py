"""The manifest: which documents an index holds, made with which model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.disk import write_whole
from assistant.errors import IndexStateError
from assistant.index.embeddings import Embedder
from assistant.reading.chunking import CHUNKING_VERSION
from assistant.schema import Source
from assistant.sealed import sealed, unsealed

Progress = Callable[[int, int], None]
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds; kept beside it as JSON."""

    embedding_model: str
    dimension: int
    chunking_version: int = CHUNKING_VERSION
    generation: int = 0
    documents: dict[str, str] = field(default_factory=dict)
    chunks: int = 0
    pending: list[str] = field(default_factory=list)
    """Documents whose change was begun and not yet finished."""
    seals: dict[str, str] | None = None
    """The seals of its files at rest; None where they are not known."""
    mark: str = ""
    """The end of the names of its collections."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one synchronisation did, in chunks."""

    added: int
    removed: int
    unchanged: int


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of an index folder, or None where there is none.

    Raises:
        IndexStateError: it cannot be read.
    """
    file = folder / _MANIFEST
    if not file.is_file():
        return None
    try:
        return Manifest(**unsealed(file.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise IndexStateError(
            f"{file} cannot be read. Run: assistant index --rebuild"
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    # Not indented: with a thousand reports that takes ten times as long.
    write_whole(folder / _MANIFEST, sealed(asdict(manifest)))


def remove_manifest(folder: Path) -> None:
    """Remove the manifest: the next synchronisation finds a new index."""
    (folder / _MANIFEST).unlink(missing_ok=True)


def manifest_stamp(folder: Path) -> tuple[int, ...] | None:
    """Return what changes whenever the manifest is replaced; None where there is none."""
    try:
        found = (folder / _MANIFEST).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def check_manifest(manifest: Manifest, embedder: Embedder) -> None:
    """Refuse an index that this program would misread.

    Raises:
        IndexStateError: other embedding model, dimension or chunking version.
    """
    found = (manifest.embedding_model, manifest.dimension, manifest.chunking_version)
    wanted = (embedder.name, embedder.dimension, CHUNKING_VERSION)
    if found != wanted:
        raise IndexStateError(
            f"The index was made with embedding model {found[0]} ({found[1]} dimensions) "
            f"and chunking version {found[2]}; this program uses {wanted[0]} "
            f"({wanted[1]}) and {wanted[2]}. Run: assistant index --rebuild"
        )


def is_current(manifest: Manifest | None, documents: Sequence[Source]) -> bool:
    """Tell whether the index holds exactly these documents, and is at rest."""
    if manifest is None or manifest.pending or manifest.seals is None:
        return False
    return holds(manifest, documents)


def holds(manifest: Manifest, documents: Sequence[Source]) -> bool:
    """Tell whether the index answers from exactly these documents."""
    return manifest.documents == {
        document.details.document_id: document.content_hash for document in documents
    }
