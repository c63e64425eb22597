"""Turns a follow-up into a standalone question, by rule, from the history.

Each rule looks at how a question leans on the conversation ("it", "and prevention?",
"the other one", "why?") and returns its standalone form, or None where it does not
apply. The first that applies wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.understanding.conversation import (
    Context,
    TopReport,
    read_history,
    title_of,
)
from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails, Turn
from assistant.words import STOP_WORDS, words

Catalogue = Sequence[ReportDetails]
Rule = Callable[[str, Context, Catalogue], str | None]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_POLITE = _any(
    r"^(?:\W*(?:thanks|thank you|ok|okay|great|good|right|cheers|sorry|no|yes|hmm|well|so"
    r"|now|i see|got it)\b[\s,.!]*)+"
)
_ABOUT = _any(
    r"^\W*(?:and |but |so |or )*"
    r"(?:what about|how about|what of|anything (?:on|about)"
    r"|(?:the )?same (?:q|question)?\s*(?:for|on|about)|and|also|plus)\b[\s,]*"
    r"(?P<topic>.*?)[\s?.!]*$"
)
_OTHER = _any(r"\b(?:the|that) other (?:one|report|paper|document)\b")
_OTHERS = _any(
    r"\b(?:any|the) (?:others?|other reports?|other ones)\b|\banyone else\b"
    r"|\bwho else\b.*\bsays?\b"
)
_NTH_REPORT = _any(
    r"\bthe (?P<nth>first|second) (?:report|paper|document|of (?:them|these|those))"
    r"(?: (?:that )?you (?:named|mentioned|listed))?"
)
_BY_AGE = _any(
    r"\bthe (?:(?P<new>newer|later|more recent)|older|earlier)"
    r"(?: (?:one|report|paper|document|of (?:them|these|those|the two)))?\b"
)
_POINTING_BACK = _any(r"^\W*(?:going )?back to (?P<what>[^,–-]{3,60}?)\s*[,–-]\s*")
_MEANT = _any(r"^\W*(?:no,?\s*)?(?:i (?:meant|mean)|not that one,?|actually,?)\s*\S.*$")
_SAY_AGAIN = _any(
    r"\b(shorter|shorten|in short|one sentence|one line|again|rephrase|simpler"
    r"|more simply|plain english|more detail|tell me more|go on|expand|elaborate"
    r"|more about (it|that|this)|say (it|that|this))\b"
)
_WHO_SAID = _any(r"\bwho (said|says|argued|claims|told) (that|this|it)\b")
_BARE_WHY = _any(r"^\W*(?:but |and |so )*(?:why|how come)(?: is that| so)?\W*$")
_YES = _any(r"^(?:yes|no)\b\W*")
_FOR_WHOM = _any(r"\bfor [^?,;]+\??\W*$")
_ORDINAL = _any(
    r"\bthe (?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r"(?: one)?\b"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_LISTED = _any(r"\b(principle|recommendation|finding|lesson|element|section)s\b")
_OF_THE_SHELF = _any(r"\b(reports|papers|documents|the shelf)\b")
_ITS = _any(r"^its (?P<thing>[\w' -]{3,40})$")
_IT = _any(
    r"\b(?:it|its|it's|(?:the|that|this) (?:report|paper|document)|that one|this one"
    r"|the same report)\b"
)
# "how long should it last?": "it" is the matter, not the report.
_IT_AS_MATTER = _any(r"\b(should|would|could|can|will|must|might|may) it\b")
_PERSON_PRONOUN = _any(r"\b(he|she|him|her|his|hers)\b")
_THAT = _any(r"\b(that|this|those|these|they|them|their|there|such)\b")
# "Why do councils find that hard?": "that" is the matter, for no noun follows.
_THAT_AS_MATTER = _any(
    r"\b(?:find|makes?|made|think of|about|with|for) (?:that|this)"
    r"(?:\W*$| (?:hard|easy|difficult|important|possible|happen|work))"
)
_ASKS_OF_THAT = _any(
    r"\b(?P<asks>did|does|do|is|was|are|were|has|have) (?:that|this|they|it)\b"
)
_ASKS = _any(
    r"\b(who|whom|whose|what|when|where|why|how|which|does|did|do|is|are|was|were|can"
    r"|should|has|have|name|list)\b"
)
# Words of a question that adds no matter of its own: "does the older one agree?".
_NO_MATTER = frozenset(
    "agree disagree differ same too also well mention say propose recommend suggest want".split()
)
# So few content words lean on what went before; so few words in all are a stub.
_FEW = 3
_SHORT = 4


def _content(text: str) -> list[str]:
    return [w for w in words(text) if w not in STOP_WORDS]


def _matter_of(question: str, catalogue: Catalogue) -> str:
    """Return the words of a question without the names of reports."""
    rest = " ".join(find_reports(question, catalogue).rest)
    return re.sub(
        r"(\b(in|of|from|by|about|for|to|on|does|do|say|what)\b\s*)+$", "", rest
    )


def _topic_of(context: Context, catalogue: Catalogue) -> str:
    """Return the content words of the last question's matter, as a phrase."""
    rest = find_reports(context.question, catalogue).rest
    return " ".join(w for w in rest if w not in STOP_WORDS)


