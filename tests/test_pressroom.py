"""Processes that typeset: one that dies, hangs or takes too much costs its own brief; none is left, whoever is killed.

Real builds of real files, watched from outside by what the system tells of processes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.edition import edition
from briefing.errors import Location
from briefing.limits import DEFAULT, limits_from
from briefing.pressroom import Pressroom
from briefing.presswork import Job
from briefing.project import open_project
from briefing.scraps import Scraps
from briefing.selection import selected

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched in /proc")

ROOT = Path(__file__).parent.parent
HEAD = """schema: 1
title: Gates
as_of: 2026-01-27
sources:
  minutes:
    type: report
    level: primary
    title: Minutes
    author: [Town Clerk]
    published: 2026-01-10
    url: https://middleton.example/minutes
    accessed: 2026-01-20
    descriptor: The record.
facts:
"""
FACT = """  gate-{0}:
    kind: event
    date: 1931
    label: Gate {0}
    text: The gate number {0} was opened to the public in the autumn of that year.
    cite: [{{source: minutes, quote: gate {0} opened}}]
"""
FRONT = "---\ntitle: Gates\nstance: neutral\n---\n## Gates\n\n"
# So many take seconds to lay out, and twice the memory that a small brief takes with the libraries.
MANY = 400
SEVERAL = 40
FORMER = b"what was sent to the office\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a small brief, one of a few pages, one of a great many, and another small one."""
    (tmp_path / "facts.yaml").write_text(HEAD + "".join(map(FACT.format, range(MANY))))
    (tmp_path / "templates").mkdir()
    (tmp_path / "out").mkdir()
    briefs = {
        "good": '{{ fact("gate-1") }}\n',
        "long": "".join(f'- {{{{ fact("gate-{number}") }}}}\n' for number in range(SEVERAL)),
        "heavy": "{% for one in facts() %}\n- {{ one }}\n{% endfor %}\n",
        "last": '{{ fact("gate-2") }}\n',
    }
    for name, body in briefs.items():
        (tmp_path / "templates" / f"{name}.md.j2").write_text(FRONT + body)
    for name in ("heavy", "long"):
        for ending in ("md", "pdf"):
            (tmp_path / "out" / f"{name}.{ending}").write_bytes(FORMER)
    return tmp_path


class Build:
    """A build in a process of its own. Its processes are known by a word in their environment, which they inherit."""

    def __init__(self, project: Path, *arguments: str) -> None:
        self.project = project
        self.mark = f"BRIEFING_TEST_MARK={project}".encode()
        name, _, value = self.mark.decode().partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "briefing", "build", "-q", "--jobs", "1", *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT), name: value},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(self, within: float = 90) -> tuple[int, str]:
        """How it ended, and all that it said. Nothing hangs, and nothing is left: no process, no unfinished file."""
        out, err = self.process.communicate(timeout=within)
        until(lambda: not self.everyone())
        assert [path.name for path in self.project.rglob("*.part")] == []
        assert "Traceback" not in err, err
        return self.process.returncode, out + err

    def everyone(self) -> list[int]:
        """The processes that the build is, and has started."""
        return [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.mark in environment(pid)
        ]

    def worker(self) -> int:
        """The process that typesets, as soon as there is one."""
        found: list[int] = []

        def there() -> bool:
            found[:] = [pid for pid in self.everyone() if b"briefing.worker" in told(pid, "cmdline")]
            return bool(found)

        until(there)
        return found[0]

    def busy_worker(self) -> int:
        """The same once it is at work on the heavy brief: the small one before it is written, and time is taken."""
        until((self.project / "out" / "good.pdf").exists)
        worker = self.worker()
        before = ticks(worker)
        until(lambda: ticks(worker) > before + 30)
        return worker


def told(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""


def environment(pid: int) -> list[bytes]:
    return told(pid, "environ").split(b"\0")


def ticks(pid: int) -> int:
    """Hundredths of seconds of processor time."""
    return int(told(pid, "stat").rpartition(b")")[2].split()[11])


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


@pytest.fixture
def build(project: Path) -> Iterator[Callable[..., Build]]:
    """Start one; whatever a failed test leaves of it is ended."""
    started: list[Build] = []

    def start(*arguments: str) -> Build:
        started.append(Build(project, *arguments))
        return started[-1]

    yield start
    for one in started:
        for pid in one.everyone():
            os.kill(pid, signal.SIGKILL)
        one.process.communicate()


def written(project: Path) -> set[str]:
    """The files that are no former ones, each of which is whole."""
    new = {path for path in (project / "out").iterdir() if path.read_bytes() != FORMER}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in new if path.suffix == ".pdf")
    return {path.name for path in new}


def errors(said: str) -> list[str]:
    return [line for line in said.splitlines() if " error: " in line]


GOOD = {"good.md", "good.pdf"}
LAST = {"last.md", "last.pdf"}


# --- what a brief may cost ------------------------------------------------------------------------


