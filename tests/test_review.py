"""Claims whose facts changed: found, refused, marked, read again, and noted in a file that merges."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gitfolders import git, needs_git
from pypdf import PdfReader
from terminals import needs_terminals

from briefing.cli import run

BRIEFS = Path(__file__).parent / "briefs"
NOTE = """---
title: Note
stance: advocacy
---
## When

{% claim "opened" %}The bridge is from 1931{% endclaim %}.
{% claim "repair-cost", "closed" %}It was closed, and {amount} went into its repair{% endclaim %}.

{% for n in range(2) %}
{% claim "ugly" %}{the-paper} finds it ugly{% endclaim %}.
{% endfor %}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "templates").mkdir()
    facts = (BRIEFS / "facts.yaml").read_text(encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "templates" / "note.md.j2").write_text(NOTE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, list[str]]]:
    """Of each claim, by the first fact: its state, and the facts that changed."""
    capsys.readouterr()
    run(["review", "--json"])
    found = json.loads(capsys.readouterr().out)["paraphrases"]
    return {
        one["facts"][0]["id"]: (one["state"], [fact["id"] for fact in one["facts"] if fact["changed"]])
        for one in found
    }


def accept_all(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    run(["review", "--json"])
    found = json.loads(capsys.readouterr().out)["paraphrases"]
    assert run(["review", *(f"--accept={one['id']}" for one in found)]) == 0


def test_what_nobody_has_read_is_a_warning_and_builds(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", "--format", "md"]) == 0
    found = re.findall(r"(note\.md\.j2:\d+):1: warning: nobody has read this", capsys.readouterr().err)
    assert found == ["note.md.j2:7", "note.md.j2:8", "note.md.j2:11"]  # a loop prints one claim
    accept_all(capsys)
    assert run(["check", "--select", "template-unreviewed,template-suspect", "--strict"]) == 0


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("text: The bridge opened in 1931.", "text: The bridge was opened in 1931.", {"opened": ["opened"]}),
        ("amount: {over: 1.5e6", "amount: {over: 1.6e6", {"repair-cost": ["repair-cost"]}),
        ("name: the local paper", "name: the local paper of Middleton", {"ugly": ["ugly"]}),
    ],
)
def test_a_claim_is_suspect_when_a_fact_under_it_changed(
    project: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, changed: dict[str, list[str]]
) -> None:
    accept_all(capsys)
    edited(project / "facts.yaml", old, new)
    assert {id: facts for id, (state, facts) in listed(capsys).items() if state == "suspect"} == changed
    assert run(["check"]) == 1
    assert "[template-suspect]" in capsys.readouterr().out
    assert run(["build", "--format", "md"]) == 1
    assert not (project / "out").exists()
    accept_all(capsys)
    assert run(["build", "--format", "md"]) == 0


def test_what_a_paraphrase_does_not_rest_on_may_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No false alarm: layout, comments, order, labels, tags, other facts, and the prose's own line breaks."""
    accept_all(capsys)
    text = (project / "facts.yaml").read_text(encoding="utf-8")
    text = text.replace("label: Repair\n", "label: The repair\n").replace(
        "tags: [milestone]", "tags: [milestone, old]"
    )
    text = text.replace(
        "text: The bridge opened in 1931.", "text: >\n      The bridge\n      opened in 1931.  # yes"
    )
    text = text.replace("opened in 1931.  # yes", "opened in 1931.")
    text = text.replace("That is {hourly} cars an hour.", "These are {hourly} cars an hour.")
    (project / "facts.yaml").write_text(f"# A comment\n{text}", encoding="utf-8")
    edited(project / "templates" / "note.md.j2", "The bridge is from 1931", "The bridge\n  is from 1931")
    assert {state for state, _ in listed(capsys).values()} == {"reviewed"}


@needs_git
def test_what_the_facts_said_when_it_was_read_is_found_in_git(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accept_all(capsys)
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "read")
    for was, now in (
        ("The bridge opened in", "The bridge was opened in"),
        ("opened in 1931", "opened in 1932"),
    ):
        edited(project / "facts.yaml", was, now)
        git(project, "commit", "-q", "-a", "-m", now)
    assert run(["check", "--select", "template-suspect"]) == 1
    said = capsys.readouterr().out
    assert 'was: "The bridge opened in 1931."; is: "The bridge was opened in 1932."' in said
    run(["review", "--json"])
    found = json.loads(capsys.readouterr().out)["paraphrases"][0]["facts"][0]
    assert (found["was"], found["text"]) == ("The bridge opened in 1931.", "The bridge was opened in 1932.")
    run(["review"])
    assert "was    The bridge opened in 1931." in capsys.readouterr().out


