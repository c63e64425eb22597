"""Lays a conversation out in the blocks that briefing packs are made of.

Sources keep the numbers that they had on the page, each answer its own: what somebody
noted down as [2] is still [2].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from assistant.briefing.export.blocks import (
    NEW_LINE,
    Block,
    Bullets,
    Document,
    Entry,
    Heading,
    Paragraph,
    References,
    Span,
    clean,
    label,
    link,
    plain,
    strong,
)
from assistant.briefing.front_text import QUOTING
from assistant.schema import Answer, Citation, Outcome
from assistant.text.dates import date_words, is_old
from assistant.transcript.answer_text import text_blocks
from assistant.transcript.conversation import Asked, Transcript

TITLE = "Conversation with the shelf"
OUTCOMES: dict[Outcome, str] = {
    "answered": "answered",
    "partial": "answered in part",
    "no_evidence": "no answer found in the reports on the shelf",
    "clarify": "asked back what is meant",
    "declined": "outside of what the shelf is for",
    "error": "not answered: the model failed",
}
CHECK = (
    "Every sentence with a number was checked automatically against the passage it cites. "
    "What did not hold was withheld, and stands under its answer."
)
# Of a longer question the heading shows the beginning, and the whole comes below it.
_MOST_OF_A_HEADING = 100


def lay_out(transcript: Transcript) -> Document:
    """Return the blocks of a conversation."""
    blocks: list[Block] = [_head(transcript)]
    for number, asked in enumerate(transcript.asked, start=1):
        blocks += _Exchange(asked, number, transcript.saved_at).blocks()
    saved = _time(transcript.saved_at, transcript.saved_at.tzinfo)
    return Document(
        title=TITLE,
        subtitle=(),
        running=f"{TITLE}, saved {saved}",
        blocks=tuple(blocks),
    )


def _head(transcript: Transcript) -> Paragraph:
    count = len(transcript.asked)
    return _facts(
        ("Saved", _time(transcript.saved_at, transcript.saved_at.tzinfo)),
        ("Saved by", transcript.saved_by),
        ("Questions", str(count)),
        ("Program version", transcript.program_version),
        ("Check", CHECK),
    )


def _facts(*facts: tuple[str, str | None]) -> Paragraph:
    """Return what is known of some facts, a line each."""
    lines = [(*label(name), plain(told)) for name, told in facts if told]
    spans = [span for line in lines for span in (*line, NEW_LINE)]
    return Paragraph(tuple(spans[:-1]), "small")


def _time(moment: datetime, zone: tzinfo | None) -> str:
    """Return a moment as ``22 November 2026, 21:10 GMT``."""
    there = moment.astimezone(zone)
    return f"{date_words(there.date().isoformat())}, {there:%H:%M} {there.tzname()}"


@dataclass(frozen=True)
class _Exchange:
    """Lays out one question and its answer."""

    asked: Asked
    number: int
    saved_at: datetime

    def blocks(self) -> Iterator[Block]:
        yield from self._question()
        if self.asked.answer is not None:
            yield from self._answer(self.asked.answer, "")
        told = self.asked.failure
        if told is None and self.asked.answer is None:
            told = "Stopped before the answer was ready."
        if told is not None:
            yield Paragraph((plain(told),), "warning")
        yield Heading(2, "For the record", self._anchor("-record"))
        yield self._record()

    def _question(self) -> Iterator[Block]:
        question = clean(self.asked.question)
        yield Heading(1, f"{self.number}. {_shortened(question)}", self._anchor(""))
        if len(question) > _MOST_OF_A_HEADING:
            lines = [line for line in self.asked.question.splitlines() if clean(line)]
            spans = [s for line in lines for s in (plain(line), NEW_LINE)]
            yield Paragraph((strong("Question:"), Span(" "), *spans[:-1]))
        if self.asked.searched_for:
            yield _facts(("Searched for", self.asked.searched_for))

    def _anchor(self, part: str) -> str:
        return f"question-{self.number}{part}"

    def _answer(self, answer: Answer, part: str) -> Iterator[Block]:
        """Yield an answer and what belongs to it; ``part`` names one beside another."""
        within = f"{self.number}{part}_"
        known = [citation.number for citation in answer.citations]
        yield from text_blocks(answer.text, known, within)
        if answer.choices:
            yield Paragraph((strong("To choose from"),), "label")
            yield _bullets(*answer.choices)
        if answer.nearest:
            nearest = [f"{near.title}: {near.section}" for near in answer.nearest]
            yield Heading(2, "The nearest sections", self._anchor(f"{part}-nearest"))
            yield _bullets(*nearest)
        if answer.citations:
            yield Heading(2, "Sources", self._anchor(f"{part}-sources"))
            entries = [
                Entry(c.number, tuple(self._source(c)), within)
                for c in answer.citations
            ]
            yield References(tuple(entries))
        if answer.withheld:
            yield Heading(2, "Withheld sentences", self._anchor(f"{part}-withheld"))
            withheld = [f"“{one.text}” – {one.reason}" for one in answer.withheld]
            yield _bullets(*withheld)
        if answer.quoting is not None:
            told = "From quotations, without the model"
            yield Heading(2, told, self._anchor(f"{part}-quotations"))
            yield from self._answer(answer.quoting, f"{part}q")

    def _source(self, citation: Citation) -> Iterator[Span]:
        old = is_old(citation.published, self.saved_at.date())
        date = date_words(citation.published) + (" (older report)" if old else "")
        yield plain(f"{citation.title}. {citation.publisher}, {date}.")
        yield _apart(f"{citation.place}. “{citation.quote}”")
        if citation.digest_of:
            yield _apart(f"Digest of {citation.digest_of}, not the original.")
        if clean(citation.url):
            yield Span(" ")
            yield link(citation.url)

    def _record(self) -> Paragraph:
        asked, answer = self.asked, self.asked.answer
        zone, at = self.saved_at.tzinfo, asked.asked_at
        return _facts(
            ("Asked", _time(at, zone) if at else None),
            ("Outcome", self._outcome()),
            ("Only these reports were asked", "; ".join(asked.reports)),
            ("Language model", _model(answer) if answer else None),
            ("Corpus version", asked.corpus_version),
        )

    def _outcome(self) -> str:
        answer = self.asked.answer
        if answer is None:
            return "not answered"
        stopped = "stopped before it was finished"
        return stopped if self.asked.stopped else OUTCOMES[answer.outcome]


def _apart(text: str) -> Span:
    """Return a text as a span that stands apart from the one before it."""
    return Span(f" {clean(text)}")


def _bullets(*lines: str) -> Bullets:
    return Bullets(tuple((plain(line),) for line in lines))


def _model(answer: Answer) -> str:
    return QUOTING if answer.model == "quoting" else answer.model


def _shortened(question: str) -> str:
    if len(question) <= _MOST_OF_A_HEADING:
        return question
    beginning, _, _ = question[:_MOST_OF_A_HEADING].rpartition(" ")
    return f"{beginning or question[:_MOST_OF_A_HEADING]}…"
