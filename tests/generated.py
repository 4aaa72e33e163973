"""Facts files as they come from nowhere: valid ones, and those with one thing wrong, whose place is known."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from factsfiles import restyled
from hypothesis import strategies as st

from briefing.textguard import forbidden_characters, stacked_marks

__all__ = [
    "AUDIENCE",
    "Broken",
    "broken_files",
    "facts_data",
    "facts_files",
    "printed",
    "scraps",
    "sentences",
]

# What Markdown, HTML, YAML, Jinja, TeX and terminals read as something else than letters; each a word by itself.
_MARKUP = (
    "* ** _ __ *a* _a_ `a` `` ~~a~~ # ## > - + = | |a| \\ \\* & &amp; &#42; &copy; < > <b> </b> <a <!-- --> [a] [a](b)"
    " ![a](b) [^a] $a$ : :a: ~ ^ ^a^ ; , a_b_c http a@b www <script> <br/> %} {% {{ }} {{a}} ]] ]]> 'a !a (a)"
    " ((a) @a /a //a a/b #a #a: -- --- … – — † § € \\x41 \\n %s %(a)s {0} ${{a}} ::a: ::warning::a"
).split()
_LETTERS = st.characters(categories=("Ll", "Lo", "Mn"), exclude_characters="\u00aa\u00ba")
_WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=9)
_FOREIGN = st.text(_LETTERS, min_size=1, max_size=6).filter(
    lambda word: not any(forbidden_characters(f"a {word} a")) and stacked_marks(word) is None
)


def sentences(*, foreign: bool = True) -> st.SearchStrategy[str]:
    """What a fact may say, as readers see it: words, most of them markup; of any script, or in the house's letters."""
    words = [_WORDS, st.sampled_from(_MARKUP), st.sampled_from(_MARKUP), *([_FOREIGN] if foreign else [])]
    return st.lists(st.one_of(*words), min_size=1, max_size=12).map(lambda said: f"It {' '.join(said)} it.")


def _written(sentence: str) -> str:
    """As it stands in the file, where a brace by itself would mean something."""
    return sentence.replace("{", "{{").replace("}", "}}")


# --- valid ones ---------------------------------------------------------------------------------------

# Prints every fact of any kind.
AUDIENCE = """\
---
title: All of it
stance: advocacy
---
## What is on file

{% for f in facts() %}
- {{ f }}
{% endfor %}
"""
_LIKELIHOODS = ("likely", "very unlikely", "almost certain")
_IDS = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)


@st.composite
def facts_data(draw: st.DrawFn, *, foreign: bool = True) -> dict[str, Any]:
    """A facts file as data, every scalar a text; of each kind that needs no rule of language to be kept."""
    said = sentences(foreign=foreign)
    sources = draw(st.lists(_IDS, min_size=1, max_size=4, unique=True))
    ids = draw(st.lists(_IDS, min_size=1, max_size=7, unique=True))
    return {
        "schema": "1",
        "title": draw(said).removesuffix("."),
        "as_of": "2026-01-27",
        "people": {"someone": {"name": "Ann Lee"}},
        "sources": {
            id: {
                "type": draw(st.sampled_from(["report", "article-newspaper", "webpage", "treaty"])),
                "level": draw(st.sampled_from(["primary", "secondary", "tertiary"])),
                "title": draw(said).removesuffix("."),
                "descriptor": draw(said),
                "accessed": "2026-01-20",
            }
            for id in sources
        },
        "facts": {id: draw(_facts(said, sources)) for id in ids},
    }


@st.composite
def _facts(draw: st.DrawFn, said: st.SearchStrategy[str], sources: list[str]) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "kind": draw(st.sampled_from(["event", "gap", "figure", "statement"])),
        "text": _written(draw(said)),
        "cite": draw(st.lists(st.sampled_from(sources), min_size=1, max_size=2, unique=True)),
    }
    match fact["kind"]:
        case "event":
            fact["date"] = draw(st.sampled_from(["2026-01-12", "2025", "2025-11", "2026-01-02/2026-01-05"]))
        case "gap":
            fact["settled_by"] = draw(said)
        case "figure":
            word = draw(st.sampled_from(["value", "over", "under", "about", "at_least", "at_most"]))
            number = str(draw(st.integers(10, 10**9)))
            fact["quantities"] = {"amount": {word: number, "unit": draw(st.sampled_from(["USD", "trucks"]))}}
            fact["text"] = fact["text"].removesuffix(" it.") + " {amount} it."
        case "statement":
            fact["by"] = ["someone"]
            fact["text"] = "{someone} said " + fact["text"].removeprefix("It ")
    if draw(st.booleans()):
        fact["tags"] = draw(st.lists(_IDS, min_size=1, max_size=2, unique=True))
    return fact


