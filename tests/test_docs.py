"""What the documents say is what the program does."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from gitfolders import git, needs_git
from hostilecases import KINDS
from markdown_it import MarkdownIt
from packaging.requirements import Requirement

from briefing import __version__
from briefing.cli import run
from briefing.errors import Level
from briefing.load import load
from briefing.rules import check_facts
from briefing.tongues import tongue_of
from briefing.weasyimport import pango_command

ROOT = Path(__file__).parent.parent


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_help_in_the_readme_is_the_live_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (console,) = blocks("README.md", "console")
    shown = re.split(r"^\$ briefing ", console, flags=re.MULTILINE)[1:]
    assert shown
    for part in shown:
        command, _, output = part.partition("\n")
        assert run(command.split()) == 0
        assert capsys.readouterr().out.strip() == output.strip()


def test_the_commands_of_the_readme_are_those_of_dev() -> None:
    (shell,) = blocks("README.md", "sh")
    script = (ROOT / "dev").read_text(encoding="utf-8")
    for command in shell.split():
        if command != "./dev":
            assert f"./dev {command}" in script


def test_the_shortest_facts_file_builds_three_briefs_without_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--format", "md"]) == 0
    assert capsys.readouterr().err == ""
    for path in (tmp_path / "out").iterdir():
        assert "The council closed the bridge to trucks on January 12, 2026 [1]." in path.read_text(
            encoding="utf-8"
        )
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_every_example_of_the_format_is_valid() -> None:
    whole, *fragments = blocks("docs/facts-format.md", "yaml")
    assert len(fragments) > 5
    opening = load(whole, "opening")
    assert [
        problem
        for problem in check_facts(opening, lambda id: None, tongue_of("en-US"))
        if problem.level is Level.ERROR
    ] == []
    for number, fragment in enumerate(fragments):
        text = fragment if fragment.startswith("schema:") else merged(whole, fragment)
        problems = check_facts(load(text, f"example {number}"), lambda id: None, tongue_of("en-US"))
        assert [str(problem) for problem in problems if problem.level is Level.ERROR] == [], fragment


def merged(whole: str, fragment: str) -> str:
    """The opening example with a fragment's entries added to its sections."""
    for section in re.split(r"^(?=\w+:\n)", fragment, flags=re.MULTILINE):
        if section.strip():
            name, _, entries = section.partition("\n")
            assert name in ("people:", "sources:", "facts:"), name
            whole = re.sub(
                rf"^{name}\n",
                lambda found, new=entries: found[0] + new.rstrip() + "\n",
                whole,
                flags=re.MULTILINE,
            )
    return whole


def test_the_audiences_of_the_document_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    examples = blocks("docs/audiences.md", "jinja")
    for number, example in enumerate(examples):
        (tmp_path / "templates" / f"example-{number}.md.j2").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    # Nobody has read these claims beside their facts.
    assert run(["check", "--strict", "--ignore", "template-unreviewed"]) == 0
    assert run(["build", "--format", "md"]) == 0
    assert len(list((tmp_path / "out").iterdir())) == len(examples) == 2


