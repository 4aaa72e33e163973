"""`briefing diff` as it is called: on files, revisions and built documents; what it says of briefs; what it refuses."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from factsfiles import edited

from briefing.cli import run

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "diff"
BRIDGE = (HERE / "briefs" / "facts.yaml").read_text(encoding="utf-8")

MEMO = """\
---
title: Memo to the council
stance: neutral
memo: {to: The council, from: The clerk}
---
## Money

{{ fact("repair-cost") }} {% claim "repair-a-year" %}That is {year} a year{% endclaim %}.

## Safety

{% claim "safe" %}{mayor} says that the bridge is safe{% endclaim %}. {{ fact("unsafe") }}

{{ timeline(facts(tag="milestone")) }}
"""
NOTE = """\
---
title: Note
stance: neutral
---
{{ fact("weight-limit") }} {{ fact("opened") }}
"""
OPINION = """\
---
title: The case for a new bridge
stance: advocacy
---
{{ fact("ugly") }} {{ fact("weight-limit") }}
"""
EDIT = """\
-      amount: {over: 1.5e6, unit: USD, stage: appropriated, period: "2026"}
+      amount: {about: 1.6e6, unit: USD, stage: appropriated, period: "2026"}
-      {mayor} called the bridge “safe for now”.
+      {mayor} called the bridge “safe for a while”.
-    cite: [{source: paper, quote: the bridge is safe for now}]
+    cite: [{source: paper, quote: the bridge is safe for a while}]
-  weight-limit:
-    kind: provision
-    instrument: Ordinance 12
-    force: in-force
-    text: No vehicle above twelve tons may use the bridge.
+  weight-limit:
+    kind: provision
+    instrument: Ordinance 12
+    force: in-force
+    status: retracted
+    why: the ordinance was repealed
+    text: No vehicle above twelve tons may use the bridge.
-    text: The limit was set in 1989.
-    supersedes: old-limit
+    text: The limit was set in 1989.
+    supersedes: old-limit
+    tags: [milestone]
"""
CHANGED = edited(BRIDGE, EDIT)

Printed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bridge, three audiences, and the facts before they changed in `old.yaml`."""
    folder = tmp_path / "project"
    (folder / "templates").mkdir(parents=True)
    for name, text in (("memo", MEMO), ("note", NOTE), ("opinion", OPINION)):
        (folder / "templates" / f"{name}.md.j2").write_text(text, encoding="utf-8")
    (folder / "facts.yaml").write_text(CHANGED, encoding="utf-8")
    (folder / "old.yaml").write_text(BRIDGE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str]) -> Printed:
    """The exit code, what is printed, and what is complained of."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["diff", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


# --- what it says of briefs ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["text", "md", "html", "json"])
def test_changes_and_the_sentences_they_touch(
    format: str, project: Path, diff: Printed, golden: Callable[[Path, str], None]
) -> None:
    code, out, err = diff("old.yaml", "--format", format)
    assert (code, err) == (1, "")
    golden(GOLDEN / f"bridge.{format}", out)


def test_a_brief_that_nothing_touches_is_named_and_no_change_is_said(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(
        BRIDGE.replace("twelve tons may use", "ten tons may use"), encoding="utf-8"
    )
    code, out, _ = diff("old.yaml")
    assert code == 1
    assert out.splitlines()[0] == "old.yaml → facts.yaml: one fact changed; 2 of 3 briefs touched"
    assert "Not touched\n-----------\nmemo." in out
    (project / "facts.yaml").write_text(f"# the same\n{BRIDGE}", encoding="utf-8")
    assert diff("old.yaml") == (0, "old.yaml → facts.yaml: no change\n", "")


def test_what_follows_from_an_earlier_sentence_is_told_apart(project: Path, diff: Printed) -> None:
    """Where the sentence that names the paper in full is gone, the next one does."""
    template = '---\ntitle: N\nstance: advocacy\n---\n{% for f in facts(tag="x") %}{{ f }}\n\n{% endfor %}\n'
    shutil.rmtree(project / "templates")
    (project / "templates").mkdir()
    (project / "templates" / "note.md.j2").write_text(template, encoding="utf-8")
    text = BRIDGE.replace("quote: an eyesore}]", "quote: an eyesore}]\n    tags: [x]")
    (project / "facts.yaml").write_text(text, encoding="utf-8")
    old = text.replace("tags: [cost]\n  weight-limit", "tags: [x]\n  weight-limit")
    (project / "old.yaml").write_text(old, encoding="utf-8")
    told = diff("old.yaml")[1].splitlines()[-4:]
    assert told == [
        "  1. (old) is gone (paper-cost)",
        "      The local paper puts the repair at $2 million to $3 million [2].",
        "  1. reads otherwise, for what changed before it",
        "      The {+local+} paper finds the bridge ugly [2].",
    ]


def test_a_source_that_moves_renumbers_sentences_without_listing_them(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(
        BRIDGE.replace("  paper:\n", "  first: {type: report, title: First, consulted: false}\n  paper:\n"),
        encoding="utf-8",
    )
    out = diff("old.yaml")[1]
    memo = out[out.index("\nmemo:") :].split("\n\n")[0]
    assert "the sources paper, study" in memo
    assert "In six more sentences only the numbers of citations differ." in memo
    assert "None of its sentences reads otherwise" in " ".join(memo.split())


# --- git ----------------------------------------------------------------------------------------------

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")


def git(folder: Path, *arguments: str) -> str:
    surroundings = {
        **os.environ,
        **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull),
        **{
            f"GIT_{who}_{what}": "x@y.example"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        **{f"GIT_{who}_DATE": "2026-02-03T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=surroundings, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(folder: Path, text: str | None, message: str) -> str:
    if text is not None:
        (folder / "facts.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", "facts.yaml", "templates")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def with_amount(text: str, amount: str) -> str:
    return text.replace("over: 1.5e6, unit: USD", f"{amount}, unit: USD")


@pytest.fixture
def repository(project: Path) -> Path:
    """Tags v1 and v2 on main; `topic`, which was merged between them and changed the weight limit; `aside`, which never
    was."""
    git(project, "init", "-q", "-b", "main")
    committed(project, BRIDGE, "first")
    git(project, "tag", "v1")
    git(project, "checkout", "-q", "-b", "topic")
    committed(project, BRIDGE.replace("twelve tons may", "ten tons may"), "ten tons")
    git(project, "checkout", "-q", "main")
    committed(project, with_amount(BRIDGE, "over: 1.7e6"), "more")
    git(project, "merge", "-q", "-m", "merged", "topic")
    git(project, "tag", "-a", "v2", "-m", "second edition")
    git(project, "checkout", "-q", "-b", "aside", "v1")
    committed(project, with_amount(BRIDGE, "over: 9e6"), "aside")
    git(project, "checkout", "-q", "main")
    return project


def amounts(out: str) -> list[str]:
    return re.findall(r"amount: (.*)", out)


@needs_git
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["v1"], ["over $1.5 million → over $1.7 million"]),
        (["v1", "v2"], ["over $1.5 million → over $1.7 million"]),
        (["v2", "v1"], ["over $1.7 million → over $1.5 million"]),
        (["v1..v2"], ["over $1.5 million → over $1.7 million"]),
        (["v1.."], ["over $1.5 million → over $1.7 million"]),
        (["..v1"], ["over $1.7 million → over $1.5 million"]),
        (["v2..aside"], ["over $1.7 million → over $9 million"]),
        (["v2...aside"], ["over $1.5 million → over $9 million"]),
        (["HEAD^2"], ["over $1.5 million → over $1.7 million"]),
        (["HEAD^1"], []),
        (["HEAD"], []),
        (["old.yaml", "aside"], ["over $1.5 million → over $9 million"]),
    ],
)
def test_revisions(arguments: list[str], expected: list[str], repository: Path, diff: Printed) -> None:
    code, out, err = diff(*arguments)
    assert amounts(out) == expected
    assert (code, err) == (0 if arguments == ["HEAD"] else 1, "")


@needs_git
def test_a_revision_is_named_with_its_commit_and_day(repository: Path, diff: Printed) -> None:
    hashes = [git(repository, "rev-parse", "--short=10", f"{name}^{{commit}}") for name in ("v1", "v2")]
    first, second = (
        f"facts.yaml at {name} ({hash}, 2026-02-03)" for name, hash in zip(("v1", "v2"), hashes, strict=True)
    )
    assert diff("v1", "v2")[1].startswith(f"{first} → {second}: ")
    first, second = (f"facts.yaml at {hash} (2026-02-03)" for hash in hashes)
    assert diff("v1..v2")[1].startswith(f"{first} → {second}: ")


@needs_git
def test_the_facts_may_stand_in_a_folder_and_the_reader_elsewhere(
    repository: Path, diff: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "deep er").mkdir()
    shutil.copy(repository / "facts.yaml", repository / "deep er" / "facts.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "moved")
    monkeypatch.chdir(tmp_path)
    path = repository / "deep er" / "facts.yaml"
    path.write_text(with_amount(path.read_text(), "over: 1.8e6").replace("over: 1.7e6", "over: 1.8e6"))
    assert amounts(diff("HEAD", "--facts", str(path))[1]) == ["over $1.7 million → over $1.8 million"]
    code, _, err = diff("v1", "--facts", str(path))
    assert code == 2
    assert "there was no facts.yaml in this folder then" in err


@needs_git
def test_a_file_wins_over_a_revision_and_a_folder_does_not(repository: Path, diff: Printed) -> None:
    for name in ("v1", "v1..v2"):
        (repository / name).write_text(with_amount(BRIDGE, "over: 3e6"), encoding="utf-8")
        assert amounts(diff(name)[1]) == ["over $3 million → over $1.7 million"]
        (repository / name).unlink()
    (repository / "v1").mkdir()
    assert amounts(diff("v1")[1]) == ["over $1.5 million → over $1.7 million"]


@needs_git
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["v9"], "v9:1:1: error: is no file, and there is no such git revision here"),
        (["v1..v9"], "v1..v9:1:1: error: is no file, and there is no such git revision here"),
        (["../facts.yaml"], "../facts.yaml:1:1: error: is no file, and there is no such git revision here"),
        (["templates"], "templates:1:1: error: is a folder, and there is no such git revision here"),
        (["--", "--output=x"], 'is no file, and no git revision begins with "-"'),
        (["--", "v1", "-p"], 'is no file, and no git revision begins with "-"'),
        (["--", "--output=x..v1"], 'is no file, and no git revision begins with "-"'),
        (["HEAD:facts.yaml"], 'no git revision begins with "-" or has a ":" in it'),
        (["v1", "--facts", "other.yaml"], "v1:1:1: error: there was no other.yaml in this folder then"),
        (["v1", "--facts", "no/facts.yaml"], "there is no folder no"),
        (["-", "-"], "standard input is read once"),
        (["v1", "--format", "yaml"], '"yaml" is no format of diff; it is text, md, json or html'),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    arguments: list[str], message: str, repository: Path, diff: Printed
) -> None:
    before = sorted(repository.iterdir())
    code, out, err = diff(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(repository.iterdir()) == before


@needs_git
def test_a_shallow_clone_says_how_to_get_the_rest(
    repository: Path, diff: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    code, _, err = diff("HEAD~1")
    assert code == 2
    assert (
        "this clone has only a part of the history: git fetch --unshallow --tags, or in GitHub Actions fetch-depth: 0"
        in err
    )


@needs_git
def test_a_link_in_git_is_no_facts_file(repository: Path, diff: Printed) -> None:
    (repository / "facts.yaml").unlink()
    (repository / "facts.yaml").symlink_to("/etc/passwd")
    committed(repository, None, "a link")
    code, _, err = diff("HEAD", "old.yaml")
    assert code == 2
    assert "there was no facts.yaml in this folder then" in err


def test_without_a_repository_or_without_git(
    project: Path, diff: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("git"):
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
        assert "is no file, and git says: not a git repository" in diff("HEAD~1")[2]
    monkeypatch.setenv("PATH", "")
    code, _, err = diff("HEAD~1")
    assert code == 2
    assert "is no file, and git is not installed" in err
    assert diff("old.yaml")[0] == 1


# --- faulty facts -------------------------------------------------------------------------------------


def test_faults_of_both_sides_are_told_at_once(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(BRIDGE.replace("kind: gap", "kind: gab"), encoding="utf-8")
    (project / "old.yaml").write_text(BRIDGE.replace("kind: gap", "knd: gap"), encoding="utf-8")
    code, out, err = diff("old.yaml")
    assert (code, out) == (1, "")
    assert "facts.yaml:124:11: error: kind cannot be" in err
    assert 'old.yaml:124:5: error: unknown key "knd"' in err
    code, out, _ = diff("old.yaml", "--format", "json")
    told = json.loads(out)
    assert (code, told["changed"], len(told["problems"])) == (1, None, 3)


def test_facts_from_standard_input(project: Path, diff: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(with_amount(BRIDGE, "over: 2e6").encode())))
    code, out, _ = diff("old.yaml", "-")
    assert code == 1
    assert out.startswith("old.yaml → standard input: three facts changed; ")
