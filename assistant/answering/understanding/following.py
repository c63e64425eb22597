"""The readings of a question in a conversation: alone, and with what it leans on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.understanding.authorities import places_in, spoken_of
from assistant.answering.understanding.conversation import Context
from assistant.answering.understanding.naming import Catalogue, find_reports
from assistant.answering.understanding.pointing import (
    ORDINALS,
    Pointed,
    numbers_in,
    pointed_at,
)
from assistant.answering.understanding.reading import (
    Reading,
    own_words,
    put_to,
    titles_of,
)
from assistant.answering.understanding.wording import telling_words, without_courtesy
from assistant.text.words import words

_AND = r"^\W*(?:and |but |so )*"
LEANS = re.compile(
    r"\b(?:it|its|they|them|their|that|this|those|these|he|she|his|her|same|such|former"
    r"|latter|ones?|(?<!is )(?<!are )(?<!was )(?<!were )there"
    r"|the (?:report|paper|study|document|author|publisher))\b"
    r"|^\W*(?:and|but|or|also|what about|how about|why|who|when|where|how|instead|just"
    r"|only|even|such as|including|not|so)\b",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(?:it|its|they|them|their|he|she|his|her|him)\b", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:its?|they|them|their|those|these|that|this)\b", re.I)
MORE = re.compile(
    r"\b(?:more|else|further|go on|carry on|continue|expand|elaborate|details?|after"
    r"|and then|(?:what(?:['’]s| is)? )?next|anything to add)\b|^\W*then\b|^\W*why\W*$",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^\W*(?:(?:and|but|or)\s+)+", re.IGNORECASE)
# "What does it say on boards?": the matter is told, and is not the last one.
_ON = re.compile(r"\b(?:about|on|regarding|of) (?P<matter>.+)$", re.IGNORECASE)
# "And for councils?", "the same for firms": something else in the place of the last.
_FRAGMENT = re.compile(
    r"^\W*(?:(?:and|or|but|then|now|what about|how about|also|(?:the )?same(?: q\w*)?)\b ?)+"
    r"(?!.*\b(?:who|what|which|when|where|why|how|is|are|do|does|did|was|were|can|should)\b)",
    re.IGNORECASE,
)
_ASKS_FORM = re.compile(
    rf"{_AND}(?:who|when|where|why|how|which|what page)\b|\bpage\b", re.IGNORECASE
)
_WHAT = re.compile(rf"{_AND}what(?:['’]?s)? (?!about)", re.IGNORECASE)
# Asked of a text itself: who made it and when. The matter stays what it was.
_OF_A_TEXT = re.compile(
    r"\b(?:who(?:['’]s| is| was)? (?:wrote|published|sponsored|funded|paid|backed|made|it)"
    r"|when (?:was|did|were)|which page|what page|how old|how long is|(?:its|the) date"
    r"|sponsors?|authors?|copy|up to date)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:(?P<whose>his)|he|she|him)\b", re.IGNORECASE)
_STATED = re.compile(r"\b(?:that|this|it|why|so)\b", re.IGNORECASE)
# "It" beside a report's name is that report, and leans on nothing before.
_LEANS_WHOLLY = re.compile(r"\b(?:that|this|same|there|too)\b", re.IGNORECASE)
_IN_YEAR = re.compile(r" (?:in|from|of) (?:19|20)\d\d\b")
_PUBLISHED = "when was it published"
# "Has Lowmere got one as well?" asks the same of another.
_SAME = frozenset("same got have one as well too in also".split())
# So many new words make a question stand by itself.
_MANY = 3


def is_aside(text: str, own: Sequence[str]) -> bool:
    """Tell whether a question is of a text itself (its author, its date): no new matter."""
    found = _OF_A_TEXT.search(text)
    return found is not None and len({*own} - {*words(found[0])}) < 2


def follow_up(
    text: str, around: str, context: Context, catalogue: Catalogue
) -> list[Reading]:
    """Return the readings of a question in a conversation, the likeliest first.

    Args:
        text: the question.
        around: what stands beside it in the same turn.
        context: of the turns before.
        catalogue: the details of every report.
    """
    typed = _with_person(without_courtesy(text) or text, context)
    bare = _JOINT.sub("", typed) or typed
    pointed = pointed_at(bare, find_reports(bare, catalogue), context, catalogue)
    if around and not pointed.reports:
        # "No, I meant the 2013 one, what does it say on pilots?" is put to that one.
        beside = find_reports(around, catalogue)
        put = pointed_at(around, beside, context, catalogue)
        pointed = put if put.reports else pointed
    label = own_words(around, catalogue)
    if label:
        asked = f"{around} {bare}"
        context = replace(context, topic=label, extra=(), statement="", asked=asked)
    own = own_words(bare, catalogue)
    numbered = bare if numbers_in(bare, len(context.items)) else around or bare
    item = _of_item(numbered, own, pointed, context, catalogue)
    if item is not None:
        return [item]
    if not pointed.reports and (moved := _elsewhere(bare, own, context, catalogue)):
        return [moved]
    turn = _FollowUp(typed, bare, own, pointed, context, catalogue)
    return sorted(turn.readings(), key=lambda reading: -reading.prior)


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """A question with its own telling words and the reports that it points at."""

    typed: str
    bare: str
    own: tuple[str, ...]
    pointed: Pointed
    context: Context
    catalogue: Catalogue

    def readings(self) -> Iterator[Reading]:
        if self.pointed.ages:
            yield self._of_age()
        elif self.own:
            yield from self._with_matter()
        else:
            yield from self._without_matter()

    @property
    def in_hand(self) -> tuple[str, ...]:
        """The reports that it points at, else those of the last exchange."""
        if self.pointed.reports or self.pointed.wide:
            return self.pointed.reports
        return self.context.reports

    @property
    def compares(self) -> bool | None:
        """Whether reports are set side by side: those cited for one matter are not."""
        if self.pointed.reports or self.pointed.wide or self.context.compares:
            return self.pointed.compares
        return False if self.pointed.compares is None else self.pointed.compares

    @property
    def leans(self) -> bool:
        return len(self.own) < 2 or LEANS.search(self.typed) is not None

    @property
    def refers(self) -> bool:
        """Whether what it leans on is all it can be about: "exceptions to it?"."""
        return len(self.own) < _MANY and _REFERS.search(self.typed) is not None

    @property
    def aside(self) -> bool:
        return is_aside(self.bare, self.own)

    @property
    def asks_form(self) -> bool:
        """Whether it asks for a thing of its own: "who?", "which page?"."""
        return bool(self.own) or _ASKS_FORM.search(self.bare) is not None

    def alone(self) -> Reading:
        """As typed, the reports in hand heard sooner."""
        bare, pointed = self.bare, self.pointed
        return Reading(
            bare,
            bare,
            bare,
            pointed.reports,
            self.in_hand,
            prior=-2.0 if self.leans else 1.0,
            compares=self.compares,
            topic=self.own,
        )

    def narrowed(self) -> Reading:
        """As typed, of the reports in hand alone."""
        on = _ON.search(self.bare)
        told = bool(on and own_words(on["matter"], self.catalogue))
        named = find_reports(self.bare, self.catalogue).reports
        reading = replace(
            self.alone(),
            question=put_to(self.bare, self.in_hand, self.catalogue),
            reports=self.in_hand,
            own=() if named else self.own,
            prior=1.0 if self.aside or told else 0.0 if self.context.topic else 0.7,
        )
        return self._of_the_same_matter(reading) if self.aside else reading

    def joined(self) -> Reading:
        """With the matter in hand."""
        context, bare = self.context, self.bare
        extra = () if self.own else context.extra
        matter = " ".join((*context.topic, *extra)) or context.searched
        on = _ON.search(bare)
        switched = bool(on and own_words(on["matter"], self.catalogue))
        few = len(self.own) < _MANY and self.leans
        return Reading(
            self._under((*context.topic, *extra)),
            f"{' '.join(context.topic)} {bare}" if self.own else matter,
            bare if self.asks_form else context.asked,
            self.in_hand,
            prior=0.3 if few and not (switched or self.aside) else -1.5,
            compares=self.compares,
            told=context.told if MORE.search(self.typed) else frozenset(),
            own=self.own,
            topic=context.topic or self.own,
            extra=self.own or context.extra,
        )

    def _with_matter(self) -> Iterator[Reading]:
        """Yield the readings of a question that tells some matter of its own."""
        leans = self.leans
        if leans and self.in_hand:
            yield self.narrowed()
        told = self.aside or self.pointed.reports or self.refers
        if not (leans and self.in_hand and told):
            yield self.alone()
        if self.context.topic and set(self.context.topic) != set(self.own):
            yield self.joined()

    def _without_matter(self) -> Iterator[Reading]:
        """Yield the readings of "And 31ten?", "why?", "compare them", "say more"."""
        bare, pointed = self.bare, self.pointed
        named = find_reports(bare, self.catalogue)
        joined = replace(self.joined(), prior=0.0)
        whole = telling_words(" ".join(named.rest)) and not _LEANS_WHOLLY.search(bare)
        if pointed.compares is False and len(pointed.reports) > 1:
            # "What about the other report?", of several: that is for the asker to say.
            yield self._of_the_same_matter(self.alone())
        elif named.reports and whole and not _FRAGMENT.search(self.typed):
            # "What does 31ten recommend?"
            yield self._of_the_same_matter(self.narrowed())
        elif pointed.reports and not (
            self.asks_form or pointed.compares or _WHAT.match(bare)
        ):
            yield again(pointed.reports, self.context, self.catalogue)
        elif bare.lower().startswith("when") and self.in_hand:
            yield replace(joined, matter=_PUBLISHED, asked=_PUBLISHED)
        else:
            yield joined
            if self.context.statement and _STATED.search(bare):
                yield replace(joined, matter=self.context.statement, prior=-0.5)

    def _of_the_same_matter(self, reading: Reading) -> Reading:
        return replace(reading, topic=self.context.topic, extra=self.context.extra)

    def _of_age(self) -> Reading:
        """Return the question when reports came out, for "which one is newer?"."""
        reports = self.pointed.reports
        shown = f"{self.bare} ({titles_of(reports, self.catalogue)})"
        reading = Reading(
            shown, _PUBLISHED, _PUBLISHED, reports, compares=len(reports) > 1
        )
        return self._of_the_same_matter(reading)

    def _under(self, topic: Sequence[str]) -> str:
        """Return the question under the matter that it leans on, to be shown."""
        held = words(self.bare)
        more = " ".join(word for word in topic if word not in held)
        shown = put_to(self.bare, self.in_hand, self.catalogue)
        return f"{more[0].upper()}{more[1:]}: {shown}" if more else shown


def _with_person(text: str, context: Context) -> str:
    """Return a question with whoever was named last in the place of "he" and "his"."""
    if not context.person:
        return text

    def name(found: re.Match[str]) -> str:
        return f"{context.person}'s" if found["whose"] else context.person

    return _PERSONAL.sub(name, text, count=1)


def again(reports: Sequence[str], context: Context, catalogue: Catalogue) -> Reading:
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
    names = {n for d in catalogue for n in (d.title, *d.aliases, d.publisher) if n}
    either = "|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))
    one = rf"\b(?:{either})\b(?: \(\d{{4}}\))?"
    # "A and B", "A, B and C" are named in one breath and give way together.
    found = re.search(rf"{one}(?:(?:,| and|, and| or| vs) {one})*", text, re.IGNORECASE)
    if found is None:
        return put_to(text, reports, catalogue)
    new = titles_of(reports, catalogue)
    return text[: found.start()] + new + text[found.end() :]


def _elsewhere(
    text: str, own: Sequence[str], context: Context, catalogue: Catalogue
) -> Reading | None:
    """Return the last question asked of another place: "and in Marlstone?"; else None."""
    here = places_in(text, catalogue)
    if not own or not context.searched or {*own} - here - _SAME:
        return None
    gone = places_in(context.searched, catalogue)
    place = " ".join(word for word in own if word in here).title()
    kept = re.sub(r"['’]s\b", "", context.searched).split()
    first = next((i for i, w in enumerate(kept) if {*words(w)} & gone), None)
    if first is None:
        kept = [*kept, f"({place})"]
    else:
        kept[first] = re.sub(r"^[\w'’-]+", place, kept[first])
    asked = " ".join(w for w in kept if not {*words(w)} & (gone - here))
    return Reading(
        asked,
        asked,
        context.asked,
        preferred=spoken_of(place, catalogue),
        topic=context.topic,
        extra=context.extra,
    )


def _of_item(
    text: str,
    own: tuple[str, ...],
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
    own = tuple(w for w in own if w not in (*ORDINALS, "next") and not w.isdigit())
    return Reading(
        f"{put_to(text, context.reports, catalogue)}: {told}",
        f"{told} {' '.join(own)}".strip(),
        text if own else told,
        context.reports,
        own=own,
        topic=own_words(told, catalogue),
    )
