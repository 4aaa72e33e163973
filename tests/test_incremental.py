"""What an edit builds, why, and that it is what a build of all would have made. PDFs come from a press that counts."""

from __future__ import annotations

import functools
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from presses import CountingPress

from briefing import build as building
from briefing import ingredients, libraries
from briefing import project as opening
from briefing.build import build
from briefing.fingerprint import fingerprint_of_file
from briefing.manifest import Manifest
from briefing.outcome import FORMATS, Report, Wish
from briefing.project import open_project
from briefing.recipients import read_recipients

pytestmark = pytest.mark.extra("docx")  # every format is built

BRIEFS = Path(__file__).parent / "briefs"
HOUSE = Path(__file__).parent.parent / "templates" / "house"
FILES = {
    "templates/cost.md.j2": '---\ntitle: Cost\nstance: neutral\n---\n## Cost\n{{ fact("repair-cost") }}\n',
    "templates/open.md.j2": (
        '---\ntitle: Open\n---\n{% extends "base.md.j2" %}\n{% block body %}\n## One\n'
        '{{ fact("opened") }}\n\n{% include "parts/part.md.j2" %}\n{% endblock %}\n'
    ),
    "templates/base.md.j2": (
        "---\ntitle: Base\nstance: neutral\n---\n## To begin with\n\n{% block body %}{% endblock %}\n"
    ),
    "templates/parts/part.md.j2": (
        '## Two\n{{ fact("done-by") }}\n\n{{ fact("weight-limit") }}\n\n{{ fact("count-right") }}\n'
    ),
    "templates/year.md.j2": '---\ntitle: Year\nstance: neutral\n---\n{{ fact("repair-a-year") }}\n',
    "templates/memo.md.j2": (
        '---\ntitle: Memo\nstance: neutral\n---\nDear {{ recipient.name }}:\n\n{{ fact("opened") }}\n'
    ),
    "templates/house/brief.css": (HOUSE / "brief.css").read_text(),
    "templates/house/page.html.j2": (HOUSE / "page.html.j2").read_text(),
    "people.csv": "name,office\nAnn Lee,Room 1\nBo Ray,Room 2\n",
}
AUDIENCES = ("cost", "open", "year")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three audiences, of which all is built, and a mailing; the working folder."""
    folder = tmp_path / "project"
    for name, text in FILES.items():
        write(folder / name, text)
    shutil.copy(BRIEFS / "facts.yaml", folder)
    monkeypatch.chdir(folder)
    # `study` is two steps below the source of `done-by`.
    edit("facts.yaml", "    consulted: false\n", "    consulted: false\n    derived_from: [study]\n")
    assert built()[0].exit_code == 0
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text, old
    Path(path).write_text(text.replace(old, new, 1))


def built(press: CountingPress | None = None, **wish: Any) -> tuple[Report, list[str]]:
    """What a build in the working folder reports, and what it typeset."""
    press = press or CountingPress()
    project = wish.pop("project", None) or open_project("facts.yaml")
    wished = {"audiences": AUDIENCES, "out": Path("out"), "formats": FORMATS} | wish
    return build(project, Wish(**wished), press), press.tickets


def mailed(press: CountingPress | None = None) -> tuple[Report, list[str]]:
    return built(press, audiences=("memo",), recipients=read_recipients("people.csv"))


def reasons(report: Report) -> dict[str, str]:
    """Why each file that was written was."""
    return {str(one.path): one.why for one in report.outcomes if one.status != "current"}


# --- what an edit builds --------------------------------------------------------------------------

QUIET: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "a comment in the facts": lambda: edit("facts.yaml", "facts:\n", "# a remark\nfacts:\n"),
    "a comment on a fact that is used": lambda: edit("facts.yaml", "  opened:\n", "  opened: # a remark\n"),
    "the order of a fact's keys": lambda: edit(
        "facts.yaml", "    kind: event\n    date: 1931\n", "    date: 1931\n    kind: event\n"
    ),
    "the order of a source's keys": lambda: edit(
        "facts.yaml", "    type: report\n    level: primary\n", "    level: primary\n    type: report\n"
    ),
    "the order of keys in a citation": lambda: edit(
        "facts.yaml", "source: minutes, quote: opened in 1931,", "quote: opened in 1931, source: minutes,"
    ),
    "the order of the people": lambda: edit(
        "facts.yaml",
        "  mayor: {name: Mayor Ann Lee, short: Lee}\n  the-paper: {name: the local paper, short: the paper}\n"
        "  office: {name: the drafting office, short: the office}\n  council: {name: the Middleton council}\n",
        "  council: {name: the Middleton council}\n  office: {name: the drafting office, short: the office}\n"
        "  the-paper: {name: the local paper, short: the paper}\n  mayor: {name: Mayor Ann Lee, short: Lee}\n",
    ),
    "the order of the sections": lambda: Path("facts.yaml").write_text(
        re.sub(r"(?ms)^(people:.*?)^(sources:.*?)^facts:", r"\2\1facts:", Path("facts.yaml").read_text())
    ),
    "the text of a fact that no brief uses": lambda: edit("facts.yaml", "The bridge fell in", "It fell in"),
    "how a text is broken into lines": lambda: edit(
        "facts.yaml", "    text: The bridge opened in 1931.", "    text: >\n      The bridge\n      opened in 1931."
    ),
    "a comment within a line of a template": lambda: edit("templates/open.md.j2", "## One", "{# a remark #}## One"),
    "a comment on a line of its own": lambda: edit("templates/open.md.j2", "## One\n", "{# a remark #}\n## One\n"),
    "a comment of several lines": lambda: edit(
        "templates/parts/part.md.j2", "## Two", "  {# a remark,\n and more #}\n## Two"
    ),
    "a comment at a template's end": lambda: edit(
        "templates/cost.md.j2", '{{ fact("repair-cost") }}\n', '{{ fact("repair-cost") }}\n{# a remark #}\n'
    ),
    "a template that no brief uses": lambda: write(Path("templates/parts/other.md.j2"), "Other\n"),
}  # fmt: skip


@pytest.mark.parametrize("change", QUIET)
def test_what_no_reader_can_see_typesets_nothing(change: str, project: Path) -> None:
    QUIET[change]()
    report, typeset = built()
    assert typeset == []
    assert reasons(report) == {}
    assert report.exit_code == 0


def test_a_changed_fact_builds_the_briefs_that_use_it(project: Path) -> None:
    edit("facts.yaml", "may use the bridge.", "may use it.")
    edit("facts.yaml", "The bridge opened in 1931.", "It opened in 1931.")
    report, typeset = built()
    assert typeset == ["open"]
    assert reasons(report) == {
        f"out/open.{end}": "fact opened changed; fact weight-limit changed" for end in FORMATS
    }
    edit("facts.yaml", "{over: 1.5e6,", "{over: 1.6e6,")
    assert built()[1] == ["cost", "year"]


def test_a_project_behind_a_link_is_remembered(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`link/..` is where the link leads to, not where it stands; the output folder is outside the project."""
    (tmp_path / "deep").mkdir()
    project.rename(tmp_path / "deep" / "er")
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to("deep/er")
    wish = {"out": Path("o"), "audiences": ("open", "cost")}
    assert built(project=open_project("link/facts.yaml"), **wish)[1] == ["open", "cost"]
    edit("link/facts.yaml", "facts:\n", "# a remark\nfacts:\n")
    assert built(project=open_project("link/facts.yaml"), **wish)[1] == []


