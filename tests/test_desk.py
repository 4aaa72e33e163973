"""The briefs in a browser while `build --watch --serve` runs: its words, the server's answers, a real browser."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from test_watch import ONE, watched

from briefing.desk.answers import Answer, Asked, answer
from briefing.desk.board import Board, Shown, View
from briefing.desk.server import served
from briefing.desk.telling import cards_json, state_json
from briefing.desk.viewing import MOST_SHOWN, stale, views
from briefing.document import Cite, Cites, Emphasis, Inlines, Link, Strong, Text, flat
from briefing.errors import Level, Location, Problem, UsageError
from briefing.outcome import Wish
from briefing.page import page
from briefing.printing import as_printed
from briefing.project import open_project
from briefing.recipients import read_recipients
from briefing.selection import selected
from briefing.sentences import divided
from briefing.typeset import page_html

BRIEFS = Path(__file__).parent / "briefs"
STRESS = Path(__file__).parent / "samples" / "screen"
MEMO = '---\ntitle: Memo\nstance: neutral\n---\nDear {{ recipient.name }}:\n\n{{ fact("opened") }}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an audience; the working folder."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "one.md.j2").write_text(ONE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown_now(before: Shown = Shown(), **wished: Any) -> Shown:  # noqa: B008 (frozen)
    read = open_project("facts.yaml")
    wish = Wish(wished.pop("audiences", []), Path("out"), ["md"], **wished)
    return views(read, wish, before, read.problems, "")


# ---- Sentences of a page, and their facts


def cites(*facts: str) -> Cites:
    return Cites(tuple(Cite(number, "") for number in range(1, len(facts) + 1)), facts=facts)


PARAGRAPHS: dict[str, tuple[Inlines, list[tuple[str, tuple[str, ...]]]]] = {
    "no fact": ((Text("Only words. And more."),), [("Only words. And more.", ())]),
    "two sentences": (
        (Text("One"), cites("a"), Text(". Two"), cites("b", "c"), Text(".")),
        [("One [1].", ("a",)), (" Two [1] [2].", ("b", "c"))],
    ),
    "one of two facts": (
        (Text("One"), cites("a"), Text(", and two"), cites("b"), Text(".")),
        [("One [1], and two [1].", ("a", "b"))],
    ),
    "emphasis across the end": (
        (Emphasis((Text("One"), cites("a"), Text(". Two"), Strong((Text(" and"),)))), cites("b"), Text(".")),
        [("One [1].", ("a",)), (" Two and [1].", ("b",))],
    ),
    "a link across the end": (
        (Text("One"), cites("a"), Link("https://a.example", (Text(". Two"),)), cites("b"), Text(".")),
        [("One [1].", ("a",)), (" Two [1].", ("b",))],
    ),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_a_paragraph_is_divided_into_its_sentences_and_loses_nothing(name: str) -> None:
    parts, expected = PARAGRAPHS[name]
    found = list(divided(parts))
    assert [(flat(sentence), facts) for sentence, facts in found] == expected
    assert "".join(flat(sentence) for sentence, _ in found) == flat(parts)


def both_pages(folder: Path, name: str) -> tuple[str, str]:
    """A brief's HTML as it is written, and as it is served, in the same style."""
    read = open_project(str(folder / "facts.yaml"))
    found = selected(read, name)
    assert found.brief
    _, printed = as_printed(read, Wish([], folder, ["html"]), found, found.brief)
    house = {"css": "", "page_template": read.house_text("page.html.j2")}
    plain, traced = (page_html(page(printed, screen=True, traced=one), **house) for one in (False, True))
    return plain, traced


@pytest.mark.parametrize(
    ("folder", "name"),
    [(STRESS, "stress"), *((STRESS.parents[2], name) for name in ("neutral-summary", "congressional-memo"))],
)
def test_a_served_page_is_the_written_one_with_the_ids_of_facts(folder: Path, name: str) -> None:
    plain, traced = both_pages(folder, name)
    assert "data-facts" not in plain
    ids = {id for found in re.findall(r' data-facts="([^"]*)"', traced) for id in found.split()}
    assert ids == set(re.findall(r' id="e-([^"]+)"', plain))
    assert len(re.findall('<span class="sentence" data-facts="', traced)) > 3
    without = re.sub(
        r'<span class="sentence" data-facts="[^"]*">(.*?)</span>', r"\1", traced, flags=re.DOTALL
    )
    # What is emphasised across two sentences, is so in each of them.
    assert text_of(without) == text_of(plain)


def text_of(document: str) -> str:
    return re.sub(r"<[^>]*>", "", document)


def test_the_served_page_of_a_hostile_project_has_no_script() -> None:
    _, traced = both_pages(STRESS, "stress")
    assert "<script" not in traced
    assert not re.search(r"<[^>]*\son\w+=", traced)


