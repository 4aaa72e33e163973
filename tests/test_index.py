"""What each sentence of a brief rests on: nothing is lost, nothing is listed twice, and every format says the same."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefing.audience import TemplateFile, audience_names, load_audience, read_templates
from briefing.brief import Brief, select
from briefing.cli import run
from briefing.document import (
    Block,
    Cite,
    Cites,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Quotation,
    Strong,
    Table,
    Text,
    flat,
)
from briefing.facts import Citation, Facts
from briefing.house import shipped_house
from briefing.index import Index, IndexedFact, index, short_title
from briefing.indexwriters import INDEX_FORMATS, written_index
from briefing.limits import time_limit
from briefing.load import load
from briefing.sentences import cited_sentences

TESTS = Path(__file__).parent
ROOT = TESTS.parent
GOLDEN = TESTS / "golden" / "index"
FACTS = load((TESTS / "briefs" / "facts.yaml").read_bytes(), "facts.yaml").facts


def brief_of(name: str, facts: Facts = FACTS) -> Brief:
    return select(
        facts, load_audience(name, read_templates(GOLDEN, "templates", shipped_house()), "en-US"), {}
    )


def brief_from(body: str) -> Brief:
    front = "title: Case\nstance: advocacy\n"
    template = TemplateFile("templates/case.md.j2", front, body)
    return select(FACTS, load_audience("case", {"case.md.j2": template}, "en-US"), {})


def sentences_from(body: str) -> list[str]:
    return [sentence.text for sentence in cited_sentences(brief_from(body).body)]


# --- sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '{{ fact("opened") }} {{ fact("weight-limit") }}',
            ["The bridge opened in 1931 [1] [3].", "No vehicle above twelve tons may use the bridge [1]."],
        ),
        (  # the full stop of an abbreviation, an exclamation mark, citations against
            '{{ fact("closed") }} {{ fact("disputed-load") }} {{ fact("opened") }}',
            [
                "The bridge was closed to trucks for the U.S. [2]",
                "A day sees about 4,000 cars on it! [2] (but see [3]; disputed)",
                "The bridge opened in 1931 [1] [3].",
            ],
        ),
        (
            '{{ fact("cause") }} {{ fact("ugly") }}',
            [
                "The cause of the damage is not known (not found in [1] [2]).",
                "The local paper finds the bridge ugly [2].",
            ],
        ),
        (  # a sentence goes on behind an abbreviation, with its citation or without
            '{% claim "closed" %}In the U.S. Dr. No closed it for the U.S.{% endclaim %} and on; {{ fact("opened") }}',
            [
                "In the U.S. Dr. No closed it for the U.S. [2] and on; The bridge opened in 1931 [1] [3].",
            ],
        ),
        (  # a claim of several sentences is cited at the end of the last
            '{{ fact("opened") }} {% claim "closed", "ugly" %}It was closed. {the-paper} finds it ugly.{% endclaim %}',
            ["The bridge opened in 1931 [1] [3].", "It was closed. The local paper finds it ugly [2]."],
        ),
        (
            'Who decides? {{ fact("weight-limit") }} What is left:\n\n- {{ fact("opened") }}',
            [
                "Who decides? No vehicle above twelve tons may use the bridge [1]. What is left:",
                "The bridge opened in 1931 [1] [3].",
            ],
        ),
        (  # one sentence, two claims
            '{% claim "opened" %}It opened in *1931*{% endclaim %}, {% claim "closed" %}and was closed{% endclaim %}.',
            ["It opened in 1931 [1] [3], and was closed [2]."],
        ),
        (
            '**{{ fact("safe") }}** {% claim "safe" %}“Safe for now.”{% endclaim %} {{ fact("opened") }}',
            [
                "Mayor Ann Lee called the bridge “safe for now” [2].",
                "“Safe for now.” [2]",
                "The bridge opened in 1931 [1] [3].",
            ],
        ),
        ('Nothing here:\n\n- {{ fact("opened") }}', ["The bridge opened in 1931 [1] [3]."]),
        (
            '| a | |\n|---|---|\n| {{ fact("opened") }} | x |\n| y | z |',
            ["a: The bridge opened in 1931 [1] [3]. · x"],
        ),
    ],
)
def test_where_a_sentence_begins_and_ends(body: str, expected: list[str]) -> None:
    assert sentences_from(body) == expected


def test_what_stands_above_a_sentence() -> None:
    body = (
        '{{ fact("opened") }}\n\n## One\n{{ fact("opened") }}\n\n### Two\n\nA lead:\n\n'
        '- **Lee:**\n  - {{ fact("opened") }}\n\n{{ fact("opened") }}\n\n'
        '## {% claim "cause" %}Three{% endclaim %}\n> {{ fact("opened") }}\n\n{{ timeline(fact("opened")) }}'
    )
    assert [sentence.heading for sentence in cited_sentences(brief_from(body).body)] == [
        "",
        "One",
        "One › Two › A lead › Lee",
        "One › Two",
        "",
        "Three",
        "Three › Timeline",
    ]


def test_a_paragraph_without_end_is_split_in_seconds() -> None:
    cite = Cites((Cite(1, "x"),), facts=("opened",))
    parts: list[Inline] = []
    for text in ("a. ", "A" * 300_000, "U.S. " * 50_000, "." * 300_000, ". " + " " * 300_000):
        parts += [Text(text), cite]
    parts += [
        part for _ in range(20_000) for part in (Text(" Yes"), cite, Text("; no (but see"), cite, Text(")"))
    ]
    with time_limit(20):
        found = list(cited_sentences([Paragraph(tuple(parts))]))
    assert sum(isinstance(part, Cites) for sentence in found for part in sentence.parts) == 40_005


# --- nothing lost, nothing twice ----------------------------------------------------------------------


def leaves(blocks: Sequence[Block]) -> Iterator[Sequence[Inline]]:
    """The parts of each paragraph, heading and caption; of a row of a table as the index joins its cells."""
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.children
        elif isinstance(block, Quotation):
            yield from leaves(block.blocks)
        elif isinstance(block, Items):
            for item in block.items:
                yield from leaves(item)
        elif isinstance(block, Figure):
            yield from leaves([block.table])
        elif isinstance(block, Table):
            yield block.caption
            assert not cites(part for cell in block.header for part in cell.children)
            labels = [flat(cell.children).strip() for cell in block.header]
            for row in block.rows:
                parts: list[Inline] = []
                for cell, label in zip(row, labels, strict=True):
                    parts += [
                        Text(" · " if parts else ""),
                        Text(f"{label}: " if label else ""),
                        *cell.children,
                    ]
                yield parts


def cites(parts: Sequence[Inline] | Iterator[Inline]) -> list[Cite]:
    found: list[Cite] = []
    for part in parts:
        if isinstance(part, Cites):
            found += part.cites
        elif isinstance(part, Emphasis | Strong | Link):
            found += cites(part.children)
    return found


def assert_complete(brief: Brief) -> None:
    sentences = list(cited_sentences(brief.body))
    listed = [cites(sentence.parts) for sentence in sentences]
    # Every citation of the body stands in one sentence, in the same order.
    assert [cite for one in listed for cite in one] == [
        cite for leaf in leaves(brief.body) for cite in cites(leaf)
    ]
    # The words are those of the leaves that have a citation.
    cited = [flat(leaf) for leaf in leaves(brief.body) if cites(leaf)]
    assert " ".join(sentence.text for sentence in sentences).split() == " ".join(cited).split()
    # The facts of a sentence are those to whose evidence its citations lead; below a picture that is all its facts'.
    for sentence, own in zip(sentences, listed, strict=True):
        anchors = {cite.anchor for cite in own if cite.anchor}
        if anchors:
            assert set(sentence.facts) == {used.fact.id for used in brief.used if set(used.anchors) & anchors}
        assert {cite.target for cite in own} <= {f"e-{id}" for id in sentence.facts}
    assert {id for sentence in sentences for id in sentence.facts} == {used.fact.id for used in brief.used}
    assert all(sentence.facts for sentence in sentences)


USABLE = [
    fact.id
    for fact in FACTS.facts.values()
    if fact.status in ("current", "disputed") and fact.kind != "figure"
]
IDS = st.sampled_from(USABLE)
WORDS = st.sampled_from(
    [
        "It is so",
        "“Quoted.”",
        "of the U.S.",
        "Is it? It is",
        "Dr. No said so!",
        "a *b* c.",
        "Well (so.)",
        "no…",
    ]
)
FACT = IDS.map(lambda id: f'{{{{ fact("{id}") }}}}')
CLAIM = st.tuples(st.lists(IDS, min_size=1, max_size=3), WORDS).map(
    lambda both: "{% claim " + ", ".join(f'"{id}"' for id in both[0]) + " %}" + both[1] + "{% endclaim %}"
)
GLUE = st.sampled_from([" ", "; ", ", and ", ". ", ": ", " (", "! So "])
INLINE = st.lists(st.tuples(FACT | CLAIM | WORDS, GLUE), min_size=1, max_size=5).map(
    lambda parts: "".join(word + glue for word, glue in parts)
)
BLOCK = st.one_of(
    INLINE,
    INLINE.map(lambda text: f"## {text}"),
    INLINE.map(lambda text: f"**Lead:** {text}"),
    st.lists(INLINE, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    INLINE.map(lambda text: f"> {text}\n> - {text}"),
    INLINE.map(lambda text: f"| a | |\n|---|---|\n| {text} | x |\n| {text} | {text} |"),
    st.lists(IDS, min_size=1, max_size=4).map(
        lambda ids: f"{{{{ timeline([{', '.join(f'fact({id!r})' for id in ids)}]) }}}}"
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=5))
def test_any_brief_is_indexed_whole(blocks: list[str]) -> None:
    assert_complete(brief_from("\n\n".join(blocks)))


def audiences() -> list[str]:
    return audience_names(read_templates(ROOT / "templates", "templates", shipped_house()), generic=False)


@pytest.mark.parametrize("name", audiences())
def test_the_briefs_of_the_project_are_indexed_whole(name: str) -> None:
    facts = load((ROOT / "facts.yaml").read_bytes(), "facts.yaml").facts
    templates = read_templates(ROOT / "templates", "templates", shipped_house())
    brief = select(facts, load_audience(name, templates, "en-US"), {})
    assert len(brief.used) > 30
    assert_complete(brief)


# --- the index ----------------------------------------------------------------------------------------


def whole() -> Index:
    return index(FACTS, [brief_of("bridge"), brief_of("note")])


@pytest.mark.parametrize("matrix", [False, True])
@pytest.mark.parametrize("format", INDEX_FORMATS)
def test_each_format(format: str, matrix: bool, golden: Callable[[Path, str], None]) -> None:
    name = f"{'matrix' if matrix else 'index'}.{'txt' if format == 'text' else format}"
    golden(GOLDEN / name, written_index(whole(), format, matrix=matrix).replace("\r\n", "\n"))


def test_the_golden_briefs_have_no_error_but_what_they_leave_out() -> None:
    rules = {problem.rule for name in ("bridge", "note") for problem in brief_of(name).problems}
    assert rules <= {"selection-compare", "selection-left-out", "template-stage-lost"}


def test_the_matrix_tells_used_from_left_out_and_barred() -> None:
    rows = {row.id: row.audiences["note"] for row in index(FACTS, [brief_of("note")], {"closed"}).facts}
    assert list(rows) == list(FACTS.facts)
    assert (rows["opened"].status, rows["opened"].sentences) == ("used", (1,))
    assert rows["cause"].sentences == (2,)
    assert rows["new-limit"].status == "left out"
    barred = {"closed": "faulty", "safe": "kind", "old-limit": "superseded", "hoax": "retracted"}
    assert {id: rows[id].status for id in barred} == dict.fromkeys(barred, "barred")


def test_what_a_fact_brings_along() -> None:
    (sentence,) = index(FACTS, [brief_from('{{ fact("disputed-load") }}')]).briefs[0].sentences
    (fact,) = sentence.facts
    assert (fact.status, fact.why, fact.corroboration) == ("disputed", "the county counted fewer", 1)
    assert [(cite.number, cite.role) for cite in fact.citations] == [(2, "supports"), (3, "contradicts")]
    assert fact.credibility is None


def test_facts_cited_together_keep_their_own_sources_in_the_order_of_the_claim() -> None:
    body = '{{ fact("opened") }} {% claim "weight-limit", "cause", "opened" %}So it is{% endclaim %}.'
    _, sentence = index(FACTS, [brief_from(body)]).briefs[0].sentences
    assert [(fact.id, fact.corroboration) for fact in sentence.facts] == [
        ("weight-limit", 1),
        ("opened", 2),
        ("cause", 1),
    ]
    assert [cite.role for cite in sentence.facts[2].citations] == ["searched", "searched"]


def test_a_title_is_short_and_an_untitled_source_is_named_by_what_it_is() -> None:
    source = FACTS.sources["paper"]
    assert short_title(source) == "[Article of the local paper, outlet known, author not]"
    assert short_title(replace(source, title="Word, " * 40)) == ("Word, " * 12).rstrip(", ") + "…"


def test_nothing_is_written_of_no_brief() -> None:
    assert written_index(index(None, ()), "text") == written_index(index(FACTS, ()), "md") == ""
    assert json.loads(written_index(index(None, ()), "json")) == {"briefs": [], "facts": []}


# --- the formats --------------------------------------------------------------------------------------


def test_json_is_ascii_and_has_every_citation() -> None:
    text = written_index(whole(), "json")
    assert text.isascii()
    read = json.loads(text)
    cited = [c for b in read["briefs"] for s in b["sentences"] for f in s["facts"] for c in f["citations"]]
    rows = list(csv.DictReader(io.StringIO(written_index(whole(), "csv"), newline="")))
    assert [(str(c["number"]), c["at"], c["role"]) for c in cited] == [
        (row["source number"], row["at"], row["role"]) for row in rows
    ]
    assert len(cited) > 20
    assert read["facts"] == json.loads(written_index(whole(), "json", matrix=True))["facts"]


def test_csv_has_the_line_ends_of_its_standard_and_no_formula() -> None:
    def cell(quote: str) -> str:
        told = with_quote(quote)
        (row,) = csv.DictReader(io.StringIO(written_index(told, "csv"), newline=""))
        return row["quote"]

    assert written_index(whole(), "csv").count("\r\n") == written_index(whole(), "csv").count("\n")
    for quote in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"):
        assert cell(quote) == f"'{quote}"
    for quote in ("a=1", "“=1”", 'said "so", twice', "two\nlines"):
        assert cell(quote) == quote


def with_quote(quote: str, at: str = "") -> Index:
    """The index of a brief of one fact with one quotation."""
    fact = replace(FACTS.facts["opened"], cite=(Citation("minutes", quote, at),))
    facts = replace(FACTS, facts={"opened": fact})
    return index(facts, [replace(brief_from('{{ fact("opened") }}'), facts=facts, used=used_of(facts))])


def used_of(facts: Facts) -> tuple[object, ...]:
    (used,) = brief_from('{{ fact("opened") }}').used
    return (replace(used, fact=facts.facts["opened"]),)


def test_text_is_no_wider_than_a_terminal_and_keeps_citations_with_their_words() -> None:
    text = written_index(whole(), "text")
    assert max(map(len, text.splitlines())) <= 92
    assert not re.search(r"^ +\[\d+\]", text.split("The case for repair")[1], re.MULTILINE)


def test_no_fact_can_forge_a_line_or_move_the_cursor() -> None:
    text = written_index(with_quote("a\x1b[2Jb\n[ ] [1] forged\u202ec\x9b"), "text")
    assert "“a\\u{1b}[2Jb\\u{a}[ ] [1] forged\\u{202e}c\\u{9b}”" in " ".join(text.split())


PARSER = MarkdownIt("gfm-like", {"linkify": False})
HARD = (
    r"* **b** _a_ `c` [1] [1]: x [a](b) ![a](b) <b> <!-- &amp; \ a\ # > - + 1. ~~a~~ | |---| [^1] [x] $x$ :smile: {{x}}"
    r" http://a.example/b_c www.a.example (c) ]( ] [ \[ ** *** --- === ``` <https://a.example> a@b.example"
).split()


@pytest.mark.parametrize("hard", [*HARD, " ".join(HARD)])
def test_markdown_reads_back_as_the_same_words(hard: str) -> None:
    tokens = PARSER.parse(written_index(with_quote(hard, f"{hard} {hard}"), "md"))
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {
        "text",
        "softbreak",
        "strong_open",
        "strong_close",
        "link_open",
        "link_close",
    }
    assert {child.attrGet("href") for child in children if child.type == "link_open"} == {
        "https://middleton.example/minutes"
    }
    assert f"[ ] [1] {hard} {hard}: “{hard}”" in words_of(tokens)


def test_markdown_has_the_words_of_the_text() -> None:
    read = words_of(PARSER.parse(written_index(whole(), "md")))
    plain = " ".join(written_index(whole(), "text").split())
    for brief in whole().briefs:
        for sentence in brief.sentences:
            for words in (f"{sentence.number}. {sentence.text}", *map(_told, sentence.facts)):
                assert words in plain
                assert words in read


def _told(fact: IndexedFact) -> str:
    return f"{fact.id}, {fact.kind}"


def words_of(tokens: Sequence[Token]) -> str:
    """What a Markdown reader shows, as one line."""
    shown = (
        "".join(" " if child.type == "softbreak" else child.content for child in token.children or [])
        for token in tokens
    )
    return " ".join(" ".join(shown).split())


# --- the command line ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The facts and both audiences of the golden files; the working folder."""
    shutil.copy(TESTS / "briefs" / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    for template in GOLDEN.glob("*.md.j2"):
        shutil.copy(template, tmp_path / "templates")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_all(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    printed = capsys.readouterr()
    return printed.out, printed.err


def test_index_prints_all_audiences_or_those_that_are_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index"]) == 0
    assert read_all(capsys) == (written_index(whole(), "text"), "")
    assert run(["index", "note", "note", "--format", "json"]) == 0
    assert [brief["audience"] for brief in json.loads(read_all(capsys)[0])["briefs"]] == ["note"]
    assert run(["index", "--matrix", "--format", "csv"]) == 0
    assert read_all(capsys)[0] == written_index(whole(), "csv", matrix=True)
    assert not (project / "out").exists()


def test_without_audiences_of_its_own_a_project_has_the_generic_ones(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "templates")
    run(["index", "--format", "json"])
    shown = [brief["audience"] for brief in json.loads(read_all(capsys)[0])["briefs"]]
    assert shown
    assert set(shown) <= {"congressional-memo", "fiscal-critique", "neutral-summary"}


def test_a_brief_with_an_error_is_left_out_and_the_others_are_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = project / "templates" / "note.md.j2"
    note.write_text(note.read_text().replace("cause", "cuase"))
    assert run(["index", "--format", "json"]) == 1
    out, err = read_all(capsys)
    assert [brief["audience"] for brief in json.loads(out)["briefs"]] == ["bridge"]
    assert 'error: unknown fact "cuase"; did you mean "cause"? [unknown-fact]' in err
    assert run(["index", "note"]) == 1
    assert read_all(capsys)[0] == ""


def test_a_fact_that_check_bars_is_barred_and_its_error_is_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = project / "facts.yaml"
    text = facts.read_text().replace("cite: [{source: minutes, quote: set in 1989}]", "cite: [minuets]")
    facts.write_text(text.replace("by: the-paper", "by: the-papr"))
    assert run(["index", "note", "--format", "json"]) == 1
    out, err = read_all(capsys)
    (row,) = [row for row in json.loads(out)["facts"] if row["id"] == "new-limit"]
    assert row["audiences"] == {"note": "barred"}
    assert "minuets" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nott"], 'there is no audience "nott"; did you mean "note"?'),
        (["--fact", "new-limt"], 'there is no fact "new-limt"; did you mean "new-limit"?'),
        (["--format", "xml"], '"xml" is no format of index; it is text, md, json or csv'),
        (["--facts", "none.yaml"], "none.yaml:1:1: error: cannot be read: there is no such file"),
    ],
)
def test_wrong_use_ends_with_2(
    arguments: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", *arguments]) == 2
    out, err = read_all(capsys)
    assert out == ""
    assert message in err


def test_of_some_facts_there_is_what_rests_on_them_under_the_numbers_that_it_has(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", "--format", "json"]) == 0
    whole = json.loads(read_all(capsys)[0])
    wanted = [row["id"] for row in whole["facts"] if row["audiences"]["note"] == "used"][:2]
    assert run(["index", "--format", "json", "--fact", wanted[0], "--fact", wanted[1]]) == 0
    part = json.loads(read_all(capsys)[0])
    assert part["facts"] == [row for row in whole["facts"] if row["id"] in wanted]
    for brief, of_whole in zip(part["briefs"], whole["briefs"], strict=True):
        assert brief["sentences"] == [
            one for one in of_whole["sentences"] if {fact["id"] for fact in one["facts"]} & {*wanted}
        ]
    assert run(["index", "--fact", wanted[0]]) == 0
    text = read_all(capsys)[0]
    cited = set(re.findall(r"\[ \] \[(\d+)\]", text))
    assert cited
    listed = text.partition("=======\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\[(\d+)\]", listed, re.MULTILINE)) == cited


def test_an_audience_that_does_not_exist_does_not_stop_the_others(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", "nott", "note"]) == 2
    assert "note: Note" in read_all(capsys)[0]


def test_json_is_printed_when_there_is_nothing_to_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", "--facts", "none.yaml", "--format", "json"]) == 2
    assert json.loads(read_all(capsys)[0]) == {"briefs": [], "facts": []}
    (project / "facts.yaml").write_text("schema: 1")
    assert run(["index", "--format", "json"]) == 1
    assert json.loads(read_all(capsys)[0]) == {"briefs": [], "facts": []}


def test_facts_from_standard_input_in_a_terminal_that_is_not_utf_8(project: Path) -> None:
    command = [sys.executable, "-m", "briefing", "index", "note", "--facts", "-"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    facts = (project / "facts.yaml").read_bytes()
    done = subprocess.run(command, cwd=project, input=facts, env=environment, capture_output=True, check=True)
    assert "· information as of January 27, 2026" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("command", ["index", "show"])
def test_no_line_is_a_command_to_a_ci(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Wherever a text is broken, no line begins with what a CI runner obeys."""
    facts = (ROOT / "tests" / "briefs" / "facts.yaml").read_text(encoding="utf-8")
    said = "The bridge " + "::error::no " * 60 + "opened in 1931."
    assert "The bridge opened in 1931." in facts
    (tmp_path / "facts.yaml").write_text(
        facts.replace("The bridge opened in 1931.", f'"{said}"'), encoding="utf-8"
    )
    (tmp_path / "templates").mkdir()
    note = '---\ntitle: Note\nstance: advocacy\n---\n{{ fact("opened") }}\n'
    (tmp_path / "templates" / "note.md.j2").write_text(note, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run([command, "note"]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert shown.count("error::no") >= 60
    assert not re.search(r"^\s*::", shown, re.MULTILINE)
