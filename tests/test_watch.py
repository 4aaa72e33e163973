"""`briefing build --watch`: what a saved change builds anew, what it does not, and what it outlives."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from presses import CountingPress

from briefing.cli import run, with_port
from briefing.errors import PackageMissing, UsageError
from briefing.outcome import Wish
from briefing.project import Project, read_from
from briefing.rebuilding import Rebuilding, Round
from briefing.watching import Sight, Watch, changed, folders_of, look, waiting

BRIEFS = Path(__file__).parent / "briefs"
ONE = '---\ntitle: One\nstance: neutral\n---\n## All\n\n{{ fact("opened") }}\n'
TWO = '---\ntitle: Two\nstance: neutral\n---\n## All\n\n{{ fact("done-by") }}\n'
READ = read_from("facts.yaml")
WATCHING = pytest.mark.extra("watch")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two audiences and a kept text; the working folder."""
    (tmp_path / "facts.yaml").write_text((BRIEFS / "facts.yaml").read_text() + "# That is all.\n")
    for folder in ("templates/parts", "templates/house", "archive"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates" / "house" / "house.yaml").write_text("office: Office of Bridges\n")
    (tmp_path / "templates" / "one.md.j2").write_text(ONE)
    (tmp_path / "templates" / "two.md.j2").write_text(TWO)
    (tmp_path / "archive" / "press-kit.txt").write_text("kept")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def halved(path: Path, last: str) -> None:
    """What has been written of a file when it is looked at too early."""
    text = path.read_text()
    path.write_text(text[: text.rindex(last) + len(last)])


# ---- What has changed

CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda at: None, ""),
    "the facts": (lambda at: (at / "facts.yaml").write_text("schema: 1"), "facts.yaml changed"),
    "the facts, touched": (lambda at: os.utime(at / "facts.yaml"), ""),
    "the facts, gone": (lambda at: (at / "facts.yaml").unlink(), "facts.yaml is gone"),
    "a template": (lambda at: (at / "templates/one.md.j2").write_text(""), "templates/one.md.j2 changed"),
    "a new template": (lambda at: (at / "templates/x.md.j2").write_text(""), "templates/x.md.j2 is new"),
    "a part": (lambda at: (at / "templates/parts/a.md.j2").write_text(""), "templates/parts/a.md.j2 is new"),
    "a review": (lambda at: (at / "reviews.yaml").write_text(""), "reviews.yaml is new"),
    "a kept text": (
        lambda at: (at / "archive/press-kit.txt").write_text("other"),
        "archive/press-kit.txt changed",
    ),
    "an original beside it": (lambda at: (at / "archive/press-kit.pdf").write_text("other"), ""),
    "a file of nobody's": (lambda at: (at / "notes.txt").write_text("other"), ""),
    "an output": (lambda at: (at / "templates/one.txt").write_text("built"), ""),
    "a folder renamed": (
        lambda at: (at / "templates").rename(at / "elsewhere"),
        "templates/one.md.j2 is gone; templates/two.md.j2 is gone; templates/house/house.yaml is gone",
    ),
    "a link in a circle": (lambda at: (at / "templates/round").symlink_to(at), "templates/round is new"),
    "a link to nothing": (lambda at: (at / "templates/no").symlink_to("nothing"), "templates/no is new"),
    "a pipe": (lambda at: os.mkfifo(at / "templates/pipe"), "templates/pipe is new"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_told_by_content(project: Path, change: str) -> None:
    do, told = CHANGES[change]
    before = look(READ, Sight())
    do(project)
    assert changed(before, look(READ, before, {"templates/one.txt"})) == told


def test_many_changes_are_counted(project: Path) -> None:
    before = look(READ, Sight())
    for number in range(5):
        (project / "templates" / f"n{number}.md.j2").write_text("")
    told = changed(before, look(READ, before))
    assert told.endswith("templates/n2.md.j2 is new; and 2 more")


def test_the_folders_to_hear_are_those_that_there_are(project: Path) -> None:
    (project / "out").mkdir()
    assert set(folders_of(READ)) == {".", "templates", "templates/parts", "templates/house", "archive"}
    shutil.rmtree(project / "templates")
    assert set(folders_of(READ)) == {".", "archive"}


# ---- When it builds


class Steps:
    """Stands for the time that passes: each wait does the next thing, and none is left when the test is over."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.left = list(steps)

    def __call__(self, folders: Sequence[str] | float) -> None:
        assert self.left, "it waits for what never comes"
        self.left.pop(0)()


def test_a_round_begins_with_each_change_and_with_none_of_its_own_output(project: Path) -> None:
    facts = project / "facts.yaml"
    wait = Steps(
        lambda: None,
        lambda: facts.touch(),
        lambda: (project / "templates" / "own.md").write_text("built"),
        lambda: facts.write_text("schema: 1"),
    )
    watch = Watch(lambda: READ, wait, pause=lambda seconds: None)
    watch.leave_out(["./templates/own.md"])
    rounds = watch.rounds()
    assert next(rounds) == ""
    assert next(rounds) == "facts.yaml changed"
    assert wait.left == []


def test_what_changes_during_a_build_is_built_next(project: Path) -> None:
    rounds = Watch(lambda: READ, Steps(), pause=lambda seconds: None).rounds()
    next(rounds)
    (project / "facts.yaml").write_text("schema: 1")
    assert next(rounds) == "facts.yaml changed"
    (project / "templates" / "one.md.j2").unlink()
    assert next(rounds) == "templates/one.md.j2 is gone"


def test_an_editor_that_deletes_and_writes_anew_starts_one_round(project: Path) -> None:
    facts = project / "facts.yaml"
    text = facts.read_text()
    pause = Steps(
        lambda: facts.write_text(text[:100]),
        lambda: facts.write_text(text + "# more\n"),
        lambda: None,
    )
    rounds = Watch(lambda: READ, Steps(facts.unlink), pause=pause).rounds()
    next(rounds)
    assert next(rounds) == "facts.yaml changed"
    assert pause.left == []
    assert facts.read_text().endswith("# more\n")


def test_a_file_saved_again_as_it_was_starts_none(project: Path) -> None:
    facts = project / "facts.yaml"
    text = facts.read_text()
    wait = Steps(facts.unlink, lambda: (project / "reviews.yaml").write_text(""))
    rounds = Watch(
        lambda: READ, wait, pause=Steps(lambda: facts.write_text(text), lambda: None, lambda: None)
    ).rounds()
    next(rounds)
    assert next(rounds) == "reviews.yaml is new"


def test_folders_are_heard_anew_when_others_are_there_and_after_the_system_failed() -> None:
    heard: list[Sequence[str]] = []

    def told(folders: Sequence[str]) -> Iterator[object]:
        heard.append(folders)
        yield
        yield

    with waiting(told) as wait:
        wait(["a"])
        wait(["a"])
        wait(["a", "b"])
    assert heard == [["a"], ["a", "b"]]


def test_without_the_package_the_message_has_the_command(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(PackageMissing), waiting():
        pass
    assert run(["build", "--watch"]) == 3
    assert capsys.readouterr().err == (
        "command line:1:1: error: --watch needs a Python package that is missing;"
        " run: pip install 'watchfiles>=1.1,<2' [system-watch]\n1 error\n"
    )
    assert not (project / "out").exists()


def test_the_package_named_in_the_message_is_that_of_the_extra() -> None:
    metadata = (Path(__file__).parent.parent / "pyproject.toml").read_text()
    assert 'watch = ["watchfiles>=1.1,<2"]' in metadata


# ---- What a round builds


def rebuilding(formats: Sequence[str] = ("md",), **wished: bool) -> tuple[Rebuilding, CountingPress]:
    press = CountingPress()

    def wish(project: Project) -> Wish:
        return Wish([], project.folder / "out", formats, **wished)

    return Rebuilding("facts.yaml", wish, press), press


def statuses(done: Round) -> dict[str, str]:
    assert done.built
    return {outcome.path.name: outcome.status for outcome in done.built.report.outcomes}


def rules(done: Round) -> list[str]:
    return [problem.rule for problem in done.problems if str(problem.level) == "error"]


def test_only_what_the_change_touches_is_built_and_typeset(project: Path) -> None:
    builds, press = rebuilding(["md", "pdf"])
    assert set(statuses(builds.again()).values()) == {"written"}
    assert press.tickets == ["one", "two"]
    edited(project / "facts.yaml", "The bridge opened", "The old bridge opened")
    assert statuses(builds.again()) == {
        "one.md": "written",
        "one.pdf": "written",
        "two.md": "current",
        "two.pdf": "current",
    }
    assert press.tickets == ["one", "two", "one"]


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "half a file": (lambda at: (at / "facts.yaml").write_text('schema: 1\ntitle: "half'), "yaml-syntax"),
    "no bytes": (lambda at: (at / "facts.yaml").write_bytes(b""), "schema-missing-key"),
    "not text": (lambda at: (at / "facts.yaml").write_bytes(b"\xff\xfe\x00"), "yaml-encoding"),
    "gone": (lambda at: (at / "facts.yaml").unlink(), "file"),
    "a folder in its place": (
        lambda at: ((at / "facts.yaml").unlink(), (at / "facts.yaml").mkdir()),
        "file",
    ),
    "templates renamed": (lambda at: (at / "templates").rename(at / "t"), "template-gone"),
    "half a template": (lambda at: (at / "templates" / "one.md.j2").write_text(ONE[:-4]), "file-half"),
    "half a template, and otherwise": (
        lambda at: (at / "templates" / "one.md.j2").write_text(ONE.replace("All", "Both")[:-4]),
        "template-syntax",
    ),
    "half a letterhead": (
        lambda at: (at / "templates" / "house" / "house.yaml").write_text("office: Office of Br"),
        "file-half",
    ),
    "half a file that can be read": (
        lambda at: halved(at / "facts.yaml", "# That"),
        "file-half",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_was_built_stays_while_something_is_broken_and_it_goes_on(
    project: Path, tmp_path_factory: pytest.TempPathFactory, how: str
) -> None:
    builds, _ = rebuilding()
    builds.again()
    good = {path.name: path.read_bytes() for path in (project / "out").iterdir()}
    shutil.copytree(
        project, kept := tmp_path_factory.mktemp("kept") / "all", ignore=shutil.ignore_patterns("out", ".*")
    )
    do, rule = BROKEN[how]
    do(project)
    done = builds.again()
    assert rule in rules(done), done.problems
    assert set(rules(done)) == {problem.rule for problem in done.fresh if str(problem.level) == "error"}
    assert {path.name: path.read_bytes() for path in (project / "out").iterdir()} == good
    assert [problem for problem in builds.again().fresh if str(problem.level) == "error"] == []
    if (project / "facts.yaml").is_dir():
        (project / "facts.yaml").rmdir()
    shutil.copytree(kept, project, dirs_exist_ok=True)
    done = builds.again()
    assert rules(done) == []
    assert done.mended > 0
    assert set(statuses(done).values()) == {"current"}


def test_what_is_left_of_a_file_can_be_read_and_builds_nothing(project: Path) -> None:
    """Else the test of half a file that can be read would show nothing."""
    halved(project / "facts.yaml", "# That")
    assert run(["build", "-q"]) == 0


def test_a_file_that_is_shortened_on_purpose_is_built(project: Path) -> None:
    builds, _ = rebuilding()
    builds.again()
    path = project / "templates" / "one.md.j2"
    path.write_text(ONE.partition("{{")[0] + '{{ fact("opened")')
    assert rules(builds.again()) == ["file-half"]
    path.write_text(ONE + '\n## More\n\n{{ fact("done-by") }}\n')
    assert statuses(builds.again())["one.md"] == "written"
    path.write_text(ONE)
    assert statuses(builds.again())["one.md"] == "written"


def test_what_is_looked_at_no_further_is_not_mended(project: Path) -> None:
    path = project / "templates" / "one.md.j2"
    path.write_text(ONE + "It was 99 dollars.\n")
    builds, _ = rebuilding()
    assert rules(builds.again())
    path.write_text(ONE + "It was 99 dollars.\n{% if %}\n")
    assert builds.again().mended == 0
    (project / "facts.yaml").write_text("schema: 1\n")
    assert builds.again().mended == 0


def test_a_project_that_has_no_templates_gets_the_generic_briefs_round_after_round(project: Path) -> None:
    shutil.rmtree(project / "templates")
    builds, _ = rebuilding()
    assert len(statuses(builds.again())) == len(statuses(builds.again())) >= 3


def test_what_makes_the_first_build_impossible_ends_it(project: Path) -> None:
    (project / "facts.yaml").unlink()
    with pytest.raises(UsageError):
        rebuilding()[0].again()


def test_force_is_for_the_first_build(project: Path) -> None:
    rebuilding()[0].again()
    builds, press = rebuilding(["pdf"], force=True)
    builds.again()
    builds.again()
    assert press.tickets == ["one", "two"]


# ---- The command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--serve"], "--serve shows what --watch builds; write both: briefing build --watch --serve"),
        (["--watch", "--check"], "does not go with --check"),
        (["--watch", "--json"], "does not go with --json"),
        (["--watch", "--shard", "1/2"], "does not go with --shard"),
        (["--watch", "--cluster", "tcp://x:1"], "does not go with --cluster"),
        (["--watch", "--facts", "-"], "- can be read once"),
        (["--watch", "--serve", "65536"], '"65536" names no port'),
        (["--watch", "--serve=web"], '"web" names no port'),
        pytest.param(["--watch", "--format", "odt"], '"odt" is no format', marks=WATCHING),
        pytest.param(["--watch", "--facts", "none.yaml"], "there is no such file", marks=WATCHING),
        pytest.param(["--watch", "--serve", "oen"], 'no audience "oen"; did you mean "one"?', marks=WATCHING),
    ],
)
def test_wrong_use_ends_at_once(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run(["build", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("--watch --serve", "--watch --serve=0"),
        ("--serve --watch", "--serve=0 --watch"),
        ("--serve 8000 memo", "--serve 8000 memo"),
        ("--serve memo", "--serve=0 memo"),
        ("--serve=8000 memo", "--serve=8000 memo"),
        ("-- --serve", "-- --serve"),
    ],
)
def test_the_port_may_be_left_out(written: str, read: str) -> None:
    assert with_port(["build", *written.split()]) == ["build", *read.split()]


class Watching:
    """The command as a user runs it, and the lines that it says as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def says(self, pattern: str) -> re.Match[str]:
        """Waits for a line; what came before it is passed over."""
        while True:
            line = self._lines.get(timeout=60)
            assert line is not None, f"{pattern!r} was not said, but: {self.said}"
            self.said.append(line)
            found = re.search(pattern, line)
            if found:
                return found

    def end(self) -> int:
        """Ctrl-C; the exit code, once all that it said was read."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        while (line := self._lines.get(timeout=60)) is not None:
            self.said.append(line)
        return code


@contextmanager
def watched(*arguments: str) -> Iterator[Watching]:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        " from briefing.__main__ import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "build", "--watch", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Watching(process)
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


@WATCHING
def test_as_a_user_has_it(project: Path) -> None:
    facts, brief = project / "facts.yaml", project / "out" / "one.md"
    text = facts.read_text()
    with watched() as session:
        session.says(r"^out/one\.md +written +new")
        session.says("^watching for changes; Ctrl-C ends it$")
        assert {path.name for path in brief.parent.iterdir()} == {"one.md", "two.md"}
        good = brief.read_bytes()

        facts.write_text(text[: len(text) // 2])
        session.says(r"^facts\.yaml changed:$")
        session.says(r"^facts\.yaml:\d+:\d+: error: ")
        assert brief.read_bytes() == good

        facts.unlink()
        session.says(r"^facts\.yaml is gone:$")
        session.says("there is no such file")
        session.says("nothing was built$")
        assert brief.read_bytes() == good

        facts.write_text(text.replace("The bridge opened", "The old bridge opened"))
        session.says(r"^facts\.yaml is new:$")
        session.says(r"^out/one\.md +written +fact opened changed")
        session.says("mended; 1 written; 1 up to date$")
        assert "The old bridge opened" in brief.read_text()

        assert session.end() == 130
    assert "Traceback" not in "\n".join(session.said)
    assert sum(line.startswith("out/") and " written " in line for line in session.said) == 3
