"""The ways in which a turn may be read; what each of them finds decides between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.switches import is_on
from assistant.answering.understanding.conversation import (
    Catalogue,
    Context,
    read_history,
)
from assistant.answering.understanding.naming import Named, find_reports
from assistant.answering.understanding.wording import (
    Form,
    take_apart,
    telling_words,
    without_courtesy,
)
from assistant.schema import ReportDetails, Turn
from assistant.words import number_value, words

MOST_ASKS = 4
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|that|this|those|these|he|she|his|her|there|same|such"
    r"|former|latter|ones?|the (?:report|paper|study|document|author|publisher))\b"
    r"|^\W*(?:and|but|or|also|what about|how about|why|who|when|where|how)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:the |any |all |every )?others?\b(?: (?:one|two|three|reports?|papers?))?"
    r"|\b(?:anyone|any(?:body)?) else\b|\belsewhere\b|\brest of (?:them|the)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|them|the two|the pair|all (?:of them|three|four)|each(?: of them)?"
    r"|they (?:all|both|each)|side by side|compare[ds]?|differ\w*|agree|disagree)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more|else|further|go on|carry on|continue|expand|elaborate|details?|and then"
    r"|(?:what(?:['’]s| is)? )?next|anything to add)\b",
    re.IGNORECASE,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NTH = re.compile(
    rf"\b(?P<nth>{'|'.join(_ORDINALS)}|last|\d(?:st|nd|rd|th))\b"
    r"(?: (?P<noun>one|point|recommendation|finding|principle|lesson|item|element|thing"
    r"|report|paper|of (?:those|these|them)))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?:number|no\.?|#|option) ?(?P<number>\d{1,2}|\w+)\b", re.I)
_AGE = re.compile(
    r"\b(?:(?P<new>newer|newest|latest|later|most recent|more recent)"
    r"|older|oldest|earlier|earliest)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    """
    report reports paper papers study document documents publication one ones say says
    said mention recommend recommends think thinks point points answer question bit part
    thing things sorry meant mean correct instead again back compare compared comparison
    differ differs difference differences agree disagree more else further detail details
    add expand elaborate continue next go carry shorter short longer simpler bullets bullet
    bulleted list reason reasons true right wrong example other others another both two
    three four summary summarise sum same author source first second third last line
    """.split()
)
# Asked of a text itself: who made it and when. The matter stays what it was.
_OF_A_TEXT = re.compile(
    r"\b(?:who (?:wrote|published|said|says|sponsored|funded|paid|did|made)|when (?:was|did)"
    r"|which page|what page|how old|how long is)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a turn.

    ``question`` is what is shown as searched for, ``matter`` the text that is searched
    with, ``asked`` that whose wording says what kind of answer is wanted. ``reports``
    narrow the search; ``preferred`` are only heard sooner. ``prior`` speaks for the
    reading before anything is searched (log-odds).
    """

    question: str
    matter: str
    asked: str
    named: Named
    reports: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    prior: float = 0.0
    compares: bool = False
    told: frozenset[str] = frozenset()
    """Sentences told before, folded, which "say more" does not want again."""


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


def _own(text: str, catalogue: Catalogue) -> tuple[Named, list[str]]:
    """Return the reports that a text names, and its telling words beside them."""
    named = find_reports(text, catalogue)
    rest = [w for w in telling_words(" ".join(named.rest)) if w not in _GENERIC]
    return named, [w for w in rest if not _YEAR.fullmatch(w)]


def _alone(text: str, catalogue: Catalogue, **more: object) -> Reading:
    named = find_reports(text, catalogue)
    return (
        Reading(
            question=text, matter=text, asked=text, named=named, reports=named.reports
        )
        if not more
        else replace(
            Reading(text, text, text, named, named.reports),
            **more,  # type: ignore[arg-type]
        )
    )


def read_turn(turn: str, history: Sequence[Turn], catalogue: Catalogue) -> Turned:
    """Read a turn after what was said before it.

    Args:
        turn: as typed.
        history: the turns before it, oldest first.
        catalogue: the details of every report that may be named.
    """

    def follow(text: str, context: Context | None) -> Context:
        asks = _asks_of(text, context, catalogue)
        return (
            _taken_in(asks[-1].readings[0], context)
            if asks
            else (context or Context("", ""))
        )

    context = read_history(history, catalogue, follow) if is_on("follow-ups") else None
    form = take_apart(turn).form
    return Turned(tuple(_asks_of(turn, context, catalogue)), form, context)


