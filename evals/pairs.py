"""Sentence and passage pairs: does the passage carry the sentence? One JSON a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.schema import Chunk, Passage

PAIRS = Path(__file__).parent / "pairs"
Part = Literal["development", "held_out", "fresh"]

Kind = Literal[
    "true-verbatim",
    "true-paraphrase",
    "true-combined",
    "wrong-number",
    "wrong-date",
    "wrong-unit",
    "wrong-count-of-list",
    "wrong-report",
    "wrong-speaker",
    "misquoted",
    "negated",
    "direction-reversed",
    "swapped-roles",
    "over-generalised",
    "unsupported-but-plausible",
]
KINDS: tuple[str, ...] = get_args(Kind)
_FIELDS = {"id", "sentence", "cites", "holds", "kind", "note"}


class PairError(Exception):
    """A pair cannot be used as it is; names the file and the line, or the pair."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A place that a sentence cites; never a chunk, which chunking changes.

    ``section`` is the whole heading, ``quote`` stands word for word in its text.
    """

    report: str
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence as an answer might hold it, and the passages that it cites."""

    id: str
    sentence: str
    cites: tuple[Cite, ...]
    holds: bool
    kind: Kind
    note: str = ""


def _pair(item: Mapping[str, Any]) -> Pair:
    if set(item) != _FIELDS:
        raise PairError(f"a pair has the fields {', '.join(sorted(_FIELDS))}")
    if item["kind"] not in KINDS:
        raise PairError(f"the kind {item['kind']} is not one of {', '.join(KINDS)}")
    if item["holds"] is not item["kind"].startswith("true-"):
        raise PairError(f"'holds' does not fit the kind {item['kind']}")
    if not item["cites"]:
        raise PairError("it cites nothing")
    cites = tuple(Cite(**cite) for cite in item["cites"])
    return Pair(**{**item, "cites": cites})


def load_pairs(part: Part, folder: Path = PAIRS) -> list[Pair]:
    """Read the pairs of one part.

    Raises:
        PairError: a file or a line of it cannot be used.
    """
    file = folder / f"{part}.jsonl"
    pairs: list[Pair] = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PairError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            pairs.append(_pair(json.loads(line)))
        except (PairError, TypeError, ValueError) as error:
            raise PairError(f"{file.name}, line {number}: {error}") from error
    ids = [pair.id for pair in pairs]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise PairError(f"{file.name} has {sorted(twice)[0]} twice.")
    return pairs


def find_passages(pair: Pair, chunks: Collection[Chunk]) -> list[Passage]:
    """Return the chunk that holds each quote of a pair, as a passage.

    Raises:
        PairError: a quote stands in no chunk of its section.
    """
    return [_passage(pair, cite, chunks) for cite in pair.cites]


def _passage(pair: Pair, cite: Cite, chunks: Collection[Chunk]) -> Passage:
    for chunk in chunks:
        place = (chunk.details.report, chunk.section)
        if place == (cite.report, cite.section) and cite.quote in chunk.text:
            return Passage(chunk, score=1.0, cosine=1.0)
    raise PairError(f"{pair.id}: '{cite.quote}' is not in {cite.section}.")
