"""The prompts: exactly what is sent to a model, one file each, checked when loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ConfigError

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

# What code fills in, prompt by prompt; a file must hold each of them.
PLACEHOLDERS: dict[str, frozenset[str]] = {
    "system": frozenset({"shelf"}),
    "answer": frozenset({"passages", "question"}),
    "question": frozenset({"shelf", "conversation", "question"}),
    "mend": frozenset({"passages", "question", "shown", "withheld"}),
    "second_reading": frozenset({"items"}),
    "agenda": frozenset({"items"}),
    "asked_as": frozenset({"report", "sections"}),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt with the places that code fills in, such as ``{question}``."""

    name: str
    text: str

    def fill(self, **values: str) -> str:
        """Return the text with its places filled; braces in a value stay as they are."""
        return _PLACEHOLDER.sub(lambda place: values[place[1]], self.text)


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every prompt that a model is sent."""

    system: Prompt
    answer: Prompt
    question: Prompt
    mend: Prompt
    second_reading: Prompt
    agenda: Prompt
    asked_as: Prompt


def load_prompt(folder: Path, name: str) -> Prompt:
    """Read one prompt.

    Raises:
        ConfigError: the file is missing, empty, or its placeholders are not those known.
    """
    file = folder / f"{name}.md"
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The prompt {file} cannot be read. Put it back, or mend "
            "ASSISTANT_PROMPTS_DIR."
        ) from error
    found = set(_PLACEHOLDER.findall(text))
    if unknown := sorted(found - PLACEHOLDERS[name]):
        raise ConfigError(f"The prompt {file} has an unknown place {{{unknown[0]}}}.")
    if missing := sorted(PLACEHOLDERS[name] - found):
        raise ConfigError(f"The prompt {file} lacks the place {{{missing[0]}}}.")
    return Prompt(name, text)


def load_prompts(folder: Path) -> Prompts:
    """Read every prompt of a folder; see ``load_prompt``."""
    return Prompts(**{name: load_prompt(folder, name) for name in PLACEHOLDERS})
