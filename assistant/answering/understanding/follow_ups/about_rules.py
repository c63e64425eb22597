"""Follow-ups that bring another matter: "and prevention?", "and for firms?"."""

from __future__ import annotations

import re

from assistant.answering.understanding.follow_ups.conversation import (
    Context,
    Resolved,
    title_of,
)
from assistant.answering.understanding.follow_ups.pronouns import ASKS, fill_pronouns
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    asks_the_shelf,
    called,
    in_hand,
    in_report,
    of_topic,
    titles_of,
    topic_in,
)
from assistant.answering.understanding.naming import find_reports
from assistant.words import words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ABOUT = _any(
    r"^\W*(?:and |but |so |or )*"
    r"(?:what about|how about|what of|anything (?:on|about)"
    r"|(?:the )?same (?:q|question)?\s*(?:for|on|about)|and|also|plus)\b[\s,]*"
    r"(?P<topic>.*?)[\s?.!]*$"
)
_FOR_WHOM = _any(r"\bfor [^?,;]+?(?P<rest> in [^?,;]+)?\??\W*$")
_AUDIENCE = _any(
    r"\b(?:local government|central (?:government|govt)|(?:local )?authorities|councils"
    r"|(?:government |central )?departments|(?:the )?government|govt|whitehall|ministers"
    r"|(?:hm |the )?treasury|(?:the )?lga|civil service|residents"
    r"|(?:private )?(?:companies|firms|businesses)(?: with a public service ethos)?)\b"
)
_WHOSE_NAME = _any(r"\b(?:it|that|this|they|them)\b")
_FEW_WORDS = 4


def and_what_about(
    text: str, context: Context, catalogue: Catalogue
) -> Resolved | None:
    """Ask the same of another matter, or for other people."""
    about = ABOUT.match(text)
    fragment = not ASKS.search(text) and 0 < len(words(text)) <= _FEW_WORDS
    if about is None and not fragment:
        return None
    topic = about["topic"] if about else text.strip(" ?.!")
    if ASKS.search(topic) or _WHOSE_NAME.search(topic):
        return Resolved(fill_pronouns(topic, context, catalogue))
    if re.match(r"^(?:its|their|his|her)\b", topic, re.IGNORECASE):
        return Resolved(fill_pronouns(f"What is {topic}", context, catalogue))
    same_for = re.match(
        r"^\W*(?:and|also|plus|(?:the )?same)?\s*(?:for|to)\b", text, re.IGNORECASE
    )
    topic = re.sub(r"^(?:for|on|about|in|with|to)\s+", "", topic, flags=re.IGNORECASE)
    swapped = _for_another(topic, context, catalogue, forced=same_for is not None)
    return Resolved(swapped or _on(topic, context, catalogue))


def _for_another(
    topic: str, context: Context, catalogue: Catalogue, *, forced: bool
) -> str | None:
    """Ask the last question for other people: "and for central government?"."""
    question = context.question
    audience = re.fullmatch(
        rf"(?:the )?(?:\w+ )?{_AUDIENCE.pattern}", topic, re.IGNORECASE
    )
    if audience and len(found := list(_AUDIENCE.finditer(question))) == 1:
        swapped = question[: found[0].start()] + topic + question[found[0].end() :]
        open_ = find_reports(question, catalogue).reports or asks_the_shelf(
            question, catalogue
        )
        return swapped if open_ else in_report(swapped, in_hand(context, catalogue))
    if not forced and not audience:
        return None
    if whom := _FOR_WHOM.search(question):
        return f"{question[: whom.start()]}for {topic}{whom['rest'] or ''}?"
    if not forced:
        return None
    matter = topic_in(context, catalogue)
    return in_report(f"{matter} for {topic}", in_hand(context, catalogue))


def _on(topic: str, context: Context, catalogue: Catalogue) -> str:
    """Ask what the reports of the last question say about another matter."""
    asked = find_reports(context.question, catalogue)
    if asked.reports and not asked.excluded:
        name = called(context.question, catalogue)
        several = len(asked.reports) > 1 and name == titles_of(asked.reports, catalogue)
        return of_topic(topic, name, several=several)
    if len(context.group) > 1 or asks_the_shelf(context.question, catalogue):
        return of_topic(topic, "the reports", several=True)
    if context.report is None:
        return f"What about {topic}?"
    return of_topic(topic, title_of(context.report, catalogue), several=False)
