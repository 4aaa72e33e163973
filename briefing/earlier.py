"""What a user names as an earlier edition of the facts → each brief's edition of then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.addressing import addressed
from briefing.brief import Brief
from briefing.comparison import project_at
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.extract import extract, kept
from briefing.history import History
from briefing.news import Earlier
from briefing.project import Project
from briefing.selection import selected
from briefing.snapshots import Snapshot, carried_snapshot, snapshots
from briefing.tracing import edition_at

__all__ = ["EarlierFacts", "earlier_document", "earlier_facts"]


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """The facts of then, as a project with the templates of today, and with those of then where they are known.

    What a brief said then is told with the template of today, so that only the facts make a difference; that of then
    says which facts were printed at all.
    """

    snapshot: Snapshot
    project: Project
    then: Project | None
    locale: str

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
        brief = replace(brief, gone=self._printed_then(audience, row, brief))
        return Earlier(brief, extract(self.snapshot.loaded, brief, self.locale))

    def _printed_then(self, audience: str, row: Mapping[str, str] | None, brief: Brief) -> tuple[str, ...]:
        """The facts that the template of then printed, and that of today does not ask for."""
        if self.then is None or audience not in self.then.audiences:
            return ()
        found = selected(self.then, audience, row, allow_suspect=True)
        former = found.brief or found.barred
        printed = {one.fact.id for one in former.used} if former else set()
        return tuple(id for id in brief.facts.facts if id in printed - kept(brief)["facts"])


def earlier_facts(name: str, facts: str, now: Project) -> EarlierFacts:
    """The edition that a user names: a facts file, a revision, a document. UsageError, LoadError as `snapshots`."""
    return _earlier(snapshots(name, None, facts)[0], facts, now)


def earlier_document(name: str, files: Mapping[str, bytes], now: Project) -> EarlierFacts:
    """The edition in the files that a document carries, which a user calls by that name."""
    return _earlier(carried_snapshot(name, files), str(now.path), now)


def _earlier(snapshot: Snapshot, facts: str, now: Project) -> EarlierFacts:
    then: Project | None = None
    if snapshot.brief:
        then = project_at(snapshot, facts)
    elif snapshot.commit:
        then = edition_at(History(Path(facts).parent), snapshot.commit, facts)
    return EarlierFacts(snapshot, project_at(replace(snapshot, brief=None), facts), then, now.locale)
