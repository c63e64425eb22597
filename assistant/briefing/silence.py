"""Whether a report that answers nothing is silent: its words are searched before it is said."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.pipeline import Parts
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.briefing.hearing import matter_asked
from assistant.text.words import content_words, stem, stems

_MOST_SEARCHED = 8


def find_nearest_section(report: str, questions: Sequence[str], parts: Parts) -> str:
    """Return a section in which all the words of a matter stand, else nothing.

    Of such a report it cannot be said that it is silent, though no sentence was found
    in it that answers.
    """
    for question in questions:
        asked = content_words(matter_asked(question))
        wanted = {stem(word) for word in asked}
        found = parts.shelf.lexical.search(asked, _MOST_SEARCHED, [report])
        for chunk in parts.shelf.chunks(found).values():
            told = set(stems(f"{chunk.section} {chunk.text}"))
            if wanted <= told and not chunk.section.startswith(ABOUT_THE_TEXT):
                return chunk.section
    return ""
