"""What `check` prints, read again by the parsers that read it: CI runners, JSON, XML and Markdown."""

from __future__ import annotations

import json
import random
import re
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from npm import NODE, node_module

from briefing import __version__
from briefing.errors import Level, Location, Problem
from briefing.outcome import Outcome, Report
from briefing.report import FORMATS, check_output
from briefing.report.lines import problem_lines
from briefing.report.outcomes import outcome_table, report_json
from briefing.report.summary import job_summary
from briefing.report.visible import visible


def problem(
    message: str = "something is wrong",
    level: Level = Level.ERROR,
    path: str = "facts.yaml",
    line: int = 1,
    column: int = 1,
    rule: str = "a-rule",
) -> Problem:
    return Problem(Location(path, line, column), level, message, rule)


def docs(rule: str) -> str:
    return f"Finds what {rule} is about, in the U.S. and elsewhere. It says why.\n\n    And gives an example."


def output(
    format: str, problems: list[Problem], least: Level = Level.NOTE, docs: Callable[[str], str] = docs
) -> str:
    return check_output(format, problems, least, docs)


UNSORTED = [
    problem("not verified here", Level.NOTE, line=2, column=5, rule="quote-not-kept"),
    problem("100% of it: is stale, read it again", Level.WARNING, line=12, column=5, rule="fact-stale"),
    problem("no such fact", path="templates/a, b.md.j2", line=3, rule="template-unknown"),
    problem("two values", line=12, column=7, rule="number-differs"),
    problem("one value too many", line=12, column=7, rule="number-again"),
    problem("no archive", Level.WARNING, line=9, column=3, rule="source-unkept"),
]

# --- the formats, as they are

TEXT = """\
facts.yaml:12:7: error: one value too many [number-again]
facts.yaml:12:7: error: two values [number-differs]
templates/a, b.md.j2:3:1: error: no such fact [template-unknown]
facts.yaml:9:3: warning: no archive [source-unkept]
facts.yaml:12:5: warning: 100% of it: is stale, read it again [fact-stale]
facts.yaml:2:5: note: not verified here [quote-not-kept]
3 errors, 2 warnings, 1 note"""

GITHUB = """\
::error file=facts.yaml,line=12,col=7,title=number-again::one value too many [number-again]
::error file=facts.yaml,line=12,col=7,title=number-differs::two values [number-differs]
::error file=templates/a%2C b.md.j2,line=3,col=1,title=template-unknown::no such fact [template-unknown]
::warning file=facts.yaml,line=9,col=3,title=source-unkept::no archive [source-unkept]
::warning file=facts.yaml,line=12,col=5,title=fact-stale::100%25 of it: is stale, read it again [fact-stale]
::notice file=facts.yaml,line=2,col=5,title=quote-not-kept::not verified here [quote-not-kept]
3 errors, 2 warnings, 1 note"""

JUNIT = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="briefing check" tests="3" failures="1" errors="0">
  <testsuite name="facts.yaml" tests="2" failures="1" errors="0">
    <testcase classname="facts.yaml" name="number-differs 12:7">
      <failure type="error" message="two values">facts.yaml:12:7: error: two values [number-differs]</failure>
    </testcase>
    <testcase classname="facts.yaml" name="fact-stale 4:1">
      <system-out>facts.yaml:4:1: warning: read “it” [fact-stale]</system-out>
    </testcase>
  </testsuite>
  <testsuite name="templates/memo.md.j2" tests="1" failures="0" errors="0">
    <testcase classname="templates/memo.md.j2" name="template-words 1:1">
      <system-out>templates/memo.md.j2:1:1: note: long [template-words]</system-out>
    </testcase>
  </testsuite>
</testsuites>"""

SUMMARY = """\
## briefing check

1 error, 1 warning, 1 note

### `facts.yaml`

| Level | Line | Problem | Rule |
| --- | --- | --- | --- |
| error | 12 | ``a `b` \\| c`` | `number-differs` |
| note | 2 | `not kept` | `quote-not-kept` |

### `templates/memo.md.j2`

