"""Files of sentences and what they cite, for the check: one JSON object a line.

``sentence``, ``passages`` (the texts that it cites) and ``holds``; ``kind`` is optional,
other fields are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAIRS = Path(__file__).parent / "pairs" / "pairs.jsonl"


class LineError(Exception):
    """A file of sentences cannot be used as it is; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the texts that it cites, and whether they carry it."""

    sentence: str
    passages: tuple[str, ...]
    holds: bool
    kind: str = ""


def load_lines(file: Path) -> list[Line]:
    """Read a file of sentences.

    Raises:
        LineError: the file or a line of it cannot be used.
    """
    try:
        rows = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LineError(f"{file} cannot be read: {error}") from error
    lines = []
    for place, row in enumerate(rows, start=1):
        if row.strip():
            try:
                lines.append(_line(json.loads(row)))
            except (AttributeError, LineError, ValueError) as error:
                raise LineError(f"{file.name}, line {place}: {error}") from error
    if not lines:
        raise LineError(f"{file} holds no sentence.")
    return lines


def _line(row: Mapping[str, Any]) -> Line:
    sentence, passages, holds = map(row.get, ("sentence", "passages", "holds"))
    texts = isinstance(passages, list) and all(isinstance(p, str) for p in passages)
    if not (isinstance(sentence, str) and texts and isinstance(holds, bool)):
        raise LineError(
            "it needs sentence (text), passages (texts), holds (true, false)"
        )
    return Line(sentence, tuple(passages or ()), holds, str(row.get("kind") or ""))
