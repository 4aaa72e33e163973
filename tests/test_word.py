"""A brief for Word: its own headings, lists, tables and links; nothing lost, nothing else in it, the same bytes."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator

from briefing import libraries
from briefing.carried import Carried
from briefing.carrying import carry
from briefing.cli import run
from briefing.document import (
    Block,
    Break,
    Cell,
    Cite,
    Cites,
    Emphasis,
    Entry,
    Heading,
    Inline,
    Items,
    Jump,
    Link,
    PageRefs,
    Paragraph,
    Quotation,
    Rule,
    Strong,
    Table,
    Text,
)
from briefing.edition import Edition
from briefing.edition import edition as edited
from briefing.errors import BriefingError
from briefing.letterhead import Letterhead, Logo
from briefing.manifest import Manifest
from briefing.project import open_project
from briefing.render import render_blocks
from briefing.selection import selected
from briefing.textguard import forbidden_characters
from briefing.tongues import tongue_of

pytest.importorskip("docx", reason="needs the extra docx", exc_type=ImportError)
from docx import Document
from docx.oxml.ns import qn

from briefing.word import word

ROOT = Path(__file__).parent.parent
AUDIENCES = ("congressional-memo", "fiscal-critique", "neutral-summary")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90"><rect width="300" height="90"/>'
    b'<text x="9" y="60" font-family="Nowhere" font-size="50" fill="#fff">E</text></svg>'
)
LOGO = Logo("image/svg+xml", SVG, 'Seal of "Elmford" & <others>')
EMPTY = Edition("a", tongue_of("en-US"), "T", "K", "neutral", "S", "", (), "2026-01-27", "As of", (), (), ())


@pytest.fixture(scope="module", params=AUDIENCES)
def edition(request: pytest.FixtureRequest) -> Edition:
    project = open_project(str(ROOT / "facts.yaml"))
    brief = selected(project, request.param).brief
    assert brief
    return edited(brief, carry(project.loaded, brief, project.locale), project.letterhead)


def said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def item(*blocks: Block) -> tuple[Block, ...]:
    return blocks


# All that a brief can be made of.
LINKED = Link("https://example.org/?a=b&c=ü%", (Text("a link"), Emphasis((Text(" with weight"),))))
BODY: tuple[Block, ...] = (
    Heading(2, (Text("Bottom line"),)),
    said("The bridge is closed."),
    Heading(2, (Text("Lists"),)),
    Items((item(said("bullet"), Items((item(said("three")), item(said("four"), said("more"))), 3)),)),
    Items((item(said("one")), item(Items((item(said("within")),)))), 1),
    Items((item(said("far")),), 40_000),
    Heading(3, (Text("Parts"),)),
    Quotation((said("quoted"), Quotation((said("deeper"),)))),
    Rule(),
    Paragraph(
        (
            Text("It "),
            Strong((Text("is"), Emphasis((Text(" so"),)))),
            LINKED,
            Cites((Cite(1, "e-closed", "c-1"), Cite(2, f"e-{'long-' * 15}id", "c-2"))),
            Text("."),
            Break(),
            Text("Next line."),
        )
    ),
    Table(
        (Text("Amounts"),),
        (Cell((Text("What"),)), Cell((Text("How much"),), number=True)),
        tuple((Cell((Text(f"row {place}"),)), Cell((Text("$1"),), number=True)) for place in range(3)),
    ),
    Table((), (Cell((Text("A"),)),), ((Cell((Text("b"),)),),)),
    Table((), (Cell((Text("nothing below"),)),), ()),
)
APPENDIX: tuple[Block, ...] = (
    Heading(2, (Text("Sources"),)),
    said("Two sources."),
    *(
        Entry(
            f"source-{number}",
            (Cites((Cite(number, ""),), lead=False),),
            ((Text("Minutes."),), (Text("Primary source."),), (PageRefs((f"c-{number}",), ("", "")),)),
        )
        for number in (1, 2)
    ),
    Heading(3, (Text("Evidence"),)),
    *(
        Entry(
            id,
            (Text(f"{place}."),),
            (
                (Text("The bridge …"),),
                (Emphasis((Text("Event."),)),),
                (Cites((Cite(place, f"source-{place}"),), lead=False), Text(" page 1."), Jump("2", id)),
                (PageRefs((f"c-{place}",), ("", "")),),
            ),
        )
        for place, id in enumerate(("e-closed", f"e-{'long-' * 15}id"), start=1)
    ),
)
ALL = replace(
    EMPTY,
    title="The bridge at Elmford",
    kicker="Memo",
    memo=(("To", "Members"), ("From", "Policy staff")),
    as_of_line="Information as of January 27, 2026",
    body=BODY,
    appendix=APPENDIX,
    carried=Carried("sha256:0123", "0.1.0"),
    letterhead=Letterhead("Office & Co.", "1 Main Street", "DRAFT <1>", "a4", logo=LOGO),
)


# --- what is read in it -----------------------------------------------------------------------------


def opened(edition: Edition) -> Document:
    return Document(io.BytesIO(word(edition)))


def paragraphs(document: Document) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph, in order, those in tables too; a table's cells count as paragraphs."""
    for element in document.element.body.iter(qn("w:p")):
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        yield style.get(qn("w:val")), text_of(element)


