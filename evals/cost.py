"""What a run with a model will cost, estimated before it starts and asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from assistant.answering.pipeline import (
    Parts,
    Question,
    passages_of,
    read,
    search,
    standalone_of,
)
from assistant.answering.writers.sending import compose_answer
from assistant.answering.writers.writing import Writer
from assistant.errors import AssistantError
from assistant.settings import Settings
from evals.cases import Case

PRICES = Path(__file__).parent / "prices.json"
# Asked for above this, in dollars.
LIMIT = 1.0
# Assumed, for nobody knows them before: tokens of an answer, thinking left out, and the
# requests besides the first (a follow-up put in other words, a sentence mended).
WRITTEN = 250
REQUESTS = 1.5
_SAMPLE = 20


class CostError(Exception):
    """A run was not begun, because nobody agreed to what it may cost."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens."""

    sent: float
    written: float


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate; ``dollars`` is None where the model's price is not known."""

    questions: int
    sent: int
    written: int
    dollars: float | None

    def __str__(self) -> str:
        """Say it in a sentence."""
        told = "an unknown price" if self.dollars is None else f"${self.dollars:.2f}"
        return (
            f"{self.questions} questions to a model: about {self.sent:,} tokens sent and "
            f"{self.written:,} written, {told}."
        )


def price_of(settings: Settings, file: Path = PRICES) -> Price | None:
    """Return the price of the model, or None where it is not known.

    The settings' own prices come first; a server on this machine costs nothing.
    """
    if settings.price_in is not None and settings.price_out is not None:
        return Price(settings.price_in, settings.price_out)
    if settings.openai_base_url and _is_here(settings.openai_base_url):
        return Price(0, 0)
    prices = json.loads(file.read_text(encoding="utf-8"))["prices"]
    found = prices.get(settings.chat_model)
    return Price(*found) if found else None


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def cost_of(questions: int, sent: float, written: float, price: Price | None) -> Cost:
    """Return the cost of so many questions of so many tokens each."""
    tokens = round(questions * sent), round(questions * written)
    if price is None:
        return Cost(questions, *tokens, None)
    dollars = (tokens[0] * price.sent + tokens[1] * price.written) / 1_000_000
    return Cost(questions, *tokens, dollars)


def tokens_sent(case: Case, parts: Parts, writer: Writer) -> int:
    """Return the tokens of the first request for a case, without making it."""
    try:
        # The steps before the writer ask no model.
        question = Question(case.question, case.history)
        turned = read(question, parts)
        found = search(turned, question, parts)
        messages, _ = compose_answer(
            standalone_of(question, found),
            passages_of(found, turned.form, parts),
            case.history,
            parts.shelf.details,
            writer,
        )
    except AssistantError:
        return 0
    return sum(writer.tokens.count(message.content) for message in messages)


def estimate_run(
    cases: Sequence[Case], repeats: int, parts: Parts, price: Price | None
) -> Cost:
    """Estimate a run from the requests for some of its cases.

    Args:
        cases: every question of one repeat.
        repeats: how often each is asked.
        parts: the open shelf with its writer.
        price: of the model.
    """
    assert parts.writer is not None
    asked = cases[:: max(1, len(cases) // _SAMPLE)]
    sent = sum(tokens_sent(case, parts, parts.writer) for case in asked)
    mean = sent / max(1, len(asked)) * REQUESTS
    return cost_of(len(cases) * repeats, mean, WRITTEN * REQUESTS, price)


def agree(
    cost: Cost,
    limit: float = LIMIT,
    *,
    yes: bool = False,
    ask: Callable[[str], str] | None = None,
) -> None:
    """Tell the cost, and ask where it is above the limit or not known.

    Args:
        cost: the estimate.
        limit: dollars that need no asking.
        yes: agreed beforehand.
        ask: puts a question to the user; None asks at a terminal, if there is one.

    Raises:
        CostError: nobody agreed.
    """
    print(cost, file=sys.stderr)
    if yes or (cost.dollars is not None and cost.dollars <= limit):
        return
    if ask is None and sys.stdin.isatty():
        ask = input
    if ask is not None and ask("Go on? [y/N] ").strip().lower() in ("y", "yes"):
        return
    raise CostError(
        f"Not run: {cost} Agree by --yes, or allow more than ${limit:.2f} by --limit."
    )
