"""Splitting text into sentences: no false ends, no lost words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sentences import split_sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Some bodies, e.g. Localis, agree.",
        "One of them (i.e. Capita) paid.",
        "The Prime Minister of No. 10 agreed.",
        "It costs £1.5m a year.",
        "Dr. Ada Green and Mrs. J. K. Brown agree.",
        "Parks, libraries, etc. are closing.",
        "It begins at 5 p.m. on Monday.",
        "See p. 4, fig. 2 and vol. 3 of it.",
        "It grew by 4.5 per cent in Sept. 2024.",
        "Read https://example.org/a.b?c=d.e today.",
        "Write to ada.green@example.org today.",
        "The site www.localis.org.uk has it.",
        "Council tax rose by 4.99%, cf. last year.",
        "Cllr. P. Khan and Cllr. B. Low agreed to it.",
        "It stands in app. 2 of the paper.",
        "The order is s.i. 2012 of that year.",
        "2.4. As the policy says, weirs need care.",
        "IV. To foster the care of weirs.",
        "• (a) Weirs need care in every year.",
        "The steps are: 1. Screening; 2. Scoping; and 3. Care.",
    ],
)
def test_split_sentences_does_not_split(sentence: str) -> None:
    assert split_sentences(f"{sentence} Next one.") == [sentence, "Next one."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It was 31ten. 31ten says so.", ["It was 31ten.", "31ten says so."]),
        ("Parks, etc. Then more.", ["Parks, etc.", "Then more."]),
        ("Open at 5 p.m. The end.", ["Open at 5 p.m.", "The end."]),
        ("By Capita plc. It grew.", ["By Capita plc.", "It grew."]),
        ("Rose to £1.5m. It fell.", ["Rose to £1.5m.", "It fell."]),
        ("Read example.org. Then go.", ["Read example.org.", "Then go."]),
        ("Mail a@example.org. Then go.", ["Mail a@example.org.", "Then go."]),
        ("In section 3. Next.", ["In section 3.", "Next."]),
        ("So do I. They too.", ["So do I.", "They too."]),
        ("Really?! Yes! Good.", ["Really?!", "Yes!", "Good."]),
        ("Well... That was it.", ["Well...", "That was it."]),
        ("Well… That was it.", ["Well…", "That was it."]),
        ("He said “stop.” She did.", ["He said “stop.”", "She did."]),
        ("(It was so.) It is not.", ["(It was so.)", "It is not."]),
        ("So.[1] Next.[2][3] End.", ["So.[1]", "Next.[2][3]", "End."]),
        ("So. [1, 2] Next.[^4] End.【5】", ["So. [1, 2]", "Next.[^4]", "End.【5】"]),
        ("One\nline. Two\n\nThree", ["One line.", "Two", "Three"]),
        ("- one\n- two. Three\n* four", ["- one", "- two.", "Three", "* four"]),
        ("No stop at all", ["No stop at all"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_split_sentences_splits(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("1. Do this.\n2. Do that.", ["1. Do this.", "2. Do that."]),
        ("The answer is no. Councils act.", ["The answer is no.", "Councils act."]),
        ("He said ... and left.", ["He said ... and left."]),
        ("“One … two,” he said.", ["“One … two,” he said."]),
        ('"Really?" he asked.', ['"Really?" he asked.']),
        ("**Bold.** Next.", ["**Bold.**", "Next."]),
    ],
)
def test_split_sentences_of_hard_text(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


PIECES = st.sampled_from(
    'e.g. etc. No. 10 a I . ... … ? ! ” " ) [1] [^2] 【3】 £1.5m J. - * 1. x@y.org A'.split()
)


@given(st.text() | st.lists(PIECES | st.sampled_from([" ", "\n", "\n\n"])).map("".join))
def test_split_sentences_gives_every_word_back(text: str) -> None:
    sentences = split_sentences(text)
    assert " ".join(sentences).split() == text.split()
    assert all(sentence and sentence == sentence.strip() for sentence in sentences)


@given(st.lists(PIECES).map(" ".join))
def test_split_sentences_is_stable(text: str) -> None:
    """What was split from its neighbours stays whole or splits into whole words."""
    again = [s for sentence in split_sentences(text) for s in split_sentences(sentence)]
    assert " ".join(again).split() == text.split()
