"""What a model is sent: numbered passages, history and question, within the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.answering.citations import strip_markers
from assistant.answering.units import Checked
from assistant.answering.writers.writing import Message, Writer
from assistant.errors import ContextTooLongError
from assistant.schema import Passage, ReportDetails, Turn

# A big shelf shall not fill the model's context with titles.
MOST_REPORTS = 40
# Tokens that each message costs besides its text.
_PER_MESSAGE = 8
# The history may take so much of what the rules and the question leave.
_HISTORY_SHARE = 0.25
_ROLES = {"user": "human", "assistant": "ai"}


def shelf_lines(catalogue: Sequence[ReportDetails]) -> str:
    """Return a line for each report: title, publisher and year; of many, the first."""
    lines = [f"- {details.title} ({details.attribution})" for details in catalogue]
    distinct = list(dict.fromkeys(lines))
    shown, more = distinct[:MOST_REPORTS], len(distinct) - MOST_REPORTS
    return "\n".join([*shown, f"- and {more} more"] if more > 0 else shown)


def passage_block(number: int, passage: Passage) -> str:
    """Return one passage with its number and where it stands, fenced as data.

    A text cannot close its own fence: its angle brackets are taken from it.
    """
    chunk = passage.chunk
    details = chunk.details
    facts = {
        "number": str(number),
        "report": details.title,
        "publisher": details.publisher,
        "published": details.published or "unknown",
        "section": chunk.section,
        "page": chunk.page or "unknown",
    }
    head = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items())
    text = chunk.text.replace("<", "(").replace(">", ")")
    return f"<passage {head}>\n{text}\n</passage>"


def _fitting_turns(
    history: Sequence[Turn], room: int, writer: Writer
) -> tuple[list[Message], int]:
    """Return the newest turns that fit, and the tokens they take."""
    kept: list[Message] = []
    taken = 0
    for turn in reversed(history):
        # The numbers of earlier answers mean other passages.
        text = strip_markers(turn.content)
        cost = writer.tokens.count(text) + _PER_MESSAGE
        if taken + cost > room:
            break
        taken += cost
        kept.insert(0, Message(_ROLES[turn.role], text))  # type: ignore[arg-type]
    while kept and kept[0].role != "human":
        kept.pop(0)
    return kept, taken


def compose_answer(
    question: str,
    passages: Sequence[Passage],
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    writer: Writer,
) -> tuple[list[Message], dict[int, Passage]]:
    """Return the messages that ask for an answer, and the passages by number.

    Passages are whole and best first; of the history the newest turns are kept.

    Raises:
        ContextTooLongError: not even the best passage fits beside the question.
    """
    count, prompts = writer.tokens.count, writer.prompts
    system = prompts.system.fill(shelf=shelf_lines(catalogue))
    bare = prompts.answer.fill(passages="", question=question)
    room = writer.context_tokens - count(system) - count(bare) - 2 * _PER_MESSAGE
    turns, taken = _fitting_turns(history, int(room * _HISTORY_SHARE), writer)
    room -= taken
    numbered: dict[int, Passage] = {}
    blocks: list[str] = []
    for number, passage in enumerate(passages, start=1):
        block = passage_block(number, passage)
        cost = count(block) + 2
        if cost > room:
            break
        room -= cost
        numbered[number] = passage
        blocks.append(block)
    if passages and not numbered:
        raise ContextTooLongError(
            f"The question leaves no room for a passage within {writer.context_tokens} "
            "tokens. Ask more briefly, or set ASSISTANT_CONTEXT_TOKENS higher."
        )
    asked = prompts.answer.fill(passages="\n\n".join(blocks), question=question)
    messages = [Message("system", system), *turns, Message("human", asked)]
    return messages, numbered


def compose_mending(
    question: str,
    numbered: Mapping[int, Passage],
    withheld: Sequence[Checked],
    catalogue: Sequence[ReportDetails],
    writer: Writer,
) -> list[Message]:
    """Return the messages that ask to mend sentences, numbered from 1.

    They keep to the budget too: the last passages go first, and no number changes.
    """
    count, prompts = writer.tokens.count, writer.prompts
    lines = [
        f"{place}. {item.unit.text}\n   Wrong: {item.reason}"
        for place, item in enumerate(withheld, start=1)
    ]
    system = prompts.system.fill(shelf=shelf_lines(catalogue))
    blocks = [passage_block(number, passage) for number, passage in numbered.items()]

    def asked() -> str:
        return prompts.mend.fill(
            passages="\n\n".join(blocks),
            question=question,
            withheld="\n".join(lines),
        )

    room = writer.context_tokens - count(system) - 2 * _PER_MESSAGE
    while len(blocks) > 1 and count(asked()) > room:
        blocks.pop()
    return [Message("system", system), Message("human", asked())]
