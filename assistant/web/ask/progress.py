"""How far an answer is, in words, while it is made."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.writers.state import Measured
from assistant.schema import Passage
from assistant.web.answers.answer_text import count_of

TICK_SECONDS = 0.17
"""Between two lines that say how far an answer is: about six a second."""

_STEPS = {
    "waiting": "Waiting for its turn",
    "searching": "Reading the question",
    "reading": "Reading them",
    "verifying": "Verifying each sentence against the passage it cites",
    "mending": "Mending what did not hold",
}
_WRITING = "Writing: {words}, each sentence checked before it is shown"


def progress_of(
    measured: Measured, seconds: float, found: Sequence[Passage] = ()
) -> str:
    """Return a line that says how far an answer is, ``seconds`` after its question."""
    what = _STEPS.get(measured.step, "Waiting for the model")
    if measured.step == "writing" and measured.words:
        what = _WRITING.format(words=count_of(measured.words, "word"))
    if found:
        reports = len({passage.chunk.details.report for passage in found})
        passages = f"{count_of(len(found), 'passage')} in {count_of(reports, 'report')}"
        what = f"Found {passages}. {what}"
    return f"{what} ({seconds:.1f} s)"
