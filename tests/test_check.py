"""`briefing check` as it is called: what is chosen, explained and accepted, in which form, with which exit code."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.rulebook import page
from briefing.rules import rules

ROOT = Path(__file__).parent.parent
HEAD = "schema: 1\ntitle: A bridge\nas_of: 2026-01-27\n"
SOURCES = """\
sources:
  minutes: {type: report, level: primary, title: Minutes, descriptor: The record., accessed: 2026-01-20}
"""
FACTS = """\
facts:
  opened:
    kind: event
    date: 1931
    text: It opened
    review_by: 2026-06-01
    cite: [minutes]
  ugly: {kind: opinion, text: It is ugly., cite: [{source: minutes, quote: how ugly it is}]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an error, three warnings (one of them by the day) and a note."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text(HEAD + SOURCES + FACTS, encoding="utf-8")
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    """The exit code, and the rules that were found, in order."""
    code = run(["check", "--today", "2026-02-01", *options])
    return code, re.findall(r"\[([a-z-]+)\]$", capsys.readouterr().out, re.MULTILINE)


def test_the_worst_comes_first_and_the_counts_last(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--today", "2026-02-01"]) == 1
    *problems, counts = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in problems] == ["error", "warning", "warning", "note", "note"]
    assert counts == "1 error, 2 warnings, 2 notes"


@pytest.mark.parametrize(
    ("options", "code", "found"),
    [
        (["--select", "kind"], 1, ["kind-needs"]),
        (["--select", "text-unfinished,kind-needs"], 1, ["kind-needs", "text-unfinished"]),
        (["--select", "text", "--select", "quote-missing"], 0, ["text-unfinished", "quote-missing"]),
        (["--select", "text", "--strict"], 1, ["text-unfinished"]),
        (["--ignore", "kind,source,text,quote-unverified"], 0, ["quote-missing"]),
        (["--ignore", "kind,source,text,quote", "--strict"], 0, []),
        (["--select", "date", "--today", "2026-06-02"], 0, ["date-stale"]),
        (["--select", "date", "--today", "2026-06-01"], 0, []),
        (["-q"], 1, ["kind-needs"]),
    ],
)
def test_rules_are_chosen_by_name_or_family(
    options: list[str], code: int, found: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(capsys, *options) == (code, found)


def test_what_keeps_a_file_from_being_read_is_always_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "facts.yaml").write_text(HEAD + SOURCES + FACTS + "    txt: x\n", encoding="utf-8")
    assert checked(capsys, "--select", "quote", "--ignore", "quote")[0] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--select", "quote-mising"],
            '--select: there is no rule and no family "quote-mising"; did you mean "quote-missing"?',
        ),
        (["--ignore", "kinds"], '--ignore: there is no rule and no family "kinds"; did you mean "kind"?'),
        (["--explain", "x"], '--explain: there is no rule and no family "x"'),
        (["--today", "tomorrow"], "--today "),
        (["--format", "xml"], '"xml" is no format of check; it is text, json, github, sarif, junit'),
    ],
)
def test_wrong_options_are_said(
    options: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", *options]) == 2
    assert message in capsys.readouterr().err


def test_the_forms_say_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(capsys)[1]
    assert run(["check", "--today", "2026-02-01", "--format", "json"]) == 1
    listed = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["rule"] for problem in listed] == found
    assert set(listed[0]) == {"path", "line", "column", "level", "rule", "message"}
    assert run(["check", "--today", "2026-02-01", "--format", "sarif"]) == 1
    sarif = json.loads(capsys.readouterr().out)["runs"][0]
    assert [result["ruleId"] for result in sarif["results"]] == found
    by_id = {rule["id"]: rule["fullDescription"]["text"] for rule in sarif["tool"]["driver"]["rules"]}
    assert all(by_id[id].split() == rules()[id].doc.split() for id in found)
    assert run(["check", "--today", "2026-02-01", "--format", "junit"]) == 1
    assert capsys.readouterr().out.count("<failure") == 1


def test_in_github_actions_there_are_annotations_and_a_summary(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "summary.md"))
    (project / "summary.md").write_text("before\n")
    assert run(["check", "--today", "2026-02-01"]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::error file=facts.yaml,line=13,col=3,title=kind-needs::")
    summary = (project / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("before\n")
    assert "kind-needs" in summary
    assert run(["check", "--format", "text"]) == 1
    assert "::error" not in capsys.readouterr().out


def test_annotations_name_files_below_the_root_of_the_repository(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "1")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.parent))
    assert run(["check", "--today", "2026-02-01"]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={project.name}/facts.yaml,line=13")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project / "elsewhere"))
    assert run(["check", "--today", "2026-02-01"]) == 1
    assert capsys.readouterr().out.startswith("::error file=facts.yaml,line=13")


def test_a_summary_that_cannot_be_written_fails_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "no" / "summary.md"))
    assert run(["check", "--select", "text"]) == 0
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_in_the_form_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--facts", "none.yaml", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["rule"] == "file"


