"""An answer written by a model: streamed, checked sentence by sentence, mended once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic
from typing import Any, Literal

from assistant.answering.assembly import Asked, Assembly
from assistant.answering.attribution import report_name
from assistant.answering.checking.evidence import is_quotation
from assistant.answering.closeness import Closeness
from assistant.answering.draft import nearest_sections
from assistant.answering.quoting.refusing import NOTHING_FOUND
from assistant.answering.units import Checked, Unit
from assistant.answering.writers.gate import NOT_PROSE, NOTHING_FOLLOWS, Gate
from assistant.answering.writers.gathering import (
    OWN_LINE,
    Gatherer,
    without_thinking,
)
from assistant.answering.writers.sending import compose_answer, compose_mending
from assistant.answering.writers.verifying import Read, Verifying
from assistant.answering.writers.writing import Writer
from assistant.errors import ProviderError
from assistant.index.shelf import Shelf
from assistant.provider.model import Message, Usage
from assistant.schema import Answer, Outcome, Passage, Sentence, Turn, Withheld
from assistant.words import STOP_WORDS, content_words, stem, words

NOT_FOUND = "NOT ON THE SHELF"
_LACKS = "The passages found do not say: {what}."
_LACKS_PART = "The passages found do not hold all that was asked."
_MENDED_LINE = re.compile(r"^\s*\**(\d{1,2})[.)]\**\s+(.+)$")
_SILENT = "This answer cites nothing from: {names}."
MOST_SILENT = 6
NOT_VERIFIED = (
    "Meaning not verified: the numbers, names and quotations of this answer stand in the "
    "passages that it cites, but nobody checked what its sentences say."
)
# A mended sentence of which so much is shown already says nothing new.
_REPEATED = 0.9
# More than this is not worth a second call: the answer as a whole is off.
MOST_MENDED = 8
_NOT_MENDED = (NOT_PROSE, NOTHING_FOLLOWS)

Step = Literal["waiting", "searching", "reading", "writing", "verifying", "mending"]
Turns = AbstractContextManager[object]
Stopping = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """One sentence as it was let through or held back, and the answer as it stands."""

    sentence: Sentence | Withheld
    answer: Answer


@dataclass
class Measured:
    """What one turn took: seconds by step, and tokens; and how far it is by now.

    ``words`` counts what the model has written so far, and ``step`` names what is being
    done; another thread may read them while the answer is made.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    written: int = 0
    mended: int = 0
    fault: str | None = None
    step: Step = "waiting"
    words: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def add(self, usage: Usage) -> None:
        """Add the tokens of one call; several may be under way."""
        with self._lock:
            self.sent += usage.sent
            self.written += usage.written

    def mark(self, step: str, since: float) -> None:
        """Note how long a step took; the first time counts."""
        self.seconds.setdefault(step, round(monotonic() - since, 3))


@dataclass
class _Writing:
    """The state of one answer while it is written."""

    asked: Asked
    shelf: Shelf
    writer: Writer
    measured: Measured
    turns: Turns
    config: Any
    stopping: Stopping
    history: Sequence[Turn]
    numbered: Mapping[int, Passage] = field(default_factory=dict)
    missing: str | None = None
    not_found: bool = False
    unverified: bool = False

    def __post_init__(self) -> None:
        self.closeness = Closeness(self.shelf.embedder)
        self.assembly = Assembly(self.asked, self.writer.model.name)
        self.began = monotonic()

    def pieces(
        self, messages: Sequence[Message], seconds: float | None = None
    ) -> Iterator[str]:
        """Stream an answer to some messages, and count its tokens."""
        model, count = self.writer.model, self.writer.tokens.count
        told: Usage | None = None
        text = ""
        stream = model.stream(
            messages, self.config, seconds=seconds, stopping=self.stopping
        )
        try:
            # While the model thinks, its passages are read.
            learning = self.closeness.learning(self.numbered.values())
            with closing(stream), learning:
                for piece in stream:
                    told = piece.usage or told
                    text += piece.text
                    if piece.text:
                        self.measured.mark("first_token", self.began)
                        self.measured.words = len(text.split())
                        yield piece.text
        finally:
            if told is None:
                told = Usage(sum(count(m.content) for m in messages), count(text))
            self.measured.add(told)

    def gate(self) -> Gate:
        return Gate(
            self.numbered,
            self.shelf.details,
            self.closeness,
            read_again=self.writer.verifier is not None,
        )

    def verifying(self) -> Verifying | None:
        """Return what reads sentences again; None where the rules alone decide."""
        if self.writer.verifier is None:
            return None
        return Verifying(self.writer, self.measured.add, self.config, self.stopping)

    def add(self, reads: Iterable[Read]) -> Iterator[Progress]:
        """Add sentences to the answer once they are read, and tell of each."""
        for read in reads:
            self.note(read)
            self.assembly.add(read.item)
            yield self.progress(read.item)

    def note(self, read: Read) -> None:
        """Note where a sentence is to be shown whose meaning nobody verified."""
        self.unverified |= read.item.holds and not read.verified

    def note_fault(self, verifying: Verifying) -> None:
        """Note why a second reading did not come."""
        if verifying.fault is not None:
            self.measured.fault = f"verifying: {type(verifying.fault).__name__}"

    def progress(self, item: Checked) -> Progress:
        self.measured.mark("first_sentence", self.began)
        told = (
            self.assembly.sentence(item)
            if item.holds
            else Withheld(item.text, item.reason or "")
        )
        return Progress(told, self.assembly.answer("answered"))


