"""Comparison → Markdown for a comment on a forge or an e-mail; words deleted as `~~old~~`, inserted as `**new**`.

No paragraph is broken into lines: forges show each line of a comment as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from briefing.comparison import Comparison
from briefing.diffwriters.outline import Item, Line, Section, outline
from briefing.markdown import escaped, guarded
from briefing.redlining import Run
from briefing.report.visible import visible

__all__ = ["diff_markdown", "marked"]


def diff_markdown(comparison: Comparison) -> str:
    """Headings, paragraphs and lists."""
    told = outline(comparison)
    parts = [_heading(2, told.names), _paragraph(f"{told.summary[0].upper()}{told.summary[1:]}.")]
    parts += map(_paragraph, told.notes)
    for section in told.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield _heading(3, section.title)
    yield from map(_paragraph, section.intro)
    if section.items:
        yield "\n".join(line for item in section.items for line in _item(item))


def _item(item: Item) -> Iterator[str]:
    indent = ""
    if item.name:
        name = f"`{item.name}`" if item.name[-1] != "." else f"**{escaped(item.name)}**"
        yield f"- {name}{_text(item.about)}"
        indent = "  "
    for line in item.lines:
        yield f"{indent}- {_line(line)}"


def _line(line: Line) -> str:
    said = marked(line.runs) if line.runs else _text(line.text)
    return f"{_text(line.label)}: {said}" if line.label else guarded(said)


def _heading(level: int, text: str) -> str:
    """Number signs at the end of a heading would be taken for a part of its mark."""
    return f"{'#' * level} {_text(text).replace('#', chr(92) + '#')}"


def _paragraph(text: str) -> str:
    return guarded(_text(text))


def _text(text: str) -> str:
    return escaped(visible(text))


# --- marked words -------------------------------------------------------------------------------------

# Of a kept text each word and each space between them; of a changed one what stands between the spaces around it.
_KEPT = re.compile(r"\s+|\S+")
_CHANGED = re.compile(r"^\s+|\s+$|\S(?:.*\S)?", re.DOTALL)


def marked(runs: Sequence[Run]) -> str:
    """Marks count only with spaces around them, so a word of which a part changed is marked as a whole."""
    pieces = [
        (run.sort, piece)
        for run in runs
        for piece in (_KEPT if run.sort == "kept" else _CHANGED).findall(run.text)
    ]
    said = ""
    for is_space, group in groupby(pieces, lambda piece: piece[1].isspace()):
        said += " " if is_space else _stretch(list(group))
    return said.strip()


def _stretch(pieces: Sequence[tuple[str, str]]) -> str:
    """What has no space around its parts: kept as a whole, or the old before the new."""
    old, new = ("".join(text for sort, text in pieces if sort != other) for other in ("inserted", "deleted"))
    if all(sort == "kept" for sort, _ in pieces):
        return _text(old)
    return " ".join(f"{mark}{_text(text)}{mark}" for mark, text in (("~~", old), ("**", new)) if text)
