"""What stands at an address is read within bounds, from nobody inside, with nothing of the user's."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
import trustme
from keepserver import Answer, Server, leads_to, page, web_server

from briefing.errors import UsageError
from briefing.keeping import fetching
from briefing.keeping.addresses import address_of, is_inside, says_scheme
from briefing.keeping.fetching import Fetched, fetched

PAGE = b"<html><body><p>The bridge is closed.</p></body></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with web_server() as found:
        yield found


def refusal(url: str, seconds: float = 10, *, local: bool = True) -> str:
    with pytest.raises(UsageError) as error:
        fetched(url, seconds, local=local)
    (problem,) = error.value.problems
    assert problem.rule == "keep-refused"
    return problem.message


# --- what is read -------------------------------------------------------------------------------------------


def test_a_page_is_read_with_what_the_server_says_of_it(server: Server) -> None:
    server.answers["/a"] = page(PAGE, "Text/HTML; Charset=windows-1251")
    found = fetched(server.url("/a"), 10, local=True)
    assert found == Fetched(PAGE, "text/html", "windows-1251", (server.url("/a"),), True)


def test_nothing_of_the_user_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.answers["/a"] = page(b"", None, 302, Location="/b", Set_Cookie="who=me")
    server.answers["/b"] = page(PAGE)
    fetched(server.url("/a"), 10, local=True)
    assert [path for path, _ in server.heard] == ["/a", "/b"]
    for _, headers in server.heard:
        assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["Host"] == f"127.0.0.1:{server.port}"


def test_a_fragment_is_not_sent_and_other_letters_are_written_as_numbers(server: Server) -> None:
    server.answers["/%D0%BC%22?q=%7B1%7D"] = page(PAGE)
    assert fetched(server.url('/м"?q={1}#here'), 10, local=True).body == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_a_server_packs_unasked_is_unpacked(server: Server, coding: str) -> None:
    packed = gzip.compress(PAGE) if coding == "gzip" else zlib.compress(PAGE)
    server.answers["/"] = page(packed, Content_Encoding=coding)
    assert fetched(server.url(), 10, local=True).body == PAGE


def test_without_a_type_nothing_is_said_of_it(server: Server) -> None:
    server.answers["/"] = page(PAGE, None)
    assert fetched(server.url(), 10, local=True).type == ""


# --- redirects ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_shown(server: Server, status: int) -> None:
    server.answers |= {
        "/a": leads_to("b/c", status),
        "/b/c": leads_to("../d?e=f", status),
        "/d?e=f": page(PAGE),
    }
    found = fetched(server.url("/a"), 10, local=True)
    assert found.hops == (server.url("/a"), server.url("/b/c"), server.url("/d?e=f"))


def test_a_circle_is_told_with_the_way(server: Server) -> None:
    server.answers |= {"/a": leads_to("/b"), "/b": leads_to("/a")}
    said = refusal(server.url("/a"))
    assert said == f"{server.url('/a')} → {server.url('/b')} leads in a circle, back to {server.url('/a')}"


def test_so_many_redirects_and_no_more(server: Server) -> None:
    server.answers |= {f"/{number}": leads_to(f"/{number + 1}") for number in range(12)}
    server.answers["/10"] = page(PAGE)
    assert len(fetched(server.url("/0"), 10, local=True).hops) == 11
    server.answers |= {"/10": leads_to("/11"), "/11": page(PAGE)}
    assert "more than 10 redirects" in refusal(server.url("/0"))


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("file:///etc/passwd", "only http:// and https:// are read"),
        ("ftp://example.org/a", "only http:// and https:// are read"),
        ("javascript:alert(1)", "only http:// and https:// are read"),
        ("http://me:secret@127.0.0.1/", "has a user name or password in it"),
        ("http://[::1", "is no web address"),
        ("//", ""),
    ],
)
def test_a_redirect_leads_nowhere_else(server: Server, location: str, said: str) -> None:
    server.answers |= {"/": leads_to("/a"), "/a": leads_to(location)}
    found = refusal(server.url())
    assert said in found
    assert found.startswith(f"{server.url()} → {server.url('/a')}")
    assert "secret" not in found


def test_a_redirect_of_a_machine_inside_leads_to_no_other_one(server: Server) -> None:
    """Not to `localhost` either, which is another name: nobody named it."""
    there = f"http://localhost:{server.port}/b"
    server.answers |= {"/a": leads_to(there), "/b": page(PAGE)}
    said = refusal(server.url("/a"))
    assert said.startswith(
        f"{server.url('/a')} → {there}: localhost is "
    )  # who typed the first knows no other
    assert "where no redirect is followed, with --local neither;" in said
    assert "--local asks one" not in said  # it was given
    assert [path for path, _ in server.heard] == ["/a"]


def test_nobody_outside_leads_inside(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even with `--local`: the first address here passes for one outside."""
    asked: list[str] = []

    def inside(number: str) -> bool:
        asked.append(number)
        return len(asked) > 1

    monkeypatch.setattr(fetching, "is_inside", inside)
    server.answers |= {"/a": leads_to("/b"), "/b": page(PAGE)}
    assert "--local" in refusal(server.url("/a"))
    assert [path for path, _ in server.heard] == ["/a"]


