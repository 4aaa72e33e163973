"""The HTML of a brief: its words by themselves; then in a Chromium as readers have it, under axe and the Nu checker."""

from __future__ import annotations

import base64
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import test_news
from browser import Browser, nu_messages

from briefing.cli import run

ROOT = Path(__file__).parent.parent
STRESS = ROOT / "tests" / "samples" / "screen"
ONE = '---\ntitle: One\nstance: neutral\n---\n## All\n\n{{ fact("opened") }}\n'
MANY = "---\ntitle: Many\nstance: neutral\n---\n## All\n\n" + (
    '{{ facts(tag="a")|join(" ") }}\n\n{% for f in facts(tag="b") %}\n- {{ f }}\n{% endfor %}\n\n'
    '{{ timeline(facts(tag="b"), caption="Years") }}\n'
)
REAL = ("neutral-summary", "congressional-memo", "fiscal-critique")
NAMES = (*REAL, "stress", "one", "many", "since", "redline")
SCHEMES = ("light", "dark")
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}


def many_facts() -> str:
    """A facts file of two hundred facts."""
    head = (ROOT / "tests" / "briefs" / "facts.yaml").read_text("utf-8").partition("\nfacts:\n")[0]
    fact = (
        "  in-{0}:\n    kind: event\n    date: {0}\n    label: Count {0}\n    text: The county counted in {0}.\n"
        "    cite: [{{source: {1}, quote: the count of {0}}}]\n    tags: [{2}]\n"
    )
    source = ("minutes", "paper", "study")
    return f"{head}\nfacts:\n" + "".join(
        fact.format(1801 + n, source[n % 3], "ab"[n % 2]) for n in range(200)
    )


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The real briefs, one hard on a page, one of one fact, one of two hundred, what changed, and a redline. HTML."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(STRESS, folder / "stress")
    shutil.copytree(ROOT / "templates", folder / "real" / "templates")
    shutil.copy(ROOT / "facts.yaml", folder / "real")
    for name, template in (("one", ONE), ("many", MANY)):
        (folder / name / "templates").mkdir(parents=True)
        (folder / name / "templates" / f"{name}.md.j2").write_text(template, "utf-8")
    shutil.copy(ROOT / "tests" / "briefs" / "facts.yaml", folder / "one")
    (folder / "many" / "facts.yaml").write_text(many_facts(), "utf-8")
    for project in ("real", "stress", "one", "many"):
        facts = str(folder / project / "facts.yaml")
        assert run(["build", "--format", "html", "--facts", facts, "--out", str(folder / "out"), "-q"]) == 0
    (folder / "news" / "templates").mkdir(parents=True)
    (folder / "news" / "templates" / "since.md.j2").write_text(test_news.TEMPLATE, "utf-8")
    for name, text in (("facts", test_news.NEW), ("old", test_news.OLD)):
        (folder / "news" / f"{name}.yaml").write_text(text, "utf-8")
    facts, old, out = (str(folder / path) for path in ("news/facts.yaml", "news/old.yaml", "out"))
    assert (
        run(["build", "since", "--since", old, "--format", "html", "--facts", facts, "--out", out, "-q"]) == 0
    )
    assert run(["diff", old, "--redline", "since", "--facts", facts, "--out", str(folder / "red")]) == 1
    shutil.move(folder / "red" / "since.html", folder / "out" / "redline.html")
    return {name: folder / "out" / f"{name}.html" for name in NAMES}


# ---- By itself


def test_each_citation_says_its_source_in_a_line(pages: dict[str, Path]) -> None:
    page = pages["neutral-summary"].read_text("utf-8")
    links = re.findall(r"<a\b[^>]*>\[(\d)\]</a>", page)
    assert len(links) > 100
    assert len(re.findall(r'<a\b[^>]* data-source="\[(\d)\] [^"]+" href="#[^"]+">\[\1\]</a>', page)) == len(
        links
    )
    line = (
        "[4] Congressional Research Service. U.S. Security Assistance to Ukraine (IF12040). January 3, 2024."
    )
    assert f' data-source="{line}"' in page


def test_a_hostile_source_stays_in_its_attribute_and_a_long_one_is_cut(pages: dict[str, Path]) -> None:
    page = pages["stress"].read_text("utf-8")
    lines = {html.unescape(line) for line in re.findall(r'data-source="([^"]*)"', page)}
    assert len(lines) == 3
    minutes, paper, ukrainian = sorted(lines)
    start = '[1] Town Clerk; O"Brien & Sons <clerks>. Minutes of the council, "with quotes", \'single\' ones, <script>'
    assert minutes.startswith(start)
    assert "… Middletonthatgoesonandon" in minutes
    assert len(minutes) < 360
    assert paper == "[2] Article of the local paper, outlet known, author not."
    assert ukrainian.startswith(
        "[3] Звіт про стан мосту через Дністер «після» повені, ґанок і п’ять її опор. "
    )
    assert "<script" not in page
    assert page.count("<style>") == page.count("</style>") == 1


