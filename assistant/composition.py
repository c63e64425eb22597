"""The composition root: the one place that builds the parts from the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.answering.suggesting.suggesting import Suggestions
from assistant.answering.understanding.glossary import Glossary, load_glossary
from assistant.answering.writers.writing import Writer
from assistant.errors import AssistantError
from assistant.index.embeddings import Embedder, load_embedder
from assistant.library.asked_as import Asks
from assistant.library.changes import Workplace
from assistant.library.shelf import read_shelf
from assistant.prompts import load_prompts
from assistant.provider.model import ChatModel
from assistant.schema import Answer, ReportDetails, Source, Turn
from assistant.settings import Settings
from assistant.text.tokens import ModelTokens

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.answering.writers.state import Told
    from assistant.briefing.agenda.agenda import Agenda
    from assistant.briefing.making import Progress as Steps
    from assistant.briefing.making import Stop
    from assistant.briefing.pack import Length, Pack
    from assistant.briefing.positions import Comparison
    from assistant.index.manifest import Progress


@dataclass(frozen=True)
class Assistant:
    """An open shelf that answers questions; every face holds one of these."""

    settings: Settings
    parts: Parts

    @property
    def catalogue(self) -> tuple[ReportDetails, ...]:
        """The details of every document on the shelf, as another process left it."""
        # Where the store is away, what was known still stands.
        with suppress(AssistantError):
            self.parts.shelf.refresh()
        return self.parts.shelf.details

    def over(
        self, documents: Sequence[Source], folder: Path, progress: Progress
    ) -> Assistant:
        """Index documents apart, in a folder; return one that answers from them alone.

        Raises:
            AssistantError: they cannot be indexed.
        """
        from assistant.index.opening import open_shelf

        shelf = open_shelf(folder, documents, self.parts.shelf.model, progress)
        return Assistant(self.settings, replace(self.parts, shelf=shelf))

    @property
    def workplace(self) -> Workplace:
        """Where the team's shelf is changed while this one is open."""
        return Workplace.from_settings(self.settings, self.parts.shelf)

    @property
    def corpus_version(self) -> str:
        """Twelve hexadecimal digits that change with any text on the shelf."""
        return self.parts.shelf.version

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        reports: Sequence[str] = (),
        id: str | None = None,
    ) -> Answer:
        """Answer one question; see ``answer_question``."""
        return answer_question(Question(question, history, reports, id), self.parts)

    def questions_for(self, agenda: Agenda, stop: Stop | None = None) -> Agenda:
        """Return an agenda with what would be asked; see ``prepare``."""
        from assistant.briefing.making import prepare

        return prepare(agenda, self.parts, stop)

    def brief(
        self,
        agenda: Agenda,
        *,
        length: Length = "3min",
        reports: Sequence[str] = (),
        owner: str = "",
        progress: Steps = lambda done, total: None,
        prepared: Callable[[Agenda], object] = lambda agenda: None,
        stop: Stop | None = None,
    ) -> Pack:
        """Make a pack of an agenda; one that is stopped goes on where it was next time.

        ``prepared`` is told the agenda with its questions; see ``prepare`` and
        ``make_pack``.
        """
        from assistant.briefing.making import make_pack

        agenda = self.questions_for(agenda, stop)
        prepared(agenda)
        return make_pack(
            agenda,
            self.parts,
            length=length,
            reports=reports,
            data_dir=self.settings.data_dir,
            owner=owner,
            progress=progress,
            stop=stop,
        )

    def compare(self, question: str, reports: Sequence[str]) -> Comparison:
        """Set reports side by side on a question; see ``compare_reports``."""
        from assistant.briefing.positions import compare_reports

        return compare_reports(question, reports, self.parts)

    @cached_property
    def suggestions(self) -> Suggestions:
        """Questions to suggest, found when they are first asked for."""
        return Suggestions(self.parts)

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        """Return up to five questions to begin with; see ``Suggestions.openings``."""
        return self.suggestions.openings(reports)

    def follow_ups(
        self, answer: Answer, asked: Sequence[str], reports: Sequence[str] = ()
    ) -> list[str]:
        """Return up to three questions to go on with; see ``Suggestions.follow_ups``."""
        return self.suggestions.follow_ups(answer, asked, reports)

    @cached_property
    def chain(self) -> Runnable[dict[str, Any], Told]:
        """The same steps as a LangChain Runnable (imports LangChain at first use)."""
        from assistant.answering.chain import make_chain

        if self.parts.writer is not None:
            # Read the vocabulary now; a question would wait for it.
            self.parts.writer.tokens.count("")
        return make_chain(self.parts)

    def warm(self) -> None:
        """Do what the first questions would wait for; for a thread of its own."""
        from assistant.answering.retrieval.reading_ahead import read_ahead

        _ = self.chain
        self.openings()
        if self.parts.writer is not None:
            read_ahead(self.parts.shelf)

    def close(self) -> None:
        """Let go of the index and of the model."""
        if self.parts.writer is not None:
            self.parts.writer.close()
        self.parts.shelf.close()


def make_writer(settings: Settings) -> Writer:
    """Make the writer: a model at OpenAI or at any server that speaks alike.

    Raises:
        ConfigError: a prompt is not as it must be, or neither key nor address is set.
    """
    from assistant.provider.chat_model import make_streaming_model

    model = make_streaming_model(settings)
    verifier: ChatModel | None = model
    if settings.verifier == "rules":
        verifier = None
    elif settings.verifier not in ("model", settings.chat_model):
        other = settings.model_copy(update={"chat_model": settings.verifier})
        verifier = make_streaming_model(other)
    return Writer(
        model=model,
        verifier=verifier,
        verify_seconds=settings.verify_seconds,
        prompts=load_prompts(settings.prompts_dir),
        tokens=ModelTokens(settings.chat_model),
        context_tokens=settings.context_tokens,
        answer_seconds=settings.answer_seconds,
        follow_up_seconds=settings.follow_up_seconds,
        price_in=settings.price_in,
        price_out=settings.price_out,
    )


def asks_of(writer: Writer) -> Asks:
    """Return what lets the model that writes say how a report is asked for."""
    return Asks(
        writer.model,
        writer.prompts.asked_as,
        writer.tokens,
        writer.price_in,
        writer.price_out,
    )


def open_assistant(
    settings: Settings,
    progress: Progress = lambda done, total: None,
    embedder: Embedder | None = None,
) -> Assistant:
    """Open the shelf, building its index where it is missing or files changed.

    ``progress`` is told chunks done and chunks to do; ``embedder`` is the settings' own,
    where it is being loaded already.

    Raises:
        AssistantError: a report, the index or a setting cannot be used as it is.
    """
    embedder = embedder or load_embedder(settings.embeddings)
    from assistant.index.opening import open_shelf

    def read() -> Sequence[Source]:
        return read_shelf(settings.corpus_dir, settings.reports_dir)

    glossary = Glossary(load_glossary(settings.corpus_dir / "glossary.yaml"))
    with ExitStack() as opened:
        shelf = open_shelf(
            settings.index_dir,
            read(),
            embedder,
            progress,
            chroma_url=settings.chroma_url,
            reread=read,
        )
        opened.callback(shelf.close)
        parts = Parts(
            shelf=shelf,
            glossary=glossary,
            top_k=settings.top_k,
            max_question_chars=settings.max_question_chars,
            writer=make_writer(settings) if settings.uses_model else None,
            log_questions=settings.log_questions,
        )
        # From here on the assistant closes what was opened.
        opened.pop_all()
    return Assistant(settings, parts)
