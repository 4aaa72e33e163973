"""Each defence that docs/security.md names is taken out of a copy of the program; the tests beside it must fail."""

from __future__ import annotations

import ast
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from defences import DEFENCES, Out

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "security.md"
# What a test of these takes at most, on a busy machine, and the memory of each process that it starts.
SECONDS = 60
MEMORY = 3 * 1024**3
# A change that breaks the program, and takes no defence out.
BROKEN = re.compile(r"\b(NameError|ImportError|ModuleNotFoundError|SyntaxError|UnboundLocalError)\b")

# Generated input that shows a fault is not made smaller, and is the same each time.
PROFILE = """
from hypothesis import Phase, settings
settings.register_profile("taken-out", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None)
settings.load_profile("taken-out")
"""


# --- the table and the page say the same ----------------------------------------------------------------


def rows() -> Iterator[tuple[str, set[str], set[str]]]:
    """Each row of the page: threat, modules, tests."""
    page = DOCS.read_text("utf-8").partition("\n## Threat, defence, test\n")[2]
    for line in page.splitlines():
        if line.startswith("| ") and not line.startswith("| threat |"):
            threat, defence, tests = (cell.strip() for cell in line.strip("|").split(" | "))
            yield threat, set(re.findall(r"`([a-z.]+)`", defence)), set(re.findall(r"`([^`]+)`", tests))


def as_in_the_page(test: str) -> str:
    """`test_hostile[yaml]` and `test_files.py::test_a`, of a test that is named with its case."""
    function, _, case = test.partition("[")
    return f"test_hostile[{case}" if function.endswith("::test_hostile_input") else function


def test_the_page_and_the_table_name_the_same_threats_and_tests() -> None:
    found = {threat: tests for threat, _, tests in rows()}
    table = {
        threat: {as_in_the_page(test) for out in outs for test in out.tests}
        for threat, outs in DEFENCES.items()
    }
    assert found == table


def test_each_module_that_the_page_names_loses_a_defence_and_no_other_does() -> None:
    for threat, modules, _ in rows():
        cuts = [cut for out in DEFENCES[threat] for cut in out.cuts]
        assert modules == {cut.file.removesuffix(".py").replace("/", ".") for cut in cuts}, threat


CASES = [
    pytest.param(out, id=f"{out.cuts[0].file.removesuffix('.py')}: {out.what}")
    for outs in DEFENCES.values()
    for out in outs
]


@pytest.mark.parametrize("out", CASES)
def test_what_is_taken_out_stands_in_the_program_once(out: Out) -> None:
    for cut in out.cuts:
        text = (ROOT / "briefing" / cut.file).read_text("utf-8")
        assert text.count(cut.old) == 1, f"{cut.file}: {cut.old}"
        ast.parse(text.replace(cut.old, cut.new))


# --- without it ------------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of all that tests read. What they only read, and is large, is a link."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name in ("briefing", "tests", "templates"):
            ignored = shutil.ignore_patterns("node", ".hypothesis")
            shutil.copytree(path, folder / path.name, ignore=ignored)
        elif not path.name.startswith(".") and path.name != "out":
            (folder / path.name).symlink_to(path)
    (folder / "tests" / "node").symlink_to(ROOT / "tests" / "node")
    (folder / "conftest.py").write_text(PROFILE, "utf-8")
    return folder


def outcomes(
    copy: Path, tests: list[str], only: list[str], seconds: float = SECONDS
) -> tuple[int, dict[str, str]]:
    """How the tests ended in the copy: the exit code of pytest, and by function what it failed with, or nothing."""
    report = copy.parent / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    surroundings = {
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HOSTILE_ONLY": "\n".join(only),
    }
    process = subprocess.Popen(
        [*command, f"--junitxml={report}", *(f"tests/{test}" for test in tests)],
        cwd=copy,
        env={**os.environ, **surroundings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1])
        ),
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert process.returncode in (0, 1), said[-3000:]
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        assert case.find("skipped") is None, f"{case.get('name')} was skipped"
        fault = case.find("failure")
        assert case.find("error") is None, said[-3000:]
        message = "" if fault is None else (fault.get("message") or "") + "\n" + (fault.text or "")
        name = (
            f"{str(case.get('classname')).rpartition('.')[2]}.py::{str(case.get('name')).partition('[')[0]}"
        )
        found[name] = found.get(name) or message
    return process.returncode, found


@pytest.mark.defences
@pytest.mark.parametrize("out", CASES)
def test_the_tests_fail_without_the_defence(out: Out, copy: Path) -> None:
    for cut in out.cuts:
        path = copy / "briefing" / cut.file
        path.write_text(path.read_text("utf-8").replace(cut.old, cut.new), "utf-8")
    code, found = outcomes(copy, out.tests, out.only)
    assert code == 1, f"{', '.join(out.tests)} passed without it"
    for name, fault in found.items():
        assert fault, f"{name} passed without it"
        broken = BROKEN.search(fault)
        assert broken is None, fault[-3000:]


@pytest.mark.defences
def test_the_tests_pass_with_all_defences(copy: Path) -> None:
    """Else they could fail for what the copy lacks."""
    outs = [out for outs in DEFENCES.values() for out in outs]
    tests = list(dict.fromkeys(test for out in outs for test in out.tests))
    only = list(dict.fromkeys(name for out in outs for name in out.only))
    code, found = outcomes(copy, tests, only, seconds=SECONDS * 30)
    assert {name: fault for name, fault in found.items() if fault} == {}
    assert code == 0
