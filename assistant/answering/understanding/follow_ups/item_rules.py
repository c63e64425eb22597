"""Follow-ups that ask for an item of the list spoken of: "the third one", "next", "and 4?"."""

from __future__ import annotations

import re

from assistant.answering.understanding.follow_ups.conversation import (
    Context,
    Resolved,
    title_of,
)
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    content,
    in_report,
    of_topic,
)
from assistant.answering.understanding.naming import find_reports
from assistant.words import number_value

_NOUN = (
    r"one|point|item|bit|thing|principle|recommendation|rec|finding|lesson|element|section"
    r"|focus|step|ask|proposal"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_DIGITS = {"1st": 1, "2nd": 2, "3rd": 3} | {f"{n}th": n for n in range(4, 14)}
_NTH = re.compile(
    r"(?:\b(?:the|its|their) |^\W*(?:and |what about )?)"
    rf"(?P<nth>{'|'.join([*_ORDINALS, *_DIGITS])}|last|final)"
    rf"(?: (?:{_NOUN})\b(?: (?:of|on|in) (?:them|these|those|(?:the|that|this) list))?"
    r"|(?=\W*$)|(?=\s*[-–,:]))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^\W*(?:(?:and|what about|how about|number|no|item|then) )*#?"
    r"(?P<number>\d{1,2}|[a-z]+)\W*$",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^\W*(?:and )?(?:the )?next(?: one| point)?(?: please)?\W*$", re.IGNORECASE
)
_EXPLAINS = frozenset(
    "explain detail details expand elaborate tell mean means describe about saying".split()
)
# "Recommendation 3", "section two".
_NUMBERED = re.compile(
    rf"\b(?P<noun>{_NOUN}) (?:number |no\.? ?)?(?P<number>\d{{1,2}}|[a-z]+)\b",
    re.IGNORECASE,
)


def ask_for_item(bare: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Return the question for the item that a turn points at, or None."""
    last = _last_number(context)
    if context.listed is None and last is None:
        return None
    if _NEXT.match(bare) and (number := context.item or last or 0):
        return _of_number(number + 1, "", bare, context, catalogue)
    alone = _NUMBER.match(bare)
    if alone is not None and (told := _value(alone["number"])):
        return _of_number(told, "", bare, context, catalogue)
    nth = _NTH.search(bare)
    if nth is None or find_reports(bare, catalogue).places:
        return None
    count = len(context.listed.items) if context.listed else 0
    number = (
        count if nth["nth"].lower() in ("last", "final") else _value(nth["nth"]) or 0
    )
    return _of_number(number, nth[0], bare, context, catalogue) if number else None


def _value(word: str) -> int | None:
    low = word.lower()
    if low in _ORDINALS:
        return _ORDINALS.index(low) + 1
    if low in _DIGITS:
        return _DIGITS[low]
    digits = low if low.isdigit() else number_value(low)
    return int(digits) if digits is not None else None


def _last_number(context: Context) -> int | None:
    found = _NUMBERED.search(context.question)
    return _value(found["number"]) if found else None


def _of_number(
    number: int, said: str, bare: str, context: Context, catalogue: Catalogue
) -> Resolved | None:
    listed = context.listed
    rest = set(content(bare.replace(said, " "))) - _EXPLAINS if said else set()
    if listed is not None and 0 < number <= len(listed.items):
        item = listed.items[number - 1]
        title = title_of(listed.report, catalogue) if listed.report else ""
        if rest:
            text = in_report(bare.replace(said, item, 1), title)
        else:
            text = of_topic(item, title or "the reports", several=not title)
        return Resolved(text, item=number)
    found = _NUMBERED.search(context.question)
    if found is not None and not rest and _value(found["number"]) is not None:
        question = context.question
        again = f"{question[: found.start('number')]}{number}{question[found.end('number') :]}"
        return Resolved(again, item=number)
    if listed is None or listed.items:
        return None
    named = f"{listed.noun} {number}"
    asked = bare.replace(said, named, 1) if said else named
    report = listed.report or context.report
    title = title_of(report, catalogue) if report else ""
    return Resolved(in_report(asked, title), item=number)
