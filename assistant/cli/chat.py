"""``assistant chat``: the chat page."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.cli.terminal import open_from_settings

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    chat = commands.add_parser("chat", help="open the chat page")
    chat.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    chat.add_argument("--port", type=int, help="port to listen on (default 7860)")
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser")
    chat.set_defaults(run=_chat)


def _chat(options: argparse.Namespace) -> int:
    from assistant.web.server import serve

    assistant = open_from_settings(host=options.host, port=options.port)
    settings = assistant.settings
    serve(
        assistant,
        settings.host,
        settings.port,
        open_browser=not options.no_browser,
        ready=lambda url: print(f"The chat page is at {url} (Ctrl-C stops it)."),
    )
    return 0