@pytest.mark.parametrize("format", FORMATS)
def test_an_output_that_was_edited_or_deleted_is_built_anew(format: str, project: Path) -> None:
    path = Path(f"out/open.{format}")
    right = path.read_bytes()
    path.write_bytes(right[:-1] + b"?")
    report, typeset = built()
    assert reasons(report) == {str(path): "was changed by hand"}
    assert path.read_bytes() == right
    path.unlink()
    report, again = built()
    assert reasons(report) == {str(path): "is missing"}
    assert path.read_bytes() == right
    assert typeset == again == (["open"] if format == "pdf" else [])


# --- why ------------------------------------------------------------------------------------------

WHY: dict[str, tuple[str, str, str, str, str]] = {
    # path, old, new → the file that is built anew, and why
    "fact": ("facts.yaml", "opened in 1931.\n", "was opened in 1931.\n", "open.md", "fact opened changed"),
    "quantity": ("facts.yaml", "{over: 1.5e6", "{over: 1.7e6", "cost.md", "fact repair-cost changed"),
    "the fact that a computed one rests on": (
        "facts.yaml", "label: Repair\n", "label: The repair\n", "year.md", "fact repair-cost changed",
    ),
    "source": ("facts.yaml", "Minutes of the", "Records of the", "cost.md", "source minutes changed"),
    "the source of a source's source": (
        "facts.yaml", "for the county", "for a county", "open.pdf", "source study changed",
    ),
    "person of a fact": ("facts.yaml", "Mayor Ann Lee", "Mayor Bo Lee", "open.md", "person mayor changed"),
    "template": ("templates/open.md.j2", "## One", "## Two", "open.md", "template templates/open.md.j2 changed"),
    "included template": (
        "templates/parts/part.md.j2", "## Two", "## Three", "open.md",
        "template templates/parts/part.md.j2 changed",
    ),
    "extended template": (
        "templates/base.md.j2", "To begin with", "At first", "open.md", "template templates/base.md.j2 changed",
    ),
    "style": ("templates/house/brief.css", "{", " {", "open.pdf", "the style changed"),
    "page template": ("templates/house/page.html.j2", "<body", "<body ", "open.html", "the page template changed"),
    "contract": (
        "templates/cost.md.j2", "title: Cost", "title: Costs", "cost.md",
        "template templates/cost.md.j2 changed; the contract changed",
    ),
    "title": ("facts.yaml", "The bridge at Middleton", "A bridge", "cost.md", "the file's title changed"),
    "as_of": ("facts.yaml", "as_of: 2026-01-27", "as_of: 2026-01-26", "cost.md", "as_of changed"),
    "one more fact": (
        "facts.yaml", "facts:\n",
        "facts:\n  more:\n    kind: event\n    date: 1932\n    text: It was painted.\n    cite: [minutes]\n",
        "cost.md", "the number of facts on file changed",
    ),
    "facts that come and go": (
        "templates/cost.md.j2", "repair-cost", "opened", "cost.md",
        "template templates/cost.md.j2 changed; fact opened is new; source study is new; and 1 more",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WHY)
def test_the_build_says_why(what: str, project: Path) -> None:
    path, old, new, output, why = WHY[what]
    edit(path, old, new)
    report, typeset = built()
    assert report.exit_code == 0, report.problems
    assert reasons(report)[f"out/{output}"] == why
    assert output.partition(".")[0] in typeset
    assert built()[1] == []


def test_a_style_is_seen_in_no_markdown(project: Path) -> None:
    edit("templates/house/brief.css", "{", " {")
    report, typeset = built()
    assert typeset == list(AUDIENCES)
    assert {Path(path).suffix for path in reasons(report)} == {".pdf", ".html"}


def test_a_row_builds_one_memo_and_says_why(project: Path) -> None:
    assert sorted(mailed()[1]) == ["memo/ann-lee", "memo/bo-ray"]
    edit("people.csv", "Bo Ray,Room 2", "BO RAY,Room 2")
    report, typeset = mailed()
    assert typeset == ["memo/bo-ray"]
    assert set(reasons(report).values()) == {"the recipient's row changed"}
    edit("people.csv", "Room 1", "Room 11")  # no memo prints it
    assert mailed()[1] == []


def test_other_libraries_and_another_program_are_a_reason(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When they draw another PDF; when they draw the same one, nothing is written."""
    monkeypatch.setattr(libraries, "of_pdf", lambda: {"Pango": "1.0"})
    built()
    monkeypatch.setattr(libraries, "of_pdf", lambda: {"Pango": "2.0"})
    report, typeset = built()
    assert (typeset, reasons(report)) == (list(AUDIENCES), {})
    monkeypatch.setattr(libraries, "of_pdf", lambda: {"Pango": "3.0"})
    report, typeset = built(CountingPress("another ink"))
    assert typeset == list(AUDIENCES)
    assert reasons(report) == {f"out/{name}.pdf": "Pango 2.0, now 3.0" for name in AUDIENCES}
    monkeypatch.setattr(building, "fingerprint_of_program", lambda: "another")
    plain = ingredients.short  # the other program has another class for a fact
    monkeypatch.setattr(
        ingredients, "short", lambda *parts: plain(*(p.replace("Fact(", "F(") for p in parts))
    )
    report, typeset = built()
    assert typeset == list(AUDIENCES)
    assert reasons(report) == {f"out/{name}.pdf": "briefing itself changed" for name in AUDIENCES}


def test_force_believes_nothing(project: Path) -> None:
    report, typeset = built(force=True)
    assert typeset == list(AUDIENCES)
    assert reasons(report) == {}


# --- checking -------------------------------------------------------------------------------------


def snapshot() -> dict[str, tuple[bytes | None, int, int]]:
    """Every file and folder below this one: its bytes, its inode, and when it was last written."""
    return {
        str(path): (
            path.read_bytes() if path.is_file() else None,
            path.stat().st_ino,
            path.stat().st_mtime_ns,
        )
        for path in sorted((Path(), *Path().rglob("*")))
    }


def test_checking_writes_nothing_at_all(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def checked() -> int:
        before = snapshot()
        report, _ = built(check=True)
        assert snapshot() == before
        return report.exit_code

    # What a killed build left stays, too: sweeping is writing.
    for folder in ("out", ".briefing"):
        Path(folder, ".x.0123456789abcdef.part").write_text("")
    assert checked() == 0
    edit("facts.yaml", "facts:\n", "# a remark\nfacts:\n")
    assert checked() == 0
    edit("facts.yaml", "The bridge opened", "It opened")
    assert checked() == 1
    Path("out/open.pdf").write_text("edited")
    assert checked() == 1
    shutil.rmtree("out")
    assert checked() == 1
    shutil.rmtree(".briefing")
    assert checked() == 1


def test_checking_tells_other_libraries_from_out_of_date(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(libraries.of_pdf())
    monkeypatch.setattr(libraries, "of_pdf", lambda: before | {"Pango": "9.9"})
    report, typeset = built(check=True)
    assert (report.exit_code, typeset) == (0, [])
    said = {one.path.name: (one.status, one.why) for one in report.outcomes}
    assert said["open.pdf"] == ("current", f"up to date; made with Pango {before['Pango']}, now 9.9")
    assert said["open.md"] == ("current", "up to date")
    edit("facts.yaml", "The bridge opened", "It opened")
    report, typeset = built(check=True)
    assert report.exit_code == 1
    said = {one.path.name: (one.status, one.why) for one in report.outcomes}
    assert said["open.pdf"] == ("stale", f"Pango {before['Pango']}, now 9.9; fact opened changed")
    assert said["open.md"] == ("stale", "fact opened changed")
    assert said["cost.pdf"][0] == "current"


# --- long series of edits -------------------------------------------------------------------------

STEPS = 120
PARAGRAPHS = (
    '{{ fact("opened") }}',
    '{{ fact("repair-cost") }}',
    '{{ fact("repair-a-year") }}',
    '{{ fact("done-by") }}',
    '{% include "parts/part.md.j2" %}',
    '{% for one in facts(tag="milestone") %}\n{{ one }}\n\n{% endfor %}',
    '{{ timeline(facts(kind="event")) }}',
    '{{ table(facts(tag="computed"), quantity="year") }}',
    "{# a remark #}",
)
CHAIN = '---\ntitle: {title}\n---\n{{% extends "base.md.j2" %}}\n{{% block body %}}\n## One\n{body}\n{{% endblock %}}\n'


class Desk:
    """Somebody who edits the project in the working folder, at random; each edit is named by what it is about."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.head, self.facts = self.read(Path("facts.yaml").read_text())
        self.audiences = list(AUDIENCES)
        self.rows = ["Ann Lee,Room 1", "Bo Ray,Room 2"]
        self.formats = FORMATS
        self.number = 0

    @staticmethod
    def read(text: str) -> tuple[str, dict[str, str]]:
        head, _, facts = text.partition("\nfacts:\n")
        entries = re.findall(r"(?m)^  ([a-z-]+):\n((?:    .*\n|  #.*\n)+)", facts)
        return head, dict(entries)

    def edit(self) -> str:
        self.number += 1
        edits = [value for name, value in vars(Desk).items() if name.startswith("edit_")]
        chosen = self.dice.choice(edits)
        chosen(self)
        facts = "".join(f"  {id}:\n{entry}" for id, entry in self.facts.items())
        Path("facts.yaml").write_text(f"{self.head}\nfacts:\n{facts}")
        Path("people.csv").write_text("name,office\n" + "\n".join(self.rows) + "\n")
        return str(chosen.__name__)

    def some_fact(self) -> str:
        return self.dice.choice(list(self.facts))

    def edit_a_text(self) -> None:
        id = self.some_fact()
        self.facts[id] = re.sub(
            r"\.(?= ?\n|$)", f" again{'.' if self.dice.random() < 0.5 else '!'}", self.facts[id], count=1
        )

    def edit_a_used_text(self) -> None:
        self.facts["opened"] = re.sub(
            "text: .*", f"text: The bridge opened, it is said {self.number}.", self.facts["opened"]
        )

    def edit_a_quantity(self) -> None:
        if "repair-cost" in self.facts:
            amount = f"over: {self.dice.randrange(12, 19) / 10}e6"
            self.facts["repair-cost"] = re.sub(r"over: [\d.]+e6", amount, self.facts["repair-cost"])

    def edit_the_order(self) -> None:
        entries = list(self.facts.items())
        one, other = (self.dice.randrange(len(entries)) for _ in range(2))
        entries.insert(one, entries.pop(other))
        self.facts = dict(entries)

    def edit_the_order_of_keys(self) -> None:
        id = self.some_fact()
        parts = re.split(r"(?m)^(?=    [a-z])", self.facts[id])
        self.facts[id] = "".join(reversed(parts))

    def edit_in_a_fact(self) -> None:
        tag = "tags: [milestone]" if self.dice.random() < 0.5 else "tags: [none]"
        self.facts[f"new-{chr(97 + self.number % 26)}"] = (
            f"    kind: event\n    date: {1900 + self.number}\n    text: It was painted.\n"
            f"    cite: [minutes]\n    {tag}\n"
        )

    def edit_out_a_fact(self) -> None:
        """What rests on it fails, until it comes back."""
        id = self.some_fact()
        if id != "opened":
            self.facts.pop(id)
        if len(self.facts) < 20:
            self.facts = self.read((BRIEFS / "facts.yaml").read_text())[1]

    def edit_a_comment(self) -> None:
        self.facts[self.some_fact()] += "  # a remark\n"

    def edit_a_source(self) -> None:
        self.head = re.sub(
            "title: Minutes.*", f"title: Minutes of the council, part {self.number}", self.head
        )

    def edit_a_person(self) -> None:
        self.head = re.sub(
            "name: Mayor [A-Z][a-z]+", f"name: Mayor {self.dice.choice(('Ann', 'Bo', 'Cy'))}", self.head
        )

    def edit_a_template(self) -> None:
        body = "\n\n".join(self.dice.sample(PARAGRAPHS, self.dice.randrange(1, 5)))
        title = self.dice.choice(("Cost", "Open", "Year"))
        write(Path(f"templates/{self.dice.choice(AUDIENCES)}.md.j2"), CHAIN.format(title=title, body=body))

    def edit_a_part(self) -> None:
        id = self.dice.choice(("done-by", "weight-limit", "opened"))
        write(Path("templates/parts/part.md.j2"), f'## Two\n{{{{ fact("{id}") }}}}\n')

    def edit_the_base(self) -> None:
        write(
            Path("templates/base.md.j2"),
            FILES["templates/base.md.j2"].replace("To begin", f"{self.number}: to begin"),
        )

    def edit_the_style(self) -> None:
        edit("templates/house/brief.css", "{", "{ " if self.dice.random() < 0.5 else "{\n")

    def edit_the_page(self) -> None:
        edit("templates/house/page.html.j2", "<body", "<body ")

    def outputs(self) -> list[Path]:
        return sorted(path for path in Path("out").rglob("*.*") if path.is_file())

    def edit_an_output(self) -> None:
        if found := self.outputs():
            path = self.dice.choice(found)
            path.write_bytes(path.read_bytes() + b" ")

    def edit_out_an_output(self) -> None:
        if found := self.outputs():
            self.dice.choice(found).unlink()

    def edit_the_formats(self) -> None:
        self.formats = tuple(self.dice.sample(FORMATS, self.dice.randrange(1, 4)))

    def edit_the_audiences(self) -> None:
        self.audiences = self.dice.sample(AUDIENCES, self.dice.randrange(1, 4))

    def edit_a_row(self) -> None:
        place = self.dice.randrange(len(self.rows))
        self.rows[place] = f"Bo {chr(65 + self.number % 26)},Room {self.number}"
        self.rows = list(dict.fromkeys(self.rows))

    def edit_the_rows(self) -> None:
        if len(self.rows) > 2:
            self.rows.pop(self.dice.randrange(len(self.rows)))
        else:
            self.rows.insert(0, f"Cy {chr(65 + self.number % 26)},Room 1")
        self.rows = list({row.partition(",")[0]: row for row in self.rows}.values())

    def edit_the_manifest(self) -> None:
        path = Path(".briefing/manifest.json")
        data = path.read_bytes()
        path.write_bytes(data[: self.dice.randrange(len(data) + 1)])

    def edit_nothing(self) -> None:
        pass


def right(report: Report) -> dict[str, str]:
    """What each file is that was built or believed, or that it failed."""
    return {
        str(one.path): one.status if one.status == "failed" else fingerprint_of_file(str(one.path))
        for one in report.outcomes
    }


def test_a_long_series_of_edits_leaves_what_clean_builds_make(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each edit, beside a build in a folder that holds the inputs alone."""
    monkeypatch.setattr(building, "fingerprint_of_program", lambda: "the same all along")
    # What takes half the time, and is always the same: the house's words, and waiting for a disk.
    monkeypatch.setattr(opening, "read_loaded_words", functools.cache(opening.read_loaded_words))
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    desk = Desk(20261125)
    mailed()
    typeset, failed, seen = 0, 0, set()
    for number in range(STEPS):
        what = desk.edit()
        seen.add(what)

        def every(desk: Desk = desk) -> Iterator[tuple[Report, list[str]]]:
            shared = {"project": open_project("facts.yaml"), "formats": desk.formats}
            yield built(audiences=desk.audiences, **shared)
            if desk.number % 2:
                yield built(audiences=("memo",), recipients=read_recipients("people.csv"), **shared)

        made = list(every())
        clean = tmp_path / f"clean-{number}"
        shutil.copytree(project, clean, ignore=shutil.ignore_patterns("out", ".briefing"))
        with chdir(clean):
            anew = list(every())
            expected = [right(report) for report, _ in anew]
        assert [right(report) for report, _ in made] == expected, (number, what)
        for (report, jobs), (other, all_jobs) in zip(made, anew, strict=True):
            assert report.exit_code == other.exit_code, (number, what)
            assert set(jobs) <= set(all_jobs)
            typeset += len(jobs)
            failed += any(one.status == "failed" for one in report.outcomes)
        for name, entry in Manifest(Path(".briefing/manifest.json")).files.items():
            assert name in desk_files(), (number, what, name)
            assert entry.content
        shutil.rmtree(clean)
    # The series is worth its time: much was built, much was believed, and something failed.
    assert len(seen) == sum(name.startswith("edit_") for name in vars(Desk))
    assert 30 < typeset < 300
    assert 0 < failed < STEPS


def desk_files() -> set[str]:
    return {str(path) for path in Path("out").rglob("*.*")}


def test_a_short_series_through_the_program_itself(project: Path, tmp_path: Path) -> None:
    """With PDFs that are typeset, and each build called twice: the second is answered by its stamp."""
    shutil.rmtree("out")
    shutil.rmtree(".briefing")
    program = [Path(sys.executable).with_name("briefing"), "build", "cost", "--format", "md,pdf"]

    def call(*more: str) -> str:
        return subprocess.run([*program, *more], capture_output=True, text=True, check=True).stdout

    def outputs(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}

    edits: list[tuple[Callable[[], object], set[str]]] = [
        (lambda: None, {"cost.md", "cost.pdf"}),
        (lambda: edit("facts.yaml", "facts:\n", "# a remark\nfacts:\n"), set()),
        (lambda: edit("facts.yaml", "{over: 1.5e6", "{over: 1.6e6"), {"cost.md", "cost.pdf"}),
        (lambda: edit("templates/house/brief.css", "", "* { color: #123 }\n"), {"cost.pdf"}),
        (lambda: Path("out/cost.pdf").write_bytes(b"%PDF-1.7"), {"cost.pdf"}),
    ]
    for number, (change, expected) in enumerate(edits):
        change()
        said = call()
        written = {line.split()[0] for line in said.splitlines() if line.split()[1] == "written"}
        assert {Path(path).name for path in written} == expected
        again = call()
        assert again.count("up to date") == 2
        if number < 3:  # a clean build costs most
            continue
        clean = tmp_path / f"clean-{number}"
        shutil.copytree(project, clean, ignore=shutil.ignore_patterns("out", ".briefing"))
        subprocess.run([*program, "-q"], cwd=clean, check=True)
        assert outputs(clean) == outputs(project)
