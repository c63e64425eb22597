"""Variables that serve other software: no traceback, and each told by its name."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.environment import variables_named, without_variables
from assistant.errors import ConfigError
from assistant.provider.connecting import split_address
from tests.provider.certificates import self_signed
from tests.provider.server import KEY, ModelServer
from tests.serving import running
from tests.test_model_answer import ASKED, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

ROOT = Path(__file__).parents[1]
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "OPENAI_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
# Nobody listens at the first two.
ODD = {
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "OPENAI_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "ftp://name:hidden@proxy.example",
    "HTTP_PROXY": "socks4://127.0.0.1:9",
    "SSL_CERT_FILE": "/nowhere/ca.pem",
    "SSL_CERT_DIR": "/nowhere",
    "REQUESTS_CA_BUNDLE": "/nowhere/ca.pem",
    "NO_PROXY": "[::1",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, *CERTIFICATES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Give a proxy that answers everything alike, and what it was asked."""
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = held.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                # All of it: whoever closes on what is unread resets the connection.
                head = b""
                while (line := sent.readline()) not in (b"\r\n", b""):
                    head += line
                asked.append(head)
                length = re.search(rb"(?i)content-length: (\d+)", head)
                sent.read(int(length[1]) if length else 0)
                connection.sendall(
                    b"HTTP/1.1 " + answer + b"\r\nConnection: close\r\n\r\n"
                )

    with socket.create_server(("127.0.0.1", 0)) as held:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            host, port = held.getsockname()
            yield f"{host}:{port}", asked
        finally:
            held.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_without_a_model_no_variable_matters(shelf_data: Path) -> None:
    command = (
        "from assistant.cli import run; from assistant.web.page import make_page;"
        "raise SystemExit(run(['ask', 'What is Oflog?']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env={**os.environ, **ODD, "ASSISTANT_DATA_DIR": str(shelf_data)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "[1]" in ran.stdout


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "SSL_CERT_FILE"])
def test_a_variable_that_cannot_be_used_is_named_without_a_password(
    with_model: WithModel, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ODD[name])
    with pytest.raises(ConfigError, match=rf"^{name} ") as told:
        with_model()
    assert "hidden" not in str(told.value)


def test_what_no_variable_explains_is_told_all_the_same() -> None:
    with pytest.raises(ConfigError, match=r"odd\. Check HTTP_PROXY"), variables_named():
        raise ValueError("odd")


@pytest.mark.parametrize("name", ["ALL_PROXY", "OPENAI_PROXY", "HTTP_PROXY"])
@pytest.mark.parametrize("scheme", ["socks5", "http"])
def test_a_proxy_that_does_not_answer_is_named(
    with_model: WithModel, monkeypatch: pytest.MonkeyPatch, name: str, scheme: str
) -> None:
    monkeypatch.setenv(name, f"{scheme}://name:hidden@127.0.0.1:9")
    answer = with_model(openai_base_url="http://model.example/v1").answer(ASKED)
    assert "through the proxy 127.0.0.1:9" in answer.text
    assert name in answer.text
    assert "hidden" not in answer.text
    assert answer.quoting is not None


def test_a_server_that_is_named_in_no_proxy_is_asked_without_one(
    with_model: WithModel, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(TRUE)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "intranet.example, 127.0.0.1")
    assert with_model().answer(ASKED).outcome == "answered"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("status", "told"),
    [
        (b"407 Proxy Authentication Required", "asks for a name and a password (407)"),
        (b"403 Forbidden", "(403)|lets nothing through"),
    ],
)
def test_what_a_proxy_refuses_is_told_as_the_proxys(
    with_model: WithModel,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    status: bytes,
    told: str,
) -> None:
    with proxy(status) as (address, asked):
        monkeypatch.setenv("ALL_PROXY", address)
        url = f"{scheme}://model.example/v1"
        answer = with_model(openai_base_url=url).answer(ASKED)
    assert any(part in answer.text for part in told.split("|"))
    assert asked[0].startswith(
        b"CONNECT model.example" if "s" in scheme[4:] else b"POST"
    )


def test_a_certificate_of_ones_own_is_trusted_where_it_is_named(
    with_model: WithModel, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(TRUE)
    with (
        self_signed("127.0.0.1") as (certificate, key),
        running(server.app, ssl_certfile=certificate, ssl_keyfile=key) as address,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        url = f"{address.replace('http:', 'https:')}/v1"
        assert with_model(openai_base_url=url).answer(ASKED).outcome == "answered"


def test_variables_that_are_hidden_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks4://x")
    with without_variables():
        assert "http_proxy" not in os.environ
    assert os.environ["http_proxy"] == "socks4://x"


@pytest.mark.parametrize(
    ("address", "base", "query"),
    [
        ("http://x:1/v1", "http://x:1/v1", {}),
        ("http://x:1/v1/chat/completions/", "http://x:1/v1", {}),
        ("https://x/o?api-version=2&b=", "https://x/o", {"api-version": "2", "b": ""}),
    ],
)
def test_an_address_is_split_into_what_stays_and_what_goes_with_each_request(
    address: str, base: str, query: dict[str, str]
) -> None:
    assert split_address(address) == (base, query)


def test_azures_deployments_are_asked_with_their_version_and_key(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    deployment = f"{server.url}/openai/deployments/four"
    url = f"{deployment}/chat/completions?api-version=2024-10-21"
    assert with_model(openai_base_url=url).answer(ASKED).outcome == "answered"
    (asked,) = server.log
    assert asked.path == "/v1/openai/deployments/four/chat/completions"
    assert asked.headers["api-key"] == KEY
    assert asked.query == "api-version=2024-10-21"


def test_no_other_server_is_given_the_key_twice(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(TRUE)
    with_model(openai_base_url=f"{server.url}?team=a").answer(ASKED)
    assert "api-key" not in server.log[0].headers
    assert server.log[0].query == "team=a"
