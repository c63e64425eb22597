"""Makes an answer of a draft in quotations: checked, numbered and put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.assembly import make_citation
from assistant.answering.checking.evidence import check_sentence, similarity_with
from assistant.answering.citations import number_by_use, render_markers
from assistant.answering.draft import Draft, DraftSentence, nearest_sections
from assistant.answering.refusing import NOTHING_FOUND
from assistant.index.shelf import Shelf
from assistant.schema import Answer, Passage, Sentence, Withheld


def check_draft(
    draft: Draft, shelf: Shelf
) -> tuple[list[list[tuple[DraftSentence, float]]], list[Withheld]]:
    """Part a draft's sentences into those that hold, with support, and those withheld."""
    similarity = similarity_with(shelf.embedder)
    held: list[list[tuple[DraftSentence, float]]] = []
    withheld: list[Withheld] = []
    for paragraph in draft.paragraphs:
        kept = []
        for sentence in paragraph:
            verdict = check_sentence(
                sentence.text, sentence.passages, shelf.details, similarity
            )
            if verdict.holds:
                kept.append((sentence, verdict.support))
            else:
                withheld.append(Withheld(sentence.text, "; ".join(verdict.problems)))
        if kept:
            held.append(kept)
    return held, withheld


def finish_answer(
    question: str,
    standalone: str,
    draft: Draft,
    passages: Sequence[Passage],
    shelf: Shelf,
    id: str | None = None,
) -> Answer:
    """Check the draft's evidence, number its citations and set the answer's text."""
    paragraphs, withheld = check_draft(draft, shelf)
    cited = [[p.chunk.id for p in s.passages] for lines in paragraphs for s, _ in lines]
    numbers = number_by_use(cited)
    by_id = {
        p.chunk.id: p for lines in paragraphs for s, _ in lines for p in s.passages
    }
    # What a correction or a summary looked up besides was retrieved as well, and is
    # nearer to the answer than what the question's own words found.
    found = {passage.chunk.id for passage in passages}
    quotes: dict[str, list[str]] = {}
    sentences: list[Sentence] = []
    blocks = [draft.opening] if draft.opening else []
    for lines in paragraphs:
        shown = []
        for sentence, support in lines:
            marks = tuple(numbers[p.chunk.id] for p in sentence.passages)
            sentences.append(Sentence(sentence.text, marks, support))
            shown.append(f"{sentence.text} {render_markers(marks)}")
            for passage in sentence.passages:
                quotes.setdefault(passage.chunk.id, []).append(sentence.quote)
        blocks.append(" ".join(shown))
    if draft.closing:
        blocks.append(draft.closing)
    answer = Answer(
        question=question,
        standalone_question=standalone,
        outcome=draft.outcome,
        text="\n\n".join(blocks),
        sentences=tuple(sentences),
        withheld=tuple(withheld),
        citations=tuple(
            make_citation(number, by_id[key], quotes[key])
            for key, number in numbers.items()
        ),
        passages=(*(p for key, p in by_id.items() if key not in found), *passages),
        nearest=draft.nearest,
        id=id,
        choices=draft.choices,
    )
    if draft.paragraphs and not sentences:
        # Nothing survived the check: say so rather than show an empty answer.
        return replace(
            answer,
            outcome="no_evidence",
            text=NOTHING_FOUND,
            nearest=nearest_sections(passages),
        )
    return answer
