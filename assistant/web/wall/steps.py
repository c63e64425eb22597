"""What each event of the page takes, and whether a request sends that and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.serving.refusing import RefusedError
from assistant.web.gradio_import import Block, gr
from assistant.web.wall.bodies import FILES, MALFORMED, NOT_YOURS
from assistant.web.wall.held import MOST_WAITING

Input = Literal["state", "file", "files", "value"]

_GONE = "The page has changed since you opened it. Reload it and try again."
_JOIN = {"data", "event_data", "fn_index", "trigger_id", "session_hash"}
_CANCEL = {"session_hash", "fn_index", "event_id"}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What makes of an object a file, for Gradio.
_FILE_WORDS = {"path", "meta", "_type", "url"}

FindFile = Callable[[str], Path | None]


def inputs_of(page: gr.Blocks) -> dict[int, tuple[Input, ...]]:
    """Return what each event of a page of Gradio's takes, by the event's number."""
    return {
        number: tuple(_input(block) for block in fn.inputs)
        for number, fn in page.fns.items()
    }


def _input(block: Block) -> Input:
    if block.stateful:
        # The server holds it: what is sent for it counts for nothing.
        return "state"
    if not isinstance(block, gr.File | gr.UploadButton):
        return "value"
    return "files" if block.file_count == "multiple" else "file"


def check_name(name: object) -> str:
    """Return a name that a page made up for itself.

    Raises:
        RefusedError: no page of ours makes up such a one.
    """
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise RefusedError(400, MALFORMED)


@dataclass(frozen=True)
class Steps:
    """The events of a page."""

    inputs: Mapping[int, tuple[Input, ...]]

    def join(self, body: dict[str, object], find: FindFile) -> dict[str, Any]:
        """Return what is passed on of a request that sets off an event.

        ``find`` returns a file that this person sent, by its name.

        Raises:
            RefusedError: it sends what the event does not take.
        """
        number, data = body.get("fn_index"), body.get("data")
        if not body.keys() <= _JOIN or not isinstance(data, list):
            raise RefusedError(400, FILES if has_file(body) else MALFORMED)
        if type(number) is not int:
            raise RefusedError(400, MALFORMED)
        takes = self.inputs.get(number)
        if takes is None or len(takes) != len(data):
            raise RefusedError(404, FILES if has_file(data) else _GONE)
        if has_file(body.get("event_data")):
            raise RefusedError(400, FILES)
        trigger = body.get("trigger_id")
        if trigger is not None and type(trigger) is not int:
            raise RefusedError(400, MALFORMED)
        return {
            "data": [
                _taken(kind, value, find)
                for kind, value in zip(takes, data, strict=True)
            ],
            # No event of ours asks for more than which one it is.
            "event_data": None,
            "fn_index": number,
            "trigger_id": trigger,
            "session_hash": check_name(body.get("session_hash")),
        }

    def cancel(self, body: dict[str, object]) -> dict[str, Any]:
        """Return what is passed on of a request that ends an event.

        Raises:
            RefusedError: it sends what that does not take.
        """
        if body.keys() != _CANCEL or type(body["fn_index"]) is not int:
            raise RefusedError(400, FILES if has_file(body) else MALFORMED)
        return {
            "fn_index": body["fn_index"],
            "session_hash": check_name(body["session_hash"]),
            "event_id": check_name(body["event_id"]),
        }


def _taken(kind: Input, value: object, find: FindFile) -> object:
    match kind:
        case "state":
            if has_file(value):
                raise RefusedError(400, FILES)
            return None
        case "file":
            return None if value is None else _file(value, find)
        case "files":
            return None if value is None else _files(value, find)
        case "value":
            return _value(value)


def _value(value: object) -> object:
    """Return a text, a number, or a list of them: no event of ours takes an object."""
    plain = value if isinstance(value, list) else [value]
    if all(one is None or isinstance(one, str | int | float) for one in plain):
        return value
    raise RefusedError(400, FILES if has_file(value) else MALFORMED)


def _files(value: object, find: FindFile) -> list[dict[str, object]]:
    if not isinstance(value, list) or len(value) > MOST_WAITING:
        raise RefusedError(400, MALFORMED)
    return [_file(one, find) for one in value]


def _file(value: object, find: FindFile) -> dict[str, object]:
    """Return a file in our own words: of what was sent only its path counts."""
    path = value.get("path") if isinstance(value, dict) else None
    if not isinstance(path, str):
        raise RefusedError(400, MALFORMED)
    file = find(path)
    if file is None:
        raise RefusedError(403, NOT_YOURS)
    return {
        "path": str(file),
        "orig_name": file.name,
        "size": file.stat().st_size,
        "meta": {"_type": "gradio.FileData"},
    }


def has_file(value: object) -> bool:
    """Tell whether anything in a value, however deep, could pass for a file."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if _FILE_WORDS & one.keys():
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False
