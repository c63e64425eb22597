"""What the commands share: opening the assistant, progress, usage errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.composition import Assistant
    from assistant.index.manifest import Progress

WRONG_USAGE = 2
NO_ANSWER = 3
INTERRUPTED = 130


class UsageError(AssistantError):
    """Options that do not go together."""


@contextmanager
def progress_bar(
    what: str = "Building the index", unit: str = "chunk"
) -> Iterator[Progress]:
    """Show a bar on standard error, with its rate and the time left, to the last one."""
    from tqdm import tqdm

    bar: tqdm[NoReturn] | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total:
            bar = tqdm(total=total, desc=what, unit=unit)
        if bar is not None:
            bar.update(done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()


def open_from_settings(**arguments: object) -> Assistant:
    """Open the assistant as the settings say; arguments override them."""
    from assistant.index.embeddings import load_embedder
    from assistant.settings import load_settings

    settings = load_settings(**arguments)
    # Chroma takes as long to import as the model takes to load.
    embedder = load_embedder(settings.embeddings)
    from assistant.composition import open_assistant

    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    # Our own log alone: what libraries tell at this level is of no use here.
    logging.getLogger("assistant").setLevel(settings.log_level.upper())
    with progress_bar() as progress:
        return open_assistant(settings, progress, embedder)
