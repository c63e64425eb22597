"""Which model at which server is asked, and how messages speak of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

_MOST_CHARS = 200
_KEY = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][\w*.\-]{4,}", re.IGNORECASE)


class Proxy(NamedTuple):
    """A proxy on the way: the variable that names it, and its name and port."""

    variable: str
    host: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The model and the server that messages name; ``secret`` never goes into one."""

    model: str
    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    proxy: Proxy | None = None

    @property
    def host(self) -> str:
        """The server's name and port, without user and password."""
        parts = urlsplit(self.address)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def said(self, words: str) -> str:
        """Return what a server said: short, on one line, without keys."""
        text = " ".join(words.split())
        if self.secret:
            text = text.replace(self.secret, "…")
        text = _KEY.sub("…", text)
        if len(text) > _MOST_CHARS:
            text = text[:_MOST_CHARS] + "…"
        return f" It says: {text}" if text else ""
