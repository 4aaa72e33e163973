"""A page in HTML goes in; a PDF whose appendix knows page numbers comes out, or one HTML file."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.errors import BriefingError, Level, Location, Problem

if TYPE_CHECKING:
    from briefing import weasy

__all__ = ["Page", "Typeset", "page_html", "typeset"]

Pages = Mapping[str, tuple[int, ...]]
"""On which pages the element with an id stands."""


_PDF = Location("PDF")


@dataclass(frozen=True, slots=True)
class Page:
    """One brief as HTML fragments, and what its file says about itself."""

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


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF; its problems are warnings, as an error would have left none."""

    pdf: bytes
    pages: int
    body_pages: int
    problems: tuple[Problem, ...]


def page_html(page: Page, *, css: str, page_template: str) -> str:
    """The brief as one HTML file, for screen and printer. It knows no pages, so its appendix names none."""
    return _document(page, page.appendix({}), css, page_template)


def typeset(
    page: Page,
    *,
    css: str,
    page_template: str,
    fonts: Path,
    assets: weasy.Assets | None = None,
    where: Location = _PDF,
) -> Typeset:
    """The brief as PDF. Problems are at `where`; any error is raised."""
    from briefing import weasy

    press, log = weasy.press(fonts), weasy.Log(where)

    def laid_out(appendix: str, log: weasy.Log) -> Any:
        document = _for_print(_document(page, appendix, None, page_template))
        return press.lay_out(document, css, assets or {}, log)

    # The appendix names the pages that cite a source, so the body is laid out first, alone. The appendix
    # begins on a new page, and thus moves nothing in the body; whether that is so is checked.
    cited_on = _pages_of_ids(laid_out("", weasy.Log(where)).pages)
    appendix = page.appendix(cited_on)
    document = laid_out(appendix, log)
    body_pages = next(
        (i for i, p in enumerate(document.pages) if "sources" in p.anchors), len(document.pages)
    )
    if _pages_of_ids(document.pages[:body_pages]) != cited_on:
        log.add(Level.ERROR, "the Sources must begin on a new page (`break-before: page`)", "typeset-pages")
    for target in _links_elsewhere(document.pages):
        log.add(Level.ERROR, f"links to {target!r}; a brief links to the web or to mail", "typeset-link")
    _stop_on_error(log.problems)

    pdf = press.draw(document, log)
    text = _text((page.header, page.body, appendix))
    log.problems += [_missing_glyph(character, text, where) for character in sorted(log.missing_characters)]
    if not press.has_subsetter:
        message = (
            "libharfbuzz-subset is missing: the PDF is made more slowly, and in other bytes than elsewhere"
        )
        log.add(Level.WARNING, message, "system-harfbuzz-subset")
    _stop_on_error(log.problems)
    return Typeset(
        pdf, len(document.pages), body_pages, tuple(sorted(set(log.problems), key=Problem.sort_key))
    )


def _document(page: Page, appendix: str, css: str | None, page_template: str) -> str:
    from markupsafe import Markup

    words = {name: getattr(page, name) for name in Page.__slots__ if name != "appendix"}
    markup = {"header": Markup(page.header), "body": Markup(page.body), "appendix": Markup(appendix)}
    # `</style` would end the element; `<\/` says the same in CSS
    style = None if css is None else Markup(css.replace("</", "<\\/"))
    try:
        text: str = _template(page_template).render(words | markup | {"css": style})
    except Exception as error:  # a template can raise anything
        raise _template_error(error) from None
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


def _for_print(document: str) -> str:
    """The same document with two helps for WeasyPrint's line breaking.

    A no-break space before a link or emphasis moves into it: at the end of a run of text, Pango lets it hang
    over the edge, WeasyPrint 70 does not, and then breaks the line after its first word. And a word joiner,
    of which the PDF shows no trace, keeps `https://` on one line with its host.
    """
    document = re.sub(r"([\u00a0\u202f]+)(<(?:a|em|strong|span|code|sup)\b[^>]*>)", r"\2\1", document)
    return re.sub(r">(https?://)(?=[^<])", ">\\1\u2060", document)


def _pages_of_ids(pages: Iterable[Any]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, page in enumerate(pages, start=1):
        for name in page.anchors:
            found[name] = (*found.get(name, ()), number)
    return found


def _links_elsewhere(pages: Iterable[Any]) -> list[str]:
    links = {(kind, target) for page in pages for kind, target, *_ in page.links if kind != "internal"}
    return sorted(
        target for kind, target in links if kind != "external" or not re.match(r"https?://|mailto:", target)
    )


def _missing_glyph(character: str, text: str, where: Location) -> Problem:
    name = unicodedata.name(character, "a character without a name")
    at = text.find(character)
    context = f", in “{text[max(0, at - 30) : at + 30].strip()}”" if at >= 0 else ""
    message = f"the fonts of the house cannot draw U+{ord(character):04X} {name}{context}"
    return Problem(where, Level.ERROR, message, "typeset-missing-glyph")


def _text(fragments: Iterable[str]) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", " ".join(fragments))).split())


def _stop_on_error(problems: list[Problem]) -> None:
    if any(problem.level is Level.ERROR for problem in problems):
        raise BriefingError(problems)
