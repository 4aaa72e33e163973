"""What a shell completes, in the shells themselves; a broken file completes nothing and says nothing."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from npm import missing
from terminals import needs_terminals

from briefing import outcome, report
from briefing.cli import run
from briefing.completing import audiences, entries, generic_audiences, mailing_lists
from briefing.diffwriters import DIFF_FORMATS
from briefing.indexwriters import INDEX_FORMATS
from briefing.mail import settings
from briefing.references.exporting import WRITERS
from briefing.references.reading import READERS
from briefing.rules import rules

GENERIC = ["congressional-memo", "fiscal-critique", "neutral-summary"]
MAIL = """\
sender: desk@example.org
lists:
  press: {audience: neutral-summary, to: [ann@example.org]}
  members: {audience: congressional-memo, to: [bo@example.org]}
"""


REVIEWS = """\
schema: 1
reviewed:
  board-note:
    repair-cost.0123abcd: 51dfa92b
    closed-to-trucks.0123abcd: 51dfa92b
  neutral-summary:
    repair-cost.0123abcd: 51dfa92b
    repair-cost.89abcdef: 51dfa92b
    "repair-cost.$(touch pwned)": 51dfa92b
"""
QUOTES = [f"kind,{id}" for id in sorted(rules()) if id.startswith("quote-")]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project with an audience more, lists, and a file whose name a shell would take for a command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert run(["init"]) == 0
    assert run(["init", "--audience", "board-note", "--like", "neutral-summary"]) == 0
    (tmp_path / "mail.yaml").write_text(MAIL, encoding="utf-8")
    (tmp_path / "reviews.yaml").write_text(REVIEWS, encoding="utf-8")
    (tmp_path / "templates" / "c$(touch pwned)`touch pwned`.md.j2").write_text("", encoding="utf-8")
    (tmp_path / "templates" / "board-note.mail.md.j2").write_text("", encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def completed(words: list[str], shell: str = "bash") -> tuple[list[str], str]:
    """What is said for the last of the words, as the script of bash asks for it; and what is said beside it."""
    done = subprocess.run(
        [sys.executable, "-m", "briefing"],
        env={
            **os.environ,
            "COMP_WORDS": "\n".join(map(shlex.quote, words)),
            "COMP_CWORD": str(len(words) - 1),
            "_BRIEFING_COMPLETE": f"complete_{shell}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("briefing bu", ["build"]),
        ("briefing build con", ["congressional-memo"]),
        ("briefing build ''", ["board-note", *GENERIC]),
        ("briefing build board-note ne", ["neutral-summary"]),
        ("briefing show fis", ["fiscal-critique"]),
        ("briefing index bo", ["board-note"]),
        ("briefing review bo", ["board-note"]),
        ("briefing diff v1 --redline bo", ["board-note"]),
        ("briefing send bo", ["board-note"]),
        ("briefing send --list ''", ["members", "press"]),
        ("briefing init --audience x --like n", ["neutral-summary"]),
        ("briefing --show-completion z", ["zsh"]),
        ("briefing index --fact repair-", ["repair-cost", "repair-deadline", "repair-this-year"]),
        ("briefing index --facts elsewhere/facts.yaml --fact repair-", []),
        ("briefing keep sur", ["survey"]),
        ("briefing review --accept repair-c", ["repair-cost.0123abcd", "repair-cost.89abcdef"]),
        ("briefing check --explain quote-not", ["quote-not-found"]),
        ("briefing check --ignore quote-not", ["quote-not-found"]),
        ("briefing check --select kind,quo", ["kind,quote", *QUOTES]),
        ("briefing check --format s", ["sarif"]),
        ("briefing build --format md,pdf,h", ["md,pdf,html"]),
        ("briefing build --format md,m", []),
        ("briefing diff v1 --format h", ["html"]),
        ("briefing index --format c", ["csv"]),
        ("briefing export --format b", ["bibtex"]),
        ("briefing import --from b", ["bibtex", "biblatex"]),
        ("briefing send --format do", ["docx"]),
        ("briefing help coo", ["cookbook"]),
        ("briefing check --str", ["--strict"]),
        ("briefing build --facts '' con", ["congressional-memo"]),
        ("briefing build --facts elsewhere/facts.yaml b", []),
        ("briefing build --facts elsewhere/facts.yaml con", ["congressional-memo"]),
        ("briefing build --nothing x ''", ["board-note", *GENERIC]),
        ("briefing show nobody --nothing", []),
    ],
)
def test_words_are_completed(line: str, found: list[str], project: Path) -> None:
    assert completed(shlex.split(line)) == (found, "")
    assert not (project / "pwned").exists()


@pytest.mark.parametrize(
    "text", ["[", "lists: [a]", "lists: {a: &x 1}", "\0", "lists: {'; touch pwned': 1}", "- a"]
)
def test_a_broken_file_completes_nothing_and_says_nothing(text: str, project: Path) -> None:
    (project / "mail.yaml").write_text(text, encoding="utf-8")
    assert completed(["briefing", "send", "--list", ""]) == ([], "")
    (project / "facts.yaml").write_text(text.replace("lists", "facts"), encoding="utf-8")
    assert entries(project / "facts.yaml", "facts") == []


def test_what_is_no_file_completes_nothing(project: Path) -> None:
    (project / "mail.yaml").unlink()
    os.mkfifo(project / "mail.yaml")
    assert completed(["briefing", "send", "--list", ""]) == ([], "")
    shutil.rmtree(project / "templates")
    (project / "templates").write_text("", encoding="utf-8")
    assert completed(["briefing", "build", ""])[0] == GENERIC


def test_ids_are_those_of_the_facts_file(project: Path) -> None:
    facts = project / "facts.yaml"
    assert entries(facts, "sources") == ["gazette-report", "minutes", "survey", "town-release"]
    assert len(entries(facts, "facts")) == 9
    assert entries(facts, "nothing") == entries(project / "none", "facts") == []
    assert mailing_lists(project) == ["members", "press"]
    assert audiences(project) == ["board-note", *GENERIC]
    assert audiences(project / "out") == generic_audiences() == GENERIC


def test_completing_imports_nothing_heavy(project: Path) -> None:
    code = (
        "import sys; from briefing.cli import run; from briefing.completing import mailing_lists, audiences;"
        "from pathlib import Path; assert mailing_lists(Path()) and audiences(Path());"
        "sys.exit(str({'pydantic', 'jinja2', 'weasyprint', 'babel'} & set(sys.modules)) if"
        " {'pydantic', 'jinja2', 'weasyprint', 'babel'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("option", "formats"),
    [
        ("check --format", report.FORMATS),
        ("build --format", outcome.FORMATS),
        ("diff v1 --format", DIFF_FORMATS),
        ("index --format", INDEX_FORMATS),
        ("export --format", tuple(WRITERS)),
        ("import --from", tuple(READERS)),
        ("send --format", settings.FORMATS),
    ],
)
def test_formats_are_those_that_the_command_has(option: str, formats: tuple[str, ...], project: Path) -> None:
    assert completed(["briefing", *option.split(), ""]) == ([*formats], "")


def test_a_shell_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--show-completion", "tcsh"]) == 2
    assert "it is bash, zsh, fish" in capsys.readouterr().err


# --- the shells themselves ----------------------------------------------------------------------------


def program(shell: str) -> str:
    found = shutil.which(shell)
    if not found:
        missing(f"{shell} is not installed")
    return found


def typed(command: list[str], lines: list[str], until: str, seconds: float = 30) -> str:
    """What a terminal shows while lines are typed into a shell, each when the one before was answered."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {"TERM": "dumb", "PS1": "$ ", "PROMPT": "$ "}
        os.execv(command[0], command)
    shown = ""
    try:
        for number, line in enumerate(lines):
            os.write(terminal, line.encode())
            end, wanted = (
                time.monotonic() + seconds,
                until if number == len(lines) - 1 else f"ready-{number}\r",
            )
            while wanted not in shown and time.monotonic() < end:
                if select.select([terminal], [], [], 0.2)[0]:
                    shown += os.read(terminal, 65_536).decode("utf-8", "replace")
    finally:
        os.kill(child, 9)
        os.close(terminal)
        os.waitpid(child, 0)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x07", "", shown)


