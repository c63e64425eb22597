"""Who may change the shelf from the page."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.serving.access.people import Person, person_of
from assistant.web.gradio_import import gr

NOT_YOURS = "You may read this shelf, not change it."


class NotAllowedError(AssistantError):
    """Somebody who may only read asked for a change."""


def visitor_of(request: gr.Request) -> Person:
    """Return who asks."""
    sent = request.request
    return person_of(sent) if sent is not None else Person()


def editor_of(request: gr.Request) -> Person:
    """Return who asks; the form is hidden from others, but a request can be forged.

    Raises:
        NotAllowedError: that person may not change the shelf.
    """
    person = visitor_of(request)
    if not person.may_add:
        raise NotAllowedError(NOT_YOURS)
    return person
