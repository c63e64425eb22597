"""`.env.example` says what Settings says: each name, its default, its description."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from assistant import settings, web_settings
from assistant.settings import PREFIX, Settings, load_settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"
# A setting with no fixed default stands behind "# ": taken as it is, it sets nothing.
LINE = re.compile(r"^(?P<off># )?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)$")


def variable(name: str, field: FieldInfo) -> str:
    """The variable that sets a field: our prefix, or a name of the ecosystem's own."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        alias = alias.choices[0]
    return alias if isinstance(alias, str) else PREFIX + name.upper()


def is_computed(field: FieldInfo) -> bool:
    return field.default_factory is not None or field.default is None


def said_of_fields() -> dict[str, str]:
    """What stands below each field, on one line."""
    said: dict[str, str] = {}
    for module in (settings, web_settings):
        for kind in ast.walk(ast.parse(inspect.getsource(module))):
            for field, below in pairwise(
                kind.body if isinstance(kind, ast.ClassDef) else ()
            ):
                if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                    text = ast.literal_eval(below.value)
                    said[ast.unparse(field.target)] = " ".join(text.split())
    return said


SAID = said_of_fields()
FIELDS = {variable(name, field): name for name, field in Settings.model_fields.items()}
LINES = EXAMPLE.read_text("utf-8").splitlines()
LISTED = [match for match in map(LINE.match, LINES) if match]


def test_the_example_lists_every_setting_and_nothing_else() -> None:
    names = [match["name"] for match in LISTED]
    missing, unknown = FIELDS.keys() - set(names), set(names) - FIELDS.keys()
    assert not missing, f".env.example lacks {', '.join(sorted(missing))}"
    assert not unknown, f"Settings has no field for {', '.join(sorted(unknown))}"
    assert len(names) == len(set(names)), ".env.example lists a name twice"


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_gives_the_default_and_the_description(name: str) -> None:
    match = next((match for match in LISTED if match["name"] == name), None)
    assert match, f".env.example lacks {name}"
    field = Settings.model_fields[FIELDS[name]]
    if is_computed(field):
        assert match["off"], f"{name} has no fixed default: write '# {name}='"
        assert match["value"] == ""
    else:
        assert not match["off"], f"{name} has a default: write it without '# '"
        read = load_settings(_env_file=EXAMPLE)
        assert getattr(read, FIELDS[name]) == field.get_default(), name
    # The comment above the line, unwrapped.
    above = LINES[: LINES.index(match.group())]
    block = "\n".join(above).rpartition("\n\n")[2]
    comment = " ".join(line.removeprefix("# ") for line in block.splitlines())
    assert SAID.get(FIELDS[name]), f"{FIELDS[name]} has no description"
    assert SAID[FIELDS[name]] in comment, f"{name}: the comment is not its description"
