"""Formulas: how they are read, that bounds hold whatever the numbers are, and what becomes of quantities."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from briefing.computing import computed
from briefing.errors import Level
from briefing.facts import Citation, Computation, Fact, Facts, Quantity, Source
from briefing.formulas import Formula, FormulaError, Reference, parse
from briefing.intervals import End, Interval, Undetermined, between, claim, decimal_of
from briefing.load import load
from briefing.project import open_project
from briefing.prose import opens_sentence, without_citations
from briefing.tongues import tongue_of

# --- reading ------------------------------------------------------------------------------------------


def shown(formula: Formula) -> str:
    return " ".join(map(str, formula.steps))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a", "a"),
        ("a-b.c-d - e-2.f", "a-b.c-d e-2.f -"),
        ("aid-since-2022.amount / 4", "aid-since-2022.amount 4 /"),
        ("a + b * c", "a b c * +"),
        ("(a + b) * c", "a b + c *"),
        ("a - b - c", "a b - c -"),
        ("a / b / c * d", "a b / c / d *"),
        ("a*-2+b", "a -2 * b +"),
        ("a - 0.5e-3", "a 0.0005 -"),
        ("100e9 / a", "1.00E+11 a /"),
        ("2024.a", "2024.a"),
        ("2024 * 4a", "2024 4a *"),
        ("((a))", "a"),
    ],
)
def test_order_of_steps(text: str, steps: str) -> None:
    assert shown(parse(text)) == steps


def test_references_are_named_once_in_order() -> None:
    assert parse("b.x + a - b.x * 2").references == (Reference("b", "x"), Reference("", "a"))


SIGNS = st.sampled_from(["+", "-", "*", "/", "(", ")", " ", "a", "b-c.d", "4", "0.5", "1e9", "-", "−", ","])


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=40), st.lists(SIGNS, max_size=30).map(" ".join)))
@example("(" * 2000)
@example("a+" * 999 + "a")
def test_whatever_is_written_is_read_or_refused_with_a_reason(text: str) -> None:
    refused: FormulaError | None = None
    try:
        steps = parse(text).steps
    except FormulaError as error:
        refused = error
    if refused is None:
        assert len(steps) == 2 * sum(isinstance(step, str) for step in steps) + 1 <= 199
    else:
        assert len(str(refused)) > 10
        assert refused.fragment in text


TERMS = st.recursive(
    st.integers(1, 99).map(str),
    lambda inner: st.lists(inner, min_size=2, max_size=4).flatmap(
        lambda terms: st.lists(st.sampled_from("+-*/"), min_size=len(terms) - 1, max_size=len(terms) - 1).map(
            lambda signs: (
                "(" + " ".join(x for pair in zip(["", *signs], terms, strict=True) for x in pair) + ")"
            )
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(TERMS)
def test_arithmetic_is_that_of_python_on_fractions(term: str) -> None:
    try:
        expected = eval(re.sub(r"\d+", r"Fraction(\g<0>)", term), {"Fraction": Fraction})
    except ZeroDivisionError:
        expected = None
    found = result({"x": Quantity("value", Decimal(1))}, f"x * ({term})", digits=15)
    if expected is None:
        assert found.computed
        assert found.computed.fault
        assert found.computed.fault.rule == "number-zero"
    elif abs(expected) < 10**17 and (expected == 0 or abs(expected) > Fraction(1, 10**14)):
        assert found.computed
        assert not found.computed.fault
        assert abs(Fraction(found.low) - expected) * 2 <= abs(expected) / 10**14


# --- bounds -------------------------------------------------------------------------------------------

# Small ones meet at nought and at each other; the large and fine ones need rounding.
NUMBERS = st.one_of(
    st.integers(-4, 4).map(Fraction), st.integers(-(10**6), 10**6).map(lambda number: Fraction(number, 7))
)
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


@st.composite
def intervals_and_numbers(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """Something known of a number, and a number of which it is true."""
    low, number, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    left, right = (
        draw(st.sampled_from(["closed", "open", "far"])),
        draw(st.sampled_from(["closed", "open", "far"])),
    )
    below, above = End(low, left == "open" and low < number), End(high, right == "open" and high > number)
    far = End(math.inf, True)
    return Interval(-far if left == "far" else below, far if right == "far" else above), number


@settings(max_examples=300)
@given(intervals_and_numbers(), intervals_and_numbers(), st.sampled_from("+-*/"))
def test_a_result_holds_every_value_that_the_operands_allow(
    one: tuple[Interval, Fraction], other: tuple[Interval, Fraction], sign: str
) -> None:
    assume(not (sign == "/" and Fraction(0) in other[0]))
    found = OPERATIONS[sign](one[0], other[0])
    assert OPERATIONS[sign](one[1], other[1]) in found


@settings(max_examples=300)
@given(intervals_and_numbers(), st.integers(0, 4))
def test_what_is_printed_is_true_of_every_value(known: tuple[Interval, Fraction], digits: int) -> None:
    interval, number = known
    try:
        qualifier, numbers = claim(interval)
        low, *high = decimal_of(qualifier, numbers, digits)
    except Undetermined:
        return
    if qualifier == "value":
        assert number == numbers[0]
        assert abs(Fraction(low) - number) <= (abs(number) / 10 ** (digits - 1) if digits else 0)
    else:
        assert number in between(qualifier, low, high[0] if high else None)


@pytest.mark.parametrize(
    ("number", "digits", "rounded"),
    [
        ("100e9/3", 3, "33.3E+9"),
        ("5/2", 1, "2"),  # half to even
        ("7/2", 1, "4"),
        ("4996", 2, "5.0E+3"),
        ("999.6", 3, "1.00E+3"),
        ("1/3000", 2, "0.00033"),
        ("-5/3", 2, "-1.7"),
        ("40.96", 3, "41.0"),
        ("25e9", 3, "25000000000"),
        ("0", 3, "0"),
    ],
)
def test_rounding_to_the_nearest(number: str, digits: int, rounded: str) -> None:
    top, _, below = number.partition("/")
    (found,) = decimal_of("value", (Fraction(top) / Fraction(below or "1"),), digits)
    assert found == Decimal(rounded)
    assert f"{found:f}" == f"{Decimal(rounded):f}"


def test_no_result_is_exact_beyond_what_can_be_written() -> None:
    for number, digits in (
        (Fraction(1, 3), 0),
        (Fraction(1, 2**40), 0),
        (Fraction(10**18), 3),
        (Fraction(1, 10**31), 2),
    ):
        with pytest.raises(Undetermined):
            decimal_of("value", (number,), digits)


# --- quantities ---------------------------------------------------------------------------------------

DAY = datetime.date(2026, 1, 27)


def facts_of(*facts: Fact) -> Facts:
    sources = {name: Source(name, n, "report") for n, name in enumerate("ab", start=1)}
    return Facts("facts.yaml", "t", DAY, DAY, {}, sources, {fact.id: fact for fact in facts})


def figure(id: str, quantities: dict[str, Quantity], cited: str = "a") -> Fact:
    return Fact(id, "figure", "x.", tuple(Citation(source) for source in cited), quantities=quantities)


def formula(text: str, digits: int = 0) -> Quantity:
    return Quantity("value", Decimal(0), computed=Computation(text, digits))


def result(given: dict[str, Quantity], text: str, digits: int = 0) -> Quantity:
    done = computed(facts_of(figure("f", {**given, "result": formula(text, digits)})), ())
    return done.facts["f"].quantities["result"]


def usd(qualifier: str, number: str, high: str = "") -> Quantity:
    return Quantity(qualifier, Decimal(number), Decimal(high) if high else None, "USD")


@pytest.mark.parametrize(
    ("quantity", "text", "digits", "words"),
    [
        (usd("over", "100e9"), "x / 4", 0, "over $25 billion"),
        (usd("over", "100e9"), "x / 3", 3, "over $33.3 billion"),
        (usd("over", "100e9"), "x * -1", 0, "under −$100 billion"),
        (usd("under", "100e9"), "x / 3", 3, "under $33.4 billion"),
        (usd("at_least", "100e9"), "x + x", 0, "at least $200 billion"),
        (usd("at_most", "10e9"), "x * 2", 0, "at most $20 billion"),
        (usd("about", "10e9"), "x / 8", 2, "about $1.2 billion"),
        (usd("value", "10e9"), "x / 3", 2, "$3.3 billion"),
        (usd("range", "2e6", "3e6"), "x / 7", 2, "$280,000 to $430,000"),
        (usd("range", "2e6", "3e6"), "x * -1", 0, "−$3 million to −$2 million"),
        (usd("range", "2e6", "3e6"), "x * 0", 0, "$0"),
        (usd("over", "100"), "1000 * x / x / (x / x)", 0, ""),
    ],
)
def test_qualifiers_are_carried_through(quantity: Quantity, text: str, digits: int, words: str) -> None:
    found = result({"x": quantity}, text, digits)
    assert found.computed
    assert (found.computed.fault is not None) == (not words)
    if words:
        assert tongue_of("en-US").quantity(found) == words
        assert found.unit == "USD"


@pytest.mark.parametrize(
    ("one", "other", "text", "words"),
    [
        (usd("value", "5"), usd("over", "10"), "one / other * 100", "under 50"),
        (usd("value", "5"), usd("at_least", "10"), "one / other", "at most 0.5"),
        (usd("value", "5"), usd("over", "10"), "one - other", "under −$5"),
        (usd("over", "5"), usd("at_least", "10"), "one + other", "over $15"),
        (usd("over", "5"), usd("under", "10"), "one - other", "over −$5"),
        (usd("about", "5"), usd("value", "10"), "one + other", "about $15"),
        (usd("range", "5", "6"), usd("range", "1", "2"), "one - other", "$3 to $5"),
        (usd("over", "5"), usd("range", "1", "2"), "one - other", "over $3"),
    ],
)
def test_qualifiers_of_two(one: Quantity, other: Quantity, text: str, words: str) -> None:
    assert tongue_of("en-US").quantity(result({"one": one, "other": other}, text)) == words


def test_what_is_computed_from_a_rounded_number_is_about() -> None:
    given = {"x": usd("value", "10e9"), "third": formula("x / 3", 2), "even": formula("x / 4", 2)}
    assert tongue_of("en-US").quantity(result(given, "third * 3")) == "about $9.9 billion"
    assert tongue_of("en-US").quantity(result(given, "even * 4")) == "$10 billion"


def test_stage_and_period_are_those_of_the_operands() -> None:
    money = replace(usd("value", "8"), stage="obligated", period="2025")
    found = result({"x": money}, "x / 2")
    assert (found.unit, found.stage, found.period) == ("USD", "obligated", "2025")
    ratio = result({"x": money}, "x / x")
    assert (ratio.unit, ratio.stage, ratio.period) == ("", "", "2025")


def test_what_a_fact_rests_on_comes_before_what_rests_on_it() -> None:
    done = computed(
        facts_of(
            figure("c", {"z": formula("b.y + a.x + here"), "here": usd("value", "1")}),
            figure("b", {"y": formula("a.x * 2")}),
            figure("a", {"x": usd("value", "5")}),
        ),
        (),
    )
    made = done.facts["c"].quantities["z"].computed
    assert made
    assert made.basis == (("a", "x"), ("b", "y"), ("c", "here"))
    assert done.facts["c"].basis == ("a", "b")
    assert tongue_of("en-US").quantity(done.facts["c"].quantities["z"]) == "$16"


@pytest.mark.parametrize(("own", "below", "number"), [("ab", "ab", 2), ("ab", "a", 1), ("a", "ab", 1)])
def test_a_computed_fact_is_no_better_supported_than_what_it_rests_on(
    own: str, below: str, number: int
) -> None:
    facts = facts_of(figure("f", {"y": formula("g.x")}, own), figure("g", {"x": usd("value", "5")}, below))
    done = computed(facts, ())
    assert done.corroboration(done.facts["f"]) == number


def test_a_long_chain_is_worked_out_as_far_as_a_reader_could_follow() -> None:
    chain = [figure(f"f{n}", {"x": formula(f"f{n - 1}.x + f0.x")}) for n in range(5_000, 0, -1)]
    done = computed(facts_of(*chain, figure("f0", {"x": usd("value", "1")})), ()).facts
    assert done["f100"].quantities["x"].low == 101
    faults = [
        (id, quantity.computed.fault.rule)
        for id, fact in done.items()
        for quantity in fact.quantities.values()
        if quantity.computed and quantity.computed.fault
    ]
    assert len(faults) == 4_900
    assert [fault for fault in faults if fault[1]] == [("f101", "number-computed")]
    assert max(len(fact.basis) for fact in done.values()) <= 100


def test_squares_of_squares_end_before_the_memory_does() -> None:
    given = {"x0": Quantity("value", Decimal("0.3"))}
    given |= {f"x{n}": formula(f"x{n - 1} * x{n - 1}", 3) for n in range(1, 60)}
    faults = [
        quantity.computed.fault
        for quantity in computed(facts_of(figure("f", given)), ()).facts["f"].quantities.values()
        if quantity.computed and quantity.computed.fault
    ]
    assert [fault.message for fault in faults if fault.rule] == [
        "the formula gives a smaller fraction than anything that is counted here"
    ]


def test_a_formula_of_many_long_numbers_is_refused() -> None:
    found = result({"x": Quantity("value", Decimal("1e-99"))}, " / ".join(["x"] * 100), digits=3)
    assert found.computed
    assert found.computed.fault


def test_an_error_bars_what_is_computed_from_it(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(
        """\
