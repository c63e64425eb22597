"""Sentences out of a stream: however it is cut, the same ones, and no word is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.units import Unit
from assistant.answering.writers.gathering import Gatherer


def gather(*pieces: str) -> list[Unit]:
    gatherer = Gatherer()
    found = [unit for piece in pieces for unit in gatherer.feed(piece)]
    return found + gatherer.finish()


def texts(*pieces: str) -> list[str]:
    return [unit.text for unit in gather(*pieces)]


@pytest.mark.parametrize(
    "whole",
    [
        "Localis wants boards, e.g. one in Kent [1].",
        "That is, i.e. Dr. Smith and Cllr. Jones agreed [1].",
        "No. 10 set aside £1.5m in Jan. 2024 [2].",
        "No. Localis wants boards in Kent [1].",
        "Growth was 2.5 per cent in the U.K. economy [1].",
        "It stands on p. 20 of the report [1].",
        'He said: "It works. It is cheap." [1]',
        "She called it “a start. No more.” [1][2]",
        "Boards help. [1]",
        "Boards help. [1] [2]",
        "Boards help.[1][2]",
        "Boards help. [1, 2; 3]",
        "Boards help. [[1]]",
        "Boards help ([1], [2]).",
        "Boards help. ([1])",
        "Boards help. 【3】",
        "Boards help. [one]",
        "Boards help. [1].",
        "Boards help … and so do funds [1].",
        "Who pays? [1]",
    ],
)
def test_a_sentence_stays_whole(whole: str) -> None:
    assert texts(f"{whole} The next one stands alone [9].") == [
        whole,
        "The next one stands alone [9].",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Boards help. [Passage 1]", "Boards help. [1]"),
        ("Boards help [source: 1, p. 4].", "Boards help [1]."),
        ("Boards help. (Sources 1 and 2)", "Boards help. [1, 2]"),
        ("Boards help.<sup>1</sup>", "Boards help.[1]"),
        ("Boards help. [1](#1)", "Boards help. [1]"),
        ("Boards help. (1)", "Boards help. (1)"),
        ("Boards help.\u00b9", "Boards help.\u00b9"),
        (r"Boards help. \[1\]", "Boards help. [1]"),
    ],
)
def test_a_models_own_marks_stay_with_their_sentence(written: str, read: str) -> None:
    assert texts(f"{written} The next one is new [9].") == [
        read,
        "The next one is new [9].",
    ]


def test_a_line_in_another_language_goes_with_the_english_that_follows() -> None:
    text = (
        "= Localis (2023) quiere un consejo. Y dinero.\n"
        "Localis (2023) wants a board [1].\n\n"
        "= Cuesta 7 libras [2].\nIt costs £5 [2]. So be it [3].\n"
        "= - Un fondo <b>\n- A fund [4]"
    )
    assert gather(text) == gather(*text)
    assert [(unit.text, unit.translation) for unit in gather(text)] == [
        ("Localis (2023) wants a board [1].",
         "Localis (2023) quiere un consejo. Y dinero."),
        # Another number, and markup: such a translation is none.
        ("It costs £5 [2].", ""),
        ("So be it [3].", ""),
        ("A fund [4]", ""),
    ]  # fmt: skip


def test_a_list_gives_its_lead_in_and_its_items() -> None:
    found = gather("Localis recommends:\n- boards [1]\n- a fund. It is new [2]\n\nEnd.")
    assert [(unit.lead, unit.text) for unit in found] == [
        ("", "Localis recommends:"),
        ("- ", "boards [1]"),
        ("- ", "a fund."),
        ("- ", "It is new [2]"),
        ("", "End."),
    ]
    blocks = [unit.block for unit in found]
    assert [a == b for a, b in pairwise(blocks)] == [False, False, True, False]


def test_numbered_items_keep_their_number() -> None:
    found = gather("1. Boards [1].\n2) Funds [2].")
    assert [(unit.lead, unit.text) for unit in found] == [
        ("1. ", "Boards [1]."),
        ("2. ", "Funds [2]."),
    ]


def test_headings_and_code_are_told_apart() -> None:
    text = "## Key points\n**Boards**\n```py\nx = [1]. No end\n```\nBoards help [1]."
    assert [(unit.kind, unit.text) for unit in gather(text)] == [
        ("heading", "Key points"),
        ("heading", "**Boards**"),
        ("code", "```py x = [1]. No end ```"),
        ("sentence", "Boards help [1]."),
    ]


def test_a_quotation_that_is_never_closed_swallows_no_sentence() -> None:
    assert texts('He said "it works. [1] Funds help. [2]\n\nNext.') == [
        'He said "it works. [1]',
        "Funds help. [2]",
        "Next.",
    ]


def test_a_line_break_within_a_sentence_is_a_space() -> None:
    assert texts("Boards help\nevery county [1].") == ["Boards help every county [1]."]


def test_a_sign_on_a_line_of_its_own_is_apart() -> None:
    assert texts("Boards help [1]\nMISSING: the cost") == [
        "Boards help [1]",
        "MISSING: the cost",
    ]


def test_a_sentence_is_released_as_soon_as_the_next_begins() -> None:
    gatherer = Gatherer()
    assert gatherer.feed("Boards help. [1]") == []
    assert gatherer.feed(" ") == []
    assert [unit.text for unit in gatherer.feed("F")] == ["Boards help. [1]"]
    assert [unit.text for unit in gatherer.feed("unds.\n\nX")] == ["Funds."]


def test_what_was_cut_off_is_given_out_only_where_it_ended() -> None:
    whole, part = Gatherer(), Gatherer()
    whole.feed("Boards help [1].")
    part.feed("Boards help [1]. Funds")
    assert [unit.text for unit in whole.finish(cut_off=True)] == ["Boards help [1]."]
    assert part.finish(cut_off=True) == []


def test_a_text_without_an_end_is_cut_somewhere() -> None:
    found = texts("word " * 5000)
    assert len(found) > 1
    assert max(map(len, found)) < 4000


FRAGMENTS = st.sampled_from(
    """Localis|(2023)|recommends|boards|e.g.|i.e.|No.|10|£1.5m|2.5|Dr.|Smith|[1]|[2, 3]
    |[^1]|【4】|[[1]]|([5])|[one]|"quoted|words."|“so|said”|ends.|asks?|stops!|more…|-|*
    |1.|2)|##|```|**bold**|:|MISSING:|[6|7]|[|]|(|)|a|I|U.K.|ends.[1]|[8].""".replace(
        "\n", ""
    )
    .replace(" ", "")
    .split("|")
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\n  ", " \n"])
TEXTS = st.lists(st.tuples(FRAGMENTS, GAPS), max_size=40).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@given(TEXTS | st.text(max_size=200), st.data())
def test_the_cuts_do_not_matter(text: str, data: st.DataObject) -> None:
    places = st.lists(st.integers(0, len(text)), max_size=30).map(sorted)
    cuts = [0, *data.draw(places), len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    assert gather(*pieces) == gather(text) == gather(*text)


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    # A list's or a heading's mark is kept apart from the words.
    marks = re.compile(r"[-*•–]|\d{1,3}[.)]|#{1,6}")

    def bare(words: str) -> list[str]:
        return [w for w in words.split() if not marks.fullmatch(w)]

    joined = " ".join(unit.text for unit in gather(text))
    assert bare(joined) == bare(text)
