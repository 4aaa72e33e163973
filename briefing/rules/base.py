"""What a rule is: a generator of findings over the facts, with an id, a level and a docstring that documents it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from briefing.errors import Level, Problem
from briefing.facts import Facts
from briefing.places import Path, Places

__all__ = ["Desk", "Finding", "Rule", "rule", "rules"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What rules look at: the facts, and the kept texts of sources (`kept_text(id)` is None where none is here)."""

    facts: Facts
    kept_text: Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the path in the facts file (and the words there), what is wrong, and what to do."""

    path: Path
    message: str
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its id and level; `doc` says what it finds and why that matters."""

    id: str
    level: Level
    find: Callable[[Desk], Iterator[Finding]]

    @property
    def doc(self) -> str:
        return self.find.__doc__ or ""

    def problems(self, desk: Desk, places: Places) -> Iterator[Problem]:
        """The findings as problems, each with its place in the file."""
        for finding in self.find(desk):
            yield Problem(
                places.of(finding.path, finding.fragment),
                self.level,
                finding.message,
                self.id,
                tuple(map(str, finding.path)),
            )


_RULES: dict[str, Rule] = {}


def rule(id: str, level: Level) -> Callable[[Callable[[Desk], Iterator[Finding]]], Rule]:
    """Register a generator function as the rule `id`."""

    def register(find: Callable[[Desk], Iterator[Finding]]) -> Rule:
        assert id not in _RULES, f"two rules are called {id}"
        _RULES[id] = Rule(id, level, find)
        return _RULES[id]

    return register


def rules() -> tuple[Rule, ...]:
    """All rules that were registered, by id."""
    return tuple(_RULES[id] for id in sorted(_RULES))