def text_of(element: object) -> str:
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    return "".join(
        part.text or "" if part.tag == qn("w:t") else signs.get(part.tag, "")
        for part in element.iter(qn("w:t"), *signs)  # type: ignore[attr-defined]
    )


def words_of(found: Sequence[tuple[str, str]]) -> list[str]:
    return [one for _, text in found for one in re.findall(r"\w+", text)]


def words_of_markdown(blocks: Sequence[Block]) -> list[str]:
    """Those of a picture aside, above whose table it stands."""
    markup = re.compile(r"^!\[.*$|[|*#>]|(?<=\s)-{3}:?(?=\s)|^- |<(?=http)", re.MULTILINE)
    return re.findall(r"\w+", re.sub(r"\\(.)", r"\1", markup.sub(" ", render_blocks(blocks))))


def test_every_word_of_the_brief_stands_in_it_in_order(edition: Edition) -> None:
    found = list(paragraphs(opened(edition)))
    first = next(place for place, (style, _) in enumerate(found) if "Heading" in style)
    last = found.index(("Heading1", "Sources"))
    assert words_of(found[first:last]) == words_of_markdown(edition.body)
    after = iter(words_of(found[last:]))
    assert [one for one in words_of_markdown(edition.appendix) if one not in after] == []
    frame = "\n".join(text for _, text in found[:first])
    memo = [text for row in edition.memo for text in row]
    for text in (edition.title, edition.kicker, edition.stance_line, edition.as_of_line, *memo):
        assert text in frame


