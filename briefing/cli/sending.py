"""`briefing send`: the right file to the right people, once."""

from __future__ import annotations

import datetime
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import audience as audience_name
from briefing.cli.completing import mailing_list, one_of
from briefing.cli.terminal import Facts, confirm, hint, is_answered, named, say, tell, usage
from briefing.errors import Level, LoadError, Location, Problem, UsageError, did_you_mean

if TYPE_CHECKING:
    from briefing.mail.errand import Errand
    from briefing.mail.ledger import Ledger
    from briefing.mail.parcels import Mailing
    from briefing.mail.sending import Pace, Result, Sent
    from briefing.mail.settings import MailingList, MailSettings
    from briefing.mail.transport import Transport
    from briefing.project import Project
    from briefing.recipients import Recipients

__all__ = ["send_command"]

_INTERRUPTED = 130


def send_command(
    audience: Annotated[
        str | None,
        typer.Argument(
            metavar="[AUDIENCE]", help="Which brief; a list may say so, too.", autocompletion=audience_name
        ),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="To whom; again for more.")
    ] = None,
    cc: Annotated[
        list[str] | None, typer.Option("--cc", metavar="ADDRESS", help="Who gets a copy; again for more.")
    ] = None,
    list_name: Annotated[
        str | None,
        typer.Option(
            "--list",
            metavar="NAME",
            help="To a list of mail.yaml.",
            callback=named,
            autocompletion=mailing_list,
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="FILE",
            help="To each row of this table its own file, by the column email.",
            callback=named,
        ),
    ] = None,
    together: Annotated[bool, typer.Option("--together", help="One message for all, not one each.")] = False,
    send_it: Annotated[bool, typer.Option("--send", help="Send; without it nothing leaves.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; for scripts.")] = False,
    resend: Annotated[
        list[str] | None,
        typer.Option(
            "--resend", metavar="ADDRESS", help="Send it again to this one; also to --list and --to."
        ),
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Say who was sent what, and what nobody knows.")
    ] = False,
    outbox: Annotated[
        str | None,
        typer.Option(
            "--outbox", metavar="FOLDER", help="Write the messages there, not to a server.", callback=named
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            autocompletion=one_of("pdf", "docx", "html", "md", "txt"),
            help="What is attached; pdf.",
            callback=named,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="OLD", help="As it was built: with what changed since OLD."),
    ] = None,
    facts: Facts = "facts.yaml",
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Where the briefs are; out/ beside the facts file.",
            callback=named,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")] = False,
) -> None:
    """Mail a built brief; a dry run, unless --send says otherwise.

    Who was sent what stands in sent.sqlite beside the facts: nobody gets the same twice.
    """
    from briefing.mail.ledger import FILE, Ledger

    ledger = Ledger(Path(facts).parent / FILE)
    asked = _Asked(
        *(audience, list_name, tuple(to or ()), tuple(cc or ()), tuple(resend or ()), table),
        together=together,
        format=format,
        since=since,
        out=Path(out) if out else None,
        outbox=outbox or "",
        draft=not send_it,
    )
    if status:
        _say_status(ledger, facts, asked, as_json)
        return
    project, settings, errand, of_list = _read(facts, asked)
    clock = _Clock()
    mailing = _composed(project, settings, errand, ledger, clock)
    if not quiet:
        tell(mailing.warnings, Level.WARNING)
    if not send_it:
        _dry_run(errand, mailing, quiet=quiet, as_json=as_json)
        return
    transport, pace = _transport(project, settings, of_list, outbox)
    if _consent(errand.audience, mailing, transport, yes):
        project, settings, errand, _ = _read(facts, asked)
        mailing = _unchanged(mailing, _composed(project, settings, errand, ledger, clock))
    sent = _send(mailing, transport, ledger, pace, clock, quiet)
    _say_sent(errand.audience, sent, quiet=quiet, as_json=as_json)


