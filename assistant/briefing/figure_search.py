"""Finds the sentences of an item's passages that give figures on its matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.assembly import Asked
from assistant.answering.checking.orders import addresses_assistant
from assistant.answering.draft import Draft, DraftSentence
from assistant.answering.finishing import finish
from assistant.answering.pipeline import Parts
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.briefing.figures import has_figure
from assistant.briefing.hearing import Hearing, statements_of
from assistant.briefing.pack import Statement
from assistant.schema import Passage
from assistant.text.sentences import split_sentences

MOST = 4
# A sentence further than this from the question gives the figures of another matter.
_NEAR = 0.5


def find_statements_with_figures(
    hearing: Hearing, parts: Parts
) -> tuple[Statement, ...]:
    """Return up to four sentences with figures near a question, checked like all.

    An answer takes the sentences that answer best, and those seldom hold the amounts;
    here whatever passage was found for the question is looked through for them.
    """
    found = dict(_sentences(hearing.passages))
    if not found:
        return ()
    lines = [f"{p.chunk.heading_line}: {s}" for s, p in found.items()]
    vectors = parts.shelf.embedder.embed([hearing.question, *lines])
    near = vectors[1:] @ vectors[0]
    ranked = sorted(zip(near, found.items(), strict=True), key=lambda x: -float(x[0]))
    chosen = [pair for score, pair in ranked if float(score) >= _NEAR][:MOST]
    sentences = tuple(DraftSentence(text, (own,), text) for text, own in chosen)
    asked = Asked(hearing.question, hearing.question, hearing.passages)
    answer = finish(asked, Draft("answered", (sentences,)))
    return tuple(statements_of(answer, parts)) if sentences else ()


def _sentences(passages: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    for passage in passages:
        # What a document says of itself, such as how many chapters it has, is no figure.
        if passage.chunk.section.startswith(ABOUT_THE_TEXT):
            continue
        for sentence in split_sentences(passage.chunk.text):
            if has_figure(sentence) and not addresses_assistant(sentence):
                yield sentence, passage
