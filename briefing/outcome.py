"""What a build is asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import Problem
from briefing.limits import DEFAULT, Limits
from briefing.recipients import Recipients

if TYPE_CHECKING:
    from briefing.earlier import EarlierFacts

__all__ = ["CURRENT", "FORMATS", "Outcome", "Report", "Shard", "Standing", "Wish"]

FORMATS = ("md", "pdf", "html", "txt", "docx")
CURRENT = "up to date"


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `of` parts of a build: every `of`-th brief, from the `number`-th on, counted from 1."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: audiences (none: all), formats, and into which folder.

    `check`: compare and write nothing; `force`: believe nothing that was built before. With `recipients`, one brief
    for each row; with `shard`, a part of the briefs. `allow_suspect`: print what nobody has read since a fact changed,
    with a marking on every page. `since`: say in each brief what changed since that edition.
    """

    audiences: Sequence[str]
    out: Path
    formats: Sequence[str]
    check: bool = False
    force: bool = False
    limits: Limits = DEFAULT
    recipients: Recipients | None = None
    shard: Shard = Shard(1, 1)
    allow_suspect: bool = False
    since: EarlierFacts | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `status`: written, current, stale (only when checking) or failed; `why` in words.

    `pages` is the number of pages of a PDF, None for other formats; `recipient` the slug of the row it is for.
    """

    audience: str
    format: str
    path: Path
    status: str
    why: str
    pages: int | None = None
    facts: int = 0
    sources: int = 0
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a build is: briefs done, of how many; what is in work: name, what is being done, for how many seconds."""

    done: int
    total: int
    doing: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a build did and found. `files` are those that it wrote or believed, each with its bytes' fingerprint."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    exit_code: int
    files: Mapping[str, str] = field(default_factory=dict)

    def again(self) -> Report:
        """What the next build reports when nothing has changed until then."""
        outcomes = [
            replace(outcome, status="current", why=CURRENT) if outcome.status == "written" else outcome
            for outcome in self.outcomes
        ]
        return replace(self, outcomes=tuple(outcomes))
