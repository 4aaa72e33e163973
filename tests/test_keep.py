"""`briefing keep`: a source's text goes beside the facts, whole or not at all, and is compared with what is quoted."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from keepserver import Server, leads_to, page, web_server

from briefing import libraries
from briefing.cli import run
from briefing.errors import PackageMissing, UsageError
from briefing.keeping import deciding, pages
from briefing.keeping.since import since
from briefing.keeping.texts import Material, words_of

FACTS = """\
schema: 1   # the bridge
title: The bridge at Middleton
as_of: 2026-01-27

sources:
  minutes:
    type: report
    title: Minutes of the council
    level: primary
    descriptor: >
      The council's own record.
    accessed: 2026-01-20   # in the library
  unread: {type: report, title: A letter, consulted: false}

facts:
  closed:
    kind: event
    date: 2026-01-12
    text: >
      The council closed the bridge to trucks on January 12, 2026.
    cite:
      - source: minutes
        quote: >
          the bridge is closed to trucks from today
  cracks:
    kind: event
    date: 2026-01-12
    text: >
      The engineer reported cracks on January 12, 2026.
    cite:
      - {source: minutes, quote: reports cracks in both piers}
"""
TEXT = """\
Item 4
The engineer reports cracks in both piers.
The bridge is closed: the bridge is closed to trucks from today.
"""
ARTICLE = (
    "<p>The engineer reports cracks in both piers, and the council heard her for an hour before it came to vote.</p>"
    "<p>The chair, after the vote, announced that <b>the bridge is closed to&nbsp;trucks</b> from today on.</p>"
)


def today() -> str:
    """Asked when it is needed: a run of all tests can last over midnight."""
    return datetime.date.today().isoformat()


def html(article: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head>{head}<title>Middleton</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>Bridge closed</h1>{article}</article><footer>Imprint</footer></body></html>"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "minutes.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with web_server() as found:
        yield found


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- kept -----------------------------------------------------------------------------------------------------


def test_a_text_is_kept_and_its_fingerprint_noted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert (folder / "archive" / "minutes.txt").read_bytes() == TEXT.encode()
    entry = f"    archive:\n      sha256: {sha(TEXT)}\n      captured: {today()}\n"
    before, _, after = FACTS.partition("  unread")
    assert (folder / "facts.yaml").read_text(encoding="utf-8") == f"{before}{entry}  unread{after}"
    said = capsys.readouterr().out
    lines = (folder / "facts.yaml").read_text(encoding="utf-8").splitlines()
    places = [
        int(number) for number in re.findall(r"^facts\.yaml:(\d+):\d+: \w+: stands: ", said, re.MULTILINE)
    ]
    assert ["quote" in lines[number - 1] for number in places] == [True, True]
    assert said.endswith("all 2 quotations stand\n")
    assert run(["check"]) == 0


def test_a_quotation_that_does_not_stand_is_told_as_check_tells_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "minutes.txt").write_text(TEXT.replace("both piers", "one pier"), encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 1
    (error,) = [line for line in capsys.readouterr().out.splitlines() if ": error: " in line]
    assert "the source has “one pier” where the quote has “both piers”" in error
    assert (folder / "archive" / "minutes.txt").exists()
    assert run(["check"]) == 1
    assert error in capsys.readouterr().out.splitlines()
    assert run(["keep", "minutes", "minutes.txt", "--quiet"]) == 1
    found = capsys.readouterr()
    assert (found.out, found.err.splitlines()) == ("", [error, "1 error"])


def test_what_check_warns_of_is_told_unless_it_is_accepted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "minutes.txt").write_text(TEXT * 2, encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert capsys.readouterr().out.count("[quote-ambiguous]") == 2
    facts = (folder / "facts.yaml").read_text(encoding="utf-8")
    accepted = facts.replace(
        "  closed:\n", "  closed:\n    accept: {quote-ambiguous: It says so in two places.}\n"
    )
    (folder / "facts.yaml").write_text(accepted, encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert capsys.readouterr().out.count("[quote-ambiguous]") == 1


def test_standard_input_and_a_dry_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(folder)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert run(["keep", "minutes", "-", "--dry-run"]) == 0
    assert snapshot(folder) == before
    said = capsys.readouterr().out
    assert said.startswith("would keep archive/minutes.txt: ")
    assert f"+      sha256: {sha(TEXT)}\n+      captured: {today()}\n" in said
    assert "facts.yaml:25:9: closed: stands" not in said
    line = FACTS.splitlines().index("        quote: >") + 1
    assert f"facts.yaml:{line}:16: closed: stands" in said


def test_the_same_text_again_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["keep", "minutes", "minutes.txt"])
    facts = (folder / "facts.yaml").read_text(encoding="utf-8").replace(today(), "2026-01-20")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    before = {path: os.stat(path).st_ino for path in folder.rglob("*")}
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert {path: os.stat(path).st_ino for path in folder.rglob("*")} == before
    assert "is the same text as before" in capsys.readouterr().out.splitlines()[-4]


def test_another_text_keeps_the_one_before_and_shows_what_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["keep", "minutes", "minutes.txt"])
    facts = (folder / "facts.yaml").read_text(encoding="utf-8").replace(today(), "2026-01-20")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    other = TEXT.replace("Item 4", "Item 5").replace("from today", "from today on, and to buses")
    (folder / "minutes.txt").write_text(other, encoding="utf-8")
    capsys.readouterr()
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    older = folder / "archive" / f"minutes.2026-01-20.{sha(TEXT)[:8]}.txt"
    assert older.read_text(encoding="utf-8") == TEXT
    assert (folder / "archive" / "minutes.txt").read_text(encoding="utf-8") == other
    said = capsys.readouterr().out
    assert "what changed in it, 2 places:\n  line 1: Item [-4-]{+5+}\n  line 3: " in said
    assert "trucks from [-today.-]{+today on, and to buses.+}\n" in said
    assert "\naccessed: 2026-01-20 is when the text before was read; once you have read this one" in said
    accessed = f"accessed: {today()}"
    facts = (folder / "facts.yaml").read_text(encoding="utf-8").replace("accessed: 2026-01-20", accessed)
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    # Back again: the older one is there already.
    assert run(["keep", "minutes", str(older)]) == 0
    assert "accessed" not in capsys.readouterr().out
    assert sorted(path.name for path in (folder / "archive").iterdir()) == [
        f"minutes.2026-01-20.{sha(TEXT)[:8]}.txt",
        f"minutes.{today()}.{sha(other)[:8]}.txt",
        "minutes.txt",
    ]
    assert run(["check"]) == 0


def test_a_text_that_no_record_fits_is_kept_without_a_day(folder: Path) -> None:
    (folder / "archive").mkdir()
    (folder / "archive" / "minutes.txt").write_text("what somebody put here\n", encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    older = folder / "archive" / f"minutes.undated.{sha('what somebody put here' + chr(10))[:8]}.txt"
    assert older.read_text(encoding="utf-8") == "what somebody put here\n"


def test_a_colleague_keeps_the_text_on_record(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["keep", "minutes", "minutes.txt"])
    facts = (folder / "facts.yaml").read_bytes()
    (folder / "archive" / "minutes.txt").unlink()
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert (folder / "facts.yaml").read_bytes() == facts
    assert "the same text as before" in capsys.readouterr().out
    (folder / "archive" / "minutes.txt").unlink()
    (folder / "minutes.txt").write_text(TEXT + "More.\n", encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert "not the text on record" in capsys.readouterr().out
    assert sha(TEXT + "More.\n") in (folder / "facts.yaml").read_text(encoding="utf-8")


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keep", "minutes", "minutes.txt", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["state"], found["sha256"], found["captured"]) == ("new", sha(TEXT), today())
    assert [(one["fact"], one["stands"]) for one in found["quotes"]] == [("closed", True), ("cracks", True)]


def test_a_facts_file_that_is_a_link_stays_one_and_a_private_one_stays_private(folder: Path) -> None:
    real = folder / "elsewhere.yaml"
    (folder / "facts.yaml").rename(real)
    real.chmod(0o600)
    (folder / "facts.yaml").symlink_to(real)
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    assert (folder / "facts.yaml").is_symlink()
    assert sha(TEXT) in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o600


# --- not kept -------------------------------------------------------------------------------------------------


@pytest.mark.extra("keep")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["minuts", "minutes.txt"], 'there is no source "minuts"; did you mean "minutes"?'),
        (["unread", "minutes.txt"], "says consulted: false"),
        (["minutes"], '"minutes" has no url'),
        (["minutes", "none.txt"], "there is no such file"),
        (["minutes", "."], "is a folder"),
        (["minutes", "ftp://example.org/a"], "only http:// and https:// are read"),
        (["minutes", "https://me:pw@example.org/a"], "has a user name or password in it"),
        (["minutes", "http://127.0.0.1:9/a"], "--local asks one that you name"),
        (["minutes", "empty.txt"], "has no text in it"),
        (["minutes", "latin.txt"], "is not in utf-8; say what it is in, such as --encoding windows-1252"),
        (["minutes", "minutes.txt", "--encoding", "klingon"], '"klingon" is no encoding'),
        (["minutes", "minutes.txt", "--encoding", "hex"], '"hex" is no encoding'),
        (["minutes", "latin.txt", "--encoding", "utf-8"], "is not in utf-8"),
        (["minutes", "word.docx"], "is a document of a program, and no text"),
        (["minutes", "zeros"], "is no text"),
        (["minutes", "scan.pdf"], "pictures of pages"),
        (["minutes", "broken.pdf"], "is no PDF that can be read"),
        (["minutes", "script.html"], "a script may make it"),
        (["minutes", "empty.html"], "has no text in it"),
        (["minutes", "minutes.txt", "--timeout", "0"], "is no number of seconds"),
        (["minutes", "minutes.txt", "--facts", "-"], "cannot be standard input"),
        (["minutes", "minutes.txt", "--facts", "none.yaml"], "there is no such file"),
        (["minutes", "minutes.txt", "--facts", "twice.yaml"], "already a key"),
        (["minutes", "minutes.txt", "--facts", "odd.yaml"], "write it by hand"),
    ],
)
def test_what_is_not_kept_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (folder / "empty.txt").write_text(" \n\ufeff\n"[:2], encoding="utf-8")
    (folder / "latin.txt").write_bytes("Café, naïve".encode("latin-1"))
    (folder / "word.docx").write_bytes(b"PK\x03\x04 and more")
    (folder / "zeros").write_bytes(bytes(100))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nand nothing")
    (folder / "scan.pdf").write_bytes(pdf(""))
    (folder / "script.html").write_text("<html><body><script>show('Hello')</script></body></html>")
    (folder / "empty.html").write_text("")
    (folder / "twice.yaml").write_text(FACTS.replace("  unread:", "  minutes:"), encoding="utf-8")
    odd = FACTS.replace("    level: primary\n", "    level: primary\n    archive: no\n")
    (folder / "odd.yaml").write_text(odd, encoding="utf-8")
    before = snapshot(folder)
    assert run(["keep", *arguments]) == 2
    found = capsys.readouterr()
    assert said in found.err
    assert found.out == ""
    assert snapshot(folder) == before


def test_both_files_are_written_or_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "archive").mkdir()
    (folder / "archive" / "minutes.txt").mkdir()
    before = snapshot(folder)
    assert run(["keep", "minutes", "minutes.txt"]) == 2
    assert "is a folder" in capsys.readouterr().err
    (folder / "archive" / "minutes.txt").rmdir()
    (folder / "archive").rmdir()
    (folder / "archive").write_text("a file", encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 2
    (folder / "archive").unlink()
    assert snapshot(folder) == before


def test_a_folder_that_is_a_link_outside_is_not_written_to(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (folder / "archive").symlink_to(outside)
    assert run(["keep", "minutes", "minutes.txt"]) == 2
    assert "a link to one outside" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


def test_a_facts_file_that_somebody_changes_meanwhile_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrote = deciding.write

    def late(kept: deciding.Kept) -> None:
        (folder / "facts.yaml").write_text(FACTS + "# saved just now\n", encoding="utf-8")
        wrote(kept)

    monkeypatch.setattr(deciding, "write", late)
    assert run(["keep", "minutes", "minutes.txt"]) == 2
    assert "was changed while this was at work" in capsys.readouterr().err
    assert (folder / "facts.yaml").read_text(encoding="utf-8") == FACTS + "# saved just now\n"
    assert not (folder / "archive").exists()


def test_other_mistakes_in_the_facts_do_not_stand_in_the_way(folder: Path) -> None:
    (folder / "facts.yaml").write_text(FACTS.replace("kind: event", "kind: evnt", 1), encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0


# --- from addresses -------------------------------------------------------------------------------------------


@pytest.mark.extra("keep")
def test_a_page_is_kept_from_the_address_of_the_source(
    folder: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers |= {"/a": leads_to("/b"), "/b": page(html(ARTICLE).encode())}
    facts = FACTS.replace("    level: primary\n", f"    level: primary\n    url: {server.url('/a')}\n")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    assert run(["keep", "minutes"]) == 2
    assert "an address of this machine or of a network inside" in capsys.readouterr().err
    assert server.heard == []
    assert run(["keep", "minutes", "--local"]) == 0
    assert (folder / "archive" / "minutes.txt").read_text(encoding="utf-8").splitlines() == [
        "Bridge closed",
        "The engineer reports cracks in both piers, and the council heard her for an hour before it came to vote.",
        "The chair, after the vote, announced that the bridge is closed to trucks from today on.",
    ]
    said = capsys.readouterr().out
    assert said.startswith(f"{server.url('/a')} leads to {server.url('/b')}\n")
    assert (
        "url:"
        not in (folder / "facts.yaml").read_text(encoding="utf-8").split("archive:")[1].split("unread")[0]
    )


@pytest.mark.extra("keep")
def test_what_is_quoted_outside_the_article_is_told(
    folder: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here the quotation is in the footer; an article is several paragraphs."""
    body = html(ARTICLE.replace("both piers", "a pier") * 3).replace(
        "Imprint", "The paper reports cracks in both piers"
    )
    server.answers["/"] = page(body.encode())
    assert run(["keep", "minutes", server.url(), "--local"]) == 1
    assert (
        "cracks: these words stand on the page, outside its article; --whole keeps all of it"
        in capsys.readouterr().out
    )
    assert run(["keep", "minutes", server.url(), "--local", "--whole"]) == 0
    assert "Home" in (folder / "archive" / "minutes.txt").read_text(encoding="utf-8").splitlines()


