"""The command line on real files: what is written, what is said, and how it ends."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from briefing.cli import failed, run
from briefing.errors import UsageError
from briefing.limits import time_limit
from briefing.publish import publish

BRIEFS = Path(__file__).parent / "briefs"
GOOD = '---\ntitle: Good\nstance: neutral\n---\n## One\n{{ fact("opened") }}\n'
BAD = '---\ntitle: Bad\nstance: neutral\n---\n{{ fact("opened") }} {{ fact("opend") }}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the facts of the cases and one good audience; the working folder."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "good.md.j2").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def briefing(*arguments: str) -> int:
    return run(list(arguments))


def test_build_writes_says_why_and_then_is_up_to_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert briefing("build") == 0
    assert {path.name for path in (project / "out").iterdir()} == {"good.md", "good.pdf"}
    assert capsys.readouterr().out == (
        "out/good.md   written  new  1 fact, 2 sources\nout/good.pdf  written  new  2 pages, 1 fact, 2 sources\n"
    )
    assert briefing("build") == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["current", "current"]


def test_build_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates" / "bad.md.j2").write_text(BAD)
    assert briefing("build", "--json") == 1
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"briefs", "problems"}
    assert [(brief["audience"], brief["format"], brief["status"]) for brief in printed["briefs"]] == [
        ("bad", "md", "failed"),
        ("bad", "pdf", "failed"),
        ("good", "md", "written"),
        ("good", "pdf", "written"),
    ]
    assert printed["briefs"][3] == {
        "audience": "good",
        "format": "pdf",
        "path": "out/good.pdf",
        "status": "written",
        "pages": 2,
        "facts": 1,
        "sources": 2,
    }
    assert {
        "path": "templates/bad.md.j2",
        "line": 5,
        "column": 1,
        "level": "error",
        "rule": "unknown-fact",
        "message": 'unknown fact "opend"; did you mean "opened"?',
    } in printed["problems"]


def test_one_brief_that_fails_keeps_its_old_files_and_does_not_stop_the_others(project: Path) -> None:
    (project / "templates" / "bad.md.j2").write_text(GOOD)
    assert briefing("build", "--format", "md") == 0
    before = (project / "out" / "bad.md").read_bytes()
    (project / "templates" / "bad.md.j2").write_text(BAD)
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("One", "Two"))
    assert briefing("build", "--format", "md") == 1
    assert (project / "out" / "bad.md").read_bytes() == before
    assert "## Two" in (project / "out" / "good.md").read_text()


def test_check_writes_nothing_and_tells_what_is_stale(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert briefing("build", "--check", "--format", "md") == 1
    assert not (project / "out").exists()
    assert briefing("build", "--format", "md") == 0
    assert briefing("build", "--check", "--format", "md") == 0
    (project / "out" / "good.md").write_text("edited")
    assert briefing("build", "--check", "--format", "md", "--json") == 1
    (project / "out" / "old.md").write_text("no audience makes this")
    capsys.readouterr()
    assert briefing("build", "--check", "--format", "md", "--json") == 1
    briefs = json.loads(capsys.readouterr().out)["briefs"]
    assert [(brief["audience"], brief["status"]) for brief in briefs] == [("good", "stale"), ("old", "stale")]
    assert (project / "out" / "good.md").read_text() == "edited"


@pytest.mark.parametrize(
    "how", ['{% from "parts/m.md.j2" import m%}{{ m() }}', '{% import "parts/m.md.j2" as p%}{{ p.m() }}']
)
def test_a_file_that_is_imported_without_what_it_uses_says_how(
    how: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "parts").mkdir()
    (project / "templates" / "parts" / "m.md.j2").write_text(
        '{% macro m() %}\n{{ fact("opened") }}\n{% endmacro %}\n'
    )
    template = project / "templates" / "good.md.j2"
    template.write_text(GOOD + how)
    assert briefing("build", "--format", "md") == 1
    said = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    assert said == [
        "templates/parts/m.md.j2:2:1: error: this file does not have fact where it is imported so; write"
        " {% from … import … with context %} in the template that imports it [template-undefined]"
    ]
    template.write_text(GOOD + how.replace("%}", " with context %}", 1))
    assert briefing("build", "--format", "md") == 0


def test_a_faulty_facts_file_builds_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = project / "facts.yaml"
    facts.write_text(facts.read_text().replace("kind: event", "kind: evnt"))
    assert briefing("build", "--format", "md") == 1
    assert not (project / "out").exists()
    assert (
        'facts.yaml:46:11: error: kind cannot be "evnt"; did you mean "event"? [schema-value]'
        in capsys.readouterr().err
    )


def test_an_error_bars_only_the_briefs_that_use_the_fact(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = project / "facts.yaml"
    facts.write_text(
        facts.read_text().replace("{source: paper, quote: closed to trucks}", "{source: papr, quote: x}")
    )
    (project / "templates" / "bad.md.j2").write_text(GOOD.replace("opened", "closed"))
    assert briefing("build", "--format", "md", "--json") == 1
    printed = json.loads(capsys.readouterr().out)
    assert [(brief["audience"], brief["status"]) for brief in printed["briefs"]] == [
        ("bad", "failed"),
        ("good", "written"),
    ]
    rules = [problem["rule"] for problem in printed["problems"] if problem["level"] == "error"]
    assert rules == ["unknown-source", "template-faulty-fact"]


def test_a_faulty_fact_is_told_where_it_stands_and_not_in_templates_that_the_tool_brings(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = project / "facts.yaml"
    facts.write_text(
        facts.read_text().replace("{source: paper, quote: closed to trucks}", "{source: papr, quote: x}")
    )
    templates = project / "templates"
    (templates / "good.md.j2").write_text('{% extends "house/audiences/neutral-summary.md.j2" %}')
    for command, code in (("check", 1), ("build", 1), ("show", 1)):
        arguments = {"build": ["--format", "md"], "show": ["good"]}.get(command, [])
        assert briefing(command, *arguments) == code
        said = capsys.readouterr()
        assert re.findall(r"^(\S+?):.* error: .*\[(.*)\]$", said.out + said.err, re.MULTILINE) == [
            ("facts.yaml", "unknown-source")
        ]
        assert not (project / "out").exists()
    part = '{% from "house/audiences/parts/passage.md.j2" import passage %}'
    mine = f'{part}\n{{{{ passage(facts()) }}}}\n{{{{ fact("closed") }}}}'
    (templates / "mine.md.j2").write_text(f"---\ntitle: Mine\nstance: neutral\n---\n{mine}\n")
    assert briefing("check") == 1
    assert re.findall(
        r"^(\S+):1: error: .*\[template-faulty-fact\]$", capsys.readouterr().out, re.MULTILINE
    ) == ["templates/mine.md.j2:7"]


def test_a_list_counts_from_its_first_number_in_every_format(project: Path) -> None:
    for template in (project / "templates").glob("*.j2"):
        template.unlink()
    body = '---\ntitle: Note\nstance: advocacy\n---\n7. {{ fact("opened") }}\n8. {{ fact("closed") }}\n'
    (project / "templates" / "note.md.j2").write_text(body, encoding="utf-8")
    assert briefing("build", "note", "--format", "md,html,pdf,txt") == 0
    told = {path.suffix: path for path in (project / "out").iterdir()}
    for suffix in (".md", ".txt"):
        assert "7. The bridge opened" in told[suffix].read_text(encoding="utf-8")
    assert '<ol start="7">' in told[".html"].read_text(encoding="utf-8")
    assert re.search(r"^7\. *\n8\. *$", PdfReader(told[".pdf"]).pages[0].extract_text(), re.MULTILINE)


def test_without_templates_the_generic_audiences_are_built(project: Path) -> None:
    shutil.rmtree(project / "templates")
    assert briefing("build", "--format", "md") == 0
    names = {path.name for path in (project / "out").iterdir()}
    pictures = {"congressional-memo.figure-1.svg", "neutral-summary.figure-1.svg"}
    assert names == {"congressional-memo.md", "fiscal-critique.md", "neutral-summary.md", *pictures}


def test_named_audiences_formats_and_folders(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    assert briefing("build", "good", "neutral-summary", "--format", "html,md", "--out", str(elsewhere)) == 0
    assert {path.name for path in elsewhere.iterdir()} == {
        "good.md",
        "good.html",
        "neutral-summary.md",
        "neutral-summary.figure-1.svg",
        "neutral-summary.html",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "goood"], 'there is no audience "goood"; did you mean "good"?'),
        (["build", "../x"], 'there is no audience "../x"'),
        (
            ["build", "--format", "pfd"],
            '"pfd" is no format; it is md, pdf, html, txt, docx; did you mean "pdf"?',
        ),
        (["build", "--facts", "none.yaml"], "none.yaml:1:1: error: cannot be read: there is no such file"),
        (["build", "--facts", "templates"], "templates:1:1: error: is a folder"),
        (["check", "--format", "xml"], '"xml" is no format of check'),
        (["build", "--facts", ""], "--facts names nothing"),
        (["check", "--facts="], "--facts names nothing"),
        (["build", "--out", ""], "--out names nothing"),
        (["build", "good", "--for", ""], "--for names nothing"),
        (["build", "--jobs", "x"], '--jobs "x" is no number of PDFs; write a whole number, 1 to 256'),
        (["build", "--jobs", "0"], '--jobs "0" is no number of PDFs'),
        (["build", "--jobs", "257"], '--jobs "257" is no number of PDFs'),
        (["build", "--limit", "memory=0"], '--limit memory cannot be "0"; write 2G or 800M'),
        (
            ["build", "--limit", "memory=999999999999g"],
            '--limit memory cannot be "999999999999g": no machine has so much; write 2G or 800M',
        ),
        (["biuld"], "biuld"),
        (["build", "--nope"], "--nope"),
    ],
)
def test_wrong_use_ends_with_2(
    arguments: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert briefing(*arguments) == 2
    assert message in capsys.readouterr().err
    assert not (project / "out").exists()
    assert list(project.glob("*.md")) == []


@pytest.mark.parametrize("command", ["build", "check", "show note", "index", "keep minutes", "export"])
def test_in_a_folder_without_a_project_it_is_said_how_to_get_to_one(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert briefing(*command.split()) == 2
    assert re.search(
        r"^facts.yaml:1:1: error: .* no such file; .* --facts, or start one: briefing init \[file\]$",
        capsys.readouterr().err,
        re.MULTILINE,
    )


def test_check_prints_problems_and_ends_with_1_on_errors_or_strict(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert briefing("check", "--select", "quote-unverified") == 0
    assert "3 notes" in capsys.readouterr().out
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("opened", "paper-cost"))
    assert briefing("check") == 0
    assert briefing("check", "--strict") == 1
    (project / "templates" / "good.md.j2").write_text(BAD)
    capsys.readouterr()
    assert briefing("check", "--format", "json") == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["rule"] for problem in problems if problem["level"] == "error"] == ["unknown-fact"]


def test_hostile_names_cannot_forge_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = project / "facts.yaml"
    facts.write_text(
        facts.read_text().replace("kind: event", 'kind: "\\e[31m\\nfacts.yaml:1:1: error: forged"', 1)
    )
    assert briefing("check") == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\nfacts.yaml:1:1: error: forged" not in out


def test_outputs_are_replaced_whole_and_links_are_not_followed(project: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (project / "out").mkdir()
    (project / "out" / "good.md").symlink_to(victim)
    assert briefing("build", "--format", "md") == 0
    assert victim.read_text() == "untouched"
    assert not (project / "out" / "good.md").is_symlink()
    assert [path.name for path in (project / "out").iterdir()] == ["good.md"]


@pytest.mark.parametrize("device", ["/dev/full", "/dev/null"])
def test_a_device_is_not_replaced(device: str) -> None:
    """Also by root, whose files then stood in its place."""
    before = os.stat(device)
    with pytest.raises(UsageError, match="is a device"):
        publish({Path(device): b"content"})
    assert os.stat(device) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_folder_that_cannot_be_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "out").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert briefing("build", "--format", "md") == 2
    assert "cannot be written" in capsys.readouterr().err


def closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody read what stands there or enter it, not even root."""

    def refused(call: Callable[..., object]) -> Callable[..., object]:
        def called(name: object, *arguments: object, **options: object) -> object:
            known = isinstance(name, str | os.PathLike) and Path(os.path.abspath(name))
            if known and (path in known.parents or (path == known and is_file)):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(name))
            return call(name, *arguments, **options)

        return called

    is_file = path.is_file()
    for name in ("open",) if is_file else ("open", "stat", "lstat"):
        monkeypatch.setattr(os, name, refused(getattr(os, name)))


