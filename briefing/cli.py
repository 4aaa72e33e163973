"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

import datetime
import errno
import gc
import os
import pydoc
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefing import __version__
from briefing.errors import BriefingError, Level, LoadError, Location, Problem, UsageError, did_you_mean

if TYPE_CHECKING:
    from briefing.brief import Brief
    from briefing.cluster import Cluster
    from briefing.limits import Limits
    from briefing.outcome import Report, Shard, Wish
    from briefing.pressroom import Pressroom
    from briefing.project import Project

__all__ = ["app", "failed", "run"]

app = typer.Typer(
    name="briefing",
    help="One file of sourced facts becomes briefs for different readers, each with the same source appendix.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# 128 and the number of SIGPIPE: what a shell shows of a program whose reader has gone (`briefing schema | head -1`).
_BROKEN_PIPE = 141

_Facts = Annotated[str, typer.Option("--facts", metavar="FILE", help="The facts file.")]


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code."""
    try:
        app(arguments, prog_name="briefing", obj=arguments)
    except SystemExit as end:
        if _is_broken_pipe():
            return _BROKEN_PIPE
        return end.code if isinstance(end.code, int) else 1
    except BriefingError as error:
        _print_problems(error.problems, Level.NOTE)
        return error.exit_code
    except OSError as error:
        return failed(error)
    return 0


def failed(error: OSError) -> int:
    """Say that the disk is full, standard output closed, or no folder there for temporary files; the exit code."""
    _print_problems(_usage(f"{error.strerror or error}", "system").problems, Level.NOTE)
    return UsageError.exit_code


def _say(text: str | bytes) -> None:
    """Print to standard output: a text and a line feed, bytes as they are. OSError where it is closed or takes nothing.

    A closed one is None, into which `echo` prints without a word.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    typer.echo(text, nl=isinstance(text, str))


def _is_broken_pipe() -> bool:
    """Whether whoever reads our output has gone; Typer then puts a stream there that says no more of it."""
    return type(sys.stdout).__name__ == "PacifyFlushWrapper"


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"briefing {__version__}")
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
    context: typer.Context,
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
        str | None,
        typer.Option(
            "--format", metavar="LIST", help="Of md, pdf, html and txt, with commas between; md,pdf."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when anything is out of date.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build all anew, whatever was built before.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            max=256,
            help="How many PDFs at a time; as many as cores.",
            show_default=False,
        ),
    ] = None,
    recipients: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="FILE",
            help="One brief for each row of this table (CSV), in out/AUDIENCE/.",
            show_default=False,
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard", metavar="K/N", help="Every N-th brief, from the K-th on: one part of a CI matrix."
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            metavar="NAME=VALUE",
            help="The most that one PDF may take: memory=6G, cpu=600, time=600 (seconds), pages=1000.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Typeset on the Dask cluster at tcp://host:port, whose workers have this same briefing. Jobs are"
            " pickled, and whoever runs a cluster can run anything here: name only one that you trust.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Print notes too.")] = False,
) -> None:
    """Build the briefs: facts + templates → out/<audience>.md and .pdf."""
    from briefing.limits import limits_from
    from briefing.project import read_from
    from briefing.stamping import Stamping

    try:
        limits = limits_from(limit or [])
    except ValueError as error:
        raise _usage(f"--limit {error}") from None
    named = list(dict.fromkeys(audiences or []))
    part = _shard(shard)
    if recipients and len(named) != 1:
        raise _usage("--for prints one audience for each row of the table; name that audience, and no other")

    def wish(folder: Path) -> Wish:
        from briefing.outcome import FORMATS, Wish
        from briefing.recipients import read_recipients

        where = _folder(out) or folder / "out"
        shown = where / named[0] if recipients else where
        wanted = _formats(formats, FORMATS, shown, check)
        table = read_recipients(recipients) if recipients else None
        return Wish(named, where, wanted, check, force, limits, table, part)

    draws = formats is None or "pdf" in formats
    with _press(cluster, jobs, limits) as press:
        many = press.jobs if recipients or not named else len(named)
        # `--check` writes nothing, and `--force` believes nothing.
        read = [*read_from(facts), *([("file", recipients)] if recipients else [])]
        stamping = None if check or force else Stamping(context.obj, facts, read, draws=draws)
        report = _built(facts, wish, press, many if draws else 0, as_json, quiet)
    least = None if as_json else Level.ERROR if quiet else Level.NOTE if verbose else Level.WARNING
    errors, output = _said(report, least, table=not quiet)
    typer.echo(errors, err=True, nl=False)
    if output:
        _say(output.removesuffix("\n"))
    if stamping and report.exit_code == 0:
        stamping.keep(report.files, _said(report.again(), least, table=not quiet))
    raise typer.Exit(report.exit_code)