# --- who is asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
        "nonsense",
    ],
)
def test_addresses_inside(number: str) -> None:
    assert is_inside(number)


@pytest.mark.parametrize(
    "number", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_addresses_outside(number: str) -> None:
    assert not is_inside(number)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "0", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_not_asked(server: Server, host: str) -> None:
    said = refusal(f"http://{host}:{server.port}/", local=False)
    assert "--local" in said or "is not found" in said or "cannot be read" in said
    assert server.heard == []


def test_a_name_is_looked_up_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a name is told to be the second time, when it is inside, is not asked for."""
    answers = [[("1.1.1.1", 80)], [("127.0.0.1", server.port)]]
    dialled: list[tuple[str, int]] = []

    def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in answers.pop(0)]

    def connect(line: socket.socket, number: tuple[str, int]) -> None:
        dialled.append(number)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert "Connection refused" in refusal("http://example.org/", local=False)
    assert dialled == [("1.1.1.1", 80)]
    assert "example.org is 127.0.0.1, an address of this machine" in refusal(
        "http://example.org/", local=False
    )
    assert len(dialled) == 1


def test_whoever_is_really_connected_to_is_looked_at(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system leads a number from outside to this machine."""
    connect = socket.socket.connect
    there = ("127.0.0.1", server.port)
    monkeypatch.setattr(socket.socket, "connect", lambda line, number: connect(line, there))
    assert "--local asks one that you name" in refusal("http://1.1.1.1/", local=False)
    assert server.heard == []


def test_of_the_numbers_of_a_name_those_inside_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    dialled: list[str] = []

    def connect(line: socket.socket, number: tuple[str, int]) -> None:
        dialled.append(number[0])
        raise ConnectionRefusedError(111, "Connection refused")

    numbers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("10.0.0.1", "1.1.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: numbers)
    monkeypatch.setattr(socket.socket, "connect", connect)
    refusal("http://example.org/", local=False)
    assert dialled == ["1.1.1.1"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/a", "only http:// and https://"),
        ("file:///etc/passwd", "only http:// and https://"),
        ("https://me:secret@example.org/", "has a user name or password in it"),
        ("https://me@example.org/", "has a user name or password in it"),
        ("https://@example.org/", "has a user name or password in it"),
        ("https:///a", "is no web address"),
        ("https://example.org:0/", "is no web address"),
        ("https://example.org:99999/", "is no web address"),
        ("https://exa mple.org/", "is no web address"),
        ("https://example.org\\@inside/", "has a user name or password in it"),
        ("https://example.org\\inside/", "is no web address"),
        ("https://example.org/a\nHost: b", "is no web address"),
        ("https://[::1", "is no web address"),
        (f"https://{'a' * 300}.україна/", "is no web address"),
        ("https://example.org/" + "a" * 5000, "is no web address"),
    ],
)
def test_what_is_no_address_to_be_asked(url: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        address_of(url)
    assert said in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("named", "is_address"),
    [
        ("https://example.org", True),
        ("ftp://example.org", True),
        ("file:/etc/passwd", True),
        ("minutes.txt", False),
        ("C:\\minutes.txt", False),
        ("a:b.txt", False),
        ("-", False),
        ("./https", False),
    ],
)
def test_an_address_is_told_from_a_file(named: str, is_address: bool) -> None:
    assert says_scheme(named) is is_address


def test_a_host_in_other_letters_is_asked_for_in_ascii() -> None:
    assert str(address_of("https://приклад.укр/м")) == "https://xn--80aikifvh.xn--j1amh/%D0%BC"


# --- what servers do ------------------------------------------------------------------------------------------


def test_an_answer_that_is_no_page_is_told(server: Server) -> None:
    assert (
        refusal(server.url("/none"))
        == f"{server.url('/none')}: the server answers 404 Not Found; nothing was kept"
    )
    server.answers["/"] = page(b"", None, 304)
    assert "304" in refusal(server.url())


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert "Connection refused" in refusal(f"http://127.0.0.1:{taken.getsockname()[1]}/")


OK = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("piece", "head"),
    [
        pytest.param(b"a", OK + b"\r\n", id="a drip of the text"),
        pytest.param(b"a", OK + b"Content-Length: 90000\r\n\r\n", id="a drip of a text of known length"),
        pytest.param(b"a", OK + b"X-Long: ", id="a drip within a header"),
        pytest.param(b"a", b"HTTP", id="a drip within the first line"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", b"", id="later, and later"),
        pytest.param(
            b"1\r\na\r\n", OK.replace(b"1.0", b"1.1") + b"Transfer-Encoding: chunked\r\n\r\n", id="chunks"
        ),
        pytest.param(b"", b"", id="silence"),
    ],
)
def test_a_server_that_drips_is_left(server: Server, piece: bytes, head: bytes) -> None:
    server.answers["/"] = dripping(server, piece, head)
    assert "takes more than 1 seconds; nothing was kept" in refusal(server.url(), 1)


def dripping(server: Server, piece: bytes, head: bytes) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(head)
        while not server.stop.wait(0.05):
            asked.wfile.write(piece)
            asked.wfile.flush()

    return answer


def test_redirects_share_the_time(server: Server) -> None:
    def late(location: str) -> Answer:
        def answer(asked: BaseHTTPRequestHandler) -> None:
            server.stop.wait(0.4)
            leads_to(location)(asked)

        return answer

    server.answers |= {f"/{number}": late(f"/{number + 1}") for number in range(9)}
    assert "takes more than 1 seconds" in refusal(server.url("/0"), 1)


def flood(head: bytes, piece: bytes) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(head)
        for _ in range(100_000):
            asked.wfile.write(piece)

    return answer


def test_a_body_without_end_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 3_000_000)
    server.answers["/"] = flood(OK + b"\r\n", b"a" * 65_536)
    assert "has more than 3 MB" in refusal(server.url())


