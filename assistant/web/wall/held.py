"""Files that people sent or were given: each person's in a folder of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from assistant.web.wall.owners import owner_of

if TYPE_CHECKING:
    from assistant.web.gradio_import import gr

_FOLDER = "GRADIO_TEMP_DIR"
Kind = Literal["sent", "made"]
KINDS: tuple[Kind, ...] = ("sent", "made")


def keep_files_in(data_dir: Path) -> None:
    """Let Gradio put files into our folder, not into one for all of the machine.

    It reads the name at its import and at each file, so it is set for the process.
    """
    folder = os.environ.setdefault(_FOLDER, str(data_dir.absolute() / "page-files"))
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)


def held() -> Held:
    """Return the files of this process's page."""
    return Held(Path(os.environ[_FOLDER]).absolute())


def new_folder(request: gr.Request) -> Path:
    """Make a folder for files that are made for whoever sent a request."""
    scope = request.request.scope if request.request else {}
    return held().new_folder(owner_of(scope), "made")


@dataclass(frozen=True)
class Held:
    """The files under a folder: owner, kind, a folder for each file, the file."""

    root: Path

    def new_folder(self, owner: str, kind: Kind) -> Path:
        """Make the folder for one more file."""
        folder = self.root / owner / kind / uuid4().hex
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def find(self, owner: str, path: str, *kinds: Kind) -> Path | None:
        """Return the file at a path where it is this owner's and of these kinds.

        The path must be exactly the one that was told when the file came or was made.
        """
        file = Path(path)
        if "\0" in path or ".." in file.parts or str(file) != path:
            return None
        places = [self.root / owner / kind for kind in kinds]
        if file.parent.parent not in places or file.parent.is_symlink():
            return None
        return file if file.is_file() and not file.is_symlink() else None
