"""Sources from reference managers and back: what is read, what comes in where, and what comes back the same."""

from __future__ import annotations

import codecs
import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from gitfolders import git, needs_git
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import dates
from briefing.cli import run
from briefing.errors import LoadError
from briefing.facts import Name, Source
from briefing.limits import processor_time_limit
from briefing.links import same_address
from briefing.load import load
from briefing.references import reading
from briefing.references.bibtex import read_bibtex
from briefing.references.csljson import read_csl_json
from briefing.references.dating import edtf, read_date
from briefing.references.exporting import LEFT_OUT, WRITERS
from briefing.references.ids import Ids
from briefing.references.importing import imported, source_of
from briefing.references.kinds import bibtex_type, csl_type, type_of_bibtex
from briefing.references.latex import as_latex, plain_text
from briefing.references.model import Reference
from briefing.references.reading import READERS, read_references
from briefing.references.ris import read_ris
from briefing.scalars import check_text
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.vocabulary import CSL_TYPES

ROOT = Path(__file__).parent.parent
FACTS = """\
# The bridge.
schema: 1
title: The bridge
as_of: 2026-01-27

sources:
  # Read in full.
  minutes:
    type: report
    level: primary
    title: Minutes of the council
    descriptor: >
      The council's own record.
    accessed: 2026-01-20
    url: https://www.example.org/minutes/
    doi: 10.1234/MINUTES

# What is known.
facts:
  closed:
    kind: event
    date: 2026-01-12
    text: >
      The council closed the bridge.
    cite:
      - source: minutes
        quote: the bridge is closed
"""
ONE = '[{"type": "report", "id": "survey-2025", "title": "A survey"}]'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a facts file; the working folder."""
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def csl(**item: Any) -> Reference:
    (found,) = read_csl_json(json.dumps([{"type": "report", "id": "x", **item}]), "z.json")
    return found


def bibtex(text: str) -> Reference:
    return read_bibtex(text, "z.bib")[0]


def said(reference: Reference) -> dict[str, Any]:
    """What a reference says, without its place, key, type, and what the key is."""
    names = {field.name for field in fields(Reference)} - {"at", "key", "cited", "type"}
    return {name: value for name in sorted(names) if (value := getattr(reference, name))}


# --- CSL-JSON: items in the shapes of CSL's public test data, with words of our own --------------------------

CSL_ITEMS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"title": "Plain"}, {"title": "Plain"}),
    ({"title": "  Two\n words "}, {"title": "Two words"}),
    ({"title": "One <i>Homo</i> <b>b</b> <sc>sc</sc> H<sub>2</sub>O"}, {"title": "One Homo b sc H2O"}),
    ({"title": 'The <span class="nocase">de facto</span> bridge'}, {"title": "The de facto bridge"}),
    ({"title": "a < b and c > d"}, {"title": "a < b and c > d"}),
    ({"title": ""}, {}),
    ({"title": None}, {}),
    ({"title": ["a"]}, {"lost": ("title (no text)",)}),
    ({"title": 1984}, {"title": "1984"}),
    (
        {"title": "in\u00advisible\u200b\u202e"},
        {"title": "invisible", "lost": ("invisible characters in title",)},
    ),
    (
        {"URL": "https://x.example/\u202egpj.exe"},
        {"url": "https://x.example/gpj.exe", "lost": ("invisible characters in URL",)},
    ),
    ({"title": "x" * 2001}, {"lost": ("title (longer than 2,000 characters)",)}),
    (
        {"title": "a" + "\u0301" * 12},
        {"lost": ("title (stacks more combining marks on one letter than any script does)",)},
    ),
    ({"author": [{"family": "Okafor", "given": "Chidi"}]}, {"author": (Name("Okafor", "Chidi"),)}),
    ({"author": [{"literal": "Elm Valley Institute"}]}, {"author": (Name(literal="Elm Valley Institute"),)}),
    ({"author": [{"family": "Plato"}]}, {"author": (Name("Plato"),)}),
    ({"author": [{"given": "Madonna"}]}, {"author": (Name(literal="Madonna"),)}),
    (
        {"author": [{"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}]},
        {"author": (Name("van Gogh", "V."),)},
    ),
    (
        {"author": [{"family": "Beethoven", "given": "Ludwig", "dropping-particle": "von"}]},
        {"author": (Name("Beethoven", "Ludwig von"),)},
    ),
    (
        {"author": [{"family": "Aubignac", "given": "F.", "non-dropping-particle": "d’"}]},
        {"author": (Name("d’Aubignac", "F."),)},
    ),
    (
        {"author": [{"family": "King", "given": "Martin Luther", "suffix": "Jr.", "comma-suffix": True}]},
        {"author": (Name("King", "Martin Luther, Jr."),)},
    ),
    (
        {"author": [{"family": "de la Fontaine", "given": "J.", "parse-names": True}]},
        {"author": (Name("de la Fontaine", "J."),)},
    ),
    (
        {"author": [{"family": "毛", "given": "泽东", "static-ordering": True}]},
        {"author": (Name("毛", "泽东"),)},
    ),
    ({"author": [{"family": "A"}, {}, {"family": " "}]}, {"author": (Name("A"),)}),
    ({"author": ["The Office"]}, {"author": (Name(literal="The Office"),)}),
    ({"author": [3]}, {"lost": ("author (no name)",)}),
    ({"issued": {"date-parts": [[2001, 12, 5]]}}, {"published": "2001-12-05"}),
    ({"issued": {"date-parts": [["1992", 3, "23"]]}}, {"published": "1992-03-23"}),
    ({"issued": {"date-parts": [["2017", "08"]]}}, {"published": "2017-08"}),
    ({"issued": {"date-parts": [[2017]]}}, {"published": "2017"}),
    ({"issued": {"date-parts": [[2017, 0, 0]]}}, {"published": "2017"}),
    (
        {"issued": {"date-parts": [[2017, 2, 30]]}},
        {"published": "2017-02", "lost": ('issued (of "2017-2-30" only 2017-02 can be read)',)},
    ),
    ({"issued": {"date-parts": [[1965, 6, 1], [1965, 7]]}}, {"published": "1965-06-01/1965-07"}),
    ({"issued": {"date-parts": [[1965], [0, 0, 0]]}}, {"published": "1965"}),
    ({"issued": {"date-parts": [[1965]], "circa": 1}}, {"published": "1965~"}),
    ({"issued": {"date-parts": [[1965], [1967]], "circa": True}}, {"published": "1965~/1967~"}),
    (
        {"issued": {"date-parts": [[1965]], "season": 2}},
        {"published": "1965", "lost": ("issued: season (2)",)},
    ),
    (
        {"issued": {"date-parts": [[-200]]}},
        {"lost": ('issued ("date-parts [[-200]]" is no date that can be read)',)},
    ),
    ({"issued": {"raw": "2010-05-03"}}, {"published": "2010-05-03"}),
    ({"issued": {"raw": "May 3, 2010"}}, {"published": "2010-05-03"}),
    ({"issued": {"literal": "c. 1920"}}, {"published": "1920~"}),
    ({"issued": {"literal": "n.d."}}, {"lost": ('issued ("n.d." is no date that can be read)',)}),
    ({"issued": {"edtf": "2022/.."}}, {"published": "2022/.."}),
    ({"issued": "2022-03?"}, {"published": "2022-03?"}),
    ({"issued": {}}, {}),
    ({"accessed": {"date-parts": [[2017, 8, 29]]}}, {"accessed": "2017-08-29"}),
    ({"accessed": {"date-parts": [[2017, 8]]}}, {"lost": ("accessed (no exact day)",)}),
    (
        {"publisher": "Routledge", "volume": 12, "issue": "3", "page": "12-15"},
        {"publisher": "Routledge", "volume": "12", "issue": "3", "page": "12-15"},
    ),
    (
        {"container-title": "Elmford Gazette", "ISBN": "978-0-306-40615-7"},
        {"container_title": "Elmford Gazette", "isbn": "978-0-306-40615-7"},
    ),
    ({"URL": "https://example.org/a?b=c#d"}, {"url": "https://example.org/a?b=c#d"}),
    ({"URL": "HTTPS://www.Example.org/Lead"}, {"url": "https://www.Example.org/Lead"}),
    ({"URL": "example.org"}, {"lost": ("URL (no web address)",)}),
    ({"URL": "javascript:alert(1)"}, {"lost": ("URL (no web address)",)}),
    ({"URL": "https://a.example/ x"}, {"lost": ("URL (no web address)",)}),
    ({"URL": "https://a.example/\n  x"}, {"url": "https://a.example/x"}),
    ({"DOI": "10.1234/elm.5"}, {"doi": "10.1234/elm.5"}),
    ({"DOI": "https://doi.org/10.1234/Elm_5"}, {"doi": "10.1234/Elm_5"}),
    ({"DOI": "doi: 10.1234/elm.5"}, {"doi": "10.1234/elm.5"}),
    ({"DOI": "none"}, {"lost": ("DOI (no DOI)",)}),
    ({"editor": [{"family": "B"}], "abstract": "…"}, {"lost": ("editor", "abstract")}),
    ({"number": "GAO-24-106"}, {"designation": "GAO-24-106"}),
    ({"type": "legislation", "number": "Public Law 118-50"}, {"designation": "Public Law 118-50"}),
    ({"number": 5}, {"designation": "5"}),
    ({"title-short": "T", "categories": ["a"], "journalAbbreviation": "J."}, {}),
]


@pytest.mark.parametrize(("item", "expected"), CSL_ITEMS)
def test_an_item_of_csl_json_is_read(item: dict[str, Any], expected: dict[str, Any]) -> None:
    assert said(csl(**item)) == expected


@pytest.mark.parametrize("type", CSL_TYPES)
def test_every_type_goes_to_both_formats_and_comes_back(type: str) -> None:
    assert csl_type(type) == type
    assert type_of_bibtex(*bibtex_type(type)) == type


def test_an_unknown_type_is_a_document_and_is_named() -> None:
    found = csl(type="podcast-of-sorts")
    assert (found.type, found.lost) == ("document", ("type podcast-of-sorts (unknown)",))


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "report", "title": "A survey"}',
        '{"items": [{"type": "report", "title": "A survey"}]}',
        ' [ {"type": "report", "title": "A survey"} ] \n',
    ],
)
def test_one_object_a_list_and_zotero_s_items_are_read_alike(text: str) -> None:
    assert [found.title for found in read_csl_json(text, "z.json")] == ["A survey"]


# --- dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (same, same)
            for same in ("2020", "2020-05", "2020-05-03", "2020-01/2020-03", "2022/..", "../2020", "2020~")
        ),
        *(
            (text, "2010-05-03")
            for text in ("2010/05/03", "2010/5/3/", "2010/05/03/spring", "20100503", "3 May 2010")
        ),
        *(
            (text, "2010-05-03")
            for text in ("3rd May, 2010", "May 3 2010", "2010 May 3", "2010-05-03T10:00:00Z")
        ),
        *(
            (text, "2010-05")
            for text in ("2010/05//", "May 2010", "Sept. 2010".replace("Sept", "May"), "2010.5")
        ),
        ("2010///", "2010"),
        ("2010///Spring", "2010"),
        ("2010/05//Spring", "2010-05"),
        ("2010/", "2010/.."),
        ("/2010", "../2010"),
        ("2010-2012", "2010/2012"),
        ("ca. 2010", "2010~"),
        ("circa May 2010", "2010-05~"),
        *(
            (text, "")
            for text in ("", "n.d.", "Spring 2010", "12/01/2010", "0044", "2010-13-01x", "9" * 400, "May")
        ),
    ],
)
def test_a_date_is_read_where_it_can_be_read_in_one_way(text: str, expected: str) -> None:
    assert edtf(text) == expected


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        *(
            (text, True)
            for text in ("2010-05-03T10:00:00Z", "2010/05//", "2010///", "3 May 2010", "2010-5-3 10:00")
        ),
        *(
            (text, False)
            for text in (
                "2010///Spring",
                "2010/05/03/spring",
                "2010-02-30",
                "30 February 2010",
                "2010-21",
                "n.d.",
            )
        ),
    ],
)
def test_whether_a_date_is_all_that_was_said_is_known(text: str, whole: bool) -> None:
    assert read_date(text)[1] is whole


@pytest.mark.parametrize(
    ("issued", "date", "written"),
    [
        ({"date-parts": [[2014, "02", "30"]]}, "2014-02", "2014-02-30"),
        ({"date-parts": [[2014, 13]]}, "2014", "2014-13"),
        ({"date-parts": [[2014, 2], [2013, 1]]}, "2014-02", "2014-2/2013-1"),
        ({"date-parts": [[2014], [2015], [2016]]}, "2014", "2014/2015/2016"),
        ({"edtf": "2020-21"}, "2020", "2020-21"),
        ({"raw": "2020///Spring"}, "2020", "2020///Spring"),
        ({"date-parts": [[2014, 0, 0]]}, "2014", ""),
        ({"date-parts": [[2014, "", ""], [0]]}, "2014", ""),
    ],
)
def test_what_is_cut_from_a_date_is_named(issued: dict[str, Any], date: str, written: str) -> None:
    reference = csl(issued=issued)
    assert reference.published == date
    assert reference.lost == ((f'issued (of "{written}" only {date} can be read)',) if written else ())


def test_of_a_date_of_ris_what_can_be_read_is_kept() -> None:
    text = "TY  - RPRT\nPY  - 2024///Spring\nER  -\nTY  - RPRT\nDA  - 2024/05//\nER  -\n"
    spring, may = read_ris(text, "z.ris")
    assert (spring.published, spring.lost) == ("2024", ('PY (of "2024///Spring" only 2024 can be read)',))
    assert (may.published, may.lost) == ("2024-05", ())


# --- BibTeX and BibLaTeX -------------------------------------------------------------------------------------

BIBTEX: list[tuple[str, dict[str, Any]]] = [
    (r"title = {The {NATO} \& the caf\'{e}}", {"title": "The NATO & the café"}),
    (r'title = "K{\"a}fer, {\ss}, \o{}re, {\L}\'od\'z, \v{S}koda"', {"title": "Käfer, ß, øre, Łódź, Škoda"}),
    (r"title = {a--b---c, ``q'' \emph{e} \enquote{n}}", {"title": "a–b—c, “q” e “n”"}),
    (r"title = {50% of \$5 and \#1}", {"title": "50% of $5 and #1"}),
    (r"title = {From $100 billion to $200 billion}", {"title": "From $100 billion to $200 billion"}),
    (r"title = {CrI$_3$ in \LaTeX{} \unknown{k}}", {"title": "CrI_3 in LaTeX k"}),
    (r"title = {Main}, subtitle = {Sub}", {"title": "Main: Sub"}),
    (r"title = {Main?}, subtitle = {Sub}", {"title": "Main? Sub"}),
    (
        r"author = {van der Berg, J{\"o}rg and {World Bank and Co}}",
        {"author": (Name("van der Berg", "Jörg"), Name(literal="World Bank and Co"))},
    ),
    (
        r"author = {Ludwig van Beethoven and King, Jr., Martin}",
        {"author": (Name("van Beethoven", "Ludwig"), Name("King", "Martin, Jr."))},
    ),
    (r"author = {Plato and others}", {"author": (Name("Plato"),), "lost": ("author (et al.)",)}),
    (r"year = 2020, month = jan", {"published": "2020-01"}),
    (r"year = {2020}, month = {1}, day = 5", {"published": "2020-01-05"}),
    (r'year = 2020, month = jan # "~5"', {"published": "2020-01-05"}),
    (
        r"year = {2020}, month = {Spring}",
        {"published": "2020", "lost": ('month ("Spring" is no month that can be read)',)},
    ),
    (
        r"year = {2020}, month = {may/june}, day = 5",
        {
            "published": "2020",
            "lost": (
                'month ("may/june" is no month that can be read)',
                'day ("5" is no day that can be read)',
            ),
        },
    ),
    (r"month = may", {"lost": ('month ("may" is no month that can be read)',)}),
    *(
        (f"date = {{{text}}}", {"published": kept, "lost": (f'date (of "{text}" only {kept} can be read)',)})
        for text, kept in (("2025-21", "2025"), ("2025-13-01", "2025"), ("2025-02-30", "2025-02"))
    ),
    (
        r"date = {soon}, year = {2020}",
        {"published": "2020", "lost": ('date ("soon" is no date that can be read)',)},
    ),
    (r"date = {2020-01-05/2020-02}", {"published": "2020-01-05/2020-02"}),
    (r"date = {2020/}, year = {2020}", {"published": "2020/.."}),
    (r"year = {forthcoming}", {"lost": ('year ("forthcoming" is no date that can be read)',)}),
    (r"urldate = {2026-01-02}", {"accessed": "2026-01-02"}),
    (r"url = {https://a.example/c\_d?x=1\&y=~z%20}", {"url": "https://a.example/c_d?x=1&y=~z%20"}),
    (r"howpublished = {\url{https://a.example/b}}", {"url": "https://a.example/b"}),
    (r"eprint = {2001.00001}, archiveprefix = {arXiv}", {"url": "https://arxiv.org/abs/2001.00001"}),
    (r"doi = {https://doi.org/10.1234/a\_b}", {"doi": "10.1234/a_b"}),
    (r"pages = {12--15}", {"page": "12-15"}),
    (r"journal = {J}, volume = 3, number = {4}", {"container_title": "J", "volume": "3", "issue": "4"}),
    (r"booktitle = {B}, publisher = {P}", {"container_title": "B", "publisher": "P"}),
    (r"school = {S}, address = {Town}, note = {N}", {"publisher": "S", "lost": ("address", "note")}),
    (r"title = {A}, title = {B}", {"title": "A", "lost": ("title (given twice)",)}),
    (r"title = {\begin{x} a}", {"lost": ("title (its LaTeX cannot be read)",)}),
    (r"title = {}", {}),
]


@pytest.mark.extra("bib")
@pytest.mark.parametrize(("body", "expected"), BIBTEX)
def test_an_entry_of_bibtex_is_read(body: str, expected: dict[str, Any]) -> None:
    assert said(bibtex(f"@article{{k,\n  {body}\n}}")) == expected


@pytest.mark.extra("bib")
@pytest.mark.parametrize(
    ("head", "type"),
    [
        ("@TechReport{k", "report"),
        ("@online{k", "webpage"),
        ("@phdthesis{k", "thesis"),
        ("@inproceedings{k", "paper-conference"),
        ("@misc{k", "document"),
        ("@article{k, entrysubtype = {newspaper}", "article-newspaper"),
        ("@misc{k, entrysubtype = {hearing}", "hearing"),
        ("@legislation{k", "legislation"),
    ],
)
def test_an_entry_type_is_one_of_ours(head: str, type: str) -> None:
    assert bibtex(f"{head}, title = {{T}}}}").type == type


@pytest.mark.extra("bib")
@pytest.mark.parametrize(
    ("head", "designation", "lost"),
    [
        ("techreport", "7", ()),
        ("report", "7", ()),
        ("patent", "7", ()),
        ("jurisdiction", "7", ()),
        ("misc{a, entrysubtype = {legislation}", "7", ()),
        ("book", "", ("number",)),
        ("inproceedings", "", ("number",)),
        ("article{a, reportNumber = {8}", "8", ()),
        ("report{a, reportnumber = {8}", "8", ("number",)),
    ],
)
def test_a_number_of_bibtex_is_the_work_s_own_or_one_in_a_series(
    head: str, designation: str, lost: tuple[str, ...]
) -> None:
    reference = bibtex(f"@{head if '{' in head else head + '{a'}, number = {{7}}}}")
    assert (reference.designation, reference.lost) == (designation, lost)


@pytest.mark.extra("bib")
def test_strings_are_put_together_and_comments_passed_over() -> None:
    found = read_bibtex(
        '@string{eg = "Elmford"}\n@string(eg2 = eg # { Gazette})\n@comment{x}\n% y\n@preamble{"z"}\n'
        '@article(k, journal = EG2 # ", " # 2, title = {(T)})\n',
        "z.bib",
    )
    assert [(one.container_title, one.title, one.at.line) for one in found] == [
        ("Elmford Gazette, 2", "(T)", 6)
    ]


@pytest.mark.extra("bib")
def test_what_an_entry_has_not_it_has_from_the_book_that_it_names() -> None:
    found = read_bibtex(
        "@incollection{a, title = {Part}, crossref = {b}}\n"
        "@book{b, title = {Whole}, author = {Ed, I.}, publisher = {P}, year = 2020}\n",
        "z.bib",
    )
    assert said(found[0]) == {
        "title": "Part",
        "container_title": "Whole",
        "publisher": "P",
        "published": "2020",
    }


@pytest.mark.extra("bib")
def test_two_entries_of_one_key_are_two() -> None:
    assert [one.title for one in read_bibtex("@book{k, title={A}}\n@book{k, title={B}}", "z.bib")] == [
        "A",
        "B",
    ]


# --- RIS -----------------------------------------------------------------------------------------------------

RIS = """\
TY  - NEWS
ID  - 5
AU  - Okafor, Chidi
A1  - Elm Valley Institute
TI  - Bridge
  shut to trucks
