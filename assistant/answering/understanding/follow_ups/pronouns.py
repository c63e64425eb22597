"""Puts the matter, the report or the person in the place of a pronoun."""

from __future__ import annotations

import re

from assistant.answering.understanding.follow_ups.conversation import Context, title_of
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    asks_the_shelf,
    content,
    in_hand,
    in_report,
    titles_of,
    topic_in,
)
from assistant.answering.understanding.follow_ups.topic import topic_of
from assistant.schema import NO_PUBLISHER
from assistant.words import words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ASKS = _any(
    r"\b(who|whom|whose|whos|what|whats|when|where|why|how|which|does|did|do|is|are|was"
    r"|were|can|could|should|would|will|has|have|name|list|explain|compare|tell|give"
    r"|summari[sz]e|describe)\b"
)
_IT = _any(r"\b(?:it|its)\b(?!['’])")
_THEY = _any(r"\b(?:they|their|them)\b(?!['’])")
_PERSON = _any(r"\b(?:he|she|him|her|his|hers)\b")
_THAT = _any(r"\b(?:that|this|those|these|such)\b")
# "Who is that aimed at?", "how much is that altogether?": no noun follows.
_THAT_ALONE = _any(
    r"\b(?:that|this|those|these)\b(?=\W*$|\s+(?:is|are|was|were|be|been|being|still|mean|means"
    r"|meant|work|works|apply|applies|cost|costs|come|comes|came|happen|happens|for|to|in|from"
    r"|by|at|on|with|of|about|hard|easy|difficult|important|possible|help|bring|also|too|not"
    r"|really|get|got|have|has|had|done|aimed|said|called|current|going|true|right|altogether)\b)"
)
_SAYING = (
    r"say|says|said|mention|mentions|recommends?|recommended|finds?|found|concludes?|concluded"
    r"|argues?|argued|proposes?|proposed|suggests?|suggested|calls? for|called for|wants?|wanted"
    r"|asks?|asked|covers?|thinks?|claims?|quotes?|names?|lists?|makes?|contains?|includes?"
    r"|publish|published|interview\w*|talk|spoke|speak"
)
# "Why do councils find that hard?": "that" is the matter, for no noun follows.
_THAT_AS_MATTER = _any(
    r"\b(?:find|makes?|made|think of|about|with|for|of) (?:that|this)"
    r"(?:\W*$| (?:hard|easy|difficult|important|possible|happen|work))"
)
# Of a text: who made it, where it is, what it says.
OF_A_TEXT = _any(
    r"\b(?:wrote|writ\w+|authors?|publish\w*|releas\w+|launch\w*|c[ao]me out|sponsor\w*|funded"
    r"|paid for|pays? for|backed|behind|read|download|cop(?:y|ies)|pages?|titled?|subtitle|called"
    r"|embargo\w*|aimed|meant for|intended|audience|(?:is|was) it about|old|gist"
    r"|summar\w+|sum|quoted|researched|available|dated?|e?mail|contact|buy"
    r"|recommendations|findings|principles|lessons|conclusions?|chapters|sections)\b",
    rf"\bit (?:also |even |actually |really |ever )?(?:{_SAYING})\b",
    r"\b(?:for|with|from) it\b.*\bcontact\b|\b(?:is|was) it (?:for|against)\b|\bin it\b",
)
_THEY_SAY = _any(rf"\bthey (?:also |even |actually |really |ever )?(?:{_SAYING})\b")
# "Which of those is about money?", of the findings listed.
_OF_LIST = _any(r"\b(which|any|one|some|how many) of (?:those|these|them)\b")
_THERE = _any(r"\s+(?:in )?there\b")
# "What is DLUHC?": a question of its own.
_WHAT_IS = _any(
    r"^\W*how many [\w-]+\W*$",
    r"^\W*(?:what|who)(?:['’]?s| is| are| was| were) (?:an? |the )?[\w'-]+(?: \w+)?\W*$",
)
_WHICH_REPORT = _any(r"\b(?:which|what|any|other) (?:reports?|papers?|ones?)\b")
_THAT_ITEM = _any(
    r"\bthat ((?:recommendation|finding|principle|lesson|point|idea|bit|thing|part)"
    r" (?:about|on|of|for) )"
)
_MOST_HEARD = 3
_FEW = 3
_SHORT = 4


