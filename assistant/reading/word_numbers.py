"""The numbers that Word sets before paragraphs and headings: they stand in no text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from docx.document import Document
from lxml.etree import _Element as Element

from assistant.reading.blocks import roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9


def value_of(element: Element | None, name: str) -> str | None:
    """Return the value of a child of an element; None where it has none."""
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def _letters(number: int) -> str:
    """Return a number as Word letters it: a to z, aa to zz."""
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": lambda n: roman(n).lower(),
    "upperRoman": roman,
    "decimalZero": lambda n: f"{n:02}",
}


class Numbers:
    """Counts through a document, paragraph by paragraph, in order."""

    def __init__(self, document: Document) -> None:
        """Read the lists of a document and what its styles say of them."""
        self._styles = {style.style_id: style for style in document.styles}
        self._lists: dict[str, tuple[str, dict[int, Element]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[str] = set()
        root = next(
            (
                relation.target_part.element
                for relation in document.part.rels.values()
                if relation.reltype.endswith("/numbering")
            ),
            None,
        )
        if root is None:
            return
        levels = {
            abstract.get(f"{W}abstractNumId"): {
                int(level.get(f"{W}ilvl") or 0): level
                for level in abstract.iterchildren(f"{W}lvl")
            }
            for abstract in root.iterchildren(f"{W}abstractNum")
        }
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        for number in root.iterchildren(f"{W}num"):
            name = number.get(f"{W}numId") or ""
            abstract = value_of(number, "abstractNumId") or ""
            self._lists[name] = (abstract, levels.get(abstract, {}))
            for change in number.iterchildren(f"{W}lvlOverride"):
                start = value_of(change, "startOverride")
                if start and start.isdigit():
                    self._starts[name][int(change.get(f"{W}ilvl") or 0)] = int(start)

    def of(self, paragraph: Element) -> str:
        """Return what stands before a paragraph: ``2.1``, ``(a)``, ``•``, or nothing."""
        name, depth = self._place(paragraph)
        abstract, levels = self._lists.get(name, ("", {}))
        if depth not in levels:
            return ""
        counts = self._counts[abstract]
        if name not in self._begun:
            self._begun.add(name)
            for level, begins in self._starts[name].items():
                counts[level] = begins - 1
        start = value_of(levels[depth], "start") or "1"
        first = int(start) if start.isdigit() else 1
        counts[depth] = counts.get(depth, first - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if value_of(levels[depth], "numFmt") in ("bullet", "none"):
            return "•" if value_of(levels[depth], "numFmt") == "bullet" else ""

        def shown(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            form = value_of(levels.get(level), "numFmt") or "decimal"
            count = counts.setdefault(level, 1)
            return _FORMS.get(form, str)(count)

        text = value_of(levels[depth], "lvlText") or ""
        return re.sub(r"%([1-9])", shown, text).strip()

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """Return the list of a paragraph and its depth in it, by itself or its style."""
        properties = paragraph.find(f"{W}pPr")
        own = properties.find(f"{W}numPr") if properties is not None else None
        name, depth = value_of(own, "numId"), value_of(own, "ilvl")
        style = self._styles.get(value_of(properties, "pStyle") or "")
        for _ in range(10):
            if style is None or (name and depth):
                break
            found = style.element.find(f"{W}pPr")
            listed = found.find(f"{W}numPr") if found is not None else None
            name = name or value_of(listed, "numId")
            depth = depth or value_of(listed, "ilvl")
            style = getattr(style, "base_style", None)
        number = int(depth) if depth and depth.isdigit() else 0
        return name or "", min(number, _DEEPEST)
