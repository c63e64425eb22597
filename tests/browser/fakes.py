"""An assistant that gives prepared answers, one for each outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from assistant.answering.writers.state import Progress, Told
from assistant.errors import QuestionError
from assistant.schema import (
    Answer,
    Chunk,
    Citation,
    Nearest,
    Passage,
    ReportDetails,
    Sentence,
    Withheld,
)
from assistant.settings import Settings

HOSTILE = '<img src=x onerror=alert(1)> & "quoted" <script>alert(2)</script>'

OLD = ReportDetails(
    report="old-2013",
    document="web-page",
    title="Old Places",
    publisher="Localis",
    document_type="web page",
    url="https://example.org/old",
    rights="ours",
    published="2013-10-15",
    published_precision="day",
    digest_of="the report's web page",
)
NEW = ReportDetails(
    report="new-2026",
    document="report",
    title="New Measures",
    publisher="31ten",
    document_type="report",
    url="https://example.org/new",
    rights="ours",
    published="2026-03",
    published_precision="month",
)


def passage(details: ReportDetails, section: str, text: str) -> Passage:
    chunk = Chunk(
        id=f"{details.report}:{section}",
        details=details,
        section=section,
        page="12" if details is NEW else None,
        position=0,
        text=text,
    )
    return Passage(chunk=chunk, score=1.0, cosine=0.7)


def citation(number: int, cited: Passage, quote: str) -> Citation:
    details = cited.chunk.details
    return Citation(
        number=number,
        report=details.report,
        title=details.title,
        publisher=details.publisher,
        published=details.published,
        section=cited.chunk.section,
        page=cited.chunk.page,
        quote=quote,
        url=details.url,
        digest_of=details.digest_of,
    )


HUBS = passage(
    OLD,
    "Key recommendations › 8 Local hubs",
    "Localis finds that data stays in silos. Localis recommends local hubs. "
    "Hubs should serve every agency of a place.",
)
DATA = passage(
    NEW,
    "Findings › 2 Data",
    "31ten finds that seven in ten councils share data. Funding is the obstacle.",
)

ANSWERED = Answer(
    question="",
    standalone_question="",
    outcome="answered",
    text=(
        "Localis (2013) recommends local hubs. [1]\n\n"
        "31ten (2026) finds that seven in ten councils share data. [2] "
        "Funding is the obstacle, 31ten (2026) says. [2]"
    ),
    sentences=(Sentence("Localis (2013) recommends local hubs.", (1,), 1.0),),
    withheld=(Withheld("Hubs cost £5m.", "the number £5m is not in the passage"),),
    citations=(
        citation(1, HUBS, "Localis recommends local hubs."),
        citation(
            2,
            DATA,
            "31ten finds that seven in ten councils share data. … "
            "Funding is the obstacle.",
        ),
    ),
    passages=(HUBS, DATA),
)
PARTIAL = replace(
    ANSWERED,
    outcome="partial",
    text="Localis (2013) recommends local hubs. [1]\n\n"
    "Nothing on what they cost was found.",
    withheld=(),
    citations=ANSWERED.citations[:1],
)
NO_EVIDENCE = Answer(
    question="",
    standalone_question="",
    outcome="no_evidence",
    text="I found no answer to this in the reports on the shelf.",
    nearest=(Nearest("old-2013", "Old Places", "Key recommendations › 8 Local hubs"),),
)
CLARIFY = replace(
    NO_EVIDENCE,
    outcome="clarify",
    text="Which report: Old Places or New Measures?",
    nearest=(),
    choices=("What does Old Places say on hubs?", "What does New Measures say?"),
)
DECLINED = replace(
    CLARIFY, outcome="declined", text="I answer from the shelf alone.", choices=()
)
WRITING = replace(
    ANSWERED,
    text="Localis (2013) recommends local hubs. [1]",
    citations=ANSWERED.citations[:1],
    model="scripted",
)
BROKEN_OFF = replace(
    WRITING,
    outcome="error",
    text=f"{WRITING.text}\n\nThe model did not go on. Ask again.",
    quoting=ANSWERED,
)
FAILED = replace(DECLINED, outcome="error", text="The model did not answer in time.")

ANSWERS = {
    "hubs": ANSWERED,
    "cost": PARTIAL,
    "potholes": NO_EVIDENCE,
    "which": CLARIFY,
    "football": DECLINED,
    "timeout": FAILED,
    "writes": replace(ANSWERED, model="scripted"),
    "breaks off": BROKEN_OFF,
}


@dataclass
class FakeChain:
    """Answers by the word that a question holds.

    "broken" raises, "refuse" raises an error fit to show, "writes" and "breaks off" put
    out one sentence first, and "slow" then waits for ``release``. ``inputs`` keeps what was asked.
    """

    release: Event = field(default_factory=Event)
    inputs: list[dict[str, object]] = field(default_factory=list)

    async def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        self.inputs.append(input)
        # Half a sign is not written back: the real one sees to it, too.
        question = str(input["question"]).encode("utf-8", "replace").decode()
        if "refuse" in question:
            raise QuestionError("Ask for one thing at a time.")
        standalone = f"{question} (in full)" if input["history"] else question
        yield {"standalone_question": standalone}
        if "broken" in question:
            raise RuntimeError("a secret of this machine")
        if "writes" in question or "breaks off" in question:
            yield {"progress": [Progress(WRITING.sentences[0], WRITING)]}
        if "slow" in question:
            # However long the browser takes: time decides nothing.
            while not self.release.is_set():
                await asyncio.sleep(0.05)
        found = [a for word, a in ANSWERS.items() if word in question]
        answer = replace(
            found[0] if found else ANSWERED,
            question=question,
            standalone_question=standalone,
        )
        yield {"passages": list(answer.passages)}
        yield {"answer": answer}


# Not the folder of the checkout; it goes with the tests.
_DATA = TemporaryDirectory(prefix="fake-assistant-")


def settings_of_a_fake() -> Settings:
    return Settings.model_construct(data_dir=Path(_DATA.name))


@dataclass
class FakeAssistant:
    """Has what the page needs of an assistant; its settings are the defaults."""

    settings: Settings = field(default_factory=settings_of_a_fake)
    catalogue: tuple[ReportDetails, ...] = (OLD, NEW)
    chain: FakeChain = field(default_factory=FakeChain)
    corpus_version: str = "a1b2c3d4e5f6"

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        return ["What do the reports say about hubs?", "What is recommended?"]

    def follow_ups(
        self, answer: Answer, asked: Sequence[str], reports: Sequence[str] = ()
    ) -> list[str]:
        if not answer.citations:
            return []
        offered = ["What do hubs cost?", "Who shares data?", "Why are hubs useful?"]
        return [question for question in offered if question not in asked]
