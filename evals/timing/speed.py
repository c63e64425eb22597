"""Speed as ratios within one run, which say the same on a fast and a slow machine.

Processor time is told beside the clock: a busy machine changes it less, and the two
threads of the embedding model let it be more than the clock alone would be.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

from assistant.briefing.agenda.agenda import parse_agenda
from assistant.composition import Assistant, open_assistant
from assistant.index.applying import embedding_text
from assistant.index.embeddings import make_embedder
from assistant.index.opening import update_index
from assistant.index.sentence_vectors import sentence_texts
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.settings import CHECKOUT, Settings
from evals.cases import Case
from evals.reporting.report import table

_QUESTIONS = 40
_FIRST = "What does Localis recommend about Oflog?"
_STARTS = 5
_PACKS = 8, 40
_IMPORTS = "-c", "import chromadb, onnxruntime"


class Took(NamedTuple):
    """What a piece of work took, in seconds: by the clock, and of the processors."""

    wall: float
    cpu: float


def timed(work: Callable[..., object], *arguments: object) -> Took:
    """Return how long a piece of work in this process took."""
    started, worked = perf_counter(), process_time()
    work(*arguments)
    return Took(perf_counter() - started, process_time() - worked)


def _middle(times: Sequence[Took]) -> Took:
    return Took(median(t.wall for t in times), median(t.cpu for t in times))


def question_speed(settings: Settings, cases: Sequence[Case]) -> str:
    """Time whole questions and packs against the embedding of the questions alone.

    All of it in a process that did not make the index: what that one holds already, the
    first question would not wait for.
    """
    open_assistant(settings).close()
    asked = cases[:: max(1, len(cases) // _QUESTIONS)]
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return _table(other.submit(_questions, settings, asked).result())


def _questions(settings: Settings, asked: Sequence[Case]) -> list[tuple[str, Took]]:
    embedder = make_embedder(settings.embeddings)
    # The first loads what the others only use.
    embedder.embed([_FIRST])
    with closing(open_assistant(settings, embedder=embedder)) as assistant:
        ask = assistant.answer
        first = timed(ask, _FIRST)
        bare, whole, again = [], [], []
        for case in asked:
            bare.append(timed(embedder.embed, [case.question]))
            whole.append(timed(ask, case.question, case.history))
            again.append(timed(ask, case.question, case.history))
        matters = _matters(settings)
        packs = [
            (f"pack of {n} items", timed(_pack, assistant, matters[-n:]))
            for n in _PACKS
        ]
    return [
        ("embedding the question alone", _middle(bare)),
        ("whole question, the first after a start", first),
        ("whole question", _middle(whole)),
        ("whole question, asked again", _middle(again)),
        *packs,
    ]


def _matters(settings: Settings) -> list[str]:
    """Return matters for agendas: the headings of what is on the shelf."""
    sections = (s for d in read_corpus(settings.corpus_dir) for s in d.sections)
    return [*dict.fromkeys(section.heading for section in sections)]


def _pack(assistant: Assistant, matters: Sequence[str]) -> None:
    lines = [f"{n}. {matter}" for n, matter in enumerate(matters, start=1)]
    assistant.brief(parse_agenda("\n".join(lines)), length="full")


def command_speed(settings: Settings) -> str:
    """Time `assistant ask` as a process against the imports of what it needs alone."""
    ask = "-m", "assistant", "ask", _FIRST
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(settings.data_dir)}
    # As it is installed, and not as where no compiled file may be kept.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    bare, whole = [], []
    for _ in range(_STARTS + 1):
        bare.append(_process(_IMPORTS, environment))
        whole.append(_process(ask, environment))
    return _table(
        [
            ("importing chromadb and onnxruntime", _middle(bare[1:])),
            ("assistant ask", _middle(whole[1:])),
        ]
    )


def _process(arguments: Sequence[str], environment: dict[str, str]) -> Took:
    """Time a process of Python's; those that ran before it are not counted."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(perf_counter() - started, cpu)


def index_speed(settings: Settings) -> str:
    """Time building the index against embedding the same texts alone."""
    documents = read_corpus(settings.corpus_dir)
    embedder = make_embedder(settings.embeddings)
    chunks = [c for d in documents for c in chunk_document(d, embedder.count_tokens)]
    texts = [embedding_text(chunk, embedder) for chunk in chunks]
    asked = [question for chunk in chunks for question in chunk.asked_as]
    said = [text for chunk in chunks for text in sentence_texts(chunk)]
    embedder.embed(texts[:1])
    every = dict.fromkeys([*texts, *asked, *said])
    bare = timed(embedder.embed, [*every])
    with TemporaryDirectory() as folder:
        built = timed(update_index, Path(folder), documents, embedder)
    return _table(
        [
            (f"embedding its {len(every):,} texts alone", bare),
            ("building the index", built),
        ]
    )


def _table(times: Sequence[tuple[str, Took]]) -> str:
    """Show times, each with its processor time as a multiple of the first's."""
    base = times[0][1].cpu
    rows = [
        (
            what,
            f"{1000 * took.wall:,.0f}",
            f"{1000 * took.cpu:,.0f}",
            f"{took.cpu / base:,.1f}",
        )
        for what, took in times
    ]
    return table(("", "ms", "processor ms", "ratio"), rows, markdown=True)
