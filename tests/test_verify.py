"""Verdicts on built documents: those that hold, those that no longer do, those that were altered, and strangers."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factsfiles import cases, edited
from gitfolders import git, needs_git
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from briefing import __version__, selection, verifying
from briefing.asbuilt import UNMARKED
from briefing.asprinted import difference, printed
from briefing.cli import run
from briefing.edition import edition
from briefing.limits import time_limit
from briefing.project import open_project
from briefing.selection import selected
from briefing.snapshots import _identifier

HERE = Path(__file__).parent
ROOT = HERE.parent
BRIDGE = (HERE / "briefs" / "facts.yaml").read_text(encoding="utf-8")
MEMO = """\
---
title: Memo to the council
stance: advocacy
memo: {to: The council, from: The clerk}
---
## Money

{{ fact("repair-cost") }} {% claim "repair-a-year" %}That is {year} a year{% endclaim %}.

## Safety

{% claim "safe" %}{mayor} says that the bridge is safe{% endclaim %}. {{ fact("unsafe") }} {{ fact("weight-limit") }}

1. {{ fact("opened") }}
2. {{ fact("closed") }}

{{ timeline(facts(tag="milestone")) }}

## Traffic

{{ fact("disputed-load") }} {{ fact("cars-an-hour") }} {{ fact("ugly") }} {{ fact("done-by") }}
"""
HOUSE = "office: Office of Bridges\nmarking: DRAFT\n"
FORMATS = ("pdf", "md", "txt", "html")
ROW = "Date: 1931 · What: Bridge opened · Source: [1] [3]"
Verify = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The memo in every format, as it was built from the facts as they are."""
    folder = tmp_path_factory.mktemp("sent")
    lay_out(folder)
    (folder / "templates" / "house").mkdir()
    (folder / "templates" / "house" / "house.yaml").write_text(HOUSE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["build", "-q", "--format", ",".join(FORMATS), "--out", "."]) == 0
    return folder


def lay_out(folder: Path, facts: str = BRIDGE) -> None:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "memo.md.j2").write_text(MEMO, encoding="utf-8")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: Path) -> Path:
    """The facts, some time later; the letterhead is another one by now."""
    lay_out(tmp_path)
    for format in FORMATS:
        (tmp_path / f"memo.{format}").write_bytes((sent / f"memo.{format}").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    def call(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
        capsys.readouterr()
        code = run(["verify", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)["files"]

    return call


def sheet(text: str) -> bytes:
    """A PDF of one page with a line of text, as no briefing makes it."""
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    drawn = DecodedStreamObject()
    drawn.set_data(f"BT /F1 12 Tf 72 400 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(drawn)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def changed(path: Path, change: Callable[[PdfWriter], object]) -> str:
    writer = PdfWriter(clone_from=PdfReader(path))
    change(writer)
    writer.write(path)
    return path.name


def test_what_was_just_built_is_current(sent: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sent)
    code, files = verify(*(f"memo.{format}" for format in FORMATS))
    assert [(file["verdict"], file["reasons"]) for file in files] == [("current", [])] * 4
    assert code == 0


def test_a_pdf_holds_under_another_letterhead_and_when_saved_again(project: Path, verify: Verify) -> None:
    assert verify(changed(project / "memo.pdf", lambda writer: None))[1][0]["verdict"] == "current"


def test_a_fact_that_changed(project: Path, verify: Verify, capsys: pytest.CaptureFixture[str]) -> None:
    text = BRIDGE.replace("The bridge opened in 1931", "The bridge opened in 1932")
    (project / "facts.yaml").write_text(text, encoding="utf-8")
    code, (file,) = verify("memo.pdf")
    assert (code, file["verdict"]) == (1, "outdated")
    assert file["statements"] == [
        {
            "facts": ["opened"],
            "says": "The bridge opened in 1931 [1] [3].",
            "now": "The bridge opened in 1932 [1] [3].",
            "why": '"opened" changed (text)',
        },
        {"facts": ["opened"], "says": ROW, "now": ROW, "why": '"opened" changed (text)'},
    ]
    run(["verify", "memo.pdf"])
    assert capsys.readouterr().out.splitlines() == [
        "memo.pdf: outdated: two statements",
        '  "opened" changed (text)',
        "    says  The bridge opened in 1931 [1] [3].",
        "    now   The bridge opened in 1932 [1] [3].",
        '  "opened" changed (text)',
        f"    says  {ROW}",
        "    now   the same words, on what is no longer the same; read them again",
    ]


def test_a_new_fact_that_contradicts_one_of_the_document(project: Path, verify: Verify) -> None:
    new = (
        "  older:\n    kind: event\n    date: 1930\n    contradicts: [opened]\n    text: The bridge opened in 1930.\n"
        "    cite: [{source: study, quote: in 1930}]\n"
    )
    (project / "facts.yaml").write_text(BRIDGE.rstrip("\n") + "\n" + new, encoding="utf-8")
    _, (file,) = verify("memo.pdf")
    assert file["verdict"] == "outdated"
    assert file["statements"][0]["why"] == '"older" contradicts it'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("facts:\n", "\n# The facts.\nfacts:\n"),
        ("label: ", "label:   "),
        ("text: >", "text: |"),
        ("as_of: 2026-01-27", "as_of: 2026-01-28"),
    ],
)
def test_what_says_the_same_is_no_false_alarm(project: Path, verify: Verify, old: str, new: str) -> None:
    assert old in BRIDGE
    (project / "facts.yaml").write_text(BRIDGE.replace(old, new), encoding="utf-8")
    code, (file,) = verify("memo.pdf")
    assert (code, file["verdict"]) == (0, "current")
    assert file["notes"] == (
        ["its information is as of 2026-01-27, the facts file's as of 2026-01-28"] if "as_of" in old else []
    )


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "url: https://middleton.example/minutes",
            "url: https://elsewhere.example/minutes",
            'the source "minutes" changed',
        ),
        ("doi: 10.5555/bridge", "doi: 10.5555/other", 'the source "study" changed'),
        ("derived_from: [minutes, press-kit]", "derived_from: [press-kit]", 'the source "'),
        ("at: p. 3", "at: p. 7", 'where "opened" stands in its source changed'),
    ],
)
def test_a_source_that_changed(old: str, new: str, why: str, project: Path, verify: Verify) -> None:
    assert old in BRIDGE
    (project / "facts.yaml").write_text(BRIDGE.replace(old, new, 1), encoding="utf-8")
    _, (file,) = verify("memo.pdf")
    assert file["verdict"] == "outdated"
    assert any(one["why"].startswith(why) and one["says"] != one["now"] for one in file["statements"])


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("accessed: 2026-01-20", "accessed: 2026-01-21", "was read again since"),
        ("dated: 2026-01-28", "dated: 2026-01-29", "it is dated 2026-01-28, the facts file 2026-01-29"),
        ("type: report", "type: article-newspaper", ""),
    ],
)
def test_what_changed_of_a_source_and_is_no_statement(
    old: str, new: str, note: str, project: Path, verify: Verify
) -> None:
    assert old in BRIDGE
    (project / "facts.yaml").write_text(BRIDGE.replace(old, new, 1), encoding="utf-8")
    _, (file,) = verify("memo.pdf")
    assert file["verdict"] == "current"
    assert [note in said for said in file["notes"]] == [True] * bool(note)


