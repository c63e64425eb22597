"""Does one thing with a data folder in a process of its own, a line for each line read.

``python -m tests.damage_runner``; a line is ``["what", "CORPUS", "DATA"]``, the answer is
JSON: ``code`` (negative: a signal), ``said`` (what was found, or the error's sentence)
and ``warned``. Each is done in a fork of this process, which has opened nothing.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import assistant.index.probing  # noqa: F401 - loaded once, before the forks
from assistant.errors import AssistantError
from assistant.index.lexical import count_chunks
from assistant.index.opening import open_shelf, update_index
from assistant.index.sentence_vectors import sentence_texts
from assistant.index.verify import verify_index
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.changes import Workplace, change_shelf, recover_list
from assistant.library.details import Given
from assistant.library.entries import Entry, make_entry
from assistant.library.shelf import read_shelf
from assistant.reading.reader import read_file
from tests.fakes import WordHashEmbedder

NOTE = "# On Weirs\n\n## Care\n\nQuill House says that weirs need care every spring.\n"
WORDS = ("weirs", "nurses", "volunteers", "audit", "dusk")


def ask(place: Workplace) -> object:
    """All that answers are made of: what is found by words and by meaning, in full."""
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    with closing(open_shelf(place.index_dir, documents, place.embedder)) as shelf:
        found = []
        for word in WORDS:
            by_word = shelf.lexical.search([word], 9)
            by_meaning = shelf.nearest(f"what of the {word}", 5)
            named = shelf.nearest(word, 3, shelf.reports[:2])
            chunks = shelf.chunks([*by_word, *by_meaning, *named])
            found += [
                repr([(id_, round(score, 4)) for id_, score in scores.items()])
                for scores in (by_word, by_meaning, named)
            ]
            found += [repr(chunk) for _, chunk in sorted(chunks.items())]
            shelf.recall(chunks.values())
            texts = [t for _, c in sorted(chunks.items()) for t in sentence_texts(c)]
            near = shelf.embedder.embed(texts) @ shelf.embedder.embed([word])[0]
            found.append(repr([round(float(cosine), 2) for cosine in near]))
        return found


def index(place: Workplace) -> object:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    update_index(place.index_dir, documents, place.embedder)
    return ask(place)


def rebuild(place: Workplace) -> object:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    update_index(place.index_dir, documents, place.embedder, rebuild=True)
    return ask(place)


def verify(place: Workplace) -> object:
    faults = [
        f"{entry.details.report}: {what}. assistant reports update"
        for entry, what in place.library.problems()
    ]
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    problems = verify_index(place.index_dir, documents, place.embedder)
    faults += [f"{p.what} Run: {p.mend}" for p in problems]
    if faults:
        raise AssistantError("\n".join(faults))
    return ask(place)


def listing(place: Workplace) -> object:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    counts = count_chunks(place.index_dir)
    return [(repr(d.details), counts.get(d.details.document_id)) for d in documents]


def add(place: Workplace) -> object:
    file = place.index_dir.parent.parent / "locks.md"
    text = "# On Locks\n\n## Care\n\nQuill House says that locks need oil.\n"
    file.write_text(text, encoding="utf-8")
    entry, one = _entry(place, file, "locks")
    change_shelf(place, lambda lib: lib.put(entry, file, one.extract.sections))
    change_shelf(place, lambda lib: lib.remove("locks/report"))
    return ask(place)


def _entry(place: Workplace, file: Path, report: str) -> tuple[Entry, Candidate]:
    one = read_candidate(Incoming(file, file.name, "x"), known={}, read=read_file)
    assert isinstance(one, Candidate)
    return make_entry(one, Given(report=report, publisher="Q")), one


def update(place: Workplace) -> object:
    """Put the report's file on the shelf again."""
    file = place.index_dir.parent.parent / "weirs.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(NOTE, encoding="utf-8")
    entry, one = _entry(place, file, "weirs")
    change_shelf(place, lambda lib: lib.put(entry, one.file, one.extract.sections))
    return index(place)


def stock(place: Workplace) -> object:
    """Make a data folder."""
    update(place)
    change_shelf(place, lambda library: library.leave_out(["buses-2023/report"]))
    return ask(place)


def recover(place: Workplace) -> object:
    recovered = recover_list(place)
    if recovered.problems:
        raise AssistantError("\n".join(recovered.problems))
    return ask(place)


DO: dict[str, Callable[[Workplace], object]] = {
    "ask": ask, "index": index, "rebuild": rebuild, "verify": verify,
    "list": listing, "add": add, "recover": recover,
    "update": update, "stock": stock,
}  # fmt: skip


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def child(out: int, what: str, corpus: str, data: str) -> None:
    kept = _Kept()
    logging.getLogger("assistant").addHandler(kept)
    place = Workplace(
        Path(corpus), Path(data) / "reports", Path(data) / "index", WordHashEmbedder()
    )
    code, said = 0, ""
    try:
        said = json.dumps(DO[what](place))
    except AssistantError as error:
        code, said = 1, str(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is no error of ours
        code, said = 2, repr(error)
    with os.fdopen(out, "w") as pipe:
        json.dump({"said": said, "warned": kept.lines}, pipe)
    os._exit(code)


def main() -> None:
    for line in sys.stdin:
        inside, outside = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(inside)
            child(outside, *json.loads(line))
        os.close(outside)
        with os.fdopen(inside) as pipe:
            told = pipe.read()
        _, status = os.waitpid(pid, 0)
        result = json.loads(told) if told else {"said": "", "warned": []}
        result["code"] = os.waitstatus_to_exitcode(status)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
