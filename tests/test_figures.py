"""Figures: nothing overlaps, nothing is lost, lengths are true, and the pictures stand beside their Markdown."""

from __future__ import annotations

import datetime
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from briefing.cli import run
from briefing.dates import parse
from briefing.figures import Bar, Bars, Drawing, Event, Timeline, alternative, drawn
from briefing.figures.bars import bars
from briefing.figures.lettering import SIZE, width
from briefing.figures.scales import amounts, days
from briefing.figures.shapes import WIDTH, Label, Line, Mark, Picture
from briefing.figures.timeline import timeline
from briefing.tongues.english import AMERICAN

BRIEFS = Path(__file__).parent / "briefs"
SVG = "{http://www.w3.org/2000/svg}"

WORDS = st.lists(st.text("abcdefghijk WMil", min_size=1, max_size=14), min_size=1, max_size=14).map(
    lambda words: " ".join(" ".join(words).split()) or "x"
)
CITES = st.sampled_from(["[1]", "[1]\xa0[2]", "[1] (but see [2]; disputed)"])
DATES = st.one_of(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)).map(str),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)).map(str),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)).map(lambda day: f"{day:%Y-%m}~"),
    st.integers(1990, 2030).map(lambda year: f"{year}/.."),
    st.integers(1990, 2030).map(lambda year: f"../{year}"),
    st.integers(1990, 2030).map(lambda year: f"{year}/{year + 3}"),
)


def event(date: str, what: str = "Something happened", cites: str = "[1]") -> Event:
    read = parse(date)
    about = read.is_approximate or read.is_uncertain
    return Event(read.earliest, read.latest, "/" in date, about, AMERICAN.date(read), what, cites)


def ordered(events: Sequence[Event]) -> Timeline:
    return Timeline(tuple(sorted(events, key=lambda one: one.first or datetime.date.min)))


def box(label: Label) -> tuple[float, float, float, float]:
    wide = width(label.text, label.bold)
    left = label.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]
    return left, label.y - SIZE * 0.7, left + wide, label.y + SIZE * 0.2


def assert_clear(picture: Picture) -> None:
    """No text runs into another or out of the picture."""
    boxes = [(label, *box(label)) for label in picture.shapes if isinstance(label, Label)]
    for label, left, top, right, bottom in boxes:
        assert min(left, top) >= -0.01, label
        assert right <= WIDTH + 0.01, label
        assert bottom <= picture.height + 0.01, label
    for one, two in combinations(boxes, 2):
        apart = one[3] <= two[1] or two[3] <= one[1] or one[4] <= two[2] or two[4] <= one[2]
        assert apart, (one[0], two[0])


def words_in(picture: Picture) -> str:
    return "".join(label.text for label in picture.shapes if isinstance(label, Label)).replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(event, DATES, WORDS, CITES), min_size=1, max_size=40))
def test_a_timeline_is_clear_and_whole(events: list[Event]) -> None:
    drawing = ordered(events)
    picture = timeline(drawing, AMERICAN)
    assert_clear(picture)
    words = words_in(picture)
    for one in drawing.events:
        assert one.when.replace(" ", "") in words
        assert f"{one.what}{one.cites}".replace(" ", "") in words


def test_a_timeline_is_true_to_scale() -> None:
    """Also where events crowd: rows give way, places on the axis do not."""
    dates = ["2000-01-01", "2010-01-01", "2019-12-20", "2019-12-25", "2019-12-31", "2020-01-01"]
    picture = timeline(ordered([event(date) for date in dates]), AMERICAN)
    dots = [mark.y + mark.height / 2 for mark in picture.shapes if isinstance(mark, Mark) and mark.round]
    known = [datetime.date.fromisoformat(date) for date in dates]
    for y, day in zip(dots, known, strict=True):
        share = (day - known[0]) / (known[-1] - known[0])
        assert y == pytest.approx(dots[0] + (dots[-1] - dots[0]) * share, abs=0.01)


