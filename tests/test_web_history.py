"""Conversations as a browser keeps them: whole, small, signed, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from assistant.errors import HistoryError
from assistant.web.ask.conversation import Conversation, Exchange
from assistant.web.ask.history import (
    _EXCHANGES,
    KEY_FILE,
    LONGEST_TEXT,
    MOST_EXCHANGES,
    History,
    record_of,
)
from assistant.web.ask.view import messages_of, panel_of
from tests import odd
from tests.browser.fakes import ANSWERED, BROKEN_OFF, DATA, HOSTILE, NO_EVIDENCE

ID = "0123456789abcdef" * 2
OWNER = "f" * 40
AT = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)
HISTORY = History("k" * 64)
RECORD = '<div hidden class="record">%s</div>'
JSON = odd.odd(odd.value)


def whole(put: object) -> object:
    """Return a value without halves of signs: the wall takes none, so none is signed."""
    written = json.dumps(put, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(written)


def exchange(number: int = 1, **changes: Any) -> Exchange:
    whole = Exchange(
        number,
        f"Question {number}?",
        f"Question {number}, in full?",
        answer=ANSWERED,
        asked_at=AT,
        corpus_version="a1b2",
        reports=("old-2013",),
    )
    return replace(whole, **changes)


def signed(payload: object, owner: str = OWNER) -> str:
    """Sign anything at all as this installation would."""
    return str(HISTORY._signer(owner).dumps(payload))


def read(text: str) -> Conversation:
    return HISTORY.read(text, OWNER).conversation


def test_a_conversation_comes_back_as_it_was() -> None:
    kept: Conversation = (
        exchange(1),
        exchange(2, answer=BROKEN_OFF),
        exchange(3, answer=NO_EVIDENCE),
        exchange(4, answer=None, failure=HOSTILE),
        exchange(5, answer=None, stopped=True),
    )
    back = HISTORY.read(HISTORY.write(ID, kept, OWNER), OWNER)
    assert back.id == ID
    assert back.conversation == kept
    assert panel_of(back.conversation) == panel_of(kept)


def test_write_leaves_out_what_is_not_shown_and_what_is_not_whole() -> None:
    chunk = replace(DATA.chunk, id="uncited", section="Elsewhere", asked_as=("Why?",))
    answer = replace(
        ANSWERED, passages=(*ANSWERED.passages, replace(DATA, chunk=chunk))
    )
    pending = exchange(2, answer=None)
    growing = exchange(3, answer=ANSWERED, growing=True)
    kept = (exchange(answer=answer), pending, growing)
    assert read(HISTORY.write(ID, kept, OWNER)) == (exchange(),)


def test_write_keeps_the_latest_of_a_long_conversation() -> None:
    kept = tuple(exchange(number) for number in range(1, MOST_EXCHANGES + 31))
    back = read(HISTORY.write(ID, kept, OWNER))
    assert [one.number for one in back] == list(range(1, MOST_EXCHANGES + 1))
    assert back[-1].question == kept[-1].question


def test_write_keeps_within_the_size_that_a_browser_takes() -> None:
    # Digits at random hardly compress: each of these needs 100,000 characters.
    digits = Random(7).randbytes(80_000).hex()
    kept = tuple(exchange(number, question=f"{number} {digits}") for number in range(9))
    text = HISTORY.write(ID, kept, OWNER)
    assert 50_000 < len(text) <= LONGEST_TEXT
    assert read(text)[-1].question == kept[-1].question


@pytest.mark.parametrize(
    ("writer", "reader"), [("ann", "bob"), ("bob", "ann"), ("ann", "")]
)
def test_nobody_opens_what_another_person_kept(writer: str, reader: str) -> None:
    text = HISTORY.write(ID, (exchange(),), writer)
    assert HISTORY.read(text, writer).id == ID
    assert HISTORY.name_of(writer) != HISTORY.name_of(reader)
    with pytest.raises(HistoryError, match="cannot be opened"):
        HISTORY.read(text, reader)


def test_another_installation_does_not_open_it() -> None:
    text = HISTORY.write(ID, (exchange(),), OWNER)
    with pytest.raises(HistoryError):
        History("l" * 64).read(text, OWNER)


def test_the_key_outlives_a_restart_and_is_nobody_elses(tmp_path: Path) -> None:
    text = History.from_folder(tmp_path).write(ID, (exchange(),), OWNER)
    assert History.from_folder(tmp_path).read(text, OWNER).conversation == (exchange(),)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


@given(st.text() | st.text(alphabet="abcdefABCDEF0123456789-_.", max_size=200))
def test_no_text_of_a_browser_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(HistoryError):
        read(text)


@given(st.text() | JSON.map(lambda put: RECORD % escape(json.dumps(put))))
def test_no_page_regains_what_was_not_kept(record: str) -> None:
    assert HISTORY.regain(record, "bob") is None


def test_regain_reads_what_the_page_was_given() -> None:
    record = record_of(HISTORY, ID, (exchange(),), "ann", opened=True)
    kept = HISTORY.regain(record, "ann")
    assert kept
    assert (kept.id, kept.conversation) == (ID, (exchange(),))
    assert HISTORY.regain(record, "bob") is None
    assert HISTORY.regain(record_of(HISTORY, ID, (), "ann"), "ann") is None


@given(st.integers(0, 1_000_000), st.characters(codec="utf-8"))
def test_a_changed_text_is_refused(place: int, put: str) -> None:
    text = HISTORY.write(ID, (exchange(),), OWNER)
    place %= len(text)
    changed = text[:place] + put + text[place + 1 :]
    try:
        kept = read(changed)
    except HistoryError:
        return
    # The last digit of a base-64 text may have bits to spare.
    assert kept == (exchange(),)


def _damaged(payload: Any, way: list[int], put: object) -> Any:
    """Return a payload with one of its values, however deep, replaced."""
    if not way or not isinstance(payload, list | dict) or not payload:
        return put
    keys = list(payload) if isinstance(payload, dict) else range(len(payload))
    key = keys[way[0] % len(payload)]
    copy = payload.copy()
    copy[key] = _damaged(payload[key], way[1:], put)
    return copy


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40), max_size=9), JSON.map(whole))
def test_whatever_is_signed_is_shown_or_refused(way: list[int], put: object) -> None:
    text = HISTORY.write(ID, (exchange(answer=BROKEN_OFF),), OWNER)
    payload = HISTORY._signer(OWNER).loads(text)
    try:
        kept = read(signed(_damaged(payload, way, put)))
    except HistoryError:
        return
    assert messages_of(kept, "another")
    assert panel_of(kept)


@pytest.mark.parametrize(
    "change",
    [
        {"question": " "},
        {"growing": True},
        {"shown": 1},
        {"asked_at": datetime(2026, 5, 3)},
        {
            "answer": replace(
                ANSWERED, citations=(replace(ANSWERED.citations[0], published="soon"),)
            )
        },
        {"answer": replace(ANSWERED, citations=ANSWERED.citations[:1] * 2)},
    ],
)
def test_read_refuses_what_could_not_be_shown(change: dict[str, Any]) -> None:
    text = HISTORY.write(ID, (exchange(),), OWNER)
    form, id_, _ = HISTORY._signer(OWNER).loads(text)
    parts = _EXCHANGES.dump_python([exchange(**change)], mode="json")
    with pytest.raises(HistoryError):
        read(signed([form, id_, parts]))


def test_read_refuses_another_form_and_another_id() -> None:
    form, id_, parts = HISTORY._signer(OWNER).loads(
        HISTORY.write(ID, (exchange(),), OWNER)
    )
    assert read(signed([form, id_, parts]))
    for payload in ([form + 1, id_, parts], [form, "x", parts], [form, id_, []]):
        with pytest.raises(HistoryError):
            read(signed(payload))


def test_a_signature_under_another_salt_does_not_count() -> None:
    other = URLSafeSerializer(HISTORY.key, salt="assistant.session")
    with pytest.raises(HistoryError):
        read(str(other.dumps([1, ID, []])))


def test_record_of_tells_the_script_what_to_keep() -> None:
    hostile = exchange(question=f"{HOSTILE} {'x' * 200}\n\nmore")
    html = record_of(HISTORY, ID, (hostile, exchange(2)), OWNER)
    assert html.count("<") == 2
    assert "\n" not in html
    told = json.loads(unescape(html.partition(">")[2].rpartition("<")[0]))
    assert told["title"].startswith(HOSTILE)
    assert len(told["title"]) < 130
    assert (told["questions"], told["asked"]) == (2, AT.isoformat())
    assert read(told["text"])[0] == hostile


def test_record_of_nothing_names_only_the_owner() -> None:
    html = record_of(HISTORY, "", (), "ann")
    told = json.loads(unescape(html.partition(">")[2].rpartition("<")[0]))
    assert told == {"owner": HISTORY.name_of("ann"), "id": ""}
