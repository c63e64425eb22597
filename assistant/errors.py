"""The one family of errors; every message is fit to show to a user.

AssistantError
├── ConfigError            a setting is missing, unknown or out of bounds
├── CorpusError            a report file cannot be read or lacks its details
├── IndexStateError        the index on disk does not fit this program or is damaged
│   └── IndexLockedError   another process is using the index
└── QuestionError          the question or the batch line cannot be used as it is

A message says what is wrong and what to do about it. Finding no evidence is not
an error: it is an outcome of an answer (see ``assistant.schema.Outcome``).
"""


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


class QuestionError(AssistantError):
    """The question, the history or a batch line cannot be used as it is."""
