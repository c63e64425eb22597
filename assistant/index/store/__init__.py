"""The store of chunks: Chroma. Nothing outside this room imports chromadb."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any


def _override(method: Any, *checks: bool) -> Any:
    method.__override__ = True
    return method


# Chroma compares each of its methods with the one that it overrides whenever it is
# imported: a fifth of the time of its import, and half of that of opening it, for what
# its own tests have told already. Without the package there is nothing to leave out.
with suppress(ImportError):
    import_module("overrides.overrides")._overrides = _override  # type: ignore[attr-defined]
