"""What of a text may be quoted by itself: whole sentences, lists with what leads to them."""

from __future__ import annotations

import re

from assistant.text.sentences import split_sentences

_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_MARKS = re.compile(r"^(?:[-*•–]|\(?\w{1,4}[.)]|\d+(?:\.\d+)+\.?)\s+")
_CAPTION = re.compile(
    r"^(?:table|figure|chart|map|photo|box)\s+[\w.]{1,6}\b", re.IGNORECASE
)
_ENDED = re.compile(r"[.!?…][\"'”’)\]*_]*(?:\[[^\]]*\])*$")
_LABELLED = re.compile(r"^[A-Z][\w' ]{1,30}: \S")
_LEAST_WORDS, _LEAST_OPEN = 4, 8
_SHORT_WORD = 3
# What stands before a sentence and says nothing: a bullet, a paragraph's number, the
# label of a note. The number of an item stays, for others refer to it.
_LABEL = re.compile(r"^Note [\w*†‡]{1,4}: ")
_BEFORE = re.compile(
    rf"^(?:[-*•–]\s+|\d{{1,3}}(?:\.\d{{1,3}})+\.?\s+|{_LABEL.pattern[1:]})+"
)
_AFTER = re.compile(r"[;,](?:\s+(?:and|or))?$")
# A list longer than this is quoted item by item.
_MOST_WORDS = 80


def split_quotable(text: str) -> list[str]:
    """Return what may be quoted of a text, in order, each verbatim but for line breaks.

    A lead-in and its list are one. Titles, labels, addresses, captions and lead-ins
    without what they lead to are left out.
    """
    units = _with_lists(split_sentences(text))
    return [_bare(unit) for unit in units if is_quotable(_LABEL.sub("", unit))]


def split_labels(text: str) -> list[str]:
    """Return the lines that are no sentences but say something: "Date: 4 May 2024"."""
    units = (_bare(u) for u in split_sentences(text) if not is_quotable(u))
    return [u for u in units if _LABELLED.match(u) or re.search(r"\d", u)]


def _with_lists(sentences: list[str]) -> list[str]:
    """Join each lead-in with the items that follow it."""
    units: list[str] = []
    open_list = leads = False
    for sentence in sentences:
        is_item = _MARKS.match(sentence) is not None
        joins = open_list and (is_item or leads)
        words = len(f"{units[-1]} {sentence}".split()) if joins else 0
        if joins and words <= _MOST_WORDS:
            units[-1] = f"{units[-1]} {sentence}"
            open_list = is_item
        else:
            units.append(sentence)
            open_list = sentence.endswith(":")
        leads = sentence.endswith(":")
    return units


def _bare(unit: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", unit.strip()))


def is_ended(unit: str) -> bool:
    """Tell whether a text ends as a sentence or a cell does, or is the item of a list."""
    return bool(_ENDED.search(unit) or _MARKS.match(unit)) or " — " in unit


def is_quotable(sentence: str) -> bool:
    """Tell whether a sentence says something by itself, so that it may be quoted.

    No title or label, no address or bare link, no caption, no column's names and no
    lead-in without what it leads to. The row of a table is quotable: it carries the
    names of its columns.
    """
    text = sentence.strip()
    if text.endswith(":"):
        return False
    said = _ADDRESS.sub("", text)
    if " — " in said and re.search(r"\d|: \S", said):
        return True
    item = _MARKS.match(said)
    words = [w for w in said[item.end() if item else 0 :].split() if _LETTER.search(w)]
    if len(words) < _LEAST_WORDS or said.isupper():
        return False
    if _ENDED.search(text):
        # "Quornham Council, Housing Panel." is a label with a full stop.
        long = [word for word in words if len(word) > _SHORT_WORD]
        return any(not word[0].isupper() for word in long)
    if _CAPTION.match(text) or " | " in text:
        return False
    if sum(word[0].isupper() for word in words) * 2 >= len(words):
        return False
    return bool(item) or len(words) >= _LEAST_OPEN