@needs_terminals
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("briefing bui\t", "briefing build "),
        ("briefing build con\t", "build congressional-memo"),
        ("briefing send --list me\t", "--list members"),
    ],
)
def test_bash_completes_what_is_typed(line: str, whole: str, project: Path) -> None:
    start = "source <(briefing --show-completion bash); echo ready-$((0))\n"
    shown = typed([program("bash"), "--norc", "--noprofile", "-i"], [start, line], whole)
    assert whole in shown
    assert not (project / "pwned").exists()


@pytest.mark.all
@needs_terminals
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("briefing bui\t", "briefing build"),
        ("briefing build con\t", "build congressional-memo"),
        ("briefing send --list me\t", "--list members"),
    ],
)
def test_zsh_completes_what_is_typed(line: str, whole: str, project: Path) -> None:
    start = (
        "autoload -U compinit; compinit -u -D; source <(briefing --show-completion zsh); echo ready-$((0))\n"
    )
    assert whole in typed([program("zsh"), "-f", "-i"], [start, line], whole)
    assert not (project / "pwned").exists()


@pytest.mark.all
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("briefing bui", ["build"]),
        ("briefing build con", ["congressional-memo"]),
        ("briefing send --list ", ["members", "press"]),
    ],
)
def test_fish_completes_what_is_typed(line: str, found: list[str], project: Path) -> None:
    code = f"briefing --show-completion fish | source; complete -C {shlex.quote(line)}"
    done = subprocess.run([program("fish"), "-N", "-c", code], capture_output=True, text=True, check=False)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == found
    assert not (project / "pwned").exists()
