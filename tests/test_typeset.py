"""What a reader of the PDF sees, and what making it must never do."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from briefing.carried import Attachment, Carried
from briefing.errors import BriefingError, Level, Location
from briefing.typeset import Page, Typeset, page_html, typeset
from briefing.weasyimport import check_fonts

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "templates" / "house"
SAMPLE = ROOT / "tests" / "samples" / "page-body.html"
CSS = (HOUSE / "brief.css").read_text("utf-8")
TEMPLATE = (HOUSE / "page.html.j2").read_text("utf-8")
HEADER = "<header class='frame'><h1>Brief</h1></header>"
SOURCES = "<section class='appendix' id='sources'><h2>Sources</h2>"
N = "\N{NO-BREAK SPACE}"


def sample() -> Page:
    """The sample. `{pages c-1 c-7}` in it becomes `pages 1, 2`, each a link to the first citation there."""
    header, main, sources = re.split(r"(?=<main>|<section class=\"appendix\")", SAMPLE.read_text("utf-8"))
    return brief(main, sources, header=header, title="The Halden–Verro power link", author="Policy Analysis")


def brief(
    body: str,
    sources: str = "",
    *,
    header: str = HEADER,
    title: str = "Brief",
    author: str = "",
    lang: str = "en",
) -> Page:
    def appendix(pages: Mapping[str, tuple[int, ...]]) -> str:
        def named(refs: re.Match[str]) -> str:
            first: dict[int, str] = {}
            for anchor in refs[2].split():
                for number in pages.get(anchor, ()):
                    first.setdefault(number, anchor)
            if not first:
                return f"{refs[1]}lace <a href='#{refs[2].split()[0]}'>1</a>"
            links = ", ".join(f'<a href="#{anchor}">{number}</a>' for number, anchor in sorted(first.items()))
            return f"{refs[1]}age{'s' * (len(first) > 1)}{N}{links}"

        return re.sub(r"\{([Pp])ages ([^}]*)\}", named, sources)

    return Page(
        lang=lang,
        title=title,
        running_title=title,
        description="What has been agreed. Neutral brief.",
        as_of="2026-01-27",
        as_of_words="Information as of January 27, 2026",
        author=author,
        header=header,
        body=body if "<main>" in body else f"<main>{body}</main>",
        appendix=appendix,
        page_of=("Page", "of"),
    )


def made(page: Page, css: str = CSS, **options: Any) -> Typeset:
    return typeset(page, css=css, page_template=TEMPLATE, fonts=HOUSE / "fonts", **options)


def refusal(page: Page, css: str = CSS, **options: Any) -> str:
    with pytest.raises(BriefingError) as caught:
        made(page, css, **options)
    return str(caught.value)


def lines(pdf: bytes) -> list[list[str]]:
    """The lines of text on each page, with spaces evened out."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return [[" ".join(line.replace(N, " ").split()) for line in text.splitlines()] for text in texts]


def text(pdf: bytes) -> str:
    return " ".join(" ".join(itertools.chain.from_iterable(lines(pdf))).split())


def plain(html: str) -> str:
    words = re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|li|h\d|td|th|dt|dd|figcaption)>", " ", html))
    return " ".join(words.replace(N, " ").replace("&amp;", "&").split())


@pytest.fixture(scope="session")
def result() -> Typeset:
    return made(sample())


@pytest.fixture(scope="session")
def reader(result: Typeset) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(result.pdf))


def links(reader: pypdf.PdfReader) -> Iterator[tuple[int, str, Any]]:
    """(page, target, annotation) of every link."""
    for number, page in enumerate(reader.pages, start=1):
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            yield number, str(annotation.get("/Dest") or annotation["/A"]["/URI"]), annotation


def page_of(reader: pypdf.PdfReader, name: str) -> int:
    destination = reader.named_destinations[name]
    number = reader.get_destination_page_number(destination)
    assert number is not None
    return number + 1


# --- what is read ---------------------------------------------------------------------------------------


