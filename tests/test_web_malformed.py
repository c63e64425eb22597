"""Nobody can fill the log, or learn of this machine, by what a page never sends."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.raw import malformed, request, send
from tests.serving import page_process

pytest_plugins = ("tests.shelf",)


@pytest.fixture(scope="module")
def served(
    built_shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    folder = tmp_path_factory.mktemp("served")
    data = shutil.copytree(built_shelf, folder / "data")
    with page_process(data, folder / "log") as (port, _):
        yield port, folder / "log"


def test_each_malformed_request_leaves_a_line_at_most(served: tuple[int, Path]) -> None:
    port, log = served
    count, many = 0, []
    for raw in malformed():
        count += 1
        before = log.stat().st_size
        back = send(port, raw, seconds=2)
        # Another task may be the one that writes.
        time.sleep(0.005)
        with log.open() as file:
            file.seek(before)
            lines = file.read().splitlines()
        if len(lines) > 1:
            many.append((raw[:150], lines[:4], len(lines)))
        assert not re.search(rb"Traceback|site-packages|/root|/home", back), raw[:200]
    assert count > 200
    assert not many, (len(many), many[:5])
    assert b"200 OK" in send(port, request("GET", "/healthz", kind=""))
