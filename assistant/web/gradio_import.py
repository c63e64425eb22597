"""Imports Gradio without the type stubs that it rewrites at every start.

It makes HTTP clients as well, which the page never uses: no variable of the environment
shall keep the page from opening.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import Any, cast

from assistant.environment import without_variables


@contextmanager
def _no_stubs() -> Iterator[None]:
    """Let Gradio find no source for its own components while it is imported.

    Gradio parses the source of each component and compares it with a stub file beside
    it: half of its import. It passes over a component without a source file, which is
    what an OSError from ``inspect.getfile`` means to it.
    """
    getfile = inspect.getfile

    def getfile_but_not_of_gradio(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError("no stub is needed")
        return getfile(object)

    inspect.getfile = getfile_but_not_of_gradio
    try:
        yield
    finally:
        inspect.getfile = getfile


# Gradio tries to import it twice at each step of each answer, and Python would look for
# it in every folder each time.
if find_spec("matplotlib") is None:
    sys.modules.setdefault("matplotlib", cast(ModuleType, None))

with _no_stubs(), without_variables():
    import gradio as gr
    from gradio.blocks import Block

__all__ = ["Block", "gr"]
