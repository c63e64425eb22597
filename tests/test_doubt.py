"""Between an answer and a refusal: what may be no answer is quoted with a word of doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.deciding.decision import load_weights
from assistant.answering.pipeline import Parts, Question, is_settled, read, search
from assistant.answering.quoting.refusing import NOTHING_FOUND, UNSURE
from assistant.answering.quoting.writer import write_quoting
from assistant.answering.search import Found
from assistant.answering.understanding.forms import holds_kind
from assistant.answering.understanding.question import Kind
from assistant.answering.understanding.wording import Form
from assistant.composition import Assistant

pytest_plugins = ("tests.shelf",)
ASKED = Question("How should prevention be funded?")


def found_with(parts: Parts, chance: float) -> Found:
    [found] = search(read(ASKED, parts), ASKED, parts)
    return replace(found, chance=chance)


def between(found: Found) -> float:
    weights = load_weights()
    return (weights.answers.of(found.signs) + weights.sure.of(found.signs)) / 2


@pytest.fixture(scope="module")
def parts(assistant: Assistant) -> Parts:
    return assistant.parts


def test_what_may_be_no_answer_is_shown_with_a_word_of_doubt(parts: Parts) -> None:
    sure = found_with(parts, 0.99)
    doubtful = replace(sure, chance=between(sure))
    answered, unsure, refused = (
        write_quoting([found], parts.shelf, Form())
        for found in (sure, doubtful, replace(sure, chance=0.01))
    )
    assert (answered.outcome, answered.opening) == ("answered", "")
    assert (unsure.outcome, unsure.opening) == ("partial", UNSURE)
    assert unsure.paragraphs == answered.paragraphs
    assert (refused.outcome, refused.opening) == ("no_evidence", NOTHING_FOUND)


def test_of_several_things_asked_the_doubtful_one_is_named(parts: Parts) -> None:
    sure = found_with(parts, 0.99)
    other = replace(sure, query=replace(sure.query, question="What of swans?"))
    doubtful = replace(other, chance=between(sure))
    draft = write_quoting([sure, doubtful], parts.shelf, Form())
    assert draft.outcome == "partial"
    assert draft.opening == ""
    assert draft.closing == "I am not sure that this answers “What of swans”."


def test_a_model_is_asked_where_the_rules_doubt(parts: Parts) -> None:
    sure = found_with(parts, 0.99)
    doubtful = replace(sure, chance=between(sure))
    draft = write_quoting([doubtful], parts.shelf, Form())
    assert not is_settled(ASKED, [doubtful], draft)


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "held"),
    [
        ("We shall lend 1,500 tablets.", "how_many", "How many of the 1,500 were lent?", False),
        ("Of 1,500 tablets 420 were lent.", "how_many", "How many of the 1,500 were lent?", True),
        ("The fund holds £2m.", "amount", "Who gets the £2m?", False),
        ("It began in March 2024.", "when", "When in March 2024 did it begin?", False),
        ("It began in March 2024.", "when", "When did it begin?", True),
        ("The Swan Hotel closed.", "who", "Who owns the Swan Hotel?", False),
        ("Kell Marine owns it.", "who", "Who owns the Swan Hotel?", True),
    ],
)  # fmt: skip
def test_what_the_question_names_itself_is_no_answer_to_it(
    sentence: str, kind: Kind, question: str, held: bool
) -> None:
    assert holds_kind(sentence, kind, question) is held
