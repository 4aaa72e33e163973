"""A folder → the files of a new project in it."""

from __future__ import annotations

import os
from pathlib import Path

from briefing.files import Unusable, read_head
from briefing.house import starter_kit
from briefing.jsonschema import schema_text

__all__ = ["FACTS", "IGNORED", "WORKFLOW", "already_there", "lines_missing", "new_project"]

FACTS = "facts.yaml"
IGNORED = ".gitignore"
WORKFLOW = ".github/workflows/briefs.yml"
_SCHEMA = "facts.schema.json"

# A project is one without them, and a repository that was made on a forge has the first.
_CONVENIENCES = (IGNORED, WORKFLOW, _SCHEMA)
_MOST_BYTES = 1_000_000

# Git and GitHub would act on them in the tool's own repository if they had these names there.
_NAMED_OTHERWISE = {"gitignore": IGNORED, "workflow.yml": WORKFLOW}


def new_project(folder: Path) -> dict[Path, bytes]:
    """The files that a project begins with: path → content, in the order in which they are told.

    Whoever adds sources of their own adds them to the text of `folder / FACTS`, before anything is written.
    """
    kit = starter_kit()
    shipped = sorted(path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file())
    files = {_NAMED_OTHERWISE.get(name, name): (kit / name).read_bytes() for name in shipped}
    # The first line of the facts file names it: an editor needs no more.
    files[_SCHEMA] = schema_text().encode()
    order = sorted(files, key=lambda name: (name != FACTS, not name.startswith("templates/"), name))
    return {folder / name: files[name] for name in order}


def already_there(folder: Path) -> list[Path]:
    """Which of the files that a project can do without stand there, and stay as they are."""
    return [path for path in (folder / name for name in _CONVENIENCES) if os.path.lexists(path)]


def lines_missing(ignored: Path, wanted: bytes) -> list[str]:
    """The lines of `wanted` that a list of what git ignores has not, without remarks."""
    try:
        there = set(map(str.strip, read_head(ignored, _MOST_BYTES).decode(errors="replace").splitlines()))
    except (OSError, Unusable):
        there = set()
    return [line for line in wanted.decode().splitlines() if not line.startswith("#") and line not in there]