def test_a_folder_that_cannot_be_entered_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert briefing("build", "good", "--format", "md") == 0
    capsys.readouterr()
    closed(project / "out", monkeypatch)
    assert briefing("build", "good", "--format", "md", "--force") == 2
    said = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    assert said == ["out/good.md:1:1: error: cannot be written: Permission denied [file]"]
    assert briefing("build", "good", "--format", "md", "--check") == 1
    assert "out/good.md  stale  cannot be read: Permission denied" in capsys.readouterr().out


def test_what_the_system_refuses_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "some/folder")) == 2
    assert "error: some/folder: Permission denied [system]" in capsys.readouterr().err


def test_an_output_that_cannot_be_read_is_told_as_that(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert briefing("build", "good", "--format", "md") == 0
    capsys.readouterr()
    with monkeypatch.context() as patch:
        closed(project / "out" / "good.md", patch)
        assert briefing("build", "good", "--format", "md", "--force") == 0
    assert "out/good.md  written  cannot be read: Permission denied" in capsys.readouterr().out


def test_an_output_that_is_a_folder(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "out" / "good.md").mkdir(parents=True)
    assert briefing("build", "--format", "md") == 2
    assert "out/good.md:1:1: error: cannot be written: Is a directory [file]" in capsys.readouterr().err
    assert [path.name for path in (project / "out").iterdir()] == ["good.md"]


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert briefing("--version") == 0
    assert capsys.readouterr().out == "briefing 0.1.0\n"
    assert briefing("--help") == 0
    out = capsys.readouterr().out
    assert "build" in out
    assert "check" in out


def test_the_same_bytes_whatever_the_machine_says(project: Path) -> None:
    """Another folder, hash seed, time zone, locale, home, number of jobs: the same Markdown, HTML and PDF."""
    for number in range(4):
        (project / "templates" / f"good-{number}.md.j2").write_text(GOOD + "\n## More\n" * number)
    made = []
    for seed, zone, words, jobs in (("1", "Asia/Tokyo", "C", "1"), ("2", "America/Lima", "uk_UA.UTF-8", "8")):
        folder = project / f"folder {seed}"
        folder.mkdir()
        shutil.copy(project / "facts.yaml", folder)
        shutil.copytree(project / "templates", folder / "templates")
        changed = {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": words,
            "HOME": str(folder),
            "USER": f"u{seed}",
        }
        program = [sys.executable, "-m", "briefing", "build", "--format", "md,html,pdf", "-q", "--jobs", jobs]
        subprocess.run(program, cwd=folder, env={**os.environ, **changed}, check=True)
        made.append({path.name: path.read_bytes() for path in (folder / "out").iterdir()})
    assert made[0] == made[1]
    assert len(made[0]) == 15


def test_no_path_or_user_gets_into_an_output(project: Path) -> None:
    assert briefing("build", "--format", "md,html,pdf") == 0
    for path in (project / "out").iterdir():
        content = path.read_bytes()
        assert str(project).encode() not in content
        assert os.environ.get("HOME", "/nowhere").encode() + b"/" not in content


def test_without_pango_markdown_is_written_and_one_line_says_what_to_install(project: Path) -> None:
    """In processes where loading Pango fails as it does on a machine without it."""
    (project / "templates" / "second.md.j2").write_text(GOOD)
    (project / "broken").mkdir()
    (project / "broken" / "sitecustomize.py").write_text(
        "import cffi\n"
        "def no_library(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = no_library\n"
    )
    done = subprocess.run(
        [Path(sys.executable).with_name("briefing"), "build"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "broken")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert sorted(path.name for path in (project / "out").iterdir()) == ["good.md", "second.md"]
    messages = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(messages) == 1, done.stderr
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in messages[0]
    said = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert said[0][:2] == ["out/good.md", "written"]
    assert said[1] == ["out/good.pdf", "failed", "a system library is missing"]
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("stance:", "max_pages: 1\nstance:"))
    checked = subprocess.run(
        [Path(sys.executable).with_name("briefing"), "check"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "broken")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0
    assert "note: pages are not counted here: " in checked.stdout


def test_a_brief_that_is_too_long_is_held_back_in_every_format(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = GOOD.replace("stance: neutral", "stance: neutral\nmax_pages: 1") + '{{ fact("opened") }}\n\n' * 60
    (project / "templates" / "good.md.j2").write_text(long)
    assert briefing("build") == 1
    assert "good.md.j2:4:1: error: the body has 2 pages; the contract allows 1" in capsys.readouterr().err
    assert not (project / "out").exists()
    assert briefing("check", "-q") == 1
    assert "good.md.j2:4:1: error: the body has 2 pages; the contract allows 1" in capsys.readouterr().out
    assert briefing("check", "--ignore", "template-max-pages") == 0
    assert not (project / "out").exists()


def test_pages_that_a_build_has_counted_are_not_laid_out_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("stance:", "max_pages: 1\nstance:"))
    assert briefing("build", "-q") == 0
    monkeypatch.setattr("briefing.pressroom.Pressroom.submit", None)
    assert briefing("check") == 0


def test_facts_from_standard_input(project: Path) -> None:
    command = [sys.executable, "-m", "briefing", "build", "--facts", "-", "--format", "md", "-q"]
    text = (project / "facts.yaml").read_bytes()
    (project / "facts.yaml").unlink()
    subprocess.run(command, cwd=project, input=text, check=True)
    assert (project / "out" / "good.md").exists()


@pytest.mark.parametrize("arguments", [["build", "--json"], ["check", "--format", "json"]])
def test_json_is_printed_when_there_is_nothing_to_read(
    arguments: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert briefing(*arguments, "--facts", "none.yaml") == 2
    printed = json.loads(capsys.readouterr().out)
    assert printed["problems"][0]["message"] == "cannot be read: there is no such file"


def test_check_looks_at_every_format_that_was_built(project: Path) -> None:
    assert briefing("build", "--format", "md,pdf,html") == 0
    assert briefing("build", "--check") == 0
    (project / "out" / "good.html").write_text("edited")
    assert briefing("build", "--check") == 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda p: (p / "templates" / "Bad Name.md.j2").write_text(GOOD),
            "an audience's name is small letters",
        ),
        (lambda p: (p / "templates" / "b.md.j2").write_bytes(b"\xff\xfe"), "is not UTF-8"),
        (lambda p: (p / "templates" / "b.md.j2").mkdir(), "templates/b.md.j2:1:1: error: is a folder"),
        (lambda p: house(p, "brief.css", b"\xff"), "templates/house/brief.css:1:1: error: is not UTF-8"),
        (lambda p: house(p, "page.html.j2", b"<p>{{ body }}</p>"), "must print {{ header }} once"),
        (lambda p: house(p, "page.html.j2", b"<p>{{ bodi }}</p>"), "'bodi' is undefined"),
    ],
)
def test_what_is_wrong_with_a_project_is_said_in_a_line(
    spoil: Callable[[Path], None], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(project)
    assert briefing("build", "--format", "html") == 1
    assert message in capsys.readouterr().err


def house(project: Path, name: str, content: bytes) -> None:
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / name).write_bytes(content)


