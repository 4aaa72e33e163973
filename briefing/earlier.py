"""What a user names as an earlier edition of the facts → each brief's edition of then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.addressing import addressed
from briefing.brief import Brief
from briefing.comparison import project_at, under_ids_of
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.extract import extract, kept
from briefing.history import History
from briefing.news import Earlier
from briefing.project import Project
from briefing.selection import selected
from briefing.snapshots import Snapshot, carried_snapshot, snapshots
from briefing.tracing import edition_at

__all__ = ["EarlierFacts", "earlier_document", "earlier_facts"]

_PRINTED = ("current", "disputed")


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """The facts of then, as a project with the templates of today, and with those of then where they are known.

    What a brief said then is told with the template of today, so that only the facts make a difference; that of then
    says which facts were printed at all.
    """

    snapshot: Snapshot
    project: Project
    then: Project | None
    now: Project

    @property
    def locale(self) -> str:
        return self.now.locale

    def of(self, audience: str, row: Mapping[str, str] | None) -> Earlier:
        """The brief of then. BriefingError where there can be none, so that nobody can tell what changed in it."""
        if self.snapshot.brief and self.snapshot.brief.audience != audience:
            message = (
                f"{self.snapshot.name} is the brief for {self.snapshot.brief.audience}, and says nothing of what"
                f" {audience} said then; name the edition of {audience}, or that of the facts"
            )
            raise BriefingError(Problem(Location(audience), Level.ERROR, message, "template-since"))
        found = selected(under_ids_of(self.project, self.now), audience, row, allow_suspect=True)
        brief = found.brief or found.barred
        if brief is None:
            said = next((one.message for one in found.problems if one.level is Level.ERROR), "")
            message = f"{self.snapshot.name} gives no brief for {audience} to compare with: {said}"
            raise BriefingError(Problem(Location(audience), Level.ERROR, message, "template-since"))
        if row and brief.columns.keys() <= row.keys():
            brief = addressed(brief, row)
        return self._told(brief, self._printed_then(audience, row))

    def _told(self, brief: Brief, printed: Collection[str]) -> Earlier:
        """The brief, under the ids of today; and what it rests on, under those of then, with what was printed."""
        then = self.snapshot.facts
        facts, people = (
            dict(zip(now, was, strict=True))
            for now, was in ((brief.facts.facts, then.facts), (brief.facts.people, then.people))
        )
        asked = kept(brief)["facts"]
        own = replace(
            brief,
            facts=then,
            used=(),
            named=tuple(people[id] for id in brief.named),
            gone=(*(facts[id] for id in asked), *printed),
        )
        gone = tuple(now for now, was in facts.items() if was in printed and now not in asked)
        return Earlier(
            replace(brief, gone=gone),
            extract(self.snapshot.loaded, own, self.locale),
            knows_all=self.then is not None or not self._lost(asked, facts),
        )

    def _lost(self, asked: Collection[str], then: Mapping[str, str]) -> list[str]:
        """Facts of then, by their ids of now, that could be printed, cannot any more, and are not asked for today."""
        now = self.now.facts.facts if self.now.facts else {}
        old = self.snapshot.facts.facts
        return [
            id
            for id, was in then.items()
            if id not in asked
            and old[was].status in _PRINTED
            and (id not in now or now[id].status not in _PRINTED)
        ]

    def _printed_then(self, audience: str, row: Mapping[str, str] | None) -> tuple[str, ...]:
        """The facts that the template of then printed, in their order."""
        if self.then is None or audience not in self.then.audiences:
            return ()
        found = selected(self.then, audience, row, allow_suspect=True)
        former = found.brief or found.barred
        return tuple(one.fact.id for one in former.used) if former else ()


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
    return EarlierFacts(snapshot, project_at(replace(snapshot, brief=None), facts), then, now)
