"""What a page shows of an answer in the making, from its question to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from assistant.web.ask.conversation import Conversation, Exchange
from assistant.web.ask.history import History, record_of
from assistant.web.ask.runs import Run, Runs
from assistant.web.ask.view import messages_of, panel_of
from assistant.web.ask.widgets import Widgets
from assistant.web.jobs import Updates


@dataclass(frozen=True)
class Following:
    """The page's parts, the answers in the making, and where conversations are kept."""

    w: Widgets
    runs: Runs
    history: History

    def record(
        self,
        id: str,
        conversation: Conversation,
        owner: str,
        *,
        opened: bool = False,
        pending: bool = False,
    ) -> Updates:
        """Hand a conversation to the page's script to keep."""
        record = record_of(
            self.history, id, conversation, owner, opened=opened, pending=pending
        )
        return {self.w.hidden.record: record}

    async def follow(
        self, run: Run, page: str, corpus_version: str
    ) -> AsyncIterator[Updates]:
        """Yield what changes on the page, as long as it looks at this answer."""
        w, panel, shown = self.w, None, None
        earlier = messages_of(run.state[:-1], corpus_version, all_earlier=True)
        async for state in self.runs.watch(run, page):
            latest, updates = state[-1], Updates()
            if latest.doing:
                updates[w.progress] = latest.doing
            # What is said in between may have been passed over.
            if shown != (now := replace(latest, doing="", found=())):
                shown, messages = now, messages_of(state[-1:], corpus_version)
                updates |= {w.chat: [*earlier, *messages], w.conversation: state}
            if panel != (known := _sources_of(latest)):
                panel, updates[w.panel] = known, panel_of(state)
            if latest.is_whole:
                updates[w.progress] = ""
            yield updates


def _sources_of(exchange: Exchange) -> tuple[object, ...]:
    """Return what the panel depends on; it is made anew only where this changes."""
    answer = exchange.answer
    if answer is None:
        # Where the answer comes at once, what was found would only flicker.
        return (exchange.found if exchange.doing else (),)
    return answer.citations, answer.quoting, exchange.growing
