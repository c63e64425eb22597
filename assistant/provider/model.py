"""What a model that writes is asked, and how it answers; the tests bring their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

Role = Literal["system", "human", "ai"]


class Message(NamedTuple):
    """One message to a model; LangChain takes the pair as it is."""

    role: Role
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
        config: RunnableConfig | None = None,
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
