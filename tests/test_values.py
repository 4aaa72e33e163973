"""Small values as they are printed and compared: quantities, ends of sentences, figures in prose, corroboration."""

from __future__ import annotations

from decimal import Decimal

import pytest

from briefing.facts import Citation, Fact, Facts, Placeholder, Quantity, Source, pieces
from briefing.links import is_look_alike, is_safe_link, shown_url
from briefing.mentions import mentions_in
from briefing.prose import capitalised, ends_sentence, opens_sentence, quotations, split_full_stop
from briefing.tongues import tongue_of


@pytest.mark.parametrize(
    ("qualifier", "number", "unit", "words"),
    [
        ("over", "100e9", "USD", "over $100 billion"),
        ("about", "44.2e9", "USD", "about $44.2 billion"),
        ("value", "113.4e9", "USD", "$113.4 billion"),
        ("value", "113.40e9", "USD", "$113.40 billion"),
        ("value", "1234567890", "USD", "$1,234,567,890"),
        ("value", "1500000", "EUR", "€1.5 million"),
        ("value", "2.5e12", "GBP", "£2.5 trillion"),
        ("value", "999999", "USD", "$999,999"),
        ("value", "0.85", "USD", "$0.85"),
        ("value", "5", "USD", "$5"),
        ("value", "7e6", "UAH", "UAH 7 million"),
        ("value", "-3e6", "USD", "−$3 million"),
        ("about", "41", "percent", "about 41 percent"),
        ("value", "41.10", "percent", "41.10 percent"),
        ("value", "5", "percent", "5 percent"),
        ("at_least", "5", "meetings", "at least five"),
        ("at_most", "9", "", "at most nine"),
        ("under", "10", "", "under 10"),
        ("value", "0", "", "zero"),
        ("value", "5.0", "", "5.0"),
        ("value", "4000", "cars", "4,000"),
        ("value", "1.5e6", "people", "1.5 million"),
        ("value", "1500001", "people", "1,500,001"),
    ],
)
def test_quantities_in_words(qualifier: str, number: str, unit: str, words: str) -> None:
    assert tongue_of("en-US").quantity(Quantity(qualifier, Decimal(number), unit=unit)) == words


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        ("10e9", "12.5e9", "USD", "$10 billion to $12.5 billion"),
        ("41", "43", "percent", "41 percent to 43 percent"),
        ("5", "12", "acts", "five to 12"),
    ],
)
def test_ranges_in_words(low: str, high: str, unit: str, words: str) -> None:
    assert tongue_of("en-US").quantity(Quantity("range", Decimal(low), Decimal(high), unit)) == words


@pytest.mark.parametrize(
    ("text", "head", "stop"),
    [
        ("It opened.", "It opened", "."),
        ("He said “no.”", "He said “no.”", ""),
        ("(It opened.)", "(It opened.)", ""),
        ("Troops of the U.S.", "Troops of the U.S.", ""),
        ("Acme Inc.", "Acme Inc.", ""),
        ("Did it?", "Did it?", ""),
        ("So on...", "So on...", ""),
        ("Under Article 5.", "Under Article 5", "."),
        ("no end", "no end", ""),
    ],
)
def test_where_the_citation_goes(text: str, head: str, stop: str) -> None:
    assert split_full_stop(text) == (head, stop)


def test_what_opens_a_sentence() -> None:
    for before in ("", "It ended. ", "Did it? ", "He said “no.” ", "“", "It ended. ("):
        assert opens_sentence(before), before
    for before in ("the ", "It ended, ", "of the U.S. ", "so: ", "(see "):
        assert not opens_sentence(before), before
    assert capitalised("the article") == "The article"
    assert capitalised("“over $5”") == "“Over $5”"
    assert capitalised("$5") == "$5"
    assert capitalised("їжак") == "Їжак"
    assert ends_sentence("He said “no.”")
    assert not ends_sentence("so far")
    assert quotations('a “b c” d "e" «f»') == ["b c", "e", "f"]


@pytest.mark.parametrize(
    "marks",
    ["“”", '""', "«»", "„“", "‘’", "''", "‹›", "＂＂", "❝❞", "‟‟", "″″", "«”", "’’", "»«", "””", "「」"],
)
def test_words_between_marks_of_any_kind_are_quoted(marks: str) -> None:
    opening, closing = marks
    assert quotations(f"She said {opening}I don’t lie{closing}, and left.") == ["I don’t lie"]
    assert quotations(f"{opening}…it was all{closing}") == ["…it was all"]


@pytest.mark.parametrize(
    "text",
    [
        "’Tis the states’ rights of the 1990s’ end",
        "the farmers' cars and the states' land",
        "rock ’n’ roll and the dogs’ home, in the '90s and for the workers' rights",
        "It’s ’em that did it, Hawai‘i, the Qur’an’s readers’ view",
        "a beam of 12″ and 6″ width",
        "the word ‘binding’ and the O'Brien's 'rights'",
    ],
)
def test_apostrophes_and_inches_quote_nothing(text: str) -> None:
    assert quotations(text) == []


