"""What the answer path needs of a model that writes; the tests bring their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from assistant.prompts import Prompts
from assistant.tokens import TokenCounter


class Message(NamedTuple):
    """One message to a model; LangChain takes the pair as it is."""

    role: Literal["system", "human", "ai"]
    content: str


class Usage(NamedTuple):
    """Tokens as the provider counts them."""

    sent: int
    written: int


class Piece(NamedTuple):
    """A piece of an answer's text; the last may be empty and hold the usage."""

    text: str
    usage: Usage | None = None


class Pieces(Protocol):
    """A stream of pieces that is under way; closing it ends it at the provider."""

    def __iter__(self) -> Iterator[Piece]:
        """Yield the pieces as they come.

        Raises:
            ProviderError: the model failed; pieces that came before stay good.
        """
        ...

    def close(self) -> None:
        """End it at once."""
        ...


class ChatModel(Protocol):
    """A model that writes piece by piece, with every wait bounded."""

    @property
    def name(self) -> str:
        """The model's name, as the answer gives it."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        config: Any = None,
        *,
        seconds: float | None = None,
        stopping: Callable[[Callable[[], object]], object] = lambda stop: None,
    ) -> Pieces:
        """Begin an answer.

        Args:
            messages: what the model is sent.
            config: LangChain's, for callbacks and tracing.
            seconds: longest time for the whole, where that is less than the setting.
            stopping: is handed a function that ends the stream from another thread.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


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
