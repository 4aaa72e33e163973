"""The wheel, in an environment of its own, builds the generic audiences from nothing but a facts file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from briefing.manual import TOPICS

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
    kit = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "briefing" / "starter").rglob("*")
        if path.is_file()
    }
    assert kit <= set(names)
    assert {f"briefing/docs/{file}" for file, _ in TOPICS.values()} <= set(names)
    assert {"briefing/house/brief.css", "briefing/house/page.html.j2"} <= set(names)
    assert sum(name.endswith(".otf") for name in names) == 9
    assert all(name.startswith(("briefing/", "briefing-")) for name in names)


def interpreter(version: str) -> str:
    """A Python of that version on this machine; without one the test is skipped."""
    program = (
        sys.executable if sys.version_info[:2] == tuple(map(int, version.split("."))) else f"python{version}"
    )
    found = shutil.which(program)
    works = found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    if not works:
        pytest.skip(f"there is no Python {version} here")
    assert found
    return found


@pytest.mark.all
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_wheel_alone_builds_the_same_three_briefs_under_each_python(tmp_path: Path, version: str) -> None:
    wheel = built_wheel(tmp_path)
    run(interpreter(version), "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    lock = ROOT / "requirements.lock"
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock, cwd=tmp_path)
    run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    facts = re.search(r"^```yaml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert facts
    made = []
    for program in (tmp_path / "env" / "bin" / "briefing", Path(sys.executable).with_name("briefing")):
        folder = tmp_path / f"project {len(made)}"
        folder.mkdir()
        (folder / "facts.yaml").write_text(facts[1], encoding="utf-8")
        run(program, "build", "--format", "md,html,pdf", cwd=folder)
        made.append({path.name: path.read_bytes() for path in (folder / "out").iterdir()})
    same = "from briefing.fingerprint import fingerprint_of_program as it; print(it())"
    assert run(python, "-c", same, cwd=tmp_path) == run(sys.executable, "-c", same, cwd=tmp_path)
    names = ("congressional-memo", "fiscal-critique", "neutral-summary")
    assert sorted(made[0]) == sorted(f"{name}.{end}" for name in names for end in ("html", "md", "pdf"))
    assert made[0] == made[1]
