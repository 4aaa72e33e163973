"""What the project depends on: locked by hashes, used, under licences that are listed."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from briefing.doctor import EXTRAS, NEEDED

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LICENCES = ROOT / "docs" / "licences.md"


def locked(name: str) -> dict[str, str]:
    """Each package of a lock, and all that is said of it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    parts = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    return {re.split(r"[=\[ ;]", part, maxsplit=1)[0]: part for part in parts if part.strip()}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_each_package_is_locked_by_its_hashes(lock: str) -> None:
    for name, said in locked(lock).items():
        assert re.search(r"==[0-9]", said), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", said), name


def imported() -> set[str]:
    """The packages that some module of the tool imports."""
    found = set()
    for path in (ROOT / "briefing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_no_dependency_is_unused() -> None:
    names = {
        **NEEDED,
        **{name: module for _, packages in EXTRAS.values() for name, module in packages.items()},
    }
    # It makes `lxml.html.clean` importable, which jusText, and so trafilatura, asks for.
    assert {name for name, module in names.items() if module not in imported()} <= {"lxml-html-clean"}


# --- licences -----------------------------------------------------------------------------------------


def licence_of(name: str) -> str:
    """What a package says of its licence; its expression, its classifiers, or the first words of its own."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return expression
    classifiers = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if "License ::" in one
    ]
    said = [one for one in classifiers if one != "OSI Approved"] or [
        (about.get("License") or "").split("\n")[0][:60]
    ]
    return ", ".join(sorted(said)) or "(not said)"


def test_the_licences_of_all_packages_are_listed(golden: Callable[[Path, str], None]) -> None:
    direct = {
        re.split(r"[<>=\[ ;]", one, maxsplit=1)[0].lower() for one in PROJECT["project"]["dependencies"]
    }
    runtime = locked("requirements.lock")
    rows = []
    for name in sorted({*runtime, *locked("requirements-dev.lock")}):
        use = (
            "the tool" if name in direct else "comes with it" if name in runtime else "extras and development"
        )
        try:
            rows.append((name, licence_of(name), use))
        except metadata.PackageNotFoundError:  # for another system
            if f"| {name} |" in (text := LICENCES.read_text(encoding="utf-8") if LICENCES.exists() else ""):
                line = next(line for line in text.splitlines() if line.startswith(f"| {name} |"))
                rows.append((name, line.split(" | ")[1], use))
    table = "\n".join(f"| {name} | {licence} | {use} |" for name, licence, use in rows)
    golden(LICENCES, HEAD + table + "\n")


HEAD = """\
# Licences

What each package in the locks says of its licence; a test compares, so that a new package or another licence is
seen. The tool is under the MIT licence. What runs with it asks for no more than its notice; Pyphen, which WeasyPrint
brings, may be had under the LGPL or the MPL. Packages for development are not passed on.

| package | licence | needed for |
|---|---|---|
"""
