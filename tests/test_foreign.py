"""A source that is not on the shelf is not spoken for by those that are."""

from __future__ import annotations

import pytest
from assistant.answering.finding.foreign import asks_foreign_source

from assistant.answering.pipeline import understand
from assistant.composition import Assistant

pytest_plugins = ("tests.shelf",)


@pytest.mark.parametrize(
    "question",
    [
        "What did the NHS Confederation say about prevention?",
        "What did the ADASS survey find on prevention?",
        "The Joseph Rowntree Foundation's view on co-design?",
        "what does unison think about training",
        "According to the Institute for Government, what is wrong with devolution deals?",
        "What does Leeds City Council say about placemaking boards?",
        "What did Rachel Reeves recommend on council funding?",
        "What does the Public Procurement Review say about social value?",
        # Its stem is that of "if".
        "What did the IFS say about council funding?",
    ],
)
def test_asks_foreign_source(assistant: Assistant, question: str) -> None:
    query = understand(question, (), assistant.parts)
    assert asks_foreign_source(query, assistant.parts.shelf)
    assert assistant.answer(question).outcome in ("no_evidence", "declined")


@pytest.mark.parametrize(
    "question",
    [
        "What does 31ten say about artificial intelligence?",
        "Howell's view on pilots?",
        "what did the boss of impower say",
        "What does Jon Werran say about levelling up?",
        "what does the capita bloke say about inflation",
        "What do the authors think of league tables?",
        "31ten's take on AI",
        "localsi view on prevention",
        "What does the Localis Report say about trust?",
        "What does IMPOWER's chief executive say?",
        "What does the executive summary say about co-design?",
        "According to Level Measures, what should audit rest on?",
        "My director read the King's Fund last week. What does Localis say on prevention?",
    ],
)
def test_asks_foreign_source_leaves_the_shelf_s_own(
    assistant: Assistant, question: str
) -> None:
    query = understand(question, (), assistant.parts)
    assert not asks_foreign_source(query, assistant.parts.shelf)
