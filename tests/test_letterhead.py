"""What an office puts on its paper: printed in every format and on every page, checked like everything else."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import PIL.ImageFile
import pypdf
import pypdfium2
import pytest
from hostilecases import points
from PIL import Image

from briefing.cli import run
from briefing.letterhead import why_no_logo

BRIEFS = Path(__file__).parent / "briefs"
GOOD = "---\ntitle: Good\nstance: neutral\n---\n## One\n\n" + '{{ fact("opened") }}\n\n' * 80
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123"/></svg>'
HOUSE = """office: Office of *Policy* & Analysis
address: 1 Main Street · desk@example.org
marking: DRAFT _not_ for release
paper: a4
logo: {file: logo.svg, alt: Seal of Elmford}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the facts of the cases, one long audience and a letterhead; the working folder."""
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates" / "house").mkdir(parents=True)
    (tmp_path / "templates" / "good.md.j2").write_text(GOOD)
    (tmp_path / "templates" / "house" / "house.yaml").write_text(HOUSE)
    (tmp_path / "templates" / "house" / "logo.svg").write_bytes(SVG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built(project: Path, formats: str = "md,html,pdf,txt") -> Path:
    assert run(["build", "--format", formats, "-q"]) == 0
    return project / "out"


def test_it_stands_in_every_format(project: Path) -> None:
    out = built(project)
    markdown = (out / "good.md").read_text()
    assert markdown.startswith(
        "**DRAFT \\_not\\_ for release**\n\nOffice of \\*Policy\\* & Analysis · 1 Main Street"
    )
    assert (
        (out / "good.txt")
        .read_text()
        .startswith(
            "DRAFT _not_ for release\n\nOffice of *Policy* & Analysis\n1 Main Street · desk@example.org\n\n"
        )
    )
    page = (out / "good.html").read_text()
    assert '<p class="marking">DRAFT _not_ for release</p>' in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert 'alt="Seal of Elmford"' in page


def test_the_marking_stands_on_every_page_of_the_size_asked_for(project: Path) -> None:
    pages = pypdf.PdfReader(built(project, "pdf") / "good.pdf").pages
    assert len(pages) > 3
    for page in pages:
        assert "DRAFT _not_ for release" in page.extract_text()
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert "Office of *Policy* & Analysis" in pages[0].extract_text()


def test_an_audience_can_say_it_otherwise(project: Path) -> None:
    said = "stance: neutral\nmarking: FOR OFFICIAL USE\npaper: letter\noffice: Another desk"
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("stance: neutral", said))
    out = built(project, "md,pdf")
    head = (out / "good.md").read_text().partition("\n# ")[0]
    assert "FOR OFFICIAL USE" in head
    assert "Another desk · 1 Main Street" in head
    assert pypdf.PdfReader(out / "good.pdf").pages[0].mediabox.width == 612


def test_the_same_document_is_built_from_what_it_carries(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = "stance: neutral\nmarking: FOR OFFICIAL USE\n"
    (project / "templates" / "good.md.j2").write_text(GOOD.replace("stance: neutral\n", said))
    pdf = built(project, "md,pdf") / "good.pdf"
    files = {name: found[0] for name, found in pypdf.PdfReader(pdf).attachments.items()}
    assert sorted(files) == ["brief.json", "facts.yaml", "good.md.j2", "house.yaml", "logo.svg"]
    printed = json.loads(files["brief.json"])["letterhead"]
    assert (printed["marking"], printed["paper"]) == ("FOR OFFICIAL USE", "a4")
    again = tmp_path_factory.mktemp("again")
    (again / "templates" / "house").mkdir(parents=True)
    folders = {
        "facts.yaml": "",
        "good.md.j2": "templates",
        "house.yaml": "templates/house",
        "logo.svg": "templates/house",
    }
    for name, folder in folders.items():
        (again / folder / name).write_bytes(files[name])
    assert run(["build", "--facts", str(again / "facts.yaml"), "--format", "md,pdf", "-q"]) == 0
    for name in ("good.md", "good.pdf"):
        assert (again / "out" / name).read_bytes() == (project / "out" / name).read_bytes()


def test_a_long_title_keeps_the_head_of_a_page_on_the_sheet(project: Path) -> None:
    facts = project / "facts.yaml"
    title = "What is known of the bridge, " * 15
    facts.write_text(re.sub("^title: .*", f"title: {title}", facts.read_text(), flags=re.MULTILINE))
    page = pypdfium2.PdfDocument(built(project, "pdf") / "good.pdf")[1]
    words = page.get_textpage()
    boxes = [words.get_charbox(i) for i in range(words.count_chars())]
    assert max(top for *_, top in boxes) < page.get_height() - 20
    assert "What is known of the bridge, What is known of the bridge, What is… – Good" in (
        " ".join(words.get_text_range().split())
    )


def test_it_is_shown_in_the_terminal(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "good"]) == 0
    assert capfd.readouterr().out.startswith("DRAFT _not_ for release\n")


def test_without_one_nothing_is_printed(project: Path) -> None:
    shutil.rmtree(project / "templates" / "house")
    out = built(project, "md,html")
    assert (out / "good.md").read_text().startswith("# ")
    assert "letterhead" not in (out / "good.html").read_text().partition("<body")[2]


def test_a_changed_letterhead_builds_anew_and_says_why(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(project, "md")
    (project / "templates" / "house" / "house.yaml").write_text(HOUSE.replace("DRAFT", "FINAL DRAFT"))
    assert run(["build", "--format", "md"]) == 0
    assert "the letterhead changed" in capsys.readouterr().out


BAD = {
    "unknown key": ("ofice: X\n", "1:1", "unknown key"),
    "list": ("- a\n", "1:1", "must hold keys and values"),
    "paper": ("paper: a5\n", "1:8", "letter, a4"),
    "locale": ("locale: en_GB\n", "1:9", 'did you mean "en-GB"?'),
    "marking": (f"marking: {'x' * 71}\n", "1:10", "70 is the most"),
    "logo without text": ("logo: {file: logo.svg}\n", "1:1", "alt"),
    "no logo": ("logo: {file: nothing.svg, alt: x}\n", "1:14", "no file"),
    "elsewhere": ("logo: {file: ../../facts.yaml, alt: x}\n", "1:14", "no file"),
    "hidden": ("office: a\u202eb\n", "1:10", "changes the order"),
    "tag": ("office: !!python/object:os.system x\n", "1:9", "names a type"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_it_is_told_with_its_place(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, place, words = BAD[name]
    (project / "templates" / "house" / "house.yaml").write_text(text)
    assert run(["check"]) == 1
    said = capsys.readouterr().out
    line = next(line for line in said.splitlines() if "house.yaml" in line)
    assert line.startswith(f"templates/house/house.yaml:{place}: error: ")
    assert words in line


HOSTILE = {
    "script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "handler": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "image": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://169.254.169.254/'/></svg>",
    "use": b"<svg xmlns='http://www.w3.org/2000/svg'><g id='a'><use href='#a'/></g></svg>",
    "entity": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'x'>]><svg>&a;</svg>",
    "stylesheet": b"<?xml-stylesheet href='file:///etc/passwd'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "url": b"<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url(http://example.org/x)'/></svg>",
    "html": b"<html></html>",
    "pdf": b"%PDF-1.7",
    "empty": b"",
    "hidden by a comment": b"<svg xmlns='http://www.w3.org/2000/svg'><!-- --><script/></svg>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_logo_is_a_drawing_and_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (project / "templates" / "house" / "logo.svg").write_bytes(HOSTILE[name])
    assert run(["build", "--format", "md", "-q"]) == 1
    assert "[template-house]" in capsys.readouterr().err
    assert not (project / "out").exists()


KEPT = {
    "title": b"<title>Seal</title><desc>A bridge</desc>",
    "gradient": b"<defs><linearGradient id='a'><stop offset='1'/></linearGradient></defs><rect fill='url(#a)'/>",
    "style": b"<g style='fill:#123;stroke:none'><circle r='4'/></g>",
    "notes of Inkscape": (
        b"<sodipodi:namedview xmlns:sodipodi='http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd' id='n'/><metadata>"
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><c:Work xmlns:c='http://creativecommons.org/ns#'"
        b" rdf:about=''><dc:format xmlns:dc='http://purl.org/dc/elements/1.1/'>image/svg+xml</dc:format></c:Work></rdf:RDF>"
        b"</metadata>"
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_programs_save_as_plain_svg_is_a_logo(project: Path, name: str) -> None:
    content = SVG.replace(b"<path", KEPT[name] + b"<path")
    (project / "templates" / "house" / "logo.svg").write_bytes(
        b"<?xml version='1.0' encoding='UTF-8'?>\n" + content
    )
    assert run(["build", "--format", "md,pdf", "-q"]) == 0


def test_a_logo_that_leads_elsewhere_or_is_too_large_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = project / "templates" / "house" / "logo.svg"
    logo.unlink()
    logo.symlink_to("/etc/passwd")
    assert run(["check"]) == 1
    assert "a link to a file outside" in capsys.readouterr().out
    logo.unlink()
    logo.write_bytes(SVG + b" " * 500_000)
    assert run(["check"]) == 1
    assert "more than 500,000 bytes" in capsys.readouterr().out


def picture(format: str, **options: object) -> bytes:
    """A picture of 64 × 64 points that no two rows of are alike."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(file, format, **options)
    return file.getvalue()


