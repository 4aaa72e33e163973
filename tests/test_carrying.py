"""What a document carries: its facts as a facts file, its contract and template, and the fingerprint of all that."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
import yaml

from briefing.cli import run
from briefing.errors import Level
from briefing.project import open_project

ROOT = Path(__file__).parent.parent
BRIEFS = Path(__file__).parent / "briefs"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own briefs in every format, in a folder of their own."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copy(ROOT / "facts.yaml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    assert run(["build", "--facts", str(folder / "facts.yaml"), "--format", "md,html,pdf", "-q"]) == 0
    return folder


NAMES = ("congressional-memo", "fiscal-critique", "neutral-summary")


def carried(pdf: Path) -> dict[str, bytes]:
    return {name: contents[0] for name, contents in pypdf.PdfReader(pdf).attachments.items()}


def identifiers(out: Path, name: str) -> set[str]:
    """What each format says it was made from."""
    pdf = pypdf.PdfReader(out / f"{name}.pdf")
    assert pdf.xmp_metadata
    found = {str(pdf.xmp_metadata.dc_identifier)}
    for end in ("md", "html"):
        found |= set(re.findall(r"sha256:[0-9a-f]{64}", (out / f"{name}.{end}").read_text()))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_document_is_built_from_what_it_carries(built: Path, tmp_path: Path, name: str) -> None:
    files = carried(built / "out" / f"{name}.pdf")
    assert sorted(files) == sorted(["brief.json", "facts.yaml", f"{name}.md.j2"])
    (tmp_path / "templates").mkdir()
    (tmp_path / "facts.yaml").write_bytes(files["facts.yaml"])
    (tmp_path / "templates" / f"{name}.md.j2").write_bytes(files[f"{name}.md.j2"])
    assert run(["build", "--facts", str(tmp_path / "facts.yaml"), "--format", "md,html,pdf", "-q"]) == 0
    for end in ("md", "html", "pdf"):
        made, again = (folder / "out" / f"{name}.{end}" for folder in (built, tmp_path))
        assert made.read_bytes() == again.read_bytes(), end


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_bear_the_same_fingerprint(built: Path, name: str) -> None:
    found = identifiers(built / "out", name)
    assert len(found) == 1
    assert (built / "out" / f"{name}.md").read_text().endswith(f"<!-- briefing 0.1.0 {found.pop()} -->\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_are_valid_and_no_more_than_those_used(built: Path, tmp_path: Path, name: str) -> None:
    text = carried(built / "out" / f"{name}.pdf")["facts.yaml"]
    (tmp_path / "facts.yaml").write_bytes(text)
    project = open_project(str(tmp_path / "facts.yaml"))
    assert [problem for problem in project.problems if problem.level is Level.ERROR] == []
    data = yaml.safe_load(text)
    whole = yaml.safe_load((ROOT / "facts.yaml").read_text())
    used = set(re.findall(r'id="e-([a-z0-9-]+)"', (built / "out" / f"{name}.html").read_text()))
    assert used <= data["facts"].keys() < whole["facts"].keys()


def test_nothing_of_the_office_is_carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No comment, archive text, path, unused fact, nor a column of the recipient that the memo does not use."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    facts = tmp_path / "facts.yaml"
    facts.write_text("# a private remark\n" + facts.read_text())
    (tmp_path / "archive").mkdir()
    words = "opened in 1931. more than $1.5 million. above twelve tons. set in 1989. four years. a decade"
    (tmp_path / "archive" / "minutes.txt").write_text(f"the secret minutes: {words}")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "memo.md.j2").write_text(
        "---\ntitle: Memo\nstance: neutral\n---\n{# a private remark #}\n"
        'Dear {{ recipient.name }}:\n\n{{ fact("opened") }}\n'
    )
    (tmp_path / "people.csv").write_text("name,phone\nAnn,555-0199\n")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "memo", "--for", "people.csv", "-q"]) == 0
    files = carried(tmp_path / "out" / "memo" / "ann.pdf")
    assert json.loads(files["brief.json"])["recipient"] == {"name": "Ann"}
    everything = b"\n".join([*files.values(), (tmp_path / "out" / "memo" / "ann.pdf").read_bytes()])
    for secret in (b"private remark", b"secret minutes", b"555-0199", str(tmp_path).encode()):
        assert secret not in everything
    assert list(yaml.safe_load(files["facts.yaml"])["facts"]) == ["opened"]


def test_a_reordered_key_or_a_comment_changes_no_fingerprint_and_a_used_fact_does(tmp_path: Path) -> None:
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "good.md.j2").write_text(
        '---\ntitle: T\nstance: neutral\n---\n{{ fact("opened") }}\n'
    )
    facts = tmp_path / "facts.yaml"
    text = facts.read_text()

    def fingerprint(text: str) -> str:
        facts.write_text(text)
        assert run(["build", "--facts", str(facts), "--format", "md", "-q"]) == 0
        return (tmp_path / "out" / "good.md").read_text().splitlines()[-1]

    first = fingerprint(text)
    entry = re.search(r"  opened:\n((?:    .*\n)+)", text)
    assert entry
    parts = re.split(r"(?m)^(?=    [a-z])", entry[1])
    reordered = text.replace(entry[1], "".join(reversed(parts)))
    assert reordered != text
    assert fingerprint(reordered) == first
    assert fingerprint(text + "# a comment\n") == first
    tagged = text.replace(
        entry[0],
        entry[0].replace("  opened:\n", "  opened:\n    credibility: {grade: 2, because: seen by many}\n"),
    )
    assert fingerprint(tagged) != first


@pytest.mark.all
def test_every_pdf_is_pdf_a_3a_and_pdf_ua_1_at_once(built: Path) -> None:
    import page

    for name in NAMES:
        path = built / "out" / f"{name}.pdf"
        for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
            report = page.validate_pdf(str(path), profile=profile)
            assert report.is_compliant, (profile, [(one.rule_id, one.message) for one in report.failures])
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


@pytest.mark.all
def test_an_independent_tool_extracts_the_files(built: Path, tmp_path: Path) -> None:
    path = built / "out" / "neutral-summary.pdf"
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True, capture_output=True)
    found = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert "facts.yaml" in found
    assert found == carried(path)


def carried_by(folder: Path, template: str, *arguments: str) -> dict[str, bytes]:
    """What the document of this template carries, and nothing is wrong with it."""
    shutil.copy(BRIEFS / "facts.yaml", folder)
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "memo.md.j2").write_text(template)
    assert run(["build", "memo", "--facts", str(folder / "facts.yaml"), "-q", *arguments]) == 0
    (pdf,) = (folder / "out").rglob("*.pdf")
    return carried(pdf)


def test_a_comment_within_a_paragraph_does_not_break_it(tmp_path: Path) -> None:
    """Where a comment stood on lines of its own, the template that is carried has no blank line."""
    body = (
        '## One\n{{ fact("opened") }}\n{# two,\n  three #}\n  {# four #}\n{{ fact("closed") }} {# five #}\n'
    )
    template = f"---\ntitle: T  # six\n# seven\nstance: neutral\n---\n{body}"
    files = carried_by(tmp_path, template)
    expected = '---\ntitle: T\nstance: neutral\n---\n## One\n{{ fact("opened") }}\n{{ fact("closed") }} \n'
    assert files["memo.md.j2"].decode() == expected


def test_words_for_other_recipients_stay_at_home(tmp_path: Path) -> None:
    """A template that chooses by recipient is not carried to any of them."""
    (tmp_path / "people.csv").write_text("name,party\nAnn,A\n")
    choice = (
        '---\ntitle: T\nstance: neutral\n---\n{{ fact("opened") }}\n\n'
        '{% if recipient.party == "B" %}{% claim "closed" %}The bridge is closed to you{% endclaim %}.{% endif %}\n'
    )
    files = carried_by(tmp_path, choice, "--for", str(tmp_path / "people.csv"))
    assert sorted(files) == ["brief.json", "facts.yaml"]
    assert b"closed to you" not in b"".join(files.values())
    assert json.loads(files["brief.json"])["recipient"] == {"party": "A"}
