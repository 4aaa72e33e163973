"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from briefing import __version__
from briefing.errors import BriefingError, Level, Location, Problem, UsageError, did_you_mean

__all__ = ["app", "run"]

app = typer.Typer(
    name="briefing",
    help="One file of sourced facts becomes briefs for different readers, each with the same source appendix.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Facts = Annotated[str, typer.Option("--facts", metavar="FILE", help="The facts file.")]


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code."""
    try:
        app(arguments, prog_name="briefing")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BriefingError as error:
        _print_problems(error.problems, Level.NOTE)
        return error.exit_code
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"briefing {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("build")
def build_command(
    audiences: Annotated[
        list[str] | None, typer.Argument(metavar="[AUDIENCE]...", help="Which briefs; all, when left out.")
    ] = None,
    facts: _Facts = "facts.yaml",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Where the briefs go; out/ beside the facts file.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Of md, pdf and html, with commas between.")
    ] = "md,pdf",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when anything is out of date.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Print notes too.")] = False,
) -> None:
    """Build the briefs: facts + templates → out/<audience>.md and .pdf."""
    from briefing.build import FORMATS, build
    from briefing.project import open_project
    from briefing.report import outcome_table, report_json

    wanted = _formats(formats, FORMATS)
    project = open_project(facts)
    report = build(project, audiences or [], out or project.folder / "out", wanted, check=check)
    if as_json:
        typer.echo(report_json(report))
        raise typer.Exit(report.exit_code)
    _print_problems(report.problems, Level.ERROR if quiet else Level.NOTE if verbose else Level.WARNING)
    if not quiet:
        for line in outcome_table(report.outcomes):
            typer.echo(line)
    raise typer.Exit(report.exit_code)


@app.command("check")
def check_command(
    facts: _Facts = "facts.yaml",
    format: Annotated[
        str, typer.Option("--format", metavar="text|json", help="How the problems are printed.")
    ] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
) -> None:
    """Check the facts and the templates; write nothing."""
    from briefing.build import check_audiences
    from briefing.project import open_project
    from briefing.report import check_json, problem_lines

    if format not in ("text", "json"):
        raise _usage(f'"{format}" is no format of check; it is text or json')
    problems = check_audiences(open_project(facts))
    if format == "json":
        typer.echo(check_json(problems))
    else:
        for line in problem_lines(problems, Level.ERROR if quiet else Level.NOTE):
            typer.echo(line)
    worst = max((problem.level for problem in problems), default=Level.NOTE)
    raise typer.Exit(1 if worst >= (Level.WARNING if strict else Level.ERROR) else 0)


def _formats(text: str, known: tuple[str, ...]) -> list[str]:
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in wanted:
        if name not in known:
            raise _usage(f'"{name}" is no format; it is {", ".join(known)}{did_you_mean(name, known)}')
    return wanted


def _usage(message: str) -> UsageError:
    return UsageError(Problem(Location("command line"), Level.ERROR, message, "usage"))


def _print_problems(problems: tuple[Problem, ...], least: Level) -> None:
    from briefing.report import problem_lines

    for line in problem_lines(problems, least):
        typer.echo(line, err=True)