def test_a_pdf_from_an_address(folder: Path, server: Server) -> None:
    server.answers["/"] = page(
        pdf("The engineer reports cracks in both piers: the bridge is closed to trucks from today"),
        "application/octet-stream",
    )
    assert run(["keep", "minutes", server.url(), "--local"]) == 0


def test_a_public_copy_is_noted(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.keeping import fetching

    monkeypatch.setattr(fetching, "is_inside", lambda number: False)
    server.answers["/copy?a=1,2"] = page(TEXT.encode(), "text/plain")
    assert run(["keep", "minutes", server.url("/copy?a=1,2#top")]) == 0
    text = (folder / "facts.yaml").read_text(encoding="utf-8")
    assert f'      url: "{server.url("/copy?a=1,2")}"\n' in text
    (folder / "minutes.txt").write_text(TEXT + "More.\n", encoding="utf-8")
    assert run(["keep", "minutes", "minutes.txt"]) == 0


@pytest.mark.extra("keep")
def test_an_address_that_answers_badly_leaves_what_was_kept(
    folder: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keep", "minutes", "minutes.txt"]) == 0
    before = snapshot(folder)
    server.answers |= {"/empty": page(b""), "/png": page(b"\x89PNG", "image/png"), "/to": leads_to("/png")}
    for path, said in (
        ("/none", "404 Not Found"),
        ("/empty", "no text in it"),
        ("/png", "is image/png, and no text"),
        ("/to", f"{server.url('/to')} → {server.url('/png')} is image/png, and no text"),
    ):
        assert run(["keep", "minutes", server.url(path), "--local"]) == 2
        assert said in capsys.readouterr().err
    assert snapshot(folder) == before


@pytest.mark.extra("keep")
def test_without_the_extra_a_page_is_refused_with_the_command(
    folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(libraries._KEEP, "trafilatura-of-another-world", ">=2")
    server.answers["/"] = page(html(ARTICLE).encode())
    assert run(["keep", "minutes", server.url(), "--local"]) == PackageMissing.exit_code
    assert "run: pip install 'trafilatura-of-another-world>=2'" in capsys.readouterr().err
    assert run(["keep", "minutes", "minutes.txt"]) == 0


def test_the_packages_named_are_those_of_the_extra() -> None:
    import tomllib

    with open(Path(__file__).parent.parent / "pyproject.toml", "rb") as file:
        extra = tomllib.load(file)["project"]["optional-dependencies"]["keep"]
    assert [name + versions for name, versions in libraries._KEEP.items()] == extra


# --- words ----------------------------------------------------------------------------------------------------


def kept(data: bytes, name: str = "a.txt", **more: str) -> str:
    return words_of(Material(data, name, **more)).kept


@pytest.mark.parametrize(
    ("data", "more", "text"),
    [
        ("Ґ – “a”\r\nb\rc".encode(), {}, "Ґ – “a”\nb\nc\n"),
        ("\ufeffa".encode(), {}, "a\n"),
        ("Ґ\n".encode("utf-16"), {}, "Ґ\n"),
        ("Ґ\n".encode("windows-1251"), {"encoding": "windows-1251"}, "Ґ\n"),
        ("“a”\n".encode("cp1252"), {"encoding": "ISO-8859-1"}, "“a”\n"),
        ("“a”\n".encode("cp1252"), {"charset": "iso-8859-1", "type": "text/plain"}, "“a”\n"),
        ("“a”\n".encode(), {"charset": "iso-8859-1", "type": "text/plain"}, "“a”\n"),
        ("あ\n".encode("iso-2022-jp"), {"charset": "iso-2022-jp", "type": "text/plain"}, "あ\n"),
        ("е\u0301  a\u00a0b \u00adc\u200bd…\t\n\n".encode(), {}, "е\u0301  a\u00a0b \u00adc\u200bd…\t\n\n"),
        (b"<p>no page", {"type": "text/plain"}, "<p>no page\n"),
    ],
)
def test_of_a_text_all_stays_but_encoding_and_ends_of_lines(
    data: bytes, more: dict[str, str], text: str
) -> None:
    assert kept(data, **more) == text


UKRAINIAN = "<p>Міст закрито для вантажівок, повідомила рада після довгого засідання ввечері.</p>" * 3


@pytest.mark.extra("keep")
@pytest.mark.parametrize(
    ("encoding", "head", "charset"),
    [
        ("utf-8", "", ""),
        ("utf-8", "", "iso-8859-1"),
        ("utf-8", '<meta charset="windows-1251">', ""),
        ("windows-1251", '<meta charset="windows-1251">', ""),
        ("windows-1251", '<meta http-equiv=Content-Type content="text/html; charset=cp1251">', ""),
        ("windows-1251", "", "windows-1251"),
        ("windows-1251", '<meta charset="utf-8">', "windows-1251"),
        ("koi8-u", '<meta charset="koi8-u">', "utf-8"),
        ("utf-16", "", "windows-1251"),
    ],
)
def test_the_encoding_of_a_page(encoding: str, head: str, charset: str) -> None:
    data = html(UKRAINIAN, head).encode(encoding)
    assert "повідомила рада" in kept(data, "a", type="text/html", charset=charset)


@pytest.mark.extra("keep")
def test_a_page_in_no_encoding_that_is_said_is_refused() -> None:
    with pytest.raises(UsageError, match="--encoding"):
        kept(html(UKRAINIAN).encode("windows-1251"), "a.html")
    with pytest.raises(UsageError, match="--encoding"):
        kept(html(UKRAINIAN).encode("windows-1251"), "a.html", charset="utf-8", type="text/html")


@pytest.mark.extra("keep")
def test_a_slip_of_one_letter_is_told() -> None:
    data = html(ARTICLE * 12).encode().replace(b"an hour", b"an h\xf3ur", 1)
    found = words_of(Material(data, "a.html", "text/html", "utf-8"))
    assert "an h\ufffdur" in found.kept
    assert found.notes == ("said to be in UTF-8, which it is but for 1 characters; each stands as \ufffd",)


@pytest.mark.extra("keep")
def test_the_words_of_a_page_are_its_own() -> None:
    """Nothing is put before items or between cells, and what a browser does not show is not there."""
    article = ARTICLE + (
        "<h2>What is known</h2><ul><li>First the <i>piers</i>.</li><li>Then the deck.</li></ul>"
        "<table><tr><th>Year</th><th>Trucks</th></tr><tr><td>2025</td><td>4,200</td></tr></table>"
        "<p>One line<br>and an\u00adother: H<sub>2</sub>O.</p><p>Once.</p><p>Once.</p><script>let a</script>"
    )
    lines = kept(html(article).encode(), "a.html").splitlines()
    assert lines[3:] == [
        *("What is known", "First the piers.", "Then the deck.", "Year Trucks", "2025 4,200"),
        *("One line", "and another: H2O.", "Once.", "Once."),
    ]
    whole = words_of(Material(html(article).encode(), "a.html"), whole=True).kept.splitlines()
    assert whole == ["Middleton", "Home", "Bridge closed", *lines[1:], "Imprint"]


@pytest.mark.extra("keep")
@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("<div>" * 100_000 + ARTICLE, id="deep"),
        pytest.param("<p>" + "<b>a" * 200_000, id="tags that nothing closes"),
        pytest.param("<table>" * 5_000 + ARTICLE, id="tables"),
        pytest.param("<a" + " a=1" * 300_000 + ">", id="attributes"),
        pytest.param("&amp" * 1_000_000, id="entities"),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]><p>&b;&d;</p>', id="doctype"
        ),
        pytest.param("<p>" + "a" * 5_000_000, id="long"),
        pytest.param("\0" * 100_000 + ARTICLE, id="zeros"),
        pytest.param(
            "<?xml version='1.0' encoding='utf-16'?>" + html(ARTICLE), id="an encoding that it is not in"
        ),
    ],
)
def test_a_hostile_page_ends_in_words_or_in_an_error(hostile: str) -> None:
    with contextlib.suppress(UsageError):
        assert "root:" not in kept(hostile.encode(), "a.html")


