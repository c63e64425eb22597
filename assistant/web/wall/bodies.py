"""The JSON that a page sends, read strictly: one meaning, or it is refused."""

from __future__ import annotations

import json

from assistant.serving.refusing import RefusedError

MALFORMED = "This is not what a page of ours sends. Reload the page and try again."
FILES = "Files are taken at the page's file boxes only. Nothing was done."
NOT_YOURS = "This file is not one that you sent. Choose it again."


def read_object(raw: bytes) -> dict[str, object]:
    """Return the one JSON object that a body holds.

    Raises:
        RefusedError: it is none, or readers of JSON could differ on what it says.
    """
    try:
        found = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
        )
        write(found)
    except (ValueError, RecursionError):
        raise RefusedError(400, MALFORMED) from None
    if not isinstance(found, dict):
        raise RefusedError(400, MALFORMED)
    return found


def write(found: object) -> bytes:
    """Return JSON as bytes.

    Raises:
        ValueError: it holds half a sign, or a number beyond all bounds.
    """
    return json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> object:
    raise ValueError(name)
