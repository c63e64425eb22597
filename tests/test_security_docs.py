"""docs/security.md names tests, and each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs" / "security.md").read_text("utf-8")


def test_each_threat_names_tests_that_are_there() -> None:
    rows = [line for line in TEXT.splitlines() if re.search(r"`test_\w+\.py", line)]
    assert len(rows) > 35
    for row in rows:
        cell = row.rstrip(" |").rpartition("|")[2]
        for file, name, names in re.findall(
            r"`(test_\w+\.py)(?:::(\w+))?`([^`]*)", cell
        ):
            source = (TESTS / file).read_text("utf-8")
            told = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", names)
            for one in (name or "test_", *(f"test_{one}" for one in told)):
                assert f"def {one}" in source, f"{file} has no {one}"
