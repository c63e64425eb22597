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
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.pointing import (
    ORDINALS,
    YEAR,
    Pointed,
    numbers_in,
    picked,
    pointed_at,
)
from assistant.answering.understanding.wording import (
    Form,
    Wording,
    take_apart,
    telling_words,
    without_courtesy,
)
from assistant.schema import Turn
from assistant.words import stem, words

MOST_ASKS = 4
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|that|this|those|these|he|she|his|her|there|same|such"
    r"|former|latter|ones?|the (?:report|paper|study|document|author|publisher))\b"
    r"|^\W*(?:and|but|or|also|what about|how about|why|who|when|where|how|instead|just"
    r"|only|even|such as|including|not|so)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more|else|further|go on|carry on|continue|expand|elaborate|details?|after"
    r"|and then|(?:what(?:['’]s| is)? )?next|anything to add)\b|^\W*then\b|^\W*why\W*$",
    re.IGNORECASE,
)
# "What does it say on boards?": the matter is told, and is not the last one.
_ON = re.compile(r"\b(?:about|on|regarding|of) (?P<matter>.+)$", re.IGNORECASE)
# "And for councils?", "the same for firms": something else in the place of the last.
_FRAGMENT = re.compile(
    r"^\W*(?:(?:and|or|but|then|now|what about|how about|also|(?:the )?same(?: q\w*)?)\b ?)+"
    r"(?!.*\b(?:who|what|which|when|where|why|how|is|are|do|does|did|was|were|can|should)\b)",
    re.IGNORECASE,
)
_LAST_PHRASE = re.compile(r"^(.*)\b(?:for|on|about|of|to|by|from|in|with|between)\b.+$")
# "What did they find?": of the report itself, whatever was spoken of.
_ITS_DOING = re.compile(r"\bd(?:o|oes|id) (?:it|they) (?!say|think|mean)\w+\W*$", re.I)
_COUNTED = re.compile(
    rf"\b(?:{'|'.join(ORDINALS)}|last|(?<= )\d{{1,2}})\b", re.IGNORECASE
)
_ASKS_FORM = re.compile(
    r"^\W*(?:and |but |so )*(?:who|when|where|why|how|which|what page)\b|\bpage\b", re.I
)
# Asked of a text itself: who made it and when. The matter stays what it was.
_OF_A_TEXT = re.compile(
    r"\b(?:who(?:['’]s| is| was)? (?:wrote|published|sponsored|funded|paid|backed|made|it)"
    r"|when (?:was|did|were)|which page|what page|how old|how long is|(?:its|the) date"
    r"|sponsors?|authors?|copy|up to date)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:(?P<whose>his)|he|she|him)\b", re.IGNORECASE)
_STATED = re.compile(r"\b(?:that|this|it|why|so)\b", re.IGNORECASE)
_LEANS_WHOLLY = re.compile(
    r"\b(?:that|this|it|same|they|them|there|too)\b", re.IGNORECASE
)
_PUBLISHED = "when was it published"
_WHAT = re.compile(r"^\W*(?:and |but |so )*what(?:['’]?s)? (?!about)", re.IGNORECASE)
_IN_YEAR = re.compile(r" (?:in|from|of) (?:19|20)\d\d\b")
_GENERIC = frozenset(
    stem(word)
    for word in """
    report paper study document publication one say mention talk speak cover recommend think
    point answer question q bit part thing sorry correct instead compare comparison agree
    differ difference disagree detail add expand elaborate continue shorter short longer
    simpler bullet bulleted list reason true right wrong example other both two three four
    summary summarise sum author source first second third last line back side nice similar
    thought guess supposed according sure find found propose conclude fourth fifth version
    tell talking well too also tho though random meant whats thats whos hows wheres themselves
    explain describe number behind altogether total older oldest newer newest latest earlier earliest penultimate
    """.split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a turn.

    ``question`` is what is shown as searched for, ``matter`` the text that is searched
    with, ``asked`` that whose wording says what kind of answer is wanted. ``reports``
    narrow the search; ``preferred`` are only heard sooner. ``prior`` speaks for the
    reading before anything is searched (log-odds). ``topic`` and ``extra`` are what a
    conversation is then about.
    """

    question: str
    matter: str
    asked: str
    reports: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    prior: float = 0.0
    compares: bool | None = None
    """Whether reports are set side by side; None where the wording says."""
    told: frozenset[str] = frozenset()
    """Sentences told before, folded, which "say more" does not want again."""
    own: tuple[str, ...] = ()
    """The telling words of this very turn: an answer must be to them."""
    topic: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    base: str = ""


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


def own_words(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the words that tell a text's matter, reports and talk of talk left out."""
    rest = telling_words(" ".join(find_reports(text, catalogue).rest))
    kept = (w for w in rest if stem(w) not in _GENERIC and not YEAR.fullmatch(w))
    return tuple(dict.fromkeys(kept))


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
        base=reading.base or before.base,
        fresh=reading.topic != before.topic,
        asked=reading.question,
        searched=reading.matter,
        reports=reading.reports or reading.preferred,
        spoken=tuple(dict.fromkeys([*before.spoken, *reading.reports])),
        offered=(),
        item=places[-1] if places else 0,
    )


