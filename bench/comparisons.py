"""The comparisons B1–B11, and what the product adds: a workshop → rows. The targets stand here and nowhere else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.measure import Contender, Failed, Taken, interleaved
from bench.projects import change_fact, change_recipient
from bench.table import Row
from bench.workshop import Workshop, briefing, has_typst, run
from briefing.weasy import VARIANT

__all__ = ["COMPARISONS"]

# Of the largest process of a mailing, in MiB; and by how much it may grow from a quarter of the memos to all.
_MOST_MEMORY, _MOST_GROWTH = 120, 1.1


def _cold(shop: Workshop) -> list[Row]:
    row = Row("B1", "cold, 3 briefs, Markdown and PDF, 1 job", "raw stack", target=0.65, stretch=0.5)
    jobs = ["--jobs", "1"]
    if _lacking(shop, row, "--jobs"):
        jobs = []
        row = replace(row, note="without --jobs, which this version does not have")
    return [_against_raw(shop, row, shop.tool(shop.three, *jobs, cold=True))]


def _cold_two_jobs(shop: Workshop) -> list[Row]:
    row = Row("B2", "the same, 2 jobs", "raw stack", target=0.5, stretch=0.38)
    if lacking := _lacking(shop, row, "--jobs"):
        return lacking
    return [_against_raw(shop, row, shop.tool(shop.three, "--jobs", "2", cold=True))]


def _markdown(shop: Workshop) -> list[Row]:
    row = Row("B3", "cold, 3 briefs, Markdown only", "raw stack, Markdown only", target=1.4, stretch=1.2)
    tool = shop.tool(shop.three, "--format", "md", cold=True)
    raw = shop.raw_stack(shop.raw(shop.three), "--markdown")
    return [_compared(row, shop.sizes.starts, tool, raw)]


def _nothing_changed(shop: Workshop) -> list[Row]:
    row = Row("B4", "nothing changed, 3 briefs", "python -c pass", target=1.5, stretch=1.25)
    tool = shop.tool(shop.three)
    run(list(tool.command), shop.three)
    return [_compared(row, shop.sizes.starts, tool, shop.python())]


def _no_memo_changed(shop: Workshop) -> list[Row]:
    row = Row("B5", f"nothing changed, {shop.sizes.memos} memos", "python -c pass", target=5, stretch=2)
    if lacking := _lacking(shop, row, "--for"):
        return lacking
    tool = _mailing(shop, shop.mailing)
    run(list(tool.command), shop.mailing)
    return [_compared(row, shop.sizes.starts, tool, shop.python())]


def _one_fact_changed(shop: Workshop) -> list[Row]:
    row = Row("B6", "one fact changed, one of 3 briefs uses it", "raw stack", target=0.4, stretch=0.29)
    run(list(shop.tool(shop.three).command), shop.three)
    tool, changed = _after(change_fact, shop.tool(shop.three))
    return [_with_changes(_against_raw(shop, row, tool), changed)]


def _one_recipient_changed(shop: Workshop) -> list[Row]:
    what = f"one of {shop.sizes.memos} recipients changed"
    row = Row("B7", what, "raw stack, 3 briefs", target=0.45, stretch=0.35)
    if lacking := _lacking(shop, row, "--for"):
        return lacking
    run(list(_mailing(shop, shop.mailing).command), shop.mailing)
    tool, changed = _after(change_recipient, _mailing(shop, shop.mailing))
    return [_with_changes(_against_raw(shop, row, tool), changed)]


def _memos(shop: Workshop) -> list[Row]:
    what = f"cold, {shop.sizes.memos} memos"
    rows = [
        Row("B8a", f"{what}, 1 job", "raw loop", target=0.7, stretch=0.52),
        Row("B8b", f"{what}, 2 jobs", "raw loop", target=0.4, stretch=0.3),
    ]
    if any(lacking := [each for row in rows for each in _lacking(shop, row, "--for", "--jobs")]):
        return lacking
    contenders = [_mailing(shop, shop.mailing, "--jobs", jobs, cold=True) for jobs in "12"]
    raw = shop.raw_stack(shop.raw_mailing, "--for")
    *taken, loop = interleaved(shop.sizes.long_rounds, [*contenders, raw], warm=False)
    quarter = [_mailing(shop, shop.quarter_mailing, "--jobs", jobs, cold=True) for jobs in "12"]
    fewer = interleaved(1, quarter, warm=False)
    return [
        _with_memory(_measured(row, one, loop), one, less)
        for row, one, less in zip(rows, taken, fewer, strict=True)
    ]


def _long_brief(shop: Workshop) -> list[Row]:
    many, few = shop.sizes.facts, shop.sizes.few_facts
    whole = Row("B9a", f"cold, one brief of {many:,} facts", "raw stack", target=0.75, stretch=0.5)
    each = Row("B9b", f"cost per fact at {many:,} facts", f"at {few:,}", target=1.2, per=many / few)
    long, short = (shop.tool(shop.long(count), cold=True) for count in (many, few))
    raw = shop.raw_stack(shop.raw(shop.long(many)))
    tool, less, stack = interleaved(shop.sizes.long_rounds, [long, short, raw], warm=False)
    each = replace(each, note="seconds are those of the whole briefs, the ratio is per fact")
    return [_measured(whole, tool, stack), _measured(each, tool, less)]


def _loading(shop: Workshop) -> list[Row]:
    row = Row(
        "B10",
        f"load and validate {shop.sizes.facts:,} facts",
        "yaml.load, C loader",
        target=0.7,
        stretch=0.45,
        note="without what starting and importing take",
    )
    project = shop.long(shop.sizes.facts)
    return [_compared(row, shop.sizes.rounds, *(shop.loading(how, project) for how in ("briefing", "yaml")))]


def _help(shop: Workshop) -> list[Row]:
    row = Row("B11", "--help", "python -c pass", target=7, stretch=5.5)
    return [_compared(row, shop.sizes.starts, Contender(briefing("--help"), shop.folder), shop.python())]


def _added(shop: Workshop) -> list[Row]:
    """What the product's PDFs have and the raw stack's have not, added to the raw stack."""
    raw = shop.raw(shop.three)
    tags = ("--variant", VARIANT)
    rows = [
        Row("P1", f"raw stack, with tags and {VARIANT.upper()}", "raw stack"),
        Row("P2", "raw stack, with page references too", "raw stack"),
    ]
    contenders = [
        shop.raw_stack(raw, *tags),
        shop.raw_stack(raw, *tags, "--page-references"),
        shop.raw_stack(raw),
    ]
    *taken, plain = interleaved(shop.sizes.rounds, contenders)
    return [_measured(row, one, plain) for row, one in zip(rows, taken, strict=True)]


def _peer(shop: Workshop) -> list[Row]:
    row = Row("T1", "the same 3 briefs in Typst, PDF only", "raw stack")
    if not has_typst():
        return [replace(row, note="the wheel `typst` is not installed")]
    return [_against_raw(shop, row, shop.typst_briefs())]


COMPARISONS: dict[str, Callable[[Workshop], list[Row]]] = {
    "B1": _cold,
    "B2": _cold_two_jobs,
    "B3": _markdown,
    "B4": _nothing_changed,
    "B5": _no_memo_changed,
    "B6": _one_fact_changed,
    "B7": _one_recipient_changed,
    "B8": _memos,
    "B9": _long_brief,
    "B10": _loading,
    "B11": _help,
    "P": _added,
    "T": _peer,
}
"""By the name that `--rows` takes; one comparison can give several rows."""


def _against_raw(shop: Workshop, row: Row, contender: Contender) -> Row:
    return _compared(row, shop.sizes.rounds, contender, shop.raw_stack(shop.raw(shop.three)))


def _compared(row: Row, rounds: int, contender: Contender, base: Contender) -> Row:
    try:
        return _measured(row, *interleaved(rounds, [contender, base]))
    except Failed as error:
        return replace(row, note=str(error))


def _measured(row: Row, taken: Taken, base: Taken) -> Row:
    rounds = f"{taken.rounds} rounds" if taken.rounds > 1 else "one round"
    note = f"{row.note}; {rounds}" if row.note else rounds
    return replace(row, seconds=taken.seconds, against_seconds=base.seconds, note=note)


def _lacking(shop: Workshop, row: Row, *options: str) -> list[Row]:
    missing = [option for option in options if not re.search(rf"{option}\b", shop.options)]
    return [replace(row, note=f"not yet available: no {' and no '.join(missing)}")] if missing else []


def _mailing(shop: Workshop, project: Path, *arguments: str, cold: bool = False) -> Contender:
    return shop.tool(project, "memo", "--for", "recipients.csv", *arguments, cold=cold)


def _after(change: Callable[[Path], None], contender: Contender) -> tuple[Contender, Callable[[], int]]:
    """The contender, which finds something changed at each start; and how many PDFs its last start changed."""
    before: dict[Path, bytes] = {}

    def prepare() -> None:
        before.clear()
        before.update(_fingerprints(contender.folder))
        change(contender.folder)

    def changed() -> int:
        return len(set(_fingerprints(contender.folder).items()) - set(before.items()))

    return replace(contender, before=prepare), changed


def _fingerprints(project: Path) -> dict[Path, bytes]:
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in (project / "out").rglob("*.pdf")}


def _with_changes(row: Row, changed: Callable[[], int]) -> Row:
    if row.seconds is None:
        return row
    count = changed()
    return row if count == 1 else replace(row, broken=f"{count} PDFs changed, not one")


def _with_memory(row: Row, taken: Taken, fewer: Taken) -> Row:
    said = f"largest process {taken.memory:.0f} MiB, with a quarter of the memos {fewer.memory:.0f} MiB"
    if taken.memory > _MOST_MEMORY or taken.memory > fewer.memory * _MOST_GROWTH:
        return replace(row, broken=f"{said}; at most {_MOST_MEMORY} MiB and flat was promised")
    return replace(row, note=f"{row.note}; {said}")
