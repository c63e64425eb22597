"""Changes a team's shelf without end, to be killed: says first what it found.

``python -m tests.shelf_changer CORPUS DATA [open]`` prints one JSON object, what the
shelf and its index hold after the start has mended them, and then changes it for ever.
With ``open`` it does so while it has the shelf open, as the page does.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

from assistant.index.lexical import count_chunks
from assistant.index.opening import open_shelf
from assistant.index.shelf import Shelf
from assistant.index.store.chunks import ChunkStore
from assistant.index.verify import verify_index
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import Given
from assistant.library.entries import make_entry
from assistant.library.shelf import read_shelf
from assistant.reading.chunking import chunk_document
from assistant.reading.reader import read_file
from assistant.schema import Source
from tests.fakes import WordHashEmbedder

NAMES = ("weirs", "dams", "locks")
SECTIONS = 40


def text_of(name: str, version: int) -> str:
    sections = "".join(
        f"## Part {n}\n\nQuill House says in version {version} that {name} number {n} "
        "need care.\n\n"
        for n in range(SECTIONS)
    )
    return f"# On {name}\n\n{sections}"


def state(place: Workplace) -> dict[str, object]:
    """Open the shelf as any start does, and say what it holds."""
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    embedder = WordHashEmbedder()
    with closing(open_shelf(place.index_dir, documents, embedder)) as shelf:
        whole = {
            d.details.document_id: {
                c.id: c.text for c in chunk_document(d, embedder.count_tokens)
            }
            for d in documents
        }
        held = {
            name: {
                c.id: c.text for c in shelf.chunks(shelf.lexical.ids_of(name)).values()
            }
            for name in count_chunks(place.index_dir)
        }
        nearest = shelf.nearest("version that weirs need care", 200)
    store = ChunkStore(place.index_dir / "chroma")
    stored = {id_ for ids in store.ids_by_document().values() for id_ in ids}
    store.close()
    problems = verify_index(place.index_dir, documents, embedder)
    return {
        "entries": [e.details.document_id for e in place.library.entries()],
        "agree": whole == held,
        "left_over": len(stored - {id_ for part in held.values() for id_ in part}),
        "dead": len(set(nearest) - {id_ for part in held.values() for id_ in part}),
        "problems": [problem.what for problem in problems],
        "changes": len(place.library.listing.read("SELECT * FROM journal")),
    }


def change(place: Workplace, folder: Path, number: int) -> None:
    """Add a report, put a new version in its place, or take it off."""
    name = NAMES[number % len(NAMES)]
    entries = {e.details.report: e for e in place.library.entries()}
    old = entries.get(name)
    if old is not None and number % 4 == 0:
        change_shelf(place, lambda library: library.remove(f"{name}/report"))
        return
    file = folder / f"{name}.md"
    file.write_text(text_of(name, number), encoding="utf-8")
    extract = read_file(file)
    found = read_candidate(
        Incoming(file, file.name, name), known={}, read=lambda _: extract
    )
    assert isinstance(found, Candidate)
    given = Given(report=name, publisher="Quill House")
    entry = (
        make_entry(found, given) if old is None else make_entry(found, given, old=old)
    )
    change_shelf(place, lambda library: library.put(entry, file, extract.sections))


def opened(place: Workplace) -> Shelf:
    """Open the shelf as the page does: it takes up what changes."""

    def read() -> list[Source]:
        return read_shelf(place.corpus_dir, place.reports_dir)

    return open_shelf(place.index_dir, read(), place.embedder, reread=read)


def main(corpus: Path, data: Path, *, stays_open: bool = False) -> None:
    place = Workplace(corpus, data / "reports", data / "index", WordHashEmbedder())
    found = state(place)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    if stays_open:
        place = replace(place, shelf=opened(place))
    with tempfile.TemporaryDirectory() as folder:
        for number in count(int(str(found["changes"]))):
            change(place, Path(folder), number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), stays_open="open" in sys.argv[3:])
