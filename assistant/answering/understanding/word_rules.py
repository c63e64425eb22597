"""Fills in what a follow-up's words lean on: "it", "that", "why?", "and prevention?"."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answering.understanding.conversation import Context, Resolved, title_of
from assistant.answering.understanding.item_rules import ask_for_item
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import OTHER_THAN
from assistant.answering.understanding.pronouns import ASKS, fill_pronouns
from assistant.answering.understanding.same_question import (
    Catalogue,
    asks_the_shelf,
    called,
    content,
    in_hand,
    in_report,
    of_topic,
    put_to,
    titles_of,
    topic_in,
)
from assistant.answering.understanding.topic import WHOLE
from assistant.words import words

Rule = Callable[[str, Context, Catalogue], Resolved | None]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ABOUT = _any(
    r"^\W*(?:and |but |so |or )*"
    r"(?:what about|how about|what of|anything (?:on|about)"
    r"|(?:the )?same (?:q|question)?\s*(?:for|on|about)|and|also|plus)\b[\s,]*"
    r"(?P<topic>.*?)[\s?.!]*$"
)
_MEANT = _any(r"^\W*(?:no,?\s*)?(?:i (?:meant|mean)|not that one,?|actually,?)\s*\S.*$")
_I_MEANT = _any(r"^\W*(?:no,?\s*)?i (?:meant|mean)\b")
_SHORTER = _any(
    r"\b(shorter|shorten|in short|(?:in |to )?(?:one|a) (?:sentence|line)|in a nutshell|briefly"
    r"|rephrase|simpler|more simply|plain english)\b"
)
_MORE = _any(
    r"\b(again|(?:in )?more detail|tell me more|go on|expand|elaborate|say (?:it|that|this))\b",
    r"^\W*more(?: please)?\W*$",
)
_WHO_SAID = _any(
    r"\bwho(?:['’]?s| is| was)? ?(?:said|says|saying|argued|argues|claims|told|recommend(?:s|ed)?"
    r"|suggested|wrote) (?:that|this|so|it)\b\W*$",
    r"\bsays who\b|\bwhich (?:report|one) (?:is|was|does|did) (?:that|this|it) (?:come )?from\b",
    r"\bwhere(?:['’]?s| is| does| did) (?:that|this) (?:come )?from\b",
)
_WROTE_IT = _any(r"\bwrote (?:it|this|that)\b")
_BARE_WHY = _any(r"^\W*(?:but |and |so )*(?:why|how come)(?: is that| so)?\W*$")
_YES = _any(r"^(?:yes|no)\b\W*")
_FOR_WHOM = _any(r"\bfor [^?,;]+?(?P<rest> in [^?,;]+)?\??\W*$")
_AUDIENCE = _any(
    r"\b(?:local government|central (?:government|govt)|(?:local )?authorities|councils"
    r"|(?:government |central )?departments|(?:the )?government|govt|whitehall|ministers"
    r"|(?:private )?(?:companies|firms|businesses)(?: with a public service ethos)?)\b"
)
_COMPARES = _any(
    r"\b(?:compar\w+|side by side|agree|disagrees?|differ\w*|contrast\w*|conflict\w*"
    r"|in common|versus|vs|clash)\b"
)
_COMPARING = frozenset(
    "compare comparison side agree disagree disagrees differ difference differences "
    "different contrast conflict conflicting common versus vs clash way show two".split()
)
_WHICH_AGE = _any(
    r"\b(?:which|who)(?: one| report| paper| of (?:them|these|those|the (?:two|three|four)))?"
    r"(?:['’]?s| is| was| came)? (?:the )?(?:more |most )?(?:newer|newest|older|oldest|recent"
    r"|latest|earlier|earliest|first|up to date)\b\W*$"
)
_OF_THE_SHELF = _any(r"\b(?:reports|papers|documents|the shelf)\b")
_ASKS_OF_THAT = _any(
    r"\b(?P<asks>did|does|do|is|was|are|were|has|have) (?:that|this|they|it)\b"
)
_ON_THAT = _any(
    r"\b(?P<on>on|about|of|to|with) (?:that|this|it|the same(?: thing| subject)?)\b"
)
_WHOSE_NAME = _any(r"\b(?:it|that|this|they|them)\b")
# Words of a question that adds no matter of its own: "does the older one agree?".
_NO_MATTER = frozenset(
    """
    agree disagree differ too also well mention say think propose recommend suggest want
    argue view position stance take exactly thought different thing same subject none
    anything point talk speak older oldest newer newest latest earlier earliest recent
    according report paper document study
    """.split()
)
# With a report named in full, these ask for the whole of it: "What does A recommend?"
_LEANING = _any(
    r"^\W*(?:and|but|so|also|what about|how about|no|actually|then)\b|\b(?:too|also|either|same"
    r"|ones?|instead|exactly)\b"
)
_FEW = 3
_FEW_WORDS = 4


def fill_words(
    text: str, context: Context, catalogue: Catalogue, typed: str
) -> Resolved:
    """Return a follow-up complete in itself.

    Args:
        text: the follow-up, with titles where it pointed at reports.
        context: the conversation before it.
        catalogue: the details of every report.
        typed: the follow-up before those titles.
    """
    named = find_reports(text, catalogue)
    if named.reports and _is_whole(typed, catalogue):
        return Resolved(text)
    found = (rule(text, context, catalogue) for rule in _RULES)
    return next((r for r in found if r is not None), None) or Resolved(
        fill_pronouns(text, context, catalogue)
    )


def _is_whole(typed: str, catalogue: Catalogue) -> bool:
    """Tell whether "What does the Localis report recommend?" was typed in full."""
    rest = set(content(" ".join(find_reports(typed, catalogue).rest)))
    return (
        bool(rest & WHOLE) and rest <= _NO_MATTER | WHOLE and not _LEANING.search(typed)
    )


def _meant(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    named = find_reports(text, catalogue)
    if _MEANT.match(text) and named.reports and not set(content(" ".join(named.rest))):
        return Resolved(put_to(context, named.reports, catalogue))
    rest = content(_I_MEANT.sub("", text)) if _I_MEANT.match(text) else []
    if not named.reports and 0 < len(rest) < _FEW:
        # "I meant the councils one", of two things that go by one name.
        return Resolved(f"{context.question.rstrip('?.! ')} for {' '.join(rest)}?")
    return None


def _who_said(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    if not _WHO_SAID.search(text) or not context.statement or _WROTE_IT.search(text):
        return None
    return Resolved(f"Who said this: {context.statement}", aside=True)


def _say_again(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last question again, in short where that is asked for."""
    shorter, more = _SHORTER.search(text), _MORE.search(text)
    left = content(_MORE.sub(" ", _SHORTER.sub(" ", text)))
    if not (shorter or more) or len(left) > 1 or find_reports(text, catalogue).reports:
        return None
    if not shorter or _SHORTER.search(context.question):
        return Resolved(context.question, aside=True)
    return Resolved(f"In short, {context.question}", aside=True)


