"""Downloads a report from its publisher: https only, and only from public addresses.

The name is looked up once, every address it has must be public, and the connection
goes to the very address that was checked: a name that changes its address in between
(DNS rebinding) gains nothing. Redirects are followed by hand, each checked alike.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from assistant.errors import CorpusError
from assistant.reading.kinds import MOST_BYTES

Resolve = Callable[[str], Sequence[str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Beside what Python knows to be nobody's (in its own way from version to version).
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # for protocols of the IETF
            "192.88.99.0/24",  # 6to4 relays, given up
            "64:ff9b:1::/48",  # for a translator's own use
            "fec0::/10",  # site-local, given up
        ),
    )
)
_REDIRECTS = {301, 302, 303, 307, 308}
_AGENT = "council-shelf-assistant (fetches a report that its user named)"
_SUFFIXES = {"application/pdf": ".pdf", "text/html": ".html", "text/plain": ".txt"}


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """What one download may take."""

    size: int = MOST_BYTES
    """Bytes."""
    seconds: float = 120.0
    """For all of it."""
    gap: float = 20.0
    """Seconds to connect, and between two pieces."""
    redirects: int = 5


class Downloaded(NamedTuple):
    """A file that was downloaded, and the address that it came from in the end."""

    file: Path
    address: str


def look_up(host: str) -> list[str]:
    """Return the addresses of a host as this machine sees them."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64 or int(ip) >> 32 == 0:
            # The last 32 bits are an address of IPv4.
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def check_address(address: str, resolve: Resolve) -> tuple[str, str]:
    """Return the host of an address and one public IP address of it.

    Raises:
        CorpusError: it is not https, or its host is not on the public internet.
    """
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise CorpusError(f"{address} is no web address.") from error
    if parts.scheme != "https" or not host or parts.username or port not in (None, 443):
        raise CorpusError(
            f"{address} cannot be fetched: only https addresses without a port or a "
            "user name are. Download the file yourself and add it."
        )
    try:
        found = resolve(host)
    except (OSError, UnicodeError) as error:
        raise CorpusError(
            f"The name {host} cannot be looked up. Check the address and the network."
        ) from error
    if not found or not all(map(is_public, found)):
        raise CorpusError(
            f"{host} is not on the public internet, and only public addresses are "
            "fetched. Download the file yourself and add it."
        )
    return host, found[0]


def download(
    address: str,
    folder: Path,
    *,
    resolve: Resolve = look_up,
    transport: httpx.BaseTransport | None = None,
    limits: DownloadLimits = DownloadLimits(),
) -> Downloaded:
    """Download one file into a folder, under a name of our own.

    Raises:
        CorpusError: the address may not be fetched, or does not give a file.
    """
    ends = time.monotonic() + limits.seconds
    try:
        # No proxy from the environment: it would look the name up by itself.
        with httpx.Client(
            transport=transport, timeout=limits.gap, trust_env=False
        ) as client:
            for _ in range(limits.redirects + 1):
                host, ip = check_address(address, resolve)
                target = _get(client, address, host, ip, folder, limits, ends)
                if isinstance(target, Path):
                    return Downloaded(target, address)
                address = target
    except httpx.TimeoutException as error:
        raise CorpusError(f"{address} takes too long to answer. Try later.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CorpusError(f"{address} cannot be fetched: {error}.") from error
    except OSError as error:
        raise CorpusError(
            f"{address} cannot be kept in {folder}: {error.strerror}. Is there room?"
        ) from error
    raise CorpusError(f"{address} redirects more than {limits.redirects} times.")


def _get(
    client: httpx.Client,
    address: str,
    host: str,
    ip: str,
    folder: Path,
    limits: DownloadLimits,
    ends: float,
) -> Path | str:
    """Fetch one address: return the file written, or where it redirects to."""
    literal = f"[{ip}]" if ":" in ip else ip
    request = client.build_request(
        "GET",
        httpx.URL(address).copy_with(host=literal),
        # Packed content could hide a bomb, so none is asked for.
        headers={"Host": host, "Accept-Encoding": "identity", "User-Agent": _AGENT},
        extensions={"sni_hostname": host},
    )
    response = client.send(request, stream=True)
    try:
        if response.status_code in _REDIRECTS and "location" in response.headers:
            return urljoin(address, response.headers["location"])
        if response.status_code != 200:
            raise CorpusError(f"{address} answers {response.status_code}, not a file.")
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        file = folder / f"download{_SUFFIXES.get(kind, '')}"
        _write(response, file, address, limits, ends)
        return file
    finally:
        response.close()


def _write(
    response: httpx.Response,
    file: Path,
    address: str,
    limits: DownloadLimits,
    ends: float,
) -> None:
    size = 0
    with file.open("wb") as out:
        for piece in response.iter_raw():
            size += len(piece)
            if size > limits.size:
                raise CorpusError(
                    f"{address} is larger than {limits.size // 1_000_000} MB, which is "
                    "more than is fetched."
                )
            if time.monotonic() > ends:
                raise CorpusError(
                    f"{address} takes longer than {limits.seconds:.0f} seconds."
                )
            out.write(piece)
