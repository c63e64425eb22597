"""Signed cookies that say who signed in, and until when it holds.

There is no store of sessions. Those that were signed out of are written down until they
would have run out by themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.errors import ConfigError
from assistant.web.access.accounts import Account, Accounts
from assistant.web.access.kept_file import KeptFile

COOKIE = "shelf_session"
KEY_FILE = "session.key"
SIGNED_OUT_FILE = "signed-out.json"
_MEND = (
    "Remove it, signed-out.lock and session.key: everybody must then sign in again (start "
    "the page anew: assistant chat)."
)


def load_key(data_dir: Path, name: str = KEY_FILE) -> str:
    """Return a key to sign with, making it where there is none.

    Processes that share a data folder share it.

    Raises:
        ConfigError: it cannot be written or read.
    """
    file = data_dir / name
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        # Written under a name of its own first: nobody reads half a key.
        draft = data_dir / f"{name}.{os.getpid()}.new"
        if not file.exists():
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_hex(32))
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = file.read_text().strip()
    except OSError as error:
        raise ConfigError(
            f"The key in {file} cannot be used ({error.strerror}). Set "
            "ASSISTANT_DATA_DIR to a folder that you may write."
        ) from error
    if len(key) < 32:
        raise ConfigError(f"{file} is damaged. Remove it, and start the page again.")
    return key


class SignedOut:
    """The sessions that were signed out of, by id; processes share the file."""

    def __init__(self, data_dir: Path) -> None:
        """Look at a data folder, which need not exist."""
        self._kept = KeptFile(data_dir / SIGNED_OUT_FILE, _load, dict, _MEND)

    def __contains__(self, id_: str) -> bool:
        """Tell whether a session was signed out of."""
        return id_ in self._kept.values()

    def add(self, id_: str, until: float) -> None:
        """Write a session down, and forget those that have run out.

        Args:
            id_: the session's.
            until: when it runs out, in seconds since 1970.

        Raises:
            ConfigError: the file cannot be read or written.
        """
        with self._kept.changing() as ids:
            for old in [known for known, end in ids.items() if end < time()]:
                del ids[old]
            ids[id_] = until


def _load(kept: Any) -> dict[str, float]:
    return {str(id_): float(until) for id_, until in kept.items()}


class _Session(NamedTuple):
    account: Account
    id: str


@dataclass(frozen=True)
class Sessions:
    """Makes the cookies of people who signed in, and says whose one is."""

    accounts: Accounts
    signed_out: SignedOut
    key: str
    hours: float
    path: str = "/"
    secure: bool = False

    @property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.key,
            salt="assistant.session",
            signer_kwargs={"digest_method": hashlib.sha256},
        )

    @property
    def _seconds(self) -> int:
        # A session lasts whole seconds.
        return int(self.hours * 3600)

    def cookie(self, account: Account, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header that begins a session."""
        told = [account.name, account.mark, secrets.token_hex(8)]
        return self._header(str(self._signer.dumps(told)), self._seconds, https)

    def end(self, cookies: str, *, https: bool) -> str:
        """End a session; return the ``Set-Cookie`` header that says so to its browser.

        Raises:
            ConfigError: it cannot be written down, so a copy of it would still hold.
        """
        if session := self._session(cookies):
            self.signed_out.add(session.id, time() + self._seconds)
        return self.forget(https=https)

    def forget(self, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header that makes a browser forget its session."""
        return self._header("", 0, https)

    def _header(self, value: str, seconds: int, https: bool) -> str:
        secure = "; Secure" if https or self.secure else ""
        return (
            f"{COOKIE}={value}; Path={self.path or '/'}; Max-Age={seconds}; HttpOnly; "
            f"SameSite=Lax{secure}"
        )

    def account_of(self, cookies: str) -> Account | None:
        """Return whose session the ``Cookie`` header of a request holds, if it holds one.

        None also where it ran out or was signed out of, the account is gone or its
        password is another one.

        Raises:
            ConfigError: the accounts, or who signed out, cannot be read.
        """
        session = self._session(cookies)
        return session.account if session else None

    def _session(self, cookies: str) -> _Session | None:
        value = _value_of(cookies)
        if value is None:
            return None
        try:
            name, mark, id_ = self._signer.loads(value, max_age=self._seconds)
        except (BadSignature, ValueError, TypeError):
            return None
        account = self.accounts.all().get(name)
        if account is None or not hmac.compare_digest(account.mark, str(mark)):
            return None
        return None if id_ in self.signed_out else _Session(account, id_)


def _value_of(cookies: str) -> str | None:
    # Cookies of other pages of this host may be of any form.
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None
