"""`briefing keep`: the text of a source, kept beside the facts; whether the quotations stand in it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import source as known_source
from briefing.cli.terminal import Facts, say, tell, usage
from briefing.errors import Level, LoadError, UsageError

if TYPE_CHECKING:
    from briefing.facts import Source
    from briefing.keeping.texts import Material

__all__ = ["keep_command"]

_SECONDS = 60


def keep_command(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", autocompletion=known_source, help="The id of a source in the facts file."
        ),
    ],
    where: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|URL]",
            help="A text, HTML or PDF file, - for standard input, or an address; the source's own url, when left out.",
            show_default=False,
        ),
    ] = None,
    facts: Facts = "facts.yaml",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be kept, and write nothing.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Of a web page all of its text, not its article alone.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding",
            metavar="NAME",
            help="What a text or page is in, where it does not say so, or says it wrongly: windows-1252.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help=f"The most that reading an address may take, redirects and all; {_SECONDS}.",
            show_default=False,
        ),
    ] = None,
    local: Annotated[
        bool,
        typer.Option("--local", help="Read an address of this machine or of a network inside, too."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Print what does not stand, and no more.")
    ] = False,
) -> None:
    """Keep the text of a source; say whether its quotations stand in it.

    It goes to archive/SOURCE.txt beside the facts file, its fingerprint and the day into the facts file. The text
    before is kept, too, and what changed since is shown.
    """
    from briefing.keeping.deciding import decided, source_to_keep, write
    from briefing.keeping.standing import standings
    from briefing.keeping.telling import keeping_json, keeping_lines
    from briefing.keeping.texts import words_of
    from briefing.load import load, read_facts
    from briefing.project import tongue_beside

    if facts == "-":
        raise usage("the facts file is written, too, so it cannot be standard input; name it with --facts")
    seconds = _seconds(timeout)
    path = Path(facts)
    data = read_facts(facts)
    loaded = load(data, facts)
    try:
        if loaded.places.tree.problems:
            raise LoadError(loaded.places.tree.problems)
        entry = source_to_keep(loaded, source)
        material, hops, copy = _material(entry, where, encoding or "", seconds, local=local)
        words = words_of(material, whole=whole)
        kept = decided(path, data, entry, words.kept, copy, datetime.date.today())
    except (
        LoadError
    ) as error:  # nothing was kept, which is another exit code than a quotation that does not stand
        raise UsageError(error.problems) from None
    after = kept.facts[0 if dry_run else 1]
    read = loaded if after == data else load(after, facts)
    found = standings(read, source, kept.text, tongue_beside(facts, read), words.whole)
    if not dry_run:
        write(kept)
    if as_json:
        say(keeping_json(kept, found, hops, words.notes, dry=dry_run))
    elif quiet:
        tell(tuple(problem for one in found for problem in one.problems), Level.ERROR)
    else:
        say("\n".join(keeping_lines(kept, found, hops, words.notes, dry=dry_run)))
    raise typer.Exit(0 if all(one.stands for one in found) else 1)


def _seconds(text: str | None) -> int:
    if text is None:
        return _SECONDS
    if not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise usage(f'--timeout "{text[:40]}" is no number of seconds; write a whole number, 1 to 999')
    return int(text)


def _material(
    source: Source, where: str | None, encoding: str, seconds: int, *, local: bool
) -> tuple[Material, tuple[str, ...], str]:
    """What was read, the addresses on the way to it, and the one of a public copy, where it is not the source's own."""
    from briefing.keeping.addresses import says_scheme
    from briefing.keeping.texts import Material, known_encoding
    from briefing.load import read_file
    from briefing.pdffiles import MOST_BYTES

    if encoding and not known_encoding(encoding):
        raise usage(f'--encoding "{encoding[:40]}" is no encoding that is known here; such as windows-1252')
    named = where or source.url
    if not named:
        raise usage(f'"{source.id}" has no url; name the file that has its text, or an address')
    if where is None or says_scheme(named):
        from briefing.keeping.fetching import fetched
        from briefing.links import same_address

        answer = fetched(named, seconds, local=local)
        own = source.url and same_address(source.url) == same_address(answer.hops[0])
        copy = "" if own or answer.inside else answer.hops[0]
        return (
            Material(answer.body, " → ".join(answer.hops), answer.type, answer.charset, encoding),
            answer.hops,
            copy,
        )
    data = read_file(named, MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise usage(f"{named} has more than {MOST_BYTES // 1_000_000} MB", "file")
    return Material(data, "standard input" if named == "-" else named, encoding=encoding), (), ""
