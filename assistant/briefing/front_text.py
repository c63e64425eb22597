"""What the page in front says of a meeting and its items, in plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answering.writers.ending import NOT_VERIFIED
from assistant.briefing.pack import Item, Pack

LABEL = "Line to take"
NOTHING = "Nothing on this was found in the reports on the shelf."
SAME = "The reports say the same here as on item {number}."
RECORD = "For the record"
QUOTING = "none: every sentence is a quotation, chosen and checked automatically"
MOST_ATTENDING = 8
_MOST_OF_A_TITLE = 110
_MOST_OF_A_LIST = 400
_MOST_NAMED = 4


def title_of(item: Item) -> str:
    """Return an item's number and title, a long one cut at a word."""
    return f"{item.number}. {_cut(item.title)}"


def _cut(title: str) -> str:
    whole = len(title) <= _MOST_OF_A_TITLE
    return title if whole else f"{title[:_MOST_OF_A_TITLE].rsplit(' ', 1)[0]} …"


def asked_of(item: Item) -> str:
    """Say what was asked under an item whose title was not, of long questions a part."""
    return _cut(f"Asked: {' · '.join(item.asked)}") if item.asked else ""


def told_of(item: Item) -> str:
    """Return the text of an item's line to take, without its marks."""
    if item.line:
        return " ".join(statement.text for statement in item.line)
    if item.same_as:
        return SAME.format(number=item.same_as)
    # That they do not say is said, and where one may look; the rest is said in full.
    nearest = [f"Nearest: {item.nearest[0]}."] if item.nearest else []
    more = [NOT_VERIFIED] if NOT_VERIFIED in item.lacks else []
    return " ".join([NOTHING, *nearest, *more])


def silence_of(item: Item) -> str:
    """Say which reports are silent on an item of which others speak."""
    if not item.line or not item.silent:
        return ""
    # "Title (Publisher, year)": the title alone, unless two reports bear it.
    titles = [name.rsplit(" (", 1)[0] for name in item.silent]
    names = titles if len(set(titles)) == len(titles) else item.silent
    more = len(names) - _MOST_NAMED
    rest = [f"and {more} more, named at full length"] if more > 0 else []
    return f"Silent on this: {'; '.join([*names[:_MOST_NAMED], *rest])}."


def told_together(items: Iterable[Item]) -> str:
    """Return the items of a list by their titles; of a long one by their numbers."""
    listed = list(items)
    titles = "; ".join(map(title_of, listed))
    numbers = ", ".join(item.number for item in listed)
    if len(titles) > _MOST_OF_A_LIST:
        return f"items {numbers}."
    return titles if titles.endswith(("…", ".")) else f"{titles}."


def told_after(items: Sequence[Item]) -> str:
    """Say where the items are that follow the page."""
    if not items[1:]:
        return f"Item {items[0].number}: its line to take follows after this page."
    numbers = f"{items[0].number} to {items[-1].number}"
    return f"Items {numbers}: their lines to take follow after this page."


def told_of_meeting(pack: Pack) -> str:
    """Return when and where a meeting is and who attends, of many the first."""
    names = pack.attendees[:MOST_ATTENDING]
    more = len(pack.attendees) - len(names)
    rest = [f"and {more} more (see For the record)"] if more > 0 else []
    attending = f"Attending: {'; '.join([*names, *rest])}" if names else ""
    told = (pack.council, pack.date, pack.place, attending)
    return " · ".join(filter(None, told))


def told_of_record(pack: Pack) -> str:
    """Return what stands for the record at the foot of a short pack."""
    record, count = pack.record, len(pack.record.searched)
    attending = "; ".join(pack.attendees) if pack.attendees[MOST_ATTENDING:] else ""
    told = [
        f"made {record.made_at.replace('T', ' ')}",
        f"{count} report{'' if count == 1 else 's'} searched",
        f"language model: {QUOTING if record.model == 'quoting' else record.model}",
        f"corpus {record.corpus}",
        *filter(None, [f"attending: {attending}" if attending else ""]),
    ]
    return f"{'; '.join(told)}."
