"""JSON that notices its own damage: an object with a hash of itself in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

_SEAL = "seal"


def seal_of(value: object) -> str:
    """Return 24 hexadecimal digits that change with any part of a JSON value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def sealed(value: Mapping[str, object]) -> str:
    """Return an object as JSON with its seal."""
    return json.dumps({**value, _SEAL: seal_of(value)}, ensure_ascii=False)


def unsealed(text: str | bytes) -> dict[str, Any]:
    """Return the object of a sealed JSON text; one of before seals has none.

    Raises:
        ValueError: it is no object, or not the one that was sealed.
    """
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("this is no object")
    seal = value.pop(_SEAL, None)
    if seal is not None and seal != seal_of(value):
        raise ValueError("it has been changed since it was written")
    return value
