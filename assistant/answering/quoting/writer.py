"""The writer that needs no model: each way to answer in turn, the first that fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft, DraftSentence, nearest_sections
from assistant.answering.quoting.asking_back import ask_back
from assistant.answering.quoting.choosing import choose, paragraphs_of
from assistant.answering.quoting.comparing import write_comparison
from assistant.answering.quoting.corrections import answered_elsewhere, correct
from assistant.answering.quoting.doubting import with_doubt
from assistant.answering.quoting.extremes import write_extreme
from assistant.answering.quoting.refusing import UNSURE, refuse
from assistant.answering.quoting.sections import write_section
from assistant.answering.quoting.summing_up import wants_a_summary, write_summary
from assistant.answering.search import Found
from assistant.answering.switches import is_on
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf

_OF_SEVERAL = 2
_LACKS = "I found no answer to “{asked}”."
_UNSURE_OF = "I am not sure that this answers “{asked}”."

Way = Callable[[Found, Shelf, Form, int | None], Draft | None]


def write_quoting(found: Sequence[Found], shelf: Shelf, form: Form) -> Draft:
    """Write an answer from quotations alone.

    Args:
        found: for each thing that the question asks, what the shelf holds.
        shelf: searched again where reports are set side by side.
        form: that is wanted.
    """
    if len(found) == 1:
        return write_one(found[0], shelf, form)
    drafts = [write_one(own, shelf, form, _OF_SEVERAL) for own in found]
    told = [draft for draft in drafts if draft.paragraphs]
    if not told:
        return drafts[0]
    lacking = [
        said.format(asked=own.query.question.rstrip(" ?.!"))
        for own, draft in zip(found, drafts, strict=True)
        if (said := _said_of(draft))
    ]
    # Who is silent on one thing may speak of the next: of several nothing is said.
    return Draft(
        "partial" if lacking else told[0].outcome,
        _joined(told),
        opening=next((d.opening for d in told if d.opening not in ("", UNSURE)), ""),
        closing=" ".join(lacking),
        nearest=nearest_sections(found[0].passages) if lacking else (),
    )


def _said_of(draft: Draft) -> str:
    """Return what is said of one of several asks that has no answer, or hardly one."""
    if draft.outcome in ("no_evidence", "declined"):
        return _LACKS
    return _UNSURE_OF if draft.opening == UNSURE else ""


def _joined(drafts: Sequence[Draft]) -> tuple[tuple[DraftSentence, ...], ...]:
    """Return the paragraphs of several drafts, each sentence once."""
    seen: set[str] = set()
    paragraphs = []
    for paragraph in (p for draft in drafts for p in draft.paragraphs):
        kept = tuple(s for s in paragraph if s.quote not in seen)
        seen |= {s.quote for s in kept}
        if kept:
            paragraphs.append(kept)
    return tuple(paragraphs)


def write_one(found: Found, shelf: Shelf, form: Form, most: int | None = None) -> Draft:
    """Answer one thing, in the first of the ways that fits it."""
    for way in WAYS:
        if (draft := way(found, shelf, form, most)) is not None:
            return with_doubt(draft, found.query)
    return refuse(found)


def _not_chosen(
    found: Found, shelf: Shelf, form: Form, most: int | None
) -> Draft | None:
    """Say that the report asked about is not among those chosen to be asked."""
    if not found.query.outside:
        return None
    names = ", ".join(report_name(shelf.details, r) for r in found.query.outside)
    said = f"{names} is not among the reports chosen. Choose it, or ask all."
    return Draft("no_evidence", opening=said)


def _corrected(
    found: Found, shelf: Shelf, form: Form, most: int | None
) -> Draft | None:
    return correct(found.query, shelf) if is_on("corrections") else None


def _asked_back(
    found: Found, shelf: Shelf, form: Form, most: int | None
) -> Draft | None:
    return ask_back(found.query, shelf) if is_on("asking back") else None


def _summed_up(
    found: Found, shelf: Shelf, form: Form, most: int | None
) -> Draft | None:
    if not wants_a_summary(found.query) or not is_on("summing up"):
        return None
    return write_summary(found.query, shelf, form)


def _extreme(found: Found, shelf: Shelf, form: Form, most: int | None) -> Draft | None:
    return write_extreme(found, shelf, form) if is_on("extremes") else None


def _of_a_section(
    found: Found, shelf: Shelf, form: Form, most: int | None
) -> Draft | None:
    return write_section(found, shelf, form) if is_on("sections") else None


def _compared(found: Found, shelf: Shelf, form: Form, most: int | None) -> Draft | None:
    if found.query.scope != "compare":
        return None
    return write_comparison(found, shelf, form)


def _answered(found: Found, shelf: Shelf, form: Form, most: int | None) -> Draft | None:
    if not found.answers:
        heard = is_on("elsewhere")
        return answered_elsewhere(found, shelf, form) if heard else None
    chosen = choose(found.query, found.candidates, form, most)
    paragraphs = paragraphs_of(chosen, form)
    if found.sure:
        return Draft("answered", paragraphs)
    return Draft("partial", paragraphs, opening=UNSURE)


WAYS: tuple[Way, ...] = (
    _not_chosen,
    _corrected,
    _asked_back,
    _extreme,
    _of_a_section,
    _summed_up,
    _compared,
    _answered,
)
