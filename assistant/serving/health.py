"""``/healthz``: the process is up. ``/readyz``: it can answer questions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import JSONResponse

from assistant.serving.limits import Answers

if TYPE_CHECKING:
    from assistant.composition import Assistant

# Strangers may ask as often as they like; the parts are looked at no more often.
_KEPT_SECONDS = 2.0
_WAIT_SECONDS = 5.0
# Some balancers ask for the head alone.
_METHODS = ["GET", "HEAD"]

log = logging.getLogger(__name__)


def _check_shelf(assistant: Assistant) -> None:
    if not assistant.parts.shelf.reports:
        raise ValueError("there is no report")


def _check_index(assistant: Assistant) -> None:
    assistant.parts.shelf.lexical.count()


def _check_store(assistant: Assistant) -> None:
    # Also takes up what another process has indexed; a store that lost chunks raises.
    assistant.parts.shelf.check()


def _check_model(assistant: Assistant) -> None:
    if assistant.settings.uses_model and assistant.parts.writer is None:
        raise ValueError("no model is set up")


_Check = Callable[["Assistant"], None]
CHECKS: dict[str, _Check] = {
    "shelf": _check_shelf,
    "index": _check_index,
    "store": _check_store,
    "model": _check_model,
}


@dataclass
class Readiness:
    """Whether questions can be answered; nothing is sent to the model."""

    assistant: Assistant
    answers: Answers
    checks: dict[str, _Check] = field(default_factory=lambda: dict(CHECKS))
    _missing: tuple[str, ...] = ()
    _until: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self) -> tuple[str, ...]:
        """Return the names of the parts that are missing; the log says why."""
        if self.answers.stopping:
            return ("stopping",)
        async with self._lock:
            if monotonic() >= self._until:
                self._missing = await self._look()
                self._until = monotonic() + _KEPT_SECONDS
        return self._missing

    async def _look(self) -> tuple[str, ...]:
        missing: list[str] = []
        for name, check in self.checks.items():
            try:
                async with asyncio.timeout(_WAIT_SECONDS):
                    await asyncio.to_thread(check, self.assistant)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
                log.warning("not ready, %s: %r", name, error)
                missing.append(name)
        return tuple(missing)


def add_health(app: FastAPI, assistant: Assistant, answers: Answers) -> None:
    """Add both addresses to an application."""
    readiness = Readiness(assistant, answers)

    @app.api_route("/healthz", methods=_METHODS)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.api_route("/readyz", methods=_METHODS)
    async def readyz() -> JSONResponse:
        missing = await readiness.missing()
        if missing:
            return JSONResponse({"status": "not ready", "missing": missing}, 503)
        return JSONResponse({"status": "ready"})
