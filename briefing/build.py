"""Project → briefs in the output folder: `publish(typeset(render(select(facts, audience))))` for each audience."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.audience import Audience, load_audience
from briefing.brief import Brief, select
from briefing.edition import Edition, edition
from briefing.errors import BriefingError, Level, Location, Problem, SystemLibraryMissing
from briefing.limits import TimeLimit, memory_within, time_limit
from briefing.page import page
from briefing.project import Project
from briefing.publish import holds, publish
from briefing.render import render
from briefing.rules import check_briefs
from briefing.typeset import page_html, typeset

__all__ = ["FORMATS", "Outcome", "Report", "Selected", "briefs", "build", "check_audiences"]

FORMATS = ("md", "pdf", "html")
# A brief of 5,000 facts is selected in 2 seconds and typeset in about a minute.
SELECT_SECONDS = 60
# One of 5,000 facts takes 130 MB; text that doubles in a loop reaches this in seconds, and 6 GiB in half a minute.
SELECT_MEMORY = 2**30
TYPESET_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `status`: written, current, stale (only when checking) or failed; `why` in words.

    `pages` is the number of pages of a PDF, None for other formats.
    """

    audience: str
    format: str
    path: Path
    status: str
    why: str
    pages: int | None = None
    facts: int = 0
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All that a build did and found."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class _Made:
    """The content of one file, or why there is none."""

    content: bytes | None
    pages: int | None = None
    why: str = "errors; nothing was written"


def build(
    project: Project, audiences: Sequence[str], out: Path, formats: Sequence[str], *, check: bool = False
) -> Report:
    """Build the audiences (all, when none is named) into `out`; with `check`, compare and write nothing."""
    names = list(dict.fromkeys(audiences)) or project.audiences
    outcomes: list[Outcome] = []
    problems: list[Problem] = list(project.problems)
    exit_code = 0
    for name in names:
        job = _Job(project, name, out, formats, check)
        outcomes += job.outcomes()
        problems += job.problems
        exit_code = max(exit_code, job.exit_code)
    if check and not audiences:
        outcomes += _strays({*names, *project.generic_audiences}, out, formats)
    failed = any(outcome.status in ("failed", "stale") for outcome in outcomes)
    if failed or any(problem.level is Level.ERROR for problem in problems):
        exit_code = max(exit_code, 1)
    return Report(tuple(outcomes), _sorted(problems), exit_code)


def check_audiences(project: Project) -> tuple[Problem, ...]:
    """The problems of the facts, of each of the project's own audiences, and of all briefs together."""
    problems = list(project.problems)
    used: dict[str, frozenset[str]] = {}
    for name in project.own_audiences:
        job = _Job(project, name, Path(), (), check=True)
        brief = job.brief()
        problems += job.problems
        if brief is not None:
            used[name] = frozenset(one.fact.id for one in brief.used)
    if used and len(used) == len(
        project.own_audiences
    ):  # else a brief that shows it may be the one that failed
        problems += check_briefs(project.loaded, used)
    return _sorted(problems)


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))


