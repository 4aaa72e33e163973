"""`as_of` moves when facts change: found against the last commit, and of a commit against the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gitfolders import git, needs_git

from briefing.cli import run

FACTS = (Path(__file__).parent / "briefs" / "facts.yaml").read_text(encoding="utf-8")
MOVED = ("The bridge opened in 1931.", "The bridge opened in 1932.")
pytestmark = needs_git


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    git(folder, "add", "facts.yaml")
    git(folder, "commit", "-q", "-m", "facts")


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[str]]:
    """The messages of the rule, on a day."""

    def messages(today: str) -> list[str]:
        capsys.readouterr()
        run(["check", "--select", "date-as-of", "--format", "json", "--today", today])
        problems = json.loads(capsys.readouterr().out)["problems"]
        as_of = FACTS[: FACTS.index("as_of:")].count("\n") + 1
        assert all(problem["line"] == as_of for problem in problems)
        return [problem["message"] for problem in problems if problem["rule"] == "date-as-of"]

    return messages


def test_facts_that_change_while_the_cutoff_stays(project: Path, found: Callable[[str], list[str]]) -> None:
    path = project / "facts.yaml"
    assert found("2026-03-01") == []
    path.write_text(FACTS.replace(*MOVED), encoding="utf-8")
    (message,) = found("2026-03-01")
    assert message.startswith('"opened" changed since ')
    assert message.endswith(" and as_of did not; move it to the day up to which the facts are known")
    # In CI all is committed; the commit is looked at, which the next one no longer is.
    commit(project)
    assert found("2026-03-01") == [message]
    (project / "other").touch()
    git(project, "add", "other")
    git(project, "commit", "-q", "-m", "another file")
    assert found("2026-03-01") == []


def test_a_cutoff_that_moves_or_is_of_the_very_day(project: Path, found: Callable[[str], list[str]]) -> None:
    path = project / "facts.yaml"
    as_of = FACTS.partition("as_of: ")[2][:10]
    path.write_text(FACTS.replace(*MOVED), encoding="utf-8")
    assert found(as_of) == []
    path.write_text(FACTS.replace(*MOVED).replace(f"as_of: {as_of}", "as_of: 2026-02-02"), encoding="utf-8")
    assert found("2026-03-01") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("facts:\n", "\n# The facts.\nfacts:\n"), ("label: ", "label:   "), ("text: >", "text: |")],
)
def test_what_is_only_written_otherwise_is_no_change(
    project: Path, found: Callable[[str], list[str]], old: str, new: str
) -> None:
    assert old in FACTS
    (project / "facts.yaml").write_text(FACTS.replace(old, new), encoding="utf-8")
    assert found("2026-03-01") == []


def test_without_a_commit_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Callable[[str], list[str]]
) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert found("2026-03-01") == []
    git(tmp_path, "init", "-q")
    assert found("2026-03-01") == []


def test_of_a_merge_the_cutoff_has_moved_since_the_branches_parted(
    project: Path, found: Callable[[str], list[str]]
) -> None:
    as_of = FACTS.partition("as_of: ")[2][:10]
    moved = FACTS.replace(f"as_of: {as_of}", "as_of: 2026-02-02")
    git(project, "branch", "other")
    (project / "facts.yaml").write_text(moved.replace(*MOVED), encoding="utf-8")
    commit(project)
    git(project, "checkout", "-q", "other")
    (project / "facts.yaml").write_text(moved.replace("is not safe.", "is unsafe."), encoding="utf-8")
    commit(project)
    git(project, "merge", "-q", "--no-edit", "-")
    assert found("2026-03-01") == []
    assert (project / "facts.yaml").read_text(encoding="utf-8").count("1932")
