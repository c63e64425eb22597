"""The ways in which a turn may be read; what each of them finds decides between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.switches import is_on
from assistant.answering.understanding.authorities import spoken_of
from assistant.answering.understanding.conversation import Context, read_history
from assistant.answering.understanding.following import (
    LEANS,
    MORE,
    POINTS,
    again,
    follow_up,
    is_aside,
)
from assistant.answering.understanding.naming import Catalogue, find_reports
from assistant.answering.understanding.pointing import numbers_in, picked
from assistant.answering.understanding.question import scope_of
from assistant.answering.understanding.reading import Reading, own_words, put_to
from assistant.answering.understanding.wording import Form, Wording, take_apart
from assistant.schema import Turn

MOST_ASKS = 4
# So few telling words beside a pronoun say little by themselves.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a turn asks, in all its readings, the likeliest first."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn as understood: what it asks, and the form that is wanted."""

    asks: tuple[Ask, ...]
    form: Form
    context: Context | None


def read_turn(turn: str, history: Sequence[Turn], catalogue: Catalogue) -> Turned:
    """Read a turn after what was said before it.

    Args:
        turn: as typed.
        history: the turns before it, oldest first.
        catalogue: the details of every report that may be named.
    """

    def follow(text: str, context: Context | None) -> Context:
        asks = _asks_of(text, take_apart(text), context, catalogue)
        before = context or Context()
        return _taken_in(asks[-1].readings[0], text, before) if asks else before

    context = read_history(history, catalogue, follow) if is_on("follow-ups") else None
    wording = take_apart(turn)
    asks = _asks_of(turn, wording, context, catalogue)
    return Turned(tuple(asks), wording.form, context)


def _taken_in(reading: Reading, text: str, before: Context) -> Context:
    places = numbers_in(text, len(before.items))
    return replace(
        before,
        topic=reading.topic,
        extra=reading.extra,
        fresh=reading.topic != before.topic,
        asked=reading.question,
        searched=reading.matter,
        reports=reading.reports or reading.preferred,
        compares=_compares(reading),
        spoken=tuple(dict.fromkeys([*before.spoken, *reading.reports])),
        offered=(),
        item=places[-1] if places else 0,
    )


def _compares(reading: Reading) -> bool:
    if reading.compares is not None:
        return reading.compares
    return scope_of(reading.asked, len(reading.reports)) == "compare"


def _asks_of(
    turn: str, wording: Wording, context: Context | None, catalogue: Catalogue
) -> list[Ask]:
    """Return what a turn asks, one thing each."""
    chosen = picked(turn, context, catalogue) if context is not None else ()
    if context is not None and chosen:
        return [Ask((again(chosen, context, catalogue),))]
    texts = wording.asks
    if not texts:
        # "Shorter", "more please": the last question once more.
        if context is None or not (wording.form != Form() or MORE.search(turn)):
            return []
        texts = (turn,)
    asks: list[Ask] = []
    around, before = wording.around, context
    for text in texts[:MOST_ASKS]:
        if before is not None and before.asked:
            readings = follow_up(text, " ".join(around), before, catalogue)
        else:
            beside = _beside(wording, catalogue) if around else ""
            readings = list(_opening(text, beside, wording.labelled, catalogue))
        asks.append(Ask(tuple(readings)))
        # The next question of the turn may lean on this one.
        around, before = (), _taken_in(readings[0], text, context or Context())
    return asks


def _beside(wording: Wording, catalogue: Catalogue) -> str:
    """Return what a question may lean on: what names a report, else what is next to it."""
    named = [p for p in wording.around if find_reports(p, catalogue).places]
    return " ".join(named) or wording.next_to


def _opening(
    text: str, around: str, labelled: bool, catalogue: Catalogue
) -> Iterator[Reading]:
    """Yield the readings of a question that nothing goes before: alone, or with the rest."""
    named, topic = find_reports(text, catalogue), own_words(text, catalogue)
    aside = is_aside(text, topic)
    own = Reading(text, text, text, named.reports, topic=() if aside else topic)
    if not around:
        yield own
        return
    both = f"{around} {text}"
    whole = find_reports(both, catalogue)
    # "The last one left in June" names no report: only what stands by name is one.
    beside = whole.reports if whole.places else ()
    topic = own_words(both, catalogue)
    joined = Reading(both, both, text, beside, topic=topic)
    if not named.reports:
        own = replace(own, preferred=beside or spoken_of(around, catalogue))
        if beside and LEANS.search(text):
            # "Level Measures came up yesterday. What does it say about data?"
            own = replace(own, reports=beside, question=put_to(text, beside, catalogue))
        elif labelled and own.preferred:
            # "Guidance of the department: what is the fine?" is put to that paper.
            own = replace(own, question=both, reports=beside)
    # Its label is the likelier part of the question.
    alone = 0.0 if labelled else 0.7
    if len(own.topic) <= _FEW and POINTS.search(text):
        # "Some are not bringing in the premium. What puts them off?"; a label is meant
        # all the more: "Hexley railway: what does it cost?"
        alone = -1.5 if labelled else -0.7
    own = replace(own, prior=alone if own.topic or aside else -2.0)
    yield from sorted([own, joined], key=lambda reading: -reading.prior)