@needs_git
def test_a_text_holds_under_a_letterhead_of_earlier(project: Path, verify: Verify) -> None:
    house = project / "templates" / "house" / "house.yaml"
    house.parent.mkdir()
    house.write_text(HOUSE)
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-q", "-m", "draft")
    house.write_text("office: Bureau of Bridges\n")
    git(project, "commit", "-q", "-a", "-m", "final")
    for format in ("md", "txt", "html"):
        code, (file,) = verify(f"memo.{format}")
        assert (code, file["verdict"]) == (0, "current"), file["reasons"]
        assert "it was made with the house of " in file["notes"][0]
    page = house.with_name("page.html.j2")
    for text in (
        "{{ nothing }}",
        "",
    ):  # one that cannot be filled, and one that says nothing; neither keeps from the rest
        page.write_text(text)
        git(project, "add", "templates")
        git(project, "commit", "-q", "-m", "page")
    page.unlink()
    git(project, "commit", "-q", "-a", "-m", "no page")
    assert verify("memo.html")[1][0]["verdict"] == "current"
    house.unlink()
    git(project, "commit", "-q", "-a", "-m", "none")
    text = (project / "memo.md").read_text("utf-8")
    (project / "memo.md").write_text(text.replace("DRAFT", "FINAL"), "utf-8")
    assert verify("memo.md")[1][0]["verdict"] == "altered"


@needs_git
def test_what_was_built_in_another_language_of_the_house_holds(project: Path, verify: Verify) -> None:
    house = project / "templates" / "house" / "house.yaml"
    house.parent.mkdir()
    git(project, "init", "-q")
    for number, (locale, other) in enumerate((("en-GB", "en-US"), ("en-US", "en-GB"))):
        house.write_text(f"office: Office {number}\nlocale: {locale}\n")
        git(project, "add", "facts.yaml", "templates")
        git(project, "commit", "-q", "-m", locale)
        out = f"out{number}"
        assert run(["build", "-q", "--format", ",".join(FORMATS), "--out", out]) == 0
        house.write_text(f"office: Office of Bridges\nlocale: {other}\n")
        git(project, "commit", "-q", "-a", "-m", other)
        code, files = verify(*(f"{out}/memo.{format}" for format in FORMATS))
        assert [(file["verdict"], file["reasons"]) for file in files] == [("current", [])] * 4
        assert code == 0


@needs_git
def test_a_template_that_git_knows_is_no_stranger(project: Path, verify: Verify) -> None:
    template = project / "templates" / "memo.md.j2"
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-q", "-m", "sent")
    template.write_text(MEMO.replace("## Traffic", "## Cars"), encoding="utf-8")
    (file,) = verify("memo.pdf")[1]
    assert (file["verdict"], file["notes"]) == ("current", [])
    git(project, "update-ref", "-d", "HEAD")
    assert "its template is not the one of today" in verify("memo.pdf")[1][0]["notes"][0]


def test_a_claim_that_nobody_has_read_since_is_marked(
    project: Path, verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["review", "--json"])
    found = json.loads(capsys.readouterr().out)["paraphrases"]
    assert run(["review", *(f"--accept={one['id']}" for one in found)]) == 0
    (project / "facts.yaml").write_text(
        BRIDGE.replace("called the bridge", "has called the bridge"), encoding="utf-8"
    )
    assert run(["build", "-q", "--allow-suspect", "--format", "md,txt,pdf"]) == 0
    for format in ("md", "txt", "pdf"):
        _, (file,) = verify(f"out/memo.{format}")
        assert (file["verdict"], file["notes"]) == (
            "current",
            ["a claim in it was not read again since a fact under it changed; run: briefing review memo"],
        )
    text = (project / "out" / "memo.md").read_text("utf-8")
    (project / "out" / "memo.md").write_text(text.partition("\n\n")[2], "utf-8")
    _, (file,) = verify("out/memo.md")
    assert file["verdict"] == "altered"
    assert file["reasons"] == [UNMARKED]