T2  - Elmford Gazette
PY  - 2026
DA  - 2026/01/13/
Y2  - 2026/01/20
SP  - 1
EP  - 3
UR  - https://example.org/bridge
DO  - 10.1234/b
SN  - 1234-5678
KW  - bridges
ER  -
TY  - BOOK
BT  - The Book
SN  - 978-0-306-40615-7
VL  - 2
ER  -\x20
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ris_is_read(end: str) -> None:
    first, second = read_ris(RIS.replace("\n", end), "z.ris")
    assert (first.type, second.type) == ("article-newspaper", "book")
    assert said(first) == {
        "author": (Name("Okafor", "Chidi"), Name(literal="Elm Valley Institute")),
        "title": "Bridge shut to trucks",
        "container_title": "Elmford Gazette",
        "published": "2026-01-13",
        "accessed": "2026-01-20",
        "page": "1-3",
        "url": "https://example.org/bridge",
        "doi": "10.1234/b",
        "lost": ("SN", "KW"),
    }
    assert said(second) == {"title": "The Book", "isbn": "978-0-306-40615-7", "volume": "2"}


@pytest.mark.parametrize(
    ("lines", "designation", "isbn", "lost"),
    [
        ("RPRT SN  - GAO-24-106", "GAO-24-106", "", ()),
        ("RPRT M1  - GAO-24-106", "GAO-24-106", "", ()),
        ("RPRT SN  - GAO-24-106|M1  - 5", "GAO-24-106", "", ("M1 (another one)",)),
        ("RPRT SN  - R-2024-10-12345", "R-2024-10-12345", "", ()),
        ("RPRT SN  - 978-0-306-40615-7|M1  - 5", "5", "978-0-306-40615-7", ()),
        ("RPRT SN  - 0378-5955", "", "", ("SN",)),
        ("GOVDOC SN  - 12", "12", "", ()),
        ("STAT M1  - Public Law 118-50|VL  - 138", "Public Law 118-50", "", ()),
        ("BILL M1  - H.R. 8035", "H.R. 8035", "", ()),
        ("HEAR M1  - 118-12", "118-12", "", ()),
        ("CASE SV  - 22-451", "22-451", "", ()),
        ("PAT SN  - US 7", "US 7", "", ()),
        ("BOOK M1  - 5", "", "", ("M1",)),
        ("JOUR SN  - 12", "", "", ("SN",)),
        ("JOUR SN  - 1234-5679|8765-4329", "", "", ("SN",)),
        ("JOUR SN  - 1234-5679|SN  - 8765-4329", "", "", ("SN",)),
        ("EJOUR SN  - 9780306406157", "", "", ("SN",)),
        ("CPAPER SN  - 1234-5679 8765-4329", "", "", ("SN",)),
        ("CPAPER SN  - 12345679 87654329", "", "", ("SN",)),
        ("BOOK SN  - 9780306406157 (hardback) 0306406152", "", "9780306406157", ()),
        ("BOOK SN  - 0-306-40615-2 978-0-306-40615-7", "", "0-306-40615-2", ()),
    ],
)
def test_the_number_of_a_work_stands_in_ris_where_its_type_has_it(
    lines: str, designation: str, isbn: str, lost: tuple[str, ...]
) -> None:
    type, _, rest = lines.partition(" ")
    (found,) = read_ris("\n".join((f"TY  - {type}", *rest.split("|"), "ER  -")), "z.ris")
    assert (found.designation, found.isbn, found.lost) == (designation, isbn, lost)


