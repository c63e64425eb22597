"""Reading Markdown reports: faults are named, and no prose is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CorpusError
from assistant.reading.catalogue import read_corpus
from assistant.reading.markdown import parse_sections, read_markdown
from assistant.schema import Document
from tests.fakes import BUSES, report, write_corpus

REPORT = report("buses-2023", "report", BUSES)


def read(folder: Path, data: str | bytes) -> Document:
    file = folder / "buses.md"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_markdown(file)


def with_line(line: str) -> str:
    """The report with one line more in front, in place of the line of that key."""
    key = line.partition(":")[0]
    lines = [old for old in REPORT.splitlines() if old.partition(":")[0] != key]
    return "\n".join([lines[0], line, *lines[1:]])


def test_read_markdown_reads_details_and_sections(tmp_path: Path) -> None:
    document = read(tmp_path, REPORT)
    assert document.details.document_id == "buses-2023/report"
    assert document.details.year == 2023
    assert document.details.attribution == "Parks Forum, 2023"
    assert document.details.authors == ()
    assert [s.heading for s in document.sections] == ["Findings › 1 Night buses"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("# Buses\n\nText.", "no details in front"),
        ("", "no details in front"),
        ("---\ntitle: Buses\n", "no details in front"),
        ("---\ntitle: [\n---\nText.", "not valid YAML"),
        ("---\n- title\n---\nText.", "'key: value' lines"),
        ("---\njust words\n---\nText.", "'key: value' lines"),
        ("---\ntitle: Buses\n---\nText.", "missing: report, document, publisher"),
        ("---\n\n---\nText.", "'key: value' lines"),
        (REPORT.encode("utf-16"), "not UTF-8"),
        (b"\xff" + REPORT.encode(), "not UTF-8"),
        (REPORT.partition("# ")[0], "no text under them"),
        (REPORT.partition("# ")[0] + "# Buses\n\n<!-- x -->\n", "no text under them"),
    ],
)
def test_read_markdown_names_the_fault(
    tmp_path: Path, data: str | bytes, message: str
) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        read(tmp_path, data)
    assert "buses.md" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("titel: Buses", r"unknown details \['titel'\]"),
        ("title: 12", "'title' must be text"),
        ("title: ' '", "'title' must be text"),
        ("title:", "missing: title"),
        ("report: Buses 2023", "'report' may hold a-z"),
        ("document: ../x", "'document' may hold a-z"),
        ("authors: Ada Green", "'authors' must be a list"),
        ("aliases: [12]", "'aliases' must be a list"),
        ("published: 2023", "'published' must be text"),
        ("published: 2023-07-05", "'published' must be text"),
        ("published: '5 July 2023'", "'published' must be \"2024-09-12\""),
        ("published: '2023-07'", "'published' must be \"2024-09-12\""),
        ("published:", "'published' must be \"2024-09-12\""),
        ("published_precision: decade", "day, month or year"),
        ("published_precision:", "day, month or year"),
    ],
)
def test_read_markdown_names_the_wrong_detail(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        read(tmp_path, with_line(line))


@pytest.mark.parametrize(
    "data",
    [
        with_line("published: 2024-13-45"),
        with_line("published: '2024-02-31'").replace("_precision: year", "_precision: day"),
        with_line("published: '2024-13'").replace("_precision: year", "_precision: month"),
        with_line("published: '٢٠٢٤'"),
        with_line("1: one\ntitel: Buses"),
        with_line("title: !!int abc"),
    ],
)  # fmt: skip
def test_read_markdown_refuses_impossible_values(tmp_path: Path, data: str) -> None:
    with pytest.raises(CorpusError):
        read(tmp_path, data)


@pytest.mark.parametrize(
    "data",
    [
        REPORT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + REPORT.encode(),
        b"\xef\xbb\xbf" + REPORT.replace("\n", "\r\n").encode(),
    ],
    ids=["CRLF", "BOM", "both"],
)
def test_read_markdown_takes_files_of_other_systems(
    tmp_path: Path, data: bytes
) -> None:
    other, ours = read(tmp_path, data), read(tmp_path, REPORT)
    assert (other.details, other.sections) == (ours.details, ours.sections)


def test_read_markdown_of_a_folder_names_the_fault(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_markdown(tmp_path)


def test_content_hash_follows_the_file(tmp_path: Path) -> None:
    first, again = read(tmp_path, REPORT), read(tmp_path, REPORT)
    assert first.content_hash == again.content_hash
    assert first.content_hash != read(tmp_path, REPORT + "\n").content_hash


def test_parse_sections_gives_each_heading_its_path() -> None:
    body = (
        "Fore.\n# Title\nIntro.\n## A\nOne.\n#### Deep\nTwo.\n### B ##\nThree.\n## C\n"
    )
    found = [(s.path, s.text) for s in parse_sections(body)]
    assert found == [
        ((), "Fore."),
        ((), "Intro."),
        (("A",), "One."),
        (("A", "Deep"), "Two."),
        (("A", "B"), "Three."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```\n# not a heading\n```",
        "```python\n## no\n```\nprose",
        "    # indented",
        "#hash-tag",
        "####### seven",
        "#",
    ],
)
def test_parse_sections_keeps_what_is_no_heading(text: str) -> None:
    (section,) = parse_sections(f"## A\n\nBefore.\n\n{text}")
    assert (section.path, section.text) == (("A",), f"Before.\n\n{text}")


@pytest.mark.parametrize(
    "text", ["~~~\n# no\n~~~", "````\n```\n# no\n```\n````", "```x``` is code\n\nprose"]
)
def test_parse_sections_keeps_other_code_together(text: str) -> None:
    sections = parse_sections(f"## A\n\n{text}\n\n## B\n\nEnd.")
    assert [s.path for s in sections] == [("A",), ("B",)]


@pytest.mark.parametrize(
    ("body", "text", "asked_as"),
    [
        ("One.\n<!-- a note -->\nTwo.", "One.\n\nTwo.", ()),
        ("<!-- asked as: why | how -->\n\nOne.", "One.", ("why", "how")),
        ("<!--Asked as: why|| -->One.", "One.", ("why",)),
        ("<!-- asked as:\nwhy |\nhow\n-->\nOne.", "One.", ("why", "how")),
        ("<!-- asked as: a --> One. <!-- asked as: b -->", "One.", ("a", "b")),
        ("<!-- unasked as: a -->One.", "One.", ()),
        ("One <!-- open", "One <!-- open", ()),
    ],
)
def test_parse_sections_takes_comments_out(
    body: str, text: str, asked_as: tuple[str, ...]
) -> None:
    (section,) = parse_sections(f"## A\n\n{body}")
    assert (section.text, section.asked_as) == (text, asked_as)


def test_parse_sections_takes_a_comment_with_a_heading_out() -> None:
    (section,) = parse_sections("## A\n\nOne.\n\n<!--\n## Old\nGone.\n-->\n\nTwo.")
    assert "Gone" not in section.text


def test_parse_sections_leaves_out_sections_without_text() -> None:
    assert parse_sections("# T\n\n## A\n\n<!-- asked as: why -->\n\n## B\n\n") == ()


PROSE = st.text("abcé £5.,!?'\"-*[]|\u2028", min_size=1, max_size=20).map("p{}".format)
MARKS = st.sampled_from(
    ["# T", "## A", "### B #", "", " ", "```", "> q", "- i", "<!-- c -->", "<!--"]
)


@given(st.lists(st.tuples(st.booleans(), PROSE, MARKS), max_size=30))
def test_parse_sections_loses_no_prose(lines: list[tuple[bool, str, str]]) -> None:
    body = "\n".join(prose if is_prose else mark for is_prose, prose, mark in lines)
    before_comment = body.partition("<!--")[0]
    wanted = [
        w
        for line in before_comment.split("\n")
        if line[:1] == "p"
        for w in line.split()
    ]
    found = iter(word for s in parse_sections(body) for word in s.text.split())
    assert all(word in found for word in wanted)


@given(st.text())
def test_parse_sections_never_raises(body: str) -> None:
    assert all(section.text.strip() for section in parse_sections(body))


def test_read_corpus_orders_documents(tmp_path: Path) -> None:
    documents = read_corpus(write_corpus(tmp_path))
    assert [d.details.document_id for d in documents] == [
        "buses-2023/report",
        "libraries-2022/report",
        "parks-2021/news-item",
        "parks-2021/report",
    ]


def test_read_corpus_names_a_missing_or_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ASSISTANT_CORPUS_DIR"):
        read_corpus(tmp_path)
    (tmp_path / "reports").mkdir()
    with pytest.raises(CorpusError, match="Put Markdown reports there"):
        read_corpus(tmp_path)


def test_read_corpus_refuses_two_files_of_one_document(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    (tmp_path / "reports" / "copy.md").write_text(REPORT, "utf-8")
    with pytest.raises(CorpusError, match="another file already is buses-2023/report"):
        read_corpus(tmp_path)