GREY = zlib.compress(bytes(65 * 64))
DAMAGED = {
    "half a PNG": lambda: picture("PNG")[: len(picture("PNG")) // 2],
    "a PNG without its end": lambda: points(64, 64, GREY)[:-12],
    "a PNG of too few rows": lambda: points(64, 64, zlib.compress(bytes(65 * 32))),
    "a PNG whose points are cut off": lambda: points(64, 64, GREY[:-5]),
    "a PNG of other bytes than it had": lambda: points(64, 64, GREY).replace(GREY[:8], GREY[:7] + b"!"),
    "a PNG of no colors that there are": lambda: (
        points(64, 64, GREY)[:25] + b"\x09" + points(64, 64, GREY)[26:]
    ),
    "the head of a PNG": lambda: picture("PNG")[:33],
    "less than that": lambda: picture("PNG")[:20],
    "half a JPEG": lambda: picture("JPEG")[: len(picture("JPEG")) // 2 + 200],
    "the head of a JPEG": lambda: picture("JPEG")[:200],
    "three bytes of a JPEG": lambda: picture("JPEG")[:3],
    "half a progressive JPEG": lambda: picture("JPEG", progressive=True)[:-100],
    "a JPEG without its tables": lambda: picture("JPEG")[:20] + bytes(500) + picture("JPEG")[520:],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_picture_is_refused_before_anything_is_made_of_it(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (project / "templates" / "house" / "logo.svg").write_bytes(DAMAGED[name]())
    for command in (["check"], ["build", "--format", "html", "-q"]):
        assert run(command) == 1
        said = "".join(capsys.readouterr())
        assert "templates/house/house.yaml:5:14: error: the logo is damaged or cut off, so that" in said
    assert not (project / "out").exists()


@pytest.mark.parametrize("save", [lambda: picture("PNG"), lambda: picture("JPEG", progressive=True)])
def test_a_whole_picture_is_printed(project: Path, save: Callable[[], bytes]) -> None:
    (project / "templates" / "house" / "logo.svg").write_bytes(save())
    assert len(pypdf.PdfReader(built(project, "html,pdf") / "good.pdf").pages[0].images) == 1


UNFOLDING = {
    "points": (lambda: points(16_000, 16_000, zlib.compress(bytes(16_001 * 16_000), 9)), "too many points"),
    "fewer": (
        lambda: points(5_000, 5_000, zlib.compress(bytes(5_001 * 5_000))),
        "has 5,000 × 5,000 points (pixels); a logo has at most 10,000,000: save it smaller",
    ),
    "a size without end": (lambda: points(2**31 - 1, 1), "too many points"),
    "passes": (lambda: b"\xff\xd8\xff" + b"\xff\xda" * 101, "passes: save the picture anew"),
    "a note": (lambda: points(64, 64, GREY, zlib.compress(bytes(9_000_000))), "unfolds to more than 1 MB"),
    "bytes": (lambda: SVG + b" " * 500_000, "more than 500,000 bytes"),
}


@pytest.mark.parametrize("name", UNFOLDING)
def test_a_picture_takes_no_more_time_and_memory_than_a_logo_needs(name: str) -> None:
    made, words = UNFOLDING[name]
    content = made()
    began = time.process_time()
    assert words in why_no_logo(content)
    assert time.process_time() - began < 1


def test_what_is_damaged_is_seen_where_weasyprint_was_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert "damaged" in why_no_logo(DAMAGED["a PNG of too few rows"]())
    assert PIL.ImageFile.LOAD_TRUNCATED_IMAGES is True


NO_NUMBERS = {
    "width": (b"width='NaN'", 'the logo has width="NaN", which cannot be read as numbers: open it'),
    "viewBox": (b"viewBox='a b c d'", 'the logo has viewBox="a b c d", which is not four numbers'),
    "nothing": (b"width='0'", "the logo is to be 0 wide or high"),
    "without end": (b"height='1e30'", "the logo is to be 1e30 wide or high"),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_a_drawing_of_no_size_is_refused_by_check(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    attribute, words = NO_NUMBERS[name]
    content = b"<svg xmlns='http://www.w3.org/2000/svg' " + attribute + b"><path d='M0 0h9v9z'/></svg>"
    (project / "templates" / "house" / "logo.svg").write_bytes(content)
    assert run(["check"]) == 1
    assert f"house.yaml:5:14: error: {words}" in capsys.readouterr().out


def test_what_only_the_typesetter_cannot_draw_is_told_of_the_letterhead(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = project / "templates" / "house" / "logo.svg"
    logo.write_bytes(SVG.replace(b"fill=", b"opacity='auto' fill="))
    assert run(["build", "--format", "pdf", "-q"]) == 1
    assert (
        "templates/house/house.yaml:1:1: error: the logo cannot be drawn on paper" in capsys.readouterr().err
    )