@pytest.mark.parametrize(
    ("lines", "url", "lost"),
    [
        ("UR  - HTTP://a.example/X", "http://a.example/X", ()),
        ("UR  - http://a.example/x; http://b.example/y", "http://a.example/x", ("UR (another one)",)),
        ("UR  - http://a.example/x|http://b.example/y", "http://a.example/x", ("UR (another one)",)),
        ("UR  - http://a.example/x|/y;z", "http://a.example/x/y;z", ()),
        ("UR  - http://a.example/x; http://a.example/x", "http://a.example/x", ()),
        ("UR  - file.pdf|UR  - https://a.example/x", "https://a.example/x", ("UR (no web address)",)),
        ("UR  - https://a.example/x|LK  - https://b.example", "https://a.example/x", ("LK (another one)",)),
    ],
)
def test_of_the_addresses_of_a_work_in_ris_the_first_is_taken(
    lines: str, url: str, lost: tuple[str, ...]
) -> None:
    (found,) = read_ris("\n".join(("TY  - RPRT", *lines.split("|"), "ER  -")), "z.ris")
    assert (found.url, found.lost) == (url, lost)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Government Accountability Office,", Name(literal="Government Accountability Office")),
        ("Government Accountability Office", Name(literal="Government Accountability Office")),
        ("Okafor, Chidi", Name("Okafor", "Chidi")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther, Jr.")),
    ],
)
def test_a_comma_at_the_end_makes_no_person_of_a_body(line: str, name: Name) -> None:
    (found,) = read_ris(f"TY  - RPRT\nAU  - {line}\nER  -\n", "z.ris")
    assert found.author == (name,)


