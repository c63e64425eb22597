"""Splits running text into sentences without tripping over abbreviations or marks."""

from __future__ import annotations

import re

# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    """
    e.g i.e cf vs viz al approx est dept govt inc dr mr mrs ms prof rev hon st jan feb
    mar apr jun jul aug sep sept oct nov dec cllr cllrs u.k u.s s.i
    """.split()
)
# Nor after one of these before a number: "No. 10", "p. 20".
_BEFORE_NUMBERS = frozenset(
    "no nos vol p pp para paras fig ch sec app apps appx art cl reg ref".split()
)
# The number of an item or a paragraph, at the start of it or within a list.
_NUMBER = re.compile(r"(?:^|[:;,]\s+(?:and\s+|or\s+)?)(?:[•–-]\s+)?[\w.()]{1,9}$")
_COUNTED = re.compile(
    r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivxl]{1,6}|[a-z])\)?", re.IGNORECASE
)
# Ends of sentences, with the closing quotes, brackets and citation marks after them.
_END = re.compile(
    r"""[.!?…]+["'”’)\]*_]*(?:\s*(?:\[\^?\d[\d\s,\-–]*\]|【\d+】))*(?=\s+|$)"""
)
_LETTER = re.compile(r"[^\W_]")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def ends_sentence(before: str, end: str, following: str) -> bool:
    """Tell whether a sentence ends at a mark such as a full stop.

    ``before`` is the text from the line's or the sentence's start, ``end`` the mark with
    what closes after it, ``following`` the text after that.
    """
    following = following.lstrip()[:1]
    if following.islower():
        return False
    if end[0] != "." or end.startswith(".."):
        return True
    found = re.search(r"[\w.&'’-]+$", before)
    word = found.group().lower().rstrip(".") if found else ""
    # "2.1." or "IV." opens an item, as does "2." after a lead-in and between items.
    if _COUNTED.fullmatch(word) and _NUMBER.search(before):
        return not following
    # "P. Khan" is a person, "p. 20" a page.
    if word in _BEFORE_NUMBERS and not (word == "p" and not following.isdigit()):
        return not following.isdigit()
    if len(word) == 1 and word.isalpha() and word != "i":
        return not following
    return word not in _ABBREVIATIONS or not following


def _split_line(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(line):
        if ends_sentence(line[: end.start()], end.group(), line[end.end() :]):
            found.append(line[start : end.end()].strip())
            start = end.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text in order.

    Paragraphs and list items always end a sentence; a single line break does not.
    Joining the result gives back every word of the text.
    """
    blocks: list[str] = []
    fresh = True
    for line in text.splitlines():
        if not line.strip():
            fresh = True
        elif fresh or _LIST_ITEM.match(line):
            blocks.append(line.strip())
            fresh = False
        else:
            blocks[-1] += " " + line.strip()
    return [sentence for block in blocks for sentence in _split_line(block)]
