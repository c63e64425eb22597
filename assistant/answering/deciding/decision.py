"""The one learned decision: how likely it is that what was found answers a question.

A logistic regression over the signs and the question's own vector, whose weights lie
beside this file and are made again by ``python -m evals fit``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.deciding.signs import Signs
from assistant.answering.switches import is_on
from assistant.errors import ConfigError

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A chance (0 to 1) to reach, on shelves of two kinds.

    ``prepared``: a section found has questions that it is asked as; ``bare``: none has.
    """

    prepared: float
    bare: float

    def of(self, signs: Signs) -> float:
        """Return the one for what was found."""
        return self.prepared if signs.prepared else self.bare


@dataclass(frozen=True)
class Weights:
    """What the fit made: a weight a sign, one direction of the question's vector.

    ``model`` names the embedding model whose vectors ``question`` (shape (dimension,))
    was fitted on: with another the vector says nothing and is left out.
    ``answers`` are the lines for what is shown, ``sure`` those from which on it is shown
    without a word of doubt.
    """

    bias: float
    signs: Mapping[str, float]
    question: Vectors
    model: str
    answers: Thresholds
    sure: Thresholds

    def chance(self, signs: Signs, vector: Vectors, model: str) -> float:
        """Return the probability (0 to 1) that what was found answers the question.

        Args:
            signs: of what was found.
            vector: of the question, unit length.
            model: the name of the model that made it.
        """
        score = self.bias + sum(
            self.signs[name] * value
            for name, value in zip(Signs._fields, signs, strict=True)
        )
        if model == self.model and is_on("question vector"):
            score += float(self.question @ vector)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def load_weights() -> Weights:
    """Read the weights that were fitted.

    Raises:
        ConfigError: the file is not as the fit writes it.
    """
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    try:
        values = json.loads(text)
        if set(values["signs"]) != set(Signs._fields):
            raise ValueError("other signs than the code reads")
        return Weights(
            float(values["bias"]),
            {name: float(weight) for name, weight in values["signs"].items()},
            np.array(values["question"], np.float32),
            str(values["model"]),
            Thresholds(**values["answers"]),
            Thresholds(**values["sure"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{FILE} cannot be used ({error}). Run: python -m evals fit"
        ) from error
