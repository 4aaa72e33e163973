"""The schema for editors: complete by itself; and with the language server that editors run, on good and bad files."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from languageserver import MODELINE, LanguageServer
from npm import NODE, node_module
from test_docs import blocks, merged
from test_rules import REST, cases

from briefing import vocabulary
from briefing.cli import run
from briefing.errors import Problem
from briefing.jsonschema import facts_schema, schema_text
from briefing.load import load
from briefing.meanings import MEANINGS
from briefing.rules import check_facts
from briefing.tongues import tongue_of
from briefing.vocabulary import KINDS

ROOT = Path(__file__).parent.parent
# The problems that a schema can know of. What hangs on another entry of the file it cannot.
SHAPE = re.compile("schema-|yaml-|kind-needs$|kind-forbids$")


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all that is nested in it."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(part)


# ---- The schema by itself


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    printed = capsys.readouterr().out
    assert printed == schema_text()
    assert printed.isascii()
    assert printed.endswith("}\n")
    assert json.loads(printed) == facts_schema()


def test_every_key_is_described() -> None:
    schema = facts_schema()
    shapes = [schema, *(shape for shape in schema["definitions"].values() if "title" in shape)]
    assert len(shapes) == 12
    for shape in shapes:
        assert len(shape["description"]) > 20, shape["title"]
        for key, value in shape["properties"].items():
            assert len(value["description"]) > 20, f"{key} of {shape['title']}"
            assert "`" not in value["description"]


def test_keys_stand_in_the_order_of_a_file() -> None:
    schema = facts_schema()
    head = ["schema", "title", "as_of", "dated", "extract"]
    assert list(schema["properties"]) == [*head, "people", "sources", "facts"]
    assert list(schema["definitions"]["fact"]["properties"])[:4] == ["kind", "text", "cite", "by"]


def test_references_lead_somewhere() -> None:
    schema = facts_schema()
    found = {part["$ref"] for part in parts(schema) if isinstance(part.get("$ref"), str)}
    assert found == {f"#/definitions/{name}" for name in schema["definitions"]}


def test_no_address_is_there_to_be_fetched() -> None:
    assert re.findall(r'"[^" ]*"(?=: "https?:)', schema_text()) == ['"$schema"']
    assert "$id" not in schema_text()


def test_the_first_line_that_the_document_gives_is_the_one_tried_here() -> None:
    assert f"```\n{MODELINE}```\n" in (ROOT / "docs/facts-format.md").read_text(encoding="utf-8")


def test_every_fixed_word_has_a_meaning() -> None:
    said = {word for words in MEANINGS.values() for word in words}
    for name in set(vocabulary.__all__) - {"Kind", "ONLY_OF", "QUALIFIERS", "STANCES"}:
        assert set(getattr(vocabulary, name)) <= said, name
    listed = [part for part in parts(facts_schema()) if isinstance(part.get("enum"), list)]
    described = [part for part in listed if "enumDescriptions" in part]
    assert len(described) == len(MEANINGS)
    assert all(len(part["enum"]) == len(part["enumDescriptions"]) for part in described)


# ---- Files, and what the loader and the rules say of their shape


def completed(given: str) -> str:
    """A case of tests/cases with the sections that it does not have, as tests/test_rules.py adds them."""
    said = set(re.findall(r"^([a-z_]+):", given, re.MULTILINE))
    return given + "".join(rest for key, rest in REST.items() if key not in said)


def shape_problems(text: str) -> list[Problem]:
    return [
        found
        for found in check_facts(load(text, "facts.yaml"), lambda _: None, tongue_of("en-US"))
        if SHAPE.match(found.rule)
    ]


def files() -> Iterator[tuple[str, str]]:
    """Name and text of every facts file in this repository."""
    for path in ("facts.yaml", "tests/briefs/facts.yaml"):
        yield path, (ROOT / path).read_text(encoding="utf-8")
    yield "README.md", blocks("README.md", "yaml")[0]
    whole, *fragments = blocks("docs/facts-format.md", "yaml")
    yield "docs/facts-format.md", whole
    for number, fragment in enumerate(fragments):
        yield f"docs/facts-format.md, {number}", merged(whole, fragment)
    for title, given, _ in cases():
        yield title, completed(given)


def good_and_bad() -> tuple[dict[str, str], dict[str, str]]:
    texts = dict(files())
    good = {name: text for name, text in texts.items() if not shape_problems(text)}
    return good, {name: text for name, text in texts.items() if name not in good}


def test_there_are_good_files_and_bad_ones() -> None:
    good, bad = good_and_bad()
    assert {"facts.yaml", "README.md", "tests/briefs/facts.yaml", "docs/facts-format.md"} <= set(good)
    assert len(bad) > 15


# ---- In the editor


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.mktemp("editor")
    (folder / "facts.schema.json").write_text(schema_text(), encoding="utf-8")
    with LanguageServer.running(folder) as server:
        yield server


@pytest.mark.all
def test_nothing_is_underlined_in_a_good_file(editor: LanguageServer) -> None:
    for name, text in good_and_bad()[0].items():
        assert editor.diagnostics(text) == [], name


# In JSON a number is a number, and a schema sees one value at a time.
UNSEEN = {
    "kinds: a provision from a secondary source needs a speaker, one from a primary source does not": {2},
    "shape: a quantity with two numbers, none, or half a range": {9},  # a low above its high
    "shape: a quote that YAML split at a comma": {6},  # the server does not look at keys without a value
    "shape: nothing is turned into something else": {10, 11, 14},  # 012, 0x10, and such a key
    "shape: empty values and wrong containers": {5},  # `text:` is `text: null`, which is a word
}


@pytest.mark.all
def test_the_lines_of_a_bad_file_are_underlined(editor: LanguageServer) -> None:
    unseen = {}
    for name, text in good_and_bad()[1].items():
        expected = {problem.location.line for problem in shape_problems(text)}
        shown = {line for line, _ in editor.diagnostics(text)}
        assert shown <= expected, name
        if shown < expected:
            unseen[name] = expected - shown
    assert unseen == UNSEEN


GOOD = """\
schema: 1
title: A bridge
as_of: 2026-01-27
people:
  mayor: {name: Mayor Ann Lee}
