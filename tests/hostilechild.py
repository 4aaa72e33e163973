"""A process of its own that runs hostile cases through the command line, within bounds, and tells what it was seen to
do: `python -P hostilechild.py KIND PART PARTS [--whole]` → one line of JSON for each case.

It hears of every file, socket and process by an audit hook that is set before anything of the program is imported.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import sys
import sysconfig
import tempfile
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What a command may take: the largest case took a quarter of each.
MEMORY = 4 * 1024**3
CPU_SECONDS_OF_ALL = 900

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = (
    "os.chmod os.chown os.link os.mkdir os.remove os.rename os.rmdir os.symlink os.truncate os.utime shutil.rmtree"
    " shutil.copyfile shutil.move sqlite3.connect"
).split()
RUNNING = "os.exec os.fork os.posix_spawn os.spawn os.startfile os.system pty.spawn subprocess.Popen".split()
NETWORK = re.compile(r"socket\.(?!__new__$)|urllib|http\.|ftplib|smtplib|webbrowser|imaplib|poplib|telnetlib")


class Watch:
    """What an audit hook hears while it is on: nothing, where all is as it should be."""

    def __init__(self, scratch: Path) -> None:
        self.on = False
        self.project = "/nowhere"
        self.seen: list[str] = []
        python = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
        house = [ROOT / "briefing", ROOT / "templates" / "house"]
        self.readable = tuple(f"{one}{os.sep}" for one in [*map(os.path.realpath, python), *house])
        self.scratch = os.path.join(tempfile.gettempdir(), "briefing-")
        self.others = {
            *("/dev/null", f"/proc/{os.getpid()}/statm", f"/proc/{os.getpid()}/maps", tempfile.gettempdir()),
            # To import, and the house; Python lists a folder anew that has changed.
            *map(os.path.realpath, filter(None, sys.path)),
            *map(str, (ROOT, ROOT / "tests", ROOT / "briefing", ROOT / "templates" / "house")),
        }

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        self.on = False  # what is asked here is none of the program's doing
        try:
            self.judge(event, arguments)
        finally:
            self.on = True

    def judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            self.may(event, path, writes=bool(flags & WRITING))
        elif event in ("os.listdir", "os.scandir", "os.walk"):
            self.may(event, arguments[0] or ".", writes=False)
        elif event in CHANGING:
            for path in arguments[:2] if event in ("os.rename", "os.link", "shutil.move") else arguments[:1]:
                self.may(event, path, writes=True)
        elif event in RUNNING:
            self.runs(event, arguments)
        elif NETWORK.match(event):
            self.seen.append(f"{event} {arguments!r:.200}")

    def may(self, event: str, path: Any, *, writes: bool) -> None:
        if isinstance(path, int):
            return
        real = os.path.realpath(os.fsdecode(path))
        inside = real == self.project or real.startswith((f"{self.project}{os.sep}", self.scratch))
        known = real in self.others or real.startswith(self.readable)
        if not inside and real != os.devnull and (writes or not known):
            self.seen.append(f"{event} {real}{' for writing' if writes else ''}")

    def runs(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Git, asked about the project; and this Python, for a PDF."""
        command = [os.fsdecode(one) for one in arguments[1]] if event == "subprocess.Popen" else []
        git = command[:1] == ["git"] and command[1:2] == ["-C"] and command[3:4] == ["--no-pager"]
        ours = command[:1] == [sys.executable] and command[1:3] == ["-P", "-c"]
        if event == "os.posix_spawn" or git or ours:
            return
        self.seen.append(f"{event} {arguments!r:.200}")


def ended(run: Any, command: list[str]) -> tuple[int | None, str]:
    """How a command line ended, and all that it said; None where it did not end as one does."""
    raw = io.BytesIO()
    said = io.TextIOWrapper(raw, "utf-8", errors="backslashreplace", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code: int | None = run(command)
        except BaseException:
            code = None
            said.write(traceback.format_exc())
    return code, raw.getvalue().decode("utf-8", "backslashreplace")


def main(kind: str, part: int, parts: int, *, whole: bool) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        watch = Watch(Path(folder))
        sys.addaudithook(watch.hear)
        sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
        from hostilecases import cases_of, commands_of, prepare

        from briefing.cli import run

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_OF_ALL, CPU_SECONDS_OF_ALL))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number, case in enumerate(cases_of(kind)):
            if number % parts != part:
                continue
            project = Path(os.path.realpath(folder), str(number))
            project.mkdir()
            os.chdir(project)
            prepare(project, case)
            watch.project = str(project)
            told: list[dict[str, Any]] = []
            for command in commands_of(case, whole=whole):
                begin = os.times()
                watch.seen = []
                watch.on = True
                code, said = ended(run, command)
                watch.on = False
                end = os.times()
                used = sum(end[:4]) - sum(begin[:4])
                told.append(
                    {
                        "command": command,
                        "code": code,
                        "said": said,
                        "seen": watch.seen,
                        "seconds": round(used, 2),
                    }
                )
            out = {
                path.name: path.read_bytes().decode("latin-1")
                for path in sorted(project.glob("out/**/*"))
                if path.is_file() and not path.is_symlink()
            }
            answers.write(json.dumps({"number": number, "told": told, "out": out}) + "\n")
            answers.flush()
            os.chdir(folder)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), whole="--whole" in sys.argv[4:])