WRITTEN = "---\ntitle: Note\nstance: neutral\n---\n## So\n"


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("note.md", WRITTEN, "note.md.j2"),
        ("note.md", WRITTEN.replace("\n", "\r\n"), "note.md.j2"),
        ("note.j2", "## So\n", "note.md.j2"),
        ("My memo.md", '{% extends "house/audiences/neutral-summary.md.j2" %}', "my-memo.md.j2"),
        ("note.md.j2.txt", WRITTEN, "note.md.j2"),
        ("NOTE.MD.J2", WRITTEN, "note.md.j2"),
        ("README.md", "# What these templates are\n\n---\n", ""),
        ("note.md.j2~", WRITTEN, ""),
        (".note.md", WRITTEN, ""),
        ("parts/note.md", WRITTEN, ""),
    ],
)
def test_a_template_whose_name_says_that_it_is_none_is_told(
    name: str, text: str, right: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8", newline="")
    assert run(["check", "--select", "template-unread", "--strict"]) == (1 if right else 0)
    said = capsys.readouterr().out
    if right:
        assert said.startswith(f"templates/{name}:1:1: warning: no brief is made of this: ")
        assert f" as {right} does " in said
    else:
        assert said == ""


def test_what_cannot_be_looked_at_is_no_template(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "folder.md").mkdir()
    (project / "templates" / "nowhere.md").symlink_to("nowhere")
    (project / "templates" / "circle.md").symlink_to("circle.md")
    os.mkfifo(project / "templates" / "pipe.md")
    assert run(["check", "--select", "template-unread", "--strict"]) == 0


def test_a_rule_and_a_family_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--explain", "quote-not-found"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("quote-not-found (error)\n\nA quotation does not stand in the kept text")
    assert run(["check", "--explain", "corroboration"]) == 0
    assert capsys.readouterr().out.count("\n\ncorroboration-") >= 3


def test_the_page_of_rules_is_made_from_the_rules(golden: object) -> None:
    assert callable(golden)
    golden(ROOT / "docs" / "rules.md", page())
    assert [id for id in rules() if f"### {id}\n" not in page()] == []


def rule_ids_in_code() -> set[str]:
    """Every rule id that the code names in a Problem, and the words that the YAML readers put behind `yaml-`."""
    families = "|".join(sorted({rule.family for rule in rules().values()}))
    found: set[str] = set()
    for path in (ROOT / "briefing").rglob("*.py"):
        if path.parent.name == "rules" and path.name not in ("acceptance.py",):
            continue
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(rf'"((?:{families})(?:-[a-z]+)+)"', text))
        if path.name.startswith("yaml"):
            found |= {
                f"yaml-{word}"
                for word in re.findall(r'(?:report|stop)\(\s*"([a-z-]+)"|rule, message = "([a-z-]+)"', text)
                for word in word
                if word
            }
    return found - {"date-parts"}  # a key of CSL-JSON


def test_every_rule_id_in_the_code_is_documented_and_every_documented_fault_is_in_the_code() -> None:
    named = rule_ids_in_code()
    assert named - set(rules()) == set()
    faults = {id for id, rule in rules().items() if type(rule).__name__ == "Rule"}
    unheard = faults - named - {"usage", "file", "system"}
    assert unheard == set()


def test_every_rule_explains_itself_in_a_sentence() -> None:
    for rule in rules().values():
        assert re.match(r"[A-Z`\"&*<!{].{25,}[.:]", rule.doc.replace("\n", " ")), rule.id


BOTH = """\
facts:
  safe:
    kind: event
    date: 2025
    text: The bridge held.
    cite: [{source: minutes, quote: held}]
    contradicts: [fell]
  fell:
    kind: event
    date: 2025
    text: The bridge fell.
    cite: [{source: minutes, quote: fell}]
"""


