"""The facts file and its last commit → whether the information cut-off moved when the facts did."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from briefing.changes import changes
from briefing.errors import Level, Problem, UsageError
from briefing.facts import Facts
from briefing.fingerprint import fingerprint
from briefing.history import Commit, History
from briefing.load import load
from briefing.project import Project
from briefing.tongues import tongue_of

__all__ = ["cutoff_problems"]

_RULE = "date-as-of"
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Former:
    """The edition that went before: what it is called, its facts, and the day on which it was changed."""

    name: str
    facts: Facts
    changed: datetime.date


def cutoff_problems(project: Project, today: datetime.date) -> Iterator[Problem]:
    """A warning where facts say something else than in the last commit, and `as_of` is what it was.

    A file that is as it was committed is compared with the commit before, so that CI sees it, too; of a merge that is
    where the branches parted. Nothing where there
    is no git, or `as_of` is the very day on which the facts changed.
    """
    former = None
    with suppress(UsageError):
        former = _former(project, today)
    if project.facts is None or former is None:
        return
    as_of = project.facts.as_of
    if as_of != former.facts.as_of or as_of >= former.changed:
        return
    found = changes(former.facts, project.facts, tongue_of(project.locale))
    moved = [f'"{one.id}"' for one in found.facts if one.of_meaning]
    if moved:
        more = f" and {len(moved) - _MOST_NAMED} more" if len(moved) > _MOST_NAMED else ""
        message = (
            f"{', '.join(moved[:_MOST_NAMED])}{more} changed since {former.name}, and as_of did not; move it to the day"
            " up to which the facts are known"
        )
        yield Problem(project.loaded.places.of(("as_of",)), Level.WARNING, message, _RULE, ("as_of",))


def _former(project: Project, today: datetime.date) -> _Former | None:
    history, name = History(project.folder), project.path.name
    head = history.commit("HEAD")
    data, commit, changed = history.file(head, name), head, today
    if data is not None and fingerprint([data]) == project.content:
        commit, changed = _before(history), datetime.date.fromisoformat(head.day)
        data = history.file(commit, name)
    if data is None:
        return None
    return _Former(commit.short, load(data, f"{commit.short}:{name}").facts, changed)


def _before(history: History) -> Commit:
    """The commit before HEAD. Of a merge that at which the branches parted: each may have moved `as_of` to one day."""
    with suppress(UsageError):
        return history.range("HEAD^1...HEAD^2")[0]
    return history.commit("HEAD^1")
