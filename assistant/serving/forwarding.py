"""What proxies say of a request: believed of those that are trusted, and of no others."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

PROXIED = "assistant.proxied"
"""Where a request's scope says whether a trusted proxy, another one, or none sent it."""

# Gradio would take the page's address from some of these.
_FORWARDING = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-gradio-server")


def plain_address(address: str) -> str:
    """Return an address, one of IPv4 always as such: ``::ffff:10.0.0.1`` is 10.0.0.1."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def path_of(scope: Scope) -> str:
    """Return a path below the one that a proxy serves us under; a lifespan has none."""
    return str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))


class Forwarding:
    """Puts address, scheme, host and path of a request right, and drops all claims.

    The application below sees the header that names a person only where a trusted
    proxy sent the request.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted: Sequence[str] = (),
        user_header: str | None = None,
        root_path: str = "",
    ) -> None:
        """Wrap an application that ``trusted`` proxies (networks) serve under a path.

        They say in ``user_header`` who is signed in.
        """
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in trusted]
        self._user_header = (user_header or "").lower().encode()
        self._root = root_path
        self._believing = ProxyHeadersMiddleware(
            self._go_on,  # type: ignore[arg-type]
            trusted_hosts=[str(network) for network in self._networks],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = dict(scope)
        host, port = scope.get("client") or ("", 0)
        scope["client"] = (plain_address(host), port)
        if self._trusts(scope["client"][0]):
            scope[PROXIED] = "trusted"
            self._believe_host(scope)
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
            return
        claims = any(_is_forwarding(name) for name, _ in scope["headers"])
        scope[PROXIED] = "claimed" if claims else ""
        if self._user_header:
            scope["headers"] = [
                header
                for header in scope["headers"]
                if header[0].lower() != self._user_header
            ]
        await self._go_on(scope, receive, send)

    def _trusts(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self._networks)

    def _believe_host(self, scope: Scope) -> None:
        said = [v for name, v in scope["headers"] if name == b"x-forwarded-host"]
        if said:
            # Of several proxies the first saw the address that people know.
            host = said[0].partition(b",")[0].strip()
            kept = [header for header in scope["headers"] if header[0] != b"host"]
            scope["headers"] = [*kept, (b"host", host)]

    async def _go_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if name == self._user_header or not _is_forwarding(name)
        ]
        if self._root:
            if scope["path"] == self._root and scope["type"] == "http":
                await RedirectResponse(f"{self._root}/", 308)(scope, receive, send)
                return
            self._place(scope)
        await self._app(scope, receive, send)

    def _place(self, scope: Scope) -> None:
        """Let the path begin with the root, whether or not the proxy left it there."""
        scope["root_path"] = self._root
        if not scope["path"].startswith(f"{self._root}/"):
            scope["path"] = self._root + scope["path"]
            if raw := scope.get("raw_path"):
                scope["raw_path"] = self._root.encode() + raw


def _is_forwarding(name: bytes) -> bool:
    return name.lower().startswith(_FORWARDING)
