"""Fonts of a PDF: which has a letter, and what is said where none has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFace

# With more letters than any font that reportlab brings; where the system has it.
_SYSTEM = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/TTF"),
    Path("/Library/Fonts"),
)
NOT_SHOWN = (
    "Some letters of this pack are in no font of this PDF and stand as “{mark}”. The Word, "
    "HTML and Markdown files have them."
)
MARK = "?"
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_HAN = re.compile(
    "[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)


@dataclass(frozen=True, slots=True)
class Fonts:
    """A regular and a bold font, one for what they lack, and what none has."""

    regular: str
    bold: str
    east_asian: str | None
    has: Callable[[str], bool]
    lacks: bool

    def runs(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the pieces of a text, and whether each is for the East Asian font."""
        piece, other = "", False
        for letter in text:
            beyond = not self.has(letter) and self._is_east_asian(letter)
            shown = letter if beyond or self.has(letter) else MARK
            if beyond != other and piece:
                yield piece, other
                piece = ""
            piece, other = piece + shown, beyond
        if piece:
            yield piece, other

    def plain(self, text: str) -> str:
        """Return a text for the regular font alone."""
        return "".join(letter if self.has(letter) else MARK for letter in text)

    def _is_east_asian(self, letter: str) -> bool:
        return self.east_asian is not None and _is_east_asian(letter)


def _is_east_asian(letter: str) -> bool:
    return any(script.match(letter) for script in (_KANA, _HANGUL, _HAN))


def fonts_for(text: str) -> Fonts:
    """Return the fonts in which a text can be shown."""
    if all(_in_helvetica(letter) for letter in set(text)):
        return Fonts("Helvetica", "Helvetica-Bold", None, _in_helvetica, lacks=False)
    face = _register()

    def has(letter: str) -> bool:
        return ord(letter) in face.charToGlyph

    beyond = {letter for letter in set(text) if not has(letter)}
    east_asian = _east_asian(text) if any(map(_is_east_asian, beyond)) else None
    lacks = any(not _is_east_asian(letter) for letter in beyond)
    return Fonts("Pack", "Pack-Bold", east_asian, has, lacks)


def _in_helvetica(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _register() -> TTFontFace:
    for folder in (*_SYSTEM, None):
        names = (
            ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
            if folder
            else ("Vera.ttf", "VeraBd.ttf")
        )
        files = [str(folder / name) if folder else name for name in names]
        try:
            regular, bold = TTFont("Pack", files[0]), TTFont("Pack-Bold", files[1])
        except TTFError:
            continue
        pdfmetrics.registerFont(regular)
        pdfmetrics.registerFont(bold)
        return regular.face
    raise AssertionError("reportlab brings Vera")


def _east_asian(text: str) -> str:
    """Register the reader's own font for the script: such fonts are not embedded."""
    name = "STSong-Light"
    if _KANA.search(text):
        name = "HeiseiMin-W3"
    elif _HANGUL.search(text):
        name = "HYSMyeongJo-Medium"
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name
