"""uvicorn's parser of requests, which does not wait for ever for the rest of one."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientProtocol(H11Protocol):
    """Closes a connection whose request does not come.

    Else whoever opens many and sends a little now and then holds them all, and nobody
    else gets one.
    """

    head_seconds = 20.0
    """The longest wait for a whole head."""
    pause_seconds = 30.0
    """The longest pause within a body."""
    body_seconds = 900.0
    """The longest wait for a whole body: the largest file at 100 kB a second."""

    _timer: asyncio.TimerHandle | None = None
    _body_until: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for more where that is not all."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        state = self.conn.their_state
        if state is h11.IDLE:
            self._body_until = None
            # More of a head gives no more time.
            if self._timer is None:
                self._timer = self.loop.call_later(self.head_seconds, self._give_up)
        elif state is h11.SEND_BODY:
            self._stop_waiting()
            now = self.loop.time()
            self._body_until = self._body_until or now + self.body_seconds
            until = min(now + self.pause_seconds, self._body_until)
            self._timer = self.loop.call_at(until, self._give_up)
        else:
            self._body_until = None
            self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.flow.read_paused:
            # It is we who do not read on.
            self._wait()
        else:
            self.transport.close()
