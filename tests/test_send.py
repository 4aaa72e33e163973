"""`briefing send` as a user meets it: what it shows, writes, refuses, and sends to a real server."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import mailreader
import pytest
from mailserver import Answer, Fault, MailServer, Step, mail_server

from briefing.cli import run

FACTS = """\
schema: 1
title: The bridge at Middleton
as_of: 2026-01-27
sources:
  minutes:
    type: report
    title: Minutes of the council, January 12, 2026
    level: primary
    descriptor: The council's own record.
    accessed: 2026-01-20
facts:
  closed:
    kind: event
    date: 2026-01-12
    text: The council closed the bridge to trucks on January 12, 2026.
    cite: [{source: minutes, quote: the bridge is closed to trucks from today}]
  asked:
    kind: event
    date: 2026-01-12
    text: The council asked for bids on January 12, 2026.
    cite: [{source: minutes, quote: bids are asked for}]
"""
NOTE = """\
---
title: Note to the board
stance: neutral
---
## What happened

{{ fact("closed") }}

## What is next

{{ fact("asked") }}
"""
MAIL = """\
server: {host: 127.0.0.1, port: PORT, security: none, pause: 0, timeout: 20}
sender: Policy desk <desk@example.org>
lists:
  board:
    audience: note
    to: [Ann Lee <ann@example.org>, bo@example.org]
"""
ROWS = """\
  rows:
    audience: note
    format: md
    table: recipients.csv
"""
TABLE = "name,email,office\nAnn Lee,ann@example.org,12\nBo Ray,bo@example.org,7\n"

Send = Callable[..., int]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose PDF and Markdown were built, once for all tests."""
    folder = tmp_path_factory.mktemp("mail")
    write(folder, "facts.yaml", FACTS)
    write(folder, "templates/note.md.j2", NOTE)
    write(folder, "mail.yaml", MAIL.replace("PORT", "9"))
    write(folder, "recipients.csv", TABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["build"]) == 0
        assert run(["build", "note", "--for", "recipients.csv", "--format", "md"]) == 0
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def to(server: MailServer) -> None:
    """Have mail.yaml name the server."""
    write(Path(), "mail.yaml", MAIL.replace("PORT", str(server.port)))


def drafts() -> dict[str, EmailMessage]:
    """The drafts, by the address that each is to."""
    found = (path.read_bytes() for path in Path("out/mail/note").glob("*.eml"))
    messages = [email.message_from_bytes(content, policy=email.policy.default) for content in found]
    return {str(one["To"]): one for one in messages if isinstance(one, EmailMessage)}


def attached(content: bytes) -> str:
    """The text of the file that is attached to a message."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    (file,) = message.iter_attachments()
    return bytes(file.get_payload(decode=True)).decode("utf-8")  # type: ignore[arg-type]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def states(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    assert run(["send", "--status", "--json"]) == 0
    return {one["recipient"]: one["state"] for one in json.loads(capsys.readouterr().out)["messages"]}


# --- a dry run ----------------------------------------------------------------------------------------


def test_a_dry_run_shows_everything_and_writes_drafts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["send", "--list", "board"]) == 0
    out = capsys.readouterr().out
    for said in (
        "The bridge at Middleton – Note to the board, as of January 27, 2026",
        "ann@example.org",
        "bo@",
    ):
        assert said in out
    assert re.search(r"out/note\.pdf as note-2026-01-27\.pdf, \d+ kB\n +sha256:[0-9a-f]{64}", out)
    found = drafts()
    assert sorted(found) == ["Ann Lee <ann@example.org>", "bo@example.org"]
    for message in found.values():
        assert message["X-Unsent"] == "1"
        (file,) = message.iter_attachments()
        assert file.get_content() == (project / "out/note.pdf").read_bytes()
    assert not (project / "sent.sqlite").exists()


def test_the_mail_has_the_first_section_and_its_sources(project: Path) -> None:
    assert run(["send", "note", "--to", "Ann Lee <ann@example.org>"]) == 0
    assert (
        text_of(drafts()["Ann Lee <ann@example.org>"])
        == """\
Dear Ann Lee,

What happened
-------------

The council closed the bridge to trucks on January 12, 2026 [1].

Attached, with all sources and the evidence for each sentence:
note-2026-01-27.pdf

Policy desk

Sources

