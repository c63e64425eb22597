"""Other ways to rank passages, and the stock recipe, asked the same questions as ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.retrieval.hybrid import fuse
from assistant.index.embeddings import Embedder
from assistant.schema import Source
from evals.cases import Case
from evals.comparing.recipe import split_text
from evals.measuring.answers import Answer

Fusion = Callable[[Mapping[str, float], Mapping[str, float]], dict[str, float]]
_RRF_K = 60
_RECIPE_TOP_K = 4


def ordered(scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores best first, ties by id."""
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def lexical_only(
    lexical: Mapping[str, float], dense: Mapping[str, float]
) -> dict[str, float]:
    """Rank by words alone."""
    return ordered(lexical)


def dense_only(
    lexical: Mapping[str, float], dense: Mapping[str, float]
) -> dict[str, float]:
    """Rank by meaning alone."""
    return ordered(dense)


def reciprocal_rank_fusion(
    lexical: Mapping[str, float], dense: Mapping[str, float]
) -> dict[str, float]:
    """Add 1 / (60 + rank) of both rankings (Cormack, Clarke and Büttcher, 2009)."""
    scores: dict[str, float] = {}
    for ranking in (ordered(lexical), ordered(dense)):
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (_RRF_K + rank)
    return ordered(scores)


FUSIONS: dict[str, Fusion] = {
    "lexical only": lexical_only,
    "dense only": dense_only,
    "RRF": reciprocal_rank_fusion,
    "min-max fusion": fuse,
}


@dataclass(frozen=True)
class StockRecipe:
    """The recipe of LangChain's own tutorials, with no model to write.

    Chunks of about 1,000 characters that overlap by 200, the four nearest in meaning,
    each quoted and cited whole; nothing is ever refused. A follow-up is searched for
    as it is typed.
    """

    documents: Sequence[Source]
    chunks: Sequence[str]
    vectors: NDArray[np.float32]
    embedder: Embedder

    @classmethod
    def of(cls, documents: Sequence[Source], embedder: Embedder) -> StockRecipe:
        """Cut and embed the documents as plain text."""
        rows = [(d, text) for d in documents for text in split_text(_plain(d))]
        texts = [text for _, text in rows]
        return cls([d for d, _ in rows], texts, embedder.embed(texts), embedder)

    def ask(self, case: Case) -> Answer:
        """Answer one case."""
        started = perf_counter()
        scores = self.vectors @ self.embedder.embed([case.question])[0]
        best = np.argsort(-scores)[:_RECIPE_TOP_K]
        passages = [self._passage(int(n), float(scores[n])) for n in best]
        sentences = [
            {"text": p["text"], "citations": [n], "support": 1.0}
            for n, p in enumerate(passages, start=1)
        ]
        return {
            "id": case.id,
            "question": case.question,
            "standalone_question": case.question,
            "outcome": "answered",
            "text": " ".join(f"{s['text']} [{s['citations'][0]}]" for s in sentences),
            "sentences": sentences,
            "withheld": [],
            "citations": [
                {**p, "number": n, "quote": p["text"], "title": "", "publisher": ""}
                for n, p in enumerate(passages, start=1)
            ],
            "passages": passages,
            "nearest": [],
            "model": "stock recipe",
            "seconds": round(perf_counter() - started, 3),
            "tokens": 0,
        }

    def _passage(self, number: int, score: float) -> dict[str, Any]:
        return {
            "report": self.documents[number].details.report,
            "section": "",
            "page": None,
            "score": score,
            "text": self.chunks[number],
        }


def _plain(document: Source) -> str:
    """Return a document as a loader gives it: the title, headings and text in a row."""
    parts = [f"# {document.details.title}"]
    for section in document.sections:
        parts += [f"## {section.heading}", section.text]
    return "\n\n".join(parts)
