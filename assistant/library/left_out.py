"""Which shipped documents are left out, kept beside the list in case that is lost."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from assistant.sealed import sealed, unsealed

_FILE = "left-out.json"


def keep_left_out(root: Path, documents: Collection[str]) -> None:
    """Keep their ids."""
    draft = root / f"{_FILE}.new"
    draft.write_text(sealed({"documents": sorted(documents)}), encoding="utf-8")
    draft.replace(root / _FILE)


def read_left_out(root: Path) -> list[str]:
    """Return their ids; none where none are kept, or the file is damaged."""
    try:
        return list(map(str, unsealed((root / _FILE).read_bytes())["documents"]))
    except (OSError, ValueError, KeyError, TypeError):
        return []