def _taken_in(reading: Reading, context: Context | None) -> Context:
    before = context or Context("", "")
    reports = reading.reports or reading.preferred
    aside = bool(before.matter) and _OF_A_TEXT.search(reading.asked) is not None
    return replace(
        before,
        matter=before.matter if aside else reading.matter,
        asked=before.asked if aside else reading.asked,
        reports=reports,
        spoken=tuple(dict.fromkeys([*reading.reports, *before.spoken])),
        offered=(),
        item=_item_asked(reading.asked, before) or 0,
    )


def _asks_of(turn: str, context: Context | None, catalogue: Catalogue) -> list[Ask]:
    """Return what a turn asks, one thing each."""
    if context is not None and context.offered:
        picked = _picked(turn, context, catalogue)
        if picked:
            return [Ask((_put_to(picked, context, catalogue),))]
    wording = take_apart(turn)
    if not wording.asks:
        if context is None or not _is_request(turn):
            return []
        return [Ask(tuple(_follow(turn, context, catalogue)))]
    around = " ".join(wording.around)
    asks: list[Ask] = []
    before = context
    for text in wording.asks[:MOST_ASKS]:
        readings = list(_readings(text, around if not asks else "", before, catalogue))
        if wording.labelled and not asks:
            # Its label is the likelier part of the question.
            readings = [replace(r, prior=min(r.prior, 0.0)) for r in readings]
        asks.append(Ask(tuple(readings)))
        # The next question of the turn may lean on this one.
        before = _taken_in(readings[0], context)
        before = replace(before, matter=readings[0].matter)
    return asks


def _is_request(turn: str) -> bool:
    """Tell whether a turn of a form alone asks again ("shorter", "as bullets")."""
    return take_apart(turn).form != Form() or bool(_MORE.search(turn))


def _readings(
    text: str, around: str, context: Context | None, catalogue: Catalogue
) -> Iterator[Reading]:
    """Yield the readings of one question: alone, with its surroundings, in its context."""
    if context is not None and context.matter:
        yield from _follow(text, _with_around(around, context, catalogue), catalogue)
        return
    own = _alone(text, catalogue)
    if not around:
        yield own
        return
    whole = _alone(f"{around} {text}", catalogue)
    _, rest = _own(text, catalogue)
    leans = bool(_LEANS.search(text)) and not own.reports
    # "The last one left in June" names no report: only what stands by name is one.
    named = whole.reports if whole.named.places else ()
    whole = replace(whole, reports=named)
    preferred = named if not own.reports else ()
    own = replace(own, preferred=preferred, prior=0.7 if rest else -2.0)
    if leans and preferred:
        # "Level Measures came up yesterday. What does it say about data?"
        own = replace(own, reports=preferred, question=_of(text, preferred, catalogue))
    yield from sorted([own, replace(whole, asked=text)], key=lambda r: -r.prior)


