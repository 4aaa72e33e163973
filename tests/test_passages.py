"""What is shown beside a quotation that does not stand in the kept text of its source."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.passages import Difference, difference_words, nearest
from briefing.prose import folded, times_quoted

TEXT = """Report of the inspectors.

The mayor spoke on Monday. He held that the bridge is safe for now, officials said, and
that the tower will be “closed” until the U.S. inspectors have
seen it. No date was given for the re-opening of the long-term car park.
The bridge was built in 1931.
"""


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        (
            "held that the bridge is unsafe, officials said",
            "nearest, line 3: “held that the bridge is safe for now, officials said”; "
            "the source has “safe for now,” where the quote has “unsafe,”",
        ),
        (
            "the bridge is safe, officials said",
            "nearest, line 3: “the bridge is safe for now, officials said”; "
            "the source has “safe for now,” where the quote has “safe,”",
        ),
        (
            "officials said that the tower",
            "nearest, line 3: “officials said, and that the tower”; "
            "the source has “said, and” where the quote has “said”",
        ),
        (
            "the bridge is for now",
            "nearest, line 3: “the bridge is safe for now”; the quote leaves out “safe” after “is”",
        ),
        (
            "The mayor never spoke on Monday",
            "nearest, line 3: “The mayor spoke on Monday”; the quote adds “never” after “mayor”",
        ),
        (
            "Yes. The mayor spoke on Monday.",
            "nearest, line 3: “The mayor spoke on Monday.”; the quote adds “Yes.” before “The”",
        ),
        (
            "mayor spoke on Tuesday",
            "nearest, line 3: “mayor spoke on Monday”; the source has “Monday” where the quote has “Tuesday”",
        ),
        (
            "the Bridge is safe For now",
            "nearest, line 3: “the bridge is safe for now”; only capitals differ: "
            "the source has “bridge” where the quote has “Bridge”; the source has “for” where the quote has “For”",
        ),
        (
            "bridge is safe for now officials said",
            "nearest, line 3: “bridge is safe for now, officials said”; only punctuation differs: "
            "the source has “now,” where the quote has “now”",
        ),
        (
            "the long term car park",
            "nearest, line 5: “the long-term car park”; only punctuation differs: "
            "the source has “long-term” where the quote has “long term”",
        ),
        (
            "The tower will be closed",
            'nearest, line 4: "the tower will be “closed"; only capitals and punctuation differ: '
            'the source has “the” where the quote has “The”; the source has "“closed" where the quote has “closed”',
        ),
        (
            "the U.S. inspectors had seen it",
            "nearest, line 4: “the U.S. inspectors have seen it”; "
            "the source has “have” where the quote has “had”",
        ),
        (
            "the bridge is safe … for now",
            "nearest, line 3: “the bridge is safe for now”; only punctuation differs: "
            "the quote adds “…” after “safe”",
        ),
        (
            "The br\u0456dge was built",
            "nearest, line 6: “The bridge was built”; the source has “bridge” where the quote has “br\u0456dge” "
            "(the quote’s has U+0456, CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I)",
        ),
        (
            "The bridge was\u00ad built",
            "nearest, line 6: “The bridge was built”; the source has “was” where the quote has “was\u00ad” "
            "(the quote’s has U+00AD, SOFT HYPHEN)",
        ),
        (
            "He thought a bridge was safe until now, sources said, or that the towers will close",
            "nearest, line 3: “He held that the bridge is safe for now, officials said, and that the tower will be”; "
            "the source has “held that the” where the quote has “thought a”; "
            "the source has “is” where the quote has “was”; the source has “for” where the quote has “until”; "
            "and 4 more differences",
        ),
    ],
)
def test_a_quotation_that_differs(quote: str, told: str) -> None:
    assert times_quoted(folded(quote), folded(TEXT)) == 0
    passage = nearest(quote, TEXT)
    assert passage
    assert difference_words(passage) == told


def test_the_words_of_a_difference_stand_in_the_passage() -> None:
    passage = nearest("the bridge is not safe for ever, officials said", TEXT)
    assert passage
    assert (passage.words, passage.line) == ("the bridge is safe for now, officials said", 3)
    assert passage.differences == (Difference("not", "", 14), Difference("ever,", "now,", 23))
    assert passage.words[23:].startswith("now,")


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        (
            "No date was given … The bridge was built in 1931.",
            "it joins two places with an ellipsis; quote them as two quotations: "
            "“No date was given” (line 5) and “The bridge was built in 1931.” (line 6)",
        ),
        (
            "No date was given [...] The bridge was built in 1932.",
            "it joins two places with an ellipsis; quote them as two quotations: “No date was given” (line 5) and "
            "“The bridge was built in 1932.” (nearest, line 6: the source has “1931.” where the quote has “1932.”)",
        ),
        (
            "The mayor spoke . . . the tower . . . nowhere whatsoever . . . The bridge was built",
            "it joins 4 places with an ellipsis; quote them as 4 quotations: “The mayor spoke” (line 3), "
            "“the tower” (line 4), “nowhere whatsoever” (nothing near it is in the source) and 1 more",
        ),
    ],
)
def test_a_quotation_that_joins_places(quote: str, told: str) -> None:
    passage = nearest(quote, TEXT)
    assert passage
    assert difference_words(passage) == told


def test_an_ellipsis_of_the_source_itself_joins_nothing() -> None:
    passage = nearest("we will ... see to it", "They said: “we will… see to it.”\n")
    assert passage
    assert "joins" not in difference_words(passage)
    assert difference_words(passage).startswith("nearest, line 1: “we will… see to it”; only ")


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "...",
        "— ! —",
        "fiscal policy of another country",
        "the quarterly report of an agency for the bureau",  # two or three small words are near everything
        "unsafe",
        "word " * 1001,
    ],
)
def test_nothing_is_near(quote: str) -> None:
    assert nearest(quote, TEXT) is None


def test_a_text_of_nothing() -> None:
    assert nearest("the bridge", "") is None
    assert nearest("the bridge", " \n… —\n") is None


def test_what_stands_there_has_no_differences() -> None:
    passage = nearest("Report of the inspectors. The mayor spoke", TEXT)
    assert passage
    assert passage.differences == ()
    assert difference_words(passage) == "line 1: “Report of the inspectors. The mayor spoke”"


def test_ideographs_are_compared_one_by_one() -> None:
    passage = nearest("这座桥不安全", "第一行。\n我们认为这座桥目前安全。\n")
    assert passage
    assert difference_words(passage) == (
        "nearest, line 2: “这座桥目前安全”; the source has “目前” where the quote has “不”"
    )
    broken = nearest("这座桥目前安全", "我们认为这座桥\n目前安全。")
    assert broken
    assert "only white space differs" in difference_words(broken)


def test_a_long_passage_is_shown_around_its_differences() -> None:
    words = [f"word{number}" for number in range(400)]
    changed = [*words[:200], "planted", *words[201:]]
    passage = nearest(" ".join(changed), "\n".join(words))
    assert passage
    assert len(passage.words.split()) == 400
    told = difference_words(passage)
    assert "word199 word200 word201" in told
    assert told.endswith("the source has “word200” where the quote has “planted”")
    assert len(told) < 300


def test_a_long_difference_is_cut_in_the_middle() -> None:
    there = " ".join(f"there{number}" for number in range(60))
    quoted = " ".join(f"quoted{number}" for number in range(60))
    ends = [f"same{number}" for number in range(100)]
    head, tail = " ".join(ends[:50]), " ".join(ends[50:])
    passage = nearest(f"{head} {quoted} {tail}", f"{head} {there} {tail}")
    assert passage
    assert passage.differences == (Difference(quoted, there, len(head) + 1),)
    assert len(difference_words(passage)) < 800
    assert " … " in difference_words(passage)


def test_the_better_of_two_places_is_shown() -> None:
    text = (
        "The fund paid 5 million dollars to the city.\nThe fund later paid 7 million dollars to the port.\n"
    )
    passage = nearest("The fund paid 7 million dollars to the port", text)
    assert passage
    assert (passage.line, passage.differences) == (2, (Difference("", "later", 9),))


_WORDS = st.lists(
    st.sampled_from("the bridge is Safe safe, “now” — 17 17.5 e\u0301t … a-b".split()), max_size=12
)


@given(quoted=_WORDS, there=_WORDS)
@settings(deadline=None)
def test_no_difference_means_that_the_quotation_stands_there(quoted: list[str], there: list[str]) -> None:
    quote, text = " ".join(quoted), "\n".join(there)
    passage = nearest(quote, text)
    if passage is None:
        return
    assert "\n" not in difference_words(passage)
    assert text.split("\n")[passage.line - 1].count(passage.words.split()[0].strip("“”,…")) > 0
    if not passage.parts:
        # Nobody asks for the nearest passage of what stands there; for "safe," in "Safe safe," it is the first.
        assert passage.differences or times_quoted(folded(quote), folded(text)) > 0
        for found in passage.differences:
            assert passage.words[found.start :].startswith(found.source)


@given(st.text(max_size=60), st.text(max_size=200))
@settings(deadline=None)
def test_nothing_fails_on_any_text(quote: str, text: str) -> None:
    passage = nearest(quote, text)
    if passage:
        assert 1 <= passage.line <= text.count("\n") + 1
        assert difference_words(passage)


_RANDOM = random.Random(1975)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a", "b " * 500_000),
        ("A", "a " * 500_000),
        ("x " * 300 + "y", "x " * 500_000),
        ("x y " * 450, "y x x " * 150_000),
        ("… — !!!", "!!! … " * 200_000),
        ("a" * 10**6, "a" * 10**6),
        ("b a", "a" + "\u0301\u0323" * 200_000),
        ("b c d", "b c " + "a." * 500_000 + "X"),
        (" " * 10**5 + "a … b", " " * 10**6),
        ("... " * 900 + "a", "… " * 100_000),
        ("我们认为", "这座桥是安全的" * 50_000),
        (" ".join(_RANDOM.choices("abcdefgh", k=990)), " ".join(_RANDOM.choices("abcdefgh", k=200_000))),
        (" ".join(map(str, range(990))), " ".join(map(str, range(990, 0, -1)))),
        (" ".join(_RANDOM.choices([*map(str, range(500))], k=990)), " ".join([*map(str, range(500))] * 4)),
    ],
    ids=lambda text: text[:12],
)
def test_no_text_makes_it_hang(quote: str, text: str) -> None:
    start = time.process_time()
    passage = nearest(quote, text)
    told = difference_words(passage) if passage else ""
    assert time.process_time() - start < 5  # none takes a second on an idle core
    assert len(told) < 1500


def test_fifty_quotations_of_a_long_text_take_no_time() -> None:
    vocabulary = [f"w{number}" for number in range(20_000)]
    words = _RANDOM.choices(vocabulary, [1 / (1 + number) for number in range(20_000)], k=40_000)
    text = "\n".join(" ".join(words[at : at + 12]) for at in range(0, len(words), 12))
    quotes = [
        " ".join([*words[at : at + 20], "planted", *words[at + 21 : at + 40]]) for at in range(0, 35_000, 700)
    ]
    start = time.process_time()
    passages = [nearest(quote, text) for quote in quotes]
    assert time.process_time() - start < 2  # 0.2 s on an idle core
    assert [passage and passage.line for passage in passages] == [
        at // 12 + 1 for at in range(0, 35_000, 700)
    ]
    assert all(passage and len(passage.differences) == 1 for passage in passages)
