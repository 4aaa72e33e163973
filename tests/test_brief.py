"""From a template to the body of a brief, or to what is wrong with it. The cases are in tests/briefs/*.txt.

A case is `==== title`, a template, `----`, and the Markdown of the body or the problems. A template without front
matter gets one: advocacy, all kinds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from briefing.audience import Templates, load_audience, read_templates
from briefing.bibliography import citation, source_line
from briefing.brief import Brief, select
from briefing.document import flat
from briefing.edition import edition
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.facts import Source
from briefing.house import shipped_house
from briefing.limits import processor_time_limit
from briefing.load import load
from briefing.loaded import FILE, read_loaded_words
from briefing.page import page
from briefing.plaintext import plain_text
from briefing.render import render, render_blocks
from briefing.tongues import tongue_of

BRIEFS = Path(__file__).parent / "briefs"
FACTS = load((BRIEFS / "facts.yaml").read_bytes(), "facts.yaml")
LOADED, _ = read_loaded_words((shipped_house() / FILE).read_text(encoding="utf-8"), FILE)
FRONT = "---\ntitle: Case\nstance: advocacy\n---\n"


def cases() -> Iterator[tuple[str, str, str]]:
    for file in sorted(BRIEFS.glob("*.txt")):
        for part in re.split(r"^==== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, rest = part.partition("\n")
            template, _, expected = rest.partition("\n----\n")
            yield f"{file.stem}: {title}", template, expected.strip("\n")


def templates_of(folder: Path, **bodies: str) -> Templates:
    (folder / "templates").mkdir(parents=True)
    for name, body in bodies.items():
        (folder / "templates" / f"{name}.md.j2").write_text(body, encoding="utf-8")
    return read_templates(folder / "templates", "templates", shipped_house())


def brief_of(folder: Path, body: str, faulty: dict[str, Problem] | None = None) -> Brief:
    whole = body if body.startswith("---") else FRONT + body
    audience = load_audience("case", templates_of(folder, case=whole), "en-US")
    return select(FACTS.facts, audience, faulty or {}, LOADED)


def result(folder: Path, template: str) -> str:
    try:
        brief = brief_of(folder, template)
    except BriefingError as error:
        return str(error)
    # Each case uses few of the facts on file.
    hidden = () if "# shows left out" in template else ("selection-left-out",)
    problems = [str(problem) for problem in brief.problems if problem.rule not in hidden]
    errors = any(problem.level is Level.ERROR for problem in brief.problems)
    return "\n".join(problems if errors else [*problems, render_blocks(brief.body)])


def test_the_facts_of_the_cases_are_in_order() -> None:
    assert FACTS.problems == ()


@pytest.mark.parametrize(("template", "expected"), [pytest.param(t, e, id=title) for title, t, e in cases()])
def test_body_or_problems(template: str, expected: str, tmp_path: Path) -> None:
    with processor_time_limit(15):
        assert result(tmp_path, template) == expected


ALL_KINDS = (
    '{{ facts()|join(" ") }}\n\n{{ timeline(facts()) }}\n{{ table(facts(kind="figure")) }}\n\n'
    'In *short*, {% claim "opened", "cause" %}the bridge of 1931 is **ill**{% endclaim %}:\n\n1. {{ fact("ugly") }}\n'
)


def words_of_markdown(text: str) -> str:
    """What a Markdown reader shows, as one line; a picture, whose table follows, is not looked at."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    found = [
        "".join(
            " " if child.type in ("softbreak", "image") else child.content for child in token.children or []
        )
        for token in tokens
        if token.type == "inline"
    ]
    return " ".join(" ".join(found).split())