def test_the_recipes_of_the_cookbook_print_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the project that `init` makes, as it says; then with the fact that it adds."""
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    templates = tmp_path / "templates"
    (templates / "parts").mkdir()
    prints = blocks("docs/cookbook.md", "markdown")
    files = blocks("docs/cookbook.md", "jinja")
    (added,) = blocks("docs/cookbook.md", "yaml")
    recipes = {
        f"recipe-{number}": file for number, file in enumerate(file for file in files if is_audience(file))
    }
    (part,) = (file for file in files if not is_audience(file))
    (templates / "parts" / "opening.md.j2").write_text(part, encoding="utf-8")
    (later,) = (name for name, recipe in recipes.items() if "cost-by-gazette" in recipe)
    for name, recipe in recipes.items():
        if name != later:
            (templates / f"{name}.md.j2").write_text(recipe, encoding="utf-8")
    assert run(["build", "--format", "md", "-q"]) == 0
    (templates / f"{later}.md.j2").write_text(recipes[later], encoding="utf-8")
    facts = (tmp_path / "facts.yaml").read_text(encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(merged(facts, added), encoding="utf-8")
    assert run(["build", "--format", "md", "-q"]) == 0
    assert len(recipes) == len(prints) > 5
    for name, printed in zip(recipes, prints, strict=True):
        brief = (tmp_path / "out" / f"{name}.md").read_text(encoding="utf-8")
        body = brief.partition("Information as of March 31, 2026\n")[2].partition("\n## Sources")[0]
        assert body.strip("\n") == printed.strip("\n")


def is_audience(template: str) -> bool:
    return template.startswith("---\n")


def test_the_comparison_of_the_document_is_the_live_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "old.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(
        facts.replace("to trucks on", "to trucks and buses on"), encoding="utf-8"
    )
    (tmp_path / "templates").mkdir()
    template = blocks("docs/audiences.md", "jinja")[0]
    (tmp_path / "templates" / "board-note.md.j2").write_text(template, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (console,) = blocks("docs/changes.md", "console")
    command, _, output = console.partition("\n")
    assert run(command.removeprefix("$ briefing ").split()) == 1
    assert capsys.readouterr().out == output


def test_the_dry_run_of_the_document_is_the_live_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    note = blocks("docs/audiences.md", "jinja")[0]
    (tmp_path / "templates" / "board-note.md.j2").write_text(note, encoding="utf-8")
    (mail,) = blocks("docs/mail.md", "yaml")
    audiences = {"congressional-memo": "board-note", "fiscal-critique": "board-note"}
    for name, ours in audiences.items():
        mail = mail.replace(name, ours)
    (tmp_path / "mail.yaml").write_text(mail, encoding="utf-8")
    (letter,) = blocks("docs/mail.md", "jinja")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--format", "md"]) == 0
    capsys.readouterr()
    (console,) = blocks("docs/mail.md", "console")
    command, _, output = console.partition("\n")
    assert run(shlex.split(command.removeprefix("$ briefing "))) == 0
    shown, printed = (
        re.sub("sha256:[0-9a-f]+", "sha256:", text).replace("sha256:…", "sha256:")
        for text in (capsys.readouterr().out, output)
    )
    assert shown == printed
    (tmp_path / "templates" / "board-note.mail.md.j2").write_text(letter, encoding="utf-8")
    assert run(["check"]) == 0
    assert run(["send", "board-note", "--to", "Ann Lee <ann@example.org>", "--format", "md"]) == 0


@pytest.mark.extra("bib")
def test_the_import_and_export_of_the_document_are_the_live_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    for name, language in (("library.json", "json"), ("library.bib", "bibtex"), ("library.ris", "ris")):
        (library,) = blocks("docs/sources.md", language)
        (tmp_path / name).write_text(library, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    consoles = blocks("docs/sources.md", "console")
    assert len(consoles) == 5
    for console in consoles:
        command, _, output = console.partition("\n")
        assert run(shlex.split(command.removeprefix("$ briefing "))) == (1 if " check" in command else 0)
        assert capsys.readouterr().out == output


def test_what_the_document_keeps_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text of the document, and then one in which the chair says something else."""
    (facts,) = blocks("README.md", "yaml")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (text,) = blocks("docs/keeping.md", "text")
    monkeypatch.chdir(tmp_path)
    first, second = blocks("docs/keeping.md", "console")
    other = text.replace("from today", "and buses from Monday")
    for console, code, words in ((first, 0, text), (second, 1, other)):
        (tmp_path / "minutes.txt").write_text(words, encoding="utf-8")
        command, _, output = console.partition("\n")
        assert run(shlex.split(command.removeprefix("$ briefing "))) == code
        assert timeless(capsys.readouterr().out) == timeless(output)


def timeless(output: str) -> str:
    """What is printed without days and fingerprints."""
    digits = re.sub(r"\b[0-9a-f]{8}(?=\.txt)|\b[0-9a-f]{12}(?=…)", "", output)
    return re.sub(r"\d{4}-\d\d-\d\d", "", digits)


