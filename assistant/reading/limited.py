"""Starts the reader of a file in a process with limits: a bad file harms nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from assistant.errors import CorpusError
from assistant.reading.blocks import Extract
from assistant.reading.reader import extract_of
from assistant.settings import PACKAGE


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may use at most."""

    memory: int = 1_500_000_000
    """Bytes of address space."""
    seconds: int = 300
    """Of work; waiting included, half as much again."""
    output: int = 60_000_000
    """Bytes of what is read, as JSON."""


def read_limited(file: Path, limits: Limits = Limits()) -> Extract:
    """Read a file in a process of its own.

    Raises:
        CorpusError: the file cannot be used, or reading it takes more than the limits.
    """
    return _read("read", file, limits)


def read_parts_limited(file: Path) -> Extract:
    """Read a file as ``read_limited`` does: its parts in order, in place of sections."""
    return _read("parts", file, Limits())


def _read(what: str, file: Path, limits: Limits) -> Extract:
    output, code = _run(what, file, limits)
    try:
        result = json.loads(output)
    except ValueError as error:
        raise CorpusError(_ended(file, code, limits)) from error
    assert isinstance(result, dict)
    if "problem" in result:
        raise CorpusError(str(result["problem"]))
    return extract_of(result["extract"])


def mark_limited(
    file: Path, page: int, quotes: str, limits: Limits = Limits()
) -> bytes | None:
    """Return a copy of a PDF with quotations marked; see ``pdf_marks.mark_quotes``.

    Returns:
        The copy; None also where the file is damaged or marking takes more than the
        limits.
    """
    return _make("mark", file, limits, str(page), _argument(quotes))


def draw_limited(
    file: Path,
    page: int,
    quotes: str,
    limits: Limits = Limits(),
    *,
    marked: bool = True,
) -> bytes | None:
    """Return a picture of a page of a PDF; see ``page_picture.draw_page``.

    Returns:
        The picture; None where the file is damaged, asks for a password, or drawing it
        takes more than the limits.
    """
    look = "yes" if marked else "no"
    return _make("draw", file, limits, str(page), _argument(quotes), look)


def part_limited(file: Path, first: int, last: int) -> bytes | None:
    """Return the pages of a PDF from one to another as a PDF of their own."""
    return _make("take", file, Limits(), str(first), str(last))


def _argument(text: str) -> str:
    """Return a text as a program can be given it."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _make(what: str, file: Path, limits: Limits, *more: str) -> bytes | None:
    """Return what ``worker`` makes of a file, or None where it fails."""
    try:
        made, code = _run(what, file, limits, *more)
    except CorpusError:
        return None
    return made if code == 0 and made else None


def _run(what: str, file: Path, limits: Limits, *more: str) -> tuple[bytes, int]:
    """Return what ``worker`` writes, and the code it ends with."""
    # -P: a module that lies where the user stands is none of ours.
    command = [sys.executable, "-P", "-m", "assistant.reading.worker", what]
    command += [str(file.absolute()), str(limits.memory), str(limits.seconds), *more]
    # Nothing of ours in its surroundings: no key, no setting. Programs may be needed.
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONIOENCODING": "utf-8",
        "LANG": "C.UTF-8",
        # Text recognition of one page is not faster on more cores, and takes more room.
        "OMP_THREAD_LIMIT": "1",
    }
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        timer = Timer(limits.seconds * 1.5, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            output = process.stdout.read(limits.output + 1)
            if len(output) > limits.output:
                process.kill()
                raise CorpusError(
                    f"{file.name} holds more text than a report should. Split it."
                )
            code = process.wait()
        finally:
            timer.cancel()
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
    return output, code


def _ended(file: Path, code: int, limits: Limits) -> str:
    """Say why a reader ended without an answer."""
    if code in (-9, -24):  # killed by the timer, or by its limit of work
        return (
            f"{file.name} takes more than {limits.seconds} seconds to read. "
            "Split it, or print it to a new PDF."
        )
    return f"{file.name} cannot be read: it is damaged, or not what its name says."
