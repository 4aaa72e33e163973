"""Whatever stands where a file is looked for and is none is named, and nothing waits for it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.files import Unusable, append_text, read_head, read_ordinary
from briefing.limits import time_limit

BRIEFS = Path(__file__).parent / "briefs"
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))  # such names are 100 bytes at most


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def way_out(path: Path) -> None:
    (path.parent.parent.parent / "secret").write_text("secret\n")
    path.symlink_to(path.parent.parent.parent / "secret")


def dead_link(path: Path) -> None:
    path.symlink_to("nothing")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "project"
    for name in ("archive", "templates/house"):
        (root / name).mkdir(parents=True)
    (root / "facts.yaml").write_bytes((BRIEFS / "facts.yaml").read_bytes())
    front = "---\ntitle: Case\nstance: advocacy\n---\n"
    (root / "templates" / "note.md.j2").write_text(front + '{{ fact("opened") }}')
    monkeypatch.chdir(root)
    return root


WRONG: list[tuple[Callable[[Path], None], str]] = [
    (pipe, "is no ordinary file"),
    (folder, "is a folder"),
    (circle, "is a link that leads in a circle"),
    (way_out, "is a link to a file outside"),
    (device, "is a link to a file outside"),
    (dead_link, "is a link that leads nowhere"),
]


@pytest.mark.parametrize(("put", "why"), [*WRONG, (listening, "is no ordinary file")])
@pytest.mark.parametrize(
    ("where", "said"),
    [
        (
            "archive/minutes.txt",
            "facts.yaml:14:3: warning: its quotations are not verified: archive/minutes.txt {}",
        ),
        ("templates/loaded-words.yaml", "templates/loaded-words.yaml:1:1: error: {}"),
        ("templates/other.md.j2", "templates/other.md.j2:1:1: error: {}"),
    ],
)
def test_check_names_what_is_no_file(
    put: Callable[[Path], None],
    why: str,
    where: str,
    said: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(project / where)
    with time_limit(20):
        run(["check"])
    out = capsys.readouterr().out
    assert said.format(why) in out
    assert "archive/minutes.txt is not kept here" not in out or not where.startswith("archive")


@pytest.mark.parametrize(("put", "why"), [*WRONG[:3], WRONG[5]])
@pytest.mark.parametrize("where", ["brief.css", "page.html.j2"])
def test_build_names_what_is_no_file_of_the_house(
    put: Callable[[Path], None], why: str, where: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(project / "templates" / "house" / where)
    with time_limit(20):
        assert run(["build", "--format", "html"]) == 1
    assert f"templates/house/{where}:1:1: error: {why}" in capsys.readouterr().err


def test_pipes_among_what_was_built_are_replaced(project: Path) -> None:
    (project / "out" / ".briefing").mkdir(parents=True)
    (project / ".briefing").mkdir()
    for name in ("out/note.md", "out/.x.part", ".briefing/manifest.json"):
        pipe(project / name)
    with time_limit(20):
        assert run(["build", "--format", "md"]) == 0
        assert run(["build", "--format", "md", "--check"]) == 0
    assert (project / "out" / "note.md").is_file()
    assert (project / ".briefing" / "manifest.json").is_file()


@pytest.mark.parametrize("put", [pipe, folder, circle])
def test_a_summary_that_is_no_file_is_named_and_fails_nothing(
    put: Callable[[Path], None],
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary")
    put(project / "summary")
    with time_limit(20):
        assert run(["check", "--select", "date"]) == 0
    assert "the summary summary " in capsys.readouterr().err


def test_nothing_is_appended_to_a_pipe_that_somebody_reads(tmp_path: Path) -> None:
    pipe(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(Unusable, match="is no ordinary file"):
        append_text(str(tmp_path / "pipe"), "text")
    os.close(reader)


def test_an_ordinary_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_ordinary(file, 5, within=tmp_path) == b"12345"
    assert read_ordinary(tmp_path / "link", 5, within=tmp_path) == b"12345"
    assert read_head(file, 3) == b"123"
    with pytest.raises(Unusable, match="has more than 4 bytes"):
        read_ordinary(file, 4, within=tmp_path)
    for absent in (tmp_path / "none", file / "none"):
        with pytest.raises(FileNotFoundError):
            read_ordinary(absent, 4, within=tmp_path)