def test_it_is_made_of_the_styles_that_word_knows() -> None:
    assert list(paragraphs(opened(ALL))) == [
        ("Logo", ""),
        ("Letterhead", "Office & Co.\n1 Main Street"),
        ("Subtitle", "Memo"),
        ("Title", "The bridge at Elmford"),
        ("Stance", "S\N{EM SPACE}Information as of January 27, 2026"),
        ("Memo", "To\tMembers"),
        ("Memo", "From\tPolicy staff"),
        ("BottomLineHeading", "Bottom line"),
        ("BottomLine", "The bridge is closed."),
        ("Heading1", "Lists"),
        ("ListBullet", "bullet"),
        ("ListNumber2", "three"),
        ("ListNumber2", "four"),
        ("ListContinue2", "more"),
        ("ListNumber", "one"),
        ("ListNumber", ""),
        ("ListBullet2", "within"),
        ("ListContinue", "40000. far"),
        ("Heading2", "Parts"),
        ("Quote", "quoted"),
        ("Quote", "deeper"),
        ("Rule", ""),
        ("BodyText", "It is soa link with weight\xa0[1]\xa0[2].\nNext line."),
        ("Caption", "Amounts"),
        ("TableText", "What"),
        ("TableNumber", "How much"),
        *(
            pair
            for place in range(3)
            for pair in (("TableText", f"row {place}"), ("TableNumber", "$1"))
        ),
        ("TableEnd", ""),
        ("TableText", "A"),
        ("TableText", "b"),
        ("TableEnd", ""),
        ("TableText", "nothing below"),
        ("TableEnd", ""),
        ("Heading1", "Sources"),
        ("SourceSummary", "Two sources."),
        ("Source", "[1]\tMinutes."),
        ("SourceDetail", "Primary source."),
        ("SourceDetail", "Back to the text:\xa01."),
        ("Source", "[2]\tMinutes."),
        ("SourceDetail", "Primary source."),
        ("SourceDetail", "Back to the text:\xa01."),
        ("Heading2", "Evidence"),
        ("Evidence", "1.\tThe bridge … Event."),
        ("EvidenceDetail", "[1] page 1.2 Back to the text:\xa01."),
        ("Evidence", "2.\tThe bridge … Event."),
        ("EvidenceDetail", "[2] page 1.2 Back to the text:\xa01."),
    ]  # fmt: skip


def test_a_style_is_what_word_calls_it_and_no_style_is_missing(edition: Edition) -> None:
    document = opened(edition)
    names = {style.style_id: style.name for style in document.styles}
    assert {
        "Title": "Title", "Heading1": "Heading 1", "ListBullet": "List Bullet", "ListNumber2": "List Number 2",
        "Quote": "Quote", "Caption": "Caption", "BodyText": "Body Text", "PlainTable2": "Plain Table 2",
        "Hyperlink": "Hyperlink", "Strong": "Strong", "Emphasis": "Emphasis",
    }.items() <= names.items()  # fmt: skip
    kinds = [qn(name) for name in ("w:pStyle", "w:rStyle", "w:tblStyle")]
    used = {
        style.get(qn("w:val"))
        for part in document.part.package.iter_parts()
        if hasattr(part, "element")
        for style in part.element.iter(*kinds)
    }
    assert used <= names.keys()
    assert document.styles["Heading 1"].paragraph_format.keep_with_next
    assert document.styles["Heading 2"].base_style.name == "Heading 1"


def test_lists_count_for_themselves() -> None:
    """Each ordered list is a numbering of its own that begins where the list does; bullets need none."""
    document = opened(ALL)
    counted = [
        (text_of(p), p.pPr.numPr.ilvl.val, p.pPr.numPr.numId.val)
        for p in document.element.body.iter(qn("w:p"))
        if p.pPr.numPr is not None
    ]
    assert counted == [("three", 1, 3), ("four", 1, 3), ("one", 0, 4), ("", 0, 4)]
    starts = {
        num.numId: [(over.ilvl, over[0].val) for over in num.lvlOverride_lst]
        for num in document.part.numbering_part.element.num_lst
    }
    assert starts == {1: [], 2: [], 3: [(1, 3)], 4: [(0, 1)]}


def test_tables_repeat_their_header_and_break_between_rows_alone() -> None:
    first, second, _ = opened(ALL).tables
    marks = [[child.tag.partition("}")[2] for child in row._tr.trPr] for row in (*first.rows, *second.rows)]
    head, other = ["cantSplit", "tblHeader"], ["cantSplit"]
    assert marks == [head, other, other, other, head, other]
    assert (first.style.name, first.rows[1].cells[1].paragraphs[0].style.name) == (
        "Plain Table 2",
        "Table Number",
    )
    assert sum(column.width.twips for column in first.columns) == 9026
    assert all(column.width.inches > 1 for column in first.columns)


