"""Long work behind the page, told step by step, and what is said of its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any, TypeVar

from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result, fault_of
from assistant.web.texts import told

Updates = dict[Any, Any]
T = TypeVar("T")

NONE: Mapping[Any, Any] = MappingProxyType({})


def follow(
    status: Any,
    begun: str,
    work: Callable[[Job[T]], T],
    after: Callable[[T], Updates],
    failed: Mapping[Any, Any] = NONE,
) -> Iterator[Updates]:
    """Tell how far some work is, and what the page becomes of its result or its failure.

    ``begun`` is what its status says at first.
    """
    yield {status: told(begun)}
    try:
        for step in Job(work, "library").steps():
            if isinstance(step, Result):
                yield after(step.value)
            else:
                yield {status: told(step) if step else gr.skip()}
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        yield {status: told(fault_of(error), fault=True), **failed}


def summary(said: str, what: str, failed: Sequence[str]) -> str:
    """Return what went well (HTML), and what did not, by file."""
    status = f'<p role="status">{said}</p>' if said else ""
    if not failed:
        return status
    items = "".join(f"<li>{escape(one)}</li>" for one in failed)
    return f'{status}<div role="alert"><p>{what}:</p><ul>{items}</ul></div>'
