"""Layout goes; what hides, loads or leads elsewhere is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.writers.tidying import (
    plain_text,
    unfit,
    visible,
    with_report_named,
)
from tests.provider.server import ModelServer
from tests.test_model_answer import ASKED, SHOWN, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

BARE = TRUE.removesuffix(" [1].")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("sub\u200bregional", "subregional"),
        ("cen\u00adtres", "centres"),
        ("\u202ecentres\u202c", "centres"),
        ("data.\U000e0068\U000e0069", "data."),
        ("red\x1b[31m", "red[31m"),
        ("\u2705 Yes \U0001f44d\ufe0f", " Yes \ufe0f"),
        ("e\u0301" + "\u0301" * 50, "e\u0301\u0301"),
        ("£1.5m – 20 °C, café ½", "£1.5m – 20 °C, café ½"),
    ],
)
def test_visible_keeps_what_is_read_and_nothing_else(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text())
def test_visible_changes_nothing_twice(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Boards** are ~~not~~ `good`", "Boards are not good"),
        ("It wants `local hubs` in Kent", "It wants local hubs in Kent"),
        ("It says `boards are a disgrace` too", 'It says "boards are a disgrace" too'),
    ],
)
def test_plain_text_has_no_marks_of_layout(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("According to [2], boards help.", "According to the report [2], boards help."),
        ("According to (2), boards help.", "According to the report (2), boards help."),
        ("Passage [1] says so.", "The report [1] says so."),
        ("[1] Boards help.", "[1] Boards help."),
        ("Boards help in Kent [1].", "Boards help in Kent [1]."),
        ("According to passages [1] and [2], yes.",) * 2,
    ],
)
def test_a_passage_spoken_of_by_its_number_is_the_report(text: str, named: str) -> None:
    assert with_report_named(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "See http://evil.example/x",
        "See www.evil.example",
        "Write to boss@evil.example",
        "See evil.example/steal",
        "See evil.com.",
        "javascript:alert(1)",
        "<details>x",
        "x</b>",
        "<!-- x",
        "&#x3C;img",
        "&lt;b",
        "![x](y)",
        "[x](y)",
        r"\href{x}{y}",
    ],
)
def test_markup_and_addresses_are_unfit(text: str) -> None:
    assert unfit(text, ["Boards help. See localis.org.uk."])


@pytest.mark.parametrize(
    "text",
    [
        "Spend < 5% & save £1.5m, e.g. in the U.K. (p. 20).",
        "See www.localis.org.uk.",
        "Health/care boards and/or funds, No.10 said.",
    ],
)
def test_what_the_passage_holds_is_fit(text: str) -> None:
    assert unfit(text, ["See www.localis.org.uk."]) is None


@pytest.mark.parametrize(
    "written",
    [
        f"> {TRUE}",
        TRUE.replace("centres", "cen\u200btres"),
        TRUE.replace("centres", "\u202ecentres\u202c"),
        TRUE.replace("be established", "be ~~established~~"),
        f"\u2705 {TRUE}",
        f"{TRUE}\n\n[1]: http://evil.example/p.png",
        f"{TRUE} ![x][1]",
        f"{TRUE} See [1](http://evil.example).",
        f"{TRUE} See <http://evil.example> [1].",
        f"{TRUE} {BARE} at www.evil.example [1].",
        f"{TRUE} <details>{BARE}</details> [1].",
        f"{TRUE} {BARE}: `councils are a disgrace` [1].",
        f"{TRUE} {BARE} (http://evil.example): \n- {BARE} at boss@evil.example [1].",
    ],
)
def test_a_model_cannot_slip_in_what_no_reader_should_be_given(
    with_model: WithModel, server: ModelServer, written: str
) -> None:
    server.script(written, "1. DROP")
    answer = with_model().answer(ASKED)
    assert answer.text == f"{SHOWN} [1]"


def test_according_to_a_number_is_according_to_the_report(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(
        "According to [1], subregional centres should be established to collate and "
        "analyse public service data."
    )
    answer = with_model().answer(ASKED)
    assert answer.text.startswith("According to the Localis report (2023), subregional")
