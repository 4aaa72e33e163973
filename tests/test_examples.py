"""The facts files under `examples/`: sound, built as committed, marked as invented, and of use to learn from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.facts import Facts
from briefing.load import load

ROOT = Path(__file__).parent.parent
EXAMPLES = ("budget", "incident")
KINDS = {
    "event",
    "figure",
    "provision",
    "statement",
    "assessment",
    "projection",
    "assumption",
    "opinion",
    "gap",
}
INVENTED = "Example: everything in it is invented"
GENERIC = {
    "budget": ["neutral-summary", "congressional-memo", "fiscal-critique"],
    "incident": ["neutral-summary"],
}


def facts_of(example: str) -> Facts:
    loaded = load((ROOT / "examples" / example / "facts.yaml").read_bytes(), "facts.yaml")
    assert not loaded.problems
    return loaded.facts


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an example, a copy of which is the working folder."""
    name = str(request.param)
    folder = tmp_path / name
    shutil.copytree(
        ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns(".briefing", "*.pdf", "*.docx")
    )
    monkeypatch.chdir(folder)
    return name


def test_check_has_nothing_to_say_but_notes(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--strict", "--ignore", "template-max-pages"]) == 0
    said = capsys.readouterr().out
    assert not re.search(r"error:|warning:", said)
    assert "quote-unverified" not in said, "a quotation was not compared with the kept text of its source"


def test_a_quotation_is_compared_with_the_kept_text(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    facts = Path("facts.yaml")
    quote = next(cite.quote for fact in facts_of(example).facts.values() for cite in fact.cite if cite.quote)
    word = quote.split()[0]
    facts.write_text(facts.read_text("utf-8").replace(f"          {word} ", "          Perhaps "), "utf-8")
    assert run(["check", "--select", "quote-not-found"]) == 1
    assert "[quote-not-found]" in capsys.readouterr().out


def test_the_markdown_is_the_committed_one(example: str) -> None:
    committed = {
        path.name: path.read_bytes() for path in Path("out").glob("*.*") if path.suffix in (".md", ".svg")
    }
    assert committed
    shutil.rmtree("out")
    assert run(["build", "--format", "md"]) == 0
    assert {path.name: path.read_bytes() for path in Path("out").iterdir()} == committed


@pytest.mark.extra("docx")
def test_every_format_and_the_generic_audiences_are_built(example: str) -> None:
    (own,) = (path.name.removesuffix(".md.j2") for path in Path("templates").glob("*.j2"))
    assert run(["build", own, "--format", "md,html,txt,docx,pdf", "--out", "all"]) == 0
    assert {path.suffix for path in Path("all").iterdir()} == {
        ".md",
        ".svg",
        ".html",
        ".txt",
        ".docx",
        ".pdf",
    }
    assert run(["build", *GENERIC[example], "--format", "md,html,txt,docx", "--out", "generic"]) == 0
    assert {path.name for path in Path("generic").glob("*.md")} == {f"{name}.md" for name in GENERIC[example]}


def test_it_says_that_it_is_invented(example: str) -> None:
    facts = facts_of(example)
    assert facts.title.endswith("(invented example)")
    for path in (Path("facts.yaml"), *Path("archive").iterdir(), Path("templates/house/house.yaml")):
        assert INVENTED in path.read_text("utf-8").partition("\n")[0], path
    assert "Everything in it is invented" in Path("README.md").read_text("utf-8")
    for document in Path("out").glob("*.md"):
        assert INVENTED in document.read_text("utf-8")
    for source in facts.sources.values():
        assert not source.url or source.url.startswith("https://example.org/")
    read = {source.id for source in facts.sources.values() if source.consulted}
    assert {path.stem for path in Path("archive").iterdir()} == read


def _kinds(facts: Facts) -> bool:
    return {fact.kind for fact in facts.facts.values()} == KINDS


def _stages(facts: Facts) -> bool:
    stages = {quantity.stage for fact in facts.facts.values() for quantity in fact.quantities.values()}
    return stages >= {"authorized", "appropriated", "disbursed"}


def _statuses(*wanted: str) -> Callable[[Facts], bool]:
    return lambda facts: {fact.status for fact in facts.facts.values()} >= {"current", *wanted}


def _formulas(facts: Facts) -> bool:
    """A sum, a difference and a share, of exact numbers and of ranges."""
    computed = [
        (quantity, quantity.computed.formula)
        for fact in facts.facts.values()
        for quantity in fact.quantities.values()
        if quantity.computed
    ]
    signs = "".join(text for _, text in computed)
    return (
        all(f" {sign} " in signs for sign in "+-*/")
        and any(q.unit == "percent" for q, _ in computed)
        and any(q.high for q, _ in computed)
    )


def _units(facts: Facts) -> bool:
    units = {quantity.unit for fact in facts.facts.values() for quantity in fact.quantities.values()}
    return units >= {"USD", "EUR", "percent", "buses", "boardings"}


def _contradictions(least: int) -> Callable[[Facts], bool]:
    """So many pairs of facts that contradict each other, each said in both, by different holders."""

    def found(facts: Facts) -> bool:
        pairs = {frozenset((fact.id, other)) for fact in facts.facts.values() for other in fact.contradicts}
        return len(pairs) >= least and all(
            facts.facts[one].by != facts.facts[other].by
            and other in facts.facts[one].contradicts
            and one in facts.facts[other].contradicts
            for one, other in map(sorted, pairs)
        )

    return found


def _dates(facts: Facts) -> bool:
    """About a month, an uncertain day, a month, a day, and since a day."""
    written = {fact.date.text for fact in facts.facts.values() if fact.date}
    return all(
        any(re.fullmatch(form, text) for text in written)
        for form in (r"\d{4}-\d\d~", r"\d{4}-\d\d-\d\d\?", r"\d{4}-\d\d", r"\d{4}-\d\d-\d\d", r"[\d-]+/\.\.")
    )


def _judgements(facts: Facts) -> bool:
    """Two bands of likelihood, and a confidence apart from them."""
    likelihoods = {fact.likelihood for fact in facts.facts.values() if fact.likelihood}
    return len(likelihoods) >= 2 and any(fact.confidence for fact in facts.facts.values())


def _grades(facts: Facts) -> bool:
    return {source.reliability.grade for source in facts.sources.values()} >= set("ABCDE")


def _unread(facts: Facts) -> bool:
    return any(not source.consulted for source in facts.sources.values())


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("budget", _kinds),
        ("budget", _stages),
        ("budget", _statuses("superseded", "disputed")),
        ("budget", _formulas),
        ("budget", _units),
        ("budget", _contradictions(2)),
        ("budget", _unread),
        ("incident", _kinds),
        ("incident", _statuses("superseded", "disputed", "retracted")),
        ("incident", _contradictions(4)),
        ("incident", _dates),
        ("incident", _judgements),
        ("incident", _grades),
        ("incident", _unread),
    ],
)
def test_it_shows_what_it_is_there_for(name: str, shows: Callable[[Facts], bool]) -> None:
    assert shows(facts_of(name))


@pytest.mark.parametrize(
    ("name", "figures"),
    [("budget", ("table(", "bars(", "timeline(")), ("incident", ("table(", "timeline("))],
)
def test_its_audience_has_the_figures(name: str, figures: tuple[str, ...]) -> None:
    (template,) = (ROOT / "examples" / name / "templates").glob("*.j2")
    assert all(figure in template.read_text("utf-8") for figure in figures)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_links_of_its_readme_lead_somewhere(name: str) -> None:
    folder = ROOT / "examples" / name
    targets = re.findall(r"\]\(([^)#:]+)\)", (folder / "README.md").read_text("utf-8"))
    assert targets
    assert all((folder / target).exists() for target in targets)
