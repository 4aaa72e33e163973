"""The same build on a Dask cluster: the same bytes, whoever dies; and what is said when it cannot be."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing.cli import run

ROOT = Path(__file__).parent.parent
BRIEFS = Path(__file__).parent / "briefs"
BRIEF = '---\ntitle: Brief {}\nstance: neutral\n---\n## One\n{{{{ fact("opened") }}}}\n'
# Long enough to be halted before it is done.
LONG = BRIEF.format("long") + '{{ fact("opened") }}\n\n' * 40
NAMES = [f"brief-{number}" for number in range(8)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with eight small briefs; the working folder."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    for name in NAMES:
        (tmp_path / "templates" / f"{name}.md.j2").write_text(BRIEF.format(name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- Without a cluster


def test_without_the_package_one_line_says_how_to_get_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run(["build", "--cluster", "tcp://127.0.0.1:8786"]) == 3
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    assert "run: pip install 'distributed>=" in line
    assert not (project / "out").exists()
    assert run(["build", "--cluster", "tcp://127.0.0.1:8786", "--json"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["rule"] == "cluster-package"
    assert run(["build", "--cluster", "tcp://127.0.0.1:8786", "--format", "md"]) == 0


def test_the_command_installs_what_the_extra_names() -> None:
    from briefing import cluster

    assert f'cluster = ["{cluster._NEEDED}"]' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cluster", "http://127.0.0.1:8786"], 'cannot be "http://127.0.0.1:8786"; write tcp://host:port'),
        (["--cluster", "tcp://127.0.0.1"], "write tcp://host:port"),
        (["--cluster", "tcp://127.0.0.1:8786", "--jobs", "2"], "--jobs is for this machine"),
    ],
)
def test_wrong_use(
    arguments: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_build_without_a_cluster_does_not_import_it(project: Path) -> None:
    code = (
        "import sys; from briefing.cli import run; run(['build', '--format', 'md', '-q']); "
        "sys.exit('distributed' in sys.modules or 'briefing.cluster' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=project, check=True)


# ---- With one


class Dask:
    """A scheduler and workers on loopback, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        # The workers' own log noise goes where somebody looks when a test fails.
        with (self.folder / f"dask-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def scheduler(self, **environment: str) -> None:
        """A scheduler to which briefing is nothing that can be imported."""
        blocked = self.folder / "blocked"
        blocked.mkdir()
        (blocked / "sitecustomize.py").write_text("import sys\nsys.modules['briefing'] = None\n")
        self.address = f"tcp://127.0.0.1:{free_port()}"
        command = (
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            self.address.split(":")[-1],
        )
        self.start(*command, PYTHONPATH=str(blocked), **environment)

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """One that stays dead when it is killed."""
        command = ("distributed.cli.dask_worker", self.address, "--host", "127.0.0.1", "--no-nanny")
        return self.start(*command, "--nworkers", "1", "--nthreads", "1", **environment)

    def await_workers(self, number: int) -> None:
        """Counted in the logs, so that no client of our own is in the way."""
        until = time.monotonic() + 60
        while sum("Registered to" in log.read_text() for log in self.folder.glob("dask-*.log")) < number:
            assert time.monotonic() < until, "the workers do not start"
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    if importlib.util.find_spec("distributed") is None:
        reason = "distributed is not installed; it is in requirements-dev.lock"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    made = Dask(tmp_path_factory.mktemp("dask"))
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


def building(project: Path, dask: Dask, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "briefing", "build", "-q", "--cluster", dask.address, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(build: subprocess.Popen[str]) -> tuple[int, str]:
    """How a build ended, and all that it printed."""
    out, err = build.communicate(timeout=60)
    return build.returncode, out + err


def pdfs(project: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (project / "out").glob("[!.]*.pdf")}


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def lose_one_half_way(project: Path, victim: subprocess.Popen[bytes]) -> int:
    """Kill a worker that certainly has a job: it is stopped first, and the other goes on. How many PDFs there were.

    They do not go on for ever: the scheduler may be waiting for a result that the stopped one has.
    """
    until(lambda: len(pdfs(project)) >= 1)
    victim.send_signal(signal.SIGSTOP)
    stopped = time.monotonic()
    until(lambda: len(pdfs(project)) >= 4 or time.monotonic() - stopped > 3)
    written = len(pdfs(project))
    victim.kill()
    return written


def children(process: subprocess.Popen[bytes]) -> list[int]:
    import psutil  # distributed brings it

    return [child.pid for child in psutil.Process(process.pid).children()]


def programs(process: subprocess.Popen[bytes]) -> list[int]:
    """The children that are programs of their own by now: one that is stopped before stops who started it, too."""
    import psutil

    started = psutil.Process(process.pid)
    found = []
    for child in started.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.cmdline() not in ([], started.cmdline()):
                found.append(child.pid)
    return found


def halt_work(worker: subprocess.Popen[bytes]) -> None:
    """Let what it typesets next take for ever."""
    until(lambda: programs(worker) != [])
    for pid in programs(worker):
        os.kill(pid, signal.SIGSTOP)


def alive(pid: int) -> bool:
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.all
def test_a_worker_is_killed_half_way_and_the_bytes_are_those_of_a_local_build(
    project: Path, dask: Dask
) -> None:
    dask.scheduler()
    victim, _ = dask.worker(), dask.worker()
    dask.await_workers(2)
    build = building(project, dask)
    until(lambda: children(victim) != [])
    orphans = children(victim)
    assert lose_one_half_way(project, victim) < len(NAMES)
    assert ended(build) == (0, "")
    until(lambda: not any(map(alive, orphans)))
    made = pdfs(project)
    assert sorted(made) == NAMES
    assert run(["build", "-q", "--out", "local", "--force"]) == 0
    assert {name: (project / "local" / f"{name}.pdf").read_bytes() for name in NAMES} == made
    assert run(["build", "-q", "--check"]) == 0


@pytest.mark.all
def test_a_brief_whose_workers_die_fails_alone_and_a_limit_costs_one_brief(project: Path, dask: Dask) -> None:
    dask.scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    victim, survivor = dask.worker(), dask.worker()
    dask.await_workers(2)
    build = building(project, dask)
    lose_one_half_way(project, victim)
    status, said = ended(build)
    lost = set(NAMES) - set(pdfs(project))
    assert status == 1
    assert 1 <= len(lost) <= 2, "it had one at work, and perhaps one that waited"
    lines = [line for line in said.splitlines() if "error:" in line]
    assert len(lines) == len(lost)
    for name, line in zip(sorted(lost), sorted(lines), strict=True):
        assert line.startswith(f"templates/{name}.md.j2:1:1: error: the PDF “{name}” was lost")
        assert "died" in line
        assert line.endswith("[typeset-died]")
    assert not {path.stem for path in (project / "out").glob("*.md")} & lost
    (project / "templates" / "long.md.j2").write_text(LONG)
    until(lambda: children(survivor) == [])
    build = building(project, dask, "long", "--limit", "time=2")
    halt_work(survivor)
    status, said = ended(build)
    assert status == 1
    assert "templates/long.md.j2:1:1: error: the PDF took more than 2 seconds (--limit time=…)" in said
    assert ended(building(project, dask, *NAMES)) == (0, "")
    assert sorted(pdfs(project)) == NAMES
    until(lambda: children(survivor) == [])


@pytest.mark.all
def test_a_scheduler_that_is_lost_and_one_that_is_not_there(project: Path, dask: Dask) -> None:
    (project / "templates" / "long.md.j2").write_text(LONG)
    dask.scheduler()
    worker = dask.worker()
    dask.await_workers(1)
    build = building(project, dask, "long", "brief-0")
    halt_work(worker)
    dask.processes[0].kill()
    dask.processes[0].wait()
    status, said = ended(build)
    assert (status, said.count("error:")) == (1, 2)
    assert f"the PDF was lost: the connection to the Dask scheduler at {dask.address} ended" in said
    started = time.monotonic()
    status, said = ended(building(project, dask))
    assert time.monotonic() - started < 20, "on two noisy cores; it tries for six seconds"
    assert (status, said.count("error:")) == (2, 1)
    assert f"the Dask scheduler at {dask.address} cannot be reached" in said
    assert not (project / "out").exists()


@pytest.mark.all
def test_an_interrupt_ends_the_work_there(project: Path, dask: Dask) -> None:
    (project / "templates" / "long.md.j2").write_text(LONG)
    dask.scheduler()
    worker = dask.worker()
    dask.await_workers(1)
    build = building(project, dask, "long")
    halt_work(worker)
    build.send_signal(signal.SIGINT)
    assert ended(build) == (130, "")
    until(lambda: children(worker) == [])
    assert not list((project / "out").glob("*"))


@pytest.mark.all
def test_a_worker_that_would_make_other_bytes_is_refused_before_any_job(project: Path, dask: Dask) -> None:
    other = dask.folder / "other"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "briefing", other / "briefing", ignore=ignored)
    shutil.copytree(ROOT / "templates" / "house", other / "templates" / "house", ignore=ignored)
    with (other / "briefing" / "page.py").open("a") as file:
        file.write("# another program\n")
    dask.scheduler()
    status, said = ended(building(project, dask))
    assert status == 2
    assert "has no worker" in said
    dask.worker()
    dask.worker(PYTHONPATH=str(other))
    dask.worker(PYTHONPATH=str(dask.folder / "blocked"))
    dask.await_workers(3)
    status, said = ended(building(project, dask))
    assert status == 2
    lines = [line for line in said.splitlines() if "error:" in line]
    assert len(lines) == 2
    assert sum("cannot run briefing (" in line for line in lines) == 1
    assert sum("would make other bytes: it has briefing 0.1.0 (" in line for line in lines) == 1
    assert all("the worker tcp://127.0.0.1:" in line and line.endswith("[cluster-differs]") for line in lines)
    assert not (project / "out").exists()