def test_every_word_of_the_brief_is_in_the_pdf_in_order(result: Typeset) -> None:
    page = sample()
    body = re.sub(
        r"\s", "", text(result.pdf)
    ).casefold()  # line breaks may fall anywhere, the office is in capitals
    at = 0
    for block in re.findall(
        r"<(?:p|li|h\d|t[dh]|d[td])\b[^>]*>(?:(?!<(?:p|li)\b).)*?</", page.header + page.body, re.S
    ):
        words = re.sub(r"\s", "", plain(block + ">")).casefold()
        found = body.find(words, at)
        assert found >= 0, words
        at = found


def test_a_brief_of_850_words_with_memo_box_and_table_fits_two_pages(result: Typeset) -> None:
    words = plain(re.sub(r"\[\d+\]", "", sample().body)).split()
    assert 800 < len(words) < 870
    assert result.body_pages == 2


def test_each_page_says_which_it_is_and_pages_after_the_first_say_of_what(result: Typeset) -> None:
    for number, page in enumerate(lines(result.pdf), start=1):
        assert f"Page {number} of {result.pages}" in page
        header = "The Halden–Verro power link Information as of January 27, 2026"
        assert (header in page) == (number > 1)


def test_sources_begin_on_a_new_page(result: Typeset) -> None:
    pages = lines(result.pdf)
    assert "Sources" in pages[result.body_pages][:3]
    assert "Sources" not in itertools.chain.from_iterable(pages[: result.body_pages])


def test_citations_stay_with_the_word_before_them(result: Typeset) -> None:
    body = itertools.chain.from_iterable(lines(result.pdf)[: result.body_pages])
    assert not [line for line in body if re.match(r"[.,;:]|\[\d+\][.,;:]", line)]


@pytest.mark.parametrize("filler", range(12))
def test_a_line_is_filled_before_a_citation_that_does_not_fit(filler: int) -> None:
    """WeasyPrint 70 broke such lines after their first word, where the no-break space was outside the link."""
    words = "The published estimates of its cost differ by about a third because they count different"
    sentence = f"<p>{'x' * filler} {words} things{N}<a class='cite' href='#s'>[3]</a> and more.</p>"
    (page,) = lines(made(brief(f"<p id='s'>Start.</p>{sentence}")).pdf)
    assert (
        len([line for line in page if line in ("The", "x" * filler, f"{'x' * filler} The", "published")]) == 0
    )


def test_a_heading_never_ends_a_page() -> None:
    paragraph = "<p>" + "Ordinary words of a paragraph that runs on. " * 9 + "</p>"
    for filling in range(28, 40):
        body = "<p>One line.</p>" * filling + f"<h2>Heading</h2>{paragraph}"
        for page in lines(made(brief(body)).pdf):
            if "Heading" in page:
                after = page.index("Heading") + 1
                assert page[after].startswith("Ordinary")
                assert page[after + 1].startswith(("of", "that", "words", "a ", "paragraph", "runs", "on."))


def test_a_long_appendix_keeps_each_entry_on_one_page() -> None:
    entries = "".join(
        f"<li id='source-{n}' class='source'><span class='marker'>[{n}]</span><div><p class='citation'>Author {n}. "
        f"{'A long title of a work. ' * (n % 7 + 1)}</p><p class='cited-on'>End {n}.</p></div></li>"
        for n in range(1, 61)
    )
    result = made(brief("<p>Body.</p>", f"{SOURCES}<ul class='sources'>{entries}</ul></section>"))
    pages = [" ".join(page) for page in lines(result.pdf)]
    assert len(pages) > 3
    for n in range(1, 61):
        (on,) = [page for page in pages if f"[{n}]" in page]
        assert f"End {n}." in on


def test_long_addresses_and_words_stay_inside_the_margins() -> None:
    address = "https://records.example/" + "a-very-long-part-of-an-address/" * 8 + "x" * 150
    body = f'<p>See <a href="{address}">{address}</a>.</p><p>{"Donaudampfschifffahrt" * 9}</p>'
    result = made(brief(body, f"{SOURCES}</section>"))
    page = pypdfium2.PdfDocument(result.pdf)[0]
    textpage = page.get_textpage()
    rights = [textpage.get_charbox(i)[2] for i in range(textpage.count_chars())]
    assert max(rights) <= page.get_width() - 70  # one inch, less what a hyphen may hang out
    letters = "".join(
        re.findall(r"[a-z]", text(result.pdf))
    )  # a hyphen that ends a line may be taken for a break
    assert "".join(re.findall(r"[a-z]", address)) in letters


