"""Builds that are killed, run side by side, or may not write: each file is its old bytes or its new ones."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from briefing.manifest import Manifest

ROOT = Path(__file__).parent.parent
BRIEFS = Path(__file__).parent / "briefs"
GOOD = '---\ntitle: Good\nstance: neutral\n---\n## One\n{{ fact("opened") }}\n'
QUICK = ["--format", "md,html"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

# Imports once. The old build; then for each step in turn: the folder as it was, with the new facts; in a fork a build
# that is killed there; and in another the next build, as the console script does it. Always in the same folder, since a
# stamp is of one folder.
RUNNER = """
import os, shutil, signal, sys
from types import SimpleNamespace
from briefing import build, carried, cli, project, publish, selection, stamp, stamping

arguments = ["build", "-q", *sys.argv[1:]]
step, left = 0, 0

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def reached():
    global left
    left -= 1
    return left == 0

def deadly(call):
    def called(*arguments, **options):
        if reached():
            kill()
        return call(*arguments, **options)
    return called

class Torn:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *_):
        self.file.close()
    def __getattr__(self, name):
        return getattr(self.file, name)
    def write(self, data):
        if reached():
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            kill()
        return self.file.write(data)

names = ("open", "fsync", "replace", "unlink")
system = {name: getattr(os, name) for name in dir(os)}
system |= {name: deadly(getattr(os, name)) for name in names}
system["fdopen"] = lambda *arguments, **options: Torn(os.fdopen(*arguments, **options))

def child(steps):
    global left
    pid = os.fork()
    if not pid:
        left = steps
        os.chdir("work")
        if steps:
            publish.os = SimpleNamespace(**system)
        elif stamp.told(arguments) is not None:
            os._exit(99)
        os._exit(cli.run(arguments))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

child(0)
shutil.copy("new.yaml", "work/facts.yaml")
os.rename("work", "start")
while True:
    step += 1
    shutil.copytree("start", "work")
    how = child(step)
    shutil.copytree("work", f"killed-{step}")
    print(how, child(0), flush=True)
    os.rename("work", f"next-{step}")
    if how != -signal.SIGKILL:
        break
