"""The texts that a project is made of, and those of before → those that are the beginning of what stood there before.

What is left of a facts file that was cut off is often one still, with fewer facts, and a quotation that ends in the
middle of a word. Only while a project is watched is there a before to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefing.errors import Level, Location, Problem
from briefing.project import Project

__all__ = ["half_saved", "texts_of"]


def texts_of(project: Project) -> dict[str, str]:
    """The facts file and the office's own templates by the paths that are printed, without those that are empty."""
    texts = {str(project.path): "\n".join(project.loaded.places.tree.lines)}
    texts |= {file.path: file.body for file in project.templates.values() if not file.shipped}
    return {path: text for path, text in texts.items() if text.strip()}


def half_saved(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    """Files that end in the middle of what stood there; one that ends with a line feed was shortened on purpose."""
    for path, text in now.items():
        whole = before.get(path, "")
        if whole.startswith(text) and whole[len(text) :].strip() and not text.endswith("\n"):
            message = (
                "looks half saved: it ends in the middle of what stood here a moment ago; what was built stays."
                " If this is all of it, end its last line with Enter"
            )
            place = Location(path, text.count("\n") + 1, len(text) - text.rfind("\n"))
            yield Problem(place, Level.ERROR, message, "file-half")
