"""Reads a public data set as a shelf with cases: BEIR layout, or JSON like SQuAD's.

SQuAD's own layout has articles of paragraphs. A flat file of ``queries`` (``id``,
``question``, ``context``, ``title`` perhaps) has its answers in ``ground_truth.json``
beside it; contexts without titles are grouped into articles by their meaning.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.index.embeddings import Embedder
from assistant.schema import Document, ReportDetails, Section
from evals.cases import Case, Evidence
from evals.comparing.beir import DatasetError, load_dataset

GROUND_TRUTH = "ground_truth.json"
# Articles that contexts without titles are grouped into, at most.
_ARTICLES = 40
_CAPITALS = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the paragraph that it is about; no answers: it has none there."""

    id: str
    question: str
    context: str
    answers: tuple[str, ...]
    title: str = ""


def read_dataset(path: Path, embedder: Embedder) -> tuple[list[Document], list[Case]]:
    """Return the documents of a data set and a case for each of its questions.

    Args:
        path: a folder in BEIR layout, or a JSON file.
        embedder: groups paragraphs without titles.

    Raises:
        DatasetError: it is of neither layout.
    """
    if path.is_dir():
        return _of_beir(path)
    asked = list(_asked(path))
    if not asked:
        raise DatasetError(f"{path} holds no questions.")
    return _on_articles(asked, embedder)


def _of_beir(folder: Path) -> tuple[list[Document], list[Case]]:
    data = load_dataset(folder)
    documents = [
        _document(id_, text.title or id_, {text.title or id_: text.text})
        for id_, text in data.corpus.items()
    ]
    cases = [
        _case(id_, data.queries[id_], tuple(r for r in relevant if r in data.corpus))
        for id_, relevant in data.relevant.items()
    ]
    return documents, [case for case in cases if case.reports]


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(f"{file} cannot be read as JSON: {error}.") from error


def _asked(file: Path) -> Iterator[Asked]:
    values = _read(file)
    try:
        if "data" in values:
            yield from _nested(values["data"])
        else:
            truth = _read(file.parent / GROUND_TRUTH)
            yield from _flat(values["queries"], truth.get("ground_truth", truth))
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f"{file}: neither SQuAD's layout nor queries with contexts ({error})."
        ) from error


def _nested(articles: Sequence[Mapping[str, Any]]) -> Iterator[Asked]:
    for article in articles:
        for paragraph in article["paragraphs"]:
            for one in paragraph["qas"]:
                given = () if one.get("is_impossible") else one["answers"]
                yield Asked(
                    str(one["id"]),
                    one["question"],
                    paragraph["context"],
                    tuple(answer["text"] for answer in given),
                    str(article.get("title") or "").replace("_", " "),
                )


def _flat(
    queries: Sequence[Mapping[str, Any]], truth: Mapping[str, Any]
) -> Iterator[Asked]:
    for one in queries:
        answers = truth[one["id"]]
        given = () if answers["is_impossible"] else answers["answers"]
        yield Asked(
            str(one["id"]),
            one["question"],
            one["context"],
            tuple(given),
            str(one.get("title") or "").replace("_", " "),
        )


def _on_articles(
    asked: Sequence[Asked], embedder: Embedder
) -> tuple[list[Document], list[Case]]:
    articles: dict[str, list[str]] = {}
    titles = {one.context: one.title for one in asked}
    untitled = [context for context, title in titles.items() if not title]
    for context, title in titles.items():
        if title:
            articles.setdefault(title, []).append(context)
    for group in group_alike(untitled, embedder):
        articles[_title_of(group, articles)] = group
    places: dict[str, tuple[str, str]] = {}
    documents = []
    for number, (title, contexts) in enumerate(articles.items(), start=1):
        report = f"article-{number}"
        sections = {str(n): text for n, text in enumerate(contexts, start=1)}
        documents.append(_document(report, title, sections))
        places |= {text: (report, heading) for heading, text in sections.items()}
    return documents, [_about(one, *places[one.context]) for one in asked]


def group_alike(texts: Sequence[str], embedder: Embedder) -> list[list[str]]:
    """Return texts grouped by meaning: the two nearest groups joined, again and again.

    Method: agglomerative clustering by average linkage.
    """
    if not texts:
        return []
    vectors = embedder.embed([text[:800] for text in texts])
    alike = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(alike, -np.inf)
    groups: dict[int, list[int]] = {n: [n] for n in range(len(texts))}
    while len(groups) > _ARTICLES:
        one, other = map(int, np.unravel_index(alike.argmax(), alike.shape))
        sizes = len(groups[one]), len(groups[other])
        joined = np.average(alike[[one, other]], axis=0, weights=sizes)
        alike[one], alike[:, one] = joined, joined
        alike[one, one] = -np.inf
        alike[other], alike[:, other] = -np.inf, -np.inf
        groups[one] += groups.pop(other)
    return [[texts[n] for n in group] for group in groups.values()]


def _title_of(contexts: Sequence[str], taken: Mapping[str, object]) -> str:
    """Return the name that stands most often in texts, which is no other's title."""
    names = Counter(_CAPITALS.findall(" ".join(contexts)))
    fit = (name for name, _ in names.most_common() if name not in taken)
    return next(fit, f"Article {len(taken) + 1}")


def _document(report: str, title: str, sections: Mapping[str, str]) -> Document:
    details = ReportDetails(
        report=report,
        document="article",
        title=title,
        publisher="Data set",
        document_type="article",
        url="",
        rights="",
    )
    parts = tuple(Section((title, name), text) for name, text in sections.items())
    return Document(details, parts, f"{report} {hash_of(sections)}")


def hash_of(sections: Mapping[str, str]) -> str:
    """Return what changes with the text of any section."""
    text = json.dumps(dict(sections), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _about(one: Asked, report: str, heading: str) -> Case:
    if not one.answers:
        return _case(one.id, one.question, ())
    place = Evidence(report, heading, one.context)
    return _case(one.id, one.question, (report,), one.answers, (place,))


def _case(
    id_: str,
    question: str,
    reports: tuple[str, ...],
    answers: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
) -> Case:
    facts = (
        (tuple(dict.fromkeys(a.strip().lower() for a in answers)),) if answers else ()
    )
    return Case(
        id=id_,
        question=question,
        history=(),
        reports=reports,
        facts=facts,
        evidence=evidence,
        note="data set",
        answerable=bool(reports),
        tags=("data set",),
        held_out=False,
    )
