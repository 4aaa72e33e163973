"""What is remembered of former builds may be damaged, foreign or nonsense: then all is built anew, and built right."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from presses import CountingPress

from briefing.build import build
from briefing.errors import Level, Location, Problem
from briefing.fingerprint import fingerprint_of_file
from briefing.house import shipped_house
from briefing.limits import time_limit
from briefing.manifest import Made, Manifest
from briefing.outcome import FORMATS, Report, Wish
from briefing.project import open_project
from briefing.recipients import read_recipients
from briefing.report.lines import problem_lines
from briefing.report.outcomes import outcome_table, report_json

pytestmark = pytest.mark.extra("docx")  # every format is built

BRIEFS = Path(__file__).parent / "briefs"
TEMPLATES = {
    # The second is warned about, so that problems stand in the manifest, too.
    "first": '---\ntitle: First\nstance: neutral\n---\n## One\n{{ fact("opened") }}\n',
    "second": '---\ntitle: Second\nstance: neutral\n---\n## Two\n{{ fact("paper-cost") }}\n',
}
OLD, NEW = "The bridge opened in 1931.", "The bridge was opened in 1931."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two audiences, both built, and then a fact that changed; the working folder."""
    folder = tmp_path / "project"
    (folder / "templates").mkdir(parents=True)
    shutil.copy(BRIEFS / "facts.yaml", folder)
    for name, text in TEMPLATES.items():
        (folder / "templates" / f"{name}.md.j2").write_text(text)
    monkeypatch.chdir(folder)
    assert built()[0].exit_code == 0
    edit("facts.yaml", OLD, NEW)
    return folder


def built(**wish: Any) -> tuple[Report, list[str]]:
    """What a build of all formats in the working folder reports, in every form; and what it typeset."""
    press = CountingPress()
    report = build(
        open_project("facts.yaml"),
        Wish(**{"audiences": (), "out": Path("out"), "formats": FORMATS} | wish),
        press,
    )
    assert outcome_table(report.outcomes)
    assert report_json(report)
    problem_lines(report.problems, Level.NOTE)
    return report, press.tickets


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))


def outputs(folder: str = "out") -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*.*")}


def manifest() -> Path:
    return Path(".briefing/manifest.json")


def sealed(text: str) -> bytes:
    """A manifest of this text that nothing has damaged."""
    return f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}\n".encode()


def claimed() -> dict[str, str]:
    return {name: made.content for name, made in Manifest(manifest()).files.items()}


def there() -> dict[str, str]:
    return {f"out/{name}": hashlib.sha256(content).hexdigest() for name, content in outputs().items()}


# --- damaged --------------------------------------------------------------------------------------


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(len(data) * share)]


NONSENSE = [
    "",
    "null",
    "1",
    '"x"',
    "[]",
    "{}",
    '{"form": 2}',
    '{"form": [1], "files": {}}',
    "NaN",
    '{"form": 2',
]
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": cut(0),
    "cut in the check sum": lambda data: data[:40],
    "cut after the check sum": lambda data: data[:65],
    "cut in the middle": cut(0.5),
    "cut before its end": lambda data: data[:-3],
    "twice": lambda data: data * 2,
    "without its check sum": lambda data: data.partition(b"\n")[2],
    "binary": lambda data: random.Random(7).randbytes(5_000),
    "zeros": lambda data: bytes(len(data)),
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "deep": lambda data: b"[" * 200_000,
    "another form": lambda data: sealed(json.dumps({**json.loads(data.split(b"\n")[1]), "form": 999})),
    "sealed and deep": lambda data: sealed("[" * 200_000 + "]" * 200_000),
    "sealed and deep within": lambda data: sealed('{"form": 2, "files": ' + '{"a":' * 200_000),
    "sealed, with a long number": lambda data: sealed('{"form": ' + "9" * 10_000 + "}"),
    **{f"sealed: {text}": lambda data, text=text: sealed(text) for text in NONSENSE},  # type: ignore[misc]
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_manifest_means_a_full_build(damage: str, project: Path) -> None:
    manifest().write_bytes(DAMAGES[damage](manifest().read_bytes()))
    report, typeset = built()
    assert report.exit_code == 0
    assert typeset == ["first", "second"]
    right = outputs()
    assert claimed() == there()
    assert built()[1] == []
    assert outputs() == right
    built(out=Path("clean"), force=True)
    assert outputs("clean") == right


