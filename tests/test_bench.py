"""The benchmark measures what it says: its subjects build, both sides print the same, its table is its data."""

from __future__ import annotations

import csv
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
import yaml

from bench import projects, raw, rawinputs, typstinputs
from bench.measure import Contender, Failed, interleaved
from bench.table import Row, as_json, as_page, as_text
from briefing.build import build
from briefing.errors import Level
from briefing.house import shipped_house
from briefing.limits import DEFAULT
from briefing.outcome import Report, Wish
from briefing.pressroom import Pressroom
from briefing.project import open_project

ROWS = [
    Row("B1", "cold", "raw stack", 0.5, 1.0, target=0.65, stretch=0.5, note="3 rounds"),
    Row("B2", "two jobs", "raw stack", 0.55, 1.0, target=0.5),
    Row("B5", "nothing changed", "python -c pass", target=5.0, note="not yet available: no --for"),
    Row(
        "B6", "one fact", "raw stack", 0.1, 1.0, target=0.4, note="3 rounds", broken="2 PDFs changed, not one"
    ),
    Row("B9b", "per fact", "at 1,000", 100.0, 18.0, target=1.2, stretch=1.0, per=5),
    Row("T1", "Typst", "raw stack", 0.1, 1.0),
]


def test_text_and_json_agree() -> None:
    data = json.loads(as_json(ROWS, {"Python": "3"}, "Full run."))["rows"]
    head, *lines = as_text(ROWS).partition("\n\n")[0].splitlines()
    starts = [match.start() for match in re.finditer(r"\S+", head)]
    assert len(lines) == len(data)
    for line, row in zip(lines, data, strict=True):
        cells = [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        numbers = [row["seconds"], row["against_seconds"], row["ratio"], row["target"], row["stretch"]]
        assert [cells[0], cells[1], cells[2], cells[8]] == [
            row[k] for k in ("name", "what", "against", "verdict")
        ]
        for shown, number in zip(cells[3:8], numbers, strict=True):
            value = shown.removeprefix("≤ ")
            assert (value == "") if number is None else (float(value) == pytest.approx(number, abs=0.051))
    assert f"| {' | '.join(['B1', 'cold'])} |" in as_page(ROWS, {"Python": "3"}, "Full run.")


def test_verdicts() -> None:
    assert [row.verdict for row in ROWS] == [
        "met, stretch too",
        "missed",
        "not measured",
        "missed",
        "met",
        "",
    ]


def built(folder: Path, *formats: str) -> Report:
    with Pressroom(1, DEFAULT) as press:
        return build(open_project(str(folder / "facts.yaml")), Wish((), folder / "out", formats), press)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three briefs of the workload, built by the tool as HTML and Markdown."""
    folder = tmp_path_factory.mktemp("three")
    projects.three_briefs(folder)
    report = built(folder, "md", "html")
    assert [p for p in report.problems if p.level is Level.ERROR] == []
    assert len(report.outcomes) == 6
    return folder


@pytest.fixture(scope="module")
def stack(printed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the raw stack makes the same briefs of."""
    folder = tmp_path_factory.mktemp("raw") / "three"
    rawinputs.prepare(printed / "out", printed, shipped_house(), folder)
    return folder


def words(text: str) -> list[str]:
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"</?(?:a|em|strong)\b[^>]*>", "", text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text)).split()


def test_the_workload_is_the_one_that_targets_are_set_for(printed: Path) -> None:
    data = yaml.safe_load((printed / "facts.yaml").read_text("utf-8"))
    assert (len(data["facts"]), len(data["sources"])) == (40, 8)
    for path in (printed / "out").glob("*.html"):
        text = path.read_text("utf-8").partition("<body")[2]
        assert 970 <= len(words(text)) <= 1_170, path.name
        assert text.count("<table>") == 1