[1] Minutes of the council, January 12, 2026. Read January 20, 2026.
"""
    )


@pytest.mark.all
def test_another_program_reads_the_same_in_it(project: Path) -> None:
    write(project, "facts.yaml", FACTS.replace("Middleton", "Mühlbrück – Мостівка"))
    assert run(["build"]) == 0
    assert run(["send", "note", "--to", '"Lee, Änn" <ann@straße.de>', "--to", "Анна <a@example.org>"]) == 0
    read = [mailreader.read(path.read_bytes()) for path in sorted(Path("out/mail/note").glob("*.eml"))]
    assert {(one.name, one.address) for mail in read for one in mail.to} == {
        ("Lee, Änn", "ann@xn--strae-oqa.de"),
        ("Анна", "a@example.org"),
    }
    for mail in read:
        assert (
            mail.subject == "The bridge at Mühlbrück – Мостівка – Note to the board, as of January 27, 2026"
        )
        assert "closed the bridge to trucks on January 12, 2026 [1]." in mail.text
        assert "Mühlbrück" not in mail.text
        assert '<a href="#source-1">[1]</a>' in mail.html
        (file,) = mail.attachments
        assert (file.filename, file.content_type) == ("note-2026-01-27.pdf", "application/pdf")
        assert file.size == (project / "out/note.pdf").stat().st_size


def test_drafts_of_before_are_gone_even_when_it_refuses(project: Path) -> None:
    assert run(["send", "--list", "board"]) == 0
    write(project, "out/mail/note/letter.eml", "To: me\r\n\r\nmine")
    write(project, "facts.yaml", FACTS.replace("to trucks on", "to buses on"))
    assert run(["send", "--list", "board"]) == 1
    assert [path.name for path in Path("out/mail/note").iterdir()] == ["letter.eml"]


REFUSED_AT_ONCE = {
    "facts": ("facts.yaml", "schema: 1\n: :\n", ["note", "--to", "a@b.org"]),
    "facts, by a list": ("facts.yaml", "schema: 1\n: :\n", ["--list", "board"]),
    "settings": ("mail.yaml", MAIL.replace("PORT", "x"), ["note", "--to", "a@b.org"]),
    "settings, by a list": ("mail.yaml", MAIL.replace("PORT", "x"), ["--list", "board"]),
    "an address": ("mail.yaml", MAIL.replace("PORT", "9"), ["note", "--to", "a@@b.org"]),
    "nobody": ("mail.yaml", MAIL.replace("PORT", "9"), ["note"]),
    "a table": ("mail.yaml", MAIL.replace("PORT", "9"), ["note", "--for", "no.csv"]),
    "an edition": ("mail.yaml", MAIL.replace("PORT", "9"), ["note", "--to", "a@b.org", "--since", "no.yaml"]),
}


@pytest.mark.parametrize("case", REFUSED_AT_ONCE)
def test_drafts_of_before_are_gone_whatever_is_refused(project: Path, case: str) -> None:
    name, text, arguments = REFUSED_AT_ONCE[case]
    assert run(["send", "--list", "board"]) == 0
    assert drafts()
    write(project, name, text)
    assert run(["send", *arguments]) in (1, 2)
    assert not drafts()


DRAFTS_OF_OTHERS = {
    "mine.eml": "X-Unsent: 1\r\nTo: me\r\n\r\nmine",
    "forwarded.eml": "To: me\r\n\r\nSee:\r\nX-Unsent: 1\r\nX-Briefing-Draft: 1\r\n",
}


def test_drafts_of_others_stay(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in DRAFTS_OF_OTHERS.items():
        for folder in ("out/mail/note", "letters"):
            write(project, f"{folder}/{name}", text)
    assert run(["send", "--list", "board"]) == 0
    assert run(["send", "../../letters", "--to", "a@example.org"]) == 2
    assert 'there is no audience "../../letters"' in told(capsys)
    for folder in ("out/mail/note", "letters"):
        assert DRAFTS_OF_OTHERS.keys() <= {path.name for path in Path(folder).iterdir()}


@pytest.mark.parametrize("audience", ["../../letters", "..", "."])
def test_an_audience_is_no_way_to_drafts_elsewhere(project: Path, audience: str) -> None:
    there = ["letters/old.eml", "out/old.eml", "out/mail/old.eml"]
    for name in there:
        write(project, name, "To: me\r\nX-Briefing-Draft: 1\r\n\r\n")
    write(project, "mail.yaml", MAIL.replace("PORT", "9").replace("audience: note", f"audience: {audience}"))
    assert run(["send", audience, "--to", "a@example.org"]) in (1, 2)
    assert run(["send", "--list", "board"]) in (1, 2)
    assert [name for name in there if Path(name).exists()] == there


@pytest.mark.parametrize("link", ["out/mail", "out/mail/note"])
def test_drafts_are_not_written_through_links(
    project: Path, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = project / "elsewhere"
    write(elsewhere, "note/old.eml", "X-Briefing-Draft: 1\r\n\r\n")
    Path(link).parent.mkdir(parents=True, exist_ok=True)
    Path(link).symlink_to(elsewhere if link == "out/mail" else elsewhere / "note")
    assert run(["send", "--list", "board"]) == 2
    assert f"{link}:1:1: error: is a link" in told(capsys)
    assert [path.name for path in (elsewhere / "note").iterdir()] == ["old.eml"]


def test_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["send", "note", "--to", "a@example.org", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (one,) = data["messages"]
    assert (data["dry_run"], one["recipient"], one["state"]) == (True, "a@example.org", "ready")
    assert one["attachment"]["size"] == (project / "out/note.pdf").stat().st_size
    assert Path(one["file"]).is_file()


def test_one_message_for_all(project: Path) -> None:
    assert run(["send", "--list", "board", "--together", "--cc", "cy@example.org"]) == 0
    ((whom, message),) = drafts().items()
    assert whom == "Ann Lee <ann@example.org>, bo@example.org"
    assert message["Cc"] == "cy@example.org"


# --- what is refused ------------------------------------------------------------------------------------


def test_a_file_that_is_not_what_the_facts_give(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "facts.yaml", FACTS.replace("to trucks on", "to buses on"))
    assert run(["send", "--list", "board", "--send", "--yes"]) == 1
    assert "run: briefing build note [mail-stale]" in told(capsys)


def test_a_file_that_somebody_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "out/note.pdf").open("ab") as file:
        file.write(b"\n% more")
    assert run(["send", "--list", "board", "--send", "--yes"]) == 1
    assert "was changed by hand" in told(capsys)


def test_a_file_that_is_not_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "out/note.pdf").unlink()
    assert run(["send", "--list", "board"]) == 1
    words = told(capsys)
    assert "out/note.pdf:1:1: error: is not there (of what was built for a table, say --for)" in words
    assert "run: briefing build note [mail-stale]" in words


def test_errors_of_check_wherever_they_are(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "templates/other.md.j2", NOTE + "\nThe bridge fell down.\n")
    assert run(["send", "--list", "board"]) == 1
    assert "templates/other.md.j2:13:1: error: " in told(capsys)


def test_a_claim_that_must_be_read_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = '{% claim "closed" %}No truck may cross since January 12, 2026.{% endclaim %}'
    write(project, "templates/note.md.j2", NOTE.replace('{{ fact("closed") }}', claim))
    assert run(["review"]) == 0
    (id,) = re.findall(r"closed\.[0-9a-f]{8}", capsys.readouterr().out)[:1]
    assert run(["review", "--accept", id]) == 0
    write(project, "facts.yaml", FACTS.replace("to trucks on", "to buses on"))
    assert run(["build", "--allow-suspect"]) == 0
    capsys.readouterr()
    assert run(["send", "--list", "board"]) == 1
    assert "run: briefing review note [mail-suspect]" in told(capsys)


@pytest.mark.parametrize(
    "marking",
    ["DRAFT", "Second draft", "D R A F T", "D_R_A_F_T", "DRΑFT", "ЧЕРНЕТКА", "Чорновий варіант"],
)
def test_a_draft(project: Path, marking: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "templates/house/house.yaml", f"marking: {marking}\n")
    assert run(["build", "--format", "md"]) == 0
    assert run(["send", "note", "--to", "a@example.org", "--format", "md"]) == 1
    assert "[mail-draft]" in told(capsys)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("embargo: 2999-01-01T06:00-05:00", 1),
        ("embargo: 2026-01-28T06:00-05:00", 0),
        ("marking: EMBARGOED UNTIL NOON", 1),
        ("marking: FOR OFFICIAL USE", 0),
    ],
)
def test_an_embargo(project: Path, line: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "templates/house/house.yaml", line + "\n")
    assert run(["build", "--format", "md"]) == 0
    assert run(["send", "note", "--to", "a@example.org", "--format", "md"]) == code
    assert ("[mail-embargo]" in told(capsys)) is bool(code)


NAMED = {
    "nobody": (["note"], "nobody is named"),
    "no brief": (["--to", "a@b.org"], "which brief?"),
    "no address": (["note", "--to", "ann"], "is no mail address"),
    "two addresses": (
        ["note", "--to", "x@evil.example <a@b.org>"],
        "its name is another address, “x@evil.example”",
    ),
    "twice": (["note", "--to", "a@b.org", "--to", "Ann <A@B.org>"], "is named twice"),
    "in a list, too": (["--list", "board", "--to", "BO@example.org"], "is named twice"),
    "copies of all": (["--list", "board", "--cc", "c@b.org"], "would get a copy of each of the 2 messages"),
    "no list": (["--list", "bord"], 'did you mean "board"?'),
    "another's list": (["other", "--list", "board"], "wrong brief, or wrong list?"),
    "no audience": (["not", "--to", "a@b.org"], 'there is no audience "not"'),
    "a format": (["note", "--to", "a@b.org", "--format", "rtf"], "cannot be attached"),
    "a stranger again": (["--list", "board", "--resend", "x@b.org"], "is not among the recipients"),
    "again, and never before": (["note", "--resend", "x@b.org"], "“x@b.org” was never sent note"),
}


@pytest.mark.parametrize("case", NAMED)
def test_who_cannot_be_sent_to(project: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, words = NAMED[case]
    assert run(["send", *arguments]) in (1, 2)
    assert words in told(capsys)


def test_all_that_is_wrong_with_a_table_before_the_first_message(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        project, "recipients.csv", TABLE + "Cy Doe,,3\nDi Fox,di@@example.org,4\nEd Gil,ANN@example.org,5\n"
    )
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--for", "recipients.csv", "--format", "md", "--send", "--yes"]) == 1
    said = told(capsys)
    assert [line in said for line in ("csv:4:1: error: Cy Doe has no", "csv:5:1: ", "csv:6:1: ")] == [
        True
    ] * 3
    assert server.sessions == 0


def test_one_file_of_a_table_that_is_out_of_date_stops_all(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "out/note/bo-ray.md").unlink()
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--for", "recipients.csv", "--format", "md", "--send", "--yes"]) == 1
    assert "run: briefing build note --for recipients.csv [mail-stale]" in told(capsys)
    assert server.sessions == 0
    (project / "recipients.csv").rename("my table.csv")
    assert run(["send", "note", "--for", "my table.csv", "--format", "md"]) == 1
    assert "run: briefing build note --for 'my table.csv' [mail-stale]" in told(capsys)


def test_without_settings_the_message_shows_some(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "mail.yaml").unlink()
    assert run(["send", "note", "--to", "a@b.org"]) == 2
    assert "sender: Policy desk <desk@example.org>" in told(capsys)


def test_a_script_must_say_yes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "--list", "board", "--send"]) == 2
    assert "a script says --yes" in told(capsys)
    assert server.sessions == 0


def change_facts(project: Path) -> None:
    write(project, "facts.yaml", FACTS.replace("to trucks on", "to buses on"))


def change_facts_and_build(project: Path) -> None:
    change_facts(project)
    assert run(["build", "-q"]) == 0


def leave_all_as_it_is(project: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("meanwhile", "code", "words"),
    [
        (leave_all_as_it_is, 0, ""),
        (change_facts, 1, "[mail-stale]"),
        (change_facts_and_build, 2, "it changed meanwhile; run the same again [mail-changed]"),
    ],
)
def test_what_changes_while_a_question_is_open_is_seen(
    project: Path,
    meanwhile: Callable[[Path], None],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def confirmed(question: str) -> bool:
        assert question.startswith("Send note to 2 recipients")
        meanwhile(project)
        return True

    monkeypatch.setattr("briefing.cli.sending.is_answered", lambda: True)
    monkeypatch.setattr("briefing.cli.sending.confirm", confirmed)
    with mail_server() as server:
        to(server)
        assert run(["send", "--list", "board", "--send"]) == code
        assert len(server.accepted) == (0 if code else 2)
    assert words in told(capsys)


# --- the template of a mail -------------------------------------------------------------------------------

LETTER = """\
---
subject: "{title}, {as_of}, for {recipient.name}"
greeting: "Dear {recipient.name},"
closing: The desk
---
## In short

