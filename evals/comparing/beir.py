"""Reads a retrieval data set in BEIR layout (Thakur et al., 2021).

``corpus.jsonl`` and ``queries.jsonl`` hold objects with ``_id`` and ``text`` (and a
``title`` of documents), ``qrels/*.tsv`` a line ``query-id<TAB>corpus-id<TAB>score`` for
each judgement under a header.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class DatasetError(Exception):
    """A data set cannot be used as it is; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the corpus."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and queries by id, and for each query the grades above 0 by document."""

    corpus: Mapping[str, Text]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...]
    """What does not fit together and was passed over or counts as not found."""


def load_dataset(folder: Path, split: str | None = None) -> Dataset:
    """Read a data set.

    Args:
        folder: holds the three parts.
        split: the name of a file of ``qrels``; None takes ``test``, or the only one.

    Raises:
        DatasetError: a file is missing or not of this layout.
    """
    corpus = {
        id_: Text(str(row.get("title") or ""), text)
        for id_, text, row in _rows(folder / "corpus.jsonl")
    }
    queries = {id_: text for id_, text, _ in _rows(folder / "queries.jsonl")}
    qrels = list(_judgements(_qrels_file(folder / "qrels", split)))
    relevant: dict[str, dict[str, float]] = {}
    for query, document, score in qrels:
        judged = relevant.setdefault(query, {}) if query in queries else {}
        if score > 0:
            judged[document] = score
    if not relevant:
        raise DatasetError(f"{folder}: no judgement is of a query of queries.jsonl.")
    return Dataset(corpus, queries, relevant, tuple(_notes(corpus, queries, qrels)))


def _notes(
    corpus: Mapping[str, Text],
    queries: Mapping[str, str],
    qrels: list[tuple[str, str, float]],
) -> Iterator[str]:
    strange = sum(query not in queries for query, _, _ in qrels)
    if strange:
        yield f"{strange} judgements are of no query in queries.jsonl: passed over."
    absent = sum(document not in corpus for _, document, _ in qrels)
    if absent:
        yield (
            f"{absent} judgements are of no document in corpus.jsonl: as in trec_eval, "
            "what is relevant among them counts as not found."
        )
    unjudged = len(queries.keys() - {query for query, _, _ in qrels})
    if unjudged:
        yield f"{unjudged} queries have no judgement: not asked."


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DatasetError(f"There is no {file}. A data set needs it.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file} cannot be read as UTF-8 text.") from error
    # Not splitlines(): a text may hold other line ends, such as U+2028.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r")


def _rows(file: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    seen: set[str] = set()
    for number, line in _lines(file):
        place = f"{file.name}:{number}"
        try:
            row = json.loads(line)
            id_, text = str(row["_id"]), row["text"]
        except (ValueError, TypeError, KeyError) as error:
            raise DatasetError(f"{place}: not an object with _id and text.") from error
        if not isinstance(text, str):
            raise DatasetError(f"{place}: text must be text.")
        if id_ in seen:
            raise DatasetError(f"{place}: the _id {id_} stands twice.")
        seen.add(id_)
        yield id_, text, row
    if not seen:
        raise DatasetError(f"{file} is empty.")


def _qrels_file(folder: Path, split: str | None) -> Path:
    names = sorted(file.stem for file in folder.glob("*.tsv"))
    if not names:
        raise DatasetError(f"There is no .tsv file in {folder}. A data set needs one.")
    wanted = split or ("test" if "test" in names else names[0])
    if wanted not in names or (not split and wanted != "test" and len(names) > 1):
        raise DatasetError(f"{folder} holds {', '.join(names)}: choose one by --split.")
    return folder / f"{wanted}.tsv"


def _judgements(file: Path) -> Iterator[tuple[str, str, float]]:
    for number, line in _lines(file):
        cells = line.split("\t")
        if number == 1 and cells[-1].strip() == "score":
            continue
        try:
            query, document, score = cells
            yield query, document, float(score)
        except ValueError as error:
            raise DatasetError(
                f"{file.name}:{number}: not query-id, corpus-id and score, parted by tabs."
            ) from error
