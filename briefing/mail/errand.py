"""What somebody wants to have sent: the brief of an audience, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from briefing.earlier import EarlierFacts
from briefing.errors import Location
from briefing.mail.addresses import Address
from briefing.mail.settings import MailingList
from briefing.recipients import Recipients

__all__ = ["COMMAND_LINE", "Errand", "Reader"]

COMMAND_LINE = Location("command line")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom one message is for: usually one address, with `cc`; `values` are the columns of its row.

    `slug` is that of the row, empty where all get the same file; `at` is where it stands.
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    slug: str = ""
    at: Location = COMMAND_LINE


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be sent: the brief of an audience, in a format, from the folder it was built into, to these readers.

    `table` are the recipients that it was built for, where each has a file of its own; `since` the edition that it says
    the changes of. `of_list` is the list that it goes to, `outbox` the folder that is named in the place of a server.
    `again` are keys of addresses that get it whatever they hold.
    """

    audience: str
    format: str
    out: Path
    readers: Sequence[Reader]
    table: Recipients | None = None
    since: EarlierFacts | None = None
    of_list: MailingList | None = None
    outbox: str = ""
    again: frozenset[str] = frozenset()
    draft: bool = True

    def path(self, reader: Reader) -> Path:
        """The built file for a reader."""
        name = f"{self.audience}/{reader.slug}" if reader.slug else self.audience
        return self.out / f"{name}.{self.format}"
