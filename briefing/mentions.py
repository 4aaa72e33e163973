"""Figures and dates mentioned in prose, in a form that can be compared: "$100 billion" = "100 billion dollars"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from briefing.currencies import CODES, NAME, SIGN, SIGN_ENDS, alike, currency
from briefing.typeddates import MONTHS, as_ascii, without_dates

__all__ = ["Mentions", "mentions_in", "names_a_thing", "qualifier", "together"]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_SMALL = {word: n for n, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
    "quintillion": 10**18,
    "bn": 10**9,
    "mil": 10**6,
    "mln": 10**6,
    "bln": 10**9,
    "trn": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
    "dozen": 12,
}
_SHORT = {"k": 1000, "m": 10**6, "mm": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12, "tn": 10**12}

# --- figures that are no numbers ----------------------------------------------------------------------------

_WORD = "|".join([*_SMALL, *_TENS, *_SCALES])
_MANY = "hundreds|thousands|millions|billions|trillions"
_PARTS = "half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_FRACTION = re.compile(
    rf"\b(?:(?:one|two|three|four|five|six|seven|eight|nine)[- ](?:halves|(?:{_PARTS})s?)"
    rf"|an?\s(?:{_PARTS})(?=\sof\b)|(?<=\bby\s)an?\s(?:{_PARTS})(?!\s(?:party|person|country|time))|half|twice|thrice"
    r"|(?:doubl|tripl|trebl|quadrupl|quintupl)(?:e[sd]?|ing)|halv(?:e[sd]?|ing)"
    rf"|(?:(?:{_WORD})(?:[- ](?:{_WORD}))?|\d+)[- ]?fold"
    rf"|(?:tens|dozens|scores)\sof(?:\s(?:{_MANY}))?|dozens|(?:{_MANY})(?:\sof\s(?:{_MANY}|dozens))*)\b"
    r"|\d*[¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]",
    re.IGNORECASE,
)
# Looked for before the pattern, in small letters: ten times as fast as a pattern that ignores case.
_OF_FRACTIONS = (
    "half halv ird uart ourth ifth ith enth inth wice rice oubl ripl rebl rupl tupl fold tens ozens cores eds ands ions"
).split()
_FRACTION_SIGN = re.compile("[¼½¾⅐-⅞]")
# What the words of a fraction have in common with others for the same.
_SAME_FRACTION = (
    (re.compile(r"^(?:one|an?)-half(?:-of)?$"), "half"),
    (re.compile(r"^an?-"), "one-"),
    (re.compile(r"(?<=doubl|trebl)(?:e[sd]?|ing)$"), "e"),
    (re.compile(r"(?<=tripl)(?:e[sd]?|ing)$"), "e"),
    (re.compile(r"(?<=quadrupl|quintupl)(?:e[sd]?|ing)$"), "e"),
    (re.compile(r"^halv(?:e[sd]?|ing)$"), "halve"),
    (re.compile(r"-(?=fold$)"), ""),
    (re.compile(r"-of$"), ""),
)

# A time of day: "06:31", "2:55 p.m.", "3 p.m."; a text that leaves out "p.m." means the same.
_TIME = re.compile(
    r"(?<![\w:.])([01]?\d|2[0-4])"
    r"(?::([0-5]\d)(?::[0-5]\d)?(?![\w:]|\.\d)(?:\s?[ap]\.?m\b\.?)?|\s?[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_OF_TIMES = re.compile(r"\d(?::\d|\s?[aApP]\.?[mM]\b)")

# --- numbers --------------------------------------------------------------------------------------------------

_FIGURE = re.compile(
    rf"(?P<sign>{SIGN}|\b(?-i:[A-Z]{{3}})\s)?\s?(?P<minus>(?<![\w\s])[-−])?"
    r"(?:(?<![\w.])(?P<digits>(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!\d|[.,]\d))"
    rf"(?:(?P<scale>(?:[\s-]?(?:{'|'.join(_SCALES)})\b){{1,3}})|(?P<short>mm|mn|m|k|tn|bn|b)\b|(?P<glued>t)\b"
    r"|\s(?P<spaced>(?-i:[MBKT]))\b)?"
    r"|(?<![\w.])(?P<odd>\d[\d.,]{0,40}\d)"
    rf"|\b(?P<words>(?:{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD}))*)\b)"
    rf"(?:[\s-](?P<of>(?:[A-Z][\w.]{{1,20}}\s){{0,2}})(?P<name>{NAME}s?)\b|\s?(?P<code>(?-i:[A-Z]{{3}}))\b)?"
    r"(?P<percent>\s?[%％]|[\s-](?:percent|pct)\b|\sper\scent\b)?",
    re.IGNORECASE,
)
_FIRST_LETTERS = "".join(sorted({word[0] for word in _WORD.split("|")}))
# Where one begins, in small letters: to look for these first takes a tenth of the time. A sign or code in front of the
# digits is part of it.
_BEGINS = re.compile(
    rf"(?P<sign>[{SIGN_ENDS}](?=\s?[-−]?[\d.]))|\.?\d|\b(?=[{_FIRST_LETTERS}])(?P<word>{_WORD})\b"
)
_SIGN = re.compile(rf"{SIGN}\Z", re.IGNORECASE)
_LONGEST_SIGN = 3
_CODE = re.compile(r"\b[A-Z]{3}\s[-−]?\Z")
_GLUED = re.compile(r"\b([A-Z]{3})(?=[\d.])")  # "USD5 million"
_FOLLOWING = re.compile(r"\s([a-z][\w’-]+)")

# A word of one of these may begin a figure or date; a sentence without them and without digits mentions none.
_TELLING = frozenset(
    word.casefold()
    for word in (
        *_SMALL,
        *_TENS,
        *_SCALES,
        *MONTHS,
        *(name[:3] for name in (*MONTHS, "Sept")),
        *_PARTS.split("|"),
        *(f"{part}s" for part in _PARTS.split("|")),
        *_MANY.split("|"),
        *"halves tens dozens scores twice thrice sept".split(),
        *(
            stem + end
            for stem in "doubl tripl trebl quadrupl quintupl halv".split()
            for end in "e es ed ing".split()
        ),
        *(f"{word}fold" for word in (*_SMALL, *_TENS, *_SCALES)),
    )
)
_DIGIT = re.compile(r"[\d¼½¾⅐-⅞]")


def _may_mention(text: str) -> bool:
    """Whether it is worth looking for figures and dates: most sentences have none."""
    return bool(_DIGIT.search(text)) or not _TELLING.isdisjoint(re.split(r"\W+", text.casefold()))


# --- what is said of a figure ---------------------------------------------------------------------------------

# The words before a figure that change what it says, and what they mean.
_QUALIFIER_WORDS = {
    "over": "over|more than|above|exceeding|in excess of|upwards of|greater than",
    "under": "under|less than|below|fewer than|short of",
    "nearly": "nearly|almost|close to",
    "about": "about|around|roughly|approximately|approx.|some|circa|ca.|an estimated|estimated",
    "at least": "at least|no less than|no fewer than|a minimum of|not less than|not fewer than",
    "at most": "at most|up to|no more than|not more than|a maximum of|as much as|as many as",
    "exactly": "exactly|precisely|just|only",
}
# The longest first: "no more than" is no "more than". By their ends, not by a pattern: that took a third of all time.
_QUALIFIER_ENDS = tuple(
    sorted(
        ((phrase, name) for name, phrases in _QUALIFIER_WORDS.items() for phrase in phrases.split("|")),
        key=lambda ending: -len(ending[0]),
    )
)
_LAST_WORDS = tuple({phrase.rpartition(" ")[2] for phrase, _ in _QUALIFIER_ENDS})
_ARTICLE = re.compile(r"[\s-]an?$")
_GOES_ON = re.compile(r"\w\Z")
_GAPS = f"-{''.join(filter(str.isspace, map(chr, range(0x3001))))}"
_LONGEST_QUALIFIED = 110
# "not over", "never set aside more than"; with few words between, and none that opens another clause.
_NEGATED = re.compile(
    r"(?:\b(?:not|never|hardly|nowhere near|anything but)|n['’]t)"
    r"(?:\s(?!(?:only|just|merely|that|whether|if|because|who|which|when|all|every|but|and|or|the)\b)[\w’-]+){0,3}\s*$"
)
_OF_NEGATION = re.compile("not|never|hardly|nowhere near|anything but|n['’]t")
_REVERSED = {"over": "at most", "under": "at least", "at least": "under", "at most": "over"}
_BEHIND = (
    (
        "at most",
        re.compile(
            r"(?:\s[a-z][\w-]*)?,?\s(?:or (?:less|fewer|under|below)|at (?:the )?most)\b", re.IGNORECASE
        ),
    ),
    (
        "at least",
        re.compile(
            r"(?:\+|-plus\b|(?:\s[a-z][\w-]*)?,?\s(?:or (?:more|over|above)|at (?:the )?least|and up)\b)",
            re.IGNORECASE,
        ),
    ),
    ("about", re.compile(r"(?:\s[a-z][\w-]*)?,?\sor (?:so|thereabouts)\b", re.IGNORECASE)),
)
# One end of "$2 million to $5 million" is no "$5 million"; of "from $2 million to $5 million" it may be.
_BETWEEN = re.compile(
    r"\s?(?:to|through|[–—-])\s?(?:about |over |nearly )?|\sand\s|\sto\s(?:as (?:much|many) as\s)?"
)
_RANGE, _SPAN = "range", "span"
_FROM = re.compile(r"\bfrom\s(?:about |around |some )?$", re.IGNORECASE)
_BOTH = re.compile(r"\bbetween\s(?:about |around |some )?$", re.IGNORECASE)
# What a qualifier is borne out by, beside itself.
_MET_BY = {"": {_SPAN, "exactly"}, "exactly": {""}, _RANGE: {_SPAN}, _SPAN: {"", _RANGE}}


@dataclass(frozen=True, slots=True)
class Mentions:
    """What prose mentions, each with its words.

    `figures`: value and unit (currency, percent, or empty) → the qualifiers it has ("over", or empty) → the words;
    `days`: month and day (or 0) → the words; `things`: value of a figure without a unit → the words behind it. `spoken`
    are the words for qualifiers in the language of the prose, where that is not English.
    """

    figures: dict[tuple[str, str], dict[str, str]]
    days: dict[tuple[str, int], str]
    things: dict[str, set[str]] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)

    def missing_from(self, known: Mentions) -> Iterator[str]:
        """The words of what is mentioned here and not there.

        A figure without a unit matches any unit there, but what counts things matches no money. It must have the same
        qualifier: "under $5 million" and "$5 million" are not in "over $5 million", "500" is not in "about 500".
        """
        for (value, unit), said in self.figures.items():
            there = known.of(value, unit) if unit else self._any_unit(known, value)
            for said_of, words in said.items():
                exact = unit or said_of or not _may_be_year(value)
                if not there or (exact and not there & {said_of, *_MET_BY.get(said_of, ())}):
                    shown = "" if said_of in (_RANGE, _SPAN) else self.spoken.get(said_of, said_of)
                    yield f"{shown} {words}".strip()
        strange = {day: words for day, words in self.days.items() if day not in known.days}
        for (month, number), words in strange.items():
            if number or not any(month == other and day for other, day in strange):
                yield words

    def years_that_count(self) -> Mentions:
        """Those figures that look like years and have behind them what they count."""
        found: dict[tuple[str, str], dict[str, str]] = {
            key: said
            for key, said in self.figures.items()
            for value, unit in (key,)
            if not unit and _may_be_year(value) and any(map(names_a_thing, self.things.get(value, ())))
        }
        return Mentions(found, {}, self.things, self.spoken)

    def of(self, value: str, unit: str) -> set[str]:
        """The qualifiers that a value of a unit has; a fall by five percent may be minus five."""
        return {
            said_of
            for sign in ("", "-" if not value.startswith("-") else "")
            for other in alike(unit)
            for said_of in self.figures.get((sign + value, other), ())
        }

    def _any_unit(self, known: Mentions, value: str) -> set[str]:
        """The qualifiers that a value has there, whatever its unit; without those of money where it counts things."""
        counts = any(map(names_a_thing, self.things.get(value, ())))
        return {
            said_of
            for (other, unit), said in known.figures.items()
            if other.removeprefix("-") == value and not (counts and unit not in ("", "percent"))
            for said_of in said
        } | set(known.figures.get((value, ""), ()))

    def numbers(self) -> Iterator[str]:
        """The words of all figures."""
        for said in self.figures.values():
            yield from said.values()

    def amounts(self) -> Iterator[str]:
        """The words of the figures that have a unit."""
        for (_, unit), said in self.figures.items():
            if unit:
                yield from said.values()

    def times(self) -> dict[str, str]:
        """The times of day, each with its words."""
        return {key: word for (key, _), said in self.figures.items() if ":" in key for word in said.values()}


def _may_be_year(value: str) -> bool:
    return len(value) == 4 and "1500" <= value < "2100"


# Words that may stand behind a number and are nothing that it counts.
_NO_THING = frozenset(
    "is are was were be been being has have had will would can could may might must should do does did"
    " for to of in on at by from and or but as with into over under than that which who when while since"
    " until before after during within per each every an the this that these those it its not more less so"
    " also only already now ago annually yearly alone altogether overall total worth set go goes went came"
    " come out off up down apart across against among toward towards between because if where whose there"
    " here left spent paid put made given cut lost won held about most mostly rather plus minus times"
    " either both all again too then once still yet without through via upon".split()
)


def names_a_thing(word: str) -> bool:
    """Whether a word behind a number is what it counts: people, not is, for or appropriated."""
    word = word.casefold()
    return len(word) > 2 and word not in _NO_THING and not word.endswith(("ed", "ly", "ing"))


def together(found: Iterable[Mentions]) -> Mentions:
    """The mentions of several texts as those of one."""
    found = list(found)
    if len(found) == 1:
        return found[0]
    whole = Mentions({}, {})
    for mentions in found:
        for key, said in mentions.figures.items():
            whole.figures.setdefault(key, {}).update(said)
        whole.days.update(mentions.days)
        for value, things in mentions.things.items():
            whole.things.setdefault(value, set()).update(things)
    return whole


# A fact's sentence and quotations are asked about by ten rules; of 5,000 facts that is most of what all rules cost.
@functools.lru_cache(maxsize=1 << 16)
def mentions_in(text: str) -> Mentions:
    """All figures and dates in a text, to be looked at alone. The word "one" alone is no figure."""
    mentions = Mentions({}, {})
    text = as_ascii(text)
    if not _may_mention(text):
        return mentions

    def dated(month: str, days: Iterable[int]) -> None:
        mentions.days[(month, 0)] = month
        for day in days:
            mentions.days[(month, day)] = f"{month} {day}"

    def fraction(found: re.Match[str]) -> str:
        key = re.sub(r"\s+", "-", found[0].casefold())
        for pattern, same in _SAME_FRACTION:
            key = pattern.sub(same, key)
        mentions.figures.setdefault((key, ""), {})[""] = found[0]
        return " "

    def time(found: re.Match[str]) -> str:
        mentions.figures.setdefault((f"{int(found[1]) % 12}:{found[2] or '00'}", ""), {})[""] = found[0]
        return " "

    rest = _GLUED.sub(lambda found: f"{found[1]} " if found[1] in CODES else found[1], text)
    rest = without_dates(rest, dated)
    if _OF_TIMES.search(rest):
        rest = _TIME.sub(time, rest)
    small = rest.casefold()
    if any(part in small for part in _OF_FRACTIONS) or _FRACTION_SIGN.search(rest):
        rest = _FRACTION.sub(fraction, rest)
    figures = [*_figures(rest)]
    _pair(figures, rest)
    for figure in figures:
        said = mentions.figures.setdefault((figure.key, figure.unit), {})
        said[figure.qualifier or qualifier(rest[: figure.begin], rest[figure.end : figure.end + 40])] = (
            figure.words
        )
        behind = _FOLLOWING.match(rest, figure.end) if not figure.unit else None
        if behind:
            mentions.things.setdefault(figure.key, set()).add(behind[1])
    return mentions


# --- figures --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Figure:
    """A number as it stands in a text; `base` and `scale` are its factors, `odd` one that nobody can read."""

    begin: int
    end: int
    words: str
    base: Decimal
    scale: Decimal
    unit: str
    negative: bool = False
    odd: str = ""
    qualifier: str = ""

    @property
    def key(self) -> str:
        return (
            f"?{self.odd}"
            if self.odd
            else f"{'-' if self.negative else ''}{(self.base * self.scale).normalize():f}"
        )

    @property
    def may_be_year(self) -> bool:
        return not self.unit and self.scale == 1 and 1500 <= self.base < 2100 and "," not in self.words


def _figures(text: str) -> Iterator[_Figure]:
    """The figures of a text."""
    place, small = 0, text.lower()
    while near := _BEGINS.search(small, place):
        begin = near.start()
        if near["sign"]:
            sign = _SIGN.search(text, max(place, near.end() - _LONGEST_SIGN), near.end())
            begin = sign.start() if sign else begin
        elif not near["word"]:
            code = _CODE.search(text, max(place, begin - len("USD -")), begin)
            begin, near = (code.start(), code) if code else (begin, near)
        found = _FIGURE.match(text, begin)
        figure = _read(found, text) if found else None
        if figure:
            yield figure
        place = max(found.end() if found else 0, near.end())


_MINUS = re.compile(r"(?:^|[\s(])[-−]$")


def _read(found: re.Match[str], text: str) -> _Figure | None:
    if len(found["digits"] or "") > 40 or len(found["words"] or "") > 200:
        return None  # no number that anybody counts with
    end = found.end()
    sign, code = (found["sign"] or "").strip(), found["code"] or ""
    sign = sign if currency(sign) else ""
    if code and code not in CODES:
        code, end = "", found.start("code")
    base, scale = _value(found, bool(sign))
    if found["words"] and found["words"].casefold() == "one" and not found["name"]:
        return None
    unit = ""
    if found["percent"]:
        unit = "percent"
    elif found["name"]:
        unit = currency(found["name"], (found["of"] or "").strip(), scaled=scale >= 1000)
        end = end if unit else found.start("name")
    unit = unit or currency(code) or currency(sign)
    before = text[max(0, found.start() - 2) : found.start()]
    negative = bool(found["minus"]) or _MINUS.search(before) is not None
    words = text[found.start() : end].strip()
    return _Figure(found.start(), end, words, base, scale, unit, negative, found["odd"] or "")


def _value(found: re.Match[str], money: bool) -> tuple[Decimal, Decimal]:
    """The factors of a number: the digits, and what million and the like make of them."""
    if found["odd"]:
        return Decimal(0), Decimal(1)
    if found["digits"]:
        scale = Decimal(1)
        for word in re.findall(r"[a-z]+", (found["scale"] or "").casefold()):
            scale *= _SCALES[word]
        short = found["short"] or ((found["glued"] or found["spaced"]) if money else "") or ""
        return Decimal(found["digits"].replace(",", "")), scale * _SHORT.get(short.casefold(), 1)
    words = re.split(r"[\s-]+(?:and\s+)?", found["words"].casefold())
    scale = Decimal(1)
    while len(words) > 1 and _SCALES.get(words[-1], 0) >= 1000:
        scale *= _SCALES[words.pop()]
    return Decimal(_spelled(words)), scale


def _spelled(words: Sequence[str]) -> int:
    """The number that words spell: ["one", "hundred", "billion"] → 100,000,000,000."""
    total = group = 0
    for word in words:
        if word in _SCALES and _SCALES[word] >= 1000:
            total += (group or 1) * _SCALES[word]
            group = 0
        elif word in _SCALES:
            group = (group or 1) * _SCALES[word]
        else:
            group += _SMALL.get(word, _TENS.get(word, 0))
    return total + group


def _pair(figures: Sequence[_Figure], text: str) -> None:
    """Let the ends of ranges share scale and unit ("two to three million dollars"), and say of them that they are."""
    for one, other in pairwise(figures):
        between = text[one.end : other.begin]
        if len(between) > 20 or not _BETWEEN.fullmatch(between) or one.odd or other.odd:
            continue
        before = text[max(0, one.begin - 20) : one.begin]
        both = _BOTH.search(before) is not None
        if (between.strip() == "and") is not both or (one.may_be_year and other.may_be_year):
            continue
        if one.scale == 1 and other.scale > 1 and one.base < 1000 and one.base <= other.base:
            one.scale = other.scale
        one.unit = one.unit or other.unit
        other.unit = other.unit or one.unit
        one.qualifier = other.qualifier = _SPAN if _FROM.search(before) else _RANGE


def qualifier(before: str, behind: str = "") -> str:
    """What the words around a figure say of it: a key of _QUALIFIER_WORDS, or nothing."""
    for name, pattern in _BEHIND:
        if pattern.match(behind):
            return name
    small = as_ascii(before[-_LONGEST_QUALIFIED:]).lower().rstrip(_GAPS)
    bare = _ARTICLE.sub("", small).rstrip(_GAPS)
    if not bare.endswith(_LAST_WORDS):
        return ""
    for phrase, name in _QUALIFIER_ENDS:
        ahead = bare.removesuffix(phrase)
        if ahead != bare and not _GOES_ON.search(ahead):
            return _REVERSED.get(name, f"not {name}") if _is_negated(ahead) else name
    return ""


def _is_negated(ahead: str) -> bool:
    return _OF_NEGATION.search(ahead) is not None and _NEGATED.search(ahead) is not None
