"""Templates that would not end, or would take all memory, are stopped and named."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefing import build
from briefing.cli import run
from briefing.limits import TimeLimit, time_limit

BRIEFS = Path(__file__).parent / "briefs"
FRONT = "---\ntitle: Case\nstance: advocacy\n---\n"
LOOPS = "".join(f"{{% for {name} in facts() %}}" for name in "abcdefgh")
HANG = FRONT + LOOPS + "{% if a.id == 1 %}{% endif %}" + "{% endfor %}" * 8
FLOOD = FRONT + LOOPS + "{{ a }}" + "{% endfor %}" * 8
DOUBLING = "{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}"
BOMB = FRONT + "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}" + DOUBLING


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "facts.yaml").write_bytes((BRIEFS / "facts.yaml").read_bytes())
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "good.md.j2").write_text(FRONT + '{{ fact("opened") }}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_template_that_does_not_end_is_stopped_and_the_others_are_built(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "SELECT_SECONDS", 1)
    (project / "templates" / "case.md.j2").write_text(HANG)
    assert run(["build", "--format", "md"]) == 1
    err = capsys.readouterr().err
    assert "templates/case.md.j2:5:1: error: took more than 1 seconds and was stopped [template-error]" in err
    assert [path.name for path in (project / "out").iterdir()] == ["good.md"]


def test_a_template_that_prints_without_end_is_stopped(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "case.md.j2").write_text(FLOOD)
    assert run(["build", "--format", "md"]) == 1
    assert "more than 100,000 facts, claims or texts are printed" in capsys.readouterr().err


def test_a_limit_that_was_swallowed_comes_again() -> None:
    def swallows_one() -> None:
        try:
            time.sleep(1)
        except TimeLimit:
            time.sleep(5)

    with pytest.raises(TimeLimit), time_limit(0.05):
        swallows_one()


def test_a_template_that_takes_all_memory_fails_alone(project: Path) -> None:
    """In a process of its own, with a gigabyte where the program allows itself more."""
    (project / "templates" / "case.md.j2").write_text(BOMB)
    code = (
        "import sys; from briefing.limits import memory_limit; from briefing.cli import run\n"
        "memory_limit(2**30); sys.exit(run(['build', '--format', 'md']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr[-500:]
    assert "templates/case.md.j2:5:1: error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "out" / "good.md").exists()


def test_the_limit_is_lifted_afterwards() -> None:
    with pytest.raises(TimeLimit, match="took more than"), time_limit(0.05):
        time.sleep(1)
    with time_limit(0.05):
        pass
    time.sleep(0.1)
