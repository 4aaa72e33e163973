"""What a document should say → whether the text that was read out of it says that, word for word.

What stands only on paper – running heads, the numbers of pages, the marks of lists – may come in between. So the two
are compared as an automaton would: each token of the document is the next one of the text, or begins such a phrase.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote

from briefing.edition import Edition
from briefing.page import page

__all__ = [
    "Difference",
    "Printed",
    "difference",
    "links_of",
    "missing",
    "printed",
    "printed_on_screen",
    "printed_text",
    "strange_labels",
    "text_of_html",
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

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The tokens of a document, in the order in which they are read, and the phrases that may come in between.

    `drawings` are what stands in its pictures: somewhere on their page, and each must.
    """

    tokens: tuple[str, ...]
    between: tuple[Phrase, ...] = ()
    drawings: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a document first says something else: the words before, those expected, those found."""

    before: str
    expected: str
    found: str


def printed(edition: Edition) -> Printed:
    """What a page of the edition says."""
    tongue, made = edition.tongue, page(edition)
    reader = _Reader(made.pictures)
    reader.feed(made.header + made.body + made.appendix({}))
    page_word, of = tongue.page_of
    running = (edition.running_title, edition.as_of_line, edition.letterhead.marking)
    numbered = (f"{lead}{_NUMBERS}." for leads in (tongue.cited_on, tongue.on_pages) for lead in leads)
    # Above and below the pages; beside sources and evidence; in front of the items of a list.
    between = (*running, f"{page_word} {_NUMBERS} {of} {_NUMBERS}", *numbered, f"{_NUMBERS}.", "•")
    return Printed(
        tokens=_tokens("".join(reader.text)),
        between=tuple(phrase for phrase in map(_phrase, between) if phrase),
        drawings=tuple(map(_tokens, reader.drawings)),
    )


def printed_text(text: str) -> Printed:
    """What a text says, such as Markdown; nothing may come in between."""
    return Printed(_tokens(text))


def printed_on_screen(edition: Edition) -> Printed:
    """What a page for a screen says."""
    made = page(edition, screen=True)
    return printed_text(text_of_html(made.header + made.body + made.appendix({})))


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
    said += map(html.unescape, re.findall(r'(?:alt|aria-label|title|href)="([^"]*)"', body))
    known = "".join(f" {' '.join(_tokens(text))} " for text in said)
    return [label for label in labels if f" {' '.join(_words(label))} " not in known and _words(label)]


def _words(label: str) -> tuple[str, ...]:
    tokens = _tokens(label)
    return () if all(token.isdigit() or token in "[],–" for token in tokens) else tokens


# RFC 3986: what stands for itself in an address.
_OF_ADDRESSES = "/:?#[]@!$&'()*+,;=%~"


def text_of_html(text: str) -> str:
    """The text of a page, without its title and style, and without what only leads back."""
    reader = _Reader({})
    reader.feed(text)
    return "".join(reader.text)


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
    waiting: dict[int, set[int]] = {0: {0}}  # places in what was found → those in what is expected
    furthest = (0, 0)
    for here in range(len(found) + 1):
        there = waiting.pop(here, None)
        if not there:
            continue
        furthest = (here, max(there))
        if here == len(found):
            break
        for place in there:
            if place < len(expected.tokens) and expected.tokens[place] == found[here]:
                waiting.setdefault(here + 1, set()).add(place + 1)
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
_WITHIN_WORDS = frozenset(("a", "em", "q", "span", "strong", "sup"))


class _Reader(HTMLParser):
    """The text of a page, and apart from it that of its pictures; without what leads back where there are no pages."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__()
        self.pictures = pictures
        self.text: list[str] = []
        self.inside = ""
        self.drawings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.text.append("" if tag in _WITHIN_WORDS else "\n")
        if tag in ("style", "title") or "way-back" in (said.get("class") or ""):
            self.inside = tag
        if tag == "img" and said.get("src") in self.pictures:
            drawing = _Reader({})
            drawing.feed(self.pictures[str(said["src"])])
            self.drawings.append("".join(drawing.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)
