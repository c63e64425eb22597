"""Signed cookies that say who signed in, and until when it holds.

Each session has a random mark, and a list holds the marks of those that hold: a
session that ends, by signing out or by its time, is taken off it, and no clock puts it
on again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, NamedTuple

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from assistant.errors import ConfigError
from assistant.serving.access.accounts import Account, Accounts
from assistant.serving.access.kept_file import KeptFile

COOKIE = "shelf_session"
KEY_FILE = "session.key"
SESSIONS_FILE = "sessions.json"
# More of one person end the oldest.
_MOST_OF_ONE = 50
_MEND = "Remove it: everybody must then sign in again (start the page anew: assistant chat)."


log = logging.getLogger(__name__)


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
            log.info("%s is made anew: what an earlier one signed holds no more", file)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_hex(32))
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = file.read_bytes().strip().decode("latin-1")
    except OSError as error:
        raise ConfigError(
            f"The key in {file} cannot be used ({error.strerror}). Set "
            "ASSISTANT_DATA_DIR to a folder that you may write."
        ) from error
    if len(key) < 32 or not (key.isascii() and key.isprintable()):
        raise ConfigError(
            f"{file} is damaged. Remove it, and start the page again: assistant chat."
        )
    return key


class _Begun(NamedTuple):
    name: str
    until: float


class Begun:
    """The sessions that hold, by a random mark of each; processes share the file.

    What is not written here holds no more, whatever the clock says.
    """

    def __init__(self, data_dir: Path) -> None:
        """Look at a data folder, which need not exist."""
        self._kept = KeptFile(
            data_dir / SESSIONS_FILE, _load, dict, _MEND, lost_is_empty=True
        )

    def __contains__(self, mark: str) -> bool:
        """Tell whether a session was begun and has not ended."""
        return mark in self._kept.values()

    def add(self, name: str, seconds: float) -> str:
        """Begin a session of somebody's; return its mark.

        Raises:
            ConfigError: the file cannot be read or written.
        """
        mark, now = secrets.token_hex(16), time()
        with self._kept.changing() as begun:
            over = [one for one, session in begun.items() if session.until < now]
            own = [one for one, session in begun.items() if session.name == name]
            for one in {*over, *own[: 1 - _MOST_OF_ONE]}:
                del begun[one]
            begun[mark] = _Begun(name, now + seconds)
        return mark

    def end(self, mark: str) -> None:
        """End a session for good.

        Raises:
            ConfigError: the file cannot be read or written.
        """
        if mark in self:
            with self._kept.changing() as begun:
                begun.pop(mark, None)


def _load(kept: Any) -> dict[str, _Begun]:
    return {
        str(mark): _Begun(str(name), float(until))
        for mark, (name, until) in kept.items()
    }


class _Session(NamedTuple):
    account: Account
    id: str


@dataclass(frozen=True)
class Sessions:
    """Makes the cookies of people who signed in, and says whose one is."""

    accounts: Accounts
    begun: Begun
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
        """Return the ``Set-Cookie`` header that begins a session.

        Raises:
            ConfigError: it cannot be written down, so it would not hold.
        """
        mark = self.begun.add(account.name, self._seconds)
        told = [account.name, account.mark, mark]
        return self._header(str(self._signer.dumps(told)), self._seconds, https)

    def end(self, cookies: str, *, https: bool) -> str:
        """End a session; return the ``Set-Cookie`` header that says so to its browser.

        Raises:
            ConfigError: it cannot be written down, so a copy of it would still hold.
        """
        if session := self._session(cookies):
            self.begun.end(session.id)
        return self.forget(https=https)

    def forget(self, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header that makes a browser forget its session."""
        return self._header("", 0, https)

    def _header(self, value: str, seconds: int, https: bool) -> str:
        secure = https or self.secure
        return cookie_header(COOKIE, value, self.path, seconds, secure=secure)

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
        value = value_of(COOKIE, cookies)
        if value is None:
            return None
        try:
            name, mark, id_ = self._signer.loads(value, max_age=self._seconds)
        except SignatureExpired as expired:
            self._forget_expired(expired)
            return None
        except (BadSignature, ValueError, TypeError):
            return None
        account = self.accounts.all().get(name)
        if account is None or not hmac.compare_digest(account.mark, str(mark)):
            return None
        return _Session(account, id_) if id_ in self.begun else None

    def _forget_expired(self, expired: SignatureExpired) -> None:
        """Let what ran out hold no more, should the clock be moved back."""
        signed = expired.date_signed
        if signed is None or signed.timestamp() + self._seconds > time():
            return
        with suppress(BadSignature, ValueError, TypeError, ConfigError):
            _, _, mark = self._signer.load_payload(expired.payload or b"")
            self.begun.end(str(mark))


def cookie_header(
    name: str, value: str, path: str, seconds: int, *, secure: bool
) -> str:
    """Return the ``Set-Cookie`` header of a cookie that no script reads."""
    return (
        f"{name}={value}; Path={path or '/'}; Max-Age={seconds}; HttpOnly; "
        f"SameSite=Lax{'; Secure' if secure else ''}"
    )


def value_of(cookie: str, cookies: str) -> str | None:
    """Return the value of a cookie in the ``Cookie`` header of a request."""
    # Cookies of other pages of this host may be of any form.
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == cookie:
            return value
    return None
