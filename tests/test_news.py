"""`build --since` and `diff --redline`: what changed since an edition, in the brief itself and as a redline."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from gitfolders import git, needs_git
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.cli import run
from briefing.document import Cell, Heading, Items, Paragraph, Revised, Strong, Table, Text, flat
from briefing.edition import Edition
from briefing.plaintext import plain_text
from briefing.redlined import redlined
from briefing.tongues import tongue_of

OLD = """\
schema: 1
title: The plant at Middleton
as_of: 2026-03-20
people:
  holt: {name: Ann Holt, short: Holt}
sources:
  minutes: {type: report, title: Minutes, level: primary, descriptor: The record., accessed: 2026-03-18}
  paper: {type: article-newspaper, title: Gazette, level: secondary, descriptor: Newspaper., accessed: 2026-03-18}
facts:
  closed:
    kind: event
    date: 2026-02-10
    text: The board voted to close the plant.
    cite: [{source: minutes, quote: voted to close the plant}]
  served:
    kind: figure
    text: The plant served {n}.
    quantities: {n: {about: 18000, unit: households}}
    cite: [{source: minutes, quote: "about 18,000 households"}]
  money:
    kind: figure
    text: The board appropriated {m} for a new station.
    quantities: {m: {over: 12000000, unit: USD, stage: appropriated}}
    cite: [{source: minutes, quote: over $12 million was appropriated}]
  leaks:
    kind: statement
    by: holt
    text: "{holt} said the plant leaks."
    cite: [{source: paper, quote: the plant leaks}]
"""
TEMPLATE = """\
---
title: Note
stance: neutral
---
## Money

{{ fact("money") }} {{ fact("served") }}

- {{ fact("closed") }}
{% for f in facts(kind="statement") %}- {{ f }}
{% endfor %}

{{ table(facts(kind="figure"), caption="Figures") }}
"""


def edited(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


NEW = edited(
    OLD,
    ("2026-03-20", "2026-03-31"),
    ("18000", "18500"),
    ("18,000", "18,500"),
    ("voted to close the plant.", "voted on February 10, 2026 to close the plant."),
    (
        "appropriated}]\n",
        "appropriated}, {source: paper, quote: the board appropriated over $12 million}]\n",
    ),
    (
        "  leaks:\n",
        '  gift:\n    kind: statement\n    by: holt\n    text: "{holt} called the closure “a gift.”"\n'
        "    cite: [{source: paper, quote: she called it a gift}]\n  leaks:\n",
    ),
)
NEW = edited(
    NEW,
    (
        'text: "{holt} said the plant leaks."\n',
        'text: "{holt} said the plant leaks."\n    status: retracted\n    why: She took it back.\n',
    ),
)
SECTION = """\
## What changed since March 20, 2026

- **Confirmed by a further source:** The board appropriated over $12 million for a new
  station [1] [2].
- **Changed:** The plant served about 18,500 [1]. **Before:** “The plant served about 18,000.”
- **Changed:** The board voted on February 10, 2026 to close the plant [1]. **Before:** “The board
  voted to close the plant.”
- **New:** Ann Holt called the closure “a gift.” [2]
- **No longer said:** “Ann Holt said the plant leaks.” She took it back.
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "facts.yaml").write_text(NEW)
    (tmp_path / "templates" / "note.md.j2").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built(*options: str) -> str:
    assert run(["build", "note", "-q", *options]) == 0
    return Path("out/note.md").read_text() if Path("out/note.md").exists() else ""


def test_a_section_says_what_changed_and_notes_stand_behind_what_did(project: Path) -> None:
    text = built("--since", "old.yaml", "--format", "md")
    assert SECTION in text
    body = text.partition(SECTION)[2].partition("## Sources")[0]
    assert "The plant served about\n18,500 [1]. \\[changed]" in body
    assert "voted on February 10, 2026 to close the plant [1]. \\[changed]" in body
    assert "“a gift.” [2] \\[new]" in body
    assert "| The plant served about 18,500 \\[changed] |" in body
    assert body.count("\\[") == 4


