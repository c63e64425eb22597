"""What a sentence mentions by name or in quotation marks."""

from __future__ import annotations

import re

from assistant.answering.checking.quantities import MONTHS
from assistant.words import STOP_WORDS, number_value, plain, stem, words

_QUOTED = re.compile(r'"([^"]{2,})"|(?<!\w)\'([^\'].*?[^s\s]|[^\'].*?)\'(?!\w)')
_NAME = re.compile(
    r"\b(?:[A-Z][\w&'-]*|31ten)(?:(?: (?:of|and|for|the|&))* (?:[A-Z][\w&'-]*|31ten))*"
)
_JOINTS = ("of", "and", "for", "the", "&")
# How a capitalised word ends that opens a sentence and names nobody.
_ENDINGS = tuple("ing ed ly ment tion sion ness ship ability ful less ous".split())
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
    access act advice agencies agreement aim ambition amid answers appetite approaches
    areas aside assets assistance audience audit authors average awareness backing bad
    balance barriers because benefits besides beyond bids big boards bodies borrowing
    bottom bridges budgets bureaucracy business businesses cabinet capital care carers
    cash central challenge change chief children citizens clarity clear climate
    coherence collaboration commissioners common communities community companies
    competition conference confidence consent consortia consultants continuity contracts
    contributors control coordination costs counties courage crises crisis criteria
    culture cuts data deal deals debt decisions deep deficits delays delivery demand
    democracy design despite difference digital directors districts duties each early
    ease economic economy editors effective efficiency elections emphasis employers
    energy engineers enough enterprise environment even evidence examples excellence
    experience experts extra failure faith families farms few fewer finance financial
    firms five fixed focus four freedom fresh full future gaps given good goods grants
    growth half health help high higher history homes honesty hope hours households
    housing hubs ideas importance incentives independence inequality influence
    infrastructure innovation insight instead institutions integration interviewees
    interviews investment investors jobs joint justice knowledge lack land large late
    later law leadership learning less lessons libraries likewise little loans long
    longer low lower main major managers members merging models money moreover most
    national need needs neither nevertheless nobody none nor notes nothing officers old
    open opportunity outcomes outputs outsiders overall pace parents parks part parties
    partners party past patients people per performance perhaps permission phrases
    pilots place places planning plans policy political politicians poor power powers
    practice practitioners pressure priority private procedure process producers profit
    progress proof proposals providers public pupils purpose quality questions quite
    radical rates rather readers real recent recommendations red reform regional regions
    regulation relations relationships relief requirements research residents resilience
    resources respect responsibility results rigid risk rules safety savings scale
    schemes schools scope scrutiny second sector security senior seven several shared
    sharing short similar simple since single six skills small social society some
    sources spending stability staff stakeholders standards state strategy strong
    stronger success such support targets tax taxes teams technology ten theme theory
    third three time today together tools top total town towns trade tradition training
    transformation transparency transport trends trials trust truth two unity
    universities unlike urgent users value view vision visitors voluntary volunteers
    voters wages water ways weak wealth weeks welfare whereas whether while whole wide
    wider winners women words work workers workforce working world writers years yes
    young
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
            name = owned.removesuffix("'s").removesuffix("'")
            if kept := _without_plain(name.split(), opening):
                found.append(" ".join(kept))
            opening = False
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
    return number_value(lower) is not None or lower in MONTHS


def _is_plain(parts: list[str]) -> bool:
    """Tell whether a name's first word opens the sentence only: "Readers of Localis"."""
    lower = words(parts[0])
    if not lower:
        return False
    of_all = parts[1:2] == ["of"] and _is_common(parts[0])
    return of_all or lower[0] in STOP_WORDS or stem(lower[0]) in _OPENERS


def _is_common(word: str) -> bool:
    """Tell whether a capital letter is only that of the sentence: "Despite", "Using"."""
    return stem(word.lower()) in _ALONE or word.endswith(_ENDINGS)
