"""The text of a template → its Jinja comments. In one pass: a pattern tries each opening to the end of the text."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["comment_spans"]


def comment_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each comment begins and ends, both signs included; one that is not closed is none."""
    end = 0
    while (begin := text.find("{#", end)) >= 0 and (close := text.find("#}", begin + 2)) >= 0:
        end = close + 2
        yield begin, end
