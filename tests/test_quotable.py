"""What of a text is quoted by itself."""

from __future__ import annotations

import pytest

from assistant.text.quotable import is_quotable, split_labels, split_quotable

LISTED = """6.1 The Board is asked to:

(a) keep the three weirs at Lower Ford as set out in section 4; and

(b) sell the lock-keeper's house.

No other weir is touched."""


@pytest.mark.parametrize(
    "sentence",
    [
        "Weirs need care in every year.",
        "Table 2: Vans by depot: Southmoor — electric: 42; diesel: 8",
        "Southmoor — electric: 42",
        "• Inspect each weir before the winter",
        "2.1 The planning of weirs has a large part to play in keeping people well",
        "Is it known who owns the weir?",
        "See https://example.org/weirs for the list of weirs that need care.",
    ],
)
def test_a_sentence_or_a_row_may_be_quoted(sentence: str) -> None:
    assert is_quotable(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Executive summary",
        "WEIRS AND LOCKS OF THE DISTRICT IN THE WINTER OF LAST YEAR",
        "https://www.example.org/downloads/weirs",
        "Ada Green, ada.green@example.org",
        "The owners of weirs are asked to do the following:",
        "Service | 2023 | 2024",
        "Table 2: Vans by depot",
        "Figure 4: What the owners of weirs said of the care of each of them",
        "Resources and Waste Strategy for Weirford, 2023 to 2035",
        "Weirford County Council, 19 June 2024 Ada Green, Head of Weirs and Locks",
        "No.",
        "12",
        "• Weirs",
    ],
)
def test_a_fragment_may_not_be_quoted(sentence: str) -> None:
    assert not is_quotable(sentence)


def test_a_lead_in_and_its_list_are_one() -> None:
    assert split_quotable(LISTED) == [
        "The Board is asked to: (a) keep the three weirs at Lower Ford as set out in "
        "section 4; and (b) sell the lock-keeper's house.",
        "No other weir is touched.",
    ]


def test_a_long_list_is_quoted_item_by_item() -> None:
    items = [f"({letter}) keep the weir at {'ford ' * 20};" for letter in "abcdef"]
    found = split_quotable("The Board is asked to:\n\n" + "\n\n".join(items))
    assert len(found) > 2
    assert not any(unit.endswith((":", ";")) for unit in found)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("2.4 Weirs need care in every year.", "Weirs need care in every year."),
        ("• Each weir costs the county £5", "Each weir costs the county £5"),
        (
            "Note 3: Weirs are counted where they stand.",
            "Weirs are counted where they stand.",
        ),
        ("2. The Board should meet in public.", "2. The Board should meet in public."),
    ],
)
def test_what_says_nothing_before_a_sentence_is_left_out(
    text: str, quoted: str
) -> None:
    assert split_quotable(text) == [quoted]


def test_split_labels_gives_the_lines_of_a_title_page() -> None:
    text = "Report to: Board\n\nDate: 4 May 2024\n\nWeirford\n\nWeirs need care in every year."
    assert split_labels(text) == ["Report to: Board", "Date: 4 May 2024"]
