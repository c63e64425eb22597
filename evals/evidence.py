"""Measures the check of sentences: false ones caught, true ones withheld."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from assistant.answering.checking.evidence import check_sentence
from assistant.answering.checking.reports import folded
from assistant.answering.checking.second_reading import Judgement, Sent
from assistant.answering.closeness import Closeness
from assistant.answering.writers.verifying import read_again
from assistant.answering.writers.writing import Writer
from assistant.errors import ProviderError
from assistant.index.embeddings import CachedEmbedder, make_embedder
from assistant.reading.catalogue import read_corpus
from assistant.schema import Chunk, Document, Passage, ReportDetails
from assistant.settings import Settings
from evals.measuring.estimate import Estimate, mean_with_interval
from evals.reporting.report import number, table
from evals.sentences import Line

# Sentences that one call of the second reading is sent.
_AT_ONCE = 4
# Tokens sent and written for one sentence, roughly: a share of the prompt, a passage.
READING_TOKENS = (400, 45)
_UNKNOWN = ReportDetails("unknown", "given", "", "", "report", "", "")
# "Level Measures (Localis, 2023)": who says it, where the passage's report is not known.
_ATTRIBUTION = re.compile(
    r"(?:(?:[A-Z0-9][\w'’&-]*|of|the|for|and|in|on|to|at|a)[, ]*)*"
    r"\((?:[^()]*\b)?(?:(?:19|20)\d\d|date unknown)\)"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with what the rules found, and what the second reading said of it."""

    line: Line
    problems: tuple[str, ...]
    reading: Judgement | None = None
    unread: bool = False
    """A second reading was asked for and did not come."""

    @property
    def shown(self) -> bool:
        """Whether it would be shown."""
        return not self.problems and (self.reading is None or self.reading.carried)


def check_lines(
    lines: Sequence[Line], settings: Settings, writer: Writer | None = None
) -> list[Judged]:
    """Put every line to the rules and, with a writer, what they show to its verifier."""
    judged = judge_by_rules(lines, settings, read_again=writer is not None)
    if writer is None:
        return judged
    return _read_again(judged, read_corpus(settings.corpus_dir), writer)


def judge_by_rules(
    lines: Sequence[Line], settings: Settings, *, read_again: bool
) -> list[Judged]:
    """Put every line to the rules, as they are where a second reading follows or none."""
    documents = read_corpus(settings.corpus_dir)
    catalogue = [document.details for document in documents]
    similarity = Closeness(CachedEmbedder(make_embedder(settings.embeddings)))
    judged = []
    for line in lines:
        passages = [_passage(text, documents) for text in line.passages]
        sentence = line.sentence
        if any(passage.chunk.details is _UNKNOWN for passage in passages):
            sentence = _ATTRIBUTION.sub("it", sentence)
        verdict = check_sentence(
            sentence, passages, catalogue, similarity, read_again=read_again
        )
        judged.append(Judged(line, verdict.problems))
    return judged


def _read_again(
    judged: list[Judged], documents: Sequence[Document], writer: Writer
) -> list[Judged]:
    found = list(judged)
    places = [place for place, one in enumerate(judged) if one.shown]
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        sent = [
            Sent(
                judged[place].line.sentence,
                tuple(_passage(t, documents) for t in judged[place].line.passages),
            )
            for place in some
        ]
        try:
            readings = read_again(sent, writer)
        except ProviderError:
            readings = [None] * len(sent)
        for place, reading in zip(some, readings, strict=True):
            old = judged[place]
            found[place] = Judged(old.line, old.problems, reading, reading is None)
    return found


def _passage(text: str, documents: Sequence[Document]) -> Passage:
    """Return a text as a passage of the report that it is from, if the shelf has it."""
    wanted = folded(text)
    for document in documents:
        for section in document.sections:
            if wanted in _section(section.text):
                chunk = Chunk("", document.details, section.heading, None, 0, text)
                return Passage(chunk, 1.0, 1.0)
    return Passage(Chunk("", _UNKNOWN, "", None, 0, text), 1.0, 1.0)


@cache
def _section(text: str) -> str:
    return folded(text)


def shares(judged: Sequence[Judged]) -> dict[str, Estimate]:
    """Return ``false_caught`` and ``true_withheld`` with their 95 % intervals."""
    return {
        name: mean_with_interval(
            [float(not one.shown) for one in judged if one.line.holds is holds]
        )
        for name, holds in (("false_caught", False), ("true_withheld", True))
        if any(one.line.holds is holds for one in judged)
    }


def as_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the figures: for all, by kind, for the rules alone and with the reading."""
    figures: dict[str, Any] = {"rules": _figures([_by_rules(one) for one in judged])}
    if any(one.reading or one.unread for one in judged):
        figures["rules_and_second_reading"] = _figures(judged)
        figures["unread"] = sum(one.unread for one in judged)
    return figures


def _by_rules(one: Judged) -> Judged:
    return Judged(one.line, one.problems)


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    kinds = sorted({one.line.kind for one in judged if one.line.kind})
    by_kind = {k: shares([o for o in judged if o.line.kind == k]) for k in kinds}
    return {
        **{name: asdict(share) for name, share in shares(judged).items()},
        "by_kind": {
            kind: {name: asdict(share) for name, share in found.items()}
            for kind, found in by_kind.items()
        },
    }


def check_table(judged: Sequence[Judged]) -> str:
    """Return the same figures as tables to read."""
    parts = []
    for name, found in as_json(judged).items():
        if name == "unread":
            parts.append(f"Second readings that did not come: {found}.")
            continue
        rows = [
            (kind, share, number(e["mean"]), f"{number(e['low'])} to {number(e['high'])}",
             str(e["n"]))
            for kind, shares_ in (("all", found), *found["by_kind"].items())
            for share, e in shares_.items()
            if share != "by_kind"
        ]  # fmt: skip
        head = ("kind", "share", "mean", "95 % interval", "sentences")
        parts.append(f"{name.replace('_', ' ')}\n{table(head, rows)}")
    return "\n\n".join(parts)


def wrong_lines(judged: Sequence[Judged]) -> str:
    """Return the sentences on which the check was wrong, with what it found."""
    return "\n".join(
        f"{'withheld' if one.line.holds else 'shown'}: {one.line.sentence}\n"
        f"    {'; '.join(one.problems) or (one.reading and one.reading.wrong) or '-'}"
        for one in judged
        if one.shown != one.line.holds
    )
