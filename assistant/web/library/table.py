"""The table of files that were read, to be looked over before they are added."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library.asked_as import Asks, Cost
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.library.actions import text_input
from assistant.web.library.drafts import Draft

_SECTIONS_SHOWN = 60
_HEAD = (
    "<h2>Look these over</h2><p>Mend what is wrong in place; what is not known may stay "
    "empty.</p>"
)


def render_table(drafts: Sequence[Draft], asks: Asks | None = None) -> str:
    """Return the table with its buttons; nothing where no file waits."""
    if not drafts:
        return ""
    rows = "".join(_row(number, draft) for number, draft in enumerate(drafts, 1))
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Add", "File", "Title", "Publisher", "Date")
    )
    what = "it" if len(drafts) == 1 else f"the {len(drafts)}"
    return (
        f"{_HEAD}<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"{_offer(drafts, asks) if asks else ''}"
        f'<p class="actions"><button type="button" name="add" class="primary">Put {what} '
        'on the shelf</button> <button type="button" name="put-away">Do not add</button></p>'
    )


def _offer(drafts: Sequence[Draft], asks: Asks) -> str:
    """Offer to let the model write how people may ask for the sections."""
    each = (asks.cost(d.row.title, d.candidate.extract.sections) for d in drafts)
    return (
        '<p><label class="model"><input type="checkbox" name="model" checked> Let the '
        f"model {flat(asks.model.name)} write how people may ask for each section, so that "
        f"it is found by other words. It is asked {flat(asks.told(sum(each, Cost())))}."
        "</label></p>"
    )


def _row(number: int, draft: Draft) -> str:
    name, row = flat(draft.candidate.name), draft.row
    fault = f'<p role="alert">{flat(draft.fault)}</p>' if draft.fault else ""
    ticked = " checked" if row.add else ""
    return (
        f'<tr><td><label><input type="checkbox" name="add"{ticked}>'
        f'<span class="vh">Add {name}</span></label></td>'
        f'<th scope="row"><span class="file">{name}</span>{_read(draft)}{_version(draft)}'
        f"{fault}</th>"
        f"{_cell(number, 'title', 'Title', row.title)}"
        f"{_cell(number, 'publisher', 'Publisher', row.publisher, 'not known')}"
        f"{_cell(number, 'published', 'Date', row.published, 'not known')}</tr>"
    )


def _cell(number: int, name: str, label: str, value: str, hint: str = "") -> str:
    return (
        f'<td class="{name}"><label><span class="label">{label}<span class="vh"> of file '
        f"{number}</span></span>{text_input(name, value, hint)}</label></td>"
    )


def _version(draft: Draft) -> str:
    """Offer what a file may be: another report, or the new version of one."""
    if draft.like is None:
        return ""
    title, chosen = flat(draft.like.details.title), draft.row.version
    options = "".join(
        f'<option value="{value}"{" selected" if is_it else ""}>{label}</option>'
        for value, label, is_it in (
            ("yes", f"The new version of {title}", chosen),
            ("", "Another report", not chosen),
        )
    )
    return (
        f'<label class="version"><span>Add it as</span> <select name="version">{options}'
        "</select></label>"
    )


def _read(draft: Draft) -> str:
    extract = draft.candidate.extract
    sections = extract.sections
    pages = f", {count_of(extract.pages, 'page')}" if extract.pages else ""
    items = "".join(
        f"<li>{flat(s.heading)} ({count_of(len(s.text.split()), 'word')})</li>"
        for s in sections[:_SECTIONS_SHOWN]
    )
    hidden = len(sections) - _SECTIONS_SHOWN
    more = f"<p>And {hidden:,} more.</p>" if hidden > 0 else ""
    return (
        f"<details><summary>{flat(extract.kind)}{pages}, "
        f"{count_of(len(sections), 'section')}</summary><ul>{items}</ul>{more}</details>"
    )
