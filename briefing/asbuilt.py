"""A built document → what in it is not what its own facts and template give.

Its words are held against those that a build prints; and it is asked what it has besides: actions, files, titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.asprinted import (
    Difference,
    Printed,
    difference,
    links_of,
    missing,
    printed,
    printed_on_screen,
    printed_text,
    strange_labels,
    text_of_html,
)
from briefing.brief import Brief
from briefing.carried import Carried
from briefing.carrying import ABOUT, BEFORE, CARRIED_LOGOS, CARRIED_PAPER, FACTS
from briefing.document import Text
from briefing.edition import Edition, edition, marked_suspect
from briefing.htmlparts import HtmlParts, html_parts
from briefing.letterhead import why_no_logo
from briefing.pdffiles import PdfContents
from briefing.plaintext import plain_text
from briefing.prose import shortened
from briefing.render import render
from briefing.sentences import Sentence, cited_sentences
from briefing.snapshots import BuiltBrief, Document

__all__ = ["LONGEST_SHOWN", "UNSOUND", "altered"]

UNSOUND = "the fingerprint in its metadata is not that of the facts that it carries"


def altered(built: Document, brief: Brief, *, whole: bool) -> Iterator[str]:
    """What in a document is not what its own facts and template give."""
    if not built.sound:
        yield UNSOUND
    made = edition(brief, Carried(built.identifier, built.version), built.brief.letterhead)
    if built.contents:
        yield from _put_in(built.contents, built.brief, made, whole=whole)
    if built.format == "html":
        yield from _put_into_page(html_parts(built.text), made, whole=whole)
    if whole:
        unlike = [_difference(built, one) for one in (made, marked_suspect(made))]
        plain, suspect = unlike
        if plain and suspect:  # one that was marked as suspect says so at its beginning
            yield _told(plain if plain.before or not suspect.before else suspect)
        return
    # Rows are cells on paper, or in a drawing.
    sentences = [sentence for sentence in cited_sentences(brief.body) if not sentence.is_row]
    paper = printed(made)
    between = (*paper.between, *paper.in_appendix) if built.format == "pdf" else ()
    lost = missing([_pieces(sentence) for sentence in sentences], built.text, between)
    for place in lost:
        yield f"it does not say what its own facts give: “{sentences[place].text}”"


def _put_in(contents: PdfContents, brief: BuiltBrief, made: Edition, *, whole: bool) -> Iterator[str]:
    """What a PDF has besides its words that a build puts into none."""
    if contents.notes:
        yield f"something was put on its pages: {', '.join(sort.lstrip('/') for sort in contents.notes)}"
    templates = {file.path.rpartition("/")[2] for file in brief.templates.values()}
    own = {FACTS, ABOUT, *templates, *CARRIED_LOGOS, *([BEFORE] if brief.before is not None else ())}
    strange = [name for name in contents.others if name not in CARRIED_PAPER]
    strange += [name for name in contents.files if name not in own]
    logos = {name: content for name, content in contents.files.items() if name in CARRIED_LOGOS}
    strange += [
        name
        for name, content in logos.items()
        if len(logos) > 1 or brief.letterhead.logo is None or why_no_logo(content)
    ]
    if strange:
        yield f"files are attached that it did not have: {_listed(strange)}"
    known = links_of(made)
    astray = [address for address in contents.links if address not in known]
    if astray:
        yield f"it leads to what its own facts do not name: {_listed(astray)}"
    if whole:
        yield from _called(contents.labels, made)


def _put_into_page(parts: HtmlParts, made: Edition, *, whole: bool) -> Iterator[str]:
    """The same of an HTML page."""
    if parts.notes:
        yield f"something was put on its page: {_listed([*parts.notes])}"
    if whole:
        yield from _called([*parts.labels], made)


def _called(labels: Sequence[str], made: Edition) -> Iterator[str]:
    strange = strange_labels(labels, made)
    if strange:
        yield f"its title, a bookmark or a picture says what its own facts do not give: {_listed(strange)}"


def _listed(words: Sequence[str]) -> str:
    """The first of them, each cut where it is long."""
    shown = ", ".join(shortened(word, LONGEST_SHOWN) for word in words[:_MOST_SHOWN])
    return f"{shown} and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else shown


_MOST_SHOWN = 20
LONGEST_SHOWN = 200


def _difference(built: Document, made: Edition) -> Difference | None:
    return difference(
        _expected(built, made), text_of_html(built.text) if built.format == "html" else built.text
    )


def _expected(built: Document, made: Edition) -> Printed:
    if built.format == "pdf":
        return printed(made)
    if built.format == "html":
        return printed_on_screen(made)
    return printed_text(
        plain_text(made) if built.format == "txt" else render(made, _stem(built.text, made.audience))
    )


def _stem(text: str, audience: str) -> str:
    """The name by which a Markdown document finds its pictures."""
    found = re.search(r"\]\(([^()\s]{1,200})\.figure-1\.svg\)", text)
    return found[1] if found else audience


def _told(unlike: Difference) -> str:
    before, found, expected = (
        shortened(words, LONGEST_SHOWN) for words in (unlike.before, unlike.found, unlike.expected)
    )
    where = f" behind “{before}”" if before else " at its beginning"
    found = f"it reads “{found}”" if found else "it ends"
    expected = f"“{expected}”" if expected else "nothing more"
    return f"{found}{where}, where its own facts and template give {expected}"


def _pieces(sentence: Sentence) -> list[str]:
    """The words of a sentence between its citations."""
    return [part.text for part in sentence.parts if isinstance(part, Text)]
