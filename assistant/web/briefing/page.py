"""The Briefing page: an agenda comes in, its questions are shown, and the pack made."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from assistant.web.briefing.run import (
    Runs,
    Step,
    fault_text,
    follow_pack,
    follow_questions,
    read_upload,
)
from assistant.web.briefing.shown import FORMATS, pack_html, summary_of, write_files
from assistant.web.gradio_import import gr
from assistant.web.texts import put_links, put_text, told
from assistant.web.wall.held import new_folder

if TYPE_CHECKING:
    from assistant.composition import Assistant

ROUTE = "briefing"
NAME = "Briefing"
PURPOSE = (
    "Paste an agenda, or a list of questions. Each item gets a line to take, cited "
    "points, and who is silent."
)
_LENGTHS = [
    ("30 seconds an item: the lines to take", "30s"),
    ("3 minutes: one page", "3min"),
    ("Full: the page and the detail", "full"),
]
_PLACEHOLDER = (
    "1. Apologies\n2. Waste and recycling contract\n3. Devolution – for decision"
)
_KINDS = [".pdf", ".docx", ".html", ".htm", ".eml", ".txt", ".md"]
_READ = "The agenda was read. Look it over, then make the pack."
_PAPERS = (
    " The file is an agenda pack: its reports can be added in the Library, each under its "
    "item's title, and are then heard first on their items."
)
_KEPT = (
    '<h2 class="vh">Download the pack</h2><p class="small">The files stay for a day; '
    "then make the pack again.</p>"
)
_UNTIL_READY = "{asked} of {total} items will be briefed. Change what you like, then make the pack."
_BY_MODEL = (
    "The model proposed the questions of {count}; the others follow fixed rules."
)


class _Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

    agenda: Any
    upload: Any
    length: Any
    reports: Any
    show: Any
    make: Any
    stop: Any
    status: Any
    run: Any
    downloads: Any
    files: list[Any]
    shown: Any


def add_briefing(page: gr.Blocks, assistant: Any) -> None:
    """Add the page; an assistant without an open shelf gets none."""
    if not hasattr(assistant, "parts"):
        return
    # Gradio says at each start that it turns off what our settings turn off already.
    warnings.filterwarnings(
        "ignore", message="SSR mode is not supported with multi-page"
    )
    with page:
        put_links()
    with page.route(NAME, ROUTE):
        put_links()
        opened = cast("Assistant", assistant)
        _wire(opened, _lay_out(opened))


def _lay_out(assistant: Assistant) -> _Widgets:
    put_text(
        f'<h1>Briefing pack</h1><p class="purpose">{PURPOSE}</p>'
        f'<p class="notice">{escape(_notice(assistant))}</p>',
        elem_id="page-header",
    )
    with gr.Column(elem_id="briefing", min_width=0):
        agenda = gr.Textbox(
            label="Agenda",
            lines=10,
            max_lines=24,
            placeholder=_PLACEHOLDER,
            elem_id="agenda",
        )
        upload = gr.UploadButton(
            "Read an agenda from a file (PDF, Word, web page, mail or text)",
            file_types=_KINDS,
            elem_id="read-agenda",
            size="sm",
            min_width=0,
        )
        length = gr.Radio(_LENGTHS, value="3min", label="Length", elem_id="length")
        reports = _filter(assistant)
        with gr.Row(elem_id="briefing-buttons"):
            make = gr.Button(
                "Make the pack", variant="primary", elem_id="make-pack", min_width=0
            )
            show = gr.Button(
                "Show the questions", elem_id="show-questions", min_width=0
            )
            stop = gr.Button("Stop", elem_id="stop-pack", min_width=0)
        status = put_text("", elem_id="briefing-status")
        with gr.Column(
            visible=False, elem_id="pack-downloads", min_width=0
        ) as downloads:
            put_text(_KEPT)
            with gr.Row(elem_id="pack-files"):
                files = [
                    gr.DownloadButton(name, size="sm", min_width=0)
                    for name in FORMATS.values()
                ]
        shown = put_text("", elem_id="pack")
    run = gr.State("")
    return _Widgets(
        agenda=agenda,
        upload=upload,
        length=length,
        reports=reports,
        show=show,
        make=make,
        stop=stop,
        status=status,
        run=run,
        downloads=downloads,
        files=files,
        shown=shown,
    )


def _notice(assistant: Assistant) -> str:
    if not assistant.settings.uses_model:
        return (
            "Packs here are quotations from digests of the reports, chosen and checked "
            "automatically. No language model is used."
        )
    return (
        f"The items of the agenda are sent to the language model "
        f"{assistant.settings.chat_model}, which proposes the questions and writes the "
        "lines. Each sentence is checked automatically against the passage it cites."
    )


def _filter(assistant: Assistant) -> Any:
    names: dict[str, str] = {}
    for details in assistant.catalogue:
        names.setdefault(details.report, f"{details.title} ({details.attribution})")
    choices = [(name, report) for report, name in names.items()]
    with gr.Accordion("Choose reports to hear", open=False, elem_id="filter"):
        return gr.CheckboxGroup(
            choices=choices,
            value=list(names),
            label="Hear only these reports",
            elem_id="reports",
        )


def _wire(assistant: Assistant, w: _Widgets) -> None:
    runs = Runs()
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    heavy: dict[str, Any] = {
        "concurrency_limit": 2,
        "concurrency_id": "brief",
        "trigger_mode": "once",
        **quiet,
    }
    w.upload.upload(_read, w.upload, [w.agenda, w.status], **quiet)

    def show(text: str) -> Iterator[tuple[Any, ...]]:
        yield from _show(assistant, runs, text)

    def make(
        text: str, length: str, reports: list[str], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from _make(assistant, runs, text, length, reports, request)

    outputs = [w.run, w.status, w.downloads, *w.files, w.shown]
    w.show.click(show, w.agenda, [w.run, w.status, w.agenda], **heavy)
    w.make.click(make, [w.agenda, w.length, w.reports], outputs, **heavy)
    w.stop.click(
        lambda run: _running("Stopping …") if runs.stop(run) else gr.skip(),
        w.run,
        w.status,
        **quiet,
    )


def _read(file: str | None) -> tuple[Any, str]:
    try:
        read = read_upload(file)
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        return gr.skip(), told(fault_text(error), fault=True)
    return read.text, told(_READ + (_PAPERS if read.papers else ""))


def _running(text: str, step: Step | None = None) -> str:
    """Return a status that also says to the page's styles that a run is under way."""
    bar = ""
    if step is not None and step.total:
        bar = (
            f'<progress aria-label="Items done" max="{step.total}" '
            f'value="{step.done or 0}"></progress>'
        )
    return f'<p class="running">{escape(text)}</p>{bar}'


