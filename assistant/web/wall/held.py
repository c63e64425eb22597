"""Files that people sent or were given: each person's in a folder of its own.

They lie under who is counted together (a name, or an address), whose they are (a name,
or a browser), their kind, and a random folder for each.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from starlette.types import Scope

from assistant.disk import is_readable_only
from assistant.errors import BusyError, LimitError
from assistant.serving.limits import asker_of
from assistant.settings import Settings
from assistant.web.wall.owners import owner_of

if TYPE_CHECKING:
    from assistant.web.gradio_import import gr

Kind = Literal["sent", "draft", "made"]

_FOLDER = "GRADIO_TEMP_DIR"
_DAY = 86_400.0
_PAUSE = 60.0
# Its kind, a random folder, and its own name.
_NAME = re.compile(r"(sent|made)/[0-9a-f]{32}/(?!\.{1,2}$)[^/\0]{1,255}")
_MEGABYTE = 1_000_000
MOST_WAITING = 50
"""Files that one owner may have sent and not yet added or put away."""

_WAITING = (
    f"{MOST_WAITING} files that you sent wait to be read, added or removed. Finish with "
    "some of them first."
)
_YOURS = (
    "Your files take up the {most:g} MB that one person may have here. Those that you "
    "sent go when they are added or removed, the others after a day."
)
_ALL = (
    "There is no room for more files here just now. Try again later, or tell whoever "
    "runs this page."
)


def keep_files_in(data_dir: Path) -> None:
    """Let Gradio put files into our folder, not into one for all of the machine.

    It reads the name at its import and at each file, so it is set for the process. Beside
    a data folder that may only be read, they lie in one that ends with the process.
    """
    folder = str(data_dir.absolute() / "page-files")
    if _FOLDER not in os.environ and is_readable_only(data_dir):
        folder = tempfile.mkdtemp(prefix="page-files-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder = os.environ.setdefault(_FOLDER, folder)
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)


def held(settings: Settings) -> Held:
    """Return the files of this process's page."""
    root = Path(os.environ[_FOLDER]).absolute()
    return Held(root, settings.person_files_mb, settings.page_files_mb)


def new_folder(settings: Settings, request: gr.Request) -> Path:
    """Make a folder for files that are made for whoever sent a request.

    Raises:
        BusyError: there is no room for more.
    """
    scope = request.request.scope if request.request else {"type": "http"}
    return held(settings).new_folder(scope, "made")


def discard(file: Path) -> None:
    """Remove a file that was sent, and the folder made for it."""
    file.unlink(missing_ok=True)
    with suppress(OSError):
        file.parent.rmdir()


def claim(file: Path) -> Path:
    """Put a file that was sent where no request can name it; return its new place."""
    place = file.parents[1].with_name("draft") / file.parent.name
    place.parent.mkdir(mode=0o700, exist_ok=True)
    return file.parent.rename(place) / file.name


@dataclass(frozen=True)
class Held:
    """The files under a folder, and how much of them there may be (megabytes)."""

    root: Path
    person_mb: float
    all_mb: float

    def new_folder(self, scope: Scope, kind: Kind) -> Path:
        """Make the folder for one more file of whoever sent a request.

        Raises:
            BusyError: there is no room for more; LimitError: for more of this person's.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        own = self._own(scope)
        if kind == "sent":
            waiting = [*_folders(own / "sent"), *_folders(own / "draft")]
            if len(waiting) >= MOST_WAITING:
                raise LimitError(_WAITING, _PAUSE)
        while not self._has_room(own) and (made := _folders(own / "made")):
            # What was made can be made again.
            shutil.rmtree(min(made, key=_changed), ignore_errors=True)
        self.check_room(scope, 1, 1)
        folder = own / kind / uuid4().hex
        for one in (own.parent, own, folder.parent, folder):
            # The mode that is given counts for the last of a path alone.
            one.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _has_room(self, own: Path) -> bool:
        return (
            _size(own.parent) < self.person_mb * _MEGABYTE
            and _size(self.root) < self.all_mb * _MEGABYTE
        )

    def check_room(self, scope: Scope, own: int, all_: int) -> None:
        """Refuse bytes without room: ``own`` of this person, ``all_`` of all.

        Raises:
            BusyError: there is no room; LimitError: there is none for this person.
        """
        if _size(self._own(scope).parent) + own > self.person_mb * _MEGABYTE:
            raise LimitError(_YOURS.format(most=self.person_mb), _PAUSE)
        if _size(self.root) + all_ > self.all_mb * _MEGABYTE:
            raise BusyError(_ALL, _PAUSE)

    def name_of(self, file: Path) -> str:
        """Return the name by which a page knows a file: none of this machine's folders."""
        return "/".join(file.relative_to(self.root).parts[2:])

    def without_folders(self, told: bytes) -> bytes:
        """Return JSON that Gradio sends, with names in place of the paths of files."""
        root = re.escape(json.dumps(str(self.root), ensure_ascii=False)[1:-1].encode())
        return re.sub(root + rb"/[0-9a-f]{40}/[0-9a-f]{40}/", b"", told)

    def find(self, scope: Scope, name: str, *kinds: Kind) -> Path | None:
        """Return the file of a name where it is this owner's and of these kinds.

        The name must be exactly the one that was told when the file came or was made.
        """
        if not (parts := _NAME.fullmatch(name)) or parts[1] not in kinds:
            return None
        for counted in _folders(self.root):
            file = counted / owner_of(scope) / name
            # A name may be longer than any file's.
            with suppress(OSError):
                links = any(one.is_symlink() for one in (file, *file.parents[:4]))
                if file.is_file() and not links:
                    return file
        return None

    def sweep(self, seconds: float = _DAY) -> None:
        """Remove what has lain for a day, and folders that hold nothing.

        So goes also what a process left that was killed.
        """
        before = time() - seconds
        for found in _entries(self.root):
            if found.is_dir(follow_symlinks=False):
                _sweep_person(Path(found.path), before)
            elif found.stat(follow_symlinks=False).st_mtime < before:
                Path(found.path).unlink(missing_ok=True)

    def _own(self, scope: Scope) -> Path:
        counted = sha256(asker_of(scope).key.encode(errors="replace")).hexdigest()
        return self.root / counted[:40] / owner_of(scope)


def _sweep_person(counted: Path, before: float) -> None:
    for owner in _folders(counted):
        for kind in _folders(owner):
            for folder in _folders(kind):
                if _changed(folder) < before:
                    shutil.rmtree(folder, ignore_errors=True)
            _remove_empty(kind)
        _remove_empty(owner)
    _remove_empty(counted)


def _remove_empty(folder: Path) -> None:
    # One that was just made for a file is not yet old.
    if _changed(folder) < time() - _PAUSE:
        with suppress(OSError):
            folder.rmdir()


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as found:
        yield from found


def _folders(folder: Path) -> list[Path]:
    return [Path(f.path) for f in _entries(folder) if f.is_dir(follow_symlinks=False)]


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return time()


def _size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    total = 0
    for found in _entries(folder):
        with suppress(OSError):
            if found.is_dir(follow_symlinks=False):
                total += _size(Path(found.path))
            else:
                total += found.stat(follow_symlinks=False).st_size
    return total
