"""A web page → its article as text, and all of its text, read by a process of its own, within bounds.

A page comes from anywhere, and can be nested or repeated until a parser has no memory left; as with PDFs (`pdffiles`),
whoever reads it has bounds, and hands over plain text, or a word that says why not. The article is what trafilatura
takes for it; what it adds to mark lists and tables is left out: a quotation is compared with the source's own words.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.keeping.refusing import refused
from briefing.limits import OUT_OF_MEMORY, cpu_limit, file_limits, memory_limit

__all__ = ["MOST_BYTES_OF_A_PAGE", "PageText", "page_text", "serve"]

MOST_BYTES_OF_A_PAGE = 20_000_000
_MEMORY = 2 * 1024**3
_CPU_SECONDS = 30
_SECONDS = 60
_START = (
    *("-P", "-c"),
    "import sys; sys.path.insert(0, sys.argv[1]); from briefing.keeping.pages import serve; serve()",
)


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of what was taken for the article of a page, or none; and those of all that a browser shows of it."""

    article: str
    whole: str


def page_text(html: str) -> PageText:
    """UsageError, in words, for a page that takes more than it may."""
    root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            [sys.executable, *_START, root],
            input=html.encode("utf-8", "replace"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # it was killed, or had no memory left
        raise refused(
            "the page takes more time or memory than a page may; copy its text into a file, and name that"
        ) from None
    return PageText(answer["article"], answer["whole"])


# --- in the process of its own ------------------------------------------------------------------------


def serve() -> None:
    """Write what is in the page on standard input to standard output."""
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    memory_limit(_MEMORY)
    with contextlib.suppress(ImportError):  # a system without such limits; the clock is left
        cpu_limit(_CPU_SECONDS)
    file_limits(0)
    try:
        answer = _read(sys.stdin.buffer.read().decode("utf-8"))
        with open(answers, "w", encoding="ascii") as file:
            json.dump(answer, file)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _read(html: str) -> dict[str, str]:
    from lxml import html as parser  # imported here: costs 400 ms together, and nobody else needs it
    from trafilatura import bare_extraction

    article = bare_extraction(html, include_comments=False, include_tables=True, favor_recall=True)
    body = getattr(article, "body", None)
    try:  # as bytes: of a text that names an encoding it takes none
        page = parser.document_fromstring(html.encode("utf-8"), parser.HTMLParser(encoding="utf-8"))
    except parser.etree.ParserError:  # there is nothing in it
        page = None
    return {"article": _words(body), "whole": _words(page)}


# What stands on lines of its own, in HTML and in what trafilatura makes of it.
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol option p pre search"
    " section select summary table tbody tfoot thead title tr ul"
    " ab item lb list quote row".split()
)
_CELLS = frozenset(("cell", "td", "th"))
_UNSEEN = frozenset(
    "canvas iframe math noscript object script style svg template textarea video audio".split()
)
# What a browser shows only where a line ends there, or not at all.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def _words(top: Any) -> str:
    """The words below an element, a line for each block."""
    if top is None:
        return ""
    lines = "".join(_pieces(top)).split("\n")
    shown = (" ".join(_INVISIBLE.sub("", line).split()) for line in lines)
    return "\n".join(filter(None, shown))


def _pieces(top: Any) -> Iterator[str]:
    """The words in order, with line feeds around blocks. Without recursion: pages may be nested deeply."""
    todo: list[tuple[Any, bool]] = [(top, False)]
    while todo:
        node, done = todo.pop()
        name = node.tag if isinstance(node.tag, str) else ""
        around = "\n" if name in _BLOCKS else " " if name in _CELLS else ""
        if not done:
            yield around
            todo.append((node, True))
            if name and name not in _UNSEEN:
                yield _spaced(node.text)
                todo += ((child, False) for child in reversed(node))
        else:
            yield around
            if node is not top:
                yield _spaced(node.tail)


def _spaced(text: str | None) -> str:
    """Line feeds in the source of a page are spaces to a browser."""
    return re.sub(r"\s+", " ", text) if text else ""
