"""`./dev` on machines that are made up of a few programs, and once on real bare ones.

A made-up machine is a folder of links that is the whole PATH, so Python, uv and apt are there or not as each
test wants. `uv` is a script that notes what it was asked to install, so nothing comes from a network.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
# What every Debian has (priority "required"), as far as ./dev uses it.
ESSENTIAL = """
cat chmod cmp cp date dpkg-deb flock grep head id ln mkdir mv rm sed sh sleep tail tr uname
"""

# A Python that was itself unpacked does not start without them.
LIBRARIES = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}

Ended = subprocess.CompletedProcess[str]

UV = """#!/bin/sh
case $1 in
  python) ;;
  pip) echo "$*" >>"{notes}"; {action} ;;
esac
"""
PROGRAM = """\
import os, sys

def main():
    print(os.getcwd(), sys.argv[1:], os.environ.get("LD_LIBRARY_PATH"), sys.prefix, sep="\\n")
"""


class Machine:
    """A project that `./dev` can set up, and the programs it may call."""

    def __init__(self, folder: Path, name: str = "the project") -> None:
        self.programs = folder / "programs"
        self.project = folder / name
        self.notes = folder / "uv-notes"
        self.programs.mkdir()
        (self.project / "briefing").mkdir(parents=True)
        shutil.copy(ROOT / "dev", self.project)
        (self.project / "briefing/__init__.py").touch()
        (self.project / "briefing/__main__.py").write_text(PROGRAM)
        for lock in LOCKS:
            (self.project / lock).write_text("some-package==1\n")
        for program in ESSENTIAL.split():
            if found := shutil.which(program):
                (self.programs / program).symlink_to(found)

    def add(self, program: str, script: str) -> None:
        path = self.programs / program
        path.unlink(missing_ok=True)
        path.write_text(script)
        path.chmod(0o755)

    def add_python(self) -> None:
        # Not a link: Python would look for its library beside the link.
        self.add("python3", f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n')  # type: ignore[attr-defined]

    def add_uv(self, action: str = ":") -> None:
        self.add("uv", UV.format(notes=self.notes, action=action))

    def start(self, *arguments: str, cwd: str = ".", dev: str | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [dev or str(self.project / "dev"), *arguments],
            cwd=self.project / cwd,
            env={"PATH": str(self.programs), "HOME": str(self.project), **LIBRARIES},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, cwd: str = ".", dev: str | None = None) -> Ended:
        process = self.start(*arguments, cwd=cwd, dev=dev)
        out, err = process.communicate(timeout=60)
        return Ended(arguments, process.returncode, out, err)

    def installs(self) -> int:
        return len(self.notes.read_text().splitlines()) if self.notes.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with Python, whose packages install without a network."""
    made = Machine(tmp_path)
    made.add_python()
    made.add_uv()
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine with neither Python nor a package manager."""
    return Machine(tmp_path)


# ---- Setting up


def test_first_use_sets_up_says_so_and_runs_the_program(machine: Machine) -> None:
    done = machine.run("build", "--facts", "some facts.yaml")
    assert done.returncode == 0, done.stderr
    folder, arguments, *_, prefix = done.stdout.splitlines()
    assert folder == str(machine.project)
    assert arguments == "['build', '--facts', 'some facts.yaml']"
    assert prefix == str(machine.project / ".venv")
    assert "setting up" in done.stderr
    assert all(line.startswith("dev: ") for line in done.stderr.splitlines())


def test_packages_are_installed_by_hash_and_never_built(machine: Machine) -> None:
    machine.run("build")
    asked = machine.notes.read_text()
    assert "--require-hashes" in asked
    assert "--only-binary :all:" in asked
    assert asked.rstrip().endswith("/requirements.lock")


def test_second_use_starts_the_program_at_once(machine: Machine) -> None:
    machine.run("build")
    for program in machine.programs.iterdir():
        if program.name not in ("cmp", "sh"):
            program.unlink()
    machine.add_python()  # the environment's own link leads to it
    done = machine.run("build")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.installs() == 1


def test_working_folder_is_kept(machine: Machine) -> None:
    (machine.project / "sub").mkdir()
    done = machine.run("build", cwd="sub", dev="../dev")
    assert done.stdout.splitlines()[0] == str(machine.project / "sub")


@pytest.mark.parametrize("name", ["two  spaces", "it's", 'a "quote" & <sign>', "$HOME `x` \\n %s", "Київ"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    machine.add_python()
    machine.add_uv()
    # Unpacked libraries, so that the wrapper around Python is written too.
    (machine.project / ".venv/system/usr/lib/some-linux-gnu").mkdir(parents=True)
    done = machine.run("build")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(machine.project)


def test_a_colon_in_the_path_is_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "a:b")
    done = machine.run("build")
    assert done.returncode == 1
    assert done.stderr.startswith("dev: the folder's path has a colon")


def test_unpacked_libraries_are_found_by_the_program_alone(machine: Machine) -> None:
    libraries = machine.project / ".venv/system/usr/lib/some-linux-gnu"
    libraries.mkdir(parents=True)
    machine.run("build")
    program = machine.project / ".venv/bin/briefing"
    alone = subprocess.run([program], cwd="/", env=LIBRARIES, capture_output=True, text=True, check=True)
    folder, _, path, prefix = alone.stdout.splitlines()
    assert (folder, path.split(":")[0], prefix) == ("/", str(libraries), str(machine.project / ".venv"))


def test_scripts_of_packages_name_the_wrapper(machine: Machine) -> None:
    (machine.project / ".venv/system/usr/lib/some-linux-gnu").mkdir(parents=True)
    script = machine.project / ".venv/bin/pytest"
    machine.add_uv(f"printf '#!%s.real\\n' \"$4\" >'{script}'; chmod +x '{script}'")
    machine.run("build")
    assert script.read_text() == f"#!{machine.project}/.venv/bin/python\n"
    assert os.access(script, os.X_OK)


# ---- Setting up again


def test_a_changed_lock_is_installed_anew(machine: Machine) -> None:
    machine.run("build")
    stray = machine.project / ".venv/stray"
    stray.touch()
    (machine.project / "requirements.lock").write_text("some-package==2\n")
    machine.run("build")
    assert machine.installs() == 2
    assert not stray.exists(), "packages that the lock no longer names would stay"


def test_a_moved_project_is_set_up_anew(machine: Machine) -> None:
    machine.run("build")
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))
    done = machine.run("build")
    assert done.stdout.splitlines()[-1] == str(machine.project / ".venv")
    assert machine.installs() == 2


def test_an_environment_that_somebody_else_made_is_replaced(machine: Machine) -> None:
    (machine.project / ".venv/bin").mkdir(parents=True)
    (machine.project / ".venv/bin/python").symlink_to("/nowhere")
    assert machine.run("build").returncode == 0


def test_tools_are_added_to_what_is_there(machine: Machine) -> None:
    machine.run("build")
    stray = machine.project / ".venv/stray"
    stray.touch()
    machine.run("types")  # mypy is not there, but what it needs was asked for
    assert machine.notes.read_text().splitlines()[1].endswith("/requirements-dev.lock")
    assert stray.exists()


@pytest.mark.parametrize("command", ["build", "types"])
def test_a_failed_set_up_is_not_taken_for_finished(machine: Machine, command: str) -> None:
    machine.add_uv("exit 1")
    (machine.project / ".venv/system/usr/share/python-wheels").mkdir(parents=True)
    # A pip that fails as well, as it does without a network.
    (machine.project / ".venv/system/usr/share/python-wheels/pip-0.whl").touch()
    failed = machine.run(command)
    assert failed.returncode == 1
    assert "check the network" in failed.stderr.splitlines()[-1]
    machine.add_uv()
    assert machine.run("build").returncode == 0
    assert machine.installs() == 2


def test_a_set_up_that_was_killed_starts_anew(machine: Machine) -> None:
    machine.run("build")
    machine.add_uv("kill -9 $PPID")
    assert machine.run("types").returncode == -9
    assert machine.run("build").returncode == 0, "what build needs was there before"
    stray = machine.project / ".venv/stray"
    stray.touch()
    machine.add_uv()
    machine.run("types")
    assert not stray.exists()


def test_two_at_once_set_up_once(machine: Machine) -> None:
    go_on = machine.project / "go-on"
    machine.add_uv(f"until [ -e '{go_on}' ]; do sleep 0.02; done")
    first = machine.start("build")
    wait_for(machine.notes)
    second = machine.start("build")
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    go_on.touch()
    for process in (first, second):
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert machine.installs() == 1


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, path
        time.sleep(0.02)


# ---- What cannot be had


def says_one_line(text: str) -> bool:
    return text.count("\n") == 1


def test_without_python_one_line_says_what_to_install(bare: Machine) -> None:
    done = bare.run("build")
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed" in done.stderr.splitlines()[-1]
    assert "apt-get install python3 python3-venv" in done.stderr.splitlines()[-1]
    assert not (bare.project / ".venv/setup/made").exists()


def test_an_old_python_is_not_used(bare: Machine) -> None:
    bare.add("python3", "#!/bin/sh\nexit 0\n")  # what `base_of` prints for an old one: nothing
    assert bare.run("build").returncode == 3


def test_without_network_apt_leads_to_the_same_line(bare: Machine) -> None:
    bare.add("apt-get", "#!/bin/sh\nexit 100\n")
    done = bare.run("build")
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed" in done.stderr.splitlines()[-1]


def test_a_folder_that_cannot_be_written_to(bare: Machine) -> None:
    (bare.project / ".venv").write_text("in the way")
    done = bare.run("build")
    assert done.returncode == 1
    assert says_one_line(done.stderr)


# ---- Locks


def locked(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonical(package): version for package, version in found}


def canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def required() -> dict[str, list[Requirement]]:
    meta = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [Requirement(line) for line in meta["project"]["dependencies"]]
    tools = meta["dependency-groups"]["dev"] + meta["build-system"]["requires"]
    return dict(zip(LOCKS, (runtime, runtime + list(map(Requirement, tools))), strict=True))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_pyproject_asks_for(name: str) -> None:
    pins = locked(name)
    unmet = [str(one) for one in required()[name] if not one.specifier.contains(pins[canonical(one.name)])]
    assert not unmet, "run ./dev lock"


def test_locks_agree() -> None:
    runtime, tools = (locked(name) for name in LOCKS)
    assert runtime.items() <= tools.items()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert not re.search(r"^-|\s/\w", text, re.MULTILINE), "an option of pip, or a path"


def lock_check(project: Path) -> Ended:
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [project / "dev", "lock", "--check"]
    return subprocess.run(command, env=here, capture_output=True, text=True, check=False)


def test_locks_are_fresh() -> None:
    checked = lock_check(ROOT)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda text: text.replace('"jinja2>=', '"some-package",\n  "jinja2>='), True),
        (lambda text: text.replace('"pytest-xdist', '"some-package",\n  "pytest-xdist'), True),
        (lambda text: text.replace('requires = ["', 'requires = ["some-package", "'), True),
        (lambda text: text + '[tool.something]\nkey = "value"\n', False),
    ],
    ids=["a dependency", "a tool", "the build backend", "something else"],
)
def test_stale_locks_are_noticed(tmp_path: Path, change: Callable[[str], str], stale: bool) -> None:
    for name in ("dev", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    before = (ROOT / "pyproject.toml").read_text()
    after = change(before)
    assert after != before
    (tmp_path / "pyproject.toml").write_text(after)
    checked = lock_check(tmp_path)
    assert ("run ./dev lock" in checked.stderr, checked.returncode) == (stale, int(stale))


# ---- Real machines


@pytest.mark.all
@pytest.mark.skipif(not shutil.which("debootstrap"), reason="needs debootstrap, to make a bare Debian")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to make a bare Debian")
def test_bare_debian() -> None:
    done = subprocess.run(
        ["sh", ROOT / "tests/bare_machine.sh", ROOT],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=2400,
    )
    if done.returncode:
        pytest.fail(done.stdout[-8000:], pytrace=False)
