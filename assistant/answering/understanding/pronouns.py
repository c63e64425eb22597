"""Words that point back at something said before."""

from __future__ import annotations

import re

_BACK = re.compile(
    r"\b(it|its|they|them|their|that|this|those|these|he|she|such|there)\b",
    re.IGNORECASE,
)


def leans_back(text: str) -> bool:
    """Tell whether a text holds a word that points at something said before."""
    return _BACK.search(text) is not None
