"""A real SMTP server on loopback, for tests that send mail: it keeps what it gets, and fails where it is told to.

What a client sees of it can be chosen: TLS, certificates, passwords, limits (`mail_server`). What goes wrong is a list
of small values, each a `Fault`: at which `Step`, to whom, how often, and what happens there instead. The server asks
its list at every step (`_Faults.at`), so each of them can fail, in the same few ways.

It runs in a thread of the test's process; another process reaches it like any server. No more is promised of `accepted`
than of a real server: a message stands there once all of it has arrived and the server has decided to keep it, whether
or not the client lived to read the answer. After a client was killed, `wait_until_idle` waits for what it left behind.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import select
import socket
import ssl
import struct
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Literal, NoReturn, Protocol

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, TLSSetupException

__all__ = [
    "Answer",
    "Command",
    "Drop",
    "Fault",
    "Hang",
    "Login",
    "MailServer",
    "Message",
    "Step",
    "Struck",
    "mail_server",
]

HOST = "127.0.0.1"
_NAME = "mail.example"
# Of a line with its end; RFC 5321, 4.5.3.1.6, and one for a doubled dot.
_LONGEST_LINE = 1001


class Step(StrEnum):
    """Where something can happen, in the order of a session."""

    CONNECT = "before the greeting"
    HANDSHAKE = "before the server's part of the TLS handshake"
    EHLO = "instead of the answer to EHLO, and to HELO"
    STARTTLS = "instead of the answer to STARTTLS"
    AUTH = "instead of the answer to AUTH"
    MAIL = "instead of the answer to MAIL"
    RCPT = "instead of the answer to RCPT"
    DATA = "instead of the answer to DATA, which is 354"
    BODY = "after the first line of a message, while the client is still sending"
    DOT = "after the final dot, with the message not kept"
    KEPT = "after the final dot, with the message kept, instead of the answer"
    ANSWERED = "after the message was kept and that was answered"
    RSET = "instead of the answer to RSET"
    QUIT = "instead of the answer to QUIT"


# Here the client waits for no answer, or could not read one.
_SPEECHLESS = {Step.HANDSHAKE, Step.ANSWERED}
# After an answer here there is nothing that could follow.
_LAST_WORDS = {Step.CONNECT, Step.BODY}
_STEPS = {verb: Step[verb] for verb in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "RSET", "QUIT")} | {
    "HELO": Step.EHLO
}


@dataclass(frozen=True)
class Answer:
    """A reply, in as many lines as the text has. After 421 the server hangs up, as RFC 5321 has it."""

    code: int
    text: str

    def __str__(self) -> str:
        *lines, last = self.text.split("\n")
        return "".join(f"{self.code}-{line}\r\n" for line in lines) + f"{self.code} {last}"


@dataclass(frozen=True)
class Drop:
    """The connection ends at once and without a word, also of TLS: by FIN, or by RST as when a machine died."""

    reset: bool = False


@dataclass(frozen=True)
class Hang:
    """Silence for so long. After it the server goes on as if nothing had been, if the client is still there."""

    seconds: float


Happening = Answer | Drop | Hang


@dataclass(frozen=True)
class Fault:
    """What happens at a step, and when.

    Occurrences of the step are counted that fit `recipients` and `message`, over all connections: from the occurrence
    `start` (1 is the first) on the fault strikes, at most `times` times, and with this `probability`. `each` counts for
    each recipient by itself: `Fault(Step.RCPT, Answer(450, "later"), each=True, times=1)` refuses everyone once.

    `recipients` can be told from RCPT on; after it, one of them among those of the message is enough. `message` is the
    number of a message, 1 for the first MAIL that the server heard.

    Chance is drawn from the seed, the recipients and the number of the occurrence, and so does not depend on the order
    in which clients come.
    """

    step: Step
    happening: Happening
    _: KW_ONLY
    recipients: frozenset[str] = frozenset()
    message: int | None = None
    start: int = 1
    times: int | None = None
    each: bool = False
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.happening, Answer) and self.step in _SPEECHLESS:
            raise ValueError(f"a client reads no answer {self.step}")

    def fits(self, step: Step, recipients: Sequence[str], message: int) -> bool:
        return (
            step == self.step
            and (not self.recipients or not self.recipients.isdisjoint(recipients))
            and self.message in (None, message)
        )

    def drawn(self, recipients: Sequence[str], occurrence: int) -> bool:
        lot = f"{self.seed} {self.step.name} {self.happening} {' '.join(recipients)} {occurrence}"
        return Random(lot).random() < self.probability


class _Watch:
    """A fault, and how often it was met and has struck."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._met: Counter[Sequence[str]] = Counter()
        self._met_by: Counter[Sequence[str]] = Counter()
        self._struck: Counter[Sequence[str]] = Counter()

    def meets(self, step: Step, recipients: Sequence[str], message: int) -> bool:
        """Counts what fits; true if the fault would strike."""
        if not self.fault.fits(step, recipients, message):
            return False
        group = self._group(recipients)
        self._met[group] += 1
        self._met_by[recipients] += 1
        return (
            self._met[group] >= self.fault.start
            and (self.fault.times is None or self._struck[group] < self.fault.times)
            and self.fault.drawn(recipients, self._met_by[recipients])
        )

    def strikes(self, recipients: Sequence[str]) -> Happening:
        self._struck[self._group(recipients)] += 1
        return self.fault.happening

    def _group(self, recipients: Sequence[str]) -> Sequence[str]:
        return recipients if self.fault.each else ()


