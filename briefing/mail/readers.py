"""What a command names – addresses, lists, a table – → whom each message is for, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.errors import Level, LoadError, Location, Problem, did_you_mean
from briefing.mail.addresses import Address, parse_address
from briefing.mail.errand import COMMAND_LINE, Reader
from briefing.recipients import Recipients, column_name

__all__ = ["EMAIL", "Named", "keys_in", "keys_of", "readers"]

EMAIL = "email"
"""The column of a table that has the addresses, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named: `to`, `cc` and `again` as typed; `listed`, each with its place; a `table`, and its `column`.

    `together`: one message for all of them.
    """

    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    again: Sequence[str] = ()
    listed: Sequence[tuple[Address, Location]] = ()
    table: Recipients | None = None
    column: str = EMAIL
    together: bool = False


def readers(named: Named) -> tuple[tuple[Reader, ...], frozenset[str]]:
    """Whom each message is for, and the keys of those who get it again. LoadError with all that is wrong."""
    return _Readers(named).readers()


def keys_of(texts: Iterable[str]) -> frozenset[str]:
    """The keys of the addresses that are written there; what is none is told by `readers`."""
    return frozenset(filter(None, map(_key, texts)))


def keys_in(table: Recipients, column: str) -> frozenset[str]:
    """Those of the addresses in a table."""
    name = column_name(column or EMAIL)
    return keys_of(row.values.get(name, "") for row in table.rows)


def _key(text: str) -> str:
    try:
        return parse_address(text).key
    except ValueError:
        return ""


class _Readers:
    def __init__(self, named: Named) -> None:
        self.named = named
        self.problems: list[Problem] = []

    def readers(self) -> tuple[tuple[Reader, ...], frozenset[str]]:
        again, typed, cc = (self.parsed(texts) for texts in (self.named.again, self.named.to, self.named.cc))
        to = [*((one, COMMAND_LINE) for one in typed), *self.named.listed]
        if not (to or self.named.table or self.problems):
            to = [(one, COMMAND_LINE) for one in again]
        found = list(self.of_table(self.named.table)) if self.named.table else []
        found += self.of_addresses(to, cc)
        self.twice(found)
        self.copied(found, cc)
        known = {one.key for reader in found for one in (*reader.to, *reader.cc)}
        for one in again:
            if one.key not in known:
                self.report(
                    f"“{one.address}” is to get it again, and is not among the recipients", "mail-recipient"
                )
        if self.problems:
            raise LoadError(self.problems)
        return tuple(found), frozenset(one.key for one in again)

    def report(self, message: str, rule: str, at: Location = COMMAND_LINE) -> None:
        self.problems.append(Problem(at, Level.ERROR, message, rule))

    def parsed(self, texts: Sequence[str]) -> list[Address]:
        found = []
        for text in texts:
            try:
                found.append(parse_address(text))
            except ValueError as error:
                self.report(str(error), "mail-address")
        return found

    def of_addresses(self, to: Sequence[tuple[Address, Location]], cc: Sequence[Address]) -> Iterator[Reader]:
        if self.named.table and (to or cc or self.named.together):
            self.report(
                "a table says who gets which file, each their own; leave out --to, --cc and --together",
                "mail-recipient",
            )
        elif self.named.together and to:
            yield Reader(tuple(one for one, _ in to), tuple(cc))
        else:
            yield from (Reader((one,), tuple(cc), at=at) for one, at in to)

    def copied(self, found: Sequence[Reader], cc: Sequence[Address]) -> None:
        if cc and len(found) > 1 and not self.named.table:
            names = ", ".join(one.address for one in cc)
            message = (
                f"{names} would get a copy of each of the {len(found)} messages: send one to all with --together,"
                " or name them with --to"
            )
            self.report(message, "mail-duplicate")

    def twice(self, found: Sequence[Reader]) -> None:
        """Report who would get two messages, however the address is written."""
        known: dict[str, Reader] = {}
        for reader in found:
            for one in (*reader.to, *(reader.cc if reader is found[0] else ())):
                if one.key in known:
                    line = known[one.key].at.line
                    where = f", as in line {line}" if reader.slug else ""
                    self.report(
                        f"“{one.address}” is named twice{where}; name it once", "mail-duplicate", reader.at
                    )
                known.setdefault(one.key, reader)

    def of_table(self, table: Recipients) -> Iterator[Reader]:
        """A reader for each row."""
        column = column_name(self.named.column)
        if column not in table.columns:
            hint = did_you_mean(column, table.columns) or "; it has the addresses"
            self.report(f'has no column "{column}"{hint}', "mail-address", Location(table.path))
            return
        for row in table.rows:
            at = Location(table.path, row.line)
            text = row.values[column]
            if not text:
                self.report(f"{row.values.get('name') or row.slug} has no address", "mail-address", at)
                continue
            try:
                address = parse_address(text)
            except ValueError as error:
                self.report(str(error), "mail-address", at)
                continue
            named = replace(address, name=address.name or _name(row.values.get("name", "")))
            yield Reader((named,), (), row.values, row.slug, at)


def _name(text: str) -> str:
    """A name from a table, as far as it may stand in the head of a message."""
    try:
        return parse_address(f"{text} <a@example.org>").name
    except ValueError:
        return ""
