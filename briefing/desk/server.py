"""A board → a server on this machine alone that shows it, with each state as it comes (Server-Sent Events)."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from briefing.desk.answers import EVENTS, Answer, Asked, answer, refused, stream_headers
from briefing.desk.board import Board
from briefing.desk.telling import state_json
from briefing.errors import Level, Location, Problem, UsageError

__all__ = ["served"]

_LOOPBACK = "127.0.0.1"
_SECONDS_TO_ASK = 20
_SECONDS_BETWEEN_SIGNS_OF_LIFE = 5.0
# Each page that is open holds one; a browser opens six at most.
_MOST_LISTENERS = 32


@contextlib.contextmanager
def served(board: Board, port: int = 0) -> Iterator[str]:
    """The address at which the board is shown until the end; any free port for 0. UsageError where there is none."""
    try:
        server = _Server(board, port)
    except OSError as error:
        why = error.strerror or error
        message = f"--serve: port {port} of this machine cannot be had: {why}; name another, or none"
        raise UsageError(Problem(Location("command line"), Level.ERROR, message, "usage")) from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{_LOOPBACK}:{server.server_port}/"
    finally:
        board.close()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, board: Board, port: int) -> None:
        self.board = board
        self.run = secrets.token_hex(8)
        self.listeners = threading.BoundedSemaphore(_MOST_LISTENERS)
        super().__init__((_LOOPBACK, port), _Request)

    def server_bind(self) -> None:
        """Without the name of this machine, which the base class asks the network for."""
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two programs have one port
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = _LOOPBACK, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is nothing to tell."""


class _Request(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SECONDS_TO_ASK
    server_version = "briefing"
    sys_version = ""

    def _answered(self) -> None:
        asked = Asked(self.command, self.path, tuple(self.headers.get_all("Host", [])))
        if self.path.partition("?")[0] == EVENTS and refused(asked, self.server.server_port) is None:
            self._stream()
            return
        self._send(answer(asked, self.server.board.now(), self.server.server_port, secrets.token_urlsafe(18)))

    def __getattr__(self, name: str) -> Callable[[], None]:
        """`do_GET`, and every other method that somebody asks with."""
        if name.startswith("do_"):
            return self._answered
        raise AttributeError(name)

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body)

    def _stream(self) -> None:
        """Each state from now on, the present one first; a comment at times finds out who has gone."""
        if not self.server.listeners.acquire(blocking=False):
            self.send_error(503)
            return
        try:
            self.send_response(200)
            for name, value in stream_headers().items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            number = 0
            while not self.server.board.is_closed:
                number, shown = self.server.board.after(number, _SECONDS_BETWEEN_SIGNS_OF_LIFE)
                told = f"data: {state_json(shown, self.server.run)}" if shown else ":"
                self.wfile.write(f"{told}\n\n".encode())
                self.wfile.flush()
        finally:
            self.server.listeners.release()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """In plain words, and with the headers of every answer, whatever was wrong with the request."""
        self.request_version = "HTTP/1.0"  # what nobody could read counts as 0.9, which has no headers
        self.send_response(code)
        body = b"This request cannot be answered.\n"
        headers = {**stream_headers(), "Content-Type": "text/plain; charset=utf-8"}
        for name, value in (*headers.items(), ("Content-Length", str(len(body))), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for is no news."""