class _Faults:
    """The one place that is asked what happens at a step."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._watches = [_Watch(fault) for fault in faults]

    def at(self, step: Step, recipients: Sequence[str], message: int) -> Happening | None:
        """The first fault that would strike does; the others have met the occurrence all the same."""
        ready = [watch for watch in self._watches if watch.meets(step, recipients, message)]
        return ready[0].strikes(recipients) if ready else None


@dataclass(frozen=True)
class Login:
    user: str
    password: str


@dataclass(frozen=True)
class Message:
    """A message that the server kept. `options` are those of MAIL, such as `SMTPUTF8`; `login` is empty without one."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    login: str
    options: tuple[str, ...]
    session: int


@dataclass(frozen=True)
class Command:
    """A command as the server heard it. Of AUTH the argument is the mechanism alone: what follows it is secret."""

    session: int
    verb: str
    argument: str
    encrypted: bool


@dataclass(frozen=True)
class Struck:
    """Something that happened by a fault."""

    session: int
    step: Step
    recipients: tuple[str, ...]
    happening: Happening


class _Socket(Protocol):
    """What asyncio's view of a socket has of one, and is needed here."""

    def setsockopt(self, level: int, name: int, value: bytes, /) -> None: ...
    def shutdown(self, how: int, /) -> None: ...


Security = Literal["none", "starttls", "tls"]
Certificate = Literal["right", "wrong-name", "unknown-authority", "expired"]


@dataclass(frozen=True)
class _Manner:
    """What a client sees of the server; `mail_server` explains."""

    security: Security
    strip_starttls: bool
    certificate: Certificate
    login: Login | None
    mechanisms: tuple[str, ...]
    smtputf8: bool
    size: int | None
    messages_per_session: int | None

    def offers_auth(self, encrypted: bool) -> bool:
        return self.login is not None and (encrypted or self.in_clear)

    @property
    def in_clear(self) -> bool:
        """Whether mail goes over connections without TLS."""
        return self.security == "none" or self.strip_starttls


@contextmanager
def mail_server(
    *faults: Fault,
    security: Security = "none",
    strip_starttls: bool = False,
    certificate: Certificate = "right",
    login: Login | None = None,
    mechanisms: tuple[str, ...] = ("LOGIN", "PLAIN"),
    smtputf8: bool = True,
    size: int | None = None,
    messages_per_session: int | None = None,
) -> Iterator[MailServer]:
    """A server that listens until the block ends; an error in the server itself is raised there.

    `strip_starttls`: as behind somebody who wants to read along, STARTTLS is not offered, AUTH is, in clear.
    `login`: AUTH is offered, under TLS where there is any, and needed. `size`: a limit in bytes, announced and held to.
    `messages_per_session`: after so many messages on one connection the server says 421.
    """
    manner = _Manner(
        security,
        strip_starttls,
        certificate,
        login,
        mechanisms,
        smtputf8,
        size,
        messages_per_session,
    )
    with tempfile.TemporaryDirectory() as folder, socket.create_server((HOST, 0)) as listening:
        ca_file = Path(folder) / "authority.pem"
        _authority().cert_pem.write_to_path(ca_file)
        server = MailServer(listening, ca_file, manner, faults)
        with server.running():
            yield server


