"""The papers of our own making, and the questions on them."""

from __future__ import annotations

import csv
import math
import zipfile
from collections import defaultdict
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pytest
from pypdf import PdfReader

from evals.cases import Case, load_cases
from evals.measuring.answers import states
from evals.papers.make import DETAILS, main, make_papers
from evals.papers.places import headings_of, pages_of
from evals.papers.source import Source, read_sources, words_of

FOLDER = DETAILS.parent


def read_papers() -> dict[str, Source]:
    with DETAILS.open(encoding="utf-8", newline="") as file:
        ids = {row["file"]: row["id"] for row in csv.DictReader(file)}
    return {ids[source.settings["file"]]: source for source in read_sources()}


PAPERS = read_papers()
CASES = load_cases(FOLDER)
DEVELOPMENT = load_cases(FOLDER, held_out=False)


def papers_of(case: Case) -> set[str]:
    """The papers that a case is about: a refusal that is due names them in its note."""
    return {paper for paper in PAPERS if paper in {*case.reports} or paper in case.note}


APART = PAPERS.keys() - {paper for case in DEVELOPMENT for paper in papers_of(case)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    make_papers(folder)
    return folder


def test_every_paper_is_made_and_has_its_details(made: Path) -> None:
    files = {file.name for file in made.iterdir()} - {DETAILS.name}
    assert files == {source.settings["file"] for source in PAPERS.values()}
    assert len(files) >= 14
    assert {Path(name).suffix for name in files} == {
        ".pdf", ".docx", ".html", ".md", ".txt",
    }  # fmt: skip
    assert sum((made / name).stat().st_size for name in files) < 2_000_000


def test_papers_have_the_same_bytes_each_time(made: Path, tmp_path: Path) -> None:
    assert main([str(tmp_path / "again"), "--bare"]) == 0
    again = list((tmp_path / "again").iterdir())
    assert DETAILS.name not in {file.name for file in again}
    assert not [f.name for f in again if f.read_bytes() != (made / f.name).read_bytes()]


def test_a_scan_has_no_letters_and_a_tagged_paper_a_tree(made: Path) -> None:
    for source in PAPERS.values():
        if source.settings["file"].endswith(".pdf"):
            reader = PdfReader(made / source.settings["file"])
            letters = any(page.extract_text().strip() for page in reader.pages)
            assert letters is ("scanned" not in source.settings)
            tagged = "/StructTreeRoot" in reader.root_object
            assert tagged is ("tagged" in source.settings)
            turned = reader.pages[0].get("/Rotate", 0) == 90
            assert turned is ("turned" in source.settings)


def test_the_inspectors_report_has_about_forty_pages(made: Path) -> None:
    file = made / PAPERS["marlstone-inspector-2021"].settings["file"]
    assert 36 <= len(PdfReader(file).pages) <= 44


def test_numbers_and_notes_of_a_word_paper_are_words_own(made: Path) -> None:
    file = made / PAPERS["wexcombe-digital-2024"].settings["file"]
    with zipfile.ZipFile(file) as word:
        body = word.read("word/document.xml").decode()
        notes = word.read("word/footnotes.xml").decode()
    assert "2.1 Who is offline" not in body
    assert "Who is offline" in body
    assert "w:numPr" in body
    assert body.count("w:footnoteReference") == notes.count("<w:footnote ") == 3


def test_cases_are_about_these_papers_and_none_of_the_others() -> None:
    assert {report for case in CASES for report in case.reports} == PAPERS.keys()
    assert not {case.id for case in CASES} & {case.id for case in load_cases()}
    assert all(papers_of(case) for case in CASES)


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("fact", 90), ("table", 40), ("recommendation", 16), ("section", 20),
        ("briefing", 10), ("page", 14), ("about", 16), ("comparison", 20),
        ("unanswerable", 50), ("follow-up", 20),
    ],
)  # fmt: skip
def test_each_kind_of_question_has_its_cases(kind: str, least: int) -> None:
    assert sum(case.primary_tag == kind for case in CASES) >= least


def test_every_fact_stands_in_a_paper_that_must_be_cited() -> None:
    words = {paper: words_of(source) for paper, source in PAPERS.items()}
    assert not [
        (case.id, fact)
        for case in CASES
        for fact in case.facts
        if not any(states(words[report], fact) for report in case.reports)
    ]


def test_every_paper_that_must_be_cited_holds_a_fact() -> None:
    words = {paper: words_of(source) for paper, source in PAPERS.items()}
    assert not [
        (case.id, report)
        for case in CASES
        for report in case.reports
        if not any(states(words[report], fact) for fact in case.facts)
    ]


def test_every_quote_stands_once_under_its_heading() -> None:
    astray = [
        case.id
        for case in CASES
        for place in case.evidence
        if headings_of(PAPERS[place.report], place.quote) != [place.section]
    ]
    assert not astray


def test_a_page_is_the_one_where_the_quote_stands(tmp_path: Path) -> None:
    paged = [case for case in CASES if case.page and case.evidence]
    assert len(paged) >= 200
    assert not [
        case.id
        for case in paged
        for place in case.evidence
        if pages_of(PAPERS[place.report], place.quote, tmp_path) != [case.page]
    ]
    of_pages = [case for case in CASES if case.primary_tag == "page"]
    assert all(case.page for case in of_pages)


def test_some_papers_are_asked_about_in_held_out_cases_alone() -> None:
    assert len(APART) >= 5


def test_half_of_each_kind_is_held_out_by_its_hash() -> None:
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in CASES:
        kinds[case.primary_tag].append(case)
    for kind, cases in kinds.items():
        rest = sorted(
            (case for case in cases if not papers_of(case) & APART),
            key=lambda case: sha256(case.id.encode()).hexdigest(),
        )
        # Held out by hash: the first of them, until half of the kind is.
        due = math.ceil(len(cases) / 2) - (len(cases) - len(rest))
        runs = [held for held, _ in groupby(case.held_out for case in rest)]
        assert runs == [True, False], kind
        assert sum(case.held_out for case in rest) == due, kind


def test_follow_ups_have_two_to_four_turns_and_a_standalone_question() -> None:
    follow_ups = [case for case in CASES if case.history]
    assert {len(case.history) // 2 + 1 for case in follow_ups} == {2, 3, 4}
    assert all(case.standalone for case in follow_ups)
