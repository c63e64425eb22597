"""What was read of a file, as HTML and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.web.answers.render import flat
from assistant.web.library.drafts import Draft
from assistant.web.library.listing import count_of

_SECTIONS_SHOWN = 60


def render_draft(draft: Draft) -> str:
    """Return what was read of the file: its size, and its sections in a fold."""
    extract = draft.candidate.extract
    sections = extract.sections
    pages = f", {count_of(extract.pages, 'page')}" if extract.pages else ""
    items = "".join(
        f"<li>{flat(s.heading)}{f', page {flat(s.page)}' if s.page else ''} "
        f"({count_of(len(s.text.split()), 'word')})</li>"
        for s in sections[:_SECTIONS_SHOWN]
    )
    hidden = len(sections) - _SECTIONS_SHOWN
    more = f"<p>And {hidden:,} more.</p>" if hidden > 0 else ""
    return (
        f"<p><strong>{flat(draft.candidate.name)}</strong>: {flat(extract.kind)}{pages}, "
        f"{count_of(len(sections), 'section')}.</p>"
        f"<details><summary>Look at its sections</summary><ul>{items}</ul>{more}"
        "</details>"
    )


def explain_draft(draft: Draft, choices: Sequence[tuple[str, str]]) -> str:
    """Say what to do with what was read."""
    name = draft.candidate.name
    if draft.is_kept:
        return f"{name} was read again. Change its details below."
    told = f"{name} was read. Check its details below, then add it."
    labels = {document: label for label, document in choices}
    if draft.takes_place_of in labels:
        told += f" It looks like a new version of {labels[draft.takes_place_of]}."
    return told