def test_a_long_word_in_italics_stays_inside_its_column_and_is_copied_whole() -> None:
    word = "Donaudampfschifffahrt" * 9
    entry = (
        f"<li id='e-1'><div class='fact'><p class='opening'>A.</p><p class='kind'><em>By {word}</em></p></div>"
        "<p class='detail'>Said.</p></li>"
    )
    body = (
        f"<p>Of <em>{word} &amp; <a href='https://example.org/'>{word}</a></em>, <strong>{word}</strong>.</p>"
    )
    result = made(brief(body, f"{SOURCES}<ol class='evidence'>{entry}</ol></section>"))
    for number, end, furthest in ((0, "Page", 540 + 3), (1, "Said", 72 + 0.4 * 468)):
        page = pypdfium2.PdfDocument(result.pdf)[number].get_textpage()
        said = page.get_text_range()
        boxes = [
            page.get_charbox(i) for i in range(said.index("Donau"), said.index(end, said.index("Donau")))
        ]
        assert max(right for _, _, right, _ in boxes) <= furthest
    assert text(result.pdf).replace(" ", "").count(word) == 4
    assert "\u200b" not in text(result.pdf)


def test_a_title_of_three_lines_and_a_brief_of_one_paragraph() -> None:
    title = "Everything that is known, and what is not known, about the agreement on the cable between " * 2
    result = made(brief("<p>One paragraph.</p>", header=f"<header class='frame'><h1>{title}</h1></header>"))
    assert (result.pages, result.body_pages) == (1, 1)
    assert plain(title) in text(result.pdf)


def test_ukrainian() -> None:
    sentence = "Їжакевич і Ґонґадзе: «Угода — п’ять мільярдів гривень (₴)», сказала міністерка; № 7, 42,35 €."
    result = made(brief(f"<h2>Що вирішено</h2><p>{sentence}</p>", lang="uk", title="Угода"))
    assert sentence in text(result.pdf)
    reader = pypdf.PdfReader(BytesIO(result.pdf))
    assert (reader.root_object["/Lang"], reader.metadata and reader.metadata.title) == ("uk", "Угода")


# --- links, metadata, structure -------------------------------------------------------------------------


def test_every_link_leads_somewhere_a_citation_to_its_evidence_and_that_back(
    result: Typeset, reader: pypdf.PdfReader
) -> None:
    page = sample()
    cited = dict(re.findall(r'id="(c-\d+)" href="#([^"]+)"', page.body))
    assert len(cited) > 50
    inside = [(number, target) for number, target, _ in links(reader) if not target.startswith("http")]
    for _, target in inside:
        assert target in reader.named_destinations
    for anchor, evidence in cited.items():
        on = page_of(reader, anchor)
        assert on <= result.body_pages
        assert (on, evidence) in inside
        assert page_of(reader, evidence) > result.body_pages
    assert {target for number, target in inside if number > result.body_pages and target in cited}
    back = {cited[target] for _, target in inside if target in cited}
    assert back == set(cited.values())


def test_a_printed_page_number_is_the_page_it_leads_to(result: Typeset, reader: pypdf.PdfReader) -> None:
    document = pypdfium2.PdfDocument(result.pdf)
    numbers = 0
    for number, target, annotation in links(reader):
        if number > result.body_pages and target.startswith("c-"):
            left, bottom, right, top = sorted_box(annotation["/Rect"])
            printed = document[number - 1].get_textpage().get_text_bounded(left, bottom, right, top)
            assert int(printed.strip(" ,.")) == page_of(reader, target)
            numbers += 1
    assert numbers > 40
    assert "Cited on pages 1, 2." in text(result.pdf)


def sorted_box(rect: Any) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = map(float, rect)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def test_links_are_described_by_their_words(reader: pypdf.PdfReader) -> None:
    described = {
        str(annotation["/Contents"]) for _, target, annotation in links(reader) if target == "e-talks"
    }
    assert described == {"[1]"}


