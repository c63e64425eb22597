"""The route that opens the team's documents at the place that a citation names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.details import Given
from assistant.library.entries import Entry, make_entry
from assistant.library.files import StoredReport
from assistant.library.library import Library
from assistant.reading.catalogue import read_corpus
from assistant.reading.limited import Limits, mark_limited
from assistant.reading.page_picture import WIDTH
from assistant.reading.pdf_marks import mark_quotes
from assistant.reading.reader import read_file
from assistant.schema import Section
from assistant.settings import Settings, shipped
from assistant.web.documents.page_pictures import NOT_DRAWN
from assistant.web.documents.places import (
    MOST_QUOTE,
    page_link,
    picture_link,
    section_link,
)
from assistant.web.documents.routes import add_documents
from assistant.web.documents.text_page import MOST_TEXT, Shown, render_page
from assistant.web.headers import HEADERS
from assistant.web.server import make_app
from tests.browser.fakes import HOSTILE, OLD, FakeAssistant
from tests.documents import Text, paragraph, write_pdf, write_word
from tests.test_page_pictures import yellow

CORPUS = shipped("corpus")
LOCAL = "http://127.0.0.1:7860"
FIRST = (
    "Quill House found that weirs need care in every year of their long life. It "
    "recommends that councils inspect each weir before the winter floods come down "
    "from the hills, and that they write down what they see. A weir costs £9,000."
)
SECOND = "Quill House says that locks are dearer than weirs, as each of them has gates."
CITED = (
    "It recommends that councils inspect each weir before the winter floods come down "
    "from the hills, and that they write down what they see."
)
NOTE = f"""# On Weirs

## Care & 2 < 3

Quill House says that weirs need care every spring. `{HOSTILE}`

A weir costs £9,000. It
lasts a century.

## Gates

