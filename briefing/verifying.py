"""A built document → whether it says what the facts say now, and whether it says what its own facts say.

read (pdffiles) → the edition it was built from (snapshots) → its words as they should be (asprinted)
→ what changed since (comparison). Nothing in a document is believed: its facts and its template are read as anybody's
are, within bounds.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from briefing import __version__
from briefing.addressing import addressed
from briefing.asbuilt import LONGEST_SHOWN, UNSOUND, as_built
from briefing.brief import Brief
from briefing.carrying import BEFORE, carried_templates
from briefing.changes import Altered, Change
from briefing.changes.words import Words
from briefing.comparison import Comparison, compared, project_at, under_ids_of
from briefing.errors import BriefingError, Level, UsageError
from briefing.fingerprint import fingerprint
from briefing.load import load
from briefing.news import Earlier, with_news
from briefing.papers import Papers
from briefing.pdffiles import PdfContents, is_pdf
from briefing.project import Project
from briefing.prose import shortened
from briefing.selection import selected
from briefing.snapshots import Document, Snapshot, document, facts_now, read_pdf, read_whole
from briefing.tongues import tongue_of
from briefing.tracing import Tracer, former_templates

__all__ = ["Statement", "Verdict", "Verified", "verified"]

Verdict = Literal["current", "outdated", "altered", "unknown"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says and the facts no longer do; `now` is empty where they say nothing in its place."""

    facts: tuple[str, ...]
    says: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What is to be said of one file, which `is_read` unless there is none, or no ordinary one.

    `reasons` say why nobody can tell, or what was altered; `statements` are those that are no longer so; `notes` are
    what somebody should know who relies on the verdict.
    """

    path: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
    is_read: bool = True


def verified(paths: Sequence[str], facts: str) -> Iterator[Verified]:
    """The verdicts on files, in order. LoadError where the facts file cannot be used."""
    now = facts_now(facts)
    project = project_at(now, facts)
    today = _Today(now, project, facts, Tracer(facts), Papers(project))
    told: dict[str, Verified] = {}  # of 500 copies of one memo
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # each waits for the process that reads its PDF
        for path, data, found in _read_ahead(pool, paths):
            if isinstance(data, UsageError):
                yield Verified(path, "unknown", _words(data), is_read=False)
                continue
            key = fingerprint([data])
            if key not in told:
                told[key] = _verified(path, data, found, today)
            yield replace(told[key], path=path)


def _read_ahead(
    pool: ThreadPoolExecutor, paths: Sequence[str]
) -> Iterator[tuple[str, bytes | UsageError, PdfContents | UsageError | None]]:
    """Files with what is in them, in order; a few ahead and no more, for each can hold megabytes."""
    waiting: deque[tuple[str, bytes | UsageError, Future[PdfContents | UsageError | None]]] = deque()
    for place, path in enumerate(paths, start=1):
        data = _read(path)
        waiting.append((path, data, pool.submit(_pdf, path, data)))
        while len(waiting) > (_MOST_AHEAD if place < len(paths) else 0):
            first, content, found = waiting.popleft()
            yield first, content, found.result()


_MOST_AHEAD = 4


def _read(path: str) -> bytes | UsageError:
    try:
        return read_whole(path)
    except UsageError as error:
        return error


def _pdf(path: str, data: bytes | UsageError) -> PdfContents | UsageError | None:
    try:
        return read_pdf(path, data) if not isinstance(data, UsageError) and is_pdf(data) else None
    except UsageError as error:
        return error


def _words(error: BriefingError) -> tuple[str, ...]:
    return tuple(problem.message for problem in error.problems)


@dataclass(frozen=True)
class _Today:
    """The facts file at `path`, as it is."""

    snapshot: Snapshot
    project: Project
    path: str
    tracer: Tracer
    papers: Papers
    _templates: dict[str, Mapping[str, bytes]] = field(default_factory=dict)

    @cached_property
    def former_templates(self) -> frozenset[bytes]:
        return former_templates(self.path)

    def templates(self, audience: str) -> Mapping[str, bytes]:
        """The office's own templates of an audience, as a document carries them; none where there is no such brief."""
        if audience not in self._templates:
            found = selected(self.project, audience, allow_suspect=True)
            brief = found.brief or found.barred
            carried = carried_templates(brief) if brief else {}
            self._templates[audience] = {name: file.content for name, file in carried.items()}
        return self._templates[audience]