# ---- What is shown


def test_a_card_has_the_fact_its_passages_and_their_lines(project: Path) -> None:
    (view,) = shown_now().views
    card = json.loads(cards_json(view))["opened"]
    line = (project / "facts.yaml").read_text().split("\n").index("  opened:") + 1
    assert card["place"] == f"facts.yaml:{line}"
    assert (card["kind"], card["status"], card["text"]) == ("event", "current", "The bridge opened in 1931.")
    minutes, study = card["passages"]
    assert (minutes["number"], minutes["source"], minutes["at"], minutes["quote"], minutes["role"]) == (
        1,
        "minutes",
        "p. 3",
        "opened in 1931",
        "supports",
    )
    assert minutes["citation"].startswith("Town Clerk. Minutes of the council.")
    assert minutes["address"] == "https://middleton.example/minutes"
    assert minutes["descriptor"] == "The record of the council."
    assert study["address"] == "https://doi.org/10.5555/bridge"
    assert study["place"].startswith("facts.yaml:")


def test_the_state_lists_briefs_and_problems_the_worst_first() -> None:
    def problem(level: Level, *subject: str) -> Problem:
        return Problem(Location("facts.yaml", 3, 5), level, 'a "quoted" </script>', "some-rule", subject)

    found = (problem(Level.WARNING), problem(Level.ERROR, "facts", "opened", "text"))
    view = View("one", "One", b"", {}, "v1", is_current=False)
    state = json.loads(state_json(Shown("Title", "why", views=(view,), problems=found), "run"))
    assert state["counts"] == "1 error, 1 warning"
    assert [(one["level"], one["fact"]) for one in state["problems"]] == [
        ("error", "opened"),
        ("warning", ""),
    ]
    assert state["problems"][0]["message"] == 'a "quoted" </script>'
    assert state["briefs"] == [{"name": "one", "title": "One", "version": "v1", "current": False}]


def test_a_brief_that_cannot_be_built_is_shown_as_it_was(project: Path) -> None:
    first = shown_now()
    (project / "templates" / "one.md.j2").write_text(ONE.replace("opened", "opend"))
    second = shown_now(first)
    assert [(view.is_current, view.page) for view in second.views] == [(False, first.views[0].page)]
    (project / "templates" / "one.md.j2").write_text(ONE)
    third = shown_now(second)
    assert [(view.is_current, view.version) for view in third.views] == [(True, first.views[0].version)]
    lost = stale(third, (), "facts.yaml is gone")
    assert [(view.is_current, view.page) for view in lost.views] == [(False, first.views[0].page)]
    assert lost.title == "The bridge at Middleton"


def test_the_version_is_that_of_what_is_shown(project: Path) -> None:
    first = shown_now().views[0].version
    text = (project / "facts.yaml").read_text()
    (project / "facts.yaml").write_text(text + "# a comment\n")
    assert shown_now().views[0].version == first
    (project / "facts.yaml").write_text("\n" + text)  # the lines that cards name
    assert shown_now().views[0].version != first


def test_of_a_mailing_the_first_are_shown(project: Path) -> None:
    (project / "templates" / "memo.md.j2").write_text(MEMO)
    rows = [f"Ann Lee {number},{number}" for number in range(MOST_SHOWN + 3)]
    (project / "people.csv").write_text("name,slug\n" + "\n".join(rows))
    shown = shown_now(audiences=["memo"], recipients=read_recipients("people.csv"))
    assert len(shown.views) == MOST_SHOWN
    assert shown.more == 3
    assert shown.views[1].name == "memo/1"
    assert b"Ann Lee 1:" in shown.views[1].page


# ---- Answers

PORT = 8123
VIEWS = (View("one", "One", b"<p>One</p>", {}, "v"), View("memo/ann", "Memo", b"<p>Memo</p>", {}, "v"))


def asked(target: str, method: str = "GET", *hosts: str) -> Answer:
    return answer(Asked(method, target, hosts or (f"127.0.0.1:{PORT}",)), Shown(views=VIEWS), PORT, "abc")


@pytest.mark.parametrize(
    ("target", "media_type", "part"),
    [
        ("/", "text/html; charset=utf-8", b'<script src="/desk.js" nonce="abc"'),
        ("/?x=1", "text/html; charset=utf-8", b"<iframe"),
        ("/desk.js", "text/javascript; charset=utf-8", b"EventSource"),
        ("/desk.css", "text/css; charset=utf-8", b"--house"),
        ("/briefs/one", "text/html; charset=utf-8", b"<p>One</p>"),
        ("/briefs/memo/ann", "text/html; charset=utf-8", b"<p>Memo</p>"),
        ("/facts/one", "application/json", b"{}"),
    ],
)
def test_what_there_is_to_see(target: str, media_type: str, part: bytes) -> None:
    found = asked(target)
    assert found.status == 200
    assert found.headers["Content-Type"] == media_type
    assert int(found.headers["Content-Length"]) == len(found.body)
    assert part in found.body


