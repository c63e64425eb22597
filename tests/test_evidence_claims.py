"""A sentence in other words than its passage's: where it agrees and where it does not."""

from __future__ import annotations

from functools import cache
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.checking.claims import clauses, make_claims, without_source
from assistant.answering.checking.evidence import check_sentence, similarity_with
from assistant.answering.checking.roles import parted
from assistant.answering.checking.speakers import speakers, wrong_places
from assistant.answering.checking.thesaurus import Thesaurus, load_thesaurus, related
from assistant.index.embeddings import CachedEmbedder, MiniLMEmbedder
from tests.passages import make_details, make_passage

HOUSE = make_details(
    "avon-2021", title="River Work", publisher="Avon Press", authors=("Ann Example",),
    published="2021-03-09",
)  # fmt: skip
WEIRS = (
    "Avon Press recommends that the state give councils more money for weirs. "
    "Avon Press says the funding of weirs has risen lately and has been too rigid about "
    "repairs. Councils should not close weirs. Repairs could start in some valleys. "
    "Good weirs rest on outcomes rather than outputs. Some weirs are unsafe. "
    "Bob Miller, director at Millstone, says weirs are in decline."
)


@cache
def embedder() -> CachedEmbedder:
    return CachedEmbedder(MiniLMEmbedder())


def problems(sentence: str, evidence: str = WEIRS) -> tuple[str, ...]:
    passage = make_passage(evidence, HOUSE)
    similarity = similarity_with(embedder())
    return check_sentence(sentence, [passage], [HOUSE], similarity).problems


@pytest.mark.parametrize(
    "sentence",
    [
        "Avon Press (2021) wants the state to give councils more money for weirs.",
        "According to Avon Press (2021), weirs have lately had higher funding.",
        "Avon Press (2021) finds that the funding has been overly rigid about repairs.",
        "Weirs should not be closed by councils (Avon Press, 2021).",
        "Repairs could begin in some valleys (Avon Press, 2021).",
        "Good weirs rest on outcomes, not outputs (Avon Press, 2021).",
        "Not every weir is safe, for some weirs are unsafe (Avon Press, 2021).",
        "Bob Miller of Millstone says that weirs are declining (Avon Press, 2021).",
    ],
)
def test_check_shows_what_the_passage_says_in_other_words(sentence: str) -> None:
    assert problems(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Avon Press (2021) wants the state to give councils less money for weirs.",
         "opposite"),
        ("Avon Press (2021) says the funding of weirs has fallen lately.", "opposite"),
        ("Avon Press (2021) wants funding that is more rigid about repairs.",
         "too much"),
        ("Councils should close weirs (Avon Press, 2021).", "denies or affirms"),
        ("Avon Press (2021) says the funding of weirs has not risen lately.",
         "denies or affirms"),
        ("Repairs must start in some valleys (Avon Press, 2021).", "'must'"),
        ("Repairs could start in all valleys (Avon Press, 2021).", "'all'"),
        ("Good weirs rest on outputs rather than outcomes (Avon Press, 2021).",
         "other places"),
        ("All weirs are safe (Avon Press, 2021).", "denies or affirms"),
        ("Avon Press (2021) says weirs are in decline.", "not who says it"),
        ("Bob Miller recommends that the state give councils more money for weirs.",
         "not who says it"),
        ("Avon Press (2021) wants engineers to earn bonuses for weirs.",
         "accounts for 'engineers'"),
    ],
)  # fmt: skip
def test_check_finds_what_turns_the_passage_round(sentence: str, says: str) -> None:
    assert any(says in problem for problem in problems(sentence))


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Ann Example says it works.", ["Ann Example"]),
        ("Ann Example of Mill says it works.", ["Ann Example"]),
        ("Ann Example, who heads Mill, says it works.", ["Ann Example"]),
        ("It works, argues Ann Example.", ["Ann Example"]),
        ("According to the Avon Press, it works.", ["Avon Press"]),
        ("In Ann Example's view, it works.", ["Ann Example"]),
        ("It works for Ann Example.", []),
        ("The mill of Ann Example works.", []),
    ],
)
def test_speakers_are_those_who_say_something(sentence: str, named: list[str]) -> None:
    assert speakers(sentence) == named


def test_wrong_places_finds_whom_the_passage_puts_elsewhere() -> None:
    evidence = "Bob Miller is director at Millstone. Ann Weir works at Quillby."
    assert wrong_places("Bob Miller, director at Millstone, agrees.", evidence) == []
    assert wrong_places("Bob Miller of Quillby agrees.", evidence) == [
        "Bob Miller of Quillby"
    ]


