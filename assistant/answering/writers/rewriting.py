"""Lets the model make a follow-up standalone, and uses that only where it is fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from assistant.answering.checking.evidence import names
from assistant.answering.citations import strip_markers
from assistant.answering.understanding.boundaries import asks_against_sources
from assistant.answering.understanding.follow_ups.asked_back import WHICH_REPORT
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import OTHER_THAN, POINTS_AT_ONE
from assistant.answering.writers.gathering import without_thinking
from assistant.answering.writers.model_answer import Measured, Stopping
from assistant.answering.writers.sending import shelf_lines
from assistant.answering.writers.writing import Message, Writer
from assistant.errors import ProviderError
from assistant.schema import ReportDetails, Rewritten, Turn
from assistant.words import number_value, words

# What the model reads of a conversation: the newest turns, each from its beginning.
MOST_TURNS = 6
MOST_TURN_CHARS = 800
MOST_CHARS = 300
_PREFIX = re.compile(
    r"^(?:the )?(?:rewritten|standalone|last)? ?question:\s*", re.IGNORECASE
)


def _said(history: Sequence[Turn]) -> str:
    lines = [
        f"{turn.role}: {' '.join(strip_markers(turn.content)[:MOST_TURN_CHARS].split())}"
        for turn in list(history)[-MOST_TURNS:]
    ]
    return "\n".join(lines)


def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) or number_value(word) is not None


def fit_rewrite(
    text: str, question: str, conversation: str, catalogue: Sequence[ReportDetails]
) -> str | None:
    """Return a model's rewrite tidied up, or None where it may not be used.

    It must be one question of sane length, and every name and number in it must stand
    in the conversation or among the details of the reports.
    """
    told = without_thinking(text).splitlines()
    lines = [line.strip() for line in told if line.strip()]
    if len(lines) != 1:
        return None
    rewrite = _PREFIX.sub("", lines[0]).strip("\"'“”` ")
    if not 3 <= len(rewrite) <= max(MOST_CHARS, 2 * len(question)):
        return None
    if rewrite.count("?") > max(1, question.count("?")):
        return None
    if asks_against_sources(rewrite) and not asks_against_sources(question):
        return None
    details = " ".join(
        f"{d.title} {d.subtitle or ''} {d.publisher} {d.year or ''} "
        f"{' '.join((*d.authors, *d.supporters, *d.aliases))}"
        for d in catalogue
    )
    known = set(words(f"{question} {conversation} {details}"))
    needed = {w for name in names(f"so {rewrite}") for w in words(name)}
    needed |= {word for word in words(rewrite) if _is_number(word)}
    opening = words(rewrite)[:1]
    return rewrite if needed - set(opening) <= known else None


def _settles_for_the_asker(
    rewrite: str, by_rule: str, catalogue: Sequence[ReportDetails]
) -> bool:
    """Tell whether a rewrite names one of the reports among which the asker must say."""
    open_among = find_reports(by_rule, catalogue).reports
    points = POINTS_AT_ONE.search(by_rule) or OTHER_THAN.search(by_rule)
    if len(open_among) < 2 or points is None:
        return False
    return set(find_reports(rewrite, catalogue).reports) != set(open_among)


def _answers_us(question: str, by_rule: str, history: Sequence[Turn]) -> bool:
    """Tell whether a turn says which report is meant, as we asked."""
    asked = bool(history) and history[-1].content.startswith(WHICH_REPORT)
    return asked and by_rule != question


def rewrite_follow_up(
    question: str,
    history: Sequence[Turn],
    by_rule: str,
    catalogue: Sequence[ReportDetails],
    writer: Writer,
    measured: Measured,
    *,
    config: Any = None,
    stopping: Stopping = lambda stop: None,
) -> Rewritten:
    """Return the rule's form of a follow-up and, where it is fit, the model's.

    A model that fails or is slow costs no answer: the rule's form is there. Where we
    asked which report is meant, the rule reads the reply and no model is asked.
    """
    if _answers_us(question, by_rule, history):
        return Rewritten(by_rule)
    conversation = _said(history)
    asked = writer.prompts.follow_up.fill(
        shelf=shelf_lines(catalogue), conversation=conversation, question=question
    )
    text = ""
    try:
        stream = writer.model.stream(
            [Message("human", asked)],
            config,
            seconds=writer.follow_up_seconds,
            stopping=stopping,
        )
        with closing(stream):
            for piece in stream:
                text += piece.text
                if piece.usage:
                    measured.add(piece.usage)
    except ProviderError as error:
        measured.fault = f"follow-up: {type(error).__name__}"
        return Rewritten(by_rule)
    rewrite = fit_rewrite(text, question, conversation, catalogue)
    if rewrite is not None and _settles_for_the_asker(rewrite, by_rule, catalogue):
        rewrite = None
    return Rewritten(by_rule, rewrite)
