"""`briefing diff` as it is called: on files, revisions and built documents; what it says of briefs; what it refuses."""

from __future__ import annotations

import functools
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from factsfiles import edited
from gitfolders import git, needs_git
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing import __version__
from briefing.carrying import carry
from briefing.cli import run
from briefing.diffwriters.markdown import marked
from briefing.errors import UsageError
from briefing.pdffiles import attached_files
from briefing.project import open_project
from briefing.redlining import redline
from briefing.selection import selected

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "diff"
BRIDGE = (HERE / "briefs" / "facts.yaml").read_text(encoding="utf-8")

MEMO = """\
---
title: Memo to the council
stance: neutral
memo: {to: The council, from: The clerk}
---
## Money

{{ fact("repair-cost") }} {% claim "repair-a-year" %}That is {year} a year{% endclaim %}.

## Safety

{% claim "safe" %}{mayor} says that the bridge is safe{% endclaim %}. {{ fact("unsafe") }}

{{ timeline(facts(tag="milestone")) }}
"""
NOTE = """\
---
title: Note
stance: neutral
---
{{ fact("weight-limit") }} {{ fact("opened") }}
"""
OPINION = """\
---
title: The case for a new bridge
stance: advocacy
---
{{ fact("ugly") }} {{ fact("weight-limit") }}
"""
EDIT = """\
-      amount: {over: 1.5e6, unit: USD, stage: appropriated, period: "2026"}
+      amount: {about: 1.6e6, unit: USD, stage: appropriated, period: "2026"}
-      {mayor} called the bridge “safe for now”.
+      {mayor} called the bridge “safe for a while”.
-    cite: [{source: paper, quote: the bridge is safe for now}]
+    cite: [{source: paper, quote: the bridge is safe for a while}]
-  weight-limit:
-    kind: provision
-    instrument: Ordinance 12
-    force: in-force
-    text: No vehicle above twelve tons may use the bridge.
+  weight-limit:
+    kind: provision
+    instrument: Ordinance 12
+    force: in-force
+    status: retracted
+    why: the ordinance was repealed
+    text: No vehicle above twelve tons may use the bridge.
-    text: The limit was set in 1989.
-    supersedes: old-limit
+    text: The limit was set in 1989.
+    supersedes: old-limit
+    tags: [milestone]
"""
CHANGED = edited(BRIDGE, EDIT)

Printed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bridge, three audiences, and the facts before they changed in `old.yaml`."""
    folder = tmp_path / "project"
    (folder / "templates").mkdir(parents=True)
    for name, text in (("memo", MEMO), ("note", NOTE), ("opinion", OPINION)):
        (folder / "templates" / f"{name}.md.j2").write_text(text, encoding="utf-8")
    (folder / "facts.yaml").write_text(CHANGED, encoding="utf-8")
    (folder / "old.yaml").write_text(BRIDGE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str]) -> Printed:
    """The exit code, what is printed, and what is complained of."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["diff", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


# --- what it says of briefs ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["text", "md", "html", "json"])
def test_changes_and_the_sentences_they_touch(
    format: str, project: Path, diff: Printed, golden: Callable[[Path, str], None]
) -> None:
    code, out, err = diff("old.yaml", "--format", format)
    assert (code, err) == (1, "")
    golden(GOLDEN / f"bridge.{format}", out)


