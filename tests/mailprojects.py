"""Something to send, in two sizes: parcels made by hand, for `send` with a clock that never waits; and a small project
with a list of recipients, for the command as a process."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from mailserver import MailServer

from briefing.cli import run
from briefing.mail.addresses import Address, parse_address
from briefing.mail.ledger import FILE, Ledger, Stub
from briefing.mail.message import Attachment, Head, message_id, written
from briefing.mail.parcels import Held, Mailing, Parcel
from briefing.mail.sending import Pace, Sent, send
from briefing.mail.settings import Server
from briefing.mail.transport import Envelope, Smtp, Transport

__all__ = [
    "AUDIENCE",
    "CONTENT",
    "ROOT",
    "FakeClock",
    "accepted",
    "command",
    "ledger_of",
    "ledger_states",
    "mail_project",
    "mailing_to",
    "memory",
    "people",
    "send_to",
    "smtp_to",
    "stub_of",
]

ROOT = Path(__file__).parent.parent
BRIEFS = Path(__file__).parent / "briefs"
AUDIENCE = "good"
CONTENT = "sha256:" + "5" * 64
SENDER = parse_address("Policy desk <desk@example.org>")


def memory() -> str | None:
    """A folder that is no disk, where there is one: a ledger waits for the disk after each message."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def people(number: int) -> list[str]:
    return [f"r{one:03}@example.org" for one in range(number)]


_MOMENTS = itertools.count()


class FakeClock:
    """Each look at one is a moment later; it remembers how long it should have waited, and stops where it is told to:
    in the wait of this number."""

    def __init__(self, stop_in_wait: int = 0) -> None:
        self.waits: list[float] = []
        self.stopped = False
        self._stop_in_wait = stop_in_wait

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 28, 12, tzinfo=dt.UTC) + dt.timedelta(microseconds=next(_MOMENTS))

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.stopped = self.stopped or len(self.waits) == self._stop_in_wait


# ---- Parcels


def stub_of(address: str, content: str = CONTENT, recipients: Sequence[str] = ()) -> Stub:
    """What the ledger is told of a message to `address`; `recipients` where it is for more than one."""
    one = parse_address(address)
    keys = [parse_address(text).key for text in recipients] or [one.key]
    return Stub(one.key, content, one.address, AUDIENCE, message_id(content, keys, SENDER.domain), "a" * 64)


def mailing_to(
    ledger: Ledger,
    recipients: Iterable[str],
    *,
    together: bool = False,
    again: Iterable[str] = (),
    text: str = "Good day.",
) -> Mailing:
    """As the command makes it: those who have the content, or may have it, are passed over."""
    addresses = [parse_address(one) for one in recipients]
    known = ledger.states(CONTENT, [one.key for one in addresses])
    open_to = [
        one
        for one in addresses
        if one.key not in known or known[one.key].state in ("waiting", "refused") or one.address in again
    ]
    groups = [open_to] if together and open_to else [[one] for one in open_to]
    seen = {one.key: known[one.key].at for one in open_to if one.address in again and one.key in known}
    return Mailing(
        tuple(_parcel(group, seen, text) for group in groups),
        tuple(Held(stub_of(one.address), known[one.key], "") for one in addresses if one not in open_to),
        (),
    )


def _parcel(to: Sequence[Address], seen: dict[str, str], text: str) -> Parcel:
    named = [one.address for one in to]
    stubs = {one.key: stub_of(one.address, recipients=named) for one in to}
    attached = Attachment("good.md", "md", b"# Good\n")
    id = next(iter(stubs.values())).message_id
    head = Head(SENDER, tuple(to), (), "Good", id, date=dt.datetime(2026, 1, 28, tzinfo=dt.UTC))
    content = written(head, text, f"<p>{text}</p>", attached)
    envelope = Envelope(f"{len(to)}-{to[0].key}", SENDER, tuple(to), (content,), head.needs_utf8)
    return Parcel(
        *(envelope, "Good", attached, Path("out/good.md"), stubs, {"facts.yaml": b"schema: 1\n"}, seen)
    )


def smtp_to(server: MailServer, *, timeout: int = 30, password: str = "", authority: bool = True) -> Smtp:
    """The transport to a server, which trusts its authority and logs in where that is wanted."""
    manner = server.manner
    user = manner.login.user if manner.login else ""
    given = password or (manner.login.password if manner.login else "")
    ca_file = str(server.ca_file) if authority else ""
    settings = Server(server.host, server.port, manner.security, user, ca_file=ca_file, timeout=timeout)
    return Smtp(settings, given, server.ca_file.parent)


def send_to(
    transport: Transport,
    ledger: Ledger,
    mailing: Mailing,
    pace: Pace | None = None,
    clock: FakeClock | None = None,
    watch: Callable[[int, int, str], None] = lambda done, total, who: None,
) -> Sent:
    return send(mailing, transport, ledger, pace or Pace(attempts=3), clock or FakeClock(), watch)


def accepted(server: MailServer) -> Counter[str]:
    """How often the server took a message for each recipient."""
    return Counter(recipient for message in server.accepted for recipient in message.recipients)


def ledger_states(ledger: Ledger) -> dict[str, str]:
    return {one.recipient: one.state for one in ledger.entries()}


# ---- A project


def mail_project(folder: Path, server: MailServer, recipients: Sequence[str], *settings: str) -> Path:
    """A folder with a built brief and the list `all`; `settings` are more of its server's."""
    (folder / "templates").mkdir(parents=True)
    shutil.copy(BRIEFS / "facts.yaml", folder)
    (folder / "templates" / f"{AUDIENCE}.md.j2").write_text(
        '---\ntitle: Good\nstance: neutral\n---\n## One\n{{ fact("opened") }}\n'
    )
    of_server = [f"host: {server.host}, port: {server.port}, security: {server.manner.security}", *settings]
    lines = [
        f"server: {{{', '.join(of_server)}}}",
        f"sender: {SENDER}",
        *("lists:", "  all:", f"    audience: {AUDIENCE}", "    format: md", "    to:"),
        *(f"      - {one}" for one in recipients),
    ]
    (folder / "mail.yaml").write_text("\n".join(lines) + "\n")
    facts, out = str(folder / "facts.yaml"), str(folder / "out")
    assert run(["build", AUDIENCE, "-q", "--format", "md", "--facts", facts, "--out", out]) == 0
    return folder


def command(folder: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """`briefing send` to the list of a project, as a process that may be killed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "briefing", "send", "--list", "all", *(arguments or ("--send", "--yes"))],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def ledger_of(folder: Path) -> Ledger:
    return Ledger(folder / FILE)
