"""The data that programs send and get, as models: from them come schemas and checks.

They say no more than ``Answer.as_json`` and ``pack_json``; a test holds them together.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

Length = Literal["30s", "3min", "full"]


class TurnData(BaseModel):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class SentenceData(BaseModel):
    """A sentence as shown; ``support`` (0 to 1) says how close its evidence stands."""

    text: str
    citations: list[int]
    support: float


class WithheldData(BaseModel):
    """A sentence that the check withheld, and why. Not part of the answer."""

    text: str
    reason: str


class CitationData(BaseModel):
    """A numbered place that the answer rests on; ``page`` is null where none is known."""

    number: int
    report: str
    title: str
    publisher: str
    published: str | None
    section: str
    page: str | None
    quote: str
    url: str
    digest_of: str | None = None
    page_number: int | None = None


class PassageData(BaseModel):
    """A passage that was found, whether it is cited or not."""

    report: str
    section: str
    page: str | None
    score: float
    text: str


class NearestData(BaseModel):
    """A section to open where the shelf does not hold the answer."""

    report: str
    title: str
    section: str


class RewrittenData(BaseModel):
    """The standalone forms of a follow-up."""

    by_rule: str
    by_model: str | None = None


class AnswerData(BaseModel):
    """An answer whose every sentence was checked against what it cites."""

    id: str | None = None
    question: str
    standalone_question: str
    outcome: Literal[
        "answered", "partial", "no_evidence", "clarify", "declined", "error"
    ]
    text: str = Field(description="With markers such as [1], see citations.")
    sentences: list[SentenceData]
    withheld: list[WithheldData]
    citations: list[CitationData]
    passages: list[PassageData]
    nearest: list[NearestData]
    model: str
    seconds: float
    tokens: int
    rewritten: RewrittenData | None = None
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
    history: list[TurnData] = Field(default=[], description="Oldest first.")
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
    items: list[dict[str, Any]]
    references: list[dict[str, Any]]
    record: dict[str, Any]


class FaultData(BaseModel):
    """What is wrong, and what to do about it."""

    error: str