def test_what_was_said_before_has_no_citations_of_then(project: Path) -> None:
    computed = "  share:\n    kind: figure\n    text: Twice as many are {twice}.\n"
    computed += "    quantities: {twice: {computed: served.n * 2}}\n"
    computed += "    cite: [{source: minutes, quote: twice as many are served}]\n"
    for name, text in (("old", OLD), ("facts", NEW)):
        (project / f"{name}.yaml").write_text(text + computed)
    (project / "templates" / "note.md.j2").write_text(TEMPLATE + '\n{{ fact("share") }}\n')
    text = " ".join(built("--since", "old.yaml", "--format", "md").split())
    before = re.findall(r"\*\*Before:\*\* “([^”]*)”", text)
    assert len(before) == 4
    assert not [said for said in before if re.search(r"\[|computed|:$", said)]


def test_nothing_is_said_where_nothing_changed_and_the_brief_alone_has_no_section(project: Path) -> None:
    plain = built("--format", "md")
    text = built("--since", "facts.yaml", "--format", "md")
    section = (
        "## What changed since March 31, 2026\n\nNothing that this brief says has changed since then.\n\n"
    )
    assert section in text
    ending = re.compile(r"<!-- briefing .* -->\n")
    assert ending.sub("", text.replace(section, "")) == ending.sub("", plain)
    assert built("--format", "md") == plain


@needs_git
def test_what_left_the_template_with_its_fact_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who retracts a fact has to take it out of the template, so that today's brief of then does not have it."""
    facts, template = project / "facts.yaml", project / "templates" / "note.md.j2"
    facts.write_text(OLD)
    template.write_text(TEMPLATE + '\n{{ fact("leaks") }}\n')
    assert run(["build", "note", "--format", "pdf", "--out", "sent", "-q"]) == 0
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-qm", "Then")
    facts.write_text(NEW)
    template.write_text(re.sub(r"\{% for .*?\{% endfor %\}\n", "", TEMPLATE, flags=re.DOTALL))
    sections = []
    for old in ("HEAD", "sent/note.pdf"):
        text = built("--since", old, "--format", "md,pdf")
        assert "- **No longer said:** “Ann Holt said the plant leaks.” She took it back." in " ".join(
            text.split()
        )
        sections.append(text)
        assert run(["verify", "out/note.pdf"]) == 0
    assert sections[0] == sections[1]
    alone = built("--since", "old.yaml", "--format", "md,pdf")  # whose template nobody knows
    assert "No longer said" not in alone
    assert "whether this brief said them is not on record" in " ".join(alone.split())
    assert run(["verify", "out/note.pdf"]) == 0
    assert run(["diff", "HEAD"]) == 1
    assert "(old) Money: is gone (leaks)" in capsys.readouterr().out
    for old in ("HEAD", "sent/note.pdf"):
        assert run(["diff", old, "--redline", "note"]) == 1
        html = Path("out/redline/note.html").read_text()
        assert re.search(r"<del>(?:(?!</del>).)*said the plant leaks", html, re.DOTALL)


SUCCESSOR = (
    OLD
    + """\
  more-money:
    kind: figure
    text: The board appropriated {m} for a new station.
    quantities: {m: {over: 13000000, unit: USD, stage: appropriated}}
    supersedes: money
    cite: [{source: minutes, quote: over $13 million was appropriated}]
"""
)