def test_placeholders_and_braces() -> None:
    parts = [piece for piece in pieces("{a-b} {{c}} {D} {d e} }{ {}") if piece]
    assert parts == [Placeholder("a-b"), " ", "{", "c", "}", " {D} {d e} }{ {}"]


@pytest.mark.parametrize(
    ("claim", "fact", "missing"),
    [
        ("over $100 billion", "over one hundred billion dollars in aid", []),
        ("more than $100 billion", "over $100 billion", []),
        ("$100 billion", "over $100 billion", ["$100 billion"]),
        ("under $100 billion", "over $100 billion", ["under $100 billion"]),
        ("about 41 percent", "41 percent", ["about 41 percent"]),
        ("$5 million and over $5 million", "over $5 million", ["$5 million"]),
        ("100 billion", "$100 billion", []),
        ("€100 billion", "$100 billion", ["€100 billion"]),
        ("$101 billion", "$100 billion", ["$101 billion"]),
        ("41%", "41 percent", []),
        ("41 percent", "41 people", ["41 percent"]),
        ("five acts", "5 acts", []),
        ("two-thirds", "a two-thirds vote", []),
        ("half of it", "a third of it", ["half"]),
        ("January 24", "January 24–25, 2026", []),
        ("January 26, 2026", "January 24–25, 2026", ["January 26"]),
        ("in March", "in May 2026", ["March"]),
        ("May it be", "nothing", []),
        ("one of them", "nothing", []),
        ("LSB11048", "nothing", []),
        ("1,284 units", "1284 units", []),
        ("fourteen posts", "six\n;\ntwo\n;\nsix", ["fourteen"]),
        ("two of them", "six\n;\ntwo\n;\nsix", []),
        ("under 41 cracks", "over 41 cracks", ["under 41"]),
        ("7 April 2026", "April 7, 2026", []),
        ("Apr. 7", "April 7, 2026", []),
        ("$12.4m", "$12.4 million", []),
        ("$340K", "$340,000", []),
        # dates
        ("since Feb 2026", "January 2026", ["February"]),
        ("since february 2026", "January 2026", ["February"]),
        ("back in May", "January 2026", ["May"]),
        ("it may be, they march, and Jan says so", "nothing", []),
        ("on January the twentieth, 2026", "January 12, 2026", ["January 20"]),
        ("on the twelfth of January", "January 12, 2026", []),
        ("Jan 12", "January 12, 2026", []),
        # currencies
        ("5 million rubles", "$5 million", ["5 million rubles"]),
        ("5 million pesos", "$5 million", ["5 million pesos"]),
        ("over 5 million yen", "over $5 million", ["over 5 million yen"]),
        ("¥5 million", "$5 million", ["¥5 million"]),
        ("¥5 million", "JPY 5 million", []),
        ("5 million pesos", "MX$5 million", []),
        ("5 million Canadian dollars", "CA$5 million", []),
        ("5 million U.S. dollars", "$5 million", []),
        ("5 million USD", "$5 million", []),
        ("5 million people", "$5 million", ["5 million"]),
        ("5 million was set aside", "$5 million", []),
        ("three won seats", "three", []),
        # qualifiers, before and behind
        ("exactly 30 cracks", "over 30", ["exactly 30"]),
        ("exactly 30 cracks", "30 cracks", []),
        ("never set aside more than $5 million", "over $5 million", ["at most $5 million"]),
        ("not over $5 million", "over $5 million", ["at most $5 million"]),
        ("not over $5 million", "up to $5 million", []),
        ("not only over $5 million", "over $5 million", []),
        ("did not say whether over $5 million", "over $5 million", []),
        ("$5 million or less", "$5 million", ["at most $5 million"]),
        ("$5 million or more", "at least $5 million", []),
        ("−30 cracks", "30 cracks", ["30"]),
        ("a fall by 5 percent", "−5 percent", []),
        # ranges share their scale and unit
        ("$2 million", "$2 million to $5 million", ["$2 million"]),
        ("between $2 million and $5 million", "$2 million to $5 million", []),
        ("from $2 million to $5 million", "$2 million to $5 million", []),
        ("two to three million dollars", "$2 million to $3 million", []),
        ("$2–3 million", "$2 million to $3 million", []),
        ("from 2022 to 2025", "2022–2025", []),
        ("from 06:31 to 14:55", "It began at 06:31 and ended at 14:55", []),
        ("between 06:31 and 14:55", "06:31–14:55", []),
        ("at 07:43", "from 06:43 to 07:15", ["07:43"]),
        ("until 2:55 p.m.", "until 14:55", []),
        ("at 06:31:20", "at 06:31", []),
        ("at 3 p.m.", "at 15:00", []),
        ("at 3 p.m.", "at 15:30 with 3 guests", ["3 p.m."]),
        ("from 06:31 to 14:55", "from 06:31 to 14:50", ["14:55"]),
        # scales and forms
        ("$5B", "$5", ["$5B"]),
        ("$5B", "$5 billion", []),
        ("$5 M", "$5 million", []),
        ("$5 mil", "$5", ["$5 mil"]),
        ("$5 quadrillion", "$5", ["$5 quadrillion"]),
        ("$5,00 million", "$5 million", ["$5,00", "million"]),
        ("$.9 billion", "$900 million", []),
        (".5 percent", "5 percent", [".5 percent"]),
        ("⁹⁹⁹ cars", "nothing", ["999"]),
        ("½ of it", "nothing", ["½"]),
        ("tenfold", "nothing", ["tenfold"]),
        ("it tripled", "it was tripling", []),
        ("it tripled", "it doubled", ["tripled"]),
        ("a third of it", "one-third of it", []),
        ("a third party", "nothing", []),
        ("hundreds of thousands", "thousands", ["hundreds of thousands"]),
    ],
)
def test_figures_typed_into_a_claim(claim: str, fact: str, missing: list[str]) -> None:
    assert list(mentions_in(claim).missing_from(mentions_in(fact))) == missing


