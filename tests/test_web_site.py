"""Blocks that leave alone what an event does not change, beside Gradio's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assistant.web.gradio_import import gr
from assistant.web.site import Site
from assistant.web.texts import put_text

SKIP = gr.skip()


def of_three(kind: type[gr.Blocks]) -> tuple[gr.Blocks, Any]:
    """Return a page of three parts and an event that changes them."""
    with kind(analytics_enabled=False) as page:
        parts = [put_text("old"), gr.Textbox(), gr.State(0)]
        gr.Button().click(lambda: (SKIP, SKIP, SKIP), outputs=parts)
    [function] = page.fns.values()
    return page, function


def made(kind: type[gr.Blocks], predictions: list[Any]) -> tuple[list[Any], Any]:
    """Return what goes to the browser of the first two, and the state that is left."""
    page, function = of_three(kind)
    session = gr.state_holder.SessionState(page)
    sent = asyncio.run(page.postprocess_data(function, predictions, session))
    # Nothing of a state goes to the browser, whatever is said of it there.
    assert sent[2] in (None, SKIP)
    return sent[:2], session[function.outputs[2]._id]


@pytest.mark.parametrize(
    "predictions",
    [
        [SKIP, SKIP, SKIP],
        ["a line", SKIP, SKIP],
        ["two\n\nparagraphs  ", SKIP, SKIP],
        [SKIP, "typed", SKIP],
        [SKIP, SKIP, 7],
        ["a line", SKIP, 7],
        [SKIP, gr.update(visible=False), SKIP],
        ["a line", "typed", 7],
    ],
    ids=str,
)
def test_a_site_sends_what_gradio_would(predictions: list[Any]) -> None:
    assert made(Site, list(predictions)) == made(gr.Blocks, list(predictions))


def test_a_site_makes_no_part_anew_that_is_skipped() -> None:
    counts = []
    for kind in (Site, gr.Blocks):
        page, function = of_three(kind)
        session = gr.state_holder.SessionState(page)
        before = session[function.outputs[1]._id]
        predictions = ["a line", SKIP, SKIP]
        asyncio.run(page.postprocess_data(function, predictions, session))
        counts.append(session[function.outputs[1]._id] is not before)
    # Were Gradio to stop making them anew, the site would have nothing to spare.
    assert counts == [False, True]


def test_a_site_leaves_an_event_of_one_part_to_gradio() -> None:
    with Site(analytics_enabled=False) as page:
        gr.Button().click(lambda: "line  ", outputs=put_text(""))
    [function] = page.fns.values()
    session = gr.state_holder.SessionState(page)
    sent = asyncio.run(page.postprocess_data(function, "a line", session))
    assert sent == ["a line"]
