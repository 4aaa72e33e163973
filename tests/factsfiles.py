"""Facts files for tests: edited as a reviewer sees it, and written anew in many styles that mean the same."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Case", "cases", "data_of", "edited", "restyled", "rewritten"]


@dataclass(frozen=True)
class Case:
    """`==== title`, an edit as lines that begin with - and +, `----`, and what is expected of it."""

    title: str
    edit: str
    expected: str


def cases(path: Path) -> list[Case]:
    parts = re.split(r"^==== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [Case(title, *re.split(r"^----\n", text, maxsplit=1, flags=re.MULTILINE)) for title, text in pairs]


def rewritten(found: list[Case]) -> str:
    """The file of these cases."""
    return "\n".join(f"==== {case.title}\n{case.edit}----\n{case.expected.rstrip()}\n" for case in found)


def edited(text: str, edit: str) -> str:
    """The text after an edit; each run of lines that go must stand in it once."""
    for gone, come in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", edit, re.MULTILINE):
        old, new = ("".join(f"{line[1:]}\n" for line in part.splitlines()) for part in (gone, come))
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def data_of(text: str) -> Any:
    """What stands in a facts file, every scalar as text."""
    return yaml.load(text, yaml.BaseLoader)


# --- one meaning, many texts --------------------------------------------------------------------------

# Their order is their number.
_ORDERED = ("sources", "author")


def restyled(data: Any, chance: random.Random) -> str:
    """The data as YAML: keys and names in any order, in any indentation, quoted, folded and commented at random."""
    return "\n".join(_lines(data, chance, "")) + "\n"


def _lines(data: Any, chance: random.Random, key: str) -> list[str]:
    if chance.random() < 0.1:
        return ["# a remark, which says nothing: {x} 'y'", *_lines(data, chance, key)]
    if isinstance(data, dict):
        names = list(data)
        if key not in _ORDERED:
            chance.shuffle(names)
        return [line for name in names for line in _entry(f"{name}:", data[name], chance, name)]
    items = list(data)
    if key not in _ORDERED:
        chance.shuffle(items)
    return [line for item in items for line in _entry("-", item, chance, "")]


def _entry(lead: str, value: Any, chance: random.Random, key: str) -> list[str]:
    if isinstance(value, str):
        return _scalar(lead, value, chance)
    indent = " " * chance.randint(1, 5)
    return [lead, *(f"{indent}{line}" if line else line for line in _lines(value, chance, key))]


def _scalar(lead: str, text: str, chance: random.Random) -> list[str]:
    comment = "  # why" if chance.random() < 0.1 else ""
    style = chance.choice(("single", "double", "plain", "block"))
    if style == "block" and " " in text:
        width, indent = chance.randint(10, 90), " " * chance.randint(1, 6)
        wrapped = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        return [
            f"{lead} {chance.choice(('>', '|', '>-', '|-'))}{comment}",
            *(indent + line for line in wrapped),
        ]
    if style == "double":
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return [f'{lead} "{escaped}"{comment}']
    if style == "plain" and re.fullmatch(r"\w[\w .,;/-]*\w|\w", text):
        return [f"{lead} {text}{comment}"]
    quoted = text.replace("'", "''")
    return [f"{lead} '{quoted}'{comment}"]