def corroboration(cited: str, rests_on: dict[str, str], unread: str = "") -> int:
    names = "abcdefg"
    sources = {
        name: Source(
            name, number, "report", consulted=name not in unread, derived_from=tuple(rests_on.get(name, ""))
        )
        for number, name in enumerate(names, start=1)
    }
    fact = Fact("f", "event", "x.", tuple(Citation(name) for name in cited))
    import datetime

    day = datetime.date(2026, 1, 27)
    return Facts("facts.yaml", "t", day, day, {}, sources, {"f": fact}).corroboration(fact)


@pytest.mark.parametrize(
    ("cited", "rests_on", "unread", "number"),
    [
        ("a", {}, "", 1),
        ("ab", {}, "", 2),
        ("ab", {"a": "b"}, "", 1),  # one rests on the other
        ("ab", {"a": "c", "b": "c"}, "c", 1),  # both repeat one press release
        ("abc", {"a": "d", "b": "e", "d": "f", "e": "f"}, "def", 2),  # a common root two steps down
        ("abc", {"a": "d", "b": "de", "c": "e"}, "de", 1),  # b joins a and c
        ("aa", {}, "", 1),
        ("ab", {"a": "b", "b": "a"}, "", 1),  # a circle is an error elsewhere, and ends here
        ("a", {}, "a", 0),
    ],
)
def test_corroboration_counts_roots(cited: str, rests_on: dict[str, str], unread: str, number: int) -> None:
    assert corroboration(cited, rests_on, unread) == number


def test_addresses() -> None:
    assert is_safe_link("https://a.example/b?c=d")
    assert is_safe_link("mailto:a@b.example")
    for address in (
        "http://a.example",
        "javascript:alert(1)",
        "file:///x",
        "https://a b",
        "//a.example",
        "data:,x",
    ):
        assert not is_safe_link(address)
    assert not is_look_alike("https://www.gao.gov/products")
    assert not is_look_alike("https://президент.укр/x")
    assert not is_look_alike("https://東京タワー.jp/herald")
    assert not is_look_alike("https://xn--mnchen-3ya.de/")
    assert is_look_alike("https://xn--exmple-4nf.com/herald")
    assert is_look_alike("https://www.аpple.com")
    assert not is_look_alike("https://łódź.pl/ə")
    assert all(map(is_look_alike, ("https://ɡao.gov/", "https://www.ɑpple.com/", "https://go.ⅼ.com/")))
    assert shown_url("https://ɡao.gov/") == "https://xn--ao-igb.gov/"
    assert shown_url("https://www.аpple.com/x") == "https://www.xn--pple-43d.com/x"
    assert shown_url("https://gao.gov/аx") == "https://gao.gov/аx"


@pytest.mark.parametrize(
    "text", ["5 mıllion", "5 mİllion", "5 bıllıon", "ſix", "10K", "26 Auguſt 2026", "the ſıxth"]
)
def test_letters_that_ignoring_case_takes_for_ascii_are_read_as_ascii(text: str) -> None:
    plain = text.translate(str.maketrans("ıİſK", "iIsK"))
    assert mentions_in(text) == mentions_in(plain)


def test_a_number_of_thousands_of_digits_is_no_figure() -> None:
    """Python reads no integer of more than 4,300 digits."""
    assert not mentions_in("about " + "9" * 5_000).figures
    assert not mentions_in("twenty " * 1_000).figures


def test_a_host_is_shown_as_it_is_whatever_a_pattern_would_make_of_it() -> None:
    assert shown_url("https://аpple\\1.example/") == "https://xn--pple\\1-2nf.example/"
