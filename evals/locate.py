"""Finds where the shelf states what a case asks for: proposes its field `evidence`.

By words alone, and never by the retrieval that the evidence is there to measure: the
questions that a section is asked as, and every vector, are left out.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.schema import Document, Section
from assistant.text.sentences import split_sentences
from assistant.text.words import content_words, stem
from evals.cases import CASES, FILES, Case, Evidence, load_cases
from evals.measuring.answers import states

# Sections this near to the best of a report hold the evidence as well.
_NEARLY = 0.9
_MOST = 2
# A digest says much twice: at length, and in brief with other things. Either will do if
# it comes this near to the other.
_IN_BRIEF = "in brief"
_OTHER = 0.6
# A proposal must share this much of the question's words, weighed by their rarity.
_LEAST = 0.15
# What notes write short, in the words of the headings.
_SHORT = {
    "rec": "recommendation",
    "recs": "recommendations",
    "local": "local government",
    "central": "central government",
    "news": "news item",
    "principle": "seven principles",
    "lesson": "lessons",
    "finding": "key findings",
}


@dataclass(frozen=True, slots=True)
class _Place:
    report: str
    section: Section
    kind: str
    stems: frozenset[str]
    heading: frozenset[str]


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))


def _places(documents: Iterable[Document]) -> list[_Place]:
    return [
        _Place(
            document.details.report,
            section,
            document.details.document_type,
            _stems(f"{section.heading} {section.text}"),
            _stems(f"{section.heading} {document.details.document_type}"),
        )
        for document in documents
        for section in document.sections
    ]


def _shared(
    wanted: frozenset[str], there: frozenset[str], rarity: Mapping[str, float]
) -> float:
    total = sum(rarity.get(word, 0.0) for word in wanted)
    return sum(rarity[w] for w in wanted & there if w in rarity) / total if total else 0


def _quote(
    section: Section, facts: Sequence[Sequence[str]], asked: frozenset[str]
) -> str:
    """Return the sentence that states most of the facts, then most of the question."""
    return max(
        split_sentences(section.text),
        key=lambda s: (sum(states(s, fact) for fact in facts), len(_stems(s) & asked)),
    )


def _best(scores: Mapping[int, float], places: Sequence[_Place]) -> list[int]:
    """Return the best places and those near them, in brief and at length."""
    best = max(scores.values(), default=0.0)
    found: list[int] = []
    for brief in (True, False):
        part = {
            n: score
            for n, score in scores.items()
            if (_IN_BRIEF in places[n].section.heading) is brief
        }
        top = max(part.values(), default=0.0)
        near = [n for n in part if part[n] >= max(_NEARLY * top, _OTHER * best)]
        found += sorted(near, key=lambda n: -part[n])[:_MOST]
    return sorted(found, key=lambda n: -scores[n])


def locate(case: Case, documents: Iterable[Document]) -> tuple[Evidence, ...]:
    """Return the sections that state the facts of a case, best first; maybe none.

    A section must state a fact and hold the question's rarer words; the words of the
    note count against its heading.
    """
    places = _places(documents)
    counts = Counter(word for place in places for word in place.stems)
    rarity = {word: math.log(1 + len(places) / n) for word, n in counts.items()}
    turn = case.history[-2].content if case.history and not case.standalone else ""
    asked = _stems(f"{turn} {case.standalone or case.question}")
    noted = _stems(" ".join(_SHORT.get(w, w) for w in case.note.lower().split()))
    found: list[Evidence] = []
    for report in case.reports:
        scores = {
            number: _shared(asked, place.stems, rarity)
            + _shared(noted, place.heading, rarity)
            + len(stated) / len(case.facts)
            for number, place in enumerate(places)
            if place.report == report
            and (stated := [f for f in case.facts if states(place.section.text, f)])
            and _shared(asked | noted, place.stems, rarity) >= _LEAST
        }
        for number in _best(scores, places):
            section = places[number].section
            quote = _quote(section, case.facts, asked)
            found.append(Evidence(report, section.heading, quote))
    return tuple(dict.fromkeys(found))


def fill_in(
    documents: Sequence[Document], folder: Path = CASES, *, write: bool = False
) -> dict[str, tuple[int, int]]:
    """Propose evidence for every answerable case that has none.

    Args:
        documents: the shelf.
        folder: holds the files of cases.
        write: put the proposals into the files.

    Returns:
        For each file the answerable cases with evidence, and without.
    """
    cases = {case.id: case for case in load_cases(folder)}
    told = {}
    for name in FILES:
        rows = [
            json.loads(line)
            for line in (folder / name).read_text(encoding="utf-8").splitlines()
        ]
        for row in rows:
            if row["answerable"] and not row["evidence"]:
                places = locate(cases[row["id"]], documents)
                row["evidence"] = [asdict(place) for place in places]
        held = [bool(row["evidence"]) for row in rows if row["answerable"]]
        told[name] = (sum(held), len(held) - sum(held))
        if write:
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (folder / name).write_text(text, encoding="utf-8")
    return told
