"""Papers that one conversation alone may ask: each has an index of its own, and an end."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Timer
from time import time
from typing import TYPE_CHECKING
from weakref import finalize

from assistant.errors import BusyError, CorpusError
from assistant.index.manifest import Progress
from assistant.library.candidates import Candidate
from assistant.library.entries import make_entry
from assistant.schema import Document
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.documents.places import OWN

if TYPE_CHECKING:
    from assistant.composition import Assistant

HOURS = 4
MOST_PAPERS, MOST_LETTERS = 5, 500_000
"""Of one conversation; so many letters take a minute to index."""
MOST_OF_ONE, MOST_OF_ALL = 3, 30
"""Conversations with papers: of one owner the oldest loses its own, of all none does."""

Key = tuple[str, str]
"""Whose conversation it is, and its id."""

# Another process may be about to take its lock.
_FRESH_SECONDS = 60.0
_LONG = (
    f"A conversation takes papers of {MOST_LETTERS:,} letters, some 200 pages; these have "
    "{size:,}. Drop a part, or have somebody who may add it put it on the shelf."
)
_OWN = (
    "Your paper is asked first: <cite>{}</cite>. Nobody else can ask it. It goes with "
    f"this conversation, or after {HOURS} hours."
)
_AWAY = '<button type="button" class="away">Remove it</button>'
_MARK = '<p role="status" class="own">'
GONE = (
    "Your paper is here no more. Drop it again to ask about it; the next question is put "
    "to the reports alone."
)
_FULL = (
    "There is no room for more papers of conversations here just now. Try again later, "
    "or have somebody who may add it put it on the shelf."
)
_MANY = f"A conversation takes {count_of(MOST_PAPERS, 'paper')}. Remove these first."


@dataclass(frozen=True)
class Own:
    """What one conversation alone may ask."""

    assistant: Assistant
    documents: tuple[Document, ...]
    folder: Path
    timer: Timer

    @property
    def titles(self) -> str:
        """The papers by title."""
        return "; ".join(one.details.title for one in self.documents)

    def end(self) -> None:
        """Close the index and remove it."""
        self.timer.cancel()
        self.assistant.parts.shelf.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def render_own(own: Own) -> str:
    """Return the line beside the composer that says which paper is asked."""
    return f"{_MARK}{_OWN.format(flat(own.titles))} {_AWAY}</p>"


def says_own(shown: str) -> bool:
    """Tell whether what stands beside the composer says that a paper is asked."""
    return _MARK in shown


def after_asking(shown: str) -> str:
    """Return what of it stays when a question is asked: all but what went well."""
    return shown if says_own(shown) or 'role="alert"' in shown else ""


class OwnPapers:
    """The papers of all conversations that have some; ``end`` is called with the process."""

    def __init__(self, assistant: Assistant) -> None:
        """Begin with none; each is asked as the assistant's shelf is."""
        self._assistant = assistant
        self._held: dict[Key, Own] = {}
        self._lock = Lock()
        self.end = finalize(self, _end_all, self._held)

    def find(self, key: Key) -> Own | None:
        """Return the papers of a conversation."""
        return self._held.get(key)

    def add(
        self,
        key: Key,
        papers: Sequence[Candidate],
        folder: Path,
        progress: Progress = lambda done, total: None,
    ) -> Own:
        """Index papers for a conversation, beside those that it has.

        Args:
            key: whose conversation, and which.
            papers: what was read; the files are needed no more.
            folder: an empty one of its owner's, which is removed with the papers.
            progress: is told passages done and passages to do.

        Raises:
            BusyError: there is no room; AssistantError: they cannot be indexed.
        """
        try:
            own = self._open(key, self._documents(key, papers), folder, progress)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.forget(key)
        with self._lock:
            self._held[key] = own
            of_owner = [other for other in self._held if other[0] == key[0]]
        own.timer.start()
        for other in of_owner[:-MOST_OF_ONE]:
            self.forget(other)
        return own

    def _documents(self, key: Key, papers: Sequence[Candidate]) -> tuple[Document, ...]:
        before = self.find(key)
        documents = before.documents if before else ()
        if len(documents) + len(papers) > MOST_PAPERS:
            raise CorpusError(_MANY)
        if before is None and len(self._held) >= MOST_OF_ALL:
            raise BusyError(_FULL, 60.0)
        numbered = enumerate(papers, len(documents) + 1)
        documents = (*documents, *(_document(paper, n) for n, paper in numbered))
        size = sum(len(s.text) for one in documents for s in one.sections)
        if size > MOST_LETTERS:
            raise CorpusError(_LONG.format(size=size))
        return documents

    def _open(
        self,
        key: Key,
        documents: tuple[Document, ...],
        folder: Path,
        progress: Progress,
    ) -> Own:
        asked = self._assistant.over(documents, folder / "index", progress)
        timer = Timer(HOURS * 3600, self.forget, [key])
        timer.daemon = True
        return Own(asked, documents, folder, timer)

    def forget(self, key: Key) -> None:
        """Remove the papers of a conversation, if it has any."""
        with self._lock:
            own = self._held.pop(key, None)
        if own:
            own.end()


def _end_all(held: dict[Key, Own]) -> None:
    for own in held.values():
        own.end()


def remove_left(page_files: Path) -> None:
    """Remove the papers of a process that was killed: nobody holds their lock any more."""
    for lock in page_files.glob("*/*/draft/*/index/.lock"):
        with suppress(OSError), lock.open("rb+") as handle:
            if time() - lock.stat().st_mtime > _FRESH_SECONDS:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parents[1], ignore_errors=True)


def _document(paper: Candidate, number: int) -> Document:
    """Return a paper as it is indexed, under an id that no report of a shelf has."""
    entry = make_entry(paper)
    details = replace(entry.details, report=f"{OWN}{number}")
    return Document(details, paper.extract.sections, entry.content_hash)
