"""Settings: where a value comes from, and which are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import ConfigError
from assistant.settings import default_data_dir, load_settings, shipped


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    file.write_text("ASSISTANT_TOP_K=30\nOPENAI_API_KEY=x\n", "utf-8")
    return file


def test_the_default_comes_last() -> None:
    assert load_settings().top_k == 12


def test_the_env_file_comes_before_the_default(env_file: Path) -> None:
    assert load_settings(_env_file=env_file).top_k == 30


def test_the_environment_comes_before_the_env_file(
    monkeypatch: pytest.MonkeyPatch, env_file: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_TOP_K", "20")
    assert load_settings(_env_file=env_file).top_k == 20
    assert load_settings(_env_file=env_file, top_k=None).top_k == 20


def test_an_argument_comes_first(
    monkeypatch: pytest.MonkeyPatch, env_file: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_TOP_K", "20")
    assert load_settings(_env_file=env_file, top_k=10).top_k == 10


def test_names_may_be_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("assistant_top_k", "20")
    assert load_settings().top_k == 20


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ASSISTANT_TOPK", "Did you mean ASSISTANT_TOP_K?"),
        ("assistant_hots", "Did you mean ASSISTANT_HOST?"),
        ("ASSISTANT_" + "Z" * 40, r"See \.env\.example"),
    ],
)
def test_an_unknown_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError, match=f"There is no setting {name}.*{hint}"):
        load_settings()


def test_an_unknown_name_in_the_env_file_is_refused(env_file: Path) -> None:
    env_file.write_text("ASSISTANT_TOPK=30\n", "utf-8")
    with pytest.raises(ConfigError, match="ASSISTANT_TOP_K"):
        load_settings(_env_file=env_file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSISTANT_TOP_K", "0"),
        ("ASSISTANT_TOP_K", "101"),
        ("ASSISTANT_TOP_K", "many"),
        ("ASSISTANT_TOP_K", ""),
        ("ASSISTANT_MAX_QUESTION_CHARS", "49"),
        ("ASSISTANT_MAX_QUESTION_CHARS", "20001"),
        ("ASSISTANT_PORT", "-1"),
        ("ASSISTANT_PORT", "65536"),
        ("ASSISTANT_EMBEDDINGS", "word2vec"),
    ],
)
def test_a_value_out_of_bounds_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=rf"{name}: .*See \.env\.example"):
        load_settings()


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.top_k = 5


def test_the_index_lies_in_the_data_folder(tmp_path: Path) -> None:
    assert load_settings(data_dir=tmp_path).index_dir == tmp_path / "index"


def test_shipped_folders_are_there() -> None:
    assert (shipped("corpus") / "reports").is_dir()
    assert load_settings().corpus_dir == shipped("corpus")


def test_a_checkout_keeps_its_data_beside_it() -> None:
    assert default_data_dir() == Path(__file__).parents[1] / ".assistant"
