"""What changed between two facts files: each field is told, in words; what means the same is no change."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from factsfiles import Case, cases, data_of, edited, restyled, rewritten
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import schema
from briefing.changes import Changes
from briefing.changes import changes as changes_in
from briefing.comparison import Comparison
from briefing.diffwriters import written_diff
from briefing.facts import Facts
from briefing.load import load
from briefing.redlining import redline
from briefing.snapshots import Snapshot
from briefing.tongues import tongue_of

HERE = Path(__file__).parent
CASES, CHAIN = (HERE / "changes" / f"{name}.txt" for name in ("cases", "chain"))
BRIDGE = (HERE / "briefs" / "facts.yaml").read_text(encoding="utf-8")
RICH = (HERE / "changes" / "rich.yaml").read_text(encoding="utf-8")


def facts_of(text: str) -> Facts:
    loaded = load(text, "facts.yaml")
    assert loaded.problems == (), text
    return loaded.facts


def changes(old: Facts, new: Facts) -> Changes:
    return changes_in(old, new, tongue_of("en-US"))


def shown(old: str, new: str) -> str:
    """As `briefing diff` prints it, without any brief."""
    before, after = (Snapshot(name, load(text, name), b"") for name, text in (("old", old), ("new", new)))
    return written_diff(Comparison(before, after, changes(before.facts, after.facts), ()), "text")


def told(found: Changes) -> list[str]:
    """`changed repair-cost: quantities.amount`, a line for each that is altered."""
    lines = [f"file: {', '.join('.'.join(change.path) for change in found.head)}"] if found.head else []
    for section, altered in (("person ", found.people), ("source ", found.sources), ("", found.facts)):
        for one in altered:
            paths = ", ".join(".".join(change.path) for change in one.changes)
            rest = "".join((f" by {one.by}" if one.by else "", f" was {one.was}" if one.was else ""))
            lines.append(f"{section}{one.sort} {one.id}{rest}{f': {paths}' if paths else ''}")
    return lines


# --- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases(CASES), ids=lambda case: case.title)
def test_each_kind_of_change_in_words(case: Case, request: pytest.FixtureRequest) -> None:
    found = shown(BRIDGE, edited(BRIDGE, case.edit))
    if request.config.getoption("--update-golden"):
        CASES.write_text(
            rewritten(
                [Case(one.title, one.edit, found) if one.title == case.title else one for one in cases(CASES)]
            ),
            encoding="utf-8",
        )
    else:
        assert found.rstrip() == case.expected.rstrip()


WORDS = st.lists(st.sampled_from(["over", "the", "bridge", "$100", "ready”", "橋は", " ", "  ", "\n"])).map(
    "".join
)


@given(WORDS, WORDS)
def test_marked_words_are_both_texts_and_what_is_the_same_is_not_marked(old: str, new: str) -> None:
    runs = redline(old, new)
    assert "".join(run.text for run in runs if run.sort != "inserted") == old
    assert "".join(run.text for run in runs if run.sort != "deleted") == new
    assert {run.sort for run in redline(old, old)} <= {"kept"}


# --- what is no change --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [BRIDGE, RICH], ids=["bridge", "rich"])
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_order_indentation_quotes_wrapping_and_comments_are_no_change(text: str, seed: int) -> None:
    other = restyled(data_of(text), random.Random(seed))
    assert data_of(other).keys() == data_of(text).keys()
    assert told(changes(facts_of(text), facts_of(other))) == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("status: current\n", ""),
        ("credibility: {grade: 6}\n", ""),
        ("quantities: {a: {over: 1.5e9, unit: USD}}\n", "quantities: {a: {over: 1500000000, unit: USD}}\n"),
        ("date: 2026-01\n", "date: 2026-01/2026-01\n"),
        ("label: Ca\u0301diz\n", "label: C\u00e1diz\n"),
        ("by: a\n", "by: [a]\n"),
        ("by: [a, b]\n", "by: [b, a]\n"),
    ],
)
def test_what_is_written_otherwise_and_means_the_same_is_no_change(text: str, other: str) -> None:
    head = (
        "schema: 1\ntitle: T\nas_of: 2026-01-27\npeople: {a: {name: A}, b: {name: B}}\n"
        "sources: {s: {type: report, title: S, consulted: false}}\nfacts:\n  f:\n    kind: event\n    text: It was.\n"
        "    cite: [s]\n"
    )
    one, two = (facts_of(f"{head}    {line}") for line in (text, other))
    assert not changes(one, two)


# --- what is one --------------------------------------------------------------------------------------

# Of such a key two changes are told: one fact is compared no more, another one is; one source is cited no more.
TWICE = [["compare", "with"], ["cite"]]
# What a scalar of the rich file becomes, by its key; another text by default.
OTHERS = {
    **dict.fromkeys(
        ("as_of", "dated", "accessed", "captured", "published", "date", "review_by"), "2026-01-25"
    ),
    **dict.fromkeys(("over", "value", "low", "round"), "1"),
    **dict.fromkeys(("derived_from", "source"), "paper"),
    "cite": "draft",
    **dict.fromkeys(("depends_on", "contradicts", "with", "supersedes"), "renamed"),
    "high": "6",
    "kind": "statement",
    "level": "tertiary",
    "type": "book",
    "by": "clerk",
    "consulted": "true",
    "credibility.grade": "3",
    "reliability.grade": "B",
    "sha256": "b" * 64,
    "url": "https://other.example/",
    "tags": "other",
    "status": "retracted",
    "role": "contradicts",
    "force": "signed",
    "confidence": "high",
    "likelihood": "unlikely",
    "horizon": "2028",
    "stage": "committed",
    "unit": "days",
    "computed": "amount / whole.cost * 50 * 2",
    "doi": "10.5555/other",
    "isbn": "978-1",
}
Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The way to each scalar."""
    if isinstance(value, str):
        yield path
    else:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*path, key))