{{ fact("asked") }}
"""


def test_a_template_says_it_otherwise(project: Path) -> None:
    write(project, "templates/note.mail.md.j2", LETTER)
    assert run(["check", "--strict"]) == 0
    assert run(["send", "note", "--to", "Ann Lee <ann@example.org>"]) == 0
    message = drafts()["Ann Lee <ann@example.org>"]
    assert message["Subject"] == "The bridge at Middleton, January 27, 2026, for Ann Lee"
    text = text_of(message)
    assert text.startswith(
        "Dear Ann Lee,\n\nIn short\n--------\n\nThe council asked for bids on January 12, 2026 [1]."
    )
    assert "closed the bridge" not in text
    assert "\nThe desk\n" in text


@pytest.mark.parametrize("name", ["ann@example.org", "ANN@example.org", "Ann @ Work", "@ann", "Ann (a@home)"])
def test_a_name_that_is_no_other_address(project: Path, name: str) -> None:
    assert run(["send", "note", "--to", f'"{name}" <ann@example.org>', "--format", "md"]) == 0


def test_a_name_is_literal(project: Path) -> None:
    write(
        project, "templates/note.mail.md.j2", LETTER + "\nFor {{ recipient.name }}:\n\n{{ fact('asked') }}\n"
    )
    assert run(["send", "note", "--to", '"Ann {title} {as_of}" <ann@example.org>']) == 0
    (message,) = drafts().values()
    assert str(message["Subject"]).endswith(", for Ann {title} {as_of}")
    assert text_of(message).startswith("Dear Ann {title} {as_of},")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('{{ fact("asked") }}', "The council failed.", "template-uncited"),
        ('{{ fact("asked") }}', '{{ fact("asked") }} [1]', "template-typed-citation"),
        ("{title}, {as_of}", "{title}: 5 trucks crossed", "mail-courtesy"),
        ("{title}, {as_of}", "The mayor lied about the bridge", "mail-courtesy"),
        ('{recipient.name},"', '{recipient.name}, 40 people died."', "mail-courtesy"),
        ("{title}, {as_of}", "$5, {as_of}", "template-figure"),
        ("The desk", "Call 12 million people", "mail-courtesy"),
        ("{title}", "{tittle}", "schema-value"),
        ("closing:", "closed:", "schema-unknown-key"),
    ],
)
def test_it_is_held_to_the_same_rules(
    project: Path, old: str, new: str, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "templates/note.mail.md.j2", LETTER.replace(old, new))
    for command in (["check"], ["send", "note", "--to", "Ann Lee <ann@example.org>"]):
        assert run(command) == 1
        streams = capsys.readouterr()
        assert f"[{rule}]" in streams.out + streams.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "The desk",
            "Kind regards, Ann Lee, Policy desk, room 12; call 555-0100 or write to desk@example.org",
        ),
        ("Dear {recipient.name},", "To all members of the Council and Mr. Bo Ray:"),
        ("{title}, {as_of}, for {recipient.name}", "Corrected: {title} – {audience} (new edition, {as_of})"),
    ],
)
def test_words_of_courtesy_are_free(project: Path, old: str, new: str) -> None:
    write(project, "templates/note.mail.md.j2", LETTER.replace(old, new))
    assert run(["check", "--strict"]) == 0


def test_who_has_no_name_that_it_asks_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "templates/note.mail.md.j2", LETTER)
    assert run(["send", "--list", "board"]) == 1
    assert "mail.yaml:6:37: error: bo@example.org has no name" in told(capsys)


def test_a_template_for_nobody(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "templates/nota.mail.md.j2", LETTER)
    assert run(["check"]) == 1
    assert 'did you mean "note"?' in capsys.readouterr().out


# --- sending --------------------------------------------------------------------------------------------


def test_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        to(server)
        for _ in range(3):
            assert run(["send", "--list", "board", "--send", "--yes"]) == 0
    assert [one.recipients for one in server.accepted] == [("ann@example.org",), ("bo@example.org",)]
    assert capsys.readouterr().out.count("skipped") == 6
    assert states(capsys) == {"ann@example.org": "sent", "bo@example.org": "sent"}


def test_who_has_it_is_told_what_changed_since(project: Path) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--to", "ann@example.org", "--send", "--yes"]) == 0
        write(project, "facts.yaml", FACTS.replace("for bids on", "for ten bids on"))
        assert run(["build"]) == 0
        assert run(["send", "--list", "board", "--send", "--yes"]) == 0
    read = {
        one.recipients[-1]: text_of(email.message_from_bytes(one.content, policy=email.policy.default))  # type: ignore[arg-type]
        for one in server.accepted
    }
    news = "What changed since January 27, 2026"
    assert news not in read["bo@example.org"]
    flowing = " ".join(read["ann@example.org"].split())
    assert news in flowing
    assert (
        "- Changed: The council asked for ten bids on January 12, 2026 [1]. Before: “The council asked for bids on"
        " January 12, 2026.”"
    ) in flowing


def test_the_same_words_in_another_format_are_the_same_content(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == 0
        assert run(["send", "note", "--to", "A@Example.org", "--format", "md", "--send", "--yes"]) == 0
    assert len(server.accepted) == 1


STATUS = {
    "no audience": (["nota", "--status"], 'no audience "nota"; did you mean "note"?'),
    "no facts": (["note", "--status", "--facts", "nosuch/facts.yaml"], "nosuch/facts.yaml"),
    "no list": (["--status", "--list", "bord"], 'did you mean "board"?'),
    "another's list": (["other", "--status", "--list", "board"], "wrong brief, or wrong list?"),
    "to somebody": (["note", "--status", "--to", "a@b.org"], "leave out --to"),
    "and send": (["note", "--status", "--send"], "sends nothing"),
}


@pytest.mark.parametrize("case", STATUS)
def test_what_the_status_cannot_be_of(project: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["send", "note", "--to", "a@b.org", "--outbox", "box", "--send", "--yes"]) == 0
    arguments, words = STATUS[case]
    capsys.readouterr()
    assert run(["send", *arguments]) == 2
    streams = capsys.readouterr()
    assert (streams.out, words in streams.err) == ("", True)


def test_the_status_of_a_list_and_of_an_audience(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "mail.yaml", Path("mail.yaml").read_text("utf-8") + ROWS.replace("recipients", "others"))
    write(project, "others.csv", "name,email\nCy Doe,CY@example.org\n")
    write(project, "templates/other.md.j2", NOTE)
    assert run(["send", "note", "--status"]) == 0  # nothing was sent yet
    for whom in ("Ann <ANN@example.org>", "cy@example.org", "di@example.org"):
        assert run(["send", "note", "--to", whom, "--outbox", "box", "--send", "--yes"]) == 0

    def named(*arguments: str) -> list[str]:
        capsys.readouterr()
        assert run(["send", *arguments, "--status", "--json"]) == 0
        return [one["recipient"] for one in json.loads(capsys.readouterr().out)["messages"]]

    assert named("--list", "board") == ["ANN@example.org"]
    assert named("--list", "rows") == ["cy@example.org"]
    assert named("note") == named() == ["ANN@example.org", "cy@example.org", "di@example.org"]
    assert named("other") == []
    Path("templates/note.md.j2").unlink()
    assert len(named("note")) == 3  # it is in the ledger


def test_what_changed_since_is_read_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has the plain edition has not read it; and the command that sends it again is told with --since."""
    write(project, "old.yaml", FACTS.replace("for bids", "for ten bids"))
    with mail_server() as server:
        to(server)
        for since in ([], ["--since", "old.yaml"], ["--since", "old.yaml"], []):
            assert run(["build", "-q", "--format", "md", *since]) == 0
            assert run(["send", "note", "--to", "a@b.org", "--format", "md", *since, "--send", "--yes"]) == 0
        read = [text for one in server.accepted if (text := attached(one.content))]
    assert ["What changed since" in text for text in read] == [False, True]


