"""Every setting, in one frozen class: argument > environment > .env > default."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from assistant.errors import ConfigError
from assistant.web_settings import WebSettings

PREFIX = "ASSISTANT_"
PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent


def shipped(folder: str) -> Path:
    """Return a shipped folder: inside an installed wheel, else in the checkout."""
    inside = PACKAGE / folder
    return inside if inside.is_dir() else CHECKOUT / folder


def default_data_dir() -> Path:
    """Return ``.assistant`` in a checkout, else the user's data folder (XDG)."""
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / ".assistant"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "council-shelf-assistant"


class Settings(WebSettings):
    """What a user may set, each with the prefix ``ASSISTANT_``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    """Where all that is written goes: index, added reports, lock."""
    corpus_dir: Path = Field(default_factory=lambda: shipped("corpus"))
    """The shipped corpus: reports/ and glossary.yaml."""
    embeddings: Literal["minilm-l6-v2-int8"] = "minilm-l6-v2-int8"
    """The embedding model; an index holds vectors of one model only."""
    chroma_url: str | None = None
    """A Chroma server for several processes, such as http://localhost:8000; without it
    the chunks lie in the data folder."""
    feedback_database: SecretStr | None = None
    """Where feedback on answers is kept: the address of a database as SQLAlchemy takes
    it, such as postgresql+psycopg://name:password@host/feedback, or off. Computed: the
    file feedback.sqlite in the data folder."""
    top_k: int = Field(12, ge=1, le=100)
    """Passages kept for one question."""
    max_question_chars: int = Field(2000, ge=50, le=20000)
    """Longest question taken."""
    host: str = "127.0.0.1"
    """Address the chat page listens on."""
    port: int = Field(7860, ge=0, le=65535)
    """Port of the page."""

    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    """The key of OpenAI or of another server. With it, a model writes."""
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    """The address of any OpenAI-compatible server, such as http://localhost:11434/v1.
    With it, a model writes, and no key is needed."""
    writer: Literal["auto", "model", "quoting"] = "auto"
    """Who writes answers: model, quoting (no model), or auto, which is the model where
    a key or an address is set."""
    chat_model: str = Field("gpt-5.4-mini", min_length=1)
    """The model that writes."""
    verifier: str = Field("model", min_length=1)
    """Who verifies each sentence of a model against its passages: model (the one that
    writes), another model's name at the same address, or rules: then nobody verifies
    its meaning, and the answer says so."""
    temperature: float | None = Field(None, ge=0, le=2)
    """Temperature. Computed: not sent."""
    limit_parameter: Literal["auto", "max_tokens", "max_completion_tokens", "none"] = (
        "auto"
    )
    """The name under which the server takes the limit of tokens, or none; auto finds
    out what it refuses."""
    stream_usage: bool | None = None
    """Ask the server to count tokens (stream_options). Computed: unless it refuses."""
    system_role: Literal["auto", "system", "developer", "user"] = "auto"
    """The role under which the server takes the rules; auto puts them into the question
    where it refuses system."""
    connect_seconds: float = Field(5, gt=0, le=600)
    """Longest wait for a connection."""
    first_token_seconds: float = Field(60, gt=0, le=3600)
    """Longest wait for an answer's first word."""
    token_gap_seconds: float = Field(20, gt=0, le=600)
    """Longest pause within an answer."""
    answer_seconds: float = Field(180, gt=0, le=3600)
    """Longest time for a whole answer."""
    follow_up_seconds: float = Field(8, gt=0, le=600)
    """Longest wait for the model's form of a follow-up question."""
    verify_seconds: float = Field(20, gt=0, le=600)
    """Longest wait for one second reading of sentences."""
    retries: int = Field(2, ge=0, le=10)
    """Further tries where the server is busy or cannot be reached."""
    context_tokens: int = Field(8000, ge=2000, le=1_000_000)
    """Tokens sent at most for one answer: rules, passages, history."""
    answer_tokens: int = Field(2000, ge=50, le=100_000)
    """Tokens that the model may write, its thinking included."""
    price_in: float | None = Field(None, ge=0)
    """Price of a million tokens sent, for the log. Computed: unknown."""
    price_out: float | None = Field(None, ge=0)
    """Price of a million tokens written, for the log. Computed: unknown."""
    prompts_dir: Path = Field(default_factory=lambda: shipped("prompts"))
    """The prompts: exactly what is sent to the model."""
    log_level: Literal["warning", "info", "debug"] = "warning"
    """What goes to standard error: with info, a line for each question."""
    log_questions: bool = False
    """Put each question's text into the log."""

    @field_validator("openai_api_key", mode="before")
    @classmethod
    def _check_key(cls, value: object) -> object:
        # What is wrong is said without the value: a message may end up in a log.
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        text = text.strip()
        if text and not (text.isascii() and text.isprintable() and " " not in text):
            raise ValueError("the key holds spaces or signs that no key has")
        return SecretStr(text) if text else None

    @field_validator("openai_base_url", "chroma_url")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        text = (value or "").strip()
        if not text:
            return None
        try:
            parts = urlsplit(text)
            fits = parts.scheme in ("http", "https") and bool(parts.hostname)
            fits = fits and (parts.port or 1) > 0
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("it must be an address such as http://localhost:8000")
        return text

    @property
    def uses_model(self) -> bool:
        """Whether a model writes the answers."""
        if self.writer != "auto":
            return self.writer == "model"
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def reports_dir(self) -> Path:
        """The folder of the reports that the team added."""
        return self.data_dir / "reports"

    @property
    def packs_dir(self) -> Path:
        """The folder of what is kept of packs that were stopped."""
        return self.data_dir / "briefings"

    @property
    def index_dir(self) -> Path:
        """The folder of the index, its manifest and its lock."""
        return self.data_dir / "index"


def _unknown_names(file: object) -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    typed = dotenv_values(file) if isinstance(file, str | Path) else {}
    return sorted(
        name
        for name in {*os.environ, *typed}
        if name.upper().startswith(PREFIX) and name.upper() not in known
    )


def load_settings(**arguments: object) -> Settings:
    """Read the settings.

    Raises:
        ConfigError: a value is out of bounds, or a name with our prefix is unknown.
    """
    file = arguments.get("_env_file", Settings.model_config.get("env_file"))
    for name in _unknown_names(file):
        known = [field.upper() for field in Settings.model_fields]
        close = get_close_matches(name.upper().removeprefix(PREFIX), known, n=1)
        hint = f" Did you mean {PREFIX}{close[0]}?" if close else " See .env.example."
        raise ConfigError(f"There is no setting {name}.{hint}")
    try:
        return Settings(**{k: v for k, v in arguments.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0]).upper()
        name = place if place.startswith("OPENAI_") else PREFIX + place
        # Not chained: the original error repeats what was typed, which may be a key.
        raise ConfigError(f"{name}: {first['msg']}. See .env.example.") from None
