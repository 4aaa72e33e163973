"""One brief for each row of a table: `--for`, what may stand in the table, and `--shard`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.cli import run
from briefing.csvtext import read_rows
from briefing.errors import LoadError
from briefing.recipients import read_recipients

BRIEFS = Path(__file__).parent / "briefs"
MEMO = """---
title: Memo
stance: neutral
memo:
  to: "{recipient.name}, { recipient.office }"
  subject: An opening
---
Dear {{ recipient.name }}:

{{ fact("opened") }}

- {{ recipient.office }}
"""
TABLE = "name,office,party\nAnn Lee,Room 1,A\nBo Ray,Room 2,B\nCy Doe,Room 3,A\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the facts of the cases, a memo and a table of three; the working folder."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "memo.md.j2").write_text(MEMO)
    (tmp_path / "people.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def briefing(*arguments: str) -> int:
    return run(["build", *arguments])


def mailed(*arguments: str) -> int:
    return briefing("memo", "--for", "people.csv", "--format", "md", *arguments)


def written(output: str) -> list[str]:
    return [line.split()[0] for line in output.splitlines() if line.split()[1] == "written"]


def test_each_row_has_a_brief_of_its_own(project: Path) -> None:
    assert briefing("memo", "--for", "people.csv", "--format", "md,html,pdf") == 0
    names = {path.name for path in (project / "out" / "memo").iterdir()}
    assert names == {
        f"{name}.{end}" for name in ("ann-lee", "bo-ray", "cy-doe") for end in ("md", "html", "pdf")
    }
    text = (project / "out" / "memo" / "bo-ray.md").read_text()
    assert "- To: Bo Ray, Room 2\n" in text
    assert "Dear Bo Ray:\n" in text
    assert "\n- Room 2\n" in text
    assert "Ann" not in text
    assert "Dear Bo Ray:" in (project / "out" / "memo" / "bo-ray.html").read_text()


def test_a_message_has_a_sign_for_a_column(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates" / "memo.md.j2").write_text(
        '---\ntitle: Memo\nstance: neutral\n---\n{{ recipient.name }} owes the town a lot. {{ fact("opened") }}\n'
    )
    assert mailed() == 1
    said = capsys.readouterr().err
    assert "“‹…› owes the town a lot.” rests on no fact" in said


def test_a_changed_row_builds_one_brief_and_says_why(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mailed() == 0
    (project / "people.csv").write_text(TABLE.replace("Room 2", "Room 22"))
    capsys.readouterr()
    assert mailed() == 0
    said = capsys.readouterr().out
    assert written(said) == ["out/memo/bo-ray.md"]
    assert "the recipient's row changed" in said


def test_a_column_that_no_template_prints_builds_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mailed() == 0
    (project / "people.csv").write_text(TABLE.replace(",B\n", ",C\n"))
    capsys.readouterr()
    assert mailed() == 0
    assert written(capsys.readouterr().out) == []


def test_a_template_can_choose_by_what_a_column_holds(project: Path) -> None:
    choice = (
        '{% if recipient.party == "A" %}\n{{ fact("closed") }}\n{% endif %}\n{{ recipient.name|upper }}\n'
    )
    (project / "templates" / "memo.md.j2").write_text(MEMO + choice)
    assert mailed() == 0
    texts = {path.stem: path.read_text() for path in (project / "out" / "memo").iterdir()}
    assert len(texts["ann-lee"]) > len(texts["bo-ray"]) + 50
    assert all(name.upper() in texts[slug] for slug, name in (("ann-lee", "Ann Lee"), ("bo-ray", "Bo Ray")))


CHOSEN = '{{ fact("closed") }}\n{% endif %}\n'
SET = "{% set x %}{{ recipient.office }}{% endset %}"
MACRO = "{% macro x() %}\n{{ recipient.office }}\n{% endmacro %}"
# What a template asks of printed text, and the rows for which that holds: the first office is Bob, the second is not
# there, the third 12 Main.
ASKED = {
    "truth": (SET + "{% if x %}", "ac"),
    "truth over lines": ("{% set x %}\n{{ recipient.office }}\n{% endset %}{% if x %}", "ac"),
    "truth of a macro": (MACRO + "{% if x() %}", "ac"),
    "truth of trimmed text": (MACRO + "{% if x()|trim %}", "ac"),
    "truth beside words": ("{% set x %}Room {{ recipient.office }}{% endset %}{% if x %}", "abc"),
    "truth of joined text": (SET + '{% set y = x ~ "" %}{% if y %}', "ac"),
    "not": (SET + "{% if not x %}", "b"),
    "equal": (SET + '{% if x == "Bob" %}', "a"),
    "equal over lines": (MACRO + '{% if x() == "Bob" %}', "a"),
    "equal, turned round": (SET + '{% if "Bob" == x %}', "a"),
    "unequal": (SET + '{% if x != "Bob" %}', "bc"),
    "equal to a column": (SET + "{% if x == recipient.office %}", "abc"),
    "equal to another": (SET + "{% set y %}Bob{% endset %}{% if x == y %}", "a"),
    "one of": (SET + '{% if x in ["Bob", "12 Main"] %}', "ac"),
    "contains": (SET + '{% if "1" in x %}', "c"),
    "contains, within words": (
        '{% set x %}Room {{ recipient.office }}{% endset %}{% if "1" in x %}',
        "c",
    ),
    "length": (SET + "{% if x|length > 3 %}", "c"),
    "order": (SET + '{% if x < "2" %}', "bc"),
    "a number": (SET + "{% set y %}{{ x }}{% endset %}{% if y|int == 0 %}", "abc"),
    "first": (SET + '{% if x and x|first == "B" %}', "a"),
    "a piece": (SET + '{% if x[:2] == "12" %}', "c"),
    "join": ('{% if [recipient.name, "x"]|join and [recipient.office]|join == "Bob" %}', "a"),
    "concatenated": (SET + '{% if x + "" == "Bob" %}', "a"),
    "in a list of a filter": (SET + '{% if [x]|join == "Bob" %}', "a"),
    "a text that a macro chose": (
        '{% macro x() %}{{ "yes" if recipient.office else "no" }}{% endmacro %}{% if x() == "yes" %}',
        "ac",
    ),
    "within a column": (SET + "{% if x and x in recipient.office %}", "ac"),
    "after a column": (SET + "{% if recipient.name < x %}", "a"),
    "within a date": (
        '{% set x %}{{ recipient.office[:1] }}{% endset %}{% if x and x in fact("opened").date %}',
        "c",
    ),
    "a column within a date": ('{% if recipient.year in fact("opened").date %}', "ab"),
    "the beginning of a date": ('{% if fact("opened").date.startswith(recipient.year) %}', "ab"),
    "a column as a number": ("{% if recipient.year|int == 1989 %}", "c"),
    "a test": (SET + "{% if x is lower %}", ""),
    "a figure": ('{% if timeline(facts(kind="event")) and recipient.office %}', "ac"),
}


@pytest.mark.parametrize("question", ASKED)
def test_printed_text_that_was_kept_answers_as_its_columns_do(question: str, project: Path) -> None:
    """What stands for a column while the template runs is nobody's name and never empty."""
    template, expected = ASKED[question]
    (project / "people.csv").write_text(
        "slug,name,office,year\na,Ann,Bob,1931\nb,Bo,,1931\nc,Cy,12 Main,1989\n"
    )
    (project / "templates" / "memo.md.j2").write_text(MEMO + template + "\n## Chosen\n" + CHOSEN)
    assert mailed() == 0
    texts = {path.stem: path.read_text() for path in (project / "out" / "memo").iterdir()}
    assert sorted(texts) == ["a", "b", "c"]
    assert "".join(slug for slug in "abc" if "# Chosen" in texts[slug]) == expected


