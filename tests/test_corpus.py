"""The shipped corpus: complete details, short sections, and nothing left out."""

from __future__ import annotations

import re
from datetime import date

import pytest

from assistant.answering.understanding.glossary import load_glossary
from assistant.reading.catalogue import read_corpus
from assistant.schema import Document, Section
from assistant.settings import shipped
from assistant.text.sentences import split_sentences
from assistant.text.words import stems

CORPUS = shipped("corpus")
DOCUMENTS = {d.details.document_id: d for d in read_corpus(CORPUS)}
GLOSSARY = load_glossary(CORPUS / "glossary.yaml")
CHANGING = "changing-places-2013/web-page"
HEART = "heart-of-the-matter-2024/executive-summary"
HEART_NEWS = "heart-of-the-matter-2024/news-item"
LEVEL = "level-measures-2023/press-release"
NEXT = "whats-next-2024/launch-announcement"
SECTIONS = [
    pytest.param(section, id=f"{name} {section.heading}")
    for name, document in DOCUMENTS.items()
    for section in document.sections
]


def test_the_shelf_holds_four_reports_in_five_documents() -> None:
    assert set(DOCUMENTS) == {CHANGING, HEART, HEART_NEWS, LEVEL, NEXT}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_details_are_complete(document: Document) -> None:
    details = document.details
    assert details.publisher_type in {"think-tank", "consultancy"}
    assert details.url.startswith("https://")
    assert details.digest_of
    assert "digest is in our own words" in details.rights
    assert details.aliases
    assert details.published_note


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_published_fits_its_precision(document: Document) -> None:
    published, precision = (
        document.details.published,
        document.details.published_precision,
    )
    assert published
    date.fromisoformat(published + "-01-01"[len(published) - 4 :])
    assert {4: "year", 7: "month", 10: "day"}[len(published)] == precision


@pytest.mark.parametrize(
    ("name", "title", "publisher", "published", "authors", "supporters"),
    [
        (
            CHANGING,
            "Changing Places",
            "Localis",
            "2013-10-15",
            ("Steven Howell",),
            ("Civica",),
        ),
        (HEART, "Heart of the Matter", "Localis", "2024-09-12", (), ()),
        (HEART_NEWS, "Heart of the Matter", "Localis", "2024-09-12", (), ()),
        (
            LEVEL,
            "Level Measures",
            "Localis",
            "2023-07-05",
            ("Callin McLinden", "Joe Fyans"),
            ("Capita",),
        ),
        (NEXT, "What's Next For Local Government", "31ten", "2024", (), ()),
    ],
)
def test_details_say_what_is_known(
    name: str,
    title: str,
    publisher: str,
    published: str,
    authors: tuple[str, ...],
    supporters: tuple[str, ...],
) -> None:
    details = DOCUMENTS[name].details
    assert (details.title, details.publisher) == (title, publisher)
    assert details.published == published
    # IMPOWER is quoted on Heart of the Matter; nobody says that it paid for it.
    assert (details.authors, details.supporters) == (authors, supporters)


@pytest.mark.parametrize("name", [HEART, HEART_NEWS])
def test_documents_of_one_report_share_its_title(name: str) -> None:
    first, details = DOCUMENTS[HEART].details, DOCUMENTS[name].details
    assert (details.report, details.subtitle) == (first.report, first.subtitle)
    assert details.aliases == first.aliases


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_has_one_to_four_sentences(section: Section) -> None:
    assert section.path
    assert 1 <= len(split_sentences(section.text)) <= 4
    assert "<!--" not in section.text
    assert "-->" not in section.text


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_says_what_it_is_asked_as(section: Section) -> None:
    assert len(section.asked_as) >= 3
    assert len(set(section.asked_as)) == len(section.asked_as)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_heading_has_text_under_it(document: Document) -> None:
    """No heading stands alone: each is a section's or the parent of one."""
    file = next(
        file
        for file in (CORPUS / "reports").glob("*.md")
        if f"document: {document.details.document}\n" in file.read_text("utf-8")
    )
    headings = re.findall(r"^##+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    used = {part for section in document.sections for part in section.path}
    assert set(headings) == used
    assert len({section.path for section in document.sections}) == len(
        document.sections
    )


@pytest.mark.parametrize(
    ("name", "parent", "numbers"),
    [
        (NEXT, "Key findings", "1234567"),
        (HEART, "Recommendations › Local government", "123456"),
        (HEART, "Recommendations › Central government", "12345"),
        (HEART, "Key points › The four elements", "1234"),
        (HEART_NEWS, "Key recommendations › Local government", "123"),
        (HEART_NEWS, "Key recommendations › Central government", "45"),
        (CHANGING, "Key recommendations", "123456789"),
        (LEVEL, "Seven principles", "1234567"),
        (LEVEL, "Policy recommendations", "1234567"),
        (
            LEVEL,
            "Lessons for a healthy governance ecosystem › Local government",
            "12345",
        ),
        (
            LEVEL,
            "Lessons for a healthy governance ecosystem › "
            "Central government departments",
            "123",
        ),
        (
            LEVEL,
            "Lessons for a healthy governance ecosystem › "
            "Private companies with a public service ethos",
            "12345",
        ),
    ],
)
def test_numbered_items_are_all_there(name: str, parent: str, numbers: str) -> None:
    found = [
        section.path[-1].split()[0]
        for section in DOCUMENTS[name].sections
        if section.heading.startswith(f"{parent} › ")
        and len(section.path) == len(parent.split(" › ")) + 1
        and section.path[-1][0].isdigit()
    ]
    assert found == list(numbers)


def test_the_four_sections_of_heart_of_the_matter_are_there() -> None:
    found = [s.path[2] for s in DOCUMENTS[HEART].sections if s.path[2:]]
    numbers = [re.match(r"Section (one|two|three|four):", title) for title in found]
    assert [n[1] for n in numbers if n] == ["one", "two", "three", "four"]


def test_the_glossary_has_no_duplicate_terms() -> None:
    exact = [p.lower() for e in GLOSSARY for p in (e.term, *e.same)]
    assert len(GLOSSARY) > 50
    assert not {phrase for phrase in exact if exact.count(phrase) > 1}


def test_the_glossary_has_no_stems_under_two_terms() -> None:
    terms: dict[str, set[str]] = {}
    for entry in GLOSSARY:
        for phrase in (entry.term, *entry.same):
            terms.setdefault(" ".join(stems(phrase)), set()).add(entry.term)
    assert not {phrase: found for phrase, found in terms.items() if len(found) > 1}


def test_an_everyday_phrase_stands_under_two_terms_at_the_most() -> None:
    places = {(" ".join(stems(p)), e.term) for e in GLOSSARY for p in e.everyday}
    everyday = [phrase for phrase, _ in places]
    assert not {phrase for phrase in everyday if everyday.count(phrase) > 2}


def test_a_glossary_phrase_has_one_to_four_words() -> None:
    phrases = {
        phrase
        for entry in GLOSSARY
        for phrase in (entry.term, *entry.same, *entry.everyday)
    }
    assert not {p for p in phrases if not 1 <= len(p.split()) <= 4}
