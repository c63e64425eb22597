"""What leads an answer from a paper with lists, questions and tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.question import kind_of
from assistant.index.embeddings import MiniLMEmbedder
from assistant.index.opening import open_shelf
from tests.test_whose_papers import paper

BRANCHES = "\n\n".join(
    f"Table 1: Branches in 2023/24: {name} — Visits: {visits}; Cost per visit: £{cost}"
    for name, visits, cost in (
        ("Harl Road", "41,200", "3.10"),
        ("Upper Tarn", "6,050", "11.75"),
        ("Cinder Lane", "18,900", "4.60"),
        ("Total", "66,150", "19.45"),
    )
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    libraries = paper(
        "tarn-libraries",
        "Review of Branch Libraries",
        "Tarnholm Council",
        ("2 Branches", f"The council runs three branches.\n\n{BRANCHES}"),
        (
            "3 Repairs",
            "How many of the branches have a leaking roof, and who should pay? The survey "
            "in May found leaks in two of them.",
        ),
        (
            "4 Recommendations",
            "The council should:\n\n1. mend every roof before the winter;\n\n2. keep a "
            "waiting list for study rooms and tell people where they stand;\n\n3. lend "
            "tablets in all branches.",
        ),
        ("5 Rooms", "By opening at eight the service cut its waiting list by half."),
    )
    shelf = open_shelf(tmp_path_factory.mktemp("index"), [libraries], MiniLMEmbedder())
    yield Parts(shelf=shelf, glossary=Glossary(()), log_turns=False)
    shelf.close()


def first_quote(question: str, parts: Parts) -> str:
    answer = answer_question(Question(question), parts)
    return answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which branch had the most visits?", "Harl Road"),
        ("Which branch had the fewest visits?", "Upper Tarn"),
        ("which branch has the highest cost per visit", "Upper Tarn"),
    ],
)
def test_the_row_with_the_most_or_the_least_leads(
    question: str, row: str, parts: Parts
) -> None:
    assert row in first_quote(question, parts)


def test_a_paper_s_own_question_does_not_lead(parts: Parts) -> None:
    said = first_quote("How many branches have a leaking roof?", parts)
    assert said.startswith("The survey in May found leaks in two")


def test_the_numbers_of_a_list_count_nothing(parts: Parts) -> None:
    said = first_quote("How did the service cut its waiting list?", parts)
    assert said.startswith("By opening at eight")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Did anyone ring the people on the waiting list?", "open"),
        ("Give me a list of the branches", "list"),
        ("List the actions", "list"),
        ("How much land is needed to 2041?", "how_many"),
        ("number of homes flooded in 2019", "how_many"),
    ],
)
def test_a_few_words_tell_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind
