"""What an edit builds, why, and that it is what a build of all would have made. PDFs come from a press that counts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from presses import CountingPress

from briefing import build as building
from briefing import libraries
from briefing.build import build
from briefing.outcome import FORMATS, Report, Wish
from briefing.project import open_project
from briefing.recipients import read_recipients

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
    wished = {"audiences": AUDIENCES, "out": Path("out"), "formats": FORMATS} | wish
    return build(open_project("facts.yaml"), Wish(**wished), press), press.tickets


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