@pytest.mark.parametrize(
    ("sentence", "evidence", "apart"),
    [
        ("Councils give ministers advice.", "Ministers give councils advice.", True),
        ("Ministers give councils advice.", "Ministers give councils advice.", False),
        ("Avon Press (2021) says ministers give advice.", "Ministers give advice.", False),
        ("Advice is given by ministers.", "Ministers give advice.", False),
        ("With less tape, councils mend weirs.", "Councils mend weirs with less tape.", False),
        ("Old mills need new weirs.", "New mills need old weirs.", True),
        ("Replace grants with loans.", "Pay loans in place of grants.", False),
        ("Replace loans with grants.", "Pay loans in place of grants.", True),
        ("Trees shade weirs.", "Weirs feed mills.", False),
    ],
)  # fmt: skip
def test_parted_finds_words_that_changed_places(
    sentence: str, evidence: str, apart: bool
) -> None:
    assert (parted(sentence, [evidence]) > 0.3) == apart


def test_clauses_part_two_statements_and_keep_short_pieces() -> None:
    text = (
        "Avon Press wants weirs mended soon, and Quill House wants mills closed soon."
    )
    assert clauses(text) == [
        "Avon Press wants weirs mended soon",
        ", and Quill House wants mills closed soon.",
    ]
    assert clauses("Weirs and mills need care.") == ["Weirs and mills need care."]


def test_without_source_takes_brackets_with_a_year_off_and_no_others() -> None:
    text = "Weirs (old ones) matter (River Work, Avon Press, 2021)."
    assert without_source(text) == "Weirs (old ones) matter."
    assert (
        without_source("Weirs matter (Quill House, date unknown).") == "Weirs matter."
    )


def test_make_claims_finds_the_sentence_of_each_clause() -> None:
    claims = make_claims(
        "Old mills need river water and weirs need constant care from councils.",
        ["Weirs need constant care. Old mills need river water."],
        lambda one, other: 0.0,
    )
    assert [claim.evidence for claim in claims] == [
        ("Old mills need river water.",),
        ("Weirs need constant care.",),
    ]


def test_thesaurus_reads_lines_phrases_and_empty_words() -> None:
    found = Thesaurus("# notes\nrise climb long-term / fall drop\n\n~ thing")
    assert found.same("rise") == {"rise", "climb", "long_term"}
    assert found.opposites("rise") == {"fall", "drop"}
    assert found.opposites("drop") == {"rise", "climb", "long_term"}
    assert (found.phrases, found.empty) == ({"long_term"}, {"thing"})
    assert found.same("other") == {"other"}


def test_shipped_thesaurus_gives_no_word_for_its_own_opposite() -> None:
    thesaurus = load_thesaurus()
    for key in ("increas", "reduc", "more", "less", "help", "hinder", "earli", "late"):
        assert thesaurus.opposites(key)
        assert not thesaurus.opposites(key) & thesaurus.same(key)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("optim", "optimist", True), ("regul", "regulatori", True), ("cost", "cost", True),
     ("outcom", "output", False), ("inform", "infrastructur", False)],
)  # fmt: skip
def test_related_knows_the_words_of_a_family(one: str, other: str, alike: bool) -> None:
    assert related(one, other) is alike


SMALL = "not no never more less must may should only all weirs mills rise fall , ; ( ) 5 too"
WORDS = st.lists(st.sampled_from(SMALL.split()), min_size=1, max_size=12).map(" ".join)


def half(sentence: str, texts: object) -> float:
    return 0.5


@given(st.one_of(st.text(max_size=80), WORDS), st.one_of(st.text(max_size=80), WORDS))
def test_check_of_other_words_never_raises(sentence: str, evidence: str) -> None:
    passage = make_passage(evidence, HOUSE)
    assert check_sentence(sentence, [passage], [HOUSE], half).support <= 1


@given(WORDS)
def test_check_holds_what_stands_there_whatever_it_says(text: str) -> None:
    passage = make_passage(f"First this. {text}. Then that.", HOUSE)
    assert check_sentence(f"{text}.", [passage], [HOUSE], half).problems == ()


def test_check_is_quick_once_the_passage_is_known() -> None:
    sentence = "Avon Press (2021) wants the state to give councils money for its weirs."
    problems(sentence)
    started = process_time()
    for _ in range(20):
        problems(sentence)
    assert (process_time() - started) / 20 < 0.25
