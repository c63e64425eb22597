"""Asking back which report is meant, and naming the part that the shelf lacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answering.understanding.naming import find_reports
from assistant.composition import Assistant, open_assistant
from assistant.schema import Turn
from assistant.settings import PACKAGE, Settings
from tests.fakes import report

pytest_plugins = ("tests.shelf",)

ALL = {
    "heart-of-the-matter-2024",
    "whats-next-2024",
    "level-measures-2023",
    "changing-places-2013",
}
LOCALIS = ALL - {"whats-next-2024"}


def reports_of(choices: tuple[str, ...], assistant: Assistant) -> list[tuple[str, ...]]:
    return [find_reports(choice, assistant.catalogue).reports for choice in choices]


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("What does the report recommend?", ALL),
        ("what did they find", ALL),
        ("who wrote it?", ALL),
        ("Summarise this paper", ALL),
        ("how many recommendations are there?", ALL),
        ("What does the Localis report recommend?", LOCALIS),
        ("When did the report by Localis come out?", LOCALIS),
        ("How many recommendations are in the Localis paper?", LOCALIS),
        ("What is the 2024 report about?", {"heart-of-the-matter-2024", "whats-next-2024"}),
        (
            "What did Jonathan Werran say?",
            {"heart-of-the-matter-2024", "level-measures-2023"},
        ),
    ],
)  # fmt: skip
def test_a_question_that_fits_several_reports_is_asked_back(
    assistant: Assistant, question: str, reports: set[str]
) -> None:
    answer = assistant.answer(question)
    assert answer.outcome == "clarify"
    assert 2 <= len(answer.choices) <= 5
    named = reports_of(answer.choices, assistant)
    assert {one for (one,) in named} == reports
    assert all(choice[0].isupper() and choice[-1] in "?." for choice in answer.choices)
    assert not answer.citations
    for (one,) in named:
        assert (
            next(d.title for d in assistant.catalogue if d.report == one) in answer.text
        )


@pytest.mark.parametrize(
    "question",
    [
        # The matter tells which is meant, or all may have their say.
        "What does Localis say about Oflog?",
        "What does the Localis report say about the Commissioning Academy?",
        "What does the Localis report say about prevention?",
        "What does the report say about artificial intelligence?",
        "What does the report recommend on placemaking boards?",
        "What does the 2013 report recommend?",
        "What does the 31ten report find?",
        "What do the reports recommend?",
        "What did Jonathan Werran say about Integrated Care Systems?",
        "How many roundtables were held?",
        "What are the seven principles?",
        "recommendations",
        "Localis",
    ],
)
def test_a_question_that_only_seems_ambiguous_is_answered(
    assistant: Assistant, question: str
) -> None:
    assert assistant.answer(question).outcome == "answered"


def test_a_choice_is_answered_when_it_is_pressed(assistant: Assistant) -> None:
    asked = assistant.answer("What does the Localis report recommend?")
    history = [Turn("user", asked.question), Turn("assistant", asked.text)]
    for choice, (report_id,) in zip(
        asked.choices, reports_of(asked.choices, assistant), strict=True
    ):
        answer = assistant.answer(choice, history)
        assert answer.outcome == "answered"
        assert {c.report for c in answer.citations} == {report_id}


def test_a_conversation_tells_which_report_is_meant(assistant: Assistant) -> None:
    history = [
        Turn("user", "Tell me about Level Measures"),
        Turn("assistant", "Localis published Level Measures in 2023 [1]."),
    ]
    answer = assistant.answer("What does the report recommend?", history)
    assert answer.outcome == "answered"
    assert {c.report for c in answer.citations} == {"level-measures-2023"}


def test_a_choice_of_reports_narrows_what_is_asked_back(assistant: Assistant) -> None:
    two = ["level-measures-2023", "whats-next-2024"]
    answer = assistant.answer("What does the report recommend?", reports=two)
    assert answer.outcome == "clarify"
    assert {one for (one,) in reports_of(answer.choices, assistant)} == set(two)
    alone = assistant.answer("What does the report recommend?", reports=two[:1])
    assert alone.outcome != "clarify"


@pytest.fixture(scope="module")
def yearly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Two editions of one title, and six other reports."""
    folder = tmp_path_factory.mktemp("yearly")
    corpus = folder / "corpus"
    (corpus / "reports").mkdir(parents=True)
    for name in ("glossary.yaml", "matters.yaml"):
        text = (PACKAGE.parent / "corpus" / name).read_text(encoding="utf-8")
        (corpus / name).write_text(text, encoding="utf-8")
    body = (
        "## Recommendations\n\n### 1 Lighting\n\n{who} recommends lighting in year {n}."
    )
    made = [("State of Parks", "Parks Forum", year) for year in (2021, 2022)]
    made += [(f"Buses of Town {n}", f"Bus Board {n}", 2010 + n) for n in range(6)]
    for title, who, year in made:
        name = f"{title.replace(' ', '-').lower()}-{year}"
        text = report(
            name, "report", body.format(who=who, n=year), title=title, publisher=who
        )
        (corpus / "reports" / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, data_dir=folder / "data", corpus_dir=corpus)  # type: ignore[call-arg]
    opened = open_assistant(settings)
    yield opened
    opened.close()


def test_editions_of_one_title_are_told_apart_by_their_year(yearly: Assistant) -> None:
    answer = yearly.answer("What does State of Parks recommend?")
    assert answer.outcome == "clarify"
    assert answer.choices == (
        "What does State of Parks (Parks Forum, 2022) recommend?",
        "What does State of Parks (Parks Forum, 2021) recommend?",
    )


def test_of_many_reports_the_newest_are_offered(yearly: Assistant) -> None:
    answer = yearly.answer("What does the report recommend?")
    assert answer.outcome == "clarify"
    assert len(answer.choices) == 5
    assert "2022" in answer.choices[0]
    assert answer.text.endswith("Or name another report.")


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        (
            "What does Level Measures recommend on Oflog, and what does it say about "
            "parking charges?",
            "The shelf's text of Level Measures does not mention “parking charges”.",
        ),
        (
            "What are whole place budgets and how do they affect bin collection?",
            "No report on the shelf mentions “bin collection”.",
        ),
    ],
)
def test_a_part_that_the_shelf_lacks_is_named(
    assistant: Assistant, question: str, lacking: str
) -> None:
    answer = assistant.answer(question)
    assert answer.outcome == "partial"
    assert answer.text.endswith(lacking)
    assert {c.report for c in answer.citations} == {"level-measures-2023"}


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Changing Places, and who paid for it?",
        "What are whole place budgets, and what are placemaking boards for?",
    ],
)
def test_no_part_is_called_lacking_that_is_there(
    assistant: Assistant, question: str
) -> None:
    assert assistant.answer(question).outcome == "answered"
