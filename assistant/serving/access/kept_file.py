"""A small private file in the data folder, which several processes read and change."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from assistant.disk import write_whole
from assistant.errors import ConfigError

T = TypeVar("T")

log = logging.getLogger(__name__)

_OF_ANOTHER_FORM = (ValueError, TypeError, KeyError, AttributeError)


class KeptFile(Generic[T]):
    """Values by name, as JSON; read again whenever the file changes.

    It is replaced as a whole by one writer at a time.
    """

    def __init__(
        self,
        file: Path,
        load: Callable[[Any], dict[str, T]],
        dump: Callable[[dict[str, T]], object],
        mend: str,
        *,
        lost_is_empty: bool = False,
    ) -> None:
        """Look at a file, which need not exist before it was first written.

        Its lock lies beside it, and says that it was written. ``load`` and ``dump`` make
        values of JSON and back; ``mend`` says what to do where it cannot be read. A file
        that is lost is an error, or holds nothing (``lost_is_empty``), which is logged.
        """
        self.file = file
        self._load, self._dump, self._mend = load, dump, mend
        self._lost_is_empty = lost_is_empty
        self._lock = Lock()
        self._stamp: tuple[int, ...] | None = None
        self._values: dict[str, T] = {}
        self._is_missed = False

    def values(self) -> dict[str, T]:
        """Return what it holds now; nothing where it was never written.

        Raises:
            ConfigError: it is lost, or cannot be read.
        """
        with self._lock:
            try:
                found = self.file.stat()
            except FileNotFoundError as error:
                if self._lock_file.exists():
                    self._miss(error)
                self._values, self._stamp = {}, None
                return self._values
            except OSError as error:
                raise self._unreadable() from error
            stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
            if stamp != self._stamp:
                self._values, self._stamp = self._read(), stamp
            return self._values

    @contextmanager
    def changing(self) -> Iterator[dict[str, T]]:
        """Hand out the values to change; keep them as a whole, or not at all.

        Raises:
            ConfigError: the file cannot be read, or its folder not be written.
        """
        with self._one_writer():
            is_there = self.file.exists()
            values = dict(self._read()) if is_there else {}
            try:
                yield values
                text = json.dumps(self._dump(values), indent=1) + "\n"
                try:
                    write_whole(self.file, text)
                except OSError as error:
                    raise self._unwritable(error) from error
            except BaseException:
                if not is_there:
                    # Nothing was written, so nothing is missing.
                    self._lock_file.unlink(missing_ok=True)
                raise

    @property
    def _lock_file(self) -> Path:
        return self.file.with_suffix(".lock")

    def _miss(self, error: OSError) -> None:
        if not self._lost_is_empty:
            raise self._unreadable("is missing") from error
        if self._stamp is not None or not self._is_missed:
            self._is_missed = True
            log.warning("%s is missing, and begun anew.", self.file)

    def _unreadable(self, what: str = "cannot be read") -> ConfigError:
        return ConfigError(f"{self.file} {what}. {self._mend}")

    def _unwritable(self, error: OSError) -> ConfigError:
        return ConfigError(
            f"{self.file} cannot be written ({error.strerror}). Make room on the disk, "
            "or set ASSISTANT_DATA_DIR to a folder that you may write."
        )

    def _read(self) -> dict[str, T]:
        try:
            return self._load(json.loads(self.file.read_text(encoding="utf-8")))
        except (OSError, RecursionError, *_OF_ANOTHER_FORM) as error:
            raise self._unreadable() from error

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            # The kernel lets go of it when the process ends, however that comes.
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
