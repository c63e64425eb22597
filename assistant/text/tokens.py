"""Counts tokens as a model's tokenizer does, from vocabularies that are shipped."""

from __future__ import annotations

import base64
import gzip
import hashlib
import logging
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tiktoken

log = logging.getLogger(__name__)

VOCABULARIES = Path(__file__).resolve().parents[1] / "data" / "tiktoken"
FALLBACK = "o200k_base"

# A little below what English needs; digits, marks and other scripts count one by one.
_LETTERS_PER_TOKEN = 3.5

# tiktoken's own loader would fetch these from the network, and hang where it cannot.
_SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
_PATTERNS = {
    "o200k_base": "|".join(
        (
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*"
            r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
            r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        )
    ),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
        r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
}


class TokenCounter(Protocol):
    """Counts the tokens of a text."""

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        ...


def estimate_tokens(text: str) -> int:
    """Return a cautious count without a vocabulary, by the script of each character."""
    letters = sum(
        c == " " or (c.isalpha() and unicodedata.name(c, "").startswith("LATIN"))
        for c in text
    )
    return round(letters / _LETTERS_PER_TOKEN + len(text) - letters + 0.5)


@lru_cache(maxsize=2)
def load_encoding(name: str, folder: Path = VOCABULARIES) -> tiktoken.Encoding:
    """Return a tiktoken encoding, made from the shipped vocabulary in memory.

    Raises:
        OSError: the file is missing, damaged or not the one that was shipped.
    """
    import tiktoken

    packed = (folder / f"{name}.gz").read_bytes()
    try:
        data = gzip.decompress(packed)
    except EOFError as error:
        raise OSError(f"{name}.gz is cut off") from error
    if hashlib.sha256(data).hexdigest() != _SHA256[name]:
        raise OSError(f"{name}.gz is not the vocabulary that was shipped")
    ranks = {}
    for line in data.splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding(
        name, pat_str=_PATTERNS[name], mergeable_ranks=ranks, special_tokens={}
    )


def encoding_name(model: str) -> str:
    """Return the encoding of a model; an unknown one gets the newest, and a log line."""
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        name = ""
    if name in _SHA256:
        return name
    log.info("Tokens of the model %s are counted with %s.", model, FALLBACK)
    return FALLBACK


@dataclass(frozen=True)
class ModelTokens:
    """Counts as the model's tokenizer does; estimates where that cannot be had."""

    model: str
    folder: Path = VOCABULARIES

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._counter(text)

    @cached_property
    def _counter(self) -> Callable[[str], int]:
        # Read at first use: it takes half a second.
        try:
            encoding = load_encoding(encoding_name(self.model), self.folder)
        except (ImportError, OSError) as error:
            log.warning("Tokens are estimated: the vocabulary is missing (%s).", error)
            return estimate_tokens
        return lambda text: len(encoding.encode_ordinary(text))
