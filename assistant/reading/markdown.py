"""Reads a Markdown report: details in front, then sections under headings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import yaml
from yaml import CSafeLoader

from assistant.errors import CorpusError
from assistant.schema import Document, ReportDetails, Section

FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ASKED_AS = "asked as:"
_DATE_FORMS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_REQUIRED = (
    "report", "document", "title", "publisher", "document_type", "url", "rights",
)  # fmt: skip
_OPTIONAL = (
    "subtitle", "publisher_type", "published", "published_precision", "published_note",
    "digest_of", "superseded_by",
)  # fmt: skip
_LISTS = ("authors", "supporters", "aliases")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _text_of(values: Mapping[str, object], key: str, name: str) -> str | None:
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{name}: '{key}' must be text in quotes, or null.")
    return value.strip()


def parse_details(values: Mapping[str, object], name: str) -> ReportDetails:
    """Make report details from the mapping in front of the file of that name.

    Raises:
        CorpusError: a key is missing, unknown or of the wrong kind.
    """
    unknown = sorted(map(str, set(values) - {*_REQUIRED, *_OPTIONAL, *_LISTS}))
    if unknown:
        raise CorpusError(f"{name}: unknown details {unknown}. Take them out.")
    texts = {key: _text_of(values, key, name) for key in (*_REQUIRED, *_OPTIONAL)}
    missing = [key for key in _REQUIRED if texts[key] is None]
    if missing:
        raise CorpusError(f"{name}: details missing: {', '.join(missing)}. Add them.")
    for key in ("report", "document"):
        if not _ID.fullmatch(texts[key] or ""):
            raise CorpusError(f"{name}: '{key}' may hold a-z, 0-9 and hyphens only.")
    lists = {key: _list_of(values, key, name) for key in _LISTS}
    _check_date(texts["published"], texts["published_precision"], name)
    return ReportDetails.from_json({**texts, **lists})


def _list_of(values: Mapping[str, object], key: str, name: str) -> list[str]:
    items = values.get(key) or []
    if not isinstance(items, list) or not all(
        isinstance(item, str) and item.strip() for item in items
    ):
        raise CorpusError(f"{name}: '{key}' must be a list of texts.")
    return [item.strip() for item in items]


def precision_of(published: str) -> str | None:
    """Return how exact a date is: day, month or year; None where it is none."""
    forms = (name for name, form in _DATE_FORMS.items() if _is_date(published, form))
    return next(forms, None)


def _check_date(published: str | None, precision: str | None, name: str) -> None:
    if published is None and precision is None:
        return
    if precision is None or precision_of(published or "") != precision:
        raise CorpusError(
            f'{name}: \'published\' must be "2024-09-12", "2024-09" or "2024" with '
            "'published_precision' day, month or year."
        )


def _is_date(text: str, form: str) -> bool:
    try:
        # Written back it must be the same: strptime takes "2024-9-1" and other digits.
        return datetime.strptime(text, form).strftime(form) == text
    except ValueError:
        return False


def _take_comments(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without its comments, and the questions listed in them."""
    comments = [comment.strip() for comment in _COMMENT.findall(text)]
    asked = [
        question.strip()
        for comment in comments
        if comment.lower().startswith(_ASKED_AS)
        for question in comment[len(_ASKED_AS) :].split("|")
    ]
    return _COMMENT.sub("", text).strip(), tuple(q for q in asked if q)


def parse_sections(body: str) -> tuple[Section, ...]:
    """Split a Markdown body at its headings.

    The first-level heading is the title and stays out of the paths; text before the
    first heading stands under an empty path. Sections without text are left out, and
    so are comments; ``<!-- asked as: … | … -->`` lists questions the section answers.
    """
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    lines: list[str] = []

    def close() -> None:
        text, asked_as = _take_comments("\n".join(lines))
        if text:
            titles = tuple(title for level, title in path if level > 1)
            sections.append(Section(path=titles, text=text, asked_as=asked_as))
        lines.clear()

    for line, plain in _lines(body):
        heading = _HEADING.match(line) if plain else None
        if heading is None:
            lines.append(line)
            continue
        close()
        level = len(heading.group(1))
        while path and path[-1][0] >= level:
            path.pop()
        path.append((level, heading.group(2)))
    close()
    return tuple(sections)


def _lines(body: str) -> Iterator[tuple[str, bool]]:
    """Go through the lines; the flag tells that one is in no code and no comment."""
    fence = ""
    commented = False
    for line in body.splitlines():
        mark = _FENCE.match(line)
        if fence:
            closes = (
                mark and mark["mark"].startswith(fence) and not mark["info"].strip()
            )
            yield line, False
            fence = "" if closes else fence
        elif mark and not commented:
            fence = mark["mark"]
            yield line, False
        else:
            yield line, not commented
            last_open, last_close = line.rfind("<!--"), line.rfind("-->")
            if last_open >= 0 or last_close >= 0:
                commented = last_open > last_close


def read_markdown(file: Path) -> Document:
    """Read one Markdown report.

    Raises:
        CorpusError: the file cannot be read, is not UTF-8, or lacks its details.
    """
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise CorpusError(f"{file.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{file.name} is not UTF-8 text. Save it as UTF-8."
        ) from error
    front = FRONT.match(text)
    if front is None:
        raise CorpusError(f"{file.name} has no details in front (between --- lines).")
    try:
        values = yaml.load(front.group(1), CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise CorpusError(f"{file.name}: the details are not valid YAML.") from error
    if not isinstance(values, dict):
        raise CorpusError(f"{file.name}: the details must be 'key: value' lines.")
    details = parse_details(values, file.name)
    sections = parse_sections(text[front.end() :])
    if not sections:
        raise CorpusError(f"{file.name} has details but no text under them.")
    digest = hashlib.sha256(data).hexdigest()
    return Document(details=details, sections=sections, content_hash=digest)
