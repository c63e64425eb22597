"""The site as Gradio's Blocks, without the work that it does for parts left as they are."""

from __future__ import annotations

import logging
from copy import copy
from typing import Any

from assistant.serving.faults import sentence_of
from assistant.web.gradio_import import gr
from assistant.web.wall.bodies import MALFORMED

# What ``gr.skip()`` returns.
_SKIP: dict[str, object] = {"__type__": "update"}

log = logging.getLogger(__name__)


def _is_text(part: object, value: object) -> bool:
    return type(part) is gr.Markdown and isinstance(value, str) and "\n" not in value


class Site(gr.Blocks):
    """Blocks for which ``gr.skip()`` and a line of text cost next to nothing.

    Gradio makes a part anew for each update, even for one that says nothing. An answer
    has some ten parts and changes one of them several times a second; for sixty answers
    at once that took more than a whole processor. And a text it would tidy in a thread.
    """

    async def process_api(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Do a step of an event; whatever it raises is told in a sentence.

        Gradio would print how each came about, and repeat what was sent.
        """
        try:
            done: dict[str, Any] = await super().process_api(*arguments, **options)
        except gr.Error as error:
            log.info("A step was refused: %s", type(error).__name__)
            raise gr.Error(MALFORMED, print_exception=False) from None
        except Exception as error:  # noqa: BLE001 - told, and logged
            raise gr.Error(sentence_of(error), print_exception=False) from None
        return done

    async def postprocess_data(
        self, block_fn: Any, predictions: Any, state: Any
    ) -> list[Any]:
        """Hand on only what is not skipped."""
        count = len(block_fn.outputs)
        if isinstance(predictions, dict) and not predictions.get("__type__"):
            # What an event says by the part; Gradio takes an empty one for no answer.
            said = predictions
            predictions = [said.get(part, dict(_SKIP)) for part in block_fn.outputs]
            predictions = predictions if count > 1 else predictions[0]
        whole = isinstance(predictions, list | tuple) and len(predictions) == count
        kept = [n for n in range(count) if whole and predictions[n] != _SKIP]
        if count < 2 or not whole or len(kept) == count:
            return await super().postprocess_data(block_fn, predictions, state)
        data: list[Any] = [dict(_SKIP) for _ in range(count)]
        if kept:
            part = copy(block_fn)
            part.outputs = [block_fn.outputs[n] for n in kept]
            given = [predictions[n] for n in kept]
            if all(_is_text(*one) for one in zip(part.outputs, given, strict=True)):
                part.postprocess = False
            # A function of one output returns it bare.
            one = len(given) == 1 and not block_fn.batch
            made = await super().postprocess_data(
                part, given[0] if one else given, state
            )
            for n, value in zip(kept, made, strict=True):
                data[n] = value
        return data