| Level | Line | Problem | Rule |
| --- | --- | --- | --- |
| warning | 1 | `long` | `template-words` |
"""


def test_text() -> None:
    assert output("text", UNSORTED) == TEXT


def test_github() -> None:
    assert output("github", UNSORTED) == GITHUB


def test_junit() -> None:
    found = [
        problem("long", Level.NOTE, path="templates/memo.md.j2", rule="template-words"),
        problem("read “it”", Level.WARNING, line=4, rule="fact-stale"),
        problem("two values", line=12, column=7, rule="number-differs"),
    ]
    assert output("junit", found) == JUNIT.replace("“", "&#8220;").replace("”", "&#8221;")


def test_summary() -> None:
    found = [
        problem("not kept", Level.NOTE, line=2, rule="quote-not-kept"),
        problem("long", Level.WARNING, path="templates/memo.md.j2", rule="template-words"),
        problem("a `b` | c", line=12, rule="number-differs"),
    ]
    assert job_summary(found) == SUMMARY


def test_json() -> None:
    text = output("json", [problem("“two”", line=12, column=7), problem("x", Level.NOTE)])
    assert text.isascii()
    assert json.loads(text) == {
        "problems": [
            {
                "path": "facts.yaml",
                "line": 12,
                "column": 7,
                "level": "error",
                "rule": "a-rule",
                "message": "“two”",
            },
            {"path": "facts.yaml", "line": 1, "column": 1, "level": "note", "rule": "a-rule", "message": "x"},
        ]
    }


def test_sarif() -> None:
    log = json.loads(output("sarif", UNSORTED))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("briefing", __version__)
    assert run["columnKind"] == "unicodeCodePoints"
    first = dict(run["results"][2])
    assert list(first.pop("partialFingerprints")) == ["ruleAndMessage/v1"]
    assert first == {
        "ruleId": "template-unknown",
        "ruleIndex": 5,
        "level": "error",
        "message": {"text": "no such fact"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "templates/a%2C%20b.md.j2"},
                    "region": {"startLine": 3, "startColumn": 1},
                }
            }
        ],
    }


def test_sarif_describes_the_rules_that_occur() -> None:
    found = [problem(level=Level.NOTE, rule="b"), problem(level=Level.WARNING, rule="b"), problem(rule="a")]
    run = json.loads(output("sarif", found))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["a", "b"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 1]
    assert rules[1] == {
        "id": "b",
        "shortDescription": {"text": "Finds what b is about, in the U.S. and elsewhere."},
        "fullDescription": {
            "text": "Finds what b is about, in the U.S. and elsewhere. It says why.\n\nAnd gives an example."
        },
        "help": {
            "text": "Finds what b is about, in the U.S. and elsewhere. It says why.\n\nAnd gives an example."
        },
        "defaultConfiguration": {"level": "warning"},
    }


def test_sarif_of_a_rule_without_documentation() -> None:
    text = output("sarif", [problem(rule="yaml-syntax")], docs=lambda _: "")
    assert (
        json.loads(text)["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "yaml-syntax"
    )


# --- order, levels, nothing to say


@pytest.mark.parametrize("format", FORMATS)
def test_any_order_gives_the_same_bytes(format: str) -> None:
    mixed = random.Random(3).sample(UNSORTED, len(UNSORTED))
    assert mixed != UNSORTED
    assert output(format, mixed) == output(format, UNSORTED)


@pytest.mark.parametrize("format", FORMATS)
def test_only_what_is_bad_enough_is_shown(format: str) -> None:
    errors = [found for found in UNSORTED if found.level is Level.ERROR]
    assert output(format, UNSORTED, Level.ERROR) == output(format, errors)


def test_counts_name_each_level_that_occurs() -> None:
    one, two = problem(), problem(level=Level.WARNING)
    assert problem_lines([one, two, two], Level.NOTE)[-1] == "1 error, 2 warnings"
    assert problem_lines([one, two], Level.ERROR)[-1] == "1 error"
    assert problem_lines([two], Level.ERROR) == []


@pytest.mark.parametrize("format", ["text", "github"])
def test_nothing_to_show_is_an_empty_text(format: str) -> None:
    assert output(format, []) == ""


def test_nothing_to_show_is_a_whole_document_for_machines() -> None:
    assert json.loads(output("json", [])) == {"problems": []}
    run = json.loads(output("sarif", []))["runs"][0]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert job_summary([]) == "## briefing check\n\nNo problems.\n"


def test_a_clean_run_is_one_test_that_passes() -> None:
    root = ElementTree.fromstring(output("junit", []))
    assert dict(root.attrib) == {"name": "briefing check", "tests": "1", "failures": "0", "errors": "0"}
    assert [list(case) for case in root.iter("testcase")] == [[]]
    assert output("junit", [problem(level=Level.NOTE)], Level.ERROR) == output("junit", [])


@pytest.mark.parametrize(("strict", "failing"), [(False, ["error"]), (True, ["error", "warning"])])
def test_what_fails_in_junit(strict: bool, failing: list[str]) -> None:
    found = [problem(level=level) for level in Level]
    root = ElementTree.fromstring(check_output("junit", found, Level.NOTE, docs, strict=strict))
    assert [failure.get("type") for failure in root.iter("failure")] == failing
    assert root.get("failures") == str(len(failing))
    assert len(list(root.iter("system-out"))) == len(Level) - len(failing)


def test_junit_names_are_unique_in_a_file() -> None:
    found = [problem("a"), problem("b"), problem("c"), problem("d", path="b.yaml")]
    cases = ElementTree.fromstring(output("junit", found)).iter("testcase")
    assert sorted(f"{case.get('classname')} {case.get('name')}" for case in cases) == [
        "b.yaml a-rule 1:1",
        "facts.yaml a-rule 1:1",
        "facts.yaml a-rule 1:1 (2)",
        "facts.yaml a-rule 1:1 (3)",
    ]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="'xml' is none of"):
        output("xml", [])


# --- SARIF: where a problem is, and whether it is the same as before


def results(found: list[Problem]) -> list[dict[str, dict[str, str]]]:
    return json.loads(output("sarif", found))["runs"][0]["results"]


def fingerprints(found: list[Problem]) -> list[str]:
    return [result["partialFingerprints"]["ruleAndMessage/v1"] for result in results(found)]


def test_a_fingerprint_outlives_moved_lines_and_nothing_else() -> None:
    here = problem()
    before = fingerprints([here])
    assert fingerprints([replace(here, location=Location("facts.yaml", 90, 7))]) == before
    others = [
        problem("else"),
        problem(rule="b-rule"),
        problem(path="b.yaml"),
        # Without a mark between the parts these two would be the same.
        problem("x", rule="ab", path="c"),
        problem("x", rule="a", path="bc"),
    ]
    assert len({*before, *(fingerprint for other in others for fingerprint in fingerprints([other]))}) == 6


def test_two_of_the_same_kind_have_fingerprints_of_their_own() -> None:
    assert len(set(fingerprints([problem(line=1), problem(line=2)]))) == 2


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("facts.yaml", "facts.yaml"),
        ("../a/facts.yaml", "../a/facts.yaml"),
        ("two words/Über.yaml", "two%20words/%C3%9Cber.yaml"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("100%/a?b#c", "100%25/a%3Fb%23c"),
        ("/srv/facts.yaml", "file:///srv/facts.yaml"),
        ("//host/facts.yaml", "file:///host/facts.yaml"),
        ("latin-1-\udcfc", "latin-1-%FC"),
    ],
)
def test_a_path_as_a_uri(path: str, uri: str) -> None:
    location = json.loads(output("sarif", [problem(path=path)]))["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


# --- nothing hostile gets through

TRICKS = """
: :: ::error:: ::error\tfile=x:: % %0A %25 ##[ ##[error] ##vso[task.complete] ##teamcity[x]
### ] [ ]( ![ [a](b) < > & &amp;
<b> <!-- ]]> <![CDATA[ | \\| \\ ` `` ~~~ ``` | --- | @team #12 https://example.org :smile: {0} $x$ " ' , = file=x
""".split()
INVISIBLE = (
    "\n \r \t \r\n \0 \x1b[31m \x1b]0;x\x07 \x7f \x85 \x9b \xa0 \xad "
    "\u2003 \u200b \u2028 \u2029 \u202e \u2066 \ufeff"
)
OTHERS = [
    "\ud800",
    "\udcff",
    "\ufffe",
    "\uffff",
    "\U0001ffff",
    "\U0010ffff",
    "\u3164",
    "\ufe0f",
    "é",
    "ї",
    "🙂",
    " ",
    "  ",
]
TEXTS = st.lists(
    st.sampled_from([*TRICKS, *INVISIBLE.split(" "), *OTHERS]) | st.text(max_size=4), max_size=8
).map("".join)
PROBLEMS = st.builds(
    problem,
    message=TEXTS,
    level=st.sampled_from(Level),
    path=TEXTS,
    rule=TEXTS,
    line=st.integers(1, 10**6),
    column=st.integers(1, 10**6),
)
LISTS = st.lists(PROBLEMS, max_size=4)


@dataclass(frozen=True, slots=True)
class Command:
    """What a CI runner would do for a line."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(line: str) -> Command | None:
    """The command that GitHub's runner finds in a line: it tries the newer form, then the older.

    Written after what ActionCommand.cs of actions/runner does; but every name counts as a known command, and
    letters before the bracket are allowed, so that the commands of Azure Pipelines and TeamCity are found, too.
    """
    return newer_command(line) or older_command(line)


def newer_command(line: str) -> Command | None:
    line = line.lstrip()
    head, end, data = line[2:].partition("::")
    if not line.startswith("::") or not end:
        return None
    name, _, listed = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in listed.strip().split(",")]
    properties = {key: undone(value, ":,") for key, value in (pair for pair in pairs if len(pair) == 2)}
    return Command(name, properties, undone(data, ""))


def older_command(line: str) -> Command | None:
    match = re.search(r"##\w*\[(.*?)\](.*)", line, re.DOTALL)
    return Command(match[1].partition(" ")[0], {}, match[2]) if match else None


def undone(text: str, more: str) -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


@pytest.mark.parametrize(
    "line",
    [
        "::error::x",
        " \u3000::error file=a,line=1::x",
        "x ##[error]y",
        "##vso[task.complete]",
        "##teamcity[x]",
    ],
)
def test_the_reader_of_commands_finds_them(line: str) -> None:
    """So that the tests below can fail."""
    assert obeyed(line)
    assert not obeyed(visible(line))


@given(text=TEXTS)
@example(text=" ::error::x")
@example(text="x ##[error]y")
def test_visible_text_is_one_line_without_commands(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert obeyed(shown) is None
    assert not [character for character in shown if unicodedata.category(character)[0] == "C"]
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "## Sources",
        "# [1] and ## [2]",
        "a::b, C++ std::string",
        ": said",
        "100% “ready” – Київ, 東京 🙂 ❤️",
        "Über‑the‑top\xa0…",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\rc\x85d\u2028e", r"a\u{a}b\u{d}c\u{85}d\u{2028}e"),
        ("\x1b[31mred\x9b0m", r"\u{1b}[31mred\u{9b}0m"),
        ("a\u202eb\u2066c\u200dd\xade\ufefff", r"a\u{202e}b\u{2066}c\u{200d}d\u{ad}e\u{feff}f"),
        ("a\u3164b\u034fc\U000e0041d", r"a\u{3164}b\u{34f}c\u{e0041}d"),
        ("::error::x ::y", r"\u{3a}:error::x ::y"),
        ("\u2003 ::x", "\u2003 " + r"\u{3a}:x"),
        ("a ##[x] ##vso[y] ###[z]", r"a #\u{23}[x] #\u{23}vso[y] ##\u{23}[z]"),
    ],
)
def test_what_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(found=LISTS)
def test_text_is_a_line_a_problem_and_no_command(found: list[Problem]) -> None:
    lines = output("text", found).splitlines()
    assert len(lines) == len(found) + bool(found)
    assert [line for line in lines if obeyed(line)] == []


