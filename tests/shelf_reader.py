"""Answers from a shelf whose chunks are on a Chroma server, a line for each line read.

``python -m tests.shelf_reader CORPUS DATA URL``; a line is a word to look for, the
answer is JSON: the reports that are found by it, by words and by meaning, or the error.
The word ``ready?`` asks what ``/readyz`` does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.opening import open_shelf
from assistant.index.shelf import Shelf
from assistant.library.shelf import read_shelf
from assistant.schema import Source
from tests.fakes import WordHashEmbedder


def find(shelf: Shelf, word: str) -> dict[str, object]:
    try:
        if word == "ready?":
            shelf.check()
            return {"ready": True}
        shelf.refresh()
        ids = [*shelf.lexical.search([word], 9), *shelf.nearest(word, 3)]
        found = shelf.chunks(ids).values()
        return {"reports": sorted({chunk.details.report for chunk in found})}
    except AssistantError as error:
        return {"error": str(error)}


def main(corpus: Path, data: Path, url: str) -> None:
    def read() -> Sequence[Source]:
        return read_shelf(corpus, data / "reports")

    shelf = open_shelf(
        data / "index", read(), WordHashEmbedder(), chroma_url=url, reread=read
    )
    for line in sys.stdin:
        sys.stdout.write(json.dumps(find(shelf, line.strip())) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