@pytest.mark.extra("keep")
def test_a_page_that_takes_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_START", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(pages, "_SECONDS", 0.5)
    with pytest.raises(UsageError, match="takes more time or memory"):
        kept(html(ARTICLE).encode(), "a.html")


# --- what changed ---------------------------------------------------------------------------------------------


def test_layout_alone_is_told_as_that() -> None:
    assert since("a “b” – c\nd", 'a "b" -\nc d\n').only_layout


def test_many_places_are_counted() -> None:
    old = "".join(f"line {number}\nold {number}\n" for number in range(50))
    found = since(old, old.replace("old", "new"))
    assert (len(found.changes), found.more) == (20, 30)
    assert [one.line for one in found.changes][:3] == [2, 4, 6]


def test_two_texts_that_have_little_in_common() -> None:
    old, new = ("".join(f"{word} {number}\n" for number in range(9_000)) for word in ("one", "two"))
    assert since(old, new).changes == ()
    found = since("word " * 9_000, "other " * 9_000)
    assert [run.sort for run in found.changes[0].runs] == ["deleted", "inserted"]


def test_what_changed_is_shown_on_lines_of_bounded_length(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "minutes.txt").write_text(TEXT + "::error::[-x-] " + "word " * 3_000, encoding="utf-8")
    run(["keep", "minutes", "minutes.txt"])
    (folder / "minutes.txt").write_text(TEXT + "other\x1b[2J " * 3_000, encoding="utf-8")
    capsys.readouterr()
    run(["keep", "minutes", "minutes.txt"])
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) < 1_000
    assert "\x1b" not in said
    assert "::error::" not in [line.strip()[:9] for line in said.splitlines()]


def pdf(text: str) -> bytes:
    """One page with a line of text, or with none."""
    stream = f"BT /F1 9 Tf 20 100 Td ({text}) Tj ET".encode() if text else b""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(parts) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return data + tail % (size, table, size, len(data))
