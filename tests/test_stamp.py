"""A build with nothing to do says so before anything is imported; and only a build with nothing to do."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefing import libraries, stamp
from briefing.cli import run
from briefing.fingerprint import fingerprint_of_file
from briefing.limits import time_limit
from briefing.stamping import Stamping

BRIEFS = Path(__file__).parent / "briefs"
GOOD = '---\ntitle: Good\nstance: neutral\n---\n{% include "parts/part.md.j2" %}\n'
PART = '## One\n{{ fact("opened") }}\n{{ fact("paper-cost") }}\n'
MINUTES = "opened in 1931, more than $1.5 million, above twelve tons, set in 1989, four years, a decade"
MARKDOWN = ["build", "--format", "md"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one audience, whose brief is warned about, and one of each input; the working folder."""
    folder = tmp_path / "project"
    for name, text in {
        "templates/good.md.j2": GOOD,
        "templates/parts/part.md.j2": PART,
        "templates/loaded-words.yaml": "rickety: says that it is old\n",
        "archive/minutes.txt": MINUTES,
    }.items():
        write(name, text)(folder)
    shutil.copy(BRIEFS / "facts.yaml", folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for the program, changed long enough ago to be trusted."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "code.py").write_text("one = 1\n")
    monkeypatch.setattr(stamp, "program_folders", lambda: [str(folder)])
    now = stamp.time.time
    monkeypatch.setattr(stamp, "time", SimpleNamespace(time=lambda: now() + 60))
    return folder


def build(*arguments: str) -> int:
    return run(list(arguments or MARKDOWN))


def stamps(project: Path) -> list[Path]:
    return sorted(project.glob(".briefing/stamps/*"))


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        MARKDOWN,
        [*MARKDOWN, "-v"],
        [*MARKDOWN, "-q"],
        [*MARKDOWN, "--json"],
        ["build", "good", "neutral-summary", "--format", "html,md", "--out", "else where"],
        ["build", "--format=md", "--facts=./facts.yaml"],
    ],
)
def test_it_says_what_the_build_says(
    arguments: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(*arguments) == 0
    capsys.readouterr()
    told = stamp.told(arguments)
    assert build(*arguments) == 0
    said = capsys.readouterr()
    assert told == (said.err, said.out)
    assert ("warning" in said.err) == (not {"-q", "--json"} & set(arguments))
    assert stamp.told(arguments) == told


HEAVY = "typer click pydantic jinja2 yaml weasyprint dataclasses pathlib json re typing hashlib __future__".split()
WATCHED = """
import os, sys
import briefing.__main__ as program
end = os._exit
def told(code):
    with open("modules", "w") as file:
        file.write("\\n".join(sys.modules))
    end(code)
os._exit = told
program.main()
"""


def test_nothing_is_imported_and_the_same_is_said(project: Path) -> None:
    """In processes of their own, with PDFs. The first two build, the second since its stamp was removed."""

    def call() -> tuple[int, bytes, bytes]:
        done = subprocess.run([sys.executable, "-c", WATCHED, "build"], capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr

    call()
    shutil.rmtree(project / ".briefing" / "stamps")
    slow = call()
    assert not (project / "modules").exists()
    assert call() == slow
    assert slow[0] == 0
    assert slow[1].count(b"up to date") == 2
    assert slow[2].count(b"warning") >= 1
    modules = set((project / "modules").read_text().split())
    assert "briefing.stamp" in modules
    assert modules & set(HEAVY) == set()
    assert {name for name in modules if name.startswith("briefing")} == {
        "briefing",
        "briefing.__main__",
        "briefing.stamp",
    }


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "2>&-", "2>/dev/full"])
def test_where_it_cannot_speak_it_ends_as_the_build_does(redirection: str, project: Path) -> None:
    def call() -> tuple[int, bytes, bytes]:
        command = f"'{sys.executable}' -m briefing build --format md {redirection}"
        done = subprocess.run(command, shell=True, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr

    subprocess.run([sys.executable, "-m", "briefing", *MARKDOWN], capture_output=True, check=True)
    kept = stamps(project)[0].read_bytes()
    stamps(project)[0].write_bytes(b"")
    slow = call()
    stamps(project)[0].write_bytes(kept)
    assert call() == slow


# --- when it says nothing -------------------------------------------------------------------------


def edit(path: str, old: str, new: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        text = (project / path).read_text()
        assert old in text
        times = (project / path).stat()
        (project / path).write_text(text.replace(old, new, 1))
        os.utime(project / path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


def write(path: str, text: str = "") -> Callable[[Path], object]:
    def change(project: Path) -> None:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)

    return change


def link(path: str, target: str) -> Callable[[Path], object]:
    """The same bytes, by a link."""

    def change(project: Path) -> None:
        (project / path).rename(project / target)
        (project / path).symlink_to((project / target).resolve())

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "a fact": edit("facts.yaml", "opened in 1931", "opened in 1932"),
    "a comment among the facts": edit("facts.yaml", "# An invented", "# A made-up"),
    "no facts": lambda project: (project / "facts.yaml").unlink(),
    "a template": edit("templates/good.md.j2", "Good", "Best"),
    "a template without an end of line": edit("templates/good.md.j2", "%}\n", "%}"),
    "an included template": edit("templates/parts/part.md.j2", "One", "Two"),
    "another name of a template": lambda project: (project / "templates" / "good.md.j2").rename(
        project / "templates" / "goof.md.j2"
    ),
    "a new template": write("templates/new.md.j2", GOOD),
    "a new template where Python keeps its own": write("templates/__pycache__/new.md.j2", "x"),
    "a folder named as a template": lambda project: (project / "templates" / "new.md.j2").mkdir(),
    "a template that is a link": link("templates/good.md.j2", "elsewhere.md.j2"),
    "templates that are a link": link("templates", "elsewhere"),
    "a folder of templates that is a link": link("templates/parts", "elsewhere"),
    "a template that nobody writes into": lambda project: os.mkfifo(project / "templates" / "a.md.j2"),
    "a style of its own": write("templates/house/brief.css", "p { color: red }"),
    "a loaded word": edit("templates/loaded-words.yaml", "rickety", "decrepit"),
    "a kept text": edit("archive/minutes.txt", "1931", "1932"),
    "a new kept text": write("archive/study.txt", "a bridge of 1931"),
    "no kept text": lambda project: shutil.rmtree(project / "archive"),
    "a kept text that is a link": link("archive/minutes.txt", "minutes.txt"),
    "an output": edit("out/good.md", "1931", "1932"),
    "no output": lambda project: (project / "out" / "good.md").unlink(),
    "an output that is a folder": lambda project: [
        (project / "out" / "good.md").unlink(),
        (project / "out" / "good.md").mkdir(),
    ],
    "an output that nobody writes into": lambda project: [
        (project / "out" / "good.md").unlink(),
        os.mkfifo(project / "out" / "good.md"),
    ],
    "a stray output": write("out/old.md", "x"),
    "what a killed build left": write("out/.good.md.0000.part"),
    "what a killed build left of its memory": write(".briefing/.manifest.json.0000.part"),
    "no memory": lambda project: (project / ".briefing" / "manifest.json").unlink(),
    "a damaged memory": write(".briefing/manifest.json", "{}"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_says_nothing_after_a_change(what: str, project: Path) -> None:
    assert build() == 0
    assert stamp.told(MARKDOWN) is not None
    CHANGES[what](project)
    with time_limit(5):
        assert stamp.told(MARKDOWN) is None


def test_it_speaks_again_when_a_change_is_undone(project: Path) -> None:
    assert build() == 0
    edit("facts.yaml", "opened in 1931", "opened in 1932")(project)
    edit("facts.yaml", "opened in 1932", "opened in 1931")(project)
    (project / "facts.yaml").touch()
    assert stamp.told(MARKDOWN) is not None


@pytest.mark.parametrize(
    "arguments",
    [
        [*MARKDOWN, "-q"],
        [*MARKDOWN, "--force"],
        [*MARKDOWN, "--check"],
        [*MARKDOWN, "good"],
        [*MARKDOWN, "--facts"],
        ["build", "--format", "html"],
        ["check"],
        [],
    ],
)
def test_it_is_of_one_command_line(arguments: list[str], project: Path) -> None:
    assert build() == 0
    assert stamp.told(arguments) is None
    # Nor does it serve another when it is given its name.
    stamps(project)[0].rename(stamps(project)[0].with_name(stamp.key(arguments)))
    assert stamp.told(arguments) is None


def test_it_is_of_one_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [*MARKDOWN, "--facts", str(project / "facts.yaml"), "--out", "here"]
    assert build(*arguments) == 0
    (project / "other").mkdir()
    monkeypatch.chdir(project / "other")
    assert stamp.told(arguments) is None
    shutil.copytree(project / "here", "here")
    assert stamp.told(arguments) is None


@pytest.mark.parametrize("name", ["LD_LIBRARY_PATH", "PYTHONPATH", "LC_ALL", "FONTCONFIG_PATH"])
def test_it_is_of_one_environment(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build() == 0
    monkeypatch.setenv(name, "/somewhere")
    assert stamp.told(MARKDOWN) is None


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_it_leaves_other_encodings_to_the_build(
    encoding: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build() == 0
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    assert stamp.told(MARKDOWN) is None


def test_it_is_of_one_program(project: Path, program: Path) -> None:
    assert build() == 0
    assert stamp.told(MARKDOWN) is not None
    (program / "__pycache__").mkdir()
    (program / "__pycache__" / "code.pyc").write_text("")
    assert stamp.told(MARKDOWN) is not None
    edit("code.py", "1", "2")(program)
    assert stamp.told(MARKDOWN) is None


def test_a_program_that_has_just_changed_might_change_unnoticed(project: Path, program: Path) -> None:
    now = os.stat(program / "code.py").st_ctime
    stamp.time.time = lambda: now + 0.5  # type: ignore[attr-defined]
    assert build() == 0
    assert stamps(project) == []


def test_times_that_may_be_made_up_are_not_believed(
    project: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the image of a read-only file system, where every file is of the same second."""

    def told(path: str) -> SimpleNamespace:
        found = os.stat(path)
        same = {"st_ctime": 1.0, "st_ctime_ns": 1_000_000_000, "st_mtime_ns": 1_000_000_000, "st_dev": 1}
        return SimpleNamespace(st_mode=found.st_mode, st_size=found.st_size, st_ino=1, **same)

    kept = {name: getattr(os, name) for name in dir(os) if not name.startswith("__")}
    monkeypatch.setattr(stamp, "os", SimpleNamespace(**{**kept, "stat": told}))
    assert build() == 0
    assert stamp.told(MARKDOWN) is not None
    edit("code.py", "1", "2")(program)
    assert stamp.told(MARKDOWN) is None


@pytest.mark.parametrize("change", ["another version", "a new one", "none"])
def test_it_is_of_what_is_installed(
    change: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site" / "jinja2-3.dist-info"
    installed.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(installed.parent))
    assert build() == 0
    assert stamp.told(MARKDOWN) is not None
    if change == "another version":
        installed.rename(installed.with_name("jinja2-4.dist-info"))
    elif change == "a new one":
        installed.with_name("babel-9.dist-info").mkdir()
    else:
        shutil.rmtree(installed.parent)
    assert stamp.told(MARKDOWN) is None


@pytest.mark.parametrize("change", ["other bytes", "gone", "new before it"])
def test_it_is_of_the_libraries_that_draw(
    change: str, project: Path, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No PDF is drawn here: the files are what a build with PDFs would name."""
    library, before = tmp_path / "libpango.so", tmp_path / "first" / "libpango.so"
    before.parent.mkdir()
    library.write_text("one")
    monkeypatch.setattr(libraries, "files_of_pdf", lambda: [str(library), str(before)])
    stamping = Stamping(MARKDOWN, "facts.yaml", [], draws=True)
    stamping.keep({}, ("", "said"))
    assert stamp.told(MARKDOWN) == ("", "said")
    if change == "other bytes":
        edit("libpango.so", "one", "two")(tmp_path)
    elif change == "gone":
        library.unlink()
    else:
        before.write_text("one")
    assert stamp.told(MARKDOWN) is None


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="the system does not tell what is loaded")
def test_the_libraries_that_draw_are_found() -> None:
    files = libraries.files_of_pdf()
    for name in ("libpango-1.0.so", "libharfbuzz.so", "libfontconfig.so", "libz.so"):
        assert any(name in path and os.path.isfile(path) for path in files), name


@pytest.mark.parametrize("place", [0, 63, 64, 70, 80, 200, -1])
def test_a_damaged_stamp_says_nothing(place: int, project: Path) -> None:
    assert build() == 0
    (path,) = stamps(project)
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[place] ^= 1
    path.write_bytes(damaged)
    assert stamp.told(MARKDOWN) is None
    path.write_bytes(whole[: place or None][:-1])
    assert stamp.told(MARKDOWN) is None
    path.write_bytes(whole)
    assert stamp.told(MARKDOWN) is not None


# --- when there is none ---------------------------------------------------------------------------


def test_what_failed_leaves_none(project: Path) -> None:
    write("templates/bad.md.j2", GOOD.replace("parts/part", "parts/prat"))(project)
    assert build() == 1
    assert stamps(project) == []


@pytest.mark.parametrize("option", ["--force", "--check"])
def test_who_believes_or_writes_nothing_leaves_none(option: str, project: Path) -> None:
    assert build() == 0
    shutil.rmtree(project / ".briefing" / "stamps")
    assert build(*MARKDOWN, option) == 0
    assert not (project / ".briefing" / "stamps").exists()


@pytest.fixture
def stamping(project: Path) -> Stamping:
    return Stamping(MARKDOWN, "facts.yaml", [("tree", "templates"), ("file", "facts.yaml")], draws=False)


def test_what_changed_while_it_was_built_leaves_none(project: Path, stamping: Stamping) -> None:
    edit("templates/parts/part.md.j2", "One", "Two")(project)
    stamping.keep({}, ("", ""))
    assert stamps(project) == []


def test_an_output_that_changed_since_it_was_built_leaves_none(project: Path, stamping: Stamping) -> None:
    write("out/good.md", "built")(project)
    files = {"out/good.md": fingerprint_of_file("out/good.md")}
    write("out/good.md", "edited")(project)
    stamping.keep(files, ("", ""))
    assert stamps(project) == []
    write("out/good.md", "built")(project)
    stamping.keep(files, ("", ""))
    assert len(stamps(project)) == 1


def test_facts_that_are_no_file_leave_none(project: Path) -> None:
    """A pipe can be read once, and not by a stamp."""
    os.mkfifo("pipe.yaml")
    with time_limit(5):
        for facts in ("-", "pipe.yaml", "/dev/stdin"):
            arguments = [*MARKDOWN, "--facts", facts]
            Stamping(arguments, facts, [("file", facts)], draws=False).keep({}, ("", ""))
            assert stamp.told(arguments) is None
    assert stamps(project) == []


MEMO = '---\ntitle: Memo\nstance: neutral\n---\n{{ fact("opened") }}\n\nFor: {{ recipient.name }}\n'


@pytest.mark.parametrize("spelling", [["--for", "-"], ["--for=-"]])
def test_a_table_from_standard_input_is_read_each_time(
    spelling: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("templates/memo.md.j2", MEMO)(project)
    arguments = ["build", "memo", "--format", "md", *spelling]
    for name in ("Ann", "Bo"):
        assert stamp.told(arguments) is None
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"name\n{name}\n".encode())))
        assert build(*arguments) == 0
        assert f"For: {name}\n" in (project / "out" / "memo" / f"{name.lower()}.md").read_text()
    assert stamps(project) == []


def test_a_table_that_is_a_file_has_a_stamp(project: Path) -> None:
    write("templates/memo.md.j2", MEMO)(project)
    write("people.csv", "name\nAnn\n")(project)
    arguments = ["build", "memo", "--format", "md", "--for", "people.csv"]
    assert build(*arguments) == 0
    assert stamp.told(arguments) is not None
    write("people.csv", "name\nBo\n")(project)
    assert stamp.told(arguments) is None


def test_a_command_line_that_is_read_wrongly_leaves_none(project: Path) -> None:
    arguments = ["build", "--format", "md", "--out", "--facts", "--facts=facts.yaml", "--", "--facts", "x"]
    Stamping(arguments, "facts.yaml", [], draws=False).keep({}, ("", ""))
    assert not (project / ".briefing").exists()


def test_a_path_that_no_line_can_hold_leaves_none(project: Path) -> None:
    arguments = [*MARKDOWN, "--out", "two\nlines"]
    assert build(*arguments) == 0
    assert stamps(project) == []


def test_where_it_cannot_be_written_the_build_is_none_the_worse(project: Path) -> None:
    write(".briefing/stamps", "no folder")(project)
    assert build() == 0


def test_they_do_not_grow_without_bound(project: Path) -> None:
    for number in range(25):
        Stamping([*MARKDOWN, str(number)], "facts.yaml", [], draws=False).keep({}, ("", ""))
    assert len(stamps(project)) == 20
    assert stamp.told([*MARKDOWN, "24"]) is not None
    assert stamp.told([*MARKDOWN, "0"]) is None