@given(found=LISTS)
def test_github_is_a_command_a_problem_with_the_same_words(found: list[Problem]) -> None:
    lines = output("github", found).splitlines()
    commands = [command for line in lines if (command := obeyed(line))]
    assert len(lines) == len(found) + bool(found)
    assert sorted(map(repr, commands)) == sorted(repr(expected_command(one)) for one in found)


def expected_command(found: Problem) -> Command:
    properties = {
        "file": visible(found.location.path),
        "line": str(found.location.line),
        "col": str(found.location.column),
        # The runner takes white space from the end of the last property.
        "title": visible(found.rule).rstrip(),
    }
    name = {"note": "notice"}.get(str(found.level), str(found.level))
    return Command(name, properties, visible(f"{found.message} [{found.rule}]"))


def in_xml(text: str) -> str:
    """Text with what no XML 1.0 document can hold as `\\u{…}`."""
    return "".join(
        f"\\u{{{ord(character):x}}}"
        if unicodedata.category(character) == "Cs"
        or character in "\ufffe\uffff"
        or (character < " " and character not in "\t\r\n")
        else character
        for character in text
    )


@given(found=LISTS)
def test_junit_holds_the_same_words(found: list[Problem]) -> None:
    text = check_output("junit", found, Level.NOTE, docs, strict=True)
    root = ElementTree.fromstring(text)
    assert text.isascii()
    assert [line for line in text.splitlines() if obeyed(line)] == []
    failing = sorted(in_xml(one.message) for one in found if one.level > Level.NOTE)
    assert sorted(failure.get("message", "") for failure in root.iter("failure")) == failing
    texts = [(child.text or "") for case in root.iter("testcase") for child in case]
    assert sorted(texts) == sorted(in_xml(str(one)) for one in found)


