"""Reads a web page (HTML): headings, paragraphs and rows; menus and scripts left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    FoundTable,
    Part,
    clean,
    lines_of,
    make_sections,
    same_words,
)
from assistant.reading.front_page import find_date, find_publisher
from assistant.reading.tables import with_rows

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_LEFT_OUT = frozenset(
    """
    script style noscript template nav footer aside form button select textarea iframe
    object embed svg canvas audio video head dialog menu
    """.split()
)
_BLOCKS = frozenset(
    """
    p li dt dd blockquote pre div section article main body figure figcaption header
    details summary address ul ol dl table caption center fieldset hgroup
    """.split()
)
_FURNITURE = {"navigation", "banner", "contentinfo", "search", "complementary"}
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)"
    r"|font-size:0|text-indent:-\d{3,}|(?:left|top):-\d{3,}|clip:rect\(0"
    r"|max-height:0|(?<![-\w])color:(?:#fff(?:fff)?|white|transparent)(?:;|$)"
)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|visually-?hidden|sr-only|screen-reader-text|d-none)(?:\s|$)"
)
# Classes and ids that a page's own style sheet hides, whatever the screen is.
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#][-\w]+")
# Deeper than any page that people write.
_DEEPEST = 200


def read_webpage(text: str, name: str) -> Extract:
    """Read the text of an HTML file; ``name`` is the file's, for messages.

    Raises:
        CorpusError: it holds no text that a reader of the page would see.
    """
    from lxml import etree, html

    # No entities, no network: the parser only ever sees this text.
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text.replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise CorpusError(f"{name} is no readable web page. Save it again.") from error
    found = _found(root)
    walk = _Walk(_hidden_names(root))
    parts = tuple(walk.blocks(_content(root)))
    blocks = with_rows(parts)
    front = [block.text for block in blocks[:10] if len(block.text) <= 120]
    found = Found(
        title=found.title or next((b.text for b in blocks if b.level == 1), None),
        authors=found.authors,
        published=found.published or next(filter(None, map(find_date, front)), None),
        publisher=found.publisher or find_publisher(clean(root.text_content())[-2000:]),
    )
    sections = make_sections(blocks, found.title)
    return Extract("web page", sections, found, parts=parts)


def _content(root: Element) -> Element:
    """Return the one element that holds the page's own text, where it is marked."""
    for path in ("//main", '//*[@role="main"]', "//article"):
        marked = root.xpath(path)
        if len(marked) == 1 and len(clean(marked[0].text_content())) > 200:
            return marked[0]
    body = root.find("body")
    return root if body is None else body


def _is_hidden(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.get("role") in _FURNITURE:
        return True
    if _hides(element.get("style") or ""):
        return True
    return bool(_HIDDEN_CLASS.search((element.get("class") or "").lower()))


def _hidden_names(root: Element) -> frozenset[str]:
    """Return the classes (``.name``) and ids (``#name``) that style sheets hide."""
    names: set[str] = set()
    for sheet in root.iter("style"):
        text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.DOTALL)
        for selectors, style in _RULE.findall(_MEDIA.sub("", text)):
            if _hides(style):
                parts = (part.strip() for part in selectors.split(","))
                names.update(part for part in parts if _SIMPLE.fullmatch(part))
    return frozenset(names)


def _hides(style: str) -> bool:
    packed = re.sub(r"\s", "", style).lower()
    hidden = _HIDDEN_STYLE.search(packed)
    # White text on a ground of its own is meant to be read.
    return bool(hidden and not ("background" in packed and "color:" in hidden.group()))


