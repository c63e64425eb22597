"""One way to read a turn, and the words that tell its matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.understanding.naming import Catalogue, find_reports
from assistant.answering.understanding.wording import telling_words
from assistant.text.words import stem

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Talk of texts and of talk: it tells no matter.
_GENERIC = frozenset(
    stem(word)
    for word in """
    report paper study document publication one say mention talk speak tell cover recommend
    think thought guess find found propose conclude point answer question q bit part thing
    back sorry correct random true right wrong nice fair compare comparison agree disagree
    differ difference detail add expand elaborate explain describe continue short shorter
    longer simpler bullet bulleted list reason example other both two three four behind
    number altogether total summary summarise sum author source side similar supposed
    according version first second third fourth fifth last penultimate older oldest newer
    newest latest earlier earliest well too also tho though meant themselves whats thats whos
    hows wheres
    """.split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a turn.

    ``question`` is what is shown as searched for, ``matter`` the text that is searched
    with, ``asked`` that whose wording says what kind of answer is wanted. ``reports``
    narrow the search; ``preferred`` are only heard sooner. ``prior`` speaks for the
    reading before anything is searched (log-odds). ``topic`` and ``extra`` are what
    a conversation is then about: see ``Context``.
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


def own_words(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the words that tell a text's matter, reports and talk of talk left out."""
    rest = telling_words(" ".join(find_reports(text, catalogue).rest))
    kept = (w for w in rest if stem(w) not in _GENERIC and not YEAR.fullmatch(w))
    return tuple(dict.fromkeys(kept))


def titles_of(reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return the titles of reports as they are written out: ``A, B and C``."""
    titles = list(dict.fromkeys(d.title for d in catalogue if d.report in reports))
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)


def put_to(text: str, reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return a question with the titles of the reports that it is put to."""
    named = find_reports(text, catalogue).reports
    left = [report for report in reports if report not in named]
    return f"{text} ({titles_of(left, catalogue)})" if 0 < len(left) < 5 else text
