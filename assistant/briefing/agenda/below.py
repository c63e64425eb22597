"""What the lines below an item's heading are: questions, matters, or details left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.answering.understanding.pronouns import leans_back
from assistant.briefing.agenda.lines import Line
from assistant.text.sentences import split_sentences
from assistant.text.words import content_stems, stem

CONTACT, DOCUMENT, WHO = "contact details", "a document, not a matter", "who reports"
EXEMPT, FORMAL = "a mark of exemption", "a form of words, no matter"
REFERENCE = "an application by its number"
DETAIL, LEADS_IN, TALK = "a detail of the item", "leads in to what follows", "talk"

CONTACT_DETAILS = re.compile(
    r"\S@\S+\.\S|\bwww\.\S|https?://|(?<!\d)(?:\+44|\(?0)[\d ()-]{8,}\d"
)
_DOCUMENT = re.compile(
    r"^(?:(?:appendi(?:x|ces)|annex(?:es)?|enclosures?|paper|item)\b(?:\W*\w{1,3}\b)?"
    r"|(?:additional|background|supporting) (?:documents?|papers?)|attached|to follow"
    r"|(?:pages?|pp?\.)\s*\d[\d\s–—-]*|pdf)[\s:.,)]*(?:pdf|\d+ [km]b|[\s:.,()])*$",
    re.IGNORECASE,
)
# What a page of documents writes behind a link, and where in a pack a report stands.
_FILED = re.compile(
    r"\s*\(?\bPDF \d+(?:\.\d+)?\s?[KM]B\b\)?|\s*[(\[]\s*(?:pages?|pp?\.)\s*\d+"
    r"(?:\s*(?:[-–—]|to)\s*\d+)?\s*[)\]]",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:joint\s+|verbal\s+)?(?:report|presentation|paper|presented|introduced|submitted"
    r"|led|lead)\s+(?:of|by|from)\b(?!.*\bon\b)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^(?=[\w/.-]*\d{4})\w+/[\w/.-]+\s")
_EXEMPT = re.compile(
    r"\bschedule 12A\b|\bnot for publication\b|^\(?exempt\b|\bparagraphs? \d+ of part\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<label>[A-Z][\w'’/&() -]{0,40}?):\s*(?P<value>.*)$")
_MOST_WORDS_OF_A_LABEL = 4
# Letters: no detail is longer, and no more of a sentence is searched for what it is.
_LONGEST_DETAIL, _MOST_SEARCHED = 300, 2000
# "Purpose: To note" says what is done with the item, and asks nothing.
_LEAST_WORDS_ASKED = 3
# A label in front of what is asked; whatever else has one is a detail.
_ASKED_LABEL = re.compile(
    r"^(?:purpose|recommend|summary|aims?\b|issues?\b|decisions? (?:required|sought)|key"
    r" (?:issue|question)|question|proposal)",
    re.IGNORECASE,
)
_VERB = (
    r"(?:agree|approve|adopt|comment on|consider|decide|determine|discuss|endorse|explore"
    r"|note|propose|receive|recommend|review|seek|set out|scrutinise|support|update)"
)
# "The Board is asked to approve the …", "To agree …", "This report proposes that …".
_ASKED = re.compile(
    rf"^(?:.{{0,80}}?\b(?:to|that)\s+|(?:this|the) (?:report|paper|item)\s+)?{_VERB}(?:e?[sd])?"
    rf"(?:,? (?:and|or) {_VERB}(?:e?[sd])?)?\s+(?:that\s+)?",
    re.IGNORECASE,
)
_INCLUDING = re.compile(
    r"[,;]?\s+(?:including|among them|in particular|namely|notably|such as)\s+",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:[,;]\s*(?:and\s+)?|\s+and\s+)(?=(?:an?|the|its|their|how|what|why|who|whether)\b)"
)
_REFERS = re.compile(
    r",?\s*\b(?:as\s+)?(?:set out|attached|shown|listed|detailed|contained)\b(?:\s+(?:in|at)"
    r"\b.*)?$",
    re.IGNORECASE,
)
_FORMAL = re.compile(r"\b(?:delegat|authoris)\w*", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    map(
        stem,
        "report update paper recommendation appendix annex cabinet council committee board "
        "panel member executive officer director content progress presentation resolve "
        "recommend following decision item attach verbal oral".split(),
    )
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|we|us|my|me)\b", re.IGNORECASE)
# "Can someone remind me …" asks the reader.
_REQUEST = re.compile(
    r"^(?:and|also|so|but|plus)?[\s,]*(?:please\s+)?(?:can|could|would|will|does|do|is|are"
    r"|has|have)\s+(?:some(?:one|body)|any(?:one|body)|you|we|I)\b"
    r"|\b(?:tell|remind|explain to) (?:me|us)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\(([^()]*\?)\)")


class LeftOut(NamedTuple):
    """A line of the agenda that nobody is asked about, and why; its item's number."""

    text: str
    why: str
    item: str = ""


