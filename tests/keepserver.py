"""A web server on loopback, for tests that keep what stands at an address: it answers as it is told, well or badly."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Answer", "Server", "leads_to", "page", "web_server"]

Answer = Callable[[BaseHTTPRequestHandler], None]


def page(
    body: bytes, type: str | None = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Answer:
    """An answer as servers mean it to be; `Content_Encoding="gzip"` is a header."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        if type is not None:
            asked.send_header("Content-Type", type)
        asked.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            asked.send_header(name.replace("_", "-"), value)
        asked.end_headers()
        asked.wfile.write(body)

    return answer


def leads_to(location: str, status: int = 302) -> Answer:
    return page(b"", None, status, Location=location)


@dataclass
class Server:
    """`answers` by path; `heard` are the requests, each with its headers."""

    port: int
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def web_server(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server asks for
            server.heard.append((self.path, dict(self.headers.items())))
            with contextlib.suppress(OSError):
                server.answers.get(self.path, page(b"no such page", "text/plain", 404))(self)

        def log_message(self, *_: object) -> None:
            pass

    class Http(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

        def get_request(self) -> tuple[object, object]:  # type: ignore[override]
            line, address = super().get_request()
            line.settimeout(20)
            if context is None:
                return line, address
            try:
                return context.wrap_socket(line, server_side=True), address
            except OSError:
                line.close()
                raise

    http = Http(("127.0.0.1", 0), Handler)
    server = Server(http.server_address[1], "https" if context else "http")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        http.shutdown()
        http.server_close()
        thread.join()
