"""Comparison → plain text for a terminal; words deleted as `[-old-]`, inserted as `{+new+}`, as git marks them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from briefing.comparison import Comparison
from briefing.diffwriters.outline import Item, Line, Section, outline
from briefing.redlining import Run
from briefing.report.visible import visible

__all__ = ["diff_text", "marked_run"]

WIDTH = 92
_MARKS = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
# What a text could pass off as our marks.
_FORGED = re.compile(r"\[(?=-)|(?<=-)\]|\{(?=\+)|(?<=\+)\}")


def diff_text(comparison: Comparison) -> str:
    """The summary in its first line, then what changed, then the briefs."""
    told = outline(comparison)
    lines = [_harmless(f"{told.names}: {told.summary}")]
    lines += [_wrapped(note) for note in told.notes]
    for section in told.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    title = _harmless(section.title)
    yield title
    yield "-" * min(len(title), WIDTH)
    yield from map(_wrapped, section.intro)
    for item in section.items:
        yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    indent = "  "
    if item.name:
        yield _wrapped(f"{item.name}{item.about}", indent, "    ")
        indent = "      "
    for line in item.lines:
        yield _filled(_marked(line), indent, f"{indent}  ")


def _marked(line: Line) -> str:
    said = "".join(marked_run(run) for run in line.runs) if line.runs else _harmless(line.text)
    return f"{_harmless(line.label)}: {said}" if line.label else said


def marked_run(run: Run) -> str:
    """The marks stand at the words, not at the spaces around them."""
    words = run.text.strip()
    if not words:
        return run.text
    before, _, after = run.text.partition(words)
    return f"{before}{_MARKS[run.sort].format(_harmless(words))}{after}"


def _harmless(text: str) -> str:
    return _FORGED.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", visible(text))


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return _filled(_harmless(text), first, rest)


def _filled(text: str, first: str, rest: str) -> str:
    filled = textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(map(visible, filled.split("\n")))  # a CI log takes commands at the head of any line
