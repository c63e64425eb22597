"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.types import Scope


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


def address_of(scope: Scope) -> str:
    """Return where a request came from: of IPv6 the network that one home has."""
    address = (scope.get("client") or ("", 0))[0]
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and not parsed.is_loopback:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
