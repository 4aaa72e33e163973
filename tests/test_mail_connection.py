"""A server that says too much, too slowly, or two things at once."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from mailprojects import mailing_to, send_to

from briefing.mail.connection import Connection, dialled
from briefing.mail.ledger import Ledger
from briefing.mail.sending import Pace
from briefing.mail.settings import Server
from briefing.mail.transport import Smtp

Talk = Callable[[socket.socket], None]


@contextlib.contextmanager
def server(talk: Talk) -> Iterator[int]:
    """The port of one that talks so to the first who comes, until that one is gone."""

    def attend() -> None:
        with contextlib.suppress(OSError):
            caller, _ = listening.accept()
            with caller:
                talk(caller)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=attend)
        thread.start()
        yield listening.getsockname()[1]
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)  # nobody came
    thread.join()


def saying(*answers: bytes) -> Talk:
    """Each of the answers but the first after a line was read."""

    def talk(caller: socket.socket) -> None:
        first, *others = answers
        caller.sendall(first)
        with caller.makefile("rb") as lines:
            for answer in others:
                lines.readline()
                caller.sendall(answer)
            lines.read()

    return talk


def without_end(piece: bytes, pause: float = 0) -> Talk:
    def talk(caller: socket.socket) -> None:
        while True:
            caller.sendall(piece)
            time.sleep(pause)

    return talk


HI = b"220 hi\r\n"


def test_a_greeting_of_lines_without_end_is_left() -> None:
    with (
        server(without_end(b"220-hello\r\n" * 1_000)) as port,
        pytest.raises(smtplib.SMTPException, match="200 lines"),
    ):
        dialled("127.0.0.1", port, 20, None)


def test_a_greeting_that_drips_is_left() -> None:
    """Each letter comes within the timeout; all of them together do not."""
    began = time.monotonic()
    with server(without_end(b"2", 0.05)) as port, pytest.raises((OSError, smtplib.SMTPException)):
        dialled("127.0.0.1", port, 0.3, None)
    assert time.monotonic() - began < 10  # of 0.6, on a busy machine


@contextlib.contextmanager
def connected(*answers: bytes) -> Iterator[Connection]:
    with server(saying(HI, *answers)) as port:
        opened = dialled("127.0.0.1", port, 20, None)
        try:
            yield opened
        finally:
            opened.close()


def test_an_answer_may_have_many_lines_and_not_two_codes() -> None:
    with connected(
        b"250-a\r\n250-b\r\n250 c\r\n", b"250-a\r\n" * 199 + b"250 c\r\n", b"550-no\r\n250 yes\r\n"
    ) as opened:
        assert opened.docmd("NOOP") == (250, b"a\nb\nc")
        assert opened.docmd("NOOP")[0] == 250
        with pytest.raises(smtplib.SMTPServerDisconnected, match="two codes"):
            opened.docmd("NOOP")


def test_what_takes_too_long_ends_the_connection() -> None:
    with connected() as opened, pytest.raises(smtplib.SMTPServerDisconnected), opened.within(0.1):
        opened.docmd("NOOP")


@pytest.mark.parametrize(
    "challenges",
    [
        [b"334 A\r\n"],
        [b"334 \xff\xfe\r\n"],
        [b"334 " + base64.b64encode(b"more?") + b"\r\n"] * 50,
    ],
)
@pytest.mark.parametrize("mechanism", [b"CRAM-MD5", b"PLAIN", b"LOGIN"])
def test_a_challenge_that_is_none(mechanism: bytes, challenges: Sequence[bytes], tmp_path: Path) -> None:
    offer = b"250-me\r\n250 AUTH " + mechanism + b"\r\n"
    ledger = Ledger(tmp_path / "sent.sqlite")
    with server(saying(HI, offer, *challenges)) as port:
        transport = Smtp(Server("127.0.0.1", port, "none", "desk", timeout=1), "secret", tmp_path)
        sent = send_to(transport, ledger, mailing_to(ledger, ["ann@example.org"]), Pace(attempts=1))
    assert [one.state for one in sent.results] == ["waiting"]
    assert [one.rule for one in sent.problems] == ["mail-server"]