def test_a_brief_that_nothing_touches_is_named_and_no_change_is_said(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(
        BRIDGE.replace("twelve tons may use", "ten tons may use"), encoding="utf-8"
    )
    code, out, _ = diff("old.yaml")
    assert code == 1
    assert out.splitlines()[0] == "old.yaml → facts.yaml: one fact changed; 2 of 3 briefs touched"
    assert "Not touched\n-----------\nmemo." in out
    (project / "facts.yaml").write_text(f"# the same\n{BRIDGE}", encoding="utf-8")
    assert diff("old.yaml") == (0, "old.yaml → facts.yaml: no change\n", "")


def test_what_follows_from_an_earlier_sentence_is_told_apart(project: Path, diff: Printed) -> None:
    """Where the sentence that names the paper in full is gone, the next one does."""
    template = '---\ntitle: N\nstance: advocacy\n---\n{% for f in facts(tag="x") %}{{ f }}\n\n{% endfor %}\n'
    shutil.rmtree(project / "templates")
    (project / "templates").mkdir()
    (project / "templates" / "note.md.j2").write_text(template, encoding="utf-8")
    text = BRIDGE.replace("quote: an eyesore}]", "quote: an eyesore}]\n    tags: [x]")
    (project / "facts.yaml").write_text(text, encoding="utf-8")
    old = text.replace("tags: [cost]\n  weight-limit", "tags: [x]\n  weight-limit")
    (project / "old.yaml").write_text(old, encoding="utf-8")
    told = diff("old.yaml")[1].splitlines()[-4:]
    assert told == [
        "  1. (old) is gone (paper-cost)",
        "      The local paper puts the repair at $2 million to $3 million [2].",
        "  1. reads otherwise, for what changed before it",
        "      The {+local+} paper finds the bridge ugly [2].",
    ]


def test_a_source_that_moves_renumbers_sentences_without_listing_them(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(
        BRIDGE.replace("  paper:\n", "  first: {type: report, title: First, consulted: false}\n  paper:\n"),
        encoding="utf-8",
    )
    out = diff("old.yaml")[1]
    memo = out[out.index("\nmemo:") :].split("\n\n")[0]
    assert "the sources paper, study" in memo
    assert "In six more sentences only the numbers of citations differ." in memo
    assert "None of its sentences reads otherwise" in " ".join(memo.split())


# --- git ----------------------------------------------------------------------------------------------


def committed(folder: Path, text: str | None, message: str) -> str:
    if text is not None:
        (folder / "facts.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", "facts.yaml", "templates")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def with_amount(text: str, amount: str) -> str:
    return text.replace("over: 1.5e6, unit: USD", f"{amount}, unit: USD")


@pytest.fixture
def repository(project: Path) -> Path:
    """Tags v1 and v2 on main; `topic`, which was merged between them and changed the weight limit; `aside`, which never
    was."""
    git(project, "init", "-q", "-b", "main")
    committed(project, BRIDGE, "first")
    git(project, "tag", "v1")
    git(project, "checkout", "-q", "-b", "topic")
    committed(project, BRIDGE.replace("twelve tons may", "ten tons may"), "ten tons")
    git(project, "checkout", "-q", "main")
    committed(project, with_amount(BRIDGE, "over: 1.7e6"), "more")
    git(project, "merge", "-q", "-m", "merged", "topic")
    git(project, "tag", "-a", "v2", "-m", "second edition")
    git(project, "checkout", "-q", "-b", "aside", "v1")
    committed(project, with_amount(BRIDGE, "over: 9e6"), "aside")
    git(project, "checkout", "-q", "main")
    return project


def amounts(out: str) -> list[str]:
    return re.findall(r"amount: (.*)", out)


@needs_git
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["v1"], ["over $1.5 million → over $1.7 million"]),
        (["v1", "v2"], ["over $1.5 million → over $1.7 million"]),
        (["v2", "v1"], ["over $1.7 million → over $1.5 million"]),
        (["v1..v2"], ["over $1.5 million → over $1.7 million"]),
        (["v1.."], ["over $1.5 million → over $1.7 million"]),
        (["..v1"], ["over $1.7 million → over $1.5 million"]),
        (["v2..aside"], ["over $1.7 million → over $9 million"]),
        (["v2...aside"], ["over $1.5 million → over $9 million"]),
        (["HEAD^2"], ["over $1.5 million → over $1.7 million"]),
        (["HEAD^1"], []),
        (["HEAD"], []),
        (["old.yaml", "aside"], ["over $1.5 million → over $9 million"]),
    ],
)
def test_revisions(arguments: list[str], expected: list[str], repository: Path, diff: Printed) -> None:
    code, out, err = diff(*arguments)
    assert amounts(out) == expected
    assert (code, err) == (0 if arguments == ["HEAD"] else 1, "")


