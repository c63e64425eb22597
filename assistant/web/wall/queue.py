"""What Gradio's queue knows of sessions and their events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.web.gradio_import import gr


@dataclass(frozen=True)
class Queue:
    """The queue of a page."""

    page: gr.Blocks

    def has(self, session: str) -> bool:
        """Tell whether there is anything to hear of a session."""
        return session in self.page._queue.pending_messages_per_session

    def is_of(self, event: str, session: str) -> bool:
        """Tell whether an event is one of a session's."""
        found = self.page._queue.event_ids_to_events.get(event)
        return found is not None and found.session_hash == session
