"""The glossary: read strictly, matched by its longest phrase, in both directions."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.understanding.glossary import Entry, Glossary, load_glossary
from assistant.errors import CorpusError
from assistant.settings import shipped
from assistant.text.words import stems

AUDIT = Entry("external audit", ("outside audit",), ("inspection", "checking books"))
AUDITOR = Entry("audit", (), ("books",))
LGA = Entry("Local Government Association", ("LGA",))
GLOSSARY = Glossary((AUDIT, AUDITOR, LGA))


def written(folder: Path, text: str) -> Path:
    file = folder / "glossary.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def found(question: str) -> list[tuple[str, bool]]:
    return [(m.entry.term, m.exact) for m in GLOSSARY.mentions(stems(question))]


def test_load_reads_entries(tmp_path: Path) -> None:
    text = (
        "- term: audit\n  same: [review]\n  everyday: [books, checks]\n- term: data\n"
    )
    assert load_glossary(written(tmp_path, text)) == (
        Entry("audit", ("review",), ("books", "checks")),
        Entry("data"),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_load_takes_an_empty_glossary(tmp_path: Path, text: str) -> None:
    assert load_glossary(written(tmp_path, text)) == ()


def test_load_takes_a_missing_glossary(tmp_path: Path) -> None:
    assert load_glossary(tmp_path / "glossary.yaml") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- term: [", "not valid YAML"),
        ("- term: audit\n\tsame: x", "not valid YAML"),
        ("term: audit", "needs a 'term'"),
        ("just words", "needs a 'term'"),
        ("- same: [audit]", "needs a 'term'"),
        ("- term: 7", "needs a 'term'"),
        ("- audit", "needs a 'term'"),
        ("- term: audit\n  similar: [x]", "unknown ['similar']"),
        ("- term: audit\n  same: review", "'same' of 'audit' must list texts"),
        ("- term: audit\n  everyday: [1]", "'everyday' of 'audit' must list texts"),
    ],
)
def test_load_refuses_what_is_no_glossary(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        load_glossary(written(tmp_path, text))
    assert complaint in str(caught.value)
    assert "glossary.yaml" in str(caught.value)


def test_load_refuses_what_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "glossary.yaml"
    file.write_bytes(b"- term: caf\xe9\n")
    with pytest.raises(CorpusError):
        load_glossary(file)


def test_load_reads_the_shipped_glossary() -> None:
    entries = load_glossary(shipped("corpus") / "glossary.yaml")
    assert len(entries) > 20
    assert len({entry.term for entry in entries}) == len(entries)


@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("Is external audit needed?", [("external audit", True)]),
        ("Is outside auditing needed?", [("external audit", True)]),
        ("Is inspection needed?", [("external audit", False)]),
        ("Is checking books needed?", [("external audit", False)]),
        ("Are books needed?", [("audit", False)]),
        ("Is audit needed?", [("audit", True)]),
        ("the LGA", [("Local Government Association", True)]),
        ("the Local Government Association", [("Local Government Association", True)]),
        ("local government", []),
        ("", []),
    ],
)
def test_mentions_finds_the_longest_phrase_in_either_direction(
    question: str, mentions: list[tuple[str, bool]]
) -> None:
    assert found(question) == mentions


def test_mentions_says_where() -> None:
    (mention,) = GLOSSARY.mentions(stems("may external audits help"))
    assert (mention.start, mention.end) == (1, 3)


def test_mentions_gives_every_entry_of_a_phrase() -> None:
    both = Glossary((Entry("audit", (), ("checks",)), Entry("data", (), ("checks",))))
    assert [m.entry.term for m in both.mentions(["check"])] == ["audit", "data"]


def test_mentions_of_an_empty_glossary_are_none() -> None:
    assert Glossary(()).mentions(["audit"]) == []


@given(
    st.lists(st.sampled_from(stems("outside external audit books LGA the")), max_size=9)
)
def test_mentions_overlap_nowhere(question: list[str]) -> None:
    spans = [(m.start, m.end) for m in GLOSSARY.mentions(question)]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans) if a != b)
