"""What a turn asks, apart from who asks and why, and the form that is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assistant.answering.switches import is_on
from assistant.text.sentences import split_sentences
from assistant.text.words import STOP_WORDS, number_value, plain, words

_WH = r"(?:who|whom|whose|what|which|when|where|why|how)(?:['’]?s)?\b"
_AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|can|could|should|would|will|has|have|had|any)\b"
)
_TELL = (
    r"(?:tell|give|list|show|name|find|quote|explain|describe|outline|summari[sz]e"
    r"|sum up|set out|compare|contrast|brief|remind|draft|write|pull|help|say|need|want"
    r"|looking for|wondering|wondered|note on|points? on|summary of|overview of)\b"
    r"(?! (?:it|this|that|them) (?:for|by|in|to)\b)"
)
_FIRST = (
    r"^\W*(?:(?:and|so|but|or|also|then|now|ok|okay|right|hi|hello|hey|please|pls"
    r"|just|quick(?:ly)?|sorry|actually)\b\W*)*"
)
_I = r"(?:(?:i|we)(?:['’]m|['’]d| am| are)?(?: just| really)?(?: like)? )?"
_ASKS = re.compile(rf"\?\W*$|{_FIRST}(?:{_WH}|{_AUXILIARY}|{_I}{_TELL})", re.IGNORECASE)
_ASKS_WITHIN = re.compile(rf"\b(?:{_WH}|whether\b)", re.IGNORECASE)
# "Could you advise?" asks for what was said before it.
_HOLLOW = frozenset(
    "advise advice help assist clarify confirm answer know idea ideas thoughts".split()
)
# Where one sentence goes over from what surrounds a question to the question.
_BREAK = re.compile(r"\s*[:;]\s+|\s+[-–—]+\s+|,\s+(?:and\s+|so\s+|but\s+)?")
# Whoever types in haste begins no sentence with a capital.
_TYPED_END = re.compile(r"(?<=\w\w[?!])\s+|(?<=[a-z]{3}[.])\s+(?=[a-z])")
_COURTESY = re.compile(
    r"^(?:\W*(?:thanks|thank you|thankyou|thx|ta|cheers|ok|okay|great|good|perfect|lovely"
    r"|brilliant|fine|cool|sure|right|sorry|no|yes|yep|hmm|well|so|now|i see|got it|hi"
    r"|hello|hey|dear \w+|morning|afternoon|evening|actually|a lot|very much|that['’]s"
    r"|please|pls|just a quick one|quick (?:one|question))\b[\s,.!?:–-]*)+",
    re.IGNORECASE,
)
# What whoever asks adds of the occasion, at the end of a question.
_OCCASION = re.compile(
    r"[\s,;–-]+(?:(?:this is )?(?:for|before|ahead of|in time for|at|need (?:it|this) (?:for|by))"
    r" (?:(?:the|a|an|my|our|this|next|tonight['’]?s|tomorrow['’]?s|today['’]?s) )*(?:\w+['’]s )?"
    r"(?:\w+ )?(?:meeting|cabinet|committee|scrutiny|council|board|briefing|surgery|leader"
    r"|chief exec\w*|councillors?|members?|group|panel|tonight|tomorrow|tmrw|today|monday"
    r"|tuesday|wednesday|thursday|friday|week|minutes?|mins?)\b[^?.]{0,30}"
    r"|(?:please|pls|plz|thanks|thank you|thx|cheers|asap|urgently|quickly|in a rush"
    r"|if you can|if possible|many|kind regards|regards|ta))+\W*$",
    re.IGNORECASE,
)
_COUNT = r"\b(?P<{0}>\d{{1,3}}|one|two|three|four|five|six|seven|eight|nine|ten|a)"
_FORM = re.compile(
    r"[\s,;–-]*(?:(?:please |pls )?\b(?:in|as|with|within|under|no more than|at most|max|maximum)"
    r" )?(?:(?:a|an|the|about|around|roughly|up to|just|only|some) )*(?:"
    + _COUNT.format("points")
    + r"[ -](?:(?:short|key|main|quick|crisp|bullet|talking|clear)[ -])*(?:bullets?|bullet points?"
    r"|points)(?! (?:of|in|that|does|do)\b)"
    r"|(?P<bullets>\b(?:short |key |main )?bullet(?:s|ed list| points?| form)?\b)"
    r"|(?:\b(?:one|two|three|four|\d) (?:or|to) )?"
    + _COUNT.format("lines")
    + r"[ -](?:short )?(?:lines?|liners?|sentences?)\b"
    r"|(?:\bof (?:about |around |up to |at most )?)?"
    + _COUNT.format("words")
    + r"[ -]words?\b(?: or (?:less|fewer))?"
    r"|(?P<table>\b(?:table|side by side|grid)\b)"
    r"|(?P<brief>\b(?:brief(?:ly)?|nutshell|short(?:ly)?|few words|plain english)\b"
    r"(?= ?(?:$|[?.!,:;–-]|pls|please))))"
    r"(?:[ -](?:answer|note|summary|speaking note|steer|reply|response|version|pitch))*"
    r"(?: (?:for|on) (?:a |the |my )?slides?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """The form of answer that is wanted; None or False where nothing is said of it.

    ``said`` are the words that ask for it, as a model is told them.
    """

    points: int | None = None
    lines: int | None = None
    words: int | None = None
    bullets: bool = False
    table: bool = False
    said: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A turn taken apart: the questions in it, what stands around them, the form.

    ``asks`` holds at least one text unless the turn is mere courtesy.
    """

    asks: tuple[str, ...]
    around: tuple[str, ...]
    form: Form
    labelled: bool = False
    """Whether the first of what stands around is a label, such as "Prevention:"."""
    next_to: str = ""
    """Of what stands around: the piece before the first question, else the first one."""