def test_open_approximate_and_lasting_look_different() -> None:
    """And the legend says what each look means."""
    picture = timeline(
        ordered([event("2020-05-04"), event("2021/2022"), event("2022~"), event("2023/..")]), AMERICAN
    )
    marks = [mark for mark in picture.shapes if isinstance(mark, Mark)]
    assert {(mark.round, mark.look) for mark in marks} == {
        (True, "solid"),
        (False, "solid"),
        (False, "hollow"),
    }
    arrows = [line for line in picture.shapes if isinstance(line, Line) and len(line.points) == 3]
    assert len(arrows) == 1
    assert {"on that day", "all that time", "within, or about, that time"} <= {
        label.text for label in picture.shapes if isinstance(label, Label)
    }
    plain = timeline(ordered([event("2020-05-04"), event("2021-05-04")]), AMERICAN)
    assert "on that day" not in {label.text for label in plain.shapes if isinstance(label, Label)}


AMOUNT = st.decimals(Decimal("-1e12"), Decimal("1e13"), allow_nan=False, places=2)


@st.composite
def a_bar(draw: st.DrawFn) -> Bar:
    low, high = sorted([draw(AMOUNT), draw(AMOUNT)])
    low = low if draw(st.booleans()) else high
    end = draw(st.sampled_from(["", "open", "hollow"])) if low == high else ""
    return Bar(
        draw(WORDS), draw(st.sampled_from(["over $174 billion", "−4 percent", "six"])), low, high, end, "[1]"
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(a_bar(), min_size=1, max_size=12), st.sampled_from(["USD", "percent", "meetings"]))
def test_bars_are_clear_and_whole_and_begin_at_zero(all_bars: list[Bar], unit: str) -> None:
    picture = bars(Bars(unit, tuple(all_bars)), AMERICAN)
    assert_clear(picture)
    words = words_in(picture)
    for bar in all_bars:
        assert bar.what.replace(" ", "") in words
        assert f"{bar.amount}[1]".replace(" ", "") in words
    zero = [line.points[0][0] for line in picture.shapes if isinstance(line, Line) and line.look == "axis"]
    assert len(zero) == 1
    drawn_bars = [
        mark for mark in picture.shapes if isinstance(mark, Mark) and mark.look in ("solid", "hollow")
    ]
    for bar, mark in zip(all_bars, drawn_bars, strict=True):
        assert zero[0] == pytest.approx(mark.x) or zero[0] == pytest.approx(mark.x + mark.width), bar


def test_lengths_are_in_proportion() -> None:
    def of(amount: str, high: str = "") -> Bar:
        return Bar("A", amount, Decimal(amount), Decimal(high or amount), "", "[1]")

    picture = bars(Bars("USD", (of("1000"), of("250"), of("500", "750"))), AMERICAN)
    lengths = [mark.width for mark in picture.shapes if isinstance(mark, Mark) and mark.look == "solid"]
    assert lengths == pytest.approx([lengths[0], lengths[0] / 4, lengths[0] / 2])
    whisker = next(line for line in picture.shapes if isinstance(line, Line) and line.look == "whisker")
    assert whisker.points[1][0] - whisker.points[0][0] == pytest.approx(lengths[0] / 4)


@given(AMOUNT, AMOUNT, st.integers(1, 6))
def test_round_amounts_hold_zero_and_all(one: Decimal, two: Decimal, parts: int) -> None:
    found = amounts(min(one, two), max(one, two), parts)
    assert found[0] <= min(one, two, Decimal(0))
    assert found[-1] >= max(one, two, Decimal(0))
    assert Decimal(0) in found
    assert len(found) <= parts + 3
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) <= 1
    assert all(step.normalize().as_tuple().digits in ((1,), (2,), (5,), (2, 5)) for step in steps)


@given(st.dates(datetime.date(1000, 1, 1)), st.integers(0, 400_000), st.integers(2, 12))
def test_days_on_an_axis_are_few_and_within(first: datetime.date, span: int, most: int) -> None:
    last = datetime.date.fromordinal(min(first.toordinal() + span, datetime.date.max.toordinal()))
    found = [day for day, _ in days(first, last, most)]
    assert len(found) <= most
    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)


# --- SVG ------------------------------------------------------------------------------------------------------

