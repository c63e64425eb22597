"""A thing that many use at once or one uses alone: each waits for the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class SharedLock:
    """Many together, or one alone; not to be taken twice by one thread."""

    def __init__(self) -> None:
        """Nobody is at it yet."""
        self._changed = Condition()
        self._together = 0
        self._alone = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Use it beside others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._together += 1
        try:
            yield
        finally:
            with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Use it with nobody beside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            # From here on nobody new comes in.
            self._alone = True
            self._changed.wait_for(lambda: not self._together)
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
