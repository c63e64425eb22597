"""The accounts: who may use the page, and the hashes of their passwords.

One file in the data folder, replaced as a whole by one writer at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from assistant.errors import AccountError, ConfigError
from assistant.web.access.passwords import check_password, hash_password, is_password

FILE = "accounts.json"

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)

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
        self._file = data_dir / FILE
        self._lock = Lock()
        self._stamp: tuple[int, ...] | None = None
        self._accounts: dict[str, Account] = {}

    def all(self) -> dict[str, Account]:
        """Return the accounts by name.

        Raises:
            ConfigError: the file cannot be read.
        """
        with self._lock:
            try:
                found = self._file.stat()
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise _unreadable(self._file) from error
            stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
            if stamp != self._stamp:
                self._accounts, self._stamp = _read(self._file), stamp
            return self._accounts

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
        with self._changing() as accounts:
            if name in accounts:
                raise AccountError(
                    f"There is an account {name} already. To give it another password: "
                    f"assistant accounts password {name}"
                )
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
        with self._changing() as accounts:
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
        with self._changing() as accounts:
            if name not in accounts:
                raise _missing(name)
            accounts[name] = Account(**{**asdict(accounts[name]), **changes})

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """Hand out the accounts to change; keep them as a whole, or not at all."""
        with _one_writer(self._file):
            accounts = dict(_read(self._file)) if self._file.exists() else {}
            yield accounts
            _write(self._file, accounts)


def _missing(name: str) -> AccountError:
    return AccountError(f"There is no account {name}. See: assistant accounts list")


def _unreadable(file: Path) -> ConfigError:
    return ConfigError(
        f"The accounts in {file} cannot be read. Put the file back from a backup, or "
        "remove it and add the accounts again."
    )


def _read(file: Path) -> dict[str, Account]:
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))["accounts"]
        accounts = [Account(**entry) for entry in listed]
        whole = all(
            _NAME.fullmatch(account.name)
            and account.role in ROLES
            and isinstance(account.password, str)
            for account in accounts
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(file) from error
    if not whole:
        raise _unreadable(file)
    return {account.name: account for account in accounts}


def _write(file: Path, accounts: dict[str, Account]) -> None:
    listed = [asdict(account) for _, account in sorted(accounts.items())]
    write_private(file, json.dumps({"accounts": listed}, indent=1) + "\n")


@contextmanager
def _one_writer(file: Path) -> Iterator[None]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(
            f"The folder {file.parent} cannot be used ({error.strerror}). Set "
            "ASSISTANT_DATA_DIR to a folder that you may write."
        ) from error
    try:
        # The kernel lets go of it when the process ends, however that comes.
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(file: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
