"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class Person:
    """Who sent a request.

    ``name`` is None where nobody is asked who they are. ``may_add`` says whether they
    may change the team's shelf.
    """

    name: str | None = None
    may_add: bool = False


KEY = "assistant.person"
"""Where a request's scope holds the person."""


def person_of(request: HTTPConnection) -> Person:
    """Return who sent a request, as the guard of the application found."""
    found = request.scope.get(KEY)
    return found if isinstance(found, Person) else Person()