def _show(assistant: Assistant, runs: Runs, text: str) -> Iterator[tuple[Any, ...]]:
    """Yield the run's name, its status, and at the end the agenda with questions."""
    from assistant.briefing.agenda.agenda import Agenda, write_agenda

    name, stop = runs.begin()
    followed = follow_questions(assistant, text, stop)
    try:
        yield name, _running("Reading the agenda …"), gr.skip()
        for found in followed:
            if isinstance(found, Exception):
                yield "", told(fault_text(found), fault=True), gr.skip()
            elif isinstance(found, Agenda):
                yield "", told(_ready(found)), write_agenda(found)
            else:
                yield gr.skip(), gr.skip(), gr.skip()
    finally:
        runs.end(name)


def _ready(agenda: Any) -> str:
    asked = sum(bool(item.questions) for item in agenda.items)
    lines = [_UNTIL_READY.format(asked=asked, total=len(agenda.items))]
    if agenda.proposed:
        count = f"{agenda.proposed} item{'' if agenda.proposed == 1 else 's'}"
        lines.append(_BY_MODEL.format(count=count))
    return " ".join([*lines, *agenda.notes])


def _make(
    assistant: Assistant,
    runs: Runs,
    text: str,
    length: str,
    reports: list[str],
    request: gr.Request,
) -> Iterator[tuple[Any, ...]]:
    """Yield the run's name, how far the pack is, and at the end its files and itself."""
    from assistant.briefing.pack import Pack

    same: tuple[Any, ...] = (gr.skip(),) * (len(FORMATS) + 1)
    name, stop = runs.begin()
    followed = follow_pack(assistant, text, length, reports, stop)
    try:
        yield (
            name,
            _running("Reading the agenda …"),
            gr.update(visible=False),
            *same[1:],
            "",
        )
        with closing(cast("Any", followed)):
            for found in followed:
                match found:
                    case Exception():
                        yield "", told(fault_text(found), fault=True), *same, gr.skip()
                    case Pack():
                        yield _finished(assistant, found, request)
                    case Step() if not stop.asked.is_set():
                        step = f"{found.done} of {found.total} items done …"
                        yield gr.skip(), _running(step, found), *same, gr.skip()
                    case _:
                        # Gradio ends what nobody waits for where something is yielded.
                        yield gr.skip(), gr.skip(), *same, gr.skip()
    finally:
        runs.end(name)


def _finished(assistant: Assistant, pack: Any, request: gr.Request) -> tuple[Any, ...]:
    try:
        files = write_files(pack, new_folder(assistant.settings, request))
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        # The pack itself can still be read.
        hidden = (gr.update(visible=False), *(gr.skip(),) * len(FORMATS))
        return "", told(fault_text(error), fault=True), *hidden, pack_html(pack)
    values = [gr.update(value=str(files[suffix])) for suffix in FORMATS]
    shown = gr.update(visible=True)
    return "", told(summary_of(pack)), shown, *values, pack_html(pack)
