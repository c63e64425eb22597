"""Gathers a model's pieces into sentences: each is released as soon as it is whole.

Pieces are first put together into whole words, and sentences are made of words. How the
text was cut into pieces therefore cannot matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from assistant.answering.citations import LABEL, plain_markers
from assistant.answering.units import Kind, Unit
from assistant.answering.writers.tidying import fit_translation, visible
from assistant.provider.thoughts import without_thinking
from assistant.text.sentences import ends_sentence

__all__ = ["OWN_LINE", "Gatherer", "without_thinking"]

_PIECE = re.compile(r"\s+|\S+")
_BULLET = re.compile(r"[-*•–]|(?P<number>\d{1,3})[.)]")
_HEADING = re.compile(r"#{1,6}")
_BOLD_LINE = re.compile(r"(\*\*|__)[^*_]+\1")
_FENCE = ("```", "~~~")
_RAISED = "⁰¹²³⁴-⁹"
# A word of citation marks, or of a part of one: "[1]", "[1][2].", "[1,", "([3])", "(1)",
# "[Passage".
_MARK_WORD = re.compile(
    r"\(?(?:[\[【]+(?=\^?\d|[a-z]+\])\^?[\da-z,;&^–—:†\-]*[\]】]*)+\)?[.,;:!?]*"
    rf"|(?:\(\d{{1,2}}\)|[{_RAISED}]+)+[.,;:!?]*"
    rf"|[\[(【](?i:{LABEL}|see)[\d:.#\])】]*"
)
_MARKS = (
    r"(?:\s*(?:\(?[\[【]+[^\[\]【】]{0,400}[\]】]+\)?|\(\d{1,2}\)"
    rf"|[{_RAISED}]+))*"
)
_END = re.compile(rf"[.!?…]+[\"'”’)\]*_]*{_MARKS}[.,;:!?]*$")
_OPEN_MARK = re.compile(
    rf"[\[【]\^?\d[^\[\]【】]{{0,400}}$|[\[(【](?:see )?{LABEL}\b[^\[\]()【】]{{0,100}}$",
    re.IGNORECASE,
)
# What begins with one of these on a new line stands on a line of its own.
OWN_LINE = ("MISSING:",)
# A line in the question's language begins with it; the English follows.
_TRANSLATION = "="
# A quotation that is not closed by then was not one; neither was such a sentence.
_LONGEST_QUOTE = 1200
_LONGEST = 3000


@dataclass(slots=True)
class Gatherer:
    """Takes pieces of a text in order and gives back its units, each once."""

    _tail: str = ""
    _gap: str = ""
    _words: list[str] = field(default_factory=list)
    _held: int = 0
    _block: int = 0
    _lead: str = ""
    _kind: Kind | Literal["translation"] = "sentence"
    _fresh: bool = True
    _used: bool = False
    _translation: str = ""
    _units: list[Unit] = field(default_factory=list)

    def feed(self, piece: str) -> list[Unit]:
        """Take one more piece; return the units that are whole by now."""
        for part in _PIECE.findall(piece):
            if part.isspace():
                self._complete()
                self._gap += part
            else:
                self._tail += part
        # A capital settles that the sentence before it is whole.
        if self._tail[:1].isupper() and self._words and self._kind == "sentence":
            if self._gap.count("\n") > 1:
                self._end_block()
            elif self._breaks_before(self._tail):
                self._release()
        return self._take()

    def finish(self, *, cut_off: bool = False) -> list[Unit]:
        """Return what is left at the end of the text.

        Where the text was cut off, only a sentence that has come to its end is left.
        """
        self._complete()
        if cut_off and not _END.search(" ".join(self._words)):
            self._words = []
        self._end_block()
        return self._take()

    def _take(self) -> list[Unit]:
        units, self._units = self._units, []
        return units

    def _complete(self) -> None:
        if not self._tail:
            return
        word, gap = self._tail, self._gap
        self._tail = self._gap = ""
        self._add(word, "\n" in gap or self._fresh, gap.count("\n") > 1)
        self._fresh = False

    def _add(self, word: str, opens_line: bool, after_blank: bool) -> None:
        if self._kind == "code":
            self._words.append(word)
            if opens_line and word.startswith(_FENCE):
                self._end_block()
            return
        opening = opens_line and self._opens_block(word)
        own_line = opens_line and word in OWN_LINE
        one_line = self._kind in ("heading", "translation")
        if after_blank or opening or own_line or (opens_line and one_line):
            self._end_block()
        if opening and self._open_block(word):
            return
        if self._words and self._breaks_before(word):
            self._release()
        self._words.append(word)
        self._held += len(word) + 1
        if self._held > _LONGEST:
            self._release()

    def _opens_block(self, word: str) -> bool:
        return (
            word in (">", _TRANSLATION)
            or word.startswith(_FENCE)
            or any(opener.fullmatch(word) for opener in (_BULLET, _HEADING))
        )

    def _open_block(self, word: str) -> bool:
        """Begin a block with the word that opens it; False where it is a word of it."""
        if word == ">":
            # What is quoted as a block is read as any other text.
            return True
        if word == _TRANSLATION:
            self._kind = "translation"
            return True
        if word.startswith(_FENCE):
            self._kind = "code"
            return False
        if _HEADING.fullmatch(word):
            self._kind = "heading"
            return True
        number = _BULLET.fullmatch(word)
        assert number is not None
        self._lead = f"{number['number']}. " if number["number"] else "- "
        return True

    def _breaks_before(self, word: str) -> bool:
        text = plain_markers(" ".join(self._words))
        end = _END.search(text)
        if (
            end is None
            # A bare "No." cites nothing: it is the beginning of what follows.
            or text.lower() in ("yes.", "no.")
            or _MARK_WORD.fullmatch(plain_markers(word))
            or _OPEN_MARK.search(text)
        ):
            return False
        if _in_quotation(text) and len(text) < _LONGEST_QUOTE:
            return False
        return self._kind == "sentence" and ends_sentence(
            text[: end.start()], end.group(), word
        )

    def _release(self) -> None:
        text = " ".join(visible(plain_markers(" ".join(self._words))).split())
        self._words, self._held = [], 0
        if self._kind == "translation":
            self._translation = text
        elif text:
            told, self._translation = fit_translation(self._translation, text), ""
            self._units.append(Unit(text, self._kind, self._lead, self._block, told))
            self._used = True

    def _end_block(self) -> None:
        words, kind = self._words, self._kind
        if kind == "sentence" and _in_quotation(" ".join(words)):
            # The quotation was never closed: then its sentences end as others do.
            self._words = []
            for word in words:
                text = " ".join(self._words)
                end = _END.search(text)
                ends = end and ends_sentence(text[: end.start()], end.group(), word)
                if ends and not _MARK_WORD.fullmatch(word):
                    self._release()
                self._words.append(word)
        elif kind == "sentence" and _BOLD_LINE.fullmatch(" ".join(words)):
            self._kind = "heading"
        self._release()
        self._kind, self._lead = "sentence", ""
        self._block += self._used
        self._used = False


def _in_quotation(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1
