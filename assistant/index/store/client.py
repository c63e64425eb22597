"""Opens Chroma, in a folder of this process or on a server, and maps its errors."""

from __future__ import annotations

import atexit
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from assistant.disk import has_room, is_full, is_readable_only, no_room
from assistant.environment import variables_named
from assistant.errors import IndexStateError, StoreUnreachableError
from assistant.index.store.records import MEND

# Longest waits for a server: to be there, and to answer.
_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 60.0
# The words in which Chroma says that it has no room or no right to write.
_NO_ROOM = re.compile(r"disk (?:is )?full|no space|disk I/O|file too large|quota", re.I)
_NO_RIGHT = re.compile(r"readonly|read-only|permission denied|unable to open", re.I)


@contextmanager
def store_errors(folder: Path, url: str | None = None) -> Iterator[None]:
    """Map Chroma's errors to ours, once for the whole house."""
    try:
        yield
    except NotFoundError as error:
        raise IndexStateError(
            f"The Chroma server at {url} no longer holds these chunks: the index was made "
            "anew, or the server was emptied. Ask again; if that does not help, run: "
            "assistant index"
            if url
            else f"The chunk store in {folder} has lost a collection. {MEND}"
        ) from error
    except (ChromaError, sqlite3.Error, OSError) as error:
        raise _explained(folder, str(error), full=is_full(error)) from error
    except httpx.HTTPError as error:
        raise _unreachable(url) from error
    except ValueError as error:
        # The client's constructor turns its own failures to connect into this.
        if url and "connect" in str(error).lower():
            raise _unreachable(url) from error
        raise
    except BaseException as error:
        # A panic of Chroma's own is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _explained(folder, str(error)) from error


def _explained(folder: Path, text: str, *, full: bool = False) -> IndexStateError:
    # Where Chroma runs out of room, it mostly does not say so.
    if full or _NO_ROOM.search(text) or not has_room(folder):
        return IndexStateError(no_room(folder, "run: assistant index"))
    if _NO_RIGHT.search(text):
        return IndexStateError(
            f"The index in {folder} cannot be written. Set ASSISTANT_DATA_DIR to a "
            "folder that you may write."
        )
    return IndexStateError(f"The chunk store in {folder} is damaged ({text}). {MEND}")


def _unreachable(url: str | None) -> StoreUnreachableError:
    return StoreUnreachableError(
        f"The Chroma server at {url} does not answer. Start it (chroma run --path "
        "FOLDER), or set ASSISTANT_CHROMA_URL to where it is; then try again."
    )


def _to_be_read(folder: Path) -> Path:
    """Return a folder with the same store: Chroma writes into its database to open it.

    The vector files are the same; the database is a copy, until this process ends.
    """
    copy = Path(tempfile.mkdtemp(prefix="shelf-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    for path in folder.iterdir():
        if path.is_dir():
            (copy / path.name).symlink_to(path.resolve())
        else:
            shutil.copyfile(path, copy / path.name)
    return copy


def open_client(folder: Path, url: str | None) -> tuple[ClientAPI, bool]:
    """Open Chroma in a folder, or on the server at an address.

    Returns:
        The client, and whether what it opened may only be read.
    """
    settings = ChromaSettings(anonymized_telemetry=False)
    if url is not None:
        return _on_server(url, settings), False

    def opened(where: Path) -> ClientAPI:
        return chromadb.PersistentClient(path=str(where), settings=settings)

    if is_readable_only(folder):
        return opened(_to_be_read(folder)), True
    try:
        return opened(folder), False
    except ChromaError:
        if has_room(folder):
            raise
        return opened(_to_be_read(folder)), True


def _on_server(url: str, settings: ChromaSettings) -> ClientAPI:
    parts = urlsplit(url)
    # Its own client waits for ever, so ask first whether anybody is there.
    with variables_named():
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=_CONNECT_SECONDS)
    client = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=settings,
    )
    session: httpx.Client = client._server._session  # type: ignore[attr-defined]
    session.timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
    return client
