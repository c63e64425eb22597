"""An answer written by a model: streamed, checked sentence by sentence, mended once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from assistant.answering.assembly import Asked
from assistant.answering.units import Unit
from assistant.answering.writers.ending import answer_so_far, finish_answer
from assistant.answering.writers.gathering import (
    OWN_LINE,
    Gatherer,
)
from assistant.answering.writers.mending import mend
from assistant.answering.writers.sending import compose_answer
from assistant.answering.writers.state import (
    Measured,
    Progress,
    Stopping,
    Turns,
    Writing,
    by_rules,
)
from assistant.answering.writers.writing import Writer
from assistant.errors import ProviderError
from assistant.index.shelf import Shelf
from assistant.provider.model import Message
from assistant.schema import Answer, Turn

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

NOT_FOUND = "NOT ON THE SHELF"


def _claims(writing: Writing, unit: Unit) -> bool:
    """Take the lines that are agreed signs; tell whether a unit is a sentence."""
    text = unit.text.strip(" .*`\"'")
    if text.upper() == NOT_FOUND:
        writing.not_found = True
        return False
    for sign in OWN_LINE:
        if text.startswith(sign):
            writing.missing = text.removeprefix(sign).strip(" .…")
            return False
    return True


def _write(writing: Writing, messages: Sequence[Message]) -> Iterator[Progress]:
    """Check what the model writes as it comes.

    Raises:
        ProviderError: the model failed; what it had said to the end is checked first.
    """
    gatherer, passing, verifying = Gatherer(), writing.filter(), writing.verifying()
    read_again = verifying.add if verifying else by_rules

    def let_through(units: Sequence[Unit]) -> Iterator[Progress]:
        for unit in units:
            if _claims(writing, unit):
                with writing.turns:
                    checked = passing.take(unit)
                yield from writing.add(read_again(checked))

    fault: ProviderError | None = None
    try:
        try:
            for piece in writing.pieces(messages):
                yield from let_through(gatherer.feed(piece))
                if verifying:
                    yield from writing.add(verifying.ready())
        except ProviderError as error:
            fault = error
        yield from let_through(gatherer.finish(cut_off=fault is not None))
        yield from writing.add(read_again(passing.finish()))
        if verifying:
            since, writing.measured.step = monotonic(), "verifying"
            yield from writing.add(verifying.finish())
            writing.measured.mark("verifying", since)
            writing.note_fault(verifying)
    finally:
        if verifying:
            verifying.close()
    if fault is not None:
        raise fault


def write_with_model(
    asked: Asked,
    history: Sequence[Turn],
    shelf: Shelf,
    writer: Writer,
    quoting: Answer,
    measured: Measured,
    *,
    turns: Turns | None = None,
    config: RunnableConfig | None = None,
    stopping: Stopping = lambda stop: None,
    form: str = "",
) -> Iterator[Progress | Answer]:
    """Yield each sentence as it is checked, and at the end the answer.

    Args:
        asked: the question and its passages.
        history: the turns before it, oldest first.
        shelf: for the reports' details and the embedder.
        writer: the model, its prompts and limits.
        quoting: the answer in quotations, offered where the model fails.
        measured: takes seconds and tokens.
        turns: bounds how many sentences are checked at one time.
        config: LangChain's, for callbacks and tracing.
        stopping: is handed functions that end the streams from another thread.
        form: the form that is wanted, in the asker's words.
    """
    turns = turns or nullcontext()
    writing = Writing(asked, shelf, writer, measured, turns, config, stopping, history)
    measured.step = "writing"
    try:
        messages, writing.numbered = compose_answer(
            asked.standalone,
            asked.passages,
            history,
            shelf.details,
            writer,
            form,
            len(asked.expected),
        )
        yield from _write(writing, messages)
        measured.mark("writing", writing.began)
    except ProviderError as error:
        measured.fault = type(error).__name__
        failed = answer_so_far(writing, "error", quoting, str(error))
        offered = quoting if quoting.sentences else None
        yield replace(failed, quoting=offered)
        return
    try:
        yield from mend(writing)
    except ProviderError as error:
        # What holds is shown all the same; only the second chance was lost.
        measured.fault = f"mending: {type(error).__name__}"
    yield finish_answer(writing, quoting)
