"""One audience of a project → its brief, within bounds of time and memory, with all that was wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from briefing.audience import Audience, load_audience
from briefing.brief import Brief, select
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.formerly import Meant
from briefing.limits import TimeLimit, memory_within, processor_time_limit
from briefing.mail.templates import letter_audience, letter_template, stray_templates
from briefing.paraphrases import Paraphrase
from briefing.project import Project
from briefing.reviews import SUSPECT, review_problems, state, then
from briefing.rules import check_briefs
from briefing.tongues import tongue_of
from briefing.voice import Voice

__all__ = [
    "Briefs",
    "Selected",
    "briefs",
    "check_audiences",
    "former",
    "selected",
    "selected_letter",
    "with_letters",
]

# Of processor time; a brief of 5,000 facts is selected in 2.
SELECT_SECONDS = 20
# One of 5,000 facts takes 130 MB; text that doubles in a loop reaches this in seconds, and 6 GiB in half a minute.
SELECT_MEMORY = 2**30


@dataclass(frozen=True, slots=True)
class Selected:
    """What became of one audience: its brief, or None where an error bars it; `problems` says why.

    `barred` is what can be told of a brief nevertheless, for whoever compares it with another edition of it.
    """

    audience: Audience | None
    brief: Brief | None
    problems: tuple[Problem, ...]
    exit_code: int = 0
    barred: Brief | None = None

    @property
    def is_suspect(self) -> bool:
        """Whether a paraphrase in it was not read since a fact under it changed."""
        return any(problem.rule == SUSPECT for problem in self.problems)


def selected(
    project: Project, name: str, row: Mapping[str, str] | None = None, *, allow_suspect: bool = False
) -> Selected:
    """The brief for the audience of that name; for the recipient of that row, where there is one."""
    try:
        audience = load_audience(name, project.templates, project.locale)
    except BriefingError as error:
        return Selected(None, None, error.problems, error.exit_code)
    return _selected(project, audience, row, allow_suspect=allow_suspect)


def selected_letter(
    project: Project, name: str, row: Mapping[str, str] | None = None, *, allow_suspect: bool = False
) -> Selected:
    """The brief that the mail to the audience of that name is made of: what it says of its own, or the whole brief."""
    try:
        audience = letter_audience(load_audience(name, project.templates, project.locale))
    except BriefingError as error:
        return Selected(None, None, error.problems, error.exit_code)
    found = _selected(project, audience, row, allow_suspect=allow_suspect)
    # That it leaves most facts to the brief is what it is for.
    said = (problem for problem in found.problems if not problem.rule.startswith("selection-"))
    return replace(found, problems=tuple(said))


def _selected(
    project: Project, audience: Audience, row: Mapping[str, str] | None, *, allow_suspect: bool
) -> Selected:
    if project.facts is None:
        return Selected(audience, None, ())
    try:
        with processor_time_limit(SELECT_SECONDS), memory_within(SELECT_MEMORY):
            brief = select(project.facts, audience, project.faulty, project.loaded_words, row)
    except TimeLimit as error:
        problem = Problem(Location(audience.path), Level.ERROR, f"the brief {error}", "template-time")
        return Selected(audience, None, (problem,), BriefingError.exit_code)
    except MemoryError:
        message = "the brief takes more memory than one may"
        problem = Problem(Location(audience.path), Level.ERROR, message, "template-memory")
        return Selected(audience, None, (problem,), BriefingError.exit_code)
    problems = _sorted([*brief.problems, *_unread(project, brief, allow_suspect=allow_suspect)])
    barred = project.blocking or any(problem.level is Level.ERROR for problem in problems)
    if barred:
        return Selected(audience, None, problems, barred=brief if brief.body else None)
    return Selected(audience, brief, problems)


def _unread(project: Project, brief: Brief, *, allow_suspect: bool) -> Iterable[Problem]:
    """What of the brief must be read; nobody knows where the file that says so is faulty, which bars every brief."""
    if project.reviews is None:
        return ()
    read = project.reviews.get(brief.audience.name, {})

    def told(one: Paraphrase) -> str:
        was = former(project, brief, read)
        voice = Voice(brief.facts, brief.tongue)
        return "".join(
            f'; was: "{was[id, meant]}"; is: "{voice.quiet_words(brief.facts.facts[id])}"'
            for id, meant in then(one, read)
            if was[id, meant]
        )

    return review_problems(brief.paraphrases, read, told, allowed=allow_suspect)


def former(project: Project, brief: Brief, read: Mapping[str, str]) -> Mapping[Meant, str]:
    """The sentences that changed facts of suspect paraphrases had when these were read; all are looked for at once."""
    suspect = (one for one in brief.paraphrases if state(one, read) == "suspect")
    return project.formerly.of([meant for one in suspect for meant in then(one, read)])


@dataclass(frozen=True, slots=True)
class Briefs:
    """The briefs that no error bars, in the order asked for, and all that was found on the way to them."""

    briefs: tuple[Brief, ...]
    problems: tuple[Problem, ...]
    exit_code: int


def briefs(project: Project, audiences: Sequence[str], *, allow_suspect: bool = False) -> Briefs:
    """The briefs of the audiences (all, when none is named), selected as a build selects them; no file is made."""
    names = list(dict.fromkeys(audiences)) or project.audiences
    found = [selected(project, name, allow_suspect=allow_suspect) for name in names]
    problems = [*project.problems, *(problem for one in found for problem in one.problems)]
    failed = any(problem.level is Level.ERROR for problem in problems)
    exit_code = max([int(failed), *(one.exit_code for one in found)])
    return Briefs(tuple(one.brief for one in found if one.brief), _sorted(problems), exit_code)


def with_letters(project: Project, found: Briefs) -> Briefs:
    """The briefs, each with the mail that has claims of its own; without both where the mail cannot be selected."""
    both: list[Brief] = []
    problems = list(found.problems)
    for brief in found.briefs:
        name = brief.audience.name
        if letter_template(name) not in project.templates:
            both.append(brief)
            continue
        letter = selected_letter(project, name, allow_suspect=True)
        problems += letter.problems
        both += [brief, letter.brief] if letter.brief else []
    return Briefs(tuple(both), _sorted(problems), found.exit_code)


def check_audiences(project: Project) -> Briefs:
    """The briefs of the project's own audiences, and the problems of the facts, of each, and of all together."""
    names = project.own_audiences
    if not names:
        return Briefs((), project.problems, 0)
    found = briefs(project, names)
    letters = [selected_letter(project, name) for name in names if letter_template(name) in project.templates]
    told = [problem for letter in letters for problem in letter.problems]
    problems = _sorted([*found.problems, *told, *stray_templates(project.templates, names)])
    if len(found.briefs) == len(names):  # else a brief that shows it may be the one that failed
        problems = _sorted(
            [
                *problems,
                *check_briefs(
                    project.loaded,
                    {b.audience.name: _used(b) for b in found.briefs},
                    tongue_of(project.locale),
                ),
            ]
        )
    return replace(found, problems=problems)


def _used(brief: Brief) -> frozenset[str]:
    return frozenset(one.fact.id for one in brief.used)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))
