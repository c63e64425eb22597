"""The nouns of the house, as frozen data: from a report's details to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal, Protocol

Outcome = Literal["answered", "partial", "no_evidence", "clarify", "declined", "error"]
Role = Literal["user", "assistant"]

SECTION_SEPARATOR = " › "
# Between the quotations of one passage in one citation.
QUOTES_JOINED_BY = " … "
# Stands for the publisher of a report that does not say who published it.
NO_PUBLISHER = "publisher not known"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far, oldest first in a history."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """What is known of one source document; unknown stays None or empty.

    Several documents may belong to one report: they share ``report`` and differ in
    ``document``. ``published`` is ISO (``2023-07-05``, ``2023-07`` or ``2023``).
    """

    report: str
    document: str
    title: str
    publisher: str
    document_type: str
    url: str
    rights: str
    subtitle: str | None = None
    publisher_type: str | None = None
    authors: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    published: str | None = None
    published_precision: Literal["day", "month", "year"] | None = None
    published_note: str | None = None
    digest_of: str | None = None
    aliases: tuple[str, ...] = ()
    superseded_by: str | None = None
    """The report that takes its place: this one is searched only where it is named."""

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> ReportDetails:
        """Make the details of their JSON form, in which tuples became lists."""
        plain = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**plain)  # type: ignore[arg-type]

    @property
    def document_id(self) -> str:
        """``report/document``, unique on the shelf."""
        return f"{self.report}/{self.document}"

    @property
    def year(self) -> int | None:
        """The year of publication, or None when unknown."""
        return int(self.published[:4]) if self.published else None

    @property
    def attribution(self) -> str:
        """Publisher and year as an answer gives them: ``Localis, 2023``."""
        return f"{self.publisher}, {self.year}" if self.year else self.publisher


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where in a section's text a page begins.

    ``label`` is what is printed on the page (``iv``, ``12``) or None where nothing is;
    ``number`` is its place in the file, from 1.
    """

    offset: int
    label: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Section:
    """The text under one heading of a document."""

    path: tuple[str, ...]
    text: str
    page: str | None = None
    asked_as: tuple[str, ...] = ()
    """Questions that the section answers, in other words: searched, and suggested."""
    pages: tuple[PageStart, ...] = ()
    """The pages that the text stands on, in order; empty where they are unknown."""

    @property
    def heading(self) -> str:
        """The path as it is shown: ``Recommendations › Central government``."""
        return SECTION_SEPARATOR.join(self.path)


class Source(Protocol):
    """A document to index; one of the team's shelf reads its sections when asked."""

    @property
    def details(self) -> ReportDetails:
        """What is known of it."""
        ...

    @property
    def content_hash(self) -> str:
        """Another hash, another content."""
        ...

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its text."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as read: its details, its sections, the hash of its file."""

    details: ReportDetails
    sections: tuple[Section, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is indexed: whole sentences of one section."""

    id: str
    details: ReportDetails
    section: str
    page: str | None
    position: int
    text: str
    asked_as: tuple[str, ...] = ()
    page_number: int | None = None
    """The place of the page in the file, from 1; None where there are no pages."""

    @property
    def heading_line(self) -> str:
        """The line under which a chunk or a sentence of it is embedded."""
        return f"{self.details.title} ({self.details.attribution}) › {self.section}"

    def under_heading(self, sentence: str) -> str:
        """Return a sentence under its heading line, as it is embedded."""
        return f"{self.heading_line}: {sentence}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved for one query.

    ``score`` is the fused score, relative to the query (0 to 1, higher is better);
    ``cosine`` is absolute and the one to decide on.
    """

    chunk: Chunk
    score: float
    cosine: float

    def as_json(self) -> dict[str, object]:
        """The passage as the contract gives it."""
        return {
            "report": self.chunk.details.report,
            "section": self.chunk.section,
            "page": self.chunk.page,
            "score": round(self.score, 4),
            "text": self.chunk.text,
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered place that the answer rests on, with the words that it was cited for.

    ``page`` is None where none is known; ``page_number`` is its place in the file, from
    1: where a viewer opens it.
    """

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

    @property
    def place(self) -> str:
        """Section and page: ``Costs, page 7``, or ``Costs, page 9 of the file``."""
        label = self.page or (self.page_number and f"{self.page_number} of the file")
        return f"{self.section}, page {label}" if label else self.section


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as shown. ``support`` (0 to 1) says how close its evidence stands."""

    text: str
    citations: tuple[int, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that the check withheld, and why: no part of the answer."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """A section to open when the shelf does not hold the answer."""

    report: str
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The standalone forms of a follow-up; ``by_model`` is None where none was fit."""

    by_rule: str
    by_model: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; its fields are the contract of ``assistant ask --json``.

    ``rewritten`` is there for a follow-up that a model was asked to rewrite;
    ``quoting`` is the answer in quotations, where a model was to write and failed;
    ``choices`` are the whole questions to choose from, where the outcome is clarify;
    ``unverified`` tells that a model wrote a sentence whose meaning nobody verified.
    """

    question: str
    standalone_question: str
    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    model: str = "quoting"
    seconds: float = 0.0
    tokens: int = 0
    id: str | None = field(default=None, kw_only=True)
    rewritten: Rewritten | None = field(default=None, kw_only=True)
    quoting: Answer | None = field(default=None, kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)
    unverified: bool = field(default=False, kw_only=True)

    def timed(self, seconds: float) -> Answer:
        """The same answer with the time that it took."""
        return replace(self, seconds=round(seconds, 3))

    def as_json(self) -> dict[str, object]:
        """The answer as one JSON-ready object, keys in the order of the contract."""
        return {
            "id": self.id,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "outcome": self.outcome,
            "text": self.text,
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "withheld": [asdict(item) for item in self.withheld],
            "citations": [asdict(citation) for citation in self.citations],
            "passages": [passage.as_json() for passage in self.passages],
            "nearest": [asdict(item) for item in self.nearest],
            "model": self.model,
            "seconds": self.seconds,
            "tokens": self.tokens,
            **({"rewritten": asdict(self.rewritten)} if self.rewritten else {}),
            **({"quoting": self.quoting.as_json()} if self.quoting else {}),
            **({"choices": list(self.choices)} if self.choices else {}),
            **({"unverified": True} if self.unverified else {}),
        }