@pytest.mark.extra("bib")
@pytest.mark.parametrize("type", ["IEEEtranBSTCTL", "Control"])
def test_settings_of_bibtex_are_no_work(project: Path, capsys: pytest.CaptureFixture[str], type: str) -> None:
    (project / "z.bib").write_text(
        f"@{type}{{set, title={{x}}}}\n@report{{a-b, title={{B}}}}", encoding="utf-8"
    )
    assert run(["import", "z.bib"]) == 0
    skipped, added = capsys.readouterr().out.splitlines()
    assert skipped == f"skipped  @{type.lower()}: settings for BibTeX, and no work"
    assert added == "added    a-b  B"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ('{"type": "report", "title": "A", "title": "B"}', ("title (given twice)",)),
        ('{"type": "report", "author": [{"family": "B", "family": "C"}]}', ("family (given twice)",)),
    ],
)
def test_a_key_that_json_has_twice_is_named(text: str, lost: tuple[str, ...]) -> None:
    for whole in (text, f"[{text}]", f'{{"items": [{text}]}}'):
        (found,) = read_csl_json(whole, "z.json")
        assert found.lost == lost


@pytest.mark.extra("bib")
@pytest.mark.parametrize("field", ["url", "howpublished"])
def test_the_scheme_of_an_address_in_bibtex_may_be_in_capitals(field: str) -> None:
    assert bibtex(f"@misc{{a, {field} = {{HTTPS://a.example/X}}}}").url == "https://a.example/X"


# --- what cannot be read -------------------------------------------------------------------------------------


@pytest.mark.extra("bib")
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", '[{"type": "report"},\n {"type": }]', "a.json:2:11: error: is no JSON: Expecting value; "),
        ("a.json", '[{"type": "report"}\n {}]', "a.json:2:2: error: is no JSON: Expecting ',' delimiter; "),
        ("a.json", "[{}] x", "a.json:1:6: error: something follows the end of the JSON; "),
        ("a.json", "[\n 1,\n {}, null]", "a.json:2:2: error: item 1 is no reference; "),
        ("a.json", "[\n 1,\n {}, null]", "a.json:3:6: error: item 3 is no reference; "),
        ("a.json", '[{"title": "A"},\n {}]', "a.json:2:2: error: item 2 is empty; take it out"),
        ("a.json", '{"title": "", "author": []}', "a.json:1:1: error: item 1 is empty; "),
        (
            "a.json",
            '{"config": {}, "items": [{"itemType": "report", "title": "A"}]}',
            "a.json:1:1: error: is Zotero's own JSON",
        ),
        (
            "a.json",
            '[{"title": "A"},\n {"key": "Q", "data": {"itemType": "report"}}]',
            "a.json:2:2: error: is Zotero",
        ),
        ("a.json", "[" * 100_000, "a.json:1:2: error: an item is nested deeper than any reference; "),
        (
            "a.json",
            "[" + "9" * 5_000 + "]",
            "a.json:1:2: error: an item has a number that no reference has; ",
        ),
        (
            "a.json",
            '[{"title": "A", "volume": NaN}]',
            "a.json:1:2: error: an item has a number that no reference has; ",
        ),
        ("a.json", "[", "a.json:1:2: error: is no JSON: Expecting value; "),
        (
            "a.bib",
            "@book{a, title={x}}\n\n@book{b, title={x\n@book{c, title={y}}\n",
            "a.bib:3:1: error: @book{b does not end",
        ),
        ("a.bib", "@book{a, title={x} year={y}}", "a.bib:1:1: error: the value of title in @book{a "),
        ("a.bib", "nothing", "a.bib:1:1: error: has no entry; "),
        (
            "a.ris",
            "TY  - BOOK\nTI  - A\nTY  - BOOK\nER  -\n",
            'a.ris:3:1: error: no "ER  - " ends the reference before',
        ),
        (
            "a.ris",
            "TY  - BOOK\nTI  - A\n",
            'a.ris:2:1: error: no "ER  - " ends the reference that begins on line 1',
        ),
        (
            "a.ris",
            "TI  - A\nTY  - BOOK\nER  - \n",
            'a.ris:1:1: error: "TI" stands before a reference has begun',
        ),
        (
            "a.txt",
            "Some words.\n",
            "a.txt:1:1: error: is neither CSL-JSON, BibTeX nor RIS as far as can be told; ",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, expected: str
) -> None:
    (project / name).write_text(text, encoding="utf-8")
    assert run(["import", name]) == 1
    told = capsys.readouterr()
    assert expected in told.err
    assert told.out == ""
    assert (project / "facts.yaml").read_text(encoding="utf-8") == FACTS


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"@book{a,\n title={caf\xe9}}", "a.bib:2:1: error: byte 0xe9 is not UTF-8; export it as UTF-8"),
        ("@book{a, title={x}}".encode("utf-16"), "a.bib:1:1: error: is UTF-16 or UTF-32"),
        (b"x" * 20_000_001, "a.bib:1:1: error: is larger than 20 MB; export only"),
    ],
)
def test_bytes_that_are_no_text_of_ours_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], data: bytes, expected: str
) -> None:
    (project / "a.bib").write_bytes(data)
    assert run(["import", "a.bib"]) == 1
    assert expected in capsys.readouterr().err


def test_a_missing_file_and_an_unknown_format_are_usage(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "none.bib"]) == 2
    assert run(["import", "none.bib", "--from", "bib"]) == 2
    assert 'did you mean "bibtex"?' in capsys.readouterr().err
    assert run(["export", "--format", "ris"]) == 2
    assert run(["import", "none.bib", "--facts", "-"]) == 2


