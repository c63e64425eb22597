"""Checks names and passwords, and slows down whoever guesses."""

from __future__ import annotations

import asyncio
import hashlib
import math
from concurrent.futures import ThreadPoolExecutor

from limits import RateLimitItem, RateLimitItemPerMinute

from assistant.errors import LimitError
from assistant.serving.access.accounts import Account, Accounts
from assistant.serving.access.turns import Rank, Turns
from assistant.serving.rates import Rates

_MINUTES = 15
# A check takes 64 MiB: only so many at one time.
_CHECKS_AT_ONCE = 2
# Tries of the last minute, sent away or not: more than these make nobody wait longer.
_CAME = RateLimitItemPerMinute(1000, namespace="came")

_Count = tuple[RateLimitItem, tuple[str, ...]]
_Counts = tuple[_Count, ...]


class SignIn:
    """Says whose a name and a password are.

    Wrong ones count for the name at that address, for the address, and for the name;
    a name that nobody has is treated like any other. Those of a known browser count for
    it alone.
    """

    def __init__(self, accounts: Accounts, tries: int, rates: Rates) -> None:
        """Take the accounts, and how many wrong passwords are taken in 15 minutes."""
        self._accounts = accounts
        self._rates = rates
        self._browser = RateLimitItemPerMinute(tries, _MINUTES, namespace="browser")
        self._pair = RateLimitItemPerMinute(tries, _MINUTES, namespace="pair")
        self._address = RateLimitItemPerMinute(5 * tries, _MINUTES, namespace="address")
        self._name = RateLimitItemPerMinute(10 * tries, _MINUTES, namespace="name")
        self._turns = Turns(_CHECKS_AT_ONCE)
        self._came = Rates()
        # Others' work in threads shall keep nobody waiting.
        self._checks = ThreadPoolExecutor(_CHECKS_AT_ONCE, "sign-in")

    async def check(
        self, name: str, password: str, address: str, browser: str | None = None
    ) -> Account | None:
        """Return the account, or None where the two do not go together.

        ``browser`` is the mark of a browser in which this name has signed in before.

        Raises:
            LimitError: there were too many wrong tries; the password was not looked at.
            BusyError: very many wait to be looked at.
        """
        counts = self._counts(name, address, browser)
        for count in counts:
            # Whoever is refused need not wait for it.
            self._stop_at(*count)
        async with self._turns.turn(self._rank(counts)):
            for count in counts:
                self._stop_at(*count)
            account = await asyncio.get_running_loop().run_in_executor(
                self._checks, self._accounts.verify, name, password
            )
            if account is None:
                for limit, keys in counts:
                    self._rates.take(limit, *keys)
            else:
                self._rates.clear(counts[0][0], *counts[0][1])
                # Colleagues at one address do not keep each other waiting.
                self._came.clear(_CAME, *self._source(counts)[1])
        return account

    def _counts(self, name: str, address: str, browser: str | None) -> _Counts:
        """Return what a wrong try counts for, the narrowest first."""
        if browser and self._rates.has_room(self._browser, browser):
            return ((self._browser, (browser,)),)
        # Names may be of any length, and hold anything.
        key = hashlib.sha256(name.strip().lower().encode()).hexdigest()
        return (
            (self._pair, (key, address)),
            (self._address, (address,)),
            (self._name, (key,)),
        )

    def _rank(self, counts: _Counts) -> Rank:
        """Return who is sooner looked at: known browsers, then whoever tried least.

        Whoever was sent away and comes again at once has tried, too.
        """
        limit, keys = self._source(counts)
        tries = limit.amount - self._rates.left(limit, *keys)
        tries += _CAME.amount - self._came.left(_CAME, *keys)
        self._came.take(_CAME, *keys)
        return (limit is not self._browser, tries)

    def _source(self, counts: _Counts) -> _Count:
        """Return the browser where it is known, else the address."""
        return counts[0] if counts[0][0] is self._browser else counts[1]

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