def words_of_html(text: str) -> str:
    """What a narrow browser shows, as one line; not list numbers, links back and sources of pictures."""
    text = re.sub(r'<(p|span) class="(?:cited-on|back|row|drawn-from)">.*?</\1>', " ", text, flags=re.DOTALL)
    text = re.sub(r"</(?:p|h\d|li|td|th|figcaption|dt)>", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def test_markdown_and_html_say_the_same_words(tmp_path: Path) -> None:
    printed = edition(brief_of(tmp_path, ALL_KINDS))
    fragments = page(printed, screen=True)
    for blocks, fragment in (
        (printed.body, fragments.body),
        (printed.appendix, fragments.appendix({})),
    ):
        assert words_of_html(fragment) == words_of_markdown(render_blocks(blocks))


def test_citations_are_links_on_a_forge(tmp_path: Path) -> None:
    text = render(edition(brief_of(tmp_path, ALL_KINDS)), "note")
    links = {
        (tokens[place + 1].content, child.attrGet("href"))
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        if (tokens := token.children)
        for place, child in enumerate(tokens)
        if child.type == "link_open"
    }
    assert {("1", "https://middleton.example/minutes"), ("2", "#sources"), ("4", "#sources")} <= links
    assert ("3", "https://doi.org/10.5555/bridge") in links


def test_every_citation_leads_to_its_evidence_and_that_to_its_source_and_both_back(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, ALL_KINDS)
    fragments = page(edition(brief))
    body, appendix = fragments.body, fragments.appendix({"c-1": (1,), "c-2": (1,), "c-3": (2,)})
    ids = set(re.findall(r'id="([^"]+)"', body + appendix))
    cites = re.findall(r'<a class="cite" id="(c-\d+)" href="#(e-[a-z-]+)">\[(\d+)\]</a>', body)
    assert len(cites) > 20
    for anchor, target, number in cites:
        assert target in ids
        row = appendix.split(f'<li id="{target}">')[1].split("</li>")[0]
        assert f'<a href="#source-{number}">[{number}]</a>' in row
        assert f"source-{number}" in ids
        source = appendix.split(f'<li id="source-{number}"')[1].split("</li>")[0]
        if anchor in ("c-1", "c-2", "c-3"):
            assert "page" in source
    for target in re.findall(r'href="#([^"]+)"', body + appendix):
        assert target in ids
    unpaged = fragments.appendix({})
    for anchor, target, number in cites:
        assert f'href="#{anchor}"' in unpaged.split(f'<li id="{target}">')[1].split("</li>")[0]
        assert f'href="#{anchor}"' in unpaged.split(f'<li id="source-{number}"')[1].split("</li>")[0]


def test_each_used_fact_stands_in_the_evidence_once_and_each_cited_source_once(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, ALL_KINDS)
    text = render(edition(brief), "note")
    sources, evidence = text.split("## Sources")[1].split("### Evidence, in order of use")
    rows = re.findall(r"^(\d+)\. ", evidence, re.MULTILINE)
    assert rows == [str(n) for n in range(1, len(brief.used) + 1)]
    assert re.findall(r"^\[(\d+)\] ", sources, re.MULTILINE) == ["1", "2", "3"]
    assert "Rests on [1]." in sources
    assert "Rests on one work that was not consulted: [4]" in sources


def test_a_fact_that_check_bars_cannot_be_used(tmp_path: Path) -> None:
    why = Problem(Location("facts.yaml", 9, 5), Level.ERROR, 'unknown source "x"', "unknown-source")
    brief = brief_of(tmp_path, '{{ fact("opened") }} {{ fact("new-limit") }}', {"opened": why})
    assert [str(problem) for problem in brief.problems] == [
        'templates/case.md.j2:5:1: error: "opened" cannot be used: unknown source "x" (facts.yaml:9:5)'
        " [template-faulty-fact]"
    ]


def test_a_project_template_extends_the_shipped_one_and_its_contract_key_by_key(tmp_path: Path) -> None:
    extends = "{% extends 'house/audiences/base.md.j2' %}\n{% block two %}{{ fact('closed') }}{% endblock %}"
    child = f"---\ntitle: Mine\nmax_words: 900\n---\n{extends}"
    body = "## One\n{{ fact('opened') }}\n\n{% block two %}\n{% endblock %}"
    base = f"---\ntitle: Base\nstance: neutral\nreaders: All\n---\n{body}"
    (tmp_path / "templates" / "house" / "audiences").mkdir(parents=True)
    (tmp_path / "templates" / "house" / "audiences" / "base.md.j2").write_text(base)
    (tmp_path / "templates" / "mine.md.j2").write_text(child)
    audience = load_audience(
        "mine", read_templates(tmp_path / "templates", "templates", shipped_house()), "en-US"
    )
    assert (audience.contract.title, audience.contract.readers, audience.contract.max_words) == (
        "Mine",
        "All",
        900,
    )
    brief = select(FACTS.facts, audience, {})
    assert render_blocks(brief.body) == (
        "## One\n\nThe bridge opened in 1931 [1] [3].\n\nThe bridge was closed to trucks for the U.S. [2]"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            '{% extends "house/audiences/none.md.j2" %}',
            'extends "house/audiences/none.md.j2", which does not exist',
        ),
        ('{% extends "case.md.j2" %}', 'extends "case.md.j2", which extends it in turn'),
    ],
)
def test_a_template_that_extends_nothing_or_itself(body: str, message: str, tmp_path: Path) -> None:
    assert message in result(tmp_path, FRONT + body)