def test_a_template_of_nobody_is_told(project: Path, verify: Verify) -> None:
    def other_template(writer: PdfWriter) -> None:
        forged(
            writer, "memo.md.j2", lambda text: text.replace(b"says that the bridge", b"holds that the bridge")
        )

    changed(project / "memo.pdf", other_template)
    (file,) = verify("memo.pdf")[1]
    assert "its template is not the one of today" in file["notes"][0]


# What of the memo of the first edition no longer holds, from this edition on.
CHAIN = {
    1: {"repair-cost", "repair-a-year"},
    4: {"weight-limit"},
    13: {"done-by"},
    14: {"disputed-load", "cars-an-hour"},
    10: {'the source "paper" changed'},
    18: {'the source "study" changed'},
    20: {"the title changed"},
}


def test_a_chain_of_twenty_editions(project: Path, verify: Verify) -> None:
    text, expected = BRIDGE, set[str]()
    for number, case in enumerate(cases(HERE / "changes" / "chain.txt"), start=1):
        text = edited(text, case.edit)
        (project / "facts.yaml").write_text(text, encoding="utf-8")
        _, (file,) = verify("memo.pdf")
        expected |= CHAIN.get(number, set())
        statements: list[dict[str, Any]] = file["statements"]
        found = {name for one in statements for name in one["facts"] or [one["why"]]}
        assert (file["verdict"], found) == ("outdated", expected), case.title


# --- altered ------------------------------------------------------------------------------------------


def put_on(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="Not so.", rect=(50, 50, 200, 100)))


def written_over(writer: PdfWriter) -> None:
    writer.pages[0].merge_page(PdfReader(io.BytesIO(sheet("It was sold."))).pages[0])


def other_facts(writer: PdfWriter) -> None:
    """The attached facts say something else, and so does nobody else."""
    (facts,) = (file for file in writer.attachment_list if file.name == "facts.yaml")
    facts.content = facts.content.replace(b"in 1931", b"in 1913")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put_on, "something was put on its pages: FreeText"),
        (lambda writer: writer.remove_page(1), "where its own facts and template give"),
        (lambda writer: writer.insert_page(writer.pages[0], 1), "it reads"),
        (written_over, "it reads “it was sold ."),
        (other_facts, "the fingerprint in its metadata is not that of the facts that it carries"),
    ],
)
def test_a_pdf_that_was_altered(
    project: Path, verify: Verify, change: Callable[[PdfWriter], object], reason: str
) -> None:
    code, (file,) = verify(changed(project / "memo.pdf", change))
    assert (code, file["verdict"]) == (1, "altered")
    assert any(reason in said for said in file["reasons"])


HANG = "".join(f"{{% for {name} in facts() %}}" for name in "abcdefgh") + "{% endfor %}" * 8


