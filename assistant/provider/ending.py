"""How an answer ended: at its own end, or cut off, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from langchain_core.messages import AIMessageChunk

from assistant.errors import (
    AnswerCutOffError,
    BadAnswerError,
    ContentFilteredError,
    ProviderError,
)
from assistant.provider.faults import BAD_ANSWER, CUT_OFF
from assistant.provider.model import Piece, Usage
from assistant.provider.server import Provider
from assistant.provider.statuses import FILTERED, filled

# What servers call the end of an answer that is whole, in small letters.
_WHOLE = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete"}
_LONGEST = {"length", "max_tokens", "max_output_tokens", "model_length"}
_FILTERED = {"safety", "recitation", "prohibited_content", "blocklist", "refusal"}
_TOO_SHORT = (
    "The answer reached the longest length that is set. Ask for less, or set "
    "ASSISTANT_ANSWER_TOKENS higher."
)
_ENDED_EARLY = (
    "The model server at {host} ended the answer before it was whole ({reason}). Ask "
    "again."
)
_EMPTY = (
    "The model {model} sent an empty answer. Ask again, or set ASSISTANT_CHAT_MODEL to "
    "another model."
)
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
        if reason is None and self.begun:
            return AnswerCutOffError(filled(CUT_OFF, provider))
        if reason is None:
            return BadAnswerError(filled(BAD_ANSWER, provider))
        if "filter" in reason or reason in _FILTERED:
            return ContentFilteredError(filled(FILTERED, provider))
        if reason in _LONGEST:
            return AnswerCutOffError(_TOO_SHORT)
        if not self.whole:
            early = filled(_ENDED_EARLY, provider, reason=reason[:40])
            return AnswerCutOffError(early)
        return None if self.has_words else BadAnswerError(filled(_EMPTY, provider))

    def piece(self, text: str, usage: Usage | None = None) -> Piece:
        """Return a piece of the answer, and note whether it says anything."""
        self.has_words = self.has_words or bool(text.strip())
        return Piece(text, usage)
