"""A built document → what in it is not what its own facts and template give.

A PDF is held word for word against what a build prints, and asked what it has besides: actions, files, titles. A text
is held against what a build writes, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from briefing.asprinted import Difference, Printed, difference, links_of, missing, printed, strange_labels
from briefing.aswritten import unlike
from briefing.brief import Brief
from briefing.carried import Carried
from briefing.carrying import ABOUT, BEFORE, CARRIED_LOGOS, CARRIED_PAPER, FACTS, descriptions
from briefing.document import Text
from briefing.edition import Edition, edition, marked_suspect
from briefing.errors import BriefingError
from briefing.letterhead import why_no_logo
from briefing.page import page
from briefing.papers import Paper, Papers
from briefing.pdffiles import PdfContents
from briefing.plaintext import plain_text
from briefing.prose import shortened
from briefing.render import render
from briefing.sentences import Sentence, cited_sentences
from briefing.snapshots import BuiltBrief, Document
from briefing.typeset import page_html

__all__ = ["LONGEST_SHOWN", "UNSOUND", "AsBuilt", "as_built"]

UNSOUND = "the fingerprint in its metadata is not that of the facts that it carries"


@dataclass(frozen=True, slots=True)
class AsBuilt:
    """`reasons` are what in a document is not what its own facts and template give, `notes` what else to know of it."""

    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()


def as_built(built: Document, brief: Brief, papers: Papers, *, whole: bool, suspect: bool) -> AsBuilt:
    """What is to be said of a document that was built; where it is not compared as a `whole`, of its statements alone.

    `suspect`: a build marks it, for nobody has read a claim in it since a fact changed. BriefingError where nothing can
    be made that it could be compared with.
    """
    unsound = () if built.sound else (UNSOUND,)
    made = edition(brief, Carried(built.identifier, built.version), built.brief.letterhead)
    put_in = tuple(_put_in(built.contents, built.brief, made, whole=whole)) if built.contents else ()
    if not whole:
        return AsBuilt((*unsound, *put_in, *_lost(built, brief, printed(made))))
    found = _as_paper(built, made) if built.contents else _as_text(built, brief, papers)
    return AsBuilt((*unsound, *put_in, *_told(found, suspect=suspect)), found.notes)


@dataclass(frozen=True, slots=True)
class _Found:
    """How a document differs from what a build makes; nowhere, or where it is `marked` as suspect nowhere else."""

    apart: Difference | None
    marked: bool = False
    notes: tuple[str, ...] = ()


def _found(made: Edition, differs: Callable[[Edition], Difference | None]) -> _Found:
    plain = differs(made)
    if plain is None:
        return _Found(None)
    marked = differs(marked_suspect(made))
    if marked is None:
        return _Found(None, marked=True)
    # One that was marked as suspect says so at its beginning.
    return _Found(plain if plain.before or not marked.before else marked)


def _as_paper(built: Document, made: Edition) -> _Found:
    return _found(made, lambda one: difference(printed(one), built.text))


def _as_text(built: Document, brief: Brief, papers: Papers) -> _Found:
    """On the paper of today, or else on that of an earlier day, first of that from which its facts are."""
    today = _on(papers.today, built, brief)
    if today.apart:
        for paper in papers.former(built.snapshot.commit):
            with suppress(BriefingError):  # a page that cannot be filled is none that this was made with
                former = _on(paper, built, brief)
                if not former.apart:
                    return replace(former, notes=(f"it was made with {paper.of}",))
    return today


def _on(paper: Paper, built: Document, brief: Brief) -> _Found:
    made = edition(brief, Carried(built.identifier, built.version), paper.letterhead)
    return _found(made, lambda one: unlike(_text(built, one, paper), built.text))


def _text(built: Document, made: Edition, paper: Paper) -> str:
    match built.format:
        case "html":
            return page_html(page(made, screen=True), css=paper.css, page_template=paper.page_template)
        case "txt":
            return plain_text(made)
        case _:
            return render(made, _stem(built.text, made.audience))


def _told(found: _Found, *, suspect: bool) -> Iterator[str]:
    if found.apart:
        yield _in_words(found.apart)
    elif suspect and not found.marked:
        yield UNMARKED


UNMARKED = "nobody has read a claim in it since a fact under it changed, which a build says on each page; it does not"


def _lost(built: Document, brief: Brief, paper: Printed) -> Iterator[str]:
    # Rows are cells on paper, or in a drawing.
    sentences = [sentence for sentence in cited_sentences(brief.body) if not sentence.is_row]
    between = (*paper.between, *paper.in_appendix) if built.contents else ()
    for place in missing([_pieces(sentence) for sentence in sentences], built.text, between):
        yield f"it does not say what its own facts give: “{sentences[place].text}”"


def _put_in(contents: PdfContents, brief: BuiltBrief, made: Edition, *, whole: bool) -> Iterator[str]:
    """What a PDF has besides its words that a build puts into none."""
    if contents.doubts:
        yield f"other programs may show it otherwise than it was read: {_listed(contents.doubts)}"
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
        said = [
            text for text in contents.described if text not in descriptions(made.tongue, brief.letterhead)
        ]
        if said:
            yield f"its files are said to be what they are not: {_listed(said)}"


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


def _stem(text: str, audience: str) -> str:
    """The name by which a Markdown document finds its pictures."""
    found = re.search(r"\]\(([^()\s/\\:]{1,200})\.figure-1\.svg\)", text)
    return found[1] if found else audience


def _in_words(apart: Difference) -> str:
    before, found, expected = (
        shortened(words, LONGEST_SHOWN) for words in (apart.before, apart.found, apart.expected)
    )
    if apart.layout:
        return f"{apart.layout}: “{found}”"
    where = f" behind “{before}”" if before else " at its beginning"
    found = f"it reads “{found}”" if found else "it ends"
    expected = f"“{expected}”" if expected else "nothing more"
    return f"{found}{where}, where its own facts and template give {expected}"


def _pieces(sentence: Sentence) -> list[str]:
    """The words of a sentence between its citations."""
    return [part.text for part in sentence.parts if isinstance(part, Text)]
