"""The sector's vocabulary, edited as data.

Other words for what the reports say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml
from yaml import CSafeLoader

from assistant.answering.switches import is_on
from assistant.errors import CorpusError
from assistant.text.words import stems

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One notion: the reports' term, names for the very same, everyday words for it."""

    term: str
    same: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()


class Mention(NamedTuple):
    """A glossary phrase found in a question: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    entry: Entry
    exact: bool
    """True where term or a same phrase was used, False for an everyday one."""


def _phrases(item: dict[str, object], key: str, name: str) -> tuple[str, ...]:
    values = item.get(key) or []
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise CorpusError(f"{name}: '{key}' of '{item.get('term')}' must list texts.")
    return tuple(values)


def load_glossary(file: Path) -> tuple[Entry, ...]:
    """Read the glossary; a missing file is an empty glossary.

    Raises:
        CorpusError: it is not a list of entries as its first lines describe.
    """
    if not file.is_file():
        return ()
    try:
        items = yaml.load(file.read_text(encoding="utf-8"), CSafeLoader) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file.name} is not valid YAML: {error}") from error
    entries: list[Entry] = []
    for item in items if isinstance(items, list) else [None]:
        if not isinstance(item, dict) or not isinstance(item.get("term"), str):
            raise CorpusError(f"{file.name}: every entry needs a 'term' in words.")
        if unknown := set(item) - {"term", "same", "everyday"}:
            raise CorpusError(f"{file.name}: unknown {sorted(unknown)} in an entry.")
        same, everyday = (_phrases(item, k, file.name) for k in ("same", "everyday"))
        entries.append(Entry(item["term"], same, everyday))
    return tuple(entries)


class Glossary:
    """Finds the entries that a question mentions, in either direction."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        """Index the phrases by their stems.

        Args:
            entries: other words for the reports' terms.
        """
        self.entries = entries
        self._by_phrase: dict[Phrase, list[tuple[Entry, bool]]] = {}
        for entry in entries:
            for exact, phrases in (
                (True, (entry.term, *entry.same)),
                (False, entry.everyday),
            ):
                for phrase in phrases:
                    key = tuple(stems(phrase))
                    self._by_phrase.setdefault(key, []).append((entry, exact))
        self._longest = max(map(len, self._by_phrase), default=0)

    def mentions(self, question_stems: list[str]) -> list[Mention]:
        """Return the phrases in a question's stems; the longest wins where two overlap."""
        found: list[Mention] = []
        if not is_on("glossary"):
            return found
        place = 0
        while place < len(question_stems):
            for size in range(min(self._longest, len(question_stems) - place), 0, -1):
                key = tuple(question_stems[place : place + size])
                if key in self._by_phrase:
                    found += [
                        Mention(place, place + size, entry, exact)
                        for entry, exact in self._by_phrase[key]
                    ]
                    place += size - 1
                    break
            place += 1
        return found