def test_a_process_that_is_killed_costs_its_brief_and_so_does_one_page_too_many(
    project: Path, build: Callable[..., Build]
) -> None:
    """Another process takes the place of the killed one, and does what is left."""
    started = build("good", "heavy", "long", "last", "--limit", "pages=3")
    os.kill(started.busy_worker(), signal.SIGKILL)
    code, said = started.ended()
    assert code == 1
    died, many = errors(said)
    assert died == (
        "templates/heavy.md.j2:1:1: error: the PDF was lost: its process was killed, as happens when a machine runs out"
        " of memory, while it was laying out the pages [typeset-died]"
    )
    assert many.startswith("templates/long.md.j2:1:1: error: has ")
    assert many.endswith(" would let it pass [typeset-page-limit]")
    assert written(project) == GOOD | LAST


def test_a_process_that_hangs_costs_its_brief(project: Path, build: Callable[..., Build]) -> None:
    """The other brief has a PDF: on a busy machine, two seconds are not enough to make one."""
    assert build("last").ended() == (0, "")
    (project / "out" / "last.md").unlink()
    started = build("heavy", "last", "--limit", "time=2")
    os.kill(started.worker(), signal.SIGSTOP)
    code, said = started.ended(within=20)
    assert code == 1
    assert errors(said) == [
        "templates/heavy.md.j2:1:1: error: the PDF took more than 2 seconds (--limit time=…) and was stopped"
        " while it was starting WeasyPrint [typeset-time]"
    ]
    assert written(project) == LAST


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (
            "memory=200M",
            "took more than 200 MiB of memory (--limit memory=…) and was stopped while it was {} [typeset-memory]",
        ),
        (
            "cpu=1",
            "took more than 1 seconds of processor time (--limit cpu=…) and was stopped while it was {} [typeset-cpu]",
        ),
    ],
    ids=["memory", "cpu"],
)
def test_a_document_that_takes_too_much_is_stopped(
    limit: str, words: str, project: Path, build: Callable[..., Build]
) -> None:
    code, said = build("good", "heavy", "last", "--limit", limit).ended()
    assert code == 1
    assert errors(said) == [
        "templates/heavy.md.j2:1:1: error: the PDF " + words.format("laying out the pages")
    ]
    assert written(project) == GOOD | LAST


ENDLESS = {
    "columns": "<table><tr><td colspan=1000000>x</td></tr></table>",
    "boxes": "<div style='display: flex'>" * 20 + "x" + "</div>" * 20,
    "drawings": "<svg width=9 height=9><g id=a0><rect width=1 height=1 /></g>"
    + "".join(f"<g id=a{n}>" + f"<use href='#a{n - 1}' />" * 10 + "</g>" for n in range(1, 12))
    + "<use href='#a11' /></svg>",
    "tabs": "<pre>" + "\t" * 200_000 + "</pre>",
}


@pytest.mark.all
@pytest.mark.parametrize("markup", ENDLESS.values(), ids=ENDLESS)
def test_a_frame_that_takes_for_ever_is_stopped(
    markup: str, project: Path, build: Callable[..., Build]
) -> None:
    """What no text can bring about, but a frame of the project's own."""
    (project / "templates" / "house").mkdir()
    frame = (ROOT / "templates" / "house" / "page.html.j2").read_text("utf-8")
    changed = frame.replace("</body>", markup + "</body>")
    (project / "templates" / "house" / "page.html.j2").write_text(changed, "utf-8")
    code, said = build("good", "--limit", "cpu=4").ended()
    assert code == 1
    (line,) = errors(said)
    assert "took more than 4 seconds of processor time (--limit cpu=…) and was stopped" in line
    assert written(project) == set()


@pytest.mark.parametrize("limit", ["40M", "120M"])
def test_less_memory_than_the_libraries_take_is_too_little_for_any_document(
    limit: str, project: Path, build: Callable[..., Build]
) -> None:
    """It is not said that Pango is missing, or that a process died for no reason."""
    code, said = build("good", "--limit", f"memory={limit}").ended()
    assert code == 1
    (line,) = errors(said)
    assert f"the PDF took more than {limit[:-1]} MiB of memory" in line
    assert line.endswith("[typeset-memory]")
    assert written(project) == set()


def test_a_memory_limit_is_told_as_it_was_given(project: Path, build: Callable[..., Build]) -> None:
    code, said = build("good", "--limit", "memory=1k").ended()
    assert code == 1
    (line,) = errors(said)
    assert "the PDF took more than 1 KiB of memory" in line


