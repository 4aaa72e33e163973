"""The corpus of hostile input through the commands that read it: refused by the rule that stands beside it, or printed
letter by letter; no traceback, within bounds, and nothing outside the project read, written, run or called.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hostilecases import KINDS, NOTE, ONLY, Case, cases_of, prepare
from markdown_it import MarkdownIt

from briefing.cli import run

HERE = Path(__file__).parent
ROOT = HERE.parent
CHILD = HERE / "hostilechild.py"
# Of so many cases the quick suite runs one; `all` runs every one, through every command.
EVERY = {
    **dict.fromkeys(KINDS, 3),
    **dict.fromkeys(("characters", "yaml", "encodings", "channels", "pdfs"), 10),
    "paper-logos": 8,
}
# As many children as that run every case of a kind.
PARTS = {"pdfs": 4, "templates": 4, "characters": 4, "channels": 4, "yaml": 3, "texts": 3}
# The slowest took a third: a template that fills what memory a brief may have.
SECONDS = 20


SURROUNDINGS = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


def answers(
    kind: str, part: int, parts: int, *options: str, before: Sequence[str] = (), **environment: str
) -> list[dict[str, Any]]:
    """What a child says of these cases, one of which it names where it ended too early."""
    done = subprocess.run(
        [*before, sys.executable, "-P", str(CHILD), kind, str(part), str(parts), *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **SURROUNDINGS, **environment},
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wanted = range(part, len(cases_of(kind)), parts)
    if len(found) < len(wanted):
        name = cases_of(kind)[wanted[len(found)]].name
        raise AssertionError(f"{kind}: ended ({done.returncode}) at {name}: {done.stderr[-2000:]}")
    return found


def wrong(case: Case, answer: dict[str, Any]) -> Iterator[str]:
    """What became of a case otherwise than it should."""
    first = answer["told"][0]
    if first["code"] != case.code:
        yield f"exit code {first['code']}, not {case.code}: {first['said'][-500:]}"
    if case.told and not re.search(rf"\[({case.told})\]$|: ({case.told})$", first["said"], re.MULTILINE):
        yield f"is not told as {case.told}: {first['said'][:500]}"
    if case.literal:
        for name, text in printed(answer["out"]):
            if plain(case.literal) not in plain(text):
                yield f"{name} does not say {case.literal!r}"
    for one in answer["told"]:
        command = " ".join(one["command"])
        if one["code"] not in (0, 1, 2) or "Traceback (most recent" in one["said"]:
            yield f"{command} ended with {one['code']}: {one['said'][-2000:]}"
        if one["seen"]:
            yield f"{command} did {one['seen']}"
        if one["seconds"] > SECONDS:
            yield f"{command} took {one['seconds']} seconds of processor time"
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", one["said"]):
            yield f"{command} says what a terminal obeys"
    for name, text in answer["out"].items():
        if name.endswith(".html") and re.search(
            r"<(script|iframe|object|embed|base|form)\b|=[\"']?javascript:", text, re.I
        ):
            yield f"{name} holds what acts or fetches"
        if name.endswith(".eml") and re.search(r"^bcc:", text.partition("\r\n\r\n")[0], re.I | re.M):
            yield f"{name} has a recipient that nobody named"


def printed(out: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The text that a reader sees of each file."""
    for name, raw in out.items():
        text = raw.encode("latin-1").decode("utf-8", "replace")
        if name.endswith(".md"):
            text = MarkdownIt("commonmark").enable("table").render(text)
        if name.endswith((".md", ".html")):
            yield (
                name,
                html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?s)<(style|script)\b.*?</\1>", "", text))),
            )


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def faults(kind: str, found: Sequence[dict[str, Any]]) -> list[str]:
    cases = cases_of(kind)
    return [
        f"{kind}: {cases[answer['number']].name}: {fault}"
        for answer in found
        for fault in wrong(cases[answer["number"]], answer)
    ]


def test_there_are_enough_and_no_two_are_the_same() -> None:
    every = [case for kind in KINDS for case in cases_of(kind)]
    assert len(every) > 1000
    assert len({(case.kind, tuple(case.files.items())) for case in every}) == len(every)
    assert len({(case.kind, case.name) for case in every}) == len(every)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_input(kind: str) -> None:
    found = faults(kind, answers(kind, 0, 1 if ONLY else EVERY[kind]))
    assert not found, "\n".join(found)


@pytest.mark.all
@pytest.mark.parametrize(
    ("kind", "part"), [(kind, part) for kind in KINDS for part in range(PARTS.get(kind, 1))]
)
def test_every_hostile_input_through_every_command(kind: str, part: int) -> None:
    found = faults(kind, answers(kind, part, PARTS.get(kind, 1), "--whole"))
    assert not found, "\n".join(found)


# --- seen from outside the process ----------------------------------------------------------------------

