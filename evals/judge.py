"""A model as judge of answers: optional, and itself judged by pairs that are known.

After "LLM-as-a-judge" (Zheng et al., 2023): one answer at a time against a reference,
reasons before the verdict, and the verdict read by code from the last line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import ProviderError
from assistant.prompts import Prompt
from assistant.provider.model import ChatModel, Message
from assistant.settings import Settings
from evals.cases import CASES, Case
from evals.measuring.answers import Answer, is_refused
from evals.measuring.scoring import JUDGEMENTS, ResultError, Results, verdict_value
from evals.reporting.report import table

Verdict = Literal["yes", "no", "don't know"]
KNOWN = CASES / "judge.jsonl"
# Tokens sent and written for one answer, roughly: the prompt with four quotations, and
# two sentences.
JUDGE_TOKENS = (900, 80)
_PLACES = {"question", "expected", "answer"}
_VERDICT = re.compile(r"^\W*VERDICT:\s*(.+?)\W*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge said; ``verdict`` is None where it said nothing on the menu."""

    id: str
    verdict: Verdict | None
    text: str

    @property
    def value(self) -> float | None:
        """See `evals.measuring.scoring.verdict_value`."""
        return verdict_value(self.verdict)


@dataclass(frozen=True, slots=True)
class Known:
    """An answer of which a person has said whether it is right."""

    id: str
    question: str
    expected: str
    answer: str
    right: bool


@dataclass(frozen=True)
class Judge:
    """A model with the prompt that makes it a judge."""

    model: ChatModel
    prompt: Prompt

    def judge(self, id: str, question: str, expected: str, answer: str) -> Judgement:
        """Judge one answer; a failure of the model leaves it unscored."""
        filled = self.prompt.fill(
            question=_fenced(question),
            expected=_fenced(expected),
            answer=_fenced(answer),
        )
        try:
            pieces = self.model.stream([Message("human", filled)])
            text = "".join(piece.text for piece in pieces)
        except ProviderError as error:
            return Judgement(id, None, str(error))
        return Judgement(id, read_verdict(text), text)


def _fenced(text: str) -> str:
    """Take from a text what could close its fence."""
    return text.replace("<", "(").replace(">", ")")


def read_verdict(text: str) -> Verdict | None:
    """Return the last verdict of a text, or None if it is none of the three."""
    found = _VERDICT.findall(text.replace("\u2019", "'"))
    last = found[-1].lower().strip(" .*") if found else ""
    return next((verdict for verdict in get_args(Verdict) if verdict == last), None)


def load_judge_prompt(folder: Path) -> Prompt:
    """Read ``judge.md``.

    Raises:
        ResultError: it is missing, or its places are not those that code fills in.
    """
    file = folder / "judge.md"
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ResultError(f"The prompt {file} cannot be read.") from error
    if set(re.findall(r"\{([a-z_]+)\}", text)) != _PLACES:
        places = ", ".join(sorted(_PLACES))
        raise ResultError(f"The prompt {file} must have the places {places}, no other.")
    return Prompt("judge", text)


def make_judge(settings: Settings) -> Judge:
    """Make the judge from the settings of the model.

    Raises:
        ConfigError: neither key nor address is set.
        ResultError: the prompt is not as it must be.
    """
    from assistant.provider.chat_model import make_streaming_model

    prompt = load_judge_prompt(settings.prompts_dir)
    return Judge(make_streaming_model(settings), prompt)


def expectation(case: Case) -> str:
    """Return what a right answer to a case says, for a judge to read."""
    facts = [f"- {' or '.join(fact)}" for fact in case.facts]
    quotes = [f"- {place.report}: {place.quote}" for place in case.evidence]
    lines = [f"It must cite: {', '.join(case.reports)}", "It must say:", *facts]
    return "\n".join([*lines, *(["Where it stands:", *quotes] if quotes else [])])


def shown(answer: Answer) -> str:
    """Return an answer as a reader sees it: its text, and what each number cites."""
    cited = [
        f"[{c['number']}] {c['report']}, {c['section']}: {c['quote']}"
        for c in answer["citations"]
    ]
    return "\n".join([answer["text"], "", *cited])


def judge_run(results: Results, judge: Judge) -> Iterator[Judgement]:
    """Judge the answers of a run that say something; a refusal needs no judge."""
    for case in results.cases:
        answer = results.answers[case.id]
        if case.answerable and not is_refused(answer):
            yield judge.judge(case.id, case.question, expectation(case), shown(answer))


def write_judgements(folder: Path, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Write judgements as they come, and return them."""
    kept = []
    with (folder / JUDGEMENTS).open("w", encoding="utf-8") as file:
        for judgement in judgements:
            kept.append(judgement)
            file.write(json.dumps(asdict(judgement), ensure_ascii=False) + "\n")
            file.flush()
    return kept


def load_known(file: Path = KNOWN) -> list[Known]:
    """Read the pairs of which a person has said whether the answer is right.

    Raises:
        ResultError: the file or a line of it cannot be used.
    """
    try:
        rows: list[Any] = [
            json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()
        ]
        return [Known(**row) for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise ResultError(f"{file} cannot be used: {error}.") from error


def check_table(judge: Judge, known: Iterable[Known]) -> tuple[str, bool]:
    """Put the known pairs to the judge; tell how it did, and whether it may be used.

    A judge that passes one wrong answer is none; one that fails a right answer, or does
    not know, only counts too low.
    """
    rows, wrongly_passed = [], 0
    for pair in known:
        judgement = judge.judge(pair.id, pair.question, pair.expected, pair.answer)
        passed = judgement.value == 1
        wrongly_passed += passed and not pair.right
        told = "right" if pair.right else "wrong"
        agreed = "yes" if passed is pair.right else "NO"
        rows.append((pair.id, told, judgement.verdict or "none", agreed))
    agreed_in_all = sum(row[-1] == "yes" for row in rows)
    text = table(("pair", "is", "verdict", "agreed"), rows)
    told = (
        f"{agreed_in_all} of {len(rows)} agreed, {wrongly_passed} wrong answers passed."
    )
    return f"{text}\n\n{told}", not wrongly_passed
