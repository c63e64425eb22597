"""Accounts: what is kept, what is refused, and the command that changes them."""

from __future__ import annotations

import io
import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cli import run
from assistant.errors import AccountError, ConfigError
from assistant.serving.access.accounts import (
    FILE,
    Accounts,
    clean_name,
)
from assistant.serving.access.kept_file import KeptFile
from assistant.serving.access.passwords import check_password
from assistant.settings import load_settings

GOOD = "three warm lamps"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "data")


def test_an_account_is_kept_hashed_and_private(
    accounts: Accounts, tmp_path: Path
) -> None:
    accounts.add("Ada", GOOD, "editor")
    file = tmp_path / "data" / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text("utf-8")
    assert GOOD not in text
    assert json.loads(text)["accounts"][0]["password"].startswith("$argon2id$")
    again = Accounts(tmp_path / "data")
    found = again.verify("ADA ", GOOD)
    assert found is not None
    assert (found.name, found.role) == ("ada", "editor")
    assert found.password not in repr(found)
    assert again.verify("ada", GOOD + "!") is None
    assert again.verify("nobody", GOOD) is None


def test_a_password_is_the_same_however_its_letters_are_made(
    accounts: Accounts,
) -> None:
    accounts.add("ada", "cafe\u0301 at the corner")
    assert accounts.verify("ada", "caf\u00e9 at the corner")


@pytest.mark.parametrize(
    "password", ["short", "eleven char", "x" * 257, "ada.lovelace", "ADA.LOVELACE "]
)
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.add("ada.lovelace", password)
    assert accounts.all() == {}


def test_no_kind_of_character_is_asked_for() -> None:
    check_password("ada", "a" * 6 + "b" * 6)
    check_password("ada", "日本語の長いパスワード文")


@given(st.text(max_size=70))
@settings(max_examples=300)
def test_a_name_is_clean_or_refused(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except AccountError:
        return
    assert cleaned == clean_name(cleaned)
    assert cleaned.isascii()
    assert not set(cleaned) & set(" \t\n/\\\"'<>:;,")


def test_a_change_is_seen_by_who_has_the_file_open(
    accounts: Accounts, tmp_path: Path
) -> None:
    other = Accounts(tmp_path / "data")
    mark = accounts.add("ada", GOOD).mark
    assert other.all()["ada"].mark == mark
    accounts.set_password("ada", GOOD + " again")
    assert other.all()["ada"].mark != mark
    accounts.set_role("ada", "editor")
    assert other.all()["ada"].role == "editor"
    accounts.remove("ada")
    assert other.all() == {}


def test_writers_at_one_time_lose_nothing(tmp_path: Path) -> None:
    names = [f"person{n}" for n in range(6)]
    writers = [
        threading.Thread(target=Accounts(tmp_path).add, args=(name, GOOD))
        for name in names
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(Accounts(tmp_path).all()) == names
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        FILE,
        "accounts.lock",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"accounts": [{"name": "ada"}]}',
        '{"accounts": [{"name": "a/b", "role": "reader", "password": "x"}]}',
        '{"accounts": [{"name": "ada", "role": "owner", "password": "x"}]}',
    ],
)
def test_a_damaged_file_opens_no_door(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    accounts = Accounts(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        accounts.all()
    with pytest.raises(ConfigError, match="cannot be read"):
        accounts.add("ada", GOOD)
    assert (tmp_path / FILE).read_text() == text


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines))
    )


def test_the_command_adds_lists_changes_and_removes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, GOOD, GOOD + " two")
    add = ["accounts", "add", "Ada", "--role", "editor", "--password-stdin"]
    assert run(add) == 0
    assert "Added ada (editor)." in capsys.readouterr().out
    accounts = Accounts(load_settings().data_dir)
    assert accounts.verify("ada", GOOD)
    assert run(add) == 1
    assert "already" in capsys.readouterr().err
    assert run(["accounts", "password", "ada", "--password-stdin"]) == 0
    assert accounts.verify("ada", GOOD + " two")
    assert run(["accounts", "role", "ada", "reader"]) == 0
    capsys.readouterr()
    assert run(["accounts", "list"]) == 0
    assert capsys.readouterr().out == "ada  reader\n"
    assert run(["accounts", "remove", "ada"]) == 0
    assert run(["accounts", "list"]) == 0
    assert "There are no accounts." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "lines", "said"),
    [
        (["add", "ada", "--password-stdin"], ["short"], "12 to 256 characters"),
        (["add", "a/b", "--password-stdin"], [GOOD], "A name has"),
        (["add", "ada", "--password-stdin"], [], "12 to 256 characters"),
        (["password", "bob", "--password-stdin"], [GOOD], "no account bob"),
        (["role", "bob", "editor"], [], "no account bob"),
        (["remove", "bob"], [], "no account bob"),
    ],
)
def test_the_command_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    lines: list[str],
    said: str,
) -> None:
    typed(monkeypatch, *lines)
    assert run(["accounts", *arguments]) == 1
    assert said in capsys.readouterr().err


def test_accounts_that_are_lost_are_not_taken_for_none(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    assert accounts.all() == {}
    accounts.add("ada", "a long password", "editor")
    (tmp_path / "accounts.json").unlink()
    for look in (accounts.all, Accounts(tmp_path).all):
        with pytest.raises(
            ConfigError, match=r"accounts\.json is missing.*accounts add"
        ):
            look()
    Accounts(tmp_path).add("ben", "another password")
    assert list(accounts.all()) == ["ben"]


def test_a_first_write_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    kept: KeptFile[int] = KeptFile(tmp_path / "kept.json", dict, dict, "Mend it.")
    with pytest.raises(KeyboardInterrupt), kept.changing():
        raise KeyboardInterrupt
    assert kept.values() == {}
