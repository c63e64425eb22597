"""Takes a question that asks several things apart: each is then answered by itself."""

from __future__ import annotations

import re

from assistant.sentences import split_sentences

_WH = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
_ASKS = re.compile(
    rf"\?|^\W*(?:and |so |but |or |now )*(?:{_WH}|does|do|did|is|are|was|were|can|should"
    r"|could|would|will|has|have|tell|list|give|summari[sz]e|explain|set out|compare|brief"
    r"|name|pull|describe)\b|\b(please|pls|brief(ing)?|summary|(page|line|short) note)\b",
    re.IGNORECASE,
)
# "..., and what would it show?"; not "who and what".
_AND_WH = re.compile(rf"\s*[,;–]?\s+and\s+(?={_WH})", re.IGNORECASE)
# "Brief me on X: its purpose, its principles and what it asks of ministers."
_LISTED = re.compile(r"^(?P<lead>[^:?]{8,}):\s*(?P<items>[^:]+)$", re.DOTALL)
_ITEM_BREAK = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_COVERING = re.compile(
    r"^(?P<lead>.{8,}?)\b(?:covering|including|with|setting out)\s+(?P<items>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_BRIEFLY = re.compile(
    r"\b(brief\w*|note|summar\w*|overview|paragraph|page|lines?)\b", re.IGNORECASE
)
MOST_PARTS = 4


def parts_of(question: str) -> tuple[str, ...]:
    """Return what a question asks, one thing each; empty where it asks one thing.

    >>> parts_of("Who chairs it, and what does it cost?")
    ('Who chairs it', 'what does it cost')
    """
    sentences = [s for s in split_sentences(question) if _ASKS.search(s)]
    found = [part for sentence in sentences for part in _of_sentence(sentence)]
    whole = found or [question]
    return tuple(whole[:MOST_PARTS]) if len(whole) > 1 else ()


def _of_sentence(sentence: str) -> list[str]:
    listed = _LISTED.match(sentence) or _COVERING.match(sentence)
    if listed is not None and _BRIEFLY.search(listed["lead"]):
        items = [i.strip(" .?!") for i in _ITEM_BREAK.split(listed["items"])]
        if len(kept := [item for item in items if len(item.split()) > 1]) > 1:
            return kept
    pieces = [piece.strip(" ,;.?!") for piece in _AND_WH.split(sentence)]
    asking = [p for p in pieces if _ASKS.search(p) and len(p.split()) > 1]
    return asking if len(asking) == len(pieces) > 1 else [sentence]
