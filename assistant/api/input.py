"""What programs send: JSON, checked field by field, and the format that they want."""

from __future__ import annotations

import json

from pydantic import ValidationError
from starlette.requests import Request

from assistant.briefing.export import FORMATS
from assistant.errors import AgendaError
from assistant.serving.refusing import RefusedError
from assistant.tools.contract import BriefData

_ACCEPTED = {
    **{known.media_type.partition(";")[0]: suffix for suffix, known in FORMATS.items()},
    "application/*": ".json",
    "text/*": ".md",
    "*/*": ".json",
}


async def read_json(request: Request) -> object:
    """Return the body of a request.

    Raises:
        RefusedError: it is not JSON, or does not say that it is.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(
            415, "Send JSON, with the header Content-Type: application/json."
        )
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "The body of the request is not JSON.") from error


def brief_of(value: object) -> BriefData:
    """Return what is to be briefed.

    Raises:
        AgendaError: a field is missing, unknown or of the wrong type.
    """
    if not isinstance(value, dict):
        raise AgendaError("Send a JSON object with an 'agenda'.")
    unknown = sorted(set(value) - set(BriefData.model_fields))
    if unknown:
        raise AgendaError(
            f"Unknown field '{unknown[0]}'. Known are "
            f"{', '.join(sorted(BriefData.model_fields))}."
        )
    try:
        return BriefData.model_validate(value, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise AgendaError(f"'{first['loc'][0]}': {first['msg']}.") from error


def suffix_of(wanted: str | None, accept: str) -> str:
    """Return the format of a pack, as the suffix of a file.

    The input's own word for it comes before the ``Accept`` header of the request, of
    which the heaviest that is known is taken.

    Raises:
        RefusedError: it names none that there is.
    """
    if wanted is not None:
        return f".{wanted}"
    named = [_weighed(part) for part in accept.split(",") if part.strip()]
    for _, kind in sorted(named, key=lambda one: -one[0]):
        if kind in _ACCEPTED:
            return _ACCEPTED[kind]
    if named:
        known = ", ".join(suffix.removeprefix(".") for suffix in FORMATS)
        raise RefusedError(406, f"A pack can be had as {known}: set 'format'.")
    return ".json"


def _weighed(part: str) -> tuple[float, str]:
    kind, *parameters = part.split(";")
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
    return weight, kind.strip().lower() if weight > 0 else ""
