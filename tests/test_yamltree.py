"""YAML text → nodes with places; mistakes and attacks → problems with places, quickly."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import yamltree
from briefing.errors import Location
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.yamltree import Mapping, Node, Scalar, Sequence, Tree, parse

HOSTILE_FILES = sorted((Path(__file__).parent / "hostile" / "yaml").iterdir())


def data(node: Node | None) -> Any:
    """A tree as dicts, lists and texts."""
    if isinstance(node, Mapping):
        return {key.value: data(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [data(item) for item in node.items]
    return node.value if node else None


def scalar(tree: Tree, key: str) -> Scalar:
    assert isinstance(tree.root, Mapping)
    found = tree.root.get(key)
    assert isinstance(found, Scalar)
    return found


def findings(text: str | bytes) -> list[str]:
    """The problems as `line:column rule message`."""
    return [
        f"{problem.location.line}:{problem.location.column} {problem.rule} {problem.message}"
        for problem in parse(text, "f").problems
    ]


def rules(text: str | bytes) -> set[str]:
    return {problem.rule.removeprefix("yaml-") for problem in parse(text, "f").problems}


# What is read


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "off",
        "1:30",
        "012",
        "0x1F",
        "1_000",
        "41.10",
        "1e3",
        ".inf",
        "~",
        "null",
        "2026-02-30",
        "=",
        "<",
        "a<<",
    ],
)
def test_a_plain_scalar_is_the_text_that_was_written(written: str) -> None:
    tree = parse(f"a: {written}\n{written}: b\n", "f")
    assert (data(tree.root), tree.problems) == ({"a": written, written: "b"}, ())


# written, value, style
STYLES = [
    ("a:", "", ""),
    ("a: # a comment", "", ""),
    ("a: 'it''s'", "it's", "'"),
    (r'a: "two\nlines"', "two\nlines", '"'),
    ("a: two\n  lines", "two lines", ""),
    ("a: >\n  two\n  lines\n\n\n", "two lines", ">"),
    ("a: >\n  two\n\n  paragraphs\n", "two\nparagraphs", ">"),
    ("a: >-\n  {b} “c”: d # no comment\n", "{b} “c”: d # no comment", ">"),
    ("a: >+\n  kept\n\n", "kept", ">"),
    ("a: |\n  two\n  lines\n", "two\nlines", "|"),
    ("a: '<<'\n", "<<", "'"),
]


@pytest.mark.parametrize(("written", "value", "style"), STYLES)
def test_styles(written: str, value: str, style: str) -> None:
    tree = parse(written, "f")
    found = scalar(tree, "a")
    assert (found.value, found.style, tree.problems) == (value, style, ())


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "\ufeff", b""])
def test_an_empty_text_has_no_root_and_no_problem(text: str | bytes) -> None:
    tree = parse(text, "f")
    assert (tree.root, tree.problems) == (None, ())


@pytest.mark.parametrize(
    "text", ["a: b\nc: d", "a: b\r\nc: d\r\n", "a: b\rc: d\r", "\ufeffa: b\nc: d\n", "---\na: b\nc: d\n...\n"]
)
@pytest.mark.parametrize("encode", [False, True])
def test_line_ends_byte_order_mark_and_document_marks(text: str, encode: bool) -> None:
    tree = parse(text.encode() if encode else text, "f")
    assert (data(tree.root), tree.problems) == ({"a": "b", "c": "d"}, ())
    assert scalar(tree, "c").line == text.count("---") + 2
    assert tree.lines[scalar(tree, "c").line - 1] == "c: d"


def test_a_mapping_knows_its_keys() -> None:
    root = parse("a: b\nc: [d]\n", "f").root
    assert isinstance(root, Mapping)
    assert root.get("a") == Scalar("b", 1, 4, 1, "")
    assert root.key_node("c") == Scalar("c", 2, 1, 2, "")
    assert (root.get("e"), root.key_node("e")) == (None, None)
    assert [key.value for key, _ in root.entries] == ["a", "c"]


@pytest.mark.parametrize(("text", "flow"), [("{a: b}", True), ("a: b", False), ("[a]", True), ("- a", False)])
def test_flow_is_noted(text: str, flow: bool) -> None:
    root = parse(text, "f").root
    assert isinstance(root, Mapping | Sequence)
    assert root.flow is flow


# Places


def test_places_count_from_one_and_in_characters() -> None:
    root = parse("é: “ö”\nlist:\n  - {𝒳: y}\n", "f").root
    assert root == Mapping(
        {
            "é": (Scalar("é", 1, 1, 1, ""), Scalar("“ö”", 1, 4, 1, "")),
            "list": (
                Scalar("list", 2, 1, 2, ""),
                Sequence(
                    (Mapping({"𝒳": (Scalar("𝒳", 3, 6, 3, ""), Scalar("y", 3, 9, 3, ""))}, 3, 5, True),),
                    3,
                    3,
                    False,
                ),
            ),
        },
        1,
        1,
        False,
    )


def test_places_count_from_the_first_line_in_the_file() -> None:
    tree = parse("a: b\nc: >\n  {d} e\nf: @\n", "f.md", first_line=11)
    assert [problem.location for problem in tree.problems] == [Location("f.md", 14, 4)]
    tree = parse("a: b\nc: >\n  {d} e\n", "f.md", first_line=11)
    assert (scalar(tree, "c").line, scalar(tree, "c").end_line) == (12, 13)
    assert tree.locate(scalar(tree, "c"), "{d}") == Location("f.md", 13, 3)


# text of the value of `a`, fragment, occurrence, line and column
FRAGMENTS = [
    ("a: 'it is {x} and {x}'\n", "{x}", 0, (1, 11)),
    ("a: 'it is {x} and {x}'\n", "{x}", 1, (1, 19)),
    ("a: 'it is {x}'\n", "{x}", 1, (1, 4)),
    ("a: >\n  é {x} said,\n  then {x}\n", "{x}", 0, (2, 5)),
    ("a: >\n  é {x} said,\n  then {x}\n", "{x}", 1, (3, 8)),
    ("a: >\n  ready\n  to sign\nb: >\n  c\n", "ready to sign", 0, (2, 3)),
    ("a: > # {x}\n  b {x}\n", "{x}", 0, (2, 5)),
    ("a: b\nc: {x}\n", "{x}", 0, (1, 4)),
    ("a: x.y xzy\n", "z", 0, (1, 9)),
    ("a: 'it''s'\n", "it's", 0, (1, 4)),
    ("a: b\n", "", 0, (1, 4)),
    ("a:\n", "b", 0, (1, 3)),
]


@pytest.mark.parametrize(("text", "fragment", "occurrence", "place"), FRAGMENTS)
def test_locate(text: str, fragment: str, occurrence: int, place: tuple[int, int]) -> None:
    tree = parse(text, "f")
    assert tree.locate(scalar(tree, "a"), fragment, occurrence) == Location("f", *place)


# Mistakes

BRACE = "begins with a brace, so YAML reads it as a mapping"
BRACKET = "begins with a bracket, so YAML reads it as a list"
QUOTE = "begins with a quotation mark, so YAML takes the text to end at the next one"
COLON = "contains a colon and a space, which YAML reads as the end of a key"
UNCLOSED = "is never closed"
DEEPER = (
    "is indented deeper than what stands above it, so YAML reads it as more of the text there; "
    "begin a key in the same column as the key above, or if this is text, "
)
NOT_CLOSED = "is not closed as YAML expects, with commas between the items; "
NO_FIT = (
    "does not fit under the lines above it; begin it in the same column as the lines that it belongs with"
)

# text, place, message up to its repair, what the repair shows
MISTAKES = [
    ("text: {zelensky} said that\n", "1:7", f'"{{zelensky}} said that" {BRACE}; ', "text: >"),
    ("text: {a} said: that\n", "1:7", f'"{{a}} said: that" {BRACE}; ', "text: >"),
    ("text: {a}'s plan\n", "1:7", f'"{{a}}\'s plan" {BRACE}; ', "text: >"),
    ("text: {a}, {b} and {c}\n", "1:7", f'"{{a}}, {{b}} and {{c}}" {BRACE}; ', "text: >"),
    ("text:\n  {a} said\n", "2:3", f'"{{a}} said" {BRACE}; ', "text: >"),
    ("f:\n  - {a} said\n", "2:5", f'"{{a}} said" {BRACE}; ', "- >"),
    ("f:\n  - text: {a} said\n", "2:11", f'"{{a}} said" {BRACE}; ', "text: >"),
    ("{a} said\n", "1:1", f'"{{a}} said" {BRACE}; ', "key: >"),
    ("text: [1] says\n", "1:7", f'"[1] says" {BRACKET}; ', "text: >"),
    ('text: "100% ready" he said\n', "1:7", f'"100% ready" he said {QUOTE}; ', "text: >"),
    ("text: 'ready' he said\n", "1:7", f"\"'ready' he said\" {QUOTE}; ", "text: >"),
    ('text: "100%\n  ready" he said\n', "1:7", f'"100% {QUOTE}; ', "text: >"),
    ('text: "ready": he said\n', "1:7", f'"ready": he said {QUOTE}; ', "text: >"),
    ('text: "ready\nby: b\n', "1:7", f'the quotation mark before "ready" {UNCLOSED}; ', "text: >"),
    ("text: 'ready\n", "1:7", f'the quotation mark before "ready" {UNCLOSED}; ', "text: >"),
    ("text: he said: yes\n", "1:14", f'"he said: yes" {COLON}; ', "text: >"),
    ("text: {zel} said\n" * 2, "1:7", f'"{{zel}} said" {BRACE}; ', "text: >"),
    ("text: (a): b\n", "1:10", f'"(a): b" {COLON}; ', "text: >"),
    (
        "text: %abc\n",
        "1:7",
        '"%abc" begins with a percent sign, which YAML keeps for itself; ',
        "text: >",
    ),
    ("text: @abc\n", "1:7", '"@abc" begins with a character that YAML keeps for itself; ', "text: >"),
    ("text: `abc\n", "1:7", '"`abc" begins with a character that YAML keeps for itself; ', "text: >"),
    (
        "text: * abc\n",
        "1:7",
        '"* abc" begins with an asterisk, which YAML reads as a reference to another value; ',
        "text: >",
    ),
    (
        "text: & abc\n",
        "1:7",
        '"& abc" begins with an ampersand, which YAML reads as a name for what follows; ',
        "text: >",
    ),
    (
        "text: > abc\n",
        "1:7",
        '"abc" begins on the line of the > or |, where YAML expects nothing more; ',
        "text: >",
    ),
    (
        "text: |abc\n",
        "1:7",
        '"abc" begins on the line of the > or |, where YAML expects nothing more; ',
        "text: >",
    ),
    (
        "text: - abc\n",
        "1:7",
        '"- abc" begins with a dash, so YAML reads it as an item of a list; ',
        "text: >",
    ),
    (
        "text: ? abc\n",
        "1:7",
        '"? abc" begins with a question mark and a space, which YAML keeps for itself; ',
        "text: >",
    ),
    (
        "text: ], abc\n",
        "1:7",
        '"], abc" begins with a character that YAML keeps for lists and mappings; ',
        "text: >",
    ),
    (": abc\n", "1:1", '": abc" begins with a colon, and no key stands before it; ', "key: >"),
    (
        'text: "C:\\data"\n',
        "1:10",
        "between double quotation marks a backslash begins a code, and this is none; ",
        "text: >",
    ),
    (
        'text: "\\x4"\n',
        "1:8",
        "between double quotation marks a backslash begins a code, and this is none; ",
        "text: >",
    ),
    (
        "text: !%\n",
        "1:7",
        '"!%" begins with an exclamation mark, which YAML reads as the name of a type; ',
        "text: >",
    ),
    (
        "cite: [a, b\ntext: c\n",
        "1:7",
        f"this bracket {NOT_CLOSED}write one item per line, each behind a dash, or if this is text, ",
        "cite: >",
    ),
    (
        "cite: {source: a, quote: he said: yes}\n",
        "1:7",
        f"this brace {NOT_CLOSED}write one key per line, or if this is text, ",
        "cite: >",
    ),
    ("by: a\n  text: b\n", "2:3", f'"text: b" {DEEPER}', "by: >"),
    ("text: he said\n  more\n  and: that\n", "3:3", f'"and: that" {DEEPER}', "text: >"),
    ("- source: a\n   quote: b\n", "2:4", f'"quote: b" {DEEPER}', "source: >"),
    (
        "text: >\nhe said\n",
        "2:1",
        '"he said" is neither a key with a colon nor indented as part of a text above it; ',
        "key: >",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "form"), MISTAKES)
def test_a_mistake_is_told_with_its_repair(text: str, place: str, message: str, form: str) -> None:
    repair = f'write "{form}" and put the text on the next line, indented'
    assert findings(text) == [f"{place} yaml-syntax {message}{repair}"]


# text, place, message
OTHER_MISTAKES = [
    (
        "facts:\n  " + "a" * 1100 + ":\n    kind: event\n",
        "2:3",
        '"' + "a" * 39 + '…" is a key of 1,100 characters, and YAML reads 1,024 at most; write a shorter one',
    ),
    ("a:\n\tb: c\n", "2:1", "this line is indented with a tab; indent it with spaces"),
    ("a: >\n\tb\n", "2:1", "this line is indented with a tab; indent it with spaces"),
    ("a:\n  b: c\n\td: e\n", "3:1", "this line is indented with a tab; indent it with spaces"),
    ("a:\n  - \tb: c\n", "2:5", "this line is indented with a tab; indent it with spaces"),
    ("a:\n    b: c\n  d: e\n", "3:3", f'"d: e" {NO_FIT}'),
    ("a: >\n   b\n  c\nd: e\n", "3:3", f'"c" {NO_FIT}'),
    ("a\nb: c\n", "1:1", '"a" is no key, for it has no colon behind it, and no text of one'),
    (
        "- a\nb: c\n",
        "2:1",
        '"b: c" stands where the next item of a list is expected; begin it with "- ", or begin it in the same '
        "column as the key that it belongs with",
    ),
]


@pytest.mark.parametrize(("text", "place", "message"), OTHER_MISTAKES)
def test_a_mistake_of_indentation_is_told(text: str, place: str, message: str) -> None:
    assert findings(text) == [f"{place} yaml-syntax {message}"]


@pytest.mark.parametrize("text", [row[0] for row in MISTAKES + OTHER_MISTAKES])
def test_the_slower_parser_tells_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without libyaml words its errors differently, and nothing of that must show."""
    expected = findings(text)
    monkeypatch.setattr(yamltree, "_LOADER", yaml.SafeLoader)
    assert findings(text) == expected


