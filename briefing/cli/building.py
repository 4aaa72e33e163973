"""`briefing build`: facts + templates → files."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import audience, several_of
from briefing.cli.terminal import Facts, hint, named, say, usage
from briefing.cli.watching import port_of, watch_builds
from briefing.errors import (
    BriefingError,
    Level,
    LoadError,
    Location,
    PackageMissing,
    Problem,
    did_you_mean,
)

if TYPE_CHECKING:
    from briefing.cluster import Cluster
    from briefing.limits import Limits
    from briefing.outcome import Report, Shard, Wish
    from briefing.pressroom import Pressroom
    from briefing.project import Project

__all__ = ["build_command"]

_MOST_JOBS = 256


def build_command(
    context: typer.Context,
    audiences: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AUDIENCE]...", help="Which briefs; all, when left out.", autocompletion=audience
        ),
    ] = None,
    facts: Facts = "facts.yaml",
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            callback=named,
            help="Where the briefs go; out/ beside the facts file.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="LIST",
            autocompletion=several_of("md", "pdf", "html", "txt", "docx"),
            help="Of md, pdf, html, txt and docx, with commas between; md,pdf.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when anything is out of date.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build all anew, whatever was built before.")
    ] = False,
    allow_suspect: Annotated[
        bool,
        typer.Option(
            "--allow-suspect", help="Print claims not reviewed since a fact changed, marked on each page."
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="OLD",
            help="Say in each brief what changed since this edition: a facts file, a git revision, a PDF.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        str | None,
        typer.Option(
            "--jobs",
            metavar="N",
            help="How many PDFs at a time, 1 to 256; as many as cores.",
            show_default=False,
        ),
    ] = None,
    recipients: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="FILE",
            callback=named,
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
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Build again what a saved change touches, until Ctrl-C; md, when --format names no other.",
        ),
    ] = False,
    serve: Annotated[
        str | None,
        typer.Option(
            "--serve",
            metavar="[PORT]",
            help="With --watch: show the briefs in a browser on this machine, and each change as it is saved.",
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
        raise usage(f"--limit {error}") from None
    asked = list(dict.fromkeys(audiences or []))
    part = _shard(shard)
    if recipients and len(asked) != 1:
        raise usage("--for prints one audience for each row of the table; name that audience, and no other")

    def wish(project: Project) -> Wish:
        from briefing.outcome import FORMATS, Wish
        from briefing.recipients import read_recipients

        where = _folder(out) or project.folder / "out"
        shown = where / asked[0] if recipients else where
        wanted = _formats(formats or ("md" if watch else None), FORMATS, shown, check)
        table = read_recipients(recipients) if recipients else None
        before = None
        if since is not None:
            from briefing.earlier import earlier_facts

            before = earlier_facts(since, facts, project)
        return Wish(asked, where, wanted, check, force, limits, table, part, allow_suspect, before)

    if watch:
        _refuse_with_watch(
            {"--check": check, "--json": as_json, "--cluster": cluster, "--shard": shard}, facts
        )
    elif serve is not None:
        raise usage("--serve shows what --watch builds; write both: briefing build --watch --serve")
    draws = (formats is None and not watch) or "pdf" in (formats or "")
    least = None if as_json else Level.ERROR if quiet else Level.NOTE if verbose else Level.WARNING
    with _press(cluster, _jobs(jobs), limits) as press:
        # `--check` writes nothing, `--force` believes nothing, and what `--since` names may be another by now.
        read = [*read_from(facts), *([("file", recipients)] if recipients else [])]
        if watch:
            if since and os.path.isfile(since):
                read.append(("file", since))
            told = least or Level.WARNING
            port = None if serve is None else port_of(serve)
            watch_builds(facts, read, wish, press, port=port, least=told)
            return
        stamping = None if check or force or since else Stamping(context.obj, facts, read, draws=draws)
        pdfs = -(-_briefs_ahead(facts, asked, recipients) // part.of) if draws else 0
        report = _built(facts, wish, press, pdfs, least, quiet)
    empty = f"part {part.number}/{part.of} has no brief; there are fewer briefs than parts"
    table = None if quiet else empty if part.of > 1 else ""
    errors, output = _said(report, least, table)
    hint(errors, end=False)
    if output:
        say(output.removesuffix("\n"))
    if stamping and report.exit_code == 0:
        stamping.keep(report.files, _said(report.again(), least, table))
    raise typer.Exit(report.exit_code)


def _refuse_with_watch(options: Mapping[str, object], facts: str) -> None:
    """What makes no sense for a build that goes on."""
    from briefing.stamp import can_be_read_again

    for name, value in options.items():
        if value:
            raise usage(f"--watch builds on this machine as files are saved; it does not go with {name}")
    if not can_be_read_again(facts):
        raise usage(f"--watch reads the facts again and again, and {facts} can be read once")


def _said(report: Report, least: Level | None, table: str | None) -> tuple[str, str]:
    """What a build says on standard error and standard output; as JSON where no level is named.

    `table` is what stands in the place of an empty one; None where none is wanted.
    """
    from briefing.report.lines import problem_lines
    from briefing.report.outcomes import outcome_table, report_json

    if least is None:
        return "", report_json(report) + "\n"
    done = [] if table is None else outcome_table(report.outcomes) or list(filter(None, [table]))
    lines = problem_lines(report.problems, least), done
    errors, output = ("".join(f"{line}\n" for line in part) for part in lines)
    return errors, output


def _briefs_ahead(facts: str, asked: list[str], recipients: str | None) -> int:
    """How many briefs will be made, or a few more, before anything is read: a process for each has much to import."""
    from briefing.project import audiences_ahead
    from briefing.recipients import rows_ahead

    return rows_ahead(recipients) if recipients else len(asked) or audiences_ahead(facts)


def _press(cluster: str | None, jobs: int | None, limits: Limits) -> Pressroom | Cluster:
    if cluster is None:
        from briefing.pressroom import Pressroom

        return Pressroom(jobs or os.cpu_count() or 1, limits)
    if jobs is not None:
        raise usage("--jobs is for this machine; a cluster typesets as many PDFs as its workers have threads")
    from briefing.cluster import Cluster

    return Cluster(cluster, limits)


def _built(
    facts: str,
    wish: Callable[[Project], Wish],
    press: Pressroom | Cluster,
    pdfs: int,
    least: Level | None,
    quiet: bool,
) -> Report:
    """The build. So many `pdfs` are about to come that it is worth warming as many workers while the facts are read.

    Problems below `least` are not told; all are where it is None, as JSON.
    """
    try:
        if pdfs:
            press.warm(pdfs)
        from briefing.build import build
        from briefing.progress import watcher
        from briefing.project import open_project

        project = open_project(facts)
        try:
            wished = wish(project)
        except LoadError as error:  # a faulty table; what is wrong with the facts is told in the same run
            told = (p for p in project.problems if least is None or p.level >= least)
            raise LoadError((*told, *error.problems)) from None
        gc.freeze()  # the facts stay to the end
        gc.enable()
        with watcher(sys.stderr, quiet=quiet) as watch:
            return build(project, wished, press, watch)
    except BriefingError as error:
        if least is None:
            from briefing.outcome import Report
            from briefing.report.outcomes import report_json

            say(report_json(Report((), error.problems, error.exit_code)))
        raise


def _formats(text: str | None, known: tuple[str, ...], folder: Path, check: bool) -> list[str]:
    """The formats asked for; without a word, Markdown and PDF, and to check also what else was built before."""
    if text is None:
        others = [name for name in known if check and any(folder.glob(f"*.{name}"))]
        wanted = list(dict.fromkeys(["md", "pdf", *others]))
    else:
        wanted = list(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in wanted:
        if name not in known:
            raise usage(f'"{name}" is no format; it is {", ".join(known)}{did_you_mean(name, known)}')
    if "docx" in wanted:
        _need_word()
    return wanted


def _need_word() -> None:
    from briefing.libraries import missing_for_docx

    missing = missing_for_docx()
    if missing:
        # Not `pip install briefing[docx]`: the package of that name in the public index is another program.
        install = " ".join(f"'{name}'" for name in missing)
        message = f"--format docx needs Python packages that are missing; run: pip install {install}"
        raise PackageMissing(Problem(Location("command line"), Level.ERROR, message, "system-docx"))


def _shard(text: str | None) -> Shard:
    from briefing.outcome import Shard

    found = re.fullmatch(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", "1/1" if text is None else text)
    if not found or int(found[1]) > int(found[2]):
        raise usage(f'--shard "{text}" is no part; the second of eight is 2/8')
    return Shard(int(found[1]), int(found[2]))


def _jobs(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > _MOST_JOBS:
        raise usage(f'--jobs "{text[:40]}" is no number of PDFs; write a whole number, 1 to {_MOST_JOBS}')
    return int(text)


def _folder(out: str | None) -> Path | None:
    if out == "-":
        raise usage("briefs go to a folder, several files at once; name one with --out")
    return None if out is None else Path(out)