def test_links_lead_to_something(pages: dict[str, Path]) -> None:
    for path in pages.values():
        page = path.read_text("utf-8")
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_style_for_browsers_has_the_words_of_the_margins(pages: dict[str, Path]) -> None:
    style = re.search(r"<style>(.*?)</style>", pages["stress"].read_text("utf-8"), re.DOTALL)
    assert style
    assert "string-set" not in style[1]
    assert "string(" not in style[1]
    assert '@top-right { content: "Information as of January 27, 2026";' in style[1]
    assert r'@bottom-left { content: "DRAFT _not_ for release & \22 under embargo\22  \5c 22";' in style[1]


# ---- In a browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser.running() as found:
        yield found


@pytest.mark.all
def test_the_nu_checker_finds_nothing(pages: dict[str, Path]) -> None:
    assert nu_messages(list(pages.values())) == []


# The link's colour keeps 3:1 from the words around it and 4.5:1 from the paper; 7:1 (AAA) leaves no room for both.
BEYOND = ["color-contrast-enhanced"]
# A picture's table is hidden where the picture is shown, and is looked at in the narrowest window, where it is not.
LEFT_OPEN = {"link-in-text-block", "hidden-content"}


@pytest.mark.all
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], name: str, scheme: str) -> None:
    for size in ({}, NARROWEST) if name != "many" else ({},):
        found = browser.see(pages[name], "axe", scheme=scheme, without=BEYOND, **size)
        assert found["wrong"] == []
        # What axe leaves open: the ground of what lies beyond the edge of a table that scrolls, and of a list within an
        # item (that links stand out from the words around them is a matter of the colours: tests/test_typeset.py).
        assert [one for one in found["open"] if not one["scrolls"] and one["id"] not in LEFT_OPEN] == []
        hidden = [one["html"] for one in found["open"] if one["id"] == "hidden-content"]
        assert all(html.startswith(('<div class="instead"', '<img class="picture"')) for html in hidden)
        assert found["right"] > 25