DOUBLED = (
    "@string{a = {"
    + "x" * 99
    + "}}\n"
    + "".join(
        f"@string{{b{n} = {'a' if not n else f'b{n - 1}'} # {'a' if not n else f'b{n - 1}'}}}\n"
        for n in range(60)
    )
)


@pytest.mark.extra("bib")
@pytest.mark.parametrize(
    "text",
    [
        DOUBLED + "@book{k, title = b59}",
        "@book{k, title = {" + "{" * 100_000 + "}" * 100_000 + "}}",
        "@book{k, title = {" + "\\emph{" * 2_000 + "}" * 2_000 + "}}",
        "@book{k, title = {" + '\\"' * 5_000 + "}}",
        "@book{k, title = {" + "\\begin{a}" * 900 + "}}",
        "@book{k, title = {" + "\\frac{1}" * 900 + "}}",
        "@book{k, title = {" + "$" * 9_001 + "}}",
        "@book{k, title = {\\input{/etc/passwd}\\include{/etc/passwd}\\verbatiminput{/etc/passwd}x}}",
        "@book{k, title = {\\def\\a{\\a\\a}\\a\\newcommand{\\b}{\\b\\b}\\b}}",
        "@book{k, title = {\\href{}}}",
        "@book{k, author = {" + "a and " * 50_000 + "}}",
        "@book{k, author = {{{{}}}} and {, , ,} and \\and}}",
        "@book{a, crossref = {b}}\n@book{b, crossref = {a}}\n@book{c, crossref={c}}",
        "@book{k," + "a = {1}," * 50_000 + "}",
        "@book{k" * 5_000,
        "@" * 300_000 + "@book{k, title={x}}",
        "@book{k, title = {a}" + ' # "b"' * 100_000 + "}",
        "@a{" * 1_000_000,
        "@a{b,\n" * 45_000,
        "@book{p," + ",".join(f"f{n}={{x}}" for n in range(5_000)) + "}" + "@book{k, crossref={p}}\n" * 9_000,
        "@book{k, title = {" + "\u200b" * 2_000_000 + "}}",
    ],
)
def test_hostile_bibtex_neither_hangs_nor_breaks(text: str) -> None:
    try:
        with processor_time_limit(15):
            found = read_bibtex(text, "z.bib")
    except LoadError:  # in words, and in time
        found = ()
    assert all(len(one.title) <= 2_000 and "root:" not in one.title for one in found)


def test_a_file_that_is_too_large_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "_MOST_BYTES", 99)
    (project / "z.bib").write_text("@book{k, title={x}}" + " " * 99)
    assert run(["import", "z.bib", "--dry-run"]) == 1
    assert "[import-size]" in capsys.readouterr().err


@pytest.mark.extra("bib")
def test_no_logger_speaks(project: Path) -> None:
    """In a process of its own: here pytest listens to all loggers."""
    (project / "z.bib").write_text(
        "@book{k, title={\\frac{1}}}\n@book{b, title={x\n@book{c, title={y}}\n", "utf-8"
    )
    command = [sys.executable, "-m", "briefing", "import", "z.bib", "--dry-run"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=project,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 2, done.stderr


def test_without_the_package_the_command_that_installs_it_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "bibtexparser", None)
    (project / "z.bib").write_text("@book{k, title={x}}", encoding="utf-8")
    assert run(["import", "z.bib"]) == 3
    assert "run: pip install 'bibtexparser>=2.1,<3'" in capsys.readouterr().err
    (project / "z.json").write_text(ONE, encoding="utf-8")
    assert run(["import", "z.json", "--dry-run"]) == 0


def test_the_package_that_is_named_is_that_of_the_extra() -> None:
    from briefing.references.bibtex import PACKAGE

    assert f"bib = [{PACKAGE}]".replace("'", '"') in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


# --- ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "fields", "expected"),
    [
        ("gao-24-107232", {"title": "T"}, "gao-24-107232"),
        (
            "http://zotero.org/users/1/items/A",
            {"author": (Name("Okafor", "C."),), "published": "2025-03", "title": "The Crossings of the Elm"},
            "okafor-2025-crossings",
        ),
        ("", {"author": (Name("van der Berg", "J."),), "published": "2025"}, "berg-2025"),
        ("", {"author": (Name("Müller-Ødegård", "J."),), "title": "Über Brücken"}, "muller-odegard-uber"),
        ("", {"author": (Name("van der Berg-Lüdenscheidt", "J."),)}, "berg-ludenscheidt"),
        (
            "",
            {
                "author": (Name(literal="U.S. Government Accountability Office"),),
                "published": "2024",
                "title": "Ukraine",
            },
            "gao-2024-ukraine",
        ),
        ("", {"author": (Name(literal="World Bank"),), "published": "2024"}, "world-bank-2024"),
        (
            "",
            {
                "author": (Name("Arabia", "C."),),
                "publisher": "Congressional Research Service",
                "published": "2025",
                "title": "Ukraine: Background",
            },
            "crs-2025-ukraine",
        ),
        ("", {"publisher": "Elm Valley Institute (EVI)", "title": "Bridges"}, "evi-bridges"),
        (
            "",
            {"container_title": "Українська правда", "published": "2025", "title": "Київ"},
            "ukrainska-pravda-2025-kiiv",
        ),
        ("12", {}, "report"),
        ("item-3", {"published": "2020"}, "report-2020"),
        ("a" * 60, {"title": "A bridge too far"}, "report-bridge"),
    ],
)
def test_an_id_says_who_when_and_what(key: str, fields: dict[str, Any], expected: str) -> None:
    reference = replace(csl(), key=key, **fields)
    assert Ids(()).new(reference) == expected


def test_ids_are_unique_and_stay_short() -> None:
    ids = Ids(["a"])
    titles = ("B" * 90 + " " + "C" * 90, "", "Bridge", "Bridge over troubled waters")
    for _ in range(20):
        for title in titles:
            ids.new(replace(csl(), key="", author=(Name("A" * 90),), published="2020", title=title))
    assert len(ids.taken) == 81
    assert all(len(id) <= 64 for id in ids.taken)


# --- the facts file ------------------------------------------------------------------------------------------


def after_import(tmp_path: Path, facts: bytes, *titles: str) -> bytes:
    path = tmp_path / "facts.yaml"
    path.write_bytes(facts)
    items = [{"type": "report", "id": f"new-{number}", "title": title} for number, title in enumerate(titles)]
    references = read_csl_json(json.dumps(items), "z.json")
    return imported(str(path), references).content


ENTRY = """\
  new-0:
    type: report
    level: TODO
    title: A survey
    accessed: TODO
    descriptor: TODO
"""


def test_an_entry_stands_at_the_end_of_the_section_and_nothing_else_moves(tmp_path: Path) -> None:
    found = after_import(tmp_path, FACTS.encode(), "A survey").decode()
    assert found == FACTS.replace("MINUTES\n", f"MINUTES\n{ENTRY}")


