"""What a document should say → whether the text that was read out of it says that, word for word.

What stands only on paper – running heads, the numbers of pages, the marks of lists – may come in between. So the two
are compared as an automaton would: each token of the document is the next one of the text, or begins such a phrase.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import quote

from briefing.edition import Edition, marked_suspect
from briefing.page import page

__all__ = [
    "Difference",
    "Printed",
    "difference",
    "links_of",
    "missing",
    "printed",
    "strange_labels",
]

_TOKEN = re.compile(r"\w+|[^\w\s]")
# What a line may be broken with, and what stands for a character that a font has in another form.
_BREAKS = dict.fromkeys(
    map(ord, "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}")
)
# Stands for a number or several: `1`, `1, 2–4`.
_NUMBERS = "\0"
_BETWEEN_NUMBERS = (",", "–")
_SHOWN = 12
# A phrase of so many tokens, such as "page 2 of 5", may stand within a statement; "3." is more likely a part of it.
_FEWEST = 3
_OF_A_NUMBER = 2  # "3" and the full stop

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The tokens of a document, in the order in which they are read, and the phrases that may come in between.

    `drawings` are what stands in its pictures: somewhere on their page, and each must. `numbers` are those of items of
    lists, by the place of the item's first token, `of_items` all of them. WeasyPrint may draw them after all items, so
    they may come wherever a block begins (`blocks`), but not in front of a figure: "12." makes 12.5 million of
    5 million. `in_appendix` are phrases that may come in from the token at `appendix` on.
    """

    tokens: tuple[str, ...]
    between: tuple[Phrase, ...] = ()
    drawings: tuple[Phrase, ...] = ()
    numbers: Mapping[int, tuple[Phrase, ...]] = field(default_factory=dict)
    blocks: frozenset[int] = frozenset()
    of_items: frozenset[Phrase] = frozenset()
    in_appendix: tuple[Phrase, ...] = ()
    appendix: int = 0

    def may_come(self, place: int, met: int, found: Sequence[str], here: int) -> Iterator[tuple[int, int]]:
        """Where a phrase ends that comes in at `here`, before the token at `place`; how many own numbers were met."""
        for end in _ends(self.numbers.get(place, ())[met : met + 1], found, here):
            yield end, met + 1
        for end in _ends(self.in_appendix if place >= self.appendix else (), found, here):
            yield end, met
        end = here + _OF_A_NUMBER
        if place in self.blocks and tuple(found[here:end]) in self.of_items:
            following = self.tokens[place : place + 1]
            if tuple(found[end : end + 1]) != following or not following[0].isdigit():
                yield end, met


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a document first says something else: the words before, those expected, those found.

    Where the words are the same and their lines are not, `layout` says so.
    """

    before: str
    expected: str
    found: str
    layout: str = ""


def printed(edition: Edition) -> Printed:
    """What a page of the edition says."""
    tongue, made = edition.tongue, page(edition)
    reader = _Reader(made.pictures, on_paper=True)
    reader.feed(made.header + made.body)
    body = len(reader.text)
    reader.feed(made.appendix({}))
    tokens: list[str] = []
    numbers: dict[int, tuple[Phrase, ...]] = {}
    blocks = {0}
    appendix = 0
    # What stands between two blocks is read as one: an element can begin within a word.
    ends = [place for place, piece in enumerate(reader.text) if piece == _BLOCK]
    for begin, end in pairwise((0, *ends, len(reader.text))):
        if begin >= body and not appendix:
            appendix = len(tokens)
        if number := reader.numbers.get(begin):
            numbers[len(tokens)] = (*numbers.get(len(tokens), ()), _tokens(number))
        tokens += _tokens("".join(reader.text[begin:end]))
        blocks.add(len(tokens))
    page_word, of = tongue.page_of
    # Above and below the pages, and in front of the items of a list.
    running = (edition.running_title, edition.as_of_line, edition.letterhead.marking)
    between = (*running, f"{page_word} {_NUMBERS} {of} {_NUMBERS}", "•")
    beside_sources = (f"{lead}{_NUMBERS}." for leads in (tongue.cited_on, tongue.on_pages) for lead in leads)
    return Printed(
        tokens=tuple(tokens),
        between=tuple(phrase for phrase in map(_phrase, between) if phrase),
        drawings=tuple(map(_tokens, reader.drawings)),
        numbers=numbers,
        blocks=frozenset(blocks),
        of_items=frozenset(phrase for own in numbers.values() for phrase in own),
        in_appendix=tuple(map(_phrase, beside_sources)),
        appendix=appendix,
    )


def links_of(edition: Edition) -> set[str]:
    """The addresses outside it that a document leads to, as WeasyPrint writes them."""
    made = page(edition)
    written = re.findall(r'href="([^"#][^"]*)"', made.header + made.body + made.appendix({}))
    return {form for one in map(html.unescape, written) for form in (one, quote(one, safe=_OF_ADDRESSES))}


def strange_labels(labels: Sequence[str], edition: Edition) -> list[str]:
    """Those of the texts beside the pages (title, bookmarks, what pictures are said to show) that it does not give.

    Bare numbers are its own: those of pages and citations.
    """
    made = page(edition)
    body = made.header + made.body + made.appendix({})
    reader = _Reader(made.pictures)
    reader.feed(body)
    said = [made.lang, made.title, made.running_title, made.description, made.author, "".join(reader.text)]
    said += [edition.as_of_line, edition.letterhead.marking, marked_suspect(edition).letterhead.marking]
    said += map(html.unescape, re.findall(r'(?:alt|aria-label|title|href)="([^"]*)"', body))
    known = "".join(f" {' '.join(_tokens(text))} " for text in said)
    return [label for label in labels if f" {' '.join(_words(label))} " not in known and _words(label)]


def _words(label: str) -> tuple[str, ...]:
    tokens = _tokens(label)
    return () if all(token.isdigit() or token in "[],–" for token in tokens) else tokens


# RFC 3986: what stands for itself in an address.
_OF_ADDRESSES = "/:?#[]@!$&'()*+,;=%~"


def missing(statements: Sequence[Sequence[str]], text: str, between: Sequence[Phrase] = ()) -> list[int]:
    """Which of some statements, each in pieces between its citations, do not stand in a text: their places."""
    found = _tokens(text)
    bare: list[str] = []
    here = 0
    while here < len(found):
        end = max((end for end in _ends(between, found, here) if end - here > _FEWEST), default=here)
        if end == here:
            bare.append(found[here])
            end += 1
        here = end
    whole = f" {' '.join(bare)} "
    return [
        place
        for place, pieces in enumerate(statements)
        if any(f" {' '.join(_tokens(piece))} " not in whole for piece in pieces if _tokens(piece))
    ]


def difference(expected: Printed, text: str) -> Difference | None:
    """The first place at which the text of a document is not what it should be; None where it is all of it."""
    found = _tokens(text)
    # Places in what was found → those in what is expected, each with how many numbers of its item were met.
    waiting: dict[int, set[tuple[int, int]]] = {0: {(0, 0)}}
    furthest = (0, 0)
    for here in range(len(found) + 1):
        there = waiting.pop(here, None)
        if not there:
            continue
        furthest = (here, max(there)[0])
        if here == len(found):
            break
        for place, met in there:
            if place < len(expected.tokens) and expected.tokens[place] == found[here]:
                waiting.setdefault(here + 1, set()).add((place + 1, 0))
            for end, more in expected.may_come(place, met, found, here):
                waiting.setdefault(end, set()).add((place, more))
        for end in _ends((*expected.between, *expected.drawings), found, here):
            waiting.setdefault(end, set()).update(there)
    here, place = furthest
    if here == len(found) and place == len(expected.tokens):
        lost = next((words for words in expected.drawings if not _is_in(words, found)), None)
        return Difference("", " ".join(lost[:_SHOWN]), "") if lost else None
    return Difference(
        " ".join(found[max(0, here - _SHOWN) : here]),
        " ".join(expected.tokens[place : place + _SHOWN]),
        " ".join(found[here : here + _SHOWN]),
    )


def _is_in(phrase: Phrase, found: Sequence[str]) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(found)} "


def _ends(phrases: Sequence[Phrase], found: Sequence[str], begin: int) -> Iterator[int]:
    """Where a phrase that begins here ends."""
    for phrase in phrases:
        end = begin
        for token in phrase:
            first = end
            if token == _NUMBERS:
                end = _end_of_numbers(found, end)
            elif end < len(found) and found[end] == token:
                end += 1
            if end == first:
                break
        else:
            yield end


def _end_of_numbers(found: Sequence[str], begin: int) -> int:
    end = begin
    while end < len(found) and found[end].isdigit():
        end += 1
        if end + 1 >= len(found) or found[end] not in _BETWEEN_NUMBERS or not found[end + 1].isdigit():
            break
        end += 1
    return end


def _phrase(text: str) -> Phrase:
    parts = re.split(f"({_NUMBERS})", text)
    return tuple(token for part in parts for token in ([part] if part == _NUMBERS else _tokens(part)))


def _tokens(text: str) -> tuple[str, ...]:
    """Words and signs, letters in one form and case; a word that a line breaks at a hyphen is what it was."""
    plain = unicodedata.normalize("NFKC", text).translate(_BREAKS).casefold()
    return tuple(_TOKEN.findall(plain))


# Elements that may stand within a word or beside one.
_BLOCK = "\n"
_WITHIN_WORDS = frozenset(("a", "em", "q", "span", "strong", "sup"))


class _Reader(HTMLParser):
    """The text of a page, and apart from it that of its pictures; on paper, where pages are named, no ways back."""

    def __init__(self, pictures: Mapping[str, str], *, on_paper: bool = False) -> None:
        super().__init__()
        self.on_paper = on_paper
        self.pictures = pictures
        self.text: list[str] = []
        self.inside = ""
        self.drawings: list[str] = []
        # Of items, by their place in the text: what the browser or the typesetter writes.
        self.numbers: dict[int, str] = {}
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.text.append("" if tag in _WITHIN_WORDS else _BLOCK)
        if tag in ("style", "title") or (self.on_paper and said.get("class") == "way-back"):
            self.inside = tag
        if tag in ("ol", "ul"):
            numbered = tag == "ol" and "class" not in said
            # Of a document that was altered it can be anything.
            start = re.fullmatch("[0-9]{1,9}", said.get("start") or "1")
            self.lists.append(int(start[0]) if numbered and start else None)
        elif tag == "li" and self.lists and self.lists[-1] is not None:
            self.numbers[len(self.text) - 1] = f"{self.lists[-1]}."
            self.lists[-1] += 1
        if tag == "img" and said.get("src") in self.pictures:
            drawing = _Reader({})
            drawing.feed(self.pictures[str(said["src"])])
            self.drawings.append("".join(drawing.text))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)
