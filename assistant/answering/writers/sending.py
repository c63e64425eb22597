"""What a model is sent: numbered passages, history and question, within the budget."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answering.checking.second_reading import fenced
from assistant.answering.citations import strip_markers
from assistant.answering.units import Checked
from assistant.answering.writers.writing import Writer
from assistant.errors import ContextTooLongError
from assistant.provider.model import Message
from assistant.schema import Passage, ReportDetails, Turn

# What the model reads of a conversation: the newest turns, each from its beginning.
MOST_TURNS = 6
MOST_TURN_CHARS = 800
# A big shelf shall not fill the model's context with titles.
MOST_REPORTS = 40
# Tokens that each message costs besides its text.
_PER_MESSAGE = 8
# The history may take so much of what the rules and the question leave.
_HISTORY_SHARE = 0.25
# Where a report speaks of itself, and what stands below its text.
_ABOUT = re.compile(
    r"(?:^|› )(?:about this report\b"
    r"|(?:notes?|references|endnotes|footnotes|bibliography)$)",
    re.IGNORECASE,
)
_ASKS_ABOUT = re.compile(
    r"\b(?:wrote|written|writes|authors?|publish\w*|released|launch\w*|fund(?:s|ed by)"
    r"|sponsor\w*|supported by|method\w*|research\w*|interview\w*|survey\w*|roundtables?"
    r"|contact|pages?|isbn|edition|commission\w*|digest|references?|sources?|notes?)\b",
    re.IGNORECASE,
)
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
        "published": details.published,
        "section": chunk.section,
        "page": chunk.page,
    }
    head = " ".join(
        f'{name}="{fenced(value).replace(chr(34), chr(39))}"'
        for name, value in facts.items()
        if value
    )
    return f"<passage {head}>\n{fenced(chunk.text)}\n</passage>"


def on_the_matter(
    question: str, passages: Sequence[Passage], best: int = 1
) -> list[Passage]:
    """Return the passages without those in which a report speaks of itself, and notes.

    They stay where the question asks for such a thing, and among the ``best``: the first
    of what is asked, and of each side of a comparison.
    """
    if _ASKS_ABOUT.search(question):
        return list(passages)
    return [
        passage
        for place, passage in enumerate(passages)
        if place < best or not _ABOUT.search(passage.chunk.section)
    ]


def _fitting_turns(
    history: Sequence[Turn], room: int, writer: Writer
) -> tuple[list[Message], int]:
    """Return the newest turns that fit, and the tokens they take."""
    kept: list[Message] = []
    taken = 0
    for turn in reversed(history[-MOST_TURNS:]):
        # The numbers of earlier answers mean other passages.
        text = strip_markers(turn.content)[:MOST_TURN_CHARS]
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
    form: str = "",
    sides: int = 1,
) -> tuple[list[Message], dict[int, Passage]]:
    """Return the messages that ask for an answer, and the passages by number.

    Passages are whole and best first; of the history the newest turns are kept. A form
    that is wanted, in the asker's words, stands behind the question; ``sides`` is how
    many are compared.

    Raises:
        ContextTooLongError: not even the best passage fits beside the question.
    """
    count, prompts = writer.tokens.count, writer.prompts
    system = prompts.system.fill(shelf=shelf_lines(catalogue))
    wanted = on_the_matter(question, passages, max(1, sides))
    question = f"{question}\nForm wanted: {form}" if form else question
    bare = prompts.answer.fill(passages="", question=question)
    room = writer.context_tokens - count(system) - count(bare) - 2 * _PER_MESSAGE
    turns, taken = _fitting_turns(history, int(room * _HISTORY_SHARE), writer)
    room -= taken
    numbered: dict[int, Passage] = {}
    blocks: list[str] = []
    for number, passage in enumerate(wanted, start=1):
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
    shown: Sequence[str] = (),
) -> list[Message]:
    """Return the messages that ask to mend sentences, numbered from 1.

    ``shown`` are the sentences that the answer has already.

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
            shown="\n".join(f"- {text}" for text in shown) or "(nothing)",
            withheld="\n".join(lines),
        )

    room = writer.context_tokens - count(system) - 2 * _PER_MESSAGE
    while len(blocks) > 1 and count(asked()) > room:
        blocks.pop()
    return [Message("system", system), Message("human", asked())]
