"""A chunk as Chroma keeps it: text, metadata and the ids of its questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.errors import IndexStateError
from assistant.schema import Chunk, ReportDetails
from assistant.sealed import seal_of

_SEAL = "seal"
# What mends an index that this program cannot use.
MEND = "Run: assistant index --rebuild"


def metadata_of(chunk: Chunk) -> dict[str, object]:
    """Return a chunk's metadata, with a seal over it and the text.

    Chroma keeps a key that a later version leaves out, so none is ever left out.
    """
    values: dict[str, object] = {
        "report": chunk.details.report,
        "document": chunk.details.document_id,
        "section": chunk.section,
        "position": chunk.position,
        "asked_as": json.dumps(chunk.asked_as, ensure_ascii=False),
        "details": json.dumps(asdict(chunk.details), ensure_ascii=False),
        "page": chunk.page or "",
        "page_number": chunk.page_number or 0,
    }
    return {**values, _SEAL: seal_of([chunk.id, chunk.text, values])}


def chunk_of(id_: str, text: str, values: Mapping[str, Any]) -> Chunk:
    """Make a chunk of what Chroma gives back.

    Raises:
        IndexStateError: it is damaged, or another program version wrote it.
    """
    kept = {key: value for key, value in values.items() if key != _SEAL}
    # Chunks of before seals have none.
    if values.get(_SEAL) not in (None, seal_of([id_, text, kept])):
        raise IndexStateError(f"The chunk store holds a damaged text. {MEND}")
    try:
        return Chunk(
            id=id_,
            details=ReportDetails.from_json(json.loads(values["details"])),
            section=values["section"],
            page=values.get("page") or None,
            position=int(values["position"]),
            text=text,
            asked_as=tuple(json.loads(values["asked_as"])),
            page_number=values.get("page_number") or None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IndexStateError(
            f"The index holds a chunk that this program cannot read. {MEND}"
        ) from error


def asked_ids(chunk: Chunk) -> list[str]:
    """Return the ids of a chunk's questions: its own, a hyphen and a number."""
    return [f"{chunk.id}-{number}" for number in range(len(chunk.asked_as))]
