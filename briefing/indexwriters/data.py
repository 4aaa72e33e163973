"""Index → JSON and CSV, for machines and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from briefing.index import Index, IndexedBrief, IndexedFact, IndexedSentence, MatrixRow, Use

__all__ = ["index_csv", "index_json", "matrix_csv", "matrix_json"]

_COLUMNS = (
    "audience",
    "number",
    "heading",
    "sentence",
    "fact",
    "kind",
    "by",
    "status",
    "corroboration",
    "source number",
    "source",
    "at",
    "role",
    "quote",
)
_MATRIX_COLUMNS = ("fact", "kind", "status", "label", "corroboration")
# A spreadsheet takes what begins with one of these for a formula, the full-width forms in some languages too, and
# may skip a tab or carriage return in front (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def index_json(index: Index) -> str:
    """`{"briefs": […], "facts": […]}`"""
    return _json({"briefs": [_brief(brief) for brief in index.briefs], "facts": _facts(index)})


def matrix_json(index: Index) -> str:
    """`{"facts": […]}`"""
    return _json({"facts": _facts(index)})


def index_csv(index: Index) -> str:
    """A row for each citation of each fact of each sentence (RFC 4180)."""
    return _csv(_COLUMNS, (row for brief in index.briefs for row in _rows(brief)))


def matrix_csv(index: Index) -> str:
    """A row for each fact, a column for each brief: `used: 1, 4`, `left out` or `barred`."""
    names = [brief.audience for brief in index.briefs]
    rows = (
        [row.id, row.kind, row.status, row.label, row.corroboration, *map(_use, row.audiences.values())]
        for row in index.facts
    )
    return _csv([*_MATRIX_COLUMNS, *names], rows)


# --- JSON ---------------------------------------------------------------------------------------------


def _json(value: object) -> str:
    # ASCII only: whatever a hostile file holds stays inside its quotation marks.
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _brief(brief: IndexedBrief) -> dict[str, object]:
    return {
        "audience": brief.audience,
        "title": brief.title,
        "sentences": [_sentence(sentence) for sentence in brief.sentences],
    }


def _sentence(sentence: IndexedSentence) -> dict[str, object]:
    return {
        "number": sentence.number,
        "heading": sentence.heading,
        "sentence": sentence.text,
        "facts": [_fact(fact) for fact in sentence.facts],
    }


def _fact(fact: IndexedFact) -> dict[str, object]:
    grade = fact.credibility
    return {
        "id": fact.id,
        "kind": fact.kind,
        "status": fact.status,
        "why": fact.why,
        "text": fact.text,
        "by": list(fact.by),
        "corroboration": fact.corroboration,
        "credibility": {"grade": grade.grade, "because": grade.because} if grade else None,
        "citations": [
            {
                "number": cite.number,
                "source": cite.source,
                "title": cite.title,
                "at": cite.at,
                "quote": cite.quote,
                "role": cite.role,
            }
            for cite in fact.citations
        ],
    }


def _facts(index: Index) -> list[dict[str, object]]:
    return [_matrix_row(row) for row in index.facts]


def _matrix_row(row: MatrixRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "label": row.label,
        "corroboration": row.corroboration,
        "audiences": {name: use.status for name, use in row.audiences.items()},
        "sentences": {name: list(use.sentences) for name, use in row.audiences.items()},
    }


# --- CSV ----------------------------------------------------------------------------------------------


def _rows(brief: IndexedBrief) -> Iterator[list[object]]:
    for sentence in brief.sentences:
        for fact in sentence.facts:
            said = [brief.audience, sentence.number, sentence.heading, sentence.text]
            said += [fact.id, fact.kind, "; ".join(fact.by), fact.status, fact.corroboration]
            for cite in fact.citations:
                yield [*said, cite.number, cite.source, cite.at, cite.role, cite.quote]


def _use(use: Use) -> str:
    return f"used: {', '.join(map(str, use.sentences))}" if use.status == "used" else use.status


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)  # its line ends are those of RFC 4180
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front says that it is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
