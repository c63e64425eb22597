"""The one chance that a model gets to write withheld sentences again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from assistant.answering.assembly import Assembly
from assistant.answering.units import Checked, Unit
from assistant.answering.writers.filtering import NOT_PROSE, NOTHING_FOLLOWS
from assistant.answering.writers.gathering import (
    Gatherer,
    without_thinking,
)
from assistant.answering.writers.sending import compose_mending
from assistant.answering.writers.state import (
    Progress,
    Writing,
    by_rules,
)
from assistant.answering.writers.verifying import Read
from assistant.text.words import content_stems

_MENDED_LINE = re.compile(r"^\s*\**(\d{1,2})[.)]\**\s+(.+)$")


# A mended sentence of which so much is shown already says nothing new.
_REPEATED = 0.9
# More than this is not worth a second call: the answer as a whole is off.
MOST_MENDED = 8
_NOT_MENDED = (NOT_PROSE, NOTHING_FOLLOWS)


def _mended(text: str) -> dict[int, Unit]:
    """Return the mended sentences by number; a line must hold exactly one."""
    found: dict[int, Unit] = {}
    for line in without_thinking(text).splitlines():
        match = _MENDED_LINE.match(line)
        if match is None:
            continue
        gatherer = Gatherer()
        units = gatherer.feed(match[2]) + gatherer.finish()
        if len(units) == 1 and units[0].kind == "sentence":
            found.setdefault(int(match[1]), units[0])
    return found


def mend(writing: Writing) -> Iterator[Progress]:
    """Give the model one chance to mend what was withheld."""
    writer, assembly = writing.writer, writing.assembly
    withheld = [i for i in assembly.withheld if i.reason not in _NOT_MENDED]
    left = writer.answer_seconds - (monotonic() - writing.began)
    if not withheld or len(withheld) > MOST_MENDED or left < 1:
        return
    since, writing.measured.step = monotonic(), "mending"
    shown = [item.text for item in assembly.shown]
    messages = compose_mending(
        writing.asked.standalone,
        writing.numbered,
        withheld,
        writing.shelf.details,
        writer,
        shown,
    )
    mended = _mended("".join(writing.pieces(messages, left)))
    places: list[tuple[Checked, Checked]] = []
    for place, old in enumerate(withheld, start=1):
        if (unit := mended.get(place)) is None:
            continue
        unit = replace(unit, lead=old.unit.lead, block=old.unit.block)
        checked = writing.filter().take(unit)
        if len(checked) == 1 and checked[0].holds and not _said(checked[0].text, shown):
            places.append((old, checked[0]))
            shown.append(checked[0].text)
    reads = _read_mended(writing, [new for _, new in places])
    for (old, _), read in zip(places, reads, strict=True):
        if not read.item.holds:
            continue
        writing.note(read)
        writing.assembly.replace(old, read.item)
        writing.assembly = _in_order(writing.assembly)
        writing.measured.mended += 1
        yield writing.progress(read.item)
    writing.measured.mark("mending", since)


def _read_mended(writing: Writing, items: Sequence[Checked]) -> list[Read]:
    verifying = writing.verifying()
    if verifying is None:
        return list(by_rules(items))
    try:
        return [*verifying.add(items), *verifying.finish()]
    finally:
        writing.note_fault(verifying)
        verifying.close()


def _said(text: str, shown: Sequence[str]) -> bool:
    """Tell whether a sentence that is shown already says nearly all of a text."""
    own = content_stems(text)
    told = map(content_stems, shown)
    return any(len(own & other) >= _REPEATED * len(own) for other in told)


def _in_order(assembly: Assembly) -> Assembly:
    """Return the same answer with its numbers in order of first appearance."""
    ordered = Assembly(assembly.asked, assembly.model)
    for item in assembly.items:
        ordered.add(item)
    return ordered
