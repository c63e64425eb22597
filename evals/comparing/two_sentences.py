"""The baseline that must be beaten: the two sentences nearest to the question.

Hybrid search for the question as it is typed, its five best passages, of these the two
sentences with the best .6 cosine + .4 overlap of stems. No rules, no names of reports,
no glossary, no conversation, and nothing is ever refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.retrieval.hybrid import CANDIDATES, fuse
from assistant.index.shelf import Shelf
from assistant.schema import Chunk
from assistant.text.sentences import split_sentences
from assistant.text.words import content_words, stem, stems
from evals.cases import Case
from evals.measuring.answers import Answer, bare_words, is_refused
from evals.measuring.estimate import mean_with_interval
from evals.measuring.metrics import facts_present, right_report, right_section
from evals.reporting.report import number, table
from evals.run import Ask

PASSAGES, SENTENCES = 5, 2
COSINE, OVERLAP = 0.6, 0.4
# Ours may be so many times as long.
MOST_WORDS = 2.0
MUST_BE_BETTER = {
    metric.__name__: metric for metric in (right_report, right_section, facts_present)
}


def nearest_passages(question: str, shelf: Shelf) -> dict[Chunk, float]:
    """Return the best passages of hybrid search for the question as typed."""
    dense = shelf.nearest(question, CANDIDATES)
    scores = fuse(shelf.lexical.search(content_words(question), CANDIDATES), dense)
    ids = list(scores)[:PASSAGES]
    chunks = shelf.chunks(ids)
    return {chunks[id_]: scores[id_] for id_ in ids if id_ in chunks}


def nearest_sentences(
    question: str, chunks: Sequence[Chunk], shelf: Shelf
) -> list[tuple[str, Chunk]]:
    """Return the sentences nearest to a question, best first, each with its passage."""
    places: dict[str, Chunk] = {}
    for chunk in chunks:
        for sentence in split_sentences(chunk.text):
            places.setdefault(sentence, chunk)
    if not places:
        return []
    cosines = shelf.embedder.embed(list(places)) @ shelf.embedder.embed([question])[0]
    asked = {stem(word) for word in content_words(question)}
    scored = [
        (COSINE * float(cosine) + OVERLAP * _overlap(asked, text), text)
        for text, cosine in zip(places, cosines, strict=True)
    ]
    best = sorted(scored, key=lambda pair: -pair[0])[:SENTENCES]
    return [(text, places[text]) for _, text in best]


def _overlap(asked: set[str], text: str) -> float:
    return len(asked & set(stems(text))) / len(asked) if asked else 0.0


def two_sentences(shelf: Shelf) -> Ask:
    """Return a function that answers a case with the two nearest sentences."""

    def ask(case: Case) -> Answer:
        chunks = nearest_passages(case.question, shelf)
        found = nearest_sentences(case.question, list(chunks), shelf)
        passages = [_place(chunk) | {"text": chunk.text} for chunk in chunks]
        citations = [
            _place(chunk) | {"number": n, "quote": text}
            for n, (text, chunk) in enumerate(found, start=1)
        ]
        return {
            "id": case.id,
            "question": case.question,
            "standalone_question": case.question,
            "outcome": "answered" if found else "no_evidence",
            "text": " ".join(f"{c['quote']} [{c['number']}]" for c in citations),
            "sentences": [
                {"text": c["quote"], "citations": [c["number"]], "support": 1.0}
                for c in citations
            ],
            "withheld": [],
            "citations": citations,
            "passages": passages,
            "nearest": [],
            "model": "two sentences",
            "seconds": 0.0,
            "tokens": 0,
        }

    return ask


def _place(chunk: Chunk) -> dict[str, object]:
    details = chunk.details
    return {
        "report": details.report,
        "title": details.title,
        "publisher": details.publisher,
        "section": chunk.section,
        "page": chunk.page,
        "score": 0.0,
    }


@dataclass(frozen=True, slots=True)
class Duel:
    """Our answers and those of two sentences to the answerable cases of one set.

    ``ours`` and ``theirs`` hold the mean of each measure; ``words`` the mean length of
    an answer that was given; ``refused`` the share of the unanswerable that we refuse.
    """

    name: str
    cases: int
    ours: Mapping[str, float | None]
    theirs: Mapping[str, float | None]
    words: tuple[float, float]
    refused: float | None

    @property
    def faults(self) -> list[str]:
        """What is not as it must be; nothing where the set has nothing to measure."""
        worse = [
            f"{self.name}: {name} {number(mine)}, two sentences {number(other)}"
            for name, mine in self.ours.items()
            if mine is not None
            and (other := self.theirs[name]) is not None
            # Two that are both perfect are equals.
            and (mine < other or mine == other < 1)
        ]
        ours, theirs = self.words
        if ours > MOST_WORDS * theirs:
            worse.append(f"{self.name}: {ours:.0f} words, two sentences {theirs:.0f}")
        return worse


def duel(
    name: str, cases: Sequence[Case], ours: Sequence[Answer], theirs: Sequence[Answer]
) -> Duel:
    """Hold our answers against theirs, a case each, in the order of the cases."""
    answerable = [n for n, case in enumerate(cases) if case.answerable]
    others = [n for n, case in enumerate(cases) if not case.answerable]

    def means(answers: Sequence[Answer]) -> dict[str, float | None]:
        return {
            measure: mean_with_interval(
                [metric(cases[n], answers[n]) for n in answerable]
            ).mean
            for measure, metric in MUST_BE_BETTER.items()
        }

    def length(answers: Sequence[Answer]) -> float:
        given = [answers[n] for n in answerable if not is_refused(answers[n])]
        return sum(bare_words(a["text"]) for a in given) / max(1, len(given))

    refused = [float(is_refused(ours[n])) for n in others]
    return Duel(
        name,
        len(answerable),
        means(ours),
        means(theirs),
        (length(ours), length(theirs)),
        sum(refused) / len(refused) if refused else None,
    )


def duels_table(duels: Sequence[Duel]) -> str:
    """Return a row of ours and one of theirs for each set, with what must be better."""
    rows = []
    for one in duels:
        for who, means, words in zip(
            ("ours", "two sentences"), (one.ours, one.theirs), one.words, strict=True
        ):
            refused = number(one.refused) if who == "ours" else number(0.0)
            verdict = ("worse" if one.faults else "better") if who == "ours" else ""
            shown = [number(means[name]) for name in MUST_BE_BETTER]
            cells = (who, str(one.cases), *shown, f"{words:.0f}", refused, verdict)
            rows.append((one.name if who == "ours" else "", *cells))
    header = ("set", "", "answerable", *(n.replace("_", " ") for n in MUST_BE_BETTER),
              "words", "true refusal", "")  # fmt: skip
    return table(header, rows)
