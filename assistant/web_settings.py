"""The settings of whoever runs the page for others: people, proxies, limits."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


# Typed as a list with commas, not as JSON.
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class WebSettings(BaseSettings):
    """What matters as soon as the page is there for more than one person."""

    root_path: str = ""
    """The path that a proxy serves the page under, such as /shelf."""
    allowed_hosts: Names = ()
    """Names that the page may be reached by, with commas between; any when empty, but
    on a loopback address only loopback names."""
    https_only: bool = False
    """The page is reached over https alone: browsers are told to keep to it (HSTS), and
    cookies go over https only."""
    frame_ancestors: Names = ()
    """Sites whose pages may hold this one in a frame, with commas between, such as
    https://intranet.example; none but its own when empty."""
    open_to_everyone: bool = False
    """Let everyone who reaches the page use it, without accounts."""
    everyone_may_add: bool = False
    """Let people without a name add reports where the page is open to everyone."""
    session_hours: float = Field(12, gt=0, le=720)
    """Hours until people must sign in again."""
    sign_in_tries: int = Field(10, ge=3, le=1000)
    """Wrong passwords taken in 15 minutes for one account from one address; in all five
    times as many from an address, ten times for an account."""
    proxy_user_header: str | None = None
    """The header in which a trusted proxy says who is signed in, such as
    X-Forwarded-User; it takes the place of accounts."""
    trusted_proxies: Names = ()
    """Addresses or networks of the proxies whose headers are believed, with commas
    between, such as 127.0.0.1, 10.0.0.0/24."""
    proxy_editors: Names = ()
    """Who of those that the proxy names may add reports, with commas between."""
    questions_per_minute: int = Field(20, ge=1)
    """Questions taken from one person a minute."""
    address_questions_per_minute: int = Field(300, ge=1)
    """Questions taken from one address a minute; an office may be one."""
    answers_at_once: int = Field(100, ge=1)
    """Answers in the making at one time."""
    person_answers_at_once: int = Field(5, ge=1)
    """Answers in the making at one time for one person."""
    address_answers_at_once: int = Field(80, ge=1)
    """Answers in the making at one time for an address."""
    steps_per_minute: int = Field(3000, ge=10)
    """Requests that do something taken from one address a minute; a question makes a
    few."""
    uploads_per_hour: int = Field(200, ge=1)
    """Files taken from one person or address an hour."""
    pack_items_per_hour: int = Field(300, ge=1)
    """Items of agendas briefed for one person or address an hour."""
    limits_store: SecretStr | None = None
    """Where several web processes count limits and wrong passwords together: a Redis
    such as redis://127.0.0.1:6379/0. Without it each counts for itself."""
    upload_mb: float = Field(100, gt=0, le=2000)
    """Largest file taken, in megabytes."""
    person_files_mb: float = Field(500, gt=0)
    """Files of one person, or address, that the page keeps at one time, in megabytes:
    sent and not yet added, or made to be downloaded."""
    page_files_mb: float = Field(5000, gt=0)
    """Such files of all together, in megabytes."""
    feedback_per_hour: int = Field(60, ge=1)
    """Feedback kept of one person or address an hour."""
    feedback_mb: float = Field(1000, gt=0)
    """Largest file of feedback, in megabytes; nothing is kept beyond it."""
    request_mb: float = Field(8, gt=0, le=2000)
    """Largest request taken that is no file, in megabytes."""
    header_kb: int = Field(32, ge=4, le=1024)
    """Largest head of a request taken, in kilobytes."""
    stopping_seconds: float = Field(10, ge=0, le=600)
    """How long running answers may go on once the page is told to stop."""
    mcp: bool = False
    """Serve the shelf to other assistants at /mcp (MCP); needs the extra."""

    @field_validator("root_path")
    @classmethod
    def _check_path(cls, value: str) -> str:
        path = value.strip().strip("/")
        if not path:
            return ""
        if not re.fullmatch(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*", path):
            raise ValueError("it must be a path such as /shelf")
        return f"/{path}"

    @field_validator("frame_ancestors")
    @classmethod
    def _check_sites(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for site in value:
            if not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?", site):
                raise ValueError(
                    f"{site} is no site such as https://intranet.example (no path)"
                )
        return value

    @field_validator("proxy_user_header")
    @classmethod
    def _check_header(cls, value: str | None) -> str | None:
        name = (value or "").strip()
        if not name:
            return None
        if not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise ValueError("it must be a header's name such as X-Forwarded-User")
        return name

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(
                    f"{network} is no address or network such as 10.0.0.0/24"
                ) from None
        return value