def printed(data: dict[str, Any]) -> list[str]:
    """Of each fact the words that a reader must find, up to where a number or a name is put in."""
    found = []
    for fact in data["facts"].values():
        text = fact["text"].removeprefix("{someone} said ")
        text = text.partition(" {amount} it.")[0] if fact["kind"] == "figure" else text.removesuffix(".")
        found.append(text.replace("{{", "{").replace("}}", "}"))
    return found


def facts_files(*, foreign: bool = True) -> st.SearchStrategy[str]:
    """Facts files as text, in as many styles as YAML has."""
    seeds = st.integers(0, 10**9)
    return st.tuples(facts_data(foreign=foreign), seeds).map(
        lambda one: restyled(one[0], random.Random(one[1]))
    )


# --- nearly valid ones --------------------------------------------------------------------------------

_MARK = "here-it-is"


@dataclass(frozen=True)
class Broken:
    """A facts file with one thing wrong, and the line, from 1, on which it stands."""

    text: str
    line: int


def _any_of(section: str) -> Callable[[dict[str, Any], random.Random], dict[str, Any]]:
    def choose(data: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        chosen: dict[str, Any] = data[section][chance.choice(list(data[section]))]
        return chosen

    return choose


_A_FACT, _A_SOURCE = _any_of("facts"), _any_of("sources")
_BREAKS: dict[str, Callable[[dict[str, Any], random.Random], Any]] = {
    "a key that there is not": lambda data, chance: _A_FACT(data, chance).update({_MARK: "x"}),
    "a key of sources that there is not": lambda data, chance: _A_SOURCE(data, chance).update({_MARK: "x"}),
    "a key at the top that there is not": lambda data, chance: data.update({_MARK: "x"}),
    "a kind that there is not": lambda data, chance: _A_FACT(data, chance).update(kind=_MARK),
    "a level that there is not": lambda data, chance: _A_SOURCE(data, chance).update(level=_MARK),
    "a type that there is not": lambda data, chance: _A_SOURCE(data, chance).update(type=_MARK),
    "a date that is none": lambda data, chance: _A_FACT(data, chance).update(date=_MARK),
    "a day that is none": lambda data, chance: _A_SOURCE(data, chance).update(accessed=_MARK),
    "a source that there is not": lambda data, chance: _A_FACT(data, chance).update(cite=[_MARK]),
    "a status that there is not": lambda data, chance: _A_FACT(data, chance).update(status=_MARK),
    "nothing to depend on": lambda data, chance: _A_FACT(data, chance).update(depends_on=[_MARK]),
    "a number that is none": lambda data, chance: _A_FACT(data, chance).update(
        quantities={"amount": {"value": _MARK, "unit": "USD"}}
    ),
    "a person that there is not": lambda data, chance: _A_FACT(data, chance).update(by=[_MARK]),
    "a fact without all that it needs": lambda data, chance: data["facts"].update({_MARK: {"kind": "event"}}),
    "a source without all that it needs": lambda data, chance: data["sources"].update(
        {_MARK: {"type": "book"}}
    ),
}


@st.composite
def broken_files(draw: st.DrawFn) -> Broken:
    """Whatever else stands on the line, the mark does only there."""
    data = copy.deepcopy(draw(facts_data()))
    chance = random.Random(draw(st.integers(0, 10**9)))
    _BREAKS[draw(st.sampled_from(sorted(_BREAKS)))](data, chance)
    text = restyled(data, chance)
    return Broken(text, text[: text.index(_MARK)].count("\n") + 1)


# --- no facts files at all ----------------------------------------------------------------------------

_LINES = (
    "schema: 1",
    "title: T",
    "as_of: 2026-01-27",
    "facts:",
    "sources:",
    "people:",
    "  a:",
    "    kind: event",
    "    cite: [a]",
)
_SIGNS = r"- { } [ ] : &a *a !!str <<: ? > >- | ' # %YAML @ ` 1e9 null ~ no 2026-02-30 \x --- ...".split()
_UNSEEN = "\ufeff|\x00|\x85|\u2028|\u202e|\ud7ff|\u200d|\u0301"
_TOKENS = (
    *(f"{one}\n" for one in _LINES),
    *_SIGNS,
    *(f"{one} " for one in _SIGNS),
    *' \n\t\r"',
    *_UNSEEN.split("|"),
)


@st.composite
def scraps(draw: st.DrawFn) -> str:
    """Any text; pieces of a facts file in any order; or a valid file with pieces put in, doubled and cut out."""
    pieces = st.lists(st.sampled_from(_TOKENS), max_size=40).map("".join)
    text = draw(st.one_of(st.text(max_size=200), pieces, facts_files()))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        text = draw(st.sampled_from([text[:start] + text[end:], text[:end] + text[start:]])) + draw(
            st.sampled_from(["", *_TOKENS])
        )
    return text
