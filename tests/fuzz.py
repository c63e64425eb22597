"""Tries many odd inputs on each property: few on all of them, then ever more.

``python -m tests.fuzz EXAMPLES MINUTES``: rounds of a five-hundredth, a twentieth, a
quarter and all of the examples; in each round the cheap properties come first, so what the
time does not allow is missing where an example is dear. Ends with a table of what held.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

FILES = (
    "test_citations test_sentences test_request test_markdown test_briefing_agenda "
    "test_briefing_paste test_web_render test_web_history test_reading_files "
    "test_reading_bad_files test_fuzz"
).split()
SHARES = (500, 20, 4, 1)
RESULT = re.compile(r"^(tests/\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED)")


def lines(arguments: list[str], examples: int, until: float) -> Iterator[str]:
    """Run pytest; yield what it says, line by line, while there is time."""
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", "-v", *arguments]
    with subprocess.Popen(
        ["timeout", str(max(1, int(until - time.monotonic()))), *command],
        env={**os.environ, "FUZZ_EXAMPLES": str(examples), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)  # noqa: T201 - it is a command
            yield line


def main() -> int:
    """Try until each has had its number, or time is up."""
    most, until = int(sys.argv[1]), time.monotonic() + 60 * float(sys.argv[2])
    names = ["-m", "hypothesis", *(f"tests/{name}.py" for name in FILES)]
    tried: dict[str, int] = {}
    seconds: dict[str, float] = {}
    bad: set[str] = set()
    for share in SHARES:
        begun = time.monotonic()
        for line in lines(names, most // share, until):
            if found := RESULT.match(line):
                name, now = found[1], time.monotonic()
                seconds[name], begun = now - begun, now
                tried.setdefault(name, 0)
                if found[2] == "PASSED":
                    tried[name] += most // share
                else:
                    bad.add(name)
        names = sorted(tried.keys() - bad, key=seconds.__getitem__)
        if not names or time.monotonic() > until:
            break
    for name, count in sorted(tried.items(), key=lambda one: -one[1]):
        print(f"{count:>9,}  {name}  {'FAILED' if name in bad else ''}")  # noqa: T201
    return int(bool(bad) or not tried)


if __name__ == "__main__":
    sys.exit(main())
