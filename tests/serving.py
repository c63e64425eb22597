"""Applications served over a real port, from a thread of the test's own process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from assistant.web.ask.conversation import AnswersQuestions
from assistant.web.server import make_app


@contextmanager
def running(app: Any, port: int = 0, **options: Any) -> Iterator[str]:
    """Serve an application (at any free port when 0); yield its address."""
    config = uvicorn.Config(
        app,
        port=port,
        log_config=None,
        # A page that is open keeps a stream open, and would have the end wait for it.
        timeout_graceful_shutdown=0,
        proxy_headers=False,
        **options,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def served(assistant: AnswersQuestions, port: int = 0) -> Iterator[str]:
    """Serve the page of an assistant; yield its address."""
    with running(make_app(assistant), port) as url:
        yield url


@contextmanager
def page_process(
    data_dir: Path, log: Path, **settings: str
) -> Iterator[tuple[int, int]]:
    """Serve the page in a process of its own, by its command; yield port and pid."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data_dir), **settings}
    del environment["GRADIO_TEMP_DIR"]
    command = [sys.executable, "-m", "assistant", "chat", "--port", "0", "--no-browser"]
    with log.open("w") as err:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=err, text=True, env=environment
        )
        assert process.stdout is not None
        with process, process.stdout as out:
            found = re.search(r":(\d+)", out.readline())
            assert found, log.read_text()
            try:
                yield int(found[1]), process.pid
            finally:
                process.terminate()
