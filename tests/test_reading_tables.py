"""Rows of tables as sentences: captions, names of columns, parts of tables, lists."""

from __future__ import annotations

import pytest

from assistant.reading.blocks import Block, FoundTable, join_lists
from assistant.reading.tables import row_texts, with_rows


def rows(grid: str, **more: object) -> list[str]:
    cells = [line.split("|") for line in grid.splitlines()]
    return [text for _, text in row_texts(cells, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ("Depot|2023\nNorth|17", ["North — 2023: 17"]),
        ("Owner|Ada Green\nWard|All", ["Owner — Ada Green", "Ward — All"]),
        ("To:|Ada Green\nExt:|3065", ["To — Ada Green", "Ext — 3065"]),
        ("Vans|Vans|Vans\nDepot|Old|New\nNorth|1|2", ["Vans: North — Old: 1; New: 2"]),
        ("|A|A\n|Old|New\nNorth|1|2", ["North — A Old: 1; A New: 2"]),
        ("Depot|Old|New\nCity|City|City\nNorth|1|2", ["City, North — Old: 1; New: 2"]),
        ("Depot|Old|New\nNorth|–|2", ["North — New: 2"]),
        (
            "Depot|Site|Old\nCity|North|1\n|South|2",
            ["City, North — Old: 1", "South — Old: 2"],
        ),
        (
            "Vans|Bought\nNorth|9\nSold by:|Vans sold\nSouth|2\nTotal (net)|7",
            [
                "North — Bought: 9",
                "Sold by, South — Vans sold: 2",
                "Total (net) — Bought: 7",
            ],
        ),
    ],
)
def test_a_row_says_what_its_cells_are(grid: str, said: list[str]) -> None:
    assert rows(grid) == said


def test_an_empty_name_is_that_of_the_row_above_where_spans_are_not_known() -> None:
    grid = "Depot|Site|Old\nCity|North|1\n|South|2\nTotal||3"
    found = rows(grid, spans_known=False)
    assert found == ["City, North — Old: 1", "City, South — Old: 2", "Total — Old: 3"]


def test_a_long_row_is_parted_and_keeps_its_name() -> None:
    words = "weir " * 70
    assert rows(f"Area|Risk|Care\nNorth|{words}|{words}", heads=1) == [
        f"North — Risk: {words.strip()}",
        f"North — Care: {words.strip()}",
    ]


@pytest.mark.parametrize("above", [True, False])
def test_a_caption_stands_above_or_below(above: bool) -> None:
    caption = Block("text", "Table 3: Vans by depot.")
    table = FoundTable([["Depot", "Old"], ["North", "1"]])
    parts: list[Block | FoundTable] = [caption, table] if above else [table, caption]
    found = [block.text for block in with_rows([Block("text", "A text."), *parts])]
    assert found == ["A text.", "Table 3: Vans by depot: North — Old: 1"]


def test_the_caption_of_a_figure_above_gives_way_to_a_tables_below() -> None:
    figure, caption = Block("text", "Figure 1: Test."), Block("text", "Table 6: Vans.")
    table = FoundTable([["Depot", "Old"], ["North", "1"]])
    found = [block.text for block in with_rows([figure, table, caption])]
    assert found == ["Figure 1: Test.", "Table 6: Vans: North — Old: 1"]


def items(*texts: str) -> list[str]:
    blocks = [Block("text", texts[0]), *(Block("item", text) for text in texts[1:])]
    return [block.text for block in join_lists(blocks)]


def test_a_list_may_have_its_own_signs() -> None:
    assert items("They are:", "(a) weirs,", "(b) locks; and", "(c) dams.") == [
        "They are: (a) weirs; (b) locks; and (c) dams."
    ]


def test_a_short_list_ends_where_its_marks_change() -> None:
    assert items(
        "The steps are:", "1. Ask.", "2. Dig", "2.1 A weir is dug. It holds."
    ) == [
        "The steps are: 1. Ask; 2. Dig.",
        "2.1 A weir is dug. It holds.",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ("The steps are:", "• Ask."),
        ("The steps are:", "• Ask. Then dig.", "• Wait."),
        ("The steps are:", *(f"• {'weir ' * 20}" for _ in range(5))),
        ("No lead-in.", "• Ask", "• Dig"),
    ],
)
def test_other_lists_stay_as_they_are(texts: tuple[str, ...]) -> None:
    assert items(*texts) == list(texts)