def test_no_flipped_bit_is_believed(project: Path) -> None:
    data = manifest().read_bytes()
    places = random.Random(4)
    for _ in range(400):
        flipped = bytearray(data)
        flipped[places.randrange(len(data))] ^= 1 << places.randrange(8)
        manifest().write_bytes(flipped)
        assert Manifest(manifest()).files == {}
    manifest().write_bytes(data)
    assert len(Manifest(manifest()).files) == 2 * len(FORMATS)


@pytest.mark.parametrize(
    "spoil", ["folder", "pipe", "no folder", "link to nowhere", "link in a circle", "unreadable"]
)
def test_what_is_no_file_in_its_place_means_a_full_build(spoil: str, project: Path) -> None:
    manifest().unlink()
    if spoil == "folder":
        manifest().mkdir()
        (manifest() / "x").write_text("")
    elif spoil == "pipe":
        os.mkfifo(manifest())
    elif spoil == "no folder":
        shutil.rmtree(".briefing")
        Path(".briefing").write_text("")
    elif spoil == "unreadable":
        manifest().write_text("")
        manifest().chmod(0)
    else:
        manifest().symlink_to("nothing" if spoil == "link to nowhere" else "manifest.json")
    with time_limit(60):  # nobody writes into the pipe
        report, typeset = built()
    assert (report.exit_code, typeset) == (0, ["first", "second"])
    told = [str(problem) for problem in report.problems if problem.rule == "system-memory"]
    assert len(told) == (spoil in ("folder", "no folder"))
    assert all(line.startswith(".briefing/manifest.json:1:1: warning: cannot be written: ") for line in told)
    right = outputs()
    with time_limit(60):
        assert built(check=True)[0].exit_code == 0
    assert outputs() == right
    assert NEW.encode()[:-1] in right["first.md"]


def test_a_huge_one_is_not_read(project: Path) -> None:
    """It has no bytes on the disk, and would take all memory."""
    with manifest().open("wb") as file:
        file.truncate(1 << 36)
    assert built()[1] == ["first", "second"]
    assert manifest().stat().st_size < 100_000


# --- another's ------------------------------------------------------------------------------------


