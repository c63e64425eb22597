"""The list of matters: plain terms, each in one entry, none of them vague."""

from __future__ import annotations

import re
from collections import Counter

from assistant.answering.understanding.concepts import _FRAMING
from assistant.answering.understanding.glossary import load_glossary
from assistant.settings import shipped
from assistant.words import STOP_WORDS, stem, stems, words

FILE = shipped("corpus") / "matters.yaml"
ENTRIES = load_glossary(FILE)
PHRASES = [phrase for entry in ENTRIES for phrase in (entry.term, *entry.same)]

# Two capitals (FOI, DfE) or a capital with a figure (S106, 5G).
_ABBREVIATION = re.compile(r"(?=.*[A-Z].*[A-Z0-9]|.*[0-9].*[A-Z])[A-Za-z0-9]+")


def is_plainly_written(phrase: str) -> bool:
    return all(
        word == word.lower() or _ABBREVIATION.fullmatch(word)
        for word in re.split(r"[\s-]+", phrase)
    )


def test_matters_are_many() -> None:
    assert len(ENTRIES) >= 600


def test_matters_hold_terms_and_same_names_only() -> None:
    assert [entry.term for entry in ENTRIES if entry.everyday] == []


def test_is_plainly_written_tells_names_from_abbreviations() -> None:
    assert all(
        map(is_plainly_written, ["net zero", "DfE", "S106", "5G", "by-election"])
    )
    assert not any(
        map(is_plainly_written, ["Net zero", "Sport England", "by-Election"])
    )


def test_matters_are_in_lower_case_but_for_abbreviations() -> None:
    assert [p for p in PHRASES if not is_plainly_written(p)] == []


def test_matters_are_unique_by_their_stems() -> None:
    counted = Counter(tuple(stems(phrase)) for phrase in PHRASES)
    assert [key for key, count in counted.items() if count > 1] == []


def test_matters_have_one_to_four_words() -> None:
    assert [p for p in PHRASES if not 1 <= len(words(p)) <= 4] == []


def test_matters_say_more_than_a_question_is_framed_with() -> None:
    assert [
        phrase
        for phrase in PHRASES
        if all(word in STOP_WORDS or stem(word) in _FRAMING for word in words(phrase))
    ] == []


def test_matters_leave_out_single_letters_and_bare_numbers() -> None:
    assert [p for p in PHRASES if len(p) < 2 or p.replace(" ", "").isdigit()] == []


def test_matters_leave_out_everyday_words_for_what_the_reports_say() -> None:
    everyday = {
        tuple(stems(phrase))
        for entry in load_glossary(FILE.with_name("glossary.yaml"))
        for phrase in entry.everyday
    }
    # Near to "colleagues" in the reports, which give no number of them.
    allowed = {"headcount", "number of employees"}
    assert {p for p in PHRASES if tuple(stems(p)) in everyday} <= allowed


def test_matters_leave_out_words_said_of_something_else() -> None:
    taken = {tuple(stems(phrase)) for phrase in PHRASES}
    casual = """
        line cover front copy note lift paper bill send twin bid waste price bin foster
        adopt strike migrate extreme capita cycle safeguard service money plan data board
    """
    assert [word for word in casual.split() if (stem(word),) in taken] == []


def test_no_phrase_is_a_stop_word_to_the_stemmer() -> None:
    # "IFS" is "if" to it, and "ONS" is "on".
    stops = {stem(word) for word in STOP_WORDS}
    found = [p for e in ENTRIES for p in (e.term, *e.same) if set(stems(p)) <= stops]
    assert not found