def test_columns_are_as_wide_as_their_words_need() -> None:
    long = "many words " * 40
    table = Table(
        (),
        tuple(
            Cell((Text(text),), number=text == "How much") for text in ("What", "Why", "How much", "Source")
        ),
        (
            (
                Cell((Text(long),)),
                Cell((Text("y" * 300),)),
                Cell((Text("about $113.4 billion"),), number=True),
                Cell((Text("[1]"),)),
            ),
        ),
    )
    (made,) = opened(replace(EMPTY, body=(table,))).tables
    what, why, amount, source = (column.width.twips for column in made.columns)
    assert what + why + amount + source == 9360
    assert amount > 20 * 90  # on one line, in a wider font too
    assert source < 1000 < what
    assert why < 4000  # a word without end does not push the others out


def test_links_lead_somewhere(edition: Edition) -> None:
    for one in (edition, ALL):
        document = opened(one)
        names = [mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))]
        assert len({name.casefold() for name in names}) == len(names) > 4
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in names)
        links = list(document.element.iter(qn("w:hyperlink")))
        assert {link.get(qn("w:anchor")) for link in links} - {None} <= set(names)
        away = [link.get(qn("r:id")) for link in links if not link.get(qn("w:anchor"))]
        assert away
        for id in away:
            assert re.fullmatch(r"(?:https://|mailto:)[!-~]+", document.part.rels[id].target_ref)


def test_a_citation_leads_to_its_evidence_and_from_there_on_and_back(edition: Edition) -> None:
    document = opened(edition)
    cites = {
        cite.anchor.replace("-", "_"): (f"[{cite.number}]", cite.target.replace("-", "_"))
        for part in _inlines(edition.body)
        if isinstance(part, Cites)
        for cite in part.cites
    }
    for start in document.element.iter(qn("w:bookmarkStart")):
        name, following = start.get(qn("w:name")), start.getnext()
        if name in cites:
            text, target = cites.pop(name)
            assert (text_of(following), following.get(qn("w:anchor"))) == (text, target[:40])
    assert cites == {}
    leading = {}
    for p in document.element.body.iter(qn("w:p")):
        links = [link.get(qn("w:anchor")) for link in p.iter(qn("w:hyperlink"))]
        leading.setdefault(p.pPr.pStyle.val, []).append(links)
    assert all(
        links[0].startswith("source_") and links[-1].startswith("c_") for links in leading["EvidenceDetail"]
    )
    assert leading["SourceDetail"][-1][0].startswith("c_")


def _inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    for block in blocks:
        if isinstance(block, Items):
            yield from (part for each in block.items for part in _inlines(each))
        elif isinstance(block, Table):
            yield from (part for row in block.rows for cell in row for part in cell.children)
        elif isinstance(block, Heading | Paragraph):
            yield from block.children


# --- the frame --------------------------------------------------------------------------------------


def test_the_marking_stands_on_every_page_and_the_first_has_no_running_head() -> None:
    section = opened(ALL).sections[0]
    assert section.different_first_page_header_footer
    assert section.page_width.twips == 11906
    assert section.first_page_header.paragraphs[0].text == "DRAFT <1>"
    assert (
        section.header.paragraphs[0].text
        == "The bridge at Elmford – Memo\tInformation as of January 27, 2026"
    )
    for footer in (section.footer, section.first_page_footer):
        assert text_of(footer._element) == "DRAFT <1>\tPage 1 of 1"
        fields = [field.get(qn("w:instr")).strip() for field in footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
    assert opened(EMPTY).sections[0].page_width.twips == 12240


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000c0000000600800000000f6d4ac2b0000001d49444154789cedc1010d000000c2a0f74f6d0e"
    "37a000000000000000807f0348600001a8e2a1e20000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffdb00040000ffc0000b08006000c001011100ffd9")


