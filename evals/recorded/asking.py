"""Asks recorded cases: each goes through the pipeline against a server that replays."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answering.pipeline import Parts
from assistant.composition import make_writer
from assistant.errors import ProviderError
from assistant.prompts import load_prompts
from assistant.provider.chat_model import make_streaming_model
from assistant.provider.model import Message, Role
from assistant.settings import Settings, load_settings, shipped
from evals.cases import Case
from evals.measuring.answers import Answer
from evals.model_server import Messages, ModelServer, serving
from evals.recorded.replies import (
    FOLDER,
    RecordingError,
    Replay,
    Requested,
    load_replies,
    save_replies,
)
from evals.run import ask_with
from evals.sets import SETS
from evals.shelves import KEPT, open_parts

RECORDINGS = ("capable", "weak")
CASES = FOLDER / "cases.json"
# The roles of a request, as a model here takes them.
_ROLES: dict[str, Role] = {"system": "system", "user": "human", "assistant": "ai"}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AskedCase:
    """A case as it was asked: its answer, and each request with its reply."""

    case: Case
    answer: Answer
    requests: tuple[Requested, ...]
    missing: tuple[Requested, ...]

    @property
    def stale(self) -> bool:
        """True where a request has no recording: its answer says nothing."""
        return bool(self.missing)


def recorded_cases(name: str, file: Path = CASES) -> dict[str, list[str]]:
    """Return the ids of the cases of a recording, by their set.

    Raises:
        RecordingError: the file has none, or of a set that may not be looked at.
    """
    found: dict[str, list[str]] = json.loads(file.read_text("utf-8")).get(name, {})
    if not found:
        raise RecordingError(f"{file.name} holds no cases of {name}.")
    for one in found:
        if one not in SETS or SETS[one].held_out:
            raise RecordingError(f"{file.name}: {one} is no development set.")
    return found


def replies_file(name: str) -> Path:
    """Return the file that holds the replies of a recording."""
    return FOLDER / f"{name}.jsonl"


def open_replay(name: str) -> Replay:
    """Return what replays a recording."""
    prompts = load_prompts(shipped("prompts"))
    return Replay(load_replies(replies_file(name)), prompts)


@contextmanager
def recording(replay: Replay, name: str, settings: Settings) -> Iterator[None]:
    """Ask a model what was not recorded yet, and keep what it replies at the end."""
    model = make_streaming_model(settings)

    def reply(messages: Messages) -> str:
        sent = [Message(_ROLES[m["role"]], m["content"]) for m in messages]
        try:
            return "".join(piece.text for piece in model.stream(sent))
        except ProviderError as error:
            print(error, file=sys.stderr)
            return ""

    replay.live = reply
    try:
        yield
    finally:
        model.close()
        save_replies(replies_file(name), replay.replies.values())


@contextmanager
def replaying(replay: Replay, parts: Parts) -> Iterator[Parts]:
    """Open a server that replays; yield the parts with a writer that asks it."""
    with serving(ModelServer(replay)) as address:
        settings = load_settings(
            writer="model",
            chat_model="recorded",
            verifier="model",
            openai_base_url=address,
            openai_api_key="none",
            prompts_dir=shipped("prompts"),
            context_tokens=8000,
        )
        writer = make_writer(settings)
        try:
            yield replace(parts, writer=writer)
        finally:
            writer.close()


def ask_case(case: Case, replay: Replay, parts: Parts) -> AskedCase:
    """Put one case to the pipeline."""
    replay.begin(case.id)
    answer = ask_with(parts)(case)
    requests = tuple(replay.requests)
    return AskedCase(case, answer, requests, tuple(replay.missing()))


def ask_recorded(
    replay: Replay,
    wanted: Mapping[str, Sequence[str]],
    folder: Path = KEPT,
    progress: Progress = lambda done, total: None,
) -> dict[str, list[AskedCase]]:
    """Ask cases, and return them by their set.

    Args:
        replay: replies to what the pipeline asks a model.
        wanted: see ``recorded_cases``.
        folder: where the indexes are made or found.
        progress: told how many cases are done.
    """
    done, total = 0, sum(map(len, wanted.values()))
    asked: dict[str, list[AskedCase]] = {}
    for one, ids in wanted.items():
        with (
            open_parts(SETS[one].shelf, folder) as own,
            replaying(replay, own) as parts,
        ):
            known = {case.id: case for case in SETS[one].cases(parts.shelf.reports)}
            if unknown := [id_ for id_ in ids if id_ not in known]:
                raise RecordingError(f"There is no case {unknown[0]} in {one}.")
            asked[one] = []
            for id_ in ids:
                asked[one].append(ask_case(known[id_], replay, parts))
                done += 1
                progress(done, total)
    return asked
