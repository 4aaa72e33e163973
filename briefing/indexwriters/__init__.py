"""Index → text, Markdown, JSON or CSV; each whole, or the matrix alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from briefing.index import Index
from briefing.indexwriters.data import index_csv, index_json, matrix_csv, matrix_json
from briefing.indexwriters.markdown import index_markdown, matrix_markdown
from briefing.indexwriters.text import index_text, matrix_text

__all__ = ["INDEX_FORMATS", "written_index"]

_Writer = Callable[[Index], str]
# The whole index (in CSV without its matrix, for one file holds one table), and the matrix.
_WRITERS: Mapping[str, tuple[_Writer, _Writer]] = MappingProxyType(
    {
        "text": (index_text, matrix_text),
        "md": (index_markdown, matrix_markdown),
        "json": (index_json, matrix_json),
        "csv": (index_csv, matrix_csv),
    }
)
INDEX_FORMATS = tuple(_WRITERS)


def written_index(index: Index, format: str, *, matrix: bool = False) -> str:
    """The index, or its matrix alone, in one of INDEX_FORMATS; it ends in a newline unless it is empty."""
    return _WRITERS[format][matrix](index)
