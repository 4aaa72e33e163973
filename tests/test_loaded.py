"""Loaded words: the shipped list, what counts in a text, and a project's own list with its mistakes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.house import shipped_house
from briefing.loaded import FILE, LoadedWord, loaded_in, read_loaded_words

SHIPPED, PROBLEMS = read_loaded_words((shipped_house() / FILE).read_text(encoding="utf-8"), FILE)


def found(text: str, words: tuple[LoadedWord, ...] = SHIPPED) -> list[str]:
    return [said for said, _, _ in loaded_in(text, words)]


def test_the_shipped_list_is_sound() -> None:
    assert PROBLEMS == ()
    heads = [word.word.casefold() for word in SHIPPED]
    assert 40 <= len(heads) == len(set(heads))
    assert heads == sorted(heads)
    for word in SHIPPED:
        assert word.because[0].islower()
        assert not word.because.endswith("."), word
        for form in word.forms:
            assert found(f"They saw {form} there.") == [form], form
        for phrase in word.exceptions:
            assert found(f"They saw the {phrase} there.") == [], phrase
        assert found(word.instead) == [], word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The regime fell.", ["regime"]),
        ("THE REGIME’S army and other regimes", ["REGIME", "regimes"]),
        ("The sanctions regime and tax regimes held.", []),
        ("A regime of inspections; the regime of the general", ["regime"]),
        ("The Missile Technology Control Regime limits exports.", []),
        ("It calls the army of the regime “a puppet regime.”", ["regime"]),
        ("A puppet regime was set up.", ["puppet regime"]),
        (
            "The so\u2011called death\n  tax ended the witch–hunt.",
            ["so\u2011called", "death tax", "witch–hunt"],
        ),
        ("The State death tax credit was repealed.", []),
        ("A historic decision on historic preservation and historic sites", ["historic"]),
        ("The prehistoric regimen of unradical boondoggling", []),
        ("Free radicals and radical surgery; radical plans", ["radical"]),
        ("He admitted that 40 refugees were admitted to the hospital.", ["admitted that"]),
        ("Claims that were denied, asylum claims, claimed deductions", []),
        ("The blast killed two; the tax burden fell; the loophole closed.", []),
        ("Slamming is a change of carrier without consent; she slammed it.", ["slammed"]),
        ("A blank check company sent a blank check.", ["blank check"]),
        ("", []),
    ],
)
def test_what_counts(text: str, words: list[str]) -> None:
    assert found(text) == words


def test_the_advice_says_why_and_what_instead() -> None:
    (regime,) = (word for word in SHIPPED if word.word == "regime")
    assert regime.advice == "says that a government is illegitimate; write “government”"
    (sure,) = (word for word in SHIPPED if word.word == "obviously")
    assert sure.advice == "asks readers to agree without evidence"


OWN = """
# a list of the office's own
historic: allowed
slams: allowed
regime: is our house's word for nothing
swamp:
  because: says that government
    is corrupt
  instead: Washington
  also: [swamps]
  except: [Great Dismal Swamp]
"""


def test_a_list_of_its_own_adds_replaces_and_allows() -> None:
    words, problems = read_loaded_words(OWN, "own.yaml", SHIPPED)
    assert problems == ()
    assert found("The historic swamp slams and slammed the tax regime.", words) == [
        "swamp",
        "slammed",
        "regime",
    ]
    assert found("The Great Dismal Swamp and other swamps", words) == ["swamps"]
    assert words[-1] == LoadedWord(
        "swamp", "says that government is corrupt", "Washington", ("swamps",), ("Great Dismal Swamp",)
    )
    assert len(words) == len(SHIPPED)  # one off, one replaced, one new


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- regime\n", "own.yaml:1:1: error: must hold words and why each is loaded"),
        ("swamp:\n", "own.yaml:1:7: error: because must be text; say why the word is loaded [schema-value]"),
        ("swamp: [a, b]\n", "own.yaml:1:8: error: swamp must hold a reason, or because: with the reason"),
        ("swamp:\n  instead: x\n", 'own.yaml:1:1: error: "swamp" has no "because", which it must have'),
        (
            "swamp:\n  because: x\n  insted: y\n",
            'own.yaml:3:3: error: unknown key "insted"; did you mean "instead"? [schema-unknown-key]',
        ),
        ("swamp:\n  because: [x]\n", "own.yaml:2:12: error: because must be text"),
        (
            "swamp:\n  because: x\n  also: swamps\n",
            "own.yaml:3:9: error: also must be a list: write also: [swamps]",
        ),
        ("swamp:\n  because: x\n  also: [[a]]\n", "own.yaml:3:10: error: must be a word or phrase"),
        (
            "swamp:\n  because: x\n  except: [the bog]\n",
            'own.yaml:3:11: error: "the bog" does not hold "swamp" or a form of it',
        ),
        ("swamp!: x\n", 'own.yaml:1:1: error: "swamp!" must begin and end with a letter or digit'),
        (f"{'s' * 101}: x\n", "own.yaml:1:1: error: a word or phrase has 100 characters at most"),
        (
            "swamp: x\nbog:\n  because: y\n  also: [SWAMP]\n",
            'own.yaml:2:1: error: "swamp" is on the list already, on line 1',
        ),
        (
            "histric: allowed\n",
            'own.yaml:1:1: error: "histric" is on no list that could allow it; did you mean "historic"?',
        ),
        ("swamp: &a x\n", "own.yaml:1:8: error: "),
        ("swamp: x\nswamp: y\n", 'own.yaml:2:1: error: "swamp" is already a key on line 1'),
        (
            "".join(f"word{number}: x\n" for number in range(2001)),
            "own.yaml:1:1: error: holds more than 2,000 words, forms and exceptions; shorten the list",
        ),
    ],
)
def test_mistakes_in_a_list_of_its_own(text: str, problem: str) -> None:
    words, problems = read_loaded_words(text, "own.yaml", SHIPPED)
    assert len(problems) == 1
    assert str(problems[0]).startswith(problem)
    assert set(SHIPPED) <= set(words)


def test_an_empty_list_adds_nothing() -> None:
    assert read_loaded_words("# nothing yet\n", "own.yaml", SHIPPED) == (SHIPPED, ())
    assert read_loaded_words("", "own.yaml") == ((), ())
    assert found("regime", ()) == []


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_list_and_no_text_makes_it_fail(text: str) -> None:
    words, problems = read_loaded_words(text, "own.yaml", SHIPPED[:3])
    list(loaded_in(text, words))
    assert problems or words


@pytest.mark.parametrize(
    "text",
    [
        "The council of the city closed the old bridge and paid for a regime of tests. " * 1300,
        "hard-working " * 8000,
        "endless" + " " * 100_000,
        "“" * 100_000,
        "death " * 17_000 + "tax",
    ],
    ids=lambda text: text[:12],
)
def test_a_long_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    list(loaded_in(text, SHIPPED))
    assert time.process_time() - start < 2  # 0.1 s on an idle core
