"""Tokens are counted offline, exactly as tiktoken counts them."""

from __future__ import annotations

import gzip
import logging
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.tokens import (
    VOCABULARIES,
    ModelTokens,
    estimate_tokens,
    load_encoding,
)

# The names under which tiktoken looks for its files in its cache.
CACHED = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
SAMPLES = (
    "Councils' budgets fell by £1.5m (2.5%) in 2023–24, didn't they?",
    "<|endoftext|> is only text",
    "地方政府改革 Größe naïve emoji 🏛️",
    "\r\n\n  def f(x):\n\treturn x  \n",
)


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tiktoken.Encoding]:
    """tiktoken's own encodings, from the shipped files put where it looks for them."""
    folder = tmp_path_factory.mktemp("tiktoken")
    for name, cached in CACHED.items():
        packed = (VOCABULARIES / f"{name}.gz").read_bytes()
        (folder / cached).write_bytes(gzip.decompress(packed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
        return {name: tiktoken.get_encoding(name) for name in CACHED}


@pytest.mark.parametrize("name", CACHED)
@pytest.mark.parametrize("text", SAMPLES)
def test_encodings_are_tiktokens_own(
    official: dict[str, tiktoken.Encoding], name: str, text: str
) -> None:
    expected = official[name].encode_ordinary(text)
    assert load_encoding(name).encode_ordinary(text) == expected


@pytest.mark.parametrize(
    ("model", "name"), [("gpt-5.4-mini", "o200k_base"), ("gpt-4", "cl100k_base")]
)
def test_a_known_model_has_its_own_encoding(model: str, name: str) -> None:
    text = "Größe " * 9
    expected = len(load_encoding(name).encode_ordinary(text))
    assert ModelTokens(model).count(text) == expected


def test_an_unknown_model_is_counted_with_one_log_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tokens = ModelTokens("llama-9")
    with caplog.at_level(logging.INFO, "assistant.text.tokens"):
        assert tokens.count("Hello world") == tokens.count("Hello world") == 2
    assert [r.getMessage() for r in caplog.records] == [
        "Tokens of the model llama-9 are counted with o200k_base."
    ]


@pytest.mark.parametrize(
    "content",
    [None, b"not gzip", gzip.compress(b"other"), gzip.compress(b"x" * 99)[:9]],
    ids=["missing", "not gzip", "another", "cut off"],
)
def test_a_damaged_vocabulary_means_an_estimate(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "o200k_base.gz").write_bytes(content)
    text = "How many tokens does this sentence have?"
    assert ModelTokens("gpt-5.4-mini", tmp_path).count(text) == estimate_tokens(text)
    assert "estimated" in caplog.text


@pytest.mark.parametrize("text", SAMPLES[:3])
def test_the_estimate_errs_on_the_safe_side(text: str) -> None:
    assert estimate_tokens(text) >= 0.8 * ModelTokens("gpt-5.4-mini").count(text)


@given(st.text(max_size=300))
def test_any_text_can_be_counted(text: str) -> None:
    assert ModelTokens("gpt-5.4-mini").count(text) >= 0
    assert estimate_tokens(text) >= 0
