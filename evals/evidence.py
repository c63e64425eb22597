"""Measures the evidence check: false sentences caught, true sentences withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from assistant.answering.checking.evidence import (
    Verdict,
    check_sentence,
    similarity_with,
)
from assistant.index.embeddings import CachedEmbedder, make_embedder
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.settings import Settings
from evals.measuring.estimate import Estimate, mean_with_interval
from evals.pairs import KINDS, Pair, find_passages
from evals.reporting.report import number, table


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair with what the check said of it, and in how many seconds."""

    pair: Pair
    verdict: Verdict
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the check shows what holds and withholds what does not."""
        return self.verdict.holds == self.pair.holds


def check_pairs(pairs: Sequence[Pair], settings: Settings) -> list[Checked]:
    """Put every pair to the evidence check, against the chunks the shelf would hold.

    Raises:
        PairError: a pair cites what is in no chunk.
    """
    documents = read_corpus(settings.corpus_dir)
    embedder = CachedEmbedder(make_embedder(settings.embeddings))
    chunks = [c for d in documents for c in chunk_document(d, embedder.count_tokens)]
    catalogue = [document.details for document in documents]
    similarity = similarity_with(embedder)
    checked = []
    for pair in pairs:
        passages = find_passages(pair, chunks)
        started = perf_counter()
        verdict = check_sentence(pair.sentence, passages, catalogue, similarity)
        checked.append(Checked(pair, verdict, perf_counter() - started))
    return checked


def _share(values: Sequence[bool]) -> Estimate:
    return mean_with_interval([float(value) for value in values])


def _row(name: str, measured: str, estimate: Estimate) -> tuple[str, ...]:
    interval = f"{number(estimate.low)} to {number(estimate.high)}"
    return name, measured, number(estimate.mean), interval, str(estimate.n)


def scores(checked: Sequence[Checked]) -> dict[str, Estimate]:
    """Return the shares over all pairs.

    ``false_caught`` is the recall of the check, ``precision`` the share of what it
    withholds that is false, ``true_withheld`` what it costs.
    """
    withheld = [not c.pair.holds for c in checked if not c.verdict.holds]
    return {
        "false_caught": _share(
            [not c.verdict.holds for c in checked if not c.pair.holds]
        ),
        "true_withheld": _share([not c.verdict.holds for c in checked if c.pair.holds]),
        "precision": _share(withheld),
    }


def scores_table(checked: Sequence[Checked]) -> str:
    """Return the shares over all pairs and by kind, each with its 95 % interval."""
    rows = [_row("all", name, estimate) for name, estimate in scores(checked).items()]
    for kind in KINDS:
        of_kind = [c for c in checked if c.pair.kind == kind]
        if of_kind:
            name = "true_withheld" if of_kind[0].pair.holds else "false_caught"
            share = _share([not c.verdict.holds for c in of_kind])
            rows.append(_row(kind, name, share))
    times = sorted(c.seconds for c in checked)
    speed = f"Median {1000 * times[len(times) // 2]:.0f} ms, slowest {1000 * times[-1]:.0f} ms."
    shown = table(("kind", "share", "mean", "95 % interval", "pairs"), rows)
    return f"{shown}\n\n{speed}"


def wrong_table(checked: Sequence[Checked]) -> str:
    """Return the pairs on which the check was wrong, with what it found."""
    rows = [
        f"{c.pair.id} {c.pair.kind}: {c.pair.sentence}\n"
        f"    support {c.verdict.support:.3f}; {'; '.join(c.verdict.problems) or 'shown'}"
        for c in checked
        if not c.right
    ]
    return "\n".join(rows)
