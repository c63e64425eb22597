"""Runs commands one after another, each in a fork of a process that has imported all.

``python -m tests.commands_runner``; a line is ``{"arguments", "environment", "out", "err"}``
in JSON. Answered by the number of the process that runs it, and then by its exit code
(negative: a signal).
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

# Loaded once, before the forks.
import assistant.briefing.making
import assistant.feedback.store
import assistant.index.probing
import assistant.library.changes
import assistant.web.page
import assistant.web.server  # noqa: F401
from assistant.cli import run
from assistant.disk import keep_private


def child(arguments: list[str], environment: dict[str, str], **files: str) -> NoReturn:
    os.environ.clear()
    os.environ.update(environment)
    code = 70
    try:
        for name, number in (("out", 1), ("err", 2)):
            os.dup2(os.open(files[name], os.O_WRONLY | os.O_CREAT), number)
        keep_private()
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - told as the interpreter would
        sys.excepthook(*sys.exc_info())
    os._exit(code)


def main() -> None:
    for line in sys.stdin:
        told: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if not pid:
            child(**told)
        print(pid, flush=True)  # noqa: T201 - it speaks to a test
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
