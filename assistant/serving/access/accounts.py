"""The accounts: who may use the page, and the hashes of their passwords."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import AccountError
from assistant.serving.access.kept_file import KeptFile
from assistant.serving.access.passwords import (
    check_password,
    hash_password,
    is_password,
)

FILE = "accounts.json"

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)

_MEND = (
    "Put the file back from a backup, or remove it and add the accounts again (assistant "
    "accounts add NAME): nobody is let in until then."
)

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. Editors may add reports."""

    name: str
    role: Role
    password: str
    """The hash, with its parameters and salt, as Argon2 writes it."""

    @property
    def mark(self) -> str:
        """What a session carries of the password: another one has another mark."""
        return hashlib.sha256(self.password.encode()).hexdigest()[:24]

    def __repr__(self) -> str:
        """Leave the hash out of logs."""
        return f"Account({self.name!r}, {self.role!r})"


def clean_name(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        AccountError: it is no name for an account.
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise AccountError(
            "A name has 1 to 64 letters (a to z), digits, or . _ - @ +, and begins with "
            "a letter or a digit."
        )
    return name


class Accounts:
    """The accounts of a data folder; reads the file again whenever it changes."""

    def __init__(self, data_dir: Path) -> None:
        """Look at a data folder, which need not exist."""
        self._kept = KeptFile(data_dir / FILE, _load, _dump, _MEND)

    def all(self) -> dict[str, Account]:
        """Return the accounts by name.

        Raises:
            ConfigError: the file cannot be read.
        """
        return self._kept.values()

    def verify(self, name: str, password: str) -> Account | None:
        """Return the account that name and password belong to.

        Takes about as long where there is no such name (some 50 ms of one processor).
        """
        account = self.all().get(name.strip().lower())
        right = is_password(account.password if account else None, password)
        return account if right else None

    def add(self, name: str, password: str, role: Role = "reader") -> Account:
        """Add an account.

        Raises:
            AccountError: the name is taken or is none, or the password is weak.
        """
        name = clean_name(name)
        check_password(name, password)
        account = Account(name, role, hash_password(password))
        with self._kept.changing() as accounts:
            if name in accounts:
                raise taken(name)
            accounts[name] = account
        return account

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, which ends its sessions.

        Raises:
            AccountError: there is no such account, or the password is weak.
        """
        name = self.existing(name)
        check_password(name, password)
        self._replace(name, password=hash_password(password))

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role.

        Raises:
            AccountError: there is no such account.
        """
        self._replace(self.existing(name), role=role)

    def remove(self, name: str) -> None:
        """Remove an account, which ends its sessions.

        Raises:
            AccountError: there is no such account.
        """
        name = self.existing(name)
        with self._kept.changing() as accounts:
            accounts.pop(name, None)

    def existing(self, name: str) -> str:
        """Return the name of an account as it is kept.

        Raises:
            AccountError: there is no such account.
        """
        name = clean_name(name)
        if name not in self.all():
            raise _missing(name)
        return name

    def _replace(self, name: str, **changes: str) -> None:
        with self._kept.changing() as accounts:
            if name not in accounts:
                raise _missing(name)
            accounts[name] = Account(**{**asdict(accounts[name]), **changes})


def taken(name: str) -> AccountError:
    """Return the error for a name that somebody has."""
    return AccountError(
        f"There is an account {name} already. To give it another password: assistant "
        f"accounts password {name}"
    )


def _missing(name: str) -> AccountError:
    return AccountError(f"There is no account {name}. See: assistant accounts list")


def _load(kept: Any) -> dict[str, Account]:
    accounts = [Account(**entry) for entry in kept["accounts"]]
    for account in accounts:
        if (
            not _NAME.fullmatch(account.name)
            or account.role not in ROLES
            or not isinstance(account.password, str)
        ):
            raise ValueError("this is no account")
    return {account.name: account for account in accounts}


def _dump(accounts: dict[str, Account]) -> object:
    return {"accounts": [asdict(account) for _, account in sorted(accounts.items())]}
