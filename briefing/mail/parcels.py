"""A brief and those who should have it → the messages to send, or every reason why nothing may be sent."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.addressing import addressed
from briefing.audience import load_audience
from briefing.brief import Brief
from briefing.build import Press
from briefing.carried import NOTHING
from briefing.carrying import carry
from briefing.document import Block
from briefing.earlier import EarlierFacts, earlier_document
from briefing.edition import Edition, edition
from briefing.errors import BriefingError, Level, Location, Problem, did_you_mean
from briefing.extract import extract
from briefing.files import Unusable, read_head
from briefing.fingerprint import fingerprint, fingerprint_of_bytes
from briefing.mail.addresses import Address
from briefing.mail.clearance import (
    build_command,
    errors_of,
    held_back,
    refusals,
    resend_command,
    would_build,
)
from briefing.mail.errand import COMMAND_LINE, Errand, Reader
from briefing.mail.ledger import Entry, Ledger, Stub
from briefing.mail.letter import Letter, letter
from briefing.mail.message import Attachment, Head, leaving, message_id, written
from briefing.mail.readers import keys_of
from briefing.mail.settings import MailSettings
from briefing.mail.transport import Envelope
from briefing.news import news_section
from briefing.outcome import Report, Wish
from briefing.plaintext import plain_text
from briefing.printing import as_printed
from briefing.project import Project
from briefing.selection import Selected, selected, selected_letter

__all__ = ["Held", "Mailing", "Parcel", "content_of", "mailing"]

_DATE = re.compile(rb"(?m)^Date: .*\r\n")
# Servers take 25 MB; what is larger is turned away with the server's own words.
_MOST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, ready to go, with what the ledger is told of each of its recipients, by the key of the address.

    `seen` are those who get it again, with the moment of the entry that says what became of it before.
    """

    envelope: Envelope
    subject: str
    attached: Attachment
    path: Path
    stubs: Mapping[str, Stub]
    carried: Mapping[str, bytes]
    seen: Mapping[str, str]

    @property
    def meant(self) -> tuple[Mapping[str, Stub], bytes]:
        """What goes to whom, whenever it goes."""
        return self.stubs, _DATE.sub(b"", self.envelope.content, count=1)


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who gets nothing, and what the ledger says: he has it, or nobody knows whether he has.

    `again` is the command that sends it to him once more. `last`: no other edition was sent to him since.
    """

    stub: Stub
    entry: Entry
    again: str
    last: bool = True


@dataclass(frozen=True, slots=True)
class Mailing:
    """The messages, and those who are passed over; `warnings` are what should be known before."""

    parcels: tuple[Parcel, ...]
    held: tuple[Held, ...]
    warnings: tuple[Problem, ...]


def mailing(
    project: Project,
    settings: MailSettings,
    errand: Errand,
    ledger: Ledger,
    now: datetime.datetime,
    press: Press,
) -> Mailing:
    """The messages of an errand. BriefingError with every reason why it may not be sent; then there is none at all."""
    report = would_build(project, errand, press)
    problems = [*refusals(project, errand, report), *_held_back(project, errand, now)]
    if problems:
        raise BriefingError(problems)
    desk = _Desk(project, settings, errand, ledger, now, report)
    found = [desk.composed(reader) for reader in errand.readers]
    if desk.problems:
        raise BriefingError(desk.problems)
    return Mailing(
        tuple(parcel for parcel, _ in found if parcel),
        tuple(one for _, held in found for one in held),
        tuple(one for one in report.problems if one.level is Level.WARNING),
    )


def _held_back(project: Project, errand: Errand, now: datetime.datetime) -> Sequence[Problem]:
    try:
        contract = load_audience(errand.audience, project.templates, project.locale).contract
    except BriefingError:  # told by `check`
        return ()
    return list(held_back(project, errand, contract.printed_on(project.letterhead), now))


def content_of(printed: Edition) -> str:
    """The fingerprint of what a reader reads, whatever bytes a format or another library makes of it."""
    return f"sha256:{fingerprint([plain_text(printed)])}"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A file that is sent, what a reader reads in it, and what it carries; `plain` is what is read without the news."""

    brief: Brief
    attached: Attachment
    content: str
    plain: str
    carried: Mapping[str, bytes]
    encoded: bytes

    def apart(self, message: bytes) -> tuple[bytes, ...]:
        """A message with the attachment as the one that all have: 10,000 of them would not fit into memory."""
        before, found, after = message.partition(self.encoded)
        return (before, self.encoded, after) if found else (message,)


