"""An address → the bytes that stand there, within bounds on time, size and redirects.

No cookie, password or proxy is used. A name is looked up once, and the connection goes to the number that was looked
at, so that no second answer leads inside. http.client waits for the next byte, for ever if each comes in time; so a
timer ends the connection when all of it has taken too long.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from briefing import __version__
from briefing.errors import UsageError
from briefing.keeping.addresses import Address, address_of, is_inside, led_to
from briefing.keeping.refusing import refused
from briefing.pdffiles import MOST_BYTES

__all__ = ["MOST_REDIRECTS", "Fetched", "fetched"]

MOST_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """`hops` are the addresses on the way, the one that was named first, the one that has the text last.

    `inside`: the server that had it is one that not everybody reaches.
    """

    body: bytes
    type: str
    charset: str
    hops: tuple[str, ...]
    inside: bool


def fetched(url: str, seconds: float, *, local: bool = False, trust: ssl.SSLContext | None = None) -> Fetched:
    """What stands at an address. UsageError, in words, where it is not to be had.

    `local` lets the address be one of this machine or of a network inside; nothing leads to another one of these all
    the same. `trust` are other authorities for certificates than those of the system.
    """
    watch = _Watch(seconds)
    here = address_of(url)
    hops = [str(here)]
    named = here.host
    while True:
        with watch.over(hops), _asked(here, local, watch, trust, hops) as (answer, inside):
            local = local and inside
            if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                return _kept(answer, hops, watch, inside=inside)
            there = _led_to(here, answer.headers["Location"], hops)
        if str(there) in hops:
            raise refused(f"{_way(hops)} leads in a circle, back to {there}")
        here, local = there, local and there.host == named
        hops.append(str(here))
        if len(hops) > MOST_REDIRECTS + 1:
            raise refused(
                f"{hops[0]} leads on and on: more than {MOST_REDIRECTS} redirects, the last to {here}"
            )


def _way(hops: list[str]) -> str:
    return " → ".join(hops)


def _led_to(here: Address, location: str, hops: list[str]) -> Address:
    """Where an answer leads; what is refused there is told with the way, whose end nobody may have typed."""
    try:
        return led_to(here, location)
    except UsageError as error:
        said = error.problems[0].message
        rest = said.removeprefix(str(here))
        raise refused(
            f"{_way(hops)}{': leads on to what is not read: ' if rest == said else ''}{rest}"
        ) from None


class _Watch:
    """The time that is left for all of it, and the connection to be ended when there is none."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    @property
    def is_over(self) -> bool:
        return self.left <= 0

    def late(self, hops: list[str]) -> Exception:
        return refused(f"{_way(hops)}: takes more than {self._seconds:g} seconds; nothing was kept")

    @contextlib.contextmanager
    def over(self, hops: list[str]) -> Iterator[None]:
        """Whatever fails inside, told in words, with the way that led there."""
        try:
            if self.is_over:
                raise TimeoutError
            yield
        except ssl.SSLCertVerificationError as error:
            raise refused(
                f"{_way(hops)}: the server's certificate does not hold: {error.verify_message}"
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self.is_over or isinstance(error, TimeoutError):
                raise self.late(hops) from None
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise refused(f"{_way(hops)}: cannot be read: {reason[:200]}") from None
        if self.is_over:  # what ends a connection looks like the end of a text
            raise self.late(hops)

    @contextlib.contextmanager
    def ending(self, line: socket.socket) -> Iterator[None]:
        """End the connection when the time is over."""
        hold = line.dup()  # another hold on it: TLS takes the first one away
        timer = threading.Timer(max(0.0, self.left), self._hang_up, [hold])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                hold.close()

    def _hang_up(self, hold: socket.socket) -> None:
        with self._lock, contextlib.suppress(OSError):
            hold.shutdown(socket.SHUT_RDWR)


# --- who is asked -----------------------------------------------------------------------------------------


@contextlib.contextmanager
def _asked(
    address: Address, local: bool, watch: _Watch, trust: ssl.SSLContext | None, hops: list[str]
) -> Iterator[tuple[http.client.HTTPResponse, bool]]:
    """The answer of the server, and whether that stands inside."""
    line = _connected(address, local, watch, hops)
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: line.close())
        inside = is_inside(line.getpeername()[0])
        if inside and not local:  # whatever was looked up before
            raise _inside(address, line.getpeername()[0], hops)
        stack.enter_context(watch.ending(line))
        if address.scheme == "https":
            context = trust or ssl.create_default_context()
            line = context.wrap_socket(line, server_hostname=address.host)
        asking = http.client.HTTPConnection(address.host, address.port)
        asking.sock = line
        asking.request("GET", address.target, headers=_headers(address))
        answer = stack.enter_context(asking.getresponse())
        yield answer, inside


