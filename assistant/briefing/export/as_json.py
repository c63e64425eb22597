"""A pack as JSON: its data, with the numbers of its references."""

from __future__ import annotations

import json
from dataclasses import asdict

from assistant.briefing.pack import Item, Pack, Place, Statement


def pack_json(pack: Pack) -> dict[str, object]:
    """Return a pack as one JSON-ready object."""
    numbers = pack.numbers()
    return {
        "title": pack.title,
        "council": pack.council,
        "meeting": pack.meeting,
        "date": pack.date,
        "place": pack.place,
        "attendees": list(pack.attendees),
        "length": pack.length,
        "complete": not pack.is_partial,
        "notes": list(pack.notes),
        "items": [_item(item, numbers) for item in pack.items],
        "references": [
            {"number": r.number, "age": r.age, **asdict(r.source)}
            for r in pack.references
        ],
        "left_out": [one._asdict() for one in pack.left_out],
        "record": asdict(pack.record),
    }


def render_json(pack: Pack) -> bytes:
    """Return a pack as a JSON file."""
    text = json.dumps(pack_json(pack), ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "replace")


def _item(item: Item, numbers: dict[Place, int]) -> dict[str, object]:
    def said(statement: Statement) -> dict[str, object]:
        cited = dict.fromkeys(numbers[s.place] for s in statement.sources)
        return {
            "text": statement.text,
            "references": list(cited),
            "support": statement.support,
        }

    return {
        "number": item.number,
        "title": item.title,
        "state": item.state,
        "reason": item.reason,
        "questions": list(item.questions),
        "line": [said(s) for s in item.line],
        "paper": item.paper,
        "own": [said(s) for s in item.own],
        "same_as": item.same_as,
        "points": [said(s) for s in item.points],
        "positions": [
            {
                "report": p.report,
                "name": p.name,
                "silent": p.is_silent,
                "nearest": p.nearest,
                "statements": [said(s) for s in p.statements],
                "beside": list(p.beside),
            }
            for p in item.positions
        ],
        "figures": [
            {
                "number": f.number,
                "unit": f.unit,
                "said": f.said.text,
                "year": f.year,
                "whose": f.whose,
                "section": f.source.section,
                "page": f.source.page,
                "reference": numbers[f.source.place],
            }
            for f in item.figures
        ],
        "asked_back": [
            {"question": a.question, "answer": said(a.answer)} for a in item.asked_back
        ],
        "lacks": list(item.lacks),
        "nearest": list(item.nearest),
        "withheld": item.withheld,
        "tokens": item.tokens,
    }
