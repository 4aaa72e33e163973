"""Rows of the benchmark → text, JSON, and the page that is kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Row", "as_json", "as_page", "as_text"]

_HEAD = ("row", "what", "against", "seconds", "theirs", "ratio", "target", "stretch", "verdict")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. Without `seconds` it could not be made, and `note` says why.

    `per` divides the ratio where both sides did not do the same amount of work. A row without `target` only informs.
    """

    name: str
    what: str
    against: str
    seconds: float | None = None
    against_seconds: float | None = None
    target: float | None = None
    stretch: float | None = None
    note: str = ""
    per: float = 1.0
    # What else the row promises (a worker's memory, how many PDFs were made), where it does not hold.
    broken: str = ""

    @property
    def ratio(self) -> float | None:
        if self.seconds is None or self.against_seconds is None:
            return None
        return self.seconds / self.against_seconds / self.per

    @property
    def verdict(self) -> str:
        if self.ratio is None:
            return "not measured"
        if self.target is None:
            return ""
        if self.broken or self.ratio > self.target:
            return "missed"
        return "met, stretch too" if self.stretch is not None and self.ratio <= self.stretch else "met"


def as_json(rows: Sequence[Row], machine: Mapping[str, str], run: str) -> str:
    data = {
        "run": run,
        "machine": dict(machine),
        "rows": [dataclasses.asdict(row) | {"ratio": row.ratio, "verdict": row.verdict} for row in rows],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_text(rows: Sequence[Row]) -> str:
    """The table for a terminal, and below it what there is to say on single rows."""
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]
    return "\n".join([*lines, "", *_notes(rows)]).rstrip() + "\n"


def as_page(rows: Sequence[Row], machine: Mapping[str, str], run: str) -> str:
    """The table in Markdown, with the machine it was measured on."""
    table = [_HEAD, tuple("---" for _ in _HEAD), *map(_cells, rows)]
    lines = ["| " + " | ".join(line) + " |" for line in table]
    described = [f"- {name}: {value}" for name, value in machine.items()]
    parts = [
        "# The last benchmark",
        "Written by `./dev bench --write`. ARCHITECTURE.md says what is compared, and how.",
        run,
        "\n".join(lines),
        "\n".join(f"- {note}" for note in _notes(rows)),
        "## The machine",
        "\n".join(described),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        row.what,
        row.against,
        _seconds(row.seconds),
        _seconds(row.against_seconds),
        _ratio(row.ratio),
        _ratio(row.target, "≤ "),
        _ratio(row.stretch, "≤ "),
        row.verdict,
    )


def _notes(rows: Sequence[Row]) -> list[str]:
    said = [(row.name, "; ".join(filter(None, (row.broken, row.note)))) for row in rows]
    return [f"{name}: {note}" for name, note in said if note]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _ratio(value: float | None, sign: str = "") -> str:
    return "" if value is None else f"{sign}{value:.2f}"