HOSTILE = Timeline((event("2026-01-26", '<script>alert(1)</script> & "]]>" {{ x }}'),))


@pytest.mark.parametrize("outlined", [True, False])
def test_text_is_literal(outlined: bool) -> None:
    words = alternative(HOSTILE, "a < b", AMERICAN)
    tree = ElementTree.fromstring(drawn(HOSTILE, words, AMERICAN, outlined=outlined))
    assert tree.find(f"{SVG}title").text == words  # type: ignore[union-attr]
    assert not list(tree.iter(f"{SVG}script"))
    told = "".join(text.text or "" for text in tree.iter(f"{SVG}text"))
    assert ("<script>alert(1)</script>" in told) is not outlined


def test_letters_are_outlines_where_fonts_may_be_missing() -> None:
    """Those that the fonts have; where letters act on each other, it stays text for whoever can set it."""
    cyrillic = Timeline((event("2026-01-26", "Міст відкрито, ₴5 €"),))
    tree = ElementTree.fromstring(drawn(cyrillic, "x", AMERICAN, outlined=True))
    assert not list(tree.iter(f"{SVG}text"))
    ids = [path.get("id") for path in tree.iter(f"{SVG}path")]
    assert len(ids) == len(set(ids))
    uses = {use.get("href") for use in tree.iter(f"{SVG}use")}
    assert uses == {f"#{id}" for id in ids}
    arabic = ElementTree.fromstring(drawn(Timeline((event("2026", "جسر"),)), "x", AMERICAN, outlined=True))
    assert [text.text for text in arabic.iter(f"{SVG}text")] == ["جسر [1]"]


def test_ids_do_not_depend_on_what_is_drawn() -> None:
    one, two = (
        drawn(Timeline((event("2026-01-26", what),)), "x", AMERICAN, outlined=True)
        for what in ("Bridge", "Ridge B")
    )

    def letters(svg: str) -> dict[str, str]:
        return dict(re.findall(r'<path id="(\w+)" d="([^"]*)"', svg))

    both = letters(one).keys() & letters(two).keys()
    assert len(both) > 4
    assert all(letters(one)[id] == letters(two)[id] for id in both)


def test_a_picture_says_in_words_what_it_shows() -> None:
    drawing: Drawing = Timeline(
        (event("2026-01-26", "Bridge closed"), event("2026-02", "Bridge opened", "[2]"))
    )
    assert alternative(drawing, "The bridge", AMERICAN) == (
        "Timeline: The bridge. January 26, 2026: Bridge closed [1]; February 2026: Bridge opened [2]."
    )
    drawing = Bars("USD", (Bar("Repair", "over $2 million", Decimal(2), Decimal(2), "open", "[1]"),))
    assert alternative(drawing, "", AMERICAN) == "Bar chart. Repair: over $2 million [1]."


# --- in briefs ------------------------------------------------------------------------------------------------

