"""Passwords: which are taken, and their hashes.

Hashed with Argon2id (RFC 9106, second recommended option: 64 MiB, three passes).
"""

from __future__ import annotations

import os
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from assistant.errors import AccountError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Return what somebody unknown is compared with, so that it takes as long."""
    return _hasher.hash(os.urandom(16).hex())


def _normal(password: str) -> str:
    # The same letters typed on another machine are the same password (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return the hash of a password, with its parameters and salt."""
    return _hasher.hash(_normal(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Tell whether a hash is that of a password; None never is, and takes as long."""
    try:
        _hasher.verify(hashed or _nobody(), _normal(password))
    except (Argon2Error, InvalidHashError):
        return False
    return hashed is not None


def check_password(name: str, password: str) -> None:
    """Refuse a weak password: by length and likeness to the name (NIST SP 800-63B).

    Raises:
        AccountError: it is too short, too long, or the name.
    """
    password = _normal(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this "
            f"has {len(password)}. A few words that belong only to you are a good one."
        )
    folded = "".join(password.casefold().split())
    if not folded or not folded.replace(name, ""):
        raise AccountError("The password must not be the name. Choose another.")
