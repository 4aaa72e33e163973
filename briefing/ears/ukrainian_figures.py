"""Ukrainian prose → the figures and dates typed in it: "понад 113,4 млрд доларів США", "24–25 січня 2026 року".

Numbers in words, too ("п’ять мільйонів"), but no fractions ("половина").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from briefing.currencies import CODES, SIGN, currency
from briefing.mentions import Mentions, mentions_in
from briefing.typeddates import MONTHS
from briefing.typeddates import full_dates as english_dates

__all__ = ["SPOKEN", "UP_TO_TEN", "full_dates", "known", "mentions", "qualifier"]

_Value = TypeVar("_Value")

# --- dates ----------------------------------------------------------------------------------------------------

_SOFT = "(?:ень|ня|ню|ні|нем)"
_FORMS = (
    f"січ{_SOFT}",
    "лют(?:ий|ого|ому|им)",
    *(f"{stem}{_SOFT}" for stem in ("берез", "квіт", "трав", "черв", "лип", "серп", "верес", "жовт")),
    "листопад(?:а|у|і|ом)?",
    f"груд{_SOFT}",
)
_MONTH = re.compile("|".join(f"({forms})" for forms in _FORMS), re.IGNORECASE)
_DATE = re.compile(
    r"(?<![\d.,])(?:(?P<first>\d{1,2})(?:-?го)?(?:\s?[–—-]\s?|\s(?:і|й|та|до)\s))?(?P<day>\d{1,2})(?:-?го)?\s"
    rf"(?P<month>{'|'.join(_FORMS)})(?!\w)(?:\s(?P<year>\d{{4}})(?!\d))?"
    rf"|(?<!\w)(?P<alone>{'|'.join(_FORMS)})(?!\w)(?:\s(?P<of>\d{{4}})(?!\d))?"
    r"|(?<![\d.])(?P<d>\d{1,2})\.(?P<m>0?[1-9]|1[0-2])\.(?P<y>\d{4})(?![\d.]*\d)"
    r"|(?<![\w-])(?P<iso>\d{4})-(?P<mm>0[1-9]|1[0-2])-(?P<dd>\d\d)(?![\w-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Date:
    """A date as it stands in a text; without a day, days are empty."""

    words: str
    month: int
    days: tuple[int, ...]
    year: int | None


def _read_date(found: re.Match[str]) -> _Date | None:
    """The date, or None where it is another word: "лютий" is fierce, unless a day or a year stands beside it."""
    part = found.groupdict()
    if part["d"] or part["iso"]:
        day, month, year = (
            (part["d"], part["m"], part["y"]) if part["d"] else (part["dd"], part["mm"], part["iso"])
        )
        return _Date(found[0], int(month), (int(day),), int(year))
    name = part["month"] or part["alone"]
    month = _MONTH.fullmatch(name)
    assert month is not None
    assert month.lastindex is not None
    year = part["year"] or part["of"]
    if part["alone"] and month.lastindex == 2 and not year:
        return None
    days = tuple(int(day) for day in (part["first"], part["day"]) if day)
    return _Date(found[0], month.lastindex, days, int(year) if year else None)


def full_dates(text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """The dates that have day, month and year: the words, and these as numbers. English ones, as in quotations, too."""
    for found in _DATE.finditer(text):
        date = _read_date(found)
        if date and date.year and not found["iso"]:
            yield from ((date.words, (date.year, date.month, day)) for day in date.days)
    yield from english_dates(text)


def _without_dates(text: str, dated: Callable[[_Date], None]) -> str:
    """The text with the year of each date in its place, if any."""

    def read(found: re.Match[str]) -> str:
        date = _read_date(found)
        if date is None:
            return found[0]
        dated(date)
        return f" {date.year or ''} "

    return _DATE.sub(read, text)


# --- numbers --------------------------------------------------------------------------------------------------

_SCALES = (
    (r"тис(?:яч\w{0,4}|\.)?", 3),
    (r"млн\.?|мільйон\w{0,3}", 6),
    (r"млрд\.?|мільярд\w{0,3}", 9),
    (r"трлн\.?|трильйон\w{0,3}", 12),
)
_SCALE = "|".join(forms for forms, _ in _SCALES)
# In all cases and genders.
_IN_CASE = "(?:ь|и|ьох|ьом|ьма|ьома)"
_FIVE, _NINE = "п[’'ʼ]ят", "дев[’'ʼ]ят"
_UNITS = (
    ("од(?:ин|на|не|ного|ної|нієї|ному|ній|ну|ним|ною|нією)", 1),
    ("дв(?:а|і|ох|ом|ома)", 2),
    ("тр(?:и|ьох|ьом|ьома)", 3),
    ("чотир(?:и|ьох|ьом|ма|ьома)", 4),
    (f"{_FIVE}{_IN_CASE}", 5),
    (f"шіст{_IN_CASE}|шести", 6),
    ("сім(?:ох|ом|а|ома)?|семи", 7),
    ("вісім(?:ох|ома)?|восьм(?:и|ох|ом|а|ома)", 8),
    (f"{_NINE}{_IN_CASE}", 9),
    (f"десят{_IN_CASE}", 10),
)
_LARGER = (
    *(
        (f"{stem}надцят{_IN_CASE}", number)
        for number, stem in enumerate(f"оди два? три чотир {_FIVE} шіст сім вісім {_NINE}".split(), 11)
    ),
    (f"двадцят{_IN_CASE}", 20),
    (f"тридцят{_IN_CASE}", 30),
    ("сорока?", 40),
    (f"{_FIVE}десят{_IN_CASE}?", 50),
    (f"шіст(?:и|ь)?десят{_IN_CASE}?", 60),
    (f"сімдесят{_IN_CASE}?", 70),
    (f"вісімдесят{_IN_CASE}?", 80),
    ("дев[’'ʼ]яност(?:о|а)", 90),
    ("ст(?:о|а)", 100),
    ("двісті|двохсот", 200),
    ("триста|трьохсот", 300),
    ("чотириста|чотирьохсот", 400),
    ("п[’'ʼ]ятсот|п[’'ʼ]ятисот", 500),
    ("шістсот|шестисот", 600),
    ("сімсот|семисот", 700),
    ("вісімсот|восьмисот", 800),
    ("дев[’'ʼ]ятсот|дев[’'ʼ]ятисот", 900),
)
UP_TO_TEN = "|".join(forms for forms, number in _UNITS if number > 1)
_WORD = "|".join(forms for forms, _ in (*_LARGER, *_UNITS))
# Adjective and noun → the currency; of those that several countries have, any.
_CURRENCIES = (
    (r"(?:канадськ\w{1,3}\s)долар\w{0,3}", "CAD"),
    (r"(?:австралійськ\w{1,3}\s)долар\w{0,3}", "AUD"),
    (r"(?:американськ\w{1,3}\s)?(?:долар\w{0,3}|дол\.?)(?:\sСША)?", "USD"),
    (r"(?:українськ\w{1,3}\s)?(?:гривень|гривн\w{1,3}|грн\.?)", "UAH"),
    (r"євро", "EUR"),
    (
        r"(?:британськ\w{1,3}\s|англійськ\w{1,3}\s)?фунт\w{0,3}\sстерлінгів|(?:британськ|англійськ)\w{1,3}\sфунт\w{0,3}",
        "GBP",
    ),
    (r"фунт\w{0,3}", "pound"),
    (r"(?:польськ\w{1,3}\s)?злот\w{1,3}", "PLN"),
    (r"(?:російськ\w{1,3}\s)(?:рубл\w{1,3}|руб\.?)", "RUB"),
    (r"рубл\w{1,3}|руб\.?", "ruble"),
    (r"(?:японськ\w{1,3}\s)?єн(?:а|и|у|ою|і|ам|ами|ах)?", "JPY"),
    (r"(?:китайськ\w{1,3}\s)?юан\w{1,3}", "CNY"),
    (r"(?:швейцарськ\w{1,3}\s)франк\w{0,3}", "CHF"),
    (r"франк\w{0,3}", "franc"),
    (r"(?:чеськ\w{1,3}\s)крон\w{0,3}", "CZK"),
    (r"(?:шведськ\w{1,3}\s)крон\w{0,3}", "SEK"),
    (r"(?:данськ\w{1,3}\s)крон\w{0,3}", "DKK"),
    (r"(?:норвезьк\w{1,3}\s)крон\w{0,3}", "NOK"),
    (r"крон\w{0,3}", "krone"),
    (r"(?:румунськ\w{1,3}\s)ле(?:й|я|ї|їв)", "RON"),
    (r"(?:молдовськ\w{1,3}\s)ле(?:й|я|ї|їв)", "MDL"),
)
_NAME = "|".join(forms for forms, _ in _CURRENCIES)
_FIGURE = re.compile(
    rf"(?:(?P<sign>{SIGN}|\b(?-i:[A-Z]{{3}})(?=\s))\s?)?(?P<minus>(?<![\w\s])[-−])?"
    r"(?:(?<![\w.,])(?P<digits>\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)(?!\d|[.,]\d)"
    r"|(?<![\w.,])(?P<odd>\d[\d.,]{0,40}\d)"
    rf"|(?<!\w)(?P<words>(?:{_WORD})(?:\s(?:{_WORD})){{0,3}})(?![\w’'ʼ]))"
    rf"(?:[\s-]?(?P<scale>{_SCALE})(?!\w))?"
    rf"(?:[\s-](?P<name>{_NAME})(?!\w)|\s?(?P<code>(?-i:[A-Z]{{3}}))\b|\s?(?P<after>{SIGN}))?"
    r"(?P<percent>\s?[%％]|[\s-](?:відсот\w{1,6}|процент\w{0,6})(?!\w))?",
    re.IGNORECASE,
)
_LONGEST = 40
_THAN = r"(?:\s(?:ніж|як|за|від))?"
# The words before a figure that change what it says: those of the rules → what they are in Ukrainian.
_QUALIFIER_WORDS = {
    "at least": rf"щонайменше|принаймні|мінімум|не\sменше?{_THAN}",
    "at most": rf"щонайбільше|максимум|не\sбільше?{_THAN}|не\sпонад",
    "over": rf"понад|більше?{_THAN}|вище{_THAN}",
    "under": rf"менше?{_THAN}|нижче{_THAN}",
    "nearly": "майже",
    "about": "близько|приблизно|орієнтовно|біля|порядку|десь",
    "exactly": "рівно|точно|саме|лише|тільки",
}
# What is said of a figure, in messages.
SPOKEN = {
    "at least": "щонайменше",
    "at most": "щонайбільше",
    "over": "понад",
    "under": "менш ніж",
    "nearly": "майже",
    "about": "приблизно",
    "exactly": "рівно",
}
_QUALIFIER = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _QUALIFIER_WORDS.items())
    + r")\s*$",
    re.IGNORECASE,
)
_LONGEST_QUALIFIER = 30
_BEHIND = (
    ("at least", re.compile(r"(?:\s\w+){0,2}?,?\s(?:або|чи|і|й|та)\s(?:більше|вище)(?!\w)", re.IGNORECASE)),
    ("at most", re.compile(r"(?:\s\w+){0,2}?,?\s(?:або|чи|і|й|та)\s(?:менше|нижче)(?!\w)", re.IGNORECASE)),
)
_DASH = re.compile(r"\s?[–—-]\s?")
_TO = re.compile(r"\s(?:до|по)\s")
_AND = re.compile(r"\s(?:і|й|та)\s")
_FROM = re.compile(r"(?<!\w)(?:від|з|із)\s$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<!\w)між\s$", re.IGNORECASE)


@dataclass(slots=True)
class _Figure:
    begin: int
    end: int
    words: str
    base: Decimal
    scale: int
    unit: str
    odd: str
    qualifier: str = ""

    @property
    def key(self) -> str:
        return f"?{self.odd}" if self.odd else f"{(self.base.scaleb(self.scale)).normalize():f}"


def _figures(text: str) -> Iterator[_Figure]:
    for found in _FIGURE.finditer(text):
        if len(found["digits"] or found["odd"] or "") > _LONGEST:
            continue  # no number that anybody counts with
        spelled = sum(_of((*_LARGER, *_UNITS), word) or 0 for word in (found["words"] or "").split())
        if spelled == 1 and not found["scale"] and not found["name"]:
            continue  # "один" is most often no figure
        end = found.end()
        code = found["code"] or ""
        if code and code not in CODES:
            code, end = "", found.start("code")
        unit = "percent" if found["percent"] else _of(_CURRENCIES, found["name"]) or ""
        unit = (
            unit
            or currency(found["after"] or "")
            or currency(code)
            or currency((found["sign"] or "").strip())
        )
        digits = re.sub(r"\s", "", found["digits"] or str(spelled)).replace(",", ".")
        before = text[max(0, found.start() - 2) : found.start()]
        minus = found["minus"] or re.search(r"(?:^|[\s(])[-−]$", before)
        yield _Figure(
            begin=found.start(),
            end=end,
            words=text[found.start() : end].strip(),
            base=-Decimal(digits) if minus else Decimal(digits),
            scale=_of(_SCALES, found["scale"]) or 0,
            unit=unit,
            odd=found["odd"] or "",
        )


def _of(table: Iterable[tuple[str, _Value]], words: str | None) -> _Value | None:
    """What the first forms of a table that fit the words stand for."""
    return next(
        (value for forms, value in table if words and re.fullmatch(forms, words, re.IGNORECASE)), None
    )


def _pair(figures: list[_Figure], text: str) -> None:
    """Let the ends of ranges share scale and unit ("2,5–3 млн доларів"), and say of them that they are."""
    for one, other in pairwise(figures):
        between = text[one.end : other.begin]
        before = text[max(0, one.begin - 20) : one.begin]
        span = _TO.fullmatch(between) and _FROM.search(before)
        if not (_DASH.fullmatch(between) or span or (_AND.fullmatch(between) and _BETWEEN.search(before))):
            continue
        if one.odd or other.odd or (_may_be_year(one) and _may_be_year(other)):
            continue
        if not one.scale and other.scale and one.base < 1000 and one.base <= other.base:
            one.scale = other.scale
        one.unit = one.unit or other.unit
        other.unit = other.unit or one.unit
        one.qualifier = other.qualifier = "span" if span else "range"


def _may_be_year(figure: _Figure) -> bool:
    return not figure.unit and not figure.scale and 1500 <= figure.base < 2100


def qualifier(before: str, behind: str = "") -> str:
    """What the words around a figure say of it, as the rules call it ("over"), or nothing."""
    for name, pattern in _BEHIND:
        if pattern.match(behind):
            return name
    found = _QUALIFIER.search(before[-_LONGEST_QUALIFIER:])
    return found.lastgroup.replace("_", " ") if found and found.lastgroup else ""


def mentions(text: str) -> Mentions:
    """All figures and dates in a text."""
    found = Mentions({}, {}, spoken=SPOKEN)

    def dated(date: _Date) -> None:
        month = MONTHS[date.month - 1]
        found.days[(month, 0)] = date.words
        found.days.update({(month, day): date.words for day in date.days})

    rest = _without_dates(text, dated)
    figures = [*_figures(rest)]
    _pair(figures, rest)
    for figure in figures:
        said = figure.qualifier or qualifier(rest[: figure.begin], rest[figure.end : figure.end + 40])
        found.figures.setdefault((figure.key, figure.unit), {})[said] = figure.words
    return found


_CYRILLIC = re.compile("[а-яєіїґ]", re.IGNORECASE)


def known(texts: Iterable[str]) -> Mentions:
    """Those in texts of which some may be English: there "1,234" may be either number."""
    every = [text for text in texts if text]
    found = mentions("\n;\n".join(every))
    foreign = [text for text in every if not _CYRILLIC.search(text)]
    if foreign:
        other = mentions_in("\n;\n".join(foreign))
        for key, said in other.figures.items():
            found.figures[key] = said | found.figures.get(key, {})
        found.days.update(other.days)
    return found
