"""nginx before several pages, set up with the very lines that docs/deploy.md shows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deployed.programs import program, running
from tests.provider.certificates import self_signed
from tests.test_layering import ROOT

HOST = "council.example"
_PORTS = (7861, 7862)
_BEGINS = "    map "
# What a whole file of nginx's needs besides; the log says which page answered.
_AROUND = """
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format told '$upstream_addr $status $request';
    access_log {folder}/access.log told;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
{shown}
}}
"""


def shown() -> str:
    """Return the lines of nginx's configuration in the document."""
    lines = (ROOT / "docs" / "deploy.md").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(_BEGINS))
    found = []
    for line in lines[start:]:
        if line and not line.startswith("    "):
            break
        found.append(line)
    return "\n".join(found)


@dataclass
class Proxy:
    """nginx on a port, before pages on others."""

    folder: Path
    port: int
    pages: tuple[int, ...]
    files: tuple[str, str]

    def write(self, *, down: Sequence[int] = ()) -> None:
        """Write the configuration; pages that are down get nothing any more."""
        text = shown().replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        for written, page in zip(_PORTS, self.pages, strict=True):
            server = f"server 127.0.0.1:{written};"
            assert server in text
            state = " down" if page in down else ""
            text = text.replace(server, f"server 127.0.0.1:{page}{state};")
        self._file.write_text(
            _AROUND.format(
                user="user root;" if os.getuid() == 0 else "",
                folder=self.folder,
                certificate=self.files[0],
                key=self.files[1],
                shown=text,
            )
        )

    @property
    def _file(self) -> Path:
        return self.folder / "nginx.conf"

    @property
    def command(self) -> list[str]:
        """The command that runs it."""
        options = ["-e", str(self.folder / "error.log"), "-p", str(self.folder)]
        return [program("nginx"), *options, "-c", str(self._file)]

    def take(self, *, down: Sequence[int] = ()) -> None:
        """Send requests to these pages no more, and to the others."""
        self.write(down=down)
        subprocess.run([*self.command, "-s", "reload"], check=True)

    def answered(self, asked: str) -> set[int]:
        """Return the ports of the pages that answered requests with these words."""
        lines = (self.folder / "access.log").read_text().splitlines()
        # Where one did not answer, the next one's address follows.
        tried = [line.partition(" 20")[0] for line in lines if asked in line]
        return {int(addresses.rpartition(":")[2]) for addresses in tried}


@contextmanager
def proxy(folder: Path, port: int, pages: tuple[int, ...]) -> Iterator[Proxy]:
    """Run nginx until the end of the block."""
    folder.mkdir()
    with self_signed("127.0.0.1") as files:
        nginx = Proxy(folder, port, pages, files)
        nginx.write()
        with running([*nginx.command, "-g", "daemon off;"], port):
            yield nginx
