"""The texts that a project is made of, and those of before → those that are the beginning of what stood there before.

What is left of a facts file that was cut off is often one still, with fewer facts, and a quotation that ends in the
middle of a word. Only while a project is watched is there a before to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from briefing.errors import Level, Location, Problem
from briefing.files import Unusable, read_head
from briefing.loaded import FILE as WORDS
from briefing.project import Project
from briefing.reviews import FILE as REVIEWS

__all__ = ["half_saved", "texts_of"]

_HOUSE = "templates/house"
_SMALL = (
    REVIEWS,
    f"templates/{WORDS}",
    *(f"{_HOUSE}/{name}" for name in ("house.yaml", "brief.css", "page.html.j2")),
)
_MOST_BYTES = 5_000_000


def texts_of(project: Project, *tables: str) -> dict[str, str]:
    """What a build reads of the office's own, and `tables`, by the paths that are printed, without what is empty."""
    texts = {str(project.path): "\n".join(project.loaded.places.tree.lines)}
    texts |= {file.path: file.body for file in project.templates.values() if not file.shipped}
    for path in (*(str(project.folder / name) for name in _SMALL), *tables):
        with suppress(OSError, UnicodeDecodeError, Unusable):  # its own reader says what is wrong with it
            texts[path] = read_head(Path(path), _MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
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
