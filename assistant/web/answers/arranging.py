"""An answer to read out: what it comes to first, then its points, report by report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.citations import find_markers
from assistant.answering.understanding.wording import take_form
from assistant.schema import Answer, Citation
from assistant.web.answers.answer_text import (
    Block,
    Link,
    blocks_of,
    flat,
    link_markers,
    render_blocks,
    visible,
)

PAPER, REPORTS = "What your paper says", "What the reports say"
"""Paragraphs of an answer that open a part of it."""


@dataclass
class _Points:
    """What one report says: a text for each point; ``by`` is None where nobody is named."""

    by: Citation | None
    texts: list[str] = field(default_factory=list)


@dataclass
class _Arranged:
    before: list[str] = field(default_factory=list)
    conclusion: str = ""
    points: list[_Points] = field(default_factory=list)
    lists: list[Block] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def render_in_form(answer: Answer, link: Link) -> str:
    """Return the text of a whole answer in the form that its question wants."""
    return render_arranged(
        answer.text, answer.citations, link, as_table=wants_table(answer)
    )


def wants_table(answer: Answer) -> bool:
    """Tell whether the question of an answer asks for a table."""
    return take_form(answer.question)[1].table


def render_arranged(
    text: str,
    citations: Sequence[Citation],
    link: Link,
    shown: int | None = None,
    *,
    as_table: bool = False,
) -> str:
    """Return an answer's text: conclusion, points, and what the shelf does not say.

    The first sentence that cites stands apart. The others are points, under their report
    where there are several. A list that the answer has itself is the form that was asked
    for, and stays; ``as_table`` makes a row of each report. ``shown`` are the sentences to
    show; all when None.
    """
    render = _render_table if as_table else _render_part
    html, part = "", list[Block]()
    for block in visible(blocks_of(text), shown):
        if block.sentences in ([PAPER], [REPORTS]):
            html += render(part, citations, link)
            html += f'<h4 class="part">{block.sentences[0]}</h4>'
            part = []
        else:
            part.append(block)
    return html + render(part, citations, link)


def _render_part(
    blocks: Sequence[Block], citations: Sequence[Citation], link: Link
) -> str:
    by_number = {citation.number: citation for citation in citations}
    arranged = _arrange(blocks, by_number)
    known = list(by_number)

    def linked(piece: str) -> str:
        return link_markers(piece, known, link)

    own = "" if not known else ' class="own"'
    html = "".join(f"<p{own}>{linked(piece)}</p>" for piece in arranged.before)
    if arranged.conclusion:
        html += f'<p class="conclusion">{linked(arranged.conclusion)}</p>'
    several = len({points.by.report for points in arranged.points if points.by}) > 1
    for points in arranged.points:
        html += _render_points(points, several, linked)
    html += render_blocks(arranged.lists, linked)
    return html + "".join(f"<p{own}>{linked(piece)}</p>" for piece in arranged.after)


def _render_table(
    blocks: Sequence[Block], citations: Sequence[Citation], link: Link
) -> str:
    """Return a row for each report, and the assistant's own words around the table."""
    by_number = {citation.number: citation for citation in citations}
    known = list(by_number)
    rows: dict[str, list[str]] = {}
    before, after = "", ""
    for block in blocks:
        body = " ".join(block.sentences)
        numbers = [n for m in find_markers(body) for n in m.numbers(known)]
        if numbers:
            name = _whose(by_number[numbers[0]])
            said = link_markers(body.removeprefix(f"{name}: "), known, link)
            rows.setdefault(name, []).append(f"<li>{said}</li>")
        elif rows:
            after += f'<p class="own">{flat(body)}</p>'
        else:
            before += f'<p class="own">{flat(body)}</p>'
    if not rows:
        return before
    lines = "".join(
        f'<tr><th scope="row">{flat(name)}</th><td><ul>{"".join(points)}</ul></td></tr>'
        for name, points in rows.items()
    )
    head = '<tr><th scope="col">Report</th><th scope="col">What it says</th></tr>'
    table = f'<table class="said"><thead>{head}</thead><tbody>{lines}</tbody></table>'
    return before + table + after


def _whose(citation: Citation) -> str:
    """Return the name that leads what a report says: ``Level Measures (Localis, 2023)``."""
    details = (citation.publisher, (citation.published or "")[:4])
    told = ", ".join(filter(None, details))
    return f"{citation.title} ({told})" if told else citation.title


def _arrange(blocks: Iterable[Block], by_number: Mapping[int, Citation]) -> _Arranged:
    made = _Arranged()
    for tag, sentences in blocks:
        if tag != "p":
            made.lists.append(Block(tag, sentences))
        elif not find_markers(" ".join(sentences)):
            started = made.conclusion or made.lists
            (made.after if started else made.before).append(" ".join(sentences))
        elif made.lists:
            # It goes with the list that it follows.
            made.lists.append(Block("p", sentences))
        else:
            for sentence in sentences:
                _add(made, sentence, by_number)
    return made


def _add(made: _Arranged, sentence: str, by_number: Mapping[int, Citation]) -> None:
    numbers = [n for m in find_markers(sentence) for n in m.numbers(list(by_number))]
    by = by_number[numbers[0]] if numbers else None
    if not made.conclusion:
        made.conclusion = sentence
    elif by is None and made.points:
        # What cites nothing leans on what stands before it.
        made.points[-1].texts[-1] += f" {sentence}"
    else:
        report = by.report if by else None
        same = [p for p in made.points if p.by and p.by.report == report]
        if not same:
            made.points.append(_Points(by))
        (same[0] if same else made.points[-1]).texts.append(sentence)


def _render_points(points: _Points, several: bool, linked: Callable[[str], str]) -> str:
    items = "".join(f"<li>{linked(text)}</li>" for text in points.texts)
    if not several or points.by is None:
        return f'<ul class="points">{items}</ul>'
    year = f", {points.by.published[:4]}" if points.by.published else ""
    name = f"{flat(points.by.title)} <span>{flat(points.by.publisher)}{year}</span>"
    return f'<h4 class="from">{name}</h4><ul class="points">{items}</ul>'