@pytest.mark.parametrize("text", [row[0] for row in MISTAKES + OTHER_MISTAKES])
def test_no_jargon_and_one_line(text: str) -> None:
    for finding in findings(text):
        assert len(finding.splitlines()) == 1
        assert not any(
            word in finding for word in ("flow", "node", "scalar", "token", "block mapping", "anchor")
        )


# What YAML allows and a facts file does not

TAG = (
    'yaml-tag an exclamation mark at the beginning of a value names a type; remove "!", or if this is text, '
)
ANCHOR = 'yaml-anchor "&b" gives a name to what follows it; remove it, or if this is text, '
ALIAS = 'yaml-alias "*b" stands for a value elsewhere; write the value itself, or if this is text, '

# text, place, rule and message up to its repair, what the repair shows
NOT_TEXT = [
    ("a: &b c\n", "1:4", ANCHOR, "a: >"),
    ("a: &b [c]\n", "1:4", ANCHOR, "a: >"),
    ("a: *b\n", "1:4", ALIAS, "a: >"),
    ("a: [*b]\n", "1:5", ALIAS, "a: >"),
    ("a: !b c\n", "1:4", TAG, "a: >"),
    ("- !!str c\n", "1:3", TAG, "- >"),
    ("a: !!map {}\n", "1:4", TAG, "a: >"),
    ("text:\n  {zel}: b\n", "2:3", "yaml-key a mapping stands here as a key; if this is text, ", "text: >"),
    ("text: {{zel}}\n", "1:8", "yaml-key a mapping stands here as a key; if this is text, ", "text: >"),
    ("? [a]\n: b\n", "1:3", "yaml-key a list stands here as a key; if this is text, ", "key: >"),
]