def test_a_ledger_of_before_knows_a_file_with_news_by_its_bytes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older briefing wrote it down under the content of the plain edition."""
    write(project, "old.yaml", FACTS.replace("for bids", "for ten bids"))
    errand = ["send", "note", "--to", "a@b.org", "--format", "md", "--send", "--yes"]
    since = ["--since", "old.yaml"]
    with mail_server() as server:
        to(server)
        assert run(errand) == 0
        with closing(sqlite3.connect("sent.sqlite", isolation_level=None)) as base:
            ((plain,),) = base.execute("SELECT content FROM message")
            base.execute("DELETE FROM message")
            assert run(["build", "-q", "--format", "md", *since]) == 0
            assert run([*errand, *since]) == 0
            base.execute("UPDATE message SET content = ?", (plain,))
        assert run([*errand, *since]) == 0
        assert len(server.accepted) == 2
        assert run([*errand, *since, "--resend", "a@b.org"]) == 0
        assert run([*errand, *since]) == 0
        assert len(server.accepted) == 3
    assert states(capsys) == {"a@b.org": "sent"}


def test_a_person_decides_to_send_again(project: Path) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "--list", "board", "--send", "--yes"]) == 0
        assert run(["send", "note", "--resend", "bo@example.org", "--send", "--yes"]) == 0
    assert [one.recipients[0] for one in server.accepted] == ["ann@example.org", *["bo@example.org"] * 2]
    ids = [mail["Message-ID"] for mail in (email.message_from_bytes(one.content) for one in server.accepted)]
    assert ids[1] == ids[2] != ids[0]


ERRANDS = {
    "by the table": ["note", "--for", "recipients.csv", "--format", "md"],
    "by a list with a table": ["--list", "rows"],
    "by a list": ["--list", "board"],
    "by a list, in another format": ["--list", "board", "--format", "md"],
    "by name, and on a list": ["note", "--to", "Bo Ray <bo@example.org>", "--format", "md"],
    "by name": ["note", "--to", "Cy Doe <cy@example.org>", "--format", "md"],
    "with what changed since": ["--list", "board", "--since", "old facts.yaml"],
    "of another folder": ["--list", "board", "--facts", "../{0}/facts.yaml", "--out", "the briefs"],
    "to a folder": ["--list", "board", "--outbox", "a box"],
}


def nobody_knows(whom: str) -> None:
    """As if no answer had come to the message to this one."""
    with closing(sqlite3.connect("sent.sqlite", isolation_level=None)) as base:
        base.execute("UPDATE message SET state = 'unknown' WHERE recipient = ?", (whom,))


def delivered(server: MailServer) -> dict[str, bytes]:
    """What was sent, or written to the folder, since this was asked; by whom it is to."""
    found = [one.content for one in server.accepted]
    for path in Path("a box").glob("*.eml"):
        found.append(path.read_bytes())
        path.unlink()
    server.accepted.clear()
    return {str(email.message_from_bytes(one)["To"]): re.sub(rb"(?m)^Date: .*\n", b"", one) for one in found}


@pytest.mark.parametrize("case", ERRANDS)
def test_the_command_that_is_told_sends_the_same_again(
    project: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    errand = [one.format(project.name) for one in ERRANDS[case]]
    whom = "cy@example.org" if "Cy" in str(errand) else "bo@example.org"
    with mail_server() as server:
        to(server)
        if "rows" in errand:
            write(project, "mail.yaml", Path("mail.yaml").read_text("utf-8") + ROWS)
        if "--out" in errand:
            shutil.copytree("out", "the briefs")
        if "--since" in errand:
            write(project, "old facts.yaml", FACTS.replace("for bids", "for ten bids"))
            assert run(["build", "-q", "--since", "old facts.yaml"]) == 0
        assert run(["send", *errand, "--send", "--yes"]) == 0
        nobody_knows(whom)
        assert run(["send", *errand, "--send", "--yes"]) == 1
        (command,) = re.findall(f"{whom} .*; ask, then: briefing (.* --send)$", capsys.readouterr().out, re.M)
        first = delivered(server)
        assert len(first) <= 2
        assert run([*shlex.split(command), "--yes"]) == 0
        assert delivered(server) == {to: content for to, content in first.items() if whom in to}


FOR_BO = NOTE.replace(
    '{{ fact("asked") }}',
    '{{ fact("asked") }}\n{% if recipient.office is defined and recipient.office == "7" %}\n'
    '{{ fact("closed") }}\n{% endif %}',
)


def test_nobody_gets_again_what_was_never_sent_to_him(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "templates/note.md.j2", FOR_BO)
    assert run(["build", "-q", "--format", "md"]) == 0
    assert run(["build", "-q", "note", "--for", "recipients.csv", "--format", "md"]) == 0
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--for", "recipients.csv", "--format", "md", "--send", "--yes"]) == 0
        for whom, words in {
            "bo@exmaple.org": 'was never sent note, so there is nothing to send again; did you mean "bo@example.org"?',
            "zoe@test.net": "nothing to send again; to send it now, say --to instead of --resend",
            "bo@example.org": "was sent note, and not this one: name what it was sent with",
        }.items():
            assert run(["send", "note", "--resend", whom, "--format", "md", "--send", "--yes"]) == 1
            assert f"“{whom}” {words}"[-60:] in told(capsys)
    assert len(server.accepted) == 2


@pytest.mark.parametrize("column", ["email", "E-Mail"])
def test_whoever_is_on_a_list_with_a_table_gets_it_again_as_from_the_list(project: Path, column: str) -> None:
    write(project, "templates/note.md.j2", FOR_BO)
    write(project, "recipients.csv", TABLE.replace("email", column))
    assert run(["build", "-q", "--format", "md"]) == 0
    assert run(["build", "-q", "note", "--for", "recipients.csv", "--format", "md"]) == 0
    with mail_server() as server:
        mail = MAIL.replace("PORT", str(server.port)).partition("  board:")[0] + ROWS
        write(project, "mail.yaml", f"{mail}    column: {column}\n")
        assert run(["send", "--list", "rows", "--send", "--yes"]) == 0
        nobody_knows("bo@example.org")
        first = delivered(server)
        assert run(["send", "note", "--resend", "BO@example.org", "--send", "--yes"]) == 0
        assert delivered(server) == {to: content for to, content in first.items() if "bo@" in to}


def test_a_list_is_found_by_the_address_however_it_is_typed(project: Path) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "--list", "board", "--format", "md", "--send", "--yes"]) == 0
        write(project, "mail.yaml", Path("mail.yaml").read_text("utf-8") + "    format: md\n")
        first = delivered(server)["Ann Lee <ann@example.org>"]
        for typed in ("ann@example.org", "ANN@Example.org", "A. Lee <ann@example.org>"):
            nobody_knows("ann@example.org")
            assert run(["send", "note", "--resend", typed, "--send", "--yes"]) == 0
            assert delivered(server) == {"Ann Lee <ann@example.org>": first}


def test_some_of_those_who_got_one_message_get_it_again_under_its_id(project: Path) -> None:
    all_of_them = ["send", "note", "--to", "a@b.org", "--to", "b@b.org", "--to", "c@b.org", "--together"]
    with mail_server() as server:
        to(server)
        assert run([*all_of_them, "--send", "--yes"]) == 0
        assert run([*all_of_them, "--resend", "a@b.org", "--resend", "b@b.org", "--send", "--yes"]) == 0
        ids = [re.findall(rb"Message-ID: (.*)\r", one.content) for one in server.accepted]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_whoever_is_on_a_list_gets_it_again_as_from_the_list(project: Path) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "--list", "board", "--send", "--yes"]) == 0
        assert run(["send", "note", "--resend", "ann@example.org", "--send", "--yes"]) == 0
        first, again = (one for one in server.accepted if one.recipients == ("ann@example.org",))
        assert len(server.accepted) == 3
    head = r"(?s)^(.*?)\r\nDate: [^\r]*(.*?)\r\n\r\n"
    assert re.match(head, first.content.decode()).groups() == re.match(head, again.content.decode()).groups()  # type: ignore[union-attr]
    assert b"To: Ann Lee <ann@example.org>" in again.content


def test_who_was_sent_a_later_edition_is_told_of_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as server:
        to(server)
        for facts in (FACTS, FACTS.replace("to trucks on", "to buses on"), FACTS):
            write(project, "facts.yaml", facts)
            assert run(["build", "-q", "note"]) == 0
            assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == 0
        assert len(server.accepted) == 2
    assert (
        "another edition after it; if this one holds again: briefing send note --resend a@example.org --send"
        in (capsys.readouterr().out)
    )


def test_a_refused_second_time_leaves_the_first_as_it_was(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == 0
        for step in (Step.RCPT, Step.DOT):
            server.plan(Fault(step, Answer(550, "no")))
            assert run(["send", "note", "--resend", "a@example.org", "--send", "--yes"]) == 1
            assert states(capsys) == {"a@example.org": "sent"}
        server.plan()
        assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == 0
    assert len(server.accepted) == 1


def test_each_row_of_a_table_gets_its_own_file(project: Path) -> None:
    with mail_server() as server:
        to(server)
        assert run(["send", "note", "--for", "recipients.csv", "--format", "md", "--send", "--yes"]) == 0
    for one, name in zip(server.accepted, ("ann-lee", "bo-ray"), strict=True):
        message = email.message_from_bytes(one.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        (file,) = message.iter_attachments()
        assert file.get_payload(decode=True) == (project / f"out/note/{name}.md").read_bytes()


def test_a_folder_in_the_place_of_a_server(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["send", "--list", "board", "--outbox", "box", "--send", "--yes"]) == 0
    assert len(list(Path("box").iterdir())) == 2
    assert all(b"X-Unsent" not in path.read_bytes() for path in Path("box").iterdir())
    assert states(capsys) == {"ann@example.org": "sent", "bo@example.org": "sent"}


def test_an_outbox_that_is_no_folder_is_refused_before_the_first(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["send", "--list", "board", "--outbox", "facts.yaml", "--send", "--yes"]) == 2
    assert "--outbox facts.yaml is no folder" in told(capsys)
    assert states(capsys) == {}


def test_a_dry_run_writes_nothing_to_an_outbox(project: Path) -> None:
    assert run(["send", "--list", "board", "--outbox", "box"]) == 0
    assert not Path("box").exists()


MAILER = """\
#!/bin/sh
printf '%s\\n' "$*" >> calls
cat >> messages
exit CODE
"""


@pytest.mark.parametrize(
    ("code", "state"), [(0, "sent"), (67, "refused"), (75, "unknown"), (69, "refused"), (137, "unknown")]
)
def test_the_mailer_of_the_machine(
    project: Path, code: int, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = project / "mailer"
    write(project, "mailer", MAILER.replace("CODE", str(code)))
    program.chmod(0o755)
    write(project, "mail.yaml", f"sender: desk@example.org\nsendmail: {program}\n")
    assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == bool(code)
    assert Path("calls").read_text(encoding="utf-8") == "-i -f desk@example.org -- a@example.org\n"
    assert Path("messages").read_bytes().startswith(b"From: desk@example.org\nTo: a@example.org\n")
    assert states(capsys) == {"a@example.org": state}


def test_the_mailer_of_the_machine_is_not_told_the_password_of_a_server(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says of an error is shown and kept."""
    monkeypatch.setenv("BRIEFING_MAIL_PASSWORD", "canary")
    write(project, "mailer", '#!/bin/sh\necho "so: $BRIEFING_MAIL_PASSWORD in $HOME" >&2\nexit 69\n')
    (project / "mailer").chmod(0o755)
    write(project, "mail.yaml", f"sender: desk@example.org\nsendmail: {project / 'mailer'}\n")
    assert run(["send", "note", "--to", "a@example.org", "--send", "--yes"]) == 1
    assert f"ended with 69: so:  in {os.environ['HOME']}".replace(":  ", ": ") in capsys.readouterr().out
    assert b"canary" not in Path("sent.sqlite").read_bytes()
