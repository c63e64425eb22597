"""Has the model say what is asked: standalone questions, reports meant, form wanted.

Its answer is used only where it brings in nothing: no name, no number that stands neither
in the conversation nor among the details of the reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.checking.mentions import names
from assistant.answering.citations import strip_markers
from assistant.answering.understanding.attacks import asks_against_sources
from assistant.answering.understanding.naming import find_reports
from assistant.answering.writers.gathering import without_thinking
from assistant.answering.writers.sending import (
    MOST_TURN_CHARS,
    MOST_TURNS,
    shelf_lines,
)
from assistant.answering.writers.state import Measured, Stopping
from assistant.answering.writers.writing import Writer
from assistant.errors import ProviderError
from assistant.provider.model import Message, Usage
from assistant.schema import ReportDetails, Turn
from assistant.text.sentences import split_sentences
from assistant.text.words import STOP_WORDS, number_value, words

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

MOST_QUESTIONS = 4
MOST_CHARS = 300
MOST_FORM_CHARS = 80
# A first question that is longer is not plain.
_PLAIN_WORDS = 20
# Fewer words than this are no sentence in another language.
_FOREIGN_WORDS = 4
_SEVERAL = re.compile(
    r"\?.*\?|;|\b(?:and|also|plus)\b,? (?:(?:also|then) )?"
    r"(?:who|what|when|where|why|which|how|does|do|did|is|are|was|were|can|could|should)\b",
    re.IGNORECASE | re.DOTALL,
)
_LINE = re.compile(
    r"^[\W_]*(QUESTIONS?|REPORTS?|FORM)(?: \d)?[\W_]*?:[\s*_]*(.*)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Distilled:
    """What a message asks for, made whole in itself.

    ``reports`` are the ids of the reports that are meant, none where all are;
    ``form`` is the form wanted in the asker's words, empty where none is.
    """

    questions: tuple[str, ...]
    reports: tuple[str, ...] = ()
    form: str = ""


def needs_distilling(question: str, history: Sequence[Turn]) -> bool:
    """Tell whether a question is more than one plain, short sentence that stands alone.

    >>> needs_distilling("What does Level Measures recommend?", [])
    False
    >>> needs_distilling("I chair scrutiny. What is said on data, and who says it?", [])
    True
    """
    said = words(question)
    foreign = len(said) >= _FOREIGN_WORDS and not any(w in STOP_WORDS for w in said)
    return (
        bool(history)
        or foreign
        or len(said) > _PLAIN_WORDS
        or len(split_sentences(question)) > 1
        or _SEVERAL.search(question) is not None
    )


def distil(
    question: str,
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    writer: Writer,
    measured: Measured,
    *,
    config: RunnableConfig | None = None,
    stopping: Stopping = lambda stop: None,
) -> Distilled | None:
    """Return what the model takes a message to ask; None where that is not fit.

    A model that fails or is slow costs no answer: the rules read the question then.
    """
    conversation = said_before(history)
    prompt = writer.prompts.question.fill(
        shelf=shelf_lines(catalogue),
        conversation=conversation or "(nothing was said before)",
        question=question,
    )
    text, told = "", None
    try:
        stream = writer.model.stream(
            [Message("human", prompt)],
            config,
            seconds=writer.follow_up_seconds,
            stopping=stopping,
        )
        with closing(stream):
            for piece in stream:
                text += piece.text
                told = piece.usage or told
    except ProviderError as error:
        measured.fault = f"question: {type(error).__name__}"
        return None
    finally:
        tokens = writer.tokens.count
        measured.add(told or Usage(tokens(prompt), tokens(text)))
    return read_distilled(text, question, conversation, catalogue)


def said_before(history: Sequence[Turn]) -> str:
    """Return the newest turns of a conversation, each from its beginning."""
    return "\n".join(
        f"{turn.role}: {' '.join(strip_markers(turn.content)[:MOST_TURN_CHARS].split())}"
        for turn in list(history)[-MOST_TURNS:]
    )


def read_distilled(
    text: str, question: str, conversation: str, catalogue: Sequence[ReportDetails]
) -> Distilled | None:
    """Return what the lines of a model say, or None where they may not be used."""
    found: dict[str, list[str]] = {"question": [], "report": [], "form": []}
    for line in without_thinking(text).splitlines():
        if match := _LINE.match(line.strip()):
            said = match[2].strip("\"'“”`* ")
            if words(said):
                found[match[1].lower().removesuffix("s")].append(said)
    questions = tuple(dict.fromkeys(found["question"]))
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        return None
    told = f"{question} {conversation} {_told(catalogue)}"
    if not all(_is_fit(one, question, told) for one in questions):
        return None
    reports = find_reports(" ; ".join(found["report"]), catalogue).reports
    return Distilled(questions, tuple(reports), _form(found["form"], question))


def _told(catalogue: Sequence[ReportDetails]) -> str:
    return " ".join(
        f"{d.title} {d.subtitle or ''} {d.publisher} {d.year or ''} "
        f"{' '.join((*d.authors, *d.supporters, *d.aliases))}"
        for d in catalogue
    )


def _is_fit(one: str, question: str, told: str) -> bool:
    """Tell whether a question is one, of sane length, and brings nothing in."""
    if not 3 <= len(one) <= MOST_CHARS or one.count("?") > 1:
        return False
    if asks_against_sources(one) and not asks_against_sources(question):
        return False
    known = set(words(told))
    needed = {word for name in names(f"so {one}") for word in words(name)}
    needed |= {word for word in words(one) if _is_number(word)}
    return needed - set(words(one)[:1]) <= known | _as_words(known)


def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) or number_value(word) is not None


def _as_words(known: set[str]) -> set[str]:
    """Return the digits of number words that were said: "five" gives "5"."""
    return {value for word in known if (value := number_value(word))}


def _form(lines: Sequence[str], question: str) -> str:
    """Return the form that is wanted where the asker's own words name it."""
    form = lines[0] if lines else ""
    asked = {*words(question), *STOP_WORDS}
    fits = len(form) <= MOST_FORM_CHARS and set(words(form)) <= asked
    return form if fits else ""
