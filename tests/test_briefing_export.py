"""The five formats say the same, and no text in them is ever markup."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from markdown_it import MarkdownIt
from pypdf import PdfReader

from assistant.briefing.export import SUFFIXES, check_suffix, render
from assistant.briefing.export.blocks import (
    Bullets,
    Document,
    Heading,
    Paragraph,
    References,
    Spans,
    Table,
)
from assistant.briefing.export.layout import lay_out
from assistant.briefing.front import shown
from assistant.briefing.pack import LENGTHS, Pack
from assistant.errors import AgendaError
from tests.packs import HOSTILE, SCRIPTS, make_pack

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Reading(HTMLParser):
    """What a page shows, and what it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag if tag in ("style", "title") else ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def word_text(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    lines = [
        "".join(t.text or "" for t in paragraph.iter(f"{W}t"))
        for paragraph in document.element.body.iter(f"{W}p")
    ]
    return "\n".join(lines).replace("Contents", "", 1)


def html_text(data: bytes) -> str:
    return " ".join(Reading(data.decode()).text)


def markdown_text(data: bytes) -> str:
    return html_text(MarkdownIt().enable("table").render(data.decode()).encode())


def pdf_text(data: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    # The running head and "Page 1 of 3" belong to the pages.
    running = make_pack().running
    text = "\n".join(page.replace(running, "", 1) for page in pages)
    return re.sub(r"Page \d+ of \d+", "", text).replace("Contents", "", 1)


def pages_of(data: bytes, pack: Pack) -> list[int]:
    """The pages on which the headings stand that the contents list."""
    reader = PdfReader(BytesIO(data))

    def each(outline: Any) -> Iterator[Any]:
        for entry in outline:
            yield from each(entry) if isinstance(entry, list) else (entry,)

    last = len(lay_out(pack).headings)
    found = [reader.get_destination_page_number(e) for e in each(reader.outline)]
    return [page + 1 for page in found if page is not None][-last:] if last else []


READ = {".docx": word_text, ".html": html_text, ".md": markdown_text, ".pdf": pdf_text}


def folded(text: str) -> str:
    """A text without spaces: where lines break is a matter of the format."""
    return re.sub(r"[\s•\x7f]+", "", text)


def lines_of(document: Document) -> list[str]:
    def joined(spans: Spans) -> str:
        return "".join(f"[{s.text}]" if s.kind == "cite" else s.text for s in spans)

    lines = [document.title, joined(document.subtitle)]
    for block in document.blocks:
        match block:
            case Heading():
                lines.append(block.text)
            case Paragraph():
                lines.append(joined(block.spans))
            case Bullets():
                lines += [joined(line) for line in block.lines]
            case Table():
                lines += [block.caption, *block.header]
                lines += [joined(cell) for row in block.rows for cell in row]
            case References():
                lines += [
                    f"{e.lead} [{e.number}] {joined(e.spans)}" for e in block.entries
                ]
    return lines


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("suffix", READ)
def test_each_format_says_every_line_and_nothing_else(suffix: str, length: str) -> None:
    pack = shown(make_pack(length))
    text = folded(READ[suffix](render(pack, suffix)))
    document = lay_out(pack, paged=suffix in (".docx", ".pdf"))
    place = 0
    for line in lines_of(document):
        found = text.find(folded(line), place)
        assert found >= 0, f"{line!r} is not in its place in {suffix}"
        place = found + len(folded(line))
    said = sum(len(folded(line)) for line in lines_of(document))
    contents = sum(len(folded(h.text)) for h in document.headings)
    if suffix == ".pdf":
        # There alone the contents have page numbers.
        contents += sum(len(str(page)) for page in pages_of(render(pack, suffix), pack))
    assert len(text) == said + contents


@pytest.mark.parametrize("length", LENGTHS)
def test_json_says_what_the_pages_say(length: str) -> None:
    pack = shown(make_pack(length))
    data = json.loads(render(pack, ".json"))
    text = folded(html_text(render(pack, ".html")))
    said = [s for item in data["items"] for s in strings(item["line"] + item["points"])]
    said += [s for item in data["items"] for s in strings(item["positions"], "text")]
    assert said
    for line in (*said, *(r["quote"] for r in data["references"])):
        assert folded(line) in text
    numbers = {r["number"] for r in data["references"]}
    assert numbers == {int(n) for n in re.findall(r'id="ref-(\d+)"', page(pack))}
    assert data["length"] == length
    assert not data["complete"]


def page(pack: Any) -> str:
    return render(pack, ".html").decode()


def strings(value: Any, only: str = "text") -> list[str]:
    if isinstance(value, list):
        return [s for part in value for s in strings(part, only)]
    if isinstance(value, dict):
        own = [value[only]] if only in value else []
        return own + [s for v in value.values() for s in strings(v, only)]
    return []


def test_html_holds_no_markup_of_a_text_and_asks_nothing_from_outside() -> None:
    read = Reading(page(make_pack()))
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "img", "link", "iframe", "b", "em"}
    for _, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert "src" not in attributes
        href = attributes.get("href") or "#"
        assert href.startswith(("#", "https://example.org/"))
    assert "default-src 'none'" in page(make_pack())


def test_html_is_accessible() -> None:
    read = Reading(page(make_pack()))
    tags = [tag for tag, _ in read.tags]
    assert dict(read.tags)["html"] == {"lang": "en-GB"}
    assert tags.count("h1") == tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tags.count("caption") == tags.count("table") > 0
    assert all(a.get("scope") for tag, a in read.tags if tag == "th")
    ids = [a["id"] for _, a in read.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_html_references_link_both_ways() -> None:
    read = Reading(page(make_pack()))
    ids = {a["id"] for _, a in read.tags if "id" in a}
    targets = {(a.get("href") or "")[1:] for t, a in read.tags if t == "a"}
    inside = {t for t in targets if not t.startswith("ttps")}
    assert inside <= ids
    for number in ("1", "2", "3"):
        assert {f"ref-{number}", f"cite-{number}"} <= inside


def test_markdown_reads_no_text_as_markup() -> None:
    rendered = (
        MarkdownIt()
        .enable(["table", "strikethrough"])
        .render(render(make_pack(), ".md").decode())
    )
    read = Reading(rendered)
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "em", "code", "s", "img", "b", "hr"}
    assert folded(HOSTILE) in folded(" ".join(read.text))
    for tag, attributes in read.tags:
        if tag == "a" and "href" in attributes:
            assert re.match(r"#|https://example\.org/", attributes["href"] or "")


def word_parts(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def test_word_has_fields_of_ours_alone() -> None:
    parts = word_parts(render(make_pack(), ".docx"))
    fields = [
        (i.text or "").split()[0]
        for root in parts.values()
        for i in root.iter(f"{W}instrText")
    ]
    listed = len(lay_out(make_pack()).headings)
    assert sorted(fields) == ["NUMPAGES", "PAGE", *["PAGEREF"] * listed, "TOC"]
    assert not [s for root in parts.values() for s in root.iter(f"{W}fldSimple")]
    outside = [
        r.get("Target")
        for name, root in parts.items()
        if name.endswith(".rels")
        for r in root
        if r.get("TargetMode") == "External"
    ]
    assert outside
    assert all(str(t).startswith("https://example.org/") for t in outside)


def test_word_has_headings_bookmarks_header_rows_title_and_language() -> None:
    data = render(make_pack(), ".docx")
    document = docx.Document(BytesIO(data))
    assert document.core_properties.title == make_pack().title
    assert document.core_properties.language == "en-GB"
    styles = [p.style.name for p in document.paragraphs if p.style is not None]
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet"} <= set(styles)
    body = document.element.body
    names = [b.get(qn("w:name")) for b in body.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    anchors = {h.get(qn("w:anchor")) for h in body.iter(f"{W}hyperlink")} - {None}
    assert anchors <= set(names)
    assert {"ref_1", "cite_1", "ref_3", "cite_3"} <= anchors
    ends = [b.get(qn("w:id")) for b in body.iter(f"{W}bookmarkEnd")]
    assert len(ends) == len(names)
    for table in document.tables:
        assert list(table.rows[0]._tr.iter(qn("w:tblHeader")))
    settings = word_parts(data)["word/settings.xml"]
    kinds = [c.get(qn("w:fldCharType")) for c in body.iter(f"{W}fldChar")]
    # The field of the contents, and in each of its entries one for the page.
    one = ["begin", "separate", "end"]
    entries = len(lay_out(make_pack()).headings)
    assert kinds == [*one[:2], *one * entries, "end"]
    assert not [s for s in settings if s.tag in (f"{W}updateFields",)]


def test_pdf_has_title_language_bookmarks_links_and_every_script() -> None:
    reader = PdfReader(BytesIO(render(make_pack(), ".pdf")))
    assert reader.metadata is not None
    assert reader.metadata.title == make_pack().title
    assert str(reader.root_object["/Lang"]) == "en-GB"
    assert [o.title for o in reader.outline if not isinstance(o, list)] == [
        "In brief",
        "Item by item",
        "References",
        "For the record",
    ]
    links = [
        a.get_object()
        for p in reader.pages
        for a in p.get("/Annots", [])
    ]  # fmt: skip
    assert sum("/Dest" in link or "/A" not in link for link in links) >= 6
    assert folded(SCRIPTS) in folded(pdf_text(render(make_pack(), ".pdf")))


def test_the_contents_of_a_pdf_give_the_pages() -> None:
    pack = make_pack()
    many = replace(
        pack, items=tuple(replace(pack.items[0], number=str(n)) for n in range(1, 9))
    )
    data = render(many, ".pdf")
    pages = pages_of(data, many)
    assert len(set(pages)) > 3
    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(data)).pages)
    listed = text[text.index("Contents") :]
    for heading, page in zip(lay_out(many).headings, pages, strict=True):
        found = re.search(r"(\d+)\s+" + re.escape(heading.text), listed)
        assert found is not None
        assert int(found[1]) == page


@pytest.mark.parametrize(
    ("meeting", "font"),
    [
        ("地方政府 board", "STSong"),
        ("データ共有", "Heisei"),
        ("지방 정부", "HYSMyeongJo"),
    ],
)
def test_east_asian_letters_get_a_font_of_their_own(meeting: str, font: str) -> None:
    reader = PdfReader(BytesIO(render(replace(make_pack(), meeting=meeting), ".pdf")))
    page: Any = reader.pages[0]
    used = str([f.get_object() for f in page["/Resources"]["/Font"].values()])
    assert font in used
    assert meeting.split()[0] in folded(reader.pages[0].extract_text())


def test_letters_of_no_font_are_told() -> None:
    pack = replace(make_pack(), meeting="ग्राम board")
    assert "in no font of this PDF" in pdf_text(render(pack, ".pdf")).replace("\n", " ")
    assert "in no font" not in pdf_text(render(make_pack(), ".pdf"))
    assert "ग्राम" in html_text(render(pack, ".html"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_control_characters_and_half_pairs_break_no_format(suffix: str) -> None:
    pack = replace(make_pack(), meeting="a\x00\x0b\x1b\ud800b\ufffe", notes=("\x07",))
    assert render(pack, suffix)


@pytest.mark.parametrize("name", ["pack", "pack.exe", "pack.doc", ".docx.zip"])
def test_another_format_is_refused(name: str) -> None:
    with pytest.raises(AgendaError, match=r"\.docx"):
        check_suffix(Path(name))


def test_one_number_a_place_over_the_whole_pack() -> None:
    references = make_pack().references
    assert [r.number for r in references] == [1, 2, 3]
    assert [r.source.section.split(" › ")[1] for r in references] == [
        "1 Lighting",
        "1 Night buses",
        "1 Opening_hours",
    ]
    places = [r.source.place for r in references]
    assert len(places) == len(set(places))


def test_shorter_lengths_show_less_and_number_again() -> None:
    words = {n: len(html_text(render(shown(make_pack(n)), ".html"))) for n in LENGTHS}
    assert words["30s"] < words["3min"] < words["full"]
    assert [r.number for r in shown(make_pack("30s")).references] == [1]
