"""Comparison → what text, Markdown and HTML say of it, in sections of items: the same words in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from briefing.changes import SORTS, Altered, Change, Sort
from briefing.comparison import ComparedBrief, Comparison
from briefing.facts import Fact
from briefing.redlining import Run
from briefing.snapshots import Snapshot
from briefing.touching import TouchedSentence, Touches
from briefing.wording import count, numeral

__all__ = ["Item", "Line", "Outline", "Section", "field_name", "outline"]

_MOST_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """`label: text`, or a text with its words marked."""

    label: str
    text: str = ""
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """`name` is an id, or the number of a sentence; `about` goes on behind it, the lines stand below."""

    name: str
    about: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    intro: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """`names` say what was compared, `summary` counts what was found, `notes` are what to know of the two."""

    names: str
    summary: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def outline(comparison: Comparison) -> Outline:
    """What there is to say, the gravest first."""
    sections = (
        *_facts(comparison.changes.facts),
        *_reread(comparison),
        *_others("Sources", comparison.changes.sources),
        *_others("People", comparison.changes.people),
        *_head(comparison.changes.head),
        *(_brief(brief, comparison) for brief in comparison.briefs if brief.is_touched),
        *_untouched(comparison.briefs),
    )
    old, new = comparison.old, comparison.new
    return Outline(
        f"{_named(old)} → {_named(new)}", _summary(comparison), tuple(_notes(comparison)), sections
    )


def _named(one: Snapshot) -> str:
    """`facts.yaml at v1 (3f2a91c0de, 2026-01-26)`"""
    if one.commit is None or one.brief:
        return one.name
    hash = "" if one.name.endswith(one.commit.short) else f"{one.commit.short}, "
    return f"{one.name} ({hash}{one.commit.day})"


# --- summary ------------------------------------------------------------------------------------------

_PHRASES: dict[Sort, str] = {
    "carried anew": "carried by the new document alone",
    "not carried": "no longer carried",
}


def _summary(comparison: Comparison) -> str:
    """`one fact superseded, two changed; one source added; 2 of 3 briefs touched`"""
    found = comparison.changes
    if not found:
        return "no change"
    parts = [
        _counted(found.facts, "fact", "facts"),
        _counted(found.sources, "source", "sources"),
        _counted(found.people, "person", "people"),
        f"{' and '.join(_spaced(change.path[0]) for change in found.head)} changed" if found.head else "",
    ]
    if comparison.briefs:
        touched = sum(brief.is_touched for brief in comparison.briefs)
        briefs = "brief" if len(comparison.briefs) == 1 else "briefs"
        parts.append(f"{touched} of {len(comparison.briefs)} {briefs} touched")
    return "; ".join(filter(None, parts))


def _counted(altered: Sequence[Altered], one: str, many: str) -> str:
    said: list[str] = []
    for sort in SORTS:
        number = sum(each.sort == sort for each in altered)
        if number:
            counted = numeral(number) if said else count(number, one, many)
            said.append(f"{counted} {_PHRASES.get(sort, sort)}")
    return ", ".join(said)


def _notes(comparison: Comparison) -> Iterator[str]:
    for one in (comparison.old, comparison.new):
        if one.brief is None:
            continue
        extract = one.facts.extract
        if one.traced and one.commit:
            commit = f"commit {one.commit.short} of {one.commit.day}, “{one.commit.subject}”"
            yield f"{one.name} is what is built from {commit}."
        elif one.traced:
            yield f"{one.name} is what is built from the facts file as it is."
        of = f" of the {extract.on_file} on file then" if extract else ""
        carries = f"{one.name}, for {one.brief.audience}, rests on {count(len(one.facts.facts), 'fact')}{of}"
        yield f"{carries}; what it does not rest on is not compared."
    audiences = {one.brief.audience for one in (comparison.old, comparison.new) if one.brief}
    if len(audiences) > 1:
        yield "The two documents are for different audiences, so that their sentences are not compared."


# --- facts, sources, people ---------------------------------------------------------------------------

_TITLES: dict[Sort, str] = {
    "retracted": "Retracted facts",
    "superseded": "Superseded facts",
    "changed": "Changed facts",
    "renamed": "Renamed facts",
    "added": "Added facts",
    "removed": "Removed facts",
    "carried anew": "Facts that only the new document carries",
    "not carried": "Facts that the new document no longer carries",
}


def _facts(facts: Sequence[Altered]) -> Iterator[Section]:
    for sort in SORTS:
        items = tuple(
            Item(one.id, _about_fact(one), _lines(one.changes)) for one in facts if one.sort == sort
        )
        if items:
            yield Section(_TITLES[sort], items=items)


def _about_fact(one: Altered) -> str:
    """` (Aid since 2022), by aid-2026: a newer count is out`, which stands behind the id."""
    named = f" ({one.name})" if one.name else ""
    if one.sort in ("retracted", "superseded"):
        return f"{named}{f', by {one.by}' if one.by else ''}{f': {one.why}' if one.why else ''}"
    if one.sort == "renamed":
        return f"{named}, which was {one.was}"
    return named if one.sort == "changed" else f"{named}: {one.kind}: {one.words}"


def _reread(comparison: Comparison) -> Iterator[Section]:
    items = tuple(
        Item(one.id, f"{f' ({one.name})' if one.name else ''} rests on {_listed(one.because)}")
        for one in comparison.changes.reread
    )
    if items:
        yield Section("To be read again", ("Facts that depend on what changed.",), items)


def _others(title: str, altered: Sequence[Altered]) -> Iterator[Section]:
    if altered:
        in_order = sorted(altered, key=lambda one: SORTS.index(one.sort))
        yield Section(
            title, items=tuple(Item(one.id, _about_other(one), _lines(one.changes)) for one in in_order)
        )


def _about_other(one: Altered) -> str:
    """`: added: [3] Minutes of the council`"""
    if one.sort == "changed":
        return f" ({one.name})" if one.name not in ("", one.id) else ""
    return f", which was {one.was}" if one.was else f": {_PHRASES.get(one.sort, one.sort)}: {one.words}"


def _head(head: Sequence[Change]) -> Iterator[Section]:
    if head:
        yield Section("The file itself", items=tuple(Item("", "", (line,)) for line in _lines(head)))


# --- fields -------------------------------------------------------------------------------------------

_KEYS = frozenset(one.name for one in fields(Fact))
_WORDS = {"at": "place", "computed": "formula"}


def field_name(path: Sequence[str]) -> str:
    """As an editor knows it: `amount`, `amount, unit`, `cite minutes, quote`, `review by`."""
    key, *rest = path
    if not rest:
        return _spaced(key)
    if key in ("reliability", "credibility", "archive"):
        return key if rest == ["grade"] else f"{key}, {rest[0]}"
    name, *aspect = rest
    if key == "quantities":
        called = f"quantity {name}" if name in _KEYS else name
    else:
        called = f"compare with {name}" if key == "compare" else f"{key} {name}"
    return ", ".join((called, *(_WORDS.get(word, word) for word in aspect)))


def _lines(changes: Iterable[Change]) -> tuple[Line, ...]:
    return tuple(_line(change) for change in changes)


def _line(change: Change) -> Line:
    label = field_name(change.path)
    if change.runs:
        return Line(label, runs=change.runs)
    through = f"through {_listed(change.through)}" if change.through else ""
    if change.old == change.new:
        return Line(label, f"{change.new}, as before, {through}")
    if len(change.path) > 1 and not (change.old and change.new):
        return Line(label, f"added: {change.new}" if change.new else f"removed: {change.old}")
    text = f"{change.old or 'none'} → {change.new or 'none'}"
    return Line(label, f"{text}, {through}" if through else text)


def _spaced(key: str) -> str:
    return key.replace("_", " ")


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids)


# --- briefs -------------------------------------------------------------------------------------------


def _brief(brief: ComparedBrief, comparison: Comparison) -> Section:
    title = f"{brief.audience}: {brief.title}" if brief.title else brief.audience
    intro = [_rests_on(brief.touches), *_errors(brief, comparison)]
    if not (brief.touches.sentences or any(brief.errors)):
        intro.append("None of its sentences reads otherwise or has to be read again.")
    if brief.touches.renumbered:
        sentences = count(brief.touches.renumbered, "more sentence")
        intro.append(f"In {sentences} only the numbers of citations differ.")
    return Section(title, tuple(filter(None, intro)), tuple(map(_sentence, brief.touches.sentences)))


def _rests_on(touches: Touches) -> str:
    """`It rests on what changed: the facts a and b; the source c; as of.`"""
    named = [
        f"{one if len(ids) == 1 else many} {_listed(ids)}"
        for one, many, ids in (
            ("the fact", "the facts", touches.facts),
            ("the source", "the sources", touches.sources),
            ("the person", "the people", touches.people),
            ("the file’s", "the file’s", tuple(map(_spaced, touches.head))),
        )
        if ids
    ]
    return f"It prints or rests on what changed: {'; '.join(named)}." if named else ""


def _errors(brief: ComparedBrief, comparison: Comparison) -> Iterator[str]:
    for one, errors in zip((comparison.old, comparison.new), brief.errors, strict=True):
        if one is comparison.old and any(error.rule == "unknown-audience" for error in errors):
            yield f"It is new: at {one.name} there was no such audience, so its sentences are compared with none."
        elif errors:
            told = "its sentences are listed as far as they can be told"
            yield f"It cannot be built from {one.name}, for {count(len(errors), 'error')}; {told}:"
            yield from map(str, errors[:_MOST_ERRORS])


def _sentence(touched: TouchedSentence) -> Item:
    """`4. reads otherwise (aid-since-2022)`, and the sentence with its words marked."""
    because = f" ({_listed(touched.because)})" if touched.because else ""
    under = "the fact under it" if len(touched.because) == 1 else "what is under it"
    said = {
        "reworded": f"reads otherwise{because}" if because else "reads otherwise, for what changed before it",
        "same words": f"has the same words, and {under} changed{because}: read it again",
        "new": f"is new{because}",
        "gone": f"is gone{because}",
        "alone": f"rests on what changed{because}",
    }[touched.sort]
    shown = touched.new or touched.old
    assert shown
    runs = touched.runs or (Run("kept", shown.text),)
    above = f"{shown.heading}: " if shown.heading else ""
    place = "" if touched.new else "(old) "
    return Item(f"{shown.number}.", f" {place}{above}{said}", (Line("", runs=runs),))


def _untouched(briefs: Sequence[ComparedBrief]) -> Iterator[Section]:
    names = [brief.audience for brief in briefs if not brief.is_touched]
    if names:
        yield Section("Not touched", (f"{', '.join(names)}.",))