def test_a_document_can_be_given_more_memory_than_a_build_gives_itself() -> None:
    """A worker inherits the bound that its build set itself."""
    more = limits_from(["memory=9G"]).memory
    code = (
        "import resource; from briefing.limits import memory_limit\n"
        f"for most in (None, {more}, {more}, {more // 9}, {more}):\n"
        "    memory_limit(most) if most else memory_limit()\n"
        "    print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 30)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["6", "9", "9", "1", "1"]


@pytest.mark.parametrize(
    ("arguments", "processes"),
    [
        ([], 4),
        (["--shard", "2/3"], 2),
        (["good", "last"], 2),
        (["good", "--for", "people.csv"], 3),
        (["--format", "md"], 0),
        (["--jobs", "3"], 3),
        (["--facts", "bare/facts.yaml"], 3),
    ],
)
def test_no_more_processes_are_started_than_there_are_documents(
    arguments: list[str], processes: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The facts are faulty, so that none has anything to do."""
    (project / "people.csv").write_text("name\nAnn\nBo\n")
    (project / "bare").mkdir()
    for folder in (project, project / "bare"):
        (folder / "facts.yaml").write_text("schema: 2\n")
    started = [0]
    monkeypatch.setattr(Pressroom, "warm", lambda press, most: started.append(min(most, press.jobs)))
    monkeypatch.chdir(project)
    assert run(["build", "--jobs", "40", *arguments]) == 1
    assert max(started) == processes


# --- builds that are ended ------------------------------------------------------------------------


def stopped_amid_work(build: Build) -> None:
    """Its worker would stay for ever if nobody ended it."""
    os.kill(build.busy_worker(), signal.SIGSTOP)


MOMENTS = {
    "it starts its first process": lambda build: build.worker(),
    "it writes its first file": lambda build: until((build.project / "out" / "good.md").exists),
    "a process hangs": stopped_amid_work,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_ends_it_at_once(moment: str, project: Path, build: Callable[..., Build]) -> None:
    started = build("good", "heavy")
    MOMENTS[moment](started)
    started.process.send_signal(signal.SIGINT)
    assert started.ended() == (130, "")
    assert written(project) <= GOOD


def test_processes_end_with_a_build_that_is_killed(project: Path, build: Callable[..., Build]) -> None:
    started = build("good", "heavy")
    stopped_amid_work(started)
    started.process.kill()
    assert started.ended() == (-signal.SIGKILL, "")
    assert written(project) == GOOD


def test_a_process_that_ended_while_it_had_nothing_to_do_costs_no_brief(project: Path) -> None:
    job = job_of(project, "good")
    with Pressroom(1, DEFAULT) as press:
        press.warm(1)
        idle = press._workers[0].process.pid
        os.kill(idle, signal.SIGKILL)
        until(lambda: told(idle, "stat").rpartition(b") ")[2][:1] in (b"Z", b""))
        press.submit("good", job)
        ((ticket, pressed),) = list(press.finished(None))
    assert (ticket, pressed.exit_code) == ("good", 0)
    assert pressed.pdf


def test_a_process_that_is_killed_while_it_starts_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any moment of the import: among them are those in which the fonts' configuration is there."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    for tenths in range(0, 9, 2):
        with Pressroom(1, DEFAULT) as press:
            press.warm(1)
            time.sleep(tenths / 10)
        assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = (
        f"import sys, tempfile, time; tempfile.tempdir = {str(tmp_path)!r}; from briefing.scraps import Scraps\n"
        "kept = Scraps(); (kept.path / 'fonts').mkdir(); print(kept.path, flush=True); time.sleep(60)"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        killed, living = (Path(one.stdout.readline().strip()) for one in others if one.stdout)
        others[0].kill()
        others[0].wait()
        assert killed.is_dir()
        kept = [living, tmp_path / "briefing-notes", tmp_path / f"{killed.name}0"]
        for path in kept[1:]:
            path.mkdir()
        link = tmp_path / f"briefing-scraps-{'0' * 16}"
        link.symlink_to(kept[1])
        kept.append(link)
        scraps = Scraps()
        assert sorted(tmp_path.iterdir()) == sorted([*kept, scraps.path])
        assert (living / "fonts").is_dir()
        scraps.remove()
        assert sorted(tmp_path.iterdir()) == sorted(kept)
    finally:
        for one in others:
            one.kill()
            one.communicate()


def test_what_another_user_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / f"briefing-scraps-{'1' * 16}"
    left.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
        Scraps().remove()
    assert left.is_dir()
    Scraps().remove()
    assert not left.exists()


def job_of(project: Path, name: str) -> Job:
    """What a build would have typeset."""
    opened = open_project(str(project / "facts.yaml"))
    brief = selected(opened, name).brief
    assert brief
    texts = {"css": opened.house_text("brief.css"), "page_template": opened.house_text("page.html.j2")}
    return Job(edition(brief), **texts, where=Location(name), limits=DEFAULT)


def test_a_module_in_the_folder_of_the_project_is_not_run(tmp_path: Path) -> None:
    """Facts and templates come from others, and with them might come a `weasyprint.py`."""
    (tmp_path / "templates").mkdir()
    shutil.copy(ROOT / "tests" / "briefs" / "facts.yaml", tmp_path)
    note = '---\ntitle: Note\nstance: advocacy\n---\n{{ fact("opened") }}\n'
    (tmp_path / "templates" / "note.md.j2").write_text(note)
    for name in ("weasyprint", "pydyf", "tinycss2", "json"):
        (tmp_path / f"{name}.py").write_text(
            f'open({str(tmp_path / "ran")!r}, "w").close()\nraise SystemExit'
        )
    code = f"import sys; sys.path[:1] = [{str(ROOT)!r}]; from briefing.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--format", "pdf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert not (tmp_path / "ran").exists()
    assert done.returncode == 0, done.stderr
