"""The grade that can read a text: words, sentences and syllables counted by hand, the formula as published."""

from __future__ import annotations

import time

import pytest

from briefing.readability import (
    LEAST_WORDS,
    flesch_kincaid_grade,
    sentence_count,
    syllable_count,
    word_count,
)

# Counted as the words are said in American English, the shorter way where there are two.
SYLLABLES = {
    1: "the called passed signed states clothes league their through health oil don't can't they're Trump Xi"
    " 2026 $174 41.10 24–25 F-16 GAO NATO U.S. Ph.D. Jan. I'm “peace,”",
    2: "able rhythm table tables doubled settled granted houses changes statement household something therefore whereas"
    " forecast baseline likely remote science quiet being going trying fluent actor react million billion trillion"
    " union social marriage special unique didn't isn't couldn't it'll house's every business Congress Ukraine Russia"
    " Russian Kyiv Moscow Donbas Iraq Iran Putin Wednesday treaty allied people create Georgia hundred fiscal regime"
    " and/or mid-2025 two-thirds long-term CONGRESS",
    3: "area idea everything likelihood probable unlikely carrying employer employee influence created creation nuclear"
    " theater video museum period radio opinion initial parliament dialogue services agreement refugee asylum"
    " guarantee alliance deterrence insurance ratify ratified Zelensky Syria Korea Israel Crimea Congress's"
    " sovereignty Medicare taxpayer premium U.S.–Ukraine McCarthy annual entirely",
    4: "congressional January California Ukrainian Estonia society variety reality security obligated bilateral"
    " artillery immigration citizenship constituent continuous continuing negotiate associate terrorism mechanism"
    " coalition coordinate situation improbable Volodymyr European",
    5: "ratification appropriation negotiation administration multilateral constitutional territorial simultaneous"
    " ideology individual cooperation representative judiciary",
    6: "humanitarian responsibility",
}


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, words in SYLLABLES.items() for word in words.split()]
)
def test_syllables(word: str, count: int) -> None:
    assert syllable_count(word) == count


def test_what_is_no_english_word_has_a_syllable() -> None:
    for word in ("hmm", "Київ", "你好", "x" * 10**6, "-", "e" * 100, "—", "'", ".", "a\u0301"):
        assert syllable_count(word) >= 1


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("It opened.", 2, 1),
        ("It opened. It closed? Yes! No…", 6, 4),
        ("The U.S. Congress met. Mr. J. Smith of Acme Inc. spoke.", 11, 2),
        ("Troops left the U.S. [3] They came back.", 7, 2),
        ("Aid was paid [1] [12]. No text is on file (not found in [1]).", 8, 2),
        ("It rose (but see [2]; disputed) and fell (disputed).", 4, 1),
        ("He said “no.” She said “why?” and left.", 8, 2),
        ("The fund paid $174 billion — over 41.5 percent — in 2024–25.", 10, 1),
        ("First, aid; second, arms: nothing else.", 6, 1),
        ("It came to light—late—that two-thirds left.", 8, 1),
        ("No stop\n\nhere at all\n\n \n\n", 5, 2),
        ("Lines that\nare broken. Go on", 6, 2),
        ("", 0, 0),
        ("— … [3] !", 0, 0),
    ],
)
def test_words_and_sentences(text: str, words: int, sentences: int) -> None:
    assert (word_count(text), sentence_count(text)) == (words, sentences)


def test_the_published_formula() -> None:
    # Ten words, twelve syllables: The coun-cil closed the old bridge un-til the first test.
    plain = "The council closed the old bridge until the first test. " * 10
    assert flesch_kincaid_grade(plain) == round(0.39 * 10 + 11.8 * 1.2 - 15.59, 1) == 2.5
    # Fourteen words, 35 syllables: The(1) ad-min-is-tra-tion(5) ne-go-ti-at-ed(5) a(1) mul-ti-lat-er-al(5)
    # hu-man-i-tar-i-an(6) a-gree-ment(3) with(1) 31(1) al-lies(2) of(1) the(1) U.S.(1) Con-gress(2).
    dense = "The administration negotiated a multilateral humanitarian agreement with 31 allies of the U.S. Congress. "
    assert word_count(dense) == 14
    assert sum(syllable_count(word) for word in dense.split()) == 35
    assert flesch_kincaid_grade(dense * 8) == round(0.39 * 14 + 11.8 * 35 / 14 - 15.59, 1) == 19.4


def test_citations_change_no_grade() -> None:
    bare = "The council closed the old bridge until the first test. " * 10
    cited = "The council closed the old bridge [1] until the first test [2] [14]. " * 10
    assert flesch_kincaid_grade(cited) == flesch_kincaid_grade(bare)


def test_a_short_text_has_no_grade() -> None:
    text = "word " * (LEAST_WORDS - 1)
    assert flesch_kincaid_grade(text) is None
    assert flesch_kincaid_grade(text + "word.") is not None
    assert flesch_kincaid_grade("") is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10**6,
        "a.a." * 10**5,
        ". " * 10**5,
        "(but see " * 10**5,
        "[1] " * 10**5,
        "x-" * 10**5,
        "\n \n" * 10**5,
    ],
    ids=lambda text: text[:8],
)
def test_no_text_makes_it_hang(text: str) -> None:
    start = time.process_time()
    flesch_kincaid_grade(text)
    flesch_kincaid_grade(text + " word" * 200)
    assert time.process_time() - start < 3