FACT = '{% set x %}{{ fact("opened") }}{% endset %}'


@pytest.mark.parametrize(
    "question",
    [
        FACT + '{% if "1931" in x %}y{% endif %}',
        FACT + '{% if x == "1" %}y{% endif %}',
        FACT + '{% if x in ["1"] %}y{% endif %}',
        FACT + '{% if x in "1" %}y{% endif %}',
        FACT + "{% if x|length > 3 %}y{% endif %}",
        FACT + '{% if x[0] == "1" %}y{% endif %}',
        FACT + '{% if x|first == "1" %}y{% endif %}',
        FACT + '{% if x|upper == "1" %}y{% endif %}',
        FACT + '{% if x.startswith("1") %}y{% endif %}',
        FACT + "{% if x is upper %}y{% endif %}",
        FACT + "{% if x|int %}y{% endif %}",
        FACT + "{% if (x ~ 1)|int %}y{% endif %}",
        '{% if "1" in facts(kind="event")|join(" ") %}y{% endif %}',
        '{% if "1" in timeline(facts(kind="event")) %}y{% endif %}',
        '{% macro x() %}{{ fact("opened") }}{% endmacro %}{% if "1" in x() %}y{% endif %}',
        FACT + "{{ facts(tag=x)|join }}",
        SET + "{{ x|upper }}",
        SET + "{{ x|lower }}",
        SET + '{{ "Ann"|replace(x, "Bo") }}',
        SET + "{{ x.upper() }}",
        SET + "{% filter lower %}{{ recipient.office }}{% endfilter %}",
        "{% autoescape false %}" + SET + '{% if x == "Bob" %}y{% endif %}{% endautoescape %}',
    ],
)
def test_what_cannot_be_known_of_printed_text_is_an_error_with_its_line(
    question: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "memo.md.j2").write_text(MEMO + question + "\n")
    assert mailed() == 1
    said = capsys.readouterr().err.splitlines()
    found = [line for line in said if line.startswith("templates/memo.md.j2:") and ": error: " in line]
    assert found, said
    assert not any("\ufdd0" in line for line in said)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        (SET + "{{ x }}", "Room 1"),
        (SET + "{{ x|trim }}", "Room 1"),
        (MACRO + "{{ x()|trim }},", "Room 1,"),
        (SET + '{{ x ~ "," }}', "Room 1,"),
        (SET + '{{ x + "," }}', "Room 1,"),
        (SET + '{{ [x, x]|join(" – ") }}', "Room 1 – Room 1"),
        (SET + '{{ x|default("none", true) }}', "Room 1"),
        ("{% filter trim %} {{ recipient.office }} {% endfilter %}", "Room 1"),
        ("{% macro x() %}({{ caller() }}){% endmacro %}{% call x() %}{{ recipient.office }}{% endcall %}", "(Room 1)"),
    ],
)  # fmt: skip
def test_printed_text_that_was_kept_is_printed(template: str, printed: str, project: Path) -> None:
    (project / "templates" / "memo.md.j2").write_text(MEMO + "Then:\n\n- " + template + "\n")
    assert mailed() == 0
    assert f"\n- {printed}\n" in (project / "out" / "memo" / "ann-lee.md").read_text()