@pytest.mark.parametrize(("text", "place", "message", "form"), NOT_TEXT)
def test_what_may_have_been_meant_as_text_is_told_with_its_repair(
    text: str, place: str, message: str, form: str
) -> None:
    repair = f'write "{form}" and put the text on the next line, indented'
    assert findings(text) == [f"{place} {message}{repair}"]


OVERRIDE = "U+202E RIGHT-TO-LEFT OVERRIDE, an invisible character that changes the order of what is read"
SECOND = "yaml-document a second document begins here; one file holds one"
DIRECTIVE = "a line that begins with % instructs a YAML program"
NOT_UTF_8 = "is not UTF-8; save the file as UTF-8"
UTF_16 = "this is UTF-16 or UTF-32, or no text at all; save the file as UTF-8"

# text, finding
REFUSED = [
    ("a:\n  <<: b\n", '2:3 yaml-merge "<<" would copy another mapping to here; write its keys out'),
    ("%YAML 1.2\n---\na: b\n", f'1:1 yaml-directive remove "%YAML 1.2"; {DIRECTIVE}'),
    ("# c\n\n%A\n---\na: b\n", f'3:1 yaml-directive remove "%A"; {DIRECTIVE}'),
    ("é: b\n---\nc: d\n", f"2:1 {SECOND}"),
    ("é: b\n...\n\n# c\nd: e\n", f"5:1 {SECOND}"),
    ("é: b\n...\n%TAG ! x\n", f"3:1 {SECOND}"),
    ("a: b\nc: d\na: e\n", '3:1 yaml-duplicate-key "a" is already a key on line 1'),
    ("{a: b, 'a': c}\n", '1:8 yaml-duplicate-key "a" is already a key on line 1'),
    (f"{'a' * 201}: b\n", f'1:1 yaml-key the key "{"a" * 39}…" is longer than 200 characters'),
    ("a: b\u202ec\n", f"1:5 yaml-character remove {OVERRIDE}"),
    ('a: "\\u202e"\n', f"1:4 yaml-character an escape in this text stands for {OVERRIDE}; remove it"),
    (
        "a:\n  - b\x00\n",
        "2:6 yaml-character remove U+0000, a control character, often left by a wrong text encoding",
    ),
    ("a: b\ud800\n", "1:5 yaml-character remove U+D800, half of a character, left by a broken conversion"),
    (
        "\ufeff\ufeffa: b\n",
        "1:1 yaml-character remove U+FEFF ZERO WIDTH NO-BREAK SPACE, an invisible character",
    ),
    ("a: o" + "\u0301" * 9, "1:5 yaml-marks more than eight marks are stacked on one character here"),
    (
        'a: "o' + "\\u0301" * 9 + '"',
        "1:4 yaml-marks more than eight marks are stacked on one character in this text",
    ),
    (b"a: b\nc: \xffd\n", f"2:4 yaml-encoding byte 0xff {NOT_UTF_8}"),
    ("é: “\r\n".encode() + b"a\x92", f"2:2 yaml-encoding byte 0x92 {NOT_UTF_8}"),
    ("a: b".encode("utf-16"), f"1:1 yaml-encoding {UTF_16}"),
    ("a: b".encode("utf-32-be"), f"1:1 yaml-encoding {UTF_16}"),
    ("a: !%ED%A0%80 b\n", "1:2 yaml-syntax what follows here cannot be read"),
]


