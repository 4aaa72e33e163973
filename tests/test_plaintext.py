"""A brief as plain text: nothing lost, no line too long, columns that line up; and `briefing show`."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from briefing.cli import run
from briefing.document import Break, Cell, Cite, Cites, Items, Link, Paragraph, Quotation, Table, Text
from briefing.edition import Edition
from briefing.edition import edition as edited
from briefing.plaintext import WIDTH, plain_text
from briefing.project import open_project
from briefing.render import render
from briefing.selection import selected
from briefing.tongues import tongue_of

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=["congressional-memo", "fiscal-critique", "neutral-summary"])
def edition(request: pytest.FixtureRequest) -> Edition:
    found = selected(open_project(str(ROOT / "facts.yaml")), request.param)
    assert found.brief
    return edited(found.brief)


def test_every_word_of_the_brief_stands_in_it(edition: Edition) -> None:
    """In order up to the first table, as a reader of the Markdown sees them."""
    markdown = re.sub(r"^(?:\[\d+\]: |!\[).*$", "", render(edition, "note"), flags=re.MULTILINE)
    markup = re.compile(r"[|*#>]|(?<=\s)-{3}:?(?=\s)|^- |<(?=http)", re.MULTILINE)
    words = re.findall(r"\w+", re.sub(r"\\(.)", r"\1", markup.sub(" ", markdown)))
    text = plain_text(edition)
    assert sorted(re.findall(r"\w+", text)) == sorted(words)  # the cells of a table stand side by side
    before, _, _ = text.partition("Source\n---")
    count = len(re.findall(r"\w+", before)) - 20
    assert re.findall(r"\w+", text)[:count] == words[:count]


def test_lines_are_no_longer_than_a_mail_keeps(edition: Edition) -> None:
    for line in plain_text(edition).splitlines():
        assert cell_len(line) <= WIDTH or " " not in line.strip(), line
        assert line == line.rstrip()


def blocks(*body: object) -> str:
    empty = Edition(
        "a", tongue_of("en-US"), "T", "K", "neutral", "S", "", (), "2026-01-01", "As of", (), (), ()
    )
    return plain_text(replace(empty, body=body), 40).partition("As of\n\n")[2]  # type: ignore[arg-type]


def test_lists_quotations_breaks_and_links() -> None:
    inner = (
        Paragraph((Text("one two three four five six seven eight nine"),)),
        Items(((Paragraph((Text("x"),)),),), 3),
    )
    made = blocks(
        Items((inner, (Paragraph((Text("b"), Break(), Text("c"))),))),
        Quotation((Paragraph((Text("said"),)), Paragraph((Text("again"),)))),
        Paragraph((Link("https://example.org/a", (Text("there"),)), Link("mailto:a@b.c", (Text("mail"),)))),
    )
    assert made == (
        "- one two three four five six seven\n  eight nine\n  3. x\n- b\n  c\n\n"
        "    said\n\n    again\n\nthere <https://example.org/a>mail\n<a@b.c>\n"
    )


def test_a_long_word_is_broken_and_an_address_is_not() -> None:
    address = "https://example.org/" + "a" * 50
    word = "Donaudampfschifffahrt" * 5
    made = blocks(
        Paragraph((Text(f"{word} and {address}"), Cites((Cite(1, "s-1"),)))),
        Table(
            (), (Cell((Text("a"),)),) * 3, ((Cell((Text(word),)), Cell((Text(word),)), Cell((Text("b"),))),)
        ),
    )
    assert address in made.splitlines()[3]
    for line in made.splitlines():
        assert cell_len(line) <= 40 or "https://" in line
    assert made.replace("\n", "").replace(" ", "").count(word) == 1


def test_a_citation_stays_with_the_word_before_it() -> None:
    cites = Cites((Cite(1, "s-1"), Cite(12, "s-12")))
    made = blocks(Paragraph((Text("word " * 7 + "last"), cites, Text("."))))
    assert made == "word word word word word word word\nlast [1] [12].\n"


def test_columns_line_up_whatever_the_script() -> None:
    rows = tuple(
        (Cell((Text(label),)), Cell((Text(number),), number=True))
        for label, number in (("東京の橋", "5"), ("Міст через річку, довгий опис", "1,000"))
    )
    made = blocks(
        Table((Text("Bridges"),), (Cell((Text("What"),)), Cell((Text("Cost"),), number=True)), rows)
    )
    lines = made.splitlines()
    assert lines[0] == "Bridges"
    assert {cell_len(line) for line in lines[3:5]} == {cell_len("Міст через річку, довгий опис") + 2 + 5}
    assert all(line.endswith(("Cost", "5", "1,000", "-----")) for line in lines[2:])


@given(st.lists(st.lists(st.text("ab c", max_size=60), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_word_of_a_table_is_lost(rows: list[list[str]]) -> None:
    table = Table((), *([tuple(Cell((Text(text),)) for text in row) for row in rows[:1]]), tuple(
        tuple(Cell((Text(text),)) for text in row) for row in rows[1:]
    ))  # fmt: skip
    words = sorted("".join("".join(row) for row in rows).replace(" ", ""))
    assert sorted(blocks(table).replace("-", "").replace(" ", "").replace("\n", "")) == words


def test_show_writes_nothing_and_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shutil.copy(ROOT / "tests" / "briefs" / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    good = '---\ntitle: Good\nstance: neutral\n---\n{{ fact("opened") }}\n'
    (tmp_path / "templates" / "good.md.j2").write_text(good)
    (tmp_path / "templates" / "bad.md.j2").write_text(good.replace("opened", "opend"))
    monkeypatch.chdir(tmp_path)
    assert run(["show", "good"]) == 0
    assert b"1931 [1]" in capsysbinary.readouterr().out
    assert run(["show", "bad"]) == 1
    shown = capsysbinary.readouterr()
    assert (shown.out, b'unknown fact "opend"' in shown.err) == (b"", True)
    assert run(["show", "god"]) == 2
    assert run(["build", "good", "--format", "txt", "-q"]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.txt"]
