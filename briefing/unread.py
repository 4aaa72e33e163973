"""A project's `templates/` → the files in it that are written as templates, and whose names say that they are none.

Where the only template is such a file, a build makes the generic briefs, and whoever wrote it wonders why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from briefing.audience import SUFFIX
from briefing.errors import Level, Location, Problem
from briefing.files import Unusable, is_within, read_head

__all__ = ["unread_templates"]

_JINJA = (".j2", ".jinja", ".jinja2")
_TEXT = (".md", ".markdown", ".txt")
# A contract, or what a template without one begins with; a README has neither.
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:---[ \t]*\r?\n|\{[%#{])")
_LOOKED_AT = 200
_MOST = 1_000


def unread_templates(folder: Path, shown: str) -> tuple[Problem, ...]:
    """A warning for each file directly in the folder, whose paths are printed below `shown`, that nobody will read."""
    return tuple(
        Problem(
            Location(f"{shown}/{name}"),
            Level.WARNING,
            f"no brief is made of this: the name of a template ends in {SUFFIX}, as {_right(name)} does",
            "template-unread",
        )
        for name in sorted(_unread(folder))
    )


def _unread(folder: Path) -> Iterator[str]:
    try:
        paths = list(islice(folder.iterdir(), _MOST))
    except OSError:  # there is none, or none that can be entered
        return
    for path in paths:
        name = path.name.lower()
        if path.name.endswith(SUFFIX) or name.startswith("."):
            continue
        if name.endswith(_JINJA) or (name.endswith((*_TEXT, SUFFIX)) and _begins_as_template(path, folder)):
            yield path.name


def _begins_as_template(path: Path, folder: Path) -> bool:
    try:
        return is_within(path, folder) and _BEGINNING.match(read_head(path, _LOOKED_AT)) is not None
    except (OSError, Unusable):
        return False


def _right(name: str) -> str:
    """The name that the file should have: that of an audience, from what stands before the first dot."""
    slug = re.sub("[^a-z0-9]+", "-", name.partition(".")[0].lower()).strip("-")
    return f"{slug or 'note'}{SUFFIX}"
