"""The types of single values in a facts file or contract: text as it was written → what it means, or why not.

Each carries its JSON Schema, for editors. They read YAML 1.2, where `title: 1984` is a number, `text: true` a truth
value, and a text in block form ends in a newline: what is taken here must be taken there.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from briefing import dates
from briefing.errors import did_you_mean
from briefing.links import has_plain_host
from briefing.textguard import stacked_marks

__all__ = [
    "MAX_TEXT",
    "TODO",
    "Count",
    "Day",
    "DayOrTodo",
    "Digits",
    "Edtf",
    "Id",
    "Ids",
    "Moment",
    "Number",
    "OneOf",
    "OrJust",
    "Reason",
    "Sha256",
    "Text",
    "Truth",
    "Url",
    "check_id",
    "check_text",
    "check_url",
    "gives_reason",
    "listed",
    "one_of",
]

# A sentence of prose has under 60 words; the longest the typesetter was tried with is 2,000 characters.
MAX_TEXT = 2_000
# What `TODO` stands for until somebody has looked: an import leaves it, `check` reports it.
TODO = "TODO"
# Editors get these patterns as well: they mean the same in JavaScript.
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_ENDLESS_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_URL = re.compile(r'https?://[^\s/<>"\\@\[\]]+(?:/[^\s<>"\\]*)?')
_SHA256 = re.compile("[0-9a-f]{64}")
_TOO_LARGE = Decimal("1e18")
_SPACE = re.compile(r"[ \t\r\n]+")


def check_id(text: str) -> str:
    """An id: kebab-case, 64 characters at most."""
    if len(text) > 64 or not _ID.fullmatch(text):
        raise ValueError("must be an id: small letters, digits and single hyphens, such as aid-since-2022")
    return text


def check_text(text: str) -> str:
    """A text on one line: neither empty nor longer than any sentence."""
    text = _SPACE.sub(" ", text).strip()
    if not text:
        raise ValueError("is empty; leave the key out, or say what belongs here")
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text):,} characters; {MAX_TEXT:,} is the most")
    if stacked_marks(text) is not None:
        raise ValueError("stacks more combining marks on one letter than any script does")
    return text


_LEAST_LETTERS = 3


def gives_reason(text: str) -> bool:
    """Whether a reason has words, be it one: a full stop excuses nothing."""
    return sum(map(str.isalpha, text)) >= _LEAST_LETTERS


def _reason(text: str) -> str:
    if not gives_reason(text):
        raise ValueError(f'cannot be "{text[:60]}"; say why, in words')
    return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """Lets one of `words` pass; of any other the ValueError says which is the nearest, or which there are."""

    words: tuple[str, ...]

    def __call__(self, text: str) -> str:
        if text in self.words:
            return text
        hint = did_you_mean(text, self.words)
        first = ", ".join(self.words[:12]) + (", …" if len(self.words) > 12 else "")
        raise ValueError(f'cannot be "{text[:60]}"' + (hint or f"; it is one of {first}"))


def one_of(words: Iterable[str]) -> OneOf:
    return OneOf(tuple(words))


def _truth(text: object) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f'cannot be "{text}"; write true or false')
    return text == "true"


def _number(text: object) -> Decimal:
    if isinstance(text, str) and not _NUMBER.fullmatch(text) and _ENDLESS_NUMBER.fullmatch(text):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise ValueError(
            f'cannot be "{shown}": a number has at most 30 digits before its point, 30 behind it and two in its'
            " exponent; nothing that is counted here has more"
        )
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError(
            f'cannot be "{str(text)[:60]}": a number has digits, at most one point and perhaps an exponent, '
            "such as 1000, 41.10 or 100e9"
        )
    number = Decimal(text)
    if abs(number) >= _TOO_LARGE:
        raise ValueError(f"cannot be {text}: nothing that is counted here is so large")
    return number


def _digits(text: object) -> int:
    if not isinstance(text, str) or not re.fullmatch("[1-9]|1[0-5]", text):
        raise ValueError(
            f'cannot be "{str(text)[:60]}": it is the number of digits that are kept, from 1 to 15'
        )
    return int(text)


def _count(text: object) -> int:
    if not isinstance(text, str) or not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise ValueError(f'cannot be "{str(text)[:60]}": it is a count, from 1 to 999999')
    return int(text)


def check_url(text: str) -> str:
    """A web address without a user name."""
    if not _URL.fullmatch(text):
        raise ValueError("must be a web address that begins with https://, without a user name")
    if not has_plain_host(text):
        raise ValueError(
            "has a host that is none: it is letters, digits, hyphens and full stops, as in example.org"
        )
    return text


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise ValueError("must be a SHA-256: 64 digits and letters a to f (`sha256sum FILE` prints it)")
    return text


def listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _unique(items: list[Any]) -> list[Any]:
    twice = [item for item, times in Counter(items).items() if times > 1]
    if twice:
        raise ValueError(f"names {twice[0]} twice")
    return items


def _date(text: object) -> dates.Date:
    if not isinstance(text, str):
        raise ValueError("must be a date, such as 2026-01-26")
    return dates.parse(text)


def _moment(text: str) -> str:
    dates.instant(text)
    return text


def _day(text: object) -> datetime.date:
    if not isinstance(text, str):
        raise ValueError("must be a date, such as 2026-01-26")
    return dates.day(text)


def _day_or_todo(text: object) -> datetime.date | None:
    return None if text == TODO else _day(text)


@dataclass(frozen=True, slots=True)
class OrJust:
    """Says of a type what may be written in its place, where a BeforeValidator takes that, too; for JSON Schema."""

    type: Any


def _json(pattern: str, message: str, *others: dict[str, Any]) -> WithJsonSchema:
    """Strings of this pattern, or one of `others`; an editor says `message` of what is neither."""
    string = {"type": "string", "pattern": f"^(?:{pattern})\\n*$", "errorMessage": message}
    return WithJsonSchema({"anyOf": [string, *others]} if others else string)


_DAY_OF_YEAR = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_POINT = f"[12][0-9]{{3}}(?:-(?:0[1-9]|1[0-2]|{_DAY_OF_YEAR}))?[~?%]?"
_NO_STRING = {"not": {"type": ["string", "array", "object"]}}

_TEXT_PATTERN = (
    # Counted as `check_text` does: a run of white space is one character. If a run could be two, a text that is too
    # long could be read in so many ways that an editor stands still.
    rf"(?=\s*\S)\s*(?:[^ \t\r\n]|[ \t\r\n]+(?![ \t\r\n]|\s*$)){{1,{MAX_TEXT}}}\s*"
)
_TEXT_JSON = _json(
    _TEXT_PATTERN,
    f"must be text of 1 to {MAX_TEXT:,} characters; if it begins with a brace or bracket, "
    "write > behind the key and the text on the next line, indented",
    _NO_STRING,
)
# A letter as far as one can be told without Unicode's tables.
_REASON_JSON = _json(
    rf"(?=(?:[\s\S]*?[A-Za-z\u00c0-\uffff]){{{_LEAST_LETTERS}}}){_TEXT_PATTERN}",
    "must say why, in words",
    _NO_STRING,
)
_ID_JSON = _json(
    rf"(?=[a-z0-9-]{{1,64}}\n*$){_ID.pattern}",
    "must be an id: small letters, digits and single hyphens, such as aid-since-2022",
    _NO_STRING,
)
_IDS_JSON = WithJsonSchema(
    {
        "type": "array",
        "items": _ID_JSON.json_schema,
        # Of numbers it cannot be said: YAML reads 12 and 012 as one, and these are two ids.
        "if": {"items": {"type": "string"}},
        "then": {"uniqueItems": True},
    }
)
_NUMBER_JSON = _json(
    _NUMBER.pattern,
    "must be a number with digits, at most one point and perhaps an exponent, such as 1000, 41.10 or 100e9",
    {"type": "number", "minimum": -1e18, "maximum": 1e18},
)
_DIGITS_JSON = _json(
    "[1-9]|1[0-5]",
    "must be the number of digits that are kept, from 1 to 15",
    {"type": "integer", "minimum": 1, "maximum": 15},
)
_COUNT_JSON = _json(
    "[1-9][0-9]{0,5}",
    "must be a count, from 1 to 999999",
    {"type": "integer", "minimum": 1, "maximum": 999_999},
)
_DATE_JSON = _json(
    rf"{_POINT}(?:/(?:{_POINT}|\.\.))?|\.\./{_POINT}",
    "must be a date, such as 2026-01-26, 2026-01, 2026, 2026-01-24/2026-01-25, 2022~ or 2022/..",
    {"type": "integer", "minimum": 1000, "maximum": 2999},
)
_DAY_JSON = _json(f"[12][0-9]{{3}}-{_DAY_OF_YEAR}", "must be one exact day, such as 2026-01-26")
_DAY_OR_TODO_JSON = _json(
    f"[12][0-9]{{3}}-{_DAY_OF_YEAR}|{TODO}", "must be one exact day, such as 2026-01-26"
)
_TRUTH_JSON = _json("true|false", "must be true or false", {"type": "boolean"})
_URL_JSON = _json(_URL.pattern, "must be a web address that begins with https://, without a user name")
_SHA256_JSON = _json(
    _SHA256.pattern,
    "must be a SHA-256: 64 digits and letters a to f, as sha256sum prints it",
    {"type": "number"},  # one that has digits alone, or a single e among them
)

Text = Annotated[str, AfterValidator(check_text), _TEXT_JSON]
Reason = Annotated[str, AfterValidator(check_text), AfterValidator(_reason), _REASON_JSON]
Id = Annotated[str, AfterValidator(check_id), _ID_JSON]
Ids = Annotated[list[Id], AfterValidator(_unique), _IDS_JSON]
Truth = Annotated[bool, BeforeValidator(_truth), _TRUTH_JSON]
Number = Annotated[Decimal, BeforeValidator(_number), _NUMBER_JSON]
Digits = Annotated[int, BeforeValidator(_digits), _DIGITS_JSON]
Count = Annotated[int, BeforeValidator(_count), _COUNT_JSON]
Edtf = Annotated[dates.Date, BeforeValidator(_date), _DATE_JSON]
Moment = Annotated[str, AfterValidator(_moment)]
Day = Annotated[datetime.date, BeforeValidator(_day), _DAY_JSON]
Url = Annotated[str, AfterValidator(check_url), _URL_JSON]
DayOrTodo = Annotated[datetime.date | None, BeforeValidator(_day_or_todo), _DAY_OR_TODO_JSON]
Sha256 = Annotated[str, AfterValidator(_sha256), _SHA256_JSON]
