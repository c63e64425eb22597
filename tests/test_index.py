"""The index: what changed and nothing else is made anew, and faults are named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.errors import CorpusError, IndexLockedError, IndexStateError
from assistant.index.applying import embedding_text
from assistant.index.lexical import LexicalIndex, match_expression
from assistant.index.lock import IndexLock
from assistant.index.manifest import (
    Manifest,
    SyncResult,
    is_current,
    read_manifest,
    write_manifest,
)
from assistant.index.opening import open_shelf, update_index
from assistant.index.shelf import Shelf
from assistant.index.store.chunks import ChunkStore
from assistant.index.store.collections import ASKED, COLLECTION
from assistant.index.sync import sync
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.schema import Chunk, Document, ReportDetails
from assistant.sealed import unsealed
from tests.fakes import WordHashEmbedder, write_corpus

CHUNKS = 7
QUESTIONS = 3
SENTENCES = 9
REBUILD = "assistant index --rebuild"
# As the store opens it: Chroma refuses other options for a folder that is open.
OPTIONS = ChromaSettings(anonymized_telemetry=False)
ROOT = Path(__file__).parents[1]
DETAILS = ReportDetails("r", "d", "Title", "Publisher", "kind", "url", "none")
QUERIES = ("parks close at dusk", "borrow books at the weekend", "E-4711", "nurses")


class StoppingEmbedder(WordHashEmbedder):
    """Works for some calls, then raises: a build that is interrupted."""

    def __init__(self, calls: int, error: type[BaseException]) -> None:
        super().__init__()
        self.calls, self.error = calls, error

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls -= 1
        if self.calls < 0:
            raise self.error
        return super().embed(texts)


def interrupt(**given: object) -> None:
    raise KeyboardInterrupt


class StoppingLexical(LexicalIndex):
    """A build that is interrupted after the store was written."""

    def update(self, removed: object, added: object) -> None:
        interrupt()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(folder: Path, corpus: Path) -> SyncResult:
    return update_index(folder, read_corpus(corpus), WordHashEmbedder())


def interrupted_sync(
    folder: Path, corpus: Path, store: ChunkStore, lexical: LexicalIndex
) -> None:
    documents, embedder = read_corpus(corpus), WordHashEmbedder()
    with pytest.raises(KeyboardInterrupt):
        sync(folder, documents, store=store, lexical=lexical, embedder=embedder)


def open_small(folder: Path, corpus: Path) -> closing[Shelf]:
    return closing(open_shelf(folder, read_corpus(corpus), WordHashEmbedder()))


def stored(folder: Path) -> dict[str, Chunk]:
    return {chunk.id: chunk for chunk in ChunkStore(folder / "chroma").all_chunks()}


def ids_of(chunks: dict[str, Chunk], document: str) -> set[str]:
    return {id_ for id_, c in chunks.items() if c.details.document_id == document}


def edit(corpus: Path, name: str, old: str, new: str) -> None:
    file = corpus / "reports" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def vectors(folder: Path, collection: str) -> dict[str, list[float]]:
    store = chromadb.PersistentClient(str(folder / "chroma"), OPTIONS)
    found = store.get_collection(collection, embedding_function=None).get(
        include=["embeddings"]
    )
    assert found["embeddings"] is not None
    rows = zip(found["ids"], found["embeddings"], strict=True)
    return {id_: [round(float(x), 4) for x in row] for id_, row in rows}


def state(folder: Path, corpus: Path) -> Any:
    """All that an index holds, opened as a user would: equal for equal indexes."""
    with open_small(folder, corpus) as shelf:
        found = [shelf.lexical.search(q.split(), 200) for q in QUERIES]
        scores = [{k: round(v, 4) for k, v in part.items()} for part in found]
        held = [vectors(folder, name) for name in (COLLECTION, ASKED)]
        said = {f.name: f.read_bytes() for f in (folder / "sentences").iterdir()}
        return stored(folder), held, said, scores, shelf.lexical.vocabulary


def grow(corpus: Path, sections: int) -> None:
    """Add a report that takes more than one step of a build."""
    text = "".join(
        f"\n### Item {n}\n\n<!-- asked as: about {n} -->\n\nRoute {n} is slow today.\n"
        for n in range(sections)
    )
    edit(corpus, "buses.md", "## Findings\n", f"## Findings\n{text}")


def test_build_holds_every_chunk(folder: Path, corpus: Path) -> None:
    embedder = WordHashEmbedder()
    result = update_index(folder, read_corpus(corpus), embedder)
    assert result == SyncResult(added=CHUNKS, removed=0, unchanged=0)
    # Each sentence by itself and under its heading.
    assert embedder.embedded == CHUNKS + QUESTIONS + 2 * SENTENCES
    manifest = read_manifest(folder)
    assert manifest
    assert (manifest.embedding_model, manifest.dimension) == ("word-hash", 64)
    assert (manifest.chunks, manifest.generation) == (CHUNKS, 1)
    assert is_current(manifest, read_corpus(corpus))
    assert len(stored(folder)) == CHUNKS


def test_build_tells_its_progress(folder: Path, corpus: Path) -> None:
    told: list[tuple[int, int]] = []
    grow(corpus, 70)
    documents = read_corpus(corpus)
    update_index(
        folder, documents, WordHashEmbedder(), progress=lambda *n: told.append(n)
    )
    assert told == [(0, CHUNKS + 70), (64, CHUNKS + 70), (CHUNKS + 70, CHUNKS + 70)]


def test_open_shelf_gives_back_what_was_read(folder: Path, corpus: Path) -> None:
    documents = read_corpus(corpus)
    with open_small(folder, corpus) as shelf:
        wanted = [
            chunk
            for document in documents
            for chunk in chunk_document(document, WordHashEmbedder().count_tokens)
        ]
        assert shelf.chunks(c.id for c in wanted) == {c.id: c for c in wanted}
        assert shelf.chunks(["unknown"]) == {}
        assert shelf.reports == ("buses-2023", "libraries-2022", "parks-2021")
        assert len(shelf.details) == 4


def test_a_second_sync_embeds_nothing(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    embedder = WordHashEmbedder()
    again = update_index(folder, read_corpus(corpus), embedder)
    assert again == SyncResult(added=0, removed=0, unchanged=CHUNKS)
    open_shelf(folder, read_corpus(corpus), embedder).close()
    assert embedder.embedded == 0


def test_a_changed_file_changes_its_own_chunks(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    before = stored(folder)
    edit(corpus, "parks.md", "close at dusk", "close at noon")
    assert build(folder, corpus) == SyncResult(added=1, removed=1, unchanged=CHUNKS - 1)
    after = stored(folder)
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert ["at dusk" in before[id_].text for id_ in gone] == [True]
    assert ["at noon" in after[id_].text for id_ in new] == [True]
    with open_small(folder, corpus) as shelf:
        assert shelf.lexical.search(["noon"], 9).keys() == new
        assert "dusk" not in shelf.lexical.vocabulary


def test_a_removed_file_removes_its_own_chunks(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    before = stored(folder)
    (corpus / "reports" / "parks.md").unlink()
    assert build(folder, corpus) == SyncResult(added=0, removed=3, unchanged=4)
    assert before.keys() - stored(folder).keys() == ids_of(before, "parks-2021/report")
    with open_small(folder, corpus) as shelf:
        found = shelf.nearest("is the gate locked at night", 9)
        assert found.keys() <= stored(folder).keys()
        assert "dusk" not in shelf.lexical.vocabulary


def test_an_added_file_adds_its_own_chunks(folder: Path, corpus: Path) -> None:
    file = corpus / "reports" / "parks.md"
    text = file.read_text("utf-8")
    file.unlink()
    build(folder, corpus)
    before = stored(folder)
    file.write_text(text, "utf-8")
    assert build(folder, corpus) == SyncResult(added=3, removed=0, unchanged=4)
    after = stored(folder)
    assert after.keys() - before.keys() == ids_of(after, "parks-2021/report")


def test_a_changed_title_changes_metadata_only(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    before = stored(folder)
    edit(corpus, "buses.md", "title: Buses", "title: Omnibuses")
    assert build(folder, corpus) == SyncResult(added=1, removed=0, unchanged=CHUNKS - 1)
    after = stored(folder)
    assert after.keys() == before.keys()
    (changed,) = [id_ for id_ in after if after[id_] != before[id_]]
    assert after[changed].details.title == "Omnibuses"
    with open_small(folder, corpus) as shelf:
        assert shelf.lexical.search(["omnibuses"], 9).keys() == {changed}


def test_fewer_questions_leave_none_behind(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    edit(corpus, "parks.md", " | is the gate locked at night", "")
    build(folder, corpus)
    with open_small(folder, corpus) as shelf:
        assert max(shelf.nearest("is the gate locked at night", 9).values()) < 0.9
        assert max(shelf.nearest("when do green spaces shut", 9).values()) > 0.99


def test_rebuild_in_a_process_that_has_the_store_open(
    folder: Path, corpus: Path
) -> None:
    build(folder, corpus)
    result = update_index(folder, read_corpus(corpus), WordHashEmbedder(), rebuild=True)
    assert result == SyncResult(added=CHUNKS, removed=0, unchanged=0)


def test_index_rebuild_replaces_an_index_of_another_model(
    monkeypatch: pytest.MonkeyPatch, folder: Path, corpus: Path
) -> None:
    """In a process of its own, as a user would."""
    build(folder, corpus)
    (folder / "note.txt").touch()
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(folder.parent))
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(corpus))
    command = [sys.executable, "-m", *REBUILD.split()]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    manifest = read_manifest(folder)
    assert manifest
    assert (manifest.embedding_model, manifest.chunks) == ("minilm-l6-v2-int8", CHUNKS)
    assert (folder / "note.txt").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"embedding_model": "word2vec"}, "embedding model word2vec"),
        ({"dimension": 300}, "300 dimensions"),
        ({"chunking_version": 0}, "chunking version 0"),
    ],
)
def test_a_manifest_of_another_program_is_refused(
    folder: Path, corpus: Path, changed: dict[str, Any], message: str
) -> None:
    build(folder, corpus)
    manifest = read_manifest(folder)
    assert manifest
    write_manifest(folder, replace(manifest, **changed))
    for attempt in (open_small, build):
        with pytest.raises(IndexStateError, match=message) as caught:
            attempt(folder, corpus)
        assert REBUILD in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"x": 1}', b"\xff", b"null"])
def test_an_unreadable_manifest_is_refused(
    folder: Path, corpus: Path, data: bytes
) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_bytes(data)
    with pytest.raises(IndexStateError, match=REBUILD):
        open_small(folder, corpus)


def test_write_manifest_can_be_read_again(tmp_path: Path) -> None:
    manifest = Manifest("m", 3, generation=2, documents={"a/b": "c"}, chunks=4)
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert unsealed((tmp_path / "manifest.json").read_text()) == asdict(manifest)
    assert read_manifest(tmp_path / "elsewhere") is None


def test_a_deleted_lexical_file_is_made_again(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    before = state(folder, corpus)
    (folder / "lexical.sqlite").unlink()
    assert state(folder, corpus) == before


def test_a_damaged_lexical_file_is_made_again(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    before = state(folder, corpus)
    (folder / "lexical.sqlite").write_bytes(b"not a database" * 500)
    assert state(folder, corpus) == before


def test_a_store_of_another_space_is_refused(folder: Path, corpus: Path) -> None:
    chromadb.PersistentClient(str(folder / "chroma"), OPTIONS).create_collection(
        COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "l2"}}
    )
    with pytest.raises(IndexStateError, match="measures l2, not cosine") as caught:
        open_small(folder, corpus)
    assert REBUILD in str(caught.value)


def test_a_damaged_store_is_refused(folder: Path, corpus: Path) -> None:
    (folder / "chroma").mkdir(parents=True)
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 500)
    with pytest.raises(IndexStateError, match=REBUILD):
        open_small(folder, corpus)


def test_a_store_that_lost_chunks_is_refused(folder: Path, corpus: Path) -> None:
    build(folder, corpus)
    ChunkStore(folder / "chroma").delete(list(stored(folder))[:1])
    with pytest.raises(IndexStateError, match="should hold 7 chunks and holds 6"):
        open_small(folder, corpus)


@pytest.mark.parametrize("rebuild", [True, False])
def test_what_was_refused_is_closed_and_can_be_mended(
    folder: Path, corpus: Path, *, rebuild: bool
) -> None:
    build(folder, corpus)
    with closing(ChunkStore(folder / "chroma")) as store:
        store.delete([chunk.id for chunk in store.all_chunks()][:1])
    with pytest.raises(IndexStateError, match="Run: assistant index"):
        open_small(folder, corpus)
    result = update_index(
        folder, read_corpus(corpus), WordHashEmbedder(), rebuild=rebuild
    )
    assert result.added == (CHUNKS if rebuild else 1)
    with open_small(folder, corpus) as shelf:
        assert len(shelf.chunks(shelf.nearest("parks", 20))) == CHUNKS


def test_a_file_in_place_of_the_folder_is_named(folder: Path, corpus: Path) -> None:
    folder.touch()
    for attempt in (open_small, build):
        with pytest.raises(IndexStateError, match="Set ASSISTANT_DATA_DIR"):
            attempt(folder, corpus)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("calls", [0, 1])
def test_an_interrupted_build_resumes(
    tmp_path: Path, corpus: Path, error: type[BaseException], calls: int
) -> None:
    grow(corpus, 70)
    folder, documents = tmp_path / "index", read_corpus(corpus)
    with pytest.raises(error):
        open_shelf(folder, documents, StoppingEmbedder(calls, error))
    assert not is_current(read_manifest(folder), documents)
    embedder = WordHashEmbedder()
    open_shelf(folder, documents, embedder).close()
    # The first of the two steps, of 64 chunks, is not done again.
    total = CHUNKS + 70 + QUESTIONS + 70 + 2 * (SENTENCES + 70)
    assert embedder.embedded == total - 64 * 4 * calls
    assert state(folder, corpus) == state(tmp_path / "clean", corpus)


def test_an_interrupted_change_resumes_and_says_so(
    tmp_path: Path, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "index"
    build(folder, corpus)
    edit(corpus, "parks.md", "close at dusk", "close at noon")
    documents = read_corpus(corpus)
    with pytest.raises(KeyboardInterrupt):
        open_shelf(folder, documents, StoppingEmbedder(0, KeyboardInterrupt))
    assert not is_current(read_manifest(folder), documents)
    assert "broken off" not in caplog.text
    assert state(folder, corpus) == state(tmp_path / "clean", corpus)
    assert "A change to parks-2021/report was broken off" in caplog.text


@pytest.mark.parametrize(
    ("old", "new"), [("at dusk", "at noon"), ("title: Parks", "title: Gardens")]
)
def test_a_change_interrupted_before_the_lexical_index_resumes(
    tmp_path: Path, corpus: Path, old: str, new: str
) -> None:
    folder = tmp_path / "index"
    build(folder, corpus)
    edit(corpus, "parks.md", old, new)
    store = ChunkStore(folder / "chroma")
    with closing(StoppingLexical(folder / "lexical.sqlite")) as lexical:
        interrupted_sync(folder, corpus, store, lexical)
    assert state(folder, corpus) == state(tmp_path / "clean", corpus)


def test_a_build_interrupted_before_the_questions_resumes(
    tmp_path: Path, corpus: Path
) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    store = ChunkStore(folder / "chroma")
    store._collections[ASKED].upsert = interrupt  # type: ignore[assignment]
    with closing(LexicalIndex(folder / "lexical.sqlite")) as lexical:
        interrupted_sync(folder, corpus, store, lexical)
    assert state(folder, corpus) == state(tmp_path / "clean", corpus)


def test_a_change_while_another_process_reads_is_refused(
    folder: Path, corpus: Path
) -> None:
    build(folder, corpus)
    reader = IndexLock(folder)
    reader.hold("read")
    with open_small(folder, corpus) as shelf:
        assert shelf.lexical.count() == CHUNKS
    edit(corpus, "parks.md", "at dusk", "at noon")
    for attempt in (open_small, build):
        with pytest.raises(IndexLockedError, match="and it must change"):
            attempt(folder, corpus)
    reader.release()
    assert build(folder, corpus).added == 1


def test_nearest_finds_a_chunk_by_its_text(folder: Path, corpus: Path) -> None:
    embedder = WordHashEmbedder()
    with open_small(folder, corpus) as shelf:
        for id_, chunk in stored(folder).items():
            found = shelf.nearest(embedding_text(chunk, embedder), 3)
            assert found[id_] == pytest.approx(1, abs=1e-4)
            assert max(found, key=found.__getitem__) == id_


def test_nearest_finds_a_chunk_by_its_question(folder: Path, corpus: Path) -> None:
    with open_small(folder, corpus) as shelf:
        found = shelf.nearest("can I borrow books at the weekend", 1)
        best = max(found, key=found.__getitem__)
        assert found[best] == pytest.approx(1, abs=1e-4)
        assert "libraries open on Sundays" in shelf.chunks([best])[best].text


def test_nearest_gives_no_more_than_asked_for(folder: Path, corpus: Path) -> None:
    with open_small(folder, corpus) as shelf:
        found = [shelf.nearest(query, 1) for query in QUERIES]
        assert [len(chunks) for chunks in found] == [1] * len(QUERIES)


def test_nearest_misses_none_of_the_nearest(tmp_path: Path) -> None:
    """A search that misses some differs from build to build."""
    store, random = ChunkStore(tmp_path / "chroma"), np.random.default_rng(1)
    rows = random.normal(size=(1500, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    chunks = [Chunk(str(n), DETAILS, "S", None, n, "Text.") for n in range(len(rows))]
    store.upsert(chunks, rows, rows[:0])
    for query in rows[:20]:
        nearest = {str(n) for n in np.argsort(-(rows @ query))[:100]}
        assert store.nearest(query, 100).keys() == nearest


def test_searches_can_be_narrowed_to_reports(folder: Path, corpus: Path) -> None:
    with open_small(folder, corpus) as shelf:

        def reports(*only: str) -> list[set[str]]:
            found = (
                shelf.nearest("recommends", 9, only),
                shelf.lexical.search(["recommends", "found"], 9, only),
            )
            chunks = [shelf.chunks(ids).values() for ids in found]
            return [{c.details.report for c in part} for part in chunks]

        assert reports("parks-2021") == [{"parks-2021"}] * 2
        assert reports("parks-2021", "buses-2023") == [{"parks-2021", "buses-2023"}] * 2
        assert reports() == [set(shelf.reports)] * 2
        assert reports("unknown") == [set(), set()]


def test_holds_phrase_looks_for_words_side_by_side(folder: Path, corpus: Path) -> None:
    with open_small(folder, corpus) as shelf:
        holds = shelf.lexical.holds_phrase
        assert holds("night buses")
        assert holds("code E-4711", ["libraries-2022"])
        assert not holds("buses night")
        assert not holds("night buses", ["parks-2021"])
        # Questions are searched, yet they are not what a report says.
        assert not holds("borrow books")


def small_lexical() -> LexicalIndex:
    texts = ["An audit of code E-4711.", "Recommendations and audits.", "The end."]
    index = LexicalIndex(Path(":memory:"))
    chunks = [Chunk(str(n), DETAILS, "S", None, n, t) for n, t in enumerate(texts)]
    index.update((), chunks)
    return index


LEXICAL = small_lexical()


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("audit", {"0", "1"}),
        ("E-4711", {"0"}),
        ("recommendation", {"1"}),
        ("publisher", {"0", "1", "2"}),
        ("AND", {"1"}),
        ("NEAR(", set()),
        ("*", set()),
        ("aud*", set()),
        ('"', set()),
        ('""', set()),
        ('end" OR "audit', set()),
        ("text:audit", set()),
        ("^", set()),
        ("-", set()),
        ("'", set()),
        ("); DROP TABLE chunk; --", set()),
        ("🦄", set()),
        ("", set()),
        ("x" * 100_000, set()),
        ("audit " * 10_000, set()),
    ],
)
def test_search_takes_hostile_terms_as_words(term: str, found: set[str]) -> None:
    assert LEXICAL.search([term], 9).keys() == found
    assert LEXICAL.count() == 3


def test_search_takes_many_terms() -> None:
    assert LEXICAL.search([f"w{n}" for n in range(5000)] + ["end"], 9).keys() == {"2"}
    assert LEXICAL.search([], 9) == {}


def test_search_puts_the_better_match_first() -> None:
    scores = LEXICAL.search(["audit", "code"], 9)
    assert scores["0"] > scores["1"] > 0
    assert list(LEXICAL.search(["audit", "code"], 1)) == ["0"]


# A term comes out of `words`, which leaves no NUL and no lone surrogate.
@given(
    st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
)
def test_search_never_raises(terms: list[str]) -> None:
    LEXICAL.search(terms, 3)
    for term in terms:
        LEXICAL.holds_phrase(term)
        assert match_expression([term]).count('"') % 2 == 0


def test_idf_is_higher_for_a_rarer_stem() -> None:
    assert LEXICAL.idf("zebra") > LEXICAL.idf("code") > LEXICAL.idf("audit") > 0
    assert LEXICAL.knows_stem("audit")
    assert not LEXICAL.knows_stem("zebra")
    assert LEXICAL.vocabulary["publisher"] == 3


def test_upsert_of_another_dimension_is_an_index_error(
    folder: Path, corpus: Path
) -> None:
    build(folder, corpus)
    chunks = list(stored(folder).values())[:1]
    wrong = np.ones((1, 32), np.float32)
    with pytest.raises(IndexStateError, match=REBUILD):
        ChunkStore(folder / "chroma").upsert(chunks, wrong, wrong)


def test_embedding_text_keeps_the_whole_text_of_the_chunk() -> None:
    embedder = WordHashEmbedder()
    details = replace(DETAILS, title="long " * 80)
    text = embedding_text(Chunk("0", details, "S", None, 0, "The text."), embedder)
    heading, _, rest = text.partition("\n")
    assert embedder.count_tokens(heading) <= 50
    assert rest == "The text."


def test_what_cannot_be_taken_up_is_tried_again(tmp_path: Path, corpus: Path) -> None:
    documents = read_corpus(corpus)
    faults = [CorpusError("The list of reports is in use.")]

    def reread() -> list[Document]:
        if faults:
            raise faults.pop()
        return documents

    embedder = WordHashEmbedder()
    with closing(open_shelf(tmp_path, documents, embedder, reread=reread)) as shelf:
        manifest = read_manifest(tmp_path)
        assert manifest is not None
        held = {"buses-2023/report": manifest.documents["buses-2023/report"]}
        later = replace(manifest, generation=manifest.generation + 1, documents=held)
        write_manifest(tmp_path, later)
        with pytest.raises(CorpusError):
            shelf.refresh()
        assert shelf.documents == tuple(documents)
        shelf.refresh()
        assert shelf.reports == ("buses-2023",)


def test_is_current_compares_the_files(corpus: Path) -> None:
    documents: list[Document] = read_corpus(corpus)
    hashes = {d.details.document_id: d.content_hash for d in documents}
    manifest = Manifest("m", 3, documents=hashes, seals={})
    assert is_current(manifest, documents)
    assert not is_current(manifest, documents[1:])
    assert not is_current(replace(manifest, documents={}), documents)
    assert not is_current(None, [])
