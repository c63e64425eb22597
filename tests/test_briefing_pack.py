"""Packs over the real shelf: what stands in them, stopping, going on, and failing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.briefing.agenda.agenda import Agenda, AgendaItem, parse_agenda
from assistant.briefing.figures import find_figures
from assistant.briefing.front_text import NOTHING, told_of
from assistant.briefing.line import with_own_lines
from assistant.briefing.making import Stop, make_pack, prepare
from assistant.briefing.own_paper import own_papers
from assistant.briefing.pack import Item, Length, Pack, Source, Statement
from assistant.briefing.saved import FOLDER, SavedItems
from assistant.briefing.standing import stand_beside
from assistant.composition import Assistant
from assistant.errors import QuestionError
from tests.fakes import WordHashEmbedder

pytest_plugins = ("tests.shelf",)

TEXT = """Scrutiny Committee
14 November 2024

1. Apologies
2. Oflog and performance data
3. How many regional roundtables were held?
4. Pothole repairs budget
"""
MADE_AT = datetime(2024, 11, 14, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def agenda(assistant: Assistant) -> Agenda:
    return prepare(parse_agenda(TEXT), assistant.parts)


def brief(
    assistant: Assistant, agenda: Agenda, length: Length = "full", **given: object
) -> Pack:
    return make_pack(agenda, assistant.parts, length=length, made_at=MADE_AT, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pack(assistant: Assistant, agenda: Agenda) -> Pack:
    return brief(assistant, agenda)


def test_each_item_comes_to_its_end(pack: Pack) -> None:
    states = [(i.number, i.state, bool(i.line)) for i in pack.items]
    assert states == [
        ("1", "not needed", False),
        ("2", "done", True),
        ("3", "done", True),
        ("4", "done", False),
    ]
    assert not pack.is_partial


def test_an_item_says_who_speaks_and_who_is_silent(pack: Pack) -> None:
    item = pack.items[1]
    assert [p.report for p in item.positions if not p.is_silent] == [
        "level-measures-2023"
    ]
    assert len(item.silent) == 3
    assert item.line[0].sources[0].report == "level-measures-2023"
    assert 1 <= len(item.line) <= 2
    assert len(item.points) <= 5


def test_what_the_shelf_lacks_is_said_with_the_nearest_sections(pack: Pack) -> None:
    item = pack.items[3]
    assert any("on the shelf" in lack for lack in item.lacks)
    assert item.nearest
    # What tells of the file itself is near to everything.
    assert not any("About this report" in near for near in item.nearest)
    assert all(position.is_silent for position in item.positions)


def test_a_figure_has_its_number_unit_owner_and_place(pack: Pack) -> None:
    figures = {f.number: f for f in pack.items[2].figures}
    seven = figures["seven"]
    assert (seven.unit, seven.year) == ("regional roundtables", "2023")
    assert seven.amount == "seven regional roundtables"
    assert "seven regional roundtables" in seven.said.text
    assert seven.whose == "Localis, Level Measures"
    assert seven.source.section


def test_every_statement_stands_by_itself_with_publisher_and_year(pack: Pack) -> None:
    for item in pack.items:
        for statement in item.statements():
            year = (statement.sources[0].published or "")[:4]
            assert statement.sources[0].publisher in statement.text
            assert year in statement.text


def test_references_are_numbered_by_use_and_say_how_old_they_are(pack: Pack) -> None:
    numbers = [reference.number for reference in pack.references]
    assert numbers == list(range(1, len(numbers) + 1))
    assert pack.references[0].source.place == pack.items[1].line[0].sources[0].place
    ages = {r.source.report: r.age for r in pack.references}
    assert ages["level-measures-2023"] == "16 months"
    assert all(reference.source.quote for reference in pack.references)


def test_the_record_says_what_was_searched(pack: Pack, assistant: Assistant) -> None:
    record = pack.record
    assert record.made_at == "2024-11-14T10:00+00:00"
    assert record.model == "quoting"
    assert record.corpus == assistant.parts.shelf.version
    assert len(record.searched) == len(assistant.parts.shelf.reports)


def test_chosen_reports_alone_are_heard(assistant: Assistant, agenda: Agenda) -> None:
    pack = brief(assistant, agenda, reports=["changing-places-2013"])
    assert {p.report for i in pack.items for p in i.positions} == {
        "changing-places-2013"
    }
    with pytest.raises(QuestionError, match="no report nowhere"):
        brief(assistant, agenda, reports=["nowhere"])


def test_shorter_packs_say_the_same_and_less(
    assistant: Assistant, agenda: Agenda, pack: Pack
) -> None:
    short, page = (brief(assistant, agenda, length) for length in ("30s", "3min"))
    for item, whole in zip(short.items, pack.items, strict=True):
        assert item.line == whole.line[:1]
        assert (item.points, item.positions, item.figures) == ((), (), ())
    for item, whole in zip(page.items, pack.items, strict=True):
        assert item.line == whole.line
        assert item.silent == whole.silent


def test_a_question_too_long_fails_its_item_alone(assistant: Assistant) -> None:
    long = "1. Oflog\n2. What of this " + "and that " * 300 + "?"
    pack = brief(assistant, prepare(parse_agenda(long), assistant.parts), "3min")
    assert [item.state for item in pack.items] == ["done", "failed"]
    assert "characters" in pack.items[1].reason


def test_a_stopped_run_keeps_what_is_done_and_goes_on(
    assistant: Assistant, agenda: Agenda, tmp_path: Path
) -> None:
    stop = Stop()

    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            stop.stop()

    half = brief(
        assistant, agenda, data_dir=tmp_path, stop=stop, progress=stop_after_two
    )
    assert [item.state for item in half.items] == ["not needed", "done"] + 2 * [
        "not reached"
    ]
    assert half.is_partial
    (kept,) = (tmp_path / FOLDER).glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    # The second item comes from the file: what stands there is taken, and not made again.
    marked = kept.read_text("utf-8").replace("Oflog", "OFLOG")
    kept.write_text(marked, "utf-8")
    whole = brief(assistant, agenda, data_dir=tmp_path)
    assert "OFLOG" in whole.items[1].line[0].text
    assert not whole.is_partial
    assert not kept.exists()


def test_ctrl_c_gives_a_partial_pack(
    assistant: Assistant, agenda: Agenda, tmp_path: Path
) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    pack = brief(assistant, agenda, data_dir=tmp_path, progress=interrupt)
    assert [item.state for item in pack.items][2:] == ["done", "not reached"]


def test_a_damaged_file_of_a_stopped_run_costs_only_time(tmp_path: Path) -> None:
    saved = SavedItems(tmp_path, "run")
    item = parse_agenda("1. Oflog").items[0]
    saved.keep(item, Item("1", "Oflog", "done"))
    assert SavedItems(tmp_path, "run").get(item) is not None
    assert SavedItems(tmp_path, "another").get(item) is None
    edited = replace(item, questions=("Who?",))
    assert SavedItems(tmp_path, "run").get(edited) is None
    saved.file.write_text("{broken")
    assert SavedItems(tmp_path, "run").get(item) is None


def test_of_stopped_runs_the_oldest_go_first_those_of_one_person_before_others(
    tmp_path: Path,
) -> None:
    item = parse_agenda("1. Oflog").items[0]

    def stopped(owner: str, run: str) -> SavedItems:
        saved = SavedItems(tmp_path, run, owner=owner)
        saved.keep(item, Item("1", "Oflog", "done"))
        return saved

    bobs = stopped("bob", "run")
    # Another's is not taken up.
    assert SavedItems(tmp_path, "run", owner="ann").get(item) is None
    anns = [stopped("ann", str(number)).file for number in range(12)]
    assert [file.exists() for file in anns] == [False] * 2 + [True] * 10
    assert bobs.file.exists()
    anns[2].write_bytes(b" " * 15_000_000)
    anns[3].write_bytes(b" " * 15_000_000)
    assert stopped("ann", "last").file.exists()
    assert not anns[2].exists()
    assert anns[3].exists()
    for number in range(200):
        stopped(f"reader {number}", "run")
    assert len(list((tmp_path / FOLDER).iterdir())) == 200
    assert not bobs.file.exists()


def test_a_failed_item_is_not_kept(tmp_path: Path) -> None:
    saved = SavedItems(tmp_path, "run")
    item = parse_agenda("1. Oflog").items[0]
    saved.keep(item, Item("1", "Oflog", "failed", reason="no key"))
    assert SavedItems(tmp_path, "run").get(item) is None


def said(text: str) -> Statement:
    source = Source("r", "R", "P", "2023", "S", None, text, "u")
    return Statement(text, (source,), 1.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P counts seven regional roundtables.", ["seven regional roundtables"]),
        ("P found that £1.2bn was spent in 2021.", ["£1.2bn"]),
        ("P says 21% of 52,000 people agree.", ["21 per cent", "52,000 people"]),
        ("P says 40 per cent agree.", ["40 per cent"]),
        ("P says one in five councils and two-thirds of residents agree.",
         ["one in five", "two-thirds"]),
        ("P says costs rose by 5 to 10 per cent, or £3m–4m.",
         ["5 to 10 per cent", "£3m–4m"]),
        ("P says half of all schemes fail in five years.", ["half", "five years"]),
        # Dates, places in a text, names of things, and telephones are no figures.
        ("P said on 5 July 2023 that one can.", []),
        ("31ten lists it on page 20 of it.", []),
        ("P (12 September 2024, at 10) is at www.x.org/4-5.", []),
        ("Section 114 notices and Article 4 directions go on in the 1980s.", []),
        ("Covid 19 cases, at 00.01 hours, on 0870 448 lines.", []),
        ("One of the seven principles is trust.", []),
        ("In 2019 councils acted.", []),
        ("P sets out seven principles and five key recommendations.", []),
    ],
)  # fmt: skip
def test_find_figures_takes_amounts_and_counts(text: str, found: list[str]) -> None:
    assert [f.amount for f in find_figures([said(text)])] == found


ONE = "councils should publish budgets for parks every year"


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            "councils should publish budgets for parks every year",
            "Says much the same as B.",
        ),
        (
            "councils should not publish budgets for parks every year",
            "the other way round",
        ),
        ("buses at night carry nurses and cleaners", ""),
        ("councils need money", ""),
    ],
)
def test_stand_beside_says_only_what_is_certain(other: str, told: str) -> None:
    found = stand_beside(
        {"a": [said(ONE)], "b": [said(other)]},
        {"a": "A", "b": "B"},
        (),
        WordHashEmbedder(dimension=512),
    )
    lines = found.get("a", ())
    assert told in " ".join(lines) if told else not lines
    assert bool(found.get("b")) == bool(lines)


def test_a_line_names_its_matter_and_a_lack_is_told_in_its_words(
    assistant: Assistant,
) -> None:
    text = "1. Adult social care reform\n2. Pothole repairs budget"
    pack = brief(assistant, prepare(parse_agenda(text), assistant.parts), "3min")
    assert "social care" in pack.items[0].line[0].text
    assert pack.items[1].lacks
    assert not any("What do the reports say" in lack for lack in pack.items[1].lacks)


def test_the_line_is_of_the_question_that_the_shelf_answers(
    assistant: Assistant,
) -> None:
    text = (
        "1. Budget strategy and financial outlook 2026/27\n   To agree the pooling of "
        "budgets with public service partners.\n2. Clerk's annual review and hours"
    )
    pack = brief(assistant, prepare(parse_agenda(text), assistant.parts), "3min")
    assert "pool resources" in pack.items[0].line[0].text
    # When a report was released is no matter of a meeting.
    assert "embargo" not in " ".join(s.text for s in pack.items[1].line)


def test_no_two_items_have_a_line_in_common() -> None:
    one, two, three = said("P says a."), said("P says b."), said("P says c.")
    items = (
        Item("1", "Buses", "done", line=(one,), points=(two,)),
        Item("2", "Trams", "done", line=(one,), points=(two, three)),
        Item("3", "Trains", "done", line=(one,), points=(two,)),
    )
    found = with_own_lines(items)
    assert [item.line for item in found] == [(one,), (two,), ()]
    assert found[1].points == (three,)
    assert found[2].same_as == "1"
    assert told_of(found[2]) == "The reports say the same here as on item 1."


def test_where_the_shelf_has_nothing_one_line_says_so_and_names_the_nearest() -> None:
    item = Item("1", "Weirs", "done", lacks=("…",), nearest=("Parks › 1", "Parks › 2"))
    assert told_of(item) == f"{NOTHING} Nearest: Parks › 1."


def test_the_paper_of_an_item_bears_its_title(assistant: Assistant) -> None:
    details = assistant.catalogue[0]
    items = [AgendaItem("1", "Trams"), AgendaItem("2", details.title.upper())]
    assert own_papers(items, assistant.catalogue) == {1: details.report}