def test_a_link_with_emphasis_in_it_is_one_link() -> None:
    """Two links in one fail PDF/UA."""
    body = "<p>See <a href='https://one.example'><em>the work</em> itself</a>.</p>"
    found = [target for _, target, _ in links(pypdf.PdfReader(BytesIO(made(brief(body)).pdf)))]
    assert found == ["https://one.example"]


def test_a_heading_that_skips_a_level_is_pointed_out() -> None:
    body = "<h2>Two</h2><h3>Three</h3><h2>Two</h2><h4>Four, <em>at once</em></h4>"
    (said,) = [p.message for p in made(brief(body)).problems if p.rule == "typeset-heading"]
    assert "“Four, at once”" in said


def test_what_the_file_says_of_itself(reader: pypdf.PdfReader) -> None:
    about = reader.metadata
    assert about is not None
    assert about.title == "The Halden–Verro power link"
    assert about.author == "Policy Analysis"
    assert about.subject == "What has been agreed. Neutral brief."
    assert about.creator == "briefing"
    assert about["/CreationDate"] == about["/ModDate"] == "D:20260127"
    root = reader.root_object
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - a PDF boolean
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages} == {
        (612, 792)
    }


def test_only_the_fonts_of_the_house(reader: pypdf.PdfReader) -> None:
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            names.add(str(descendant.get_object()["/FontDescriptor"]["/FontFamily"]))
    assert names == {"Source Serif 4", "Source Sans 3"}


def test_the_fonts_are_whole_and_come_with_their_licences() -> None:
    files = {path.name for path in (HOUSE / "fonts").iterdir()}
    assert sum(name.endswith(".otf") for name in files) == 9
    for family in ("SourceSerif4", "SourceSans3"):
        licence = (HOUSE / "fonts" / f"LICENSE-{family}.md").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert any(name.startswith(family) for name in files)


def outline(entries: Any, level: int = 1) -> Iterator[tuple[int, str]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry, level + 1)
        else:
            yield level, str(entry.title)


def test_the_outline_has_the_headings(reader: pypdf.PdfReader) -> None:
    assert list(outline(reader.outline)) == [
        (1, "The Halden–Verro power link: what has been agreed, and what has not"),
        (2, "Bottom line"),
        (2, "What has happened"),
        (2, "What the text says"),
        (3, "What takes effect, and when"),
        (2, "What it costs"),
        (2, "Who says what"),
        (2, "What is not known"),
        (3, "Dates to watch"),
        (2, "Sources"),
        (3, "Evidence"),
    ]


def tags(element: Any) -> Iterator[tuple[str, list[str]]]:
    """(tag, tags of the children) of every structure element."""
    element = element.get_object()
    if isinstance(element, dict):
        kids = element.get("/K", [])
        kids = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
        inner = [kid for kid in kids if isinstance(kid, dict) and kid.get("/S")]
        yield str(element.get("/S")), [str(kid["/S"]) for kid in inner]
        for kid in inner:
            yield from tags(kid)


def test_it_is_tagged_for_readers_who_hear_it(reader: pypdf.PdfReader) -> None:
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    found = list(tags(root["/StructTreeRoot"]["/K"][0]))
    names = [name for name, _ in found]
    assert names.count("/H1") == 1
    assert (names.count("/H2"), names.count("/H3"), names.count("/Table")) == (7, 3, 1)
    assert (names.count("/TR"), names.count("/TH"), names.count("/TD")) == (11, 5, 50)
    assert names.count("/BlockQuote") == 1
    assert names.count("/Link") > 150
    for name, kids in found:
        if name == "/L":
            assert set(kids) == {"/LI"}
        if name == "/LI":
            assert set(kids) <= {"/Lbl", "/LBody"}
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in xmp


def test_nothing_is_complained_of(result: Typeset) -> None:
    assert {problem.rule for problem in result.problems} <= {"system-harfbuzz-subset"}


# --- what must never happen -----------------------------------------------------------------------------