def test_a_template_that_is_carried_is_bounded_as_any(
    project: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_end(writer: PdfWriter) -> None:
        (template,) = (file for file in writer.attachment_list if file.name == "memo.md.j2")
        template.content += HANG.encode()

    monkeypatch.setattr(selection, "SELECT_SECONDS", 1)
    with time_limit(20):  # of another clock than the program's own
        code, (file,) = verify(changed(project / "memo.pdf", without_end))
    assert (code, file["verdict"]) == (1, "altered")
    assert "took more than 1 seconds of processor time and was stopped" in file["reasons"][1]


def forged(writer: PdfWriter, name: str, change: Callable[[bytes], bytes]) -> None:
    """Another file is carried under that name, and the fingerprint is that of what is carried then."""
    files = {file.name: file for file in writer.attachment_list}
    files[name].content = change(files[name].content)
    kept = {name: files[name].content for name in ("facts.yaml", "brief.json", "memo.md.j2")}
    identifier = _identifier(kept)
    assert identifier
    described(writer, lambda data: re.sub(rb"sha256:[0-9a-f]{64}", identifier.encode(), data))


def described(writer: PdfWriter, change: Callable[[bytes], bytes]) -> None:
    """With other metadata."""
    metadata = writer.root_object["/Metadata"].get_object()
    data = metadata.get_data()  # type: ignore[attr-defined] # a stream
    new = drawn(change(data))
    new.update(made(Type="/Metadata", Subtype="/XML"))
    writer.root_object[NameObject("/Metadata")] = writer._add_object(new)


def drawn(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream


@pytest.mark.parametrize(
    ("name", "change", "verdict", "reason"),
    [
        (
            "memo.md.j2",
            lambda text: text + b"\nThe mayor is a thief and took $9 million.\n",
            "altered",
            "no build makes it: ",
        ),
        (
            "brief.json",
            lambda text: json.dumps({**json.loads(text), "letterhead": {"embargo": "x"}}).encode(),
            "unknown",
            "that no briefing wrote",
        ),
        (
            "facts.yaml",
            lambda text: re.sub(rb"facts: '?[0-9]+'?", b"facts: 1", text, count=1),
            "unknown",
            "is less than the",
        ),
    ],
    ids=["a template that no build takes", "an embargo that is no moment", "fewer facts than there are"],
)
def test_what_is_carried_was_forged_with_its_fingerprint(
    name: str, change: Callable[[bytes], bytes], verdict: str, reason: str, project: Path, verify: Verify
) -> None:
    code, (file,) = verify(changed(project / "memo.pdf", lambda writer: forged(writer, name, change)))
    assert (code, file["verdict"]) == (1, verdict)
    assert reason in "; ".join(file["reasons"])


PUT_INTO_PAGE = {
    "a script": ("</body>", "<script>alert(1)</script></body>"),
    "what runs": ("<body", "<body onload='x()'"),
    "another page": ("</head>", "<meta http-equiv='refresh' content='0'></head>"),
    "a form": ("</body>", "<form><input value='It was sold.'></form></body>"),
    "words behind a comment": ("</body>", "<!--><p>It was sold.</p>--></body>"),
    "words within a title that browsers end early": (
        "<title>",
        "<title>x<a b='</title></head><body><h1>It was sold.</h1><i c=x'></a>",
    ),
    "words that lead back": ("</body>", "<p class='way-back'>It was sold.</p></body>"),
    "what is struck out": ("</body>", "<del>x</del></body>"),
    "another title": ("<title>", "<title>It was sold. "),
    "a running head": ('data-title="', 'data-title="It was sold. '),
    "a number turned round": ("1931", "<bdo dir='rtl'>1931</bdo>"),
    "a digit as a power": ("1931", "193<sup>1</sup>"),
    "the numbers of a list": ("<ol>", "<ol start='7'>"),
    "what is read out": ("<h1>", "<h1 aria-label='It was sold.'>"),
    "what shows over a word": ("<h1>", "<h1 title='It was sold.'>"),
    "the source that shows over a citation": ('data-source="', 'data-source="It was sold. '),
    "words of a style": ("</style>", "h1::after{content:'It was sold.'}</style>"),
    "another style": ("</head>", "<style>h1{display:none}</style></head>"),
    "where a link leads": ("https://middleton.example/minutes", "https://middleton.example/Minutes"),
}


@pytest.mark.parametrize("case", PUT_INTO_PAGE)
def test_what_was_put_into_a_page(case: str, project: Path, verify: Verify) -> None:
    old, new = PUT_INTO_PAGE[case]
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    path = project / "memo.html"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    code, (file,) = verify("memo.html")
    assert (code, file["verdict"]) == (1, "altered")
    assert new.split()[0] in file["reasons"][0]


LETTERS = {
    "a digit that is raised": ("1931", "193¹", "193¹"),
    "a digit that is lowered": ("1931", "193₁", "193₁"),
    "a number that is cut": ("$1.5", "$1. 5", "$1."),
    "a number that ends a paragraph": ("$1.5", "$1.\n\n5", "$1."),
    "other capitals": ("Mayor Ann", "mayor Ann", "mayor"),
    "a statement as code": ("\n\nRepairs", "\n\n    Repairs", "line"),
    "two paragraphs as one": ("\n\n## Safety", "\n## Safety", "line"),
    "where a link leads": ("middleton.example/minutes", "middleton.example/Minutes", "Minutes"),
    "lines that are none": ("\n\n## Safety", "\n\xa0\n## Safety", "line"),
    "ends of lines that are none": ("\n\n## Safety", "\u2028\u2028## Safety", "line"),
    "a line that is broken": ("\n\n## Safety", "  \n\n## Safety", "line"),
}


@pytest.mark.parametrize("case", LETTERS)
def test_a_text_is_compared_to_the_letter(case: str, project: Path, verify: Verify) -> None:
    old, new, told = LETTERS[case]
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    path = project / "memo.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    code, (file,) = verify("memo.md")
    assert (code, file["verdict"]) == (1, "altered")
    assert told in file["reasons"][0]


@pytest.mark.parametrize("format", ["md", "txt", "html"])
def test_a_text_that_went_through_windows_holds(format: str, project: Path, verify: Verify) -> None:
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    path = project / f"memo.{format}"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b" \r\n"))
    assert verify(path.name)[1][0]["verdict"] == "current"


@pytest.mark.parametrize("format", ["md", "txt", "html"])
@pytest.mark.parametrize(
    ("old", "new"), [("1931", "1913"), ("says that the", "denies that the"), ("is safe", "is not safe")]
)
def test_a_text_that_was_altered(project: Path, verify: Verify, format: str, old: str, new: str) -> None:
    path = project / f"memo.{format}"
    text = path.read_text(encoding="utf-8")
    assert old in " ".join(text.split())
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    _, (file,) = verify(path.name)
    assert file["verdict"] == "altered"
    assert new.split()[-1] in file["reasons"][0]


# --- other versions, strangers, and files that mean harm ----------------------------------------------


