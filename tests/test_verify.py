"""`assistant index --verify`: every difference is found, with what mends it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.index.manifest import read_manifest, write_manifest
from assistant.index.opening import update_index
from assistant.index.store.chunks import ChunkStore
from assistant.index.verify import Problem, count_found, verify_index
from assistant.reading.catalogue import read_corpus
from tests.fakes import WordHashEmbedder, report, write_corpus

REBUILD, UPDATE = "assistant index --rebuild", "assistant index"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def folder(tmp_path: Path, corpus: Path) -> Path:
    update_index(tmp_path / "index", read_corpus(corpus), WordHashEmbedder())
    return tmp_path / "index"


def verify(folder: Path, corpus: Path) -> list[Problem]:
    return verify_index(folder, read_corpus(corpus), WordHashEmbedder())


def test_a_sound_index_has_no_problem(folder: Path, corpus: Path) -> None:
    assert verify(folder, corpus) == []


def test_no_index_is_a_problem(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "none"
    told = f"There is no index in {folder} yet, or its manifest is lost."
    assert verify(folder, corpus) == [Problem(told, UPDATE)]


def test_files_that_differ_are_named(folder: Path, corpus: Path) -> None:
    reports = corpus / "reports"
    (reports / "buses.md").unlink()
    text = (reports / "parks.md").read_text("utf-8")
    (reports / "parks.md").write_text(text.replace("dusk", "noon"), "utf-8")
    new = report("trams-2024", "report", "## A\n\nTrams run.\n")
    (reports / "trams.md").write_text(new, "utf-8")
    assert verify(folder, corpus) == [
        Problem("trams-2024/report is not indexed.", UPDATE),
        Problem("buses-2023/report is indexed and no longer on the shelf.", UPDATE),
        Problem("parks-2021/report has changed since it was indexed.", UPDATE),
    ]


def test_a_change_broken_off_is_named(folder: Path, corpus: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest
    write_manifest(folder, replace(manifest, pending=["parks-2021/report"]))
    assert verify(folder, corpus)[0].what == (
        "A change was broken off (parks-2021/report)."
    )


def test_lost_and_left_over_chunks_are_counted(folder: Path, corpus: Path) -> None:
    store = ChunkStore(folder / "chroma")
    chunk, other, *_ = store.all_chunks()
    vectors = WordHashEmbedder().embed(["left over"])
    store.upsert([replace(chunk, id="left", asked_as=())], vectors, vectors[:0])
    store.delete([other.id])
    found = verify(folder, corpus)
    store_lost = f"The chunk store in {folder / 'chroma'} has lost 1 chunks."
    assert Problem(store_lost, UPDATE) in found
    assert any("holds 1 chunks that nothing finds" in p.what for p in found)


def test_a_damaged_lexical_index_is_found(folder: Path, corpus: Path) -> None:
    with sqlite3.connect(folder / "lexical.sqlite") as db:
        db.execute("DELETE FROM chunk_words WHERE rowid = 1")
    with sqlite3.connect(folder / "lexical.sqlite") as db:
        db.execute("DELETE FROM chunk WHERE number = 2")
    assert any("the manifest says 7" in p.what for p in verify(folder, corpus))
    (folder / "lexical.sqlite").unlink()
    missing = f"{folder / 'lexical.sqlite'} is missing."
    assert verify(folder, corpus) == [Problem(missing, UPDATE)]


BUILD = """
import sys
from pathlib import Path
import numpy as np
from assistant.index.store.chunks import ChunkStore
from assistant.schema import Chunk, ReportDetails
store = ChunkStore(Path(sys.argv[1]))
rows = np.random.default_rng(1).normal(size=(1500, 16)).astype(np.float32)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
details = ReportDetails("r", "d", "Title", "Publisher", "kind", "url", "none")
for start in range(0, 1500, 250):
    part = range(start, start + 250)
    store.upsert([Chunk(f"{n:032}", details, "S", None, n, "Text.") for n in part],
                 rows[start:start + 250], rows[:0])
store.close()
"""


def test_known_queries_find_a_damaged_vector_index(tmp_path: Path) -> None:
    """Chroma itself counts every chunk and answers with few of them, without an error."""
    folder = tmp_path / "chroma"
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], check=True)
    for segment in [path for path in folder.iterdir() if path.is_dir()]:
        shutil.rmtree(segment)
    store = ChunkStore(folder)
    assert store.count() == 1500
    ids = [f"{n:032}" for n in range(0, 1500, 100)]
    assert count_found(store, ids) < len(ids)
