"""A connection to a mail server in which no answer takes longer, or says more, than it may.

smtplib waits for the next byte, for ever if each comes in time, and keeps as many lines as a server likes to send.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

__all__ = ["Connection", "dialled"]

# The longest answers are those to EHLO, with a line for each extension.
_MOST_LINES = 200


class Connection(smtplib.SMTP):
    """`line` is a second hold on the same connection, by which another thread can end it, in a TLS handshake too;
    `late` says that it did."""

    line: socket.socket | None = None
    late = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc] # not in its stubs
        self.line = made.dup()
        return made

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock.makefile("rb"))
        if isinstance(self.file, _Lines):
            self.file.begin()
        return super().getreply()

    def close(self) -> None:
        super().close()
        if self.line is not None:
            self.line.close()
            self.line = None

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the connection where what happens meanwhile takes longer; then it fails as any that breaks."""
        timer = threading.Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        self.late = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


class _TlsConnection(smtplib.SMTP_SSL, Connection):
    pass


class _Lines:
    """The lines of a server, so many in one answer and no more."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.begin()

    def begin(self) -> None:
        """From here on it is another answer."""
        self.left = _MOST_LINES
        self.code = b""

    def readline(self, most: int) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError(f"an answer of more than {_MOST_LINES} lines")
        line = self.file.readline(most)
        self.code = self.code or line[:3]
        if line and (
            line[:3] != self.code or line[3:4].isdigit()
        ):  # RFC 5321, 4.2.1; smtplib looks at the last code
            raise OSError("an answer with two codes, or none")
        return line

    def close(self) -> None:
        self.file.close()


def dialled(host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> Connection:
    """A connection whose server has greeted; over TLS from the first byte, with a `context`.

    OSError, ssl.SSLError, smtplib.SMTPException where there is none.
    """
    options: dict[str, Any] = {"timeout": timeout}
    smtp = _TlsConnection(**options, context=context) if context else Connection(**options)
    # The name that a certificate must have; given to the constructor, it would connect at once.
    smtp._host = host  # type: ignore[attr-defined] # not in its stubs
    try:
        with smtp.within(2 * timeout):  # to connect, and to be greeted
            code, words = smtp.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
    except BaseException:
        smtp.close()
        raise
    return smtp
