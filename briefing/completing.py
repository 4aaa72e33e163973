"""What a user has begun to type → the names that stand in the files of a project, for a shell to complete.

Asked at each press of a key: nothing heavy is imported, and what cannot be read has no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from briefing.files import Unusable, read_head
from briefing.house import documents, shipped_house
from briefing.manual import TOPICS

__all__ = ["audiences", "entries", "generic_audiences", "mailing_lists", "topics"]

# Some shells evaluate what a program says to complete with: nothing but a name goes there.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ENDING = ".md.j2"
_MOST_BYTES = 20_000_000
_MOST_TEMPLATES = 10_000


def audiences(folder: Path) -> list[str]:
    """The audiences that a project beside a facts file in `folder` builds."""
    return _templates(folder / "templates") or generic_audiences()


def generic_audiences() -> list[str]:
    return _templates(shipped_house() / "audiences")


def _templates(folder: Path) -> list[str]:
    def found() -> Iterable[str]:
        for number, path in enumerate(folder.iterdir()):
            if path.name.endswith(_ENDING) and number < _MOST_TEMPLATES:
                yield path.name.removesuffix(_ENDING)

    return _names(found)


def entries(facts: Path, section: str) -> list[str]:
    """The ids in a section of a facts file."""
    return _names(lambda: _keys(facts, section))


def mailing_lists(folder: Path) -> list[str]:
    """The lists of `mail.yaml` in a folder."""
    return _names(lambda: _keys(folder / "mail.yaml", "lists"))


def topics() -> list[str]:
    """What `briefing help` knows: topics, rules and their families."""

    def found() -> Iterable[str]:
        page = (documents() / TOPICS["rules"][0]).read_text(encoding="utf-8")
        rules = re.findall(r"^### ([a-z-]+)$", page, re.MULTILINE)
        return {*TOPICS, *rules, *(rule.partition("-")[0] for rule in rules)}

    return _names(found)


def _names(found: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return sorted(name for name in found() if _NAME.fullmatch(name))
    except (OSError, Unusable):
        return []


def _keys(path: Path, section: str) -> list[str]:
    from briefing.yamlnodes import Mapping
    from briefing.yamltree import parse

    tree = parse(read_head(path, _MOST_BYTES), str(path))
    entries = tree.root.get(section) if isinstance(tree.root, Mapping) and not tree.problems else None
    return list(entries.by_key) if isinstance(entries, Mapping) else []
