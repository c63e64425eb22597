"""The Briefing page: an agenda is pasted, its questions shown, and the pack made."""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from assistant.errors import AssistantError
from assistant.web.gradio_import import gr
from assistant.web.texts import put_text, told

if TYPE_CHECKING:
    from assistant.briefing.pack import Length, Pack
    from assistant.composition import Assistant

log = logging.getLogger(__name__)

ROUTE = "briefing"
NAME = "Briefing"
_LENGTHS = [
    ("30 seconds an item", "30s"),
    ("3 minutes: one page", "3min"),
    ("Full: the page and the detail", "full"),
]
_FORMATS = (".docx", ".pdf", ".html", ".md", ".json")
_UNEXPECTED = (
    "Something went wrong on this computer and the pack was not made. Please try again; "
    "if it happens again, report the number {id}."
)
_PLACEHOLDER = (
    "1. Apologies\n2. Oflog and performance data\n3. Devolution – for decision"
)
_STEP_SECONDS = 0.3

State = tuple[Any, Any, Any]


def add_briefing(page: gr.Blocks, assistant: Any) -> None:
    """Add the tab to a page; an assistant without an open shelf gets none."""
    if not hasattr(assistant, "parts"):
        return
    # Gradio says at each start that it turns off what our settings turn off already.
    warnings.filterwarnings(
        "ignore", message="SSR mode is not supported with multi-page"
    )
    with page:
        gr.Navbar(main_page_name="Ask")  # type: ignore[attr-defined]
    with page.route(NAME, ROUTE):
        _lay_out(cast("Assistant", assistant))


def _lay_out(assistant: Assistant) -> None:
    put_text(
        "# Briefing pack\n\nPaste an agenda, or a list of questions. Each item gets a "
        "line to take, cited points, and who is silent. Show the questions to change "
        "them before the pack is made."
    )
    agenda = gr.Textbox(
        label="Agenda",
        lines=10,
        max_lines=24,
        placeholder=_PLACEHOLDER,
        elem_id="agenda",
    )
    length = gr.Radio(_LENGTHS, value="3min", label="Length", elem_id="length")
    with gr.Row():
        show = gr.Button("Show the questions", elem_id="show-questions")
        make = gr.Button("Make the pack", variant="primary", elem_id="make-pack")
        stop = gr.Button("Stop", elem_id="stop-pack")
    status = put_text("", elem_id="briefing-status")
    files = gr.File(
        label="The pack", visible=False, interactive=False, file_count="multiple"
    )
    shown = put_text("", elem_id="pack")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    show.click(
        lambda text: _questions(assistant, text), agenda, [agenda, status], **quiet
    )
    making = make.click(
        lambda text, chosen: (yield from _make(assistant, text, chosen)),
        [agenda, length],
        [status, files, shown],
        concurrency_limit=2,
        concurrency_id="brief",
        trigger_mode="once",
        **quiet,
    )
    stop.click(
        lambda: told("Stopped. Make the pack again to go on from there."),
        outputs=status,
        cancels=[making],
        **quiet,
    )


def _fault(error: Exception) -> str:
    if isinstance(error, AssistantError):
        return told(str(error), fault=True)
    id_ = uuid4().hex[:8]
    log.error("briefing %s failed", id_, exc_info=error)
    return told(_UNEXPECTED.format(id=id_), fault=True)


def _questions(assistant: Assistant, text: str) -> tuple[Any, str]:
    from assistant.briefing.agenda import parse_agenda, write_agenda
    from assistant.briefing.making import prepare

    try:
        agenda = prepare(parse_agenda(text), assistant.parts)
    except AssistantError as error:
        return gr.skip(), _fault(error)
    asked = sum(bool(item.questions) for item in agenda.items)
    ready = (
        f"{asked} of {len(agenda.items)} items will be briefed. Change what you like."
    )
    return write_agenda(agenda), told(" ".join([ready, *agenda.notes]))


def _make(assistant: Assistant, text: str, length: str) -> Iterator[State]:
    """Yield how far the pack is, and at the end its files and itself."""
    from assistant.briefing.agenda import parse_agenda
    from assistant.briefing.making import Stop, make_pack, prepare

    news: Queue[tuple[int, int] | Pack | Exception] = Queue()
    stop = Stop()

    def run() -> None:
        try:
            agenda = prepare(parse_agenda(text), assistant.parts)
            news.put(
                make_pack(
                    agenda,
                    assistant.parts,
                    length=cast("Length", length),
                    data_dir=assistant.settings.data_dir,
                    progress=lambda done, total: news.put((done, total)),
                    stop=stop,
                )
            )
        except Exception as error:  # noqa: BLE001 - told on the page, and logged
            news.put(error)

    Thread(target=run, name="briefing-tab").start()
    yield told("Reading the agenda …"), gr.update(visible=False), ""
    try:
        while True:
            try:
                state = news.get(timeout=_STEP_SECONDS)
            except Empty:
                # Gradio ends a run that was stopped only where something is yielded.
                yield gr.skip(), gr.skip(), gr.skip()
                continue
            if isinstance(state, tuple):
                done, total = state
                yield told(f"{done} of {total} items done …"), gr.skip(), gr.skip()
                continue
            if isinstance(state, Exception):
                yield _fault(state), gr.skip(), gr.skip()
            else:
                yield _finished(state)
            return
    finally:
        stop.stop()


def _finished(pack: Pack) -> State:
    from assistant.briefing.export import render

    failed = [item for item in pack.items if item.state == "failed"]
    done = f"Done: {len(pack.items)} items, {len(pack.references)} references."
    if failed:
        done += f" {len(failed)} failed; the pack says why."
    folder = Path(tempfile.mkdtemp(prefix="pack-"))
    files = [folder / f"briefing{suffix}" for suffix in _FORMATS]
    for file in files:
        file.write_bytes(render(pack, file.suffix))
    page = (folder / "briefing.html").read_text(encoding="utf-8")
    body = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    update = gr.update(value=[str(file) for file in files], visible=True)
    # A blank line would end the HTML, and what follows be read as Markdown.
    shown = re.sub(r"\n\s*\n", "\n", body[1]) if body else ""
    # The tab has its own first heading.
    shown = shown.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return told(done), update, f'<div class="pack">{shown}</div>'
