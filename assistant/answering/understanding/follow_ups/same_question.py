"""Asks the last question again of other reports, and says what its matter is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answering.understanding.follow_ups.conversation import Context, title_of
from assistant.answering.understanding.follow_ups.topic import topic_of
from assistant.answering.understanding.naming import Named, find_reports
from assistant.answering.understanding.naming_one import of_report
from assistant.answering.understanding.parts import parts_of
from assistant.answering.understanding.question import scope_of
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS, plain, words

Catalogue = Sequence[ReportDetails]

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_ARTICLE = re.compile(r"\b(?:the|that|this)\s+$", re.IGNORECASE)
_NOUN = re.compile(r"\s+(?:reports?|papers?|study|document|ones?)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:each|every)(?: of the)? (?:reports?|papers?)\b", re.IGNORECASE
)
_MOST_TITLES = 4
_SINGULAR = {"does": "do", "has": "have", "is": "are", "was": "were"}


def joined(names: Iterable[str]) -> str:
    """Return names as a list in words: ``A, B and C``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def titles_of(reports: Sequence[str], catalogue: Catalogue) -> str:
    """Return the titles of reports as a list in words."""
    return joined(title_of(report, catalogue) for report in reports)


def called(text: str, catalogue: Catalogue) -> str:
    """Return what to call the reports that a text names: as it does, or by title.

    "Localis" for its three stays "Localis": a question of them all, and not of each.
    """
    named = find_reports(text, catalogue)
    folded = f" {' '.join(words(text))} "
    own = all(
        f" {' '.join(words(title_of(r, catalogue)))} " not in folded
        for r in named.reports
    )
    if len(named.reports) > 1 and named.publishers and own:
        return joined(named.publishers)
    return titles_of(named.reports, catalogue)


def content(text: str) -> list[str]:
    """Return the words of a text that are not function words."""
    return [w for w in words(text) if w not in STOP_WORDS]


def topic_in(context: Context, catalogue: Catalogue) -> str:
    """Return the matter that a conversation is about."""
    return context.topic or topic_of(context.question, catalogue)


def asks_the_shelf(question: str, catalogue: Catalogue) -> bool:
    """Tell whether a question is put to the reports as a whole, naming none."""
    if find_reports(question, catalogue).reports:
        return False
    return scope_of(question, 0) == "compare" or bool(
        re.search(r"\b(?:anyone|anything|any (?:report|paper))\b", question, re.I)
    )


def of_topic(topic: str, name: str, *, several: bool) -> str:
    """Return the plain question what reports of these names say about a matter."""
    return f"What {'do' if several else 'does'} {name} say about {topic}?"


def in_hand(context: Context, catalogue: Catalogue) -> str:
    """Return the name of what is in hand: a report, or all of the last question."""
    asked = find_reports(context.question, catalogue)
    if len(asked.reports) > 1 and not asked.excluded:
        return called(context.question, catalogue)
    return title_of(context.report, catalogue) if context.report else ""


def in_report(text: str, name: str) -> str:
    """Return a question with the report that it is put to; an empty name adds none."""
    text = text.strip().rstrip("?.! ")
    return f"{text} in {name}?" if name else f"{text}?"


def put_to(
    context: Context, reports: Sequence[str], catalogue: Catalogue, said: str = ""
) -> str:
    """Return the last question, asked of other reports.

    Args:
        context: the conversation.
        reports: whom to ask.
        catalogue: the details of every report.
        said: what to call them; their titles where it is empty.
    """
    name = said or titles_of(reports, catalogue)
    several = " and " in name and len(reports) > 1
    question = context.question.strip().rstrip("?.! ")
    named = find_reports(question, catalogue)
    if len(named.reports) > 1 and len(reports) == 1:
        # "Who wrote A and who paid for B?": what was asked of that report.
        own = [p for p in parts_of(question) if _names(p, reports[0], catalogue)]
        if own:
            question, named = own[0], find_reports(own[0], catalogue)
    topic = topic_of(question, catalogue) or context.topic
    compares = scope_of(question, len(named.reports)) == "compare"
    alone = len(reports) == 1 and compares and topic
    replaced = _replaced(question, named, name) if named.reports and not alone else None
    if not named.reports and _EACH.search(question):
        each = titles_of(reports, catalogue) if len(reports) <= _MOST_TITLES else name
        return f"{_EACH.sub(lambda _: each, question, count=1)}?"
    if replaced is not None and not named.excluded:
        return f"{_agreeing(replaced, name) if several else replaced}?"
    if topic and (named.reports or asks_the_shelf(question, catalogue)):
        return of_topic(topic, name, several=several)
    asked = of_report(question, name, name)
    return _agreeing(asked, name) if several else asked


def _names(text: str, report: str, catalogue: Catalogue) -> bool:
    return report in find_reports(text, catalogue).reports


def _agreeing(question: str, name: str) -> str:
    """Put the verb before several names into the plural."""
    before = re.compile(rf"\b(does|has|is|was)(?=\s+{re.escape(name)})", re.IGNORECASE)
    return before.sub(lambda verb: _SINGULAR[verb[1].lower()], question)


def _replaced(question: str, named: Named, name: str) -> str | None:
    """Put a name in the place of the reports named; None where they stand apart."""
    spans = _spans(question)
    places = named.places
    if spans is None or not places:
        return None
    between = [
        w
        for n, w in enumerate(words(question))
        if places[0] < n < places[-1] and n not in places
    ]
    if set(between) - {
        "and",
        "or",
        "the",
        "report",
        "reports",
        "in",
        "by",
        "from",
        "one",
    }:
        return None
    start, end = spans[places[0]][0], spans[places[-1]][1]
    possessive = "'s" if plain(question[:end]).endswith("'s") else ""
    if "(" in question[start:end] and question[end : end + 1] == ")":
        end += 1
    if noun := _NOUN.match(question, end):
        end = noun.end()
    if article := _ARTICLE.search(question[:start]):
        start = article.start()
    return f"{question[:start]}{name}{possessive}{question[end:]}"


def _spans(text: str) -> list[tuple[int, int]] | None:
    """Return where each word of a text stands; None where folding moves the letters."""
    folded = plain(text).lower()
    if len(folded) != len(text):
        return None
    found = list(_WORD.finditer(folded))
    same = [match[0].removesuffix("'s") for match in found] == words(text)
    return [match.span() for match in found] if same else None
