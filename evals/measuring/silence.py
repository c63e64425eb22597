"""Whether it is true that a report is silent where an answer says so.

A claim of silence names a report in the assistant's own words: "Nothing on this found
in: …", "… does not speak of this …", a refusal that names it. What is quoted is a
report's word and claims nothing of that kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.schema import ReportDetails
from evals.cases import CASES, Case, CaseError
from evals.measuring.answers import Answer, folded

SILENCE = CASES / "silence.jsonl"
_CLAIMS = re.compile(
    r"\bnothing\b[^.;\n]{0,40}\bfound (?:in|on)\b(?P<after>[^;\n]*)"
    r"|(?P<before>[^.\n]*?)\b(?:does|do|did) not (?:speak|say|mention|cover)\b"
    r"|(?P<silent>[^.\n]*?)\b(?:is|are) silent\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SilenceCase:
    """A question, a report, and whether that report has nothing on it.

    ``absent`` are words of which none stands in a silent report, in lower case;
    ``quote`` is a sentence of one that speaks.
    """

    id: str
    question: str
    report: str
    silent: bool
    absent: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a report is silent, as an answer to a question has it, and whether it is."""

    question: str
    report: str
    true: bool


def load_silence(file: Path = SILENCE) -> list[SilenceCase]:
    """Read the cases.

    Raises:
        CaseError: a line is not as it must be.
    """
    cases = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            values = json.loads(line)
            case = SilenceCase(**{**values, "absent": tuple(values.get("absent", ()))})
        except (ValueError, TypeError, AttributeError) as error:
            raise CaseError(f"{file.name}:{number}: {error}.") from error
        if case.silent is not bool(case.absent) or case.silent is bool(case.quote):
            raise CaseError(
                f"{file.name}:{number}: a silent report has absent words, another a quote."
            )
        cases.append(case)
    return cases


def said_silent(answer: Answer, catalogue: Iterable[ReportDetails]) -> set[str]:
    """Return the reports that an answer says are silent.

    Args:
        answer: as the contract gives it.
        catalogue: the details of what is on the shelf.
    """
    text = str(answer["text"])
    for sentence in answer["sentences"]:
        text = text.replace(sentence["text"], " ")
    spans = [folded(next(filter(None, m.groups()), "")) for m in _CLAIMS.finditer(text)]
    titles = {details.report: folded(details.title) for details in catalogue}
    return {r for r, title in titles.items() if any(title in span for span in spans)}


def claims_on_cases(
    cases: Sequence[Case],
    answers: Mapping[str, Answer],
    catalogue: Sequence[ReportDetails],
) -> Iterator[Claim]:
    """Yield the claims that the cases can judge.

    A report that must or may be cited is not silent; where a question cannot be answered
    every report is. Of others a case does not say.
    """
    for case in cases:
        for report in sorted(said_silent(answers[case.id], catalogue)):
            if report in case.welcome or not case.answerable:
                yield Claim(case.id, report, report not in case.welcome)


def claims_on_silence(
    cases: Sequence[SilenceCase],
    answers: Mapping[str, Answer],
    catalogue: Sequence[ReportDetails],
) -> Iterator[Claim]:
    """Yield the claims on the labelled pairs of question and report.

    Args:
        cases: see ``load_silence``.
        answers: by question.
        catalogue: the details of what is on the shelf.
    """
    for case in cases:
        if case.report in said_silent(answers[case.question], catalogue):
            yield Claim(case.id, case.report, case.silent)