def test_a_body_that_says_it_is_too_large_is_not_read(server: Server) -> None:
    server.answers["/"] = flood(OK + b"Content-Length: 99000000000\r\n\r\n", b"a")
    assert "has more than 64 MB" in refusal(server.url())


def test_headers_without_end_are_left(server: Server) -> None:
    server.answers["/"] = flood(OK, b"X: y\r\n" * 100)
    assert "cannot be read" in refusal(server.url())
    server.answers["/"] = flood(OK + b"X: ", b"y" * 65_536)
    assert "cannot be read" in refusal(server.url())


def test_a_bomb_is_not_unpacked(server: Server) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(500)) + packer.flush()
    assert len(bomb) < 1_000_000
    server.answers["/"] = page(bomb, Content_Encoding="gzip")
    assert "has more than 64 MB" in refusal(server.url())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(page(b"no gzip", Content_Encoding="gzip"), "cannot be unpacked", id="not packed"),
        pytest.param(
            page(gzip.compress(PAGE)[:-9], Content_Encoding="gzip"), "ended before", id="gzip cut off"
        ),
        pytest.param(page(PAGE, Content_Encoding="br"), "packed the text as br", id="another packing"),
    ],
)
def test_what_is_packed_badly_is_told(server: Server, answer: Answer, said: str) -> None:
    server.answers["/"] = answer
    assert said in refusal(server.url())


def raw(data: bytes, *, reset: bool = False) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(data)
        if reset:
            asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            asked.connection.close()

    return answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense\r\n\r\n",
        OK + b"Content-Length: 500\r\n\r\n" + PAGE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
    ],
)
@pytest.mark.parametrize("reset", [False, True])
def test_an_answer_that_is_cut_off_is_no_text(server: Server, data: bytes, reset: bool) -> None:
    server.answers["/"] = raw(data, reset=reset)
    assert "cannot be read" in refusal(server.url())


# --- TLS ------------------------------------------------------------------------------------------------------


def test_certificates_are_verified() -> None:
    authority = trustme.CA()
    ours, theirs = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    authority.issue_cert("127.0.0.1").configure_cert(ours)
    authority.issue_cert("elsewhere.example").configure_cert(theirs)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with web_server(ours) as right, web_server(theirs) as wrong:
        right.answers |= {"/": page(PAGE), "/down": leads_to("http://127.0.0.1/")}
        assert fetched(right.url(), 10, local=True, trust=trust).body == PAGE
        for url, known in ((right.url(), None), (wrong.url(), trust)):
            with pytest.raises(UsageError, match="the server's certificate does not hold"):
                fetched(url, 10, local=True, trust=known)
        with pytest.raises(UsageError, match="where anybody on the way can change the text"):
            fetched(right.url("/down"), 10, local=True, trust=trust)
    assert wrong.heard == []


def test_a_handshake_that_never_ends_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refusal(f"https://127.0.0.1:{silent.getsockname()[1]}/", 1)
    assert "takes more than 1 seconds" in said


def test_a_name_that_is_looked_up_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(20) and [])
    assert "takes more than 1 seconds" in refusal("http://example.org/", 1)
    done.set()
