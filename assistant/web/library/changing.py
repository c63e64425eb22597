"""What the buttons of the Library page do to the shelf: add, change, remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.library.adding import Intake, Put, Staged, have_asked, put_on_shelf
from assistant.library.changes import Workplace, change_shelf
from assistant.web.answers.answer_text import flat
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Updates, follow, summary
from assistant.web.library.command import Command
from assistant.web.library.drafts import Draft, stage_rows
from assistant.web.library.table import render_table
from assistant.web.texts import told

if TYPE_CHECKING:
    from assistant.web.library.handlers import Handlers


def add(
    page: Handlers,
    command: Command,
    drafts: Sequence[Draft],
    who: str | None,
    wanted: str,
    request: gr.Request,
) -> Iterator[Updates]:
    """Put the files of the table on the shelf under the details that were sent."""
    place = page.assistant.workplace
    ready, left = stage_rows(Intake(place), drafts, command.rows, who)
    faults: list[str] = []

    def after(put: Put) -> Updates:
        added = {one.entry.details.document_id for one in put.added}
        kept = list(left)
        for draft, one in ready:
            if one.entry.details.document_id in added:
                draft.discard()
            else:
                kept.append(draft)
        failed = [draft.fault for draft in left]
        said = "; ".join(map(link_of, put.added))
        return {
            page.parts.status: summary(
                f"Added: {said}." if said else "", "Not added", failed + put.failed
            )
            + "".join(told(fault, fault=True) for fault in faults),
            page.parts.drafts: kept,
            page.parts.table: render_table(kept, page.asks),
            **page.show(wanted, 0, request),
        }

    def work(job: Job[Put]) -> Put:
        staged = [one for _, one in ready]
        if command.model and page.asks:
            job.say(f"Asking the model {page.asks.model.name} …")
            staged, fault = have_asked(page.asks, staged, lambda done, total: job.say(
                f"Asking the model: {done} of {total} reports done …"
            ))  # fmt: skip
            faults.extend([f"{fault} Added without its lines."] if fault else [])
        return _put(place, staged, job)

    if not ready:
        yield after(Put())
        return
    yield from follow(page.parts.status, "Waiting for its turn …", work, after)


def change(
    page: Handlers, command: Command, wanted: str, request: gr.Request
) -> Iterator[Updates]:
    """Give a report the details that were typed."""
    place = page.assistant.workplace
    (old, *_) = place.library.find(command.document)
    staged = Intake(place).amend(old.details.document_id, command.given(old.details))
    if staged is None:
        yield {page.parts.status: told("Nothing was changed.")}
        return
    title = flat(staged.entry.details.title)
    yield from follow(
        page.parts.status,
        f"Changing {old.details.title} …",
        lambda job: _put(place, [staged], job),
        lambda put: {
            page.parts.status: summary(
                f"Changed: {title}." if put.added else "", "Not changed", put.failed
            ),
            **page.show(wanted, 0, request),
        },
    )


def remove(
    page: Handlers, command: Command, wanted: str, request: gr.Request
) -> Iterator[Updates]:
    """Take a report of the team off the shelf."""
    place = page.assistant.workplace
    gone = place.library.find(command.document)
    title = gone[0].details.title
    said = told(f"Removed: {title}. Answers are no longer taken from it.")

    def work(job: Job[str]) -> str:
        change_shelf(
            place,
            lambda library: library.take_off(gone),
            published=lambda: job.finish(said),
        )
        return said

    yield from follow(
        page.parts.status,
        f"Removing {title} …",
        work,
        lambda said: {page.parts.status: said, **page.show(wanted, 0, request)},
    )


def _put(place: Workplace, staged: Sequence[Staged], job: Job[Put]) -> Put:
    return put_on_shelf(place, staged, job.say_passages, job.finish)


def link_of(one: Staged) -> str:
    """Return a report that was added by name, with a link to ask about it."""
    details = one.entry.details
    return (
        f'{flat(details.title)} (<a href="./?reports={flat(details.report)}" '
        f'target="_blank" rel="noopener">Ask about it<span class="vh">: '
        f"{flat(details.title)}</span></a>)"
    )