"""


def project_in(folder: Path, text: str) -> Path:
    """A folder with two briefs that print this text."""
    (folder / "templates").mkdir(parents=True)
    shutil.copy(BRIEFS / "facts.yaml", folder)
    for name in ("good", "second"):
        (folder / "templates" / f"{name}.md.j2").write_text(GOOD)
    say(folder, text)
    return folder


def say(folder: Path, text: str) -> None:
    facts = (BRIEFS / "facts.yaml").read_text()
    (folder / "facts.yaml").write_text(facts.replace("The bridge opened in 1931.", text))


OLD, NEW = "The bridge opened in 1931.", "The bridge was opened in 1931."


def build(folder: Path, *arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "briefing", "build", "-q", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return process.returncode, out + err


def outputs(folder: Path) -> dict[str, bytes]:
    """The briefs there. What a killed build left unfinished is none."""
    return {path.name: path.read_bytes() for path in (folder / "out").glob("[!.]*")}


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.part")]


def assert_whole(folder: Path, *wholes: Mapping[str, bytes]) -> None:
    """Each file is one of its versions; the manifest can be read and says of each file what one of these is."""
    for name, content in outputs(folder).items():
        assert content in [whole[name] for whole in wholes], f"{folder.name}: {name} is torn"
    manifest = folder / ".briefing" / "manifest.json"
    known = Manifest(manifest).files
    assert bool(known) == manifest.exists(), f"{folder.name}: the manifest is torn"
    for entry, made in known.items():
        versions = [hashlib.sha256(whole[Path(entry).name]).hexdigest() for whole in wholes]
        assert made.content in versions, f"{folder.name}: the manifest knows another {entry}"


def test_a_kill_at_every_step_leaves_old_or_new_files_and_the_next_build_all_of_the_new(
    tmp_path: Path,
) -> None:
    """Killed before each call of the system, and in the middle of each write; after each the next build is run, too."""
    work = project_in(tmp_path / "work", OLD)
    (work / "out").mkdir()
    clean = project_in(tmp_path / "clean", NEW)
    assert ended(build(clean, *QUICK)) == (0, "")
    new = outputs(clean)
    shutil.copy(clean / "facts.yaml", tmp_path / "new.yaml")

    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *QUICK],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    old = outputs(tmp_path / "start")
    assert set(old) == set(new)
    ends = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(ends) > 6 * 4, (
        "four files, the manifest and the stamp: opened, written, synced and renamed each"
    )
    assert ends[-1] == (0, 99), "a build that was not killed leaves a stamp that says so"
    assert ends[:-1] == [(-signal.SIGKILL, 0)] * (len(ends) - 1), "and no other does"

    torn = 0
    for step in range(1, len(ends) + 1):
        killed, following = tmp_path / f"killed-{step}", tmp_path / f"next-{step}"
        assert_whole(killed, old, new)
        torn += bool(leftovers(killed))
        assert outputs(following) == new, f"after step {step}"
        assert leftovers(following) == [], f"after step {step}"
        assert_whole(following, new)
    assert torn > 6


def test_kills_at_random_moments(tmp_path: Path) -> None:
    """One after the other, while the text changes to and fro; now and then a build is let through."""
    texts = (OLD, NEW)
    wholes = []
    for number, text in enumerate(texts):
        clean = project_in(tmp_path / f"clean-{number}", text)
        began = time.monotonic()
        assert ended(build(clean)) == (0, "")
        takes = time.monotonic() - began
        wholes.append(outputs(clean))
    folder = project_in(tmp_path / "project", OLD)
    chance = random.Random(4)
    for number in range(3):
        say(folder, texts[number % 2])
        process = build(folder)
        # Not in the first third, in which Python starts and nothing can happen.
        time.sleep(takes * chance.uniform(0.3, 1))
        process.kill()
        process.communicate()
        assert_whole(folder, *wholes)
        if number % 6 == 5:
            assert ended(build(folder)) == (0, "")
            assert outputs(folder) == wholes[number % 2]
            assert leftovers(folder) == []


@pytest.mark.parametrize(("formats", "rounds"), [("md,html", 3), ("md,pdf", 1)])
def test_two_builds_at_once_do_not_harm_each_other(formats: str, rounds: int, tmp_path: Path) -> None:
    clean = project_in(tmp_path / "clean", OLD)
    assert ended(build(clean, "--format", formats)) == (0, "")
    folder = project_in(tmp_path / "project", OLD)
    for _ in range(rounds):
        builds = [build(folder, "--format", formats) for _ in range(2)]
        assert [ended(one) for one in builds] == [(0, "")] * 2
        assert leftovers(folder) == []
        assert outputs(folder) == outputs(clean)
        assert_whole(folder, outputs(clean))
        shutil.rmtree(folder / "out")


# --- where nothing can be written -----------------------------------------------------------------


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def as_nobody() -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


def out_is_a_file(folder: Path) -> None:
    shutil.rmtree(folder / "out")
    (folder / "out").write_text("no folder")


def an_output_is_a_folder(folder: Path) -> None:
    (folder / "out" / "good.md").unlink()
    (folder / "out" / "good.md").mkdir()


OBSTACLES: dict[str, tuple[Callable[[Path], None], Callable[[], None] | None, str, int]] = {
    "the folder is a file": (out_is_a_file, None, "out is no folder", 2),
    "a folder is in the way": (an_output_is_a_folder, None, "Is a directory", 1),
    "the disk is full": (lambda folder: None, small_files, "File too large", 2),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_cannot_be_written_is_said_in_a_line_and_old_files_stay(obstacle: str, tmp_path: Path) -> None:
    """The files of the other brief are written where they can be."""
    spoil, limit, reason, lines = OBSTACLES[obstacle]
    folder = project_in(tmp_path / "project", OLD)
    assert ended(build(folder, "--format", "md")) == (0, "")
    spoil(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.md") if path.is_file()}
    say(folder, NEW)
    code, said = ended(build(folder, "--format", "md", preexec_fn=limit))
    assert code == 2
    assert said.splitlines()[:-1] == [
        f"out/{name}.md:1:1: error: cannot be written: {reason} [file]" for name in ("good", "second")[:lines]
    ]
    after = {path: path.read_bytes() for path in before}
    assert [path.name for path in after if after[path] != before[path]] == ["second.md"] * (lines == 1)
    assert leftovers(folder) == []


@pytest.mark.parametrize("out", [".briefing", ".git/x", "archive", "templates/house", "./out/../templates"])
def test_documents_are_not_written_among_files_of_the_project(out: str, tmp_path: Path) -> None:
    folder = project_in(tmp_path / "project", OLD)
    before = sorted(folder.rglob("*"))
    code, said = ended(build(folder, "--format", "md", "--out", out))
    assert code == 2
    assert f"error: --out {Path(out)}: " in said
    assert (
        "would be taken for these or lost with them; name a folder of their own, such as out [usage]" in said
    )
    assert sorted(folder.rglob("*")) == before


def test_formats_of_one_brief_change_together_or_not_at_all(tmp_path: Path) -> None:
    """The disk has room for the Markdown and none for the text behind it, and then a folder is in the way."""
    folder = project_in(tmp_path / "project", OLD)
    assert ended(build(folder, "--format", "md,html")) == (0, "")
    before = outputs(folder)
    sizes = {path.suffix: path.stat().st_size for path in (folder / "out").iterdir()}
    assert sizes[".md"] + 2_000 < sizes[".html"]

    def room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[".md"] + 1_000, sizes[".md"] + 1_000))

    say(folder, NEW)
    code, said = ended(build(folder, "--format", "md,html", preexec_fn=room))
    assert code == 2
    assert "good.html:1:1: error: cannot be written: File too large" in said
    assert outputs(folder) == before
    (folder / "out" / "good.html").unlink()
    (folder / "out" / "good.html").mkdir()
    assert ended(build(folder, "--format", "md,html"))[0] == 2
    assert (folder / "out" / "good.md").read_bytes() == before["good.md"]
    assert leftovers(folder) == []


def test_what_somebody_keeps_under_a_like_name_is_not_swept(tmp_path: Path) -> None:
    folder = project_in(tmp_path / "project", OLD)
    (folder / "out").mkdir()
    kept = [
        folder / "out" / name
        for name in (".notes.part", ".a.0123456789abcdeg.part", ".0123456789abcdef.part")
    ]
    for path in kept:
        path.write_text("mine")
    outside = folder.parent / ".x.0123456789abcdef.part"
    outside.write_text("mine")
    (folder / "people.csv").write_text("name\nAnn\n")
    assert ended(build(folder, "--format", "md")) == (0, "")
    assert ended(build(folder, "../..", "--for", "people.csv", "--format", "md"))[0] == 2
    assert {path.read_text() for path in (*kept, outside)} == {"mine"}


def test_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    folder = project_in(tmp_path / "project", OLD)
    assert ended(build(folder, "--format", "md")) == (0, "")
    say(folder, NEW)
    before = outputs(folder)
    become: Callable[[], None] | None = None
    if os.geteuid() == 0:  # root may write everywhere
        become = as_nobody
        for above in (folder, *folder.parents):
            if str(above) in ("/tmp", "/"):
                break
            above.chmod(0o755)
    for path in (folder / "out", folder / ".briefing", folder / ".briefing" / "stamps"):
        path.chmod(0o555)
    try:
        starts = subprocess.run(
            [sys.executable, "-c", "import briefing.cli; open('facts.yaml')"],
            cwd=folder,
            env=ENVIRONMENT,
            preexec_fn=become,
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        starts = None
    if starts is None or starts.returncode:
        pytest.skip("root may write everywhere, and nobody else can run this program here")
    code, said = ended(build(folder, "--format", "md", preexec_fn=become))
    for path in (folder / "out", folder / ".briefing", folder / ".briefing" / "stamps"):
        path.chmod(0o755)
    assert code == 2
    assert said.splitlines()[:-1] == [
        f"out/{name}.md:1:1: error: cannot be written: Permission denied [file]"
        for name in ("good", "second")
    ]
    assert outputs(folder) == before


def test_what_is_remembered_need_not_be_written(tmp_path: Path) -> None:
    folder = project_in(tmp_path / "project", OLD)
    (folder / ".briefing").write_text("no folder")
    assert ended(build(folder, *QUICK)) == (0, "")
    say(folder, NEW)
    assert ended(build(folder, *QUICK)) == (0, "")
    assert NEW in (folder / "out" / "good.md").read_text()