@pytest.mark.parametrize(
    "target",
    [
        "/facts.yaml",
        "/../facts.yaml",
        "/briefs/../../etc/passwd",
        "/briefs/%2e%2e%2fetc%2fpasswd",
        "/briefs/",
        "/briefs/two",
        "//etc/passwd",
        "/desk.html",
        "/server.py",
        "http://127.0.0.1:8123/",
        "*",
        "",
    ],
)
def test_no_path_reaches_a_file(target: str) -> None:
    found = asked(target)
    assert found.status == 404
    assert found.body == b"There is nothing here; the briefs are at /\n"


@pytest.mark.parametrize(
    "hosts",
    [
        ("evil.example",),
        (f"evil.example:{PORT}",),
        ("127.0.0.1",),
        ("127.0.0.1:80",),
        (f"127.0.0.1:{PORT}.evil.example",),
        (f"[::1]:{PORT}",),
        (f"127.0.0.1:{PORT}", "evil.example"),
        ("",),
    ],
)
@pytest.mark.parametrize("target", ["/", "/briefs/one", "/facts/one", "/nothing"])
def test_under_another_name_there_is_nothing(target: str, hosts: tuple[str, ...]) -> None:
    found = asked(target, "GET", *hosts)
    assert found.status == 403
    assert b"One" not in found.body