def _asks_of(
    turn: str, wording: Wording, context: Context | None, catalogue: Catalogue
) -> list[Ask]:
    """Return what a turn asks, one thing each."""
    if context is not None and context.offered:
        if chosen := picked(turn, context, catalogue):
            return [Ask((_again(chosen, context, catalogue),))]
    texts = wording.asks
    if not texts:
        again = wording.form != Form() or _MORE.search(turn)
        if context is None or not again:
            return []
        texts = (turn,)
    asks: list[Ask] = []
    around, before = " ".join(wording.around), context
    for text in texts[:MOST_ASKS]:
        if before is not None and before.asked:
            readings = list(_follow(text, around, before, catalogue))
        else:
            readings = list(_opening(text, around, wording.labelled, catalogue))
        asks.append(Ask(tuple(readings)))
        # The next question of the turn may lean on this one.
        around, before = "", _taken_in(readings[0], text, context or Context())
    return asks


def _opening(
    text: str, around: str, labelled: bool, catalogue: Catalogue
) -> Iterator[Reading]:
    """Yield the readings of a question that nothing goes before: alone, or with the rest."""
    named, topic = find_reports(text, catalogue), own_words(text, catalogue)
    aside = _OF_A_TEXT.search(text) is not None and len(topic) < 2
    rest = aside or bool(topic)
    topic = () if aside else topic
    base = " ".join(named.rest)
    own = Reading(text, text, text, named.reports, topic=topic, base=base)
    if not around:
        yield own
        return
    whole = find_reports(f"{around} {text}", catalogue)
    # "The last one left in June" names no report: only what stands by name is one.
    beside = whole.reports if whole.places else ()
    joined = Reading(
        f"{around} {text}",
        f"{around} {text}",
        text,
        beside,
        topic=own_words(f"{around} {text}", catalogue),
        base=" ".join(whole.rest),
    )
    if not named.reports:
        own = replace(own, preferred=beside)
        if beside and _LEANS.search(text):
            # "Level Measures came up yesterday. What does it say about data?"
            own = replace(own, reports=beside, question=_of(text, beside, catalogue))
    # Its label is the likelier part of the question.
    alone = 0.0 if labelled else 0.7
    own = replace(own, prior=alone if rest else -2.0)
    yield from sorted([own, joined], key=lambda reading: -reading.prior)


