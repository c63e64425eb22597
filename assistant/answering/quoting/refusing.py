"""Says that the shelf does not hold the answer, or that the matter is not its own."""

from __future__ import annotations

from assistant.answering.draft import Draft, nearest_sections
from assistant.answering.search import Found

UNSURE = "I am not sure that the reports answer this. What they say nearest to it:"
NOTHING_FOUND = "I found no answer to this in the reports on the shelf."
OFF_TOPIC = (
    "I answer questions about the reports on the shelf, from their text alone. "
    "Ask me what they say on a matter of local government."
)
GREETED = (
    "Ready when you are: ask me what the reports on the shelf say on a matter of local "
    "government."
)
ENGLISH_ONLY = (
    "I read English questions only. Ask again in English, or have a model set up that "
    "reads yours."
)
# Below this cosine of the best passage a question is of another world.
_FAR = 0.25


def refuse(found: Found) -> Draft:
    """Say that the shelf does not hold the answer; declined where it is off topic."""
    query = found.query
    near = max((p.cosine for p in found.passages), default=0.0)
    known = any(concept.known for concept in query.matters)
    ours = query.named.reports or query.reports or query.spoken
    if not ours and (near < _FAR or not known):
        return Draft("declined", opening=OFF_TOPIC)
    return Draft(
        "no_evidence", opening=NOTHING_FOUND, nearest=nearest_sections(found.passages)
    )