class _Walk:
    """Goes through a page once, in order."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._held: list[str] = []
        self._hidden = hidden
        self._mark = ""

    def _left_out(self, element: Element) -> bool:
        if _is_hidden(element):
            return True
        names = {f".{name}" for name in (element.get("class") or "").split()}
        return not self._hidden.isdisjoint(names | {f"#{element.get('id')}"})

    def _take(self, kind: str = "text", level: int = 0) -> Iterator[Block]:
        text = clean("".join(self._held))
        self._held.clear()
        if text and kind == "heading":
            yield Block("heading", text, level)
        elif text:
            mark, self._mark = self._mark, ""
            yield Block("item" if mark else "text", f"{mark} {text}".strip())

    def blocks(self, element: Element, depth: int = 0) -> Iterator[Part]:
        """Return the blocks under an element."""
        if depth > _DEEPEST or self._left_out(element) or _is_menu(element):
            return
        tag = element.tag
        if tag == "header" and element.find(".//h1") is None:
            return
        if tag == "table" and not element.xpath(".//table"):
            yield from self._take()
            yield self._table(element)
            return
        parts = tag in _BLOCKS or tag in _HEADINGS
        if parts:
            yield from self._take()
        self._mark = _mark(element) or self._mark
        self._held.append(element.text or "")
        for child in element:
            if child.tag == "br":
                self._held.append(" ")
            yield from self.blocks(child, depth + 1)
            self._held.append(child.tail or "")
        if tag in _HEADINGS:
            yield from self._take("heading", _HEADINGS[tag])
        elif parts:
            yield from self._take()

    def _table(self, table: Element) -> FoundTable:
        """Return a table; a cell over several places stands in each of them."""
        taken: dict[tuple[int, int], str] = {}
        heads = number = 0
        for row in table.iter("tr"):
            cells = [] if self._left_out(row) else list(row)
            cells = [cell for cell in cells if cell.tag in ("td", "th")]
            if not cells:
                continue
            heads += heads == number and all(cell.tag == "th" for cell in cells)
            column = 0
            for cell in cells:
                while (number, column) in taken:
                    column += 1
                text = lines_of(self._visible_text(cell))
                right, down = (_span(cell, key) for key in ("colspan", "rowspan"))
                for place in range(right):
                    for below in range(down):
                        taken[number + below, column + place] = text
                column += right
            number += 1
        width = max((column for _, column in taken), default=-1) + 1
        grid = [[taken.get((n, c), "") for c in range(width)] for n in range(number)]
        caption = table.find("caption")
        named = clean(self._visible_text(caption)) if caption is not None else ""
        return FoundTable(grid, heads or None, named or None)

    def _visible_text(self, element: Element) -> str:
        if self._left_out(element):
            return ""
        pieces = [_spaced(element.text)]
        for child in element:
            pieces += ["\n" if child.tag == "br" else "", self._visible_text(child)]
            pieces.append(_spaced(child.tail))
        text = "".join(pieces)
        return f"\n{text}\n" if element.tag in _BLOCKS else text


def _spaced(text: str | None) -> str:
    """Return a text in which a line's end is a space, as a browser shows it."""
    return re.sub(r"\s", " ", text or "")


def _span(cell: Element, key: str) -> int:
    value = (cell.get(key) or "1").strip()
    return (
        min(int(value), 50)
        if value.isascii() and value.isdigit() and value > "0"
        else 1
    )


def _mark(element: Element) -> str:
    """Return what stands before an item of a list: its number or a bullet."""
    if element.tag != "li":
        return ""
    ordered = getattr(element.getparent(), "tag", "") == "ol"
    before = len(list(element.itersiblings("li", preceding=True)))
    return f"{before + 1}." if ordered else "•"


def _is_menu(element: Element) -> bool:
    """Tell whether a list holds links and nothing else worth reading."""
    if element.tag not in ("ul", "ol"):
        return False
    items = element.findall("li")
    linked = sum(len(clean(a.text_content())) for a in element.iter("a"))
    return len(items) > 1 and linked > 0.9 * len(clean(element.text_content()))


def _found(root: Element) -> Found:
    meta: dict[str, str] = {}
    for tag in root.iter("meta"):
        key = tag.get("name") or tag.get("property") or tag.get("itemprop")
        if key and tag.get("content"):
            meta.setdefault(key.lower(), clean(tag.get("content")))

    def first(*keys: str) -> str | None:
        return next((v for k in keys if (v := meta.get(k))), None)

    title = first("citation_title", "og:title", "dc.title")
    if title is None and (element := root.find(".//title")) is not None:
        # "Changing Places | Localis": the site's name is not part of the title.
        title = re.split(r"\s+[|»·]\s+", clean(element.text_content()))[0] or None
        # So "Changing Places - Localis", where the page is headed so.
        head, bare = root.find(".//h1"), re.split(r"\s+[–-]\s+", title or "")[0]
        if head is not None and same_words(bare, head.text_content()):
            title = bare
    authors = first("citation_author", "author", "dc.creator", "article:author") or ""
    date = first(
        "article:published_time", "citation_publication_date", "dc.date",
        "dcterms.issued", "date",
    )  # fmt: skip
    return Found(
        title=title,
        authors=tuple(
            n.strip()
            for n in re.split(r",|;|\band\b", authors)
            if " " in n.strip() and "/" not in n
        ),
        published=find_date(date) if date else None,
        publisher=first(
            "citation_publisher", "dc.publisher", "publisher", "og:site_name"
        ),
    )
