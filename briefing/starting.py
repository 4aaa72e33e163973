"""A folder → the files of a new project in it."""

from __future__ import annotations

from pathlib import Path

from briefing.house import starter_kit
from briefing.jsonschema import schema_text

__all__ = ["FACTS", "WORKFLOW", "new_project"]

FACTS = "facts.yaml"
WORKFLOW = ".github/workflows/briefs.yml"

# Git and GitHub would act on them in the tool's own repository if they had these names there.
_NAMED_OTHERWISE = {"gitignore": ".gitignore", "workflow.yml": WORKFLOW}


def new_project(folder: Path) -> dict[Path, bytes]:
    """The files that a project begins with: path → content, in the order in which they are told.

    Whoever adds sources of their own adds them to the text of `folder / FACTS`, before anything is written.
    """
    kit = starter_kit()
    shipped = sorted(path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file())
    files = {_NAMED_OTHERWISE.get(name, name): (kit / name).read_bytes() for name in shipped}
    # The first line of the facts file names it: an editor needs no more.
    files["facts.schema.json"] = schema_text().encode()
    order = sorted(files, key=lambda name: (name != FACTS, not name.startswith("templates/"), name))
    return {folder / name: files[name] for name in order}
