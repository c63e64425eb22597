"""One line of JSON in the log for each turn: what happened, and how long it took."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from assistant.schema import Answer

log = logging.getLogger("assistant.turns")


def log_turn(
    answer: Answer,
    seconds: Mapping[str, float],
    *,
    with_question: bool = False,
    **facts: object,
) -> None:
    """Log one turn; the question's text only where a setting says so.

    Args:
        answer: as returned.
        seconds: by step.
        with_question: whether the question may stand in the log.
        facts: more to log; None is left out.
    """
    if not log.isEnabledFor(logging.INFO):
        return
    line: dict[str, object] = {
        "outcome": answer.outcome,
        "model": answer.model,
        "seconds": answer.seconds,
        "steps": dict(seconds),
        "tokens": answer.tokens,
        "sentences": len(answer.sentences),
        "withheld": len(answer.withheld),
        "passages": len(answer.passages),
    }
    line |= {name: value for name, value in facts.items() if value is not None}
    if with_question:
        line["question"] = answer.question
        line["standalone_question"] = answer.standalone_question
    log.info("%s", json.dumps(line, ensure_ascii=False))