def test_a_template_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(FRONT + "secret")
    folder = tmp_path / "project" / "templates"
    folder.mkdir(parents=True)
    (folder / "case.md.j2").symlink_to(secret)
    templates = read_templates(folder, "templates", shipped_house())
    with pytest.raises(BriefingError, match="link to a file outside"):
        load_audience("case", templates, "en-US")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "{% block twoo %}{{ fact('closed') }}{% endblock %}",
            'has no block "twoo", so this is never printed; did you mean "two"?',
        ),
        ("Outside.\n{% block two %}{{ fact('closed') }}{% endblock %}", "stands outside the blocks"),
        ("{{ fact('closed') }}", "stands outside the blocks"),
    ],
)
def test_what_an_extending_template_says_in_vain(body: str, message: str, tmp_path: Path) -> None:
    base = FRONT + "{{ fact('opened') }}\n\n{% block two %}\n{% endblock %}"
    case = "{% extends 'base.md.j2' %}\n" + body
    audience = load_audience("case", templates_of(tmp_path, base=base, case=case), "en-US")
    assert message in "\n".join(map(str, select(FACTS.facts, audience, {}).problems))


def test_a_host_that_looks_like_another_is_shown_in_ascii(tmp_path: Path) -> None:
    text = (BRIEFS / "facts.yaml").read_text(encoding="utf-8")
    (address,) = set(re.findall(r"url: (https://[^/\s]+)", text)[:1])
    facts = load(text.replace(address, "https://www.\u0430pple.gov", 1).encode(), "facts.yaml").facts
    audience = load_audience("case", templates_of(tmp_path, case=FRONT + ALL_KINDS), "en-US")
    said = plain_text(edition(select(facts, audience, {}, LOADED)))
    assert "https://www.xn--pple-43d.gov" in said
    assert "\u0430pple" not in re.sub(r"<[^>]*>", "", said)


@pytest.mark.parametrize("locale", ["en-US", "uk"])
@pytest.mark.parametrize(
    ("title", "number", "printed"),
    [
        ("Ukraine Funding", "GAO-24-106", "Ukraine Funding (GAO-24-106). "),
        ("What Next?", "GAO-24-106", "What Next? (GAO-24-106). "),
        ("What Next?", "", "What Next? "),
        ("Report gao-24-106", "GAO-24-106", "Report gao-24-106. "),
        ("", "GAO-24-106", "[A report] (GAO-24-106). "),
    ],
)
def test_the_number_of_a_work_is_printed_behind_its_title(
    locale: str, title: str, number: str, printed: str
) -> None:
    source = Source("a", 1, "report", title=title, designation=number, descriptor="A report.")
    assert flat(citation(tongue_of(locale), source)) == printed
    assert source_line(tongue_of(locale), source) == printed.strip().replace("[A report]", "A report")
