"""Closeness of meaning to the passages of one answer, each text embedded once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from assistant.index.embeddings import Embedder
from assistant.schema import Passage
from assistant.text.sentences import split_sentences


class Closeness:
    """Cosine of a sentence to texts; what was embedded is kept for the next sentence."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder to use."""
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Embed the texts that are not known yet."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embedder.embed(new), strict=True))

    @contextmanager
    def learning(self, passages: Iterable[Passage]) -> Iterator[None]:
        """Embed passages and their sentences in the background, best first."""
        left = deque(passages)

        def learn() -> None:
            # Emptied by whoever ends the answer, between one passage and the next.
            with suppress(IndexError):
                while True:
                    text = left.popleft().chunk.text
                    self.learn([*split_sentences(text), text])

        # Not a daemon: ending the process in the middle of it would abort the process.
        Thread(target=learn, name="closeness").start()
        try:
            yield
        finally:
            left.clear()

    def __call__(self, sentence: str, texts: Sequence[str]) -> float:
        """Return the closeness (0 to 1) of a sentence to the nearest of some texts."""
        return max(self._cosines(sentence, texts), default=0.0)

    def nearest(self, sentence: str, texts: Sequence[str]) -> str:
        """Return the text that is nearest to a sentence."""
        cosines = self._cosines(sentence, texts)
        return texts[cosines.index(max(cosines))]

    def _cosines(self, sentence: str, texts: Sequence[str]) -> list[float]:
        self.learn([sentence, *texts])
        vector = self._vectors[sentence]
        return [max(0.0, float(self._vectors[text] @ vector)) for text in texts]