def test_another_version_is_compared_statement_by_statement(
    project: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "__version__", "99.0")
    code, (file,) = verify("memo.pdf")
    assert (code, file["verdict"], file["reasons"]) == (0, "current", [])
    assert file["notes"] == [f"compared statement by statement: built by briefing {__version__}"]
    cut = changed(project / "memo.pdf", lambda writer: writer.remove_page(0))
    _, (file,) = verify(cut)
    assert file["verdict"] == "altered"
    assert file["reasons"][0].startswith("it does not say what its own facts give: “Repairs for which")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("plain.pdf", sheet("Hello."), "carries no facts"),
        ("plain.md", b"# Hello\n", "bears no fingerprint"),
        ("cut.pdf", b"%PDF-1.7\n", "damaged or cut off"),
        ("stranger.md", b"Hi\n\n<!-- briefing 0.1.0 sha256:" + b"0" * 64 + b" -->\n", "cannot be traced"),
        ("bytes.md", bytes(range(256)), "bears no fingerprint"),
    ],
)
def test_of_strangers_nobody_can_tell(
    project: Path, verify: Verify, name: str, data: bytes, reason: str
) -> None:
    (project / name).write_bytes(data)
    code, (file, memo) = verify(name, "memo.pdf")
    assert (code, file["verdict"], memo["verdict"]) == (1, "unknown", "current")
    assert reason in file["reasons"][0]


def test_of_two_attached_files_of_one_name_nobody_can_tell_which(project: Path, verify: Verify) -> None:
    twice = changed(project / "memo.pdf", lambda writer: writer.add_attachment("facts.yaml", b"schema: 1\n"))
    code, (file,) = verify(twice)
    assert (code, file["verdict"]) == (1, "unknown")
    assert "two attached files of one name" in file["reasons"][0]


def test_a_page_that_unfolds_to_gigabytes_is_refused_in_time(project: Path, verify: Verify) -> None:
    packer = zlib.compressobj(9)
    piece = b"(spam) Tj " * 100_000
    bomb = b"".join(packer.compress(piece) for _ in range(2_000)) + packer.flush()

    def swollen(writer: PdfWriter) -> None:
        content = writer.pages[0].get_contents()
        assert content is not None
        stream = EncodedStreamObject()
        stream._data = bomb
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    code, (file,) = verify(changed(project / "memo.pdf", swollen))
    assert (code, file["verdict"]) == (1, "unknown")
    assert "takes more time or memory than a PDF may" in file["reasons"][0]


def test_what_cannot_be_read_keeps_no_verdict_from_the_others(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "one.pdf", "memo.pdf", "templates"]) == 2
    assert capsys.readouterr().out == (
        "one.pdf: unknown\n  cannot be read: there is no such file\n"
        "memo.pdf: current\n"
        "templates: unknown\n  is a folder\n"
    )


def linked(writer: PdfWriter, **entries: object) -> None:
    """A link over the whole first page."""
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (0, 0, 600, 800))),
            **{NameObject(f"/{name}"): value for name, value in entries.items()},
        }
    )
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject([*page.get("/Annots", ()), writer._add_object(note)])


