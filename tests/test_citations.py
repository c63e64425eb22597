"""Citation markers: every form is found, no number is made up, nothing else is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citations import (
    find_markers,
    plain_markers,
    render_markers,
    resolve_markers,
    strip_markers,
)

KNOWN = (1, 2, 3)
# Text with many brackets and digits in it.
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            "[ ] ( ) 【 】 ` ``` [^ [1] [2][9] 1 2 99 - – , ; : & † one \n é ² a".split(
                " "
            )
        ),
        max_size=30,
    ).map("".join),
)

MARKED = st.lists(
    st.sampled_from(["Plan", " ", ". ", "[1]", "[2, 9]", "【1】", "`x[1]`", "[1](#x)"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("[2][1]", (2, 1)),
        ("[1][1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1; 2]", (1, 2)),
        ("[1 & 2]", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("[1 — 2, 3]", (1, 2, 3)),
        ("[ 1 ]", (1,)),
        ("[^1]", (1,)),
        ("[^1][^2]", (1, 2)),
        ("[one]", (1,)),
        ("[three]", (3,)),
        ("【1】", (1,)),
        ("【1†source】", (1,)),
        ("【1, 3】", (1, 3)),
        ("[3-1]", ()),
    ],
)
def test_resolve_reads_every_form_of_marker(
    marker: str, numbers: tuple[int, ...]
) -> None:
    found = resolve_markers(f"Councils plan {marker}.", KNOWN)
    assert found.numbers == numbers
    assert found.text == "Councils plan."
    assert found.invented == 0


@pytest.mark.parametrize(
    "text",
    [
        "Run `x[1]` first.",
        "```\nrows[1]\n```",
        "```python\nrows[1]",
        "See [the page](https://example.org).",
        "See [1](#x).",
        "See ![1](picture.png).",
        "[1]: https://example.org",
        "[^1]: a footnote",
        "[1][the page]",
        "He said so [sic].",
        "[two-three] and (1) and {1}",
        "[]",
        "[1",
        "1]",
    ],
)
def test_strip_leaves_what_is_no_marker(text: str) -> None:
    assert find_markers(text) == []
    assert strip_markers(text) == text


def test_find_reads_on_behind_code_and_links() -> None:
    found = resolve_markers("`x[1]` and [2](#y) hold [3].", KNOWN)
    assert found == ("`x[1]` and [2](#y) hold.", (3,), 0)


@pytest.mark.parametrize("marker", ["[2023]", "[99]", "[0]", "[forty]", "【7】"])
def test_resolve_drops_and_counts_a_number_not_given_out(marker: str) -> None:
    assert resolve_markers(f"Plan {marker}.", KNOWN) == ("Plan.", (), 1)


@pytest.mark.parametrize("marker", ["[1][99]", "[99][1]", "[1, 99]", "[99; 1]"])
def test_resolve_keeps_the_valid_number_beside_an_invented_one(marker: str) -> None:
    assert resolve_markers(f"Plan {marker}.", KNOWN) == ("Plan.", (1,), 1)


@pytest.mark.parametrize("marker", ["[1-999999999]", "[1–999999999, 2-888888888]"])
def test_resolve_goes_through_no_huge_range(marker: str) -> None:
    started = time.process_time()
    found = resolve_markers(f"Plan {marker}.", range(1, 13))
    assert time.process_time() - started < 5
    assert found.numbers == tuple(range(1, 13))
    assert found.invented == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Plan [1]. Build [2].", "Plan. Build."),
        ("Plan,[1] build", "Plan, build"),
        ("  indented\n\nnext [1]\n", "  indented\n\nnext\n"),
        ("“Plan”  twice — é ² 中", "“Plan”  twice — é ² 中"),
    ],
)
def test_strip_takes_markers_and_the_space_before_them_only(
    text: str, left: str
) -> None:
    assert strip_markers(text) == left


def test_find_is_fast_on_many_brackets() -> None:
    started = time.process_time()
    for text in ("[" * 20_000, "[1" * 10_000, "[1, " * 10_000, "`[" * 10_000):
        find_markers(text)
    assert time.process_time() - started < 5


@given(TEXTS, st.sets(st.integers(0, 120), max_size=8))
def test_resolve_gives_known_numbers_only_and_never_raises(
    text: str, known: set[int]
) -> None:
    found = resolve_markers(text, known)
    assert set(found.numbers) <= known
    assert len(set(found.numbers)) == len(found.numbers)


@given(st.one_of(st.text(max_size=80), MARKED))
def test_strip_twice_is_strip_once(text: str) -> None:
    once = strip_markers(text)
    assert strip_markers(once) == once


@pytest.mark.parametrize("text", ["[[1]7]", "[1[2]]", "[[2] 1]"])
def test_strip_leaves_no_marker_of_nested_brackets(text: str) -> None:
    assert find_markers(strip_markers(text)) == []
    assert strip_markers(text).strip("[] ") == ""


@given(st.lists(st.integers(1, 999), min_size=1, max_size=8, unique=True))
def test_rendered_markers_are_found_again(numbers: list[int]) -> None:
    found = resolve_markers(f"Plan {render_markers(numbers)}.", numbers)
    assert found == ("Plan.", tuple(numbers), 0)


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[Passage 1]", (1,)),
        ("[passage: 2]", (2,)),
        ("(Passage 1)", (1,)),
        ("(see source 3)", (3,)),
        ("[source: 1]", (1,)),
        ("[Source 1, Source 3]", (1, 3)),
        ("[Passages 1 and 2]", (1, 2)),
        ("[Source: Passage 2]", (2,)),
        ("[doc_1]", (1,)),
        ("[Document #1]", (1,)),
        ("[citation:2]", (2,)),
        ("[ref. 1-3]", (1, 2, 3)),
        ("[Passage 1, p. 20]", (1,)),
        ("[Passage 1: Level Measures]", (1,)),
        ("[1, p. 20]", (1,)),
        ("[1](#1)", (1,)),
        ("[^1](#fn1)", (1,)),
        (r"\[1\]", (1,)),
        ("<sup>1</sup>", (1,)),
        ("<sup>[1]</sup>", (1,)),
        ('<cite id="x">2</cite>', (2,)),
        ("(1)", (1,)),
        ("(1, 3)", (1, 3)),
        ("(1)(2)", (1, 2)),
        ("\u00b9", (1,)),
        ("\u00b9\u00b3", (1, 3)),
    ],
)
def test_a_models_own_forms_are_read(marker: str, numbers: tuple[int, ...]) -> None:
    raised = marker[0] in "\u00b9\u00b2\u00b3"
    text = f"Councils plan{'' if raised else ' '}{marker}."
    assert resolve_markers(plain_markers(text), KNOWN) == ("Councils plan.", numbers, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Two things count: (1) boards, (2) funds.",
        "It follows section 12(1).",
        "It covers 20 km\u00b2 and 10\u00b2.",
        "Three (7).",
        "Thirteen (13).",
        "See [1](http://evil.example).",
        "See the document (2023).",
        "Sources of funding (source: 2011 census) differ.",
        "The documents (three of them) agree.",
    ],
)
def test_what_points_at_no_passage_stays(text: str) -> None:
    assert resolve_markers(plain_markers(text), KNOWN) == (text, (), 0)


def test_a_number_in_brackets_is_none_beside_a_marker() -> None:
    found = resolve_markers("Boards (2), funds [1].", KNOWN)
    assert found == ("Boards (2), funds.", (1,), 0)


@given(st.one_of(TEXTS, MARKED))
def test_plain_twice_is_plain_once(text: str) -> None:
    once = plain_markers(text)
    assert plain_markers(once) == once


def test_plain_is_fast_on_many_brackets() -> None:
    started = time.process_time()
    for part in ("[passage ", "(source: 1, ", "<sup", "passage 1 and ", "[1, p. "):
        plain_markers(part * 2000)
    assert time.process_time() - started < 5
