"""What a page, or a program, is told of a fault: a sentence, and nothing of this machine."""

from __future__ import annotations

import logging
import math
import re
import traceback
from pathlib import Path
from time import monotonic
from uuid import uuid4

from assistant import disk
from assistant.errors import AssistantError, causes_of

UNEXPECTED = (
    "Something went wrong on the assistant's computer and this was not done. Please "
    "reload the page, or send this again; if it happens again, report the number {id}."
)
NO_ROOM = (
    "There is no room left on the assistant's computer, so this was not done. Tell "
    "whoever runs this page."
)
_TOLD_SECONDS, _MOST_PLACES = 3600.0, 1000
# At least two names deep: "and/or" is no path.
_PATH = re.compile(r"(?<![\w:/.])/(?:[\w.@+~-]+/)+[\w.@+~-]*\w")
_told: dict[tuple[str, str], float] = {}

log = logging.getLogger(__name__)


def sentence_of(error: Exception, unexpected: str = UNEXPECTED) -> str:
    """Return what is said of a fault; what that leaves out goes into the log.

    ``unexpected`` is said of one that nobody foresaw; ``{id}`` in it is its number.
    """
    if is_full(error):
        log.error("No room is left on the disk: %s", error)
        return NO_ROOM
    if not isinstance(error, AssistantError):
        return unexpected.format(id=log_fault(error))
    said = str(error)
    told = _PATH.sub("a file of the assistant's", said)
    if told != said:
        # Whoever reads a page learns nothing of this machine; whoever runs it shall.
        log.error("%s", said)
    return told


def is_full(error: BaseException | None) -> bool:
    """Tell whether a fault comes of a disk, or a share of one, that is full."""
    # SQLite says so in words, and whatever is built on it.
    return any(disk.is_full(e) or "disk is full" in str(e) for e in causes_of(error))


def log_fault(error: Exception) -> str:
    """Write a fault that nobody foresaw into the log; return its number.

    How it came about is written once an hour for each place in the program: whoever
    finds one that is easily set off shall not fill the disk with it.
    """
    id_, place = uuid4().hex[:8], _place_of(error)
    now = monotonic()
    if now - _told.get(place, -math.inf) >= _TOLD_SECONDS:
        if len(_told) > _MOST_PLACES:
            _told.clear()
        _told[place] = now
        log.error("Failure %s of a request", id_, exc_info=error)
    else:
        log.error("Failure %s of a request: %s at %s, as before", id_, *place)
    return id_


def _place_of(error: Exception) -> tuple[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return type(error).__name__, where
