"""`briefing import`, `export`: sources from a reference manager, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from briefing.cli.completing import one_of
from briefing.cli.terminal import Facts, hint, named, say, usage
from briefing.errors import did_you_mean

__all__ = ["export_command", "import_command"]


def import_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSL-JSON, BibTeX, BibLaTeX or RIS; - for standard input.")
    ],
    facts: Facts = "facts.yaml",
    format: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="csl-json|bibtex|biblatex|ris",
            autocompletion=one_of("csl-json", "bibtex", "biblatex", "ris"),
            help="The format, where it is not to be guessed.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Add sources from a reference manager to the facts file.

    They come in at its end of `sources:`, and no line of it changes; works that it has already are skipped. TODO
    stands where only you can say.
    """
    from briefing.publish import publish_unless_changed
    from briefing.references.importing import imported
    from briefing.references.reading import READERS, read_references
    from briefing.references.telling import import_json, import_lines, import_summary

    if format is not None and format not in READERS:
        raise usage(f'--from cannot be "{format}"; it is {", ".join(READERS)}{did_you_mean(format, READERS)}')
    done = imported(facts, read_references(file, format))
    if done.change and not dry_run:
        publish_unless_changed(Path(facts), done.before, {Path(facts): done.content})
    if as_json:
        say(import_json(done, dry=dry_run).encode() + b"\n")
        return
    for line in import_lines(done):
        if dry_run:
            hint(line)
        else:
            say(line)
    if dry_run:
        say(done.diff.encode())
    hint(import_summary(done, dry=dry_run))


def export_command(
    facts: Facts = "facts.yaml",
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="csl-json|bibtex",
            autocompletion=one_of("csl-json", "bibtex"),
            help="BibLaTeX reads bibtex as well.",
        ),
    ] = "csl-json",
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", callback=named, help="Where to; - is standard output.")
    ] = "-",
) -> None:
    """Print the sources of the facts file for a reference manager."""
    from briefing.load import load, read_facts
    from briefing.publish import publish
    from briefing.references.exporting import LEFT_OUT, WRITERS
    from briefing.references.importing import refuse_faulty

    if format not in WRITERS:
        raise usage(f'--format cannot be "{format}"; it is csl-json or bibtex{did_you_mean(format, WRITERS)}')
    loaded = load(read_facts(facts), facts)
    refuse_faulty(loaded.problems, "facts")
    if "-" not in (out, facts) and Path(out).exists() and Path(out).samefile(facts):
        raise usage(f"--out {out} is the facts file itself; name another file")
    text = WRITERS[format](loaded.facts.sources.values()).encode()
    if out == "-":
        say(text)
    else:
        publish({Path(out): text})
    hint(f"left out, since {format} has no place for it: {', '.join(LEFT_OUT)}")