def _say_status(ledger: Ledger, facts: str, asked: _Asked, as_json: bool) -> None:
    from briefing.load import read_facts
    from briefing.mail.readers import keys_of
    from briefing.mail.settings import FILE, read_mail_settings
    from briefing.mail.telling import status_json, status_text

    if asked.to or asked.cc or asked.again or asked.table or not asked.draft:
        raise usage(
            "--status says who was sent what, of an audience or a --list, and sends nothing: leave out --to, --cc,"
            " --for, --resend and --send"
        )
    read_facts(facts)  # where there is none, nothing is known
    of_list = None
    if asked.list_name is not None:
        folder = Path(facts).parent
        of_list = _list(_usable(read_mail_settings(folder, str(folder / FILE)), folder), asked)
    audience = asked.audience or (of_list.audience if of_list else None)
    entries = ledger.entries(audience)
    if audience and not entries:
        _must_know(audience, facts, ledger)
    if of_list:
        keys = _keys_on(Path(facts).parent, of_list)
        entries = [one for one in entries if keys_of([one.recipient]) <= keys]
    say(status_json(entries) if as_json else status_text(entries, facts).rstrip("\n"))


# --- what is asked for ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stands on the command line."""

    audience: str | None
    list_name: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    again: tuple[str, ...]
    table: str | None
    together: bool
    format: str | None
    since: str | None
    out: Path | None
    outbox: str
    draft: bool


def _read(facts: str, asked: _Asked) -> tuple[Project, MailSettings, Errand, MailingList | None]:
    """All that is read before anything is composed; everything that is wrong with it is told at once."""
    from briefing.mail.errand import Errand
    from briefing.mail.readers import EMAIL, Named, keys_of, readers
    from briefing.mail.settings import (
        FILE,
        FORMATS,
        audience_problems,
        places_of,
        read_mail_settings,
    )
    from briefing.project import open_project

    folder = Path(facts).parent
    read = read_mail_settings(folder, str(folder / FILE))
    _clear_drafts(asked.out or folder / "out", asked, read[0])
    if not (asked.to or asked.again or asked.list_name or asked.table):
        raise usage("nobody is named: say --to ADDRESS, --list NAME, or --for recipients.csv")
    project = open_project(facts)
    settings = _usable(read, folder)
    audiences = [*project.own_audiences, *project.generic_audiences]
    found = [*audience_problems(settings, audiences)]
    if found:
        raise LoadError(found)
    of_list = _list(settings, asked)
    audience = asked.audience or (of_list.audience if of_list else "")
    if not audience:
        raise usage("which brief? name its audience: briefing send AUDIENCE --to …")
    if audience not in audiences:
        raise _no_audience(audience, audiences)
    by_list = None if of_list else _list_of_again(project, settings, asked, audience)
    of_list = of_list or by_list
    listed = list(zip(of_list.to, places_of(settings, of_list), strict=True)) if of_list else []
    if by_list:  # the others on it are not asked for
        listed = [(one, at) for one, at in listed if one.key in keys_of(asked.again)]
    table = _table(project, asked, of_list)
    column = of_list.column if of_list and of_list.column else EMAIL
    whom, again = readers(
        Named(
            asked.to,
            asked.cc,
            asked.again,
            listed,
            table,
            column,
            together=asked.together,
        )
    )
    if by_list and table:
        whom = tuple(one for one in whom if one.to[0].key in again)
    format = asked.format or (of_list.format if of_list else FORMATS[0])
    if format not in FORMATS:
        raise usage(
            f'"{format}" cannot be attached; it is {", ".join(FORMATS)}{did_you_mean(format, FORMATS)}'
        )
    before = None
    if asked.since is not None:
        from briefing.earlier import earlier_facts

        before = earlier_facts(asked.since, facts, project)
    errand = Errand(
        audience,
        format,
        asked.out or project.folder / "out",
        whom,
        table,
        before,
        of_list,
        asked.outbox,
        again,
        asked.draft,
    )
    return project, settings, errand, of_list


def _clear_drafts(out: Path, asked: _Asked, settings: MailSettings | None) -> None:
    """Remove drafts before anything can be refused: one that is out of date must not lie there.

    Where a list that cannot be read would name the audience, it may be any.
    """
    from briefing.mail.drafts import clear_drafts

    of_list = settings.lists.get(asked.list_name or "") if settings else None
    audience = asked.audience or (of_list.audience if of_list else "")
    if audience:
        if Path(audience).name == audience != "..":  # and no path to elsewhere, which is refused in a moment
            clear_drafts(out / "mail" / audience)
    elif settings is None and asked.list_name:
        for folder in sorted((out / "mail").glob("*/")):
            clear_drafts(folder)


