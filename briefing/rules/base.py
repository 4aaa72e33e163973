"""What a rule is: an id, a level, a docstring that documents it, and a generator of findings.

Rules look at the facts file (`rule`), at one brief (`rules.briefs`) or at all briefs of a project together
(`rule_over_briefs`). What is found in passing, while a file is read or a page is set, is documented as a `fault`.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from briefing.ears import Ear, ear_of
from briefing.errors import Level, Problem
from briefing.facts import Citation, Fact, Facts, pieces
from briefing.files import Unusable
from briefing.places import Path, Places
from briefing.prose import folded, times_quoted, without_quotations
from briefing.tongues import Tongue

__all__ = [
    "SOMEBODY",
    "Desk",
    "FactsRule",
    "Finding",
    "ProjectDesk",
    "ProjectRule",
    "Rule",
    "fault",
    "own_words",
    "register",
    "rule",
    "rule_over_briefs",
    "rules",
    "rules_of",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that can be wrong: its id (`family-what`), its level, and `doc`, which says what and why it matters."""

    id: str
    level: Level
    doc: str

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]


@dataclass(frozen=True)
class Desk:
    """What the rules of the facts file look at.

    `kept_text(id)` is the text of a source as it was read, None where it is not kept here, and raises Unusable where
    something else stands in its place; `today` is None in a build, whose outputs depend on no clock. `tongue` is that
    of the project, in which its facts are written.
    """

    facts: Facts
    kept_text: Callable[[str], bytes | None]
    tongue: Tongue
    today: datetime.date | None = None

    @cached_property
    def ear(self) -> Ear:
        return ear_of(self.tongue.locale)

    def standing(self) -> Iterator[Fact]:
        """The facts that hold today: neither superseded nor retracted."""
        return (fact for fact in self.facts.facts.values() if fact.status in ("current", "disputed"))

    @cached_property
    def kept(self) -> Mapping[str, bytes]:
        """The texts of the sources that were read, those that are kept here."""
        return {id: text for id, text in self._archive.items() if isinstance(text, bytes)}

    @cached_property
    def unusable(self) -> Mapping[str, str]:
        """The sources in whose text's place something else stands, and what is wrong with it."""
        return {id: str(why) for id, why in self._archive.items() if isinstance(why, Unusable)}

    @cached_property
    def _archive(self) -> Mapping[str, bytes | Unusable | None]:
        return {id: self._looked_up(id) for id, source in self.facts.sources.items() if source.consulted}

    def _looked_up(self, id: str) -> bytes | Unusable | None:
        try:
            return self.kept_text(id)
        except Unusable as error:
            return error

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The kept texts as quotations are compared with them."""
        return {id: folded(text.decode("utf-8", "replace")) for id, text in self.kept.items()}

    @cached_property
    def looked_up(self) -> tuple[tuple[Path, Citation, int], ...]:
        """Each quotation whose source's text is kept here: its place, and how often it stands in that text."""
        return tuple(
            (
                ("facts", fact.id, "cite", number, "quote"),
                cite,
                times_quoted(folded(cite.quote), self.folded[cite.source]),
            )
            for fact in self.facts.facts.values()
            for number, cite in enumerate(fact.cite)
            if cite.quote and cite.source in self.folded
        )


@dataclass(frozen=True, slots=True)
class ProjectDesk:
    """What the rules over all briefs look at: the facts, and per audience which of them its brief uses."""

    facts: Facts
    used: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the path in the facts file (and the words there), what is wrong, and what to do."""

    path: Path
    message: str
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class FactsRule(Rule):
    """A rule over the facts file."""

    find: Callable[[Desk], Iterator[Finding]]

    def problems(self, desk: Desk, places: Places) -> Iterator[Problem]:
        """The findings as problems, each with its place in the file."""
        return (_problem(self, finding, places) for finding in self.find(desk))


@dataclass(frozen=True, slots=True)
class ProjectRule(Rule):
    """A rule over the facts and all briefs of a project; what it finds stands in the facts file."""

    find: Callable[[ProjectDesk], Iterator[Finding]]

    def problems(self, desk: ProjectDesk, places: Places) -> Iterator[Problem]:
        """The findings as problems, each with its place in the file."""
        return (_problem(self, finding, places) for finding in self.find(desk))


def _problem(rule: Rule, finding: Finding, places: Places) -> Problem:
    place = places.of(finding.path, finding.fragment)
    return Problem(place, rule.level, finding.message, rule.id, tuple(map(str, finding.path)))


# What stands for a person or quantity in a sentence whose words are looked at.
SOMEBODY = "X"


def own_words(fact: Fact) -> str:
    """The words of a fact's sentence that are its own: a noun for each placeholder, nothing in quotation marks."""
    return _own_words(fact.text)


@lru_cache(maxsize=20_000)  # several rules look at each sentence
def _own_words(text: str) -> str:
    return without_quotations("".join(part if isinstance(part, str) else SOMEBODY for part in pieces(text)))


_RULES: dict[str, Rule] = {}
_Rule = TypeVar("_Rule", bound=Rule)


def register(rule: _Rule) -> _Rule:
    """Enter a rule into the book; an id is given once."""
    assert rule.id not in _RULES, f"two rules are called {rule.id}"
    assert rule.doc, f"{rule.id} has no docstring"
    _RULES[rule.id] = rule
    return rule


def rule(id: str, level: Level) -> Callable[[Callable[[Desk], Iterator[Finding]]], FactsRule]:
    """Register a generator function over a `Desk` as the rule `id`."""
    return lambda find: register(FactsRule(id, level, inspect.getdoc(find) or "", find))


def rule_over_briefs(
    id: str, level: Level
) -> Callable[[Callable[[ProjectDesk], Iterator[Finding]]], ProjectRule]:
    """Register a generator function over a `ProjectDesk` as the rule `id`."""
    return lambda find: register(ProjectRule(id, level, inspect.getdoc(find) or "", find))


def fault(id: str, doc: str, level: Level = Level.ERROR) -> Rule:
    """Document what is found in passing, by whichever module meets it."""
    return register(Rule(id, level, inspect.cleandoc(doc)))


def rules() -> Mapping[str, Rule]:
    """All rules by id, in order of their ids."""
    return {id: _RULES[id] for id in sorted(_RULES)}


def rules_of(type: type[_Rule]) -> tuple[_Rule, ...]:
    """The rules of one type, in order of their ids."""
    return tuple(rule for rule in rules().values() if isinstance(rule, type))