sources:
  minutes:
    type: report
    level: primary
    descriptor: Record of the council.
    accessed: 2026-01-20
facts:
  opened:
    kind: event
    date: 1931
    text: It opened.
    cite: [minutes]
  said:
    kind: statement
    by: mayor
    text: >
      {mayor} called it safe.
    cite:
      - source: minutes
        quote: safe
  cars:
    kind: figure
    text: >
      A day sees {cars} cars.
    quantities:
      cars: {about: 4000, unit: cars}
    cite: [minutes]
"""
MISTAKES = {
    "a misspelt key": ("quote: safe", "qoute: safe", "quote", "Property qoute is not allowed."),
    "a kind that is none": ("kind: event", "kind: evnt", "evnt", "Value is not accepted."),
    "an event without date": ("    date: 1931\n", "", "opened:", 'an event must have "date"'),
    "two numbers": ("about: 4000", "about: 4000, over: 3", "over: 3", "must have exactly one of value, over"),
    "no number": ("about: 4000, ", "", "unit: cars", "must have exactly one of value, over"),
    "a bad date": ("2026-01-20", "Jan 20, 2026", "Jan 20", "must be one exact day, such as 2026-01-26"),
    "a day that no month has": ("date: 1931", "date: 1931-06-31", "1931-06-31", "must be a date, such as"),
    "a statement without by": ("    by: mayor\n", "", "said:", 'a statement must have "by"'),
    "a level that is none": ("level: primary", "level: first", "level: first", "Value is not accepted."),
    "a key of another kind": ("by: mayor", "by: mayor\n    force: draft", "force:", 'only provision can have "force"'),
    "a source that was not read": ("level: primary", "consulted: false", "minutes:\n", 'Missing property "title".'),
    "text that is a mapping": ("text: It opened.", "text: {mayor: x}", "{mayor: x}", "must be text of 1 to 2,000"),
    "an id that is none": ("  opened:", "  Opened_1931:", "Opened_1931", "must be an id: small letters"),
    "nothing cited": ("cite: [minutes]", "cite: []", "cite: []", "Array has too few items."),
}  # fmt: skip


@pytest.mark.all
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_underlined_where_it_is(mistake: str, editor: LanguageServer) -> None:
    assert editor.diagnostics(GOOD) == []
    right, wrong, there, message = MISTAKES[mistake]
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    line = text[: text.index(there if there in text else wrong)].count("\n") + 1
    ((shown, said),) = editor.diagnostics(text)
    assert (shown, said[: len(message)]) == (line, message)


# ---- Values as YAML reads them, against values as they were written

NUMBERS = (
    *(
        "0",
        "1",
        "5",
        "6",
        "7",
        "012",
        "-5",
        "+5",
        "41.10",
        ".5",
        "5.",
        "1e3",
        "100e9",
        "1e17",
        "1e18",
        "1e400",
    ),
    *("0x1F", "0o17", ".inf", ".nan", "1984", "2026", "0999", "3000", "999999999999999999", "0" * 64),
)
NOTHING = ("", "null", "~", "true", "True", "false")
# Dates that a pattern takes and a calendar does not.
UNCALENDARED = ("2023-02-29", "2026-01-26/2026-01-24")
WRITTEN = (
    *NUMBERS,
    *NOTHING,
    *UNCALENDARED,
    *(
        '""',
        '" "',
        '"a\\u00a0"',
        '"1"',
        '"2026"',
        "'true'",
        "1_000",
        "1:30",
        "yes",
        "NO",
        "a",
        "A b",
        "a-b",
        "F",
    ),
    *("2026-01", "2026-01-26", "2024-02-29", "2026-02-30", "2026-04-31", "2026-13", "2026-01-26T10:00:00Z"),
    *(
        "2022~",
        "2022-05?",
        "2022/..",
        "../2022",
        "../..",
        "https://example.org/a",
        "http://x",
        "https://u@x/a",
    ),
    *(
        "ftp://x",
        "ab" * 32,
        "event",
        "likely",
        "very likely",
        "current",
        "report",
        "primary",
        "TODO",
        "supports",
    ),
    "４２",
    *("[a]", "[]", "[a, a]", "[12, 012]", "[null]", "[A b]", "{a: b}", "{}", "i" * 64, "i" * 65, "x" * 2001),
    *("x" * 1000 + " " * 9 + "y" * 999, "x" * 1000 + " " * 9 + "y" * 1000),
    " ".join(["x" * 1500 + " " * 99 + "y" * 1500] * 9),
    # What the documents advise: block form.
    *(">\n  " + text for text in ("a", "5", "1", "true", "2026", "2026-01-26", "event", "very likely")),
    *(">\n  " + text for text in ("x" * 2000, "x" * 2001, "i" * 64, "https://example.org/a", "ab" * 32)),
    *("|+\n  2026\n\n", "|+\n  a\n\n\n", "|\n  a\n  b"),
)
SOURCE = {"type": "webpage", "level": "primary", "descriptor": "D.", "accessed": "2026-01-20"}
FACT = {"kind": "assessment", "by": "mayor", "text": "It opened.", "cite": "[minutes]"}
KEYS = (
    *(
        "sources title",
        "sources type",
        "sources level",
        "sources accessed",
        "sources published",
        "sources url",
    ),
    *("sources consulted", "sources derived_from", "sources author", "sources archive sha256"),
    *(
        "sources archive captured",
        "sources reliability grade",
        "facts kind",
        "facts text",
        "facts cite",
        "facts by",
    ),
    *("facts date", "facts tags", "facts status", "facts supersedes", "facts likelihood", "facts quantities"),
    *("facts credibility grade", "facts accept x", "facts quantities q value", "facts quantities q stage"),
)


def entries(key: str) -> str:
    """A file with an entry for each way to write a value, e0, e1, …, which has that value under `key`."""
    section, *steps = key.split()
    base = SOURCE if section == "sources" else FACT
    lines = [f"{section}:\n"]
    for number, value in enumerate(WRITTEN):
        lines.append(f"  e{number}:\n")
        lines += [f"    {name}: {text}\n" for name, text in base.items() if name != steps[0]]
        if key == "facts quantities q stage":
            value = f"{value}\nvalue: 5"
        if steps[0] == "archive" and steps[1] != "sha256":
            value = f"{value}\nsha256: {'a' * 64}"
        for depth, step in enumerate(steps, start=2):
            nested = value.replace("\n", "\n" + "  " * depth) if step == steps[-1] else ""
            lines.append("  " * depth + f"{step}: {nested}".rstrip(" ") + "\n")
    return completed("".join(lines))


def entry_of_line(text: str) -> list[str]:
    """For each line, from 1, the entry that it belongs to."""
    owner, owners = "", [""]
    for line in text.split("\n"):
        found = re.match(r"(?:  )?(\S+):", line) if not line.startswith("   ") else None
        owner = found[1] if found else owner
        owners.append(owner)
    return owners


def refused(text: str, editor: LanguageServer) -> tuple[set[str], set[str]]:
    """The entries whose shape `check` refuses, and those in which the editor underlines something."""
    owners = entry_of_line(text)
    by_check = {problem.subject[1] for problem in shape_problems(text) if len(problem.subject) > 1}
    return by_check, {owners[line] for line, _ in editor.diagnostics(text)}


@pytest.mark.all
@pytest.mark.parametrize("key", KEYS)
def test_values_are_refused_as_check_refuses_them(key: str, editor: LanguageServer) -> None:
    by_check, by_editor = refused(entries(key), editor)
    written = {f"e{number}": value for number, value in enumerate(WRITTEN)}
    assert {written.get(entry, entry) for entry in by_editor - by_check} == set()
    assert {written.get(entry, entry) for entry in by_check - by_editor} <= {
        *NUMBERS,
        *NOTHING,
        *UNCALENDARED,
    }
    assert by_editor


@pytest.mark.all
def test_ids_are_refused_as_check_refuses_them(editor: LanguageServer) -> None:
    ids = (
        "a",
        "a-b",
        "2024",
        "012",
        "1e5",
        "true",
        "no",
        "A",
        "a_b",
        "-a",
        "a-",
        "a--b",
        "é",
        "i" * 64,
        "i" * 65,
    )
    fact = "{kind: event, date: 1931, text: It opened., cite: [minutes]}"
    text = completed("facts:\n" + "".join(f"  {id}: {fact}\n" for id in ids))
    by_check, by_editor = refused(text, editor)
    assert by_check == by_editor == {"A", "a_b", "-a", "a-", "a--b", "é", "i" * 65}


NEEDED = {
    "date": "1931",
    "by": "[mayor]",
    "quantities": "{a: {value: 5}}",
    "instrument": "Ordinance 12",
    "force": "signed",
    "confidence": "low",
    "likelihood": "likely",
    "horizon": "2027",
    "if_wrong": "It falls.",
    "settled_by": "The books.",
}


@pytest.mark.all
def test_kinds_need_and_forbid_what_the_rules_say(editor: LanguageServer) -> None:
    """Each kind with each key too many, with each too few, and with one that is empty."""
    lines = []
    for kind, key in product(KINDS.values(), NEEDED):
        base = {name: NEEDED[name] for name in kind.needs}
        without = {name: text for name, text in base.items() if name != key}
        empty = {"by": "[]", "quantities": "{}"}.get(key, NEEDED[key])
        for suffix, keys in (
            ("with", base | {key: NEEDED[key]}),
            ("without", without),
            ("empty", base | {key: empty}),
        ):
            said = "".join(f", {name}: {text}" for name, text in keys.items())
            name = f"{kind.name}-{key.replace('_', '-')}-{suffix}"
            lines.append(f"  {name}: {{kind: {kind.name}, text: It is so., cite: [minutes]{said}}}\n")
    by_check, by_editor = refused(completed("facts:\n" + "".join(lines)), editor)
    assert by_editor == by_check
    assert {
        "event-date-without",
        "statement-by-empty",
        "gap-force-with",
        "figure-quantities-empty",
    } <= by_check
    assert "projection-horizon-with" not in by_check


# ---- What is offered, and what is shown


@pytest.mark.all
def test_keys_are_offered_with_what_they_mean(editor: LanguageServer) -> None:
    definitions = facts_schema()["definitions"]
    offered = editor.completions("facts:\n  opened:\n    kind: event\n    ‸\n")
    for key, value in definitions["fact"]["properties"].items():
        if key != "kind":  # it is there already
            said = offered[key]["documentation"]
            assert said in (
                value["description"],
                {"kind": "markdown", "value": value.get("markdownDescription")},
            )
    assert offered["date"]["insertText"] == "date: "
    assert "kind" not in offered
    for text, keys in (
        ("‸\n", "schema title as_of dated people sources facts"),
        ("sources:\n  a:\n    type: report\n    ‸\n", "level descriptor accessed container-title consulted"),
        ("facts:\n  a:\n    cite:\n      - ‸\n", "source quote at role"),
        ("facts:\n  a:\n    quantities:\n      b:\n        ‸\n", "value over low high unit stage"),
        ("facts:\n  a:\n    accept:\n      ‸\n", "quote-missing text-one-sentence"),
    ):
        assert set(keys.split()) <= set(editor.completions(text)), text


@pytest.mark.all
def test_words_are_offered_with_what_they_mean(editor: LanguageServer) -> None:
    offered = editor.completions("facts:\n  opened:\n    kind: ‸\n")
    assert {word: item["documentation"] for word, item in offered.items()} == {
        kind.name: kind.meaning for kind in KINDS.values()
    }
    for text, word, meaning in (
        ("facts:\n  a:\n    likelihood: ‸\n", "very likely", "80 to 95 percent"),
        ("facts:\n  a:\n    credibility:\n      grade: ‸\n", "3", "possibly true"),
        ("sources:\n  a:\n    type: ‸\n", "treaty", "a treaty between states"),
    ):
        assert editor.completions(text)[word]["documentation"] == meaning
    assert set(editor.completions("sources:\n  a:\n    consulted: ‸\n")) == {"true", "false"}


@pytest.mark.all
@pytest.mark.parametrize("key", ["text", "by", "label", "date"])
def test_nothing_is_offered_where_free_words_go(key: str, editor: LanguageServer) -> None:
    """Not `true`, `false` and `null`: whoever types a t and Enter would have `true`."""
    assert editor.completions(f"facts:\n  a:\n    kind: event\n    {key}: ‸\n") == {}


@pytest.mark.all
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_fact_of_each_kind_can_be_inserted(kind: str, editor: LanguageServer) -> None:
    """As it is inserted and filled in, it lacks nothing."""
    item = editor.completions("facts:\n  ‸\n")[f"new {kind}"]
    assert item["documentation"] == KINDS[kind].meaning
    text = "facts:\n  " + item["textEdit"]["newText"].replace("\n", "\n  ") + "\n"
    for key, word in {
        "source": "minutes",
        "date": "1931",
        "force": "signed",
        "value": "5",
        "{value": "5",
    }.items():
        text = re.sub(rf"({key}): \$\d+", rf"\1: {word}", text)
    filled = re.sub(r"\$\d+", "mayor", text)
    assert shape_problems(completed(filled)) == []
    assert editor.diagnostics(completed(filled)) == []


@pytest.mark.all
def test_hovering_over_a_key_shows_what_it_means(editor: LanguageServer) -> None:
    schema = facts_schema()
    whole, *fragments = blocks("docs/facts-format.md", "yaml")
    shapes = [schema, *(shape for shape in schema["definitions"].values() if "properties" in shape)]
    seen = set()
    for text in (whole, *(merged(whole, fragment) for fragment in fragments)):
        for found in re.finditer(r"^ *(?:- )?([a-z_-]+):", text, re.MULTILINE):
            said = [shape["properties"][found[1]] for shape in shapes if found[1] in shape["properties"]]
            if said and found[1] not in seen:
                shown = editor.hover(text[: found.start(1) + 1] + "‸" + text[found.start(1) + 1 :])
                assert any(one.get("markdownDescription", one["description"]) in shown for one in said), shown
                assert "||" not in shown
                seen.add(found[1])
    assert len(seen) > 40
    assert "* `opinion`: a value judgement" in editor.hover("facts:\n  a:\n    kind: ev‸ent\n")


# ---- Another validator


@pytest.mark.all
def test_ajv_takes_the_schema_and_every_good_file() -> None:
    node_module("ajv")
    good, bad = good_and_bad()
    readable = {name: text for name, text in bad.items() if name != "shape: nothing but text"}
    given = {"schema": facts_schema(), "texts": [*good.values(), *readable.values()]}
    done = subprocess.run(
        ["node", str(NODE / "draft7.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    faults = dict(zip([*good, *readable], json.loads(done.stdout), strict=True))
    assert [name for name in good if faults[name]] == []
    unseen = "kinds: a provision from a secondary source needs a speaker, one from a primary source does not"
    assert [name for name in readable if not faults[name]] == [unseen]
