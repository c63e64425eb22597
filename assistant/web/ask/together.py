"""A reader's own paper and the shelf on one question: the paper first, then the reports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answering.citations import find_markers
from assistant.answering.writers.state import Told
from assistant.schema import Answer, Citation, Passage, ReportDetails
from assistant.web.answers.arranging import PAPER, REPORTS
from assistant.web.ask.conversation import AnswersQuestions, Asked

_NOTHING = "Nothing on this was found in it."


@dataclass(frozen=True)
class Together:
    """Two that are asked as one: each by its own pipeline, over its own index."""

    own: Asked
    shelf: AnswersQuestions

    @property
    def chain(self) -> Together:
        """The steps of both, one after the other."""
        return self

    @property
    def catalogue(self) -> tuple[ReportDetails, ...]:
        """What may be chosen or left out: the paper is always asked."""
        return self.shelf.catalogue

    @property
    def corpus_version(self) -> str:
        """That of the shelf; the paper does not change."""
        return self.shelf.corpus_version

    async def astream(self, inputs: dict[str, object], /) -> AsyncIterator[Told]:
        """Yield the steps of the paper's answer, then those of both."""
        first: Answer | None = None
        found: Sequence[Passage] = ()
        async for step in self.own.chain.astream({**inputs, "reports": []}):
            first = step.pop("answer", first)
            found = step.get("passages", found)
            yield _with_progress(step, _begun)
        if first is None:
            return
        if first.outcome == "error":
            yield {"answer": first}
            return
        join = partial(joined, first)
        async for step in self.shelf.chain.astream(inputs):
            if "passages" in step:
                step["passages"] = [*found, *step["passages"]]
            if "answer" in step:
                step["answer"] = join(step["answer"])
            yield _with_progress(step, join)


def _with_progress(step: Told, change: Callable[[Answer], Answer]) -> Told:
    """Return a step with the answer so far, where it holds that, changed."""
    told = [replace(p, answer=change(p.answer)) for p in step.get("progress", ())]
    return {**step, "progress": told} if told else step


def _begun(own: Answer) -> Answer:
    return replace(own, text=f"{PAPER}\n\n{own.text}")


def joined(own: Answer, shelf: Answer) -> Answer:
    """Return one answer of what the paper says and what the shelf says.

    What the shelf refuses or asks back stands alone where the paper says nothing either.
    """
    if not own.sentences and shelf.outcome in ("clarify", "declined"):
        return shelf
    by = max((citation.number for citation in own.citations), default=0)
    shelf = _counted_from(shelf, by)
    parts = [PAPER, own.text if own.sentences else _NOTHING, REPORTS, shelf.text]
    if shelf.outcome == "error":
        parts = [own.text if own.sentences else "", shelf.text]
    best = own if own.sentences and not shelf.sentences else shelf
    return replace(
        shelf,
        outcome=shelf.outcome if shelf.outcome == "error" else best.outcome,
        text="\n\n".join(filter(None, parts)),
        sentences=(*own.sentences, *shelf.sentences),
        withheld=(*own.withheld, *shelf.withheld),
        citations=(*own.citations, *shelf.citations),
        passages=(*own.passages, *shelf.passages),
        nearest=() if own.sentences else shelf.nearest,
        seconds=own.seconds + shelf.seconds,
        tokens=own.tokens + shelf.tokens,
        unverified=own.unverified or shelf.unverified,
    )


def _counted_from(answer: Answer, by: int) -> Answer:
    """Return an answer whose citations have numbers that are higher by so many."""
    known = [citation.number for citation in answer.citations]

    def moved(citation: Citation) -> Citation:
        return replace(citation, number=citation.number + by)

    text, end = "", 0
    for marker in find_markers(answer.text):
        numbers = (f"[{n + by}]" for n in marker.numbers(known))
        text += answer.text[end : marker.start] + "".join(numbers)
        end = marker.end
    sentences = (
        replace(s, citations=tuple(n + by for n in s.citations))
        for s in answer.sentences
    )
    return replace(
        answer,
        text=text + answer.text[end:],
        sentences=tuple(sentences),
        citations=tuple(map(moved, answer.citations)),
    )
