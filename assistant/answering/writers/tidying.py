"""What of a model's text is layout, and what in it no reader should be given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from assistant.answering.citations import strip_markers

_CODE_SPAN = re.compile(r"`+([^`]*)`+")
_SOURCE = re.compile(
    r"(?P<before>(?:^|\b(?:according to|as per|per|in|from) ))"
    r"(?:the |this )?(?:passages?|sources?|documents?)?\s*"
    r"(?=[\[【(]\^?\d+[\]】)](?!\s*and\b))",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-z]|<!|&#?\w{2,8};|\]\(|!\[|\\[a-z]+\s*\{", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b[a-z]{3,10}://\S+|\b(?:mailto|javascript|data):\S+|\bwww\.\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|\b[a-z\d-]+(?:\.[a-z\d-]+)+/\S+"
    r"|\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|info|io|uk|eu|gov|example)\b",
    re.IGNORECASE,
)
# Controls, formats (among them what turns the direction of writing or takes no room),
# private and unassigned characters; pictures, which no report has.
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn")
_FIRST_PICTURE = "\u2600"
_MOST_ACCENTS = 2
_QUOTED_WORDS = 4


def visible(text: str) -> str:
    """Return a text without characters that do not show, or show what is not there."""
    kept: list[str] = []
    accents = 0
    for character in text:
        kind = unicodedata.category(character)
        accents = accents + 1 if kind in ("Mn", "Me") else 0
        picture = kind == "So" and character >= _FIRST_PICTURE
        unseen = kind in _UNSEEN and character not in "\n\t"
        if not (unseen or picture or accents > _MOST_ACCENTS):
            kept.append(character)
    return "".join(kept)


def plain_text(text: str) -> str:
    """Return a text without the marks of bold, italic, struck and quoted text.

    Many words between code marks are given as somebody's words: a quotation.
    """

    def quoted(span: re.Match[str]) -> str:
        said = span[1].strip()
        return f'"{said}"' if len(said.split()) >= _QUOTED_WORDS else said

    text = _CODE_SPAN.sub(quoted, text)
    for mark in ("**", "__", "~~", "`"):
        text = text.replace(mark, "")
    return text.strip()


def with_report_named(text: str) -> str:
    """Return a sentence that speaks of a passage by its number with "the report" there.

    Its number is taken out later, and would leave a hole.

    >>> with_report_named("According to [2], boards help.")
    'According to the report [2], boards help.'
    """

    def named(match: re.Match[str]) -> str:
        before = match["before"]
        if before:
            return f"{before}the report "
        return "The report " if match.group() else ""

    return _SOURCE.sub(named, text)


def unfit(text: str, passages: Iterable[str]) -> str | None:
    """Return why a text may not be shown whatever it says, or None.

    Markup may hide or load something. An address leads away from the shelf: it must
    stand in a passage.
    """
    if _MARKUP.search(text):
        return "it holds markup"
    told = " ".join(passages).casefold()
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?)>]}'\"’”")
        if address.casefold() not in told:
            return f"the address {address} is not in the cited passage"
    return None


def fit_translation(translation: str, english: str) -> str:
    """Return a translation tidied up, or nothing where it cannot stand for the English.

    Only the English is checked, so nothing that can be compared may differ.
    """
    text = visible(plain_text(strip_markers(translation)))
    text = " ".join(text.split())
    same = _numbers(text) == _numbers(strip_markers(english))
    return text if same and unfit(text, (english,)) is None else ""


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))