@pytest.mark.parametrize(("text", "finding"), REFUSED)
def test_refused(text: str | bytes, finding: str) -> None:
    assert findings(text) == [finding]


def test_a_message_shows_nothing_that_a_terminal_could_obey() -> None:
    assert '2:1 yaml-duplicate-key "a b" is already a key on line 1' in findings('"a\\nb": c\n"a\\nb": d\n')
    found = findings('"a\\e[1m": b\n"a\\e[1m": c\nd: @\x1b[1m\u202e\n')
    assert '2:1 yaml-duplicate-key "a\ufffd[1m" is already a key on line 1' in found
    assert found[-3].startswith('3:4 yaml-syntax "@\ufffd[1m\ufffd" begins')
    assert not any(any(forbidden_characters(finding)) for finding in found)


def test_all_problems_are_found_in_one_run_up_to_a_syntax_error() -> None:
    text = "a: &b c\na: !d e\n<<: *b\nf: g\u200bh\ni: {j} k\nl: &m n\n"
    assert [finding.split(" ")[:2] for finding in findings(text)] == [
        ["1:4", "yaml-anchor"],
        ["2:1", "yaml-duplicate-key"],
        ["2:4", "yaml-tag"],
        ["3:1", "yaml-merge"],
        ["3:5", "yaml-alias"],
        ["4:5", "yaml-character"],
        ["5:4", "yaml-syntax"],
    ]
    assert parse(text, "f").root is None


