"""A page in HTML goes in, a PDF with page numbers in its appendix comes out (or one self-contained HTML file)."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.errors import BriefingError, Level, Location, Problem

__all__ = ["Page", "Typeset", "page_html", "typeset"]

VARIANT = "pdf/ua-1"
SOURCES = "sources"  # the id of the section that ends the body

Pages = Mapping[str, tuple[int, ...]]


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
    pdf: bytes
    pages: int
    body_pages: int
    problems: tuple[Problem, ...]


def page_html(page: Page, *, css: str, page_template: str) -> str:
    """The whole page as one HTML file that needs no other; it has no pages, so the appendix names none."""
    return _document(page, page.appendix({}), page_template, css)


def typeset(
    page: Page,
    *,
    css: str,
    page_template: str,
    fonts: Path,
    assets: Mapping[str, tuple[str, bytes]] | None = None,
    where: Location = Location("PDF"),
) -> Typeset:
    """The page as PDF. `assets` are the images it may show: address → (media type, content).

    Raises `BriefingError` when anything was asked for from outside, is missing, or cannot be drawn.
    """
    from briefing import weasy

    press, log = weasy.press(fonts), weasy.Log(where)

    def laid_out(appendix: str) -> Any:
        document = _for_print(_document(page, appendix, page_template, None))
        return press.render(document, css, log, assets or {}, VARIANT)

    # The appendix says which pages cite a source, so the body is laid out first, alone. It does not change
    # when the appendix follows, as that begins on a new page; whether this is so is checked.
    cited_on = _pages_of_anchors(laid_out("").pages)
    appendix = page.appendix(cited_on)
    document = laid_out(appendix)
    body_pages = _body_pages(document.pages)
    if _pages_of_anchors(document.pages[:body_pages]) != cited_on:
        log.add(
            Level.ERROR,
            "the Sources do not begin on a new page, so page numbers in them may be wrong",
            "typeset-pages",
        )
    for target in _forbidden_links(document.pages):
        log.add(Level.ERROR, f"{target!r} is no link to the web or an address for mail", "typeset-link")
    _stop_on_error(log.problems)

    pdf = press.write(document, log, pdf_variant=VARIANT, pdf_tags=True, finisher=_finish)
    for character in sorted(log.missing_characters):
        context = _context(chr(character), (page.header, page.body, appendix))
        log.problems.append(weasy.missing_glyph(character, where, context))
    if not press.can_subset:
        log.add(
            Level.WARNING,
            "libharfbuzz-subset is not installed: the PDF differs in its bytes",
            "system-harfbuzz-subset",
        )
    _stop_on_error(log.problems)
    return Typeset(pdf, len(document.pages), body_pages, tuple(sorted(log.problems, key=Problem.sort_key)))


def _document(page: Page, appendix: str, page_template: str, css: str | None) -> str:
    from markupsafe import Markup

    parts = {
        name: getattr(page, name) for name in Page.__slots__ if name not in ("header", "body", "appendix")
    }
    return _template(page_template).render(
        parts,
        header=Markup(page.header),
        body=Markup(page.body),
        appendix=Markup(appendix),
        # `</style` inside would end the element; `<\/` means the same in CSS
        css=None if css is None else Markup(css.replace("</", "<\\/")),
    )


@functools.lru_cache(maxsize=8)
def _template(source: str) -> Any:
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        return environment.from_string(source)
    except TemplateError as error:
        place = Location("page.html.j2", getattr(error, "lineno", None) or 1)
        raise BriefingError(Problem(place, Level.ERROR, str(error.message), "template-page")) from None


def _for_print(document: str) -> str:
    """The same document with two helps for WeasyPrint's line breaking.

    A no-break space before a link or emphasis is moved inside it: at the end of a run of text, Pango lets it
    hang over the edge, WeasyPrint 70 does not, and then breaks the line after its first word. And a printed
    address is not broken between `https://` and its host.
    """
    document = re.sub(r"([\u00a0\u202f]+)(<(?:a|em|strong|span|code|sup)\b[^>]*>)", r"\2\1", document)
    return re.sub(r">(https?://[^/<\s]{1,60})", r'><span class="host">\1</span>', document)


def _pages_of_anchors(pages: list[Any]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, page in enumerate(pages, start=1):
        for name in page.anchors:
            found[name] = (*found.get(name, ()), number)
    return found


def _body_pages(pages: list[Any]) -> int:
    return next((i for i, page in enumerate(pages) if SOURCES in page.anchors), len(pages))


def _forbidden_links(pages: list[Any]) -> list[str]:
    links = {(kind, target) for page in pages for kind, target, *_ in page.links if kind != "internal"}
    return sorted(t for kind, t in links if kind != "external" or not re.match(r"(https?://|mailto:)", t))


def _context(character: str, fragments: tuple[str, ...]) -> str:
    """Where a character stands: ` (in “a few words around it”)`."""
    for fragment in fragments:
        text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", fragment)).split())
        if character in text:
            at = text.index(character)
            return f" (in “{text[max(0, at - 25) : at + 25]}”)"
    return ""


def _finish(document: Any, pdf: Any) -> None:
    """Let a link's description be its words; WeasyPrint writes the name of its target."""
    for page in document.pages:
        for _, _, _, box in page.links:
            words = " ".join("".join(box.element.itertext()).split()) if box.element is not None else ""
            if words and getattr(box, "link_annotation", None):
                box.link_annotation["Contents"] = _pdf_text(words)


def _pdf_text(text: str) -> Any:
    import pydyf  # type: ignore[import-untyped]

    return pydyf.String(text)


def _stop_on_error(problems: list[Problem]) -> None:
    if any(problem.level is Level.ERROR for problem in problems):
        raise BriefingError(problems)