class Below(NamedTuple):
    """What was found below an item's heading, or behind it on its line."""

    questions: tuple[str, ...]
    matters: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def repeated_openings(groups: Iterable[Sequence[Line]]) -> frozenset[str]:
    """Return the first words that lines below several items share: those of a template.

    What begins with "To" says what is asked of each, and is none.
    """
    seen = Counter(
        opening for lines in groups for opening in {_opening(x.text) for x in lines}
    )
    return frozenset(
        o for o, n in seen.items() if n > 1 and o and not o.startswith("to ")
    )


def _opening(text: str) -> str:
    words = text.lower().split()
    return " ".join(words[:2]) if len(words) > 2 else ""


def sort_below(
    title: str, lines: Sequence[Line], templates: frozenset[str] = frozenset()
) -> Below:
    """Tell what each line below a title is; no line is neither.

    Args:
        title: of the item: what only repeats it is no further matter.
        lines: below it, in order, lines that go on joined.
        templates: openings that lines below several items share.
    """
    questions: list[str] = []
    matters: list[str] = [*_BRACKETED.findall(title)]
    left_out: list[tuple[str, str]] = []
    known = content_stems(title)
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        whole = is_detail(line, templates)
        for text in [line.text] if whole else sentences_of(line.text):
            if text.endswith("?"):
                questions.append(text)
                continue
            why = whole or _why_left_out(text)
            named = [] if why else list(_named(text, known))
            matters += named
            if not named:
                left_out.append((text, why or _why_nothing(line, after)))
    return Below(tuple(questions), tuple(dict.fromkeys(matters)), tuple(left_out))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a line."""
    return split_sentences(text) or [text]


def filed_off(text: str) -> str:
    """Return a title without where its document is found."""
    return " ".join(_FILED.sub(" ", text).split())


def is_request(text: str) -> bool:
    """Tell whether a sentence asks the reader for something."""
    return text.endswith("?") or bool(_REQUEST.search(text))


def parted_request(text: str) -> tuple[str, str]:
    """Return what a request asks, and the rest of its sentence, which is no question.

    So "…, I nodded along last time", which tells the reader something, and "… and whether
    they still exist", which leans on the first.
    """
    for between in (
        r",\s+(?=(?:I|we)\b)",
        r",?\s+and\s+(?=(?:whether|how|why|what|who)\b)",
    ):
        first, *more = re.split(between, text, maxsplit=1)
        if more and (
            between.startswith(",\\s") or leans_back(f"{more[0].rstrip('?')}?")
        ):
            return f"{first.rstrip(' ?.')}?", more[0]
    return text, ""


def is_detail(line: Line, templates: frozenset[str] = frozenset()) -> str:
    """Return why a line as a whole is a detail of its item, or nothing.

    A label says so, or who reports, or that it only names a document or an application.
    """
    text = line.text
    if len(text) > _LONGEST_DETAIL:
        return ""
    bare = text.strip(" .()[]")
    if not filed_off(text).strip(" .()[]") or _DOCUMENT.match(filed_off(bare)):
        return DOCUMENT
    if _WHO.match(bare):
        return WHO
    if _REFERENCE.match(text):
        return REFERENCE
    labelled = _LABEL.match(text)
    if labelled and len(labelled["label"].split()) <= _MOST_WORDS_OF_A_LABEL:
        asked = _ASKED_LABEL.match(labelled["label"]) or text.endswith("?")
        return "" if asked or line.kind != "text" else DETAIL
    return DETAIL if _opening(text) in templates else ""


def _why_left_out(text: str) -> str:
    text = text[:_MOST_SEARCHED]
    if CONTACT_DETAILS.search(text):
        return CONTACT
    if _EXEMPT.search(text):
        return EXEMPT
    if _FORMAL.search(text):
        return FORMAL
    return TALK if _FIRST_PERSON.search(text) else ""


def _why_nothing(line: Line, after: Line | None) -> str:
    leads = line.text.endswith(":") or (after and after.kind in ("sub", "bullet"))
    return LEADS_IN if leads else FORMAL


def _named(text: str, known: set[str]) -> Iterator[str]:
    """Yield the matters that a sentence names, beyond those in the title."""
    text = text[:_MOST_SEARCHED]
    labelled = _LABEL.match(text)
    if labelled and _ASKED_LABEL.match(labelled["label"]):
        text = labelled["value"]
        if len(text.split()) < _LEAST_WORDS_ASKED:
            return
    text = _ASKED.sub("", filed_off(text).rstrip(" .;:"), count=1)
    text = re.sub(r"[;,]?\s+(?:and|or)$", "", text)
    first, *named = _INCLUDING.split(text)
    for part in (first, *(p for more in named for p in _NEXT.split(more))):
        for matter in _NEXT.split(part) if part is first else (part,):
            matter = _REFERS.sub("", matter).strip(" ,;.–-")
            own = content_stems(matter)
            if own - known - _SAYS_NOTHING:
                yield matter