@pytest.mark.parametrize(
    ("logo", "kind", "inches"),
    [
        (LOGO, "png", (2.2, 0.66)),
        (Logo("image/png", PNG, LOGO.alt), "png", (1.4, 0.7)),
        (Logo("image/jpeg", JPEG, LOGO.alt), "jpeg", (1.4, 0.7)),
    ],
)
def test_the_logo_is_shown_and_told_in_words(logo: Logo, kind: str, inches: tuple[float, float]) -> None:
    document = opened(replace(EMPTY, letterhead=Letterhead(logo=logo)))
    (shape,) = document.inline_shapes
    assert (round(shape.width.inches, 2), round(shape.height.inches, 2)) == inches
    assert shape._inline.docPr.get("descr") == LOGO.alt
    image = document.part.related_parts["logo"]
    assert image.partname == f"/word/media/logo.{kind}"
    assert image.blob == logo.content or kind == "png"


def test_no_letter_of_a_drawing_is_lost_for_want_of_its_font() -> None:
    without = replace(LOGO, content=re.sub(rb"<text.*</text>", b"", SVG))
    drawn = [
        opened(replace(EMPTY, letterhead=Letterhead(logo=logo))).part.related_parts["logo"].blob
        for logo in (LOGO, without)
    ]
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\x00\x02..."),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><path"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>"),
        (
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 60_000 + b"</g>" * 60_000 + b"</svg>",
        ),
    ],
)
def test_a_logo_that_cannot_be_drawn_is_an_error(kind: str, content: bytes) -> None:
    with pytest.raises(BriefingError, match=r"the logo .*template-house"):
        word(replace(EMPTY, letterhead=Letterhead(logo=Logo(kind, content, "x"))))


@pytest.mark.parametrize(("lang", "told"), [("en-US", "en-US"), ("en-GB", "en-GB"), ("uk", "uk-UA")])
def test_word_knows_the_language(lang: str, told: str) -> None:
    document = opened(replace(EMPTY, tongue=tongue_of(lang)))
    (language,) = document.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == told == document.core_properties.language


# --- what else is in the file -------------------------------------------------------------------------


def test_it_says_of_itself_what_other_formats_say_and_no_more() -> None:
    made = opened(ALL).core_properties
    assert (made.title, made.subject) == (ALL.document_title, "Memo. S. Information as of January 27, 2026.")
    assert (made.author, made.last_modified_by) == ("Policy staff", "")
    assert (made.identifier, made.comments) == ("sha256:0123", "briefing 0.1.0 sha256:0123")
    assert {made.created.isoformat(), made.modified.isoformat()} == {"2026-01-27T00:00:00+00:00"}
    with zipfile.ZipFile(io.BytesIO(word(ALL))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert sorted(name for name in archive.namelist() if not name.endswith(".rels")) == [
            "[Content_Types].xml", "docProps/core.xml", "word/document.xml", "word/fontTable.xml", "word/footer1.xml",
            "word/footer2.xml", "word/header1.xml", "word/header2.xml", "word/media/logo.png", "word/numbering.xml",
            "word/settings.xml", "word/styles.xml", "word/theme1.xml",
        ]  # fmt: skip
        for name in archive.namelist():
            assert not re.search(rb"python-docx|rsid|<!--|\$[a-z]", archive.read(name)), name


def test_it_is_what_the_schema_of_word_allows(edition: Edition, tmp_path: Path) -> None:
    for place, one in enumerate((edition, ALL, EMPTY)):
        (tmp_path / f"{place}.docx").write_bytes(word(one))
        found = OpenXmlValidator(file_format=FileFormat.OFFICE_2013).validate(tmp_path / f"{place}.docx")
        assert found.errors == []


def test_the_same_bytes_whatever_the_machine_says(tmp_path: Path) -> None:
    (tmp_path / "templates" / "house").mkdir(parents=True)
    (tmp_path / "templates" / "house" / "house.yaml").write_text("office: X\nlogo: {file: l.svg, alt: y}\n")
    shapes = re.sub(rb"<text.*</text>", b"", SVG)
    (tmp_path / "templates" / "house" / "l.svg").write_bytes(shapes)
    shutil.copy(ROOT / "templates" / "congressional-memo.md.j2", tmp_path / "templates")
    shutil.copy(ROOT / "facts.yaml", tmp_path)
    made = set()
    for zone, seed, language in (("UTC", "0", "C"), ("Asia/Kathmandu", "7", "de_DE.UTF-8")):
        where = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language}
        command = [sys.executable, "-m", "briefing", "build", "--force", "--format", "docx", "-q"]
        subprocess.run(command, cwd=tmp_path, env={**where, "PYTHONPATH": str(ROOT)}, check=True)
        made.add((tmp_path / "out" / "congressional-memo.docx").read_bytes())
    assert len(made) == 1