def led_astray(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/URI"), "/URI": TextStringObject("https://evil.example/")}
    linked(writer, A=DictionaryObject({NameObject(key): value for key, value in action.items()}))


def painted(writer: PdfWriter) -> None:
    drawn = DecodedStreamObject()
    drawn.set_data(b"BT (over $31 million) Tj ET")
    linked(writer, AP=DictionaryObject({NameObject("/N"): writer._add_object(drawn)}))


def acting(writer: PdfWriter) -> None:
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer._root_object[NameObject("/OpenAction")] = action


def with_a_file(writer: PdfWriter) -> None:
    writer.add_attachment("virus.exe", b"MZ")


def made(**entries: object) -> DictionaryObject:
    """A dictionary; what begins with a slash is a name."""

    def of(value: object) -> object:
        if isinstance(value, str):
            return NameObject(value) if value.startswith("/") else TextStringObject(value)
        return NumberObject(value) if isinstance(value, int) else value

    return DictionaryObject({NameObject(f"/{name}"): of(value) for name, value in entries.items()})


SCRIPT = made(S="/JavaScript", JS="app.alert(1)")


def links(writer: PdfWriter) -> list[DictionaryObject]:
    return [one.get_object() for page in writer.pages for one in page.get("/Annots", ())]


def bookmark(writer: PdfWriter) -> DictionaryObject:
    found: DictionaryObject = writer.root_object["/Outlines"]["/First"]  # type: ignore[index] # of ours
    return found.get_object()


WORDS = b"BT /F1 12 Tf 72 400 Td (It was sold.) Tj ET"
FORM = made(Type="/XObject", Subtype="/Form", BBox=ArrayObject(map(FloatObject, (0, 0, 612, 792))))
PATTERN = made(Type="/Pattern", PatternType=1, PaintType=1)
PAINTED = b"/Pattern cs /X scn 0 0 612 792 re f"


def page_that_shows(writer: PdfWriter, content: bytes, **resources: object) -> PageObject:
    """A page more, with a font and what else is named."""
    page = writer.add_page(PdfReader(io.BytesIO(sheet(""))).pages[0])
    page["/Resources"].update(made(**resources))  # type: ignore[attr-defined] # a dictionary
    page[NameObject("/Contents")] = writer._add_object(drawn(content))
    return page


def drawing(writer: PdfWriter, data: bytes, *about: DictionaryObject) -> IndirectObject:
    stream = drawn(data)
    for one in about:
        stream.update(one)
    return writer._add_object(stream)


def fonts() -> DictionaryObject:
    return PdfReader(io.BytesIO(sheet(""))).pages[0]["/Resources"].clone(PdfWriter())  # type: ignore[return-value]


def with_fonts_of_others(writer: PdfWriter, **about: object) -> None:
    page_that_shows(writer, b"/X Do", XObject=made(X=drawing(writer, WORDS, FORM, made(**about))))


def in_a_pattern(writer: PdfWriter) -> None:
    page_that_shows(writer, PAINTED, Pattern=made(X=drawing(writer, WORDS, PATTERN, made(Resources=fonts()))))


def shown_by_a_pattern(writer: PdfWriter) -> None:
    form = drawing(writer, WORDS, FORM, made(Resources=fonts()))
    pattern = drawing(writer, b"/X Do", PATTERN, made(Resources=made(XObject=made(X=form))))
    page_that_shows(writer, PAINTED, Pattern=made(X=pattern))


def shown_by_a_mask(writer: PdfWriter) -> None:
    form = drawing(writer, WORDS, FORM, made(Resources=fonts()))
    mask = made(S="/Luminosity", G=form)
    page_that_shows(writer, b"/X gs 0 0 612 792 re f", ExtGState=made(X=made(SMask=writer._add_object(mask))))


def of_letters_that_are_drawings(writer: PdfWriter) -> None:
    font = made(Type="/Font", Subtype="/Type3", CharProcs=made(a=drawing(writer, b"0 0 d0 " + WORDS)))
    page_that_shows(writer, b"", Font=made(F2=font))


def without_fonts(writer: PdfWriter) -> None:
    """A viewer takes Helvetica for a font that it does not find; pypdf finds no words."""
    page_that_shows(writer, WORDS)[NameObject("/Resources")] = DictionaryObject()


class Written(NullObject):
    """What is written as it is, in place of a value."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def write_to_stream(self, stream: Any, encryption_key: str | bytes | None = None) -> None:
        stream.write(self.data)


def titled_twice(writer: PdfWriter) -> None:
    one = bookmark(writer)
    written = io.BytesIO()
    one["/Title"].write_to_stream(written)  # type: ignore[attr-defined] # a text
    one[NameObject("/Title")] = Written(written.getvalue() + b" /Title (The mayor stole it)")


def drawn_twice(writer: PdfWriter) -> None:
    page = writer.pages[0]
    own, other = page.raw_get("/Contents"), writer._add_object(drawn(WORDS))
    page[NameObject("/Contents")] = Written(b"%d 0 R /C#6fntents %d 0 R" % (own.idnum, other.idnum))


def pointed_at(writer: PdfWriter, holder: DictionaryObject, **entries: object) -> None:
    """With these entries, which stand elsewhere."""
    holder.update({key: writer._add_object(value) for key, value in made(**entries).items()})


def led_astray_by_reference(writer: PdfWriter) -> None:
    action = made(URI="https://evil.example/")
    pointed_at(writer, action, S="/URI")
    links(writer)[0].update(made(A=action))


def sections(writer: PdfWriter) -> list[DictionaryObject]:
    """What the paragraphs are to whoever hears them."""
    return [one for one in writer._objects if isinstance(one, DictionaryObject) and one.get("/S") == "/P"]


def marked(writer: PdfWriter, old: bytes, new: bytes) -> None:
    """With something else in the content of the first page."""
    content = writer.pages[0].get_contents()
    assert content is not None
    data = re.sub(old, new, content.get_data(), count=1)
    assert data != content.get_data()
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn(data))


TITLE = rb'(<dc:title>.*?<rdf:li xml:lang="x-default">).*?(</rdf:li>)'


def file_described(writer: PdfWriter) -> None:
    (file,) = (file for file in writer.attachment_list if file.name == "facts.yaml")
    file.pdf_object.update(made(Desc="The mayor stole it"))


def shown_as(writer: PdfWriter, name: str) -> None:
    (file,) = (file for file in writer.attachment_list if file.name == "facts.yaml")
    file.pdf_object.update(made(F=name, UF=name))


def attached_beside(writer: PdfWriter) -> None:
    """In no list of the file, but where PDF/A has it."""
    content = DecodedStreamObject()
    content.set_data(b"MZ")
    held = made(F=writer._add_object(content))
    file = made(Type="/Filespec", F="virus.exe", UF="virus.exe", EF=held)
    writer.pages[0][NameObject("/AF")] = ArrayObject([writer._add_object(file)])


PUT_IN = {
    "a script behind a bookmark": (
        lambda writer: bookmark(writer).update(made(A=SCRIPT)),
        "something was put on its pages: JS, JavaScript",
    ),
    "a program behind a link": (
        lambda writer: links(writer)[0].update(made(A=made(S="/GoTo", Next=made(S="/Launch", F="cmd.exe")))),
        "Launch",
    ),
    "a link that goes on to another": (
        lambda writer: links(writer)[0].update(
            made(A=made(S="/GoTo", Next=made(S="/URI", URI="https://evil.example/")))
        ),
        "https://evil.example/",
    ),
    "a link with a border": (
        lambda writer: links(writer)[0].update(made(C=ArrayObject([FloatObject(1)]))),
        "something was put on its pages: Link that is drawn",
    ),
    "another bookmark": (
        lambda writer: bookmark(writer).update(made(Title="The mayor stole it")),
        "a bookmark or a picture says what its own facts do not give: The mayor stole it",
    ),
    "another title": (
        lambda writer: writer.add_metadata({"/Title": "The mayor stole it"}),
        "its title, a bookmark or a picture says what its own facts do not give: The mayor stole it",
    ),
    "what a picture is said to show": (
        lambda writer: sections(writer)[0].update(made(Alt="It was sold.")),
        "do not give: It was sold.",
    ),
    "what a word is said to stand for": (
        lambda writer: sections(writer)[0].update(made(E="It was sold.")),
        "do not give: It was sold.",
    ),
    "what a picture is said to show, by reference": (
        lambda writer: pointed_at(writer, sections(writer)[0], Alt="It was sold."),
        "do not give: It was sold.",
    ),
    "another bookmark, by reference": (
        lambda writer: pointed_at(writer, bookmark(writer), Title="The mayor stole it"),
        "do not give: The mayor stole it",
    ),
    "another title, by reference": (
        lambda writer: pointed_at(writer, writer._info, Title="The mayor stole it"),
        "do not give: The mayor stole it",
    ),
    "another title in a section of the metadata": (
        lambda writer: described(
            writer,
            lambda data: re.sub(TITLE, rb"\1<![CDATA[The mayor stole it]]>\2", data, flags=re.DOTALL),
        ),
        "do not give: The mayor stole it",
    ),
    "another title with a prefix of its own in the metadata": (
        lambda writer: described(
            writer,
            lambda data: data.replace(
                b"<dc:creator>",
                b'<d:title xmlns:d="http://purl.org/dc/elements/1.1/">Sold</d:title><dc:creator>',
            ),
        ),
        "do not give: Sold",
    ),
    "another title as an attribute in the metadata": (
        lambda writer: described(
            writer, lambda data: data.replace(b"<rdf:Description", b'<rdf:Description dc:title="Sold"', 1)
        ),
        "do not give: Sold",
    ),
    "metadata that unfold": (
        lambda writer: described(writer, lambda data: b'<!DOCTYPE x [<!ENTITY a "Sold">]>' + data),
        "metadata that cannot be read (a document type)",
    ),
    "metadata that are none": (
        lambda writer: described(writer, lambda data: data + b"<dc:title>Sold</dc:title>"),
        "metadata that cannot be read (no XML)",
    ),
    "a bookmark with two titles": (
        titled_twice,
        "show it otherwise than it was read: Title stands twice in one part",
    ),
    "a page with two contents": (drawn_twice, "Contents stands twice in one part"),
    "another name for pages": (
        lambda writer: writer.root_object.update(
            made(PageLabels=made(Nums=ArrayObject([NumberObject(0), made(P="WITHDRAWN ")])))
        ),
        "something was put on its pages: PageLabels",
    ),
    "what is read instead of words": (
        lambda writer: marked(writer, rb"/MCID 1>>", b"/MCID 1 /Actual#54ext (It was sold.)>>"),
        "something was put on its pages: ActualText",
    ),
    "what is read instead of words, by name": (
        lambda writer: marked(writer, rb"<</MCID 1>>", b"/X"),
        "something was put on its pages: Properties",
    ),
    "letters that change places": (
        lambda writer: marked(writer, rb"\[<", b"[1000 <"),
        "something was put on its pages: letters that are moved",
    ),
    "a picture in the midst of the text": (
        lambda writer: marked(writer, rb"$", b"\nBI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n"),
        "something was put on its pages: a picture in the midst of the text",
    ),
    "what a file is said to be": (
        file_described,
        "its files are said to be what they are not: The mayor stole it",
    ),
    "a file under another name": (
        lambda writer: shown_as(writer, "virus.exe"),
        "files are attached that it did not have: virus.exe",
    ),
    "a file that no list has": (attached_beside, "files are attached that it did not have: virus.exe"),
    "a logo that is none": (
        lambda writer: writer.add_attachment("logo.svg", b"MZ"),
        "files are attached that it did not have: logo.svg",
    ),
    "words in a drawing with the fonts of others": (with_fonts_of_others, "Form with the fonts of others"),
    "words in a drawing that points at what it is": (
        lambda writer: with_fonts_of_others(writer, Subtype=writer._add_object(NameObject("/Form"))),
        "Form with the fonts of others",
    ),
    "words in a drawing that names no font": (
        lambda writer: with_fonts_of_others(writer, Resources=made(ProcSet=ArrayObject())),
        "Form with the fonts of others",
    ),
    "words on a page that names no font": (without_fonts, "Page with no fonts of its own"),
    "words in a pattern": (in_a_pattern, "Pattern that has words"),
    "words in a drawing that a pattern shows": (shown_by_a_pattern, "Pattern that has words"),
    "words in a mask": (shown_by_a_mask, "SMask that has words"),
    "words in letters": (of_letters_that_are_drawings, "Type3 font"),
    "a link to elsewhere, by reference": (led_astray_by_reference, "do not name: https://evil.example/"),
    "a link to elsewhere": (led_astray, "it leads to what its own facts do not name: https://evil.example/"),
    "a link that is drawn": (painted, "something was put on its pages: Link that is drawn"),
    "a script": (acting, "something was put on its pages: OpenAction"),
    "a file with a name like one of ours": (
        lambda writer: writer.add_attachment("x-facts.yaml", b"schema: 1"),
        "files are attached that it did not have: x-facts.yaml",
    ),
    "a template that it does not name": (
        lambda writer: writer.add_attachment("other.md.j2", b"x"),
        "files are attached that it did not have: other.md.j2",
    ),
    "a base of addresses": (
        lambda writer: writer.root_object.update(made(URI=made(Base="https://evil.example/"))),
        "something was put on its pages: Base",
    ),
    "a file": (with_a_file, "files are attached that it did not have: virus.exe"),
}


@pytest.mark.parametrize("case", PUT_IN)
def test_what_was_put_into_a_document_that_says_the_same(case: str, project: Path, verify: Verify) -> None:
    change, reason = PUT_IN[case]
    code, (file,) = verify(changed(project / "memo.pdf", change))
    assert (code, file["verdict"]) == (1, "altered")
    assert reason in "; ".join(file["reasons"])


def with_a_stream_of_parts(data: bytes, index: bytes, parts: bytes) -> bytes:
    """An update of a document with parts in a stream, of which the first is not in the document yet."""
    size = int(re.findall(rb"/Size (\d+)", data)[-1])
    head, last = data.rpartition(b"startxref")[::2]
    named = b" ".join(re.findall(rb"/(?:Root|Info) \d+ 0 R", head[head.rindex(b"trailer") :]))
    first = index.replace(b"N", b"%d" % size)
    packed = b"<</Type /ObjStm /N 2 /First %d /Length %d>>\nstream\n" % (len(first), len(first + parts))
    stream = b"%d 0 obj\n" % (size + 1) + packed + first + parts + b"\nendstream\nendobj\n"
    places = [(2, size + 1, 0), (1, len(data), 0), (1, len(data + stream), 0)]
    table = b"".join(struct.pack(">BIH", *place) for place in places)
    about = b"/Type /XRef /W [1 4 2] /Index [%d 3] /Size %d /Prev %d /Length %d" % (
        size,
        size + 3,
        int(last.split()[0]),
        len(table),
    )
    listed = b"%d 0 obj\n<<%s %s>>\nstream\n%s\nendstream\nendobj\n" % (size + 2, about, named, table)
    return data + stream + listed + b"startxref\n%d\n%%%%EOF\n" % len(data + stream)


LISTED = {
    "a part that is twice in a stream": (
        lambda data: with_a_stream_of_parts(data, b"N 0 N 5 ", b"null null"),
        "a part stands twice in a stream of parts",
    ),
    "a key that is twice in a stream": (
        lambda data: with_a_stream_of_parts(data, b"N 0 9999 22 ", b"<</Title 1 /Title 2>> null"),
        "Title stands twice in one part",
    ),
    "a part that is listed twice": (
        lambda data: data.replace(b"trailer", b"1 1\n0000000009 00000 n \ntrailer"),
        "a part is listed twice",
    ),
    "a part that is listed twice, behind a comment": (
        lambda data: data.replace(b"trailer", b"1 %\n1\n0000000009 00000 n \ntrailer"),
        "a part is listed twice",
    ),
    "a part of another generation": (
        lambda data: data.replace(b"trailer", b"1 1\n0000000009 00001 n \ntrailer"),
        "its parts are of several generations",
    ),
    "another list": (
        lambda data: data.replace(b"/Root", b"/XRefStm 9\n/Root"),
        "it has two lists of its parts",
    ),
    "another place of the list": (
        lambda data: data + b"startxref\n9\n",
        "something stands behind its end",
    ),
}


@pytest.mark.parametrize("case", LISTED)
def test_what_viewers_find_elsewhere(case: str, project: Path, verify: Verify) -> None:
    change, reason = LISTED[case]
    path = project / changed(project / "memo.pdf", lambda writer: None)
    data = path.read_bytes()
    path.write_bytes(change(data))
    assert path.read_bytes() != data
    code, (file,) = verify("memo.pdf")
    assert (code, file["verdict"]) == (1, "altered")
    assert reason in file["reasons"][0]


@needs_git
def test_what_stands_below_the_fingerprint_was_added(project: Path, verify: Verify) -> None:
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-q", "-m", "sent")
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    for format in ("md", "txt"):
        with (project / f"memo.{format}").open("a", encoding="utf-8") as file:
            file.write("\nThe council resigned.\n")
        code, (found,) = verify(f"memo.{format}")
        assert (code, found["verdict"]) == (1, "altered")
        assert "it reads “The council resigned.”" in found["reasons"][0]


@needs_git
def test_a_text_is_traced_through_history(project: Path, verify: Verify) -> None:
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-q", "-m", "sent")
    text = BRIDGE.replace("The bridge opened in 1931", "The bridge opened in 1932")
    (project / "facts.yaml").write_text(text, encoding="utf-8")
    (project / "templates" / "house").mkdir()
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE)
    _, files = verify("memo.md", "memo.txt", "memo.html")
    assert [file["verdict"] for file in files] == ["outdated"] * 3


@pytest.mark.parametrize("audience", ["neutral-summary", "congressional-memo", "fiscal-critique"])
def test_what_is_laid_out_is_read_back_word_for_word(audience: str, tmp_path: Path) -> None:
    """Of the project's own briefs: figures, tables, notes and pages of sources included."""
    assert (
        run(
            [
                "build",
                audience,
                "-q",
                "--format",
                "pdf",
                "--out",
                str(tmp_path),
                "--facts",
                str(ROOT / "facts.yaml"),
            ]
        )
        == 0
    )
    project = open_project(str(ROOT / "facts.yaml"))
    brief = selected(project, audience).brief
    assert brief is not None
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / f"{audience}.pdf").pages)
    expected = printed(edition(brief, letterhead=project.letterhead))
    assert difference(expected, text) is None
    for number in ("1.", "12.", "3, 4.", "Page 2."):  # what stands in front of items and behind sources
        forged = re.sub(r"(?<=\$)(?=\d)", number, text)
        assert forged != text
        assert difference(expected, forged) is not None, number