schema: 1
title: Cost
as_of: 2026-01-27
sources:
  minutes: {type: report, level: primary, title: M, descriptor: D., accessed: 2026-01-20}
facts:
  cost: {kind: figure, text: "{a}.", quantities: {a: {value: 4, unit: $}}, cite: [{source: minutes, quote: "4"}]}
  half: {kind: figure, text: "{a}.", quantities: {a: {computed: cost.a / 2}}, cite: [{source: minutes, quote: "4"}]}
  nought: {kind: figure, text: "{a}.", quantities: {a: {computed: sound.a / 0}}, cite: [{source: minutes, quote: "4"}]}
  third: {kind: figure, text: "{a}.", quantities: {a: {computed: nought.a / 3}}, cite: [{source: minutes, quote: "4"}]}
  sound: {kind: figure, text: "{a}.", quantities: {a: {value: 4}}, cite: [{source: minutes, quote: "4"}]}
""",
        encoding="utf-8",
    )
    project = open_project(str(tmp_path / "facts.yaml"))
    errors = [problem for problem in project.problems if problem.level is Level.ERROR]
    assert [problem.rule for problem in errors] == ["number-unit", "number-zero"]
    assert {id: problem.rule for id, problem in project.faulty.items()} == {
        "cost": "number-unit",
        "half": "number-unit",
        "nought": "number-zero",
        "third": "number-zero",
    }


def test_the_formulas_of_the_briefs_can_be_worked_out() -> None:
    facts = load((Path(__file__).parent / "briefs" / "facts.yaml").read_bytes(), "facts.yaml").facts
    made = [q.computed for fact in facts.facts.values() for q in fact.quantities.values() if q.computed]
    assert len(made) >= 6
    assert [computation.fault for computation in made if computation.fault] == []


@pytest.mark.parametrize(
    "cited",
    [
        " (computed from [1] [4])",
        " [1] (partly computed)",
        " [2] (partly computed from [1]) (but see [3]; disputed)",
        " (not found in [1]) (computed from [1])",
    ],
)
def test_what_says_that_a_number_is_computed_is_a_citation_to_what_follows(cited: str) -> None:
    assert without_citations(f"aid to the U.S.{cited}") == "aid to the U.S."
    assert opens_sentence(f"aid to the U.S.{cited} ")
