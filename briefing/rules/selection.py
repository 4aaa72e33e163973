"""What a brief leaves out: the other side of a contradiction, what a fact is compared with, a whole side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefing.errors import Level, Location
from briefing.facts import Fact
from briefing.rules.base import Desk, Finding, rule
from briefing.rules.briefs import BriefDesk, BriefFinding, rule_over_brief
from briefing.wording import count, numeral

__all__ = [
    "selection_compare",
    "selection_contradiction",
    "selection_extract",
    "selection_left_out",
    "selection_one_side",
]


@rule("selection-extract", Level.WARNING)
def selection_extract(desk: Desk) -> Iterator[Finding]:
    """The facts file is an extract, as documents carry one: it says itself how many facts are on file.

    Every brief prints that number, and nothing here can show that it is true. Take `extract` out once the file is an
    office's own.
    """
    if desk.facts.extract:
        size = count(desk.facts.on_file, "fact")
        message = f'this file is an extract of one with {size}; take "extract" out once the file is yours'
        yield Finding(("extract",), message)


def _standing(fact: Fact) -> bool:
    return fact.status in ("current", "disputed")


def _left_out(desk: BriefDesk, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Location, Fact]]:
    """Of pairs of facts, in either order, those of which the brief uses one alone: what to call that one and where it
    is used, and the other.
    """
    both = set(pairs)
    # A number that others are computed from is used as well, though its own sentence may not be printed.
    within = {other: desk.used[id] for id in desk.used for other in desk.facts.facts[id].basis}
    for one, other in sorted(both | {(b, a) for a, b in both}):
        partner = desk.facts.facts.get(other)
        place = desk.used.get(one) or within.get(one)
        # What was retracted is no other side.
        if place and other not in desk.used and partner and _standing(partner):
            said = f'"{one}"' if one in desk.used else f'"{one}", used in a computed number,'
            yield said, _mendable(desk, place), partner


def _mendable(desk: BriefDesk, place: Location) -> Location:
    """Where it can be mended: nobody has a shipped file."""
    shipped = {file.path for file in desk.audience.templates.values() if file.shipped}
    return Location(desk.audience.path) if place.path in shipped else place


def _lacking(desk: BriefDesk, place: Location, other: Fact) -> str:
    """What is wrong where both should stand; where the place names no line, what to do about it as well."""
    if place != Location(desk.audience.path):
        return f'"{other.id}", which this brief leaves out'
    own = not desk.audience.templates[desk.audience.template].shipped
    where = (
        "a block of its template"
        if own
        else f"a template of your own (briefing init --audience {desk.audience.name})"
    )
    return f'"{other.id}", which the brief {desk.audience.name} leaves out; print that in {where}'


@rule_over_brief("selection-contradiction", Level.ERROR, whole=True)
def selection_contradiction(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A brief uses a fact and leaves out one that `contradicts` it.

    A contradiction is shown, whatever the contract bars.
    """
    pairs = ((fact.id, other) for fact in desk.facts.facts.values() for other in fact.contradicts)
    for one, place, other in _left_out(desk, pairs):
        yield BriefFinding(place, f"{one} contradicts {_lacking(desk, place, other)}")


@rule_over_brief("selection-compare", Level.WARNING, whole=True)
def selection_compare(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A brief uses a fact and leaves out one to be compared with it (`compare`) that its contract allows."""
    pairs = ((fact.id, other.fact) for fact in desk.facts.facts.values() for other in fact.compare)
    for one, place, other in _left_out(desk, pairs):
        if other.kind in desk.audience.contract.kinds:
            yield BriefFinding(place, f"{one} is compared with {_lacking(desk, place, other)}")


_NAMED_AT_MOST = 12


@rule_over_brief("selection-left-out", Level.NOTE, whole=True)
def selection_left_out(desk: BriefDesk) -> Iterator[BriefFinding]:
    """Which facts a brief leaves out that its contract would allow. `briefing index` shows it fact by fact."""
    standing = [fact for fact in desk.facts.facts.values() if _standing(fact)]
    allowed = [fact for fact in standing if fact.kind in desk.audience.contract.kinds]
    absent = [fact.id for fact in allowed if fact.id not in desk.used]
    if absent:
        names = ", ".join(absent[:_NAMED_AT_MOST])
        more = f" and {numeral(len(absent) - _NAMED_AT_MOST)} more" if len(absent) > _NAMED_AT_MOST else ""
        of = f"{numeral(len(absent))} of {count(len(allowed), 'fact')} that its contract allows"
        yield BriefFinding(Location(desk.audience.path), f"the brief leaves out {of}: {names}{more}")


@rule_over_brief("selection-one-side", Level.WARNING, whole=True)
def selection_one_side(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A neutral brief lets some speak and leaves out all that another says, though its contract allows it.

    A side is whoever a statement, assessment, projection, assumption or opinion on file is `by`. Give them a
    sentence, or accept the finding with the reason why they have no part in the matter.
    """
    if not desk.is_neutral:
        return
    facts = [fact for fact in desk.facts.facts.values() if _standing(fact) and desk.facts.is_attributed(fact)]
    heard = {name for fact in facts if fact.id in desk.used for name in fact.by}
    silent: dict[str, int] = {}
    for fact in facts:
        for name in fact.by if fact.kind in desk.audience.contract.kinds else ():
            if name not in heard:
                silent[name] = silent.get(name, 0) + 1
    if heard and silent:
        sides = ", ".join(f"{name} ({count(facts, 'fact')})" for name, facts in silent.items())
        message = f"the brief lets {numeral(len(heard))} speak and leaves out all that these say: {sides}"
        yield BriefFinding(Location(desk.audience.path), message)
