"""Papers of one conversation: found by it alone, within bounds, and gone at their end."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from time import sleep

import pytest

from assistant.composition import Assistant
from assistant.errors import BusyError, CorpusError
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.web.answers.arranging import PAPER, REPORTS, render_arranged
from assistant.web.ask import own_papers
from assistant.web.ask.conversation import Exchange, converse
from assistant.web.ask.own_papers import (
    MOST_OF_ONE,
    MOST_PAPERS,
    Own,
    OwnPapers,
    remove_left,
)
from assistant.web.ask.together import Together, joined
from tests.browser.fakes import DECLINED, FakeAssistant

pytest_plugins = ("tests.shelf",)


@pytest.fixture
def paper(tmp_path: Path) -> Candidate:
    return written(tmp_path / "weirs.md", "The council repaired nine weirs in 2024.")


def written(file: Path, sentence: str) -> Candidate:
    file.write_text(f"# Weirs of Ashford\n\n## Repairs\n\n{sentence}\n")
    found = read_candidate(Incoming(file, file.name, file.name), known={})
    assert isinstance(found, Candidate)
    return found


def add(papers: OwnPapers, key: tuple[str, str], paper: Candidate, place: Path) -> Own:
    folder = place / "-".join(key)
    folder.mkdir(exist_ok=True)
    return papers.add(key, [paper], folder)


def test_it_answers_its_conversation_and_is_on_no_shelf(
    assistant: Assistant, paper: Candidate, tmp_path: Path
) -> None:
    papers, shelf = OwnPapers(assistant), assistant.corpus_version
    own = add(papers, ("ann", "c1"), paper, tmp_path)
    assert papers.find(("ann", "c1")) is own
    assert papers.find(("bob", "c1")) is papers.find(("ann", "c2")) is None
    answer = own.assistant.answer("How many weirs were repaired?")
    assert "nine weirs" in answer.text
    assert {cited.report for cited in answer.citations} == {"own:1"}
    assert "nine weirs" not in assistant.answer("How many weirs were repaired?").text
    assert assistant.corpus_version == shelf


def test_it_is_asked_first_and_then_the_reports(
    assistant: Assistant, paper: Candidate, tmp_path: Path
) -> None:
    papers, version = OwnPapers(assistant), assistant.corpus_version
    own = add(papers, ("ann", "c1"), paper, tmp_path)
    both = Together(own.assistant, assistant)

    def asked(question: str) -> Exchange:
        async def steps() -> list[Exchange]:
            states = converse(both, (), question, (), paper=own.titles)
            return [state[-1] async for state in states]

        return asyncio.run(steps())[-1]

    weirs, oflog = asked("How many weirs were repaired?"), asked("What is Oflog?")
    assert weirs.corpus_version == oflog.corpus_version == version
    assert not weirs.of_paper_alone
    assert weirs.answer
    assert oflog.answer
    assert weirs.answer.outcome == oflog.answer.outcome == "answered"
    said, _, reports = weirs.answer.text.partition(REPORTS)
    assert said.startswith(PAPER)
    assert "nine weirs" in said
    assert "nine weirs" not in reports
    said, _, reports = oflog.answer.text.partition(REPORTS)
    assert "Nothing on this was found in it." in said
    assert "[1]" in reports
    assert {cited.report for cited in oflog.answer.citations} == {"level-measures-2023"}
    # Each number is that of one citation, and each part is set by itself.
    both_say = joined(own.assistant.answer(weirs.question), oflog.answer)
    numbers = [cited.number for cited in both_say.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    html = render_arranged(both_say.text, both_say.citations, lambda n: f"[{n}]")
    assert html.count('<h4 class="part">') == 4
    assert html.count('class="conclusion"') == 2
    papers.forget(("ann", "c1"))


def test_what_a_model_writes_of_both_grows_and_what_fails_is_told() -> None:
    both = Together(FakeAssistant(), FakeAssistant())

    def states(question: str) -> list[Exchange]:
        async def steps() -> list[Exchange]:
            return [state[-1] async for state in converse(both, (), question)]

        return asyncio.run(steps())

    written = states("writes")
    growing = [one.answer.text for one in written if one.growing and one.answer]
    assert [text.startswith(PAPER) for text in growing] == [True, True, True]
    assert growing[2].count("Localis (2013) recommends local hubs.") == 2
    *_, whole = written
    assert whole.answer
    assert [cited.number for cited in whole.answer.citations] == [1, 2, 3, 4]
    # Where the model fails on the paper, the reports are not asked.
    *_, failed = states("timeout")
    assert failed.answer
    assert failed.answer.outcome == "error"
    assert PAPER not in failed.answer.text
    # What is refused of both is refused once.
    *_, refused = states("football")
    assert refused.answer
    assert refused.answer.text == DECLINED.text


def test_one_more_is_asked_beside_it_up_to_a_bound(
    assistant: Assistant, paper: Candidate, tmp_path: Path
) -> None:
    papers = OwnPapers(assistant)
    first = add(papers, ("ann", "c1"), paper, tmp_path / "..")
    other = written(tmp_path / "b.md", "The council closed two ferries in 2023.")
    (tmp_path / "second").mkdir()
    both = papers.add(("ann", "c1"), [other], tmp_path / "second")
    assert not first.folder.exists()
    assert "two ferries" in both.assistant.answer("How many ferries closed?").text
    assert "nine weirs" in both.assistant.answer("How many weirs were repaired?").text
    (tmp_path / "many").mkdir()
    with pytest.raises(CorpusError, match=f"{MOST_PAPERS} papers"):
        papers.add(("ann", "c1"), [other] * (MOST_PAPERS - 1), tmp_path / "many")
    (tmp_path / "long").mkdir()
    long = written(tmp_path / "c.md", "The council closed two ferries. " * 20_000)
    with pytest.raises(CorpusError, match="500,000 letters"):
        papers.add(("ann", "c1"), [long], tmp_path / "long")
    # What was refused leaves nothing, and what was there stays.
    assert not (tmp_path / "many").exists()
    assert not (tmp_path / "long").exists()
    assert papers.find(("ann", "c1")) is both


def test_nothing_of_it_stays(
    assistant: Assistant,
    paper: Candidate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    papers = OwnPapers(assistant)
    put_away = add(papers, ("ann", "c1"), paper, tmp_path)
    papers.forget(("bob", "c1"))
    assert put_away.folder.exists()
    papers.forget(("ann", "c1"))
    assert not put_away.folder.exists()
    left = add(papers, ("ann", "c2"), paper, tmp_path)
    papers.end()
    assert not left.folder.exists()
    monkeypatch.setattr(own_papers, "HOURS", 0)
    papers = OwnPapers(assistant)
    timed = add(papers, ("ann", "c3"), paper, tmp_path)
    for _ in range(200):
        if not timed.folder.exists():
            break
        sleep(0.05)
    assert not timed.folder.exists()


def test_what_a_killed_process_left_goes_with_the_next_start(
    assistant: Assistant, paper: Candidate, tmp_path: Path
) -> None:
    papers, place = OwnPapers(assistant), tmp_path / "counted" / "ann" / "draft"
    place.mkdir(parents=True)
    own = add(papers, ("ann", "c1"), paper, place)
    lock = own.folder / "index" / ".lock"
    os.utime(lock, (0, 0))
    # That of a process which is there stays.
    remove_left(tmp_path)
    assert own.folder.exists()
    own.assistant.parts.shelf.close()
    remove_left(tmp_path)
    assert not own.folder.exists()
    papers.forget(("ann", "c1"))


def test_there_are_bounds_for_one_and_for_all(
    assistant: Assistant,
    paper: Candidate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    papers = OwnPapers(assistant)
    keys = [("ann", f"c{n}") for n in range(MOST_OF_ONE + 1)]
    first, *_ = [add(papers, key, paper, tmp_path) for key in keys]
    assert papers.find(keys[0]) is None
    assert not first.folder.exists()
    assert all(papers.find(key) for key in keys[1:])
    monkeypatch.setattr(own_papers, "MOST_OF_ALL", MOST_OF_ONE)
    with pytest.raises(BusyError):
        add(papers, ("bob", "c1"), paper, tmp_path)
    assert not (tmp_path / "bob-c1").exists()
    for key in keys:
        papers.forget(key)