def test_a_contradiction_that_no_brief_shows(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = "  rest: {kind: event, date: 2025, text: It stood., cite: [{source: minutes, quote: stood}]}\n"
    (project / "facts.yaml").write_text(HEAD + SOURCES + BOTH + rest, encoding="utf-8")
    (project / "templates").mkdir()
    note = project / "templates" / "note.md.j2"
    head = "---\ntitle: Note\nstance: neutral\n---\n"
    note.write_text(head + '{{ fact("rest") }}', encoding="utf-8")
    assert checked(capsys, "--select", "corroboration-unshown") == (0, ["corroboration-unshown"])
    accepted = BOTH.replace(
        "contradicts: [fell]", "contradicts: [fell]\n    accept: {corroboration-unshown: why}"
    )
    (project / "facts.yaml").write_text(HEAD + SOURCES + accepted + rest, encoding="utf-8")
    assert checked(capsys, "--select", "corroboration-unshown,accept") == (0, [])
    note.write_text(head + '{{ fact("rest") }} {{ fact("fell") }} {{ fact("safe") }}', encoding="utf-8")
    assert checked(capsys, "--select", "corroboration-unshown,accept") == (0, ["accept-unused"])


def test_loaded_words_of_the_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "facts.yaml").write_text(HEAD + SOURCES + BOTH.replace("    contradicts: [fell]\n", ""))
    (project / "templates").mkdir()
    body = (
        '---\ntitle: Note\nstance: neutral\n---\n## A historic span\n\n{{ fact("fell") }} {{ fact("safe") }}'
    )
    (project / "templates" / "note.md.j2").write_text(body, encoding="utf-8")
    assert checked(capsys, "--select", "template-loaded-word")[1] == ["template-loaded-word"]
    words = project / "templates" / "loaded-words.yaml"
    words.write_text("historic: allowed\nspan: makes a bridge of a beam\n", encoding="utf-8")
    assert run(["check", "--select", "template-loaded-word"]) == 0
    assert '"span" takes sides: it makes a bridge of a beam' in capsys.readouterr().out
    words.write_text("historic: {becuase: x}\n", encoding="utf-8")
    assert run(["check"]) == 1
    assert "templates/loaded-words.yaml:1:12: error: " in capsys.readouterr().out


def test_loaded_words_in_labels_names_and_descriptors_that_a_neutral_brief_prints(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = "people:\n  mayor: {name: the regime in Middleton, short: the mayor}\n"
    facts = BOTH.replace("    contradicts: [fell]\n", "    label: A boondoggle held\n")
    said = facts.replace(
        "kind: event\n    date: 2025\n    text: The",
        "kind: statement\n    by: mayor\n    text: >\n      {mayor} said the",
    )
    sources = SOURCES.replace("The record.", "The record of a handout.")
    (project / "facts.yaml").write_text(HEAD + people + sources + said, encoding="utf-8")
    (project / "templates").mkdir()
    head = "---\ntitle: Note\nstance: neutral\n---\n"
    (project / "templates" / "note.md.j2").write_text(head + '{{ fact("fell") }}', encoding="utf-8")
    assert run(["check", "--select", "template-loaded-word"]) == 0
    printed = capsys.readouterr().out
    assert '"regime" (in the name of "mayor") takes sides' in printed
    assert '"handout" (in the descriptor of "minutes") takes sides' in printed
    timeline = '{{ fact("fell") }}\n\n{{ timeline(facts()) }}'
    dated = said.replace("by: mayor\n", "by: mayor\n    date: 2025\n")
    (project / "facts.yaml").write_text(HEAD + people + sources + dated, encoding="utf-8")
    (project / "templates" / "note.md.j2").write_text(head + timeline, encoding="utf-8")
    assert run(["check", "--select", "template-loaded-word"]) == 0
    assert '"boondoggle" (in the fact "safe") takes sides' in capsys.readouterr().out


CONTRADICTING = """\
schema: 1
title: A bridge
as_of: 2026-01-27
sources:
  minutes: {type: report, level: primary, title: Minutes, descriptor: A record., accessed: 2026-01-20}
facts:
  closed:
    {kind: event, date: 2026-01, text: The bridge closed., cite: [{source: minutes, quote: it is closed}],
    tags: [bottom-line], contradicts: [open]}
  open: {kind: event, date: 2026-01, text: The bridge is open., cite: [{source: minutes, quote: it is open}]}
  built: {kind: event, date: 1931, text: It was built., cite: [{source: minutes, quote: built in 1931}], tags: [cost]}
"""


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (
            "templates/fiscal-critique.md.j2",
            "print that in a block of its template",
        ),
        (
            "house/audiences/fiscal-critique.md.j2",
            "print that in a template of your own (briefing init --audience fiscal-critique)",
        ),
    ],
)
def test_what_a_shipped_template_leaves_out_is_told_of_the_brief(
    template: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facts.yaml").write_text(CONTRADICTING)
    if template.startswith("templates/"):
        Path("templates").mkdir()
        Path(template).write_text(
            '---\ntitle: Cost\n---\n{% extends "house/audiences/fiscal-critique.md.j2" %}\n'
        )
    assert run(["build", "fiscal-critique", "--format", "md"]) == 1
    said = f'{template}:1:1: error: "closed" contradicts "open", which the brief fiscal-critique leaves out; {told}'
    assert f"{said} [selection-contradiction]" in capsys.readouterr().err
