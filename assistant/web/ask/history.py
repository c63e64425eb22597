"""Conversations as a browser keeps them: signed here, and checked when they come back.

A browser holds each as one opaque text. It is signed, so that what is shown again is
what was checked, and nobody's but whose it was: a person's, or on an
open page one browser's.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape, unescape
from json import dumps, loads
from pathlib import Path
from uuid import uuid4

from itsdangerous import BadData, URLSafeSerializer
from pydantic import TypeAdapter

from assistant.errors import HistoryError
from assistant.schema import Answer, Citation, Passage
from assistant.serving.access.sessions import load_key
from assistant.web.answers.sources import passage_of
from assistant.web.ask.conversation import Conversation, Exchange

KEY_FILE = "history.key"
MOST_EXCHANGES = 100
LONGEST_TEXT = 500_000
_LONGEST_TITLE = 120
_LONGEST_SEARCHED = 4000

# Another number, another form: texts of an older one are not opened.
_FORM = 1
_ID = re.compile(r"[0-9a-f]{32}")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_RECORD = re.compile(r'<div hidden class="record">([^<>]*)</div>')
_EXCHANGES = TypeAdapter(list[Exchange])

_UNREADABLE = (
    "This conversation cannot be opened. It was changed, or another installation, "
    "person or browser kept it. You can delete it from the list."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation that came back from a browser."""

    id: str
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class History:
    """Makes and reads the texts that the browsers of one installation keep."""

    key: str

    @classmethod
    def from_folder(cls, data_dir: Path) -> History:
        """Use the key in the data folder, made there at the first start.

        Raises:
            ConfigError: it cannot be written or read.
        """
        return cls(load_key(data_dir, KEY_FILE))

    def name_of(self, owner: str) -> str:
        """Return under which name a browser keeps what this owner asked."""
        return hmac.new(self.key.encode(), owner.encode(), sha256).hexdigest()[:16]

    def write(self, id: str, conversation: Conversation, owner: str) -> str:
        """Return the text of a conversation; of one too long, only its latest part."""
        exchanges = [_slim(one) for one in conversation if one.is_whole]
        exchanges = exchanges[-MOST_EXCHANGES:]
        while True:
            parts = _EXCHANGES.dump_python(exchanges, mode="json")
            text = self._signer(owner).dumps([_FORM, id, parts])
            written = text.decode() if isinstance(text, bytes) else text
            if len(written) <= LONGEST_TEXT or not exchanges:
                return written
            exchanges = exchanges[len(exchanges) // 2 + 1 :]

    def read(self, text: str, owner: str) -> Kept:
        """Return the conversation of a text that a browser sent.

        Raises:
            HistoryError: this installation did not write it so, for this owner.
        """
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise HistoryError(_UNREADABLE)
        try:
            form, id_, parts = self._signer(owner).loads(text)
            exchanges = _EXCHANGES.validate_json(dumps(parts), strict=True)
        except (BadData, ValueError, TypeError, RecursionError) as error:
            # pydantic's errors are among the ValueErrors.
            raise HistoryError(_UNREADABLE) from error
        sound = form == _FORM and isinstance(id_, str) and _ID.fullmatch(id_)
        if not sound or not 1 <= len(exchanges) <= MOST_EXCHANGES:
            raise HistoryError(_UNREADABLE)
        if not all(map(_is_sound, exchanges)):
            raise HistoryError(_UNREADABLE)
        numbered = (
            replace(exchange, number=number)
            for number, exchange in enumerate(exchanges, start=1)
        )
        return Kept(id_, tuple(numbered))

    def regain(self, record: str, owner: str) -> Kept | None:
        """Return what a page holds that outlived its server; None where that is nothing.

        ``record`` is what ``record_of`` gave to the page, as it came back.
        """
        found = _RECORD.fullmatch(record)
        try:
            told = loads(unescape(found[1])) if found else {}
            return self.read(told["text"], owner)
        except (ValueError, TypeError, KeyError, RecursionError, HistoryError):
            return None

    def on_page(
        self, conversation: Conversation, id: str, record: str, owner: str
    ) -> Kept:
        """Return a page's conversation, where the server has forgotten it as well.

        It has after a restart, and where very many pages are open. One that is not kept
        yet gets its id.
        """
        regained = None if conversation else self.regain(record, owner)
        return regained or Kept(id or uuid4().hex, conversation)

    def _signer(self, owner: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.key,
            salt=f"assistant.history.{self.name_of(owner)}",
            signer_kwargs={"digest_method": sha256},
        )


def record_of(
    history: History,
    id: str,
    conversation: Conversation,
    owner: str,
    *,
    opened: bool = False,
    pending: bool = False,
) -> str:
    """Return what the page's script puts into the browser's store, as hidden HTML.

    Without exchanges it tells the script only whose conversations to list. It is told
    of one that was just opened, and of one whose answer is still to come.
    """
    record: dict[str, object] = {"owner": history.name_of(owner), "id": id}
    whole = [exchange for exchange in conversation if exchange.is_whole]
    if whole:
        record["title"] = _title(whole[0].question)
        record["asked"] = _when(whole)
        record["questions"] = len(whole)
        record["search"] = " ".join(one.question for one in whole)[:_LONGEST_SEARCHED]
        record["text"] = history.write(id, conversation, owner)
        record["opened"], record["pending"] = opened, pending
    return f'<div hidden class="record">{escape(dumps(record))}</div>'


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"


def _when(whole: list[Exchange]) -> str | None:
    asked_at = whole[-1].asked_at
    return asked_at.isoformat() if asked_at else None


def _slim(exchange: Exchange) -> Exchange:
    exchange = replace(exchange, found=(), doing="")
    if exchange.answer is None:
        return exchange
    return replace(exchange, answer=_slim_answer(exchange.answer))


def _slim_answer(answer: Answer) -> Answer:
    """Leave out the passages that are not cited, and what is never shown of one."""
    quoting = None if answer.quoting is None else _slim_answer(answer.quoting)
    cited = [*answer.citations, *(answer.quoting.citations if answer.quoting else ())]
    kept = tuple(_cited_of(answer.passages, cited))
    return replace(answer, passages=kept, quoting=quoting)


def _cited_of(
    passages: tuple[Passage, ...], citations: list[Citation]
) -> Iterable[Passage]:
    found = {id(passage_of(citation, passages)) for citation in citations}
    for passage in passages:
        if id(passage) in found:
            yield replace(passage, chunk=replace(passage.chunk, asked_as=()))


def _is_sound(exchange: Exchange) -> bool:
    """Tell whether all that the page shows of an exchange can be shown."""
    answer, asked_at = exchange.answer, exchange.asked_at
    return (
        bool(exchange.question.strip())
        and exchange.is_whole
        and (asked_at is None or asked_at.tzinfo is not None)
        and (answer is None or _is_sound_answer(answer))
    )


def _is_sound_answer(answer: Answer) -> bool:
    dated = [citation.published for citation in answer.citations]
    dated += [passage.chunk.details.published for passage in answer.passages]
    numbers = [citation.number for citation in answer.citations]
    return (
        all(published is None or _DATE.fullmatch(published) for published in dated)
        and len(set(numbers)) == len(numbers)
        and all(number > 0 for number in numbers)
        and (answer.quoting is None or _is_sound_answer(answer.quoting))
    )
