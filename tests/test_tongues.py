"""The languages of the house: values, and whole briefs, which are to be read line by line where they change."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from briefing.cli import run
from briefing.dates import parse
from briefing.facts import Quantity
from briefing.house import shipped_house
from briefing.tongues import HEADINGS, LOCALES, Tally, tongue_of

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


# --- Ukrainian -----------------------------------------------------------------------------------------------

UKRAINIAN = tongue_of("uk")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026", "2026 рік"),
        ("2026-01", "січень 2026 року"),
        ("2026-01-24", "24 січня 2026 року"),
        ("2026-01-24/2026-01-25", "24–25 січня 2026 року"),
        ("2026-01-30/2026-02-02", "30 січня – 2 лютого 2026 року"),
        ("2025-12-30/2026-01-02", "30 грудня 2025 року – 2 січня 2026 року"),
        ("2026-01/2026-03", "січень–березень 2026 року"),
        ("2025-12/2026-02", "грудень 2025 року – лютий 2026 року"),
        ("2022/2025", "2022–2025 роки"),
        ("2022~", "близько 2022 року"),
        ("2022-05~", "близько травня 2022 року"),
        ("2022~/2025~", "близько 2022–2025 років"),
        ("2026-01-26?", "26 січня 2026 року (дата непевна)"),
        ("2022%", "близько 2022 року (дата непевна)"),
        ("2022~/2025", "з 2022 року (приблизно) до 2025 року"),
        ("2022/..", "з 2022 року"),
        ("2022-01/..", "із січня 2022 року"),
        ("../2022-05-03", "до 3 травня 2022 року"),
    ],
)
def test_ukrainian_dates(written: str, words: str) -> None:
    assert UKRAINIAN.date(parse(written)) == words


@pytest.mark.parametrize(
    ("qualifier", "number", "unit", "words"),
    [
        ("value", "113.4e9", "USD", "113,4 млрд доларів США"),
        ("over", "100e9", "USD", "понад 100 млрд доларів США"),
        ("under", "5e6", "UAH", "менш ніж 5 млн гривень"),
        ("value", "1", "USD", "1 долар США"),
        ("value", "22", "UAH", "22 гривні"),
        ("value", "11", "UAH", "11 гривень"),
        ("value", "1.5", "USD", "1,5 долара США"),
        ("value", "2.5e12", "GBP", "2,5 трлн фунтів стерлінгів"),
        ("value", "7e6", "PLN", "7 млн польських злотих"),
        ("about", "41", "percent", "приблизно 41 %"),
        ("value", "41.10", "percent", "41,10 %"),
        ("at_least", "5", "зустрічей", "щонайменше 5"),
        ("at_most", "12", "", "щонайбільше 12"),
        ("value", "4200", "авто", "4200"),
        ("value", "1500001", "", "1 500 001"),
        ("value", "-3e6", "USD", "−3 млн доларів США"),
    ],
)
def test_ukrainian_quantities(qualifier: str, number: str, unit: str, words: str) -> None:
    """What is tied by a no-break space here: digits to each other, and to what they count in."""
    printed = UKRAINIAN.quantity(Quantity(qualifier, Decimal(number), unit=unit))
    assert printed.replace("\N{NO-BREAK SPACE}", " ") == words
    assert not re.search(r"\d [\d%]|\d [мт]\w+", printed)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        ("2.5e6", "3e6", "USD", "2,5–3 млн доларів США"),
        ("500000", "2e6", "USD", "від 500 000 до 2 млн доларів США"),
        ("41", "43", "percent", "41–43 %"),
        ("-5", "3", "percent", "від −5 до 3 %"),
        ("20", "21", "UAH", "20–21 гривня"),
        ("5", "12", "", "5–12"),
    ],
)
def test_ukrainian_ranges(low: str, high: str, unit: str, words: str) -> None:
    printed = UKRAINIAN.quantity(Quantity("range", Decimal(low), Decimal(high), unit))
    assert printed.replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("так", "«так»"),
        ("він сказав «так»", "«він сказав „так“»"),
        ("він сказав „так“", "«він сказав „так“»"),
        ('he said “yes” and "no"', "«he said „yes“ and „no“»"),
    ],
)
def test_ukrainian_quotation_marks(words: str, quoted: str) -> None:
    assert UKRAINIAN.quoted(words) == quoted


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (1, "Ця довідка спирається на 1 факт із 1 первинного джерела."),
        (3, "Ця довідка спирається на 3 факти із 1 первинного джерела."),
        (11, "Ця довідка спирається на 11 фактів із 1 первинного джерела."),
        (22, "Ця довідка спирається на 22 факти із 1 первинного джерела."),
    ],
)
def test_ukrainian_plurals(facts: int, words: str) -> None:
    tally = Tally(facts, (("primary", 1),), 0, 0, 0, 0, 0, 0)
    assert list(UKRAINIAN.summary(tally)) == [words]


@pytest.fixture
def bridge(project: Path) -> Path:
    """The Ukrainian sample, as the working folder; a neutral summary beside its own audience."""
    shutil.copytree(HERE / "samples" / "ukrainian", project, dirs_exist_ok=True)
    summary = '---\ntitle: Огляд\n---\n{% extends "house/audiences/neutral-summary.md.j2" %}\n'
    (project / "templates" / "ohliad.md.j2").write_text(summary, encoding="utf-8")
    return project


@pytest.mark.parametrize("name", ["ohliad", "zapyska"])
def test_a_ukrainian_brief(bridge: Path, golden: Callable[[Path, str], None], name: str) -> None:
    assert run(["build", name, "--format", "md", "-q"]) == 0
    golden(GOLDEN / f"uk-{name}.md", (bridge / "out" / f"{name}.md").read_text().rpartition("<!--")[0])


# What is no English of the house: names and quotations of the sample's English source, addresses, the fingerprint.
FOREIGN = re.compile(
    r"Okafor, Chidi|Crossings of the Yara: A Survey|some 4,200 vehicles per day|over \$1\.5 million in ten years"
    r"|a bridge of about 1931|<?https?://\S+(?: protokol)?|SHA-256 \w+|briefing 0\.1\.0 sha256:\w+|\(#?[A-C]\)"
    r"|\(\w+\.figure-\d\.svg\)"
)


def shown(path: Path) -> str:
    """All that a reader sees or hears of a document; of HTML with the words in attributes."""
    if path.suffix == ".pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return re.sub(r"^\[\d+\]: .*|<!--.*", "", text, flags=re.MULTILINE)
    if path.suffix == ".svg":
        return html.unescape(re.sub(r".*<title[^>]*>(.*)</title>.*", r"\1", text, flags=re.DOTALL))
    if path.suffix == ".html":
        body = text[text.index("<body") :]
        spoken = re.findall(r'(?:data-[\w-]+|aria-[\w-]+|alt|title)="([^"]*)"', body)
        return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", body), *spoken]))
    return text


@pytest.mark.parametrize("format", ["md", "txt", "html", "pdf"])
def test_no_english_is_left(bridge: Path, format: str) -> None:
    assert run(["build", "--format", format, "-q"]) == 0
    for path in (bridge / "out").iterdir():
        text = FOREIGN.sub("", " ".join(shown(path).split()))
        assert re.findall("[A-Za-z]{2,}", text) == [], path.name


def test_the_page_is_ukrainian(bridge: Path) -> None:
    assert run(["build", "zapyska", "--format", "html,pdf", "-q"]) == 0
    page = (bridge / "out" / "zapyska.html").read_text(encoding="utf-8")
    assert '<html lang="uk">' in page
    assert '<section id="s-bottom-line" class="bottom-line">' in page
    assert "До тексту: <a" in page
    pdf = pypdf.PdfReader(bridge / "out" / "zapyska.pdf")
    assert pdf.root_object["/Lang"] == "uk"
    assert f"Сторінка 1 з {len(pdf.pages)}" in pdf.pages[0].extract_text()
    assert "Інформація станом на 31 березня 2026 року" in pdf.pages[1].extract_text()


def test_the_same_ukrainian_document_is_built_from_what_it_carries(bridge: Path, tmp_path: Path) -> None:
    """The letterhead aside, which is the office's own."""
    (bridge / "templates" / "house" / "house.yaml").write_text("locale: uk\n")
    assert run(["build", "--format", "md,html,pdf", "-q"]) == 0
    for name in ("ohliad", "zapyska"):
        files = pypdf.PdfReader(bridge / "out" / f"{name}.pdf").attachments
        again = tmp_path / f"again-{name}"
        (again / "templates").mkdir(parents=True)
        (again / "facts.yaml").write_bytes(files["facts.yaml"][0])
        (again / "templates" / f"{name}.md.j2").write_bytes(files[f"{name}.md.j2"][0])
        assert run(["build", "--facts", str(again / "facts.yaml"), "--format", "md,html,pdf", "-q"]) == 0
        for end in ("md", "html", "pdf"):
            made, copy = (folder / "out" / f"{name}.{end}" for folder in (bridge, again))
            assert made.read_bytes() == copy.read_bytes(), end