def _must_know(audience: str, facts: str, ledger: Ledger) -> None:
    """Of an audience that is in neither, nobody can say that nothing was sent to it."""
    from briefing.project import open_project

    project = open_project(facts)
    known = [*project.own_audiences, *project.generic_audiences, *(one.audience for one in ledger.entries())]
    if audience not in known:
        raise _no_audience(audience, known)


def _no_audience(audience: str, known: Sequence[str]) -> UsageError:
    there = did_you_mean(audience, known) or f"; there are {', '.join(dict.fromkeys(known))}"
    return usage(f'there is no audience "{audience}"{there}', "unknown-audience")


def _usable(read: tuple[MailSettings | None, Sequence[Problem]], folder: Path) -> MailSettings:
    from briefing.mail.settings import FILE

    settings, problems = read
    if settings is None:
        raise LoadError(problems) if problems else _no_settings(str(folder / FILE))
    return settings


def _no_settings(shown: str) -> UsageError:
    message = (
        "is not there; it says from whom and over which server, for instance (two lines):"
        " `sender: Policy desk <desk@example.org>` and"
        " `server: {host: mail.example.org, security: starttls, user: desk}`"
    )
    return UsageError(Problem(Location(shown), Level.ERROR, message, "file"))


def _list(settings: MailSettings, asked: _Asked) -> MailingList | None:
    """The list that is named; it must be one for this audience."""
    if asked.list_name is None:
        return None
    found = settings.lists.get(asked.list_name)
    if found is None:
        hint = did_you_mean(asked.list_name, settings.lists)
        there = f"; it has {', '.join(settings.lists)}" if settings.lists and not hint else hint
        raise usage(f'mail.yaml has no list "{asked.list_name}"{there}', "mail-list")
    if asked.audience and asked.audience != found.audience:
        raise usage(
            f'the list "{found.name}" is for {found.audience}, not for {asked.audience}: wrong brief, or wrong list?',
            "mail-list",
        )
    return found


def _list_of_again(
    project: Project, settings: MailSettings, asked: _Asked, audience: str
) -> MailingList | None:
    """Where somebody gets it again, and no list is named, that by which he got it: it has his name and the format."""
    from briefing.mail.readers import keys_of

    again = keys_of(asked.again)
    if not again or asked.to or asked.cc or asked.table:
        return None
    lists = [one for one in settings.lists.values() if one.audience == audience]
    found = [one for one in lists if again <= _keys_on(project.folder, one)]
    if len(found) > 1:
        names = " or ".join(f"--list {one.name}" for one in found)
        raise usage(f"{', '.join(asked.again)} is on more than one list; say {names}", "mail-list")
    return found[0] if found else None


def _keys_on(folder: Path, one: MailingList) -> frozenset[str]:
    """Whom a list is for, in its table, too."""
    from briefing.mail.readers import keys_in
    from briefing.mail.settings import table_of

    table = table_of(folder, one)
    return keys_in(table, one.column) if table else frozenset(to.key for to in one.to)


def _table(project: Project, asked: _Asked, of_list: MailingList | None) -> Recipients | None:
    from briefing.mail.settings import table_of
    from briefing.recipients import read_recipients

    listed = of_list if of_list and of_list.table else None
    if asked.table and listed:
        raise usage("the list names a table already; leave out --for")
    if listed:
        return table_of(project.folder, listed)
    return read_recipients(asked.table) if asked.table else None


# --- composing and showing ------------------------------------------------------------------------------


def _composed(
    project: Project, settings: MailSettings, errand: Errand, ledger: Ledger, clock: _Clock
) -> Mailing:
    from briefing.limits import DEFAULT
    from briefing.mail.parcels import mailing
    from briefing.pressroom import Pressroom

    with Pressroom(os.cpu_count() or 1, DEFAULT) as press:
        return mailing(project, settings, errand, ledger, clock.now(), press)


def _plan(mailing: Mailing) -> list[Result]:
    """What is to become of each recipient."""
    from briefing.mail.sending import passed_over
    from briefing.mail.telling import drafted

    to_send = (one for parcel in mailing.parcels for one in drafted(parcel))
    return [*map(passed_over, mailing.held), *to_send]


