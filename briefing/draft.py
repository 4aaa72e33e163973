"""What a template left behind: Markdown with marks, and what each mark stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.errors import Location, Problem

__all__ = ["Asked", "Claim", "Draft", "Figure", "Use"]


@dataclass(frozen=True, slots=True)
class Use:
    """A fact that is printed as its own sentence, and where the template asks for it."""

    fact: str
    at: Location


@dataclass(frozen=True, slots=True)
class Claim:
    """Prose of the template's own that rests on facts. `prose` has marks for people and quantities."""

    facts: tuple[str, ...]
    prose: str
    at: Location


@dataclass(frozen=True, slots=True)
class Figure:
    """A table or timeline drawn from facts; `quantity` names the one a table prints of facts that have several."""

    form: str
    facts: tuple[str, ...]
    caption: str
    quantity: str
    at: Location


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of the table of recipients that is printed, and where the template asks for it."""

    column: str
    at: Location


@dataclass(frozen=True, slots=True)
class Draft:
    """Markdown with marks; a mark's number is an index into the list for its kind.

    `asked` are the columns of a recipient's row. `looked` says where the template first looked at what one holds, and
    so may read otherwise for another recipient; None: the draft is the same for all. `touched` are all columns that it
    asked for. `templates` are the names of those that ran. `printed_at` says where each text or number of an
    expression is printed first.
    """

    text: str
    uses: Sequence[Use]
    claims: Sequence[Claim]
    literals: Sequence[str]
    printed_at: Mapping[str, Location]
    names: Sequence[str]
    quantities: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    asked: Sequence[Asked]
    looked: Location | None
    touched: tuple[str, ...]
    templates: tuple[str, ...]
    problems: tuple[Problem, ...]