def _of(text: str, reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return a question with the titles of the reports that it is put to."""
    titles = list(dict.fromkeys(d.title for d in catalogue if d.report in reports))
    left = [t for t in titles if t.casefold() not in text.casefold()]
    return f"{text} ({', '.join(left)})" if left and len(left) < 5 else text


def _put_to(reports: Sequence[str], context: Context, catalogue: Catalogue) -> Reading:
    """Return the last question put to other reports."""
    return Reading(
        question=_with_titles(context.asked, reports, catalogue),
        matter=_with_titles(context.matter, reports, catalogue),
        asked=_with_titles(context.asked, reports, catalogue),
        named=replace(find_reports(context.matter, catalogue), reports=tuple(reports)),
        reports=tuple(reports),
        compares=len(reports) > 1,
    )


def _with_titles(text: str, reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return a question with the titles of other reports for those that it names."""
    titles = list(dict.fromkeys(d.title for d in catalogue if d.report in reports))
    new = f"{', '.join(titles[:-1])} and {titles[-1]}" if titles[1:] else titles[0]
    names = {n for d in catalogue for n in (d.title, *d.aliases, d.publisher) if n}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        found = re.search(rf"\b{re.escape(name)}\b(?: \(\d{{4}}\))?", text, re.I)
        if found:
            return text[: found.start()] + new + text[found.end() :]
    return _of(text, reports, catalogue)


def _with_around(around: str, context: Context, catalogue: Catalogue) -> Context:
    """Return the context with what stands around the question in the same turn.

    "No, I meant the 2013 one, what does it say on pilots?" is put to that one.
    """
    if not around:
        return context
    named, rest = _own(around, catalogue)
    years = {int(year) for year in _YEAR.findall(around)}
    dated = tuple(d.report for d in catalogue if d.year in years)
    reports = named.reports or tuple(dict.fromkeys(dated))
    if rest:
        context = replace(context, matter=" ".join(rest))
    return replace(context, reports=reports) if reports else context


def _follow(text: str, context: Context, catalogue: Catalogue) -> Iterator[Reading]:
    """Yield the readings of a question in a conversation, the likeliest first."""
    bare = without_courtesy(text) or text
    named, rest = _own(bare, catalogue)
    found = [
        *_of_item(bare, context, catalogue),
        *_of_others(bare, named, rest, context, catalogue),
    ]
    if found:
        yield from found
        return
    leans = bool(_LEANS.search(bare)) or len(rest) < 2
    in_hand = tuple(r for r in context.reports if r) if not named.reports else ()
    told = context.told if _MORE.search(bare) else frozenset()
    own = Reading(
        bare, bare, bare, named, named.reports, in_hand, prior=-0.5 if leans else 1.0
    )
    joined = f"{context.matter} {bare}"
    reports = named.reports or in_hand
    with_matter = Reading(
        _about(bare, context, reports, catalogue),
        joined,
        bare if rest or _asks_form(bare) else context.asked,
        replace(find_reports(joined, catalogue), reports=reports),
        reports,
        in_hand,
        prior=0.3 if leans and len(rest) < 3 else -1.5,
        told=told,
    )
    if not rest:
        # "And 31ten?", "why?", "say more": the matter is the last one.
        if named.reports and not _asks_form(bare):
            yield _put_to(named.reports, context, catalogue)
        else:
            yield replace(with_matter, prior=0.0)
        if context.statement and re.search(r"\b(?:that|this|it)\b", bare, re.I):
            yield replace(with_matter, matter=f"{context.statement} {bare}", prior=-0.5)
        return
    readings = [own, with_matter]
    if leans and in_hand:
        narrowed = replace(
            own, question=_of(bare, in_hand, catalogue), reports=in_hand, prior=0.5
        )
        readings.append(narrowed)
    yield from sorted(readings, key=lambda reading: -reading.prior)


_FORM_WORDS = re.compile(
    r"^\W*(?:and |but |so )*(?:who|when|where|why|how|which|what page)\b|\bpage\b", re.I
)


def _asks_form(text: str) -> bool:
    """Tell whether a few words ask for a thing of their own: "who?", "which page?"."""
    return _FORM_WORDS.search(text) is not None


def _about(
    text: str, context: Context, reports: Sequence[str], catalogue: Catalogue
) -> str:
    """Return a question with what it leans on behind it, as it is searched for."""
    matter = " ".join(
        dict.fromkeys(
            telling_words(" ".join(find_reports(context.matter, catalogue).rest))
        )
    )
    shown = _of(text, reports, catalogue)
    more = [w for w in matter.split() if w not in words(shown)]
    return f"{shown} – on {' '.join(more)}" if more else shown


def _of_others(
    text: str,
    named: Named,
    rest: Sequence[str],
    context: Context,
    catalogue: Catalogue,
) -> Iterator[Reading]:
    """Yield the reading of "the others", "both", "the older one" and "and in 2013?"."""
    every = tuple(dict.fromkeys(d.report for d in catalogue if not d.superseded_by))
    spoken = context.spoken or context.reports
    chosen: tuple[str, ...] = ()
    compares = False
    if named.reports:
        if len(named.reports) == 1 and _BOTH.search(text) and not rest:
            chosen = tuple(dict.fromkeys([*context.reports, *named.reports]))
            compares = True
        else:
            return
    elif _OTHER.search(text):
        left = tuple(r for r in every if r not in context.reports)
        one = re.search(r"\bthe other(?: one| report| paper)?\b(?! two| three)", text)
        known = [r for r in spoken if r not in context.reports[:1]]
        chosen = (known[0],) if one and known else left
        compares = len(chosen) > 1
    elif found := _AGE.search(text):
        ages = {d.report: d.published or "" for d in catalogue}
        pool = sorted(spoken[:2] if len(spoken) > 1 else every, key=ages.__getitem__)
        chosen = (pool[-1] if found["new"] else pool[0],)
    elif _BOTH.search(text) and len(spoken) > 1:
        several = context.reports if len(context.reports) > 1 else spoken[:2]
        every_one = re.search(r"\ball\b", text)
        chosen, compares = (spoken if every_one else several), True
    elif years := {int(y) for y in _YEAR.findall(text)}:
        chosen = tuple(dict.fromkeys(d.report for d in catalogue if d.year in years))
    if not chosen:
        return
    matter = text if len(rest) > 1 else f"{context.matter} {' '.join(rest)}".strip()
    asked = text if rest else context.asked
    shown = _of(
        text if rest else _with_titles(context.asked, chosen, catalogue),
        chosen,
        catalogue,
    )
    yield Reading(
        shown,
        matter,
        asked,
        replace(find_reports(matter, catalogue), reports=chosen),
        chosen,
        compares=compares,
    )


def _number_in(text: str) -> int:
    if found := _NTH.search(text):
        nth = found["nth"].lower()
        if nth == "last":
            return -1
        return int(nth[0]) if nth[0].isdigit() else _ORDINALS.index(nth) + 1
    if found := _NUMBER.search(text):
        value = found["number"]
        return int(value if value.isdigit() else number_value(value) or 0)
    return 0


def _item_asked(text: str, context: Context) -> int:
    place = _number_in(text)
    if place < 0:
        place = len(context.items)
    return place if 0 < place <= len(context.items) else 0


def _of_item(text: str, context: Context, catalogue: Catalogue) -> Iterator[Reading]:
    """Yield the reading of "the second one" where an answer gave a list."""
    place = _item_asked(text, context)
    if not place and context.item and re.search(r"\bnext\b", text, re.I):
        place = context.item + 1
    if not 0 < place <= len(context.items):
        return
    item = context.items[place - 1]
    yield Reading(
        f"{_of(text, context.reports, catalogue)} – {item}",
        item,
        text,
        replace(find_reports(item, catalogue), reports=context.reports),
        context.reports,
    )


def _picked(turn: str, context: Context, catalogue: Catalogue) -> tuple[str, ...]:
    """Return which of the reports offered a turn picks; empty where it picks none."""
    own = [d for d in catalogue if d.report in context.offered]
    named, rest = _own(turn, own)
    if len(rest) > 1:
        return ()
    years = {d.report for d in own if str(d.year) in words(turn)}
    picked = set(named.reports) if named.places else years
    if picked and years:
        picked = picked & years or picked
    if picked:
        return tuple(r for r in context.offered if r in picked)
    place = _number_in(turn) or _only_number(turn)
    if place:
        return context.offered[place - 1 :][:1] if place > 0 else context.offered[-1:]
    if found := _AGE.search(turn):
        ages = {d.report: d.published or "" for d in own}
        ordered = sorted(ages, key=ages.__getitem__)
        return (ordered[-1] if found["new"] else ordered[0],)
    if re.search(
        r"\b(?:all|both|every|each|any|either|whichever|not sure)\b", turn, re.I
    ):
        return context.offered
    return ()


def _only_number(text: str) -> int:
    told = [w for w in words(text) if w.isdigit() or number_value(w)]
    return int(number_value(told[0]) or told[0]) if len(told) == 1 else 0


def details_of(catalogue: Catalogue, report: str) -> ReportDetails:
    """Return the details of a report."""
    return next(d for d in catalogue if d.report == report)
