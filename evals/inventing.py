"""A model that invents on purpose, put to the evaluation cases: how much gets through.

It takes the passages that it is sent and falsifies their sentences one way after the
other; asked to mend a sentence, it falsifies it again. What it invents is known, so the
share of it that is shown can be counted.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.checking.mentions import names
from assistant.answering.writers.state import Progress
from assistant.answering.writers.writing import Writer
from assistant.composition import Assistant
from assistant.prompts import load_prompts
from assistant.provider.model import Message, Piece, Usage
from assistant.schema import Sentence
from assistant.settings import Settings
from assistant.text.sentences import split_sentences
from assistant.text.tokens import ModelTokens
from evals.reporting.report import table

_PASSAGE = re.compile(
    r'<passage number="(\d+)" report="([^"]*)" publisher="([^"]*)".*?>\n(.*?)\n</passage>',
    re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\w.,£-])(\d{1,3}(?:,\d{3})*)(?![\w,.]*\d)")
_TASK = re.compile(r"(?m)^(\d+)\. .*\n +Wrong:")
_STRANGERS = (
    "Angela Whitcombe",
    "the Fabian Society",
    "Deloitte",
    "Wessex County Council",
)
_QUOTES = (
    "councils have failed the people they serve",
    "a broken promise to every town hall",
    "nobody in Whitehall was listening",
)
_PLAUSIBLE = (
    "councils should share one chief executive with the NHS trust next door",
    "every councillor ought to hold a monthly surgery on planning",
    "business rates be kept in full by parish councils",
)


@dataclass(frozen=True)
class Source:
    """A passage as the model reads it."""

    number: int
    report: str
    publisher: str
    sentences: tuple[str, ...]


def read_passages(prompt: str) -> list[Source]:
    """Return the passages of a prompt."""
    return [
        Source(int(number), report, publisher, tuple(split_sentences(text)))
        for number, report, publisher, text in _PASSAGE.findall(prompt)
    ]


def _cited(sentence: str, number: int) -> str:
    return f"{sentence.rstrip(' .')} [{number}]."


def _true(source: Source, others: Sequence[Source], pick: random.Random) -> str:
    return _cited(pick.choice(source.sentences), source.number)


def _number(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    fitting = [s for s in source.sentences if _NUMBER.search(s)]
    if not fitting:
        return None
    sentence = pick.choice(fitting)
    found = pick.choice(list(_NUMBER.finditer(sentence)))
    wrong = str(int(found[1].replace(",", "")) + pick.choice((3, 17, 240)))
    changed = sentence[: found.start()] + wrong + sentence[found.end() :]
    return _cited(changed, source.number)


def _added_number(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    sentence = pick.choice(source.sentences).rstrip(" .")
    return _cited(f"{sentence}, at a cost of £{pick.randint(31, 97)}m", source.number)


def _name(source: Source, others: Sequence[Source], pick: random.Random) -> str | None:
    sentence = pick.choice(source.sentences)
    found = [name for name in names(sentence) if name in sentence]
    if not found:
        return None
    stranger = pick.choice(_STRANGERS)
    return _cited(sentence.replace(pick.choice(found), stranger), source.number)


def _quote(source: Source, others: Sequence[Source], pick: random.Random) -> str | None:
    says = f'{source.publisher} says that it was "{pick.choice(_QUOTES)}"'
    return _cited(says, source.number)


def _report(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    """Cite another report for a sentence that names its own."""
    elsewhere = [o for o in others if o.report != source.report]
    telling = [s for s in source.sentences if source.report in s]
    if not elsewhere or not telling:
        return None
    return _cited(pick.choice(telling), pick.choice(elsewhere).number)


def _speaker(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    """Let another publisher say it."""
    strangers = [o.publisher for o in others if o.publisher != source.publisher]
    telling = [s for s in source.sentences if source.publisher in s]
    if not strangers or not telling:
        return None
    changed = pick.choice(telling).replace(source.publisher, pick.choice(strangers))
    return _cited(changed, source.number)


def _unknown(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    return _cited(pick.choice(source.sentences), 90 + pick.randint(0, 9))


def _unsupported(
    source: Source, others: Sequence[Source], pick: random.Random
) -> str | None:
    says = f"{source.publisher} recommends that {pick.choice(_PLAUSIBLE)}"
    return _cited(says, source.number)


Falsify = Callable[[Source, Sequence[Source], random.Random], str | None]
TRUE = "true, word for word"
WAYS: dict[str, Falsify] = {
    TRUE: _true,
    "a number changed": _number,
    "an amount added": _added_number,
    "a name changed": _name,
    "a quotation made up": _quote,
    "another report cited": _report,
    "another publisher speaks": _speaker,
    "a citation number made up": _unknown,
    "plausible, not on the shelf": _unsupported,
}


@dataclass
class InventingModel:
    """Writes one sentence of each way; ``told`` says which, in their order."""

    pick: random.Random
    name: str = "inventing"
    told: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    def stream(
        self,
        messages: Sequence[Message],
        config: object = None,
        *,
        seconds: float | None = None,
        stopping: Callable[[Callable[[], object]], object] = lambda stop: None,
    ) -> Generator[Piece]:
        """Yield the sentences, a paragraph each; see ``ChatModel.stream``."""
        prompt = messages[-1].content
        sources = read_passages(prompt)
        tasks = _TASK.findall(prompt)
        ways = [way for way in WAYS if way != TRUE]
        for place, way in enumerate(self.pick.choices(ways, k=len(tasks)) or WAYS):
            source = self.pick.choice(sources)
            sentence = WAYS[way](source, sources, self.pick)
            if sentence is None or len(split_sentences(sentence)) != 1:
                continue
            (self.again if tasks else self.told).append(way)
            yield Piece(f"{tasks[place]}. {sentence}\n" if tasks else f"{sentence}\n\n")
        yield Piece("", Usage(0, 0))

    def close(self) -> None:
        """Hold nothing."""


def put_to_inventor(
    assistant: Assistant, questions: Sequence[str], settings: Settings
) -> str:
    """Return for each way how many sentences were written, and how many shown."""
    written: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    examples: list[str] = []
    mended = asked = 0
    for seed, question in enumerate(questions):
        model = InventingModel(random.Random(seed))
        writer = Writer(
            model=model,
            prompts=load_prompts(settings.prompts_dir),
            tokens=ModelTokens(settings.chat_model),
        )
        own = Assistant(settings, replace(assistant.parts, writer=writer))
        found = own.chain.invoke({"question": question})
        steps: list[Progress] = found.get("progress", [])
        first = steps[: len(model.told)]
        if len(first) != len(model.told):
            raise RuntimeError(f"{question}: what was written and checked do not fit")
        asked += bool(model.told)
        for way, step in zip(model.told, first, strict=True):
            written[way] += 1
            if isinstance(step.sentence, Sentence):
                shown[way] += 1
                if way != TRUE:
                    examples.append(f"{way}: {step.sentence.text}")
        written["written again, false again"] += len(model.again)
        late = steps[len(model.told) :]
        mended += len(late)
        examples += [f"written again: {step.sentence.text}" for step in late]
    shown["written again, false again"] = mended
    rows = [
        (way, str(number), str(shown[way]), f"{shown[way] / number:.3f}")
        for way, number in written.items()
        if number
    ]
    head = f"{asked} questions put to a model that invents."
    return "\n\n".join(
        [head, table(("", "written", "shown", "share"), rows), *examples]
    )
