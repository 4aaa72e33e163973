"""Quotations: word for word in the kept text of their source."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

from briefing.errors import Level
from briefing.facts import Citation, Fact
from briefing.naming import is_named
from briefing.passages import difference_words, nearest
from briefing.places import Path
from briefing.prose import folded, is_within, quotations, quoted_at, unclosed_mark
from briefing.rules.base import Desk, Finding, rule

__all__ = [
    "archive_changed",
    "archive_unusable",
    "quote_ambiguous",
    "quote_in_text",
    "quote_missing",
    "quote_not_found",
    "quote_place",
    "quote_short",
    "quote_unverified",
    "quote_wordless",
]


@rule("quote-missing", Level.WARNING)
def quote_missing(desk: Desk) -> Iterator[Finding]:
    """A citation has no quotation, so that nobody can check it word for word. Gaps aside."""
    for fact in desk.facts.facts.values():
        if fact.kind == "gap":
            continue
        for number, cite in enumerate(fact.cite):
            if not cite.quote:
                message = f'"{cite.source}" is cited without a quote; give the words that say so'
                yield Finding(("facts", fact.id, "cite", number), message)


@rule("quote-wordless", Level.ERROR)
def quote_wordless(desk: Desk) -> Iterator[Finding]:
    """A quotation has no words, or none but such as stand in every text ("the", "of it"): it proves nothing."""
    for path, cite in _quotes(desk):
        if _says_nothing(cite.quote):
            yield Finding(path, f'"{cite.quote}" has no words that say anything; give those that say so')


_EVERYWHERE = frozenset(
    "a an the this that these those it its he she they his her their him them we you i and or but of in on at to for"
    " from by with as is are was were be been has have had will would do does did so if then than there".split()
)


def _says_nothing(quote: str) -> bool:
    return all(word.casefold() in _EVERYWHERE for word in re.findall(r"\w+", quote))


_FEWEST_WORDS = 3


@rule("quote-short", Level.WARNING)
def quote_short(desk: Desk) -> Iterator[Finding]:
    """A quotation has one or two words, and bears out nothing by itself: "closed" stands in many a text.

    Not one that holds a number or a name, or that stands in the text in quotation marks: then it is what was said. Gaps
    aside.
    """
    for path, cite in _quotes(desk):
        fact = desk.facts.facts[str(path[1])]
        words = re.findall(r"\w[\w’'.-]*", cite.quote)
        says = any(word[0].isupper() or any(map(str.isdigit, word)) for word in words)
        if len(words) >= _FEWEST_WORDS or fact.kind == "gap" or says or _says_nothing(cite.quote):
            continue
        figures = desk.ear.known([cite.quote])
        if (
            figures.figures
            or figures.days
            or any(is_within(cite.quote, said) for said in quotations(fact.text))
        ):
            continue
        message = f'"{cite.quote}" is too short to bear the fact out; quote the words around it'
        yield Finding(path, message)


def _quotes(desk: Desk) -> Iterator[tuple[Path, Citation]]:
    for fact in desk.facts.facts.values():
        for number, cite in enumerate(fact.cite):
            if cite.quote:
                yield ("facts", fact.id, "cite", number, "quote"), cite


# 5,000 passages took 25 seconds; whoever has more quotations than this to mend begins with these.
_MOST_SHOWN = 100
# A text of 20 million characters took 7 seconds; a report of 1,000 pages has 3 million.
_LONGEST_SEARCHED = 5_000_000


@rule("quote-not-found", Level.ERROR)
def quote_not_found(desk: Desk) -> Iterator[Finding]:
    """A quotation does not stand in the kept text of its source. The nearest passage is shown, and what differs.

    Compared after folding of Unicode forms, quotation marks, dashes and white space, and nothing else.
    """
    # By source: a text is kept in words for the next quotation of the same source.
    absent = [(path, cite) for path, cite, times in desk.looked_up if times == 0]
    for number, (path, cite) in enumerate(sorted(absent, key=lambda found: found[1].source)):
        text = desk.kept[cite.source].decode("utf-8", "replace")
        worth = number < _MOST_SHOWN and len(text) <= _LONGEST_SEARCHED
        near = nearest(cite.quote, text) if worth else None
        shown = f"; {difference_words(near)}" if near else ""
        message = f'these words do not stand in archive/{cite.source}.txt: "{cite.quote}"{shown}'
        yield Finding(path, message)


@rule("quote-ambiguous", Level.WARNING)
def quote_ambiguous(desk: Desk) -> Iterator[Finding]:
    """A quotation stands more than once in the kept text of its source, and `at:` does not say where.

    `at:` is missing, or is neither a heading of the text nor a place in words, such as "page 3" or "last paragraph".
    """
    headings = _headings_of(desk)
    for path, cite, times in desk.looked_up:
        if times > 1 and _section(headings(cite.source), cite.at) is None and not _LOCATES.search(cite.at):
            said = f'"{cite.at}" is no place there; ' if cite.at else ""
            message = (
                f'these words stand {times} times in archive/{cite.source}.txt; {said}say where with "at"'
            )
            yield Finding(path, message)


_LOCATES = re.compile(
    r"\d|\b(?:pages?|paragraphs?|lines?|sections?|chapters?|items?|opening|closing|first|second|third|last|end|beginning|top"
    r"|head|heading|title|footnotes?|notes?|table|annex|caption|summary|preamble|abstract|introduction|conclusion|question"
    r"|answer|сторін\w+|абзац\w*|розділ\w*|пункт\w*|рядок|рядк\w+|початок|початку|кінець|кінці|перш\w+|останн\w+"
    r"|заголов\w+|вступ\w*|виснов\w+|примітк\w+|додат\w+)\b",
    re.IGNORECASE,
)


@rule("quote-place", Level.WARNING)
def quote_place(desk: Desk) -> Iterator[Finding]:
    """`at:` names a heading of the kept text, be it by its beginning ("Item 3"), and the quotation is not below it.

    Below "Item 3" ends where "Item 4" begins.
    """
    headings = _headings_of(desk)
    for path, cite, times in desk.looked_up:
        section = _section(headings(cite.source), cite.at) if times and cite.at else None
        if section is None:
            continue
        begin, end = section
        places = quoted_at(folded(cite.quote), desk.folded[cite.source], begin)
        if next(places, end) >= end:
            message = f'these words do not stand below "{cite.at}" in archive/{cite.source}.txt; mend "at"'
            yield Finding(path, message)


def _headings_of(desk: Desk) -> Callable[[str], dict[str, int]]:
    return functools.cache(lambda id: _headings(desk.kept[id].decode("utf-8", "replace")))


def _section(headings: Mapping[str, int], at: str) -> tuple[int, int] | None:
    """Where what stands below a heading begins and ends in the folded text; None where there is no such heading."""
    words = folded(at).strip("#*_ :")
    begin = headings.get(words)
    if begin is None and words:
        opened = (
            place
            for line, place in headings.items()
            if line.startswith(words) and not line[len(words) : len(words) + 1].isalnum()
        )
        begin = next(opened, None) if len(words) > 1 else None
    if begin is None:
        return None
    counted = re.match(r"(\w+) (?:\d+|[IVXLC]+)\b", words)
    following = (
        place
        for line, place in headings.items()
        if counted and place > begin and re.match(rf"{re.escape(counted[1])} (?:\d+|[IVXLC]+)\b", line)
    )
    return begin, min(following, default=1 << 62)


def _headings(text: str) -> dict[str, int]:
    """The lines of a text that may be headings, and where each stands in the folded text."""
    offset, places = 0, dict[str, int]()
    for line in map(folded, text.splitlines()):
        if line:
            places.setdefault(line.strip("#*_ :"), offset)
            offset += len(line) + 1
    return places


@rule("quote-unverified", Level.NOTE)
def quote_unverified(desk: Desk) -> Iterator[Finding]:
    """The text of a source is not kept here, so its quotations are not verified here."""
    quoted: dict[str, int] = {}
    for fact in desk.facts.facts.values():
        for cite in fact.cite:
            quoted[cite.source] = quoted.get(cite.source, 0) + bool(cite.quote)
    for id, source in desk.facts.sources.items():
        times = quoted.get(id, 0)
        if source.consulted and times and id not in desk.kept and id not in desk.unusable:
            plural = "quotation is" if times == 1 else "quotations are"
            yield Finding(
                ("sources", id), f"{times} {plural} not verified here: archive/{id}.txt is not kept here"
            )


@rule("archive-unusable", Level.WARNING)
def archive_unusable(desk: Desk) -> Iterator[Finding]:
    """Something stands where the kept text of a source is looked for, and is no such text.

    A folder, a pipe, a link out of the project, a file that is too large (20 MB): its quotations are not verified.
    """
    for id, why in desk.unusable.items():
        yield Finding(("sources", id), f"its quotations are not verified: archive/{id}.txt {why}")


@rule("archive-changed", Level.ERROR)
def archive_changed(desk: Desk) -> Iterator[Finding]:
    """The kept text of a source is not the one whose SHA-256 stands in the facts file."""
    for id, source in desk.facts.sources.items():
        if source.archive is None or id not in desk.kept:
            continue
        found = hashlib.sha256(desk.kept[id]).hexdigest()
        if found != source.archive.sha256:
            message = f"archive/{id}.txt is another text: its SHA-256 is {found}"
            yield Finding(("sources", id, "archive", "sha256"), message)


@rule("quote-in-text", Level.ERROR)
def quote_in_text(desk: Desk) -> Iterator[Finding]:
    """Words in quotation marks inside a text or label are in none of the quotations that the fact cites.

    Marks of any kind count; between single ones, two words and more. A mark that nothing closes is found, too.
    """
    for fact in desk.facts.facts.values():
        said: list[tuple[str, str]] = [("text", fact.text), ("label", fact.label)]
        said += [("quantities", quantity.period) for quantity in fact.quantities.values()]
        for key, text in said:
            for words in quotations(text):
                named = desk.ear.quotes_names and is_named(words, desk.facts, desk.ear.name_forms)
                if not named and not any(is_within(words, cite.quote) for cite in fact.cite):
                    yield Finding(("facts", fact.id, key), _unquoted(fact, words), words.split()[0])
            mark = unclosed_mark(text)
            if mark:
                message = f"{mark} begins a quotation, and nothing ends it"
                yield Finding(("facts", fact.id, key), message, mark)


def _unquoted(fact: Fact, words: str) -> str:
    if not any(cite.quote for cite in fact.cite):
        return f"“{words}” stands in quotation marks, but the fact cites no quotation"
    return f"“{words}” stands in quotation marks, but in none of the fact's cited quotations"