CHANNELS = {
    "img": "<img alt=x src='URL'>",
    "img srcset": "<img alt=x srcset='URL 1x'>",
    "picture": "<picture><source srcset='URL'><img alt=x src='URL'></picture>",
    "input": "<input type=image src='URL'>",
    "embed": "<embed src='URL'>",
    "object": "<object data='URL'></object>",
    "iframe": "<iframe src='URL'></iframe>",
    "video": "<video src='URL' poster='URL'></video>",
    "script": "<script src='URL'></script>",
    "svg image": "<svg width=9 height=9><image href='URL' width=9 height=9/></svg>",
    "svg xlink": "<svg width=9 height=9><image xlink:href='URL' width=9 height=9/></svg>",
    "svg use": "<svg width=9 height=9><use href='URL#x'/></svg>",
    "svg style": "<svg width=9 height=9><style>@import 'URL'; rect {fill: url(URL#x)}</style><rect/></svg>",
    "background": "<p style='background: url(URL)'>x</p>",
    "background attribute": "<table background='URL'><tr><td>x</td></tr></table>",
    "list-style-image": "<ul style='list-style-image: url(URL)'><li>x</li></ul>",
    "border-image": "<p style='border: 3px solid; border-image: url(URL) 3'>x</p>",
    "content": "<p style='content: url(URL)'>x</p>",
    "mask": "<p style='mask: url(URL)'>x</p>",
    "cursor": "<p style='cursor: url(URL)'>x</p>",
    "color profile": "<style>@color-profile --x {src: url(URL)}</style>",
    "style import": "<style>@import 'URL';</style>",
    "style import url": "<style>@import url(URL) print;</style>",
    "style namespace": "<style>@namespace url(URL);</style>",
    "font-face": "<style>@font-face {font-family: X; src: url(URL)}</style>",
    "font-face local": "<style>@font-face {font-family: X; src: local('Source Sans 3'), url(URL)}</style>",
    "content in style": "<style>p::before {content: url(URL)}</style><p>x</p>",
    "page background": "<style>@page {background: url(URL)}</style>",
    "attr": "<style>p {background: attr(data-u url)}</style><p data-u='URL'>x</p>",
    "link stylesheet": "<link rel=stylesheet href='URL'>",
    "link attachment": "<link rel=attachment href='URL'>",
    "a attachment": "<a rel=attachment href='URL'>x</a>",
    "link icon": "<link rel=icon href='URL'>",
    "base": "<base href='URL'><img alt=x src='y.png'>",
    "split scheme": "<img alt=x src='SPLIT'>",
    "meta refresh": "<meta http-equiv=refresh content='0;url=URL'>",
}

PROBE = """
import json, sys
from tests.test_typeset import CHANNELS, brief, made
from briefing.errors import BriefingError
canary, opened = sys.argv[1], []
made(brief("<p>Warm.</p>"))
def hook(event, args):
    out = ("socket.connect", "socket.getaddrinfo", "urllib.Request")
    if event in out or event == "open" and canary in str(args[0]):
        opened.append([event, str(args[:2])])
sys.addaudithook(hook)
outcome = {}
for name, html in CHANNELS.items():
    for url in ("file://" + canary, "http://127.0.0.1:9/x", "FILE://" + canary, canary):
        html_ = html.replace("URL", url).replace("SPLIT", url[:2] + "\\n" + url[2:])
        try:
            pdf = made(brief(html_ + "<p>After.</p>")).pdf
            outcome[name + " " + url[:5]] = "CANARY" if b"CANARY" in pdf or canary.encode() in pdf else "made"
        except BriefingError as error:
            outcome[name + " " + url[:5]] = " ".join(sorted({p.rule for p in error.problems}))
print(json.dumps([opened, outcome]))
"""


def run_python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    cwd = environment.pop("cwd", str(ROOT))
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def test_no_channel_reads_a_file_or_the_network(tmp_path: Path) -> None:
    canary = tmp_path / "canary.svg"
    canary.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><!-- CANARY --></svg>", "utf-8"
    )
    done = run_python(PROBE, str(canary))
    assert done.returncode == 0, done.stderr
    opened, outcome = json.loads(done.stdout)
    assert opened == []
    assert "CANARY" not in outcome.values()
    refused = {name.rsplit(" ", 1)[0] for name, rules in outcome.items() if "typeset-fetch" in rules}
    # the channels that WeasyPrint would fetch through; the others it does not know
    assert len(refused) >= 17, sorted(refused)