@needs_git
def test_what_another_fact_took_the_place_of_is_told_as_a_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The template asks for the successor, in a table too, which the edition of then does not have."""
    facts, template = project / "facts.yaml", project / "templates" / "note.md.j2"
    old_template = TEMPLATE.replace('facts(kind="figure")', '[fact("money")]')
    template.write_text(old_template)
    facts.write_text(OLD)
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-qm", "Then")
    template.write_text(old_template.replace('fact("money")', 'fact("more-money")'))
    facts.write_text(
        SUCCESSOR.replace(
            "stage: appropriated}}\n",
            "stage: appropriated}}\n    status: superseded\n    why: The board voted again.\n",
            1,
        )
    )
    text = " ".join(built("--since", "HEAD", "--format", "md,pdf").split())
    assert (
        "- **Changed:** The board appropriated over $13 million for a new station [1]."
        " **Before:** “The board appropriated over $12 million for a new station.” ##"
    ) in text
    assert run(["verify", "out/note.pdf"]) == 0
    capsys.readouterr()
    assert run(["diff", "HEAD"]) == 1
    out = capsys.readouterr().out
    assert "The board appropriated over [-$12-]{+$13+} million for a new station [1]." in out
    assert "error" not in out


@needs_git
def test_what_has_another_id_is_said_as_before(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts, template = project / "facts.yaml", project / "templates" / "note.md.j2"
    facts.write_text(OLD)
    git(project, "init", "-q")
    git(project, "add", "facts.yaml", "templates")
    git(project, "commit", "-qm", "Then")
    for text, file in ((OLD, facts), (TEMPLATE, template)):
        file.write_text(re.sub(r"\bmoney\b", "station-money", re.sub(r"\bholt\b", "ann-holt", text)))
    for old in ("HEAD", "old.yaml"):
        assert "Nothing that this brief says has changed since then." in built(
            "--since", old, "--format", "md,pdf"
        )
        assert run(["verify", "out/note.pdf"]) == 0
        capsys.readouterr()
        assert run(["diff", old]) == 1
        out = capsys.readouterr().out
        assert "None of its sentences reads otherwise" in out
        assert "error" not in out


def test_a_document_for_others_says_nothing_of_this_brief(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "other.md.j2").write_text(TEMPLATE)
    assert run(["build", "other", "--format", "pdf", "-q"]) == 0
    assert run(["build", "note", "--since", "out/other.pdf", "--format", "md"]) == 1
    assert (
        "out/other.pdf is the brief for other, and says nothing of what note said then"
        in capsys.readouterr().err
    )
    assert not Path("out/note.md").exists()


def test_a_note_stands_below_a_picture(project: Path) -> None:
    (project / "templates" / "note.md.j2").write_text(
        TEMPLATE + '\n{{ bars(fact("served"), caption="Served") }}\n'
    )
    built("--since", "old.yaml", "--format", "pdf")
    page = pypdfium2.PdfDocument("out/note.pdf")[0].get_textpage().get_text_range()
    assert "Sources: [1]. [changed] The plant served about 18,500: about 18,500." in " ".join(page.split())
    assert run(["verify", "out/note.pdf"]) == 0


def test_a_source_that_is_told_of_otherwise_is_named(project: Path) -> None:
    (project / "old.yaml").write_text(edited(NEW, ("descriptor: The record.", "descriptor: The draft.")))
    text = built("--since", "old.yaml", "--format", "md,pdf")
    assert "- **Told of otherwise:** Minutes [1].\n" in text
    assert run(["verify", "out/note.pdf"]) == 0
    (project / "old.yaml").write_text(
        edited(NEW, ("accessed: 2026-03-18}\n  paper", "accessed: 2026-03-17}\n  paper"))
    )
    assert "Nothing that this brief says has changed" in built("--since", "old.yaml", "--format", "md")


def test_each_build_says_why_it_built_anew(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built("--format", "md")
    for options, why in (
        (["--since", "old.yaml"], "the edition to compare with is new"),
        (["--since", "facts.yaml"], "the edition to compare with changed"),
        ([], "the edition to compare with is gone"),
    ):
        assert run(["build", "note", "--format", "md", *options]) == 0
        assert why in capsys.readouterr().out
        assert run(["build", "note", "--format", "md", *options]) == 0
        assert "up to date" in capsys.readouterr().out


@pytest.mark.extra("docx")
def test_the_same_document_is_built_from_what_it_carries_and_verified(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    built("--since", "old.yaml", "--format", "md,pdf,html,txt,docx")
    reader = pypdf.PdfReader("out/note.pdf")
    files = {name: found[0] for name, found in reader.attachments.items()}
    assert sorted(files) == ["brief.json", "facts-before.yaml", "facts.yaml", "note.md.j2"]
    assert run(["verify", "out/note.pdf"]) == 0
    again = tmp_path_factory.mktemp("again")
    (again / "templates").mkdir()
    for name, content in files.items():
        (again / ("templates" if name.endswith(".j2") else "") / name).write_bytes(content)
    options = ["--since", str(again / "facts-before.yaml"), "--format", "md,pdf", "-q"]
    assert run(["build", "note", "--facts", str(again / "facts.yaml"), *options]) == 0
    for name in ("note.md", "note.pdf"):
        assert (again / "out" / name).read_bytes() == Path("out", name).read_bytes()
    facts = project / "facts.yaml"
    facts.write_text(edited(NEW, ("18500", "18600"), ("18,500", "18,600")))
    capsys.readouterr()
    assert run(["verify", "out/note.pdf"]) == 1
    assert "outdated" in capsys.readouterr().out


def test_a_memo_to_each_recipient_says_what_changed_and_is_verified(project: Path) -> None:
    memo = TEMPLATE.replace("stance: neutral\n", 'stance: neutral\nmemo: {to: "{recipient.name}"}\n')
    memo += '\nDear {{ recipient.name }}: {{ fact("served") }}\n'
    (project / "templates" / "note.md.j2").write_text(memo)
    (project / "people.csv").write_text("name\nAnn Lee\nJo\n")
    options = ["--for", "people.csv", "--since", "old.yaml", "--format", "md,pdf", "-q"]
    assert run(["build", "note", *options]) == 0
    text = Path("out/note/ann-lee.md").read_text()
    assert "‹" not in text
    assert "- **Changed:** Dear Ann Lee: The plant served" in text
    assert "Dear Ann Lee: The plant served about 18,500 [1]. \\[changed]" in " ".join(text.split())
    assert run(["verify", "out/note/ann-lee.pdf", "out/note/jo.pdf"]) == 0


def test_what_says_something_else_of_the_changes_is_altered(project: Path) -> None:
    built("--since", "old.yaml", "--format", "pdf,md")
    shutil.copy("out/note.pdf", "true.pdf")
    (project / "old.yaml").write_text(edited(OLD, ("18000", "11000"), ("18,000", "11,000")))
    built("--since", "old.yaml", "--format", "pdf")
    reader, writer = pypdf.PdfReader("out/note.pdf"), pypdf.PdfWriter("true.pdf")
    carried = reader.attachments["facts-before.yaml"][0]
    for attachment in writer.attachment_list:
        if attachment.name == "facts-before.yaml":
            attachment.content = carried
    writer.write("false.pdf")
    assert run(["verify", "true.pdf"]) == 0
    assert run(["verify", "false.pdf"]) == 1


def test_the_bars_leave_the_text_in_order(project: Path) -> None:
    built("--since", "old.yaml", "--format", "pdf")
    page = pypdfium2.PdfDocument("out/note.pdf")[0].get_textpage().get_text_range()
    words = " ".join(page.split())
    assert words.index("[changed]") < words.index("[new]") < words.index("Figures")


def test_what_cannot_be_compared_with_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--since", "v1"]) == 2
    assert "v1" in capsys.readouterr().err
    assert not (project / "out").exists()


# --- redline ------------------------------------------------------------------------------------------


def words_of(html: str, *, without: str) -> str:
    """The words of the page but those that are told to who hears it, and those of one tag."""
    body = re.sub(r"<span class=\"told\">.*?</span>", "", html.partition("<body")[2])
    body = re.sub(rf"<{without}>.*?</{without}>", "", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("&nbsp;", " ").split())


def test_a_redline_has_the_words_of_both_editions(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "old.yaml", "--redline", "note"]) == 1
    assert capsys.readouterr().out.split() == ["out/redline/note.html", "out/redline/note.pdf"]
    html = Path("out/redline/note.html").read_text()
    assert "Changes from the edition of March 20, 2026 to that of March 31, 2026" in html
    assert "[deleted:\N{NO-BREAK SPACE}</span>18,000" in html
    assert "served about 18,500 [1]" in words_of(html, without="del")
    assert "served about 18,000 [1]" in words_of(html, without="ins")
    assert "She" not in html
    page = " ".join(pypdfium2.PdfDocument("out/redline/note.pdf")[0].get_textpage().get_text_range().split())
    assert "said the plant leaks" in page
    assert "called the closure" in page
    assert not pypdf.PdfReader("out/redline/note.pdf").attachments


def test_a_redline_of_what_cannot_be_built_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates" / "note.md.j2").write_text(TEMPLATE + '\n{{ fact("gift") }}\n')
    assert run(["diff", "old.yaml", "--redline", "note"]) == 1
    assert (
        'note cannot be built from old.yaml, and is shown as far as it can be told: unknown fact "gift"'
        in (capsys.readouterr().err)
    )


def test_a_redline_of_nothing_has_no_marks(project: Path) -> None:
    assert run(["diff", "facts.yaml", "--redline", "note", "--out", "lines"]) == 0
    html = Path("lines/note.html").read_text()
    assert "<del>" not in html
    assert "<ins>" not in html


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--redline", "nobody"], 2), (["--out", "x"], 2), (["--redline", "note", "--facts", "x"], 2)],
)
def test_a_redline_that_cannot_be(project: Path, options: list[str], code: int) -> None:
    assert run(["diff", "old.yaml", *options]) == code


words = st.lists(st.sampled_from("the board 18,500 [x] a to of voted “gift” U.S. leaks".split()), max_size=8)
paragraphs = words.map(lambda found: Paragraph((Text(" ".join(found) + "."), Strong((Text(" end"),)))))
tables = st.lists(st.tuples(words, words), max_size=3).map(
    lambda rows: Table(
        (),
        (Cell((Text("A"),)), Cell((Text("B"),))),
        tuple(tuple(Cell((Text(" ".join(cell)),)) for cell in row) for row in rows),
    )
)
blocks = st.lists(
    paragraphs
    | tables
    | st.lists(paragraphs, min_size=1, max_size=3).map(lambda some: Items(tuple((one,) for one in some)))
    | words.map(lambda found: Heading(2, (Text("H " + " ".join(found)),))),
    max_size=5,
)


def edition_of(body: list[object]) -> Edition:
    empty = ("a", tongue_of("en-US"), "T", "K", "neutral", "S", "", (), "2026-01-01", "As of", (), (), ())
    return replace(Edition(*empty), body=tuple(body))  # type: ignore[arg-type]


@given(blocks, blocks)
@settings(deadline=None)  # a busy machine shall fail no test
def test_without_what_is_inserted_it_is_the_old_text_and_without_what_is_deleted_the_new(
    old: list[object], new: list[object]
) -> None:
    both = plain_text(redlined(edition_of(old), edition_of(new), "Note"), 10_000)
    for body, gone, stays in ((old, r"\{\+.*?\+\}", r"\[-(.*?)-\]"), (new, r"\[-.*?-\]", r"\{\+(.*?)\+\}")):
        left = re.sub(stays, r"\1", re.sub(gone, "", both))
        letters = re.compile(r"[\w“”\[\]]+")
        expected = letters.findall(plain_text(edition_of(body), 10_000))
        assert sorted(letters.findall(left.replace("Note", "", 1))) == sorted(expected)


def test_a_table_keeps_its_head_where_the_words_of_it_changed() -> None:
    def table(*rows: tuple[str, ...]) -> Table:
        header, *others = (tuple(Cell((Text(text),)) for text in row) for row in rows)
        return Table((), header, tuple(others))

    old, new = (
        table(("Year", "Sum"), ("2025", "$4")),
        table(("When", "How much", "Source"), ("2025", "$4", "[1]")),
    )
    made = redlined(edition_of([old]), edition_of([new]), "Note").body[1]
    assert isinstance(made, Table)
    assert [flat(cell.children) for cell in made.header] == ["YearWhen", "SumHow much", "Source"]
    assert [flat(cell.children) for row in made.rows for cell in row] == ["2025", "$4", "[1]"]


def test_a_part_of_a_link_or_emphasis_keeps_it() -> None:
    old = Paragraph((Strong((Text("one two"),)),))
    new = Paragraph((Strong((Text("one three"),)),))
    body = redlined(edition_of([old]), edition_of([new]), "Note").body
    assert body[1] == Paragraph(
        (
            Strong((Text("one "),)),
            Revised("deleted", (Strong((Text("two"),)),)),
            Revised("inserted", (Strong((Text("three"),)),)),
        )
    )


@pytest.mark.all
def test_both_are_pdf_a_3a_and_pdf_ua_1(project: Path) -> None:
    import page as validator

    house = project / "templates" / "house"
    house.mkdir()
    (house / "house.yaml").write_text("office: Office\nmarking: DRAFT\nlogo: {file: seal.svg, alt: Seal}\n")
    (house / "seal.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123"/></svg>'
    )
    built("--since", "old.yaml", "--format", "pdf")
    assert run(["diff", "old.yaml", "--redline", "note"]) == 1
    for path in ("out/note.pdf", "out/redline/note.pdf"):
        for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
            report = validator.validate_pdf(path, profile=profile)
            assert report.is_compliant, (profile, [(one.rule_id, one.message) for one in report.failures])