class _Job:
    """One audience in all its formats."""

    def __init__(self, project: Project, name: str, out: Path, formats: Sequence[str], check: bool) -> None:
        self.project = project
        self.name = name
        self.out = out
        self.formats = formats
        self.check = check
        self.problems: list[Problem] = []
        self.exit_code = 0

    def brief(self) -> Brief | None:
        """The brief, or None when an error bars it."""
        try:
            audience = load_audience(self.name, self.project.templates)
        except BriefingError as error:
            self._fail(error)
            return None
        if self.project.facts is None:
            return None
        try:
            with time_limit(SELECT_SECONDS), memory_within(SELECT_MEMORY):
                brief = select(self.project.facts, audience, self.project.faulty, self.project.loaded_words)
        except TimeLimit as error:
            self._fail(
                BriefingError(
                    Problem(Location(audience.path), Level.ERROR, f"the brief {error}", "template-time")
                )
            )
            return None
        self.problems += brief.problems
        errors = any(problem.level is Level.ERROR for problem in brief.problems)
        return None if errors or self.project.blocking else brief

    def outcomes(self) -> Iterator[Outcome]:
        brief = self.brief()
        if brief is None:
            for format in self.formats:
                yield Outcome(self.name, format, self._path(format), "failed", _Made(None).why)
            return
        printed = edition(brief)
        made = {format: self._made(format, brief.audience, printed) for format in self.formats}
        whole = (
            all(one.content is not None for one in made.values())
            or self.exit_code == SystemLibraryMissing.exit_code
        )
        for format, one in made.items():
            yield self._outcome(format, one if whole else _Made(None), brief)

    def _made(self, format: str, audience: Audience, printed: Edition) -> _Made:
        makers: dict[str, Callable[[], _Made]] = {
            "md": lambda: _Made(render(printed).encode()),
            "html": lambda: _Made(self._html(printed)),
            "pdf": lambda: self._pdf(audience, printed),
        }
        try:
            return makers[format]()
        except SystemLibraryMissing as error:
            self._fail(error)
            return _Made(None, why="a system library is missing")
        except BriefingError as error:
            self._fail(error)
            return _Made(None)

    def _html(self, printed: Edition) -> bytes:
        return page_html(
            page(printed), css=self._house("brief.css"), page_template=self._house("page.html.j2")
        ).encode()

    def _pdf(self, audience: Audience, printed: Edition) -> _Made:
        where = Location(audience.path)
        try:
            with time_limit(TYPESET_SECONDS):
                set_type = typeset(
                    page(printed),
                    css=self._house("brief.css"),
                    page_template=self._house("page.html.j2"),
                    fonts=self.project.house / "fonts",
                    where=where,
                )
        except TimeLimit as error:
            raise BriefingError(Problem(where, Level.ERROR, f"the PDF {error}", "typeset-time")) from None
        self.problems += set_type.problems
        most = audience.contract.max_pages
        if most is not None and set_type.body_pages > most:
            message = f"the body has {set_type.body_pages} pages; the contract allows {most}"
            raise BriefingError(Problem(audience.at("max_pages"), Level.ERROR, message, "template-max-pages"))
        return _Made(set_type.pdf, set_type.pages)

    def _house(self, name: str) -> str:
        path = self.project.house_file(name)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = (
                "is not UTF-8"
                if isinstance(error, UnicodeDecodeError)
                else f"cannot be read: {error.strerror}"
            )
            shown = f"templates/house/{name}"
            raise BriefingError(Problem(Location(shown), Level.ERROR, why, "template-house")) from None

    def _outcome(self, format: str, made: _Made, brief: Brief) -> Outcome:
        path = self._path(format)
        status, why = self._settled(path, made)
        if status == "failed":
            return Outcome(self.name, format, path, status, why)
        return Outcome(self.name, format, path, status, why, made.pages, len(brief.used), len(brief.sources))

    def _settled(self, path: Path, made: _Made) -> tuple[str, str]:
        """Status and reason, once the content is where it belongs."""
        content = made.content
        if content is None:
            return "failed", made.why
        if holds(path, content):
            return "current", "up to date"
        why = "content changed" if path.exists() else "new"
        if self.check:
            return "stale", "would change" if path.exists() else "is missing"
        try:
            publish(path, content)
        except BriefingError as error:
            self._fail(error)
            return "failed", "could not be written"
        return "written", why

    def _path(self, format: str) -> Path:
        return self.out / f"{self.name}.{format}"

    def _fail(self, error: BriefingError) -> None:
        self.problems += error.problems
        self.exit_code = max(self.exit_code, error.exit_code)


def _strays(names: Collection[str], out: Path, formats: Sequence[str]) -> Iterator[Outcome]:
    """Briefs in the output folder that no audience makes any more."""
    for format in formats:
        for path in sorted(out.glob(f"*.{format}")):
            if path.stem not in names and not path.name.startswith("."):
                yield Outcome(path.stem, format, path, "stale", "no audience makes this file; delete it")


@dataclass(frozen=True, slots=True)
class Selected:
    """The briefs that no error bars, in the order asked for, and all that was found on the way to them."""

    briefs: tuple[Brief, ...]
    problems: tuple[Problem, ...]
    exit_code: int


def briefs(project: Project, audiences: Sequence[str]) -> Selected:
    """The briefs of the audiences (all, when none is named), selected as a build selects them; no file is made."""
    names = list(dict.fromkeys(audiences)) or project.audiences
    jobs = [_Job(project, name, Path(), (), check=True) for name in names]
    selected = [brief for brief in [job.brief() for job in jobs] if brief is not None]
    problems = [*project.problems, *(problem for job in jobs for problem in job.problems)]
    failed = any(problem.level is Level.ERROR for problem in problems)
    exit_code = max([int(failed), *(job.exit_code for job in jobs)])
    return Selected(tuple(selected), _sorted(problems), exit_code)