NOTE = """---
title: Note
stance: advocacy
---
## When

{{ timeline(facts(tag="milestone"), caption="The bridge") }}

{{ fact("unsafe") }}

## How much

{{ bars(fact("paper-cost"), caption="Cost of the repair") }}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "templates").mkdir()
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates" / "note.md.j2").write_text(NOTE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def pictures(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.svg"))


def test_pictures_stand_beside_the_markdown(project: Path) -> None:
    assert run(["build", "--format", "md", "-q"]) == 0
    assert pictures(project / "out") == ["note.figure-1.svg", "note.figure-2.svg"]
    text = (project / "out" / "note.md").read_text(encoding="utf-8")
    for name, what in (("note.figure-1.svg", "Timeline"), ("note.figure-2.svg", "Bar chart")):
        assert f"![{what} of the table below]({name})" in text
    assert "| Repair, as the paper has it | $2 million to $3 million | [2] |" in text


def test_a_picture_is_built_anew_like_any_output(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = project / "out" / "note.figure-1.svg"
    assert run(["build", "--format", "md", "-q"]) == 0
    first = picture.read_bytes()
    picture.write_text("mine")
    assert run(["build", "--format", "md", "--check"]) == 1
    assert run(["build", "--format", "md"]) == 0
    assert "out/note.figure-1.svg  written  was changed by hand" in capsys.readouterr().out
    assert picture.read_bytes() == first
    picture.unlink()
    assert run(["build", "--format", "md", "-q"]) == 0
    assert picture.read_bytes() == first
    edited(project / "facts.yaml", "label: Bridge opened", "label: Bridge was opened")
    assert run(["build", "--format", "md", "-q"]) == 0
    assert b"Bridge was opened" in picture.read_bytes()
    assert run(["build", "--format", "md", "--check", "-q"]) == 0


def test_a_picture_that_belongs_to_nothing_any_more_goes_unless_it_was_changed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", "--format", "md", "-q"]) == 0
    template = project / "templates" / "note.md.j2"
    edited(
        template, '{{ bars(fact("paper-cost"), caption="Cost of the repair") }}', '{{ fact("paper-cost") }}'
    )
    assert run(["build", "--format", "md", "-q"]) == 0
    assert pictures(project / "out") == ["note.figure-1.svg"]
    edited(template, '{{ timeline(facts(tag="milestone"), caption="The bridge") }}', '{{ fact("safe") }}')
    (project / "out" / "note.figure-1.svg").write_text("mine")
    assert run(["build", "--format", "md", "-q"]) == 0
    assert (project / "out" / "note.figure-1.svg").read_text() == "mine"
    capsys.readouterr()
    assert run(["build", "--format", "md", "--check"]) == 1
    assert "no figure of the brief is this file; delete it" in capsys.readouterr().out


def test_each_memo_of_a_mailing_finds_its_pictures(project: Path) -> None:
    (project / "people.csv").write_text("name\nAnn Lee\nBo Ek\n")
    assert run(["build", "note", "--for", "people.csv", "--format", "md", "-q"]) == 0
    for slug in ("ann-lee", "bo-ek"):
        text = (project / "out" / "note" / f"{slug}.md").read_text(encoding="utf-8")
        for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text):
            assert (project / "out" / "note" / name).is_file()
    assert len(pictures(project / "out" / "note")) == 4


def test_in_pdf_and_html_the_picture_speaks_and_its_sources_are_links(project: Path) -> None:
    assert run(["build", "--format", "pdf,html", "-q"]) == 0
    reader = PdfReader(project / "out" / "note.pdf")
    told = [str(one) for one in alternatives(reader.trailer["/Root"]["/StructTreeRoot"])]
    text = (project / "out" / "note.html").read_text(encoding="utf-8")
    for begin in (
        "Timeline: The bridge. 1931: Bridge opened [1] [3];",
        "Bar chart: Cost of the repair. Repair",
    ):
        assert [one for one in told if one.startswith(begin)]
        assert f'alt="{begin}' in text
    assert len(re.findall(r'src="data:image/svg\+xml;base64,', text)) == 2
    ids = set(re.findall(r' id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids
    assert re.search(r'<p class="drawn-from">Sources:\xa0<a class="cite" id="c-1"', text)


def alternatives(node: object) -> list[object]:
    """The text alternatives in a tree of structure."""
    found: list[object] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found += [one["/Alt"]] if "/Alt" in one else []
            waiting += [one["/K"]] if "/K" in one else []
    return found


def test_what_has_no_room_on_a_page_is_a_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = "".join(
        f"  milestone-{n}:\n    kind: event\n    date: {1900 + n}\n    label: Event {n}\n"
        f"    text: Event {n} happened in {1900 + n}.\n    cite: [minutes]\n    tags: [milestone]\n"
        for n in range(45)
    )
    facts = (project / "facts.yaml").read_text(encoding="utf-8")
    (project / "facts.yaml").write_text(facts + more, encoding="utf-8")
    assert run(["build", "--format", "md", "-v"]) == 0
    assert "[template-figure-size]" in capsys.readouterr().err
    assert pictures(project / "out") == ["note.figure-1.svg"]
    assert "| 1944 | Event 44 | [1] |" in (project / "out" / "note.md").read_text(encoding="utf-8")
