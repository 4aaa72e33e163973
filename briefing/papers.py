"""A project → what its documents are printed on, as it is and as it was: letterhead, page template, style.

A text carries none of that. So one that was built before the office had another name, or while it was a DRAFT, is held
against the house of then, where git has it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from briefing.errors import BriefingError
from briefing.history import Commit, History, StoredFile
from briefing.letterhead import FILE, Letterhead, read_letterhead
from briefing.project import Project

__all__ = ["Paper", "Papers", "letterhead_at"]

_HOUSE = "templates/house"
_PAGE, _STYLE = "page.html.j2", "brief.css"
_PICTURES = (".jpeg", ".jpg", ".png", ".svg")
_ASKED_FOR = [f"{_HOUSE}/{name}" for name in (FILE, _PAGE, _STYLE, *(f"*{ending}" for ending in _PICTURES))]
_MOST_EDITIONS = 100
_MOST_PICTURES = 20
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
        self._at: dict[str, tuple[Paper, ...]] = {}

    @cached_property
    def today(self) -> Paper:
        """BriefingError where a file of the house cannot be read."""
        return _paper(self._project)

    def former(self, commit: Commit | None) -> Iterator[Paper]:
        """That of a commit, then those of all before today, the newest first; none where there is no git."""
        if commit:
            yield from self._of(commit)
        yield from self._all

    @cached_property
    def _all(self) -> tuple[Paper, ...]:
        found: list[Paper] = []
        with suppress(BriefingError):
            for commit in History(self._project.folder).editions(_ASKED_FOR, _MOST_EDITIONS):
                found += self._of(commit)
            with _laid_out({}) as folder:
                found += _at(self._project, folder, "no house of its own, as before there was one")
        # Of those that are the same the newest.
        alike = {(one.letterhead, one.page_template, one.css): one for one in reversed(found)}
        return tuple(reversed(alike.values()))

    def _of(self, commit: Commit) -> tuple[Paper, ...]:
        if commit.hash not in self._at:
            found: tuple[Paper, ...] = ()
            with suppress(BriefingError), _laid_out(_stored(History(self._project.folder), commit)) as folder:
                found = _at(self._project, folder, f"the house of {commit.short}, {commit.day}")
            self._at[commit.hash] = found
        return self._at[commit.hash]


def letterhead_at(history: History, commit: Commit) -> Letterhead | None:
    """As it stood in a commit; None where something was wrong with it."""
    with _laid_out(_stored(history, commit)) as folder:
        letterhead, problems = read_letterhead(folder / _HOUSE, _HOUSE, within=folder)
    return None if problems else letterhead


def _paper(project: Project, of: str = "") -> Paper:
    return Paper(project.letterhead, project.house_text(_PAGE), project.house_text(_STYLE), of)


def _at(project: Project, folder: Path, of: str) -> tuple[Paper, ...]:
    """The paper of the house in another folder, unless something is wrong with it."""
    letterhead, problems = read_letterhead(folder / _HOUSE, _HOUSE, within=folder)
    then = replace(project, path=folder / project.path.name, letterhead=letterhead)
    return () if problems else (_paper(then, of),)


@contextmanager
def _laid_out(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder in which they stand in the place of the house."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = folder / _HOUSE
        house.mkdir(parents=True)
        for file, content in files.items():
            (house / file).write_bytes(content)
        yield folder


def _stored(history: History, commit: Commit) -> Mapping[str, bytes]:
    """The files of the house that a document is made with, by name."""
    found = [file for file in history.files(commit, _HOUSE) if _is_small(file)]
    own = [file for file in found if PurePosixPath(file.path).name in (FILE, _PAGE, _STYLE)]
    own += [file for file in found if PurePosixPath(file.path).suffix.lower() in _PICTURES][:_MOST_PICTURES]
    contents = history.contents(own) if own else {}
    return {PurePosixPath(file.path).name: contents[file.key] for file in own}


def _is_small(file: StoredFile) -> bool:
    """Whether it stands in the folder itself, and is as small as any of these files."""
    return str(PurePosixPath(file.path).parent) == _HOUSE and file.size <= _MOST_BYTES