def _verified(path: str, data: bytes, contents: PdfContents | UsageError | None, today: _Today) -> Verified:
    try:
        if isinstance(contents, UsageError):
            raise contents
        built = document(path, data, contents, today.tracer)
        project = project_at(built.snapshot, today.path)
    except BriefingError as error:
        return Verified(path, "unknown", _words(error))
    found = selected(project, built.brief.audience, built.brief.row, allow_suspect=True)
    brief = found.brief or found.barred
    errors = (one for one in (*built.snapshot.loaded.problems, *found.problems) if one.level is Level.ERROR)
    said = shortened(next((problem.message for problem in errors), ""), LONGEST_SHOWN)
    if brief is None:
        if not built.sound:
            return Verified(path, "altered", (UNSOUND, f"which gives no document: {said}"))
        return Verified(path, "unknown", (f"what it carries gives no document: {said}",))
    brief = _with_news(built, _addressed(built, brief))
    apart = "" if built.version == __version__ else f"built by briefing {built.version}"
    if any(not file.shipped and name not in built.brief.templates for name, file in brief.templates.items()):
        apart = (
            apart or "its template, which chooses by recipient, is not carried, and may be another one by now"
        )
    comparison = compared(built.snapshot, today.snapshot, today.path, today.project)
    # What is carried and is not what the document was built from says nothing of what it prints.
    statements = (*_outdated(comparison, built, today), *_contradicted(built, today)) if built.sound else ()
    suspect = (
        found.is_suspect and not statements
    )  # else what was accepted since is another edition of the claim
    try:
        made = as_built(built, brief, today.papers, whole=not apart, suspect=suspect)
    except BriefingError as error:
        return Verified(path, "unknown", _words(error))
    no_build = [f"no build makes it: {said}"] if found.brief is None and not apart else []
    reasons = (*made.reasons, *no_build)
    notes = (
        *_as_of(built.snapshot, today.snapshot),
        *([f"compared statement by statement: {apart}"] if apart else []),
        *made.notes,
        *(() if statements else _read_again(comparison, built)),
        *_strange_template(built, brief, today),
        *([_SUSPECT.format(built.brief.audience)] if suspect else []),
    )
    verdict: Verdict = "altered" if reasons else "outdated" if statements else "current"
    return Verified(path, verdict, reasons, statements, notes)


_SUSPECT = "a claim in it was not read again since a fact under it changed; run: briefing review {}"


def _addressed(built: Document, brief: Brief) -> Brief:
    """To the recipient whose columns it carries, in its memo block too; as it is, where they are too few."""
    row = built.brief.row or {}
    return addressed(brief, row) if brief.columns and brief.columns.keys() <= row.keys() else brief


def _with_news(built: Document, brief: Brief) -> Brief:
    """With what it says of the changes since an earlier edition, where it carries that."""
    if built.brief.before is None:
        return brief
    name = f"{built.snapshot.name}/{BEFORE}"
    former = Snapshot(name, load(built.brief.before, name), built.brief.before, brief=built.brief)
    project = under_ids_of(project_at(former, name), project_at(built.snapshot, name))
    found = selected(project, built.brief.audience, built.brief.row, allow_suspect=True)
    old = found.brief or found.barred
    if old is None:
        return brief
    gone = tuple(id for id in built.brief.gone if id in old.facts.facts)
    before = built.brief.before.decode("utf-8", "replace")
    earlier = Earlier(replace(_addressed(built, old), gone=gone), before, knows_all=built.brief.knows_all)
    return with_news(brief, earlier, built.snapshot.content.decode("utf-8", "replace"))


# --- as it is now -------------------------------------------------------------------------------------

# What a reader of the appendix is told of a source, and may rely on.
_OF_SOURCES = frozenset(
    (
        "author",
        "consulted",
        "container-title",
        "derived_from",
        "descriptor",
        "doi",
        "isbn",
        "issue",
        "level",
        "number",
        "page",
        "published",
        "publisher",
        "reliability",
        "title",
        "url",
        "volume",
    )
)
_NEVER = ("added", "carried anew", "not carried")


