"""Every test runs apart: from the user's settings, and from the network."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from assistant.serving import faults
from assistant.settings import Settings

# How long an example takes says more of the machine than of the code.
# `make fuzz` sets how many are tried, others each time; else as many as a change can
# wait for.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
settings.register_profile("patient", deadline=None, max_examples=EXAMPLES)
settings.register_profile("fuzz", settings.get_profile("patient"), derandomize=False)
settings.load_profile("fuzz" if "FUZZ_EXAMPLES" in os.environ else "patient")

OURS = ("ASSISTANT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")
# A client would ask a proxy even for our own fake servers.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

# What takes longest begins first, so that at the end no processor waits for another.
LONG_FILES = (
    "test_browser_page.py",
    "test_browser_conversation.py",
    "test_real_model.py",
    "test_damage.py",
    "test_browser_evidence.py",
    "test_browser_own_papers.py",
    "test_kill.py",
    "test_disk.py",
    "test_evals_fit.py",
    "test_evals_pairs.py",
    "test_leaving.py",
    "test_server_mode.py",
    "test_removed.py",
)

attempts: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, in their order."""
    places = {name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


class OutsideNetworkError(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(OURS) or name.upper() in PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    # The user's .env must not count; a test of .env passes `_env_file`.
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(autouse=True, scope="session")
def _own_page_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Gradio has one folder for a process: all pages of all tests use it."""
    os.environ["GRADIO_TEMP_DIR"] = str(tmp_path_factory.mktemp("page-files"))


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """The command line sets the level of our log; the next test starts without it.

    Nor does it know which faults another test has told of in full.
    """
    yield
    faults._told.clear()
    logging.getLogger("assistant").setLevel(logging.NOTSET)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(address: str) -> None:
    attempts.append(address)
    raise OutsideNetworkError(f"a test may not reach {address}: use a fake")


@pytest.fixture(autouse=True, scope="session")
def _no_outside_network() -> Iterator[None]:
    """Refuse other machines, and looking up their names, which is traffic too."""

    def guard(method: Callable[..., Any]) -> Callable[..., Any]:
        def connect(sock: socket.socket, address: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                host, port = address[:2]
                if not _is_loopback(host):
                    _refuse(f"{host}:{port}")
            return method(sock, address)

        return connect

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_address(name) and not _is_loopback(name):
            _refuse(f"{name}:{port}")
        return look_up(host, port, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guard(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guard(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True)
def _no_swallowed_attempt(_no_outside_network: None) -> Iterator[None]:
    """Fail a test whose code caught the refusal and went on."""
    attempts.clear()
    yield
    assert not attempts, f"tried to reach {', '.join(attempts)}"