# Elements and attributes of junit-10.xsd (Jenkins, xunit plugin) as far as they are used here.
IN_JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"testcase"}),
    "testcase": ({"classname", "name"}, {"failure", "system-out"}),
    "failure": ({"type", "message"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}


@given(found=LISTS)
def test_junit_has_the_structure_that_readers_know(found: list[Problem]) -> None:
    root = ElementTree.fromstring(output("junit", found))
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = IN_JUNIT[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
    for suite in (root, *root.iter("testsuite")):
        assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
        assert suite.get("failures") == str(len(list(suite.iter("failure"))))


def in_sarif(text: str) -> str:
    whole = "".join(f"\\u{{{ord(one):x}}}" if unicodedata.category(one) == "Cs" else one for one in text)
    return whole.replace("](", "]\\u{28}")


@given(found=LISTS)
def test_sarif_holds_the_same_words(found: list[Problem]) -> None:
    text = output("sarif", found)
    run = json.loads(text)["runs"][0]
    assert text.isascii()
    assert [line for line in text.splitlines() if obeyed(line)] == []
    assert sorted(result["message"]["text"] for result in run["results"]) == sorted(
        in_sarif(one.message) for one in found
    )
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


@given(path=TEXTS)
@example(path="//host/share")
@example(path="a:b")
def test_a_path_makes_no_other_kind_of_uri(path: str) -> None:
    result = json.loads(output("sarif", [problem(path=path)]))["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"(file:///)?([\w.~/-]|%[0-9A-F]{2})*", uri, re.ASCII)
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("file" if path.startswith("/") else "", "")
    if not re.search("[\ud800-\udfff]", path):
        assert unquote_to_bytes(parts.path).lstrip(b"/") == path.encode().lstrip(b"/")


@given(found=LISTS)
def test_json_holds_the_same_words_and_no_command(found: list[Problem]) -> None:
    text = output("json", found)
    assert [line for line in text.splitlines() if obeyed(line)] == []
    told = {(one["path"], one["rule"], one["message"]) for one in json.loads(text)["problems"]}
    # Two surrogates in a row, which no input can hold, are one character behind JSON's escapes.
    assert told == {tuple(map(_joined, (one.location.path, one.rule, one.message))) for one in found}


def _joined(text: str) -> str:
    return str(json.loads(json.dumps(text)))


MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


@given(found=LISTS)
def test_the_summary_is_tables_of_code_and_nothing_else(found: list[Problem]) -> None:
    tokens = MARKDOWN.parse(job_summary(found))
    blocks = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "inline"}
    assert {re.sub("_(open|close)$", "", token.type) for token in tokens} <= blocks
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "code_inline"}
    ours = {"briefing check", "Level", "Line", "Problem", "Rule", "No problems.", *map(str, Level)}
    ours |= {problem_lines(found, Level.NOTE)[-1]} if found else set()
    assert {child.content for child in inline if child.type == "text" and not child.content.isdigit()} <= ours
    assert sorted(child.content for child in inline if child.type == "code_inline") == sorted(
        shown
        for text in (
            *{one.location.path for one in found},
            *(text for one in found for text in (one.message, one.rule)),
        )
        if (shown := visible(text)).strip(" ")
    )


def test_a_summary_that_would_be_too_long_counts_the_rest() -> None:
    found = [problem(f"{number} " + "ї" * 3000, path=f"{number % 40}.yaml") for number in range(300)]
    found.append(problem("the least", Level.NOTE, path="0.yaml"))
    summary = job_summary(found)
    assert 800_000 < len(summary.encode()) < 1024 * 1024
    rows = len(re.findall(r"^\| error", summary, re.MULTILINE))
    assert summary.endswith(f"Left out here: {300 - rows} errors, 1 note. The log lists all of them.\n")
    assert summary.splitlines()[2] == "300 errors, 1 note"
    assert "the least" not in summary


def test_a_summary_shows_only_what_is_bad_enough() -> None:
    assert job_summary(UNSORTED, Level.ERROR) == job_summary(
        [found for found in UNSORTED if found.level is Level.ERROR]
    )


@given(path=TEXTS, why=TEXTS)
def test_the_table_of_outcomes_is_a_line_a_file_and_no_command(path: str, why: str) -> None:
    outcomes = [Outcome("memo", "md", Path(path.replace("\0", "0")), "failed", why)] * 2
    lines = outcome_table(outcomes)
    assert [len(line.splitlines()) for line in lines] == [1, 1]
    assert [line for line in lines if obeyed(line)] == []


def test_outcomes() -> None:
    outcomes = (
        Outcome("memo", "md", Path("out/memo.md"), "written", "new", None, 3, 1),
        Outcome("memo", "pdf", Path("out/memo.pdf"), "current", "", 2, 3, 1),
    )
    assert outcome_table(outcomes) == [
        "out/memo.md   written  new  3 facts, 1 source",
        "out/memo.pdf  current       2 pages, 3 facts, 1 source",
    ]
    told = json.loads(report_json(Report(outcomes, tuple(UNSORTED), 1)))
    assert [brief["pages"] for brief in told["briefs"]] == [None, 2]
    assert [one["level"] for one in told["problems"]] == [*["error"] * 3, *["warning"] * 2, "note"]


# --- the public schema of SARIF


def schema_errors(documents: list[str]) -> list[list[str]]:
    """What is wrong with each document by the schema of SARIF 2.1.0, as Microsoft's package for Jest carries it."""
    schema = node_module("@microsoft/jest-sarif") / "lib/schemas/sarif-2.1.0-rtm.5.json"
    node_module("ajv-draft-04")
    lines = "".join(json.dumps(json.loads(document)) + "\n" for document in documents)
    ended = subprocess.run(
        ["node", NODE / "validate.mjs", schema],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert ended.stderr == ""
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.all
def test_sarif_is_valid_by_its_public_schema() -> None:
    hostile = [
        problem(trick, level, path=trick, rule=trick, line=number + 1)
        for number, trick in enumerate([*TRICKS, *INVISIBLE.split(" "), *OTHERS])
        for level in Level
    ]
    assert schema_errors([output("sarif", found) for found in ([], UNSORTED, hostile)]) == [[], [], []]


@pytest.mark.all
def test_the_validator_finds_faults() -> None:
    """So that the test above can fail."""
    right = output("sarif", UNSORTED)
    wrong = [
        right.replace('"level": "note"', '"level": "notice"'),
        right.replace('"startLine": 2', '"startLine": 0'),
        right.replace('"uri": "facts.yaml"', '"uri": "two words"'),
        right.replace('"ruleIndex"', '"ruleNumber"'),
        right.replace('"unicodeCodePoints"', '"characters"'),
    ]
    assert [bool(errors) for errors in schema_errors(wrong)] == [True] * len(wrong)