def test_what_was_refused_is_left_out_and_the_rest_is_read() -> None:
    tree = parse("a: b\na: c\n<<: d\n[e]: f\ng: *h\ni: &j k\nl: m\x00\n", "f")
    assert data(tree.root) == {"a": "b", "g": "*h", "i": "k", "l": "m\ufffd"}


# Attacks


def ladder() -> Iterator[tuple[str, str, str]]:
    for depth in (17, 500, 30_000, 100_000):
        for step in ("[", "{", "- ", "? ", "[{", "{? ", "[\n", "{\n", "- ? ", "a: [", "&a [", "!a [", "? - "):
            yield f"{depth} × {step!r}", step * depth, "depth"
    yield "indentation", "".join(" " * level + "a:\n" for level in range(1500)), "depth"


def bombs() -> Iterator[tuple[str, str | bytes, str]]:
    """Name, text, and the rule that must be among those that refuse it."""
    yield from ladder()
    yield "10 MB scalar", "a: " + "x" * 10_000_000, "size"
    yield "10 MB of bytes", b"a: " + b"x" * 10_000_000, "size"
    yield "8 MB in bytes, less in characters", "a: " + "é" * 4_500_000, "size"
    yield "100,000 anchors", "".join(f"- &a{n} x\n" for n in range(100_000)), "anchor"
    yield "100,000 aliases", "- &a x\n" + "- *a\n" * 100_000, "alias"
    yield "100,000 tags", "- !!str x\n" * 100_000, "tag"
    yield "100,000 equal keys", "a: b\n" * 100_000, "duplicate-key"
    yield "100,000 equal keys in braces", "{" + "a: b, " * 100_000 + "}", "duplicate-key"
    yield "100,000 merge keys", "<<: a\n" * 100_000, "merge"
    yield "100,000 lists as keys", "[a]: b\n" * 100_000, "key"
    yield "3,000 long keys", ("a" * 300 + ": b\n") * 3_000, "key"
    yield "100,000 documents", "--- a\n" * 100_000, "document"
    yield "50,000 directives", "".join(f"%TAG !a{n}! x:y\n" for n in range(50_000)) + "--- a\n", "directive"
    yield (
        "50,000 directives later",
        "a: b\n...\n" + "".join(f"%TAG !a{n}! x:y\n" for n in range(50_000)),
        "document",
    )
    yield "100,000 marks", "a: o" + "\u0301" * 100_000, "marks"
    yield "a million controls", "\x00" * 1_000_000, "character"
    yield "a million overrides", "a: b\u202e" * 500_000, "character"
    yield "a million NUL bytes", b"\0" * 1_000_000, "encoding"
    yield "a megabyte in a quote", "a: '" + "x\n" * 500_000, "syntax"
    yield "a mistake under a megabyte", "a:\n" + " x\n" * 300_000 + "  b: c\n", "syntax"
    yield "a mistake behind half a megabyte of colons", "a:" * 250_000 + " @: @", "syntax"


