"""Every rule of the facts file: input, and the problems with their places. The cases are in tests/cases/*.txt.

A case is `==== title`, the `facts:` (or whatever it is about), `----`, and the problems, one a line. What a case does
not say itself (schema, title, people, sources) is added below it, so that lines count from its first one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import Problem
from briefing.load import load
from briefing.rules import check_facts
from briefing.rules.base import FactsRule, ProjectRule, rules_of
from briefing.tongues import tongue_of

CASES = Path(__file__).parent / "cases"

REST = {
    "schema": "schema: 1\n",
    "title": "title: A bridge for Middleton\n",
    "as_of": "as_of: 2026-01-27\n",
    "people": """\
people:
  mayor: {name: Mayor Ann Lee, short: Lee}
  office: {name: the drafting office, short: the office}
""",
    "sources": """\
sources:
  paper: {type: article-newspaper, level: secondary, descriptor: Local newspaper., accessed: 2026-01-20}
  minutes: {type: report, level: primary, title: Minutes, descriptor: Record of the council., accessed: 2026-01-20}
  rumor: {type: webpage, title: A page nobody read, consulted: false}
""",
    "facts": """\
facts:
  opened: {kind: event, date: 1931, text: The bridge opened in 1931., cite: [{source: minutes, quote: opened in 1931}]}
""",
}
TODAY = datetime.date(2026, 2, 1)
KEPT = {
    "paper": "The mayor said the bridge is “safe for now”. It is old. It is old, she said.\n\n"
    "## Second thoughts\n\nIt is new.\n",
    "agenda": "Item 1. Opening\n\nThe chair spoke. All rose.\n\nItem 3. Other\n\nAll rose. A vote was held.\n\n"
    "Item 4. Close\n\nAll left.\n",
}


def cases() -> Iterator[tuple[str, str, str]]:
    for file in sorted(CASES.glob("*.txt")):
        for part in re.split(r"^==== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, rest = part.partition("\n")
            given, _, expected = rest.partition("----\n")
            yield f"{file.stem}: {title}", given, expected.strip()


def problems_of(given: str, kept: dict[str, str] | None = None) -> tuple[Problem, ...]:
    said = set(re.findall(r"^([a-z_]+):", given, re.MULTILINE))
    text = given + "".join(rest for key, rest in REST.items() if key not in said)
    texts = {id: text.encode() for id, text in (kept or {}).items()}
    return check_facts(load(text, "facts.yaml"), texts.get, tongue_of("en-US"), TODAY)


# What is so of nearly every case, since it says only what it is about; told where the case has "# shows RULE".
OF_EVERY_CASE = (
    "quote-unverified",
    "source-no-archive",
    "source-unused",
    "corroboration-single",
    "number-not-quoted",
    "quote-short",
)


def told(given: str) -> str:
    """The problems of a case, one a line."""
    kept = KEPT if "# kept" in given else {}
    hidden = [rule for rule in OF_EVERY_CASE if f"# shows {rule}" not in given]
    return "\n".join(str(problem) for problem in problems_of(given, kept) if problem.rule not in hidden)


@pytest.mark.parametrize(("given", "expected"), [pytest.param(g, e, id=title) for title, g, e in cases()])
def test_problems(given: str, expected: str) -> None:
    assert told(given) == expected


def test_every_rule_over_the_facts_has_a_case() -> None:
    expected = "\n".join(expected for _, _, expected in cases())
    for rule in (*rules_of(FactsRule), *rules_of(ProjectRule)):
        elsewhere = (
            "archive-changed",
            "archive-unusable",
            "corroboration-unshown",
            "language-limits",
            "quote-unverified",
        )
        if rule.id not in elsewhere:
            assert f"[{rule.id}]" in expected, f"{rule.id} has no case"


def test_kept_text_is_compared_with_its_hash() -> None:
    given = """\
sources:
  paper:
    type: article-newspaper
    level: secondary
    descriptor: Local newspaper.
    accessed: 2026-01-20
    archive:
      sha256: 0000000000000000000000000000000000000000000000000000000000000000
facts:
  old: {kind: event, date: 1931, text: It is old., cite: [{source: paper, quote: It is old}]}
"""
    found = {problem.rule: str(problem) for problem in problems_of(given, KEPT)}
    assert found["archive-changed"].startswith("facts.yaml:8:15: error: archive/paper.txt is another text")
    assert "archive-changed" not in {problem.rule for problem in problems_of(given)}


def test_quotations_that_cannot_be_verified_are_said() -> None:
    given = "facts:\n  old: {kind: event, date: 1931, text: It is old., cite: [{source: paper, quote: It is old}]}\n"
    notes = [str(problem) for problem in problems_of(given) if problem.rule == "quote-unverified"]
    assert notes == [
        "facts.yaml:10:3: note: 1 quotation is not verified here: archive/paper.txt is not kept here [quote-unverified]"
    ]
    kept = problems_of(given.replace("[{", "[{at: first line, "), KEPT)
    assert "quote-unverified" not in {problem.rule for problem in kept}


def test_a_quotation_that_is_not_in_a_very_long_text_is_told_without_the_nearest_passage() -> None:
    """Looking for one takes time with every word: seven seconds in a text of 20 million characters."""
    given = "facts:\n  old: {kind: event, date: 1931, text: It is old., cite: [{source: paper, quote: It is odd.}]}\n"
    for length, near in ((1, True), (5_000_000, False)):
        kept = {"paper": KEPT["paper"] + "x" * length}
        absent = next(problem for problem in problems_of(given, kept) if problem.rule == "quote-not-found")
        assert ("It is old" in absent.message) is near
