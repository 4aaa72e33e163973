"""The fingerprint that a document bears → what it was built from, looked for in the history of the facts file.

An edition of the facts is the one when it gives a brief that carries the same: facts used, contract, template. So each
is selected anew with the templates of its time, the newest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.audience import SUFFIX, over_house, template_file
from briefing.carried import Carried
from briefing.carrying import as_carried, carry
from briefing.errors import UsageError
from briefing.history import Commit, History, StoredFile
from briefing.letterhead import FILE as HOUSE
from briefing.load import load
from briefing.papers import letterhead_at
from briefing.project import Project, open_project, project_of
from briefing.selection import selected

__all__ = ["MOST_EDITIONS", "Traced", "Tracer", "edition_at", "former_templates"]

MOST_EDITIONS = 100
"""That are looked at; each takes as long as to check the facts and select its briefs."""
_MOST_TEMPLATES = 200
_TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Traced:
    """What a document carries, or would, and the commit it stood in; None: it is the facts file as it is today."""

    carried: Carried
    commit: Commit | None


class Tracer:
    """Looks for editions of the facts file at `facts`; what it has looked at once it knows, of 500 copies."""

    def __init__(self, facts: str) -> None:
        self.facts = facts
        self._found: dict[tuple[str, str], dict[str, Traced]] = {}
        self._left: dict[tuple[str, str], Iterator[tuple[str, Traced]]] = {}

    def traced(self, identifier: str, version: str, audience: str) -> Traced | None:
        """Where what bears this fingerprint came from; None where no edition of the facts file gives it.

        `version` of the tool wrote it, for this `audience` if there is one of that name.
        """
        key = (version, audience)
        found = self._found.setdefault(key, {})
        left = self._left.setdefault(key, _carried_by_each(self.facts, version, audience))
        while identifier not in found:
            following = next(left, None)
            if following is None:
                return None
            found.setdefault(*following)
        return found[identifier]


def _carried_by_each(facts: str, version: str, audience: str) -> Iterator[tuple[str, Traced]]:
    """What each edition gives, by its fingerprint, the newest first."""
    for commit, project in _editions(facts):
        names = (
            [audience]
            if audience in (*project.own_audiences, *project.generic_audiences)
            else project.audiences
        )
        for name in names:
            brief = selected(project, name, allow_suspect=True).brief
            if brief is None:
                continue
            head = project.letterhead
            carried = carry(project.loaded, brief, project.locale, letterhead=head, version=version)
            yield carried.identifier, Traced(carried, commit)


def _editions(facts: str) -> Iterator[tuple[Commit | None, Project]]:
    """The project as it is, and as it was in each commit that changed it."""
    with suppress(UsageError):  # it is gone; its history may be there
        yield None, open_project(facts)
    with suppress(UsageError):  # there is no git, or no repository
        yield from _stored_editions(facts)


def _stored_editions(facts: str) -> Iterator[tuple[Commit, Project]]:
    history, name = History(Path(facts).parent), Path(facts).name
    seen: set[tuple[str, ...]] = set()
    for commit in history.editions([name, _TEMPLATES], MOST_EDITIONS):
        stood = [file for file in history.files(commit, name) if file.path == name]
        templates = _templates(history, commit)
        house = history.files(
            commit, f"{_TEMPLATES}/house/{HOUSE}"
        )  # which says in what language the facts are
        key = tuple(part for file in (*stood, *templates, *house) for part in (file.path, file.key))
        if not stood or key in seen or len(templates) > _MOST_TEMPLATES:
            continue
        seen.add(key)
        today, then = _edition(history, commit, facts, stood[0], templates)
        yield commit, then
        if not templates and today.own_audiences:
            yield commit, today


def former_templates(facts: str) -> frozenset[bytes]:
    """The office's own templates in the last commits that changed one, as documents carry them."""
    history, found = History(Path(facts).parent), dict[str, StoredFile]()
    with suppress(UsageError):
        for commit in history.editions([_TEMPLATES], MOST_EDITIONS):
            found |= {file.key: file for file in _templates(history, commit)[:_MOST_TEMPLATES]}
        contents = history.contents([*found.values()]) if found else {}
        return frozenset(as_carried(template_file(data, "")) for data in contents.values())
    return frozenset()


def edition_at(history: History, commit: Commit, facts: str) -> Project | None:
    """The project as it stood in a commit; None where its facts file or its templates are not in git."""
    name = Path(facts).name
    stood = [file for file in history.files(commit, name) if file.path == name]
    templates = _templates(history, commit)
    if not stood or not 0 < len(templates) <= _MOST_TEMPLATES:
        return None
    return _edition(history, commit, facts, stood[0], templates)[1]


def _templates(history: History, commit: Commit) -> list[StoredFile]:
    return [file for file in history.files(commit, _TEMPLATES) if file.path.endswith(SUFFIX)]


def _edition(
    history: History, commit: Commit, facts: str, stood: StoredFile, templates: Sequence[StoredFile]
) -> tuple[Project, Project]:
    """The project of that commit with the templates of today, and with those of then."""
    contents = history.contents([stood, *templates])
    data = contents[stood.key]
    project = project_of(load(data, f"{commit.short}:{stood.path}"), data, facts)
    letterhead = letterhead_at(history, commit)
    if letterhead:  # of then, in whose language the facts are
        project = replace(project, letterhead=letterhead)
    own = [(file, template_file(contents[file.key], file.path)) for file in templates]
    named = ((file.path.removeprefix(f"{_TEMPLATES}/"), template) for file, template in own)
    return project, replace(project, templates=over_house(named, project.house))