def test_prose_that_changed_is_read_anew(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(capsys)
    edited(project / "templates" / "note.md.j2", "The bridge is from 1931", "The bridge was built in 1931")
    assert listed(capsys)["opened"] == ("unreviewed", [])
    before = (project / "reviews.yaml").read_text(encoding="utf-8")
    accept_all(capsys)
    after = (project / "reviews.yaml").read_text(encoding="utf-8")
    assert len(after.splitlines()) == len(before.splitlines()), "the line of the old prose is gone"


def test_a_suspect_brief_that_is_wanted_says_so_on_every_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accept_all(capsys)
    assert run(["build", "-q"]) == 0
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text("marking: DRAFT\n")
    edited(project / "facts.yaml", "The bridge opened in 1931.", "The bridge was opened in 1931.")
    assert run(["build", "--allow-suspect"]) == 0
    said = capsys.readouterr()
    assert 'warning: "opened" changed since this was read' in said.err
    marking = "DRAFT · NOT READ AGAIN SINCE A FACT CHANGED"
    pages = [page.extract_text() for page in PdfReader(project / "out" / "note.pdf").pages]
    assert len(pages) > 1
    assert all(marking in text for text in pages)
    assert f"**{marking}**" in (project / "out" / "note.md").read_text(encoding="utf-8")
    # And without the option it is refused again, though the same files stand there.
    assert run(["build", "-q"]) == 1
    accept_all(capsys)
    assert run(["build", "-q"]) == 0
    assert "NOT READ AGAIN" not in (project / "out" / "note.md").read_text(encoding="utf-8")


def test_the_file_is_sorted_short_and_merges(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(capsys)
    lines = (project / "reviews.yaml").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line.startswith("    ")]
    assert entries == sorted(entries)
    assert len(entries) == 3
    assert max(map(len, lines)) < 120
    # Lines of two branches side by side, in any order, are one file.
    (project / "reviews.yaml").write_text(
        "\n".join([*lines[:-3], *reversed(entries)]) + "\n", encoding="utf-8"
    )
    assert {state for state, _ in listed(capsys).values()} == {"reviewed"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "schema: 1\nreviewed:\n  note:\n    opened.1: xyz\n",
            "reviews.yaml:4:15: error: opened.1 must be fingerprints of facts",
        ),
        ("schema: 2\n", "reviews.yaml:1:9: error: "),
        ("reviewed: {}\n", 'reviews.yaml:1:1: error: has no "schema"'),
        ("schema: 1\nreviewd: {}\n", "reviews.yaml:2:1: error: "),
        ("<<<<<<< ours\nschema: 1\n=======\n>>>>>>> theirs\n", "reviews.yaml:"),
        ("- a\n", "reviews.yaml:1:1: error: must hold keys and values"),
        ("schema: 1\nreviewed:\n  note: [a]\n", "reviews.yaml:3:3: error: note must hold keys and values"),
    ],
)
def test_a_broken_file_is_told_with_its_place_and_bars_the_build(
    project: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (project / "reviews.yaml").write_text(text, encoding="utf-8")
    assert run(["build", "--format", "md"]) == 1
    assert said in capsys.readouterr().err
    assert not (project / "out").exists()


def test_an_unknown_id_is_refused_and_nothing_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["review", "--json"])
    good = json.loads(capsys.readouterr().out)["paraphrases"][0]["id"]
    assert run(["review", "--accept", good, "--accept", f"{good}0"]) == 2
    assert f'no paraphrase has the id "{good}0"; did you mean "{good}"?' in capsys.readouterr().err
    assert not (project / "reviews.yaml").exists()


def talk(folder: Path, answers: str, editor: str = "true") -> str:
    """What `briefing review` says in a terminal to somebody who gives these answers, a letter each."""
    leader, follower = pty.openpty()
    environment = {
        **os.environ,
        "EDITOR": editor,
        "VISUAL": "",
        "PYTHONPATH": str(BRIEFS.parent.parent),
        "TERM": "dumb",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "review"],
        cwd=folder,
        env=environment,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    said = b""
    waiting = list(answers)
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
        if said.endswith(b"[q]uit [s]: ") and waiting:
            os.write(leader, f"{waiting.pop(0)}\n".encode())
    os.close(leader)
    process.wait(timeout=60)
    return said.decode()


@needs_terminals
def test_a_walk_in_a_terminal(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is suspect comes first; a nonsense answer is asked again; what was kept is kept though one stops."""
    accept_all(capsys)
    edited(project / "facts.yaml", "name: the local paper", "name: the local paper of Middleton")
    edited(project / "templates" / "note.md.j2", "The bridge is from 1931", "The bridge was built in 1931")
    said = talk(project, "xkq")
    assert said.index("suspect (ugly.") < said.index("unreviewed (opened.")
    assert "prose  {the-paper} finds it ugly" in said
    assert "(ugly)" in said
    assert {id: state for id, (state, _) in listed(capsys).items()} == {
        "opened": "unreviewed",
        "repair-cost": "reviewed",
        "ugly": "reviewed",
    }


@needs_terminals
def test_an_edit_in_a_walk_is_asked_about_next(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(capsys)
    edited(project / "facts.yaml", "The bridge opened in 1931.", "The bridge was opened in 1931.")
    editor = project / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/is from 1931/was opened in 1931/" "$1"\n')
    editor.chmod(0o755)
    said = talk(project, "ek", str(editor))
    assert "unreviewed (opened." in said
    assert "prose  The bridge was opened in 1931" in said
    assert listed(capsys)["opened"] == ("reviewed", [])


def test_index_and_show_read_what_is_suspect(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(capsys)
    edited(project / "facts.yaml", "The bridge opened in 1931.", "The bridge was opened in 1931.")
    assert run(["index", "note"]) == 0
    assert run(["show", "note"]) == 0


def test_a_copy_of_the_project_elsewhere_is_reviewed_too(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing in the file is of one machine or folder."""
    accept_all(capsys)
    other = tmp_path_factory.mktemp("other") / "project"
    shutil.copytree(project, other)
    os.chdir(other)
    assert {state for state, _ in listed(capsys).values()} == {"reviewed"}
