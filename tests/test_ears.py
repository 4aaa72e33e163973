"""Ukrainian as the rules hear it: figures and dates in prose, and what `check` says of facts and templates in it.

The templates are in tests/samples/ukrainian/templates.txt, the facts beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.audience import load_audience, read_templates
from briefing.brief import select
from briefing.ears import ear_of
from briefing.errors import Level
from briefing.facts import Person
from briefing.house import shipped_house
from briefing.load import load
from briefing.naming import typed_names
from briefing.rules import check_facts
from briefing.tongues import tongue_of

HERE = Path(__file__).parent
FACTS = load((HERE / "samples" / "ukrainian" / "facts.yaml").read_bytes(), "facts.yaml")
EAR = ear_of("uk")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("понад 113,4 млрд доларів США", {("113400000000", "USD"): "over"}),
        ("113,4 млрд дол. США", {("113400000000", "USD"): ""}),
        ("$5 млн", {("5000000", "USD"): ""}),
        ("1 500 000 грн", {("1500000", "UAH"): ""}),
        ("24\xa0000 гривень або більше", {("24000", "UAH"): "at least"}),
        ("не менше ніж 41 %", {("41", "percent"): "at least"}),
        ("майже 41 відсоток", {("41", "percent"): "nearly"}),
        ("від 2,5 до 3 млн гривень", {("2500000", "UAH"): "span", ("3000000", "UAH"): "span"}),
        ("2,5–3 млн євро", {("2500000", "EUR"): "range", ("3000000", "EUR"): "range"}),
        ("між 5 і 7 %", {("5", "percent"): "range", ("7", "percent"): "range"}),
        ("300 тис. фунтів стерлінгів", {("300000", "GBP"): ""}),
        ("п’ять мільйонів гривень", {("5000000", "UAH"): ""}),
        ("двадцять чотири зустрічі", {("24", ""): ""}),
        ("один раз, сім’я, столиця", {}),
        ("у 2025 році", {("2025", ""): ""}),
    ],
)
def test_figures(text: str, figures: dict[tuple[str, str], str]) -> None:
    heard = EAR.mentions(text).figures
    assert {key: next(iter(said)) for key, said in heard.items()} == figures


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("24 січня 2026 року", [(2026, 1, 24)]),
        ("24–25 січня 2026 р.", [(2026, 1, 24), (2026, 1, 25)]),
        ("24 та 25 січня 2026 року", [(2026, 1, 24), (2026, 1, 25)]),
        ("31 лютого 2026 року", [(2026, 2, 31)]),
        ("від 02.03.2026", [(2026, 3, 2)]),
        ("on January 3, 2026", [(2026, 1, 3)]),
        ("у січні 2026 року, лютий мороз", []),
    ],
)
def test_dates(text: str, dates: list[tuple[int, int, int]]) -> None:
    assert [numbers for _, numbers in EAR.full_dates(text)] == dates


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on January 24–25, 2026", [24, 25]),
        ("on 24–25 January 2026", [24, 25]),
        ("the 24th and 25th of January 2026", [24, 25]),
        ("from 24 to 25 January 2026", [24, 25]),
        ("between 24 and 25 people in January 2026", []),
    ],
)
def test_days_of_one_month_in_english(text: str, days: list[int]) -> None:
    ear = ear_of("en-GB")
    assert [numbers for _, numbers in ear.full_dates(text)] == [(2026, 1, day) for day in days]
    assert ear.mentions(text).figures.keys() == (
        {("2026", "")} if days else {("24", ""), ("25", ""), ("2026", "")}
    )


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Олена Коваль", "рішення Олени Коваль", True),
        ("Верховна Рада", "депутати Верховної Ради", True),
        ("Київ", "у Києві", True),
        ("Харків", "до Харкова", True),
        ("Шевченко", "із Шевченком", True),
        ("Рада", "Радник голови", False),
    ],
)
def test_names_in_their_cases(name: str, text: str, found: bool) -> None:
    assert (re.search(rf"(?<!\w){EAR.name_forms(name)}(?!\w)", text) is not None) is found
    if name[0].isupper():
        people = {"one": Person("one", name, name)}
        assert dict(typed_names(people, f"Про це сказали {text}.", EAR.name_forms)).keys() == (
            {"one"} if found else set()
        )


# What a facts file says, and what `check` says to that; a text by itself is that of an event.
FACT = """\
schema: 1
title: Міст
as_of: 2026-03-31
people:
  holova: {{name: міська голова Олена Коваль, short: Коваль}}
  opora: {{name: бюро «Опора», short: «Опора»}}
sources:
  protokol: {{type: report, level: primary, title: Протокол, descriptor: Запис., accessed: 2026-03-20}}
facts:
  fakt:
{keys}
    text: >
      {text}
    cite: [{{source: protokol, quote: "{quote}"}}]