def without_courtesy(text: str) -> str:
    """Return a turn without greetings and thanks before it."""
    return _COURTESY.sub("", text.strip()).strip()


def telling_words(text: str) -> list[str]:
    """Return the words of a text that are not function words."""
    return [word for word in words(text) if word not in STOP_WORDS]


def take_form(text: str) -> tuple[str, Form]:
    """Return a text without the form of answer that it asks for, and that form.

    >>> take_form("What is Oflog, in three bullet points?")[1].points
    3
    """
    form = Form()

    def note(found: re.Match[str]) -> str:
        nonlocal form
        given = found.groupdict()
        for name in ("points", "lines", "words"):
            if value := given[name]:
                count = int(number_value(value) or (value if value.isdigit() else 1))
                form = replace(form, **{name: count})  # type: ignore[arg-type]
        listed = bool(given["points"] or given["bullets"])
        form = replace(
            form,
            bullets=form.bullets or listed,
            table=form.table or bool(given["table"]),
            said=f"{form.said} {found[0].strip(' ,;–-')}".strip(),
        )
        return " "

    bare = re.sub(r"\s+([?.!,])", r"\1", _FORM.sub(note, plain(text)))
    bare = " ".join(bare.split()).strip(" ,;-")
    # "Three bullets on prevention": the matter stays, and asks by itself.
    return (bare if telling_words(bare) else text), form


def _pieces(sentence: str) -> list[str]:
    """Part a sentence where what surrounds a question goes over into it, or back."""
    for found in _BREAK.finditer(sentence):
        left, right = sentence[: found.start()], sentence[found.end() :]
        if "," in found[0] and _ASKS.search(left):
            # A comma within a question parts nothing of it.
            continue
        if _ASKS.search(right) and not _ASKS.search(left.strip() + "."):
            return [left.strip(), *_pieces(right.strip())]
    return [sentence]


# "(a) how many (b) who with", "…, and what would it show?"; not "who and what".
_NEXT = re.compile(
    rf"\s*\(?\b(?:[b-e]|i{{1,3}}|iv)\)\s+|,?\s+(?:and|&)\s+(?={_WH}\W?\w+)", re.I
)
_FIRST_OF_SEVERAL = re.compile(r"^\W*(?:\(?(?:a|i|1)\)\s*)")
_FEWEST_WORDS = 3
_MOST_OF_A_LABEL = 5


def _each(pieces: Iterable[str]) -> Iterator[str]:
    """Part a piece that asks several things, where each of them asks by itself."""
    for piece in pieces:
        parts = [p for p in _NEXT.split(_FIRST_OF_SEVERAL.sub("", piece)) if p.strip()]
        whole = all(len(p.split()) >= _FEWEST_WORDS and _ASKS.search(p) for p in parts)
        if len(parts) < 2 or not whole or not is_on("several asks"):
            yield piece
            continue
        yield from (
            p if p.rstrip().endswith("?") else f"{p.rstrip(' ,')}?" for p in parts
        )


def take_apart(turn: str) -> Wording:
    """Take a turn apart: see ``Wording``.

    >>> take_apart("I'm in a meeting: what is Oflog? Thanks!").asks
    ('what is Oflog?',)
    """
    bare, form = take_form(turn) if is_on("form wanted") else (turn, Form())
    if not is_on("surroundings"):
        return Wording((bare,), (), form)
    bare = without_courtesy(bare)
    if not bare:
        return Wording((), (), form)
    sentences = [s for text in split_sentences(bare) for s in _TYPED_END.split(text)]
    pieces = [p for s in sentences for p in _pieces(s) if words(p)]
    asking = [_asks(piece) for piece in pieces]
    if not any(asking):
        asking = [bool(_ASKS_WITHIN.search(piece)) for piece in pieces]
    if not any(asking):
        # A heading, or a few words as one types them into a search box.
        return Wording((_without_occasion(bare),), (), form)
    asks: list[str] = []
    for piece in _each(p for p, asks_ in zip(pieces, asking, strict=True) if asks_):
        own = _without_occasion(without_courtesy(piece) or piece)
        if asks and not telling_words(own):
            asks[-1] = f"{asks[-1]} {own}"
        else:
            asks.append(own)
    around = tuple(p for p, asks_ in zip(pieces, asking, strict=True) if not asks_)
    # "Prevention: when does it turn up?": a label says what the question is about.
    labelled = not asking[0] and len(asking) > 1 and asking[1] and _is_label(pieces[0])
    before = asking.index(True)
    next_to = pieces[before - 1] if before else next(iter(around), "")
    return Wording(tuple(asks), around, form, labelled, next_to)


def _asks(piece: str) -> bool:
    hollow = (own := telling_words(piece)) and _HOLLOW.issuperset(own)
    return not hollow and _ASKS.search(piece) is not None


def _is_label(piece: str) -> bool:
    return len(piece.split()) <= _MOST_OF_A_LABEL and not piece.endswith((".", "!"))


def _without_occasion(text: str) -> str:
    cut = _OCCASION.sub("", text)
    if len(telling_words(cut)) < 1 or cut == text:
        return text
    return f"{cut}?" if text.rstrip().endswith("?") else cut