def test_what_was_asked_for_from_outside_is_named_and_fails_the_brief() -> None:
    message = refusal(
        brief("<img alt=x src='https://tracker.example/p.png'>"), where=Location("out/memo.pdf")
    )
    assert message == (
        "out/memo.pdf:1:1: error: asks for 'https://tracker.example/p.png'; "
        "a brief takes nothing from outside [typeset-fetch]"
    )


def test_a_style_sheet_that_fetches_fails_every_brief_not_only_the_first() -> None:
    css = (
        CSS
        + "@import 'https://style.example/x.css';\n@font-face {font-family: X; src: url(file:///etc/passwd)}"
    )
    for name in ("one.pdf", "two.pdf"):
        said = refusal(brief("<p>x</p>"), css, where=Location(name))
        assert "file:///etc/passwd" in said
        assert all(line.startswith(name) for line in said.splitlines())


def test_a_registered_image_is_shown() -> None:
    svg = (
        b"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><rect width='90' height='90'/></svg>"
    )
    body = "<figure><img alt='A square' src='asset:square.svg'></figure>"
    result = made(brief(body), assets={"asset:square.svg": ("image/svg+xml", svg)})
    assert b"/Figure" in pypdf_uncompressed(result.pdf)


def pypdf_uncompressed(pdf: bytes) -> bytes:
    root = pypdf.PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"]["/K"][0]
    return " ".join(name for name, _ in tags(root)).encode()


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "notes.html"]
)
def test_a_link_leads_to_the_web_or_to_mail(target: str) -> None:
    assert "[typeset-link]" in refusal(brief(f"<p><a href='{target}'>x</a></p>"))


def test_a_page_stands_in_no_folder() -> None:
    """Else a link that names no host would tell where on this machine the document was made."""
    said = refusal(brief("<p><a href='notes.html'>x</a></p>"))
    assert "file:" not in said
    assert "'notes.html'" in said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p><a href='#nowhere'>[1]</a></p>", "No anchor #nowhere for internal URI reference"),
        ("<p><img src='asset:x'></p>", "asks for 'asset:x'"),
    ],
)
def test_what_weasyprint_only_logs_fails_the_brief(body: str, said: str) -> None:
    assert said in refusal(brief(body))


@pytest.mark.parametrize(
    ("body", "css", "said"),
    [
        (
            "<p data-u='asset:x'>x</p>",
            "p {background: attr(data-u url)}",
            "WeasyPrint cannot read the style sheet brief.css (AssertionError) [typeset-failed]",
        ),
        (
            "<p>x</p>",
            "p {counter-increment: a 99999999999999999999} p::before {content: counter(a, symbols('x'))}",
            "WeasyPrint cannot make this page (OverflowError: ",
        ),
    ],
    ids=["style sheet", "page"],
)
def test_what_weasyprint_breaks_on_fails_the_brief(body: str, css: str, said: str) -> None:
    message = refusal(brief(body), CSS + css)
    assert said in message
    assert message.count("WeasyPrint") == 1


@pytest.mark.parametrize("character", ["\N{GRINNING FACE}", "中", "\N{LEFTWARDS ARROW WITH HOOK}"])
def test_a_character_without_a_glyph_is_named_with_its_place(character: str) -> None:
    with pytest.raises(BriefingError) as caught:
        made(brief(f"<p>The minister sent <em>{character}</em> by post.</p>"))
    (problem,) = (problem for problem in caught.value.problems if problem.level is Level.ERROR)
    assert problem.rule == "typeset-missing-glyph"
    assert f"U+{ord(character):04X} {unicodedata.name(character)}" in problem.message
    assert f"The minister sent {character} by post" in problem.message


def test_a_style_sheet_that_does_not_part_the_sources_is_refused() -> None:
    css = CSS.replace("break-before: page", "break-before: auto")
    page = brief("<p>A fact <a class='cite' id='c-1' href='#sources'>[1]</a>.</p>", f"{SOURCES}</section>")
    assert made(page).pages == 2
    assert "[typeset-pages]" in refusal(page, css)