def test_the_raw_stack_prints_the_same_words(
    printed: Path, stack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(stack / "fonts.conf"))
    program = [sys.executable, raw.__file__, str(stack)]
    subprocess.run(program, check=True)
    for path in sorted((printed / "out").glob("*.html")):
        content = rawinputs.for_paper(path.read_text("utf-8")).partition("<body")[2].partition(">")[2]
        page = (stack / "out" / f"{path.stem}.md").read_text("utf-8")
        assert words(re.sub(r"^(## |- )", "", page, flags=re.MULTILINE)) == words(content)
        pdf = pypdf.PdfReader(stack / "out" / f"{path.stem}.pdf")
        assert len(pdf.pages) == 3
        assert {font["/BaseFont"][8:20] for page in pdf.pages for font in _fonts(page)} <= {
            "Source-Serif",
            "Source-Sans-",
        }


def _fonts(page: pypdf.PageObject) -> list[dict[str, str]]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_the_raw_stack_makes_a_memo_for_each_recipient(tmp_path: Path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    projects.without_recipient(one)
    projects.mailing(many, 3)
    built(one, "html")
    rawinputs.prepare(one / "out", many, shipped_house(), tmp_path / "raw")
    subprocess.run([sys.executable, raw.__file__, str(tmp_path / "raw"), "--for", "--markdown"], check=True)
    memos = {p.stem: p.read_text("utf-8") for p in (tmp_path / "raw/out/memo").glob("*.md")}
    assert sorted(memos) == ["office-0", "office-1", "office-2"]
    with open(many / projects.RECIPIENTS, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert f"For {row['name']}:" in memos[row["slug"]]
            assert projects.NAME not in memos[row["slug"]]


def test_page_references_are_those_of_the_layout() -> None:
    class Page:
        def __init__(self, *anchors: str) -> None:
            self.anchors = anchors

    text = '<p id="c-1"></p><footer>Back to the text: <a href="#c-1">1</a>, <a href="#c-2">2</a>.</footer>'
    done = raw.with_page_references(text, lambda body: [Page("c-1"), Page("c-2")])
    assert done.endswith('<footer>Cited on page <a href="#c-1">1</a>, <a href="#c-2">2</a>.</footer>')


def test_the_long_brief_builds(tmp_path: Path) -> None:
    projects.long_brief(tmp_path, 60)
    report = built(tmp_path, "md")
    assert [outcome.facts for outcome in report.outcomes] == [60]


def test_typst_gets_every_word(printed: Path, tmp_path: Path) -> None:
    typstinputs.prepare(printed / "out", tmp_path / "typst")
    document = (tmp_path / "typst/memo.typ").read_text("utf-8").replace("\\", "")
    for sentence in re.findall(r"<p>([^<>]{40,}) ", (printed / "out/memo.html").read_text("utf-8")):
        assert html.unescape(sentence) in document


def test_a_change_changes_one_thing_and_another_undoes_it(tmp_path: Path) -> None:
    projects.mailing(tmp_path, 9)
    for change, name in (
        (projects.change_fact, "facts.yaml"),
        (projects.change_recipient, projects.RECIPIENTS),
    ):
        path = tmp_path / name
        before = path.read_text("utf-8").splitlines()
        change(tmp_path)
        after = path.read_text("utf-8").splitlines()
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        change(tmp_path)
        assert path.read_text("utf-8").splitlines() == before


def test_programs_are_run_in_turns(tmp_path: Path) -> None:
    order: list[str] = []
    contenders = [
        Contender([sys.executable, "-c", ""], tmp_path, lambda name=name: order.append(name)) for name in "ab"
    ]
    taken = interleaved(2, contenders, warm=False)
    assert order == ["a", "b", "b", "a"]
    assert all(one.seconds > 0 and one.memory > 1 for one in taken)


def test_a_program_that_fails_is_no_result(tmp_path: Path) -> None:
    program = "import sys; print('no paper', file=sys.stderr); sys.exit(3)"
    with pytest.raises(Failed, match="ended with 3: no paper"):
        interleaved(1, [Contender([sys.executable, "-c", program], tmp_path)])
