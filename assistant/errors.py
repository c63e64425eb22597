"""The one family of errors; every message is fit to show to a user.

AssistantError
├── ConfigError            a setting is missing, unknown or out of bounds
├── CorpusError            a report file cannot be read or lacks its details
├── IndexStateError        the index on disk does not fit this program or is damaged
│   ├── IndexLockedError   another process is using the index
│   └── StoreUnreachableError   the Chroma server does not answer
├── QuestionError          the question or the batch line cannot be used as it is
├── AgendaError            the agenda of a briefing cannot be used as it is
├── AccountError           a name or password cannot be used as it is
├── BusyError              nothing more is taken just now
│   └── LimitError         one person or address asks for more than the settings allow
├── FeedbackError          feedback cannot be kept or read
├── HistoryError           a conversation that a browser kept cannot be opened
└── ProviderError          the model that was asked to write failed
    ├── ProviderUnreachableError    no server answers at its address
    ├── ProviderTimeoutError        it took longer than the settings allow
    ├── ProviderAuthError           the key is missing, wrong or may not do this
    ├── ProviderQuotaError          the account has no credit left
    ├── ProviderRateLimitError      too many requests just now
    ├── ProviderBusyError           the server failed on its side (5xx)
    ├── ProviderRequestError        the server refuses the request as it is
    │   ├── ModelNotFoundError      the server has no such model
    │   └── ContextTooLongError     the request is longer than the model takes
    ├── ContentFilteredError        the provider's filter stopped the answer
    ├── AnswerCutOffError           the answer ended before it was whole
    └── BadAnswerError              what came back is no answer

A message says what is wrong and what to do about it. Finding no evidence is not
an error: it is an outcome of an answer (see ``assistant.schema.Outcome``).
"""

from collections.abc import Iterator


class AssistantError(Exception):
    """What the user did or has, put in words the user can act on."""


class ConfigError(AssistantError):
    """A setting is missing, unknown or out of bounds."""


class CorpusError(AssistantError):
    """A report file cannot be read or lacks its details."""


class IndexStateError(AssistantError):
    """The index on disk does not fit this program or is damaged."""


class IndexLockedError(IndexStateError):
    """Another process is using the index in a way that excludes this one."""


class StoreUnreachableError(IndexStateError):
    """The Chroma server does not answer; what it holds is as it was."""


class QuestionError(AssistantError):
    """The question, the history or a batch line cannot be used as it is."""


class AgendaError(AssistantError):
    """The agenda of a briefing cannot be used as it is."""


class FeedbackError(AssistantError):
    """Feedback cannot be kept or read; what was kept before is as it was."""


class AccountError(AssistantError):
    """The name or the password of an account cannot be used as it is."""


class BusyError(AssistantError):
    """Nothing more is taken just now; ``retry_after`` is the pause to make, in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        """Take the message to show."""
        super().__init__(message)
        self.retry_after = retry_after


class LimitError(BusyError):
    """One person or one address asks for more than the settings allow."""


class HistoryError(AssistantError):
    """A conversation that a browser kept cannot be opened."""


class ProviderError(AssistantError):
    """The model failed: what failed, and what to do.

    ``passing`` faults are worth another try; ``retry_after`` is the pause in seconds
    that the server asks for.
    """

    passing = False

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Take the message to show."""
        super().__init__(message)
        self.retry_after = retry_after


class ProviderUnreachableError(ProviderError):
    """No server answers at the model's address."""

    passing = True


class ProviderTimeoutError(ProviderError):
    """The model took longer than the settings allow."""


class ProviderAuthError(ProviderError):
    """The key is missing, wrong, or may not use this model."""


class ProviderQuotaError(ProviderError):
    """The account has no credit left."""


class ProviderRateLimitError(ProviderError):
    """Too many requests were sent just now."""

    passing = True


class ProviderBusyError(ProviderError):
    """The server failed on its side."""

    passing = True


class ProviderRequestError(ProviderError):
    """The server refuses the request as it is."""


class ModelNotFoundError(ProviderRequestError):
    """The server has no model of this name."""


class ContextTooLongError(ProviderRequestError):
    """The request is longer than the model, or its budget, takes."""


class ContentFilteredError(ProviderError):
    """The provider's content filter stopped the answer."""


class AnswerCutOffError(ProviderError):
    """The answer ended before it was whole."""


class BadAnswerError(ProviderError):
    """What came back is no answer in the format that was asked for."""


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it comes of, the last first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