def test_the_index_quotes_a_brief_as_it_is_printed(bridge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", "zapyska"]) == 0
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "information as of March 31, 2026" in said
    assert "оцінено в 25–30,5 млн гривень [1] [2]" in said


def test_a_contract_alone_can_ask_for_ukrainian(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of facts in English: what the house says is Ukrainian, and `check` says what it does not hear."""
    shutil.copy(HERE / "briefs" / "facts.yaml", project)
    claim = '{% claim "closed" %}Від 12 січня 2026 року міст закрито для вантажівок{% endclaim %}.\n'
    (project / "templates" / "case.md.j2").write_text(FRONT.replace("title:", "locale: uk\ntitle:") + claim)
    assert run(["check"]) == 0
    assert "templates/case.md.j2:2:1: note: in the language uk, " in capsys.readouterr().out
    assert run(["build", "--format", "md", "-q"]) == 0
    text = (project / "out" / "case.md").read_text()
    assert "*Подія, 12–14 січня 2026 року.*" in text
    (project / "templates" / "case.md.j2").write_text(
        FRONT.replace("title:", "locale: uk\ntitle:") + claim.replace("12", "11")
    )
    assert run(["build", "--format", "md", "-q"]) == 1
    assert '"11 січня 2026" stands in none of the facts' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("locale", "stage", "text", "named"),
    [
        ("en-US", "authorized", "Congress authorized it", True),
        ("en-GB", "authorized", "Parliament authorised it", True),
        ("uk", "appropriated", "рада виділила кошти", True),
        ("uk", "disbursed", "рада виділила кошти", False),
    ],
)
def test_stages_of_money_are_found_in_a_text(locale: str, stage: str, text: str, named: bool) -> None:
    assert tongue_of(locale).names_stage(stage, text) is named


@pytest.mark.all
def test_a_ukrainian_pdf_is_pdf_a_3a_and_pdf_ua_1_at_once(bridge: Path) -> None:
    import page

    assert run(["build", "--format", "pdf", "-q"]) == 0
    for path in (bridge / "out").iterdir():
        for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
            report = page.validate_pdf(str(path), profile=profile)
            assert report.is_compliant, (profile, [(one.rule_id, one.message) for one in report.failures])


def test_the_headings_of_the_generic_audiences_are_known_in_every_language() -> None:
    files = [path.read_text(encoding="utf-8") for path in (shipped_house() / "audiences").glob("*.md.j2")]
    said = {
        words
        for text in files
        for call in re.findall(r"say\((.*?)\) \}\}", text)
        for words in _literals(call)
    }
    contracts = {
        words.strip()
        for text in files
        for words in re.findall(r"^ *(?:title|readers|to|from): (.*)$", text, re.M)
    }
    assert said | contracts == set(HEADINGS)
    for locale in LOCALES:
        assert set(tongue_of(locale).headings) == set(HEADINGS)


def _literals(call: str) -> list[str]:
    return [words for words in re.findall(r'"([^"]*)"', call) if words[0].isupper()]


def test_a_heading_that_the_house_has_not_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(HERE / "briefs" / "facts.yaml", project)
    (project / "templates" / "case.md.j2").write_text(
        FRONT + '## {{ say("Bottom lime") }}\n\n{{ fact("opened") }}\n'
    )
    assert run(["build", "--format", "md", "-q"]) == 1
    assert 'say() knows no "Bottom lime"; did you mean "Bottom line"?' in capsys.readouterr().err
