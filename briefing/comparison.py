"""Two snapshots of the facts → what changed between them, and which briefs and sentences that touches."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.audience import over_house
from briefing.carrying import carried_templates
from briefing.changes import Changes, changes
from briefing.changes.renaming import renames, translated
from briefing.changes.words import Words
from briefing.errors import Level, Problem
from briefing.history import History
from briefing.project import Project, kept_texts_beside, project_of, tongue_beside
from briefing.selection import Selected, selected
from briefing.snapshots import Snapshot
from briefing.tongues import tongue_of
from briefing.touching import Touches, touches
from briefing.tracing import edition_at

__all__ = ["ComparedBrief", "Comparison", "compared", "project_at", "under_ids_of"]


@dataclass(frozen=True, slots=True)
class ComparedBrief:
    """One audience's brief of the old and of the new facts; `errors` are what bars each of the two."""

    audience: str
    title: str
    touches: Touches
    errors: tuple[tuple[Problem, ...], tuple[Problem, ...]] = ((), ())

    @property
    def is_touched(self) -> bool:
        return bool(self.touches) or any(self.errors)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `old` to `new`. `briefs` are empty where nothing did, or where no brief is common to both."""

    old: Snapshot
    new: Snapshot
    changes: Changes
    briefs: tuple[ComparedBrief, ...]


def compared(old: Snapshot, new: Snapshot, facts: str, now: Project | None = None) -> Comparison:
    """The comparison; `now` is the project of the new snapshot, where it is at hand.

    Each side is set with the templates that it was printed with, where they are known: of a document those that it
    carries, of a revision those that stood there. A facts file is set with those of today: those beside the facts file
    at `facts` or, where none is there, beside the new one.
    """
    beside = facts if os.path.exists(facts) else new.path or facts
    found = changes(old.facts, new.facts, tongue_beside(beside, new.loaded))
    if not found:
        return Comparison(old, new, found, ())
    today = now or project_at(new, beside)
    projects = [_printed_with(old, today, beside), today if now else _printed_with(new, today, beside)]
    briefs = tuple(_brief(name, (old, new), projects, found) for name in _audiences(old, new, projects[1]))
    return Comparison(old, new, found, briefs)


def _printed_with(one: Snapshot, today: Project, beside: str) -> Project:
    """The project of a side, with the templates of then, or under the ids of today where today's are all there is."""
    then = None
    if one.commit and not one.brief:
        then = edition_at(History(Path(beside).parent), one.commit, beside)
    if then and then.templates != today.templates:
        return then
    project = project_at(one, beside)
    return project if one.brief and one.brief.templates else under_ids_of(project, today)


def under_ids_of(project: Project, now: Project) -> Project:
    """The project with what was renamed since under the ids of now, by which the templates of now ask for it."""
    if project.facts is None or now.facts is None:
        return project
    renamed = renames(Words(tongue_of(now.locale)), project.facts, now.facts)
    return replace(project, facts=translated(project.facts, renamed))


def _audiences(old: Snapshot, new: Snapshot, project: Project) -> Sequence[str]:
    """All, or that of a document; none, where two documents are for different ones."""
    named = {one.brief.audience for one in (old, new) if one.brief}
    if not named:
        return project.audiences
    return [*named] if len(named) == 1 else []


def project_at(one: Snapshot, beside: str) -> Project:
    """The project of a snapshot, with the templates beside a facts file at `beside` or, of a document, its own."""
    kept = kept_texts_beside(one.path) if one.path else lambda id: None
    project = project_of(one.loaded, one.content, beside, kept)
    if one.brief and one.brief.templates:
        project = replace(project, templates=over_house(one.brief.templates.items(), project.house))
    return project


def _brief(
    name: str, sides: Sequence[Snapshot], projects: Sequence[Project], found: Changes
) -> ComparedBrief:
    # A template that chooses by recipient is not carried, and needs the recipient.
    rows = (one.brief.row for one in sides if one.brief and not one.brief.templates)
    row = next(rows, None)
    both = [selected(project, name, row, allow_suspect=True) for project in projects]
    # With an error, too: that somebody typed what an older edition does not say hides none of its other sentences.
    old, new = (one.brief or one.barred for one in both)
    comparable = all(one.brief for one in both) and _same_template(projects, both)
    audience = both[1].audience or both[0].audience
    return ComparedBrief(
        audience=name,
        title=audience.contract.title if audience else "",
        touches=touches(found, old, new, comparable=comparable),
        errors=(_errors(projects[0], both[0]), _errors(projects[1], both[1])),
    )


def _same_template(projects: Sequence[Project], both: Sequence[Selected]) -> bool:
    if projects[0].templates == projects[1].templates:
        return True
    # One that a document carries is without its comments.
    old, new = (carried_templates(one.brief) if one.brief else None for one in both)
    return old == new


def _errors(project: Project, found: Selected) -> tuple[Problem, ...]:
    """Why there is no brief; nothing, where there is one."""
    if found.brief:
        return ()
    problems = (*project.blocking, *found.problems)
    return tuple(sorted({one for one in problems if one.level is Level.ERROR}, key=Problem.sort_key))
