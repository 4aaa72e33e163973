"""ARCHITECTURE.md lists every module, and each imports only from those above it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "briefing"


def listed() -> list[str]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = text.split("## Modules")[1].split("\n## ")[0]
    return [
        name
        for line in re.findall(r"^- (.*?):", section, re.MULTILINE)
        for name in re.findall(r"`([a-z._]+)`", line)
    ]


def modules() -> dict[str, Path]:
    names = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        if name not in ("__init__", "__main__"):
            names[name] = path
    return names


def imports(path: Path, known: set[str]) -> set[str]:
    """The modules of the package that a file imports, at its head or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "briefing":
            base = (node.module or "").removeprefix("briefing").strip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".strip(".")
                found.add(inner if inner in known else base)
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("briefing.")
                for alias in node.names
                if alias.name.startswith("briefing.")
            }
    return {name for name in found if name}


def test_every_module_is_listed_once() -> None:
    assert sorted(listed()) == sorted(modules())


def test_imports_point_one_way() -> None:
    order = {name: place for place, name in enumerate(listed())}
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        for other in imports(path, set(order))
        if order[other] >= order[name]
    ]
    assert wrong == []


def test_only_the_command_line_prints() -> None:
    printing = [
        name
        for name, path in modules().items()
        if re.search(r"\b(?:print|echo)\(|sys\.std(?:out|err)\.", path.read_text(encoding="utf-8"))
    ]
    assert printing == ["cli.terminal"]
