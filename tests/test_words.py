"""Words as they are compared: folded, stemmed, numbers as digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.words import content_words, number_value, plain, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("‘a’ \u201ab\u201b \x60c\u2032", "'a' 'b' 'c'"),
        ("“a” „b‟ «c»", '"a" "b" "c"'),
        ("1–2—3\u22124\u20115", "1-2-3-4-5"),
        ("a\u00a0b\u202fc\u2009d", "a b c d"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("ﬁnance \uff12\uff10", "finance 20"),
        ("Cafe\u0301", "Café"),
        ("£1.5m", "£1.5m"),
    ],
)
def test_plain_folds_look_alikes(text: str, folded: str) -> None:
    assert plain(text) == folded


@given(st.text())
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Localis’s reports", ["localis", "reports"]),
        ("councils' duty", ["councils", "duty"]),
        ("They don't", ["they", "don't"]),
        ("Café société", ["cafe", "societe"]),
        ("an e-mail to a think-tank", ["an", "email", "to", "a", "think", "tank"]),
        ("31ten, E-4711: £1.5m!", ["31ten", "e", "4711", "1", "5m"]),
        ("NEAR(a, b)* OR ^c", ["near", "a", "b", "or", "c"]),
        ("🦄 — …", []),
        ("", []),
    ],
)
def test_words_of(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_words_are_lower_case_ascii(text: str) -> None:
    for word in words(text):
        assert word
        assert word.isascii()
        assert word == word.lower()
        assert word.replace("'", "").isalnum()


@pytest.mark.parametrize(
    "same",
    [
        "authority authorities",
        "councillor councillors",
        "write wrote written",
        "pay paid paying pays",
        "spend spent spending",
        "lead led leading",
        "build built building",
        "age ageing aging",
        "recommend recommends recommended recommendation recommendations",
        "seven 7",
        "twelve 12 dozen",
        "ninety 90",
        "hundred 100",
    ],
)
def test_stem_joins(same: str) -> None:
    assert len({stem(word) for word in same.split()}) == 1


@pytest.mark.parametrize(
    "other",
    [
        "authority author",
        "councillor council",
        "governance government",
        "data date",
        "ageing agency",
        "six sixty",
    ],
)
def test_stem_parts(other: str) -> None:
    first, second = map(stem, other.split())
    assert first != second


def test_stems_keep_the_order_and_the_stop_words() -> None:
    assert stems("What do the seven findings say?") == [
        *["what", "do", "the", "7", "find", "say"]
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What does Localis recommend on prevention?", "localis recommend prevention"),
        ("Audit, audit and AUDIT", "audit"),
        ("what is it?", ""),
        ("Don't councils' budgets shrink?", "don't councils budgets shrink"),
    ],
)
def test_content_words_leave_function_words_out(text: str, left: str) -> None:
    assert content_words(text) == left.split()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("zero", "0"),
        ("Seven", "7"),
        ("twenty", "20"),
        ("dozen", "12"),
        ("thousand", "1000"),
        ("7", None),
        ("sevens", None),
        ("", None),
    ],
)
def test_number_value_of(word: str, value: str | None) -> None:
    assert number_value(word) == value