def test_without_a_name_there_is_nothing() -> None:
    assert answer(Asked("GET", "/", ()), Shown(), PORT, "abc").status == 403


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_it_is_read_under_its_own_names(host: str) -> None:
    assert asked("/", "GET", host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"])
def test_one_can_only_read(method: str) -> None:
    found = asked("/", method)
    assert found.status == 405
    assert found.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("target", ["/", "/desk.js", "/briefs/one", "/facts/one", "/nothing"])
def test_every_answer_is_closed_to_other_pages(target: str) -> None:
    headers = asked(target).headers
    assert not any(name.lower().startswith("access-control") for name in headers)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    for directive in ("base-uri 'none'", "form-action 'none'", "frame-ancestors "):
        assert directive in policy
    assert "unsafe-eval" not in policy
    assert ("script-src" in policy) == (target == "/")
    assert ("unsafe-inline" in policy) == (target == "/briefs/one")
    if target == "/":
        assert "script-src 'nonce-abc'; style-src 'nonce-abc'; connect-src 'self'" in policy


# ---- The server


@pytest.fixture
def board() -> Board:
    board = Board()
    board.show(Shown("Title", views=VIEWS))
    return board


def got(address: str, method: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_server_answers_on_this_machine_alone(board: Board) -> None:
    with served(board) as address:
        host, _, port = address.split("/")[2].partition(":")
        assert host == "127.0.0.1"
        response, body = got(address, "GET", "/briefs/one")
        assert (response.status, body) == (200, b"<p>One</p>")
        response, body = got(address, "HEAD", "/briefs/one")
        assert (response.status, response.headers["Content-Length"], body) == (200, "10", b"")
        for method in ("POST", "FOO"):
            assert got(address, method, "/")[0].status == 405
            assert got(address, method, "/events")[0].status == 405
        for path in ("/", "/events"):
            assert got(address, "GET", path, Host="evil.example")[0].status == 403
        first, second = (got(address, "GET", "/")[0].headers["Content-Security-Policy"] for _ in range(2))
        assert first != second
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=60)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"403"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"505"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_a_hostile_request_gets_plain_words(
    board: Board, capfd: pytest.CaptureFixture[str], request_: bytes, status: bytes
) -> None:
    with served(board) as address:
        port = int(address.split(":")[2].rstrip("/"))
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(request_)
            said = b""
            while part := client.recv(65_536):
                said += part
        assert got(address, "GET", "/")[0].status == 200
    assert status in said.split(b"\r\n")[0]
    assert b"<" not in said
    assert b"content-security-policy: default-src 'none'" in said.lower()
    assert capfd.readouterr() == ("", "")


def test_states_are_told_as_they_come(board: Board) -> None:
    with served(board) as address:
        connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
        connection.request("GET", "/events")
        stream = connection.getresponse()
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert told(stream)["title"] == "Title"
        board.show(Shown("Another"))
        assert told(stream)["title"] == "Another"
        board.building("facts.yaml changed")
        state = told(stream)
        assert (state["building"], state["why"], state["title"]) == (True, "facts.yaml changed", "Another")
        connection.close()


def told(stream: http.client.HTTPResponse) -> Any:
    while not (line := stream.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    return json.loads(line.removeprefix(b"data: "))


def test_a_port_that_another_has_is_told(board: Board) -> None:
    with served(board) as address:
        port = int(address.split(":")[2].rstrip("/"))
        with (
            pytest.raises(UsageError, match=f"port {port} of this machine cannot be had"),
            served(board, port),
        ):
            pass


def test_whoever_waits_for_a_state_goes_home_at_the_end() -> None:
    board = Board()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(board.after(1, 600)))
    thread.start()
    board.close()
    thread.join(timeout=60)
    assert found == [(1, None)]


# ---- In a browser

SENTENCE = "The bridge opened in 1931"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser.running() as found:
        yield found


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    with watched("--serve") as session:
        found = session.says(r"shown at (http://127\.0\.0\.1:\d+/)$")[1]
        session.says("^watching for changes")
        yield found


def steps_of_a_user(project: Path) -> list[list[str]]:
    facts = project / "facts.yaml"
    good = facts.read_text()
    broken = good.replace("kind: event", "kind: evnt", 1)
    new = good.replace("The bridge opened in 1931", "The old bridge opened in 1931", 1)
    return [
        ["shows", "#page >> .sentence", SENTENCE],
        ["write", str(facts), broken],
        ["shows", "#problem-list .error", "evnt"],
        ["shows", "#stale", "This is the last brief that could be built."],
        ["shows", "#page >> .sentence", SENTENCE],
        ["write", str(facts), new],
        ["shows", "#page >> .sentence", "The old bridge opened in 1931"],
        ["shows", "#state", "Up to date"],
    ]


def text_after(browser: Browser, address: str, selector: str, *steps: list[str], **how: Any) -> str:
    found = browser.visit(address, "text", *steps, selector=selector, **how)
    assert isinstance(found, str)
    return found


@pytest.mark.all
def test_a_user_breaks_the_facts_mends_them_and_follows_a_sentence(
    browser: Browser, project: Path, address: str
) -> None:
    cards = text_after(
        browser,
        address,
        "#cards",
        *steps_of_a_user(project),
        ["click", "#page >> .sentence"],
        ["shows", "#cards", "p. 3"],
    )
    for part in (
        "opened",
        "facts.yaml:",
        "The old bridge opened in 1931.",
        "[1] minutes",
        "opened in 1931",
        "event",
    ):
        assert part in cards
    assert "Town Clerk. Minutes of the council." in cards
    assert "Open the source" in cards


@pytest.mark.all
def test_an_address_that_names_no_brief_shows_the_first(
    browser: Browser, project: Path, address: str
) -> None:
    assert SENTENCE in text_after(
        browser, f"{address}#%", "#page >> .sentence", ["shows", "#page >> .sentence", SENTENCE]
    )


@pytest.mark.all
def test_it_works_by_keyboard(browser: Browser, project: Path, address: str) -> None:
    ready = ["shows", "#page >> .sentence", SENTENCE]
    opened = [ready, ["reach", "#page >> .trace"], ["key", "Enter"], ["shows", "#cards", "p. 3"]]
    assert text_after(browser, address, ":focus", *opened) == "Fact and source"
    closed = [*opened, ["key", "Escape"], ["shows", "#no-fact", "Click a sentence"]]
    assert text_after(browser, address, "#page >> .trace:focus", *closed) == "Fact and source"


@pytest.mark.all
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_page_around_the_briefs(
    browser: Browser, project: Path, address: str, scheme: str, width: int
) -> None:
    (project / "templates" / "two.md.j2").write_text(ONE.replace("opened", "opend"))
    steps = [
        ["shows", "#problem-list .error", "opend"],
        ["click", "#page >> .sentence"],
        ["shows", "#cards", "p. 3"],
    ]
    found = browser.visit(
        address, "axe", *steps, scheme=scheme, width=width, without=["color-contrast-enhanced"]
    )
    assert found["wrong"] == []
    assert found["right"] > 15


@pytest.mark.all
def test_a_lost_connection_is_told(browser: Browser, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with ExitStack() as running:
        address = running.enter_context(served(Board()))

        def end_once_it_was_seen() -> None:
            while not seen.exists():
                time.sleep(0.05)
            running.close()

        thread = threading.Thread(target=end_once_it_was_seen, daemon=True)
        thread.start()
        steps = [["shows", "#none", "No brief"], ["write", str(seen), ""], ["shows", "#lost", "is lost"]]
        words = text_after(browser, address, "#lost", *steps)
        thread.join(timeout=60)
    port = address.split(":")[2].rstrip("/")
    assert words.endswith(f"start it again: briefing build --watch --serve {port}")
