"""Names that lead nowhere: sources, people, facts and placeholders that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level, did_you_mean
from briefing.facts import Fact, mistyped
from briefing.places import Path
from briefing.rules.base import Desk, Finding, rule

__all__ = ["unknown_fact", "unknown_person", "unknown_placeholder", "unknown_source"]


@rule("unknown-source", Level.ERROR)
def unknown_source(desk: Desk) -> Iterator[Finding]:
    """A fact cites, or a source rests on, a source that is not in the file.

    Give the source an entry at the end of `sources:`, or mend the name.
    """
    sources = desk.facts.sources
    named: list[tuple[Path, str]] = [
        (("facts", fact.id, "cite", number, "source"), cite.source)
        for fact in desk.facts.facts.values()
        for number, cite in enumerate(fact.cite)
    ]
    named += [
        (("sources", source.id, "derived_from", number), below)
        for source in sources.values()
        for number, below in enumerate(source.derived_from)
    ]
    for path, name in named:
        if name not in sources:
            yield Finding(path, f'unknown source "{name}"{did_you_mean(name, sources)}')


@rule("unknown-person", Level.ERROR)
def unknown_person(desk: Desk) -> Iterator[Finding]:
    """`by` names somebody who is not under `people:`."""
    people = desk.facts.people
    for fact in desk.facts.facts.values():
        for number, name in enumerate(fact.by):
            if name not in people:
                yield Finding(
                    ("facts", fact.id, "by", number), f'unknown person "{name}"{did_you_mean(name, people)}'
                )


@rule("unknown-placeholder", Level.ERROR)
def unknown_placeholder(desk: Desk) -> Iterator[Finding]:
    """`{name}` in a text names neither a person nor one of the fact's quantities, or names both.

    For a brace that should be printed, write it twice: `{{`.
    """
    people = desk.facts.people
    for fact in desk.facts.facts.values():
        for name in fact.placeholders:
            path: Path = ("facts", fact.id, "text")
            if name in people and name in fact.quantities:
                message = f"{{{name}}} is both a person and a quantity of this fact; rename the quantity"
                yield Finding(path, message, f"{{{name}}}")
            elif name not in people and name not in fact.quantities:
                known = [*people, *fact.quantities]
                message = (
                    f"{{{name}}} is neither a person nor a quantity of this fact{did_you_mean(name, known)}"
                )
                yield Finding(path, message, f"{{{name}}}")
        for braces in mistyped(fact.text, {*people, *fact.quantities}):
            message = f"{braces} stands for nothing; a person or quantity is written {{name}}, as its id is"
            yield Finding(("facts", fact.id, "text"), message, braces)


def _named_facts(fact: Fact) -> Iterator[tuple[Path, str]]:
    here: Path = ("facts", fact.id)
    if fact.supersedes:
        yield (*here, "supersedes"), fact.supersedes
    for key in ("contradicts", "depends_on"):
        for number, name in enumerate(getattr(fact, key)):
            yield (*here, key, number), name
    for number, comparison in enumerate(fact.compare):
        yield (*here, "compare", number, "with"), comparison.fact


@rule("unknown-fact", Level.ERROR)
def unknown_fact(desk: Desk) -> Iterator[Finding]:
    """A fact supersedes, contradicts, is compared with or depends on one that is not in the file, or on itself."""
    facts = desk.facts.facts
    for fact in facts.values():
        for path, name in _named_facts(fact):
            if name in desk.facts.elsewhere:
                continue
            if name not in facts:
                yield Finding(path, f'unknown fact "{name}"{did_you_mean(name, facts)}')
            elif name == fact.id:
                yield Finding(path, f'"{name}" is this fact itself')