@pytest.mark.parametrize(
    ("facts", "before", "after"),
    [
        pytest.param(
            FACTS.replace("\n# What", "\n  # more to come\n# What"),
            "  # more to come\n",
            "# What",
            id="comment of the section",
        ),
        pytest.param(
            FACTS.replace("  closed:\n", "  # c\n  closed:\n"),
            "MINUTES\n",
            "\n# What",
            id="comment elsewhere",
        ),
        pytest.param(
            FACTS.replace(
                "doi: 10.1234/MINUTES\n", "accept:\n      source-unused: >\n        # no comment\n"
            ),
            "# no comment\n",
            "\n# What",
            id="a text that looks like a comment",
        ),
        pytest.param(
            FACTS.split("\nsources:")[0]
            + "\n"
            + FACTS.split("minutes\n        quote: the bridge is closed\n")[0]
            .split("# What")[1]
            .replace(" is known.\n", "# What is known.\n", 1)
            + "minutes\n        quote: the bridge is closed\n\nsources:"
            + FACTS.split("sources:")[1].split("\n# What")[0]
            + "\n# The end.\n",
            "MINUTES\n",
            "\n# The end.\n",
            id="the last section",
        ),
        pytest.param(
            FACTS.replace("sources:\n", "sources: # all of them\n"),
            "MINUTES\n",
            "\n# What",
            id="a comment behind the key",
        ),
    ],
)
def test_comments_stay_where_they_belong(tmp_path: Path, facts: str, before: str, after: str) -> None:
    found = after_import(tmp_path, facts.encode(), "A survey").decode()
    assert before + ENTRY + after in found
    assert found.replace(ENTRY, "") == facts


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("sources_last", [True, False])
def test_line_ends_the_mark_and_a_missing_last_end_are_kept(
    tmp_path: Path, bom: bytes, end: str, last: bool, sources_last: bool
) -> None:
    head, rest = FACTS.split("\nsources:")
    sources, facts = rest.split("\n# What")
    text = f"{head}\n# What{facts}sources:{sources}" if sources_last else FACTS
    text = text if last else text.rstrip("\n")
    data = bom + text.replace("\n", end).encode()
    found = after_import(tmp_path, data, "A survey", "Another")
    added = (
        (ENTRY + ENTRY.replace("new-0", "new-1").replace("A survey", "Another")).replace("\n", end).encode()
    )
    if sources_last and not last:
        assert found == data + end.encode() + added.removesuffix(end.encode())
    else:
        assert found.startswith(bom)
        assert found.replace(added, b"") == data


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FACTS.replace("  minutes:", "    minutes:").replace("    type", "          type"), None),
        (re.sub(r"(?m)^  (?=[# ]|\w)", "    ", FACTS), "    new-0:\n      type: report\n"),
        (
            FACTS.replace(
                "\n# What", "\n  paper:\n    type: report\n    title: P\n    consulted: false\n\n# What"
            ).replace("  paper", "\n  # p\n  paper"),
            "\n\n  new-0:\n    type: report\n",
        ),
    ],
)
def test_the_indentation_and_the_gaps_of_the_section_are_kept(
    tmp_path: Path, facts: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(LoadError):
            after_import(tmp_path, facts.encode(), "A survey")
    else:
        assert expected in after_import(tmp_path, facts.encode(), "A survey").decode()


def without_sources(line: str) -> str:
    return re.sub(r"sources:\n(?:  .*\n)+\n", line, FACTS)


def test_a_file_without_sources_gets_them_before_its_facts(tmp_path: Path) -> None:
    found = after_import(tmp_path, without_sources("").encode(), "A survey").decode()
    assert found == without_sources(f"sources:\n{ENTRY}\n")


def test_an_empty_section_is_filled(tmp_path: Path) -> None:
    found = after_import(tmp_path, without_sources("sources:\n\n").encode(), "A survey").decode()
    assert found == without_sources(f"sources:\n{ENTRY}\n")


@pytest.mark.parametrize("sources", ["", "sources:\n"])
@pytest.mark.parametrize("facts", ["", "facts:\n", "facts: {}\n", "facts:\n  # None yet.\n"])
def test_who_begins_with_works_to_read_needs_no_fact(tmp_path: Path, sources: str, facts: str) -> None:
    before = "schema: 1\ntitle: T\nas_of: 2026-01-27\n" + sources + facts
    after = after_import(tmp_path, before.encode(), "A survey").decode()
    old = before.splitlines()
    assert [line for line in after.splitlines() if line in old] == old
    assert list(load(after.encode(), "f").facts.sources) == ["new-0"]


@pytest.mark.parametrize("facts", ["", "facts:\n", "facts: {}\n"])
def test_a_library_without_facts_is_exported_and_told_once_what_it_lacks(
    project: Path, capsys: pytest.CaptureFixture[str], facts: str
) -> None:
    library = re.sub(r"facts:\n(?:  .*\n)+", lambda _: facts, FACTS)
    (project / "facts.yaml").write_text(library, encoding="utf-8")
    assert run(["export"]) == 0
    assert [item["id"] for item in json.loads(capsys.readouterr().out)] == ["minutes"]
    assert run(["check"]) == 1
    assert capsys.readouterr().out.count("error:") == 1
    (project / "facts.yaml").write_text(library + "people: [mayor]\n", encoding="utf-8")
    assert run(["export"]) == 1


@pytest.mark.parametrize("section", ["facts: 5", "facts: [closed]", "people: 5"])
def test_a_section_that_is_none_is_not_an_empty_one(tmp_path: Path, section: str) -> None:
    with pytest.raises(LoadError, match="must hold keys and values"):
        after_import(tmp_path, f"schema: 1\ntitle: T\nas_of: 2026-01-27\n{section}\n".encode(), "A survey")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sources: {}\n", "sources are empty braces; take out the braces"),
        (
            "sources: {a: {type: report, title: T, consulted: false}}\n",
            "sources are written in braces; write each on lines",
        ),
    ],
)
def test_sources_in_braces_are_refused_in_words(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(LoadError, match=rf"facts\.yaml:6:1: error: {told}"):
        after_import(tmp_path, without_sources(line).encode(), "A survey")


def test_a_facts_file_that_does_not_load_is_left_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = FACTS.replace("kind: event", "kind: evnt")
    (project / "facts.yaml").write_text(broken, encoding="utf-8")
    (project / "z.json").write_text(ONE, encoding="utf-8")
    assert run(["import", "z.json"]) == 1
    assert 'kind cannot be "evnt"' in capsys.readouterr().err
    assert (project / "facts.yaml").read_text(encoding="utf-8") == broken


CASES = [*sorted((ROOT / "tests" / "briefs").glob("*.yaml")), ROOT / "facts.yaml"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_in_every_facts_file_here_each_line_stays(tmp_path: Path, path: Path) -> None:
    data = path.read_bytes()
    found = after_import(tmp_path, data, "A survey of: # its { own }", "’tis – “so”").splitlines(
        keepends=True
    )
    lines = iter(found)
    assert all(line in lines for line in data.splitlines(keepends=True))


# --- duplicates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "by"),
    [
        ({"DOI": "https://doi.org/10.1234/minutes"}, "doi"),
        ({"URL": "https://doi.org/10.1234/minutes"}, "doi"),
        ({"URL": "http://example.org/minutes?utm_source=mail&fbclid=2"}, "url"),
        ({"title": "MINUTES of the Council."}, "title"),
        ({"title": "Minutes of the council", "DOI": "10.1234/other"}, ""),
        ({"title": "Minutes of the court"}, ""),
        ({"URL": "https://example.org/minutes?page=2"}, ""),
        ({}, ""),
    ],
)
def test_a_work_that_is_there_is_skipped(project: Path, item: dict[str, Any], by: str) -> None:
    (outcome,) = imported("facts.yaml", [csl(**item)]).outcomes
    assert outcome.same == by
    assert outcome.id == "minutes" or not by


def test_a_work_that_stands_twice_in_the_file_comes_in_once(project: Path) -> None:
    twice = [
        csl(title="A survey", id="one"),
        csl(title="A Survey", id="two"),
        csl(title="A survey", author=[{"family": "X"}]),
    ]
    assert [outcome.same for outcome in imported("facts.yaml", twice).outcomes] == ["", "title", "title"]


def test_works_of_one_title_and_other_authors_editions_or_numbers_are_several(project: Path) -> None:
    works = [
        csl(title="Foreword", author=[{"family": "A"}]),
        csl(title="Foreword", author=[{"family": "B"}]),
        csl(title="Yearbook", issued="2020"),
        csl(title="Yearbook", issued="2021"),
        csl(title="Manual", ISBN="978-0-306-40615-7"),
        csl(title="Manual", ISBN="978-0-306-40616-4"),
    ]
    assert len(imported("facts.yaml", works).added) == len(works)


ONE_ADDRESS = {
    "URL": "http://example.gov",
    "title": "Statement",
    "issued": "2023",
    "author": [{"family": "A"}],
}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"URL": "https://www.example.gov/", "title": "Front page", "issued": "2022"}, ""),
        ({"title": "Front page", "author": [{"family": "B"}]}, ""),
        ({"title": "Front page", "DOI": "10.1234/b"}, "url"),
        ({"title": "Front page", "author": [{"family": "A"}, {"family": "B"}]}, "url"),
        ({"title": "A statement"}, "url"),
        ({"title": "STATEMENT!", "URL": "http://example.gov#top", "author": [{"family": "B"}]}, "url"),
        ({"author": [{"family": "B"}], "issued": "2022"}, "url"),
        ({"URL": "http://example.gov/#/doc/1", "title": "B"}, ""),
        ({"URL": "http://example.gov/#!doc", "title": "B"}, ""),
    ],
)
def test_works_at_one_address_are_two_where_they_differ_in_more_than_one_thing(
    project: Path, other: dict[str, Any], same: str
) -> None:
    works = [csl(**ONE_ADDRESS), csl(**{"URL": "http://example.gov", **other})]
    assert imported("facts.yaml", works).outcomes[1].same == same


