"""A project that is built again and again → what each build did, or why there was none; nothing built is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from briefing.build import Press, build
from briefing.errors import BriefingError, Level, LoadError, Location, PackageMissing, Problem, UsageError
from briefing.halfsaved import half_saved, texts_of
from briefing.outcome import Report, Standing, Wish
from briefing.project import Project, open_project

__all__ = ["Built", "Rebuilding", "Round"]


_Same = tuple[Level, str, str, str]

# Behind these a facts file or a brief is looked at no further: what was wrong with it is not found, and not mended.
_BLIND = frozenset(
    f"template-{what}"
    for what in "error extends front-matter memory missing syntax text time undefined".split()
)


@dataclass(frozen=True, slots=True)
class Built:
    """What was built, and what was asked for."""

    project: Project
    wish: Wish
    report: Report


@dataclass(frozen=True, slots=True)
class Round:
    """One build. `built` is None where the project could not be read.

    `fresh` are problems that the last had not, and `mended` counts errors and warnings that this has not any more.
    """

    problems: tuple[Problem, ...]
    fresh: tuple[Problem, ...]
    mended: int
    built: Built | None = None


class Rebuilding:
    """Builds of one project. What only the first can find, since it is wrong use, is raised by the first."""

    def __init__(self, facts: str, wish: Callable[[Project], Wish], press: Press) -> None:
        self._facts = facts
        self._wish = wish
        self._press = press
        self._own: frozenset[str] = frozenset()
        self._texts: dict[str, str] = {}
        self._told: frozenset[_Same] = frozenset()
        self._is_first = True

    def again(self, watch: Callable[[Standing], None] = lambda standing: None) -> Round:
        """Build what is not up to date. UsageError and PackageMissing from the first build alone."""
        try:
            built = self._built(watch)
        except (UsageError, PackageMissing) as error:
            if self._is_first:
                raise
            return self._round(error.problems)
        except BriefingError as error:
            return self._round(error.problems)
        except OSError as error:  # the disk is full, or a folder went away in the middle of it
            place = Location(str(error.filename or self._facts))
            return self._round((Problem(place, Level.ERROR, error.strerror or str(error), "system"),))
        return self._round(built.report.problems, built)

    def _built(self, watch: Callable[[Standing], None]) -> Built:
        project = open_project(self._facts)
        try:
            wish = self._wish(project)
        except LoadError as error:  # a faulty table; what is wrong with the facts is told in the same run
            raise LoadError((*project.problems, *error.problems)) from None
        self._keep_to_whole(project, wish)
        self._keep_to(project, wish)
        # What was believed once in this run was made by this run.
        wish = replace(wish, force=wish.force and self._is_first)
        report = build(project, wish, self._press, watch)
        unknown = [problem for problem in report.problems if problem.rule == "unknown-audience"]
        if unknown and self._is_first:
            raise UsageError(unknown)
        return Built(project, wish, report)

    def _keep_to_whole(self, project: Project, wish: Wish) -> None:
        """Refuse to build from files that are half saved; what is left of a sentence would be printed."""
        now = texts_of(project, *([wish.recipients.path] if wish.recipients else []))
        half = tuple(half_saved(self._texts, now))
        cut = {problem.location.path for problem in half}
        self._texts |= {path: text for path, text in now.items() if path not in cut}
        if half:
            raise BriefingError(half)

    def _keep_to(self, project: Project, wish: Wish) -> None:
        """Refuse to put generic briefs in the place of a project's own, because its templates moved for a moment."""
        now = frozenset(project.own_audiences)
        gone = self._own - now
        if gone and (not now or gone & {*wish.audiences} & {*project.generic_audiences}):
            folder = project.folder / "templates"
            message = (
                f"the templates are gone ({', '.join(sorted(gone))}); what was built stays until they are back."
                " To build the generic briefs, start anew"
            )
            problem = Problem(Location(str(folder)), Level.ERROR, message, "template-gone")
            raise BriefingError((*project.problems, problem))
        self._own = now

    def _round(self, problems: tuple[Problem, ...], built: Built | None = None) -> Round:
        self._is_first = False
        before, now = self._told, frozenset(map(_same, problems))
        # Where not all could be read, nobody knows what was mended.
        self._told = now if built and not _is_blind(built) else before | now
        fresh = tuple(problem for problem in problems if _same(problem) not in before)
        mended = sum(level >= Level.WARNING for level, *_ in before - self._told)
        return Round(problems, fresh, mended, built)


def _is_blind(built: Built) -> bool:
    return built.project.facts is None or any(problem.rule in _BLIND for problem in built.report.problems)


def _same(problem: Problem) -> _Same:
    """What a problem is known by when lines above it come and go."""
    return problem.level, problem.location.path, problem.rule, problem.message
