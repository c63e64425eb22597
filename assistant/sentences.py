"""Splits running text into sentences without tripping over abbreviations or marks."""

from __future__ import annotations

import re

# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    """
    e.g i.e etc cf vs viz al no nos vol p pp para paras fig ch sec dr mr mrs ms prof sir
    rev hon st jan feb mar apr jun jul aug sep sept oct nov dec approx est dept govt inc
    ltd plc co cllr u.k u.s a.m p.m
    """.split()
)
# Ends of sentences, with the closing quotes, brackets and citation marks after them.
_END = re.compile(
    r"""[.!?…]+["'”’)\]]*(?:\s*(?:\[\^?\d[\d\s,\-–]*\]|【\d+】))*(?=\s+|$)"""
)
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def _is_break(text: str, end: re.Match[str]) -> bool:
    if text[end.start()] != "." or end.group().startswith(".."):
        return True
    before = re.search(r"[\w.&'’-]+$", text[: end.start()])
    word = before.group().lower().lstrip("(").rstrip(".") if before else ""
    following = text[end.end() :].lstrip()[:1]
    if word in _ABBREVIATIONS:
        # "etc." and "p.m." may end a sentence: only when a capital follows.
        return (
            word in {"etc", "p.m", "a.m", "u.k", "plc", "ltd"} and following.isupper()
        )
    # A single letter is an initial ("J. Werran"), unless nothing more follows.
    if len(word) == 1 and word.isalpha() and word != "i":
        return not following
    return not (following and following.islower())


def _split_line(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(line):
        if _is_break(line, end):
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