Gates are for locks.
"""


def put(library: Library, file: Path, title: str) -> Entry:
    found = read_candidate(
        Incoming(file, file.name, str(file)), known={}, read=read_file
    )
    assert isinstance(found, Candidate)
    given = Given(report=title, title=title, publisher="Quill House")
    entry = make_entry(found, given)
    library.put(entry, found.file, found.extract.sections)
    return entry


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.model_construct(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def library(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(settings.reports_dir)
    folder = tmp_path_factory.mktemp("files")
    pages = [paragraph("The opening. " * 9), paragraph(FIRST), paragraph(SECOND)]
    put(library, write_pdf(folder / "weirs.pdf", pages), "weirs")
    note = folder / "note.md"
    note.write_text(NOTE, encoding="utf-8")
    put(library, note, "note")
    web = folder / "web.html"
    web.write_text(
        "<html><body><article><h1>Weirs</h1><p>Weirs need care every spring, says "
        "Quill House, and a coat of paint.</p><script>alert(1)</script></article>"
        "</body></html>"
    )
    put(library, web, "web")
    put(library, write_word(folder / "paper.docx"), "paper")
    return library


@pytest.fixture(scope="module")
def client(library: Library, settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(FakeAssistant(settings)), base_url=LOCAL) as client:
        yield client


def opened(client: TestClient, name: str, **wanted: str) -> Any:
    return client.get(f"/documents/{name}/report", params=wanted)


def marks(data: bytes) -> dict[int, list[list[float]]]:
    """The quadrilaterals of each page's highlights, by the page's place."""
    found: dict[int, list[list[float]]] = {}
    for number, page in enumerate(PdfReader(BytesIO(data)).pages, start=1):
        for annotation in page.get("/Annots", []):
            highlight = annotation.get_object()
            assert highlight["/Subtype"] == "/Highlight"
            points = [float(n) for n in highlight["/QuadPoints"]]
            quads = [points[n : n + 8] for n in range(0, len(points), 8)]
            found.setdefault(number, []).extend(quads)
    return found


def test_a_pdf_opens_with_the_quotation_marked_on_its_page(client: TestClient) -> None:
    response = opened(client, "weirs", page="2", quote=CITED)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline;")
    assert list(marks(response.content)) == [2]
    first, second, third = marks(response.content)[2]
    # The sentence begins with the last word of a ragged line and ends within the third.
    assert (first[0], first[2]) == pytest.approx((412, 417), abs=1)
    assert first[1] == pytest.approx(709, abs=2)
    assert second[0] == pytest.approx(72, abs=1)
    assert second[1] == pytest.approx(709 - 1.3 * 11, abs=2)
    assert third[0] == pytest.approx(72, abs=1)
    assert third[2] < second[2]


@pytest.mark.parametrize("quote", ["", "These words stand nowhere.", "…", "\0 \0"])
def test_what_cannot_be_placed_opens_the_file_as_it_is(
    client: TestClient, library: Library, quote: str
) -> None:
    response = opened(client, "weirs", page="2", quote=quote)
    assert response.status_code == 200
    entry = next(e for e in library.entries() if e.details.report == "weirs")
    assert response.content == library.file_of(entry).read_bytes()
    assert response.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["weirs", "note", "web", "paper"])
def test_no_document_may_run_a_script(client: TestClient, name: str) -> None:
    response = opened(client, name)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    rest = {k: v for k, v in HEADERS.items() if k != "Content-Security-Policy"}
    assert rest == {name: response.headers[name] for name in rest}
    assert not re.search(r"<(script|img|b)\b", response.text)


def test_a_note_opens_as_escaped_text_with_the_sentence_marked(
    client: TestClient,
) -> None:
    response = opened(
        client, "note", section="Care & 2 < 3", quote="It lasts a century."
    )
    assert response.status_code == 200
    assert '<mark id="marked">It lasts a century.</mark>' in response.text
    assert "Gates are for locks." not in response.text
    assert "<h2>Care &amp; 2 &lt; 3</h2>" in response.text
    assert HOSTILE in unescape(response.text)


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("web", "Weirs need care every spring, says Quill House"),
        ("paper", "Quill House found that weirs need care every year."),
        ("note", "Gates are for locks."),
    ],
)
def test_any_other_file_opens_as_the_text_that_was_read(
    client: TestClient, name: str, quote: str
) -> None:
    response = opened(client, name, quote=quote)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", response.text)
    assert [unescape(text).rstrip(",") for text in marked] == [quote]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/nothing/report", 404),
        ("/documents/../reports/shelf.sqlite", 404),
        ("/documents/%2e%2e/%2e%2e/shelf.sqlite", 404),
        ("/documents/..%2f..%2fetc%2fpasswd", 404),
        ("/documents//etc/passwd", 404),
        ("/documents/weirs/report%00", 404),
        ("/documents/weirs/report%0dX-Own: 1", 404),
        ("/documents/weirs%27%20OR%201=1--/report", 404),
        ("/documents/weirs/report?page=0", 404),
        ("/documents/weirs/report?page=4", 404),
        ("/documents/weirs/report?page=99999999999999999999", 400),
        ("/documents/weirs/report?page=-1", 400),
        ("/documents/weirs/report?page=²", 400),
        ("/documents/weirs/report?page=2&quote=" + "x" * (MOST_QUOTE + 1), 400),
        ("/documents/note/report?section=Nothing", 404),
        ("/documents/changing-places-2013?section=Nothing", 404),
        ("/documents/weirs/report/picture?page=4", 404),
        ("/documents/weirs/report/picture?page=x", 400),
        ("/documents/nothing/report/picture?page=1", 404),
        ("/documents/note/report/picture?page=1", 404),
        ("/documents/changing-places-2013/web-page/picture?page=1", 404),
    ],
)
def test_what_is_not_there_is_said_in_plain_text(
    client: TestClient, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    if response.url.path.startswith("/documents/"):
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert len(response.text) < 200
    assert "SQLite" not in response.text
    assert "root:" not in response.text


def test_it_is_no_more_open_than_the_page(client: TestClient) -> None:
    elsewhere = {"host": "evil.example"}
    for path in ("/", "/documents/weirs/report"):
        assert client.get(path, headers=elsewhere).status_code == 400


def test_a_missing_or_damaged_file_is_no_traceback(tmp_path: Path) -> None:
    library = Library(tmp_path / "reports")
    pdf = put(library, write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)]), "a")
    (tmp_path / "b.txt").write_text(NOTE)
    note = put(library, tmp_path / "b.txt", "b")
    app = FastAPI()
    add_documents(app, library, CORPUS)
    client = TestClient(app)
    library.file_of(pdf).write_bytes(b"%PDF-1.7 and no more")
    damaged = opened(client, "a", page="1", quote=CITED)
    assert (damaged.status_code, damaged.content) == (200, b"%PDF-1.7 and no more")
    library.file_of(pdf).unlink()
    assert opened(client, "a").status_code == 404
    (library.folder_of(note) / "sections.json").write_text("{")
    broken = opened(client, "b")
    assert (broken.status_code, broken.text[:13]) == (500, "The kept text")


def test_the_name_of_a_file_cannot_break_the_header(tmp_path: Path) -> None:
    library = Library(tmp_path / "reports")
    entry = put(library, write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)]), "a")
    renamed = replace(entry, name='x"\r\nX-Own: 1; é.pdf')
    library.put(renamed, tmp_path / "a.pdf", ())
    app = FastAPI()
    add_documents(app, library, CORPUS)
    headers = opened(TestClient(app), "a").headers
    assert "X-Own" not in headers
    assert re.fullmatch(
        r"inline; filename\*=UTF-8''[\w%.\-]+", headers["Content-Disposition"]
    )


def test_a_very_long_text_is_cut(tmp_path: Path) -> None:
    library = Library(tmp_path / "reports")
    (tmp_path / "a.txt").write_text("Weirs need care every spring. " * 20_000)
    put(library, tmp_path / "a.txt", "a")
    app = FastAPI()
    add_documents(app, library, CORPUS)
    text = opened(TestClient(app), "a").text
    assert len(text) < MOST_TEXT + 5000
    assert "The rest is not shown" in text


def test_a_sentence_over_two_pages_is_marked_on_both(tmp_path: Path) -> None:
    pages = [
        [*paragraph("The opening. " * 9), Text("Councils should in-", y=200)],
        [Text("spect each weir.", y=700), Text("Nothing else.", y=600)],
    ]
    file = write_pdf(tmp_path / "a.pdf", pages)
    copy = mark_quotes(file, 1, "Councils should inspect each weir.")
    assert copy is not None
    assert [(n, len(quads)) for n, quads in marks(copy).items()] == [(1, 1), (2, 1)]
    assert mark_quotes(file, 1, "Councils should inspect each dam.") is None


def test_a_quotation_is_marked_in_the_second_of_two_columns(tmp_path: Path) -> None:
    left, right = "Weirs need a coat of tar. " * 12, "Locks have two gates each. " * 12
    lines = [
        Text(text[n : n + 38], x, 700 - 14 * n / 38)
        for n in range(0, 300, 38)
        for x, text in ((72, left), (320, right))
    ]
    file = write_pdf(tmp_path / "a.pdf", [lines])
    copy = mark_quotes(file, 1, "Locks have two gates each. Locks have two gates each.")
    assert copy is not None
    quads = marks(copy)[1]
    assert len(quads) == 2
    assert all(quad[0] >= 319 for quad in quads)


@pytest.mark.parametrize(
    ("turned", "matrix"),
    [(90, "0 1 -1 0 595 0 cm"), (180, "-1 0 0 -1 595 842 cm"), (0, "")],
)
def test_a_mark_turns_with_its_page(tmp_path: Path, turned: int, matrix: str) -> None:
    lines = [Text("A sentence about waste stands here.", y=440, before=matrix)]
    file = write_pdf(tmp_path / "a.pdf", [lines], turned=turned)
    copy = mark_quotes(file, 1, "A sentence about waste stands here.")
    assert copy is not None
    [quad] = marks(copy)[1]
    middle = (sum(quad[::2]) / 4, sum(quad[1::2]) / 4)
    right, up = 72 + 90, 440 + 4
    expected = {0: (right, up), 90: (595 - up, right), 180: (595 - right, 842 - up)}
    assert middle == pytest.approx(expected[turned], abs=2)


def test_the_copy_starts_nothing(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)]))
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hello')"),
        }
    )
    names = ArrayObject([TextStringObject("own"), script])
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object[NameObject("/Names")] = DictionaryObject(
        {NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})}
    )
    writer.write(tmp_path / "b.pdf")
    assert b"/JavaScript" in (tmp_path / "b.pdf").read_bytes()
    copy = mark_quotes(tmp_path / "b.pdf", 1, CITED)
    assert copy is not None
    assert b"/JavaScript" not in copy


def test_marking_is_limited(tmp_path: Path) -> None:
    file = write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)])
    assert mark_limited(file, 1, CITED) is not None
    assert mark_limited(file, 1, CITED, Limits(output=100)) is None
    assert mark_limited(file, 1, CITED, Limits(memory=30_000_000)) is None


def test_an_encrypted_file_stays_as_it_is(tmp_path: Path) -> None:
    file = write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)], password="")
    assert mark_quotes(file, 1, CITED) is None


DIGEST = "/documents/changing-places-2013/web-page"
SECTION = "Introduction › The need to innovate and transform"
QUOTED = "had never been more pressing."


@pytest.mark.parametrize("path", [DIGEST, "/documents/changing-places-2013"])
def test_a_section_of_a_shipped_digest_opens_at_the_quotation(
    client: TestClient, path: str
) -> None:
    response = client.get(path, params={"section": SECTION, "quote": QUOTED})
    text = response.text
    assert response.status_code == 200
    assert "<h1>Changing Places</h1>" in text
    assert "Localis, 15 October 2013" in text
    assert re.search(r"Older report: \d\d years old", text)
    assert "This is a digest of the report&#x27;s web page" in text
    assert 'href="https://localis.org.uk/research/changing-places"' in text
    assert '<p class="above">Introduction</p>' in text
    assert re.findall("<h2>(.*?)</h2>", text) == ["The need to innovate and transform"]
    assert re.findall("<mark[^>]*>(.*?)</mark>", text) == [QUOTED]
    assert "asked as" not in text


def test_sections_lead_to_those_beside_them_and_to_the_whole(
    client: TestClient,
) -> None:
    text = client.get(DIGEST, params={"section": SECTION}).text
    links = re.findall(r'<a href="(\?section=[^"]*)"', text)
    beside = [parse_qs(link[1:], keep_blank_values=True)["section"] for link in links]
    assert beside == [
        ["Introduction › Grant reductions and rising demand"],
        ["Introduction › What the report looks at"],
        [""],
    ]
    first = client.get(DIGEST + links[0]).text
    assert "Previous section" not in first
    assert "Next section" in first
    whole = client.get(DIGEST + links[2]).text
    assert whole.count("<h2>") == 23
    assert "<nav" not in whole


def test_the_document_of_a_report_is_the_one_that_has_the_section(
    client: TestClient,
) -> None:
    documents = [
        document
        for document in read_corpus(CORPUS)
        if document.details.report == "heart-of-the-matter-2024"
    ]
    assert len(documents) == 2
    headings = [[s.heading for s in document.sections] for document in documents]
    for document, others in zip(documents, reversed(headings), strict=True):
        own = [s for s in document.sections if s.heading not in others]
        heading = own[-1].heading
        response = client.get(
            "/documents/heart-of-the-matter-2024", params={"section": heading}
        )
        assert escape(own[-1].text) in response.text


def test_a_section_of_a_pdf_opens_as_text_beside_the_pdf(
    client: TestClient, library: Library
) -> None:
    entry = next(e for e in library.entries() if e.details.report == "weirs")
    heading = StoredReport(entry, library.folder_of(entry)).sections[0].heading
    response = opened(client, "weirs", section=heading, quote=CITED)
    assert response.headers["Content-Type"].startswith("text/html")
    assert "read of weirs.pdf" in response.text
    assert '<a href="?">Open the document itself</a>' in response.text
    assert f'<mark id="marked">{CITED}</mark>' in response.text


@given(st.one_of(st.just(HOSTILE), st.text()), st.text())
def test_no_text_of_a_document_becomes_markup(text: str, quote: str) -> None:
    section = Section(path=(text, text), text=f"{text}\n\n{text} {quote}")
    details = replace(OLD, title=text, publisher=text, digest_of=text)
    shown = Shown(
        details, [section, Section((text,), text)], section.heading, quote, text, True
    )
    html = render_page(shown, date(2026, 11, 22)).partition("</style>")[2]
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    assert tags <= set("body header h1 p a main h2 mark nav span".split())
    links = re.findall(r'href="([^"]*)"', html)
    assert all(link.startswith(("?", "https://example.org/")) for link in links)


def test_a_page_is_drawn_with_the_sentence_marked(client: TestClient) -> None:
    wanted = {"page": "2", "quote": CITED}
    path = "/documents/weirs/report/picture"
    response = client.get(path, params=wanted)
    assert response.headers["Content-Type"] == "image/png"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert Image.open(BytesIO(response.content)).size == (WIDTH, 1699)
    assert 0.005 < yellow(response.content) < 0.05
    unmarked = client.get(path, params={**wanted, "quote": "No such words."})
    assert yellow(unmarked.content) == 0
    tag = response.headers["ETag"]
    again = client.get(path, params=wanted, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(path, params={"page": "3"}, headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_a_page_that_cannot_be_drawn_is_told_kindly(tmp_path: Path) -> None:
    library = Library(tmp_path / "reports")
    pdf = put(library, write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)]), "a")
    app = FastAPI()
    add_documents(app, library, CORPUS)
    client = TestClient(app)
    path = "/documents/a/report/picture?page=1"
    write_pdf(library.file_of(pdf), [paragraph(FIRST)], password="secret")
    locked = client.get(path)
    assert (locked.status_code, locked.text) == (422, NOT_DRAWN)
    assert "ETag" not in locked.headers
    library.file_of(pdf).write_bytes(b"%PDF-1.7 and no more")
    assert client.get(path).text == NOT_DRAWN
    library.file_of(pdf).unlink()
    assert client.get(path).status_code == 404


def test_a_link_names_the_place_and_no_more_of_a_quotation_than_is_taken() -> None:
    link = page_link("weirs/report", 2, "é words & more " * 400)
    parts = urlsplit(link)
    assert (parts.path, parts.fragment) == ("documents/weirs/report", "page=2")
    wanted = parse_qs(parts.query)
    assert wanted["page"] == ["2"]
    assert MOST_QUOTE - 20 < len(wanted["quote"][0]) <= MOST_QUOTE
    assert (
        urlsplit(picture_link("weirs/report", 2, "x")).path == f"{parts.path}/picture"
    )
    section = urlsplit(section_link("weirs", "A › B & c", "It is so."))
    assert (section.path, section.fragment) == ("documents/weirs", "marked")
    assert parse_qs(section.query) == {"section": ["A › B & c"], "quote": ["It is so."]}
    assert "#" not in section_link("weirs", "A")
