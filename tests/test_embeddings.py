"""The packaged model: the vectors that it should give, and only from its own files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import BertWordPieceTokenizer

from assistant.errors import ConfigError, IndexStateError
from assistant.index import embeddings
from assistant.index.embeddings import CachedEmbedder, MiniLMEmbedder, make_embedder
from assistant.settings import shipped
from tests.fakes import WordHashEmbedder
from tests.test_layering import ROOT

MODEL = MiniLMEmbedder()
VOCABULARY = embeddings._VOCABULARY
TEXTS = [
    "Councils should plan their budgets over several years.",
    "Local authorities need long-term financial settlements.",
    "The kitten fell asleep on the warm window sill.",
    "£1.5m",
    "",
    "Café naïve — “quoted” 你好 🦄",
    "audit " * 180,
    "Prevention saves money later on. " * 12,
    "Oflog",
    "Who wrote it?",
]


def test_embed_gives_unit_vectors() -> None:
    vectors = MODEL.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), MODEL.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_runtime_of_the_model_keeps_and_sends_no_telemetry(tmp_path: Path) -> None:
    work = "from assistant.index.embeddings import *; MiniLMEmbedder().embed(['x'])"
    # Where it takes a machine for one that tests, it is silent by itself.
    subprocess.run(
        [sys.executable, "-c", work],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=True,
    )
    # Else it begins with a name for the machine and a queue of what is to be sent.
    assert [*tmp_path.rglob("*")] == []


def test_embed_is_deterministic() -> None:
    again = MiniLMEmbedder(threads=1).embed(TEXTS)
    assert np.allclose(MODEL.embed(TEXTS), MODEL.embed(TEXTS), atol=0)
    assert np.allclose(MODEL.embed(TEXTS), again, atol=1e-5)


def test_embed_does_not_depend_on_the_batch() -> None:
    together = MODEL.embed(TEXTS)
    alone = np.vstack([MODEL.embed([text]) for text in TEXTS])
    turned = MODEL.embed(TEXTS[::-1])[::-1]
    assert np.abs(together - alone).max() < 1e-3
    assert np.abs(together - turned).max() < 1e-3


def test_embed_puts_like_sentences_near() -> None:
    like, unlike = MODEL.embed(TEXTS[:3])[1:] @ MODEL.embed(TEXTS[:1])[0]
    assert like > 0.4
    assert unlike < 0.2


def test_embed_of_nothing() -> None:
    assert MODEL.embed([]).shape == (0, MODEL.dimension)


def test_embed_cuts_a_very_long_text() -> None:
    # 254 wordpieces and the two special ones: more cannot be seen.
    long, just = MODEL.embed(["council " * 20_000, "council " * 254])
    assert np.allclose(long, just, atol=1e-3)


def test_embed_takes_a_lone_surrogate() -> None:
    """JSON may hold one, so a batch line may."""
    assert MODEL.embed(["\ud800"]).shape == (1, MODEL.dimension)


def test_tokenizer_is_berts_own() -> None:
    theirs = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    files = [*shipped("corpus").rglob("*.md"), shipped("corpus") / "glossary.yaml"]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    ours = MODEL._tokenizer.encode_batch([*lines, *TEXTS])
    assert [e.ids for e in ours] == [
        e.ids for e in theirs.encode_batch([*lines, *TEXTS])
    ]


def test_count_tokens_leaves_special_ones_out() -> None:
    assert MODEL.count_tokens("") == 0
    assert MODEL.count_tokens("council tax") == 2
    assert MODEL.count_tokens("Oflog!") > 2


def test_knows_word_means_a_whole_entry() -> None:
    assert MODEL.knows_word("council")
    assert not MODEL.knows_word("oflog")
    assert not MODEL.knows_word("council tax")


@pytest.mark.parametrize("name", ["_MODEL_SHA256", "_VOCABULARY_SHA256"])
def test_a_file_with_another_hash_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(embeddings, name, "0" * 64)
    with pytest.raises(IndexStateError, match=r"not the expected file\. Install"):
        MiniLMEmbedder().embed(["text"])


def test_a_missing_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embeddings, "_VOCABULARY", tmp_path / "vocab.txt")
    with pytest.raises(IndexStateError, match=r"vocab\.txt is missing. Install again"):
        MiniLMEmbedder().count_tokens("text")


def test_make_embedder_knows_its_names() -> None:
    assert isinstance(make_embedder("minilm-l6-v2-int8"), MiniLMEmbedder)
    with pytest.raises(ConfigError, match="ASSISTANT_EMBEDDINGS=word2vec is unknown"):
        make_embedder("word2vec")


def test_cached_embedder_computes_each_text_once() -> None:
    inner = WordHashEmbedder()
    cached = CachedEmbedder(inner)
    first = cached.embed(["one", "two", "one"])
    again = cached.embed(["two", "three", "one"])
    assert inner.embedded == 3
    assert np.array_equal(first, WordHashEmbedder().embed(["one", "two", "one"]))
    assert np.array_equal(again, WordHashEmbedder().embed(["two", "three", "one"]))
    assert cached.embed([]).shape == (0, inner.dimension)


def test_cached_embedder_forgets_the_oldest() -> None:
    inner = WordHashEmbedder()
    cached = CachedEmbedder(inner, capacity=2)
    assert cached.embed(["one", "two", "three"]).shape == (3, inner.dimension)
    cached.embed(["two", "three"])
    assert inner.embedded == 3
    cached.embed(["one"])
    assert inner.embedded == 4


def test_cached_embedder_speaks_for_its_model() -> None:
    cached = CachedEmbedder(WordHashEmbedder(dimension=8))
    assert (cached.name, cached.dimension) == ("word-hash", 8)
    assert cached.count_tokens("two words") == 2
    assert cached.knows_word("word")


# The memory of a process before and after it embedded long texts, in MB.
_HOLDS = """
from pathlib import Path
from assistant.index.embeddings import MiniLMEmbedder

def held():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024

model = MiniLMEmbedder()
model.embed(["What of hubs?"])
before = held()
for _ in range(2):
    model.embed(["councils and their reports on housing " * 30] * 10)
print(before, held())
"""


def test_what_long_texts_took_is_given_back() -> None:
    command = [sys.executable, "-c", _HOLDS]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    before, after = map(int, done.stdout.split())
    # Kept, it is 160 more.
    assert after - before < 80
