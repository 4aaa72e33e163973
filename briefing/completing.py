"""What a user has begun to type → the names that stand in the files of a project, for a shell to complete.

Asked at each press of a key: nothing heavy is imported, and what cannot be read has no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from briefing.files import Unusable, read_head
from briefing.house import documents, shipped_house
from briefing.manual import TOPICS

__all__ = ["audiences", "claims_read", "entries", "generic_audiences", "mailing_lists", "rules", "topics"]

# Some shells evaluate what a program says to complete with: nothing but a name goes there.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CLAIM = re.compile(_NAME.pattern + r"\.[0-9a-f]{8}")
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
    return _names(lambda: _section(facts, section))


def mailing_lists(folder: Path) -> list[str]:
    """The lists of `mail.yaml` in a folder."""
    return _names(lambda: _section(folder / "mail.yaml", "lists"))


def claims_read(folder: Path) -> list[str]:
    """The claims that somebody read, which are to be read again when their facts change."""

    def found() -> Iterable[str]:
        from briefing import yamlnodes

        for read in _section(folder / "reviews.yaml", "reviewed").values():
            yield from read.by_key if isinstance(read, yamlnodes.Mapping) else ()

    return _names(found, _CLAIM)


def rules() -> list[str]:
    """The rules and their families."""

    def found() -> Iterable[str]:
        page = (documents() / TOPICS["rules"][0]).read_text(encoding="utf-8")
        ids = re.findall(r"^### ([a-z-]+)$", page, re.MULTILINE)
        return {*ids, *(id.partition("-")[0] for id in ids)}

    return _names(found)


def topics() -> list[str]:
    """What `briefing help` knows: topics, rules and their families."""
    return sorted({*TOPICS, *rules()})


def _names(found: Callable[[], Iterable[str]], form: re.Pattern[str] = _NAME) -> list[str]:
    try:
        return sorted({name for name in found() if form.fullmatch(name)})
    except (OSError, Unusable):
        return []


def _section(path: Path, section: str) -> Mapping[str, object]:
    """The entries in a section of a file, by their keys."""
    from briefing import yamlnodes
    from briefing.yamltree import parse

    tree = parse(read_head(path, _MOST_BYTES), str(path))
    root = tree.root
    entries = root.get(section) if isinstance(root, yamlnodes.Mapping) and not tree.problems else None
    return (
        {key.value: value for key, value in entries.entries} if isinstance(entries, yamlnodes.Mapping) else {}
    )
