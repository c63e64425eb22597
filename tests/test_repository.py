"""What is tracked works elsewhere: no host or path of one machine, all locked."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.requirements import require

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-uv.lock", "requirements-model.lock")
# Written so that no pattern matches this file. A path counts where it begins, so that
# an address with such a part further on does not.
FOREIGN = re.compile(
    rb"pypi[.]org|files[.]pythonhosted|registry[.]npmjs|deb[.]debian[.]org"
    rb"|index[-]url|(?<![\w.-])/(?:work|root)/",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    require("a git checkout", (ROOT / ".git").exists())
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def entries(lock: str) -> list[str]:
    """One string for each locked requirement, with its hashes."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if not re.match(r"\s*(#|$)", line)]


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in tracked()
        if (match := FOREIGN.search(path.read_bytes()))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_a_version_and_hashes(lock: str) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0"])
def test_the_locks_hold_what_pyproject_asks_for(python: str) -> None:
    """A dependency added without `make lock` fails here, not on another machine."""
    environment = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
    }
    locked: dict[str, Version] = {}
    for entry in [entry for lock in LOCKS for entry in entries(lock)]:
        pinned = Requirement(entry.partition(" --hash")[0])
        if pinned.marker is None or pinned.marker.evaluate(environment):
            version = next(iter(pinned.specifier)).version
            locked[canonicalize_name(pinned.name)] = Version(version)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(x for g in groups for x in g)]
    for asked in map(Requirement, wanted):
        found = locked.get(canonicalize_name(asked.name))
        assert found, f"{asked.name} is not locked: run make lock"
        assert found in asked.specifier, f"{asked} is locked at {found}"