# --- text is text -------------------------------------------------------------------------------------

HOSTILE = (
    "<w:t>&amp;</w:t>",
    "]]> <!-- --> <?xml?>",
    '{ PAGE } {HYPERLINK "https://example.org"} \\n %1.',
    "$ink ${house} $$",
    "  two spaces  at both ends  ",
    "Ελλάς, Україна, 東京, \U0001f469\U0001f3fd\u200d\U0001f52c, \U00020bb7, e\u0301, क\u094d\u200dष",
    "\u00a0\u2009\u2011\u2014\u20ac\u20b4",
)
ALLOWED = st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(
    lambda text: not list(forbidden_characters(text))
)


def check_literal(text: str) -> None:
    """In each place where a text can stand, it is read as it was written."""
    cell = Cell((Text(text),))
    made = replace(
        ALL,
        title=text,
        kicker=text,
        memo=((text, text), ("From", text)),
        body=(said(text), Items((item(said(text)),)), Table((Text(text),), (cell,), ((cell,),))),
        letterhead=replace(ALL.letterhead, office=text, marking=text),
    )
    document = opened(made)
    found = dict(paragraphs(document))
    for style in ("BodyText", "ListBullet", "TableText", "Caption", "Title", "Subtitle"):
        assert found[style] == text
    assert found["Memo"] == f"From\t{text}"
    if text:
        assert document.sections[0].first_page_header.paragraphs[0].text == text
        assert found["Letterhead"].startswith(text)
    assert document.core_properties.title == f"{text} – {text}"
    assert document.core_properties.author == text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_literal(text: str) -> None:
    assert list(forbidden_characters(text)) == []
    check_literal(text)


@given(ALLOWED)
@settings(max_examples=60, deadline=None)
def test_whatever_a_fact_may_hold_is_literal(text: str) -> None:
    check_literal(text)


def test_a_line_end_within_a_text_is_a_space() -> None:
    assert dict(paragraphs(opened(replace(EMPTY, body=(said("a\nb\tc"),)))))["BodyText"] == "a b c"


# --- the build ----------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "tests" / "briefs" / "facts.yaml", tmp_path)
    (tmp_path / "templates" / "house").mkdir(parents=True)
    for name, body in (("good", "Hello:\n"), ("mailed", "Dear {{ recipient.name }}:\n")):
        text = f'---\ntitle: Good\nstance: neutral\n---\n{body}\n{{{{ fact("opened") }}}}\n'
        (tmp_path / "templates" / f"{name}.md.j2").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_built_when_asked_for_and_only_when_something_changed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", "good", "--format", "docx,md", "-q"]) == 0
    made = project / "out" / "good.docx"
    content = made.read_bytes()
    assert run(["build", "good", "--format", "docx"]) == 0
    assert "up to date" in capsys.readouterr().out
    (project / "out" / "~$good.docx").write_bytes(b"what Word keeps beside a document that is open")
    assert run(["build", "--check", "--format", "docx"]) == 0
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("word/changed.xml", "")
    assert run(["build", "good", "--check", "--format", "docx"]) == 1
    capsys.readouterr()
    assert run(["build", "good", "--format", "docx"]) == 0
    assert "was changed by hand" in capsys.readouterr().out
    assert made.read_bytes() == content


