"""Comparison → text, Markdown, JSON or HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from briefing.comparison import Comparison
from briefing.diffwriters.data import diff_json, refusal_json
from briefing.diffwriters.html import diff_html
from briefing.diffwriters.markdown import diff_markdown
from briefing.diffwriters.text import diff_text

__all__ = ["DIFF_FORMATS", "refusal_json", "written_diff"]

_WRITERS: Mapping[str, Callable[[Comparison], str]] = MappingProxyType(
    {"text": diff_text, "md": diff_markdown, "json": diff_json, "html": diff_html}
)
DIFF_FORMATS = tuple(_WRITERS)


def written_diff(comparison: Comparison, format: str) -> str:
    """The comparison in one of DIFF_FORMATS; it ends in a newline."""
    return _WRITERS[format](comparison)
