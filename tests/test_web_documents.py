"""The route that opens the team's documents at the place that a citation names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from assistant.library.adding import Candidate, make_entry, read_candidate
from assistant.library.details import Given
from assistant.library.entries import Entry, Library
from assistant.reading.limited import Limits, mark_limited
from assistant.reading.pdf_marks import mark_quotes
from assistant.reading.reader import read_file
from assistant.schema import Citation
from assistant.settings import Settings
from assistant.web.documents import (
    MOST_QUOTE,
    MOST_TEXT,
    add_documents,
    document_link,
)
from assistant.web.headers import HEADERS
from assistant.web.server import make_app
from tests.browser.fakes import HOSTILE, OLD, FakeAssistant
from tests.documents import Text, paragraph, write_pdf, write_word

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
        file, name=file.name, source=str(file), known={}, read=read_file
    )
    assert isinstance(found, Candidate)
    given = Given(report=title, title=title, publisher="Quill House")
    entry = make_entry(found, given, frozenset())
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
    assert first[1] == pytest.approx(709, abs=1)
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
    assert "Gates" not in response.text
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
        ("/documents/weirs", 404),
        ("/documents/nothing/report", 404),
        ("/documents/weirs/report/..", 404),
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
    add_documents(app, library)
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
    library.write(replace(entry, name='x"\r\nX-Own: 1; é.pdf'))
    app = FastAPI()
    add_documents(app, library)
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
    add_documents(app, library)
    text = opened(TestClient(app), "a").text
    assert len(text) < MOST_TEXT + 2000
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


def cited(entry: Entry, quote: str, page: int | None) -> Citation:
    d = entry.details
    return Citation(
        1, d.report, d.title, d.publisher, None, "Text", "iii", quote, "", None, page
    )


def test_a_link_names_the_page_and_no_more_of_a_quotation_than_is_taken(
    library: Library,
) -> None:
    entry = next(e for e in library.entries() if e.details.report == "weirs")
    link = document_link(cited(entry, "é words & more " * 400, 2), entry.details)
    parts = urlsplit(str(link))
    assert (parts.path, parts.fragment) == ("documents/weirs/report", "page=2")
    wanted = parse_qs(parts.query)
    assert wanted["page"] == ["2"]
    assert MOST_QUOTE - 20 < len(wanted["quote"][0]) <= MOST_QUOTE
    assert document_link(cited(entry, "Words.", None), OLD) is None
