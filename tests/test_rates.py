"""Limits counted by several processes together, in a real Redis; without it alone."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute

from assistant.errors import ConfigError, LimitError
from assistant.serving.access.accounts import Accounts
from assistant.serving.access.signing_in import SignIn
from assistant.serving.rates import Rates
from assistant.settings import load_settings
from tests.deployed.programs import redis
from tests.doors import PASSWORD, with_accounts
from tests.test_server_mode import free_port

FIVE = RateLimitItemPerMinute(5, namespace="test")


@pytest.mark.deployed
def test_processes_that_share_a_store_count_together() -> None:
    with redis(free_port()) as store:
        one, other = Rates(store), Rates(store)
        assert one.take(FIVE, "ada", count=3) == 0
        assert other.left(FIVE, "ada") == 2
        assert 1 <= other.take(FIVE, "ada", count=3) <= 60
        # What was refused is not counted.
        assert other.take(FIVE, "ada", count=2) == 0
        assert not one.has_room(FIVE, "ada")
        assert one.has_room(FIVE, "bob")
        one.clear(FIVE, "ada")
        assert other.has_room(FIVE, "ada")


@pytest.mark.deployed
def test_a_store_that_is_lost_holds_nobody_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()
    with redis(port) as store:
        rates = Rates(store)
        assert rates.take(FIVE, "ada", count=5) == 0
    began = time.monotonic()
    # Alone it counts from nought.
    assert [rates.take(FIVE, "ada") for _ in range(5)] == [0] * 5
    assert rates.take(FIVE, "ada") >= 1
    assert time.monotonic() - began < 2
    assert caplog.text.count("counting alone") == 1
    with redis(port):
        rates._alone_until = 0
        assert rates.take(FIVE, "ada", count=5) == 0
        assert Rates(store).left(FIVE, "ada") == 0


@pytest.mark.deployed
def test_wrong_passwords_count_wherever_they_are_tried(tmp_path: Path) -> None:
    accounts = Accounts(with_accounts(tmp_path))
    with redis(free_port()) as store:
        pages = [SignIn(accounts, 3, Rates(store)) for _ in range(2)]

        async def guess() -> None:
            for page in (pages[0], pages[1], pages[0]):
                assert await page.check("ada", "wrong", "192.0.2.7") is None
            for page in pages:
                with pytest.raises(LimitError, match="too many wrong"):
                    await page.check("ada", PASSWORD, "192.0.2.7")
            assert await pages[1].check("ada", PASSWORD, "192.0.2.8")

        asyncio.run(guess())


@pytest.mark.parametrize(
    "address", ["here", "http://a:secret@b", "redis://a:secret@b:x"]
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(
    address: str,
) -> None:
    with pytest.raises(ConfigError, match="ASSISTANT_LIMITS_STORE") as told:
        Rates(address)
    assert "secret" not in str(told.value)
    assert "secret" not in load_settings(limits_store=address).model_dump_json()
