"""Names and passwords that programs send with each request."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict

from starlette.requests import HTTPConnection

from assistant.serving.access.accounts import Account
from assistant.serving.access.people import address_of
from assistant.serving.access.sessions import Sessions
from assistant.serving.access.signing_in import SignIn

_KEPT = 256


class Basic:
    """Knows accounts by HTTP Basic (RFC 7617)."""

    def __init__(self, sessions: Sessions, sign_in: SignIn) -> None:
        """Take what knows accounts, and what checks passwords."""
        self.sessions, self._sign_in = sessions, sign_in
        # A check takes 50 ms, so what was right once is known by its digest.
        self._known: OrderedDict[bytes, tuple[str, str]] = OrderedDict()

    async def account_of(self, request: HTTPConnection) -> Account | None:
        """Return the account, or None where nothing right was sent.

        Raises:
            LimitError: there were too many wrong tries.
        """
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            text = base64.b64decode(sent, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        digest = hmac.digest(self.sessions.key.encode(), text.encode(), hashlib.sha256)
        if digest in self._known:
            name, mark = self._known[digest]
            account = self.sessions.accounts.all().get(name)
            if account is not None and account.mark == mark:
                return account
            del self._known[digest]
        name, _, password = text.partition(":")
        account = await self._sign_in.check(name, password, address_of(request.scope))
        if account is not None:
            self._known[digest] = (account.name, account.mark)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return account
