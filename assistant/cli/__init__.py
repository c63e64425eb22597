"""The command line: the only package that prints and exits.

Exit codes: 0 an answer (whole or partial), 1 an error, 2 wrong usage, 3 no answer on
the shelf, 130 interrupted (Ctrl-C), 143 told to stop (SIGTERM). The commands that serve
until they are told to stop end with 0 then.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.cli import accounts, ask, brief, chat, feedback, index, mcp, reports
from assistant.cli.terminal import INTERRUPTED, WRONG_USAGE, UsageError
from assistant.disk import is_full, keep_private, no_room
from assistant.errors import AssistantError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_SERVICES = ("chat", "mcp")
_STOPPED = (
    "Stopped before the end. Run it again: a change of the shelf that was begun is "
    "finished first."
)
_SEE = "See who may, or name another place (ASSISTANT_DATA_DIR for the data)."


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each group of them has a module here."""
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Ask a shelf of local-government reports; every sentence is cited.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (ask, brief, chat, accounts, reports, feedback, index, mcp):
        group.add_command(commands)
    return parser


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = make_parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no "›" shall show "?" and not end in an error.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        if options.command in _SERVICES:
            return 0
        print(f"assistant: {_STOPPED}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) went away; keep Python from writing once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        told = f"{error.strerror or error}."
        if is_full(error):
            # Writing to standard output may also have failed.
            where = Path(error.filename).parent if error.filename else "the disk"
            told = no_room(where)
        elif error.errno in _FORBIDDEN and error.filename:
            told = f"{error.filename} may not be written or read ({told[:-1]}). {_SEE}"
        print(f"assistant: {told}", file=sys.stderr)
        return 1


def main() -> None:
    """Run the command line and exit."""
    code = 1
    told_to_stop = False
    keep_private()

    def stop(number: int, frame: FrameType | None) -> None:
        """Take SIGTERM as Ctrl-C; told again, it ends what it is at all the same."""
        nonlocal told_to_stop
        told_to_stop = True
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    def leave() -> None:
        """Skip the end of Python where a thread may still be in native code.

        A thread that comes back from there while Python ends is unwound through C++
        that allows no unwinding, which aborts the process.
        """
        sys.stdout.flush()
        sys.stderr.flush()
        if any(thread.daemon for thread in threading.enumerate()):
            os._exit(code)

    # What is registered first is called last: all else has come to its end by then.
    atexit.register(leave)
    signal.signal(signal.SIGTERM, stop)
    code = run()
    if told_to_stop and code == INTERRUPTED:
        code = 128 + signal.SIGTERM
    sys.exit(code)