@pytest.mark.parametrize(("text", "rule"), [pytest.param(*bomb[1:], id=bomb[0]) for bomb in bombs()])
def test_a_bomb_is_refused_in_a_tenth_of_a_second(text: str | bytes, rule: str) -> None:
    assert rule in rules(text)
    assert is_read_within(0.1, text)


@pytest.mark.parametrize("path", HOSTILE_FILES, ids=lambda path: path.stem)
def test_a_hostile_file_is_refused(path: Path) -> None:
    text = path.read_bytes()
    assert parse(text, path.name).problems
    assert is_read_within(0.1, text)


@pytest.mark.parametrize("path", HOSTILE_FILES, ids=lambda path: path.stem)
def test_the_slower_parser_refuses_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = rules(path.read_bytes())
    monkeypatch.setattr(yamltree, "_LOADER", yaml.SafeLoader)
    assert rules(path.read_bytes()) == expected


@pytest.mark.parametrize("text", [bomb[1] for bomb in ladder() if len(bomb[1]) < 10_000])
def test_the_slower_parser_withstands_depth(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltree, "_LOADER", yaml.SafeLoader)
    assert "depth" in rules(text)


def test_sixteen_levels_are_allowed() -> None:
    assert findings("[" * 16 + "]" * 16) == []
    assert findings("[" * 17 + "]" * 17) == ["1:17 yaml-depth this is more than 16 levels deep"]


def test_four_hundred_thousand_values_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert yamltree.MAX_NODES == 400_000
    monkeypatch.setattr(yamltree, "MAX_NODES", 4)
    assert findings("[a, b, c]") == []
    assert findings("[a, b, c, d]") == ["1:13 yaml-nodes this holds more than 4 values"]


def test_not_more_than_200_problems_are_reported() -> None:
    found = findings("a: b\n" * 400)
    assert len(found) == 201
    assert found[-1] == "202:1 yaml-more and 199 more problems from here on"
    assert findings("a: b\n" * 5000)[-1] == "202:1 yaml-more and at least 301 more problems from here on"
    assert len(findings("a: b\n" * 201)) == 200


