"""Debian's nginx, PostgreSQL and Redis, each in a folder of its own for one test.

None of them needs a service that runs: `make services` installs the programs alone.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from tests.requirements import require

# All of it shares the processors of one machine, and perhaps with other jobs.
PATIENCE = 600
_POSTGRES = Path("/usr/lib/postgresql")


def program(name: str) -> str:
    """Return the path of a program, or skip as `require` does."""
    found = [str(path) for path in _POSTGRES.glob(f"*/bin/{name}")]
    path = shutil.which(name) or (found[-1] if found else None)
    require(f"{name} (make services)", path is not None)
    return str(path)


def listens(port: int) -> bool:
    """Tell whether a port of this machine takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(found: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


@contextmanager
def running(
    command: Sequence[str | Path], port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that listens on a port until the end of the block."""
    process = subprocess.Popen(command)
    try:
        until(lambda: listens(port), f"{command[0]} does not listen")
        assert process.poll() is None
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def redis(port: int) -> Iterator[str]:
    """Run a Redis that keeps nothing; yield its address."""
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    with running([*command, "--save", "", "--loglevel", "warning"], port):
        yield f"redis://127.0.0.1:{port}/0"


@dataclass
class Postgres:
    """A PostgreSQL with one database, of a user with a password."""

    port: int
    folder: Path = field(
        default_factory=lambda: Path(mkdtemp(prefix="postgres-", dir="/tmp"))
    )

    def __post_init__(self) -> None:
        """Make the cluster and its database."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        password = self.folder / "password"
        password.write_text("a: secret/word")
        password.chmod(0o644)
        self._run(
            "initdb", "-D", self._data, "-U", "shelf", "-A", "scram-sha-256",
            "--pwfile", password, "--no-sync", "-E", "UTF8", "--locale", "C",
        )  # fmt: skip

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The address, as the documents put it."""
        return (
            "postgresql+psycopg://shelf:a%3A%20secret%2Fword@"
            f"127.0.0.1:{self.port}/postgres"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop it as a crash does."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def _run(self, name: str, *arguments: str | Path) -> None:
        # It refuses to run as root.
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*as_user, program(name), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


@contextmanager
def postgres(port: int) -> Iterator[Postgres]:
    """Run a PostgreSQL until the end of the block."""
    program("initdb")
    server = Postgres(port)
    try:
        server.start()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
