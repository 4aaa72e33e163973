"""`briefing check`: every rule over facts and templates."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import one_of, rule, rules
from briefing.cli.terminal import Facts, hint, say, tell, usage
from briefing.errors import BriefingError, Level, Problem, did_you_mean

if TYPE_CHECKING:
    from briefing.brief import Brief
    from briefing.project import Project

__all__ = ["check_command"]


def check_command(
    facts: Facts = "facts.yaml",
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            autocompletion=one_of("text", "json", "github", "sarif", "junit"),
            help="text, json, github, sarif or junit; text, or github in GitHub Actions.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="RULES",
            autocompletion=rules,
            help="Only these rules or families, with commas between.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="RULES",
            autocompletion=rules,
            help="Not these rules or families, with commas between.",
        ),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option("--today", metavar="DATE", help="The day that review_by is compared with; today."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="RULE",
            autocompletion=rule,
            help="Say what a rule or family finds, and why; check nothing.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
) -> None:
    """Check the facts and the templates; write nothing."""
    from briefing.cutoff import cutoff_problems
    from briefing.mail.settings import settings_problems
    from briefing.project import open_project
    from briefing.report import FORMATS, check_output
    from briefing.report.summary import job_summary
    from briefing.rulebook import chosen, doc, explained, of_rules
    from briefing.selection import check_audiences

    if explain is not None:
        say(explained(explain))
        return
    in_actions = os.environ.get("GITHUB_ACTIONS", "").lower() not in ("", "0", "false")
    form = format or ("github" if in_actions else "text")
    if form not in FORMATS:
        raise usage(
            f'"{form}" is no format of check; it is {", ".join(FORMATS)}{did_you_mean(form, FORMATS)}'
        )
    wanted, day = chosen(select, ignore), _day(today)
    least = Level.ERROR if quiet else Level.NOTE
    try:
        project = open_project(facts, day)
        found = check_audiences(project)
        pages = _of_pages(project, found.briefs) if "template-max-pages" in wanted else []
        moved = cutoff_problems(project, day) if "date-as-of" in wanted else ()
        mail = settings_problems(project.folder, [*project.own_audiences, *project.generic_audiences])
        problems = of_rules(wanted, sorted({*found.problems, *pages, *moved, *mail}, key=Problem.sort_key))
    except BriefingError as error:
        if form != "text":
            say(check_output(form, error.problems, least, doc, strict=strict))
        raise
    shown = _in_repository(problems) if form == "github" else problems
    output = check_output(form, shown, least, doc, strict=strict)
    if output:
        say(output)
    if not problems and not quiet and form in ("text", "github"):
        hint("no problems")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if in_actions and summary:
        _append(summary, job_summary(problems))
    worst = max((problem.level for problem in problems), default=Level.NOTE)
    raise typer.Exit(1 if worst >= (Level.WARNING if strict else Level.ERROR) else 0)


def _in_repository(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The same with paths below the root of the repository, where GitHub looks for the lines that it annotates."""
    root = os.environ.get("GITHUB_WORKSPACE")
    if not root or not Path.cwd().resolve().is_relative_to(Path(root).resolve()):
        return problems
    below = Path.cwd().resolve().relative_to(Path(root).resolve())
    return [
        replace(problem, location=replace(problem.location, path=(below / problem.location.path).as_posix()))
        for problem in problems
    ]


def _of_pages(project: Project, briefs: Sequence[Brief]) -> list[Problem]:
    """What is wrong with the pages of briefs whose contract bounds them; laid out only where no build has done so."""
    from briefing.lengths import LIMITS, bounded, page_problems
    from briefing.pressroom import Pressroom

    names = bounded(briefs)
    if not names:
        return []
    with Pressroom(min(len(names), os.cpu_count() or 1), LIMITS) as press:
        return list(page_problems(project, names, press))


def _day(text: str | None) -> datetime.date:
    from briefing.dates import day

    if text is None:
        return datetime.date.today()
    try:
        return day(text)
    except ValueError as error:
        raise usage(f"--today {error}") from None


def _append(path: str, text: str) -> None:
    """Add to the file that CI shows on the job's page; a summary that cannot be written fails no check."""
    from briefing.files import Unusable, append_text

    try:
        append_text(path, text + "\n")
    except Unusable as error:
        tell(usage(f"the summary {path} {error}", "file").problems, Level.NOTE)
