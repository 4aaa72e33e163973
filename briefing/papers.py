"""A project → what its documents are printed on, as it is and as it was: letterhead, page template, style.

A text carries none of that. So one that was built before the office had another name, or while it was a DRAFT, is held
against the house of then, where git has it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from briefing.errors import BriefingError
from briefing.history import History, StoredFile
from briefing.letterhead import Letterhead, read_letterhead
from briefing.project import Project

__all__ = ["Paper", "Papers"]

_HOUSE = "templates/house"
_MOST_EDITIONS = 20
_MOST_FILES = 20
_MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document is printed on. `of` says where that stood, in words; empty for that of today."""

    letterhead: Letterhead
    page_template: str
    css: str
    of: str = ""


class Papers:
    """Those of the project; each is looked for once, of 500 copies."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def today(self) -> Paper:
        """BriefingError where a file of the house cannot be read."""
        return _paper(self._project)

    @cached_property
    def former(self) -> tuple[Paper, ...]:
        """Those of earlier commits, the newest first; none where there is no git."""
        found: dict[tuple[Letterhead, str, str], Paper] = {}
        with suppress(BriefingError):
            for paper in _stored(self._project):
                found.setdefault((paper.letterhead, paper.page_template, paper.css), paper)
        return tuple(found.values())


def _paper(project: Project, of: str = "") -> Paper:
    template, css = map(project.house_text, ("page.html.j2", "brief.css"))
    return Paper(project.letterhead, template, css, of)


def _stored(project: Project) -> Iterator[Paper]:
    history = History(project.folder)
    for commit in history.editions([_HOUSE], _MOST_EDITIONS):
        files = [file for file in history.files(commit, _HOUSE) if _is_small(file)]
        contents = history.contents(files) if files else {}
        stood = {PurePosixPath(file.path).name: contents[file.key] for file in files[:_MOST_FILES]}
        yield from _laid_out(project, stood, f"the house of {commit.short}, {commit.day}")
    yield from _laid_out(project, {}, "no house of its own, as before there was one")


def _laid_out(project: Project, files: Mapping[str, bytes], of: str) -> Iterator[Paper]:
    """The paper of a house of these files, unless something is wrong with them."""
    with tempfile.TemporaryDirectory() as name, suppress(BriefingError):
        folder = Path(name)
        house = folder / _HOUSE
        house.mkdir(parents=True)
        for file, content in files.items():
            (house / file).write_bytes(content)
        letterhead, problems = read_letterhead(house, _HOUSE, within=folder)
        if not problems:
            yield _paper(replace(project, path=folder / project.path.name, letterhead=letterhead), of)


def _is_small(file: StoredFile) -> bool:
    """Whether it stands in the folder itself, and is as small as any of these files."""
    return str(PurePosixPath(file.path).parent) == _HOUSE and file.size <= _MOST_BYTES