def _claims(writing: _Writing, unit: Unit) -> bool:
    """Take the lines that are agreed signs; tell whether a unit is a sentence."""
    text = unit.text.strip(" .*`\"'")
    if text.upper() == NOT_FOUND:
        writing.not_found = True
        return False
    for sign in OWN_LINE:
        if text.startswith(sign):
            writing.missing = text.removeprefix(sign).strip(" .…")
            return False
    return True


def _by_rules(items: Iterable[Checked]) -> Iterator[Read]:
    """Yield sentences that nobody reads again; a quotation needs no reading."""
    for item in items:
        lead_in = item.text.endswith(":")
        yield Read(item, verified=lead_in or is_quotation(item.text, item.passages))


def _write(writing: _Writing, messages: Sequence[Message]) -> Iterator[Progress]:
    """Check what the model writes as it comes.

    Raises:
        ProviderError: the model failed; what it had said to the end is checked first.
    """
    gatherer, gate, verifying = Gatherer(), writing.gate(), writing.verifying()
    read_again = verifying.add if verifying else _by_rules

    def let_through(units: Sequence[Unit]) -> Iterator[Progress]:
        for unit in units:
            if _claims(writing, unit):
                with writing.turns:
                    checked = gate.take(unit)
                yield from writing.add(read_again(checked))

    fault: ProviderError | None = None
    try:
        try:
            for piece in writing.pieces(messages):
                yield from let_through(gatherer.feed(piece))
                if verifying:
                    yield from writing.add(verifying.ready())
        except ProviderError as error:
            fault = error
        yield from let_through(gatherer.finish(cut_off=fault is not None))
        yield from writing.add(read_again(gate.finish()))
        if verifying:
            since, writing.measured.step = monotonic(), "verifying"
            yield from writing.add(verifying.finish())
            writing.measured.mark("verifying", since)
            writing.note_fault(verifying)
    finally:
        if verifying:
            verifying.close()
    if fault is not None:
        raise fault


def _mended(text: str) -> dict[int, Unit]:
    """Return the mended sentences by number; a line must hold exactly one."""
    found: dict[int, Unit] = {}
    for line in without_thinking(text).splitlines():
        match = _MENDED_LINE.match(line)
        if match is None:
            continue
        gatherer = Gatherer()
        units = gatherer.feed(match[2]) + gatherer.finish()
        if len(units) == 1 and units[0].kind == "sentence":
            found.setdefault(int(match[1]), units[0])
    return found


def _mend(writing: _Writing) -> Iterator[Progress]:
    """Give the model one chance to mend what was withheld."""
    writer, assembly = writing.writer, writing.assembly
    withheld = [i for i in assembly.withheld if i.reason not in _NOT_MENDED]
    left = writer.answer_seconds - (monotonic() - writing.began)
    if not withheld or len(withheld) > MOST_MENDED or left < 1:
        return
    since, writing.measured.step = monotonic(), "mending"
    shown = [item.text for item in assembly.shown]
    messages = compose_mending(
        writing.asked.standalone,
        writing.numbered,
        withheld,
        writing.shelf.details,
        writer,
        shown,
    )
    mended = _mended("".join(writing.pieces(messages, left)))
    places: list[tuple[Checked, Checked]] = []
    for place, old in enumerate(withheld, start=1):
        if (unit := mended.get(place)) is None:
            continue
        unit = replace(unit, lead=old.unit.lead, block=old.unit.block)
        checked = writing.gate().take(unit)
        if len(checked) == 1 and checked[0].holds and not _said(checked[0].text, shown):
            places.append((old, checked[0]))
            shown.append(checked[0].text)
    reads = _read_mended(writing, [new for _, new in places])
    for (old, _), read in zip(places, reads, strict=True):
        if not read.item.holds:
            continue
        writing.note(read)
        writing.assembly.replace(old, read.item)
        writing.assembly = _in_order(writing.assembly)
        writing.measured.mended += 1
        yield writing.progress(read.item)
    writing.measured.mark("mending", since)


