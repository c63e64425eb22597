"""The retrievers alone, on a data set in BEIR layout: no question is understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.retrieval.hybrid import CANDIDATES
from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex
from assistant.schema import Chunk, ReportDetails
from assistant.text.words import content_words
from evals.comparing.beir import Dataset, Text
from evals.comparing.variants import FUSIONS
from evals.measuring.estimate import mean_with_interval
from evals.measuring.ranking import ndcg, recall, reciprocal_rank
from evals.reporting.report import interval, number, table
from evals.run import Progress

# Documents embedded at a time.
_STEP = 256
Values = dict[str, dict[str, list[float | None]]]


def _chunk(id_: str, text: Text) -> Chunk:
    details = ReportDetails(
        report=id_,
        document="document",
        title=text.title,
        publisher="",
        document_type="",
        url="",
        rights="",
    )
    return Chunk(id_, details, "", None, 0, text.text)


def embed_corpus(
    corpus: Mapping[str, Text], embedder: Embedder, progress: Progress
) -> NDArray[np.float32]:
    """Return a vector for each document, cut where the model's window ends."""
    texts = [f"{text.title}\n{text.text}".strip() for text in corpus.values()]
    parts = []
    for start in range(0, len(texts), _STEP):
        progress(start, len(texts))
        parts.append(embedder.embed(texts[start : start + _STEP]))
    progress(len(texts), len(texts))
    return np.concatenate(parts)


def nearest(
    vector: NDArray[np.float32], vectors: NDArray[np.float32], ids: list[str]
) -> dict[str, float]:
    """Return the cosines of the nearest documents."""
    cosines = vectors @ vector
    best = np.argsort(-cosines, kind="stable")[:CANDIDATES]
    return {ids[n]: float(cosines[n]) for n in best}


def retrieve_all(
    data: Dataset,
    embedder: Embedder,
    folder: Path,
    progress: Progress = lambda done, total: None,
) -> Values:
    """Return each measure of each query, by retriever and measure.

    Args:
        data: what to search and what is right.
        embedder: makes the vectors.
        folder: where the lexical index may be put.
        progress: told how many documents are embedded.
    """
    ids = list(data.corpus)
    vectors = embed_corpus(data.corpus, embedder, progress)
    lexical = LexicalIndex(folder / "lexical.sqlite")
    try:
        lexical.update((), [_chunk(id_, text) for id_, text in data.corpus.items()])
        values: Values = {name: {} for name in FUSIONS}
        for query, gains in data.relevant.items():
            text = data.queries[query]
            words = lexical.search(content_words(text), CANDIDATES)
            meaning = nearest(embedder.embed([text])[0], vectors, ids)
            for name, fusion in FUSIONS.items():
                found = list(fusion(words, meaning))[:CANDIDATES]
                for measure, value in measures(found, gains).items():
                    values[name].setdefault(measure, []).append(value)
    finally:
        lexical.close()
    return values


def measures(found: list[str], gains: Mapping[str, float]) -> dict[str, float | None]:
    """Return the measures of one query; None where nothing is judged relevant."""
    if not gains:
        return dict.fromkeys(("nDCG@10", "recall@10", "recall@100", "RR"))
    return {
        "nDCG@10": ndcg(found, gains, 10),
        "recall@10": recall(found, gains, 10),
        "recall@100": recall(found, gains, 100),
        "RR": reciprocal_rank(found, gains),
    }


def retrieval_table(values: Values) -> str:
    """Return each retriever's measures with their intervals."""
    rows = []
    for name, each in values.items():
        for measure, scored in each.items():
            e = mean_with_interval(scored)
            rows.append(
                (name, measure, number(e.mean), interval(e), str(e.n), str(e.unscored))
            )
    header = ("retriever", "measure", "mean", "95 % interval", "scored", "unscored")
    return table(header, rows)
