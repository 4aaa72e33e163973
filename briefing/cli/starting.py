"""`briefing init`: a new project, or another audience of one."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from briefing.cli.completing import any_audience
from briefing.cli.terminal import hint, named, say, usage

__all__ = ["init_command"]


def init_command(
    folder: Annotated[
        str,
        typer.Argument(metavar="[DIR]", help="The folder of the project; it is made where it is missing."),
    ] = ".",
    audience: Annotated[
        str | None,
        typer.Option(
            "--audience",
            metavar="NAME",
            callback=named,
            help="Add an audience of that name to the project in DIR.",
            show_default=False,
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="AUDIENCE",
            callback=named,
            autocompletion=any_audience,
            help="Which audience it is made from; that with the nearest name, when left out.",
            show_default=False,
        ),
    ] = None,
    references: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            callback=named,
            help="Begin with these sources: CSL-JSON, BibTeX, BibLaTeX or RIS.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start a project: facts, audiences, a CI job; overwrites nothing."""
    if not folder:
        raise usage("DIR names nothing; write a folder, or leave it out")
    if audience is not None:
        if references is not None:
            raise usage("--from is for a new project; to a facts file that is there: briefing import FILE")
        _add_audience(Path(folder), audience, like)
        return
    if like is not None:
        raise usage("--like is what a new audience is made from; name that with --audience")
    _start(Path(folder), references)


def _start(folder: Path, references: str | None) -> None:
    from briefing.publish import publish_new
    from briefing.starting import FACTS, IGNORED, WORKFLOW, already_there, lines_missing, new_project

    files = new_project(folder)
    there = already_there(folder)
    missing = lines_missing(folder / IGNORED, files[folder / IGNORED])
    if references is not None:
        facts = folder / FACTS
        files[facts] = _with_sources(files[facts], str(facts), references)
    new = {path: content for path, content in files.items() if path not in there}
    publish_new(new, within=folder)
    say("\n".join(map(str, new)))
    for path in there:
        hint(f"{path} was there, and stays as it is.")
    if folder / IGNORED in there and missing:
        hint(
            "These lines are to be added to it, so that git leaves out what others must not see or can make anew:"
        )
        hint("\n".join(f"  {line}" for line in missing))
    if folder / WORKFLOW in new:
        hint(f"For GitHub only: {folder / WORKFLOW} checks and builds at every push. In it, in the place of")
        hint(
            "OWNER/briefing, write the repository that you installed briefing from; until then its job fails."
        )
    hint("Next:")
    if os.path.abspath(folder) != os.getcwd():
        hint(f"  cd {shlex.quote(str(folder))}")
    for command in ("check", "build", "show congressional-memo"):
        hint(f"  briefing {command}")


def _with_sources(content: bytes, path: str, references: str) -> bytes:
    """The facts file with what a reference manager knows, and each source told."""
    from briefing.references.importing import imported_into
    from briefing.references.reading import read_references
    from briefing.references.telling import import_lines, import_summary

    done = imported_into(content, path, read_references(references, None))
    for line in [*import_lines(done), import_summary(done, dry=False)]:
        hint(line)
    return done.content


def _add_audience(folder: Path, name: str, like: str | None) -> None:
    from briefing.newaudience import new_audience
    from briefing.publish import publish_new
    from briefing.starting import FACTS

    if not (folder / FACTS).is_file() and not (folder / "templates").is_dir():
        raise usage(
            f"there is no project in {folder}; start one with `briefing init {shlex.quote(str(folder))}`"
        )
    made = new_audience(folder, name, like)
    publish_new({made.path: made.content}, within=folder)
    say(str(made.path))
    nearest = "" if like else ", which has the nearest name; --like names another"
    hint(f"Made from {made.like}{nearest}.")
    hint("Edit its title, whom it is for and what it may print, at the head of the file; then its sections.")
    if made.claims:
        hint(f"Its claims were read for {made.like}, not for it: briefing review {name}")
