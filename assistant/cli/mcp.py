"""``assistant mcp``: the shelf as tools for other assistants, over standard input."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.cli.terminal import open_from_settings
from assistant.errors import ConfigError

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    mcp = commands.add_parser(
        "mcp", help="serve the shelf to other assistants (MCP over standard input)"
    )
    mcp.set_defaults(run=_mcp)


def _mcp(options: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from assistant.tools.mcp_server import NOT_INSTALLED, make_mcp_server

    if find_spec("mcp") is None:
        # Said before the shelf is opened, which may take a while.
        raise ConfigError(NOT_INSTALLED)
    with closing(open_from_settings()) as assistant:
        make_mcp_server(assistant).run("stdio")
    return 0