def _follow(
    text: str, around: str, context: Context, catalogue: Catalogue
) -> Iterator[Reading]:
    """Yield the readings of a question in a conversation, the likeliest first."""
    bare = _with_person(without_courtesy(text) or text, context)
    named = find_reports(bare, catalogue)
    pointed = pointed_at(bare, named, context, catalogue)
    label = own_words(around, catalogue)
    if around and not pointed.reports:
        # "No, I meant the 2013 one, what does it say on pilots?" is put to that one.
        beside = find_reports(around, catalogue)
        put = pointed_at(around, beside, context, catalogue)
        pointed = put if put.reports else pointed
    if label:
        asked = f"{around} {bare}"
        context = replace(context, topic=label, extra=(), statement="", asked=asked)
    rest = own_words(bare, catalogue)
    numbered = bare if numbers_in(bare, len(context.items)) else around or bare
    if (item := _of_item(numbered, rest, pointed, context, catalogue)) is not None:
        yield item
        return
    if pointed.ages:
        titled = f"{bare} ({_titles(pointed.reports, catalogue)})"
        yield Reading(
            titled, _PUBLISHED, _PUBLISHED, pointed.reports, compares=True,
            topic=context.topic, extra=context.extra,
        )  # fmt: skip
        return
    readings = _leaning(bare, rest, pointed, context, catalogue)
    yield from sorted(readings, key=lambda reading: -reading.prior)


def _leaning(
    bare: str,
    rest: tuple[str, ...],
    pointed: Pointed,
    context: Context,
    catalogue: Catalogue,
) -> Iterator[Reading]:
    in_hand = pointed.reports or (() if pointed.wide else context.reports)
    leans = _LEANS.search(bare) is not None or len(rest) < 2
    aside = _OF_A_TEXT.search(bare) is not None and len(rest) < 2
    on = _ON.search(bare)
    told_matter = bool(on and own_words(on["matter"], catalogue))
    told = context.told if _MORE.search(bare) else frozenset()
    topic = (*context.topic, *(rest or context.extra))
    asks_form = bool(rest) or _ASKS_FORM.search(bare) is not None
    joined = Reading(
        _about(
            bare, (*context.topic, *(() if rest else context.extra)), in_hand, catalogue
        ),
        f"{' '.join(context.topic)} {bare}"
        if rest
        else " ".join(topic) or context.searched,
        bare if asks_form else context.asked,
        in_hand,
        compares=pointed.compares,
        told=told,
        own=rest,
        topic=context.topic or rest,
        extra=rest or context.extra,
    )
    named = find_reports(bare, catalogue)
    base = " ".join(named.rest)
    alone = Reading(
        bare,
        bare,
        bare,
        pointed.reports,
        () if pointed.wide else in_hand,
        prior=-1.0 if leans else 1.0,
        compares=pointed.compares,
        topic=rest,
        base=base,
    )
    narrowed = replace(
        alone,
        question=_of(bare, in_hand, catalogue),
        reports=in_hand,
        own=() if named.reports else rest,
        prior=1.0 if aside or told_matter else 0.0 if context.topic else 0.7,
    )
    if aside:
        narrowed = replace(narrowed, topic=context.topic, extra=context.extra, base="")
    if not rest:
        kept = dict(topic=context.topic, extra=context.extra, base="")
        whole = telling_words(base) and not _LEANS_WHOLLY.search(bare)
        if pointed.compares is False and len(pointed.reports) > 1:
            # "What about the other report?", of several: which is for the asker to say.
            yield replace(alone, **kept)  # type: ignore[arg-type]
        elif _FRAGMENT.search(bare) is None and whole and named.reports:
            yield replace(narrowed, **kept)  # type: ignore[arg-type]
        elif pointed.reports and not (
            asks_form or pointed.compares or _WHAT.match(bare)
        ):
            yield _again(pointed.reports, context, catalogue)
        elif (renumbered := _renumbered(bare, context)) is not None:
            yield renumbered
        elif bare.lower().startswith("when") and in_hand:
            yield replace(joined, matter=_PUBLISHED, asked=_PUBLISHED)
        else:
            yield joined
            if _ITS_DOING.search(bare):
                yield replace(narrowed, prior=0.5, **kept)  # type: ignore[arg-type]
            elif context.statement and _STATED.search(bare):
                yield replace(joined, matter=context.statement, prior=-0.5)
        return
    if leans and in_hand:
        yield narrowed
    if not (leans and in_hand and aside):
        yield alone
    if context.topic and set(context.topic) != set(rest):
        likely = leans and len(rest) < 3 and not told_matter and not aside
        yield replace(joined, prior=0.3 if likely else -1.5)
    if (swapped := _swapped(bare, rest, joined, context, catalogue)) is not None:
        yield swapped