"""
EVENT = "    kind: event\n    date: 2026-03-02"
SAID = "    kind: statement\n    by: holova"
EXPECTED = "    kind: projection\n    by: opora\n    likelihood: likely"
TOLD = [
    (EVENT, "Міст закрили 2 березня 2026 року.", "закрито 2 березня", []),
    (EVENT, "Міст закрили 22 березня 2026 року.", "закрито 2 березня", ["date-typed"]),
    (EVENT, "Міст закрили 31 лютого 2026 року.", "закрито 2 березня", ["date-impossible"]),
    (EVENT, "Міст закрили 2 березня 2026 р. Його полагодять.", "закрито 2 березня", []),
    (EVENT, "Міст закрили. Його полагодять.", "міст закрито сьогодні", ["text-one-sentence"]),
    (EVENT, "Міст закрили 5 людей.", "закрили 5 людей", ["number-typed"]),
    (EVENT, "Міст, нібито, закрили.", "міст закрито сьогодні", ["kind-hedge"]),
    (EVENT, "Міст, імовірно, закрили.", "міст закрито сьогодні", ["kind-event-judged"]),
    (EVENT, "Міст назвали «старим».", "міст закрито сьогодні", ["quote-in-text"]),
    (EVENT, "Інженери бюро «Опора» закрили міст.", "міст закрито сьогодні", []),
    (EVENT, "Інженери «Опори» закрили міст.", "міст закрито сьогодні", []),
    (SAID, "{holova} заявила, що «міст старий».", "Голова: міст старий", []),
    (SAID, "{holova} та старий міст.", "Голова: міст старий", ["kind-worded-as-event"]),
    (EXPECTED, "{opora} очікує, що міст, імовірно, закриють.", "імовірно, міст закриють", []),
    (
        EXPECTED,
        "{opora} очікувало, що міст, імовірно, закриють.",
        "міст до літа закриють",
        ["kind-past-projection"],
    ),
    (
        EXPECTED,
        "{opora} очікує, що міст майже напевно закриють.",
        "міст до літа закриють",
        ["kind-likelihood-text"],
    ),
]


@pytest.mark.parametrize(("keys", "text", "quote", "rules"), TOLD)
def test_facts(keys: str, text: str, quote: str, rules: list[str]) -> None:
    file = FACT.format(keys=keys, text=text, quote=quote)
    problems = check_facts(load(file, "facts.yaml"), lambda id: None, tongue_of("uk"))
    assert [one.rule for one in problems if one.level > Level.NOTE and one.rule != "source-unused"] == rules


def test_the_quantities_of_a_fact_are_found_in_its_quotations() -> None:
    text = "Міст коштує {suma}, має {opory} опор і {chastka} тріщин."
    keys = """    kind: figure
    quantities:
      suma: {over: SUM, unit: UAH}
      opory: {value: 7, unit: опор}
      chastka: {at_least: 11, unit: тріщин}"""
    quote = "коштує понад 5,5 мільйона гривень, має сім опор, не менше ніж одинадцять тріщин"
    for amount, rules in (("5.5e6", []), ("55e6", ["number-not-quoted"])):
        file = FACT.format(keys=keys.replace("SUM", amount), text=text, quote=quote)
        problems = check_facts(load(file, "facts.yaml"), lambda id: None, tongue_of("uk"))
        assert [one.rule for one in problems if one.level > Level.NOTE] == rules


def test_quotations_are_compared_with_the_kept_text() -> None:
    text = (HERE / "samples" / "ukrainian" / "protokol.txt").read_bytes()
    assert not [one for one in _told(text) if one.startswith("quote-")]
    changed = text.replace("цього року".encode(), "того року".encode())
    assert set(_told(changed)) == {"archive-changed", "quote-not-found"}


def _told(text: bytes) -> list[str]:
    problems = check_facts(FACTS, {"protokol": text}.get, tongue_of("uk"))
    return [one.rule for one in problems if one.level > Level.NOTE]


def test_what_is_not_heard_is_said_once() -> None:
    problems = check_facts(FACTS, lambda id: None, tongue_of("uk"))
    (note,) = [str(one) for one in problems if one.rule == "language-limits"]
    assert note.startswith("facts.yaml:3:8: note: in the language uk, template-max-grade does not run")
    assert not [
        one for one in check_facts(FACTS, lambda id: None, tongue_of("en-GB")) if "language" in one.rule
    ]


def test_the_facts_of_the_sample_are_in_order() -> None:
    problems = check_facts(FACTS, lambda id: None, tongue_of("uk"))
    assert [str(one) for one in problems if one.level > Level.NOTE] == []


def cases() -> Iterator[tuple[str, str]]:
    text = (HERE / "samples" / "ukrainian" / "templates.txt").read_text(encoding="utf-8")
    for part in re.split(r"^==== .*\n", text, flags=re.MULTILINE)[1:]:
        template, _, expected = part.partition("\n----\n")
        yield template, expected.strip()


@pytest.mark.parametrize(("template", "expected"), [*cases()])
def test_templates(template: str, expected: str, tmp_path: Path) -> None:
    head = "---\ntitle: Випадок\nstance: advocacy\nmax_grade: 1\n---\n"
    (tmp_path / "case.md.j2").write_text(head + template, encoding="utf-8")
    templates = read_templates(tmp_path, "templates", shipped_house())
    brief = select(FACTS.facts, load_audience("case", templates, "uk"), {})
    told = [f"{one.message} [{one.rule}]" for one in brief.problems if not one.rule.startswith("selection-")]
    assert "\n".join(told) == expected
