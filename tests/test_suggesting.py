"""Questions suggested: whole, answerable, on several reports, and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.answering.pipeline import Parts
from assistant.answering.suggesting.ideas import ideas_of
from assistant.answering.suggesting.suggesting import Suggestions
from assistant.answering.understanding.naming import find_reports
from assistant.composition import Assistant, open_assistant
from assistant.schema import Answer, Section
from assistant.settings import PACKAGE, Settings
from assistant.text.words import plain
from tests.fakes import report

pytest_plugins = ("tests.shelf",)

ABROAD = """\
## 1. Introduction

This paper looks at ports.

## 2. Night ferries

Harbour Institute found in 2025 that night ferries carry nurses and cleaners to work. \
Night ferries ran at a loss in three ports of four.

## 3. Recommendations

### 3.1 Shore power for ships

Harbour Institute recommends that every port offer shore power to ships by 2030. Shore \
power would cut the fumes that people near a port breathe.
"""


def is_whole(question: str) -> bool:
    return re.fullmatch(r"[A-Z].{12,160}\?", question) is not None


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """A shelf of one report without lines that its sections are asked as."""
    folder = tmp_path_factory.mktemp("added")
    corpus = folder / "corpus"
    (corpus / "reports").mkdir(parents=True)
    glossary = (PACKAGE.parent / "corpus" / "glossary.yaml").read_text(encoding="utf-8")
    (corpus / "glossary.yaml").write_text(glossary, encoding="utf-8")
    text = report("ports-2025", "report", ABROAD, publisher="Harbour Institute")
    (corpus / "reports" / "ports.md").write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, data_dir=folder / "data", corpus_dir=corpus)  # type: ignore[call-arg]
    opened = open_assistant(settings)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("path", "asked_as", "questions"),
    [
        (
            ("Findings", "2 Night buses"),
            (),
            ["What does Ports say on “Night buses”?"],
        ),
        (
            ("Findings", "2 Night buses"),
            ("why do night buses run at a loss?", "tell me about buses"),
            ["Why do night buses run at a loss?"],
        ),
        # What leans back, and what asks of the text and not of a matter.
        (("Findings", "1. Introduction"), ("Why do they run at a loss now?",), []),
        (("Findings", "1. Introduction"), ("Which page has all the fares?",), []),
        (("Findings", "1. Introduction"), (), []),
        (("Findings", "2024"), (), []),
    ],
)
def test_ideas_ask_only_what_stands_alone(
    added: Assistant,
    path: tuple[str, ...],
    asked_as: tuple[str, ...],
    questions: list[str],
) -> None:
    details = replace(added.catalogue[0], title="Ports")
    section = Section(path, "", asked_as=asked_as)
    found = [idea.question for idea in ideas_of(section, details, added.catalogue)]
    assert found == questions


def test_openings_are_answered_and_on_several_reports(assistant: Assistant) -> None:
    openings = assistant.openings()
    assert 4 <= len(openings) <= 5
    assert all(map(is_whole, openings))
    answers = [assistant.answer(question) for question in openings]
    assert {answer.outcome for answer in answers} == {"answered"}
    first = {answer.citations[0].report for answer in answers}
    assert len(first) >= 3


def test_openings_of_a_choice_cite_nothing_else(assistant: Assistant) -> None:
    chosen = ["level-measures-2023"]
    openings = assistant.openings(chosen)
    assert 3 <= len(openings) <= 5
    for question in openings:
        answer = assistant.answer(question, reports=chosen)
        assert answer.outcome == "answered"
        assert {c.report for c in answer.citations} == set(chosen)


def test_openings_are_found_once_for_a_state_of_the_shelf(assistant: Assistant) -> None:
    first = assistant.openings()
    kept = assistant.suggestions._now()
    assert assistant.openings() == first
    assert assistant.suggestions._now() is kept
    assert Suggestions(assistant.parts).openings() == first


def test_openings_of_a_report_without_such_lines_come_from_its_headings(
    added: Assistant,
) -> None:
    openings = added.openings()
    assert any("Shore power" in question for question in openings)
    assert not any("Introduction" in question for question in openings)
    for question in openings:
        answer = added.answer(question)
        assert answer.outcome == "answered", question
        assert answer.citations[0].report == "ports-2025"


ASKED = (
    "What does Level Measures recommend on Oflog?",
    "What does 31ten say about prevention?",
    "How many levelling up missions are there?",
    "What is said about the Commissioning Academy?",
)


@pytest.mark.parametrize("question", ASKED)
def test_follow_ups_are_answered_with_news(assistant: Assistant, question: str) -> None:
    answer = assistant.answer(question)
    said = {sentence.text for sentence in answer.sentences}
    follow_ups = assistant.follow_ups(answer, [question])
    assert 1 <= len(follow_ups) <= 3
    for asked in follow_ups:
        assert is_whole(asked)
        next_answer = assistant.answer(asked)
        assert next_answer.outcome == "answered", asked
        assert {sentence.text for sentence in next_answer.sentences} - said


def test_follow_ups_never_ask_again(assistant: Assistant) -> None:
    asked = ["What does What's Next say about prevention?"]
    for _ in range(4):
        answer = assistant.answer(asked[-1])
        found = assistant.follow_ups(answer, asked)
        assert not {q.casefold() for q in found} & {q.casefold() for q in asked}
        if not found:
            break
        asked.append(found[0])
    assert len(asked) > 1


def test_follow_ups_are_searched_as_they_stand_after_the_answer(
    assistant: Assistant,
) -> None:
    from assistant.schema import Turn

    answer = assistant.answer(ASKED[0])
    history = [Turn("user", answer.question), Turn("assistant", answer.text)]
    for asked in assistant.follow_ups(answer, [answer.question]):
        searched = assistant.answer(asked, history).standalone_question
        assert plain(searched) == plain(asked)


def test_follow_ups_keep_to_the_reports_that_are_asked(assistant: Assistant) -> None:
    chosen = ["level-measures-2023", "whats-next-2024"]
    answer = assistant.answer("What is said about devolution?", reports=chosen)
    for asked in assistant.follow_ups(answer, [answer.question], chosen):
        named = find_reports(asked, assistant.catalogue).reports
        assert set(named) <= set(chosen)
        found = assistant.answer(asked, reports=chosen)
        assert {c.report for c in found.citations} <= set(chosen)


def test_follow_ups_of_no_evidence_lead_to_what_the_shelf_holds(
    assistant: Assistant,
) -> None:
    answer = assistant.answer("Which towns already have a subregional data centre?")
    answer = replace(answer, outcome="no_evidence", sentences=(), citations=())
    for asked in assistant.follow_ups(answer, [answer.question]):
        assert assistant.answer(asked).outcome == "answered"


def test_follow_ups_after_nothing_are_the_openings_and_after_choices_none(
    assistant: Assistant,
) -> None:
    answer = assistant.answer("What is a decent recipe for a lemon drizzle cake?")
    assert answer.outcome == "declined"
    first = assistant.openings()
    assert assistant.follow_ups(answer, [answer.question]) == first[:3]
    assert assistant.follow_ups(answer, [first[0]])[0] == first[1]
    assert assistant.follow_ups(replace(answer, outcome="clarify"), []) == []


def test_suggestions_notice_another_shelf(
    assistant: Assistant, added: Assistant
) -> None:
    suggestions = Suggestions(assistant.parts)
    before = suggestions.openings()
    suggestions.parts = Parts(added.parts.shelf, added.parts.glossary)
    after = suggestions.openings()
    assert after
    assert not set(before) & set(after)


def test_a_failed_answer_is_followed_up_from_its_quotations(
    assistant: Assistant,
) -> None:
    quoting = assistant.answer(ASKED[1])
    failed = Answer(
        quoting.question, quoting.question, "error", "It broke off.", quoting=quoting
    )
    assert assistant.follow_ups(failed, []) == assistant.follow_ups(quoting, [])
