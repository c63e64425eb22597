"""What a sentence mentions by name or in quotation marks."""

from __future__ import annotations

import re

from assistant.text.quantities import MONTHS
from assistant.text.words import STOP_WORDS, number_value, plain, stem, words

_QUOTED = re.compile(r'"([^"]{2,})"|(?<!\w)\'([^\'].*?[^s\s]|[^\'].*?)\'(?!\w)')
# A capital, or figures that go over into letters, as some firms write themselves.
_WORD_OF_NAME = r"(?:[A-Z][\w&'-]*|\d+[a-z]{3,})"
_NAME = re.compile(rf"\b{_WORD_OF_NAME}(?:(?: (?:of|and|for|the|&))* {_WORD_OF_NAME})*")
_JOINTS = ("of", "and", "for", "the", "&")
# How a capitalised word ends that opens a sentence and names nobody: "Numbers", "Using".
_ENDINGS = tuple(
    "s ing ed ly ment tion sion ness ship ity ful less able ive al".split()
)
_ARTICLES = ("the", "a", "an")
# Capitalised words that open a sentence without naming anybody.
_OPENERS = frozenset(
    stem(word)
    for word in """
    councils council local central government governments authorities leaders ministers
    residents reports report services funding devolution prevention public private
    according however among better greater key new
    """.split()
)
# The same, where the word stands alone: "Strong partners help", "Trust is low".
_ALONE = _OPENERS | frozenset(
    stem(word)
    for word in """
    access act almost advice against agencies aim amid answers appetite approaches areas aside
    assets assistance audience audit authors average back bad balance barriers because
    benefits besides beyond bids big boards bodies bottom bridges budgets bureaucracy
    businesses cabinet care carers cash challenge change chief children citizens clear
    climate coherence commissioners common companies conference confidence consent
    consortia consultants contracts contributors control costs counties courage crises
    crisis criteria culture cuts data debt deep deficits delays delivery demand
    democracy design despite difference directors districts duties each ease economic
    economy editors efficiency emphasis employers energy engineers enough enterprise
    even evidence examples excellence experience experts extra failure faith farms few
    fewer finance firms focus four freedom fresh full future gaps given good goods
    grants growth half health help high higher history homes honesty hope hours
    households hubs ideas importance independence influence infrastructure insight
    instead interviewees interviews investors jobs joint justice knowledge lack land
    large late later law lessons libraries likewise little loans long longer low lower
    main major managers members models money moreover most neither nobody none nor notes
    officers old open outcomes outputs outsiders overall pace parents parks part parties
    partners party past patients people per performance perhaps phrases pilots place
    places plans policy politicians poor power powers practice practitioners pressure
    procedure process producers profit progress proof providers pupils purpose quite
    rates rather readers recent reform regions relief research resilience resources
    respect results rigid risk rules safety scale schemes schools scope scrutiny second
    sector senior seven short similar simple since single six skills small society some
    sources staff stakeholders standards state strategy strong stronger success such
    support targets tax taxes teams technology ten theme theory third three time today
    together tools top town towns trade transparency transport trends trust truth two
    unlike urgent users value view visitors voluntary volunteers voters wages water ways
    weak wealth weeks welfare whereas whether while whole wide wider winners women words
    work workers workforce world writers years yes young
    """.split()
)


def quotations(text: str) -> list[str]:
    """Return the quoted strings of a text (double, or single around whole words)."""
    found = [double or single for double, single in _QUOTED.findall(plain(text))]
    return [quote.strip(" .,;:!?…") for quote in found if quote.strip(" .,;:!?…")]


def names(text: str) -> list[str]:
    """Return the capitalised names of a text, a plain opening word left out."""
    found = []
    folded = plain(text)
    for match in _NAME.finditer(folded):
        before = folded[: match.start()].rstrip(" \"'([")
        opening = not before or before[-1] in ".!?:"
        # "Localis's Level Measures" are two names.
        for owned in re.split(r"(?:'s|') ", match.group()):
            parts = owned.removesuffix("'s").removesuffix("'").split()
            kept = _without_plain(parts, opening)
            whole = [*before.split()[-1:], *parts]
            # "The Engineer", "a Director": an office, which a passage may name otherwise.
            office = len(kept) == 1 < len(whole) and whole[-2].lower() in _ARTICLES
            if kept and not (office and kept[0].istitle()):
                found.append(" ".join(kept))
            opening, before = False, ""
    return found


def _without_plain(parts: list[str], opening: bool) -> list[str]:
    """Return the words of a name without those before it that name nothing."""
    if opening and len(parts) == 1 and _is_common(parts[0]):
        return []
    while parts and (_is_number(parts[0]) or (opening and _is_plain(parts))):
        parts = parts[1:]
        while parts and parts[0] in _JOINTS:
            parts = parts[1:]
    return [] if parts and re.fullmatch(r"I(?:'\w+)?", parts[0]) else parts


def _is_number(word: str) -> bool:
    """Tell whether a capitalised word is a number or a month: the numbers' business."""
    lower = word.lower()
    return number_value(lower.split("-")[0]) is not None or lower in MONTHS


def _is_plain(parts: list[str]) -> bool:
    """Tell whether a name's first word opens the sentence only: "Readers of Localis"."""
    lower = words(parts[0])
    if not lower:
        return False
    of_all = parts[1:2] != [] and parts[1] in _JOINTS and _is_common(parts[0])
    return of_all or lower[0] in STOP_WORDS or stem(lower[0]) in _OPENERS


def _is_common(word: str) -> bool:
    """Tell whether a capital letter is only that of the sentence: "Despite", "Using"."""
    parts = word.lower().split("-")
    return any(stem(part) in _ALONE for part in parts) or word.endswith(_ENDINGS)
