"""`briefing init`: what it makes is a project without a finding; what is there stays as it is."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.errors import UsageError
from briefing.jsonschema import schema_text
from briefing.load import load
from briefing.publish import publish_new
from briefing.vocabulary import KINDS

MADE = (
    "facts.yaml",
    "templates/congressional-memo.md.j2",
    "templates/fiscal-critique.md.j2",
    "templates/neutral-summary.md.j2",
    ".github/workflows/briefs.yml",
    ".gitignore",
    "facts.schema.json",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    capsys.readouterr()
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_project_has_no_finding_and_builds_three_briefs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(content(project)) == sorted(MADE)
    assert run(["check", "--strict"]) == 0
    assert run(["build", "--format", "md"]) == 0
    assert capsys.readouterr().err == ""
    assert len(list((project / "out").iterdir())) == 3


def test_its_facts_are_of_every_kind_once_and_their_first_line_is_for_the_editor(project: Path) -> None:
    text = (project / "facts.yaml").read_bytes()
    facts = load(text, "facts.yaml").facts.facts.values()
    assert sorted(fact.kind for fact in facts) == sorted(KINDS)
    (named,) = re.findall(rb"\A# yaml-language-server: \$schema=(\S+)\n", text)
    assert (project / named.decode()).read_text(encoding="utf-8") == schema_text()


def test_no_brief_leaves_out_what_it_may_print(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check"])
    assert "selection-left-out" not in capsys.readouterr().out


@pytest.mark.parametrize("audience", ["congressional-memo", "fiscal-critique", "neutral-summary"])
def test_what_a_template_shows_in_its_comment_can_be_used(
    project: Path, audience: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "templates" / f"{audience}.md.j2"
    text = path.read_text(encoding="utf-8")
    shown = re.search(r"^ +\{% block.*?endblock %\}\n", text, re.MULTILINE | re.DOTALL)
    assert shown
    path.write_text(text + re.sub("^ +", "", shown[0], flags=re.MULTILINE), encoding="utf-8")
    assert run(["check", "--strict", "--ignore", "template-unreviewed"]) == 0
    assert run(["show", audience]) == 0
    assert "No truck has been let onto the bridge" in capsys.readouterr().out
    blocks = re.search(r"The blocks: (.*?)\.", text, re.DOTALL)
    generic = Path(__file__).parent.parent / "templates" / "house" / "audiences" / path.name
    assert blocks
    assert re.findall(r"\w+", blocks[1]) == re.findall(
        r"\{% block (\w+)", generic.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("name", ["new", "with space", "deep/er", "it's", "."])
def test_it_says_the_three_commands_that_come_next_and_they_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", name]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(Path(name) / file) for file in MADE]
    lines = [shlex.split(line) for line in said.err.partition("Next:\n")[2].splitlines()]
    if name != ".":
        assert lines.pop(0) == ["cd", name]
        monkeypatch.chdir(name)
    assert [line[0] for line in lines] == ["briefing"] * 3
    for line in lines:
        assert run([*line[1:], "--format", "md"] if line[1] == "build" else line[1:]) == 0


def test_what_is_there_is_refused_all_of_it_in_one_run_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text("mine", encoding="utf-8")
    (tmp_path / ".github").symlink_to("nowhere")
    (tmp_path / "templates").write_text("no folder", encoding="utf-8")
    before = sorted(os.listdir(tmp_path))
    assert run(["init"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.findall(r"^(\S+):1:1: error", said.err, re.MULTILINE) == [
        ".github",
        "facts.yaml",
        "templates",
    ]
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / "facts.yaml").read_text(encoding="utf-8") == "mine"


def test_a_convenience_that_is_there_stays_as_it_is_and_the_rest_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    there = {
        ".gitignore": b"*.pyc\r\narchive/\r\n",
        ".github/workflows/briefs.yml": b"mine",
        "facts.schema.json": b"{}",
    }
    for name, data in there.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert run(["init"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [name for name in MADE if name not in there]
    assert content(tmp_path).items() >= there.items()
    assert sorted(content(tmp_path)) == sorted(MADE)
    assert re.findall(r"^(\S+) was there, and stays as it is\.$", said.err, re.MULTILINE) == [*there]
    assert "OWNER" not in said.err
    missing = re.findall(r"^  (?!briefing)(.+)$", said.err, re.MULTILINE)
    assert missing == [
        *(".briefing/", "texts/", "sent/", "sent.sqlite", "sent.sqlite-journal"),
        *("out/*", "!out/*.md", "!out/*.svg"),
    ]
    (tmp_path / ".gitignore").write_text("\n".join(["archive/", *missing]), encoding="utf-8")
    for name in MADE:
        if name not in there:
            (tmp_path / name).unlink()
    assert run(["init"]) == 0
    assert ".gitignore was there, and stays as it is.\n.github" in capsys.readouterr().err


def test_a_list_of_what_git_ignores_that_leads_nowhere_lacks_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".gitignore").symlink_to("nowhere")
    assert run(["init"]) == 0
    assert "  archive/\n" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_other_files_are_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / "templates").mkdir()
    assert run(["init"]) == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_link_to_another_folder_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "templates").symlink_to(tmp_path / "elsewhere")
    assert run(["init", str(tmp_path / "project")]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [path.name for path in (tmp_path / "project").iterdir()] == ["templates"]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path / "file")]) == 2
    assert f"{tmp_path / 'file'}:1:1: error: is no folder" in capsys.readouterr().err
    assert run(["init", str(tmp_path / "file" / "below")]) == 2
    assert f"cannot be written: {tmp_path / 'file'} is no folder" in capsys.readouterr().err


def test_what_comes_there_in_the_meantime_stays_and_the_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, link = tmp_path / "new", os.link

    def slow(source: Path, target: Path) -> None:
        if target.name == "second":
            target.write_text("somebody else's", encoding="utf-8")
        link(source, target)

    monkeypatch.setattr(os, "link", slow)
    with pytest.raises(UsageError):
        publish_new({folder / "a" / "first": b"1", folder / "second": b"2"}, within=folder)
    assert content(folder) == {"second": b"somebody else's"}
    assert [path.name for path in folder.iterdir()] == ["second"]


def test_where_files_cannot_be_linked_nothing_is_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    publish_new({tmp_path / "a" / "first": b"1", tmp_path / "second": b"2"}, within=tmp_path)
    assert content(tmp_path) == {"a/first": b"1", "second": b"2"}
    with pytest.raises(UsageError, match="is there already"):
        publish_new({tmp_path / "second": b"3"}, within=tmp_path)
    assert content(tmp_path)["second"] == b"2"


# --- an audience more ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("board-memo", "congressional-memo"),
        ("neutral-sumary", "neutral-summary"),
        ("critique-of-costs", "fiscal-critique"),
    ],
)
def test_an_audience_is_made_from_the_nearest_and_builds_under_its_own_title(
    project: Path, name: str, like: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--audience", name]) == 0
    said = capsys.readouterr()
    assert said.out == f"templates/{name}.md.j2\n"
    assert f"Made from {like}, which has the nearest name" in said.err
    assert "briefing review" not in said.err  # it has no claims
    assert run(["check", "--strict"]) == 0
    capsys.readouterr()
    assert run(["show", name]) == 0
    assert name.replace("-", " ").capitalize() in capsys.readouterr().out


def test_it_is_made_from_the_one_that_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates" / "note.md.j2").write_text(
        "---\r\ntitle: >\r\n  Note\r\n\r\n  of paragraphs\r\nstance: neutral # why\r\n---\r\n## So\r\n\r\n"
        '{% claim "closed-to-trucks" %}Elmford closed the bridge{% endclaim %}.\r\n',
        encoding="utf-8",
    )
    assert run(["init", ".", "--audience", "board-memo", "--like", "note"]) == 0
    assert "Made from note.\n" in (said := capsys.readouterr().err)
    assert "briefing review board-memo" in said
    text = (project / "templates" / "board-memo.md.j2").read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Board memo\nstance: neutral # why\n# Made like note. ")
    assert text.endswith(
        '---\n## So\n\n{% claim "closed-to-trucks" %}Elmford closed the bridge{% endclaim %}.\n'
    )
    assert run(["check", "--strict", "--ignore", "template-unreviewed"]) == 0


@pytest.mark.parametrize("front", ["", "---\n---\n", "---\nstance: neutral\n---\n"])
def test_a_template_without_a_title_gets_one(project: Path, front: str) -> None:
    body = '{% extends "house/audiences/neutral-summary.md.j2" %}\n'
    (project / "templates" / "short.md.j2").write_text(front + body, encoding="utf-8")
    assert run(["init", "--audience", "shorter", "--like", "short"]) == 0
    made = (project / "templates" / "shorter.md.j2").read_text(encoding="utf-8")
    assert made.startswith("---\ntitle: Shorter\n")
    assert made.endswith(body)
    assert run(["check", "--strict"]) == 0


def test_a_project_without_templates_of_its_own_has_the_generic_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text("", encoding="utf-8")
    assert run(["init", "--audience", "neutral-summary"]) == 0
    assert (
        (tmp_path / "templates" / "neutral-summary.md.j2")
        .read_text(encoding="utf-8")
        .endswith('---\n{% extends "house/audiences/neutral-summary.md.j2" %}\n')
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--audience", "neutral-summary"], 2, "is there already"),
        (["--audience", "../up"], 2, "is no name for an audience"),
        (["--audience", "Ä"], 2, "is no name for an audience"),
        (["--audience", ""], 2, "names nothing"),
        (["--audience", "new", "--like", "congressional-mem"], 2, 'did you mean "congressional-memo"?'),
        (
            ["--audience", "new", "--like", "broken"],
            1,
            "broken.md.j2:1:1: error: the front matter has no closing",
        ),
        (["--audience", "new", "--like", "faulty"], 1, 'faulty.md.j2:2:1: error: unknown key "titel"'),
        (["--audience", "new", "--like", "braces"], 2, "copy it to new.md.j2 by hand"),
        (["--like", "neutral-summary"], 2, "name that with --audience"),
        (["elsewhere", "--audience", "new"], 2, "there is no project in elsewhere"),
        ([""], 2, "DIR names nothing"),
    ],
)
def test_what_cannot_be_is_refused(
    project: Path, arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = project / "templates"
    (templates / "broken.md.j2").write_text("---\ntitle: x\n", encoding="utf-8")
    (templates / "faulty.md.j2").write_text("---\ntitel: x\nstance: neutral\n---\n", encoding="utf-8")
    (templates / "braces.md.j2").write_text("---\n{title: x, stance: neutral}\n---\n", encoding="utf-8")
    before = content(project)
    assert run(["init", *arguments]) == code
    assert message in capsys.readouterr().err
    assert content(project) == before


# --- with sources -------------------------------------------------------------------------------------

LIBRARY = (
    '[{"id": "a", "type": "book", "title": "The Elm and Its Bridges", "author": [{"family": "Okafor"}]}]'
)


def test_a_project_begins_with_the_sources_of_a_reference_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("library.json").write_text(LIBRARY, encoding="utf-8")
    assert run(["init", "bridge", "--from", "library.json"]) == 0
    assert "The Elm and Its Bridges" in capsys.readouterr().err
    loaded = load(Path("bridge/facts.yaml").read_bytes(), "facts.yaml")
    assert [*loaded.facts.sources.values()][-1].title == "The Elm and Its Bridges"
    assert {fact.kind for fact in loaded.facts.facts.values()} == set(KINDS)


@pytest.mark.parametrize("library", ["no library", "[{]"])
def test_with_a_library_that_cannot_be_read_nothing_is_made(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("library.json").write_text(library, encoding="utf-8")
    assert run(["init", "bridge", "--from", "library.json"]) != 0
    assert not Path("bridge").exists()
