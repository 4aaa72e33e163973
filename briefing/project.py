"""The files of a project: where they stand, the facts with all problems, the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from briefing.audience import Templates, audience_names, read_templates
from briefing.errors import Level, Problem
from briefing.facts import Facts
from briefing.house import shipped_house
from briefing.load import load, read_file
from briefing.rules import check_facts
from briefing.scalars import check_id

__all__ = ["Project", "open_project"]

# A kept text larger than this is no article and no report.
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Project:
    """A facts file that was read, and what stands beside it.

    `facts` is None when the file cannot be used; `problems` are those of the facts file, all of them.
    """

    path: Path
    facts: Facts | None
    problems: tuple[Problem, ...]
    templates: Templates
    house: Path

    @property
    def folder(self) -> Path:
        return self.path.parent

    @cached_property
    def own_audiences(self) -> list[str]:
        return audience_names(self.templates, generic=False)

    @cached_property
    def audiences(self) -> list[str]:
        """The project's own audiences; where there are none, the generic ones."""
        return self.own_audiences or self.generic_audiences

    @cached_property
    def generic_audiences(self) -> list[str]:
        return audience_names(self.templates, generic=True)

    def house_file(self, name: str) -> Path:
        """A file of the house: the project's own where it has one."""
        own = self.folder / "templates" / "house" / name
        return (
            own
            if own.is_file() and own.resolve().is_relative_to(self.folder.resolve())
            else self.house / name
        )

    @cached_property
    def faulty(self) -> Mapping[str, Problem]:
        """Facts that an error bars from every brief: their own, or one of a source or person they need."""
        errors: dict[tuple[str, ...], Problem] = {}
        for problem in self.problems:
            if problem.level is Level.ERROR and len(problem.subject) >= 2:
                errors.setdefault(problem.subject[:2], problem)
        faulty: dict[str, Problem] = {}
        for fact in self.facts.facts.values() if self.facts else ():
            needs = [("facts", fact.id)]
            needs += [("sources", cite.source) for cite in fact.cite]
            needs += [("people", name) for name in (*fact.by, *fact.placeholders)]
            found = next((errors[need] for need in needs if need in errors), None)
            if found:
                faulty[fact.id] = found
        return faulty

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Errors of the file as a whole, which bar every brief."""
        return tuple(p for p in self.problems if p.level is Level.ERROR and len(p.subject) < 2)


def open_project(path: str) -> Project:
    """Read the facts file at `path` and the templates beside it. UsageError when the file cannot be read."""
    data = read_file(path)
    file = Path(path)
    loaded = load(data, path)
    problems = check_facts(loaded, lambda id: _kept_text(file.parent, id))
    broken = any(problem.level is Level.ERROR for problem in loaded.problems)
    house = shipped_house()
    templates = read_templates(file.parent / "templates", str(Path(path).parent / "templates"), house)
    return Project(file, None if broken else loaded.facts, problems, templates, house)


def _kept_text(folder: Path, id: str) -> bytes | None:
    """The text of a source as it was read: `archive/<id>.txt`, or None where it is not kept here."""
    try:
        file = folder / "archive" / f"{check_id(id)}.txt"
        if not file.resolve().is_relative_to(folder.resolve()) or file.stat().st_size > _MOST_BYTES:
            return None
        return file.read_bytes()
    except (OSError, ValueError):
        return None