def test_the_routes_of_one_page_are_addresses() -> None:
    routes = [f"https://a.example/{end}" for end in ("#/doc/1", "#/doc/2", "#!doc", "#/doc/3?x=1")]
    assert len({same_address(route) for route in routes}) == len(routes)
    assert same_address("https://a.example/#/") == same_address("https://a.example#top") == "a.example"
    assert same_address("https://a.example/#/doc/1/") == same_address("http://www.a.example/#/doc/1")


# --- the commands --------------------------------------------------------------------------------------------


def test_import_adds_and_check_asks_for_what_only_people_know(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "z.json").write_text(ONE, encoding="utf-8")
    assert run(["import", "z.json"]) == 0
    told = capsys.readouterr()
    assert told.out == "added    survey-2025  A survey\n"
    assert told.err.startswith("one source added to facts.yaml, 0 skipped; ")
    assert run(["import", "z.json"]) == 0
    assert capsys.readouterr().out == "skipped  A survey: the title of survey-2025\n"
    assert run(["check"]) == 0
    assert "warning: level, descriptor and accessed are still TODO; " in capsys.readouterr().out
    assert run(["build", "--format", "md"]) == 0
    capsys.readouterr()
    facts = (project / "facts.yaml").read_text(encoding="utf-8")
    (project / "facts.yaml").write_text(
        facts + "      - {source: survey-2025, quote: closed}\n", encoding="utf-8"
    )
    assert run(["check"]) == 1
    asked = capsys.readouterr().out
    for key in ("level", "descriptor", "accessed"):
        assert f"error: {key} is still TODO; " in asked


