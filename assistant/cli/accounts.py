"""``assistant accounts``: who may use the page where it is there for others."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from assistant.cli.terminal import UsageError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.serving.access.accounts import Accounts

_ROLES = ("reader", "editor")


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    accounts = commands.add_parser("accounts", help="say who may use the page")
    actions = accounts.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add an account; the password is asked for")
    add.add_argument("name")
    add.add_argument(
        "--role",
        choices=_ROLES,
        default="reader",
        help="editors may add reports on the page (default reader)",
    )
    password = actions.add_parser("password", help="give an account another password")
    password.add_argument("name")
    for command in (add, password):
        command.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input, its first line",
        )
    role = actions.add_parser("role", help="give an account another role")
    role.add_argument("name")
    role.add_argument("role", choices=_ROLES)
    remove = actions.add_parser("remove", help="remove an account")
    remove.add_argument("name")
    actions.add_parser("list", help="list the accounts")
    for command, run in (
        (add, _add),
        (password, _password),
        (role, _role),
        (remove, _remove),
        (actions.choices["list"], _list),
    ):
        command.set_defaults(run=run)


def _accounts() -> Accounts:
    from assistant.serving.access.accounts import Accounts
    from assistant.settings import load_settings

    return Accounts(load_settings().data_dir)


def _ask_password(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        password = getpass.getpass(f"Password for {options.name}: ")
        again = getpass.getpass("The same again: ")
    except EOFError:
        raise UsageError(
            "No password was typed. Give it on standard input with --password-stdin."
        ) from None
    if password != again:
        raise UsageError("The two passwords are not the same. Nothing was changed.")
    return password


def _add(options: argparse.Namespace) -> int:
    from assistant.serving.access.accounts import clean_name, taken

    accounts = _accounts()
    first = not accounts.all()
    if clean_name(options.name) in accounts.all():
        raise taken(options.name)
    account = accounts.add(options.name, _ask_password(options), options.role)
    print(f"Added {account.name} ({account.role}).")
    if first:
        print("A page that is open must be started again to ask for it.")
    return 0


def _password(options: argparse.Namespace) -> int:
    accounts = _accounts()
    name = accounts.existing(options.name)
    accounts.set_password(name, _ask_password(options))
    print(f"{name} has another password. Whoever was signed in as {name} no longer is.")
    return 0


def _role(options: argparse.Namespace) -> int:
    accounts = _accounts()
    accounts.set_role(options.name, options.role)
    print(f"{accounts.existing(options.name)} is a {options.role}.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    accounts = _accounts()
    accounts.remove(options.name)
    print(f"Removed {options.name.strip().lower()}.")
    return 0


def _list(options: argparse.Namespace) -> int:
    listed = _accounts().all()
    width = max(map(len, listed), default=0)
    for name, account in sorted(listed.items()):
        print(f"{name:<{width}}  {account.role}")
    if not listed:
        print("There are no accounts. Add one with: assistant accounts add NAME")
    return 0
