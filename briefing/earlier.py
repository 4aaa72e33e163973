"""What a user names as an earlier edition of the facts → each brief's edition of then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.addressing import addressed
from briefing.changes import Changes, changes
from briefing.comparison import project_at
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.news import Earlier
from briefing.project import Project
from briefing.selection import selected
from briefing.snapshots import Snapshot, snapshots
from briefing.tongues import tongue_of

__all__ = ["EarlierFacts", "earlier_facts"]


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """The facts of then, as a project with the templates of today, and what changed since."""

    snapshot: Snapshot
    project: Project
    changes: Changes

    def of(self, audience: str, row: Mapping[str, str] | None) -> Earlier:
        """The brief of then. BriefingError where there can be none, so that nobody can tell what changed in it."""
        found = selected(self.project, audience, row, allow_suspect=True)
        brief = found.brief or found.barred
        if brief is None:
            said = next((one.message for one in found.problems if one.level is Level.ERROR), "")
            message = f"{self.snapshot.name} gives no brief for {audience} to compare with: {said}"
            raise BriefingError(Problem(Location(audience), Level.ERROR, message, "template-since"))
        if row and brief.columns.keys() <= row.keys():
            brief = addressed(brief, row)
        return Earlier(self.snapshot.facts.as_of, self.snapshot.loaded, brief, self.changes)


def earlier_facts(name: str, facts: str, now: Project) -> EarlierFacts:
    """The edition that a user names: a facts file, a revision, a document. UsageError, LoadError as `snapshots`."""
    snapshot, today = snapshots(name, None, facts)
    tongue = tongue_of(now.locale)
    return EarlierFacts(snapshot, project_at(snapshot, facts), changes(snapshot.facts, today.facts, tongue))
