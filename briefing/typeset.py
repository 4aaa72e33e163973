"""A page in HTML goes in; a PDF whose appendix knows page numbers comes out, or one HTML file."""

from __future__ import annotations

import base64
import functools
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.carried import NOTHING, Carried
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.letterhead import FILE, PLAIN, Letterhead

if TYPE_CHECKING:
    from briefing import weasy

__all__ = ["LOGO", "Page", "Typeset", "page_html", "typeset"]

Pages = Mapping[str, tuple[int, ...]]
"""On which pages the element with an id stands."""

LOGO = "asset:logo"
"""The address of the logo in a page."""


_PDF = Location("PDF")
_NO_SUBSETTER = (
    "libharfbuzz-subset is missing: PDFs take longer, and their bytes are not those of other machines"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One brief as HTML fragments, and what its file says about itself.

    `page_of` are the words of `Page 2 of 5`, `pictures` the SVGs that it asks for, by address.
    """

    lang: str
    title: str
    running_title: str
    description: str
    as_of: str
    as_of_words: str
    author: str
    header: str
    body: str
    appendix: Callable[[Pages], str]
    page_of: tuple[str, str]
    carried: Carried = NOTHING
    letterhead: Letterhead = PLAIN
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF; its problems are warnings, as an error would have left none."""

    pdf: bytes
    pages: int
    body_pages: int
    problems: tuple[Problem, ...]


def page_html(page: Page, *, css: str, page_template: str) -> str:
    """The brief as one HTML file, for screen and printer. It knows no pages, so its appendix names none."""
    document = _document(page, page.appendix({}), _for_browsers(css, page), page_template)
    logo = page.letterhead.logo
    if logo is None:
        return document
    data = f"data:{logo.media_type};base64,{base64.b64encode(logo.content).decode()}"
    return document.replace(f'src="{LOGO}"', f'src="{data}"')


def typeset(
    page: Page,
    *,
    css: str,
    page_template: str,
    fonts: Path,
    assets: weasy.Assets | None = None,
    where: Location = _PDF,
    most_pages: int = 1_000,
    tell: Callable[[str], None] = lambda stage: None,
) -> Typeset:
    """The brief as PDF. Problems are at `where`; any error is raised. `tell` hears what is being done."""
    from briefing import weasy

    tell("starting WeasyPrint")
    press = weasy.press(fonts)
    logo = page.letterhead.logo
    shown = {**(assets or {}), **({LOGO: (logo.media_type, logo.content)} if logo else {})}
    shown |= {address: ("image/svg+xml", svg.encode()) for address, svg in page.pictures.items()}

    def laid_out(cited_on: Pages | None) -> _Layout:
        log = weasy.Log(where)
        appendix = "" if cited_on is None else page.appendix(cited_on)
        document = _for_print(_document(page, appendix, None, page_template))
        tell("laying out the pages")
        return _Layout(press.lay_out(document, css, shown, log), appendix, log)

    with weasy.no_garbage_collection():
        layout = _with_page_numbers(page, laid_out, press.remembered)
        for target in _links_elsewhere(layout.document.pages):
            layout.error(f"links to {target!r}; a brief links to the web or to mail", "typeset-link")
        for heading in _skipping_headings(page.header + page.body + layout.appendix):
            message = f"the heading “{heading}” skips a level; who hears the brief looks for what is missing"
            layout.log.add(Level.WARNING, message, "typeset-heading")
        pages = len(layout.document.pages)
        if pages > most_pages:
            layout.error(
                f"has {pages:,} pages; --limit pages={pages} would let it pass", "typeset-page-limit"
            )
        layout.stop_on_error()
        tell("drawing the pages")
        pdf = press.draw(layout.document, layout.log, page.carried, page.as_of)
    text = _text((page.header, page.body, layout.appendix))
    for character in sorted(layout.log.missing_characters):
        layout.error(_missing_glyph(character, text), "typeset-missing-glyph")
    if not press.has_subsetter:
        layout.log.add(Level.WARNING, _NO_SUBSETTER, "system-harfbuzz-subset")
    layout.stop_on_error()
    problems = tuple(sorted(set(layout.log.problems), key=Problem.sort_key))
    return Typeset(pdf, len(layout.document.pages), layout.body_pages, problems)


@dataclass(frozen=True, slots=True)
class _Layout:
    document: Any
    appendix: str
    log: weasy.Log

    @property
    def body_pages(self) -> int:
        """How many pages stand before the Sources."""
        pages = self.document.pages
        return next((i for i, page in enumerate(pages) if "sources" in page.anchors), len(pages))

    def pages_of_ids(self) -> dict[str, tuple[int, ...]]:
        """On which pages each element of the body stands."""
        found: dict[str, tuple[int, ...]] = {}
        for number, page in enumerate(self.document.pages[: self.body_pages], start=1):
            for name in page.anchors:
                found[name] = (*found.get(name, ()), number)
        return found

    def error(self, message: str, rule: str) -> None:
        self.log.add(Level.ERROR, message, rule)

    def stop_on_error(self) -> None:
        if any(problem.level is Level.ERROR for problem in self.log.problems):
            raise BriefingError([_where_it_stands(problem) for problem in self.log.problems])


def _where_it_stands(problem: Problem) -> Problem:
    """What WeasyPrint says of the logo is told of the letterhead, not of the brief."""
    if LOGO not in problem.message:
        return problem
    message = "the logo cannot be drawn on paper: open it in a program for drawings and save it as plain SVG"
    return Problem(Location(f"templates/house/{FILE}"), problem.level, message, "template-house")


def _with_page_numbers(
    page: Page, laid_out: Callable[[Pages | None], _Layout], remembered: dict[tuple[str, ...], Pages]
) -> _Layout:
    """The layout whose appendix names the right pages.

    The appendix begins on a new page and moves nothing in the body. So the body is laid out first, alone, to
    see where each citation stands, and then everything. Where the last brief had the same citations (as the
    memos of one mailing have), they are tried on the same pages, and most often the first layout is the last.
    """
    ids = tuple(re.findall(r'\bid="([^"]*)"', page.header + page.body))
    if ids in remembered:
        layout = laid_out(remembered[ids])
        if layout.pages_of_ids() == remembered[ids]:
            return layout
    cited_on = laid_out(None).pages_of_ids()
    layout = laid_out(cited_on)
    if layout.pages_of_ids() != cited_on:
        layout.error("the Sources must begin on a new page (`break-before: page`)", "typeset-pages")
    remembered.clear()
    remembered[ids] = cited_on
    return layout


def _document(page: Page, appendix: str, css: str | None, page_template: str) -> str:
    """The whole page; no page template may leave out what makes a brief one."""
    from markupsafe import Markup

    apart = ("appendix", "carried", "letterhead", "pictures")
    words = {name: getattr(page, name) for name in Page.__slots__ if name not in apart}
    words["identifier"] = page.carried.identifier
    words |= {"marking": page.letterhead.marking, "paper": page.letterhead.paper}
    markup = {"header": Markup(page.header), "body": Markup(page.body), "appendix": Markup(appendix)}
    # `</style` would end the element; `<\/` says the same in CSS
    style = None if css is None else Markup(css.replace("</", "<\\/"))
    try:
        text: str = _template(page_template).render(words | markup | {"css": style})
    except Exception as error:  # a template can raise anything
        raise _template_error(error) from None
    for name, part in markup.items():
        if part and text.count(part) != 1:
            message = f"must print {{{{ {name} }}}} once; no brief goes out without its frame and sources"
            raise BriefingError(Problem(Location("page.html.j2"), Level.ERROR, message, "template-page"))
    return text


@functools.lru_cache(maxsize=8)
def _template(source: str) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()  # `range` and `lipsum` have no use here but to hang
    return environment.from_string(source)


def _template_error(error: Exception) -> BriefingError:
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while line is None and trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == "<template>" else None
        trace = trace.tb_next
    message = f"cannot be filled: {error or type(error).__name__}"
    return BriefingError(Problem(Location("page.html.j2", line or 1), Level.ERROR, message, "template-page"))


def _for_browsers(css: str, page: Page) -> str:
    """The style with the words of the margins in place: browsers know no named strings (CSS GCPM 3, `string-set`)."""
    words = {"title": page.running_title, "as-of": page.as_of_words, "marking": page.letterhead.marking}
    words |= dict(zip(("page-word", "of-word"), page.page_of, strict=True))
    css = re.sub(r"\bstring-set:[^;}]*;?\s*", "", css)
    return re.sub(
        r"\bstring\(([\w-]+)\)",
        lambda name: _css_string(words[name[1]]) if name[1] in words else name[0],
        css,
    )


def _css_string(text: str) -> str:
    return '"' + re.sub(r'[\x00-\x1f"\\<]', lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _for_print(document: str) -> str:
    """The same document with hints where lines may be broken; nothing of them is in the text of the PDF.

    A word joiner keeps `https://` on one line with its host. Zero width spaces break words in italics and the
    like that are longer than a column; WeasyPrint 70 does so for words in upright letters alone.
    """
    document = re.sub(r">(https?://)(?=[^<])", ">\\1\u2060", document)
    return _INLINE.sub(lambda inline: _LONG_WORD.sub(_breakable, inline[0]), document)


_INLINE = re.compile(r"<(em|strong|span)\b[^>]*>.*?</\1>", re.DOTALL)
_LONG_WORD = re.compile(r"<a\b.*?</a>|<[^>]*>|[^\s<>]{28,}", re.DOTALL)


def _breakable(found: re.Match[str]) -> str:
    """A word that may be broken between any two letters; tags and links, which wrap by themselves, as they are.

    It has no ligatures: one that spans such a space has no text in the PDF.
    """
    word = found[0]
    if word.startswith("<"):
        return word
    letters = "\u200b".join(re.findall(r"&\w+;|&#\w+;|.", word))
    return f'<span style="font-variant-ligatures: none">{letters}</span>'


def _links_elsewhere(pages: Iterable[Any]) -> list[str]:
    links = {(kind, target) for page in pages for kind, target, *_ in page.links if kind != "internal"}
    return sorted(
        target for kind, target in links if kind != "external" or not re.match(r"https?://|mailto:", target)
    )


def _skipping_headings(document: str) -> Iterator[str]:
    """The words of each heading that is more than one level below the one before it: PDF/UA forbids that."""
    level = 0
    for found in re.finditer(r"<h([1-6])\b[^>]*>(.*?)</h\1>", document, re.DOTALL):
        if int(found[1]) > level + 1:
            yield _text([found[2]])
        level = int(found[1])


def _missing_glyph(character: str, text: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    at = text.find(character)
    context = f", in “{text[max(0, at - 30) : at + 30].strip()}”" if at >= 0 else ""
    return f"the fonts of the house cannot draw U+{ord(character):04X} {name}{context}"


def _text(fragments: Iterable[str]) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", " ".join(fragments))).split())