@pytest.mark.all
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_or_overlaps_at_any_width_and_size_of_letters(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    for width, text in (
        (320, 100),
        (390, 100),
        (640, 200),
        (800, 100),
        (1216, 100),
        (1280, 200),
        (1920, 100),
    ):
        found = browser.see(pages[name], "layout", width=width, text=text)
        assert found["lines"] > 20
        assert (found["sideways"], found["outside"], found["cut"], found["overlaps"]) == (0, [], [], []), (
            width
        )
        assert 16 <= found["letters"] * 100 / text <= 18


# Where the margin is wide enough for a source, and where it is not.
SIZES = {
    "wide": {"width": 1280, "height": 800},
    "narrow": {"width": 800, "height": 600},
    "narrowest": NARROWEST,
    "large letters": {"width": 1280, "height": 800, "text": 200},
}
CITATIONS = {
    "in a sentence": ("neutral-summary", "main p .cite"),
    "in a row of several": ("stress", ".bottom-line a:nth-last-of-type(2)"),
    "in a quotation": ("stress", "blockquote em .cite"),
    "in a table": ("stress", "tbody .number .cite"),
    "in the evidence": ("stress", ".evidence .detail a[data-source]"),
    "of a source": ("stress", ".descriptor a[data-source]"),
}


def check_shown(seen: list[Any], size: dict[str, int]) -> None:
    """One source is shown, whole, within the window; beside a wide page it covers nothing."""
    (one,) = seen
    box, link = one["box"], one["link"]
    assert one["source"].startswith(f"{one['name']} ")
    assert 0 <= box["left"] < box["right"] <= size["width"]
    assert 0 <= box["top"] < box["bottom"] <= size["height"]
    if size["width"] >= 1216 * size.get("text", 100) / 100:
        column = (size["width"] + 42 * 18) / 2
        assert box["left"] > column
        assert box["top"] < link["bottom"]
        assert box["bottom"] > link["top"]
    else:
        assert (box["left"], box["right"], box["bottom"]) == (0, size["width"], size["height"])
        assert box["top"] > size["height"] / 3


@pytest.mark.all
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", CITATIONS)
def test_a_citation_shows_its_source_when_it_is_pointed_at_and_when_it_has_the_focus(
    browser: Browser, pages: dict[str, Path], place: str, size: str
) -> None:
    name, selector = CITATIONS[place]
    assert browser.see(pages[name], "sources", **SIZES[size]) == []
    check_shown(browser.see(pages[name], "sources", ["point", selector], **SIZES[size]), SIZES[size])
    with_focus = browser.see(pages[name], "sources", ["tab", selector], **SIZES[size])
    check_shown(with_focus, SIZES[size])
    (one,) = with_focus
    assert one["link"]["bottom"] < one["box"]["top"] or one["link"]["right"] < one["box"]["left"]


@pytest.mark.all
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_pointer_gets_onto_the_source_which_goes_when_it_leaves(
    browser: Browser, pages: dict[str, Path], size: str
) -> None:
    page = pages["one"]
    point = ["point", "main p .cite:last-of-type"]
    (one,) = browser.see(page, "sources", point, **SIZES[size])
    box = one["box"]
    onto = ["move", round((box["left"] + box["right"]) / 2), round((box["top"] + box["bottom"]) / 2), 2000]
    assert browser.see(page, "sources", point, onto, **SIZES[size]) == [one]
    assert browser.see(page, "sources", point, onto, ["move", 2, 2, 1000], **SIZES[size]) == []


@pytest.mark.all
def test_of_two_citations_the_one_that_is_pointed_at_shows_its_source(
    browser: Browser, pages: dict[str, Path]
) -> None:
    first, second = ".bottom-line a:nth-last-of-type(2)", ".bottom-line a:nth-last-of-type(1)"
    (one,) = browser.see(pages["stress"], "sources", ["tab", first], ["point", first], ["point", second])
    assert one["name"] == "[3]"


@pytest.mark.all
def test_a_tap_shows_no_source_and_leads_to_the_evidence(browser: Browser, pages: dict[str, Path]) -> None:
    tap = ["tap", "main p .cite"]
    assert browser.see(pages["neutral-summary"], "sources", tap, touch=True, **PHONE) == []
    above, below = browser.see(pages["neutral-summary"], "focus", tap, touch=True, **PHONE)["target"]
    assert above > 0
    assert below > 0


@pytest.mark.all
def test_enter_leads_to_the_evidence_and_leaves_no_source_behind(
    browser: Browser, pages: dict[str, Path]
) -> None:
    steps = (["tab", "main p .cite"], ["press", "Enter", 1])
    assert browser.see(pages["neutral-summary"], "sources", *steps) == []
    assert min(browser.see(pages["neutral-summary"], "focus", *steps)["target"]) > 0


@pytest.mark.all
def test_a_source_that_is_shown_is_neither_read_aloud_nor_copied(
    browser: Browser, pages: dict[str, Path]
) -> None:
    selector = "main p .cite"
    for steps in ([], [["tab", selector]]):
        spoken = browser.see(pages["one"], "spoken", *steps, selector=selector)
        assert spoken.splitlines()[0] == '- link "[1]":'
        assert "Minutes" not in spoken
    copied = browser.see(pages["one"], "focus", ["tab", selector])["copied"]
    assert copied.count("Minutes of the council") == 1


@pytest.mark.all
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_focus_is_seen_and_a_table_scrolls_from_the_keyboard(
    browser: Browser, pages: dict[str, Path], scheme: str
) -> None:
    link = browser.see(pages["stress"], "focus", ["tab", "main a"], scheme=scheme)
    assert link["outline"] >= 2
    into = ["tab", ".scroll"]
    table = browser.see(
        pages["stress"], "focus", into, ["press", "ArrowRight", 3], scheme=scheme, **NARROWEST
    )
    assert 'role="region" aria-label="Table 1" tabindex="0"' in table["element"]
    assert table["outline"] >= 2
    assert table["scrolled"] > 50


@pytest.mark.all
@pytest.mark.parametrize("scheme", SCHEMES)
def test_on_paper_it_is_a_brief_with_its_margins(
    browser: Browser, pages: dict[str, Path], scheme: str
) -> None:
    for name, size in (("stress", (595, 842)), ("congressional-memo", (612, 792))):
        steps = ["point", ".cite"]
        printed = base64.b64decode(browser.see(pages[name], "paper", steps, scheme=scheme))
        document = pypdfium2.PdfDocument(printed)
        texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
        assert {tuple(round(length) for length in page.get_size()) for page in document} == {size}
        assert all(f"Page {place} of {len(texts)}" in text for place, text in enumerate(texts, start=1))
        assert texts[1].startswith("A bridge in Middleton" if name == "stress" else "U.S.–Ukraine bilateral")
        assert "Information as of January 27, 2026" in texts[1]
        assert ('DRAFT _not_ for release & "under embargo" \\22' in texts[1]) == (name == "stress")
        evidence = " ".join(texts).partition("Evidence, in order of use")[2]
        assert re.search(r"\b1\. .*\b2\. .*\b9\. ", evidence)
        assert "Back to the text" not in " ".join(texts)
        assert (
            bytes(document[0].render().buffer)[:3] == b"\xff\xff\xff"
        )  # paper, whatever the screen's colours
