"""Downloads: https only, public addresses only, and no more than the limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from assistant.errors import CorpusError
from assistant.library.download import (
    DownloadLimits,
    download,
    is_public,
)

PUBLIC = "93.184.215.14"
LIMITS = DownloadLimits()
ADDRESS = "https://publisher.example/report.pdf"


class Rerouted(httpx.BaseTransport):
    """Sends every request to a local server, and keeps what was asked of whom."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._real = httpx.HTTPTransport()
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return self._real.handle_request(
            httpx.Request(request.method, url, headers=request.headers)
        )


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer() as running:
        yield running


def fetch(
    server: HTTPServer,
    folder: Path,
    *,
    address: str = ADDRESS,
    resolve: Callable[[str], Sequence[str]] = lambda host: [PUBLIC],
    limits: DownloadLimits = LIMITS,
) -> tuple[bytes, list[httpx.Request], str]:
    transport = Rerouted(server.port)
    found = download(
        address, folder, resolve=resolve, transport=transport, limits=limits
    )
    return found.file.read_bytes(), transport.asked, found.address


def test_the_connection_goes_to_the_address_that_was_checked(
    server: HTTPServer, tmp_path: Path
) -> None:
    server.expect_request("/report.pdf").respond_with_data(
        b"%PDF-", content_type="application/pdf"
    )
    data, (request,), _ = fetch(server, tmp_path)
    assert data == b"%PDF-"
    assert (tmp_path / "download.pdf").exists()
    assert request.url.host == PUBLIC
    assert request.headers["host"] == "publisher.example"
    assert request.extensions["sni_hostname"] == "publisher.example"
    assert request.headers["accept-encoding"] == "identity"


def test_a_folder_that_takes_nothing_is_told(
    server: HTTPServer, tmp_path: Path
) -> None:
    server.expect_request("/report.pdf").respond_with_data(b"%PDF-")
    with pytest.raises(CorpusError, match=r"cannot be kept in .*No such file"):
        fetch(server, tmp_path / "gone")


def test_a_name_is_looked_up_once_a_request(server: HTTPServer, tmp_path: Path) -> None:
    """A name that is public when checked and private when connected gains nothing."""
    server.expect_request("/report.pdf").respond_with_data(b"x")
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    _, (request,), _ = fetch(server, tmp_path, resolve=lambda host: next(answers))
    assert request.url.host == PUBLIC


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.0.1"],
        ["172.16.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["224.0.0.1"],
        ["192.0.0.8"],
        ["192.0.0.192"],
        ["::ffff:192.0.0.8"],
        ["::192.0.0.8"],
        ["::127.0.0.1"],
        ["64:ff9b::c000:8"],
        ["64:ff9b:1::a00:1"],
        ["2002:c000:0008::1"],
        ["fec0::1"],
        ["feff:ffff::1"],
        ["fec0::1%eth0"],
        ["192.88.99.1"],
        [PUBLIC, "10.0.0.1"],
        [],
    ],
)
def test_a_private_address_is_refused(
    server: HTTPServer, tmp_path: Path, found: list[str]
) -> None:
    with pytest.raises(CorpusError, match="not on the public internet"):
        fetch(server, tmp_path, resolve=lambda host: found)
    assert not server.log


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700:4700::1111", "8.8.8.8"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://publisher.example/report.pdf",
        "file:///etc/passwd",
        "ftp://publisher.example/x",
        "https://user:secret@publisher.example/x",
        "https://publisher.example:8443/x",
        "https:///x",
        "https://[::1/x",
    ],
)
def test_other_addresses_are_refused(
    server: HTTPServer, tmp_path: Path, address: str
) -> None:
    with pytest.raises(CorpusError, match=r"cannot be fetched|is no web address"):
        fetch(server, tmp_path, address=address)


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("http://publisher.example/x", "only https"),
        ("https://inside.example/x", "not on the public internet"),
        ("file:///etc/passwd", "only https"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(
    server: HTTPServer, tmp_path: Path, target: str, complaint: str
) -> None:
    server.expect_request("/report.pdf").respond_with_response(
        Response(status=302, headers={"Location": target})
    )

    def resolve(host: str) -> list[str]:
        return ["10.0.0.1"] if host.startswith("inside") else [PUBLIC]

    with pytest.raises(CorpusError, match=complaint):
        fetch(server, tmp_path, resolve=resolve)


def test_a_redirect_to_another_public_place_is_followed(
    server: HTTPServer, tmp_path: Path
) -> None:
    server.expect_request("/report.pdf").respond_with_response(
        Response(status=301, headers={"Location": "/new.pdf"})
    )
    server.expect_request("/new.pdf").respond_with_data(b"new")
    data, asked, address = fetch(server, tmp_path)
    assert (data, len(asked)) == (b"new", 2)
    assert address == "https://publisher.example/new.pdf"


def test_redirects_in_a_ring_end(server: HTTPServer, tmp_path: Path) -> None:
    server.expect_request("/report.pdf").respond_with_response(
        Response(status=302, headers={"Location": "/report.pdf"})
    )
    with pytest.raises(CorpusError, match="redirects more than 5 times"):
        fetch(server, tmp_path)


def test_what_is_too_large_is_stopped(server: HTTPServer, tmp_path: Path) -> None:
    server.expect_request("/report.pdf").respond_with_data(b"x" * 3_000_000)
    with pytest.raises(CorpusError, match="larger than 1 MB"):
        fetch(server, tmp_path, limits=DownloadLimits(size=1_000_000))
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size <= 1_100_000


def test_what_takes_too_long_is_stopped(server: HTTPServer, tmp_path: Path) -> None:
    server.expect_request("/report.pdf").respond_with_data(b"x")
    with pytest.raises(CorpusError, match="takes longer than 0 seconds"):
        fetch(server, tmp_path, limits=DownloadLimits(seconds=0))


def test_an_answer_that_is_no_file_is_an_error(
    server: HTTPServer, tmp_path: Path
) -> None:
    server.expect_request("/report.pdf").respond_with_data(b"gone", status=404)
    with pytest.raises(CorpusError, match="answers 404"):
        fetch(server, tmp_path)


def test_a_name_nobody_knows_is_an_error(server: HTTPServer, tmp_path: Path) -> None:
    def resolve(host: str) -> list[str]:
        raise OSError("unknown")

    with pytest.raises(CorpusError, match=r"publisher\.example cannot be looked up"):
        fetch(server, tmp_path, resolve=resolve)


def test_a_dead_server_is_an_error(tmp_path: Path) -> None:
    with HTTPServer() as server:
        transport = Rerouted(server.port)
    with pytest.raises(CorpusError, match="cannot be fetched"):
        download(ADDRESS, tmp_path, resolve=lambda host: [PUBLIC], transport=transport)