def test_attached_files_are_of_the_day_and_listed_once_in_order() -> None:
    files = tuple(Attachment(name, "", name.encode()) for name in ("b.yaml", "a.yaml"))
    data = made(replace(brief("<p>x</p>"), as_of="2026-01-27", carried=Carried(files=files))).pdf
    root = pypdf.PdfReader(BytesIO(data)).root_object
    assert len(root["/AF"]) == 2
    tree = root["/Names"]["/EmbeddedFiles"].get_object()["/Names"]
    assert tree[::2] == ["a.yaml", "b.yaml"]
    for entry in tree[1::2]:
        about = entry.get_object()["/EF"]["/F"].get_object()["/Params"]
        assert about["/CreationDate"].startswith("D:20260127")
        assert about["/ModDate"].startswith("D:20260127")


@pytest.mark.parametrize(
    ("files", "said"),
    [([], "holds no fonts"), (["x.otf", "SourceSerif4.woff2"], "sourceserif4.woff2 cannot be used in a PDF")],
)
def test_a_folder_that_would_crash_pango_is_refused(tmp_path: Path, files: list[str], said: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(BriefingError, match=said):
        check_fonts(tmp_path)
    with pytest.raises(BriefingError, match=said):
        typeset(brief("<p>x</p>"), css=CSS, page_template=TEMPLATE, fonts=tmp_path)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<html>\n{{ ttile }}", "page.html.j2:2:1: error: cannot be filled: 'ttile' is undefined"),
        ("<html>\n\n{% for %}", "page.html.j2:3:1: error: cannot be filled"),
        ("{{ title.__class__.__mro__ }}", "page.html.j2:1:1: error: cannot be filled: access to attribute"),
        ("\n{{ 1 / 0 }}", "page.html.j2:2:1: error: cannot be filled: division by zero"),
        ("{% for i in range(9) %}{% endfor %}", "'range' is undefined"),
    ],
)
def test_a_faulty_page_template_is_shown_with_its_line(template: str, said: str) -> None:
    with pytest.raises(BriefingError) as caught:
        page_html(brief("<p>x</p>"), css=CSS, page_template=template)
    assert said in str(caught.value)


NO_PANGO = """
import cffi, sys
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library '{name}': no such file")
cffi.FFI.dlopen = dlopen
from tests.test_typeset import brief, made
from briefing.errors import SystemLibraryMissing
try:
    made(brief("<p>x</p>"))
except SystemLibraryMissing as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def test_without_pango_one_line_says_what_to_run_and_stdout_is_clean() -> None:
    done = run_python(NO_PANGO)
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    command = (
        "brew install pango"
        if sys.platform == "darwin"
        else "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    )
    assert command in line
    assert line.endswith("[system-pango]")


NO_SUBSETTER = """
import cffi, hashlib
found = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if "subset" in name:
        raise OSError(f"cannot load library '{name}': no such file")
    return found(self, name, flags)