@needs_git
@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_an_audience_that_was_not_there_yet_is_new_and_no_error(
    format: str, repository: Path, diff: Printed
) -> None:
    (repository / "templates" / "nota.md.j2").write_text(MEMO, encoding="utf-8")
    code, out, err = diff("v1", "--format", format)
    assert (code, err) == (1, "")
    said = " ".join(out.split())
    assert said.count("It is new: at facts.yaml at v1 ") == 1
    assert "there was no such audience, so its sentences are compared with none." in said
    assert "there is no audience" not in said
    assert "did you mean" not in said


@needs_git
def test_a_revision_is_named_with_its_commit_and_day(repository: Path, diff: Printed) -> None:
    hashes = [git(repository, "rev-parse", "--short=10", f"{name}^{{commit}}") for name in ("v1", "v2")]
    first, second = (
        f"facts.yaml at {name} ({hash}, 2026-02-03)" for name, hash in zip(("v1", "v2"), hashes, strict=True)
    )
    assert diff("v1", "v2")[1].startswith(f"{first} → {second}: ")
    first, second = (f"facts.yaml at {hash} (2026-02-03)" for hash in hashes)
    assert diff("v1..v2")[1].startswith(f"{first} → {second}: ")


@needs_git
def test_the_facts_may_stand_in_a_folder_and_the_reader_elsewhere(
    repository: Path, diff: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "deep er").mkdir()
    shutil.copy(repository / "facts.yaml", repository / "deep er" / "facts.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "moved")
    monkeypatch.chdir(tmp_path)
    path = repository / "deep er" / "facts.yaml"
    path.write_text(with_amount(path.read_text(), "over: 1.8e6").replace("over: 1.7e6", "over: 1.8e6"))
    assert amounts(diff("HEAD", "--facts", str(path))[1]) == ["over $1.7 million → over $1.8 million"]
    code, _, err = diff("v1", "--facts", str(path))
    assert code == 2
    assert "there was no facts.yaml in this folder then" in err


@needs_git
def test_a_file_wins_over_a_revision_and_a_folder_does_not(repository: Path, diff: Printed) -> None:
    for name in ("v1", "v1..v2"):
        (repository / name).write_text(with_amount(BRIDGE, "over: 3e6"), encoding="utf-8")
        assert amounts(diff(name)[1]) == ["over $3 million → over $1.7 million"]
        (repository / name).unlink()
    (repository / "v1").mkdir()
    assert amounts(diff("v1")[1]) == ["over $1.5 million → over $1.7 million"]


@needs_git
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["v9"], "v9:1:1: error: is no file, and there is no such git revision here"),
        (["v1..v9"], "v1..v9:1:1: error: is no file, and there is no such git revision here"),
        (["../facts.yaml"], "../facts.yaml:1:1: error: is no file, and there is no such git revision here"),
        (["templates"], "templates:1:1: error: is a folder, and there is no such git revision here"),
        (["--", "--output=x"], 'is no file, and no git revision begins with "-"'),
        (["--", "v1", "-p"], 'is no file, and no git revision begins with "-"'),
        (["--", "--output=x..v1"], 'is no file, and no git revision begins with "-"'),
        (["HEAD:facts.yaml"], 'no git revision begins with "-" or has a ":" in it'),
        (["v1", "--facts", "other.yaml"], "v1:1:1: error: there was no other.yaml in this folder then"),
        (["v1", "--facts", "no/facts.yaml"], "there is no folder no"),
        (
            ["v1", "--facts", "no/facts.yaml"],
            "no/facts.yaml:1:1: error: cannot be read: there is no such file",
        ),
        (["-", "-"], "standard input is read once"),
        (["v1", "--format", "yaml"], '"yaml" is no format of diff; it is text, md, json or html'),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    arguments: list[str], message: str, repository: Path, diff: Printed
) -> None:
    before = sorted(repository.iterdir())
    code, out, err = diff(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(repository.iterdir()) == before


@needs_git
def test_a_shallow_clone_says_how_to_get_the_rest(
    repository: Path, diff: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    code, _, err = diff("HEAD~1")
    assert code == 2
    assert (
        "this clone has only a part of the history: git fetch --unshallow --tags, or in GitHub Actions fetch-depth: 0"
        in err
    )


@needs_git
def test_a_link_in_git_is_no_facts_file(repository: Path, diff: Printed) -> None:
    (repository / "facts.yaml").unlink()
    (repository / "facts.yaml").symlink_to("/etc/passwd")
    committed(repository, None, "a link")
    code, _, err = diff("HEAD", "old.yaml")
    assert code == 2
    assert "there was no facts.yaml in this folder then" in err


def test_without_a_repository_or_without_git(
    project: Path, diff: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("git"):
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
        assert "is no file, and git says: not a git repository" in diff("HEAD~1")[2]
    monkeypatch.setenv("PATH", "")
    code, _, err = diff("HEAD~1")
    assert code == 2
    assert "is no file, and git is not installed" in err
    assert diff("old.yaml")[0] == 1


# --- faulty facts -------------------------------------------------------------------------------------


def test_faults_of_both_sides_are_told_at_once(project: Path, diff: Printed) -> None:
    (project / "facts.yaml").write_text(BRIDGE.replace("kind: gap", "kind: gab"), encoding="utf-8")
    (project / "old.yaml").write_text(BRIDGE.replace("kind: gap", "knd: gap"), encoding="utf-8")
    code, out, err = diff("old.yaml")
    assert (code, out) == (1, "")
    assert "facts.yaml:124:11: error: kind cannot be" in err
    assert 'old.yaml:124:5: error: unknown key "knd"' in err
    code, out, _ = diff("old.yaml", "--format", "json")
    told = json.loads(out)
    assert (code, told["changed"], len(told["problems"])) == (1, None, 3)


def test_facts_from_standard_input(project: Path, diff: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(with_amount(BRIDGE, "over: 2e6").encode())))
    code, out, _ = diff("old.yaml", "-")
    assert code == 1
    assert out.startswith("old.yaml → standard input: three facts changed; ")


# --- built documents ----------------------------------------------------------------------------------


def built(folder: Path, *audiences: str, formats: str = "md") -> Path:
    assert run(["build", *audiences, "--facts", str(folder / "facts.yaml"), "--format", formats, "-q"]) == 0
    return folder / "out"


@pytest.fixture
def sent(repository: Path) -> Path:
    """The memo of v1 in every format, beside a history that has gone on."""
    git(repository, "checkout", "-q", "v1")
    built(repository, "memo", formats="md,html,txt,pdf").rename(repository / "sent")
    git(repository, "checkout", "-q", "main")
    return repository / "sent"


def unwrapped(text: str) -> str:
    return " ".join(text.split())


@needs_git
def test_a_document_is_compared_by_what_it_carries(sent: Path, diff: Printed) -> None:
    """Every format says the same: a PDF by its attached files, the others by their fingerprint and the history."""
    told = set()
    for end in ("pdf", "md", "html", "txt"):
        assert diff(f"sent/memo.{end}", "v1")[0] == 0
        code, out, err = diff(f"sent/memo.{end}")
        assert (code, err) == (1, "")
        first, carries, rest = re.split(r"\n(?=sent/memo.\w+, for memo|\n)", out, maxsplit=2)
        assert first.startswith(f"sent/memo.{end} → facts.yaml: two facts changed; 1 of 1 brief touched")
        assert "rests on six facts of the 23 on file then; what it does not rest on is not" in unwrapped(
            carries
        )
        if end != "pdf":  # two editions give it: the weight limit is not in the memo
            commit = git(sent, "rev-parse", "--short=10", "topic")
            assert (
                f"sent/memo.{end} is what is built from commit {commit} of 2026-02-03, “ten tons”."
                in unwrapped(first)
            )
        told.add(rest)
    (text,) = told
    assert amounts(text) == ["over $1.5 million → over $1.7 million"]
    assert "weight-limit" not in text, "it changed, and the memo does not rest on it"
    assert re.findall(r"^(\w+): ", text, re.MULTILINE) == ["memo"]
    assert "over [-$1.5-]{+$1.7+} million" in text


@needs_git
def test_the_edition_of_a_merged_branch_is_found_and_one_that_was_never_committed_is_not(
    repository: Path, diff: Printed
) -> None:
    git(repository, "checkout", "-q", "-b", "side")
    text = (repository / "facts.yaml").read_text(encoding="utf-8")
    committed(repository, text.replace("ten tons may", "nine tons may"), "nine tons")
    built(repository, "note").rename(repository / "of-side")
    committed(repository, text.replace("ten tons may", "eight tons may"), "eight tons")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "-s", "ours", "-m", "all of side undone", "side")
    assert "“nine tons”." in diff("of-side/note.md")[1]
    shutil.copy(built(repository, "note") / "note.md", repository / "renamed.md")
    assert "renamed.md is what is built from the facts file as it is." in diff("renamed.md")[1]
    (repository / "facts.yaml").write_text(
        BRIDGE.replace("twelve tons may", "two tons may"), encoding="utf-8"
    )
    shutil.copy(built(repository, "note") / "note.md", repository / "secret.md")
    (repository / "facts.yaml").write_text(BRIDGE, encoding="utf-8")
    code, out, err = diff("secret.md")
    assert (code, out) == (2, "")
    assert (
        "secret.md:1:1: error: cannot be traced: neither facts.yaml as it is, nor one of the last 100" in err
    )
    (repository / "bare.md").write_text("# A note\n", encoding="utf-8")
    assert "bare.md:1:1: error: bears no fingerprint" in diff("bare.md")[2]


@needs_git
def test_a_document_of_another_version_is_traced_if_its_bytes_can_be_made(
    repository: Path, diff: Printed
) -> None:
    project = open_project("facts.yaml")
    brief = selected(project, "note").brief
    assert brief
    made = carry(project.loaded, brief, project.locale, version="0.0.1")
    (repository / "note.md").write_text(
        f"Words.\n\n<!-- briefing 0.0.1 {made.identifier} -->\n", encoding="utf-8"
    )
    assert diff("note.md")[0] == 0
    other = f"Words.\n\n<!-- briefing 0.0.2 {made.identifier} -->\n"
    (repository / "note.md").write_text(other, encoding="utf-8")
    assert f"with briefing 0.0.2, which is not this one ({__version__})" in diff("note.md")[2]


@needs_git
def test_where_the_template_has_changed_since_only_changed_facts_are_told(sent: Path, diff: Printed) -> None:
    template = sent.parent / "templates" / "memo.md.j2"
    other = MEMO.replace("{mayor} says that the bridge is safe", "{mayor} thinks it safe")
    template.write_text(f"{other}\n{{# a remark #}}\n", encoding="utf-8")
    out = diff("sent/memo.pdf")[1]
    assert "thinks" not in out
    assert "That is over [-$375,000-]{+$425,000+} a year" in out
    (sent.parent / "facts.yaml").write_text(CHANGED, encoding="utf-8")
    assert "Mayor Ann Lee [-says that the bridge is-]{+thinks it+} safe [2]." in diff("sent/memo.pdf")[1]


@needs_git
def test_two_documents(sent: Path, diff: Printed) -> None:
    folder = sent.parent
    template = MEMO.replace('{{ fact("unsafe") }}', '{{ fact("unsafe") }} {{ fact("count-right") }}')
    (folder / "templates" / "memo.md.j2").write_text(template, encoding="utf-8")
    built(folder, "memo", "note", formats="pdf").rename(folder / "later")
    code, out, _ = diff("sent/memo.pdf", "later/memo.pdf")
    assert code == 1
    assert out.startswith(
        "sent/memo.pdf → later/memo.pdf: two facts changed, one carried by the new document alone; 1 of 1 brief"
    )
    assert "count-right: assumption: The drafting office assumes that the count is right." in out
    assert "no longer carried" in diff("later/memo.pdf", "sent/memo.pdf")[1]
    out = diff("sent/memo.pdf", "later/note.pdf")[1]
    assert "The two documents are for different audiences, so that their sentences are not compared." in out


@needs_git
def test_a_document_whose_template_chooses_by_recipient(project: Path, diff: Printed) -> None:
    """Its template is not carried; its own brief is set with the one of today, for the same recipient."""
    choice = '{% if recipient.party == "B" %}{{ fact("closed") }}{% endif %}'
    (project / "templates" / "note.md.j2").write_text(f"{NOTE}\n{choice}\n", encoding="utf-8")
    (project / "facts.yaml").write_text(BRIDGE, encoding="utf-8")
    (project / "people.csv").write_text("name,party\nAnn,B\n", encoding="utf-8")
    assert run(["build", "note", "--for", "people.csv", "--format", "pdf", "-q"]) == 0
    (project / "facts.yaml").write_text(
        BRIDGE.replace("closed to trucks for the U.S.", "closed to trucks."), encoding="utf-8"
    )
    out = diff("out/note/ann.pdf")[1]
    assert "The bridge was closed to trucks [-for the U.S. [2]-]{+[2].+}" in out
    assert "error" not in out


# --- PDFs that are not ours, or not meant well --------------------------------------------------------


def attached(
    files: dict[str, bytes], change: Callable[[pypdf.PdfWriter], None] = lambda writer: None
) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    for name, content in files.items():
        writer.add_attachment(name, content)
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def raw(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    text, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(text)
    text += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    text += b"".join(b"%010d 00000 n \n" % place for place in places)
    return text + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        start,
    )


def stream(about: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n" % (about, len(data)) + data + b"\nendstream"


@functools.cache
def two_gigabytes() -> bytes:
    """Of spaces, packed."""
    packer = zlib.compressobj(9)
    piece = b" " * 2**20
    return b"".join(packer.compress(piece) for _ in range(2**11)) + packer.flush()


def bomb(layers: int) -> bytes:
    """Two gigabytes as facts.yaml, packed so many times; a few kilobytes when packed twice."""
    data = two_gigabytes()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(facts.yaml) 3 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Type /Filespec /F (facts.yaml) /EF << /F 4 0 R >> >>",
        stream(b"/Filter [%s]" % (b"/FlateDecode " * layers), data),
    )


def fax() -> bytes:
    """An attached file that asks for a program to be run."""
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(facts.yaml) 3 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Type /Filespec /F (facts.yaml) /EF << /F 4 0 R >> >>",
        stream(b"/Filter /JBIG2Decode", b"x" * 100),
    )