def _said(report: Report, least: Level | None, *, table: bool) -> tuple[str, str]:
    """What a build says on standard error and standard output; as JSON where no level is named."""
    from briefing.report.lines import problem_lines
    from briefing.report.outcomes import outcome_table, report_json

    if least is None:
        return "", report_json(report) + "\n"
    lines = problem_lines(report.problems, least), outcome_table(report.outcomes) if table else []
    errors, output = ("".join(f"{line}\n" for line in part) for part in lines)
    return errors, output


def _press(cluster: str | None, jobs: int | None, limits: Limits) -> Pressroom | Cluster:
    if cluster is None:
        from briefing.pressroom import Pressroom

        return Pressroom(jobs or os.cpu_count() or 1, limits)
    if jobs is not None:
        raise _usage(
            "--jobs is for this machine; a cluster typesets as many PDFs as its workers have threads"
        )
    from briefing.cluster import Cluster

    return Cluster(cluster, limits)


def _built(
    facts: str,
    wish: Callable[[Path], Wish],
    press: Pressroom | Cluster,
    pdfs: int,
    as_json: bool,
    quiet: bool,
) -> Report:
    """The build. So many `pdfs` are about to come that it is worth warming as many workers while the facts are read."""
    try:
        if pdfs:
            press.warm(pdfs)
        from briefing.build import build
        from briefing.progress import watcher
        from briefing.project import open_project

        project = open_project(facts)
        try:
            wished = wish(project.folder)
        except LoadError as error:  # a faulty table; what is wrong with the facts is told in the same run
            raise LoadError((*project.problems, *error.problems)) from None
        gc.freeze()  # the facts stay to the end
        gc.enable()
        with watcher(sys.stderr, quiet=quiet) as watch:
            return build(project, wished, press, watch)
    except BriefingError as error:
        if as_json:
            from briefing.outcome import Report
            from briefing.report.outcomes import report_json

            _say(report_json(Report((), error.problems, error.exit_code)))
        raise


@app.command("check")
def check_command(
    facts: _Facts = "facts.yaml",
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="text, json, github, sarif or junit; text, or github in GitHub Actions.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULES", help="Only these rules or families, with commas between."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULES", help="Not these rules or families, with commas between."),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option("--today", metavar="DATE", help="The day that review_by is compared with; today."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="RULE", help="Say what a rule or family finds, and why; check nothing."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
) -> None:
    """Check the facts and the templates; write nothing."""
    from briefing.project import open_project
    from briefing.report import FORMATS, check_output
    from briefing.report.summary import job_summary
    from briefing.rulebook import chosen, doc, explained, of_rules
    from briefing.selection import check_audiences

    if explain is not None:
        _say(explained(explain))
        return
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    form = format or ("github" if in_actions else "text")
    if form not in FORMATS:
        raise _usage(
            f'"{form}" is no format of check; it is {", ".join(FORMATS)}{did_you_mean(form, FORMATS)}'
        )
    wanted, day = chosen(select, ignore), _day(today)
    least = Level.ERROR if quiet else Level.NOTE
    try:
        project = open_project(facts, day)
        found = check_audiences(project)
        pages = _of_pages(project, found.briefs) if "template-max-pages" in wanted else []
        problems = of_rules(wanted, sorted({*found.problems, *pages}, key=Problem.sort_key))
    except BriefingError as error:
        if form != "text":
            _say(check_output(form, error.problems, least, doc, strict=strict))
        raise
    output = check_output(form, problems, least, doc, strict=strict)
    if output:
        _say(output)
    if not problems and not quiet and form in ("text", "github"):
        typer.echo("no problems", err=True)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if in_actions and summary:
        _append(summary, job_summary(problems))
    worst = max((problem.level for problem in problems), default=Level.NOTE)
    raise typer.Exit(1 if worst >= (Level.WARNING if strict else Level.ERROR) else 0)


def _of_pages(project: Project, briefs: Sequence[Brief]) -> list[Problem]:
    """What is wrong with the pages of briefs whose contract bounds them; laid out only where no build has done so."""
    from briefing.lengths import LIMITS, bounded, page_problems
    from briefing.pressroom import Pressroom

    names = bounded(briefs)
    if not names:
        return []
    with Pressroom(min(len(names), os.cpu_count() or 1), LIMITS) as press:
        return list(page_problems(project, names, press))


@app.command("show")
def show_command(
    audience: Annotated[str, typer.Argument(metavar="AUDIENCE", help="Which brief.")],
    facts: _Facts = "facts.yaml",
) -> None:
    """Show a brief here, as plain text; write nothing."""
    from briefing.edition import edition
    from briefing.plaintext import WIDTH, plain_text
    from briefing.project import open_project
    from briefing.selection import briefs

    project = open_project(facts)
    found = briefs(project, [audience])
    _print_problems(found.problems, Level.ERROR)
    for brief in found.briefs:
        text = plain_text(
            edition(brief, letterhead=project.letterhead),
            max(20, min(WIDTH, shutil.get_terminal_size().columns - 1)),
        )
        if sys.stdout.isatty():
            pydoc.pager(text)
        else:
            _say(text.encode())
    raise typer.Exit(found.exit_code)


