"""The splitter of the stock recipe, written out.

What `RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)` of
`langchain-text-splitters` does with its default separators, so that one baseline does
not need one more dependency: split at the first separator that occurs, split what is
still too long at the next, and join the pieces up to the size with an overlap.
"""

from __future__ import annotations

SIZE, OVERLAP = 1000, 200
_SEPARATORS = ("\n\n", "\n", " ", "")


def split_text(
    text: str, size: int = SIZE, overlap: int = OVERLAP, level: int = 0
) -> list[str]:
    """Return pieces of at most ``size`` characters that overlap by ``overlap`` at most.

    Args:
        text: what to cut.
        size: characters of a piece.
        overlap: characters that a piece repeats of the one before.
        level: the first separator to try.
    """
    while level < len(_SEPARATORS) - 1 and _SEPARATORS[level] not in text:
        level += 1
    separator = _SEPARATORS[level]
    parts = text.split(separator) if separator else list(text)
    # The separator stays at the head of the part that follows it.
    parts = [p if i == 0 else separator + p for i, p in enumerate(parts)]
    chunks: list[str] = []
    short: list[str] = []
    for part in filter(None, parts):
        if len(part) < size or not separator:
            short.append(part)
            continue
        chunks += _joined(short, size, overlap)
        short = []
        chunks += split_text(part, size, overlap, level + 1)
    return chunks + _joined(short, size, overlap)


def _joined(parts: list[str], size: int, overlap: int) -> list[str]:
    chunks: list[str] = []
    window: list[str] = []
    total = 0
    for part in parts:
        if window and total + len(part) > size:
            chunks.append("".join(window).strip())
            while total > overlap or (window and total + len(part) > size):
                total -= len(window.pop(0))
        window.append(part)
        total += len(part)
    chunks.append("".join(window).strip())
    return [chunk for chunk in chunks if chunk]