def test_each_recipient_gets_one(project: Path) -> None:
    (project / "people.csv").write_text("name\nAnn Lee\nBo Ray\n")
    assert run(["build", "mailed", "--for", "people.csv", "--format", "docx", "-q"]) == 0
    texts = [
        Document(str(path)).paragraphs[3].text for path in sorted((project / "out" / "mailed").iterdir())
    ]
    assert texts == ["Dear Ann Lee:", "Dear Bo Ray:"]


def test_when_it_cannot_be_made_no_format_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "house" / "house.yaml").write_text("logo: {file: l.png, alt: x}\n")
    (project / "templates" / "house" / "l.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run(["build", "good", "--format", "md,docx", "-q"]) == 1
    assert "templates/house/house.yaml:1:14: error: the logo is damaged or cut off" in capsys.readouterr().err
    assert not (project / "out").exists()


def test_another_version_of_what_makes_it_builds_it_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["build", "good", "--format", "docx,md", "-q"]) == 0
    other = {**libraries.of_docx(), "python-docx": "1.9"}
    monkeypatch.setattr(libraries, "of_docx", lambda: other)
    shutil.rmtree(project / ".briefing" / "stamps")
    assert run(["build", "good", "--format", "docx,md", "-q"]) == 0
    made = Manifest(project / ".briefing" / "manifest.json").files
    assert (made["out/good.docx"].libraries, made["out/good.md"].libraries) == (other, {})


def test_without_the_extra_one_line_says_what_to_install(project: Path) -> None:
    site = project / "site"
    site.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith(("docx", "python_docx")):
            (site / entry.name).symlink_to(entry)
    paths = [str(ROOT), str(site)]
    code = f"import sys; sys.path += {paths}; from briefing.cli import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-S", "-c", code, "build", "good", "--format"]
    ended = subprocess.run([*command, "md,docx"], capture_output=True, text=True)
    assert ended.returncode == 3
    assert ended.stderr == (
        "command line:1:1: error: --format docx needs Python packages that are missing;"
        " run: pip install 'python-docx>=1.2,<2' [system-docx]\n1 error\n"
    )
    assert not (project / "out").exists()
    assert subprocess.run([*command, "md"], capture_output=True).returncode == 0


def test_the_command_installs_what_the_extra_names() -> None:
    wanted = ", ".join(f'"{name}{bounds}"' for name, bounds in libraries._DOCX.items() if bounds)
    assert f"docx = [{wanted}]" in (ROOT / "pyproject.toml").read_text()


def test_other_formats_do_not_wait_for_it(project: Path) -> None:
    code = (
        "import sys; from briefing.cli import run; run(['build', 'good', '--format', 'md,txt,html', '-q']); "
        "sys.exit(bool({'docx', 'lxml', 'resvg_py', 'briefing.word'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=project, check=True)


# --- another program ----------------------------------------------------------------------------------


@pytest.mark.all
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="needs LibreOffice and Poppler: apt-get install libreoffice-writer-nogui poppler-utils",
)
def test_libreoffice_prints_every_word_of_it(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "brief.docx").write_bytes(word(edition))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "brief.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    printed = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "brief.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = printed.removesuffix("\f").split("\f")
    assert 5 <= len(pages) <= 12
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert (edition.document_title in page) == (number > 1)
    body = [re.sub(r"^.*Page \d+ of \d+\n?$", "", page, flags=re.MULTILINE) for page in pages]
    after = iter(re.findall(r"\w+", "\n".join(body)))
    wanted = [one for text in (edition.title, edition.stance_line) for one in re.findall(r"\w+", text)]
    wanted += words_of_markdown(edition.body) + words_of_markdown(edition.appendix)
    assert [one for one in wanted if one not in after] == []
