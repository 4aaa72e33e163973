"""A message → a server, the machine's own mailer, or a folder; what became of it, for each recipient.

The moment that counts is the one in which the message itself goes out: `begin` is called just before it, and whatever
breaks from then on leaves the recipients unknown. Whatever breaks before leaves them as they were.
"""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from briefing.errors import BriefingError
from briefing.files import Unusable, read_head
from briefing.mail.addresses import Address
from briefing.mail.connection import Connection, dialled
from briefing.mail.secrets import VARIABLE, without_secret
from briefing.mail.settings import Server
from briefing.publish import publish

__all__ = ["Answer", "Begin", "Envelope", "Outbox", "Sendmail", "Smtp", "Transport", "Unreachable"]

Fate = Literal["sent", "refused", "later", "unknown", "taken"]
"""`later`: refused for now, and not begun; `taken`: another send has it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message and those it is for; `name` is that of the file it may become; `parts` together are its bytes."""

    name: str
    sender: Address
    recipients: tuple[Address, ...]
    parts: tuple[bytes, ...]
    needs_utf8: bool = False

    @property
    def content(self) -> bytes:
        return b"".join(self.parts)

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message for one recipient, and the words for it."""

    fate: Fate
    words: str


Answers = Mapping[str, Answer]
"""By the key of each recipient's address."""

Begin = Callable[[Sequence[Address]], bool]
"""Called just before a message goes out to these; False where it must not, because another send has one of them."""


class Unreachable(Exception):
    """No message can be given to it now. `lasting`: nor later, as long as nobody changes something."""

    def __init__(self, words: str, rule: str = "mail-server", *, lasting: bool) -> None:
        super().__init__(words)
        self.words = words
        self.rule = rule
        self.lasting = lasting


class Transport(Protocol):
    """Where messages go. `deliver` raises Unreachable where nothing can be delivered at all."""

    @property
    def name(self) -> str: ...

    def deliver(self, envelope: Envelope, begin: Begin) -> Answers: ...

    def close(self, *, at_once: bool = False) -> None:
        """Let go of it; `at_once`: without a word that would have to be answered."""


def _all(envelope: Envelope, fate: Fate, words: str) -> dict[str, Answer]:
    return {one.key: Answer(fate, _plain(words)) for one in envelope.recipients}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Words of others as they can be kept and shown: one line, not too long, no character that does something."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in _one_line(text)
    )
    return shown if len(shown) <= _MOST_LETTERS else shown[: _MOST_LETTERS - 1] + "…"


_MOST_LETTERS = 300

# --- SMTP ---------------------------------------------------------------------------------------------

_OK, _WILL_FORWARD, _START_INPUT = 250, 251, 354
_MOST_BYTES_OF_CERTIFICATES = 1_000_000
# To say goodbye; all is done by then.
_SECONDS_TO_LEAVE = 5
# Bytes a second: a message over a worse line than this does not arrive.
_SLOWEST = 5_000


class _Lost(Exception):
    """The connection broke, or the server closes it."""


