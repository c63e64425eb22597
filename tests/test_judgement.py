"""What no rule settles: signs joined by weights."""

from __future__ import annotations

import pytest

from assistant.answering.checking.evidence import check_rules, check_sentence
from assistant.answering.checking.judgement import Signs, doubt, is_doubted, read_signs
from tests.passages import make_details, make_passage

HOUSE = make_details("avon-2021", publisher="Avon Press", published="2021-03-09")
WEIRS = "Avon Press says old weirs need constant care. Mills are closing."
NOTHING = Signs(*(0.0 for _ in Signs._fields))


def near(sentence: str, texts: object) -> float:
    return 0.8


def problems(sentence: str) -> tuple[str, ...]:
    passage = make_passage(WEIRS, HOUSE)
    return check_sentence(sentence, [passage], [HOUSE], near).problems


@pytest.mark.parametrize("sign", Signs._fields)
def test_every_sign_raises_the_doubt(sign: str) -> None:
    assert doubt(NOTHING._replace(**{sign: 1.0})) > doubt(NOTHING)


def test_nothing_found_leaves_no_doubt() -> None:
    assert not is_doubted(NOTHING)


@pytest.mark.parametrize("sign", ["denial", "opposite", "rebound", "obligation"])
def test_what_is_turned_round_is_doubted(sign: str) -> None:
    assert is_doubted(NOTHING._replace(**{sign: 1.0}))


def test_other_words_are_judged_by_their_signs() -> None:
    assert problems("Old weirs do need constant care (Avon Press, 2021).") == ()
    assert problems("Old weirs do not need any care (Avon Press, 2021).") != ()


@pytest.mark.parametrize(
    "sentence", ["Old weirs need constant care.", "Old weirs need 7 kinds of care."]
)
def test_what_stands_there_or_breaks_a_rule_is_not_judged(sentence: str) -> None:
    ruled = check_rules(sentence, [make_passage(WEIRS, HOUSE)], [HOUSE], near)
    assert ruled.open is None


def test_read_signs_puts_what_it_finds_into_words() -> None:
    passage = make_passage(WEIRS, HOUSE)
    sentence = "All old weirs do not need any care."
    ruled = check_rules(sentence, [passage], [HOUSE], near)
    assert ruled.open is not None
    signs, findings = read_signs(ruled.open, near)
    assert (signs.denial, signs.extent) == (1, 1)
    assert any("'all'" in finding for finding in findings)
    assert any("denies or affirms" in finding for finding in findings)