def _outdated(comparison: Comparison, built: Document, today: _Today) -> Iterator[Statement]:
    """What changed of what the document rests on: its sentences, then facts, people and sources that are in none."""
    old, new = built.snapshot.facts, comparison.new.facts
    say = Words(tongue_of(today.project.locale))
    altered = {
        one.id: one
        for one in (*comparison.changes.facts, *comparison.changes.people)
        if one.sort not in _NEVER and not {one.id, one.was}.isdisjoint({*old.facts, *old.people})
    }
    moved = {id: one for id, one in altered.items() if one.of_meaning}
    told: set[str] = set()
    for brief in comparison.briefs:
        for sentence in brief.touches.sentences:
            # A label is the office's own, but where it is printed the document says something else now.
            grave = altered if sentence.sort == "reworded" else moved
            because = tuple(id for id in sentence.because if id in grave)
            if because and sentence.old:
                told.update(because)
                now = sentence.new.text if sentence.new else ""
                yield Statement(because, sentence.old.text, now, _why([altered[id] for id in because]))
    for id, one in moved.items():
        if id not in told and (one.was or id) in old.facts:
            was = say.fact_sentence(old, old.facts[one.was or id])
            now = say.fact_sentence(new, new.facts[id]) if id in new.facts else ""
            yield Statement((id,), was, now, _why([one]))
    for source in comparison.changes.sources:
        changed = [change for change in source.changes if change.path[0] in _OF_SOURCES]
        if changed and (source.was or source.id) in old.sources:
            yield Statement(
                (), _fields(changed, "old"), _fields(changed, "new"), f'the source "{source.id}" changed'
            )
    for id, one in altered.items():
        placed = [change for change in one.changes if change.path[-1] == "at"]
        if placed and id not in told and id not in moved:
            yield Statement(
                (id,),
                _fields(placed, "old"),
                _fields(placed, "new"),
                f'where "{id}" stands in its source changed',
            )
    for change in comparison.changes.head:
        if change.path == ("title",):
            yield Statement((), change.old, change.new, "the title changed")


def _fields(changes: Sequence[Change], side: str) -> str:
    return "; ".join(f"{'.'.join(change.path)}: {getattr(change, side) or 'nothing'}" for change in changes)


def _why(altered: Sequence[Altered]) -> str:
    return "; ".join(_became(one) for one in altered)


def _became(one: Altered) -> str:
    if one.sort == "superseded":
        return f'"{one.id}" was superseded' + (f' by "{one.by}"' if one.by else "")
    if one.sort == "retracted":
        return f'"{one.id}" was retracted' + (f": {one.why}" if one.why else "")
    if one.sort == "removed":
        return f'"{one.id}" is no longer on file'
    grave = [change for change in one.changes if change.of_meaning] or one.changes
    fields = dict.fromkeys(".".join(change.path) for change in grave)
    return f'"{one.id}" changed ({", ".join(fields)})'


def _contradicted(built: Document, today: _Today) -> Iterator[Statement]:
    """What a fact contradicts that the document does not have: one that is on file shows both."""
    old, new = built.snapshot.facts, today.snapshot.facts
    say = Words(tongue_of(today.project.locale))
    for fact in new.facts.values():
        stands = fact.status in ("current", "disputed")
        for id in fact.contradicts:
            if stands and id in old.facts and fact.id not in old.facts:
                says, now = say.fact_sentence(old, old.facts[id]), say.fact_sentence(new, fact)
                yield Statement((id, fact.id), says, now, f'"{fact.id}" contradicts it')


def _strange_template(built: Document, brief: Brief, today: _Today) -> Iterator[str]:
    """That nobody can tell whose template it is, of a PDF: anybody can attach one of his own."""
    own = {name: file.content for name, file in carried_templates(brief).items()}
    if built.contents is None or own == today.templates(built.brief.audience):
        return
    if not today.former_templates.issuperset(own.values()):
        yield "its template is not the one of today, nor known to be an earlier one; read what it says of its own"


def _as_of(old: Snapshot, new: Snapshot) -> Iterator[str]:
    if old.facts.as_of != new.facts.as_of:
        yield f"its information is as of {old.facts.as_of}, the facts file's as of {new.facts.as_of}"
    elif old.facts.dated != new.facts.dated:
        yield f"it is dated {old.facts.dated}, the facts file {new.facts.dated}"


def _read_again(comparison: Comparison, built: Document) -> Iterator[str]:
    """Sources that were read again since; what they are believed to say is in the facts."""
    keys = ("accessed", "archive")
    for source in comparison.changes.sources:
        is_read = any(change.path[0] in keys for change in source.changes)
        if is_read and (source.was or source.id) in built.snapshot.facts.sources:
            yield f'the source "{source.id}" was read again since'
