"""Looking through the Library page: the reports, words found, where the shelf is thin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.web.gradio_import import gr
from assistant.web.library.drafts import choices_of
from assistant.web.library.editors import visitor_of
from assistant.web.library.holdings import FindsHoldings, Holdings, read_matters
from assistant.web.library.listing import (
    describe_list,
    list_reports,
    page_count,
    render_list,
)
from assistant.web.library.thin import render_thin

if TYPE_CHECKING:
    from assistant.composition import Assistant

Updates = tuple[Any, ...]


@dataclass
class Browsing:
    """The handlers that show the shelf; each returns what its outputs become."""

    assistant: Assistant
    finds: FindsHoldings = field(init=False)

    def __post_init__(self) -> None:
        """Read the matters to look for."""
        self.finds = FindsHoldings(read_matters(self.assistant.settings.corpus_dir))

    def _holdings(self) -> Holdings:
        return self.finds.of(self.assistant.parts.now().shelf.documents)

    # Outputs: the list, what it shows, its page, its two buttons.
    def show(self, wanted: str, page: int) -> Updates:
        """Show a page of the reports that have the words wanted."""
        shelf = self.assistant.parts.now().shelf
        shown = list_reports(shelf.documents, wanted, self.finds.headings)
        page = min(max(page, 0), page_count(len(shown)) - 1)
        added = {
            e.details.document_id: e for e in self.assistant.workplace.library.entries()
        }
        html = render_list(
            shown, page, self.finds.of(shelf.documents), added, date.today()
        )
        about = f'<p role="status">{describe_list(shown, len(shelf.reports), page)}</p>'
        return (
            html,
            about,
            page,
            gr.update(visible=page > 0),
            gr.update(visible=page + 1 < page_count(len(shown))),
        )

    # Outputs: those of ``show``, the two folds for editors, the reports to change.
    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened."""
        may_add = visitor_of(request).may_add
        return (*self.show("", 0), gr.update(visible=may_add), *self.changing(may_add))

    # Outputs: whether any can be changed, and which.
    def changing(self, may_add: bool) -> Updates:
        """Offer the reports that the team added."""
        choices = choices_of(self.assistant.workplace.library) if may_add else []
        return gr.update(visible=bool(choices)), gr.update(choices=choices, value=None)

    def thin(self) -> str:
        """Say where the shelf is thin."""
        return render_thin(self._holdings(), date.today())
