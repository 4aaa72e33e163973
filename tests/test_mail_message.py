"""The bytes of a message: what stands in its head, and that nothing else can get there."""

from __future__ import annotations

import datetime
import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import BriefingError
from briefing.mail.addresses import parse_address
from briefing.mail.message import Attachment, Head, leaving, message_id, written
from briefing.mail.settings import Unsubscribe

PDF = Attachment("memo-2026-01-27.pdf", "pdf", b"%PDF-1.7\n\r\n.\r\n%%EOF")
SENDER = parse_address("Policy desk <desk@example.org>")
ANN = parse_address("Ann Lee <ann@example.org>")


def head(subject: str = "Memo", *, to: str = "Ann Lee <ann@example.org>", **more: object) -> Head:
    id = message_id("sha256:1", [ANN.key], "example.org")
    return Head(SENDER, (parse_address(to),), (), subject, id, **more)  # type: ignore[arg-type]


def read(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_message_has_text_html_and_the_file() -> None:
    message = read(written(head(), "Zürich – [1]\n", "<p>Zürich</p>", PDF))
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Zürich – [1]\n"
    assert html.get_content().strip() == "<p>Zürich</p>"
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (PDF.name, "application/pdf")
    assert file.get_content() == PDF.content


def test_a_draft_says_that_it_was_not_sent() -> None:
    assert read(written(head(), "x", "x", PDF, draft=True))["X-Unsent"] == "1"
    assert "X-Unsent" not in read(written(head(), "x", "x", PDF))


def test_the_same_message_has_the_same_bytes() -> None:
    moment = datetime.datetime(2026, 1, 27, 12, tzinfo=datetime.UTC)
    first, second = (written(head(date=moment), "x", "y", PDF) for _ in range(2))
    assert first == second
    assert read(first)["Date"] == "Tue, 27 Jan 2026 12:00:00 +0000"


def test_the_id_is_that_of_recipients_and_content() -> None:
    same = message_id("sha256:1", ["a@b.org", "c@b.org"], "b.org")
    assert same == message_id("sha256:1", ["c@b.org", "a@b.org"], "b.org")
    assert same != message_id("sha256:2", ["a@b.org", "c@b.org"], "b.org")
    assert same != message_id("sha256:1", ["a@b.org"], "b.org")


# Each turned into a further header, or into words that nobody wrote, in one library or another.
FORGERIES = [
    "Memo\r\nBcc: victim@example.org",
    "Memo\nBcc: victim@example.org",
    "Memo\rBcc: victim@example.org",
    "=?utf-8?q?Memo=0D=0ABcc:_victim@example.org?=",
    "=?utf-8?b?TWVtbw0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "Memo =?iso-8859-1?q?=0A?= x",
    "Memo\x00",
    "Memo\x1b[2J",
    "Memo\u2028Bcc: victim@example.org",
    "Memo\u202egro.elpmaxe",
    "x" * 1000,
]


@pytest.mark.parametrize("subject", FORGERIES)
def test_no_title_forges_a_header(subject: str) -> None:
    with pytest.raises(BriefingError, match="Subject") as told:
        written(head(subject), "x", "x", PDF)
    assert {one.rule for one in told.value.problems} == {"mail-header"}


def test_a_head_that_reads_otherwise_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever gets past all else into the head, it is read again before it leaves."""
    monkeypatch.setattr("briefing.mail.message.header_fault", lambda text, longest=0: "")
    for subject in FORGERIES[:6]:
        with pytest.raises(BriefingError) as told:
            written(head(subject), "x", "x", PDF)
        assert {one.rule for one in told.value.problems} == {"mail-header"}


@pytest.mark.parametrize("text", FORGERIES)
def test_no_name_forges_a_header(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_address(f"{text} <ann@example.org>")


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=120), st.text(max_size=60))
def test_what_is_written_reads_as_it_was_meant_or_is_refused(subject: str, name: str) -> None:
    """Held against the newer reader of the library, apart from spaces that it puts between encoded words."""
    try:
        to = parse_address(f"{name} <ann@example.org>")
        content = written(
            head(subject, to=str(to) if to.name.isalnum() else "ann@example.org"), "x", "x", PDF
        )
    except (ValueError, BriefingError):
        return
    message = read(content)
    assert str(message["Subject"]).split() == subject.split()
    assert message.keys() == ["From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]


def test_long_names_are_encoded_line_by_line() -> None:
    names = "Володимир Олександрович Зеленський-Довгопрізвищенко"
    content = written(head(to=f"{names} <v@example.org>"), "x", "x", PDF)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert content.count(b"=?utf-8?b?") == 3


def test_an_address_that_only_smtputf8_can_say() -> None:
    made = head(to="Пошта <пошта@приклад.укр>")
    assert made.needs_utf8
    assert 'To: "Пошта" <пошта@приклад.укр>\r\n'.encode() in written(made, "x", "x", PDF)


def test_how_a_recipient_leaves_a_list() -> None:
    how = Unsubscribe(
        "https://example.org/" + "x" * 90 + "?who={address}", "leave@example.org", one_click=True
    )
    content = written(head(more=leaving(how, ANN)), "x", "x", PDF)
    said = f"<mailto:leave@example.org>, <https://example.org/{'x' * 90}?who=ann%40example.org>"
    assert f"\r\nList-Unsubscribe: {said}\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