def at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data[key]
    return data


def keys_of(path: Path_) -> list[str]:
    """The keys of the format on the way: without ids, names and places in lists."""
    steps = [step for step in path if isinstance(step, str)]
    if steps[0] in ("people", "sources", "facts"):
        steps = steps[2:]
    if steps[0] in ("quantities", "accept"):
        steps = [steps[0], *steps[2:]]
    return steps


def mutated(path: Path_, value: str) -> str:
    keys = keys_of(path)
    other = OTHERS.get(".".join(keys[-2:]), OTHERS.get(keys[-1]))
    return f"{value} Otherwise." if other is None else other


RICH_PATHS = [path for path in leaves(data_of(RICH)) if path != ("schema",)]


def difference(data: Any) -> list[tuple[str, tuple[str, ...]]]:
    """The fields that are told, each with whose it is; not those that only follow from another one."""
    found = changes(facts_of(RICH), facts_of(yaml.safe_dump(data, sort_keys=False, allow_unicode=True)))
    altered = [*found.people, *found.sources, *found.facts]
    assert {one.sort for one in altered} <= {"changed", "retracted", "superseded"}
    fields = [(one.id, change.path) for one in altered for change in one.changes if not change.through]
    return [*fields, *(("", change.path) for change in found.head)]


@pytest.mark.parametrize("path", RICH_PATHS, ids=lambda path: ".".join(map(str, path)))
def test_each_field_that_changes_is_told_and_no_other(path: Path_) -> None:
    data = data_of(RICH)
    at(data, path[:-1])[path[-1]] = mutated(path, at(data, path))
    expect_told(difference(data), path)


@pytest.mark.parametrize(
    "path",
    [path for path in RICH_PATHS if len(path) > 2 and isinstance(path[-1], str)],
    ids=lambda path: ".".join(map(str, path)),
)
def test_each_field_that_is_left_out_is_told(path: Path_) -> None:
    data = data_of(RICH)
    del at(data, path[:-1])[path[-1]]
    if load(yaml.safe_dump(data), "x").problems:  # it must be there
        return
    if path[-1] == "role":  # it says what is meant without it
        assert difference(data) == []
    else:
        expect_told(difference(data), path)


def expect_told(found: list[tuple[str, tuple[str, ...]]], path: Path_) -> None:
    keys = keys_of(path)
    of = str(path[1]) if path[0] in ("people", "sources", "facts") else ""
    assert {one for one, _ in found} == {of}
    assert {told[0] for _, told in found} == {"cite" if path[2:3] == ("cite",) else keys[0]}
    assert len(found) == 1 + (keys in TWICE), found
    if keys[-1] in ("at", "quote", "role", "unit", "stage", "period") and "share" not in path:
        assert found[0][1][-1] == keys[-1]


def test_every_key_of_the_format_is_tried() -> None:
    """A key that is added to the format, and forgotten in the comparison, fails here or above."""
    tried = {keys_of(path)[-1] for path in RICH_PATHS} | {keys_of(path)[0] for path in RICH_PATHS}
    known: set[str] = set()
    models = [schema.HeaderModel, schema.PersonModel, schema.SourceModel, schema.FactModel]
    while models:
        model = models.pop()
        for name, field in model.model_fields.items():
            known.add(field.alias or name)
            models += shapes_in(field.annotation)
    aside = {"schema", "extract", "people", "sources", "facts", "numbers", "elsewhere", "locale"}
    # The words before a number are one choice.
    qualifiers = {"value", "over", "under", "about", "at_least", "at_most", "low", "high"}
    assert known - aside - qualifiers == tried - qualifiers - {"schema"}


def shapes_in(annotation: Any) -> list[type[schema.Shape]]:
    if isinstance(annotation, type) and issubclass(annotation, schema.Shape):
        return [annotation]
    return [shape for part in get_args(annotation) for shape in shapes_in(part)]


@pytest.mark.parametrize("word", ["under", "about", "at_least", "at_most", "value"])
def test_another_word_before_a_number_is_told(word: str) -> None:
    data = copy.deepcopy(data_of(RICH))
    amount = data["facts"]["everything"]["quantities"]["amount"]
    amount[word] = amount.pop("over")
    assert difference(data) == [("everything", ("quantities", "amount"))]


# --- a chain of editions ------------------------------------------------------------------------------


def test_twenty_editions_with_known_changes() -> None:
    """Each edition is compared with the one before, with the first, and with itself in five other styles."""
    chain = cases(CHAIN)
    assert len(chain) == 20
    editions = [BRIDGE]
    chance = random.Random(7)
    for case in chain:
        editions.append(edited(editions[-1], case.edit))
        old, new = map(facts_of, editions[-2:])
        assert told(changes(old, new)) == case.expected.strip().splitlines(), case.title
        alarms = [told(changes(new, facts_of(restyled(data_of(editions[-1]), chance)))) for _ in range(5)]
        assert alarms == [[]] * 5
    first, last = facts_of(editions[0]), facts_of(editions[-1])
    there, back = changes(first, last), changes(last, first)
    added, removed = (
        {one.id for one in each.facts if one.sort == sort}
        for each, sort in ((there, "added"), (back, "removed"))
    )
    assert added == removed == {"axle-limit", "rust"}