class _Desk:
    """Where messages are composed; `problems` are those that keep all of them back."""

    def __init__(
        self,
        project: Project,
        settings: MailSettings,
        errand: Errand,
        ledger: Ledger,
        now: datetime.datetime,
        report: Report,
    ) -> None:
        self.project = project
        self.settings = settings
        self.errand = errand
        self.ledger = ledger
        self.now = now
        self.report = report
        self.problems: list[Problem] = []
        self.shared: dict[str, Selected] = {}
        self.papers: dict[Path, _Paper | None] = {}
        self.told: dict[tuple[Path, str], Sequence[Block]] = {}
        self.earlier: dict[str, EarlierFacts] = {}
        self.listed = frozenset(one.key for one in errand.of_list.to) if errand.of_list else frozenset()

    def composed(self, reader: Reader) -> tuple[Parcel | None, list[Held]]:
        """The message to a reader, None where nobody is left to get it; and those who are passed over."""
        paper, note = self.paper(reader), self.note(reader)
        if paper is None or note is None:
            return None, []
        content, attached = paper.content, paper.attached
        everyone = (*reader.to, *reader.cc)
        known = self.known(paper, everyone)
        for one in everyone:
            if one.key in self.errand.again and one.key not in known:
                self.never_sent(one)
        open_to = [one for one in everyone if self.is_open(one, known)]
        id = self.message_id(content, open_to, known)

        def stub(one: Address) -> Stub:
            named = id if one in open_to else known[one.key].message_id
            return Stub(one.key, content, one.address, self.errand.audience, named, attached.fingerprint)

        held = [
            Held(stub(one), known[one.key], self.again(one), self.is_last(one, content))
            for one in everyone
            if one not in open_to
        ]
        said = self.letter(reader, open_to, note, paper) if open_to else None
        if said is None:
            return None, held
        head = self.head(reader, open_to, said, id)
        content_bytes = written(head, said.text, said.html, attached, draft=self.errand.draft)
        name = f"{_slug(open_to[0].address)}-{fingerprint([id])[:8]}"
        parcel = Parcel(
            Envelope(name, head.sender, tuple(open_to), paper.apart(content_bytes), head.needs_utf8),
            said.subject,
            attached,
            self.errand.path(reader),
            {one.key: stub(one) for one in open_to},
            paper.carried,
            {key: known[key].at for key in self.errand.again if key in known},
        )
        return parcel, held

    def message_id(self, content: str, to: Sequence[Address], known: Mapping[str, Entry]) -> str:
        """That of these recipients; who gets again what had one gets it under the same."""
        before = {known[one.key].message_id if one.key in known else "" for one in to}
        if len(before) == 1 and "" not in before:
            return before.pop()
        return message_id(content, [one.key for one in to], self.settings.sender.domain)

    def is_open(self, one: Address, known: Mapping[str, Entry]) -> bool:
        """Whether the recipient gets it: nobody sent it yet, or a person decided so."""
        entry = known.get(one.key)
        return entry is None or entry.state in ("waiting", "refused") or one.key in self.errand.again

    def known(self, paper: _Paper, everyone: Sequence[Address]) -> Mapping[str, Entry]:
        """What the ledger has of this content, by the key of the address."""
        keys = [one.key for one in everyone]
        found = self.ledger.states(paper.content, keys)
        if not self.errand.since:
            return found
        # An older briefing wrote it down as the plain one: the same bytes are the same file.
        older = self.ledger.states(paper.plain, keys)
        same = {key: one for key, one in older.items() if one.attachment == paper.attached.fingerprint}
        return {**same, **found}

    def never_sent(self, one: Address) -> None:
        """Report somebody who is to get again what he never had: most likely it is another address, or another file."""
        audience, entries = self.errand.audience, self.ledger.entries(self.errand.audience)
        if one.key in keys_of(entry.recipient for entry in entries):
            message = (
                f"“{one.address}” was sent {audience}, and not this one: name what it was sent with (--list, --for,"
                " --since); or to send this one, too, say --to instead of --resend"
            )
        else:
            near = did_you_mean(one.address, {entry.recipient for entry in entries})
            message = f"“{one.address}” was never sent {audience}, so there is nothing to send again" + (
                near or "; to send it now, say --to instead of --resend"
            )
        self.problems.append(Problem(COMMAND_LINE, Level.ERROR, message, "mail-recipient"))

    def again(self, one: Address) -> str:
        from_list = self.errand.table is not None or one.key in self.listed
        return resend_command(self.project, self.settings, self.errand, one, from_list=from_list)

    def is_last(self, one: Address, content: str) -> bool:
        """Whether this is what the recipient was sent last."""
        return self.ledger.last_content(one.key, self.errand.audience) in ("", content)

    # --- the file ---------------------------------------------------------------------------------

    def paper(self, reader: Reader) -> _Paper | None:
        """The file for a reader, made once for all who get the same."""
        path = self.errand.path(reader)
        if path not in self.papers:
            self.papers[path] = self.made(reader)
        return self.papers[path]

    def made(self, reader: Reader) -> _Paper | None:
        brief = self.brief(reader)
        if brief is None:
            return None
        attached = self.attached(reader, brief)
        if attached is None:
            return None
        plain = content_of(edition(brief, letterhead=self.project.letterhead))
        content = self.with_news(reader, brief) if self.errand.since else plain
        encoded = base64.encodebytes(attached.content).replace(b"\n", b"\r\n")
        return _Paper(brief, attached, content, plain, self.carried(reader, brief), encoded)

    def with_news(self, reader: Reader, brief: Brief) -> str:
        """The content of a file that says what changed since an edition: who has the plain one has not read that."""
        errand, found = self.errand, self.shared[selected.__name__]
        wish = Wish([errand.audience], errand.out, [errand.format], since=errand.since)
        row = reader.values if errand.table else None
        _, printed = as_printed(self.project, wish, found, brief, row)
        return content_of(replace(printed, carried=NOTHING))  # which is made anew with another version

    # --- what it is made of ---------------------------------------------------------------------------

    def brief(self, reader: Reader) -> Brief | None:
        row = reader.values if self.errand.table else None
        return self.addressed(reader, selected, row)

    def note(self, reader: Reader) -> Brief | None:
        """What the mail is made of. Its subject, greeting and closing are filled later, and once: a cell is literal."""
        made = self.addressed(reader, selected_letter, self.values(reader))
        written = self.shared[selected_letter.__name__].brief
        return replace(made, audience=written.audience) if made and written else made

    def addressed(
        self,
        reader: Reader,
        choose: Callable[[Project, str, Mapping[str, str] | None], Selected],
        row: Mapping[str, str] | None,
    ) -> Brief | None:
        """The brief for a reader; one selection serves all, unless its template looks at who they are."""
        name = choose.__name__
        found = self.shared.get(name)
        if found is None or found.brief is None or found.brief.looked is not None:
            found = self.shared[name] = choose(self.project, self.errand.audience, row)
        self.problems += errors_of(found.problems)
        if found.brief is None:
            return None
        missing = next((column for column in found.brief.columns if not (row or {}).get(column)), None)
        if missing:
            self.missing(reader, missing)
            return None
        return addressed(found.brief, row) if row else found.brief

    def values(self, reader: Reader) -> Mapping[str, str]:
        """What a mail may say of its reader: the columns of his row, or his name."""
        if self.errand.table:
            return reader.values
        return {"name": reader.to[0].name} if len(reader.to) == 1 and reader.to[0].name else {}

    def letter(self, reader: Reader, to: Sequence[Address], note: Brief, paper: _Paper) -> Letter | None:
        try:
            news = self.news(reader, to, paper.brief)
            return letter(note, news, paper.attached.name, self.values(reader), self.settings.sender.name)
        except KeyError as error:
            self.missing(reader, str(error.args[0]).removeprefix("recipient."))
            return None

    def missing(self, reader: Reader, column: str) -> None:
        who = ", ".join(map(str, reader.to))
        message = f"{who} has no {column}, which the template of the mail asks for (recipient.{column})"
        self.problems.append(Problem(reader.at, Level.ERROR, message, "mail-recipient"))

    def news(self, reader: Reader, to: Sequence[Address], brief: Brief) -> Sequence[Block]:
        """What changed since the last edition that these were sent; nothing where they had none, or not the same."""
        editions = [self.ledger.last_edition(one.key, self.errand.audience) for one in to]
        last = editions[0]
        if not last or any(one != last for one in editions):
            return ()
        key = fingerprint(part for item in sorted(last.items()) for part in item)
        asked = self.errand.path(reader), key
        if asked not in self.told:
            self.told[asked] = self.compared(reader, brief, key, last)
        return self.told[asked]

    def compared(self, reader: Reader, brief: Brief, key: str, last: Mapping[str, bytes]) -> Sequence[Block]:
        try:
            if key not in self.earlier:
                self.earlier[key] = earlier_document("the last edition that was sent", last, self.project)
            row = reader.values if self.errand.table else None
            before = self.earlier[key].of(self.errand.audience, row)
        except BriefingError:  # one that nobody can compare with; what is attached is right all the same
            return ()
        return news_section(brief, before, extract(self.project.loaded, brief, self.project.locale))

    def carried(self, reader: Reader, brief: Brief) -> Mapping[str, bytes]:
        """What the document carries, from which the next mail tells what changed."""
        row = reader.values if self.errand.table else None
        made_of = carry(self.project.loaded, brief, self.project.locale, row, self.project.letterhead)
        return {file.name: file.content for file in made_of.files}

    def head(self, reader: Reader, to: Sequence[Address], said: Letter, id: str) -> Head:
        first = tuple(one for one in reader.to if one in to)
        copies = tuple(one for one in reader.cc if one in to)
        of_list = self.errand.of_list
        return Head(
            self.settings.sender,
            first or copies,
            copies if first else (),
            said.subject,
            id,
            self.settings.reply_to,
            None if self.errand.draft else self.now,
            leaving(of_list.unsubscribe if of_list else None, to[0]) if len(to) == 1 else {},
        )

    def attached(self, reader: Reader, brief: Brief) -> Attachment | None:
        """The bytes that the build says are right, read once."""
        path = self.errand.path(reader)
        try:
            data = read_head(path, _MOST_BYTES)
        except (FileNotFoundError, Unusable):
            data = b""
        if fingerprint_of_bytes(data) != self.report.files.get(str(path)):
            message = f"is being changed by somebody; run: {build_command(self.project, self.errand)}"
            self.problems.append(Problem(Location(str(path)), Level.ERROR, message, "mail-stale"))
            return None
        name = f"{self.errand.audience}-{brief.facts.as_of.isoformat()}.{self.errand.format}"
        return Attachment(name, self.errand.format, data)


def _slug(address: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", address.casefold()).strip("-")[:40] or "recipient"
