"""Makes an answer of a draft in quotations: each held to its source, numbered, put together."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.assembly import Asked, Assembly
from assistant.answering.draft import Draft, DraftSentence, nearest_sections
from assistant.answering.quoting.refusing import NOTHING_FOUND
from assistant.answering.units import Checked, Unit
from assistant.schema import Answer

QUOTING = "quoting"
NOT_VERBATIM = "it does not stand word for word in the passage it cites"


def hold_to_source(sentence: DraftSentence, block: int) -> Checked:
    """Hold a quotation to its source: its words must stand there, and nothing else.

    The report's name behind it is our own text and is not compared with the source.
    """
    unit = Unit(sentence.text, lead=sentence.lead, block=block)
    stands = any(
        " ".join(sentence.quote.split()) in " ".join(passage.chunk.text.split())
        for passage in sentence.passages
    )
    return Checked(
        unit,
        sentence.text,
        sentence.passages,
        support=1.0 if stands else 0.0,
        quotes=(sentence.quote,) * len(sentence.passages),
        reason=None if stands else NOT_VERBATIM,
    )


def finish(asked: Asked, draft: Draft) -> Answer:
    """Hold the draft's quotations to their sources and put the answer together."""
    assembly = Assembly(asked, QUOTING)
    block = 0
    for paragraph in draft.paragraphs:
        block += 1
        for sentence in paragraph:
            # Whatever has a lead stands on a line of its own.
            block += bool(sentence.lead)
            assembly.add(hold_to_source(sentence, block))
    if draft.paragraphs and not assembly.shown:
        # Nothing survived: say so rather than show an empty answer.
        answer = assembly.answer("no_evidence", NOTHING_FOUND)
        return replace(answer, nearest=nearest_sections(asked.passages))
    answer = assembly.answer(draft.outcome, draft.closing, opening=draft.opening)
    return replace(answer, nearest=draft.nearest, choices=draft.choices)
