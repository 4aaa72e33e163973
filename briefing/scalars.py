"""The types of single values in a facts file or contract: text as it was written → what it means, or why not."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from briefing import dates
from briefing.errors import did_you_mean
from briefing.textguard import stacked_marks

__all__ = [
    "MAX_TEXT",
    "TODO",
    "Day",
    "Edtf",
    "Id",
    "Ids",
    "Number",
    "Sha256",
    "Text",
    "Truth",
    "Url",
    "check_id",
    "listed",
    "one_of",
]

# A sentence of prose has under 60 words; the longest the typesetter was tried with is 2,000 characters.
MAX_TEXT = 2_000
# What `TODO` stands for until somebody has looked: an import leaves it, `check` reports it.
TODO = "TODO"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d{0,29})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")
_TOO_LARGE = Decimal("1e18")
_SPACE = re.compile(r"[ \t\r\n]+")


def check_id(text: str) -> str:
    """An id: kebab-case, 64 characters at most."""
    if len(text) > 64 or not _ID.fullmatch(text):
        raise ValueError("must be an id: small letters, digits and single hyphens, such as aid-since-2022")
    return text


def _text(text: str) -> str:
    text = _SPACE.sub(" ", text).strip()
    if not text:
        raise ValueError("is empty; leave the key out, or say what belongs here")
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text):,} characters; {MAX_TEXT:,} is the most")
    if stacked_marks(text) is not None:
        raise ValueError("stacks more combining marks on one letter than any script does")
    return text


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = tuple(words)

    def check(text: str) -> str:
        if text not in known:
            hint = did_you_mean(text, known)
            choice = (
                "" if hint else "; it is one of " + ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            )
            raise ValueError(f'cannot be "{text[:60]}"{hint}{choice}')
        return text

    return check


def _truth(text: object) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f'cannot be "{text}"; write true or false')
    return text == "true"


def _number(text: object) -> Decimal:
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError(
            f'cannot be "{str(text)[:60]}": a number has digits, at most one point and perhaps an exponent, '
            "such as 1000, 41.10 or 100e9"
        )
    number = Decimal(text)
    if abs(number) >= _TOO_LARGE:
        raise ValueError(f"cannot be {text}: nothing that is counted here is so large")
    return number


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/<>\"\\@\[\]]+(?:/[^\s<>\"\\]*)?", text):
        raise ValueError("must be a web address that begins with https://, without a user name")
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
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


def _day(text: object) -> datetime.date:
    if not isinstance(text, str):
        raise ValueError("must be a date, such as 2026-01-26")
    return dates.day(text)


Text = Annotated[str, AfterValidator(_text)]
Id = Annotated[str, AfterValidator(check_id)]
Ids = Annotated[list[Id], AfterValidator(_unique)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Edtf = Annotated[dates.Date, BeforeValidator(_date)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Url = Annotated[str, AfterValidator(_url)]
Sha256 = Annotated[str, AfterValidator(_sha256)]
