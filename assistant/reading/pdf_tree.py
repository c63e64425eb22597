"""The structure tree of a tagged PDF: which marked content is a paragraph or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pypdf import PdfReader
from pypdf.generic import DictionaryObject as Node
from pypdf.generic import PdfObject

Mark = tuple[int, int]
"""The index of a page, and the id of marked content on it."""
Kind = Literal["text", "heading", "note", "caption", "left out"]
_DEEPEST, _MOST = 120, 400_000
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(["P", "LI", "BlockQuote", "TOCI", "Formula", "Index"], "text"),
    **dict.fromkeys(["H", "Title", *(f"H{n}" for n in range(1, 7))], "heading"),
    **dict.fromkeys(["Note", "FENote", "Footnote", "Endnote"], "note"),
    "Caption": "caption",
    "TOC": "left out",
    "Figure": "left out",
}


@dataclass(slots=True)
class Cell:
    """A cell of a tagged table."""

    marks: list[Mark] = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    head: bool = False


@dataclass(slots=True)
class Unit:
    """A paragraph or a table of the tree, as the marks of its letters, in order."""

    kind: Kind
    level: int = 0
    marks: list[Mark] = field(default_factory=list)
    rows: list[list[Cell]] | None = None
    item: bool = False

    def all_marks(self) -> Iterator[Mark]:
        """Yield its marks, those of its cells too."""
        yield from self.marks
        for row in self.rows or ():
            for cell in row:
                yield from cell.marks


class _Walk:
    """Walks a file's structure tree once and collects its paragraphs and tables."""

    def __init__(self, reader: PdfReader) -> None:
        root = reader.root_object.get("/StructTreeRoot") or {}
        self.roles = root.get("/RoleMap") or {}
        self.pages = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(reader.pages)
            if page.indirect_reference is not None
        }
        self.units: list[Unit] = []
        self.left = _MOST
        self._kids(root.get("/K"), None, Unit("text"), 0, inside=False)

    def _role(self, node: Node) -> str:
        role = str(node.get("/S") or "")
        for _ in range(5):
            if role[1:] in _KINDS or role not in self.roles:
                break
            role = str(self.roles[role])
        return role[1:]

    def _page(self, node: Node, page: int | None) -> int | None:
        own = node.raw_get("/Pg") if "/Pg" in node else None
        return self.pages.get(getattr(own, "idnum", -1), page)

    def _kids(
        self,
        kids: object,
        page: int | None,
        unit: Unit | Cell,
        depth: int,
        *,
        inside: bool,
    ) -> None:
        """Take the children of a node; ``inside`` where blocks stay with its unit."""
        for node in _resolved(kids):
            self.left -= 1
            if self.left < 0 or depth > _DEEPEST:
                return
            if isinstance(node, int):
                if page is not None:
                    unit.marks.append((page, int(node)))
            elif isinstance(node, Node):
                self._node(node, page, unit, depth, inside=inside)

    def _node(
        self,
        node: Node,
        page: int | None,
        unit: Unit | Cell,
        depth: int,
        *,
        inside: bool,
    ) -> None:
        page = self._page(node, page)
        if node.get("/Type") == "/MCR" or "/MCID" in node:
            mark = node.get("/MCID")
            if page is not None and isinstance(mark, int):
                unit.marks.append((page, int(mark)))
            return
        role, kids = self._role(node), node.get("/K")
        if role == "Table" and not inside:
            table = Unit("text", rows=[])
            self.units.append(table)
            self._rows(kids, page, table, depth + 1)
            return
        if node.get("/S") == "/Textbox":
            # It may be anchored in a cell, and stands elsewhere.
            unit, inside = Unit("text"), False
            self.units.append(unit)
        kind = _KINDS.get(role)
        nested = isinstance(unit, Unit) and unit.kind == "left out"
        # The paragraph of an item goes on after its number.
        starts = kind and not nested and (not inside or kind == "note")
        if starts and kind and not (role == "P" and _is_label(unit)):
            level = int(role[1:]) if re.fullmatch(r"H\d", role) else 1
            unit = Unit(kind, level if kind == "heading" else 0, item=role == "LI")
            self.units.append(unit)
        self._kids(kids, page, unit, depth + 1, inside=inside)

    def _rows(self, kids: object, page: int | None, table: Unit, depth: int) -> None:
        for node in _resolved(kids):
            self.left -= 1
            if not isinstance(node, Node) or self.left < 0 or depth > _DEEPEST:
                continue
            role = self._role(node)
            here = self._page(node, page)
            if role in ("TD", "TH"):
                cell = Cell(head=role == "TH")
                cell.columns, cell.rows = _spans(node.get("/A"))
                assert table.rows is not None
                if not table.rows:
                    table.rows.append([])
                table.rows[-1].append(cell)
                self._kids(node.get("/K"), here, cell, depth + 1, inside=True)
            elif role == "Caption":
                caption = Unit("caption")
                self.units.insert(len(self.units) - 1, caption)
                self._kids(node.get("/K"), here, caption, depth + 1, inside=True)
            else:
                if role == "TR" and table.rows is not None:
                    table.rows.append([])
                self._rows(node.get("/K"), here, table, depth + 1)


def _is_label(unit: Unit | Cell) -> bool:
    return isinstance(unit, Unit) and unit.item and len(unit.marks) <= 1


def _resolved(found: object) -> Iterator[object]:
    """Yield what stands at a place of the file, one thing or a list, references followed."""
    whole = found.get_object() if isinstance(found, PdfObject) else found
    for one in whole if isinstance(whole, list) else [whole]:
        yield one.get_object() if isinstance(one, PdfObject) else one


def _spans(attributes: object) -> tuple[int, int]:
    """Return over how many columns and rows a cell goes."""
    spans = [1, 1]
    for one in _resolved(attributes):
        for place, key in enumerate(("/ColSpan", "/RowSpan")):
            value = one.get(key) if isinstance(one, dict) else None
            if isinstance(value, int) and 1 <= value <= 100:
                spans[place] = int(value)
    return spans[0], spans[1]


def read_tree(reader: PdfReader) -> list[Unit]:
    """Return the units of a file's structure tree; none where it is not tagged."""
    if "/StructTreeRoot" not in reader.root_object:
        return []
    return [unit for unit in _Walk(reader).units if any(unit.all_marks())]
