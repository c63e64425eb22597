"""What the details of an added report say of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.reading.about import about
from assistant.schema import NO_PUBLISHER, ReportDetails

WEIRS = ReportDetails(
    "on-weirs-2023", "report", "On Weirs", "Weirford Council", "PDF", "", "-",
    published="2023-07-05", authors=("Ada Green",),
)  # fmt: skip


def test_each_sentence_names_the_report() -> None:
    assert about(WEIRS, 14).text == (
        "On Weirs was published by Weirford Council on 5 July 2023. "
        "On Weirs was written by Ada Green. On Weirs has 14 pages (PDF)."
    )


@pytest.mark.parametrize(
    ("published", "said"),
    [("2023-07", "in July 2023"), ("2023", "in 2023"), (None, "Weirford Council")],
)
def test_a_date_is_as_precise_as_it_is_known(published: str | None, said: str) -> None:
    text = about(replace(WEIRS, published=published)).text
    assert text.startswith(
        f"On Weirs was published by Weirford Council{'' if published is None else ' ' + said}."
    )


def test_what_is_unknown_is_not_spoken_of() -> None:
    bare = replace(WEIRS, publisher=NO_PUBLISHER, published=None, authors=())
    assert about(bare).text == "On Weirs was added to the shelf as PDF."
