"""How an answer ended: at its own end, or cut off, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from langchain_core.messages import AIMessageChunk

from assistant.errors import ProviderError
from assistant.provider.faults import (
    bad_answer,
    cut_off,
    empty_answer,
    ended_early,
    filtered,
    too_short,
)
from assistant.provider.model import Piece, Usage
from assistant.provider.server import Provider

# What servers call the end of an answer that is whole, in small letters.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete"}
_LONGEST = {"length", "max_tokens", "max_output_tokens", "model_length"}
_FILTERED = {"safety", "recitation", "prohibited_content", "blocklist", "refusal"}
# Once the answer is whole, its count of tokens is waited for no longer than this.
_USAGE_SECONDS = 2.0


@dataclass(slots=True)
class End:
    """What is known by now of how a stream ends.

    ``begun`` says that the model is at work, if only in thought; ``has_words`` that a
    word of the answer has come.
    """

    begun: bool = False
    has_words: bool = False
    chars: int = 0
    reason: str | None = None
    usage: Usage | None = None

    @property
    def whole(self) -> bool:
        """Whether the answer came to its own end."""
        return self.reason in _WHOLE

    def take(self, chunk: AIMessageChunk) -> None:
        """Look at one chunk."""
        thought = chunk.additional_kwargs.get("reasoning_content")
        self.begun = self.begun or bool(thought or chunk.text.strip())
        self.chars += len(chunk.text)
        self.reason = chunk.response_metadata.get("finish_reason") or self.reason
        if usage := chunk.usage_metadata:
            self.usage = Usage(usage["input_tokens"], usage["output_tokens"])

    def wait_by(self, first_by: float, gap: float) -> float:
        """Return until when the next chunk is waited for."""
        if self.reason is not None:
            return monotonic() + _USAGE_SECONDS
        return monotonic() + gap if self.begun else first_by

    def fault(self, provider: Provider) -> ProviderError | None:
        """Return the error for a stream that has ended otherwise than at its end."""
        reason = self.reason
        if reason is None:
            return (cut_off if self.begun else bad_answer)(provider)
        if "filter" in reason or reason in _FILTERED:
            return filtered(provider)
        if reason in _LONGEST:
            return too_short()
        if not self.whole:
            return ended_early(provider, reason)
        return None if self.has_words else empty_answer(provider)

    def piece(self, text: str, usage: Usage | None = None) -> Piece:
        """Return a piece of the answer, and note whether it says anything."""
        self.has_words = self.has_words or bool(text.strip())
        return Piece(text, usage)
