"""The languages of the house: values, and whole briefs, to be read line by line where they change (tests/golden)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.dates import parse
from briefing.facts import Quantity
from briefing.tongues import tongue_of

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "tongues"
FRONT = "---\ntitle: Case\nstance: advocacy\nreaders: all who read\nmemo: {to: Whoever reads}\n---\n"
ALL = (
    '{{ facts()|join(" ") }}\n\n{{ timeline(facts()) }}\n'
    '{{ table(facts(kind="figure", tag="cost"), quantity="amount") }}\n'
)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026", "2026"),
        ("2026-01", "January 2026"),
        ("2026-01-26", "26 January 2026"),
        ("2026-01-24/2026-01-25", "24–25 January 2026"),
        ("2026-01-30/2026-02-02", "30 January–2 February 2026"),
        ("2025-12-30/2026-01-02", "30 December 2025–2 January 2026"),
        ("2026-01/2026-03", "January–March 2026"),
        ("2022/2025", "2022–2025"),
        ("2022~", "about 2022"),
        ("2026-01-26?", "26 January 2026 (uncertain)"),
        ("2022~/2025", "from about 2022 to 2025"),
        ("2022-05/..", "since May 2022"),
        ("../2022-05-03", "until 3 May 2022"),
    ],
)
def test_british_dates(written: str, words: str) -> None:
    assert tongue_of("en-GB").date(parse(written)) == words


@pytest.mark.parametrize(
    ("qualifier", "number", "unit", "words"),
    [
        ("over", "100e9", "USD", "over $100 billion"),
        ("value", "7e6", "CAD", "CA$7 million"),
        ("about", "41", "percent", "about 41 per cent"),
        ("at_least", "5", "meetings", "at least five"),
    ],
)
def test_british_quantities(qualifier: str, number: str, unit: str, words: str) -> None:
    assert tongue_of("en-GB").quantity(Quantity(qualifier, Decimal(number), unit=unit)) == words


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("it is safe", "‘it is safe’"),
        ("it is “safe for now”, he said", "‘it is “safe for now”, he said’"),
        ("the states’ rights don’t ‘end here’.", "‘the states’ rights don’t “end here”.’"),
    ],
)
def test_british_quotation_marks(words: str, quoted: str) -> None:
    assert tongue_of("en-GB").quoted(words) == quoted


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, as the working folder."""
    (tmp_path / "templates" / "house").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_british_brief(project: Path, golden: Callable[[Path, str], None]) -> None:
    shutil.copy(HERE / "briefs" / "facts.yaml", project)
    (project / "templates" / "house" / "house.yaml").write_text("locale: en-GB\n")
    (project / "templates" / "case.md.j2").write_text(FRONT + ALL)
    assert run(["build", "--format", "md", "-q"]) == 0
    golden(GOLDEN / "en-GB.md", (project / "out" / "case.md").read_text().rpartition("<!--")[0])


def test_an_audience_may_have_another_language_than_the_office(project: Path) -> None:
    shutil.copy(HERE / "briefs" / "facts.yaml", project)
    (project / "templates" / "american.md.j2").write_text(FRONT + ALL)
    (project / "templates" / "british.md.j2").write_text(
        FRONT.replace("title:", "locale: en-GB\ntitle:") + ALL
    )
    assert run(["build", "--format", "md", "-q"]) == 0
    american, british = ((project / "out" / f"{name}.md").read_text() for name in ("american", "british"))
    assert "Information as of January 27, 2026" in american
    assert "Information as of 27 January 2026" in british
    (project / "templates" / "house" / "house.yaml").write_text("locale: en-GB\n")
    assert run(["build", "--format", "md", "-q"]) == 0
    assert "Information as of 27 January 2026" in (project / "out" / "american.md").read_text()
