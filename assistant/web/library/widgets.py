"""The parts of the Library page, by name."""

from __future__ import annotations

from typing import Any, NamedTuple


class Listed(NamedTuple):
    """The list of reports and how to find in it."""

    wanted: Any
    about: Any
    html: Any
    page: Any
    before: Any
    after: Any

    @property
    def outputs(self) -> list[Any]:
        """What ``Browsing.show`` fills."""
        return [self.html, self.about, self.page, self.before, self.after]


class DetailsForm(NamedTuple):
    """The details of a report that was read, to be changed before it is added."""

    column: Any
    draft: Any
    read: Any
    added_as: Any
    details: list[Any]
    add: Any
    cancel: Any


class Removing(NamedTuple):
    """The team's reports, and the question before one is removed."""

    fold: Any
    chosen: Any
    change: Any
    remove: Any
    column: Any
    question: Any
    yes: Any
    no: Any


class Parts(NamedTuple):
    """All that the events of the page read or change."""

    status: Any
    upload: Any
    read: Any
    fold: Any
    form: DetailsForm
    listed: Listed
    removing: Removing
    thin: Any

    @property
    def reading_outputs(self) -> list[Any]:
        """What ``Drafting.read`` fills."""
        form = self.form
        shown = [form.draft, form.column, form.read, *form.details, form.added_as]
        return [self.status, *shown, self.upload, self.removing.column]

    @property
    def working_outputs(self) -> list[Any]:
        """What ``Changing.add`` fills."""
        own = [self.status, self.form.draft, self.form.column]
        return [*own, *self.listed.outputs, self.removing.fold, self.removing.chosen]