def huge_table() -> bytes:
    """A table of contents that says it has two milliards of objects, in a stream that unfolds to 250 megabytes."""
    data = zlib.compress(b"\1" * 2**28, 9)
    about = b"/Type /XRef /Size 2147483647 /W [1 1 1] /Index [0 2147483647] /Root 1 0 R /Filter /FlateDecode"
    return b"%PDF-1.7\n1 0 obj\n" + stream(about, data) + b"\nendobj\nstartxref\n9\n%%EOF\n"


def circle() -> bytes:
    """Objects that stand for one another."""
    return raw(b"2 0 R", b"3 0 R", b"1 0 R")


def deep() -> bytes:
    return raw(b"<< /Type /Catalog /Names " + b"[" * 200_000 + b"]" * 200_000 + b" >>")


def encrypted(writer: pypdf.PdfWriter) -> None:
    writer.encrypt("secret", algorithm="RC4-128")


UNREADABLE = "is no PDF that can be read: it is damaged or cut off"
NOT_OURS = "carries no facts: it was not built by briefing, or was saved again without its attached files"
TOO_MUCH = "takes more time or memory than a PDF may, and was not read"


@pytest.mark.parametrize(
    ("pdf", "message"),
    [
        pytest.param(lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, UNREADABLE, id="garbage"),
        pytest.param(lambda: b"%PDF-", UNREADABLE, id="head"),
        pytest.param(lambda: attached({"facts.yaml": b"schema: 1\n" * 1000})[:900], UNREADABLE, id="cut"),
        pytest.param(lambda: attached({}), NOT_OURS, id="of another program"),
        pytest.param(lambda: attached({"facts.yaml": b"schema: 1"}), NOT_OURS, id="facts alone"),
        pytest.param(
            lambda: attached({"facts.yaml": b"schema: 1", "brief.json": b"[" * 100_000}),
            "carries a brief.json that no briefing wrote",
            id="no brief",
        ),
        pytest.param(
            lambda: attached(
                {
                    "facts.yaml": b"x",
                    "brief.json": b'{"audience": "a", "templates": {"a": "b"}, "recipient": 1}',
                }
            ),
            "carries a brief.json that no briefing wrote",
            id="another brief",
        ),
        pytest.param(lambda: attached({"facts.yaml": b"x"}, encrypted), "is encrypted", id="encrypted"),
        pytest.param(lambda: bomb(1), TOO_MUCH, id="bomb"),
        pytest.param(lambda: bomb(3), TOO_MUCH, id="bomb in a bomb"),
        pytest.param(
            lambda: attached({"facts.yaml": b" " * 9_000_000}),
            "has an attached file of more than",
            id="large",
        ),
        pytest.param(
            lambda: attached({f"{number}.md.j2": b" " for number in range(30)}),
            "has more than 20 attached files",
            id="many",
        ),
        pytest.param(huge_table, UNREADABLE, id="huge table"),
        pytest.param(circle, UNREADABLE, id="circle"),
        pytest.param(deep, UNREADABLE, id="deep"),
        pytest.param(fax, UNREADABLE, id="fax"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused_in_time(
    pdf: Callable[[], bytes], message: str, project: Path, diff: Printed
) -> None:
    (project / "sent.pdf").write_bytes(pdf())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code, out, err = diff("sent.pdf")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (code, out) == (2, "")
    assert f"sent.pdf:1:1: error: {message}" in err
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30
    assert after.ru_maxrss < 1.2 * 2**20, "more than a gigabyte"


def test_no_program_is_run_for_a_fax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, ran = tmp_path / "jbig2dec", tmp_path / "ran"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(UsageError, match="damaged or cut off"):
        attached_files(fax(), "fax.pdf", [".yaml"])
    assert not ran.exists()


def test_who_reads_a_pdf_has_bounds() -> None:
    """Of memory, of processor time, and of what it may write to files."""
    names = "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE"
    limits = ", ".join(f"resource.getrlimit(resource.{name})[0]" for name in names)
    code = f"import resource; from briefing import pdffiles; pdffiles._bounded(); print({limits})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    memory, seconds, file = map(int, done.stdout.split())
    assert (memory, file) == (2**30, 0)
    assert 20 <= seconds <= 25


def test_no_module_in_the_users_folder_is_run(project: Path, diff: Printed) -> None:
    for name in ("pypdf", "json", "base64"):
        (project / f"{name}.py").write_text(f"open('was-run', 'w').write('{name}')\n", encoding="utf-8")
    (project / "sent.pdf").write_bytes(attached({}))
    assert NOT_OURS in diff("sent.pdf")[2]
    assert not (project / "was-run").exists()


# --- nothing in a file passes for markup --------------------------------------------------------------

HOSTILE = [
    *(
        "*",
        "**b**",
        "~~s~~",
        "_",
        "`c`",
        "<b>",
        "</li>",
        "<script>",
        "&lt;",
        "&#42;",
        "[x](http://y)",
        "![](z)",
    ),
    *(
        "#",
        "##vso[x]",
        "::error::",
        "|",
        "\\",
        "-",
        "+",
        "1.",
        ">",
        "---",
        "a",
        "b",
        "“c”,",
        "橋は",
        "$5",
        "100%",
    ),
    *("(d)", "{+", "-]", "e.", "f*g", "~", "'"),
]
TEXT = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=12).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_marked_words_in_markdown_read_as_the_words_and_nothing_else(old: str, new: str) -> None:
    """What is struck through and not bold, read in order, is the old text; what is not struck through, the new one."""
    markdown = MarkdownIt("gfm-like", {"linkify": False})
    inline = next(
        token for token in markdown.parse(f"- text: {marked(redline(old, new))}\n") if token.type == "inline"
    )
    texts: dict[str, list[str]] = {"old": [], "new": []}
    inside = set()
    for token in inline.children or []:
        kind, _, edge = token.type.rpartition("_")
        if kind in ("s", "strong"):
            (inside.add if edge == "open" else inside.discard)(kind)
            continue
        assert token.type in ("text", "text_special"), token
        if "strong" not in inside:
            texts["old"].append(token.content)
        if "s" not in inside:
            texts["new"].append(token.content)
    for name, text in (("old", old), ("new", new)):
        read = "".join(texts[name]).removeprefix("text: ").replace("\\u{3a}", ":").replace("\\u{23}", "#")
        assert read.split() == text.split()


FORGED = "A <b>b</b> </li> *c* [-gone-] {+come+} ~~d~~ &lt; [e](http://f) ::error::g ##vso[h] `i` were seen."


@pytest.mark.parametrize("format", ["text", "md", "html", "json"])
def test_no_file_and_no_name_of_one_forges_anything(format: str, project: Path, diff: Printed) -> None:
    name = "<img src=x>\x1b[31m*b*\n::error::.yaml"
    (project / name).write_text(BRIDGE, encoding="utf-8")
    facts = BRIDGE.replace("No vehicle above twelve tons may use the bridge.", f"'{FORGED}'")
    (project / "facts.yaml").write_text(
        facts.replace("label: Repair\n", f"label: '{FORGED}'\n"), encoding="utf-8"
    )
    code, out, _ = diff(name, "--format", format)
    assert code == 1
    assert "\x1b" not in out
    assert not re.search(r"^\s*::|##\w*\[", out, re.MULTILINE)
    if format == "text":
        assert not re.search(r"\[-gone|come\+\}", out)
    elif format == "json":
        json.loads(out)
    else:
        page = (
            out if format == "html" else MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(out)
        )
        tags = set(re.findall(r"<(/?[a-zA-Z!][^\s>]*)", page))
        ours = "!DOCTYPE html head meta title style body main h1 h2 h3 p ul li strong del ins span s code".split()
        assert tags <= {*ours, *(f"/{tag}" for tag in ours)}
        assert page.count("&lt;/li&gt;") >= 4, "it is shown as it was written"


@pytest.mark.parametrize("format", ["text", "md", "json", "html"])
def test_a_space_that_is_another_one_is_told_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    for name, space in (("old", " "), ("new", "\N{NO-BREAK SPACE}")):
        (tmp_path / f"{name}.yaml").write_text(
            BRIDGE.replace("above twelve tons", f"above twelve{space}tons"), "utf-8"
        )
    code = run(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--format", format])
    assert code in (0, 1)
    assert capsys.readouterr().out


def test_a_word_document_is_no_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "memo.docx").write_bytes(b"PK\x03\x04" + bytes(40))
    assert run(["diff", str(tmp_path / "memo.docx"), str(tmp_path / "memo.docx")]) == 2
    assert "name the PDF or Markdown of it" in capsys.readouterr().err