def fill_pronouns(text: str, context: Context, catalogue: Catalogue) -> str:
    """Return a question with its pronouns filled in, and the last matter where it has none."""
    if context.person and _PERSON.search(text):
        text = _PERSON.sub(context.person, text, count=1)
    topic = topic_in(context, catalogue)
    title = title_of(context.report, catalogue) if context.report else ""
    hand = "" if _WHICH_REPORT.search(text) else in_hand(context, catalogue)
    if _THAT_ITEM.search(text):
        group = context.group[-_MOST_HEARD:]
        return in_report(
            _THAT_ITEM.sub(r"the \1", text),
            titles_of(group, catalogue) if group else hand,
        )
    if context.listed is not None and (of_list := _OF_LIST.search(text)):
        named = f"{of_list[1]} of the {context.listed.noun}s"
        text = f"{text[: of_list.start()]}{named}{text[of_list.end() :]}"
        report = context.listed.report
        return in_report(text, title_of(report, catalogue) if report else hand)
    text = _THERE.sub("", text) if title else text
    for pronoun, says in ((_IT, OF_A_TEXT), (_THEY, _THEY_SAY)):
        if not pronoun.search(text):
            continue
        of_text = says.search(text) is not None or (pronoun is _IT and not topic)
        if of_text and title:
            # "What do they want to happen to it?": the report wants, of the matter.
            they = _they(context, title, catalogue) if pronoun is _THEY else title
            text = _put(pronoun, they, text)
            other = _IT if pronoun is _THEY else _THEY
            return _put(other, topic, text) if topic else text
        if topic and (pronoun is _IT or content(text)):
            return in_report(_put(pronoun, topic, text), hand)
    return _without_pronoun(text, topic, hand, context, catalogue)


def _they(context: Context, title: str, catalogue: Catalogue) -> str:
    """Return who "they" are: the publisher, where it has no other report on the shelf."""
    publisher = next(d.publisher for d in catalogue if d.report == context.report)
    own = {d.report for d in catalogue if d.publisher == publisher}
    return publisher if len(own) == 1 and publisher != NO_PUBLISHER else title


def _put(pronoun: re.Pattern[str], name: str, text: str) -> str:
    def instead(found: re.Match[str]) -> str:
        own = "'" if name.endswith("s") else "'s"
        return f"{name}{own}" if found[0].lower() in ("its", "their") else name

    return pronoun.sub(instead, text, count=1)


def _without_pronoun(
    text: str, topic: str, hand: str, context: Context, catalogue: Catalogue
) -> str:
    own = content(text)
    if _WHAT_IS.match(text) and not _THAT.search(text) and topic_of(text, catalogue):
        return in_report(text, hand)
    as_matter = _THAT_AS_MATTER.search(text) is not None
    if topic and _THAT_ALONE.search(text) and (as_matter or len(own) < _FEW):
        filled = _THAT_ALONE.sub(lambda _: topic, text, count=1)
        return in_report(filled, hand)
    stub = not own or (len(own) == 1 and len(words(text)) <= _SHORT)
    leans = _THAT.search(text) is not None and len(own) < _FEW
    if stub or leans:
        more = [word for word in topic.split() if word not in words(text)]
        added = " ".join([text.strip(" ?.!"), *more])
        if not hand and asks_the_shelf(context.question, catalogue):
            return f"{added} in the reports?"
        return in_report(added, hand)
    if len(own) < _FEW and ASKS.search(text):
        return in_report(text, hand)
    return text
