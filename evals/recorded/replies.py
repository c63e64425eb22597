"""What models replied, one JSON line a reply, found by a hash of the request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from assistant.prompts import Prompts
from evals.model_server import Messages, Replying

FOLDER = Path(__file__).parent
Stage = Literal["distil", "answer", "read", "mend"]
# What is replied where nothing was recorded: no question, no sentence, no verdict. The
# pipeline goes on with it, so that every request of one step is seen.
STAND_IN = "-"


class RecordingError(Exception):
    """A file of replies or of cases cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reply as it was given; ``key`` is the hash of the messages of its request."""

    key: str
    stage: Stage
    case: str
    reply: str


@dataclass(frozen=True, slots=True)
class Requested:
    """A request as it came, and its reply; None where none was recorded."""

    key: str
    stage: Stage
    messages: Messages
    reply: str | None


def key_of(messages: Messages) -> str:
    """Return the hash by which the reply to some messages is found.

    Roles and texts count, and nothing else of a request.
    """
    pairs = [[message["role"], message["content"]] for message in messages]
    text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def stage_of(messages: Messages, prompts: Prompts) -> Stage:
    """Return what a request is for, by the prompt that it begins with."""
    asked = messages[-1]["content"]
    stages: dict[Stage, str] = {
        "distil": prompts.question.text,
        "read": prompts.second_reading.text,
        "mend": prompts.mend.text,
    }
    for stage, prompt in stages.items():
        if asked.startswith(prompt.partition("{")[0]):
            return stage
    return "answer"


@dataclass
class Replay:
    """Replies to requests as was recorded, and notes them; ``begin`` opens a case.

    ``live`` is asked where nothing was recorded, and what it replies is kept.
    """

    replies: dict[str, Recorded]
    prompts: Prompts
    live: Replying | None = None
    case: str = ""
    requests: list[Requested] = field(default_factory=list)

    def begin(self, case: str) -> None:
        """Forget the requests noted so far; those that come are of this case."""
        self.case, self.requests = case, []

    def __call__(self, messages: Messages) -> str:
        """Return the reply to some messages."""
        key = key_of(messages)
        stage = stage_of(messages, self.prompts)
        live = self.live if key not in self.replies else None
        if live is not None and (said := live(messages).strip()):
            self.replies[key] = Recorded(key, stage, self.case, said)
        found = self.replies.get(key)
        reply = found.reply if found else None
        self.requests.append(Requested(key, stage, messages, reply))
        return STAND_IN if reply is None else reply

    def missing(self) -> list[Requested]:
        """Return the first requests of the case without a reply: those of one step.

        What comes after them hangs on what they will bring.
        """
        lacking = [r for r in self.requests if r.reply is None]
        return [r for r in lacking if r.stage == lacking[0].stage]


def load_replies(file: Path) -> dict[str, Recorded]:
    """Return the replies of a file by their keys; none where there is no file.

    Raises:
        RecordingError: a line cannot be used.
    """
    if not file.exists():
        return {}
    found: dict[str, Recorded] = {}
    for place, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            one = Recorded(**json.loads(line))
        except (TypeError, ValueError) as error:
            raise RecordingError(f"{file.name}, line {place}: {error}.") from error
        if one.stage not in get_args(Stage) or not one.reply.strip():
            raise RecordingError(f"{file.name}, line {place}: no stage, or no reply.")
        if found.setdefault(one.key, one) != one:
            raise RecordingError(f"{file.name}, line {place}: {one.key} stands twice.")
    return found


def save_replies(file: Path, replies: Iterable[Recorded]) -> None:
    """Write replies, those of one case together, in the order of its steps."""
    order = get_args(Stage)
    rows = sorted(replies, key=lambda r: (r.case, order.index(r.stage), r.key))
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
