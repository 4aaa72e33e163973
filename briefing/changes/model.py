"""What changed between two facts files, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from briefing.redlining import Run

__all__ = ["SORTS", "Altered", "Change", "Changes", "Reread", "Sort"]

# What is said for its own sake or for the office's: a sentence that was true to its fact still is.
_HOUSEKEEPING = frozenset(("accept", "depends_on", "label", "review_by", "tags"))

Sort = Literal[
    "retracted", "superseded", "changed", "renamed", "added", "removed", "carried anew", "not carried"
]
# In the order in which they are told.
SORTS: tuple[Sort, ...] = (
    *("retracted", "superseded", "changed", "renamed", "added", "removed", "carried anew", "not carried"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something else: `path` is its way in the file, `("quantities", "amount", "unit")`.

    `old` and `new` are in words, and empty where it says nothing. `runs` mark the words, where it is a text of which
    some stayed. `through`: of what is computed, the quantities of other facts that changed it (`aid-2022.amount`).
    """

    path: tuple[str, ...]
    old: str
    new: str
    runs: tuple[Run, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def of_meaning(self) -> bool:
        """Whether what rests on the fact has to be read again."""
        return self.path[0] not in _HOUSEKEEPING and self.path[-1] != "at"


@dataclass(frozen=True, slots=True)
class Altered:
    """A person, source or fact that is not what it was.

    `name` is its short name, or empty; `words` are what a reader is told of it, today's where it is still there; `kind`
    is a fact's.
    `by` is the fact that supersedes it, `why` the reason of its status, `was` its id in the old file where that was
    another one. "carried anew" and "not carried" are those of two documents that only one of them carries.
    """

    id: str
    sort: Sort
    name: str
    words: str
    kind: str = ""
    changes: tuple[Change, ...] = ()
    by: str = ""
    why: str = ""
    was: str = ""

    @property
    def of_meaning(self) -> bool:
        """Whether a sentence that rests on it has to be read again."""
        return self.sort not in ("changed", "renamed") or any(change.of_meaning for change in self.changes)


@dataclass(frozen=True, slots=True)
class Reread:
    """A fact that `depends_on` others, of which these changed."""

    id: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed: in the `head` of the file (title, dates), people, sources and facts, in the order of the file.

    `reread` are the facts that rest on changed ones. False when nothing changed.
    """

    head: tuple[Change, ...]
    people: tuple[Altered, ...]
    sources: tuple[Altered, ...]
    facts: tuple[Altered, ...]
    reread: tuple[Reread, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.head or self.people or self.sources or self.facts)
