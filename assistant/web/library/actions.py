"""What an editor may do with a report of the list, as HTML: change, renew, remove."""

from __future__ import annotations

from html import escape

from assistant.library.entries import Entry
from assistant.schema import NO_PUBLISHER
from assistant.web.answers.answer_text import flat

_FIELDS = (
    ("title", "Title", ""),
    ("publisher", "Publisher", "not known"),
    ("published", "Date", "2024-09-12, 2024-09 or 2024"),
    ("authors", "Authors", "parted by semicolons"),
    ("url", "Web address of the original", "https://…"),
    ("document_type", "Kind of document", "such as: committee paper"),
)


def render_actions(entry: Entry, *, several: bool = False) -> str:
    """Return the folds to change and to remove a document, and its button to renew it.

    Where its report has ``several`` documents, each is told by its kind.
    """
    details = entry.details
    kind = f" ({flat(details.document_type)})" if several else ""
    of = f'<span class="vh"> {flat(details.title)}</span>{kind}'
    name = escape(details.document_id)
    return (
        f'<button type="button" name="version" value="{name}">New version<span class="vh">'
        f" of {flat(details.title)}</span>{kind}</button>"
        f"<details><summary>Change{of}</summary>{_form(entry)}</details>"
        f"<details><summary>Remove{of}</summary><p>Its file and its text are deleted here, "
        "and answers are no longer taken from it.</p>"
        f'<button type="button" name="remove" value="{name}" class="stop">Yes, remove it'
        "</button></details>"
    )


def _form(entry: Entry) -> str:
    details = entry.details
    known = {
        "title": details.title,
        "publisher": "" if details.publisher == NO_PUBLISHER else details.publisher,
        "published": details.published or "",
        "authors": "; ".join(details.authors),
        "url": details.url,
        "document_type": details.document_type,
    }
    boxes = "".join(
        f"<label>{label}{text_input(name, known[name], hint)}</label>"
        for name, label, hint in _FIELDS
    )
    return (
        f'<div class="form">{boxes}<button type="button" name="change" '
        f'value="{escape(details.document_id)}" class="primary">Save</button></div>'
    )


def text_input(name: str, value: str, hint: str = "") -> str:
    """Return a box for a line of text."""
    return (
        f'<input type="text" name="{name}" maxlength="600" autocomplete="off" '
        f'value="{escape(" ".join(value.split()))}" placeholder="{escape(hint)}">'
    )
