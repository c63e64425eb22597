"""A model that writes, what it is sent, and the limits of that."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.prompts import Prompts
from assistant.provider.model import ChatModel
from assistant.text.tokens import TokenCounter


@dataclass(frozen=True)
class Writer:
    """A model, what it is sent, and the limits of that.

    ``context_tokens`` bounds what is sent at once; prices are for a million tokens.
    """

    model: ChatModel
    prompts: Prompts
    tokens: TokenCounter
    context_tokens: int = 8000
    answer_seconds: float = 180.0
    follow_up_seconds: float = 8.0
    verifier: ChatModel | None = None
    """The model of the second reading; None where the rules alone decide."""
    verify_seconds: float = 20.0
    price_in: float | None = None
    price_out: float | None = None

    def close(self) -> None:
        """Let go of what its models hold."""
        self.model.close()
        if self.verifier is not None and self.verifier is not self.model:
            self.verifier.close()

    def cost(self, sent: int, written: int) -> float | None:
        """Return what tokens cost, or None where the prices are not known."""
        if self.price_in is None or self.price_out is None:
            return None
        spent = sent * self.price_in + written * self.price_out
        return round(spent / 1_000_000, 6)
