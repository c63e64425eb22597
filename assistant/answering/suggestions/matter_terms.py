"""What a text is about, in terms that a question can be asked with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.answering.suggestions.phrasing import IsCommon, in_small_letters
from assistant.answering.understanding.concepts import is_framing
from assistant.answering.understanding.glossary import Glossary
from assistant.words import STOP_WORDS, stem, stems

_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
# A noun by its ending may be asked about without being in any list.
_NOUN = re.compile(
    r"^[a-z-]{4,}(?:tion|sion|ment|ship|ness|ance|ence|[^e]ity|ities)s?$"
)
# Said of any text of the sector, or of its makers: no matter of its own.
_STOPS = frozenset(map(stem, STOP_WORDS))
_FRAMES = frozenset(
    stem(word)
    for word in """
    statement author publisher published sponsored sponsor think-tank think tank 31ten colleagues
    interviews studies practical guide inaugural press contact embargo printed telephone
    introduction conclusion section information attention organisation position executive
    exec roundtables announcement association findings central national tiers reductions
    governing sustainability unitary document documents pages recommends ministry
    department policy economy country public service services people
    """.split()
)


def _says_nothing(term: str) -> bool:
    return all(s in _FRAMES or s in _STOPS or is_framing(s) for s in stems(term))


def terms_in(text: str, glossary: Glossary, is_common: IsCommon) -> list[str]:
    """Return the matters that a text names, in order.

    Args:
        text: a question or a heading.
        glossary: its terms, and those of its list of matters, are taken whole; a word
            that stands in neither is taken where its ending makes it a noun.
        is_common: tells words that lose the capital of their place.
    """
    found = list(_WORD.finditer(text))
    stemmed = [stem(match.group().lower()) for match in found]
    mentions = [m for m in glossary.mentions(stemmed) if m.exact]
    if glossary.matters is not None:
        mentions += glossary.matters.mentions(stemmed)
    terms: dict[int, str] = {}
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        places = range(mention.start, mention.end)
        if taken.isdisjoint(places):
            taken.update(places)
            own = stemmed[mention.start : mention.end]
            written = text[found[mention.start].start() : found[mention.end - 1].end()]
            known = (mention.entry.term, *mention.entry.same)
            named = [p for p in known if stems(p) == own and p != p.lower()]
            is_name = any(phrase != phrase.lower() for phrase in known)
            if is_name or not _says_nothing(mention.entry.term):
                terms[mention.start] = [*named, _small(written, is_common)][0]
    for place, match in enumerate(found):
        noun = _NOUN.match(match.group().lower())
        if noun and place not in taken and not _says_nothing(match.group()):
            terms[place] = _small(match.group(), is_common)
    in_order = (term for _, term in sorted(terms.items()))
    return list(dict.fromkeys(in_order))


def _small(term: str, is_common: IsCommon) -> str:
    """Take the capital of its place from a term; a name of several words keeps all."""
    if any(word[:1].isupper() for word in term.split()[1:]):
        return term
    return in_small_letters(term, is_common)


def commonest_terms(
    texts: Iterable[str], glossary: Glossary, is_common: IsCommon
) -> list[str]:
    """Return the matters that texts name: first those that most of them do."""
    counts = Counter(
        term for text in texts for term in set(terms_in(text, glossary, is_common))
    )
    return sorted(counts, key=lambda term: (-counts[term], -len(term), term))
