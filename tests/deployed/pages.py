"""Web processes and an indexer on one Chroma server, behind nginx, with all they share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from evals.timing.load_page import started
from tests.deployed.programs import PATIENCE, Postgres, postgres, redis, until
from tests.deployed.proxy import HOST, Proxy, proxy
from tests.doors import PASSWORD, with_accounts
from tests.test_layering import ROOT
from tests.test_server_mode import chroma, free_port

SHELF = "/shelf"
NAMES = {"ada": PASSWORD, "bob": PASSWORD + " too"}


@dataclass
class Page:
    """One web process, which may be ended and started again on its port."""

    port: int
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; it takes a while until it is ready."""
        command = [sys.executable, "-m", "assistant", "chat", "--no-browser"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                env=dict(self.environment),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it is ready to answer."""
        until(self.is_ready, f"{self.log} says why the page is not ready")

    def is_ready(self) -> bool:
        """Tell whether it says so; before that it may not answer at all."""
        try:
            return self.ready()[0] == 200
        except httpx.TransportError:
            return False

    def is_not_ready(self) -> bool:
        """Tell whether it is up, and says that it is not ready."""
        return self.ready()[0] == 503

    def ready(self) -> tuple[int, Any]:
        """Return what it says of itself."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=120)
        return answer.status_code, answer.json()

    def stop(self) -> int:
        """End it as a supervisor does; return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)


@dataclass
class Deployed:
    """All of it, and ways to speak to it from outside."""

    folder: Path
    environment: dict[str, str]
    pages: tuple[Page, ...]
    nginx: Proxy
    database: Postgres
    chroma_port: int
    server: ExitStack = field(default_factory=ExitStack)

    def start_chroma(self) -> None:
        """Run the Chroma server."""
        running = chroma(self.folder / "chroma", self.chroma_port)
        self.server.enter_context(running)

    def kill_chroma(self) -> None:
        """End it as a crash does."""
        self.server.close()

    @property
    def address(self) -> str:
        """Where browsers find the page."""
        return f"https://{HOST}{SHELF}"

    @property
    def behind(self) -> str:
        """Where nginx listens."""
        return f"https://127.0.0.1:{self.nginx.port}{SHELF}"

    @contextmanager
    def visitor(self) -> Iterator[httpx.Client]:
        """Speak to nginx, with the cookies that it gives."""
        with httpx.Client(
            base_url=self.behind, headers={"host": HOST}, verify=False, timeout=PATIENCE
        ) as client:
            yield client

    @contextmanager
    def client(self, name: str, page: Page) -> Iterator[httpx.Client]:
        """Return a program of somebody's, whose requests come to one page."""
        with self.visitor() as client:
            client.auth = (name, NAMES[name])
            for number in range(99):
                client.cookies.set("shelf_browser", f"{number:048x}")
                if self.port_of(client) == page.port:
                    yield client
                    return
        raise AssertionError("no name leads to this page")

    def port_of(self, client: httpx.Client) -> int:
        """Return the port of the page that this client's requests come to."""
        mark = f"/healthz?{os.urandom(8).hex()}"
        assert client.get(mark).status_code == 200
        # nginx writes its log when the answer is on its way.
        until(lambda: bool(self.nginx.answered(mark)), "nginx does not log")
        [port] = self.nginx.answered(mark)
        return port

    def sign_in(self, name: str, page: Page | None = None) -> str:
        """Sign in as a browser does, until its requests come to a page; return its cookie."""
        for _ in range(20):
            with self.visitor() as client:
                typed = {"name": name, "password": NAMES[name]}
                answer = client.post("/login", data=typed)
                assert answer.headers["location"] == f"{SHELF}/", answer.text
                if page is None or self.port_of(client) == page.port:
                    return f"shelf_session={client.cookies['shelf_session']}"
        raise AssertionError("no session leads to this page")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside the pages, as the indexer does."""
        return subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )


@contextmanager
def deployed(folder: Path) -> Iterator[Deployed]:
    """Run two pages on one Chroma server, with a model that writes evenly."""
    data, chroma_port = with_accounts(folder / "data"), free_port()
    ports = free_port(), free_port()
    with ExitStack() as stack:
        counted = stack.enter_context(redis(free_port()))
        database = stack.enter_context(postgres(free_port()))
        _, model = stack.enter_context(started(["evals.timing.fake_model"]))
        environment = {
            **os.environ,
            "ASSISTANT_DATA_DIR": str(data),
            "ASSISTANT_CHROMA_URL": f"http://127.0.0.1:{chroma_port}",
            "ASSISTANT_FEEDBACK_DATABASE": database.url,
            "ASSISTANT_LIMITS_STORE": counted,
            "ASSISTANT_ROOT_PATH": SHELF,
            "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
            "ASSISTANT_ALLOWED_HOSTS": HOST,
            "ASSISTANT_HTTPS_ONLY": "true",
            "ASSISTANT_QUESTIONS_PER_MINUTE": "1000",
            "ASSISTANT_STOPPING_SECONDS": "60",
            "OPENAI_BASE_URL": model,
            "ASSISTANT_CHAT_MODEL": "fake",
        }
        del environment["GRADIO_TEMP_DIR"]
        pages = tuple(Page(port, environment, folder / f"{port}.log") for port in ports)
        nginx = stack.enter_context(proxy(folder / "nginx", free_port(), ports))
        found = Deployed(folder, environment, pages, nginx, database, chroma_port)
        stack.callback(found.kill_chroma)
        found.start_chroma()
        found.run("index")
        for page in pages:
            stack.callback(page.kill)
            page.start()
        for page in pages:
            page.wait()
        yield found