@pytest.mark.parametrize(
    "redirection", [">/dev/full", "--facts - <&-", "--facts /dev/zero", ">&-", "| head -c 1"]
)
def test_a_shell_that_takes_nothing_gets_no_traceback(redirection: str, project: Path) -> None:
    command = f"'{sys.executable}' -m briefing build --format md {redirection}"
    done = subprocess.run(command, shell=True, cwd=project, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    "command",
    ["build --format md", "check", "index", "schema", "show good", "help rules", "--version"],
)
def test_a_closed_output_is_said_and_a_reader_that_went_is_not(command: str, project: Path) -> None:
    call = f"'{sys.executable}' -m briefing {command}"
    done = subprocess.run(f"{call} >&-", shell=True, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "error: standard output is closed [system]" in done.stderr
    reader, writer = os.pipe()
    os.close(reader)  # so that it has gone before anything is written
    gone = subprocess.run(call, shell=True, cwd=project, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert gone.returncode == 141
    assert b"error" not in gone.stderr
    assert b"Traceback" not in gone.stderr


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_where_nobody_can_be_told_the_code_tells(redirection: str, project: Path) -> None:
    """Nor has what is opened the number of the closed stream, and all that is said there in it."""

    def code(arguments: str) -> int:
        command = f"'{sys.executable}' -m briefing {arguments} {redirection}"
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(
            command, shell=True, cwd=project, env=buffered, capture_output=True, check=False
        )
        return done.returncode

    if "full" not in redirection:  # else what a build notes has nowhere to go, and it says so by its code
        assert code("build good --format md --force") == 0
        assert code("build good --format md") == 0  # from memory
        assert (project / "out" / "good.md").read_text("utf-8").startswith("# ")
    assert code("check --facts nowhere.yaml") == 2
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("opened", "nothing"))
    assert code("check -q") == 1


def test_two_thousand_mistakes_are_told_in_seconds(project: Path) -> None:
    fact = (
        "  fact-{0}:\n    kind: event\n    date: 1931\n    text: It opened.\n"
        "    cite: [minutes]\n    depends_on: [fat-{0}x]\n"
    )
    facts = (project / "facts.yaml").read_text().split("\nfacts:\n")[0] + "\nfacts:\n"
    (project / "facts.yaml").write_text(facts + "".join(fact.format(n) for n in range(2000)))
    with time_limit(60):  # it took minutes when each was compared with each
        assert briefing("check", "-q") == 1


def test_what_is_no_audience_is_none_though_its_files_are_remembered(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "out").mkdir()
    assert briefing("build", "good", "--format", "md", "--out", ".") == 0
    assert briefing("build", "../good", "--format", "md") == 2
    assert 'there is no audience "../good"' in capsys.readouterr().err


def test_of_one_fact_two_hundred_mistakes_are_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = "".join(f"    unknown{n}: x\n" for n in range(5_000))
    facts = (project / "facts.yaml").read_text().split("\nfacts:\n")[0]
    (project / "facts.yaml").write_text(f"{facts}\nfacts:\n  one:\n{unknown}")
    assert briefing("check", "-q") == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum("[schema-unknown-key]" in line for line in lines) == 200
    (more,) = [line for line in lines if "[schema-more]" in line]
    assert "and 4,800 more problems in this part of the file" in more


def test_a_source_that_rests_on_one_outside_the_brief_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number alone would lead nowhere: WeasyPrint refused the page for an anchor that is not there."""
    facts = (Path(__file__).parent / "briefs" / "facts.yaml").read_text(encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    template = '---\ntitle: Note\nstance: neutral\n---\n{{ fact("closed") }}\n'
    (tmp_path / "templates" / "note.md.j2").write_text(template, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "-q", "--format", "pdf,md,html,txt"]) == 0
    text = " ".join((tmp_path / "out" / "note.txt").read_text(encoding="utf-8").split())
    assert "Rests on [1] Town Clerk, Minutes of the council, January 10, 2026." in text
    assert "Rests on one work that was not consulted: [4] Press kit" in text