def test_not_more_than_20_characters_are_reported() -> None:
    found = findings("a: " + "b\x00\n " * 30)
    assert len(found) == 21
    assert found[-1] == "21:3 yaml-character and 10 more such characters from here on"
    assert len(findings("a: " + "b\x00\n " * 20)) == 20
    assert (
        findings("\x00" * 5000)[-1]
        == "1:21 yaml-character and at least 481 more such characters from here on"
    )


# Speed


def is_read_within(limit: float, text: str | bytes) -> bool:
    """Whether reading takes fewer seconds of processor time, at best of five: a busy machine shall fail no test."""
    return any(seconds(text) < limit for _ in range(5))


def seconds(text: str | bytes) -> float:
    begin = time.process_time()
    parse(text, "f")
    return time.process_time() - begin


def many_facts(number: int) -> str:
    fact = """\
  ready-to-sign-{}:
    kind: statement
    by: zelensky
    date: 2026-01-26
    label: Agreement called ready
    text: >
      {{zelensky}} said the agreement is “100% ready” to sign, once a date and place are settled.
    cite:
      - source: article
        at: Congressional Ratification
        quote: >
          100% ready to be signed, and only waiting for the other side to name the day and the place
    tags: [status, cost]
"""
    return "schema: 1\nfacts:\n" + "".join(fact.format(n) for n in range(number))


def test_five_thousand_facts_are_read() -> None:
    tree = parse(many_facts(5000), "f")
    assert tree.problems == ()
    assert len(data(tree.root)["facts"]) == 5000


def test_garbage_collection_is_off_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Watching(yaml.SafeLoader):
        def get_event(self) -> Any:
            seen.append(gc.isenabled())
            return super().get_event()  # type: ignore[no-untyped-call]

    monkeypatch.setattr(yamltree, "_LOADER", Watching)
    parse("a: b", "f")
    assert seen
    assert not any(seen)


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("text", ["a: b", "a: @", "\x00" * 2000])
def test_garbage_collection_is_left_as_it_was(on: bool, text: str) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        parse(text, "f")
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()


# Anything

YAML_LIKE = st.text(alphabet="[]{}:,-?&*!|>'\"%@`#~<.\\/ \t\n\r" + "ab01éя\u0301\u200d\ufeff\u2028\x85😀")


@settings(deadline=None)  # a busy machine shall fail no test
@given(st.text() | YAML_LIKE | st.binary() | YAML_LIKE.map(str.encode))
def test_whatever_the_text_a_tree_comes_back(text: str | bytes) -> None:
    tree = parse(text, "f")
    for problem in tree.problems:
        assert problem.rule.startswith("yaml-")
        assert len(problem.message.splitlines()) == 1
        if tree.lines:  # there are none of what cannot be decoded
            assert 1 <= problem.location.line <= len(tree.lines) + 1
        assert problem.location.column >= 1


def is_clean(text: str) -> bool:
    return not any(forbidden_characters(text)) and stacked_marks(text) is None


@settings(deadline=None)  # a busy machine shall fail no test
@given(st.text().map(lambda text: " ".join(text.split())).filter(is_clean))
def test_any_text_comes_back_from_block_form(text: str) -> None:
    tree = parse(f"text: >\n  {text}\nnext: {{}}\n", "f")
    assert tree.problems == ()
    assert scalar(tree, "text").value == text


@settings(deadline=None)  # a busy machine shall fail no test
@given(
    st.lists(st.text().map(lambda text: "".join(text.splitlines())), min_size=1).filter(
        lambda lines: is_clean("\n".join(lines))
    )
)
def test_any_lines_come_back_from_literal_form(lines: list[str]) -> None:
    tree = parse("text: |2\n" + "".join(f"  {line}\n" for line in lines), "f")
    assert tree.problems == ()
    assert scalar(tree, "text").value == "\n".join(lines).rstrip("\n")


@pytest.mark.parametrize("text", ["a: b\n\0\n", "a: b\n\0\nc: d\n", "a: b\n  \u200b\x07\n"])
def test_a_line_that_a_character_spoils_is_told_once(text: str) -> None:
    assert {(problem.rule, problem.location.line) for problem in parse(text, "facts.yaml").problems} == {
        ("yaml-character", 2)
    }
