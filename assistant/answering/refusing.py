"""Says that the shelf does not hold the answer, or that the matter is not its own."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.draft import Draft, nearest_sections
from assistant.answering.understanding.follow_ups.conversation import without_courtesy
from assistant.answering.understanding.query import Query
from assistant.schema import Passage

NOTHING_FOUND = "The reports on the shelf do not say."
OFF_TOPIC = (
    "I answer questions about the reports on the shelf, from their text alone. "
    "Ask me what they say on a matter of local government."
)

GREETED = (
    "Ready when you are: ask me what the reports on the shelf say on a matter of local "
    "government."
)


def refuse(query: Query, passages: Sequence[Passage]) -> Draft:
    """Say that the shelf does not hold the answer; declined where it is off topic."""
    if not without_courtesy(query.question):
        return Draft("declined", opening=GREETED)
    relevant = any(c.known and not c.framing for c in query.concepts)
    near = max((p.cosine for p in passages), default=0.0)
    # What councils deal with is no matter to turn away, even where no report speaks of it.
    off_topic = near < 0.25 or (not relevant and not query.named.reports)
    if off_topic and not query.silent_on:
        return Draft("declined", opening=OFF_TOPIC)
    return Draft(
        "no_evidence", opening=NOTHING_FOUND, nearest=nearest_sections(passages)
    )
