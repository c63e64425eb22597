"""The questions that are likely to come back on an item, with their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.pipeline import Parts, answer_in_quotations
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.answering.suggesting.ideas import ABOUT_A_TEXT
from assistant.answering.understanding.pronouns import leans_back
from assistant.briefing.hearing import statements_of
from assistant.briefing.pack import AskedBack, Statement
from assistant.schema import Passage

MOST = 3
_MOST_TRIED = 6
# Nearer than this a question is the item's own again; further, it is about another.
_SAME, _NEAR = 0.85, 0.35


def ask_back(
    question: str,
    passages: Sequence[Passage],
    said: Sequence[Statement],
    parts: Parts,
) -> tuple[AskedBack, ...]:
    """Return up to three further questions near an item that the shelf answers.

    They are questions that the sections found are asked as; each is put to the shelf
    again, and kept only where its answer comes from that very section and is news.
    """
    known = {statement.text for statement in said}
    found: list[AskedBack] = []
    for passage, text in _nearest(question, passages, parts)[:_MOST_TRIED]:
        answer = _answer(passage, text, parts)
        if answer is None or answer.text in known:
            continue
        known.add(answer.text)
        found.append(AskedBack(text, answer))
        if len(found) == MOST:
            break
    return tuple(found)


def _nearest(
    question: str, passages: Sequence[Passage], parts: Parts
) -> list[tuple[Passage, str]]:
    asked = {text: passage for passage, text in reversed(list(_fit(passages)))}
    if not asked:
        return []
    vectors = parts.shelf.embedder.embed([question, *asked])
    near = vectors[1:] @ vectors[0]
    ranked = sorted(zip(near, asked, strict=True), key=lambda pair: -float(pair[0]))
    return [(asked[text], text) for n, text in ranked if _NEAR <= float(n) < _SAME]


def _fit(passages: Sequence[Passage]) -> Iterator[tuple[Passage, str]]:
    """Yield the questions that are whole: written out, and leaning on nothing."""
    for passage in passages:
        if passage.chunk.section.startswith(ABOUT_THE_TEXT):
            continue
        for text in passage.chunk.asked_as:
            whole = text[:1].isupper() and text.endswith("?")
            fits = whole and 4 <= len(text.split()) <= 18
            if fits and not leans_back(text) and not ABOUT_A_TEXT.search(text):
                yield passage, text


def _answer(passage: Passage, text: str, parts: Parts) -> Statement | None:
    """Return the first sentence that answers, if it stands in the section expected."""
    chunk = passage.chunk
    answer = answer_in_quotations(text, [chunk.details.report], parts)
    if answer.outcome != "answered":
        return None
    first = next(statements_of(answer, parts), None)
    if first is None or first.sources[0].section != chunk.section:
        return None
    return first
