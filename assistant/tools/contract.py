"""The data that programs send and get, as models: from them come schemas and checks.

They say no more than ``Answer.as_json`` and ``pack_json``; a test holds them together.
Where the JSON of a noun of ours has just its fields, the noun itself is the model.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from assistant.briefing.pack import Length
from assistant.schema import (
    Citation,
    Nearest,
    Outcome,
    ReportDetails,
    Rewritten,
    Sentence,
    Turn,
    Withheld,
)


class PassageData(BaseModel):
    """A passage that was found, whether it is cited or not."""

    report: str
    section: str
    page: str | None
    score: float
    text: str


class AnswerData(BaseModel):
    """An answer whose every sentence was checked against what it cites."""

    id: str | None = None
    question: str
    standalone_question: str
    outcome: Outcome
    text: str = Field(description="With markers such as [1], see citations.")
    sentences: list[Sentence]
    withheld: list[Withheld]
    citations: list[Citation]
    passages: list[PassageData]
    nearest: list[Nearest]
    model: str
    seconds: float
    tokens: int
    rewritten: Rewritten | None = None
    quoting: AnswerData | None = Field(
        default=None,
        description="In quotations, where a model was to write and failed.",
    )
    choices: list[str] = Field(
        default=[],
        description="Questions to choose from, where it is not clear enough.",
    )


class AskData(BaseModel):
    """A question."""

    question: str
    history: list[Turn] = Field(default=[], description="Oldest first.")
    reports: list[str] = Field(default=[], description="Ids; all reports when empty.")
    id: str | int | None = Field(default=None, description="Returned with the answer.")
    stream: bool = Field(default=False, description="Send the steps as they come.")


class BriefData(BaseModel):
    """An agenda to brief."""

    agenda: str = Field(description="Items, headings or questions, a line each.")
    length: Length = "3min"
    reports: list[str] = Field(default=[], description="Ids; the nearest when empty.")
    format: Literal["json", "docx", "pdf", "html", "md"] | None = Field(
        default=None, description="Of the pack; else what Accept asks for, else JSON."
    )


class ReportData(BaseModel):
    """A document on the shelf."""

    report: str
    document: str
    title: str
    publisher: str
    authors: list[str]
    published: str | None
    type: str
    digest_of: str | None
    superseded_by: str | None
    url: str

    @classmethod
    def of(cls, details: ReportDetails) -> ReportData:
        """Return what is told of a document."""
        return cls(
            report=details.report,
            document=details.document_id,
            title=details.title,
            publisher=details.publisher,
            authors=list(details.authors),
            published=details.published,
            type=details.document_type,
            digest_of=details.digest_of,
            superseded_by=details.superseded_by,
            url=details.url,
        )


class ReportsData(BaseModel):
    """The documents on the shelf."""

    reports: list[ReportData]


class PackData(BaseModel):
    """A briefing pack; see docs/api.md for its items."""

    title: str
    meeting: str | None = None
    date: str | None = None
    place: str | None = None
    attendees: list[str] = []
    length: Length
    complete: bool
    notes: list[str]
    items: list[dict[str, object]]
    references: list[dict[str, object]]
    record: dict[str, object]


class FaultData(BaseModel):
    """What is wrong, and what to do about it."""

    error: str
