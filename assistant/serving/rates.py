"""Counts what came lately: in this process, or for several processes in Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic, time
from typing import TypeVar

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.errors import ConfigError

# Requests wait for the count: the store is near, or it counts as lost for a while.
_WAIT_SECONDS, _ALONE_SECONDS = 0.25, 10.0
_SHARED = ("redis://", "rediss://", "redis+unix://")

T = TypeVar("T")
log = logging.getLogger(__name__)


class Rates:
    """Counts in a moving window; what is too much is not counted.

    Where the shared store does not answer, each process counts for itself until it does.
    """

    def __init__(self, store: str | None = None) -> None:
        """Begin at nought, or where the processes are that share a store.

        Raises:
            ConfigError: the store's address cannot be used.
        """
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _shared(store) if store else None
        self._alone_until = 0.0

    def take(self, limit: RateLimitItem, *keys: str, count: int = 1) -> float:
        """Count some; return 0, or the seconds to wait where they are too many."""
        taken = self._ask(lambda limiter: limiter.hit(limit, *keys, cost=count))
        return 0.0 if taken else self.wait(limit, *keys)

    def has_room(self, limit: RateLimitItem, *keys: str) -> bool:
        """Tell whether one more would be taken."""
        return self._ask(lambda limiter: limiter.test(limit, *keys))

    def wait(self, limit: RateLimitItem, *keys: str) -> float:
        """Return the seconds after which there is room for more."""
        stats = self._ask(lambda limiter: limiter.get_window_stats(limit, *keys))
        return max(1.0, stats.reset_time - time())

    def left(self, limit: RateLimitItem, *keys: str) -> int:
        """Return how many more are taken just now."""
        stats = self._ask(lambda limiter: limiter.get_window_stats(limit, *keys))
        return stats.remaining

    def clear(self, limit: RateLimitItem, *keys: str) -> None:
        """Forget what was counted."""
        self._ask(lambda limiter: limiter.clear(limit, *keys))

    def _ask(self, asked: Callable[[MovingWindowRateLimiter], T]) -> T:
        if self._shared is not None and monotonic() >= self._alone_until:
            try:
                return asked(self._shared)
            except StorageError as error:
                log.warning("ASSISTANT_LIMITS_STORE: %s; counting alone", error)
                self._alone_until = monotonic() + _ALONE_SECONDS
        return asked(self._own)


def _shared(store: str) -> MovingWindowRateLimiter:
    try:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise ConfigError(
            "ASSISTANT_LIMITS_STORE needs a package that is not installed: install the "
            "extra `redis` (pip install 'council-shelf-assistant[redis]')."
        ) from error
    try:
        if not store.startswith(_SHARED):
            raise ValueError
        pool = ConnectionPool.from_url(
            store.replace("redis+unix", "unix"),
            socket_timeout=_WAIT_SECONDS,
            socket_connect_timeout=_WAIT_SECONDS,
            # A connection that broke is made anew; waiting would hold up everybody.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        # What was typed may hold a password: it is neither shown nor chained.
        raise ConfigError(
            "ASSISTANT_LIMITS_STORE is no address of a Redis. Use one such as "
            "redis://127.0.0.1:6379/0."
        ) from None
    return MovingWindowRateLimiter(
        RedisStorage(store, pool, key_prefix="shelf", wrap_exceptions=True)
    )
