"""What a sentence mentions by name or in quotation marks."""

from __future__ import annotations

import re

from assistant.quantities import MONTHS
from assistant.words import STOP_WORDS, number_value, plain, stem, words

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
    act advice against aim amid appetite aside assistance audience audit average back bad
    balance because beyond big bottom bureaucracy cabinet care cash challenge change
    chief children clear climate coherence common conference confidence consent
    consortia control courage criteria culture data debt deep delivery demand democracy
    design despite difference each ease economic economy efficiency energy enough
    enterprise even evidence excellence experience extra failure faith few fewer finance
    four freedom fresh full future given good growth half health help high higher
    history honesty hope importance independence influence infrastructure insight
    instead joint justice knowledge lack land large late later law likewise little long
    longer low lower main major money moreover most neither nobody none nor old open
    overall pace part party past people per performance place policy poor power practice
    pressure procedure profit proof purpose quite rather recent reform relief research
    resilience respect rigid risk safety scale scope scrutiny second sector senior seven
    short similar simple since single six small society some staff state strategy strong
    stronger such support tax technology ten theme theory third three time today
    together top town trade transparency transport trust truth two unlike urgent value
    view voluntary water weak wealth welfare whether while whole wide wider women work
    workforce world young
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
    return stem(word.lower()) in _ALONE or word.endswith(_ENDINGS)
