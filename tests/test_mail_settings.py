"""`mail.yaml`: what may stand in it, and what is said of what may not, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.errors import BriefingError
from briefing.mail.addresses import parse_address
from briefing.mail.secrets import VARIABLE, password_of, without_secret
from briefing.mail.settings import MailSettings, Server, read_mail_settings, settings_problems

GOOD = """\
server: {host: mail.example.org, port: 587, security: starttls, user: desk}
sender: Policy desk <desk@example.org>
lists:
  members:
    audience: congressional-memo
    to: [a@example.org, Ann Lee <ann@example.org>]
"""


def read(folder: Path, text: str) -> MailSettings | None:
    (folder / "mail.yaml").write_text(text, encoding="utf-8")
    return read_mail_settings(folder, "mail.yaml")[0]


def problems(folder: Path, text: str) -> list[str]:
    (folder / "mail.yaml").write_text(text, encoding="utf-8")
    return [str(one) for one in read_mail_settings(folder, "mail.yaml")[1]]


def test_the_shape_of_the_documentation_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD)
    assert settings is not None
    assert settings.server is not None
    assert (settings.server.host, settings.server.port, settings.server.security) == (
        "mail.example.org",
        587,
        "starttls",
    )
    assert str(settings.sender) == "Policy desk <desk@example.org>"
    assert [str(one) for one in settings.lists["members"].to] == [
        "a@example.org",
        "Ann Lee <ann@example.org>",
    ]


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587)])
def test_a_port_that_is_left_out_is_the_one_of_the_standard(tmp_path: Path, security: str, port: int) -> None:
    settings = read(tmp_path, f"sender: a@b.org\nserver: {{host: mail.b.org, security: {security}}}\n")
    assert settings is not None
    assert settings.server is not None
    assert settings.server.port == port


FAULTS = {
    "password": (
        "sender: a@b.org\nserver: {host: m.b.org, security: tls, user: x, password: hunter2}\n",
        "2:49",
        "a password never stands in this file",
    ),
    "clear": (
        "sender: a@b.org\nserver: {host: mail.b.org, security: none}\n",
        "2:38",
        "is for a server on this machine",
    ),
    "no security": ("sender: a@b.org\nserver: {host: mail.b.org}\n", "2:1", 'has no "security"'),
    "a port": (
        "sender: a@b.org\nserver: {host: m.b.org, security: tls, port: 70000}\n",
        "2:46",
        "must be a port, from 1 to 65535",
    ),
    "an address for a host": (
        "sender: a@b.org\nserver: {host: 'https://m.b.org', security: tls}\n",
        "2:16",
        "is no name of a server",
    ),
    "no sender": ("lists: {}\n", "1:1", 'has no "sender"'),
    "a bad sender": ("sender: Ann Lee ann@b.org\n", "1:9", "is no mail address"),
    "a key": ("sender: a@b.org\nreply-to: c@b.org\n", "2:1", 'did you mean "reply_to"?'),
    "twice": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [Ann <ann@b.org>, ANN@B.org]}\n",
        "3:42",
        "stands in this list twice",
    ),
    "nobody": ("sender: a@b.org\nlists:\n  m: {audience: x}\n", "3:3", "must have `to`, or a `table`"),
    "two ways": (
        "sender: a@b.org\nsendmail: /bin/m\nserver: {host: m.b.org, security: tls}\n",
        "2:11",
        "one way",
    ),
    "another alphabet": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [аnn@b.org]}\n",
        "3:25",
        "mixes letters of two alphabets",
    ),
    "another width": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [ａnn@b.org]}\n",
        "3:25",
        "has letters in another form",
    ),
    "an encoded word": (
        "sender: '=?utf-8?q?x=0D=0ABcc:_v@b.org?= <a@b.org>'\n",
        "1:9",
        "with which encoded words begin",
    ),
    "one click": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [c@b.org], unsubscribe: {mailto: d@b.org, one_click: true}}\n",
        "3:77",
        "needs `url`",
    ),
    "http": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [c@b.org], unsubscribe: {url: 'http://b.org'}}\n",
        "3:54",
        "begins with https://",
    ),
    "a rate": (
        "sender: a@b.org\nlists:\n  m: {audience: x, to: [c@b.org], rate: 5/h}\n",
        "3:41",
        "a number of messages a minute",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_at_its_place(tmp_path: Path, case: str) -> None:
    text, place, words = FAULTS[case]
    told = problems(tmp_path, text)
    assert len(told) == 1
    assert told[0].startswith(f"mail.yaml:{place}: error: ")
    assert words in told[0]


@pytest.mark.parametrize(
    "server",
    [
        "host: m.b.org, security: tls, user: x, password: hunter2",
        "host: m.b.org, security: tls, user: x, Password: hunter2",
        'host: "desk:hunter2@m.b.org", security: tls',
        "host: m.b.org, security: tls, port: hunter2",
    ],
)
def test_no_message_repeats_a_password(tmp_path: Path, server: str) -> None:
    told = problems(tmp_path, f"sender: a@b.org\nserver: {{{server}}}\n")
    assert told
    assert "hunter2" not in "".join(told)


def test_a_page_to_leave_a_list_has_no_other_braces(tmp_path: Path) -> None:
    lists = 'lists: {l: {audience: x, to: [a@b.org], unsubscribe: {url: "https://b.org/{who}"}}}\n'
    assert "no other braces" in problems(tmp_path, f"sender: a@b.org\n{lists}")[0]


def test_all_faults_are_told_in_one_run(tmp_path: Path) -> None:
    text = (
        "sender: x\nreply_to: y\nserver: {host: 'a b', security: ssl}\nlists: {m: {audience: q, to: [z]}}\n"
    )
    assert len(problems(tmp_path, text)) == 5


def test_a_list_for_an_audience_that_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "mail.yaml").write_text(GOOD, encoding="utf-8")
    (told,) = settings_problems(tmp_path, ["congressional-memos"])
    assert (told.rule, told.location.line, told.location.column) == ("unknown-audience", 5, 15)
    assert 'did you mean "congressional-memos"?' in told.message


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_clear_text_is_for_this_machine(tmp_path: Path, host: str) -> None:
    assert read(tmp_path, f"sender: a@b.org\nserver: {{host: '{host}', security: none}}\n")


# --- addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "wire", "key"),
    [
        ("a@example.org", "", "a@example.org", "a@example.org"),
        ("Ann  Lee <ann@example.org>", "Ann Lee", "ann@example.org", "ann@example.org"),
        ("Ann Lee <Ann@Example.ORG>", "Ann Lee", "Ann@example.org", "ann@example.org"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann", "ann@example.org", "ann@example.org"),
        ("Анна Лі <a@example.org>", "Анна Лі", "a@example.org", "a@example.org"),
        ("ann@straße.de", "", "ann@xn--strae-oqa.de", "ann@xn--strae-oqa.de"),
        ("desk@localhost", "", "desk@localhost", "desk@localhost"),
        ("пошта@приклад.укр", "", "пошта@приклад.укр", "пошта@приклад.укр"),
    ],
)
def test_an_address_as_people_write_it(text: str, name: str, wire: str, key: str) -> None:
    address = parse_address(text)
    assert (address.name, address.on_wire, address.key) == (name, wire, key)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@", "@b.org", "a b@c.org", "a@b@c.org", "a@b..org", "a@-b.org", "a@[127.0.0.1]"),
        *("a@b.org, c@b.org", "a@b.org;c@b.org", "a@b.org\r\nBcc: v@b.org", "X\nY <a@b.org>", "a@b.org\0"),
        *(
            "Ann <a@b.org",
            "Ann <a@b.org> Lee",
            "<a@b.org> <c@b.org>",
            "=?utf-8?q?x?= <a@b.org>",
            "a@b.org\u202e",
        ),
        "x" * 65 + "@b.org",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_address(text)


# --- passwords ----------------------------------------------------------------------------------------

SERVER = Server("mail.example.org", 465, "tls", user="desk")


def test_a_password_from_the_environment(tmp_path: Path) -> None:
    assert password_of(SERVER, tmp_path, {"BRIEFING_MAIL_PASSWORD": "s3cret"}) == "s3cret"


def test_a_password_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("s3cret\n", encoding="utf-8")
    server = Server("mail.example.org", 465, "tls", user="desk", password_file="word")
    assert password_of(server, tmp_path, {}) == "s3cret"


@pytest.mark.parametrize("content", [None, b"", b"two\nlines\n", b"\xff", b"x" * 10_001])
def test_a_password_file_that_has_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "word").write_bytes(content)
    server = Server("mail.example.org", 465, "tls", user="desk", password_file="word")
    with pytest.raises(BriefingError, match="password_file"):
        password_of(server, tmp_path, {})


def test_a_password_file_of_a_windows_editor(tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes(b"\xef\xbb\xbfa secret\r\n")
    server = Server("mail.example.org", 465, "tls", user="desk", password_file="word")
    assert password_of(server, tmp_path, {}) == "a secret"


def test_a_password_in_the_environment_that_is_not_utf_8(tmp_path: Path) -> None:
    with pytest.raises(BriefingError, match="not UTF-8"):
        password_of(Server("mail.example.org", 465, "tls", user="desk"), tmp_path, {VARIABLE: "a\udcff"})


def test_a_password_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    monkeypatch.setattr(keyring, "get_password", lambda host, user: f"{user} at {host}")
    server = Server("mail.example.org", 465, "tls", user="desk", keyring=True)
    assert password_of(server, tmp_path, {}) == "desk at mail.example.org"


def test_a_missing_password_says_where_it_may_stand(tmp_path: Path) -> None:
    with pytest.raises(BriefingError, match="set BRIEFING_MAIL_PASSWORD"):
        password_of(SERVER, tmp_path, {})


def test_what_a_server_says_back_has_no_password_in_it() -> None:
    said = "535 you sent AGRlc2sAczNjcmV0 that is s3cret, czNjcmV0"
    assert without_secret(said, "s3cret", "desk") == "535 you sent ••• that is •••, •••"
