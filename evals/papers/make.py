"""Writes the papers into a folder: ``python -m evals.papers.make DIR [--bare]``."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from evals.papers.pdf import write_pdf
from evals.papers.scan import make_scan
from evals.papers.source import Source, read_sources
from evals.papers.web import write_markdown, write_page, write_text
from evals.papers.word import write_word

DETAILS = Path(__file__).parent / "details.csv"
_WRITERS = {
    ".docx": write_word,
    ".html": write_page,
    ".md": write_markdown,
    ".txt": write_text,
}


def make_papers(folder: Path, details: bool = True) -> list[Path]:
    """Write every paper into a folder, which is made if need be.

    Args:
        folder: where they go; files of the same names are written over.
        details: whether ``details.csv`` (ids, titles, publishers) goes with them;
            without it the papers lie there as a team would drop them.

    Returns:
        The papers' files, in the order of their sources.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if details:
        shutil.copyfile(DETAILS, folder / DETAILS.name)
    return [make_paper(source, folder) for source in read_sources()]


def make_paper(source: Source, folder: Path) -> Path:
    """Write one paper and return its file."""
    file = folder / source.settings["file"]
    writer = _WRITERS.get(file.suffix)
    if writer:
        writer(source, file)
        return file
    write_pdf(source, file)
    if "scanned" in source.settings:
        make_scan(file)
    return file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.papers.make", description=__doc__
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--bare", action="store_true", help="without details.csv, as a team drops them"
    )
    options = parser.parse_args(arguments)
    files = make_papers(options.folder, details=not options.bare)
    print(f"{len(files)} papers in {options.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
