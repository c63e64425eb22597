"""Whether a question asks what somebody says whom the shelf does not let speak."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answering.understanding.concepts import is_framing
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.spelling import correct_spelling
from assistant.index.shelf import Shelf
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS, plain, stem, stems, words

# Up to this many words name a source.
_SOURCE = r"(?P<source>(?:[\w’'&.-]+\s+){0,5}?[\w’'&.-]+?)"
_TOLD = (
    r"(?:say|said|think|thought|argue|recommend|conclude|claim|propose|suggest|advise"
    r"|estimate|find|found|predict)\b"
)
_OPINION = r"(?:views?|position|stance|opinion|verdict|take|guidance|advice|manifesto|response)"
_ASKS_A_SOURCE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:what|how|why|which)\b.{0,30}?\b(?:do|does|did|has|have)\s+"
        rf"{_SOURCE}\s+{_TOLD}",
        r"(?:^|[.?!:;,]\s+|\bwhat(?:['’]s| is| was| are)\s+)(?:the\s+)?"
        rf"{_SOURCE}(?:['’]s?)?\s+{_OPINION}\s+(?:on|of|about|regarding)\b",
        rf"\baccording to\s+{_SOURCE}(?=[,.?!:;]|$)",
    )
)
# A capitalised name of several words, as of a body or a document.
_NAME = re.compile(
    r"\b(?:[A-Z][\w’'-]*)(?:\s+(?:(?:of|for|and|the|on|in)\s+)*(?:[A-Z][\w’'-]*))+"
)
_BODY_OR_DOCUMENT = re.compile(
    r"\b(?:Fund|Foundation|Institute|Association|Network|Trust|Union|Council|Commission"
    r"|Committee|Federation|Society|Centre|University|Paper|Review|Act|Bill|Inquiry"
    r"|Strategy|Manifesto|Framework|Programme)\b"
)
_DOCUMENT = frozenset(
    stems("report paper study document publication summary article survey")
)
_ACRONYM = re.compile(r"[A-Z]{2,6}s?$")
_LOOKED_THROUGH = 50


def asks_foreign_source(query: Query, shelf: Shelf) -> bool:
    """Tell whether a question asks for the words of a source that the shelf lacks.

    "What does the King's Fund think of care systems?" is about care systems, of which a
    report may speak; what it says of them is not what was asked for.
    """
    question = plain(query.question)
    sources = [
        match["source"]
        for pattern in _ASKS_A_SOURCE
        for match in pattern.finditer(question)
    ]
    own = _own_names(shelf.details)
    return any(_is_foreign(source, own, shelf) for source in sources)


def _own_names(catalogue: Iterable[ReportDetails]) -> frozenset[str]:
    """Return the stems that the reports' details name reports and people by."""
    return frozenset(
        s
        for d in catalogue
        for name in (d.title, d.publisher, *d.authors, *d.supporters, *d.aliases)
        for s in stems(name)
        if s not in STOP_WORDS and not is_framing(s)
    )


def _is_foreign(source: str, own: frozenset[str], shelf: Shelf) -> bool:
    for name in _NAME.findall(source):
        if (
            _BODY_OR_DOCUMENT.search(name)
            and not own & set(stems(name))
            and not shelf.lexical.holds_phrase(name)
        ):
            return True
    lexical = shelf.lexical
    spelt = correct_spelling(source, lexical.vocabulary, shelf.embedder.knows_word)
    told = [w for w in spelt.split() if _tells(w)]
    if not told or any(stem(w.lower()) in own for w in told):
        return False
    if any(stem(w.lower()) in _DOCUMENT for w in spelt.split()):
        told = [w for w in told if w[:1].isupper()]
    return bool(told) and not any(_stands(w, shelf) for w in told)


def _tells(word: str) -> bool:
    bare = " ".join(words(word))
    acronym = _ACRONYM.match(word.strip(".,'")) is not None
    return bool(bare) and (
        acronym or not (bare in STOP_WORDS or is_framing(stem(bare)))
    )


def _stands(word: str, shelf: Shelf) -> bool:
    """Tell whether the shelf holds a word, an acronym letter for letter.

    By its stem "IFS" would be "if".
    """
    bare = word.strip(".,'").removesuffix("'s")
    if not _ACRONYM.match(bare):
        return all(
            shelf.lexical.knows_stem(stem(w)) and stem(w) not in STOP_WORDS
            for w in words(bare)
        )
    found = shelf.lexical.search([bare], _LOOKED_THROUGH)
    exact = re.compile(rf"\b{re.escape(bare)}\b")
    return any(
        exact.search(f"{chunk.section} {chunk.text}")
        for chunk in shelf.chunks(list(found)).values()
    )