cffi.FFI.dlopen = dlopen
from tests.test_typeset import brief, made
result = made(brief("<p>Words, <em>words</em>.</p>"))
print([problem.rule for problem in result.problems], hashlib.sha256(result.pdf).hexdigest())
"""


def test_without_harfbuzz_subset_there_is_a_pdf_and_a_warning() -> None:
    """fontTools, which then cuts the fonts, would write the time of day into them."""
    first, second = run_python(NO_SUBSETTER), run_python(NO_SUBSETTER)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("['system-harfbuzz-subset'] ")
    assert first.stdout == second.stdout


# --- the same bytes everywhere --------------------------------------------------------------------------

DIGEST = """
import hashlib, sys
from pathlib import Path
from tests.test_typeset import CSS, TEMPLATE, brief, sample
from briefing.typeset import typeset
result = typeset(sample(), css=CSS, page_template=TEMPLATE, fonts=Path(sys.argv[1]))
print(hashlib.sha256(result.pdf).hexdigest())
"""


def test_the_same_bytes_in_every_folder_zone_language_and_run(tmp_path: Path, result: Typeset) -> None:
    """`result` was made by this process, after whatever it made before."""
    elsewhere = tmp_path / "schöne Schriften & <mehr>"
    shutil.copytree(HOUSE / "fonts", elsewhere)
    runs = [
        run_python(DIGEST, str(HOUSE / "fonts"), PYTHONHASHSEED="1", TZ="Asia/Tokyo", LANG="C", LC_ALL="C"),
        run_python(
            DIGEST, str(elsewhere), PYTHONHASHSEED="2", TZ="UTC", LANG="uk_UA.UTF-8", cwd=str(tmp_path)
        ),
    ]
    for run in runs:
        assert (run.returncode, run.stderr) == (0, "")
    assert {run.stdout.strip() for run in runs} == {hashlib.sha256(result.pdf).hexdigest()}


def test_the_same_bytes_whatever_was_made_before(result: Typeset) -> None:
    made(brief("<p>Other words, <strong>other</strong> glyphs: ґ№₴.</p>", lang="uk"))
    assert made(sample()).pdf == result.pdf


def test_the_same_bytes_with_a_plain_import() -> None:
    """On Linux, WeasyPrint is imported without what it does not need."""
    code = (
        "import contextlib, hashlib, sys\nfrom briefing import weasyimport\n"
        "from tests.test_typeset import brief, made\n"
        "if sys.argv[1] == 'plain':\n    weasyimport._quick_import = contextlib.nullcontext\n"
        "print(hashlib.sha256(made(brief('<p>Words, <em>words</em>.</p>')).pdf).hexdigest())"
    )
    quick, plainly = run_python(code, "quick"), run_python(code, "plain")
    assert (quick.stderr, plainly.stderr) == ("", "")
    assert quick.stdout == plainly.stdout != ""


def test_page_numbers_of_the_last_brief_are_not_taken_for_those_of_this() -> None:
    """Two briefs with the same citations, the second a page longer."""
    sources = f"{SOURCES}<p>Cited on {{pages c-1}}.</p></section>"
    cite = "<p>A fact <a class='cite' id=\"c-1\" href='#sources'>[1]</a>.</p>"
    texts = [text(made(brief("<p>x</p>" * n + cite, sources)).pdf) for n in (1, 1, 60, 60)]
    assert [int(re.findall(r"Cited on page (\d)", t)[0]) for t in texts] == [1, 1, 2, 2]


def test_no_trace_of_the_machine(result: Typeset) -> None:
    reader = pypdf.PdfReader(BytesIO(result.pdf))
    everything = result.pdf + b"".join(
        stream.get_data()
        for number in range(1, len(reader.xref[0]) + 1)
        if isinstance(stream := reader.get_object(number), pypdf.generic.StreamObject)
    )
    for trace in (str(ROOT), tempfile.gettempdir(), "briefing-fonts", "file:"):
        assert trace.encode() not in everything


def test_a_problem_free_page_says_nothing_on_the_terminal() -> None:
    code = "from tests.test_typeset import brief, made\nmade(brief('<p>x</p>'))"
    done = run_python(code, HOME="/nonexistent", XDG_CACHE_HOME="/proc/none")  # fontconfig cannot cache there
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- HTML -----------------------------------------------------------------------------------------------


def test_html_is_one_file_that_needs_no_other() -> None:
    html = page_html(sample(), css=CSS, page_template=TEMPLATE)
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    # Browsers know no named strings.
    assert all(line in html for line in CSS.splitlines() if "string" not in line)
    assert "default-src 'none'" in html
    assert not re.search(r"url\(|@import|<link|<script|\ssrc=", html)
    assert "<title>The Halden–Verro power link</title>" in html
    assert "{" not in html.split("<body")[1]
    assert not re.search(r"[Pp]ages? ?<a", html)
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_html_escapes_words_and_a_style_cannot_end_its_element() -> None:
    page = replace(brief("<p>x</p>"), title="</title><script>alert(1)</script>", running_title='"><script>')
    html = page_html(page, css="p::after {content: '</style><script>'}", page_template=TEMPLATE)
    assert "<script" not in html.replace("<\\/style><script>", "")
    assert html.count("</style>") == 1


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast(scheme: int) -> None:
    blocks = re.findall(r":root \{([^}]*--ink[^}]*)\}", CSS)
    colours = dict(re.findall(r"--(\w+): (#\w+)", blocks[scheme]))
    for text_colour, ground in itertools.product(("ink", "quiet", "house", "link"), ("paper", "tint")):
        assert contrast(colours[text_colour], colours[ground]) >= 4.5, (text_colour, ground)
    assert contrast(colours["link"], colours["ink"]) >= 3  # a citation is told from the words around it