class MailServer:
    """All of it is for tests to read, from their own thread; `plan` and `wait_until_idle` are for them to call."""

    def __init__(
        self, listening: socket.socket, ca_file: Path, manner: _Manner, faults: Sequence[Fault]
    ) -> None:
        self.host: str
        self.port: int
        self.host, self.port = listening.getsockname()
        self.ca_file = ca_file
        self.accepted: list[Message] = []
        self.sessions = 0
        self.transcript: list[Command] = []
        self.struck: list[Struck] = []
        self.failures: list[BaseException] = []
        self.manner = manner
        self.messages = 0
        self.plan(*faults)
        self.tls = _tls(manner.certificate) if manner.security != "none" else None
        self._listening = listening
        self._clients: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    def plan(self, *faults: Fault) -> None:
        """From now on these faults instead of those before, counted anew."""
        self._faults = _Faults(faults)

    def wait_until_idle(self, seconds: float = 10) -> None:
        """Waits until no client is connected or about to be: then nothing that was sent is still on its way."""
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(self._idle(), seconds), self._loop).result()

    def happens(
        self, session: int, step: Step, recipients: tuple[str, ...], message: int
    ) -> Happening | None:
        """For the server's sessions: asks the faults, and remembers what they said."""
        happening = self._faults.at(step, recipients, message)
        if happening:
            self.struck.append(Struck(session, step, recipients, happening))
        return happening

    @contextmanager
    def running(self) -> Iterator[None]:
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name="mail server")
        thread.start()
        ready.wait()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()
        if self.failures:
            raise BaseExceptionGroup("in the mail server", self.failures)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._listening.setblocking(False)
        self._loop.add_reader(self._listening, self._open_door)
        ready.set()
        await self._stop.wait()
        self._loop.remove_reader(self._listening)
        clients = list(self._clients)
        for task in clients:
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    def _open_door(self) -> None:
        # Not `sock_accept`: where it is cancelled when somebody has just come, nobody closes their connection.
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return
        connection.setblocking(False)
        self.sessions += 1
        task = asyncio.create_task(self._entertain(connection, self.sessions))
        self._clients.add(task)
        task.add_done_callback(partial(self._bid_farewell, connection))

    def _bid_farewell(self, connection: socket.socket, task: asyncio.Task[None]) -> None:
        connection.close()  # here, too, since a task that is ended before it began closes nothing
        self._clients.discard(task)
        self.examine(task)

    def examine(self, task: asyncio.Task[None]) -> None:
        """A task that has ended → its error, if it has one, among the failures."""
        if not task.cancelled() and (error := task.exception()):
            self.failures.append(error)

    async def _entertain(self, connection: socket.socket, number: int) -> None:
        """A connection, from its first byte until it is closed. That a client is gone is no failure of the server."""
        with connection, suppress(OSError):
            implicit = self.tls if self.manner.security == "tls" else None
            if implicit and await self._spoils_handshake(connection, number):
                return
            client = _Client(self, number)
            try:
                await self._loop.connect_accepted_socket(lambda: client, connection, ssl=implicit)
                await client.gone.wait()
            finally:
                await client.leave()

    async def _spoils_handshake(self, connection: socket.socket, number: int) -> bool:
        match self.happens(number, Step.HANDSHAKE, (), 0):
            case Hang(seconds):
                await asyncio.sleep(seconds)
            case Drop(reset):
                _cut(connection, reset)
                return True
        return False

    async def _idle(self) -> None:
        while self._clients or select.select([self._listening], [], [], 0)[0]:
            await asyncio.sleep(0.005)