class Smtp:
    """A server (RFC 5321), over TLS or on this machine; one connection for as many messages as it takes.

    Certificates are always verified, and there is no way back to an open connection.
    """

    def __init__(self, server: Server, password: str, folder: Path) -> None:
        self.server = server
        self.password = password
        self.folder = folder
        self.open: Connection | None = None

    @property
    def name(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    def close(self, *, at_once: bool = False) -> None:
        if self.open is not None and not at_once:
            with contextlib.suppress(OSError, smtplib.SMTPException), self.open.within(_SECONDS_TO_LEAVE):
                self.open.quit()
        self._drop()

    def greet(self) -> None:
        """Connect and log in, and send nothing. Unreachable where that cannot be done."""
        self._connected()

    def deliver(self, envelope: Envelope, begin: Begin) -> Answers:
        used = self.open is not None
        smtp = self._connected()
        refusal = self._unfit(smtp, envelope)
        if refusal:
            return _all(envelope, "refused", refusal)
        try:
            return self._transaction(smtp, envelope, begin)
        except _Lost as lost:
            self._drop()
            if used:  # servers take so many messages on a connection, or close it after some time
                return self.deliver(envelope, begin)
            return _all(envelope, "later", str(lost))

    # --- a connection ---------------------------------------------------------------------------------

    def _connected(self) -> Connection:
        if self.open is None:
            self.open = self._opened()
        return self.open

    def _opened(self) -> Connection:
        try:
            smtp = self._dialled()
            try:
                with smtp.within(2 * self.server.timeout):
                    self._secured(smtp)
                    self._logged_in(smtp)
            except BaseException:
                smtp.close()
                raise
            return smtp
        except Unreachable:
            raise
        except ssl.SSLCertVerificationError as error:
            why = (
                f"shows a certificate that does not hold ({error.verify_message}); nothing was sent. Of an authority"
                " of the office's own, name the file as `ca_file`"
            )
            raise self._unreachable(why, "mail-certificate", lasting=True) from None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):  # it broke, which says nothing of the next one
            raise self._unreachable("hung up in the TLS handshake; nothing was sent", lasting=False) from None
        except ssl.SSLError as error:
            why = (
                f"does not speak TLS here ({error.reason or error}): see port and security; nothing was sent"
            )
            raise self._unreachable(why, "mail-certificate", lasting=True) from None
        except (
            smtplib.SMTPAuthenticationError
        ) as error:  # its words may hold what was said there, in any form
            why = f"does not take the user {self.server.user} and the password ({error.smtp_code})"
            raise self._unreachable(why, "mail-password", lasting=_is_lasting(error.smtp_code)) from None
        except smtplib.SMTPResponseException as error:
            why = f"takes nothing now: {self._said(error)}"
            raise self._unreachable(why, lasting=_is_lasting(error.smtp_code)) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: of base64 that is none
            raise self._unreachable(f"cannot be reached: {self._clean(str(error))}", lasting=False) from None

    def _dialled(self) -> Connection:
        server = self.server
        context = self._context() if server.security == "tls" else None
        return dialled(server.host, server.port, server.timeout, context)

    def _secured(self, smtp: Connection) -> None:
        self._greeted(smtp)
        if self.server.security != "starttls":
            return
        if not smtp.has_extn("starttls"):
            why = (
                "does not offer STARTTLS, so that everything would go in clear: somebody between may have taken it"
                " out; nothing was sent"
            )
            raise self._unreachable(why, "mail-security", lasting=True)
        code, words = smtp.starttls(context=self._context())
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        self._greeted(smtp)

    def _greeted(self, smtp: Connection) -> None:
        """EHLO. Only one who does not know it is asked with HELO: who is busy has not said what he offers."""
        code, words = smtp.ehlo()
        if 500 <= code < 600:
            code, words = smtp.helo()
        if not 200 <= code < 300:
            raise smtplib.SMTPHeloError(code, words)

    def _logged_in(self, smtp: Connection) -> None:
        if not self.server.user:
            return
        try:
            smtp.login(self.server.user, self.password)
        except smtplib.SMTPNotSupportedError:
            why = "offers no way to log in; leave out `user`, or see port and security"
            raise self._unreachable(why, "mail-password", lasting=True) from None
        except UnicodeEncodeError:  # whose words would tell a letter of it
            why = "cannot be told a user or password that is not in ASCII; choose another"
            raise self._unreachable(why, "mail-password", lasting=True) from None

    def _context(self) -> ssl.SSLContext:
        try:
            if not self.server.ca_file:
                return ssl.create_default_context()
            certificates = read_head(self.folder / self.server.ca_file, _MOST_BYTES_OF_CERTIFICATES)
            text = certificates.decode("ascii", "ignore")  # names stand between them, in any encoding
            if "BEGIN CERTIFICATE" not in text:
                raise ValueError("it holds no certificate in PEM")
            return ssl.create_default_context(cadata=text)
        except (OSError, Unusable, ValueError, ssl.SSLError) as error:
            why = f"cannot be trusted: the ca_file {self.server.ca_file} cannot be used ({error})"
            raise self._unreachable(why, "mail-certificate", lasting=True) from None

    def _drop(self) -> None:
        if self.open is not None:
            self.open.close()
            self.open = None

    # --- a message ------------------------------------------------------------------------------------

    def _unfit(self, smtp: Connection, envelope: Envelope) -> str:
        """Why this server cannot take the message, by what it said of itself."""
        size = smtp.esmtp_features.get("size", "")
        most = int(size) if re.fullmatch("[0-9]{1,15}", size) else 0
        if most and envelope.size > most:
            return (
                f"the message has {envelope.size:,} bytes, and {self.name} takes {most:,} at most; attach"
                " another format (--format), or ask for a larger limit"
            )
        if envelope.needs_utf8 and not smtp.has_extn("smtputf8"):
            named = next((one for one in (envelope.sender, *envelope.recipients) if not one.ascii), None)
            who = f"“{named.address}”" if named else "an address in its head"
            return f"{who} needs a server with SMTPUTF8, which {self.name} is not"
        return ""

    def _transaction(self, smtp: Connection, envelope: Envelope, begin: Begin) -> Answers:
        options = [f"SIZE={envelope.size}"] if smtp.has_extn("size") else []
        options += ["SMTPUTF8"] if envelope.needs_utf8 else []
        code, words = self._asked(smtp, "MAIL", lambda: smtp.mail(envelope.sender.on_wire, options))
        if code != _OK:
            self._reset(smtp)
            return _all(envelope, _fate(code), words)
        answers: dict[str, Answer] = {}
        for one in envelope.recipients:
            code, words = self._asked(smtp, "RCPT", lambda one=one: smtp.rcpt(one.on_wire))  # type: ignore[misc]
            if code not in (_OK, _WILL_FORWARD):
                answers[one.key] = Answer(_fate(code), words)
        accepted = [one for one in envelope.recipients if one.key not in answers]
        if not accepted:
            self._reset(smtp)
            return answers
        code, words = self._asked(smtp, "DATA", lambda: smtp.docmd("DATA"))
        if code != _START_INPUT:
            self._reset(smtp)
            return answers | {one.key: Answer(_fate(code), words) for one in accepted}
        try:
            may = begin(accepted)
        except BaseException:
            self._drop()  # without its last line the server has no message
            raise
        if not may:
            self._drop()
            return answers | {one.key: Answer("taken", "another send has it") for one in accepted}
        answer = self._sent(smtp, envelope.content)
        return answers | {one.key: answer for one in accepted}

    def _sent(self, smtp: Connection, content: bytes) -> Answer:
        """Give it the message. Without a clear answer nobody knows what became of it."""
        try:
            with smtp.within(self.server.timeout + len(content) / _SLOWEST):
                smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            with smtp.within(self.server.timeout):
                code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            why = self._why(smtp, error)
            self._drop()
            return Answer("unknown", f"no answer came to the message: {why}")
        words = self._words(code, said)
        if 200 <= code < 300:
            return Answer("sent", words)
        if 400 <= code < 600:
            if code == 421:
                self._drop()
            return Answer(_fate(code), words)
        self._drop()
        return Answer("unknown", f"no clear answer came to the message: {words}")

    def _asked(self, smtp: Connection, step: str, ask: Callable[[], tuple[int, bytes]]) -> tuple[int, str]:
        """A command and its answer. _Lost where there is none, or the server hangs up (421)."""
        try:
            with smtp.within(self.server.timeout):
                code, said = ask()
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(f"the connection broke at {step}: {self._why(smtp, error)}") from None
        words = self._words(code, said)
        if code == 421 or not 200 <= code < 600:
            raise _Lost(f"the server hung up at {step}: {words}")
        return code, words

    def _reset(self, smtp: Connection) -> None:
        """End a transaction; where that fails with the connection, so that the next message finds nothing of it."""
        try:
            with smtp.within(self.server.timeout):
                code, _ = smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = -1
        if code != _OK:
            self._drop()

    # --- words ----------------------------------------------------------------------------------------

    def _why(self, smtp: Connection, error: Exception) -> str:
        return f"nothing within {self.server.timeout} s" if smtp.late else self._clean(str(error))

    def _words(self, code: int, said: bytes | str) -> str:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return self._clean(f"{code} {text}")

    def _said(self, error: smtplib.SMTPResponseException) -> str:
        return self._words(error.smtp_code, error.smtp_error)

    def _clean(self, text: str) -> str:
        text = self._masked(text)  # before blanks are made one, too: there may be two in a row in a password
        return _plain(self._masked(_one_line(text)))

    def _masked(self, text: str) -> str:
        return without_secret(text, self.password, self.server.user)

    def _unreachable(self, why: str, rule: str = "mail-server", *, lasting: bool) -> Unreachable:
        return Unreachable(f"{self.name} {why}", rule, lasting=lasting)


