"""What the page's script sends when a button of the list or the table is pressed."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, cast, get_args

from assistant.errors import CorpusError
from assistant.library.details import Given, given_otherwise
from assistant.schema import ReportDetails
from assistant.web.library.drafts import Row

_TYPED = ("title", "publisher", "published", "url", "document_type", "authors")
Do = Literal["add", "put-away", "version", "change", "remove"]


class Command(NamedTuple):
    """What is to be done, to which document, and what was typed."""

    do: Do
    document: str
    rows: tuple[Row, ...]
    typed: dict[str, str]
    model: bool = False
    """Let the model write how people may ask for what is added."""

    def given(self, known: ReportDetails) -> Given:
        """Return the details that were typed and are not as they are known."""
        return given_otherwise({n: self.typed.get(n, "") for n in _TYPED}, known)


def read_command(sent: str) -> Command:
    """Read what the script sends.

    Raises:
        CorpusError: it is nothing that it sends.
    """
    try:
        found = json.loads(sent)
        do = str(found["do"])
        if do not in get_args(Do):
            raise ValueError(do)
        return Command(
            cast(Do, do),
            str(found.get("document", "")),
            tuple(_row(row) for row in found.get("rows", [])),
            {str(k): str(v) for k, v in found.get("typed", {}).items()},
            found.get("model") is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CorpusError("The page has changed. Reload it and try again.") from error


def _row(sent: dict[str, object]) -> Row:
    return Row(
        title=str(sent.get("title", "")),
        publisher=str(sent.get("publisher", "")),
        published=str(sent.get("published", "")),
        version=bool(sent.get("version")),
        add=sent.get("add") is True,
    )
