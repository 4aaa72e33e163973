"""The wheel, in an environment of its own, builds the generic audiences from nothing but a facts file."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def built_wheel(folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_holds_the_house_and_nothing_of_the_project(tmp_path: Path) -> None:
    names = zipfile.ZipFile(built_wheel(tmp_path)).namelist()
    for audience in ("neutral-summary", "congressional-memo", "fiscal-critique"):
        assert f"briefing/house/audiences/{audience}.md.j2" in names
    assert {"briefing/house/brief.css", "briefing/house/page.html.j2"} <= set(names)
    assert sum(name.endswith(".otf") for name in names) == 9
    assert all(name.startswith(("briefing/", "briefing-")) for name in names)


@pytest.mark.all
def test_the_wheel_alone_builds_three_briefs(tmp_path: Path) -> None:
    wheel = built_wheel(tmp_path)
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    run(
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "-r",
        ROOT / "requirements.lock",
        cwd=tmp_path,
    )
    run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    facts = re.search(r"^```yaml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert facts
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "facts.yaml").write_text(facts[1], encoding="utf-8")
    run(tmp_path / "env" / "bin" / "briefing", "build", cwd=empty)
    assert sorted(path.name for path in (empty / "out").iterdir()) == [
        "congressional-memo.md",
        "congressional-memo.pdf",
        "fiscal-critique.md",
        "fiscal-critique.pdf",
        "neutral-summary.md",
        "neutral-summary.pdf",
    ]
