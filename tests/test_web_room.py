"""How much the page keeps for one person and for all, and what it leaves behind."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.composition import Assistant
from assistant.errors import BusyError, LimitError
from assistant.serving.access.people import KEY, Person
from assistant.serving.faults import NO_ROOM, is_full, sentence_of
from assistant.serving.rates import Rates
from assistant.web.doors import add_doors
from assistant.web.server import make_app
from assistant.web.wall.held import MOST_WAITING, Held, claim, discard
from assistant.web.wall.owners import OWNER
from assistant.web.wall.uploads import UPLOAD, add_uploads
from tests.disk import small_disk
from tests.doors import URL, make_settings
from tests.raw import request as raw_request
from tests.raw import send as send_raw
from tests.serving import running

pytest_plugins = ("tests.shelf",)

MEGABYTE = 1_000_000


def scope(owner: str = "ann", address: str = "10.0.0.1") -> dict[str, Any]:
    return {"type": "http", OWNER: owner, "client": (address, 1)}


def named(owner: str) -> dict[str, Any]:
    return scope(owner) | {KEY: Person(owner)}


def put(held: Held, whose: dict[str, Any], kind: Any, megabytes: float = 0.1) -> Path:
    file = held.new_folder(whose, kind) / "file"
    file.write_bytes(b"x" * int(megabytes * MEGABYTE))
    return file


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "page-files", person_mb=2, all_mb=5)


def test_a_persons_files_come_to_so_much_and_no_more(held: Held) -> None:
    put(held, named("ann"), "sent", 2.1)
    with pytest.raises(LimitError, match="2 MB that one person may have"):
        held.new_folder(named("ann"), "sent")
    put(held, named("bob"), "sent", 1)
    # Where nobody has a name, an address counts, whichever browsers it has.
    put(held, scope("one"), "sent", 2.1)
    with pytest.raises(LimitError):
        held.new_folder(scope("two"), "sent")
    with pytest.raises(BusyError, match="no room for more files here") as refused:
        held.new_folder(scope("three", "10.0.0.2"), "sent")
    assert not isinstance(refused.value, LimitError)


def test_what_was_made_makes_room_for_what_is_made(held: Held) -> None:
    files = [put(held, named("ann"), "made", 1) for _ in range(2)]
    os.utime(files[0].parent, (1, 1))
    held.sweep(10**10)
    third = put(held, named("ann"), "made", 1)
    assert [file.exists() for file in (*files, third)] == [False, True, True]


def test_only_so_many_files_wait(held: Held) -> None:
    files = [put(held, named("ann"), "sent", 0.01) for _ in range(MOST_WAITING)]
    claim(files[0])
    with pytest.raises(LimitError, match="wait to be read"):
        held.new_folder(named("ann"), "sent")
    discard(files[1])
    held.new_folder(named("ann"), "sent")


def test_what_has_lain_for_a_day_goes(held: Held) -> None:
    old, new = put(held, named("ann"), "sent"), put(held, named("ann"), "made")
    stray = held.root / "tmpabc"
    stray.touch()
    for path in (old.parent, stray):
        os.utime(path, (time() - 90_000,) * 2)
    held.sweep()
    assert not old.parent.exists()
    assert not stray.exists()
    assert new.exists()


def test_two_drafts_of_one_file_are_two(held: Held) -> None:
    first, second = (put(held, named("ann"), "sent") for _ in range(2))
    drafts = [claim(first), claim(second)]
    discard(drafts[0])
    assert not drafts[0].parent.exists()
    assert drafts[1].read_bytes()
    # Nor can a request name it once it is read.
    assert held.find(named("ann"), str(second), "sent", "made") is None
    assert held.find(named("ann"), str(drafts[1]), "sent", "made") is None


# Over HTTP


def app_of(held: Held, largest: float = 1.5, **options: Any) -> FastAPI:
    app = FastAPI()
    settings = make_settings(held.root.parent / "data", open_to_everyone=True)
    add_doors(app, way="everyone", settings=settings, host="0.0.0.0", rates=Rates())
    add_uploads(app, held, int(largest * MEGABYTE), **options)
    return app


def sent(browser: TestClient, megabytes: float) -> Any:
    content = b"x" * int(megabytes * MEGABYTE)
    return browser.post(UPLOAD, files={"files": ("a.pdf", content)})


def left(held: Held) -> list[Path]:
    return [path for path in held.root.rglob("*") if path.is_file()]


def test_of_an_upload_that_is_refused_nothing_stays(held: Held) -> None:
    browser = TestClient(app_of(held), base_url=URL)
    assert sent(browser, 1.6).status_code == 413
    many = browser.post(UPLOAD, files=[("files", b"a")] * (MOST_WAITING + 1))
    assert (
        many.text == f"Send at most {MOST_WAITING} files at a time. Nothing was kept."
    )
    assert browser.post(UPLOAD, data={"files": "x"}).status_code == 400
    assert left(held) == []
    assert sent(browser, 1).status_code == 200
    refused = sent(browser, 1.2)
    assert refused.status_code == 413
    assert "2 MB" in refused.text
    assert len(left(held)) == 1


def test_several_files_of_one_name_lie_apart_and_each_counts(held: Held) -> None:
    counted: list[int] = []

    def count(scope: Any, files: int) -> float:
        counted.append(files)
        return 60.0 if len(counted) > 1 else 0.0

    browser = TestClient(app_of(held, count=count), base_url=URL)
    two = [("files", ("a.pdf", b"a")), ("files", ("a.pdf", b"b"))]
    first, second = browser.post(UPLOAD, files=two).json()
    assert first != second
    assert first.endswith("/a.pdf")
    assert {file.read_bytes() for file in left(held)} == {b"a", b"b"}
    refused = browser.post(UPLOAD, files=two)
    assert refused.status_code == 429
    assert counted == [1, 1]
    assert len(left(held)) == 2
    mixed = browser.post(UPLOAD, files=two[:1], data={"files": "x"})
    assert mixed.status_code == 400
    assert len(left(held)) == 2


def test_of_an_upload_that_breaks_off_nothing_stays(held: Held) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    whole = raw_request(
        "POST", UPLOAD, form + b"x" * 500_000, kind="multipart/form-data; boundary=x"
    )
    with running(app_of(held)) as url:
        send_raw(int(url.rpartition(":")[2]), whole[:-100_000], seconds=0.5)
    assert left(held) == []


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        held = Held(disk / "page-files", person_mb=500, all_mb=500)
        browser = TestClient(app_of(held, largest=5), base_url=URL)
        refused = sent(browser, 3)
        assert (refused.status_code, refused.text) == (507, NO_ROOM)
        assert left(held) == []
        assert sent(browser, 0.5).status_code == 200
        with pytest.raises(OSError) as full:  # noqa: PT011
            (disk / "x").write_bytes(b"x" * 3 * MEGABYTE)
    assert is_full(full.value)
    assert sentence_of(full.value) == NO_ROOM


def test_a_sentence_for_a_page_holds_no_path(caplog: pytest.LogCaptureFixture) -> None:
    said = "The chunk store in /srv/shelf/data/index is damaged (and/or old)."
    assert sentence_of(LimitError(said, 1)) == (
        "The chunk store in a file of the assistant's is damaged (and/or old)."
    )
    assert "/srv/shelf/data/index" in caplog.text
    address = "Ask https://example.org/a/b or POST /api."
    assert sentence_of(LimitError(address, 1)) == address


def test_files_of_the_page_are_their_owners_alone(
    assistant: Assistant, tmp_path: Path
) -> None:
    settings = assistant.settings.model_copy(update={"data_dir": tmp_path / "data"})
    with TestClient(
        make_app(replace(assistant, settings=settings)), base_url="http://127.0.0.1"
    ) as browser:
        (name,) = sent(browser, 0.01).json()
        (file,) = Path(os.environ["GRADIO_TEMP_DIR"]).glob(f"*/*/{name}")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        for folder in file.parents[:3]:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        # Where somebody else counts as somebody else.
        assert browser.get(f"/gradio_api/file={name}").status_code == 200
        browser.cookies.clear()
        assert browser.get(f"/gradio_api/file={name}").status_code == 403
