"""Comparison → one HTML page, without scripts and without anything to fetch; changed words as `<del>` and `<ins>`."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from briefing.comparison import Comparison
from briefing.diffwriters.outline import Item, Line, Section, outline
from briefing.redlining import Run
from briefing.report.visible import visible

__all__ = ["diff_html"]

# Screen readers pass over <del> and <ins> without a word (the `hidden` words say it), and colour alone says nothing to
# who does not see it.
_STYLE = """\
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 Georgia, serif; color: #1a1a1a; }
h1, h2 { font-family: Helvetica, Arial, sans-serif; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #767676; }
ul { padding-left: 1.25rem; }
li { margin: 0.35rem 0; overflow-wrap: anywhere; }
del { color: #8a1c1c; background: #fdecec; text-decoration: line-through; }
ins { color: #14532d; background: #e7f6ec; text-decoration: underline; }
del + ins { margin-left: 0.2em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
"""
_TAGS = {"deleted": ("del", "deleted"), "inserted": ("ins", "inserted")}


def diff_html(comparison: Comparison) -> str:
    """A whole page, in UTF-8."""
    told = outline(comparison)
    head = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_text(told.names)}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
    ]
    body = [f"<h1>{_text(told.names)}</h1>", _paragraph(f"{told.summary[0].upper()}{told.summary[1:]}.")]
    body += map(_paragraph, told.notes)
    for section in told.sections:
        body += _section(section)
    return "\n".join([*head, "<body>", "<main>", *body, "</main>", "</body>", "</html>"]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_text(section.title)}</h2>"
    yield from map(_paragraph, section.intro)
    if section.items:
        yield from ("<ul>", *(line for item in section.items for line in _item(item)), "</ul>")


def _item(item: Item) -> Iterator[str]:
    lines = [f"<li>{_line(line)}</li>" for line in item.lines]
    if not item.name:
        yield from lines
        return
    yield f"<li><strong>{_text(item.name)}</strong>{_text(item.about)}"
    if lines:
        yield from ("<ul>", *lines, "</ul>")
    yield "</li>"


def _line(line: Line) -> str:
    said = "".join(map(_run, line.runs)) if line.runs else _text(line.text)
    return f"{_text(line.label)}: {said}" if line.label else said


def _run(run: Run) -> str:
    if run.sort not in _TAGS:
        return _text(run.text)
    tag, word = _TAGS[run.sort]
    before, after = (f'<span class="hidden">{said}</span>' for said in (f" [{word}: ", f" end of {word}] "))
    return f"<{tag}>{before}{_text(run.text)}{after}</{tag}>"


def _paragraph(text: str) -> str:
    return f"<p>{_text(text)}</p>"


def _text(text: str) -> str:
    return escape(visible(text))
