"""`briefing help`: every topic, rule and command, with no word of the pages lost."""

from __future__ import annotations

import pydoc
import re
import tomllib
from pathlib import Path

import pytest

from briefing.cli import helping, run
from briefing.completing import topics
from briefing.manual import TOPICS
from briefing.manualtext import manual_text
from briefing.rulebook import rule_names
from briefing.rules import rules

ROOT = Path(__file__).parent.parent


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["help", *words]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_the_topics_are_listed_and_each_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    listed = [line.split()[0] for line in helped(capsys).splitlines()]
    assert listed == list(TOPICS)
    assert {"facts", "audiences", "mail", "changes", "building"} <= set(listed)
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = shipped["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for file, _ in TOPICS.values():
        assert included[f"docs/{file}"] == f"briefing/docs/{file}"


@pytest.mark.parametrize("topic", TOPICS)
def test_no_word_of_a_page_is_lost_and_its_code_stands_as_it_is(
    topic: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    page = (ROOT / "docs" / TOPICS[topic][0]).read_text(encoding="utf-8")
    text = helped(capsys, topic)
    for block in re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            assert f"    {line}".rstrip() in text
    words = re.findall(r"[^\W_]{4,}", re.sub(r"\]\([^)]*\)|^```\w*|\| *---.*", "", page, flags=re.MULTILINE))
    header = set(re.findall(r"\w+", " ".join(re.findall(r"^(\|.*)\n\|---", page, re.MULTILINE))))
    printed = set(re.findall(r"[^\W_]{4,}", text))
    assert sorted(set(words) - printed - header) == []
    prose = [line for line in text.splitlines() if not line.startswith("  ") and "`" not in line]
    assert max(map(len, prose)) < 90


@pytest.mark.parametrize("name", ["quote-not-found", "mail-certificate", "yaml-syntax"])
def test_a_rule_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = name if name in rules() else next(iter(rules()))
    text = helped(capsys, name)
    assert text.startswith(f"{name} ({rules()[name].level})\n")
    assert " ".join(rules()[name].doc.split())[:40] in " ".join(text.split())


def test_every_rule_and_family_is_known_here_and_to_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    for name in rule_names():
        assert helped(capsys, name).strip()
    assert set(topics()) == {*TOPICS, *rule_names()}


def test_a_command_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--help"]) == 0
    own = capsys.readouterr().out
    assert helped(capsys, "build").strip() == own.strip()


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("quote-notfound", 'did you mean "quote-not-found"?'),
        ("fact", 'did you mean "facts"?'),
        ("\x1b[31m", "`briefing help` lists the topics"),
        ("../mail.md", "there is no topic"),
        ("", "there is no topic"),
        ("x" * 100_000, "there is no topic"),
    ],
)
def test_what_is_not_known_is_told_with_the_nearest(
    topic: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["help", topic]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert "\x1b" not in said.err
    assert len(said.err) < 1000


def test_on_a_terminal_it_is_paged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paged: list[str] = []
    monkeypatch.setattr(helping, "is_screen", lambda: True)
    monkeypatch.setattr(pydoc, "pager", paged.append)
    assert helped(capsys, "facts") == ""
    assert paged[0].startswith("The facts file\n==============\n")


def test_markdown_becomes_plain_text() -> None:
    page = (
        "# A *b*\n\nSee [c](d.md#e) and <https://f.example>.\n\n1. one\n2. two\n   - deep\n\n"
        "| g | h |\n|---|---|\n| `i` | j<k> |\n\n    code  *x*\n"
    )
    assert manual_text(page, 40, lambda target: f" ({target})") == (
        "A b\n===\n\nSee c (d.md#e) and https://f.example.\n\n1. one\n2. two\n\n   - deep\n\n"
        "g    h\n---  ----\n`i`  j<k>\n\n    code  *x*\n"
    )
