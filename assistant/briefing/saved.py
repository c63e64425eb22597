"""Keeps the items of a pack that was stopped, so that the next run goes on from there."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.pack import Item

log = logging.getLogger(__name__)

FOLDER = "briefings"
# Runs that nobody took up again are not kept for ever: so many, and so many bytes, of one
# person and of all.
MOST_OF_ONE, MOST_OF_ALL = (10, 20_000_000), (200, 200_000_000)
_ITEMS = TypeAdapter(dict[str, Item])


def item_key(item: AgendaItem) -> str:
    """Return what makes an item another one: any change to its text or questions.

    A model may propose other questions when it is asked again; what was made of its
    first ones stands.
    """
    questions = ("proposed",) if item.proposed else item.questions
    told = [item.number, item.title, *item.matters, *questions]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


class SavedItems:
    """The items of one run, in one file; it goes when the run is whole.

    What makes a run another one (shelf, model, length, reports, the meeting) is in the
    file's name; an item that was edited is looked up in vain and made again.
    """

    def __init__(self, data_dir: Path, *run: str, owner: str = "") -> None:
        """Take the data folder, what makes the run this one, and whose it is."""
        self._own = sha256(owner.encode(errors="replace")).hexdigest()[:12]
        digest = sha256(json.dumps(run).encode()).hexdigest()[:24]
        self.file = data_dir / FOLDER / f"{self._own}-{digest}.json"
        self.items = self._read()

    def _read(self) -> dict[str, Item]:
        try:
            return _ITEMS.validate_json(self.file.read_bytes())
        except (OSError, ValidationError):
            # A file that is missing or damaged only costs the time to begin again.
            return {}

    def get(self, item: AgendaItem) -> Item | None:
        """Return an item that was made before."""
        return self.items.get(item_key(item))

    def keep(self, item: AgendaItem, made: Item) -> None:
        """Keep an item that is done; one that failed shall be tried again."""
        if made.state != "done":
            return
        self.items[item_key(item)] = made
        try:
            self._write()
        except OSError as error:
            # The pack itself can still be made.
            log.warning(
                "%s cannot be written (%s): a pack that is stopped now begins anew.",
                self.file,
                error.strerror,
            )

    def _write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.file.with_suffix(".part")
        # An agenda may be confidential: nobody else on the machine may read it.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.truncate()
            file.write(_ITEMS.dump_json(self.items))
        draft.replace(self.file)
        self._forget_old()

    def clear(self) -> None:
        """Forget the run, which is whole."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        """Forget the oldest runs where there are too many, of this person or of all."""
        found = [file for file in self.file.parent.iterdir() if file.is_file()]
        stats = {file: file.stat() for file in found}
        newest = sorted(stats, key=lambda file: -stats[file].st_mtime_ns)
        own = [file for file in newest if file.name.startswith(self._own)]
        for files, (most, left) in ((own, MOST_OF_ONE), (newest, MOST_OF_ALL)):
            for place, file in enumerate(files):
                left -= stats[file].st_size
                if file != self.file and (place >= most or left < 0):
                    file.unlink(missing_ok=True)
