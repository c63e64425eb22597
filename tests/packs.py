"""A pack made by hand, with texts that would do harm if any format read them."""

from __future__ import annotations

from assistant.briefing.pack import (
    AskedBack,
    Figure,
    Item,
    Pack,
    Position,
    Record,
    Source,
    Statement,
)

# Markdown, HTML, XML, a formula, a field, a table's bars, and letters of four scripts.
HOSTILE = (
    "A <script>alert(1)</script> & <b>bold</b> [x](javascript:x) `code` *star* _low_ "
    "~~gone~~ $x^2$ =HYPERLINK(1) {{INCLUDETEXT c}} a|b <!--c--> &amp; ]]> \\n # not"
)
SCRIPTS = "Łódź, Αθήνα, Москва – “quoted” › done"
NAMES = {
    "parks-2021": ("Parks | Places", "Parks <Forum>", "2021"),
    "buses-2023": ("Night *Buses*", "Transit & Lab", "2023-07-05"),
}


def make_source(report: str, section: str, page: str | None = None) -> Source:
    title, publisher, published = NAMES[report]
    return Source(
        report, title, publisher, published, section, page, f"Quote of {section}.",
        f"https://example.org/{report}?a=1&b=%20", "the <original>",
    )  # fmt: skip


def make_statement(text: str, *sources: Source) -> Statement:
    return Statement(text, sources, 0.9)


LIGHTING = make_source("parks-2021", "Recommendations › 1 Lighting", "12")
DUSK = make_source("parks-2021", "Findings › 1 Opening_hours")
NIGHT = make_source("buses-2023", "Findings › 1 Night buses", "iv")


def make_pack(length: str = "full") -> Pack:
    first = make_statement(f"Parks <Forum> (2021) says: {HOSTILE}.", LIGHTING)
    second = make_statement("Transit & Lab (2023) counts 40 buses.", NIGHT, DUSK)
    third = make_statement(f"Transit & Lab (2023) speaks of {SCRIPTS}.", NIGHT)
    return Pack(
        meeting="Board <of> *Growth* & Places",
        date="1. June_2024",
        place="=1+1",
        attendees=("Cllr [A](b)", "- Bo"),
        length=length,  # type: ignore[arg-type]
        items=(
            Item(
                "1", "Parks # and *buses*", "done", ("What of <parks>?",),
                line=(first,), points=(second,),
                positions=(
                    Position("parks-2021", "Parks | Places (2021)", (first, second)),
                    Position("buses-2023", "Night *Buses*", (third,), ("Says | so.",)),
                    Position("silent-2020", "Quiet <2020>"),
                ),
                figures=(Figure("40", "bu|ses", "2023", "Transit & Lab", second),),
                asked_back=(AskedBack("Who <pays>?", third),),
                lacks=("No report mentions “<weirs>”.",),
            ),
            Item("2", "Apologies", "not needed"),
            Item("3", "Weirs", "done", ("Weirs?",), lacks=("Nothing.",), nearest=("P › 1",)),
            Item("4", "Bins", "failed", ("Bins?",), "The key is wrong & <b>."),
            Item("5", "Roads", "not reached", ("Roads?",), "the run was stopped before it"),
        ),
        record=Record("2024-11-14T10:00+00:00", "quoting", "abc123", ("Parks",), 1.5, "0.1"),
        notes=("A *note*.",),
    )  # fmt: skip
