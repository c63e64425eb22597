"""Removed is removed: no byte of a report's text stands on under the data folder."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import URL

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.pack import Item
from assistant.briefing.saved import SavedItems
from assistant.cli import run
from assistant.feedback.store import FeedbackStore, open_store
from assistant.index.lexical import LexicalIndex
from assistant.index.manifest import read_manifest, write_manifest
from assistant.index.store.chunks import ChunkStore
from assistant.library.changes import Workplace, change_shelf
from assistant.library.entries import make_entry
from assistant.schema import Chunk
from assistant.serving.limits import feedback_an_hour
from assistant.settings import load_settings
from assistant.web.ask.feedback_form import FeedbackEvents
from assistant.web.documents.places import PATH, PICTURE
from tests.browser.fakes import NEW
from tests.documents import Text, write_pdf
from tests.fakes import write_corpus
from tests.serving import page_process
from tests.shelf_changer import opened
from tests.test_feedback import RIGHT, WRONG
from tests.test_library import added, candidate, found_by, place, put
from tests.test_web_feedback import FORM, rated, request

__all__ = ["place"]

# Words that nothing else holds, longer than a page of a database.
SECRET = " ".join(f"Zyzzyva{n} says quagmire{n}." for n in range(900))
NOTE = f"# On Weirs\n\nQuill House, 5 July 2023\n\n## Zyzzyva care\n\n{SECRET}\n"
MARKS = re.compile(rb"zyzzyva|quagmire", re.I)


def holding(folder: Path) -> list[str]:
    """Return the files that hold the text, in whatever way."""
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and MARKS.search(file.read_bytes())
    ]


@pytest.fixture(params=["closed", "open"])
def used(request: pytest.FixtureRequest, place: Workplace) -> Iterator[Workplace]:
    """The shelf as the command line changes it, and as a page does that has it open."""
    shelf = closing(opened(place)) if request.param == "open" else nullcontext(None)
    with shelf as one:
        yield replace(
            place, shelf=one, packs_dir=place.reports_dir.parent / "briefings"
        )


def test_nothing_of_a_removed_report_is_left(used: Workplace, tmp_path: Path) -> None:
    data = used.reports_dir.parent
    entry = added(used, tmp_path, NOTE)
    saved = SavedItems(data, "run")
    item = AgendaItem("1", "Care of weirs")
    saved.keep(item, Item("1", "Zyzzyva care", "done", ()))
    where = holding(data)
    assert {"index/chroma/chroma.sqlite3", "briefings"} <= {
        w if "briefings" not in w else "briefings" for w in where
    }
    assert any(w.startswith("index/lexical.sqlite") for w in where)
    change_shelf(used, lambda library: library.remove(entry.details.document_id))
    assert holding(data) == []


class Browser:
    """A page of the site that is open in a browser, and its session."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.session = uuid4().hex
        self.events = {
            event["api_name"]: event["id"]
            for event in http.get("/config").json()["dependencies"]
        }

    def upload(self, file: Path) -> dict[str, object]:
        sent = {"files": (file.name, file.read_bytes())}
        (name,) = self.http.post("/gradio_api/upload", files=sent).json()
        return {"path": name, "meta": {"_type": "gradio.FileData"}}

    def set_off(self, event: str, *data: object) -> str:
        """Set off an event with its inputs; return all that the page is told."""
        joined = {
            "fn_index": self.events[event],
            "data": data,
            "session_hash": self.session,
        }
        self.http.post("/gradio_api/queue/join", json=joined).raise_for_status()
        news = {"session_hash": self.session}
        return self.http.get("/gradio_api/queue/data", params=news).text


