"""`briefing doctor`: each thing broken is told, with what mends it, and the others are looked at all the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gitfolders import needs_git
from mailserver import Login, mail_server

from briefing import doctor, history, libraries
from briefing.cli import run
from briefing.doctor import EXTRAS, NEEDED, Patient, findings

ROOT = Path(__file__).parent.parent
ALWAYS = ["Python", "packages", "fonts", "PDF", *EXTRAS, "mail", "output", "memory", "temporary files", "git"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIEFING_MAIL_PASSWORD", raising=False)
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without drawing, which takes seconds."""
    monkeypatch.setattr(doctor, "_pdf", lambda patient: iter(()))


def examined(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    code = run(["doctor", "--json", *options])
    found = json.loads(capsys.readouterr().out)
    assert found["works"] is (code == 0)
    return code, {one["part"]: one for one in found["findings"]}


@needs_git
def test_everything_works_here(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = examined(capsys)
    assert code == 0
    assert list(found) == ALWAYS
    assert [part for part, one in found.items() if not one["works"] and part not in EXTRAS] == ["git"]
    assert found["git"]["state"] == "missing"
    assert found["git"]["mend"].startswith("git init")
    assert list(folder.iterdir()) == []


def test_the_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split("[^A-Za-z0-9_-]", line)[0] for line in requirements}

    assert names(project["dependencies"]) == set(NEEDED)
    extras = project["optional-dependencies"]
    assert extras.pop("all") == [f"briefing[{','.join(sorted(EXTRAS))}]"]
    assert {extra: names(lines) for extra, lines in extras.items()} == {
        extra: set(packages) for extra, (_, packages) in EXTRAS.items()
    }


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", NEEDED)
def test_a_package_that_is_missing_is_named_with_the_command(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, NEEDED[name], None)
    found = [
        one for one in findings(Patient(folder, folder / "out", {})) if one.part == "packages"
    ]  # typer is what prints
    assert [one.state for one in found] == ["broken"]
    assert found[0].words.startswith(f"{name} cannot be used: ")
    # Where it is installed, with the versions that it asks for.
    assert re.fullmatch(rf"(?i)pip install --force-reinstall '{name}[<>=0-9.,]*'", found[0].mend)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("extra", "package", "module"),
    [(extra, *pair) for extra, (_, packages) in EXTRAS.items() for pair in packages.items()],
)
def test_an_extra_that_is_missing_fails_nothing(
    extra: str,
    package: str,
    module: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    code, found = examined(capsys)
    assert code == 0
    assert found[extra]["state"] == "missing"
    assert re.search(rf"pip install .*'{package}[<>=0-9.,]*'", found[extra]["mend"])


@pytest.mark.parametrize(
    ("package", "source", "words"),
    [
        ("pydantic", "raise ImportError('half of it')", "pydantic cannot be used: ImportError: half of it"),
        ("jinja2", "this is no Python", "jinja2 cannot be used: SyntaxError: "),
        ("yaml", "1 / 0", "PyYAML cannot be used: ZeroDivisionError: "),
    ],
)
def test_a_package_that_is_broken_is_named_by_the_command_as_well(
    package: str, source: str, words: str, folder: Path
) -> None:
    (folder / "shadow" / package).mkdir(parents=True)
    (folder / "shadow" / package / "__init__.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "doctor"],
        env={**os.environ, "PYTHONPATH": f"{folder / 'shadow'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert f"broken   packages         {words}" in done.stdout
    assert "→ pip install --force-reinstall '" in done.stdout
    assert "works    fonts" in done.stdout
    assert "  temporary files  " in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the loader of Linux is told where to look")
def test_without_pango_it_says_what_installs_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "libpango-1.0.so.0").write_text("no library", encoding="utf-8")
    others = os.environ.get(
        "LD_LIBRARY_PATH"
    )  # a Python that was itself unpacked does not start without them
    monkeypatch.setenv("LD_LIBRARY_PATH", os.pathsep.join(filter(None, (str(folder), others))))
    code, found = examined(capsys)
    assert code == 1
    assert found["PDF"]["state"] == "broken"
    assert "Pango" in found["PDF"]["words"]
    assert re.match("(apt-get|dnf) install .*pango", found["PDF"]["mend"])
    assert list(found) == ALWAYS


@pytest.mark.parametrize(
    ("platform", "programs", "command"),
    [
        ("darwin", [], "brew install pango"),
        ("linux", ["dnf"], "dnf install pango harfbuzz"),
        ("linux", [], "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
    ],
)
def test_the_command_is_that_of_the_system(
    platform: str, programs: list[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefing import weasyimport

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(weasyimport.shutil, "which", lambda name: name if name in programs else None)
    assert weasyimport.pango_command() == command


@pytest.mark.usefixtures("quick")
def test_an_old_python_and_a_house_without_fonts_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "shipped_house", lambda: folder)
    found = {one.part: one for one in findings(Patient(folder, folder / "out", {}, python=(3, 10, 4)))}
    assert found["Python"].words == "3.10.4, and 3.11 is needed"
    assert found["fonts"].state == "broken"
    assert "holds no fonts" in found["fonts"].words


def test_what_nobody_thought_of_is_told_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(patient: Patient) -> Any:
        raise RuntimeError("no\nmoon")

    look.__name__ = "_pdf"
    monkeypatch.setattr(doctor, "_pdf", look)
    found = {one.part: one for one in findings(Patient(folder, folder / "out", {}))}
    assert (found["pdf"].state, found["pdf"].words) == ("broken", "RuntimeError: no moon")
    assert found["git"]


# --- mail ---------------------------------------------------------------------------------------------

SENDER = "sender: desk@example.org\n"
SERVER = "server: {host: mail.example.org, security: tls, user: me"


@pytest.mark.extra("keyring")
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        (SENDER, "works", "names no server"),
        (SENDER + SERVER[:-10] + "}\n", "works", "no password is needed"),
        (SENDER + SERVER + "}\n", "broken", "set BRIEFING_MAIL_PASSWORD"),
        (SENDER + SERVER + ", password_file: none}\n", "broken", "there is no password_file"),
        (SENDER + SERVER + ", keyring: true}\n", "broken", "the keyring"),
        (SENDER + SERVER + ", password: secret}\n", "broken", "mail.yaml:2:"),
        (SENDER + "sendmail: /nowhere/sendmail\n", "broken", "is no program"),
        (SENDER + f"sendmail: {sys.executable}\n", "works", "is there"),
        ("[", "broken", "mail.yaml:"),
        ("sender: nobody\n", "broken", "mail.yaml:1:"),
    ],
)
def test_the_settings_of_mail(
    text: str, state: str, words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mail.yaml").write_text(text, encoding="utf-8")
    code, found = examined(capsys)
    assert found["mail"]["state"] == state
    assert words in found["mail"]["words"]
    assert "secret" not in str(found)
    assert code == (state == "broken")
    assert bool(found["mail"]["mend"]) == (state == "broken")


@pytest.mark.usefixtures("quick")
def test_a_list_for_an_audience_that_there_is_not_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "board-memo.md.j2").write_text("## So\n", encoding="utf-8")
    line = "  {}: {{audience: {}, to: [ann@example.org]}}\n"
    for audience, works in (("board-memo", True), ("neutral-summary", True), ("bord-memo", False)):
        lists = f"lists:\n{line.format('staff', audience)}"
        (folder / "mail.yaml").write_text(SENDER + lists, encoding="utf-8")
        assert run(["doctor"]) == (0 if works else 1)
        told = (
            'broken   mail .* mail.yaml:3:.*: there is no audience "bord-memo"; did you mean "board-memo"\\?$'
        )
        assert bool(re.search(told, capsys.readouterr().out, re.MULTILINE)) is not works


@pytest.mark.extra("docx")
@pytest.mark.usefixtures("quick")
def test_build_and_doctor_ask_for_the_same_packages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(libraries, "of_docx", lambda: dict.fromkeys(libraries._DOCX, "missing"))
    for module in ("docx", "lxml", "resvg_py"):
        monkeypatch.setitem(sys.modules, module, None)
    _, found = examined(capsys)
    assert run(["init"]) == 0
    assert run(["build", "--format", "docx"]) == 3
    (command,) = re.findall(r"pip install .*'", capsys.readouterr().err)
    names = [re.findall(r"'([\w-]+)", text) for text in (command, found["docx"]["mend"])]
    assert names[0] == names[1] == ["python-docx", "resvg-py"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("password", "works"), [("a secret", True), ("another", False)])
def test_the_server_is_asked_and_nothing_is_sent(
    password: str,
    works: bool,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BRIEFING_MAIL_PASSWORD", password)
    with mail_server(security="tls", login=Login("me", "a secret")) as server:
        (folder / "mail.yaml").write_text(
            f"{SENDER}server: {{host: {server.host}, port: {server.port}, security: tls, user: me,"
            f" ca_file: {server.ca_file}}}\n",
            encoding="utf-8",
        )
        _, without = examined(capsys)
        assert "mail server" not in without
        assert server.sessions == 0
        code, found = examined(capsys, "--mail")
        server.wait_until_idle()
        assert server.accepted == []
        assert {"MAIL", "RCPT", "DATA"}.isdisjoint(command.verb for command in server.transcript)
    assert found["mail server"]["works"] is works
    assert code == (not works)
    assert password not in str(found)


@pytest.mark.usefixtures("quick")
def test_a_server_that_is_not_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mail.yaml").write_text(
        SENDER + "server: {host: localhost, port: 1, security: none}\n", encoding="utf-8"
    )
    code, found = examined(capsys, "--mail")
    assert code == 1
    assert "cannot be reached" in found["mail server"]["words"]
    assert "host, port" in found["mail server"]["mend"]


# --- folders and git ----------------------------------------------------------------------------------


def _file(name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda folder, monkeypatch: (folder / name).write_text("", encoding="utf-8") and None


def _link_nowhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "out").symlink_to("nowhere/at/all")


def _no_temporary_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))


