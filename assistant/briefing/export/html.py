"""A pack as one HTML file: printable, accessible, and without any outside request."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from assistant.briefing.export import blocks

_STYLE = Path(__file__).with_name("pack.css")
# The file may show itself and nothing else: no script, no image, no font from outside.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"


def render_html(document: blocks.Document) -> bytes:
    """Return a document as an HTML file."""
    page = _Page(document)
    body = "\n".join(line for block in document.blocks for line in page.block(block))
    subtitle = page.line(document.subtitle)
    text = f"""<!DOCTYPE html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(document.title)}</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{escape(document.title)}</h1>
{f'<p class="subtitle">{subtitle}</p>' if subtitle else ""}
{body}
</main>
</body>
</html>
"""
    return text.encode("utf-8", "replace")


class _Page:
    """Renders blocks, and remembers which references have been cited."""

    def __init__(self, document: blocks.Document) -> None:
        self._document = document
        self._cited: set[str] = set()

    def line(self, spans: blocks.Spans) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: blocks.Span) -> str:
        text = escape(span.text)
        if span.kind == "cite":
            # A reference links back to where it is first cited.
            place = escape(span.reference)
            anchor = "" if place in self._cited else f' id="cite-{place}"'
            self._cited.add(place)
            label = f'aria-label="Reference {text}"'
            return f'<a class="cite"{anchor} href="#ref-{place}" {label}>[{text}]</a>'
        if span.kind == "link":
            return f'<a href="{text}" rel="noopener noreferrer">{text}</a>'
        if span.kind == "break":
            return "<br>"
        return f"<strong>{text}</strong>" if span.kind == "strong" else text

    def block(self, block: blocks.Block) -> Iterator[str]:
        match block:
            case blocks.Heading():
                tag = f"h{block.level + 1}"
                yield f'<{tag} id="{block.anchor}">{escape(block.text)}</{tag}>'
            case blocks.Paragraph():
                yield f'<p class="{block.style}">{self.line(block.spans)}</p>'
            case blocks.Bullets():
                lines = "".join(f"<li>{self.line(x)}</li>\n" for x in block.lines)
                yield f"<ul>\n{lines}</ul>"
            case blocks.Table():
                yield from self._table(block)
            case blocks.Contents():
                yield from self._contents()
            case blocks.References():
                yield '<ul class="references">'
                for entry in block.entries:
                    n, place = entry.number, escape(entry.reference)
                    back = f'<a href="#cite-{place}" aria-label="Back to {n}">[{n}]</a>'
                    yield f'<li id="ref-{place}">{back} {self.line(entry.spans)}</li>'
                yield "</ul>"
            case blocks.NewPage():
                yield '<div class="new-page"></div>'

    def _table(self, table: blocks.Table) -> Iterator[str]:
        yield f"<table>\n<caption>{escape(table.caption)}</caption>"
        columns = "".join(f'<col style="width:{w}%">' for w in table.widths)
        yield f"<colgroup>{columns}</colgroup>"
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.header)
        yield f"<thead><tr>{head}</tr></thead>\n<tbody>"
        for first, *rest in table.rows:
            cells = "".join(f"<td>{self.line(cell)}</td>" for cell in rest)
            yield f'<tr><th scope="row">{self.line(first)}</th>{cells}</tr>'
        yield "</tbody>\n</table>"

    def _contents(self) -> Iterator[str]:
        yield '<nav aria-label="Contents">\n<ul>'
        for h in self._document.headings:
            link = f'<a href="#{h.anchor}">{escape(h.text)}</a>'
            yield f'<li class="level-{h.level}">{link}</li>'
        yield "</ul>\n</nav>"