def imported_while(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between the moment in which the facts are read and the one in which they are written."""
    import briefing.references.importing as importing

    def slowly(*given: Any) -> Any:
        done = imported(*given)
        happens()
        return done

    monkeypatch.setattr(importing, "imported", slowly)


def test_what_was_saved_meanwhile_is_not_overwritten(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "z.json").write_text(ONE, encoding="utf-8")
    facts = project / "facts.yaml"
    imported_while(monkeypatch, lambda: facts.write_text(FACTS + "# saved\n", encoding="utf-8"))
    assert run(["import", "z.json"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert "facts.yaml:1:1: error: was changed while this was at work, and nothing was written;" in told.err
    assert facts.read_text(encoding="utf-8") == FACTS + "# saved\n"
    assert {path.name for path in project.iterdir()} == {"facts.yaml", "z.json"}


def test_of_two_imports_at_once_one_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    (project / "z.json").write_text(ONE, encoding="utf-8")
    with (project / "facts.yaml").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # another one, about to write
        assert run(["import", "z.json"]) == 2
    assert (project / "facts.yaml").read_text(encoding="utf-8") == FACTS
    assert run(["import", "z.json"]) == 0


@pytest.mark.parametrize("out", ["facts.yaml", "./facts.yaml", "link.json"])
def test_an_export_does_not_take_the_place_of_the_facts(
    out: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "link.json").symlink_to("facts.yaml")
    assert run(["export", "--out", out]) == 2
    assert "is the facts file itself" in capsys.readouterr().err
    assert (project / "facts.yaml").read_text(encoding="utf-8") == FACTS


def test_an_import_writes_through_a_link(project: Path) -> None:
    (project / "z.json").write_text(ONE, encoding="utf-8")
    real = project / "shared.yaml"
    (project / "facts.yaml").rename(real)
    (project / "facts.yaml").symlink_to(real)
    assert run(["import", "z.json"]) == 0
    assert (project / "facts.yaml").is_symlink()
    assert "survey-2025:" in real.read_text(encoding="utf-8")


def test_a_facts_file_that_is_for_reading_alone_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "z.json").write_text(ONE, encoding="utf-8")
    (project / "facts.yaml").chmod(0o444)
    assert run(["import", "z.json"]) == 2
    assert "may not be written, and nothing was; " in capsys.readouterr().err
    assert (project / "facts.yaml").read_text(encoding="utf-8") == FACTS


@needs_git
def test_the_dry_run_is_a_diff_that_git_applies(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "z.json").write_text(ONE, encoding="utf-8")
    for text in (
        FACTS,
        FACTS.rstrip("\n"),
        without_sources(""),
        FACTS.split("facts:")[0] + "facts:" + FACTS.split("facts:")[1],
    ):
        data = text.encode()
        (project / "facts.yaml").write_bytes(data)
        assert run(["import", "z.json", "--dry-run"]) == 0
        diff = capsys.readouterr().out
        assert (project / "facts.yaml").read_bytes() == data
        expected = imported("facts.yaml", read_references("z.json")).content
        (project / "change.diff").write_bytes(diff.encode())
        git(project, "apply", "-p0", "change.diff")
        assert (project / "facts.yaml").read_bytes() == expected != data


@pytest.mark.extra("bib")
def test_standard_input_is_read_and_its_format_guessed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (ONE, "@report{a-b, title={B}}", "TY  - RPRT\nTI  - C\nER  - \n"):
        monkeypatch.setattr("sys.stdin", type("", (), {"buffer": BytesIO(text.encode())}))
        assert run(["import", "-"]) == 0
    assert capsys.readouterr().out.count("added") == 3
    monkeypatch.setattr("sys.stdin", type("", (), {"buffer": BytesIO(b"[}")}))
    assert run(["import", "-"]) == 1
    assert capsys.readouterr().err.startswith("standard input:1:2: error: ")


@pytest.mark.extra("bib")
def test_from_says_the_format(project: Path) -> None:
    (project / "z.txt").write_text("% [\n@report{a-b, title={B}}", encoding="utf-8")
    assert run(["import", "z.txt", "--from", "csl-json"]) == 1
    assert run(["import", "z.txt", "--from", "biblatex"]) == 0
    assert set(READERS) == {"csl-json", "bibtex", "biblatex", "ris"}


def test_for_programs_there_is_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "z.json").write_text(
        ONE.replace("}]", ', "note": "n"}, {"DOI": "10.1234/minutes"}]'), encoding="utf-8"
    )
    assert run(["import", "z.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "facts": "facts.yaml",
        "written": True,
        "added": [{"id": "survey-2025", "key": "survey-2025", "title": "A survey", "lost": ["note"]}],
        "skipped": [{"key": "", "title": "", "same_as": "minutes", "by": "doi"}],
    }


def test_nothing_that_a_terminal_obeys_is_printed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = {"type": "\x1b[31m", "title": "::error::\x1b[0m x", "\x1b]0;t": 1}
    (project / "z.json").write_text(json.dumps([item]), encoding="utf-8")
    assert run(["import", "z.json"]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())


def test_an_export_goes_to_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)[0]["URL"] == "https://www.example.org/minutes/"
    assert run(["export", "--out", "s/sources.json"]) == 0
    assert (project / "s" / "sources.json").read_text(encoding="utf-8") == printed.out
    for key in LEFT_OUT:
        assert key in printed.err


def test_sources_of_a_faulty_file_are_not_exported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "facts.yaml").write_text(FACTS.replace("type: report", "type: reprt"), encoding="utf-8")
    assert run(["export"]) == 1
    assert capsys.readouterr().out == ""


# --- there and back ------------------------------------------------------------------------------------------

NOT_SHARED = ("at", "key", "cited", "settings", "lost")
SHARED = [field.name for field in fields(Reference) if field.name not in NOT_SHARED]
READ = {"csl-json": read_csl_json, "bibtex": read_bibtex}


def shared(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SHARED}


def back(sources: Sequence[Source], format: str) -> list[dict[str, Any]]:
    found = READ[format](WRITERS[format](sources), "z")
    assert [one.lost for one in found] == [()] * len(sources)
    assert [one.key for one in found] == [source.id for source in sources]
    return [shared(source_of(one)) for one in found]


@pytest.mark.extra("bib")
@pytest.mark.parametrize("format", WRITERS)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_the_sources_of_every_facts_file_here_come_back(path: Path, format: str) -> None:
    sources = list(load(path.read_bytes(), str(path)).facts.sources.values())
    assert back(sources, format) == [shared(source) for source in sources]


@pytest.mark.extra("bib")
@pytest.mark.parametrize("format", WRITERS)
def test_the_whole_way_through_the_commands_gives_the_same_sources(
    project: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    assert run(["export", "--facts", str(ROOT / "facts.yaml"), "--format", format, "--out", "all"]) == 0
    (project / "facts.yaml").write_text(without_sources(""), encoding="utf-8")
    assert run(["import", "all"]) == 0
    before = load((ROOT / "facts.yaml").read_bytes(), "f").facts.sources
    after = load((project / "facts.yaml").read_bytes(), "f").facts.sources
    assert list(after) == list(before)
    assert [shared(source) for source in after.values()] == [shared(source) for source in before.values()]


@pytest.mark.extra("bib")
@pytest.mark.parametrize("format", WRITERS)
def test_an_id_of_any_form_comes_back_and_none_goes_to_another_work(
    project: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    ids = ["un", "smith-2026-charter", "x", "2024", "source-1", "key", "item", "entry-3", "zotero", "b" * 64]
    titles = ["Charter of Peoples", "Another Thing", *(f"Work {letter}" for letter in "ABCDEFGH")]
    sources = [
        Source(id, 0, "report", title=title, author=(Name("Smith", "A."),), published=dates.parse("2026"))
        for id, title in zip(ids, titles, strict=True)
    ]
    (project / "export").write_text(WRITERS[format](sources), encoding="utf-8")
    (project / "facts.yaml").write_text(without_sources(""), encoding="utf-8")
    assert run(["import", "export"]) == 0
    after = load((project / "facts.yaml").read_bytes(), "f").facts.sources
    assert [(one.id, one.title) for one in after.values()] == list(zip(ids, titles, strict=True))
    # Where an id is somebody else's, the one that is made is none of the others'.
    (project / "facts.yaml").write_text(FACTS.replace("minutes", "un"), encoding="utf-8")
    assert run(["import", "export"]) == 0
    after = load((project / "facts.yaml").read_bytes(), "f").facts.sources
    assert after["smith-2026-charter"].title == "Another Thing"
    (made,) = [one.id for one in after.values() if one.title == "Charter of Peoples"]
    assert made == "smith-2026-charter-peoples"


@pytest.mark.parametrize(
    "title",
    ["A <i>b</i> c", "<<i>b>", "x<sup>2</sup>", '<span class="x">', "<span <i>>", "</b", "<i", "a < b"],
)
def test_letters_that_look_like_marks_come_back_from_csl_json(title: str) -> None:
    source = Source("x", 1, "report", title=title, author=(Name(title, title), Name(literal=title)))
    assert back([source], "csl-json") == [shared(source)]


def is_text(text: str) -> bool:
    if not text.strip() or check_text(text) != text:
        return False
    return not list(forbidden_characters(text)) and stacked_marks(text) is None


MARKS = "abcXYZ 0123'\"`-–—,;:.?!%&$#_{}~^\\/<>()[]@=+*|“”‘’…éłßКиї\u00a0"
SIGNS = st.one_of(
    st.sampled_from(MARKS), st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Cf", "Zl", "Zp", "Mn"])
)
TEXTS = (
    st.text(SIGNS, min_size=1, max_size=30)
    .map(lambda text: re.sub("[ ]+", " ", text).strip(" "))
    .filter(lambda text: text and is_text(text))
)
WORDS = st.text(SIGNS.filter(lambda sign: not sign.isspace()), min_size=1, max_size=9).filter(
    lambda text: is_text(text) and text != "others"
)
NAMES = st.one_of(
    st.builds(Name, family=TEXTS, given=TEXTS),
    st.builds(Name, literal=TEXTS),
    st.builds(Name, family=st.sampled_from(["Plato", "Zelensky", "Ødegård"])),
)
DAYS = st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31))
POINTS = st.builds(
    lambda day, length, mark: day.isoformat()[:length] + mark,
    DAYS,
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "", "~", "?", "%"]),
)
INTERVALS = st.builds(
    lambda one, other: f"{one}/{other}", st.one_of(POINTS, st.just("..")), st.one_of(POINTS, st.just(".."))
)


def is_date(text: str) -> bool:
    try:
        dates.parse(text)
    except ValueError:
        return False
    return True


DATES = st.one_of(POINTS, INTERVALS).filter(is_date).map(dates.parse)
ADDRESSES = st.text("abc0189-._~%!$&'()*+,;=:@/?#é", max_size=20).map(
    lambda text: f"https://example.org/{text}"
)
SOURCES = st.builds(
    Source,
    id=st.just("a-b"),
    number=st.just(1),
    type=st.sampled_from(CSL_TYPES),
    title=st.one_of(st.just(""), TEXTS),
    author=st.lists(NAMES, max_size=3).map(tuple),
    publisher=st.one_of(st.just(""), TEXTS),
    container_title=st.one_of(st.just(""), TEXTS),
    volume=st.one_of(st.just(""), WORDS),
    issue=st.one_of(st.just(""), WORDS),
    designation=st.one_of(st.just(""), TEXTS),
    page=st.one_of(st.just(""), st.from_regex(r"[1-9][0-9]{0,3}(-[1-9][0-9]{0,3})?", fullmatch=True)),
    published=st.one_of(st.none(), DATES),
    accessed=st.one_of(st.none(), DAYS),
    url=st.one_of(st.just(""), ADDRESSES),
    doi=st.one_of(
        st.just(""), st.from_regex(r"10\.[0-9]{4,6}/[A-Za-z0-9._;()/:<>_&%#-]{1,20}", fullmatch=True)
    ),
    isbn=st.one_of(st.just(""), st.just("978-0-306-40615-7")),
)


@pytest.mark.extra("bib")
@settings(max_examples=150, deadline=None)
@given(source=SOURCES, format=st.sampled_from(sorted(WRITERS)))
def test_any_source_comes_back_as_it_was(source: Source, format: str) -> None:
    assert back([source], format) == [shared(source)]


@pytest.mark.extra("bib")
@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_any_text_comes_back_from_latex(text: str) -> None:
    assert plain_text(as_latex(text)) == text


@settings(max_examples=100, deadline=None)
@given(source=SOURCES)
def test_any_source_loads_as_it_was_imported(
    tmp_path_factory: pytest.TempPathFactory, source: Source
) -> None:
    path = tmp_path_factory.mktemp("facts") / "facts.yaml"
    path.write_text(without_sources(""), encoding="utf-8")
    done = imported(str(path), read_csl_json(WRITERS["csl-json"]([source]), "z"))
    loaded = load(done.content, "facts.yaml")
    assert [shared(one) for one in loaded.facts.sources.values()] == [shared(source)]
    assert loaded.problems == ()


def test_a_number_is_taken_as_it_is_written() -> None:
    (found,) = read_csl_json(
        '[{"type": "book", "title": "A", "volume": 1e400, "page": 1e3, "issue": 2}]', "z.json"
    )
    assert (found.volume, found.page, found.issue) == ("1e400", "1e3", "2")