CALLS = (
    "open,openat,openat2,creat,truncate,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink,"
    "symlinkat,chmod,fchmodat,chown,fchownat,execve,execveat,socket,connect,bind,sendto"
)
# Python, the libraries that draw, git, and what the system says of itself; no user's files, no secrets of the system.
SYSTEM = (
    *("/usr/", "/lib", "/bin/", "/proc/", "/sys/", "/dev/"),
    *("/etc/ld.so", "/etc/localtime", "/etc/locale.alias", "/etc/mime.types", "/etc/ssl/openssl.cnf"),
)
READ_ONLY = re.compile(r"O_RDONLY|O_PATH|O_DIRECTORY")


def traced(line: str, folder: str) -> str:
    """The call of the system that strace saw, where it is none that a command makes; else nothing.

    `-y` writes behind each handle what it leads to: of a file that was opened, the path without links.
    """
    found = re.match(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?", line)
    if found is None:  # a signal, an end
        return ""
    call, arguments, result, opened = found.groups()
    if call in ("socket", "connect", "bind", "sendto"):
        return "" if call == "socket" and arguments.startswith("AF_UNIX") else line
    if result.startswith("-"):
        return ""
    first, *more = re.findall(r'(?:<([^>]*)>, )?"((?:[^"\\]|\\.)*)"', arguments) or [("", opened)]
    paths = [
        os.path.normpath(os.path.join(folder, *pair)) for pair in (first, *(more if "rename" in call else ()))
    ]
    if call.startswith("exec"):
        return "" if re.match(r"git|python", os.path.basename(paths[0])) else line
    paths = [opened] if opened else paths
    if all(path.startswith((folder, "/dev/null")) for path in paths):
        return ""
    reads = call.startswith("open") and READ_ONLY.search(arguments) and "O_CREAT" not in arguments
    known = (*SYSTEM, *(f"{one}/" for one in (ROOT, sys.prefix, sys.base_prefix)))
    return "" if reads and all(f"{path}/".startswith(known) for path in paths) else line


@pytest.mark.all
@pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("CI"), reason="strace is not installed"
)
@pytest.mark.parametrize("kind", KINDS)
def test_the_system_saw_nothing_of_what_is_not_the_projects(kind: str, tmp_path: Path) -> None:
    log, scratch = tmp_path / "calls", tmp_path / "scratch"
    scratch.mkdir()
    strace = ["strace", "-f", "-qq", "-y", "-s", "512", "-e", f"trace={CALLS}", "-o", str(log)]
    answers(kind, 0, EVERY[kind], "--whole", before=strace, TMPDIR=str(scratch))
    lines = log.read_text("utf-8", "replace").splitlines()
    assert len(lines) > 100
    found = [wrong for line in lines if (wrong := traced(line, str(scratch)))]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize(
    "line",
    [
        '1 openat(AT_FDCWD</scratch>, "a", O_RDONLY) = 3</etc/passwd>',
        '1 openat(AT_FDCWD</scratch>, "a", O_WRONLY|O_CREAT, 0666) = 3</usr/a>',
        '1 unlink("/home/a") = 0',
        '1 unlinkat(3</home>, "a", 0) = 0',
        '1 unlink("../a") = 0',
        '1 rename("a", "/home/a") = 0',
        "1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[1]>",
        '1 connect(3<UNIX:[1]>, {sa_family=AF_UNIX, sun_path="/run/a"}, 110) = -1 ENOENT (No such file)',
        '1 execve("/bin/sh", ["sh"], 0x7ff /* 9 vars */) = 0',
    ],
)
def test_what_is_not_the_projects_would_be_seen(line: str) -> None:
    assert traced(line, "/scratch") == line


# --- names ----------------------------------------------------------------------------------------------

NAMES = [
    "A",
    "a b",
    "-rf",
    "a.b",
    ".a",
    "ünder",
    "a" * 65,
    "[red]",
    "::error::",
    "$(id)",
    "a\\b",
    "%2e%2e",
    "а",
    "a\u202eb",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_template_whose_name_is_no_name_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its outputs would be called so."""
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path, Case("names", name, {f"templates/{name}.md.j2": NOTE.encode()}))
    (tmp_path / "templates" / "note.md.j2").unlink()
    (tmp_path / "mail.yaml").unlink()
    assert run(["check"]) == 1
    assert run(["build", "--format", "md"]) == 1
    said = capfd.readouterr()
    assert "[template-name]" in said.out
    assert "[template-name]" in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", [*NAMES, "../victim", "/etc/passwd", "..", ".", "", "out/../../victim"], ids=ascii
)
def test_what_is_asked_for_is_an_audience_and_no_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path, Case("names", name, {}))
    before = sorted(tmp_path.parent.iterdir())
    for command in ("build", "show", "index", "review", "send"):
        assert run([command, "--", name]) in (1, 2)
    assert not (tmp_path / "out").exists()
    assert sorted(tmp_path.parent.iterdir()) == before
    assert "Traceback" not in capfd.readouterr().err