def _in_report(text: str, context: Context, catalogue: Catalogue) -> str:
    """Name the report spoken of last in a question that names none."""
    text = text.strip().rstrip("?.! ")
    if context.report is None:
        return f"{text}?"
    return f"{text} in {title_of(context.report, catalogue)}?"


def _same_question(context: Context, new: str, catalogue: Catalogue) -> str:
    """Ask the last question of the report that the new one names."""
    reports = find_reports(new, catalogue).reports
    if len(reports) > 1 and set(reports) & set(context.reports):
        # "I mean the Localis one": the one of them that was spoken of.
        reports = tuple(r for r in context.reports if r in reports)[:1]
    titles = " and ".join(title_of(report, catalogue) for report in reports)
    return f"{_matter_of(context.question, catalogue)} in {titles}?".strip()


def _meant(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    if _MEANT.match(bare) and find_reports(bare, catalogue).reports:
        return _same_question(context, bare, catalogue)
    return None


def _nth_report(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the second report" of those spoken of, in the order of their mention."""
    nth = _NTH_REPORT.search(bare)
    if nth is None or len(context.reports) < 2:
        return None
    place = {"first": -1, "second": -2}[nth["nth"].lower()]
    title = title_of(context.reports[place], catalogue)
    back = _POINTING_BACK.match(bare)
    if back is not None:
        return _IT.sub(title, bare[back.end() :], count=1)
    return bare[: nth.start()] + title + bare[nth.end() :]


def _by_age(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the newer one" of the two reports spoken of last."""
    age = _BY_AGE.search(bare)
    if age is None or len(context.reports) < 2:
        return None
    dated = sorted(
        context.reports[:2],
        key=lambda report: next(
            d.published or "" for d in catalogue if d.report == report
        ),
    )
    title = title_of(dated[-1 if age["new"] else 0], catalogue)
    asked = bare[: age.start()] + title + bare[age.end() :]
    return _of_a_named_report(asked, context, catalogue)


def _the_other(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Ask of the report spoken of before the last one; the last answer's is taken."""
    if not _OTHER.search(bare):
        return None
    others = [report for report in context.reports if report != context.report]
    asked = find_reports(context.question, catalogue).reports
    # "Who sponsored A and who backed B?" answered for A: the other one is B.
    others = [r for r in asked if r != context.reports[0]] or others
    if not others:
        same = [d.report for d in catalogue if d.report != context.report]
        others = list(dict.fromkeys(same)) if len(set(same)) == 1 else []
    if not others:
        return bare
    rest = _OTHER.sub("", bare)
    matter = _matter_of(rest if _content(rest) else context.question, catalogue)
    return f"{matter} in {title_of(others[0], catalogue)}?"


def _the_others(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    if not _OTHERS.search(bare):
        return None
    topic = _topic_of(context, catalogue)
    if context.report is None:
        return f"What do the reports say about {topic}?"
    own = title_of(context.report, catalogue)
    return f"What do the reports say about {topic}, other than {own}?"


def _and_what_about(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    about = _ABOUT.match(bare)
    if about is None:
        return None
    topic = about["topic"]
    if (own := _ITS.match(topic)) and context.report:
        return f"What is the {own['thing']} of {title_of(context.report, catalogue)}?"
    named = find_reports(topic, catalogue)
    if named.reports and not _content(" ".join(named.rest)):
        return _same_question(context, topic, catalogue)
    if _IT.search(topic) or _PERSON_PRONOUN.search(topic):
        return _resolve_words(topic, context, catalogue)
    if _ASKS.search(topic):
        # "and who wrote it?", "and how much would that cost?": a question of its own.
        return topic if named.reports else _resolve_words(topic, context, catalogue)
    if named.reports:
        return bare
    topic = re.sub(r"^(for|on|about|in|with|the|to)\s+", "", topic, flags=re.IGNORECASE)
    if re.match(r"^\W*(and|also|plus|the same|same)?\s*for\b", bare, re.IGNORECASE):
        # "and for central government?": the same question for someone else.
        if _FOR_WHOM.search(context.question):
            return _FOR_WHOM.sub(f"for {topic}?", context.question)
        matter = _topic_of(context, catalogue)
        return _in_report(f"{matter} for {topic}", context, catalogue)
    if context.report is None:
        return f"What about {topic}?"
    return f"What does {title_of(context.report, catalogue)} say about {topic}?"


def _of_a_named_report(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    named = find_reports(bare, catalogue)
    if not named.reports:
        return None
    if set(_content(" ".join(named.rest))) <= _NO_MATTER:
        return _same_question(context, bare, catalogue)
    topic = _topic_of(context, catalogue)
    return _ASKS_OF_THAT.sub(rf"\g<asks> {topic}", bare, count=1) if topic else bare


def _who_said(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    if _WHO_SAID.search(bare) and context.statement:
        return f"Who said this: {context.statement}"
    return None


def _say_again(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    return context.question if _SAY_AGAIN.search(bare) else None


def _why(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Ask a lone "why?" of what the last answer said."""
    if not _BARE_WHY.match(bare) or not context.statement:
        return None
    claim = _YES.sub("", context.statement).rstrip(" .")
    return _in_report(f"Why {claim}", context, catalogue)


def _of_the_shelf(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    return bare if _OF_THE_SHELF.search(bare) else None


def _item_of_list(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Ask "explain the third one" of item 3 of the list that was asked for."""
    nth, listed = _ORDINAL.search(bare), _LISTED.search(context.question)
    if nth is None or listed is None or len(_content(_ORDINAL.sub("", bare))) > 1:
        return None
    item = f"{listed[1].lower()} {_ORDINALS.index(nth['nth'].lower()) + 1}"
    return _in_report(_ORDINAL.sub(item, bare, count=1), context, catalogue)


def _resolve_words(bare: str, context: Context, catalogue: Catalogue) -> str:
    """Replace pronouns, or add the last matter where a question has none of its own."""
    text = bare
    if context.person and _PERSON_PRONOUN.search(text):
        text = _PERSON_PRONOUN.sub(context.person, text, count=1)
    topic = _topic_of(context, catalogue)
    if topic and _IT_AS_MATTER.search(text):
        return _in_report(_IT.sub(topic, text, count=1), context, catalogue)
    own = _content(text)
    if context.report and own and _IT.search(text):
        return _IT.sub(title_of(context.report, catalogue), text, count=1)
    stub = not own or (len(own) == 1 and len(words(text)) <= _SHORT)
    leans = _THAT.search(text) is not None and len(own) < _FEW
    if stub or leans or _THAT_AS_MATTER.search(text):
        return _in_report(f"{text.strip(' ?.!')} {topic}", context, catalogue)
    if len(own) < _FEW and _ASKS.search(text):
        return _in_report(text, context, catalogue)
    return text


_RULES: tuple[Rule, ...] = (
    _meant,
    _nth_report,
    _by_age,
    _the_other,
    _the_others,
    _and_what_about,
    _of_a_named_report,
    _who_said,
    _say_again,
    _why,
    _of_the_shelf,
    _item_of_list,
    _resolve_words,
)


def standalone_from(
    question: str, context: Context | None, catalogue: Catalogue
) -> str:
    """Return the standalone form of a question in its context.

    Args:
        question: as typed.
        context: the conversation before it; None where there is none.
        catalogue: the details of every report.
    """
    typed = question.strip()
    bare = _POLITE.sub("", typed).strip()
    if context is None or not bare:
        return typed
    found = (rule(bare, context, catalogue) for rule in _RULES)
    return next(form for form in found if form is not None)


def make_standalone(
    question: str,
    history: Sequence[Turn],
    catalogue: Catalogue,
    top_report: TopReport,
) -> str:
    """Return the standalone form of a question, given the turns before it."""
    context = read_history(history, catalogue, top_report, standalone_from)
    return standalone_from(question, context, catalogue)
