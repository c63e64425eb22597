"""What the check adds to a streamed answer: the same stream with it and without."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from statistics import median
from threading import Thread
from time import perf_counter

from assistant.answering.writers.state import Progress
from assistant.answering.writers.writing import Writer
from assistant.composition import Assistant, open_assistant
from assistant.prompts import load_prompts
from assistant.provider.model import Message, Piece, Usage
from assistant.settings import Settings
from assistant.text.tokens import ModelTokens
from evals.cases import Case
from evals.reporting.report import table

# A small hosted model is about as fast: 50 words a second after half a second.
FIRST_SECONDS = 0.5
GAP_SECONDS = 0.02
_QUESTIONS = 16


@dataclass
class PacedModel:
    """Writes a text at an even pace, and notes when each sentence was whole.

    A sentence is whole with the first letter of the next one, or with the end.
    """

    text: str = ""
    name: str = "paced"
    whole_at: list[float] = field(default_factory=list)

    def stream(
        self,
        messages: Sequence[Message],
        config: object = None,
        *,
        seconds: float | None = None,
        stopping: Callable[[Callable[[], object]], object] = lambda stop: None,
    ) -> Generator[Piece]:
        """Yield the text word by word; see ``ChatModel.stream``.

        It writes in a thread of its own: a check must not hold up what is timed.
        """
        pieces: SimpleQueue[Piece | None] = SimpleQueue()

        def write() -> None:
            for piece in self._paced():
                pieces.put(piece)
            pieces.put(None)

        Thread(target=write).start()
        return (piece for piece in iter(pieces.get, None))

    def _paced(self) -> Iterator[Piece]:
        time.sleep(FIRST_SECONDS)
        for sentence in self.text.splitlines():
            for place, word in enumerate(sentence.split()):
                if place == 0:
                    self.whole_at.append(perf_counter())
                yield Piece(f"{word} ")
                time.sleep(GAP_SECONDS)
        self.whole_at.append(perf_counter())
        yield Piece("", Usage(0, 0))

    def close(self) -> None:
        """Hold nothing."""


def _in_other_words(assistant: Assistant, case: Case) -> str:
    """Return an answer's sentences with citations, their last words cut off.

    A sentence that stands in its passage word for word is not checked to the end.
    """
    answer = assistant.answer(case.question, case.history)
    numbers = {
        (p.chunk.details.report, p.chunk.section): number
        for number, p in reversed(list(enumerate(answer.passages, start=1)))
    }
    places = {c.number: numbers[c.report, c.section] for c in answer.citations}
    lines = [
        f"{' '.join(s.text.rstrip('.').split()[:-3])} [{places[s.citations[0]]}]."
        for s in answer.sentences
    ]
    return "\n".join(lines)


def _delays(assistant: Assistant, model: PacedModel, case: Case) -> list[float]:
    """Return for each sentence the seconds from its end to its release."""
    released: list[float] = []
    asked = {"question": case.question, "history": list(case.history)}
    for step in assistant.chain.stream(asked):
        released += [perf_counter() for p in step.get("progress", [])
                     if isinstance(p, Progress)]  # fmt: skip
    # The first moment is the first sentence's beginning.
    ends = model.whole_at[1 : len(released) + 1]
    return [late - end for late, end in zip(released, ends, strict=True)]


def gate_speed(settings: Settings, cases: Sequence[Case]) -> str:
    """Time the release of sentences, and whole streams with and without the check."""
    quoting = open_assistant(settings)
    try:
        first: list[float] = []
        later: list[float] = []
        bare: list[float] = []
        whole: list[float] = []
        asked = cases[:: max(1, len(cases) // _QUESTIONS)]
        for case in asked:
            text = _in_other_words(quoting, replace(case, history=()))
            if not text:
                continue
            model = PacedModel(text)
            writer = Writer(
                model=model,
                prompts=load_prompts(settings.prompts_dir),
                tokens=ModelTokens(settings.chat_model),
                # No second call: only the stream is timed.
                answer_seconds=0,
            )
            assistant = Assistant(settings, replace(quoting.parts, writer=writer))
            delays = _delays(assistant, model, replace(case, history=()))
            if not delays:
                continue
            first.append(delays[0])
            later += delays[1:]
            whole.append(model.whole_at[-1] + delays[-1] - model.whole_at[0])
            started = perf_counter()
            list(PacedModel(text).stream(()))
            bare.append(perf_counter() - started - FIRST_SECONDS)
    finally:
        quoting.close()
    rows = [
        ("first sentence, after the model finished it", first),
        ("later sentences", later),
        ("whole stream with the check", whole),
        ("the same stream without", bare),
    ]
    return table(
        ("", "median ms", "95 % ms", "number"),
        [
            (
                what,
                f"{median(times) * 1000:.0f}",
                f"{_percentile_95(times) * 1000:.0f}",
                str(len(times)),
            )
            for what, times in rows
            if times
        ],
    )


def _percentile_95(times: Sequence[float]) -> float:
    """Return the time that 95 in 100 do not exceed."""
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