@app.command("index")
def index_command(
    audiences: Annotated[
        list[str] | None, typer.Argument(metavar="[AUDIENCE]...", help="Which briefs; all, when left out.")
    ] = None,
    facts: _Facts = "facts.yaml",
    format: Annotated[
        str,
        typer.Option("--format", metavar="text|md|json|csv", help="csv has the sentences alone."),
    ] = "text",
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Print the matrix alone: which brief uses which fact.")
    ] = False,
) -> None:
    """List each sentence with its facts, sources and quotes."""
    from briefing.index import index
    from briefing.indexwriters import INDEX_FORMATS, written_index
    from briefing.project import open_project
    from briefing.selection import briefs

    if format not in INDEX_FORMATS:
        hint = did_you_mean(format, INDEX_FORMATS)
        raise _usage(f'"{format}" is no format of index; it is text, md, json or csv{hint}')
    try:
        project = open_project(facts)
    except BriefingError:
        if format == "json":
            _say(written_index(index(None, ()), format, matrix=matrix).encode())
        raise
    selected = briefs(project, audiences or [])
    _print_problems(selected.problems, Level.ERROR)
    whole = index(project.facts, selected.briefs, project.faulty)
    # As bytes: the index is UTF-8 with the line ends of its format, whatever the terminal's own are.
    _say(written_index(whole, format, matrix=matrix).encode())
    raise typer.Exit(selected.exit_code)


@app.command("diff")
def diff_command(
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A facts file, a git revision (or v1..v2), a PDF or Markdown."),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="The same; the facts file as it is, when left out.", show_default=False
        ),
    ] = None,
    facts: _Facts = "facts.yaml",
    format: Annotated[
        str, typer.Option("--format", metavar="text|md|json|html", help="How to print it.")
    ] = "text",
) -> None:
    """Say what changed in meaning, and which sentences it touches."""
    from briefing.comparison import compared
    from briefing.diffwriters import DIFF_FORMATS, refusal_json, written_diff
    from briefing.snapshots import snapshots

    if format not in DIFF_FORMATS:
        hint = did_you_mean(format, DIFF_FORMATS)
        raise _usage(f'"{format}" is no format of diff; it is text, md, json or html{hint}')
    try:
        comparison = compared(*snapshots(old, new, facts), facts)
    except BriefingError as error:
        if format == "json":
            _say(refusal_json(error.problems).encode())
        raise
    _say(written_diff(comparison, format).encode())
    raise typer.Exit(1 if comparison.changes else 0)


def _day(text: str | None) -> datetime.date:
    from briefing.dates import day

    if text is None:
        return datetime.date.today()
    try:
        return day(text)
    except ValueError as error:
        raise _usage(f"--today {error}") from None


def _append(path: str, text: str) -> None:
    """Add to the file that CI shows on the job's page; a summary that cannot be written fails no check."""
    from briefing.files import Unusable, append_text

    try:
        append_text(path, text + "\n")
    except Unusable as error:
        _print_problems(_usage(f"the summary {path} {error}", "file").problems, Level.NOTE)


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the facts file, for editors."""
    from briefing.jsonschema import schema_text

    _say(schema_text().encode())


def _formats(text: str | None, known: tuple[str, ...], folder: Path, check: bool) -> list[str]:
    """The formats asked for; without a word, Markdown and PDF, and to check also what else was built before."""
    if text is None:
        others = [name for name in known if check and any(folder.glob(f"*.{name}"))]
        return list(dict.fromkeys(["md", "pdf", *others]))
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in wanted:
        if name not in known:
            raise _usage(f'"{name}" is no format; it is {", ".join(known)}{did_you_mean(name, known)}')
    return wanted


def _shard(text: str | None) -> Shard:
    from briefing.outcome import Shard

    found = re.fullmatch(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", "1/1" if text is None else text)
    if not found or int(found[1]) > int(found[2]):
        raise _usage(f'--shard "{text}" is no part; the second of eight is 2/8')
    return Shard(int(found[1]), int(found[2]))


def _folder(out: Path | None) -> Path | None:
    if out is not None and str(out) == "-":
        raise _usage("briefs go to a folder, several files at once; name one with --out")
    return out


def _usage(message: str, rule: str = "usage") -> UsageError:
    return UsageError(Problem(Location("command line"), Level.ERROR, message, rule))


def _print_problems(problems: tuple[Problem, ...], least: Level) -> None:
    from briefing.report.lines import problem_lines

    for line in problem_lines(problems, least):
        typer.echo(line, err=True)