def test_nothing_is_left_of_a_report_that_the_page_added_and_removed(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    file = tmp_path / "zyzzyva.pdf"
    lines = [Text("On Weirs", size=20, y=760), Text("Zyzzyva says quagmire to weirs.")]
    write_pdf(file, [lines, [Text("Quagmire care costs money.")]])
    # Its letters are written in hexadecimal; the file itself shall be found, too.
    file.write_bytes(file.read_bytes() + b"% zyzzyva\n")
    where = {
        "ASSISTANT_CORPUS_DIR": str(write_corpus(tmp_path / "corpus")),
        "ASSISTANT_LOG_LEVEL": "debug",
    }
    (tmp_path / "corpus" / "glossary.yaml").write_text("[]\n", encoding="utf-8")
    log = tmp_path / "log"
    with (
        page_process(data, log, **where) as (port, _),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
    ):
        page = Browser(http)
        assert "1 file read" in page.set_off("read_1", [page.upload(file)], None, None)
        row = {"title": "On Weirs", "publisher": "Quill House", "add": True}
        command = {"do": "add", "rows": [row]}
        assert "Added: On Weirs" in page.set_off("do", json.dumps(command), None, "")
        (entry,) = (data / "reports").glob("*/entry.json")
        document = json.loads(entry.read_text("utf-8"))["details"]
        name = f"{document['report']}/{document['document']}"
        asked = {"question": "What does On Weirs say about zyzzyva?"}
        assert "quagmire" in http.post("/api/ask", json=asked).text
        picture = http.get(f"{PATH}/{name}/{PICTURE}", params={"page": 1})
        assert picture.headers["content-type"] == "image/png"
        agenda = {"agenda": "1. Zyzzyva and weirs", "format": "md"}
        assert http.post("/api/brief", json=agenda).status_code == 200
        kept = holding(data)
        assert {"index/chroma/chroma.sqlite3", "index/lexical.sqlite"} <= set(kept)
        assert any(one.endswith("original.pdf") for one in kept)
        command = {"do": "remove", "document": name}
        assert "Removed: On Weirs" in page.set_off("do", json.dumps(command), None, "")
        # The page says so as soon as no answer is taken from it any more.
        limit = time.monotonic() + 30
        while holding(data) and time.monotonic() < limit:
            time.sleep(0.1)
        assert holding(data) == []
    assert holding(data) == []
    assert not MARKS.search(log.read_bytes())


def test_no_name_of_a_removed_report_is_left_in_the_room_between_rows(
    tmp_path: Path,
) -> None:
    """SQLite moves rows as others come, and overwrites no place where one stood."""
    file = tmp_path / "lexical.sqlite"
    index = LexicalIndex(file)

    def chunks(report: str, count: int) -> list[Chunk]:
        details = replace(NEW, report=report)
        ids = Random(report)
        return [
            Chunk(
                f"{ids.getrandbits(128):032x}", details, "Care", None, n, f"Care {n}."
            )
            for n in range(count)
        ]

    for report in ("changing-places", "level-measures", "whats-next"):
        index.update([], chunks(report, 80))
    for count in (61, 120, 200):
        weirs = chunks("on-weirs", count)
        index.update([], weirs)
        index.update([chunk.id for chunk in weirs], [])
        assert index.settle(purging=True)
        assert b"on-weirs" not in file.read_bytes()
    assert len(index.all_ids()) == 240


def test_nothing_of_an_older_version_is_left(used: Workplace, tmp_path: Path) -> None:
    old = added(used, tmp_path, NOTE)
    one = candidate(tmp_path, "# On Weirs\n\n## Care\n\nQuill House says: oil them.\n")
    put(used, make_entry(one, old=old), one)
    assert holding(used.reports_dir.parent) == []


def test_what_an_earlier_version_left_goes_too(
    place: Workplace, tmp_path: Path
) -> None:
    """It neither emptied Chroma's queue nor sealed anything."""
    with closing(opened(place)) as shelf:
        (chunk,) = shelf.chunks(list(shelf.lexical.all_ids())[:1]).values()
    vectors = place.embedder.embed([SECRET])
    with closing(ChunkStore(place.index_dir / "chroma")) as store:
        store.upsert(
            [replace(chunk, id="z" * 32, text=SECRET, asked_as=())],
            vectors,
            vectors[:0],
        )
        store.delete(["z" * 32])
    manifest = read_manifest(place.index_dir)
    assert manifest
    write_manifest(place.index_dir, replace(manifest, seals=None))
    assert holding(place.index_dir) == ["chroma/chroma.sqlite3"]
    assert found_by(place, "nurses") == {"buses-2023"}
    assert holding(place.index_dir) == []


def test_the_log_of_words_does_not_grow(place: Workplace, tmp_path: Path) -> None:
    with closing(opened(place)) as shelf:
        used = replace(place, shelf=shelf)
        for _ in range(3):
            entry = added(used, tmp_path, NOTE)
            change_shelf(used, lambda lib, e=entry: lib.remove(e.details.document_id))  # type: ignore[misc]
            log = place.index_dir / "lexical.sqlite-wal"
            assert log.stat().st_size == 0
        # And what is there is found, in the state that was pinned again.
        assert shelf.lexical.search(["nurses"], 3)
    assert found_by(place, "nurses") == {"buses-2023"}


def test_nothing_of_deleted_feedback_is_left(tmp_path: Path) -> None:
    store = FeedbackStore(URL.create("sqlite", database=str(tmp_path / "f.sqlite")))
    store.keep(replace(RIGHT, comment=SECRET))
    store.keep(WRONG)
    assert holding(tmp_path) == ["f.sqlite"]
    assert store.delete([RIGHT.id]) == 1
    assert holding(tmp_path) == []
    assert [kept.id for kept in store.all()] == [WRONG.id]


def test_nothing_is_left_of_feedback_that_came_from_the_page(tmp_path: Path) -> None:
    store = open_store(load_settings())
    assert store is not None
    events = FeedbackEvents(store, FORM, feedback_an_hour(5))
    events.say_more(rated(), "out_of_date", None, "Zyzzyva is quagmire.", request("Al"))
    data = load_settings().data_dir
    assert holding(data) == ["feedback.sqlite"]
    assert run(["feedback", "delete", "--person", "Al"]) == 0
    assert holding(data) == []
