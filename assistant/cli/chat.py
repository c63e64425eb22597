"""``assistant chat``: the chat page."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.cli.terminal import open_from_settings

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    chat = commands.add_parser("chat", help="open the chat page")
    chat.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    chat.add_argument("--port", type=int, help="port to listen on (default 7860)")
    chat.add_argument(
        "--root-path", help="path that a proxy serves the page under, such as /shelf"
    )
    chat.add_argument(
        "--open-to-everyone",
        action="store_true",
        # Left out, the setting counts.
        default=None,
        help="let everyone who reaches the page use it, without accounts",
    )
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser")
    chat.set_defaults(run=_chat)


def _chat(options: argparse.Namespace) -> int:
    from assistant.serving.access.guard import decide_access
    from assistant.settings import load_settings

    arguments = {
        name: getattr(options, name)
        for name in ("host", "port", "root_path", "open_to_everyone")
    }
    settings = load_settings(**arguments)
    # Said before the shelf is opened, which takes a while.
    decide_access(settings, settings.host)

    from assistant.web.server import serve

    with closing(open_from_settings(**arguments)) as assistant:
        serve(
            assistant,
            settings.host,
            settings.port,
            open_browser=not options.no_browser,
            ready=lambda url: print(
                f"The chat page is at {url} (Ctrl-C stops it).", flush=True
            ),
        )
    return 0
