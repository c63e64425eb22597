"""Runs an assistant over cases: its answers, and what they depended on, in a folder."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant import schema
from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.errors import AssistantError
from assistant.settings import Settings
from evals.cases import Case
from evals.measuring.answers import Answer
from evals.measuring.scoring import (
    ANSWERS,
    SETTINGS,
    STANDALONE,
    ResultError,
    write_json,
)

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"

Ask = Callable[[Case], Answer]
Progress = Callable[[int, int], None]


def asking(answer: Callable[[Question], schema.Answer]) -> Ask:
    """Return a function that puts a case to whatever answers questions."""

    def ask(case: Case) -> Answer:
        started = perf_counter()
        try:
            found = answer(Question(case.question, case.history, id=case.id))
        except AssistantError as error:
            # A question that cannot be taken is a result, and no end to the run.
            found = schema.Answer(
                case.question, case.question, "error", str(error), id=case.id
            )
        return found.timed(perf_counter() - started).as_json()

    return ask


def ask_with(parts: Parts) -> Ask:
    """Return a function that puts a case to the pipeline, as every face does."""
    return asking(partial(answer_question, parts=parts))


def alone(cases: Sequence[Case]) -> list[Case]:
    """Return the follow-ups that have a standalone question, asked with that alone."""
    return [
        replace(case, question=case.standalone, history=(), standalone=None)
        for case in cases
        if case.standalone
    ]


def stopping(ask: Ask, most: int = 5) -> Ask:
    """Return a function that asks, and gives up after so many failures in a row.

    A server that is down fails every question, and no figure comes of that.
    """
    failed = 0

    def ask_or_stop(case: Case) -> Answer:
        nonlocal failed
        answer = ask(case)
        failed = failed + 1 if answer["outcome"] == "error" else 0
        if failed >= most:
            raise ResultError(f"{most} questions in a row failed: {answer['text']}")
        return answer

    return ask_or_stop


def _prompt_hashes(folder: Path) -> dict[str, str]:
    files = sorted(folder.glob("*.md"))
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def describe(parts: Parts, settings: Settings, name: str) -> dict[str, Any]:
    """Return what answers depend on, so that one run can be told from another.

    Args:
        parts: that answer.
        settings: they were made of.
        name: of the set of cases that is asked.
    """
    shelf = parts.shelf
    values = settings.model_dump(mode="json")
    # An address may hold a password, and a run may be shown to others.
    shown = {k: v for k, v in values.items() if not k.endswith(("key", "url"))}
    return {
        "set": name,
        "settings": shown,
        "prompts": _prompt_hashes(settings.prompts_dir),
        "corpus": {d.details.document_id: d.content_hash for d in shelf.documents},
        "embedding_model": shelf.embedder.name,
        "python": platform.python_version(),
        "machine": platform.platform(),
    }


def write_run(
    ask: Ask,
    cases: Sequence[Case],
    out: Path,
    facts: dict[str, Any],
    progress: Progress = lambda done, total: None,
    repeats: int = 1,
) -> Path:
    """Ask every case, and every follow-up also by its standalone question.

    Returns a new folder under ``out`` with the answers.

    Args:
        ask: answers one case.
        cases: all held out, or none.
        out: holds the folders of runs.
        facts: see ``describe``; the run adds its time, commit and models.
        progress: told how many questions are done, and of how many.
        repeats: how often each question is asked.
    """
    started = datetime.now(UTC)
    commit = _git("rev-parse", "HEAD")
    # Runs of several sets may begin in one second.
    name = f"{started:%Y%m%dT%H%M%SZ} {commit[:7]} {facts.get('set', '')}"
    folder = out / "-".join(name.split())
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise ResultError(f"{folder} is there already. Try again.") from error
    models = set()
    asked = [(ANSWERS, case) for case in cases]
    asked += [(STANDALONE, case) for case in alone(cases)]
    done, total = 0, len(asked) * repeats
    for repeat in range(1, repeats + 1):
        for name, case in asked:
            progress(done, total)
            answer = dict(ask(case))
            models.add(answer["model"])
            if repeats > 1:
                answer["repeat"] = repeat
            # Written at once: a run that is stopped keeps what it paid for.
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")
            done += 1
    progress(done, total)
    about = {
        "started": started.isoformat(timespec="seconds"),
        "commit": commit,
        "changed_files": _git("status", "--porcelain").splitlines(),
        "held_out": any(case.held_out for case in cases),
        "models": sorted(models),
        "repeats": repeats,
    }
    write_json(folder / SETTINGS, about | facts)
    return folder


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.rstrip()
