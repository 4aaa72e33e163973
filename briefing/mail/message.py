"""What a mail says and has attached → the bytes that go out: RFC 5322, plain text with an HTML alternative.

What was written is read again before it leaves, and its head compared with what it should be.
"""

from __future__ import annotations

import datetime
import email.policy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from urllib.parse import quote

from briefing.errors import BriefingError, Level, Location, Problem
from briefing.fingerprint import fingerprint, fingerprint_of_bytes
from briefing.mail.addresses import Address, header_fault
from briefing.mail.settings import Unsubscribe

__all__ = ["DRAFT", "Attachment", "Head", "leaving", "message_id", "written"]

DRAFT = "X-Briefing-Draft"
"""The header by which a draft of ours is known; X-Unsent is in those of mail programs, too."""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "md": "text/markdown",
    "txt": "text/plain",
}


# RFC 5322, 2.1.1: 998 letters are the most in a line; headers of addresses have a line for each.
_LONGEST = 900
_OF_MANY = ("To", "Cc")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A built file, and how it is called in a message; `format` is its ending."""

    name: str
    format: str
    content: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint_of_bytes(self.content)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the head of a message. `more` are headers for programs, by name; `date` is None in a draft."""

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    id: str
    reply_to: Address | None = None
    date: datetime.datetime | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it (RFC 6531)."""
        return any(not one.ascii for one in (self.sender, *self.to, *self.cc, *_some(self.reply_to)))


def message_id(content: str, keys: Sequence[str], domain: str) -> str:
    """The same for the same content and recipients, so that a mail program shows what comes twice as one."""
    return f"<{fingerprint([content, *sorted(keys)])[:32]}@{domain}>"


def leaving(how: Unsubscribe | None, recipient: Address) -> dict[str, str]:
    """The headers by which a recipient leaves a list (RFC 2369, 8058)."""
    if how is None:
        return {}
    url = how.url.replace("{address}", quote(recipient.on_wire, safe=""))
    mailto = quote(how.mailto, safe="@!$*+-.=_~")
    ways = [f"<mailto:{mailto}>" if mailto else "", f"<{url}>" if url else ""]
    headers = {"List-Unsubscribe": ", ".join(filter(None, ways))}
    return headers | ({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if how.one_click else {})


def written(head: Head, text: str, html: str, attached: Attachment, *, draft: bool = False) -> bytes:
    """The whole message. A draft opens in a mail program as one that was not sent yet.

    BriefingError where something would stand in its head that was not meant to.
    """
    headers = _headers(head, draft=draft)
    faults = [
        f"the {name} {fault}"
        for name, value in headers.items()
        if (fault := header_fault(value, len(value) if name in _OF_MANY else _LONGEST))
    ]
    if faults:
        raise _refused(faults)
    message = EmailMessage(policy=email.policy.SMTP)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    main, _, sub = MEDIA_TYPES[attached.format].partition("/")
    letters = {"charset": "utf-8"} if main == "text" else {}
    message.add_attachment(
        attached.content, maintype=main, subtype=sub, filename=attached.name, params=letters
    )
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(f"=_{fingerprint([head.id, attached.content])[:32]}_{number}")
    content = _head(head, headers) + message.as_bytes()
    _compare(headers, content, head)
    return content


def _head(head: Head, headers: Mapping[str, str]) -> bytes:
    """The head as it is written: each address on a line of its own, words that are not ASCII encoded (RFC 2047).

    Python 3.11 loses spaces between such words when it folds a subject, and encodes any word that is longer than a
    line, which breaks an address in it; so only its encoder is used.
    """
    addresses = {"From": (head.sender,), "To": head.to, "Cc": head.cc, "Reply-To": _some(head.reply_to)}
    lines = []
    for name, value in headers.items():
        if name in addresses:
            value = ",\r\n ".join(_phrase(one, name, utf8=head.needs_utf8) for one in addresses[name])
        elif name == "Subject":
            value = _encoded(value, name, utf8=head.needs_utf8)
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines).encode("utf-8")


def _phrase(address: Address, header: str, *, utf8: bool) -> str:
    """An address with its name: `"Lee, Ann" <ann@example.org>`."""
    if not address.name:
        return address.on_wire
    plain = re.fullmatch(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+", address.name)
    quoted = address.name if plain else '"' + re.sub(r'(["\\])', r"\\\1", address.name) + '"'
    return (
        f"{quoted if utf8 or address.name.isascii() else _encoded(address.name, header)} <{address.on_wire}>"
    )


def _encoded(text: str, header: str, *, utf8: bool = False) -> str:
    if text.isascii() or utf8:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n")


def _some(address: Address | None) -> tuple[Address, ...]:
    return (address,) if address else ()


def _headers(head: Head, *, draft: bool) -> dict[str, str]:
    """The headers in order, as a reader sees them."""
    said = {
        "From": str(head.sender),
        "To": _listed(head.to),
        "Cc": _listed(head.cc),
        "Reply-To": str(head.reply_to or ""),
        "Subject": head.subject,
        "Date": format_datetime(head.date) if head.date else "",
        "Message-ID": head.id,
        **head.more,
        "X-Unsent": "1" if draft else "",
        DRAFT: "1" if draft else "",
    }
    return {name: value for name, value in said.items() if value}


def _listed(addresses: Sequence[Address]) -> str:
    return ", ".join(map(str, addresses))


# --- read again -----------------------------------------------------------------------------------------


def _compare(headers: Mapping[str, str], content: bytes, head: Head) -> None:
    """Hold the head of the written message against what was meant."""
    begin, _, _ = content.partition(b"\r\n\r\n")
    lines = re.sub(r"\r\n(?=[ \t])", "", begin.decode("utf-8")).split("\r\n")
    read = {
        name: value for name, _, value in (line.partition(": ") for line in lines) if name not in _OF_MIME
    }
    faults = []
    if [*read] != [*headers] or len(lines) != len(read) + len(_OF_MIME):
        faults.append(f"its head would have other lines than {', '.join(headers)}")
    subject = _decoded(read.get("Subject", ""))
    if subject != head.subject:
        faults.append(f"its subject would read “{subject}”, not “{head.subject}”")
    for name, meant in (("From", (head.sender,)), ("To", head.to), ("Cc", head.cc)):
        found = [(_decoded(one), address) for one, address in getaddresses([read.get(name, "")]) if address]
        if found != [(one.name, one.on_wire) for one in meant]:
            faults.append(f"its {name} would not be {_listed(meant)}")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        faults.append("a line of it would not end as lines of messages do")
    if faults:
        raise _refused(faults)


_OF_MIME = ("MIME-Version", "Content-Type")


def _decoded(text: str) -> str:
    """With the older of the library's two readers: the other one puts spaces between encoded words, in names."""
    return str(make_header(decode_header(text)))


def _refused(faults: Sequence[str]) -> BriefingError:
    return BriefingError(
        Problem(Location("message"), Level.ERROR, f"{fault}; it was not written", "mail-header")
        for fault in faults
    )
