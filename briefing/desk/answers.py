"""A request → its answer, from what is shown at the moment; no path in it reaches any file."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from briefing.desk.board import Shown
from briefing.desk.telling import cards_json

__all__ = ["EVENTS", "Answer", "Asked", "answer", "refused", "stream_headers"]

EVENTS = "/events"
"""Where the states are told as they come."""

_SCRIPT, _STYLE = "/desk.js", "/desk.css"
_HTML, _JSON, _PLAIN = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
# Other pages get to read, embed or load nothing of this; nothing is kept on disk.
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A brief runs no script, whatever stands in it; its own policy says so, too.
_BRIEF = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
_DESK = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; frame-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as it decides the answer. `hosts` are its Host headers."""

    method: str
    target: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(asked: Asked, shown: Shown, port: int, nonce: str) -> Answer:
    """The answer to a request at this port. `nonce` is one that no page has had before."""
    refusal = refused(asked, port)
    if refusal:
        return refusal
    path = asked.target.partition("?")[0]
    if path == "/":
        text = _asset("desk.html").replace("{nonce}", nonce)
        return _answer(200, text, _HTML, _DESK.replace("{nonce}", nonce))
    if path == _SCRIPT:
        return _answer(200, _asset("desk.js"), "text/javascript; charset=utf-8")
    if path == _STYLE:
        return _answer(200, _asset("desk.css"), "text/css; charset=utf-8")
    for view in shown.views:
        if path == f"/briefs/{view.name}":
            return _answer(200, view.page, _HTML, _BRIEF)
        if path == f"/facts/{view.name}":
            return _answer(200, cards_json(view), _JSON)
    return _answer(404, "There is nothing here; the briefs are at /\n", _PLAIN)


def refused(asked: Asked, port: int) -> Answer | None:
    """Why a request gets nothing.

    A page elsewhere can have a name of its own lead to 127.0.0.1 and then read what a browser takes for its own site's;
    the Host header says that name (DNS rebinding).
    """
    names = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if len(asked.hosts) != 1 or asked.hosts[0].lower() not in names:
        return _answer(403, f"This is read at http://127.0.0.1:{port}/ and under no other name.\n", _PLAIN)
    if asked.method not in ("GET", "HEAD"):
        found = _answer(405, "Here one can only read.\n", _PLAIN)
        return Answer(found.status, found.body, {**found.headers, "Allow": "GET, HEAD"})
    return None


def stream_headers() -> dict[str, str]:
    """Of the stream of states."""
    return {**_ALWAYS, "Content-Type": "text/event-stream", "Content-Security-Policy": _NOTHING}


def _answer(status: int, text: str | bytes, media_type: str, policy: str = _NOTHING) -> Answer:
    body = text.encode() if isinstance(text, str) else text
    headers = {
        "Content-Type": media_type,
        "Content-Security-Policy": policy,
        "Content-Length": str(len(body)),
    }
    return Answer(status, body, {**headers, **_ALWAYS})


@functools.cache
def _asset(name: str) -> str:
    return files("briefing.desk").joinpath(name).read_text("utf-8")