def _headers(address: Address) -> dict[str, str]:
    return {
        "Host": address.named,
        "User-Agent": f"briefing/{__version__}",
        "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _connected(address: Address, local: bool, watch: _Watch, hops: list[str]) -> socket.socket:
    """A connection to the first number of a host that answers; none to one that stands inside, unless wanted."""
    numbers = _looked_up(address, watch)
    outside = [one for one in numbers if local or not is_inside(one[1][0])]
    if not outside:
        raise _inside(address, numbers[0][1][0], hops)
    failure: OSError | None = None
    for family, number in outside:
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(max(0.01, watch.left))
            line.connect(number)
            return line
        except OSError as error:
            line.close()
            failure = error
    assert failure
    raise failure


def _inside(address: Address, number: str, hops: list[str]) -> Exception:
    where = number if number == address.host else f"{address.host} is {number}"
    why = (
        "which is not asked; --local asks one that you name"
        if len(hops) == 1
        else "where no redirect is followed, with --local neither; if you know that page, name its address yourself"
    )
    return refused(f"{_way(hops)}: {where}, an address of this machine or of a network inside, {why}")


_Number = tuple[socket.AddressFamily, tuple[str, int]]


def _looked_up(address: Address, watch: _Watch) -> list[_Number]:
    """The numbers of a host. By a thread of its own, since the system can take minutes over it."""
    found: list[_Number] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            for family, _, _, _, number in socket.getaddrinfo(
                address.host, address.port, type=socket.SOCK_STREAM
            ):
                found.append((family, number))  # type: ignore[arg-type] # of IPv6 two numbers more
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0.0, watch.left))
    if failed:
        raise OSError(f"{address.host} is not found: {failed[0].strerror or failed[0]}")
    if thread.is_alive() or not found:
        raise TimeoutError
    return found


# --- what is answered -------------------------------------------------------------------------------------


def _kept(answer: http.client.HTTPResponse, hops: list[str], watch: _Watch, *, inside: bool) -> Fetched:
    if answer.status != 200:
        said = f"{answer.status} {answer.reason}".strip()[:100]
        raise refused(f"{_way(hops)}: the server answers {said}; nothing was kept")
    expected = answer.length  # None where nothing is said of it
    if expected is not None and expected > MOST_BYTES:
        raise _too_large(hops)
    unpacker = _Unpacker((answer.headers.get("Content-Encoding") or "").strip().lower())
    body, packed = bytearray(), 0
    while piece := answer.read1(_PIECE):
        packed += len(piece)
        body += unpacker.more(piece, MOST_BYTES + 1 - len(body))
        if len(body) > MOST_BYTES or packed > MOST_BYTES:
            raise _too_large(hops)
        if watch.is_over:
            raise TimeoutError
    if expected is not None and packed < expected:
        raise OSError(f"the connection ended after {packed:,} of {expected:,} bytes")
    if not unpacker.is_whole:
        raise OSError("the connection ended before the text did")
    told = answer.headers.get("Content-Type") is not None
    sort = answer.headers.get_content_type() if told else ""
    charset = answer.headers.get_param("charset") if told else None
    return Fetched(bytes(body), sort, charset if isinstance(charset, str) else "", tuple(hops), inside)


def _too_large(hops: list[str]) -> Exception:
    return refused(f"{_way(hops)}: has more than {MOST_BYTES // 1_000_000} MB; nothing was kept")


class _Unpacker:
    """What a server packed, though nobody asked it to, unpacked piece by piece and no further than wanted."""

    def __init__(self, coding: str) -> None:
        if coding not in _CODINGS:
            raise OSError(f"the server packed the text as {coding[:40]}, which was not asked for")
        self._packed = zlib.decompressobj(_CODINGS[coding]) if _CODINGS[coding] else None

    def more(self, piece: bytes, most: int) -> bytes:
        if self._packed is None:
            return piece
        try:
            return self._packed.decompress(piece, most)
        except zlib.error:
            raise OSError("what the server packed cannot be unpacked") from None

    @property
    def is_whole(self) -> bool:
        return self._packed is None or self._packed.eof


# The bits of zlib's window, and what stands around it.
_CODINGS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 15}
