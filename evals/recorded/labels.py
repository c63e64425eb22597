"""The sentences that models wrote, what became of them, and what two readers say of them.

A reader sees a sentence, the one before it and the passages that it cites, as the second
reading does, and nothing of what that or any rule said.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.checking.second_reading import (
    NO_WORDS,
    NOT_CARRIED,
    UNCLEAR,
    Sent,
    read_lines,
)
from assistant.answering.citations import resolve_markers
from assistant.answering.writers.tidying import plain_text
from assistant.schema import Chunk, Passage, ReportDetails
from evals.recorded.asking import AskedCase
from evals.recorded.replies import FOLDER, RecordingError, Requested

LABELS = FOLDER / "labels.jsonl"
_ITEM = re.compile(
    r"^Sentence (\d+):\n(?:<before>(?P<before>.*?)</before>\n)?"
    r"<sentence>(?P<sentence>.*?)</sentence>\n(?P<passages>.*?)(?=\n\nSentence \d+:|\n\n[^<]*\Z)",
    re.DOTALL | re.MULTILINE,
)
_PASSAGE = re.compile(
    r'^<passage(?: number="(?P<number>\d+)")?(?P<head>[^>]*)>\n(?P<text>.*?)\n</passage>$',
    re.DOTALL | re.MULTILINE,
)
_FROM = re.compile(r'from="([^"]*)"')
_NAMED = re.compile(r'(?:report|publisher|published|section)="([^"]*)"')
_WITHHELD = re.compile(r"^\d+\. (?P<text>.*)\n   Wrong: (?P<reason>.*)$", re.MULTILINE)
_BY_READING = (NOT_CARRIED, UNCLEAR, NO_WORDS)


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage as a reader sees it: where it is from, and its text."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a model with the passages that it cites; ``reason`` if withheld."""

    sentence: str
    before: str
    passages: tuple[Cited, ...]
    reason: str = ""

    @property
    def shown(self) -> bool:
        """Whether a user sees it."""
        return not self.reason

    @property
    def key(self) -> str:
        """The hash by which its labels are found: of the sentence and the texts."""
        texts = "\n".join([self.sentence, *(p.text for p in self.passages)])
        return hashlib.sha256(texts.encode()).hexdigest()[:16]


def written_sentences(asked: Iterable[AskedCase]) -> dict[str, Written]:
    """Return the sentences of some answers, by their keys: read again, or held back.

    Quotations are not among them: they are the passage's own words. Nor are sentences
    that cite nothing: there is nothing to hold them against.
    """
    found: dict[str, Written] = {}
    for one in asked:
        for request in one.requests:
            if request.stage == "read" and request.reply is not None:
                found |= {w.key: w for w in _read(request, request.reply)}
            if request.stage == "mend":
                found |= {w.key: w for w in _held_back(request)}
    return found


def _read(request: Requested, reply: str) -> Iterator[Written]:
    """Yield the sentences of a second reading with what it said of them."""
    text = request.messages[-1]["content"]
    items = list(_ITEM.finditer(text))
    cited = [[_cited(p) for p in _PASSAGE.finditer(i["passages"])] for i in items]
    sent = [
        Sent(item["sentence"], tuple(map(_as_passage, passages)))
        for item, passages in zip(items, cited, strict=True)
    ]
    for item, passages, reading in zip(
        items, cited, read_lines(reply, sent), strict=True
    ):
        wrong = reading.wrong if reading else ""
        yield Written(item["sentence"], item["before"] or "", tuple(passages), wrong)


def _held_back(request: Requested) -> Iterator[Written]:
    """Yield the sentences that the rules held back, from the request to mend them."""
    text = request.messages[-1]["content"]
    numbered = {int(p["number"]): _cited(p) for p in _PASSAGE.finditer(text)}
    for match in _WITHHELD.finditer(text):
        sentence, numbers, _ = resolve_markers(match["text"], numbered)
        if numbers and not match["reason"].startswith(_BY_READING):
            passages = tuple(numbered[number] for number in numbers)
            yield Written(plain_text(sentence), "", passages, match["reason"])


def _cited(match: re.Match[str]) -> Cited:
    head = match["head"]
    named = _FROM.findall(head) or [", ".join(_NAMED.findall(head))]
    return Cited(named[0], match["text"])


def _as_passage(cited: Cited) -> Passage:
    details = ReportDetails("", "", cited.source, "", "", "", "")
    return Passage(Chunk("", details, "", None, 0, cited.text), 1.0, 1.0)


def load_labels(file: Path = LABELS) -> dict[str, bool | None]:
    """Return what two readers say of sentences: whether they hold, None if they differ.

    "Unclear" of one of them is a difference, too.

    Raises:
        RecordingError: a line cannot be used.
    """
    found: dict[str, bool | None] = {}
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    for place, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            key, readers = str(row["key"]), list(row["readers"])
        except (KeyError, TypeError, ValueError) as error:
            raise RecordingError(f"{file.name}, line {place}: {error}.") from error
        known = {"carried": True, "not carried": False, "unclear": None}
        if len(readers) != 2 or not set(readers) <= set(known):
            raise RecordingError(f"{file.name}, line {place}: two readers' words.")
        first, second = (known[reader] for reader in readers)
        found[key] = first if first == second else None
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """How many true sentences there are and were withheld, false ones and were shown."""

    true: int
    true_withheld: int
    false: int
    false_shown: int
    disputed: int
    unlabelled: int

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"Sentences read again or held back: of {self.true} true {self.true_withheld} "
            f"withheld, of {self.false} false {self.false_shown} shown; on "
            f"{self.disputed} two readers differ, {self.unlabelled} nobody has labelled."
        )


def judge(written: Mapping[str, Written], labels: Mapping[str, bool | None]) -> Judged:
    """Hold what became of sentences against what two readers say of them."""
    true = [w for key, w in written.items() if labels.get(key) is True]
    false = [w for key, w in written.items() if labels.get(key) is False]
    return Judged(
        true=len(true),
        true_withheld=sum(not one.shown for one in true),
        false=len(false),
        false_shown=sum(one.shown for one in false),
        disputed=sum(key in labels and labels[key] is None for key in written),
        unlabelled=sum(key not in labels for key in written),
    )
