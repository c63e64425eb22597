"""Tries many odd inputs on each property: few on all of them, then ever more.

``python -m tests.fuzz EXAMPLES MINUTES``: four rounds, which bring a property to a
five-hundredth, a twentieth, a quarter and all of the examples. In each the cheap ones come
first, so what the time does not allow is missing where an example is dear. Ends with a
table of what held.
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
RESULT = re.compile(
    r"^\[gw\d+\] \[.*?\] (PASSED|FAILED|ERROR|SKIPPED) (tests/\S+::.+?)\s*$"
)
TOOK = re.compile(r"^([\d.]+)s call +(tests/\S+::.+?)\s*$")


def lines(arguments: list[str], examples: int, until: float) -> Iterator[str]:
    """Run pytest; yield what it says, line by line, while there is time."""
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", "-v", "--durations=0"]
    # One property at a time for each process, in the order given.
    beside = ["-n", "auto", "--maxprocesses", "4", "--maxschedchunk", "1"]
    seconds = max(1, int(until - time.monotonic()))
    with subprocess.Popen(
        ["timeout", str(seconds), *command, *beside, *arguments],
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
    before = 0
    for share in SHARES:
        more, before = most // share - before, most // share
        for line in lines(names, more, until):
            if found := RESULT.match(line):
                outcome, name = found.groups()
                tried.setdefault(name, 0)
                if outcome == "PASSED":
                    tried[name] += more
                else:
                    bad.add(name)
            elif found := TOOK.match(line):
                seconds[found[2]] = float(found[1])
        # What took no time worth telling comes first.
        names = sorted(tried.keys() - bad, key=lambda name: seconds.get(name, 0))
        if not names or time.monotonic() > until:
            break
    for name, count in sorted(tried.items(), key=lambda one: -one[1]):
        print(f"{count:>9,}  {name}  {'FAILED' if name in bad else ''}")  # noqa: T201
    return int(bool(bad) or not tried)


if __name__ == "__main__":
    sys.exit(main())
