"""The families of rules by name; an evaluation switches them off to see what they bring.

``python -m evals ablate`` does. Nothing else may: in service every family is on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

RULES = frozenset(
    {
        "about the text",
        "asking back",
        "authorities",
        "comparing",
        "corrections",
        "coverage",
        "decision",
        "doubt",
        "elsewhere",
        "extremes",
        "follow-ups",
        "form wanted",
        "glossary",
        "kind of answer",
        "names of reports",
        "papers by kind",
        "preferred reports",
        "question vector",
        "readings",
        "sections",
        "several asks",
        "spelling",
        "summing up",
        "surroundings",
        "whose papers",
    }
)
_off: ContextVar[frozenset[str]] = ContextVar("rules switched off", default=frozenset())


def is_on(rule: str) -> bool:
    """Tell whether a family of rules is at work."""
    return rule not in _off.get()


@contextmanager
def switched_off(*rules: str) -> Iterator[None]:
    """Switch families of rules off in this context.

    Raises:
        ValueError: there is no such family.
    """
    if unknown := set(rules) - RULES:
        raise ValueError(f"There are no rules {min(unknown)!r}.")
    token = _off.set(_off.get() | set(rules))
    try:
        yield
    finally:
        _off.reset(token)