HOSTILE = (
    "**Ann** _Lee_",
    "Ann <script>alert(1)</script>",
    "[Ann](https://example.org)",
    "{{ 7*7 }} {% raw %}",
    "{amount} {recipient.office}",
    "# 1. Ann | Lee `x`",
    "- Ann & Sons &amp; &lt;",
    "=1+1",
    "Ann\\Lee \\* 'x'",
    "~~Ann~~ ![](x) :::",
    "O’Brien-Ñúñez, Łukasz",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_text_of_the_table_is_literal(project: Path, name: str) -> None:
    """Whatever a reader of Markdown or a browser makes of the files, it shows the cell letter by letter."""
    from html.parser import HTMLParser

    from markdown_it import MarkdownIt

    cell = name.replace('"', '""')
    (project / "people.csv").write_text(f'slug,name,office\na,"{cell}","Room 1 {cell}"\n')
    assert briefing("memo", "--for", "people.csv", "--format", "md,html") == 0

    def shown(html: str) -> str:
        texts: list[str] = []
        reader = HTMLParser(convert_charrefs=True)
        reader.handle_data = texts.append  # type: ignore[method-assign]
        reader.feed(html)
        reader.close()
        return " ".join("".join(texts).split())

    for html in (
        MarkdownIt("commonmark").enable("table").render((project / "out" / "memo" / "a.md").read_text()),
        (project / "out" / "memo" / "a.html").read_text(),
    ):
        text = shown(html)
        assert f"Dear {name}:" in text
        assert text.count(f"Room 1 {name}") == 2


BAD = {
    "empty": (b"", ["1:1 recipients-table"]),
    "only a head": (b"name\n", ["1:1 recipients-table"]),
    "utf-16": ("name\nAnn\n".encode("utf-16"), ["1:1 recipients-table"]),
    "latin-1": (b"name\nJos\xe9\n", ["2:4 recipients-table"]),
    "semicolons": (b"name;office\nAnn;1\n", ["1:1 recipients-columns"]),
    "semicolons and a comma": (b"slug;name, full;office\na;Lee, Ann;1\n", ["1:1 recipients-columns"]),
    "semicolons and a quoted comma": (b'slug;name;office\na;"Lee, Ann";3\n', ["1:1 recipients-columns"]),
    "semicolons and quotes": (b'"slug";"name, full"\n"a";"Lee, Ann"\n', ["1:1 recipients-columns"]),
    "tabs": (b'\nname\toffice\n"Lee, Ann"\t1\n', ["1:1 recipients-columns"]),
    "a semicolon in a heading": (b"name,a;b\nAnn,1\n", ["1:6 recipients-columns"]),
    "no name": (b"first,last\nAnn,Lee\n", ["1:1 recipients-columns"]),
    "columns": (b"name,a b,A-B,,\xc3\xa9\nAnn,1,2,3,4\n", ["1:10 recipients-columns", "1:14", "1:15"]),
    "too many cells": (b"name,a\nAnn,1,2\n", ["2:7 recipients-form"]),
    "too few cells": (b"name,a,b\nAnn,1\n", ["2:5 recipients-form"]),
    "open quote": (b'name,a\n"Ann,1\nBo,2\n', ["2:1 recipients-form"]),
    "after the quote": (b'name,a\n"Ann"x,1\n', ["2:6 recipients-form"]),
    "stray quote": (b'name,a\nAn"n,1\n', ["2:3 recipients-form"]),
    "line break": (b'name,a\nAnn,"1\n2"\n', ["2:5 recipients-text"]),
    "hidden": ("name,a\nAnn,x\u202ey\n".encode(), ["2:6 recipients-text"]),
    "control": (b"name,a\nAnn,x\x1b[31my\n", ["2:6 recipients-text"]),
    "noncharacter": ("name,a\nAnn,x\ufdd0y\n".encode(), ["2:6 recipients-text"]),
    "long": (b"name,a\nAnn," + b"x" * 201 + b"\n", ["2:5 recipients-text"]),
    "marks": (("name,a\nAnn,x" + "\u0301" * 20 + "\n").encode(), ["2:5 recipients-text"]),
    "amount": (b"name,a\nAnn,received $5 million\n", ["2:5 recipients-statement"]),
    "percent": (b"name,a\nAnn,up 12 percent\n", ["2:5 recipients-statement"]),
    "amount in Ukrainian": ("name,a\nAnn,отримав 5 млн грн\n".encode(), ["2:5 recipients-statement"]),
    "quotation": ("name,a\nAnn,“we want peace”\n".encode(), ["2:5 recipients-statement"]),
    "sentence": (b"name,a\nAnn,The aid has already been spent twice.\n", ["2:5 recipients-statement"]),
    "short sentence": (b"name,a\nAnn,The mayor lied.\n", ["2:5 recipients-statement"]),
    "sentence without its stop": (b"name,a\nAnn,Ms. Lee is a thief\n", ["2:5 recipients-statement"]),
    "short verb": (b"name,a\nAnn,Lee embezzled.\n", ["2:5 recipients-statement"]),
    "pronoun": (b"name,a\nAnn,He stole it.\n", ["2:5 recipients-statement"]),
    "ideographic stop": ("name,a\nAnn,The mayor held on and on。\n".encode(), ["2:5 recipients-statement"]),
    "capitals": (b"name,a\nAnn,The Mayor Took Bribes\n", ["2:5 recipients-statement"]),
    "citation": (b"name,a\nAnn,Budget [1]\n", ["2:5 recipients-statement"]),
    "wide citation": ("name,a\nAnn,Budget ［1］\n".encode(), ["2:5 recipients-statement"]),
    "raised citation": ("name,a\nAnn,Budget [³]\n".encode(), ["2:5 recipients-statement"]),
    "escaped citation": (b"name,a\nAnn,Budget \\[1\\]\n", ["2:5 recipients-statement"]),
    "citation that begins": (b"name,a\nAnn,Budget [1\n", ["2:5 recipients-statement"]),
    "count": (b"name,a\nAnn,500 dead\n", ["2:5 recipients-statement"]),
    "count in a sentence": (b"name,a\nAnn,killed 500 people\n", ["2:5 recipients-statement"]),
    "collision": (b"name\nAnn Lee\nann  LEE!\n", ["3:1 recipients-slug"]),
    "collision of slug and name": (b"slug,name\nann,Bo\n,Ann\n", ["3:2 recipients-slug"]),
    "slugs": (
        b"slug\n../victim\n/etc/x\nA\n-a\na_b\n" + b"x" * 65 + b"\n",
        [f"{line}:1 recipients-slug" for line in range(2, 8)],
    ),
    "devices": (b"name\ncon\nNUL\nCom1\n", ["2:1 recipients-slug", "3:1", "4:1"]),
    "no latin letters": ("name\nВолодимир\n".encode(), ["2:1 recipients-slug"]),
    "no letters": (b"name,a\n!!!,1\n", ["2:1 recipients-slug"]),
    "neither": (b"name,a\n,1\n", ["2:1 recipients-slug"]),
    "all at once": (
        b'name,a\nAnn,$5 million\nBo\nann,"b\nc"\n',
        ["2:5 recipients-statement", "3:1 recipients-form", "4:5 recipients-text"],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_table_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    data, expected = BAD[name]
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    with pytest.raises(LoadError) as raised:
        read_recipients(str(path))
    found = [f"{p.location.line}:{p.location.column} {p.rule}" for p in raised.value.problems]
    assert len(found) == len(expected), found
    assert all(one.startswith(other) for one, other in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("name,a\nAnn\n", "one cell under two columns;"),
        ("name\nAnn,1,2\n", "three cells under one column;"),
    ],
)
def test_cells_and_columns_are_counted(tmp_path: Path, table: str, words: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(table)
    with pytest.raises(LoadError, match=words):
        read_recipients(str(path))


# One in each line, as offices have them.
CELLS = """\
Hon. Ann Lee Jr.
Sen.
Ranking Member
Dr. A. B. Smith, Ph.D.
TX-7
District 12
12th District
Ward 5
Room 2123, Rayburn
Room 5 (2nd floor)
2123 Rayburn House Office Building
1600 Pennsylvania Avenue NW
12 oak street
12 rue de Rivoli, Paris
To whom it may concern
The Congressman Will Hurd
The Venerable May Chen
12 oak circle
12 oak blvd, apt 4
12 beacon hill
ward 7 council
SEIU local 32 chapter
Gate 5 left
Washington, DC 20515
Washington, D.C.
P.O. Box 12
Jan. 12, 2026
12 January 2026
3:30 p.m.
9 a.m. to 5 p.m.
ann.lee@example.org
+1 (202) 225-2123 ext. 5
Committee on Ways and Means
Member since 2011
Class of 2026
Chair, Subcommittee on Health (2025–26)
Minister who led the delegation
Senator for Texas, retired
Members of the class that was elected in 2024
Rep. John Fell
Will Smith
The Honorable Will Lee
Nils Are Dahl
May Lee
Nancy Drew Smith
Do Thi Lan
He Xi
she/her
they/them
The May Company
Yahoo!
вул. Хрещатик, 36, кв. 5
Верховна Рада України
"""


@pytest.mark.parametrize("cell", CELLS.splitlines())
def test_what_names_somebody_or_a_place_is_no_statement(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f'slug,a\nann,"{cell}"\n', encoding="utf-8")
    assert [row.values["a"] for row in read_recipients(str(path)).rows] == [cell]


GOOD = {
    "bom, crlf and blank lines": (b"\xef\xbb\xbfname,a\r\n\r\nAnn,1\r\n,\r\nBo,2", ["ann", "bo"]),
    "quotes": (b'name,a\n"Lee, ""Ann""",1\n', ["lee-ann"]),
    "accents": ("name\nRep. José O’Núñez\n".encode(), ["rep-jose-onunez"]),
    "slug before name": (b"slug,name\nx1,Ann\n,Bo\n", ["x1", "bo"]),
    "names are no statements": (
        b"name,a,b\nAnn,District 12,\"Hon. Ann Lee, U.S. House of Representatives, Washington, D.C.\"\n",
        ["ann"],
    ),
    "a long name": (b"name\n" + b"ab " * 60 + b"\n", ["ab-" * 21 + "a"]),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_tables_as_offices_have_them(tmp_path: Path, name: str) -> None:
    data, slugs = GOOD[name]
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    assert [row.slug for row in read_recipients(str(path)).rows] == slugs


@given(
    st.lists(st.lists(st.text(st.sampled_from('a,"\n ü'), max_size=6), min_size=2, max_size=4), max_size=5)
)
def test_cells_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    """The standard library writes, we read; cells lose the space around them."""
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    wrong: list[str] = []
    read = [
        [cell.text for cell in row]
        for row in read_rows(text.getvalue(), lambda *what: wrong.append(str(what)))
    ]
    stripped = [[cell.strip() for cell in row] for row in rows]
    assert read == [row for row in stripped if any(row)]
    assert wrong == []


def test_the_facts_and_the_table_are_both_told_about(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "people.csv").write_text("name\nAnn\nAnn\n")
    facts = (project / "facts.yaml").read_text()
    (project / "facts.yaml").write_text(facts + "wrong: 1\n")
    assert mailed() == 1
    said = capsys.readouterr().err
    assert "[recipients-slug]" in said
    assert "[schema-unknown-key]" in said


@pytest.mark.parametrize(("options", "levels"), [((), "we"), (("-q",), "e"), (("-v",), "nwe")])
def test_of_the_facts_beside_a_faulty_table_no_more_is_told_than_was_asked(
    options: tuple[str, ...], levels: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "people.csv").write_text("name\nAnn\nAnn\n")
    assert mailed(*options) == 1
    said = capsys.readouterr().err
    assert {word[0] for word in ("note", "warning", "error") if f": {word}: " in said} == set(levels)


def test_without_a_table_the_memo_is_not_built(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named, it is an error; among all audiences a warning, so that the others are built."""
    good = '---\ntitle: Good\nstance: neutral\n---\n{{ fact("opened") }}\n'
    (project / "templates" / "good.md.j2").write_text(good)
    assert briefing("memo", "--format", "md") == 1
    assert "build it alone, with a table of recipients: briefing build memo --for" in capsys.readouterr().err
    assert briefing("--format", "md") == 0
    assert "[template-recipient]" in capsys.readouterr().err
    assert [path.name for path in (project / "out").iterdir()] == ["good.md"]
    assert run(["check"]) == 0
    assert run(["index", "memo"]) == 0


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        ("{recipient.name},", "{recipient.nam},", "4:1", "template-recipient"),
        ("Dear {{ recipient.name }}", "Dear {{ recipient.nam }}", "8:1", "template-undefined"),
        ("Dear {{ recipient.name }}", "Dear {{ recipient }}", "8:1", "template-print"),
        (
            "- {{ recipient.office }}",
            '{% claim "opened" %}{{ recipient.office }} opened{% endclaim %}.',
            "12:1",
            "template-claim",
        ),
    ],
)
def test_what_a_template_cannot_ask_of_a_table(
    project: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str, rule: str
) -> None:
    (project / "templates" / "memo.md.j2").write_text(MEMO.replace(old, new))
    assert mailed() == 1
    said = [line for line in capsys.readouterr().err.splitlines() if f"[{rule}]" in line]
    assert len(said) == 1
    assert said[0].startswith(f"templates/memo.md.j2:{place}: error: ")
    assert not (project / "out").exists()


def test_a_column_that_the_table_lacks_is_told_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words before it led to the column, and lead to nothing only because it is not there."""
    (project / "templates" / "memo.md.j2").write_text(
        MEMO + "\nCommittee: {{ recipient.committee }}\n"
        "{% set x %}{{ recipient.committee }}{% endset %}{% if x %}{% endif %}\n"
    )
    assert mailed() == 1
    said = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    message = 'error: the table of recipients has no column "committee"'
    assert said == [f"templates/memo.md.j2:{line}:1: {message} [template-undefined]" for line in (14, 15)]


def test_a_file_that_belongs_to_no_row_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mailed() == 0
    (project / "people.csv").write_text(TABLE.replace("Bo Ray,Room 2,B\n", ""))
    capsys.readouterr()
    assert mailed() == 0
    assert (
        "out/memo/bo-ray.md:1:1: warning: no row of people.csv makes this file; delete it"
        in capsys.readouterr().err
    )
    assert mailed("--check") == 1
    assert "stale" in capsys.readouterr().out


def test_one_audience_for_one_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert briefing("--for", "people.csv") == 2
    assert briefing("memo", "other", "--for", "people.csv") == 2
    assert "name that audience" in capsys.readouterr().err


def test_shards_are_disjoint_and_together_the_whole(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mailed() == 0
    whole = {path.name: path.read_bytes() for path in (project / "out" / "memo").iterdir()}
    capsys.readouterr()
    parts = []
    for number in (1, 2):
        assert mailed("--shard", f"{number}/2", "--out", f"part{number}") == 0
        parts.append(
            {path.name: path.read_bytes() for path in (project / f"part{number}" / "memo").iterdir()}
        )
    assert not parts[0].keys() & parts[1].keys()
    assert parts[0] | parts[1] == whole
    assert len(parts[0]) == 2
    capsys.readouterr()
    assert mailed("--shard", "9/9") == 0
    assert capsys.readouterr().out == "part 9/9 has no brief; there are fewer briefs than parts\n"
    assert mailed("--shard", "9/9", "-q") == 0
    assert mailed("--shard", "9/9", "--json") == 0
    assert json.loads(capsys.readouterr().out)["briefs"] == []


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3", ""])
def test_a_shard_that_is_none(project: Path, shard: str) -> None:
    assert mailed("--shard", shard) == 2


def test_the_recipient_stands_in_the_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mailed("--json") == 0
    briefs = json.loads(capsys.readouterr().out)["briefs"]
    assert [brief["recipient"] for brief in briefs] == ["ann-lee", "bo-ray", "cy-doe"]
