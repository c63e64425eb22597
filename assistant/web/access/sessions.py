"""Signed cookies that say who signed in, and until when it holds."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.errors import ConfigError
from assistant.web.access.accounts import Account, Accounts

COOKIE = "shelf_session"
KEY_FILE = "session.key"


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


@dataclass(frozen=True)
class Sessions:
    """Makes the cookies of people who signed in, and says whose one is."""

    accounts: Accounts
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

    def cookie(self, account: Account, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header that begins a session."""
        value = self._signer.dumps([account.name, account.mark])
        return self._header(str(value), int(self.hours * 3600), https)

    def end(self, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header that ends a session."""
        return self._header("", 0, https)

    def _header(self, value: str, seconds: int, https: bool) -> str:
        secure = "; Secure" if https or self.secure else ""
        return (
            f"{COOKIE}={value}; Path={self.path or '/'}; Max-Age={seconds}; HttpOnly; "
            f"SameSite=Lax{secure}"
        )

    def account_of(self, cookies: str) -> Account | None:
        """Return whose session the ``Cookie`` header of a request holds, if it holds one.

        None also where it ran out, the account is gone or its password is another one.
        """
        value = _value_of(cookies)
        if value is None:
            return None
        try:
            # A session lasts whole seconds.
            name, mark = self._signer.loads(value, max_age=int(self.hours * 3600))
        except (BadSignature, ValueError, TypeError):
            return None
        account = self.accounts.all().get(name)
        if account is None or not hmac.compare_digest(account.mark, str(mark)):
            return None
        return account


def _value_of(cookies: str) -> str | None:
    # Cookies of other pages of this host may be of any form.
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None
