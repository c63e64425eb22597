"""The page in a process of its own, before a fake model in another, and what they take."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_TICKS = os.sysconf("SC_CLK_TCK")
_READY = "The chat page is at "


class LoadError(Exception):
    """The load cannot be measured here, or what is measured did not start."""


@dataclass(frozen=True)
class Process:
    """A process that is measured, through what Linux tells of it."""

    pid: int

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it took so far, its threads together."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def rss_mb(self) -> float:
        """The memory that it holds, in MB."""
        lines = self._read("status").splitlines()
        held = next(line for line in lines if line.startswith("VmRSS:"))
        return int(held.split()[1]) / 1024

    def _read(self, name: str) -> str:
        try:
            return Path(f"/proc/{self.pid}/{name}").read_text(encoding="ascii")
        except OSError as error:
            raise LoadError(
                "What a process takes can be read on Linux only, and while it runs."
            ) from error


@contextmanager
def started(
    arguments: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a module of Python; yield it and the address that its first line names."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.removeprefix(_READY).split()
        if not address:
            raise LoadError(f"{arguments[0]} did not start.")
        yield process, address[0]
    finally:
        process.terminate()
        process.wait()


@contextmanager
def serving(
    model: Sequence[str], settings: dict[str, str], data: Path | None = None
) -> Iterator[tuple[str, Process]]:
    """Serve the page over a shelf of its own; yield its address and its process.

    Args:
        model: arguments of the fake model.
        settings: further settings of the page, by their names in the environment.
        data: a folder whose index is used, and made where it is missing; a new one
            that goes with the page when None.
    """
    with ExitStack() as stack:
        folder = str(data or stack.enter_context(TemporaryDirectory()))
        _, address = stack.enter_context(started(["evals.timing.fake_model", *model]))
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")},
            "OPENAI_API_KEY": "not-needed",
            "OPENAI_BASE_URL": address,
            "ASSISTANT_CHAT_MODEL": "fake",
            "ASSISTANT_DATA_DIR": folder,
            **settings,
        }
        page = ["assistant", "chat", "--port", "0", "--no-browser"]
        process, url = stack.enter_context(started(page, environment))
        yield url, Process(process.pid)