def test_the_manifest_of_another_project_is_not_believed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the same facts and audiences, by name; its texts are others. Its outputs may have come with it."""
    other = tmp_path / "other"
    shutil.copytree(project, other)
    monkeypatch.chdir(other)
    edit("facts.yaml", NEW, "The bridge had opened in 1931.")
    edit("templates/second.md.j2", "Two", "Three")
    built()
    monkeypatch.chdir(project)
    for folders in ((".briefing",), (".briefing", "out")):
        for name in folders:
            shutil.rmtree(project / name)
            shutil.copytree(other / name, project / name)
        assert built()[1] == ["first", "second"]
        assert claimed() == there()
        right = outputs()
        built(out=Path("clean"), force=True)
        assert outputs("clean") == right


# --- nonsense that is sealed ----------------------------------------------------------------------

VALUES: list[Any] = [None, -1, 0.5, True, "x", [], ["x"], {}, {"x": 1}, {"x": []}, [[]]]
PROBLEM = ["p", 1, 1, 2, "m", "r", []]
PROBLEMS = [
    PROBLEM,
    [[*PROBLEM, 1]],
    [[*PROBLEM[:3], 999, *PROBLEM[4:]]],
    [[*PROBLEM[:6], [1]]],
    *([[*PROBLEM[:place], {}, *PROBLEM[place + 1 :]]] for place in range(7)),
]
# What is of the right type may be wrong, too; only who wrote it on purpose would have sealed that.
PASSING: dict[str, list[Any]] = {
    **{key: ["x"] for key in ("content", "inputs", "key", "row")},
    **{key: [-1] for key in ("facts", "sources", "body_pages")},
    **{key: [[]] for key in ("problems", "press_problems")},
    **{key: [{}] for key in ("parts", "libraries")},
    "pages": [-1, None],
    "beside": [[]],
}


@pytest.mark.parametrize("key", [*Made.__slots__, "shared", "files"])
def test_sealed_nonsense_is_not_believed(key: str, project: Path) -> None:
    """All else in the manifest is right, so that each value is looked at."""
    text = manifest().read_text().split("\n")[1]
    assert Manifest(manifest()).files
    for value in [*VALUES, *(PROBLEMS if key.endswith("problems") else [])]:
        if any(repr(value) == repr(other) for other in PASSING.get(key, [])):
            continue
        data = json.loads(text)
        for entry in data["files"].values():
            if key in ("parts", "libraries"):
                data["shared"][entry[key]] = value
            elif key in entry:
                entry[key] = value
        if key in data:
            data[key] = value
        manifest().write_bytes(sealed(json.dumps(data)))
        assert Manifest(manifest()).files == {}, value
    assert built()[1] == ["first", "second"]


# --- what it says ---------------------------------------------------------------------------------


def test_it_claims_nothing_that_is_not_there(project: Path) -> None:
    """Whatever fails, goes or comes: each file in it has the bytes that it names."""
    built()
    assert claimed() == there()
    edit("templates/second.md.j2", "paper-cost", "paper-cots")
    assert built()[0].exit_code == 1
    assert claimed() == there()
    Path("out/second.md").unlink()
    assert built()[0].exit_code == 1
    assert claimed() == there()
    Path("out/first.html").unlink()
    built(check=True)
    Path("templates/second.md.j2").unlink()
    Path("out/second.pdf").unlink()
    assert built(formats=("md",))[0].exit_code == 0
    assert claimed() == there()
    rest = {"out/first.md", "out/first.pdf", "out/first.txt", "out/first.docx"}
    rest |= {"out/second.html", "out/second.txt", "out/second.docx"}
    assert set(claimed()) == rest


def test_what_could_not_be_written_is_not_claimed(project: Path) -> None:
    Path("out/first.md").unlink()
    Path("out/first.md").mkdir()
    assert built()[0].exit_code == 2
    written = claimed()
    assert "out/first.md" not in written
    assert all(fingerprint_of_file(name) == content for name, content in written.items())


def test_checking_leaves_it_alone(project: Path) -> None:
    before = manifest().read_bytes()
    assert built(check=True)[0].exit_code == 1
    assert manifest().read_bytes() == before


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """With every field, and text that JSON escapes."""
    problem = Problem(Location("ü\n", 3, 4), Level.WARNING, 'a "word" \\ \ud7ff', "rule", ("facts", "x"))
    made = Made("c", "i", 1, 2, {"fact x": "1"}, (problem,), "k", {"Pango": "1"}, 3, 2, (problem, problem))
    before = Manifest(tmp_path / "m.json")
    before.files = {"out/ö.md": made, "../x.pdf": made, "bare": Made("", "", 0, 0, {})}
    before.save()
    after = Manifest(tmp_path / "m.json")
    assert after.files == before.files
    assert before.content == fingerprint_of_file(str(tmp_path / "m.json"))


def test_what_the_memos_of_a_mailing_share_is_written_once(project: Path) -> None:
    (project / "templates" / "memo.md.j2").write_text(
        '---\ntitle: Memo\nstance: neutral\n---\nDear {{ recipient.name }}:\n\n{{ fact("opened") }}\n'
    )
    (project / "people.csv").write_text("name\n" + "".join(f"Ann {number}\n" for number in range(40)))
    shutil.rmtree("out")
    table = read_recipients("people.csv")
    report, typeset = built(audiences=("memo",), recipients=table)
    assert (report.exit_code, len(typeset)) == (0, 40)
    text = manifest().read_text()
    assert text.count("fact opened") == 1
    assert text.count("weasyprint") == 1
    data = json.loads(text.split("\n")[1])
    assert len(data["files"]) == 40 * len(FORMATS)
    assert claimed() == there()


def test_what_another_build_put_there_in_the_same_moment_is_not_taken_for_ours(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the bytes of other inputs; the next build of these inputs writes its own."""
    from briefing import shelf

    def overtaken(files: Mapping[Path, bytes]) -> None:
        for path in files:
            path.write_bytes(b"of the other build")

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "publish", overtaken)
        built(formats=("md",))
    report, _ = built(formats=("md",))
    assert [outcome.status for outcome in report.outcomes] == ["written", "current"]
    assert NEW in Path("out/first.md").read_text()


def test_the_style_and_the_page_are_told_apart(project: Path) -> None:
    """What moves from the end of one to the beginning of the other is a change."""
    house = Path("templates/house")
    house.mkdir()
    shipped = shipped_house()
    style, page = ((shipped / name).read_text() for name in ("brief.css", "page.html.j2"))
    (house / "brief.css").write_text(style + "\n<!-- -->")
    (house / "page.html.j2").write_text(page)
    built(formats=("html",))
    (house / "brief.css").write_text(style)
    (house / "page.html.j2").write_text("\n<!-- -->" + page)
    report, _ = built(formats=("html",))
    assert {outcome.status for outcome in report.outcomes} == {"written"}
