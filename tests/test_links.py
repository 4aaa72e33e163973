"""Links in a project, which come with a pull request as files do, lead to nothing that is read, written or removed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.cli import run

BRIEFS = Path(__file__).parent / "briefs"
GOOD = '---\ntitle: Good\nstance: neutral\n---\n{{ fact("opened") }}\n'
SECRET = "hunter2-is-the-secret"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "templates" / "house").mkdir(parents=True)
    (folder / "archive").mkdir()
    (folder / "facts.yaml").write_bytes((BRIEFS / "facts.yaml").read_bytes())
    (folder / "templates" / "good.md.j2").write_text(GOOD)
    (folder / "mail.yaml").write_text("sender: desk@example.org\n")
    monkeypatch.chdir(folder)
    return folder


def moved_out(project: Path, name: str) -> None:
    """A file or folder goes elsewhere, and a link to it takes its place."""
    elsewhere = project.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    here = project / name
    there = elsewhere / here.name
    if here.exists():
        here.rename(there)
    else:
        there.mkdir()
    here.symlink_to(there)


COMMANDS = (
    "check",
    "build --format md",
    "index",
    "show good",
    "review",
    "keep press-kit a.json",
    "import a.json",
    "export",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["facts.yaml", "./facts.yaml", "{project}/facts.yaml"])
def test_a_facts_file_that_is_a_link_out_is_refused(
    project: Path, command: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "a.json").write_text('[{"type": "report", "title": "A"}]')
    elsewhere = project.parent / "elsewhere.yaml"
    (project / "facts.yaml").rename(elsewhere)
    elsewhere.write_text(f"{SECRET}: {SECRET}\n")
    (project / "facts.yaml").symlink_to(elsewhere)
    assert run([*command.split(), "--facts", name.format(project=project)]) == 2
    said = capfd.readouterr()
    assert (
        "is a link to a file outside its folder; put the file itself here, or name the one that it leads to"
        in said.err
    )
    assert SECRET not in said.out + said.err
    assert elsewhere.read_text() == f"{SECRET}: {SECRET}\n"


def test_a_facts_file_that_is_a_link_to_one_beside_it_is_read(project: Path) -> None:
    (project / "facts.yaml").rename(project / "real.yaml")
    (project / "facts.yaml").symlink_to("real.yaml")
    assert run(["check"]) == 0


# what stands in it, and what it is
READ = {
    "another template": ("templates/other.md.j2", f"{SECRET}\n"),
    "templates": ("templates/good.md.j2", GOOD.replace("Good", SECRET)),
    "frame": ("templates/house/page.html.j2", f"{SECRET} {{{{ {SECRET} }}}}"),
    "style": ("templates/house/brief.css", f"{SECRET}"),
    "letterhead": ("templates/house/house.yaml", f"{SECRET}: {SECRET}\n"),
    "loaded words": ("templates/loaded-words.yaml", f"{SECRET}: {SECRET}\n"),
    "mail": ("mail.yaml", f"{SECRET}: {SECRET}\n"),
    "reviews": ("reviews.yaml", f"{SECRET}: {SECRET}\n"),
    "kept text": ("archive/minutes.txt", f"opened in 1931 {SECRET}\n"),
    "template of mails": ("templates/good.mail.md.j2", f"---\n{SECRET}: {SECRET}\n---\n"),
}


@pytest.mark.parametrize(
    ("name", "above"),
    [(name, above) for name, (path, _) in READ.items() for above in range(path.count("/") + 1)],
)
def test_what_a_link_leads_out_to_is_not_told(
    project: Path, name: str, above: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """The link is the file itself, the folder that it stands in, or the one above."""
    path, text = READ[name]
    (project / path).write_text(text)
    link = Path(path)
    for _ in range(above):
        link = link.parent
    moved_out(project, str(link))
    for command in (["check"], ["build", "--format", "md,html"], ["index"], ["show", "good"], ["review"]):
        run(command)
    run(["send", "good", "--to", "a@example.org", "--format", "md"])
    said = capfd.readouterr()
    assert SECRET not in said.out + said.err
    assert not any(SECRET in file.read_text("utf-8") for file in project.glob("out/*.*"))


def test_a_table_that_mail_yaml_names_stands_beside_it(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = project.parent / "secrets.csv"
    outside.write_text(f"{SECRET},name\na,b\n")
    (project / "link.csv").symlink_to(outside)
    for table in (str(outside), "../secrets.csv", "link.csv", "out/../../secrets.csv"):
        (project / "mail.yaml").write_text(
            f"sender: desk@example.org\nlists:\n  all: {{audience: good, table: {table}}}\n"
        )
        assert run(["check"]) == 1
        assert run(["send", "--list", "all", "--format", "md"]) == 2
        said = capfd.readouterr()
        assert SECRET not in said.out + said.err
        assert "the table of the list all stands outside this folder; put it beside mail.yaml" in said.out
        assert "put it beside mail.yaml" in said.err


def build(*more: str) -> Callable[[Path], int]:
    return lambda project: run(["build", "--format", "md", *more])


def build_memos(project: Path) -> int:
    (project / "people.csv").write_text("name\nAnn Lee\n")
    return build("good", "--for", "people.csv")(project)


def redline(project: Path) -> int:
    return run(["diff", "facts.yaml", "facts.yaml", "--redline", "good"])


WRITTEN: dict[str, Callable[[Path], int]] = {
    "out": build(),
    ".briefing": build(),
    ".briefing/stamps": build(),
    "out/good": build_memos,
    "out/redline": redline,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_written_or_removed_where_a_link_leads_out(
    project: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    moved_out(project, name)
    elsewhere = (project / name).resolve()
    names = [f"{number}.txt" for number in range(40)] + ["old.md"]
    for file in names:
        (elsewhere / file).write_text("somebody's")
    assert WRITTEN[name](project) == 2
    assert f"{name}:1:1: error: is a link to a folder outside the project" in capfd.readouterr().err
    assert sorted(os.listdir(elsewhere)) == sorted(names)


def test_a_folder_elsewhere_that_the_user_names_is_written_to(project: Path) -> None:
    elsewhere = project.parent / "elsewhere"
    assert run(["build", "--format", "md", "-q", "--out", str(elsewhere)]) == 0
    assert (elsewhere / "good.md").exists()


def test_a_project_behind_a_link_is_a_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = project.parent / "link"
    link.symlink_to(project)
    monkeypatch.chdir(project.parent)
    assert run(["build", "--format", "md", "-q", "--facts", "link/facts.yaml"]) == 0


def test_what_is_sent_is_compared_with_the_facts_whatever_is_remembered(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Who proposes a changed document can propose a memory with it in which the document is as it was built."""
    assert run(["build", "--format", "md", "-q"]) == 0
    brief, memory = project / "out" / "good.md", project / ".briefing" / "manifest.json"
    brief.write_bytes(brief.read_bytes().replace(b"1931", b"1066"))
    data = json.loads(memory.read_text().split("\n")[1])
    data["files"]["out/good.md"]["content"] = hashlib.sha256(brief.read_bytes()).hexdigest()
    text = json.dumps(data, separators=(",", ":"), sort_keys=True)
    memory.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}\n")
    assert run(["build", "--check", "--format", "md", "-q"]) == 0  # so the forgery is one
    assert run(["build", "--check", "--force", "--format", "md", "-q"]) == 1
    capfd.readouterr()
    assert run(["send", "good", "--to", "a@example.org", "--format", "md"]) == 1
    assert "is not what a build makes of the facts now" in capfd.readouterr().err
