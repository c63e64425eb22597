"""Every setting, in one frozen class: argument > environment > .env > default."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import ConfigError

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


class Settings(BaseSettings):
    """What a user may set, each with the prefix ``ASSISTANT_``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", frozen=True, extra="ignore"
    )

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Where all that is written goes: index, manifest, lock.",
    )
    corpus_dir: Path = Field(
        default_factory=lambda: shipped("corpus"),
        description="The shipped corpus: reports/ and glossary.yaml.",
    )
    embeddings: Literal["minilm-l6-v2-int8"] = Field(
        default="minilm-l6-v2-int8",
        description="The embedding model; an index holds vectors of one model only.",
    )
    top_k: int = Field(
        default=12, ge=1, le=100, description="Passages kept for one question."
    )
    max_question_chars: int = Field(
        default=2000, ge=50, le=20000, description="Longest question taken."
    )
    host: str = Field(
        default="127.0.0.1", description="Address the chat page listens on."
    )
    port: int = Field(default=7860, ge=0, le=65535, description="Port of the page.")

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
        name = PREFIX + str(first["loc"][0]).upper()
        raise ConfigError(f"{name}: {first['msg']}. See .env.example.") from error
