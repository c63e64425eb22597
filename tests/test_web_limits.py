"""How much is taken, what is said where it is too much, and how the page stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answering.writers.state import Told
from assistant.briefing.agenda.agenda import Agenda, parse_agenda
from assistant.briefing.making import Stop
from assistant.composition import Assistant
from assistant.errors import BusyError, LimitError
from assistant.serving.access.people import address_of
from assistant.serving.health import Readiness
from assistant.serving.limits import Answers, Asker, asking
from assistant.settings import Settings
from assistant.web.ask.conversation import converse
from assistant.web.limited import LimitedChain, limited
from assistant.web.server import make_app
from tests.browser.fakes import ANSWERED, FakeAssistant
from tests.doors import client, make_settings, press

pytest_plugins = ("tests.shelf",)

OFFICE = "203.0.113.9"


@pytest.fixture
def everyone(tmp_path: Path) -> dict[str, Any]:
    return {"data_dir": tmp_path, "open_to_everyone": True}


@dataclass
class Waiting:
    """A chain whose answers wait until they may go on."""

    begun: int = 0
    ended: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        self.begun += 1
        try:
            yield {"standalone_question": str(input["question"])}
            await self.go_on.wait()
            yield {"answer": ANSWERED}
        finally:
            self.ended += 1


async def ask_as(asker: Asker, chain: LimitedChain) -> list[Told]:
    asking.set(asker)
    return [step async for step in chain.astream({"question": "hubs?"})]


@pytest.mark.parametrize("known", [True, False])
def test_sixty_people_of_one_office_ask_at_once(tmp_path: Path, known: bool) -> None:
    async def ask() -> None:
        answers, chain = Answers(make_settings(tmp_path)), Waiting()
        askers = [Asker(f"person{n}" if known else None, OFFICE) for n in range(60)]
        asked = [
            asyncio.create_task(ask_as(asker, LimitedChain(chain, answers)))
            for asker in askers
        ]
        while chain.begun < 60:
            await asyncio.sleep(0)
        assert answers.running == 60
        chain.go_on.set()
        assert [len(steps) for steps in await asyncio.gather(*asked)] == [2] * 60
        assert answers.running == 0

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("limit", "asker", "others", "said"),
    [
        ("person_answers_at_once", Asker("ada", OFFICE), 0, "2 of your questions"),
        ("address_answers_at_once", Asker(None, OFFICE), 0, "Many questions"),
        ("answers_at_once", Asker("ada", OFFICE), 2, "Many questions"),
    ],
)
def test_more_answers_at_once_are_refused_until_one_is_done(
    tmp_path: Path, limit: str, asker: Asker, others: int, said: str
) -> None:
    answers = Answers(make_settings(tmp_path, **{limit: 2}))
    other = Asker("bob", OFFICE) if others else asker
    with answers.begin(other):
        with (
            answers.begin(other),
            pytest.raises(BusyError, match=said) as refused,
            answers.begin(asker),
        ):
            pass
        assert refused.value.retry_after > 0
        with answers.begin(asker):
            pass
    assert answers.running == 0


def test_too_many_questions_a_minute_are_refused_kindly(tmp_path: Path) -> None:
    settings = make_settings(
        tmp_path, questions_per_minute=2, address_questions_per_minute=5
    )
    answers = Answers(settings)

    def asks(name: str | None, times: int) -> None:
        for _ in range(times):
            with answers.begin(Asker(name, OFFICE)):
                pass

    asks("ada", 2)
    with pytest.raises(LimitError, match=r"Ask again in \d+ seconds\.") as refused:
        asks("ada", 1)
    assert 1 <= refused.value.retry_after <= 60
    asks("bob", 2)
    with pytest.raises(LimitError):
        asks(None, 1)
    # Another office is not held up by that.
    with answers.begin(Asker(None, "192.0.2.1")):
        pass


def test_the_page_says_it_where_the_answer_would_stand(tmp_path: Path) -> None:
    fake = FakeAssistant(settings=make_settings(tmp_path, questions_per_minute=1))
    assistant = limited(fake, Answers(fake.settings))

    async def ask() -> list[str | None]:
        asking.set(Asker("ada", OFFICE))
        failures = []
        for _ in range(2):
            states = [state async for state in converse(assistant, (), "hubs?")]
            failures.append(states[-1][-1].failure)
        return failures

    first, second = asyncio.run(ask())
    assert first is None
    assert second is not None
    assert "That was many questions in a minute." in second


def test_an_answer_to_a_program_counts_too(tmp_path: Path) -> None:
    class Answering(FakeAssistant):
        def answer(self, question: str) -> str:
            return f"{question} {answers.running}"

    fake = Answering(settings=make_settings(tmp_path, answers_at_once=1))
    answers = Answers(fake.settings)
    assistant: Any = limited(fake, answers)
    assert assistant.answer("hubs?") == "hubs? 1"
    with answers.begin(Asker("bob", OFFICE)), pytest.raises(BusyError):
        assistant.answer("hubs?")
    assert assistant.catalogue is fake.catalogue


def test_programs_get_the_status_and_when_to_come_again(
    everyone: dict[str, Any],
) -> None:
    from tests.doors import application

    app: FastAPI = application(make_settings(**everyone))
    errors = {"/limit": LimitError("Wait.", 7.2), "/busy": BusyError("Wait.", 5)}

    def route(path: str, error: Exception) -> None:
        @app.get(path)
        def fails() -> None:
            raise error

        # Before the one that takes every address.
        app.router.routes.insert(0, app.router.routes.pop())

    for path, error in errors.items():
        route(path, error)
    browser = TestClient(app, base_url="http://shelf.example")
    refused = browser.get("/limit")
    assert (refused.status_code, refused.json()) == (429, {"error": "Wait."})
    assert refused.headers["retry-after"] == "8"
    assert browser.get("/busy").status_code == 503


# Packs and comparisons


class Making(FakeAssistant):
    """Makes packs and comparisons that only say how many answers are in the making."""

    answers: Any

    def brief(self, agenda: Agenda, *, stop: Stop, **options: Any) -> str:
        self.stop = stop
        return f"{len(agenda.items)} {self.answers.running}"

    def questions_for(self, agenda: Agenda, stop: Stop | None = None) -> str:
        return str(self.answers.running)

    def compare(self, question: str, reports: list[str]) -> str:
        return str(self.answers.running)


def making(tmp_path: Path, **values: Any) -> tuple[Answers, Any]:
    fake: Any = Making(settings=make_settings(tmp_path, **values))
    fake.answers = Answers(fake.settings)
    return fake.answers, limited(fake, fake.answers)


def agenda_of(items: int) -> Agenda:
    return parse_agenda("\n".join(f"{n}. Matter {n}" for n in range(1, items + 1)))


def test_a_pack_and_a_comparison_hold_the_place_of_an_answer(tmp_path: Path) -> None:
    answers, assistant = making(tmp_path, answers_at_once=1)
    assert assistant.brief(agenda_of(3)) == "3 1"
    assert assistant.questions_for(agenda_of(3)) == "1"
    assert assistant.compare("data?", ["a", "b"]) == "1"
    assert answers.running == 0
    with answers.begin(Asker("bob", OFFICE)):
        for work, *given in (
            (assistant.brief, agenda_of(3)),
            (assistant.questions_for, agenda_of(3)),
            (assistant.compare, "data?", ["a", "b"]),
        ):
            with pytest.raises(BusyError, match="Many questions"):
                work(*given)


def test_the_items_of_packs_count_before_any_work(tmp_path: Path) -> None:
    _, assistant = making(tmp_path, pack_items_per_hour=50)

    def brief(name: str, items: int) -> Any:
        context = copy_context()
        context.run(asking.set, Asker(name, OFFICE))
        return context.run(assistant.brief, agenda_of(items))

    assert brief("ada", 40) == "40 1"
    with pytest.raises(LimitError, match=r"20 items, and 10 more .* 60 minutes") as no:
        brief("ada", 20)
    assert 0 < no.value.retry_after <= 3600
    assert brief("ada", 10) == "10 1"
    with pytest.raises(LimitError, match=r"51 items, and 50 an hour .* Take some out"):
        brief("bob", 51)
    assert brief("bob", 50) == "50 1"


def test_only_some_packs_are_made_at_once(tmp_path: Path) -> None:
    answers, assistant = making(tmp_path)
    with ExitStack() as packs:
        for name in ("ada", "bob", "cy", "di"):
            packs.enter_context(answers.begin_pack(Asker(name, OFFICE), 1, Stop()))
        with pytest.raises(BusyError, match="4 packs are being made"):
            assistant.brief(agenda_of(1))
        assert answers.running == 4
    assert assistant.brief(agenda_of(1)) == "1 1"


def test_a_pack_that_takes_too_long_is_stopped_with_the_page(tmp_path: Path) -> None:
    answers, assistant = making(tmp_path)
    stop = Stop()
    with answers.begin_pack(Asker("ada", OFFICE), 3, stop):
        assert not asyncio.run(answers.finish(0.01))
        assert stop.asked.is_set()
        with pytest.raises(BusyError, match="being stopped"):
            assistant.brief(agenda_of(1))


def test_the_pages_packs_and_comparisons_count_for_who_makes_them(
    assistant: Assistant, tmp_path: Path
) -> None:
    settings = make_settings(
        tmp_path,
        proxy_user_header="X-User",
        trusted_proxies="127.0.0.1",
        pack_items_per_hour=2,
        questions_per_minute=3,
    )
    app = make_app(Assistant(settings, assistant.parts))
    own = {"base_url": "http://127.0.0.1:7860", "client": ("127.0.0.1", 1)}
    reports = list(assistant.parts.shelf.reports)
    with TestClient(app, **own) as page:  # type: ignore[arg-type]

        def pressed(by: str, name: str, *data: Any) -> str:
            return press(page, name, list(data), {"X-User": by})

        one, two = "1. Apologies", "1. Apologies\n2. Minutes"
        assert "can be briefed" not in pressed("ada", "make", two, "", "30s", reports)
        assert "0 more can be briefed" in pressed(
            "ada", "make", one, "", "30s", reports
        )
        assert "can be briefed" not in pressed("bob", "make", one, "", "30s", reports)
        for _ in range(2):
            # One report too few, which is told; it counts all the same.
            assert "Choose 2 to" in pressed("cy", "run", "Data?", reports[:1])
        assert "many questions" not in pressed("cy", "show", one)
        assert "many questions" in pressed("cy", "show", one)
        assert "many questions" in pressed("cy", "run", "Data?", reports)


# Sizes and frequencies


def pieces(total: int) -> Iterator[bytes]:
    for _ in range(total // 1000):
        yield b"x" * 1000


def test_a_body_that_is_too_large_is_refused(everyone: dict[str, Any]) -> None:
    browser = client(make_settings(**everyone, request_mb=0.01, upload_mb=0.05))
    assert browser.post("/x", content=b"x" * 10_000).json()["bytes"] == 10_000
    for content in (b"x" * 10_001, pieces(11_000)):
        refused = browser.post("/x", content=content)
        assert refused.status_code == 413
        assert "0.01 MB" in refused.json()["error"]
        assert "content-security-policy" in refused.headers
    lying = browser.post("/x", content=pieces(11_000), headers={"content-length": "10"})
    assert lying.status_code == 413


def test_a_file_has_a_limit_of_its_own(everyone: dict[str, Any]) -> None:
    browser = client(make_settings(**everyone, request_mb=0.01, upload_mb=0.05))
    upload = "/gradio_api/upload"
    assert browser.post(upload, content=b"x" * 50_000).json()["bytes"] == 50_000
    refused = browser.post(upload, content=b"x" * 61_000)
    assert refused.status_code == 413
    assert "Files may have 0.05 MB" in refused.text


def test_a_head_that_is_too_large_is_refused(everyone: dict[str, Any]) -> None:
    browser = client(make_settings(**everyone, header_kb=4))
    assert browser.get("/x", headers={"x-long": "x" * 2000}).status_code == 200
    assert browser.get("/x", headers={"x-long": "x" * 4000}).status_code == 431
    assert browser.get("/x?" + "x" * 4000).status_code == 431


def test_too_many_requests_and_files_are_refused(everyone: dict[str, Any]) -> None:
    settings = make_settings(
        **everyone, everyone_may_add=True, steps_per_minute=10, uploads_per_hour=2
    )
    browser = client(settings)
    sent = [browser.post("/gradio_api/upload").status_code for _ in range(3)]
    assert sent == [200, 200, 429]
    sent = [browser.post("/gradio_api/queue/join").status_code for _ in range(8)]
    assert sent == [200] * 7 + [429]
    refused = browser.post("/gradio_api/queue/join")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "Wait a little" in refused.json()["error"]
    # Reading is not what this is about.
    assert browser.get("/x").status_code == 200


def test_a_home_with_ipv6_is_one_address() -> None:
    def address(client: str | None) -> str:
        return address_of({"type": "http", "client": (client, 1) if client else None})

    assert address("2001:db8::1") == address("2001:db8::ffff") == "2001:db8::/64"
    assert address("2001:db8:0:1::1") != address("2001:db8::1")
    assert address("192.0.2.7") == "192.0.2.7"
    assert address(None) == address("testclient") == "unknown"


# Stopping


def test_stopping_waits_for_answers_and_begins_no_more(tmp_path: Path) -> None:
    async def stop() -> None:
        answers, chain = Answers(make_settings(tmp_path)), Waiting()
        limited_chain = LimitedChain(chain, answers)
        ada, bob = Asker("ada", OFFICE), Asker("bob", OFFICE)
        asked = asyncio.create_task(ask_as(ada, limited_chain))
        while not chain.begun:
            await asyncio.sleep(0)
        stopping = asyncio.create_task(answers.finish(60))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="being stopped"):
            await ask_as(bob, limited_chain)
        chain.go_on.set()
        assert await stopping
        assert len(await asked) == 2

    asyncio.run(stop())


@pytest.mark.parametrize("hurried", [True, False])
def test_an_answer_that_takes_too_long_is_broken_off(
    tmp_path: Path, hurried: bool
) -> None:
    async def stop() -> None:
        answers, chain = Answers(make_settings(tmp_path)), Waiting()
        ask = ask_as(Asker("ada", OFFICE), LimitedChain(chain, answers))
        asked = asyncio.create_task(ask)
        while not chain.begun:
            await asyncio.sleep(0)
        seconds = 60 if hurried else 0.01
        assert not await answers.finish(seconds, lambda: hurried)
        with pytest.raises(BusyError, match="being stopped"):
            await asked
        assert chain.ended == 1
        assert answers.running == 0

    asyncio.run(stop())


def test_whoever_leaves_ends_the_answer(tmp_path: Path) -> None:
    async def leave() -> None:
        answers, chain = Answers(make_settings(tmp_path)), Waiting()
        steps = LimitedChain(chain, answers).astream({"question": "hubs?"})
        await anext(steps)
        await steps.aclose()  # type: ignore[attr-defined]
        assert (chain.ended, answers.running) == (1, 0)
        cancelled = asyncio.create_task(
            ask_as(Asker(None, OFFICE), LimitedChain(chain, answers))
        )
        while chain.begun < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        assert (chain.ended, answers.running) == (2, 0)

    asyncio.run(leave())


# Readiness


@dataclass
class Lexical:
    def count(self) -> int:
        return 3


@dataclass
class Shelf:
    reports: tuple[str, ...] = ("old-2013",)
    lexical: Lexical = field(default_factory=Lexical)
    asked: int = 0
    fault: Exception | None = None

    def check(self) -> None:
        self.asked += 1
        if self.fault:
            raise self.fault


@dataclass
class Parts:
    shelf: Shelf = field(default_factory=Shelf)
    writer: object = None


@dataclass
class Opened:
    settings: Settings
    parts: Parts = field(default_factory=Parts)


def test_readiness_names_what_is_missing_and_logs_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = make_settings(tmp_path)
    opened = Opened(settings)

    def missing(opened: Any, *, stopping: bool = False) -> tuple[str, ...]:
        readiness = Readiness(opened, Answers(settings, stopping=stopping))
        return asyncio.run(readiness.missing())

    assert missing(opened) == ()
    opened.parts.shelf.fault = OSError("no route to chroma.internal")
    assert missing(opened) == ("store",)
    assert "chroma.internal" in caplog.text
    opened.parts.shelf.fault = None
    opened.parts.shelf.reports = ()
    model = make_settings(tmp_path, openai_base_url="http://127.0.0.1:9/v1")
    assert missing(replace(opened, settings=model)) == ("shelf", "model")
    assert missing(opened, stopping=True) == ("stopping",)


def test_readiness_is_looked_at_no_more_than_needed(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    opened: Any = Opened(settings)

    async def ask() -> None:
        readiness = Readiness(opened, Answers(settings))
        await asyncio.gather(*(readiness.missing() for _ in range(20)))

    asyncio.run(ask())
    assert opened.parts.shelf.asked == 1
