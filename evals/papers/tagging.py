"""Gives a PDF the structure tree that Word gives its own: headings, paragraphs, tables.

While a page is drawn, each piece is put between marks; afterwards the tree that names
them is added. reportlab makes no tags of its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)
from reportlab.platypus import Paragraph, Table

_TAGS = {
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "title": "P",
    "caption": "Caption",
    "td": "TD",
    "th": "TH",
    "item": "LI",
}
# What stands in a page's stream: a mark with its number, or the ends of a table.
_MARK = re.compile(rb"/(\w+) <</MCID (\d+)(/More true)?>> BDC|% table (\d+)|% end")


class Marked(Paragraph):
    """A paragraph between the marks of its kind; the rest of a split one says so."""

    more = False

    def split(self, *args: Any) -> list[Any]:
        """Split as reportlab does; what goes on belongs to the piece before it."""
        parts: list[Any] = super().split(*args)
        for part in parts[1:]:
            part.more = True
        return parts

    def draw(self) -> None:
        """Draw between marks, numbered from 0 on each page."""
        sheet: Any = self.canv
        code = sheet._code
        number = sum(1 for line in code if "/MCID" in line)
        tag = _TAGS.get(self.style.name, "P")
        more = "/More true" if self.more else ""
        code.append(f"/{tag} <</MCID {number}{more}>> BDC")
        super().draw()
        code.append("EMC")


class MarkedTable(Table):
    """A table whose cells are known to belong together."""

    def draw(self) -> None:
        """Draw between comments that tell the number of columns."""
        table: Any = self
        code = table.canv._code
        code.append(f"% table {table._ncols}")
        super().draw()
        code.append("% end")


def add_tags(file: Path) -> None:
    """Add the structure tree to a PDF whose pieces are marked."""
    writer = PdfWriter(clone_from=PdfReader(file))
    root = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    )
    tree = _Tree(writer, root)
    for number, page in enumerate(writer.pages):
        tree.add_page(number, page)
    tree.close()
    writer.root_object[NameObject("/StructTreeRoot")] = root
    writer.root_object[NameObject("/MarkInfo")] = DictionaryObject(
        {NameObject("/Marked"): BooleanObject(True)}
    )
    writer.write(file)


class _Tree:
    """The structure tree as it grows, page by page."""

    def __init__(self, writer: PdfWriter, root: Any) -> None:
        self.writer = writer
        self.root = root
        self.top = ArrayObject()
        self.parents = ArrayObject()
        self.last: Any = None
        self.open_list: Any = None

    def add_page(self, number: int, page: Any) -> None:
        """Add the marks of a page in the order of its stream."""
        page[NameObject("/StructParents")] = NumberObject(number)
        holders = ArrayObject()
        table: Any = None
        columns = cells = 0
        for mark in _MARK.finditer(_content(page)):
            if mark[4]:
                table, columns, cells = (
                    self._element("Table", self.top),
                    int(mark[4]),
                    0,
                )
            elif mark[0] == b"% end":
                table = None
            else:
                if table is not None and cells % columns == 0:
                    row = self._element("TR", table.get_object()["/K"])
                cells += 1
                inside = row.get_object()["/K"] if table is not None else self.top
                if not mark[3]:
                    self.last = self._piece(mark[1].decode(), inside)
                self._add_mark(page, int(mark[2]))
                holders.append(self.last)
        self.parents.extend([NumberObject(number), self.writer._add_object(holders)])

    def close(self) -> None:
        """Name the top of the tree and who holds each mark."""
        root = self.root.get_object()
        root[NameObject("/K")] = self.top
        root[NameObject("/ParentTree")] = self.writer._add_object(
            DictionaryObject({NameObject("/Nums"): self.parents})
        )

    def _piece(self, tag: str, siblings: ArrayObject) -> Any:
        """Add an element; items that follow one another share a list, as in Word."""
        if tag != "LI":
            self.open_list = None
            return self._element(tag, siblings)
        if self.open_list is None:
            self.open_list = self._element("L", siblings)
        item = self._element("LI", self.open_list.get_object()["/K"])
        return self._element("LBody", item.get_object()["/K"])

    def _element(self, tag: str, siblings: ArrayObject) -> Any:
        element = self.writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/StructElem"),
                    NameObject("/S"): NameObject(f"/{tag}"),
                    NameObject("/P"): self.root,
                    NameObject("/K"): ArrayObject(),
                }
            )
        )
        siblings.append(element)
        return element

    def _add_mark(self, page: Any, number: int) -> None:
        self.last.get_object()["/K"].append(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/MCR"),
                    NameObject("/Pg"): page.indirect_reference,
                    NameObject("/MCID"): NumberObject(number),
                }
            )
        )


def _content(page: Any) -> bytes:
    stream = page["/Contents"].get_object()
    streams = stream if isinstance(stream, ArrayObject) else [stream]
    parts = [part.get_object() for part in streams]
    return b"\n".join(p.get_data() for p in parts if isinstance(p, StreamObject))
