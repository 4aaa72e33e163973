"""Dates: what they mean, how they read in running text, and what is said about those that are none."""

from __future__ import annotations

import datetime
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.dates import day, parse
from briefing.tongues import tongue_of

# written, first day, last day, precision, words
MEANINGS = [
    ("2026", "2026-01-01", "2026-12-31", "year", "2026"),
    ("2026-01", "2026-01-01", "2026-01-31", "month", "January 2026"),
    ("2024-02", "2024-02-01", "2024-02-29", "month", "February 2024"),
    ("2026-01-26", "2026-01-26", "2026-01-26", "day", "January 26, 2026"),
    ("2026-05-03", "2026-05-03", "2026-05-03", "day", "May 3, 2026"),
    ("2022~", "2022-01-01", "2022-12-31", "year", "about 2022"),
    ("2022?", "2022-01-01", "2022-12-31", "year", "2022 (uncertain)"),
    ("2022%", "2022-01-01", "2022-12-31", "year", "about 2022 (uncertain)"),
    ("2026-01~", "2026-01-01", "2026-01-31", "month", "about January 2026"),
    ("2026-01-26?", "2026-01-26", "2026-01-26", "day", "January 26, 2026 (uncertain)"),
    ("2026-01-24/2026-01-25", "2026-01-24", "2026-01-25", "day", "January 24–25, 2026"),
    ("2026-01-30/2026-02-02", "2026-01-30", "2026-02-02", "day", "January 30–February 2, 2026"),
    ("2025-12-30/2026-01-02", "2025-12-30", "2026-01-02", "day", "December 30, 2025–January 2, 2026"),
    ("2026-01-26/2026-01-26", "2026-01-26", "2026-01-26", "day", "January 26, 2026"),
    ("2026-01/2026-03", "2026-01-01", "2026-03-31", "month", "January–March 2026"),
    ("2025-11/2026-01", "2025-11-01", "2026-01-31", "month", "November 2025–January 2026"),
    ("2022/2024", "2022-01-01", "2024-12-31", "year", "2022–2024"),
    ("2022/2024-05", "2022-01-01", "2024-05-31", "year", "2022–May 2024"),
    ("2026-01/2026-02-03", "2026-01-01", "2026-02-03", "month", "January 2026–February 3, 2026"),
    ("2022~/2024~", "2022-01-01", "2024-12-31", "year", "about 2022–2024"),
    ("2022~/2024", "2022-01-01", "2024-12-31", "year", "from about 2022 to 2024"),
    ("2022/..", "2022-01-01", None, "year", "since 2022"),
    ("2022-02-24/..", "2022-02-24", None, "day", "since February 24, 2022"),
    ("2022~/..", "2022-01-01", None, "year", "since about 2022"),
    ("../2022", None, "2022-12-31", "year", "until 2022"),
]


@pytest.mark.parametrize(("written", "earliest", "latest", "precision", "words"), MEANINGS)
def test_a_date_means(
    written: str, earliest: str | None, latest: str | None, precision: str, words: str
) -> None:
    date = parse(written)
    assert str(date) == written
    assert [side and side.isoformat() for side in (date.earliest, date.latest)] == [earliest, latest]
    assert date.precision == precision
    assert tongue_of("en-US").date(date) == words