def _none_to_be_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)


def _link_out(name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def breaking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = folder.parent / f"{folder.name}-outside"
        outside.mkdir()
        (folder / name).symlink_to(outside)

    return breaking


def _letterhead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = folder / "templates" / "house"
    house.mkdir(parents=True)
    (house / "house.yaml").write_text("ofice: Desk\n", encoding="utf-8")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("breaking", "part"),
    [
        (_file("out"), "output"),
        (_link_nowhere, "output"),
        (_file(".briefing"), "memory"),
        (_link_out("out"), "output"),
        (_link_out(".briefing"), "memory"),
        (_letterhead, "letterhead"),
        (_no_temporary_folder, "temporary files"),
        (_none_to_be_found, "temporary files"),
    ],
)
def test_what_a_build_would_refuse_is_told(
    breaking: Callable[[Path, pytest.MonkeyPatch], None],
    part: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    breaking(folder, monkeypatch)
    code, found = examined(capsys)
    assert code == 1
    assert [name for name, one in found.items() if one["state"] == "broken"] == [part]
    assert found[part]["mend"]


@pytest.mark.usefixtures("quick")
def test_without_git_all_else_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    code, found = examined(capsys)
    assert code == 0
    assert found["git"]["words"].startswith("not installed")


@needs_git
@pytest.mark.usefixtures("quick")
def test_the_last_edition_is_named_where_there_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "One"]):
        subprocess.run(["git", *command], check=True)
    _, found = examined(capsys)
    assert found["git"]["works"]
    assert history.History(folder).commit("HEAD").short in found["git"]["words"]


def test_the_words_hide_nothing_from_a_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mail.yaml").write_text('sender: "a\\e[31m@x"\n', encoding="utf-8")
    assert run(["doctor"]) == 1
    assert "\x1b" not in capsys.readouterr().out
