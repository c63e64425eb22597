"""The command that replays recordings, writes out what is missing, and takes it in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from evals.commands import FAILED, OK, progress, with_model
from evals.recorded.replies import (
    Recorded,
    RecordingError,
    load_replies,
    save_replies,
)

# A capable writer, and one that is short and sloppy and forgets citations.
RECORDINGS = ("capable", "weak")

if TYPE_CHECKING:
    from evals.recorded.scores import AskedSets


def recorded(arguments: argparse.Namespace) -> int:
    """Replay what language models replied to the very requests, and score the answers."""
    # Imports the index, which the other commands need not wait for.
    from evals.recorded.asking import (
        ask_recorded,
        open_replay,
        recorded_cases,
        recording,
        replies_file,
    )
    from evals.recorded.scores import recorded_table, recorded_verdict

    name = arguments.recording
    if arguments.take:
        print(take(arguments.take, replies_file(name)))
        return OK
    replay, wanted = open_replay(name), recorded_cases(name)
    live = arguments.model or arguments.base_url
    with recording(replay, name, with_model(arguments)) if live else nullcontext():
        asked = ask_recorded(replay, wanted, progress=progress)
    if arguments.missing:
        lines = list(missing_lines(asked))
        arguments.missing.write_text("".join(lines), encoding="utf-8")
        print(f"{len(lines)} requests without a reply: {arguments.missing}")
        return OK
    print(recorded_table(asked, verbose=arguments.verbose))
    text, passed = recorded_verdict(name, asked)
    print(f"\n{text}")
    return OK if passed else FAILED


def recorded_gate() -> tuple[str, bool]:
    """Replay every recording, and hold the answers of the path to the thresholds."""
    from evals.recorded.asking import ask_recorded, open_replay, recorded_cases
    from evals.recorded.scores import recorded_verdict

    verdicts = [
        recorded_verdict(name, ask_recorded(open_replay(name), recorded_cases(name)))
        for name in RECORDINGS
    ]
    return "\n".join(text for text, _ in verdicts), all(held for _, held in verdicts)


def missing_lines(asked: AskedSets) -> Iterator[str]:
    """Yield a JSON line for each request that has no reply yet, each request once."""
    seen = set()
    for name, cases in asked.items():
        for one in cases:
            for request in one.missing:
                if request.key in seen:
                    continue
                seen.add(request.key)
                row = {"set": name, "case": one.case.id} | asdict(request)
                del row["reply"]
                yield json.dumps(row, ensure_ascii=False) + "\n"


def take(file: Path, into: Path) -> str:
    """Add the replies of a file, as lines of ``Recorded``, to a recording.

    Raises:
        RecordingError: a line cannot be used, or a request has another reply already.
    """
    new, old = load_replies(file), load_replies(into)
    if twice := [key for key in new if old.get(key, new[key]) != new[key]]:
        raise RecordingError(f"{into.name} has another reply to {twice[0]} already.")
    both: dict[str, Recorded] = {**old, **new}
    save_replies(into, both.values())
    return f"{len(both) - len(old)} replies added, {len(both)} in all: {into}"
