"""Takes some pages of a PDF out; run as a program, in a process with limits.

``python -m assistant.reading.pdf_part FILE MEMORY SECONDS FIRST LAST`` writes a PDF.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from assistant.reading.reader import limit_this_process


def take_pages(file: Path, first: int, last: int) -> bytes:
    """Return the pages from one to another, counted from 1, as a PDF of their own."""
    from pypdfium2 import PdfDocument

    made = BytesIO()
    with PdfDocument(file) as whole, PdfDocument.new() as part:
        part.import_pages(whole, list(range(first - 1, last)))
        part.save(made)
    return made.getvalue()


def main(arguments: list[str]) -> None:
    """Take the pages named out of the file named, under the limits given."""
    file, memory, seconds, first, last = Path(arguments[0]), *map(int, arguments[1:5])
    limit_this_process(memory, seconds)
    sys.stdout.buffer.write(take_pages(file, first, last))


if __name__ == "__main__":
    main(sys.argv[1:])