def _is_lasting(code: int) -> bool:
    return code >= 500


def _fate(code: int) -> Fate:
    return "later" if 400 <= code < 500 else "refused"


# --- the machine's own mailer -------------------------------------------------------------------------

# What a mailer says of a message that it did not take: sysexits.h, from EX_USAGE to EX_CONFIG, and a shell's words for
# a program that cannot be run. Not EX_TEMPFAIL (75), with which sendmail says that it has queued it.
_NOT_TAKEN = {64, 65, 66, 69, 70, 71, 72, 73, 74, 76, 77, 78, 126, 127}
# EX_NOUSER, EX_NOHOST: of one of several recipients; the others may have it.
_NO_SUCH_USER = {67, 68}
_MOST_BYTES_SAID = 2_000


class Sendmail:
    """A program that takes a message from its standard input, as sendmail, Postfix, Exim and msmtp have it."""

    def __init__(self, program: str, timeout: int) -> None:
        self.program = program
        self.timeout = timeout

    @property
    def name(self) -> str:
        return self.program

    def close(self, *, at_once: bool = False) -> None:
        pass

    def deliver(self, envelope: Envelope, begin: Begin) -> Answers:
        # Files, not pipes: a pipe is cut where this process is killed, and one to read stays open with a mailer that
        # goes on in the background.
        with tempfile.TemporaryFile() as message, tempfile.TemporaryFile() as said:
            message.write(envelope.content.replace(b"\r\n", b"\n"))
            message.seek(0)
            if not os.access(self.program, os.X_OK):
                raise Unreachable(f"{self.program} cannot be started", lasting=True)
            if not begin(
                envelope.recipients
            ):  # before it starts: one that is left alone sends what it has got
                return _all(envelope, "taken", "another send has it")
            return self._handed(envelope, message, said)

    def _handed(self, envelope: Envelope, message: BinaryIO, said: BinaryIO) -> Answers:
        to = [one.on_wire for one in envelope.recipients]
        command = [self.program, "-i", "-f", envelope.sender.on_wire, "--", *to]
        try:
            process = subprocess.Popen(
                command,
                stdin=message,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={
                    name: value for name, value in os.environ.items() if name != VARIABLE
                },  # that of a server
                start_new_session=True,  # an interrupt is for whoever sends, not for a mailer that has a message
            )
        except OSError as error:
            return _all(envelope, "refused", f"{self.program} cannot be started: {error.strerror}")
        with process:
            try:
                process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                return _all(envelope, "unknown", f"{self.program} did not end within {self.timeout} s")
        if process.returncode == 0:
            return _all(envelope, "sent", f"handed to {self.program}")
        said.seek(0)
        words = said.read(_MOST_BYTES_SAID).decode("utf-8", "replace").strip()
        told = f"{self.program} ended with {process.returncode}{f': {words}' if words else ''}"
        surely = _NOT_TAKEN | (_NO_SUCH_USER if len(envelope.recipients) == 1 else set())
        return _all(envelope, "refused" if process.returncode in surely else "unknown", told)


# --- a folder -----------------------------------------------------------------------------------------


class Outbox:
    """A folder from which an office sends by other means: each message is a file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        return str(self.folder)

    def close(self, *, at_once: bool = False) -> None:
        pass

    def deliver(self, envelope: Envelope, begin: Begin) -> Answers:
        path = self.folder / f"{envelope.name}.eml"
        if not begin(envelope.recipients):
            return _all(envelope, "taken", "another send has it")
        try:
            publish({path: envelope.content})
        except BriefingError as error:
            return _all(envelope, "refused", error.problems[0].message)
        return _all(envelope, "sent", f"written to {path}")
