"""The families of rules that an evaluation may switch off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import assistant.answering
from assistant.answering.switches import RULES, is_on, switched_off
from assistant.answering.understanding.question import kind_of
from assistant.answering.understanding.spelling import correct_spelling

FOLDER = Path(assistant.answering.__file__).parent


def test_every_family_is_asked_for_somewhere_and_none_that_there_is_not() -> None:
    asked = {
        name
        for file in FOLDER.rglob("*.py")
        for name in re.findall(r'is_on\("([^"]+)"\)', file.read_text("utf-8"))
    }
    assert asked == RULES


def test_a_family_is_off_within_the_block_alone() -> None:
    words = {"prevention": 9}
    with switched_off("spelling", "kind of answer"):
        assert not is_on("spelling")
        assert is_on("glossary")
        assert correct_spelling("prevntion", words, lambda word: False) == "prevntion"
        assert kind_of("When was it published?") == "open"
    assert is_on("spelling")
    assert correct_spelling("prevntion", words, lambda word: False) == "prevention"
    assert kind_of("When was it published?") == "when"


def test_blocks_add_up() -> None:
    with switched_off("spelling"), switched_off("glossary"):
        assert not is_on("spelling")
        assert not is_on("glossary")


def test_a_family_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no rules 'magic'"), switched_off("magic"):
        pass
