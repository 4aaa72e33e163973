"""`briefing diff` and `verify`: what changed, and what is no longer so; no file is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import audience, one_of
from briefing.cli.terminal import Facts, hint, say, usage
from briefing.errors import BriefingError, UsageError, did_you_mean

if TYPE_CHECKING:
    from briefing.snapshots import Snapshot

__all__ = ["diff_command", "verify_command"]


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
    facts: Facts = "facts.yaml",
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|md|json|html",
            autocompletion=one_of("text", "md", "json", "html"),
            help="How to print it.",
        ),
    ] = "text",
    redline: Annotated[
        str | None,
        typer.Option(
            "--redline",
            metavar="AUDIENCE",
            autocompletion=audience,
            help="Write this brief with what is gone and what is new, as PDF and HTML.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Where --redline writes; out/redline/ beside the facts.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say what changed in meaning, and which sentences it touches."""
    from briefing.comparison import compared
    from briefing.diffwriters import DIFF_FORMATS, refusal_json, written_diff
    from briefing.snapshots import snapshots

    if format not in DIFF_FORMATS:
        meant = did_you_mean(format, DIFF_FORMATS)
        raise usage(f'"{format}" is no format of diff; it is text, md, json or html{meant}')
    if out and not redline:
        raise usage("--out is where --redline writes; name the AUDIENCE with --redline")
    try:
        sides = snapshots(old, new, facts)
        comparison = compared(*sides, facts)
    except BriefingError as error:
        if format == "json":
            say(refusal_json(error.problems).encode())
        raise
    if redline:
        _write_redline(*sides, redline, facts, out or Path(facts).parent / "out" / "redline")
    else:
        say(written_diff(comparison, format).encode())
    raise typer.Exit(1 if comparison.changes else 0)


def _write_redline(old: Snapshot, new: Snapshot, audience: str, facts: str, folder: Path) -> None:
    from briefing.limits import DEFAULT
    from briefing.pressroom import Pressroom
    from briefing.publish import keep_apart, keep_inside, publish
    from briefing.redlinefiles import redline_files

    keep_inside([folder], Path(facts).parent)
    keep_apart(Path(folder), Path(facts).parent)
    with Pressroom(1, DEFAULT) as press:
        made = redline_files(old, new, audience, facts, press, hint)
    files = {folder / f"{audience}.{ending}": content for ending, content in made.items()}
    publish(files)
    say("\n".join(map(str, files)))


def verify_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Built PDFs or Markdown files.")],
    facts: Facts = "facts.yaml",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Say nothing of those that are current.")
    ] = False,
) -> None:
    """Say whether documents that were built still hold."""
    from briefing.verdicts import verdict_lines, verdicts_json
    from briefing.verifying import Verified, verified

    found: list[Verified] = []
    for one in verified(files, facts):
        found.append(one)
        if not as_json and not (quiet and one.verdict == "current"):
            say("\n".join(verdict_lines(one)))
    if as_json:
        say(verdicts_json(found))
    if not all(one.is_read for one in found):
        raise typer.Exit(UsageError.exit_code)
    raise typer.Exit(0 if all(one.verdict == "current" for one in found) else 1)