# written, and what is said about it
FAULTS = [
    ("2026-02-30", '"2026-02-30": February 2026 has 28 days'),
    ("2024-02-30", '"2024-02-30": February 2024 has 29 days'),
    ("2026-01-00", '"2026-01-00": January 2026 has 31 days'),
    ("2026-13", '"2026-13": there is no month 13; write year-month-day, like 2026-01-26'),
    ("2026-26-01", '"2026-26-01": there is no month 26; write year-month-day, like 2026-01-26'),
    ("0999", '"0999": a year lies between 1000 and 2999'),
    ("3000-01", '"3000-01": a year lies between 1000 and 2999'),
    ("2026/2025", '"2026/2025" ends before it begins'),
    ("2026-01-26/2026-01-25", '"2026-01-26/2026-01-25" ends before it begins'),
    ("../..", '"../.." has neither a beginning nor an end'),
    ("26 January 2026", '"26 January 2026" cannot be read as a date: write 2026-01-26'),
    ("January 26th, 2026", '"January 26th, 2026" cannot be read as a date: write 2026-01-26'),
    ("Sept. 3, 2026", '"Sept. 3, 2026" cannot be read as a date: write 2026-09-03'),
    ("jan 2026", '"jan 2026" cannot be read as a date: write 2026-01'),
    ("1/26/2026", '"1/26/2026" cannot be read as a date: write 2026-01-26'),
    ("26.1.2026", '"26.1.2026" cannot be read as a date: write 2026-01-26'),
    (
        "3/4/2026",
        '"3/4/2026" cannot be read as a date: write 2026-03-04 or 2026-04-03, whichever is meant',
    ),
    ("99/99/2026", '"99/99/2026" cannot be read as a date: write it like 2026-01-26'),
    ("2026-1-6", '"2026-1-6" cannot be read as a date: write 2026-01-06'),
    ("٢٠٢٦-01-27", '"٢٠٢٦-01-27" cannot be read as a date: write 2026-01-27'),
    ("2026/01/26", '"2026/01/26" cannot be read as a date: write 2026-01-26'),
    ("20260126", '"20260126" cannot be read as a date: write 2026-01-26'),
    (
        "2026-01-26T10:00",
        '"2026-01-26T10:00" cannot be read as a date: write the day alone, without the time',
    ),
    ("26", '"26" cannot be read as a date: a year has four digits'),
    ("202X", '"202X" cannot be read as a date: for a decade write its first and last year, like 2020/2029'),
    ("2022-", '"2022-" cannot be read as a date: write 2022/.. for an open end'),
    ("2022/present", '"2022/present" cannot be read as a date: write 2022/.. for an open end'),
    ("/2022", '"/2022" cannot be read as a date: write ../2022 for an open beginning'),
    ("since 2022", '"since 2022" cannot be read as a date: write 2022/..'),
    ("until 2022", '"until 2022" cannot be read as a date: write ../2022'),
    ("c. 2022", '"c. 2022" cannot be read as a date: write 2022~'),
    ("2022?~", '"2022?~" cannot be read as a date: write "%" for both about and uncertain'),
    (
        "2026-01-24/25",
        '"2026-01-24/25" cannot be read as a date: write both dates in full, like 2026-01-24/2026-01-25',
    ),
    ("2022–2024", '"2022–2024" cannot be read as a date: write an interval like 2026-01-24/2026-01-25'),
    ("2022 to 2024", '"2022 to 2024" cannot be read as a date: write an interval like 2026-01-24/2026-01-25'),
    (" 2026", '"2026" cannot be read as a date: remove the spaces around it'),
    ("2026\n", '"2026" cannot be read as a date: remove the spaces around it'),
    ("٢٠٢٦", '"٢٠٢٦" cannot be read as a date: write it like 2026-01-26, 2026-01 or 2026'),
    ("", '"" cannot be read as a date: write it like 2026-01-26, 2026-01 or 2026'),
    ("TODO", '"TODO" cannot be read as a date: write it like 2026-01-26, 2026-01 or 2026'),
]


@pytest.mark.parametrize(("written", "message"), FAULTS)
def test_a_faulty_date_says_what_to_write(written: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole message is compared)
        parse(written)
    assert str(caught.value) == message


def test_dates_sort_by_their_first_day_then_their_last_and_open_starts_come_first() -> None:
    in_order = ["../2024", "2022", "2022/..", "2026-01-25", "2026-01-25/2026-01-26", "2026-01-26"]
    shuffled = [in_order[i] for i in (3, 0, 5, 2, 4, 1)]
    assert sorted(shuffled, key=lambda text: parse(text).sort_key) == in_order


@pytest.mark.parametrize(
    ("written", "single"),
    [
        ("2026-01-26", True),
        ("2026-01-26~", True),
        ("2026-01-26/2026-01-26", True),
        ("2026-01-26/2026-01-27", False),
        ("2026-01", False),
        ("2026-01-26/..", False),
    ],
)
def test_is_single_day(written: str, single: bool) -> None:
    assert parse(written).is_single_day is single


@pytest.mark.parametrize(
    ("written", "approximate", "uncertain"),
    [("2022", False, False), ("2022~", True, False), ("2022?", False, True), ("2020/2022%", True, True)],
)
def test_qualifiers(written: str, approximate: bool, uncertain: bool) -> None:
    date = parse(written)
    assert (date.is_approximate, date.is_uncertain) == (approximate, uncertain)


def test_day_is_one_exact_day() -> None:
    assert day("2026-01-26") == datetime.date(2026, 1, 26)


def test_a_day_in_words() -> None:
    assert tongue_of("en-US").day(datetime.date(2026, 5, 3)) == "May 3, 2026"


@pytest.mark.parametrize(
    "written", ["2026", "2026-01", "2026-01-26~", "2026-01-26/2026-01-26", "../2026-01-26"]
)
def test_day_refuses_all_else(written: str) -> None:
    with pytest.raises(ValueError, match="is not one exact day; write it like 2026-01-26"):
        day(written)


def test_a_date_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        parse("2026").text = "2027"  # type: ignore[misc]


@settings(deadline=None)  # a busy machine shall fail no test
@given(st.text(alphabet="0123456789-/~?%. ") | st.text())
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        date = parse(text)
    except ValueError as error:
        message = str(error)
        assert len(message.splitlines()) == 1
    else:
        assert str(date) == text
        assert tongue_of("en-US").date(date)


@settings(deadline=None)  # a busy machine shall fail no test
@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)))
def test_every_day_of_the_calendar_comes_back(date: datetime.date) -> None:
    assert day(date.isoformat()) == parse(date.isoformat()).earliest == date


@pytest.mark.parametrize("written", ["26 Auguſt 2026", "Aprıl 5, 2026", "5 ſept 2026"])
def test_a_month_with_letters_that_ignoring_case_takes_for_ascii(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 2026-0[489]-"):
        parse(written)