def _read_mended(writing: _Writing, items: Sequence[Checked]) -> list[Read]:
    verifying = writing.verifying()
    if verifying is None:
        return list(_by_rules(items))
    try:
        return [*verifying.add(items), *verifying.finish()]
    finally:
        writing.note_fault(verifying)
        verifying.close()


def _said(text: str, shown: Sequence[str]) -> bool:
    """Tell whether a sentence that is shown already says nearly all of a text."""
    own = {stem(word) for word in content_words(text)}
    told = ({stem(word) for word in content_words(other)} for other in shown)
    return any(len(own & other) >= _REPEATED * len(own) for other in told)


def _in_order(assembly: Assembly) -> Assembly:
    """Return the same answer with its numbers in order of first appearance."""
    ordered = Assembly(assembly.asked, assembly.model)
    for item in assembly.items:
        ordered.add(item)
    return ordered


def _in_the_words_of(whole: str, text: str) -> bool:
    """Tell whether a text says nothing that another does not say."""
    said = {stem(word) for word in words(whole)}
    return all(stem(word) in said or word in STOP_WORDS for word in words(text))


def _finish(writing: _Writing, quoting: Answer) -> Answer:
    assembly = writing.assembly
    offered = quoting if quoting.sentences else None
    if not assembly.shown:
        answer = assembly.answer("no_evidence", NOTHING_FOUND)
        return replace(
            answer, nearest=nearest_sections(writing.asked.passages), quoting=offered
        )
    silent = _silent(writing)
    if writing.missing is None and not writing.not_found:
        return _told(writing, "answered", quoting, silent)
    missing, asked = writing.missing or "", writing.asked.standalone
    if missing and _in_the_words_of(asked, missing):
        # What lacks all that is asked is no part of an answer.
        lacks_all = _in_the_words_of(missing, asked)
        outcome: Outcome = "no_evidence" if lacks_all else "partial"
        return _told(writing, outcome, quoting, _LACKS.format(what=missing), silent)
    return _told(writing, "partial", quoting, _LACKS_PART, silent)


def _told(
    writing: _Writing, outcome: Outcome, quoting: Answer, *notices: str
) -> Answer:
    """Return the answer, and say so where its meaning is not verified.

    Where a second reading was to be and failed, the quotations are offered besides.
    """
    if not writing.unverified:
        return writing.assembly.answer(outcome, *notices)
    answer = writing.assembly.answer(outcome, NOT_VERIFIED, *notices)
    failed = writing.writer.verifier is not None and bool(quoting.sentences)
    return replace(answer, unverified=True, quoting=quoting if failed else None)


def _silent(writing: _Writing) -> str:
    """Name the reports that a comparison was to hear and the answer does not cite."""
    cited = {p.chunk.details.report for i in writing.assembly.shown for p in i.passages}
    left = [side[0] for side in writing.asked.expected if not cited & {*side}]
    if not left:
        return ""
    named = [report_name(writing.shelf.details, r) for r in left[:MOST_SILENT]]
    more = [f"{len(left) - len(named)} more"] if len(left) > len(named) else []
    return _SILENT.format(names=", ".join([*named, *more]))


def write_with_model(
    asked: Asked,
    history: Sequence[Turn],
    shelf: Shelf,
    writer: Writer,
    quoting: Answer,
    measured: Measured,
    *,
    turns: Turns | None = None,
    config: Any = None,
    stopping: Stopping = lambda stop: None,
    form: str = "",
) -> Iterator[Progress | Answer]:
    """Yield each sentence as it is checked, and at the end the answer.

    Args:
        asked: the question and its passages.
        history: the turns before it, oldest first.
        shelf: for the reports' details and the embedder.
        writer: the model, its prompts and limits.
        quoting: the answer in quotations, offered where the model fails.
        measured: takes seconds and tokens.
        turns: bounds how many sentences are checked at one time.
        config: LangChain's, for callbacks and tracing.
        stopping: is handed functions that end the streams from another thread.
        form: the form that is wanted, in the asker's words.
    """
    turns = turns or nullcontext()
    writing = _Writing(asked, shelf, writer, measured, turns, config, stopping, history)
    measured.step = "writing"
    try:
        messages, writing.numbered = compose_answer(
            asked.standalone,
            asked.passages,
            history,
            shelf.details,
            writer,
            form,
            len(asked.expected),
        )
        yield from _write(writing, messages)
        measured.mark("writing", writing.began)
    except ProviderError as error:
        measured.fault = type(error).__name__
        failed = _told(writing, "error", quoting, str(error))
        offered = quoting if quoting.sentences else None
        yield replace(failed, quoting=offered)
        return
    try:
        yield from _mend(writing)
    except ProviderError as error:
        # What holds is shown all the same; only the second chance was lost.
        measured.fault = f"mending: {type(error).__name__}"
    yield _finish(writing, quoting)
