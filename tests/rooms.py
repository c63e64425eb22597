"""Draws the picture of rooms in docs/architecture.md from the imports: `make rooms`.

An arrow leads from a room to one that it imports from. One that other arrows already
say (A → B → C says A → C) is left out, so that the picture can be read.
"""

from __future__ import annotations

import ast
import re
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PICTURE = re.compile(
    r"(?P<head><!-- rooms of (?P<package>[a-z/]+): make rooms -->\n).*?(?=<!-- /rooms -->)",
    re.DOTALL,
)
Arrows = dict[str, set[str]]


def imported(module: str, package: str, source: str) -> set[str]:
    """Return every module that a source imports, at its head or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source, module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = resolve_name("." * node.level + (node.module or ""), package)
            found |= {f"{name}.{alias.name}" for alias in node.names}
    return found


def arrows(package: str) -> Arrows:
    """Return the rooms of a package, each with those that it imports from."""
    folder = ROOT / package
    rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
    dotted = package.replace("/", ".")
    found: Arrows = {room: set() for room in sorted(rooms)}
    for room in found:
        for file in sorted((folder / room).rglob("*.py")):
            parent = ".".join(file.relative_to(ROOT).parent.parts)
            for name in imported(file.stem, parent, file.read_text("utf-8")):
                if name.startswith(f"{dotted}."):
                    found[room].add(name.removeprefix(f"{dotted}.").split(".")[0])
        found[room] &= rooms - {room}
    return found


def reachable(room: str, found: Arrows) -> set[str]:
    """Return all rooms that data comes to a room from."""
    return found[room].union(*(reachable(below, found) for below in found[room]))


def drawn(package: str) -> str:
    """Return a package's rooms as Mermaid text."""
    found = arrows(package)
    lines = ["```mermaid", "flowchart TD"]
    for room, below in found.items():
        implied = set().union(*(reachable(other, found) for other in below))
        lines += [f"  {room} --> {other}" for other in sorted(below - implied)]
    alone = found.keys() - set().union(*found.values())
    lines += [f"  {room}" for room in sorted(alone) if not found[room]]
    return "\n".join([*lines, "```", ""])


def page_redrawn(text: str) -> str:
    """Return the page with its pictures drawn anew."""
    return PICTURE.sub(lambda match: match["head"] + drawn(match["package"]), text)


if __name__ == "__main__":
    PAGE.write_text(page_redrawn(PAGE.read_text("utf-8")), "utf-8")
