"""Data goes one way through the house: imports go down the list only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rooms import imported

ROOT = Path(__file__).parents[1]
# The ground is below the first room; __main__ only calls the command line.
FLOORS = [
    "text",
    "provider",
    "reading",
    "index",
    "library",
    "answering",
    "briefing",
    "transcript",
    "feedback",
    "composition",
    "tools",
    "serving",
    "api",
    "web",
    "cli",
]
FLOORS += ["__main__"]
# The rooms within answering go one way too.
ANSWERING = [
    "checking",
    "understanding",
    "retrieval",
    "deciding",
    "quoting",
    "writers",
    "suggesting",
]
# Makers of models and stores, each with the only places that may import it.
MODELS = ("assistant.provider", "assistant.index.embeddings")
KEPT = {
    "gradio": ("assistant.web",),
    # The rival that is measured beside us is Chroma as it comes.
    "chromadb": ("assistant.index.store", "evals.timing.beside"),
    "openai": MODELS,
}


def within(module: str, parent: str) -> bool:
    return f"{module}.".startswith(f"{parent}.")


def floor(module: str) -> int:
    part = f"{module}.".split(".")[1]
    return FLOORS.index(part) if part in FLOORS else -1


def room(module: str) -> int:
    parts = f"{module}.".split(".")[1:3]
    inside = parts[0] == "answering" and parts[1] in ANSWERING
    return ANSWERING.index(parts[1]) if inside else -1


def faults(file: str, source: str) -> list[str]:
    path = Path(file).with_suffix("")
    package = ".".join(path.parts[:-1])
    module = package if path.name == "__init__" else f"{package}.{path.name}"
    ours = within(module, "assistant")
    wrong = []
    if ours and len(path.parts) > 2 and path.parts[1] not in FLOORS:
        wrong.append(f"{module}: this room has no place in FLOORS")
    for name in sorted(imported(module, package, source)):
        upwards = within(name, "assistant") and floor(name) > floor(module)
        upwards |= -1 < room(module) < room(name)
        outwards = within(name, "evals") or within(name, "tests")
        kept = KEPT.get(name.split(".")[0])
        astray = kept and not any(within(module, place) for place in kept)
        if (ours and (upwards or outwards)) or astray:
            wrong.append(f"{module} may not import {name}")
    return wrong


def test_imports_go_down_only() -> None:
    files = [f for top in ("assistant", "evals") for f in (ROOT / top).rglob("*.py")]
    assert files
    wrong = [
        fault
        for file in files
        for fault in faults(str(file.relative_to(ROOT)), file.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_few_lines_leave_a_type_open() -> None:
    """What a library leaves open may be Any; what is our own has a name."""
    sources = (file.read_text("utf-8") for file in (ROOT / "assistant").rglob("*.py"))
    lines = (line for source in sources for line in source.splitlines())
    left = [s for s in lines if re.search(r"\bAny\b", s) and "import" not in s]
    assert len(left) <= 50, "name the type, or say here why there are more"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("assistant/schema.py", "from assistant.index import store"),
        ("assistant/text/words.py", "from assistant import reading"),
        ("assistant/index/sync.py", "def f():\n    import assistant.answering.chain"),
        ("assistant/reading/md.py", "from ..index import lexical"),
        ("assistant/briefing/pack.py", "from assistant.cli import main"),
        ("assistant/cli.py", "import evals.runner"),
        ("assistant/cli.py", "import gradio as gr"),
        ("assistant/index/lexical.py", "from chromadb.config import Settings"),
        ("assistant/answering/chain.py", "from openai import AsyncOpenAI"),
        (
            "assistant/answering/checking/x.py",
            "from assistant.answering.writers import gate",
        ),
        ("assistant/attic/x.py", ""),
        ("evals/measuring/metrics.py", "import openai"),
    ],
)
def test_a_fault_is_found(file: str, source: str) -> None:
    assert faults(file, source)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("assistant/web/page.py", "import gradio\nfrom assistant.answering import x"),
        ("assistant/index/store/x.py", "import chromadb\nfrom .. import lexical"),
        ("assistant/provider/model.py", "import openai"),
        (
            "assistant/answering/writers/filtering.py",
            "from assistant.answering.checking import evidence",
        ),
        ("assistant/__main__.py", "from assistant.cli import main"),
        ("evals/runner.py", "from assistant.web import page"),
    ],
)
def test_what_is_allowed_passes(file: str, source: str) -> None:
    assert not faults(file, source)
