"""`mail.yaml` beside the facts → with which server, from whom and to which lists an office sends."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from briefing.errors import BriefingError, Level, Location, Problem, UsageError, did_you_mean
from briefing.files import Unusable, is_within
from briefing.mail.addresses import Address, parse_address
from briefing.places import Places
from briefing.recipients import Recipients, read_recipients
from briefing.scalars import Id, Text, Truth, listed, one_of
from briefing.schema import Shape
from briefing.settings import read_settings

__all__ = [
    "FILE",
    "FORMATS",
    "MailSettings",
    "MailingList",
    "Server",
    "Unsubscribe",
    "audience_problems",
    "places_of",
    "read_mail_settings",
    "settings_problems",
    "table_of",
]

FILE = "mail.yaml"
FORMATS = ("pdf", "docx", "html", "md", "txt")
"""What can be attached; the first where nothing is said."""

# 10,000 addresses with names have half of it.
_MOST_BYTES = 1_000_000
_SECURITY = ("tls", "starttls", "none")
# RFC 6409 and 8314: submission with STARTTLS, with TLS from the start.
_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `timeout` and `pause` are seconds: the longest wait for an answer, and the first of the growing
    pauses between `attempts` where it refuses for now.

    The password of `user` is in `password_file`, in the keyring of the system (`keyring`), or in the environment.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password_file: str = ""
    keyring: bool = False
    ca_file: str = ""
    timeout: int = 60
    attempts: int = 5
    pause: int = 30


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """How a recipient leaves a list (RFC 2369); `one_click`: its address takes the request of RFC 8058."""

    url: str = ""
    mailto: str = ""
    one_click: bool = False


@dataclass(frozen=True, slots=True)
class MailingList:
    """Who gets the brief of an audience, in which format, at most how many a minute (`rate`, 0: as they come).

    Either `to` is who, or `table`, whose `column` has the addresses; then each has a file of its own.
    """

    name: str
    audience: str
    to: tuple[Address, ...] = ()
    format: str = FORMATS[0]
    rate: int = 0
    table: str = ""
    column: str = ""
    unsubscribe: Unsubscribe | None = None


@dataclass(frozen=True, slots=True)
class MailSettings:
    """All of it. `sendmail` is the program of a machine that has a mailer of its own, in the place of a server."""

    sender: Address
    reply_to: Address | None = None
    server: Server | None = None
    sendmail: str = ""
    lists: Mapping[str, MailingList] = field(default_factory=dict)
    places: Places | None = None


# --- the file -----------------------------------------------------------------------------------------


def _whole(least: int, most: int, of: str) -> BeforeValidator:
    def check(text: object) -> int:
        if (
            not isinstance(text, str)
            or not re.fullmatch("0|[1-9][0-9]{0,8}", text)
            or not least <= int(text) <= most
        ):
            raise ValueError(
                f"must be {of}, from {least} to {most}"
            )  # nothing repeats what may be a password
        return int(text)

    return BeforeValidator(check)


def _host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not re.fullmatch(r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?", text):
            raise ValueError(
                "is no name of a server; write it without https://, user and port: mail.example.org"
            ) from None
    return text


def _unsubscribe_url(text: str) -> str:
    without = text.replace("{address}", "")
    if not re.fullmatch(r"https://[^\s<>\"\\@,{}]+", without) or not text.isascii():
        raise ValueError(
            "must be a web address that begins with https://; {address} in it is the recipient's, and no other braces"
        )
    return text


def _absolute(text: str) -> str:
    if not PurePath(text).is_absolute():
        raise ValueError(f'"{text[:80]}" is no whole path; write it like /usr/sbin/sendmail')
    return text


_Address = Annotated[Address, BeforeValidator(lambda text: _address(text))]


def _address(text: object) -> Address:
    if not isinstance(text, str):
        raise ValueError("must be an address, such as Ann Lee <ann@example.org>")
    return parse_address(text)


class ServerModel(Shape):
    """The mail server."""

    host: Annotated[Text, AfterValidator(_host)]
    port: Annotated[int, _whole(1, 65535, "a port")] = 0
    security: Annotated[str, AfterValidator(one_of(_SECURITY))]
    user: Text = ""
    password_file: Text = ""
    keyring: Truth = False
    ca_file: Text = ""
    timeout: Annotated[int, _whole(1, 3600, "a number of seconds")] = 60
    attempts: Annotated[int, _whole(1, 20, "how often a message is tried")] = 5
    pause: Annotated[int, _whole(0, 3600, "a number of seconds")] = 30


class UnsubscribeModel(Shape):
    """How to leave a list."""

    url: Annotated[Text, AfterValidator(_unsubscribe_url)] = ""
    mailto: _Address | None = None
    one_click: Truth = False


class ListModel(Shape):
    """One list of recipients."""

    audience: Text
    to: Annotated[list[_Address], BeforeValidator(listed)] = []
    format: Annotated[str, AfterValidator(one_of(FORMATS))] = FORMATS[0]
    rate: Annotated[int, _whole(1, 100_000, "a number of messages a minute")] = 0
    table: Text = ""
    column: Text = ""
    unsubscribe: UnsubscribeModel | None = None


class MailModel(Shape):
    """How an office sends its briefs."""

    required = ("sender",)

    sender: _Address | None = None
    reply_to: _Address | None = None
    server: ServerModel | None = None
    sendmail: Annotated[Text, AfterValidator(_absolute)] = ""
    lists: dict[Id, ListModel] = {}


def read_mail_settings(folder: Path, shown: str) -> tuple[MailSettings | None, tuple[Problem, ...]]:
    """The settings in `folder`, None where there are none or they are faulty, and what is wrong. Never raises.

    `shown` is how the path of the file is printed.
    """
    found = read_settings(
        folder / FILE, shown, MailModel, _MOST_BYTES, "sender: desk@example.org", within=folder
    )
    if found.model is None or found.places is None or found.model.sender is None:
        return None, tuple(_without_secrets(found.problems))
    model = found.model
    problems = tuple(_unfit(model, found.places))
    if problems:
        return None, problems
    server = model.server
    return MailSettings(
        found.model.sender,
        model.reply_to,
        Server(**{**server.model_dump(), "port": server.port or _PORTS[server.security]}) if server else None,
        model.sendmail,
        {name: _list(name, one) for name, one in model.lists.items()},
        found.places,
    ), ()


def settings_problems(folder: Path, audiences: Sequence[str]) -> list[Problem]:
    """All that is wrong with the settings in `folder` and the tables that lists name; nothing where there are none."""
    settings, problems = read_mail_settings(folder, str(folder / FILE))
    found = [*problems, *audience_problems(settings, audiences)]
    for one in settings.lists.values() if settings else ():
        try:
            table_of(folder, one)
        except BriefingError as error:
            found += error.problems
    return found


def table_of(folder: Path, one: MailingList) -> Recipients | None:
    """The table that a list names. UsageError or LoadError when it cannot be used.

    It stands in the folder of the settings: messages quote what is wrong with a table, and whoever proposes settings
    would have any file of this machine quoted.
    """
    if not one.table:
        return None
    path = folder / one.table
    try:
        if is_within(path, folder):
            return read_recipients(str(path))
        message = f"the table of the list {one.name} stands outside this folder; put it beside mail.yaml"
    except Unusable as error:
        message = str(error)
    raise UsageError(Problem(Location(str(folder / FILE)), Level.ERROR, message, "file"))


def audience_problems(settings: MailSettings | None, audiences: Sequence[str]) -> Iterator[Problem]:
    """Lists for audiences that there are not."""
    for name, one in settings.lists.items() if settings else ():
        if one.audience not in audiences and settings and settings.places:
            message = f'there is no audience "{one.audience}"{did_you_mean(one.audience, audiences)}'
            yield _problem(settings.places, ("lists", name, "audience"), message, "unknown-audience")


def places_of(settings: MailSettings, one: MailingList) -> list[Location]:
    """Where each address of a list stands."""
    assert settings.places is not None
    return [settings.places.of(("lists", one.name, "to", number)) for number in range(len(one.to))]


def _list(name: str, model: ListModel) -> MailingList:
    leaving = model.unsubscribe
    return MailingList(
        name,
        model.audience,
        tuple(model.to),
        model.format,
        model.rate,
        model.table,
        model.column,
        Unsubscribe(leaving.url, leaving.mailto.on_wire if leaving.mailto else "", leaving.one_click)
        if leaving
        else None,
    )


def _unfit(model: MailModel, places: Places) -> Iterator[Problem]:
    """What is wrong with keys that are right by themselves."""
    if model.server and model.sendmail:
        yield _problem(
            places, ("sendmail",), "there is a server, too; a message goes one way: keep one of them"
        )
    if model.server:
        yield from _unfit_server(model.server, places)
    for name, one in model.lists.items():
        at = ("lists", name)
        if bool(one.to) == bool(one.table):
            yield _problem(places, at, f'the list "{name}" must have `to`, or a `table`, and not both')
        if one.column and not one.table:
            yield _problem(places, (*at, "column"), "is the column of a table; name the `table`, too")
        yield from twice(one.to, places, at)
        leaving = one.unsubscribe
        if leaving and not (leaving.url or leaving.mailto):
            yield _problem(places, (*at, "unsubscribe"), "must have `url`, `mailto`, or both")
        if leaving and leaving.one_click and not leaving.url:
            message = "one_click needs `url`, an https address that takes the request (RFC 8058)"
            yield _problem(places, (*at, "unsubscribe", "one_click"), message)


def twice(addresses: Sequence[Address], places: Places, at: tuple[str, ...]) -> Iterator[Problem]:
    """Addresses that stand in a list already, however they are written."""
    known: dict[str, Address] = {}
    for number, one in enumerate(addresses):
        if one.key in known:
            message = f"“{one.address}” stands in this list twice; delete one"
            yield _problem(places, (*at, "to", number), message, "mail-duplicate")
        known.setdefault(one.key, one)


def _unfit_server(server: ServerModel, places: Places) -> Iterator[Problem]:
    if server.security == "none" and not _is_loopback(server.host):
        message = (
            "none sends everything in clear, the password too; it is for a server on this machine"
            " (localhost). Write tls or starttls"
        )
        yield _problem(places, ("server", "security"), message, "mail-security")
    if server.password_file and server.keyring:
        yield _problem(places, ("server", "keyring"), "there is a password_file, too; keep one of them")
    if (server.password_file or server.keyring) and not server.user:
        yield _problem(places, ("server",), "has a password and no `user`; name whom it is of")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _problem(places: Places, path: tuple[Any, ...], message: str, rule: str = "schema-value") -> Problem:
    return Problem(places.of(path), Level.ERROR, message, rule)


def _without_secrets(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Whoever types a password here is told where it goes instead; no message repeats what was typed."""
    for problem in problems:
        if problem.rule == "schema-unknown-key" and re.match(r'unknown key "pass', problem.message, re.I):
            message = (
                "a password never stands in this file: put it into the environment (BRIEFING_MAIL_PASSWORD), into a"
                " file (password_file: PATH), or into the keyring (keyring: true)"
            )
            yield Problem(problem.location, Level.ERROR, message, "mail-password")
        else:
            yield problem
