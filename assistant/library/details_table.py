"""A table of details: a row for each file, to be set before the files are added."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import CorpusError
from assistant.library.details import Given
from assistant.reading.plain import decode

NAME = "details.csv"
"""Of the table that lies in the folder with the files."""
_COLUMNS = ("file", "id", "title", "publisher", "published", "url")


class DetailsTable:
    """What a table says of files; ``unused`` are the names that no file had."""

    def __init__(self, rows: Mapping[str, Given]) -> None:
        """Take the details by the name of the file, or its path within the folder."""
        self._rows = {name.casefold(): given for name, given in rows.items()}
        self._names = {name.casefold(): name for name in rows}

    @property
    def unused(self) -> list[str]:
        """The names that were not asked for."""
        return list(self._names.values())

    def of(self, file: Path) -> Given:
        """Return what the table says of a file."""
        path = file.as_posix().casefold()
        for name, row in self._rows.items():
            if path == name or path.endswith(f"/{name}"):
                self._names.pop(name, None)
                return row
        return Given()


def read_details(file: Path) -> DetailsTable:
    """Read a table in CSV, as spreadsheets write it.

    Raises:
        CorpusError: it cannot be read, or its columns are others.
    """
    try:
        text = decode(file.read_bytes(), file.name)
    except OSError as error:
        raise CorpusError(f"{file} cannot be read: {error.strerror}.") from error
    lines = text.splitlines()
    mark = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    head = [name.lower() for name in rows[0]] if rows else []
    if "file" not in head or set(head) - {*_COLUMNS, ""}:
        raise CorpusError(
            f"{file.name}: the first line must name columns of these, file among them: "
            f"{', '.join(_COLUMNS)}."
        )
    found: dict[str, Given] = {}
    for row in rows[1:]:
        values = {k: v for k, v in zip(head, row, strict=False) if k and v}
        name = values.pop("file", None)
        if name:
            found[name] = Given(
                report=values.get("id"),
                title=values.get("title"),
                publisher=values.get("publisher"),
                published=values.get("published"),
                url=values.get("url"),
            )
    return DetailsTable(found)
