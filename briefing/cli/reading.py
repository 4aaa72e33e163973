"""`briefing show`, `index`, `schema`: to be read, by people and editors; no file is written."""

from __future__ import annotations

import pydoc
import shutil
from typing import Annotated

import typer

from briefing.cli.completing import any_audience, audience, one_of
from briefing.cli.completing import fact as known_fact
from briefing.cli.terminal import Facts, is_screen, say, tell, usage
from briefing.errors import BriefingError, Level, did_you_mean

__all__ = ["index_command", "schema_command", "show_command"]


def show_command(
    audience: Annotated[
        str, typer.Argument(metavar="AUDIENCE", help="Which brief.", autocompletion=any_audience)
    ],
    facts: Facts = "facts.yaml",
) -> None:
    """Show a brief here, as plain text; write nothing."""
    from briefing.edition import edition
    from briefing.plaintext import WIDTH, plain_text
    from briefing.project import open_project
    from briefing.report.visible import visible
    from briefing.selection import briefs

    project = open_project(facts)
    found = briefs(project, [audience], allow_suspect=True)
    tell(found.problems, Level.ERROR)
    for brief in found.briefs:
        text = plain_text(
            edition(brief, letterhead=project.letterhead),
            max(20, min(WIDTH, shutil.get_terminal_size().columns - 1)),
        )
        if is_screen():
            pydoc.pager(text)
        else:  # a line of a CI log, perhaps
            say("\n".join(map(visible, text.split("\n"))).encode())
    raise typer.Exit(found.exit_code)


def index_command(
    audiences: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AUDIENCE]...", help="Which briefs; all, when left out.", autocompletion=audience
        ),
    ] = None,
    facts: Facts = "facts.yaml",
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|md|json|csv",
            autocompletion=one_of("text", "md", "json", "csv"),
            help="csv has the sentences alone.",
        ),
    ] = "text",
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            metavar="ID",
            autocompletion=known_fact,
            help="Only what rests on this fact; again for more.",
        ),
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Print the matrix alone: which brief uses which fact.")
    ] = False,
) -> None:
    """List each sentence with its facts, sources and quotes."""
    from briefing.index import about, index
    from briefing.indexwriters import INDEX_FORMATS, written_index
    from briefing.project import open_project
    from briefing.selection import briefs

    if format not in INDEX_FORMATS:
        hint = did_you_mean(format, INDEX_FORMATS)
        raise usage(f'"{format}" is no format of index; it is text, md, json or csv{hint}')
    try:
        project = open_project(facts)
    except BriefingError:
        if format == "json":
            say(written_index(index(None, ()), format, matrix=matrix).encode())
        raise
    for id in fact or ():
        if project.facts and id not in project.facts.facts:
            raise usage(f'there is no fact "{id}"{did_you_mean(id, project.facts.facts)}')
    selected = briefs(project, audiences or [], allow_suspect=True)
    tell(selected.problems, Level.ERROR)
    found = index(project.facts, selected.briefs, project.faulty)
    if fact:
        found = about(found, fact)
    # As bytes: the index is UTF-8 with the line ends of its format, whatever the terminal's own are.
    say(written_index(found, format, matrix=matrix).encode())
    raise typer.Exit(selected.exit_code)


def schema_command() -> None:
    """Print the JSON Schema of the facts file, for editors."""
    from briefing.jsonschema import schema_text

    say(schema_text().encode())
