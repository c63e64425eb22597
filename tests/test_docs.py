"""The pages under docs say what is there: decisions, links and files are held to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evals.__main__ import COMMANDS
from tests.rooms import PAGE, page_redrawn

ROOT = Path(__file__).parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PAGES += sorted((ROOT / "evals").rglob("*.md"))
# Where a path on a page may begin.
TOPS = (".", "assistant", "assistant/answering", "evals")
HEADINGS = ["## Context", "## Decision", "## Consequences"]
STATUS = re.compile(
    r"^Date: \d{4}-\d\d-\d\d · Status: (?P<status>accepted|superseded by \[\d+\]\(\S+\))$"
)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_has_date_status_and_its_three_parts(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith(f"# {int(path.name[:4])}. ")
    assert STATUS.match(lines[2])
    assert [line for line in lines if line.startswith("## ")] == HEADINGS


def test_the_list_of_decisions_names_each_with_its_status() -> None:
    assert len({path.name[:4] for path in DECISIONS}) == len(DECISIONS)
    lines = []
    for path in DECISIONS:
        title, _, status, *_ = path.read_text("utf-8").splitlines()
        status = status.partition("Status: ")[2]
        end = "" if status == "accepted" else f" — {status}"
        lines.append(f"- [{title.removeprefix('# ')}]({path.name}){end}")
    text = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("- [")] == lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    # These tell of files as they were.
    if page.name == "CHANGELOG.md" or "Status: superseded" in text:
        return
    for name in re.findall(r"`((?:\w+/)+\w+\.py)`", text):
        assert any((ROOT / top / name).is_file() for top in TOPS), name


def test_the_pictures_of_rooms_are_those_of_the_imports() -> None:
    text = PAGE.read_text("utf-8")
    assert text == page_redrawn(text), "Draw them again: make rooms"


def test_evals_lists_each_command_once() -> None:
    text = (ROOT / "evals" / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `python -m evals ([a-z-]+)", text, re.MULTILINE)
    known = [command.__name__.replace("_", "-") for command in COMMANDS]
    assert sorted(listed) == sorted(known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_target_that_a_page_names_is_in_the_makefile(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        return
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)`", page.read_text("utf-8")):
        assert re.search(rf"^{name}:.*## ", makefile, re.MULTILINE), name


def test_help_lists_every_target_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)", makefile, re.MULTILINE)
    said = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(phony.split()) == sorted(said)


def test_what_contributing_names_of_a_file_stands_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(
        r"((?:`\w+`(?:, | and )?)+) of `(assistant/[\w/]+\.py|evals/\w+\.py)`", text
    )
    assert len(named) >= 6
    for names, file in named:
        source = (ROOT / file).read_text("utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{name}\b", source), f"{file} has no {name}"