def _dry_run(errand: Errand, mailing: Mailing, *, quiet: bool, as_json: bool) -> None:
    """Write the messages as drafts, and say what would be sent."""
    from briefing.mail.drafts import write_drafts
    from briefing.mail.telling import DRY_RUN, results_json, results_text

    files = write_drafts(errand.out / "mail" / errand.audience, mailing.parcels)
    if as_json:
        say(results_json(errand.audience, _plan(mailing), files, dry=True))
    elif not quiet:
        say(results_text(_plan(mailing), files, dry=True, end=DRY_RUN).rstrip("\n"))


def _say_sent(audience: str, sent: Sent, *, quiet: bool, as_json: bool) -> None:
    from briefing.mail.telling import results_json, results_text

    bad = [one for one in sent.results if one.state not in ("sent", "skipped")]
    if as_json:
        say(results_json(audience, sent.results, {}, dry=False))
    elif not quiet or bad:
        say(results_text(bad if quiet else sent.results, {}, dry=False).rstrip("\n"))
    tell(sent.problems, Level.ERROR)
    if sent.stopped:
        hint("stopped; who was not reached is still to be sent: run the same again")
        raise typer.Exit(_INTERRUPTED)
    raise typer.Exit(1 if bad or sent.problems else 0)


# --- sending --------------------------------------------------------------------------------------------


def _transport(
    project: Project, settings: MailSettings, of_list: MailingList | None, outbox: str | None
) -> tuple[Transport, Pace]:
    """Which way the messages go, and how patiently."""
    from briefing.mail.secrets import password_of
    from briefing.mail.sending import Pace
    from briefing.mail.transport import Outbox, Sendmail, Smtp

    between = 60 / of_list.rate if of_list and of_list.rate else 0.0
    if outbox:
        if os.path.lexists(outbox) and not os.path.isdir(outbox):
            raise usage(f"--outbox {outbox} is no folder")
        return Outbox(Path(outbox)), Pace()
    if settings.sendmail:
        return Sendmail(settings.sendmail, _SECONDS_FOR_A_MAILER), Pace(between=between)
    server = settings.server
    if server is None:
        raise usage(
            "mail.yaml names neither `server` nor `sendmail`: add one, or write to a folder with --outbox"
        )
    password = password_of(server, project.folder, os.environ)
    return Smtp(server, password, project.folder), Pace(server.attempts, server.pause, between)


_SECONDS_FOR_A_MAILER = 120


def _consent(audience: str, mailing: Mailing, transport: Transport, yes: bool) -> bool:
    """Ask once more, with the number of recipients; a script has to say so before. Whether somebody was asked."""
    from briefing.mail.telling import results_text

    number = sum(len(parcel.stubs) for parcel in mailing.parcels)
    if yes or not number:
        return False
    if not is_answered():
        raise usage("nobody is here to be asked whether it may be sent; a script says --yes")
    hint(results_text(_plan(mailing), {}, dry=True).rstrip("\n"))
    people = "one recipient" if number == 1 else f"{number} recipients"
    if not confirm(f"Send {audience} to {people}, over {transport.name}?"):
        hint("nothing was sent")
        raise typer.Exit(1)
    return True


def _unchanged(shown: Mailing, now: Mailing) -> Mailing:
    """What is sent after a question that may have been open for hours: what was shown then, and holds now."""
    if [one.meant for one in shown.parcels] != [one.meant for one in now.parcels]:
        raise usage(
            "what would be sent now is not what you were asked about: it changed meanwhile; run the same again",
            "mail-changed",
        )
    return now


def _send(
    mailing: Mailing, transport: Transport, ledger: Ledger, pace: Pace, clock: _Clock, quiet: bool
) -> Sent:
    from briefing.mail.sending import send
    from briefing.progress import counter

    with clock.stopping(), counter(sys.stderr, quiet=quiet) as watch:
        return send(mailing, transport, ledger, pace, clock, watch)


class _Clock:
    """The clock of this machine. An interrupt stops a send between two messages, a second one at once."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)

    def wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    @contextmanager
    def stopping(self) -> Iterator[None]:
        before = {sort: signal.signal(sort, self._stopped) for sort in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for sort, handler in before.items():
                signal.signal(sort, handler)

    def _stopped(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self._stop.set()
