"""What a template receives: facts as opaque tokens that can be chosen, ordered and printed whole; a recipient's row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import total_ordering
from typing import Any

from jinja2 import TemplateRuntimeError
from markupsafe import Markup

from briefing.captures import Capture
from briefing.dates import Date
from briefing.facts import Fact

__all__ = ["Absent", "Column", "Day", "Row", "Token", "Tokens"]


@total_ordering
class Day:
    """A fact's date, to be compared, sorted and grouped by, with others and with texts such as "2026-01".

    It is printed with the fact, never alone: whoever makes a text of it, whole or in part, is told so and gets nothing.
    """

    __slots__ = ("_report", "_value")

    def __init__(self, value: str, report: Callable[[], None]) -> None:
        self._value = value
        self._report = report

    def __str__(self) -> str:
        self._report()
        return ""

    def __getitem__(self, place: Any) -> str:
        return str(self)

    def __iter__(self) -> Iterator[str]:
        return iter(str(self))

    def __eq__(self, other: object) -> bool:
        return self._value == (other._value if isinstance(other, Day) else other)

    def __lt__(self, other: object) -> bool:
        if isinstance(other, Day | str):
            return self._value < (other._value if isinstance(other, Day) else other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __contains__(self, part: object) -> bool:
        return isinstance(part, str | Column | Capture) and _words(part) in self._value

    def startswith(self, beginning: object) -> bool:
        """Whether it lies in a year or month."""
        return self._value.startswith(_words(beginning))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(str(self), name)


class Absent:
    """Stands for a fact that there is not, which was reported where it was asked for: it prints nothing.

    The rest of a template runs on: of an edition that has not yet a fact of today, all else can be told.
    """

    __slots__ = ()
    date = kind = ""
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return False

    def __html__(self) -> Markup:
        return Markup("")

    def __str__(self) -> str:
        return ""


class Token:
    """What a template receives for a fact: id, kind, date and tags; its sentence only when printed."""

    __slots__ = ("_print", "date", "id", "kind", "tags")

    def __init__(self, fact: Fact, print: Callable[[str], Markup], dated: Callable[[], None]) -> None:
        self.id = fact.id
        self.kind = fact.kind
        self.date = Day(str(fact.date or ""), dated)
        self.tags = fact.tags
        self._print = print

    def __html__(self) -> Markup:
        return self._print(self.id)

    def __str__(self) -> str:
        raise TemplateRuntimeError(
            f'the fact "{self.id}" is printed whole; a filter cannot cut or change it, so print it as it is'
        )


class Tokens(Sequence[Token]):
    """Several facts, in order."""

    __slots__ = ("_by_id", "_tokens", "_used")

    def __init__(
        self, tokens: Sequence[Token], dates: Mapping[str, Date | None], used: Mapping[str, object]
    ) -> None:
        self._tokens = tuple(tokens)
        self._by_id = dates
        self._used = used

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: Any) -> Any:
        found = self._tokens[place]
        return Tokens(found, self._by_id, self._used) if isinstance(place, slice) else found

    def by_date(self) -> Tokens:
        """In order of their dates; those without one at the end."""

        def key(token: Token) -> tuple[bool, Any]:
            date = self._by_id[token.id]
            return (date is None, date.sort_key if date else ())

        return Tokens(sorted(self._tokens, key=key), self._by_id, self._used)

    def unused(self) -> Tokens:
        """Those that this brief has not printed so far."""
        return Tokens(
            [token for token in self._tokens if token.id not in self._used], self._by_id, self._used
        )

    def __str__(self) -> str:
        raise TemplateRuntimeError(
            "a list of facts cannot be printed; print each: {% for f in … %}{{ f }}{% endfor %}"
        )


class Column:
    """A cell of a recipient's row. Printed as it is, it says nothing of what it holds; whatever else looks, is noted.

    So a template that only prints columns is run once for all recipients.
    """

    __slots__ = ("_look", "_name", "_value")

    def __init__(self, name: str, value: str, look: Callable[[], None]) -> None:
        self._name = name
        self._value = value
        self._look = look

    def name_of_column(self) -> str:
        return self._name

    def __str__(self) -> str:
        self._look()
        return self._value

    def __eq__(self, other: object) -> bool:
        return str(self) == (str(other) if isinstance(other, Column) else other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < _words(other)

    def __int__(self) -> int:
        return int(str(self))

    def __float__(self) -> float:
        return float(str(self))

    def __bool__(self) -> bool:
        return bool(str(self))

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: object) -> bool:
        return _words(part) in str(self)

    def __getitem__(self, place: Any) -> str:
        return str(self)[place]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(str(self), name)


def _words(text: object) -> str:
    """A text that a template compares with another, whatever it is kept in."""
    return text.said() if isinstance(text, Capture) else str(text)


class Row:
    """`recipient` in a template: `recipient.name` is the column of that name."""

    __slots__ = ("_look", "_touched", "_values")

    def __init__(self, values: Mapping[str, str], look: Callable[[], None], touched: set[str]) -> None:
        self._values = values
        self._look = look
        self._touched = touched

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(name)
        self._touched.add(name)
        return Column(name, self._values[name], self._look)

    def __str__(self) -> str:
        raise TemplateRuntimeError("a recipient is printed column by column, as in {{ recipient.name }}")
