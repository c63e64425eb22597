"""The page in front is one page, and nothing of the agenda is lost from it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.briefing.export import render
from assistant.briefing.export.blocks import References
from assistant.briefing.export.layout import lay_out, words_of_front
from assistant.briefing.front import make_front, shown
from assistant.briefing.front_text import silence_of, title_of, told_together
from assistant.briefing.pack import Item, Length, Pack, Position, Record, Statement
from tests.packs import make_source

TITLES = (
    "Oflog and performance data – for discussion",
    "Devolution and combined authorities",
    "Finance",
    "Town centre regeneration and levelling up funding in market towns",
)
LINES = (
    "31ten (2024) argues that trust helps people to cross organisational boundaries.",
    "Localis (2023) recommends in Level Measures that devolution deals include "
    "provisions to fund both neighbourhood services and councils' capacity to "
    "coordinate provision strategically, so that upstream prevention comes first.",
    "Localis (2024) recommends that government work with the Local Government "
    "Association (LGA) to develop further and scale up employment and training "
    "programmes for local government, so as to fill the capacity gap faster and equip "
    "the workforce for the service challenges of the future.",
)
NAMES = (
    "Changing Places (Localis, 2013)",
    "Heart of the Matter (Localis, 2024)",
    "What's Next For Local Government (31ten, 2024)",
)


def statement(n: int) -> Statement:
    section = f"Findings › {n}"
    text = LINES[n % len(LINES)].replace(" that ", f" on count {n} that ", 1)
    return Statement(text, (make_source("buses-2023", section, str(n)),), 0.9)


def briefed(n: int) -> Item:
    silent = tuple(Position(name, name) for name in NAMES[: n % 4])
    points = tuple(statement(10 * n + k) for k in range(5))
    line = (statement(1000 + n), statement(2000 + n))[: 1 + n % 2]
    title = TITLES[n % len(TITLES)]
    return Item(
        str(n), title, "done", ("q",), line=line, points=points, positions=silent
    )


def item(n: int) -> Item:
    """Of many items every fifth is one of procedure, every seventh not on the shelf."""
    if n % 5 == 4:
        return Item(str(n), "Apologies for absence", "not needed")
    if n % 7 == 6:
        return Item(str(n), TITLES[n % 4], "done", ("q",), lacks=("On “q” nothing.",))
    return briefed(n)


def pack_of(items: tuple[Item, ...], length: Length = "3min", **told: object) -> Pack:
    pack = Pack(
        meeting="Cabinet",
        date="Tuesday 14 January 2025, 2.00pm",
        place="Town Hall",
        attendees=("Cllr Ann Smith (Leader)", "Cllr Bo Jones", "Chief Executive"),
        length=length,
        items=items,
        record=Record("2025-01-14T10:00+00:00", "quoting", "abc", NAMES),
    )
    return shown(replace(pack, **told))  # type: ignore[arg-type]


def many(count: int, length: Length = "3min") -> Pack:
    return pack_of(tuple(item(n) for n in range(1, count + 1)), length)


def folded(text: str) -> str:
    return "".join(text.split())


def pages_of(pdf: bytes) -> list[str]:
    return [folded(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def on_the_page(pack: Pack) -> Iterator[str]:
    front = make_front(pack)
    for own in front.at("page"):
        yield title_of(own)
        yield from (s.text for s in (*own.line, *own.points))
        yield silence_of(own)
    for where in ("unsaid", "not needed"):
        if items := front.at(where):
            yield told_together(items)


PACKS = {
    "eight matters": pack_of(tuple(briefed(n) for n in range(1, 9))),
    "eight in full": pack_of(tuple(briefed(n) for n in range(1, 9)), "full"),
    "three": many(3),
    "twelve": many(12),
    "forty": many(40),
    "forty in full": many(40, "full"),
    "sixty in 30 seconds each": many(60, "30s"),
    "letters of a wider font": replace(many(12), meeting="Cyngor Tŷ Ddŵr"),
    "with notes": replace(many(20), notes=("A note of what was left out. " * 5,) * 3),
}


@pytest.mark.parametrize("name", PACKS)
def test_the_front_is_one_page_of_a_pdf(name: str) -> None:
    first = pages_of(render(PACKS[name], ".pdf"))[0]
    assert [
        t for t in on_the_page(PACKS[name]) if folded(t) not in unmarked(first)
    ] == []


@pytest.mark.parametrize("name", PACKS)
def test_what_it_rests_on_stands_on_the_page_where_that_has_room(name: str) -> None:
    pack = PACKS[name]
    front, pages = make_front(pack), pages_of(render(pack, ".pdf"))
    assert (len(pages) == 1) == front.with_sources
    if front.with_sources:
        assert f"[{len(pack.references)}]" in pages[0]
        assert pages[0].index("References") < pages[0].index("Fortherecord")
    # Where it has none, the page in front is not begun anew for it.
    elif pack.length != "full" and not front.at("after"):
        assert "References" not in pages[0]
        assert len(pages) == 2


def unmarked(text: str) -> str:
    return re.sub(r"\[\d+\]|•|\x7f", "", text)


@pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="soffice (LibreOffice), which lays the Word file out, is not installed",
)
def test_the_front_is_one_page_of_a_word_file(tmp_path: Path) -> None:
    files = {name: tmp_path / f"{n}.docx" for n, name in enumerate(PACKS)}
    for name, file in files.items():
        file.write_bytes(render(PACKS[name], ".docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    asked = ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    command = ["soffice", profile, *asked, *map(str, files.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for name, file in files.items():
        pages = pages_of(file.with_suffix(".pdf").read_bytes())
        first = unmarked(pages[0])
        assert len(pages) == 1 or not make_front(PACKS[name]).with_sources, name
        missing = [t for t in on_the_page(PACKS[name]) if folded(t) not in first]
        assert missing == [], name


def test_of_a_short_pack_the_sources_stand_under_their_reports() -> None:
    pack = many(3)
    blocks = lay_out(pack, paged=True).blocks
    (references,) = (b for b in blocks if isinstance(b, References))
    leads = [entry.lead for entry in references.entries]
    assert references.run_on
    assert len(leads) > 1
    assert [bool(lead) for lead in leads] == [True] + [False] * (len(leads) - 1)


def test_eight_matters_all_stand_on_the_page() -> None:
    front = make_front(PACKS["eight matters"])
    assert len(front.at("page")) == 8
    assert all(item.line for item in front.at("page"))


@pytest.mark.parametrize("count", [1, 3, 8, 12, 20, 40, 60])
def test_every_item_stands_somewhere_and_the_page_is_read_in_three_minutes(
    count: int,
) -> None:
    pack = many(count)
    text = " ".join(block_texts(pack))
    for own in pack.items:
        assert re.search(rf"\b{own.number}\b", text)
        for said in own.line:
            assert said.text in text
    assert words_of_front(pack) <= 650
    front = make_front(pack)
    assert sum(len(front.at(w)) for w in set(front.where)) == count
    assert len(front.at("page")) >= min(count - count // 5, 6)


def block_texts(pack: Pack) -> Iterator[str]:
    for block in lay_out(pack).blocks:
        yield getattr(block, "text", "")
        lines = getattr(block, "lines", (getattr(block, "spans", ()),))
        yield from ("".join(span.text for span in line) for line in lines)


def test_what_the_page_has_no_room_for_follows_it_and_the_page_says_so() -> None:
    text = " ".join(block_texts(many(40)))
    after = make_front(many(40)).at("after")
    assert f"Items {after[0].number} to {after[-1].number}: their lines" in text
    assert text.index("In brief, continued") < text.index(after[0].line[0].text)


def test_a_pack_cut_to_its_page_is_cut_no_further() -> None:
    for pack in PACKS.values():
        assert shown(pack) == pack
        assert make_front(pack).where == make_front(shown(pack)).where


def test_many_silent_reports_are_counted_and_twin_titles_told_apart() -> None:
    names = tuple(f"Report {n} (A, 20{n})" for n in range(10, 19))
    silent = replace(briefed(1), positions=tuple(Position(n, n) for n in names))
    assert silence_of(silent).endswith("Report 13; and 5 more, named at full length.")
    twins = ("Plan (A, 2010)", "Plan (A, 2020)")
    silent = replace(briefed(1), positions=tuple(Position(n, n) for n in twins))
    assert silence_of(silent) == "Silent on this: Plan (A, 2010); Plan (A, 2020)."


def test_a_long_list_of_people_is_whole_in_the_record() -> None:
    names = tuple(f"Councillor {n}" for n in range(30))
    pack = replace(many(3), attendees=names)
    document = lay_out(pack)
    assert "and 22 more (see For the record)" in document.subtitle[0].text
    assert any("Councillor 29" in text for text in block_texts(pack))


def test_two_items_of_one_number_have_anchors_of_their_own() -> None:
    pack = pack_of((briefed(1), replace(briefed(2), number="1")), "full")
    anchors = [getattr(b, "anchor", None) for b in lay_out(pack).blocks]
    named = [anchor for anchor in anchors if anchor]
    assert len(named) == len(set(named))