class _Hooks:
    """What aiosmtpd asks others: what EHLO offers, and what to do with an error."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_EHLO(  # noqa: N802 (the name is aiosmtpd's)
        self, client: _Client, session: Session, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        unwanted = {"250-STARTTLS"} if self._server.manner.strip_starttls else set()
        auth = self._server.manner.offers_auth(client.encrypted())
        return [
            offer for offer in offers if offer not in unwanted and (auth or not offer.startswith("250-AUTH"))
        ]

    async def handle_exception(self, error: Exception) -> str:
        if not isinstance(error, OSError | TLSSetupException):
            self._server.failures.append(error)
        return "451 4.3.0 the server failed"


class _Client(SMTP):
    """A session. aiosmtpd knows the protocol; this adds what it must refuse, what it keeps, and the faults.

    aiosmtpd looks at each attribute before it is set up, so there are no properties here.
    """

    line_length_limit = 2**20  # what its buffer holds; `_refusal_of` knows the real limit

    def __init__(self, server: MailServer, number: int) -> None:
        # The class has one table for all sessions, and every new session clears it.
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        super().__init__(
            _Hooks(server),
            hostname=_NAME,
            ident="ESMTP",
            data_size_limit=server.manner.size,
            enable_SMTPUTF8=server.manner.smtputf8,
            tls_context=server.tls if server.manner.security == "starttls" else None,
            auth_require_tls=False,  # `_Manner.offers_auth` decides
            auth_exclude_mechanism={"LOGIN", "PLAIN"} - set(server.manner.mechanisms),
            authenticator=self._authenticates,
            loop=asyncio.get_running_loop(),
        )
        self.gone = asyncio.Event()
        self._server = server
        self._number = number
        self._message = 0
        self._kept = 0
        self._smtp_methods = {
            verb: partial(self._obey, verb, method) for verb, method in self._smtp_methods.items()
        }

    # ---- The connection

    def encrypted(self) -> bool:
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    def connection_lost(self, error: Exception | None) -> None:
        if self.session and not self.gone.is_set():
            super().connection_lost(error)
        self.gone.set()

    async def leave(self) -> None:
        """Ends whatever is still open. A connection in the midst of STARTTLS would not tell that it is lost."""
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.WriteTransport):
                _abort(transport)
        if self._handler_coroutine:
            self._handler_coroutine.add_done_callback(
                self._server.examine
            )  # also where the wait is cancelled
            self._handler_coroutine.cancel()
            await asyncio.wait([self._handler_coroutine])

    async def _handle_client(self) -> None:
        """aiosmtpd's loop over commands. A client that is gone ends it with an exception that is none."""
        with suppress(OSError):
            try:
                if not await self._happens(Step.CONNECT):
                    await super()._handle_client()
            finally:
                self._writer.close()

    # ---- Commands

    async def _obey(
        self, verb: str, method: Callable[[str | None], Awaitable[None]], argument: str | None
    ) -> None:
        self._note(verb, argument or "")
        if verb == "MAIL":
            self._server.messages += 1
            self._message = self._server.messages
        if verb in _STEPS and await self._happens(_STEPS[verb], self._addressed(verb, argument)):
            return
        if refusal := self._refusal(verb):
            await self._say(refusal)
        else:
            await method(argument)

    def _note(self, verb: str, argument: str) -> None:
        told = argument.partition(" ")[0] if verb == "AUTH" else argument
        self._server.transcript.append(Command(self._number, verb, told, self.encrypted()))

    def _addressed(self, verb: str, argument: str | None) -> tuple[str, ...]:
        if verb != "RCPT":
            return self._recipients()
        return tuple(re.findall(r"<([^<>]*)>", argument or ""))

    def _recipients(self) -> tuple[str, ...]:
        return tuple(self.envelope.rcpt_tos) if self.envelope else ()

    def _refusal(self, verb: str) -> Answer | None:
        """What the server has against a command, besides its syntax and order, which aiosmtpd knows."""
        manner = self._server.manner
        if verb == "AUTH":
            return (
                None
                if manner.offers_auth(self.encrypted())
                else Answer(538, "5.7.11 AUTH is not offered here")
            )
        if verb not in ("MAIL", "RCPT", "DATA"):
            return None
        if not (self.encrypted() or manner.in_clear):
            return Answer(530, "5.7.0 Must issue a STARTTLS command first")
        if manner.login and not (self.session and self.session.authenticated):
            return Answer(530, "5.7.0 Authentication required")
        if (
            verb == "MAIL"
            and manner.messages_per_session is not None
            and self._kept >= manner.messages_per_session
        ):
            return Answer(421, "4.7.0 Too many messages on one connection")
        return None

    def _authenticates(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        login = self._server.manner.login
        right = login is not None and given == (login.user.encode(), login.password.encode())
        return AuthResult(success=right, handled=False, auth_data=given)

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802
        if self.tls_context and not arg:
            await self._spoil_handshake()
        await super().smtp_STARTTLS(arg or "")

    async def _spoil_handshake(self) -> None:
        """As `MailServer._spoils_handshake`; here the client is told to begin before anything happens."""
        match self._server.happens(self._number, Step.HANDSHAKE, (), self._message):
            case Hang(seconds):
                assert isinstance(self.transport, asyncio.ReadTransport)
                self.transport.pause_reading()
                self.loop.call_later(seconds, self.transport.resume_reading)
            case Drop(reset):
                await self.push("220 Ready to start TLS")
                await self._drop(reset)

    # ---- Messages

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Written anew: aiosmtpd reads a message in one go, and here something may happen in the midst of it."""
        recipients = self._recipients()
        if arg or not recipients:
            await self._say(Answer(503, "5.5.1 DATA comes after RCPT, by itself"))
        elif not await self._happens(Step.DATA, recipients):
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._take(await self._read_lines(recipients), recipients)

    async def _read_lines(self, recipients: tuple[str, ...]) -> list[bytes]:
        lines: list[bytes] = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line)
            if len(lines) == 1:
                await self._happens(Step.BODY, recipients)
        return lines

    async def _take(self, lines: Sequence[bytes], recipients: tuple[str, ...]) -> None:
        content = b"".join(line.removeprefix(b".") for line in lines)
        refusal = self._refusal_of(lines, content)
        kept = False
        if refusal:
            await self._say(refusal)
        elif not await self._happens(Step.DOT, recipients):
            kept = True
            self._keep(content)
            if not await self._happens(Step.KEPT, recipients):
                await self._say(Answer(250, f"2.0.0 kept as {len(self._server.accepted)}"))
        self.envelope = self._create_envelope()
        if kept:
            await self._happens(Step.ANSWERED, recipients)

    def _refusal_of(self, lines: Sequence[bytes], content: bytes) -> Answer | None:
        size = self._server.manner.size
        if size is not None and len(content) > size:
            return Answer(552, "5.3.4 Message too big")
        if any(len(line) > _LONGEST_LINE for line in lines):
            return Answer(500, "5.5.2 Line too long")
        # Many servers refuse these: what one takes for the end of a line, and so of a message, another does not.
        if re.search(rb"\r(?!\n)|(?<!\r)\n", content):
            return Answer(554, "5.5.2 Bare CR or LF")
        return None

    def _keep(self, content: bytes) -> None:
        assert self.session
        assert self.envelope
        given = self.session.auth_data
        login = given.login.decode() if isinstance(given, LoginPassword) else ""
        self._kept += 1
        self._server.accepted.append(
            Message(
                self.envelope.mail_from or "",
                self._recipients(),
                content,
                login,
                tuple(self.envelope.mail_options),
                self._number,
            )
        )

    # ---- What happens, and what is said

    async def _happens(self, step: Step, recipients: tuple[str, ...] = ()) -> bool:
        """Whether something happened instead of what was to come. Where that ends the session, this does not return."""
        match self._server.happens(self._number, step, recipients, self._message):
            case Answer() as answer:
                await self._say(answer, last=step in _LAST_WORDS)
                return True
            case Drop(reset):
                await self._drop(reset)
            case Hang(seconds):
                await asyncio.sleep(seconds)
        return False

    async def _say(self, answer: Answer, *, last: bool = False) -> None:
        await self.push(str(answer))
        if last or answer.code == 421:
            self._writer.close()
            await self._end()

    async def _drop(self, reset: bool) -> NoReturn:
        assert isinstance(self.transport, asyncio.WriteTransport)
        _cut(self.transport.get_extra_info("socket"), reset)
        _abort(self.transport)
        await self._end()

    async def _end(self) -> NoReturn:
        """Waits to be cancelled, which a lost connection does: nothing that a client still says is listened to."""
        await self.loop.create_future()
        raise AssertionError("nobody sets it")


def _abort(transport: asyncio.WriteTransport) -> None:
    with suppress(AttributeError):  # of a TLS transport that is closed, in Python 3.11.2
        transport.abort()


def _cut(connection: _Socket, reset: bool) -> None:
    """What the other side is told when the socket is closed: RST or FIN."""
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        with suppress(OSError):  # the other side was faster
            connection.shutdown(socket.SHUT_WR)


# ---- Certificates


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


@cache
def _tls(certificate: Certificate) -> ssl.SSLContext:
    authority = trustme.CA() if certificate == "unknown-authority" else _authority()
    names = ["elsewhere.example"] if certificate == "wrong-name" else [HOST, "localhost"]
    past = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2001, 2002)]
    first, last = past if certificate == "expired" else (None, None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_before=first, not_after=last).configure_cert(context)
    return context