def _why(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask a lone "why?" of what the last answer said."""
    if not _BARE_WHY.match(text) or not context.statement:
        return None
    claim = _YES.sub("", context.statement).rstrip(" .")
    if find_reports(claim, catalogue).reports:
        return Resolved(f"Why {claim}?", aside=True)
    return Resolved(in_report(f"Why {claim}", in_hand(context, catalogue)), aside=True)


def _which_age(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask "which is newer?" as when each of the reports was published."""
    if not _WHICH_AGE.search(text):
        return None
    named = find_reports(text, catalogue).reports
    reports = named if len(named) > 1 else context.group
    reports = reports if len(reports) > 1 else context.reports[:2]
    name = titles_of(reports, catalogue) if len(reports) > 1 else "the reports"
    ages = {d.report: d.published or "" for d in catalogue if d.report in reports}
    old = re.search(r"\b(?:older|oldest|earlier|earliest|first)\b", text, re.IGNORECASE)
    dated = sorted(ages, key=lambda report: ages[report])
    meant = (dated[0] if old else dated[-1]) if dated else None
    return Resolved(f"When were {name} published?", report=meant)


def _compare(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Set the reports spoken of side by side on the last matter."""
    named = find_reports(text, catalogue)
    own = set(content(" ".join(named.rest) if named.reports else text))
    if not _COMPARES.search(text) or own - _COMPARING or len(named.reports) == 1:
        return None
    reports = named.reports or context.group
    topic = topic_in(context, catalogue)
    on = f" on {topic}" if topic else ""
    if len(reports) < 2 and not asks_the_shelf(context.question, catalogue):
        return None
    name = titles_of(reports, catalogue) if len(reports) > 1 else "the reports"
    return Resolved(f"How do {name} compare{on}?")


def _of_named(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last question of the reports named, where no other matter is."""
    named = find_reports(text, catalogue)
    if named.excluded:
        return _of_another(text, context, catalogue)
    if not named.reports:
        return None
    name = called(text, catalogue)
    about = _ABOUT.match(text)
    rest = " ".join(named.rest)
    if set(content(rest)) <= _NO_MATTER:
        return Resolved(put_to(context, named.reports, catalogue, name))
    topic = topic_in(context, catalogue)
    if topic and (_ASKS_OF_THAT.search(text) or _ON_THAT.search(text)):
        text = _ASKS_OF_THAT.sub(rf"\g<asks> {topic}", text, count=1)
        return Resolved(_ON_THAT.sub(rf"\g<on> {topic}", text, count=1))
    if about is not None and ASKS.search(about["topic"]):
        return Resolved(about["topic"])
    return Resolved(text)


def _of_another(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last matter of "the report other than A", which leaves open which it is."""
    found = OTHER_THAN.search(text)
    if found is None or set(content(OTHER_THAN.sub("", text))) - _NO_MATTER:
        return Resolved(text)
    topic = topic_in(context, catalogue)
    if topic:
        return Resolved(of_topic(topic, found[0], several=False))
    return Resolved(f"What is {found[0]} about?")


def _and_what_about(
    text: str, context: Context, catalogue: Catalogue
) -> Resolved | None:
    about = _ABOUT.match(text)
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


def _of_the_shelf(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    if not _OF_THE_SHELF.search(text):
        return None
    topic = topic_in(context, catalogue)
    leans = set(content(text)) <= _NO_MATTER | {
        "reports",
        "papers",
        "documents",
        "shelf",
    }
    if leans and topic:
        return Resolved(of_topic(topic, "the reports", several=True))
    return Resolved(text)


_RULES: tuple[Rule, ...] = (
    _meant,
    ask_for_item,
    _who_said,
    _which_age,
    _compare,
    _say_again,
    _why,
    _of_named,
    _of_the_shelf,
    _and_what_about,
)
