"""Lets the model turn items into questions, and uses only those that are fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answering.checking.orders import addresses_assistant
from assistant.answering.understanding.attacks import asks_against_sources
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.pronouns import leans_back
from assistant.answering.writers.gathering import without_thinking
from assistant.answering.writers.state import Measured, Stopping
from assistant.answering.writers.writing import Writer
from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.agenda.questions import MOST_QUESTIONS, matter_of
from assistant.errors import ProviderError
from assistant.provider.model import Message
from assistant.text.words import content_stems, stem, stems

# Items in one call: few enough that no small model loses count.
MOST_TOGETHER = 8
MOST_WORDS = 30
_MOST_CHARS_OF_AN_ITEM = 800
_SECONDS = 60.0
_PER_MESSAGE = 8
_MOST_NAMED = 6
_LINE = re.compile(r"^(?:[-*•]\s+)?\**(?P<place>\d{1,2})\s*[.:)]\**\s+(?P<text>\S.*)$")
# What a question may say besides the words of its item.
_ASKING = frozenset(
    map(
        stem,
        "report recommend recommendation suggest propose proposal argue find finding view "
        "see set evidence expect call council local authority government national central "
        "england english sector area place role approach way challenge opportunity improve "
        "help support affect effect change future main key lesson practice example work "
        "develop about regarding reform".split(),
    )
)
# A question that leaves out more of the matter than this asks about something else.
_LEAST_COVERED = 0.5
_ORDERS = (
    "Orders to whoever reads the agenda stand in {items}. The model was not sent that; "
    "its questions are made by rule."
)
_UNFIT = (
    "The model {model} proposed nothing fit for {items}: these questions are made by "
    "rule."
)
_FAILED = "The questions of {items} are made by rule, since the model failed. {error}"


class _Batch(NamedTuple):
    """Items sent together, by their places in the agenda."""

    places: tuple[int, ...]
    text: str


class _Reply(NamedTuple):
    """What came of one call; ``fault`` says why nothing did."""

    text: str
    tokens: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model's questions for each place in the agenda, and what fell to the rules."""

    questions: dict[int, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    tokens: int = 0


def propose_questions(
    items: Sequence[AgendaItem],
    places: Iterable[int],
    writer: Writer,
    glossary: Glossary,
    *,
    at_once: int = 1,
    stopping: Stopping = lambda stop: None,
) -> Proposal:
    """Ask the model for the questions of some items, in as few calls as they need.

    Args:
        items: all of the agenda.
        places: of those that the model is to ask about.
        writer: the model, its prompts and limits.
        glossary: other names for a matter, which a question may use too.
        at_once: calls at one time.
        stopping: is handed functions that end the calls from another thread.
    """
    asked = list(places)
    orders = [place for place in asked if _gives_orders(items[place])]
    sent = [place for place in asked if place not in orders]
    found: dict[int, tuple[str, ...]] = {}
    notes = [_told(_ORDERS, [items[place]]) for place in orders]

    batches = list(_batches(items, sent, writer))
    with ThreadPoolExecutor(at_once, thread_name_prefix="questions") as pool:
        replies = list(pool.map(lambda batch: _reply(batch, writer, stopping), batches))
    failed: dict[str, list[AgendaItem]] = {}
    unfit = [place for place in sent if not any(place in b.places for b in batches)]
    for batch, reply in zip(batches, replies, strict=True):
        own_items = [items[place] for place in batch.places]
        if reply.fault:
            failed.setdefault(reply.fault, []).extend(own_items)
            continue
        own = fit_questions(reply.text, own_items, glossary)
        found |= {batch.places[n]: questions for n, questions in own.items()}
        unfit += [place for place in batch.places if place not in found]
    if unfit:
        lacking = [items[place] for place in sorted(unfit)]
        notes.append(_told(_UNFIT, lacking, model=writer.model.name))
    notes += [_told(_FAILED, own, error=error) for error, own in failed.items()]
    return Proposal(found, tuple(notes), sum(reply.tokens for reply in replies))


def _told(note: str, items: Sequence[AgendaItem], **more: str) -> str:
    numbers = [item.number for item in items]
    named = f"item {numbers[0]}"
    if len(numbers) > _MOST_NAMED:
        named = f"{len(numbers)} items"
    elif len(numbers) > 1:
        named = f"items {', '.join(numbers[:-1])} and {numbers[-1]}"
    text = note.format(items=named, **more)
    return text[:1].upper() + text[1:]


def _gives_orders(item: AgendaItem) -> bool:
    return any(
        addresses_assistant(text) or asks_against_sources(text)
        for text in (item.title, *item.matters)
    )


def _batches(
    items: Sequence[AgendaItem], places: Sequence[int], writer: Writer
) -> Iterator[_Batch]:
    """Share out the items so that each call keeps to the budget of tokens."""
    prompt = writer.prompts.agenda
    room = writer.context_tokens - writer.tokens.count(prompt.fill(items=""))
    room -= _PER_MESSAGE
    own: list[int] = []
    blocks: list[str] = []
    left = room
    for place in places:
        cost = writer.tokens.count(_block(MOST_TOGETHER, items[place])) + 2
        if cost > room:
            continue
        if own and (cost > left or len(own) == MOST_TOGETHER):
            yield _Batch(tuple(own), prompt.fill(items="\n".join(blocks)))
            own, blocks, left = [], [], room
        own.append(place)
        blocks.append(_block(len(own), items[place]))
        left -= cost
    if own:
        yield _Batch(tuple(own), prompt.fill(items="\n".join(blocks)))


def _block(number: int, item: AgendaItem) -> str:
    """Return an item fenced as data: it cannot close its own fence."""
    text = "\n".join([item.title, *(f"- {matter}" for matter in item.matters)])
    text = text[:_MOST_CHARS_OF_AN_ITEM].replace("<", "(").replace(">", ")")
    return f'<item number="{number}">\n{text}\n</item>'


def _reply(batch: _Batch, writer: Writer, stopping: Stopping) -> _Reply:
    text = ""
    measured = Measured()
    try:
        stream = writer.model.stream(
            [Message("human", batch.text)],
            seconds=min(_SECONDS, writer.answer_seconds),
            stopping=stopping,
        )
        with closing(stream):
            for piece in stream:
                text += piece.text
                if piece.usage:
                    measured.add(piece.usage)
    except ProviderError as error:
        return _Reply("", measured.sent + measured.written, str(error))
    return _Reply(text, measured.sent + measured.written)


def fit_questions(
    reply: str, items: Sequence[AgendaItem], glossary: Glossary
) -> dict[int, tuple[str, ...]]:
    """Return the questions of a reply that may be used, by the item's place from 0.

    Lines of another form are passed over. An item keeps its questions only if each is
    one whole question in words of the item, and together they cover its matter.
    """
    told: dict[int, list[str]] = {}
    for line in without_thinking(reply).splitlines():
        match = _LINE.match(line.strip())
        if match and 1 <= int(match["place"]) <= len(items):
            text = " ".join(match["text"].split()).strip('"“”*` ')
            told.setdefault(int(match["place"]) - 1, []).append(text)
    return {
        place: questions
        for place, lines in told.items()
        if (questions := _fit(lines, items[place], glossary))
    }


def _fit(lines: Sequence[str], item: AgendaItem, glossary: Glossary) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(lines))[:MOST_QUESTIONS]
    known = _known(item, glossary)
    matter = content_stems(matter_of(item.title))
    asked = set().union(*(content_stems(text) for text in distinct))
    whole = all(_is_question(text) for text in distinct)
    own_words = all(content_stems(text) <= known | _ASKING for text in distinct)
    on_it = all(content_stems(text) & known for text in distinct)
    covers = len(matter - asked) <= (1 - _LEAST_COVERED) * len(matter)
    return distinct if whole and own_words and on_it and covers else ()


def _is_question(text: str) -> bool:
    return (
        text.endswith("?")
        and text.count("?") == 1
        and 3 <= len(text.split()) <= MOST_WORDS
        and not leans_back(text)
        and not asks_against_sources(text)
        and not addresses_assistant(text)
    )


def _known(item: AgendaItem, glossary: Glossary) -> set[str]:
    """Return the stems that an item uses, and those of other names for the same."""
    known: set[str] = set()
    for text in (item.title, *item.matters):
        own = stems(text)
        known.update(own)
        for mention in glossary.mentions(own):
            for phrase in (mention.entry.term, *mention.entry.same):
                known.update(stems(phrase) if mention.exact else ())
    return known
