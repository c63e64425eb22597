"""Six clients for minutes: no answer is wrong or lost, and nothing grows without end."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import httpx
import pytest

from evals.timing.load_clients import Browser, Page
from tests.serving import page_process

pytest_plugins = ("tests.shelf",)

# `make soak` asks for fifteen.
MINUTES = float(os.environ.get("SOAK_MINUTES", "3"))
CLIENTS = 6
# What is made once, such as threads and caches, is made in this share of the time.
WARM = 0.3
# Beyond these, what grew from the end of that to the end is taken for a leak.
MOST_MORE = {"memory_mb": 80.0, "threads": 16, "handles": 16, "disk_mb": 10.0}
PAGE_QUESTIONS = 8
PAUSE_SECONDS = 0.3

QUESTIONS = (
    "What does Localis recommend about local hubs?",
    "What is the obstacle to sharing data?",
    "What do councils spend on adult social care?",
    "Who wrote about digital councils?",
    "What does the King\u2019s Fund think of care systems?",
    "Which football club won the cup?",
)
AGENDA = "1. Apologies\n2. Local hubs\n3. Sharing data"


def measured(pid: int, data_dir: Path) -> dict[str, float]:
    """Return what a process holds just now."""
    status = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    return {
        "memory_mb": int(status["VmRSS"].split()[0]) / 1024,
        "threads": int(status["Threads"]),
        "handles": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "disk_mb": sum(path.stat().st_size for path in files) / 1_000_000,
    }


@dataclass
class Soak:
    """The clients, and what they met with."""

    url: str
    until: float
    right: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def over(self) -> bool:
        return monotonic() >= self.until

    async def ask(self, http: httpx.AsyncClient, question: str) -> None:
        """Ask as a program; what is answered is what was answered before."""
        told = await http.post("/api/ask", json={"question": question})
        answer = told.json()
        said = (answer.get("outcome"), answer.get("text"))
        if told.status_code != 200 or self.right.setdefault(question, said) != said:
            self.faults.append(f"asked {question}: {told.status_code} {said}")
        self.done["asked"] += 1

    async def use_page(self, page: Page, number: int) -> None:
        """Open a page, ask some questions on it, and leave."""
        browser = Browser(self.url, page, uuid4().hex)
        open_page = await browser.open()
        try:
            for n in range(PAGE_QUESTIONS):
                question = QUESTIONS[(number + n) % len(QUESTIONS)]
                chat = await browser.ask(question)
                if chat.fault or not chat.news:
                    self.faults.append(f"page {question}: {chat.fault}")
                self.done["asked on a page"] += 1
                if self.over:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            open_page.close()

    async def send_files(self, http: httpx.AsyncClient) -> None:
        """Send an agenda, fetch it, and send one that is refused."""
        sent = await http.post("/gradio_api/upload", files={"files": ("a.txt", AGENDA)})
        (path,) = sent.json()
        back = await http.get(f"/gradio_api/file={path}")
        if back.text != AGENDA:
            self.faults.append(f"a file: {back.status_code}")
        await self._read(http, path)
        many = [("files", ("a.txt", "x")), ("files", ("b.txt", "y"))]
        await http.post("/gradio_api/upload", files=many)
        self.done["sent files"] += 1

    async def _read(self, http: httpx.AsyncClient, path: str) -> None:
        config = (await http.get("/config")).json()
        (number,) = (e["id"] for e in config["dependencies"] if e["api_name"] == "read")
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        session = uuid4().hex
        body = {"fn_index": number, "data": [file, None], "session_hash": session}
        await http.post("/gradio_api/queue/join", json=body)
        news = await http.get(
            "/gradio_api/queue/data", params={"session_hash": session}
        )
        if "Local hubs" not in news.text:
            self.faults.append(f"an agenda: {news.text[-300:]}")

    async def client(self, page: Page, number: int) -> None:
        """Do one thing after another until the time is over."""
        async with httpx.AsyncClient(base_url=self.url, timeout=120) as http:
            for turn in count(number):
                if self.over:
                    return
                try:
                    await self.ask(http, QUESTIONS[turn % len(QUESTIONS)])
                    await self.send_files(http)
                    await self.use_page(page, turn)
                except Exception as error:  # noqa: BLE001 - counted as lost
                    self.faults.append(f"{type(error).__name__}: {error}")


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_grows_without_end(
    built_shelf: Path,
    tmp_path: Path,
    record_property: Any,
) -> None:
    data = shutil.copytree(built_shelf, tmp_path / "data")
    # What the limits of an address refuse is no answer lost.
    settings = {
        "ASSISTANT_ADDRESS_QUESTIONS_PER_MINUTE": "100000",
        "ASSISTANT_UPLOADS_PER_HOUR": "100000",
        "ASSISTANT_STEPS_PER_MINUTE": "100000",
        "ASSISTANT_WRITER": "quoting",
    }
    with page_process(data, tmp_path / "log", **settings) as (port, pid):
        url = f"http://127.0.0.1:{port}"
        with urlopen(f"{url}/config") as response:
            page = Page(json.load(response))
        soak = Soak(url, monotonic() + MINUTES * 60)
        warm: dict[str, float] = {}

        async def run() -> None:
            clients = [
                asyncio.create_task(soak.client(page, n)) for n in range(CLIENTS)
            ]
            await asyncio.sleep(MINUTES * 60 * WARM)
            warm.update(measured(pid, data))
            await asyncio.gather(*clients)
            # Connections close, and what was left goes.
            await asyncio.sleep(3)

        asyncio.run(run())
        end = measured(pid, data)
    grown = {name: round(end[name] - warm[name], 1) for name in MOST_MORE}
    record_property("soak", f"{dict(soak.done)}, {warm}, {end}")
    told = f"{dict(soak.done)} {warm} {end} {(tmp_path / 'log').read_text()[-2000:]}"
    assert not soak.faults, (len(soak.faults), soak.faults[:5], told)
    assert soak.done["asked on a page"] > 10 * MINUTES, told
    assert all(grown[name] <= most for name, most in MOST_MORE.items()), (grown, told)
    assert "Traceback" not in (tmp_path / "log").read_text()
