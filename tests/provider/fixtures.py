"""The scripted server, and assistants that ask it over the real shelf.

A module that wants them says ``pytest_plugins = ("tests.provider.fixtures",)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.composition import Assistant, make_writer
from assistant.settings import load_settings
from tests.provider.server import KEY, ModelServer, model_server

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.shelf",)


@pytest.fixture(scope="session")
def _server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture
def server(_server: ModelServer) -> ModelServer:
    _server.script("Nothing.")
    return _server


@pytest.fixture
def with_model(assistant: Assistant, server: ModelServer) -> Iterator[WithModel]:
    """Gives the shelf's assistant a writer at the server; settings as given."""
    made: list[Assistant] = []

    def make(**given: object) -> Assistant:
        told: dict[str, object] = {
            "data_dir": assistant.settings.data_dir,
            "openai_api_key": KEY,
            "openai_base_url": server.url,
            "chat_model": "scripted",
            "retries": 0,
        }
        settings = load_settings(**{**told, **given})
        parts = replace(
            assistant.parts,
            writer=make_writer(settings),
            log_questions=settings.log_questions,
        )
        made.append(Assistant(settings, parts))
        return made[-1]

    yield make
    for one in made:
        assert one.parts.writer is not None
        one.parts.writer.close()