def _swapped(
    bare: str,
    rest: tuple[str, ...],
    joined: Reading,
    context: Context,
    catalogue: Catalogue,
) -> Reading | None:
    """Return the last question with other words for its last phrase; None elsewhere.

    "What are the lessons for firms?", "and for councils?": the lessons for councils.
    """
    phrase = _LAST_PHRASE.search(context.base)
    if phrase is None or len(rest) > 3 or not _FRAGMENT.search(bare):
        return None
    before = own_words(phrase[1], catalogue)
    if not before:
        return None
    return replace(
        joined,
        question=_about(bare, before, joined.reports, catalogue),
        matter=" ".join((*before, *rest)),
        asked=f"{phrase[1]} {' '.join(rest)}",
        prior=0.8,
        topic=(*before, *rest),
        extra=(),
    )


def _renumbered(bare: str, context: Context) -> Reading | None:
    """Return the last question with another number, for "I meant the third"; or None."""
    new = _COUNTED.search(f" {bare}")
    if new is None or not _COUNTED.search(context.searched):
        return None
    asked, searched = (
        _COUNTED.sub(new[0], text, count=1)
        for text in (context.asked, context.searched)
    )
    return Reading(
        asked,
        searched,
        asked,
        context.reports,
        topic=context.topic,
        extra=context.extra,
    )


def _with_person(text: str, context: Context) -> str:
    """Return a question with whoever was named last in the place of "he" and "his"."""
    if not context.person:
        return text

    def name(found: re.Match[str]) -> str:
        return f"{context.person}'s" if found["whose"] else context.person

    return _PERSONAL.sub(name, text, count=1)


def _titles(reports: Sequence[str], catalogue: Catalogue) -> str:
    titles = list(dict.fromkeys(d.title for d in catalogue if d.report in reports))
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)


def _of(text: str, reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return a question with the titles of the reports that it is put to."""
    named = find_reports(text, catalogue).reports
    left = [report for report in reports if report not in named]
    return f"{text} ({_titles(left, catalogue)})" if 0 < len(left) < 5 else text


def _about(
    text: str, topic: Sequence[str], reports: Sequence[str], catalogue: Catalogue
) -> str:
    """Return a question under the matter that it leans on, as it is searched for."""
    held = words(text)
    more = " ".join(word for word in topic if word not in held)
    shown = _of(text, reports, catalogue)
    return f"{more[0].upper()}{more[1:]}: {shown}" if more else shown


def _again(reports: Sequence[str], context: Context, catalogue: Catalogue) -> Reading:
    """Return the last question put to other reports."""
    asked, searched = (
        _with_titles(_IN_YEAR.sub("", text), reports, catalogue)
        for text in (context.asked, context.searched)
    )
    return Reading(
        asked,
        searched,
        asked,
        tuple(reports),
        compares=len(reports) > 1,
        topic=context.topic,
        extra=context.extra,
    )


def _with_titles(text: str, reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return a question with the titles of other reports for those that it names."""
    new = _titles(reports, catalogue)
    names = {n for d in catalogue for n in (d.title, *d.aliases, d.publisher) if n}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        found = re.search(rf"\b{re.escape(name)}\b(?: \(\d{{4}}\))?", text, re.I)
        if found:
            return text[: found.start()] + new + text[found.end() :]
    return _of(text, reports, catalogue)


def _of_item(
    text: str,
    rest: tuple[str, ...],
    pointed: Pointed,
    context: Context,
    catalogue: Catalogue,
) -> Reading | None:
    """Return the reading of "the second one" where an answer gave a list; else None."""
    places = numbers_in(text, len(context.items))
    if context.item and re.search(r"\bnext\b", text, re.I):
        places = [context.item + 1]
    items = [context.items[p - 1] for p in places if p <= len(context.items)]
    if pointed.reports or not items:
        return None
    told = "; ".join(items)
    own = tuple(w for w in rest if w not in ORDINALS and not w.isdigit())
    return Reading(
        f"{_of(text, context.reports, catalogue)}: {told}",
        f"{told} {' '.join(own)}".strip(),
        text if own else told,
        context.reports,
        own=own,
        topic=own_words(told, catalogue),
    )
