"""Any text in the Markdown of a brief: CommonMark and GitHub's reader give it back letter by letter, as text."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris
from markdown_it import MarkdownIt

sys.path.insert(0, str(Path(__file__).parents[2]))
with atheris.instrument_imports(include=["briefing"]):
    from briefing.document import Paragraph, Text
    from briefing.render import render_blocks
    from briefing.textguard import forbidden_characters, stacked_marks

PARSERS = [
    MarkdownIt("commonmark"),
    MarkdownIt("gfm-like", {"linkify": False}),
    MarkdownIt("js-default", {"html": True, "linkify": False, "typographer": False}),
]


def render(data: bytes) -> None:
    width, text = data[:1], " ".join(data[1:].decode("utf-8", "ignore").split())
    if not text or any(forbidden_characters(text)) or stacked_marks(text) is not None:
        return
    markdown = render_blocks([Paragraph((Text(text),))], 1 + (width[0] % 100 if width else 60))
    for parser in PARSERS:
        seen = "".join(
            {"text": child.content, "softbreak": " "}.get(child.type, f"\0{child.type}\0")
            for token in parser.parse(markdown)
            for child in token.children or []
        )
        assert seen == text, (text, markdown, seen)


atheris.Setup(sys.argv, render)
atheris.Fuzz()