# A file's name and its text; how it is changed; commands and what they say; in the order of the page.
STEP = re.compile(r"(?:^`([^`\n]+)`(, changed)?:\n\n)?^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def test_the_tutorial_can_be_followed_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = 0
    for name, changed, language, body in STEP.findall(
        (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    ):
        if name:
            path = Path(name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(
                mended(path.read_text(encoding="utf-8"), body) if changed else body, encoding="utf-8"
            )
        elif language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if command.startswith("cd "):
                    monkeypatch.chdir(Path.cwd() / command.removeprefix("cd "))
                    continue
                run(shlex.split(command.removeprefix("briefing ")))
                streams = capsys.readouterr()
                expected, live = steady(output), steady(streams.out + streams.err)
                assert (
                    live.startswith(expected.removesuffix("…\n"))
                    if output.endswith("…\n")
                    else live == expected
                )
                done += 1
    assert done > 15
    # What went out says when the corrected minutes were read, which is not before they were corrected.
    note = Path("out/council-note.md").read_text(encoding="utf-8")
    assert "Minutes of the Elmford council, May 11, 2026*. Read May 13, 2026." in note
    # Who then does as `doctor` says shares neither texts of others nor mails.
    if shutil.which("git"):
        git(Path.cwd(), "init")
        added = re.findall("add '(.+)'", git(Path.cwd(), "add", "--all", "--dry-run"))
        assert {path.partition("/")[0] for path in added} == {
            *(".github", ".gitignore", "facts.schema.json", "facts.yaml", "mail.yaml", "out"),
            *("reviews.yaml", "templates"),
        }
        assert {Path(path).suffix for path in added if path.startswith("out/")} == {".md"}


def mended(text: str, change: str) -> str:
    """The text after a change without places: each line that goes, or after which another comes, stands in it once."""
    for kept, gone, come in re.findall(r"((?:^ .*\n)?)((?:^-.*\n)*)((?:^\+.*\n)*)", change, re.MULTILINE):
        old = "".join(f"{line[1:]}\n" for line in (kept + gone).splitlines())
        new = "".join(f"{line[1:]}\n" for line in (kept + come).splitlines())
        if gone or come:
            before = text.rindex("{amount}") if not gone else 0  # "quantities:" stands in more than one fact
            place = text.index(old, before)
            text = text[:place] + new + text[place + len(old) :]
    return text


def steady(output: str) -> str:
    """What is said without days, sizes and fingerprints of files."""
    text = re.sub(
        r"sha256:(?:[0-9a-f]{64}|…)|\b[0-9a-f]{12}…|[-.][0-9a-f]{8}\.(?=eml|txt)|\d+ kB", "", output
    )
    return re.sub(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", "", text)


def test_the_program_is_had_as_the_documents_say_and_never_from_the_public_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = {
        path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    }
    asked = {
        path.name: {*re.findall(r"install \"(briefing\b[^\"]*)\"", text)} for path, text in texts.items()
    }
    (line,) = asked["starting.md"]
    assert {name for name, lines in asked.items() if lines} == {"README.md", "starting.md"}
    assert asked["README.md"] == {line}
    wanted = Requirement(line)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert wanted.extras <= set(extras)
    assert wanted.url == f"git+https://github.com/OWNER/briefing@v{__version__}"
    for path, text in texts.items():
        for before in re.findall(r"(.*?)pip3? install `?briefing\b", text):
            assert re.search("[Nn]ever (type )?\\**`$", before), path
    # What draws PDFs is installed as the program itself says that it is.
    starting = texts[ROOT / "docs" / "starting.md"]
    for system, programs in (("linux", ()), ("linux", ("dnf",)), ("darwin", ())):
        monkeypatch.setattr("sys.platform", system)
        monkeypatch.setattr("shutil.which", lambda name, there=programs: name if name in there else None)
        installer, _, packages = pango_command().partition(" install ")
        (told,) = re.findall(rf"(?:sudo )?{installer} install (.*?)[`\n]", starting)
        assert set(packages.split()) <= set(told.split())


def test_what_is_built_is_commonmark_with_tables() -> None:
    """As docs/compared.md says of it."""
    assert "CommonMark with one extension, GitHub's tables" in (ROOT / "docs/compared.md").read_text("utf-8")
    built = (ROOT / "examples/budget/out/council-brief.md").read_text(encoding="utf-8")
    plain, tables, struck = (
        MarkdownIt("commonmark").enable(extensions).render(built)
        for extensions in ([], ["table"], ["table", "strikethrough"])
    )
    assert "<table>" not in plain
    assert "<table>" in tables
    assert "| ---" not in tables
    assert tables == struck


def test_links_between_documents_lead_somewhere() -> None:
    for document in (
        "README.md",
        "ARCHITECTURE.md",
        "docs/facts-format.md",
        "docs/audiences.md",
        "docs/changes.md",
        "docs/cookbook.md",
        "docs/keeping.md",
        "docs/mail.md",
        "docs/building.md",
        "docs/ci.md",
        "docs/rules.md",
        "docs/security.md",
        "docs/sources.md",
        "docs/starting.md",
        "docs/tutorial.md",
        "docs/compared.md",
        "docs/ci.md",
    ):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / document).parent / target).exists(), f"{document}: {target}"


def commands(document: str) -> list[tuple[str, str]]:
    """Every `$ command` of a document's console blocks, and what is shown under it."""
    shown = [part for block in blocks(document, "console") for part in re.split(r"^\$ ", block, flags=re.M)]
    return [(command, output) for command, _, output in (part.partition("\n") for part in shown if part)]


def test_the_start_of_a_project_in_the_document_is_the_live_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command, output in commands("docs/starting.md"):
        if command.startswith(("briefing init", "briefing help")):
            assert run(shlex.split(command)[1:]) == 0
            said = capsys.readouterr()
            assert said.out + said.err == output
            monkeypatch.chdir(tmp_path / "bridge")  # as the first command says


@needs_git
def test_the_doctor_of_the_document_looks_at_what_the_live_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (output,) = (output for command, output in commands("docs/starting.md") if command == "briefing doctor")
    run(["doctor"])  # versions, and which extras there are, differ from machine to machine
    printed = capsys.readouterr().out
    shown, live = (
        re.findall(r"^(?:works|broken|missing) +(.+?)  ", text, re.M) for text in (output, printed)
    )
    assert shown == live
    assert output.splitlines()[-2:] == printed.splitlines()[-2:]


def test_the_defences_of_the_document_are_modules_and_their_tests_are_there() -> None:
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*) \| (.*) \| (.*`test_.*) \|$", text, re.MULTILINE)
    assert len(rows) > 30
    for threat, defence, tests in rows:
        modules = re.findall(r"`([a-z.]+)`", defence)
        assert any((ROOT / "briefing" / f"{name.replace('.', '/')}.py").exists() for name in modules), threat
        for file, name in re.findall(r"`(?:tests/)?(test_\w+\.py)::(test_\w+)`", tests):
            assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), (threat, name)
        for kind in re.findall(r"`test_hostile\[([\w-]+)\]`", tests):
            assert kind in KINDS, threat
    for file in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", text):
        assert (ROOT / file).exists(), file
