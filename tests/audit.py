"""Known faults of the locked packages, as OSV lists them: ``make audit``.

``OSV_ADDRESS`` names another source of the same interface (https://google.github.io/osv.dev).
Ends with 1 where there are any, and with 2 where the source cannot be asked: then nothing
was checked, and it says so.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx

LOCKS = ("requirements.lock", "requirements-model.lock", "requirements-uv.lock")
SOURCE = "https://api.osv.dev"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_AT_ONCE = 500


class Fault(NamedTuple):
    """One known fault of one locked package."""

    package: str
    version: str
    id: str
    summary: str


def locked(root: Path) -> list[tuple[str, str]]:
    """Return name and version of each package of the locks, each once."""
    texts = [(root / lock).read_text(encoding="utf-8") for lock in LOCKS]
    return sorted({pin for text in texts for pin in _PINNED.findall(text)})


def faults(pins: list[tuple[str, str]], client: httpx.Client) -> Iterator[Fault]:
    """Yield what the source knows of some packages.

    Raises:
        httpx.HTTPError: it cannot be asked.
        ValueError: it answers in another form.
    """
    for start in range(0, len(pins), _AT_ONCE):
        some = pins[start : start + _AT_ONCE]
        queries = [
            {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
            for name, version in some
        ]
        found = _json(client.post("/v1/querybatch", json={"queries": queries}))
        results = found.get("results", [])
        if len(results) != len(some):
            raise ValueError("it answers for other packages than were asked for")
        for (name, version), result in zip(some, results, strict=True):
            for known in result.get("vulns", []):
                told = _json(client.get(f"/v1/vulns/{known['id']}"))
                summary = told.get("summary") or told.get("details", "")
                yield Fault(name, version, known["id"], " ".join(summary.split())[:120])


def _json(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = response.raise_for_status().json()
    return found


def main() -> int:
    """Print the faults, or that none could be looked for."""
    address = os.environ.get("OSV_ADDRESS", SOURCE)
    pins = locked(Path(__file__).parents[1])
    out = sys.stdout.write
    try:
        with httpx.Client(base_url=address, timeout=30) as client:
            found = list(faults(pins, client))
    except (httpx.HTTPError, ValueError, KeyError) as error:
        out(
            f"NOT CHECKED: {address} cannot be asked ({error or type(error).__name__}). "
            f"Nothing is known of the {len(pins)} locked packages. Set OSV_ADDRESS to a "
            "source that this machine reaches.\n"
        )
        return 2
    for fault in found:
        out(f"{fault.package} {fault.version}: {fault.id} {fault.summary}\n")
    out(f"{len(pins)} locked packages asked of {address}: {len(found)} known faults.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
