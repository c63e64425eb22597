"""Vectors kept in a file, so that what several commands ask is embedded once."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from assistant.index.embeddings import Embedder

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

# Some 90 MB; beyond, what is new is forgotten when the command ends.
MOST = 60_000
# Written after so many new ones, so that a command that is stopped leaves them.
EACH = 2_000


class KeptEmbedder:
    """An embedder whose vectors outlive the process: kept by model and text."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        """Read what is there; what is new is written when the process ends."""
        self._embedder, self._file = embedder, file
        self.name, self.dimension = embedder.name, embedder.dimension
        self._vectors = self._read()
        self._known = len(self._vectors)
        atexit.register(self.keep)

    def _read(self) -> dict[str, Vectors]:
        try:
            with np.load(self._file) as kept:
                if str(kept["model"]) != self.name:
                    return {}
                texts = json.loads(str(kept["texts"]))
                return dict(zip(texts, kept["vectors"], strict=True))
        except (OSError, KeyError, ValueError, BadZipFile):
            # Nothing is lost but time.
            return {}

    def keep(self) -> None:
        """Write the vectors, if there are new ones."""
        if len(self._vectors) == self._known:
            return
        # Another command may have written meanwhile.
        self._vectors = self._read() | self._vectors
        kept = list(self._vectors)[:MOST]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f"{self._file.stem}.{os.getpid()}.npz")
        vectors = np.stack([self._vectors[text] for text in kept])
        np.savez(new, model=self.name, texts=json.dumps(kept), vectors=vectors)
        new.replace(self._file)
        self._known = len(self._vectors)

    def count_tokens(self, text: str) -> int:
        """See Embedder."""
        return self._embedder.count_tokens(text)

    def knows_word(self, word: str) -> bool:
        """See Embedder."""
        return self._embedder.knows_word(word)

    def rarity(self, word: str) -> float:
        """See Embedder."""
        return self._embedder.rarity(word)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; only texts whose vectors are not kept are computed."""
        new = [t for t in dict.fromkeys(texts) if t not in self._vectors]
        if new:
            made = self._embedder.embed(new)
            self._vectors |= dict(zip(new, made, strict=True))
            if len(self._vectors) >= self._known + EACH:
                self.keep()
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._vectors[text] for text in texts])
