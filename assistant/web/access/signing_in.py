"""Checks names and passwords, and slows down whoever guesses."""

from __future__ import annotations

import asyncio
import hashlib
import math

from limits import RateLimitItem, RateLimitItemPerMinute

from assistant.errors import LimitError
from assistant.web.access.accounts import Account, Accounts
from assistant.web.access.turns import Turns
from assistant.web.rates import Rates

_MINUTES = 15
# A check takes 64 MiB: only so many at one time.
_CHECKS_AT_ONCE = 2


class SignIn:
    """Says whose a name and a password are.

    Wrong ones count for the name at that address, for the address, and for the name;
    a name that nobody has is treated like any other.
    """

    def __init__(self, accounts: Accounts, tries: int, rates: Rates) -> None:
        """Take the accounts, and how many wrong passwords are taken in 15 minutes."""
        self._accounts = accounts
        self._rates = rates
        self._pair = RateLimitItemPerMinute(tries, _MINUTES, namespace="pair")
        self._address = RateLimitItemPerMinute(5 * tries, _MINUTES, namespace="address")
        self._name = RateLimitItemPerMinute(10 * tries, _MINUTES, namespace="name")
        self._turns = Turns(_CHECKS_AT_ONCE)

    async def check(self, name: str, password: str, address: str) -> Account | None:
        """Return the account, or None where the two do not go together.

        Raises:
            LimitError: there were too many wrong tries; the password was not looked at.
            BusyError: very many wait to be looked at.
        """
        # Names may be of any length, and hold anything.
        key = hashlib.sha256(name.strip().lower().encode()).hexdigest()
        counts = (
            (self._pair, (key, address)),
            (self._address, (address,)),
            (self._name, (key,)),
        )

        def wrong() -> tuple[int, ...]:
            # Whoever guessed least from where the least was guessed comes first.
            return self._tries(*counts[1]), self._tries(*counts[0])

        for limit, keys in counts:
            # Whoever is refused need not wait for it.
            self._stop_at(limit, keys)
        async with self._turns.turn(wrong):
            for limit, keys in counts:
                self._stop_at(limit, keys)
            account = await asyncio.to_thread(self._accounts.verify, name, password)
            if account is None:
                for limit, keys in counts:
                    self._rates.take(limit, *keys)
            else:
                self._rates.clear(self._pair, key, address)
        return account

    def _tries(self, limit: RateLimitItem, keys: tuple[str, ...]) -> int:
        return limit.amount - self._rates.left(limit, *keys)

    def _stop_at(self, limit: RateLimitItem, keys: tuple[str, ...]) -> None:
        if self._rates.has_room(limit, *keys):
            return
        seconds = self._rates.wait(limit, *keys)
        minutes = math.ceil(seconds / 60)
        raise LimitError(
            "There were too many wrong names or passwords. Wait "
            f"{minutes} minute{'' if minutes == 1 else 's'}, then try again.",
            seconds,
        )
