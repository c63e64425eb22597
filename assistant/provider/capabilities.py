"""What a request holds: as a server takes it, learned from what it refuses.

Servers that speak alike differ in the names they know: one wants ``max_tokens``, another
refuses it. Each part of a request has a few forms; a form that is refused is dropped, and
the next one is sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

log = logging.getLogger(__name__)

Part = Literal["limit", "usage", "temperature", "rules"]
LEFT_OUT = "none"
# Best first: every server but OpenAI's own newest models knows the older name.
FORMS: dict[Part, tuple[str, ...]] = {
    "limit": ("max_tokens", "max_completion_tokens", LEFT_OUT),
    "usage": ("stream_options", LEFT_OUT),
    "temperature": ("temperature", LEFT_OUT),
    "rules": ("system", "user"),
}
# How a refusal names each form.
_NAMED = {
    "max_tokens": re.compile(r"\bmax_tokens\b"),
    "max_completion_tokens": re.compile(r"\bmax_completion_tokens\b"),
    "stream_options": re.compile(r"\bstream_options\b|\binclude_usage\b"),
    "temperature": re.compile(r"\btemperature\b"),
    "system": re.compile(
        r"\bsystem['\"]?\s+(?:role|messages?|prompts?|instructions?)\b"
        r"|\broles?\b.{0,60}\bsystem\b|\broles must alternate\b"
        r"|\bdeveloper instruction",
        re.IGNORECASE | re.DOTALL,
    ),
}


@dataclass
class Request:
    """Makes the body of a request to one model at one server.

    ``forms`` holds for each part the forms that were not refused; a part with one form is
    settled.
    """

    model: str
    tokens: int
    temperature: float | None = None
    forms: dict[Part, tuple[str, ...]] = field(default_factory=lambda: dict(FORMS))

    def now(self) -> dict[Part, str]:
        """Return the form of each part that is sent by now."""
        return {part: forms[0] for part, forms in self.forms.items()}

    def body(self, messages: Sequence[Mapping[str, str]]) -> dict[str, object]:
        """Return the body that asks for a stream."""
        now = self.now()
        body: dict[str, object] = {
            "model": self.model,
            "messages": _ruled(messages, now["rules"]),
            "stream": True,
        }
        if now["limit"] != LEFT_OUT:
            body[now["limit"]] = self.tokens
        if now["usage"] != LEFT_OUT:
            body["stream_options"] = {"include_usage": True}
        if self.temperature is not None and now["temperature"] != LEFT_OUT:
            body["temperature"] = self.temperature
        return body

    def learn(self, sent: Mapping[Part, str], refusal: str) -> bool:
        """Drop the forms that a refusal names; tell whether another try is worth while.

        ``sent`` is what ``now`` gave when the request was made.
        """
        changed = False
        for part, form in sent.items():
            named = _NAMED.get(form)
            if named is None or not named.search(refusal):
                continue
            left = tuple(other for other in self.forms[part] if other != form)
            if left and left != self.forms[part]:
                # Only the temperature is somebody's wish.
                level = logging.WARNING if part == "temperature" else logging.INFO
                log.log(level, "The server refuses %s: now it gets %s.", form, left[0])
                self.forms[part] = left
            # Another question may have learned it meanwhile.
            changed = changed or self.forms[part][0] != form
        return changed


def _ruled(messages: Sequence[Mapping[str, str]], role: str) -> list[dict[str, str]]:
    """Return messages with the rules under a role; under "user" in the first question."""
    found: list[dict[str, str]] = []
    for message in messages:
        own = dict(message)
        if own["role"] == "system":
            own["role"] = role
        # Where only users and assistants speak, they speak in turn.
        if role == "user" and found and found[-1]["role"] == own["role"]:
            found[-1]["content"] += f"\n\n{own['content']}"
        else:
            found.append(own)
    return found
