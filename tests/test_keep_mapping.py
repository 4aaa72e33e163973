"""The `archive` of a source is put into a facts file, and not another byte of it changes."""

from __future__ import annotations

import copy
import difflib
import random
import re
from pathlib import Path

import pytest
from factsfiles import data_of, restyled
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import BriefingError, UsageError
from briefing.keeping.mapping import with_archive
from briefing.load import load

ROOT = Path(__file__).parent.parent
FACTS = (ROOT / "facts.yaml").read_text(encoding="utf-8")
SHA = "ab" * 32
VALUES = {"sha256": SHA, "captured": "2026-01-02"}
COPY = {**VALUES, "url": "https://example.org/a,b?c=d#e"}


def put(text: str | bytes, values: dict[str, str] = VALUES, source: str = "s") -> str:
    data = text.encode() if isinstance(text, str) else text
    return with_archive(data, "facts.yaml", source, values).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "sources:\n  s:\n    type: report # a\n    descriptor: >\n      Some\n\n      more\n\n    # b\n  t: {}\n",
            "sources:\n  s:\n    type: report # a\n    descriptor: >\n      Some\n\n      more\n"
            f"    archive:\n      sha256: {SHA}\n      captured: 2026-01-02\n\n    # b\n  t: {{}}\n",
            id="behind a block of text",
        ),
        pytest.param(
            "sources:\n    s:\n        derived_from:\n        - a\n        - b # c\n",
            "sources:\n    s:\n        derived_from:\n        - a\n        - b # c\n"
            f"        archive:\n            sha256: {SHA}\n            captured: 2026-01-02\n",
            id="behind a list, in the indentation of the file",
        ),
        pytest.param(
            "sources:\n  s:\n    type: x",
            f"sources:\n  s:\n    type: x\n    archive:\n      sha256: {SHA}\n      captured: 2026-01-02",
            id="no line feed at the end",
        ),
        pytest.param(
            "sources:\n  s:\n    archive: # why\n      captured: 2020-01-01   # day\n\n      # c\n    type: x\n",
            "sources:\n  s:\n    archive: # why\n      captured: 2026-01-02   # day\n"
            f"      sha256: {SHA}\n\n      # c\n    type: x\n",
            id="changed in place",
        ),
        pytest.param(
            "sources:\n  s:\n    archive:\n      sha256: > # why\n         1234\n\n      captured: '2020-01-01'\n",
            f"sources:\n  s:\n    archive:\n      sha256: {SHA} # why\n\n      captured: '2026-01-02'\n",
            id="a value in block form, and one in quotation marks",
        ),
        pytest.param(
            "sources:\n  s:\n    archive:  # nothing yet\n    type: x\n",
            f"sources:\n  s:\n    archive:  # nothing yet\n      sha256: {SHA}\n      captured: 2026-01-02\n"
            "    type: x\n",
            id="an empty archive",
        ),
        pytest.param(
            "sources: {s: {type: x, archive: {sha256: 12, # c\n captured: 2020-01-01,}}, t: {}} # d",
            f"sources: {{s: {{type: x, archive: {{sha256: {SHA}, # c\n captured: 2026-01-02,}}}}, t: {{}}}} # d",
            id="in brackets, with a comment and a comma too many",
        ),
        pytest.param(
            "sources:\n  s: {type: x, author: [a, b]} # c\n",
            f"sources:\n  s: {{type: x, author: [a, b], archive: {{sha256: {SHA}, captured: 2026-01-02}}}} # c\n",
            id="into brackets",
        ),
        pytest.param(
            "sources: {s: {}}",
            f"sources: {{s: {{archive: {{sha256: {SHA}, captured: 2026-01-02}}}}}}",
            id="into empty brackets",
        ),
        pytest.param(
            "sources:\n  ? s\n  : type: x\n    level: y\nfacts: {}\n",
            "sources:\n  ? s\n  : type: x\n    level: y\n"
            f"    archive:\n      sha256: {SHA}\n      captured: 2026-01-02\nfacts: {{}}\n",
            id="a key with a question mark",
        ),
        pytest.param(
            "---\nsources:\n  s:\n    type: x\n...\n",
            f"---\nsources:\n  s:\n    type: x\n    archive:\n      sha256: {SHA}\n      captured: 2026-01-02\n...\n",
            id="between the marks of a document",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_it_stands_where_somebody_would_write_it(before: str, after: str, end: str, mark: str) -> None:
    if "\n" not in before:
        end = "\n"
    assert put(mark + before.replace("\n", end)) == mark + after.replace("\n", end)


def test_what_stands_there_is_not_written_again() -> None:
    text = put(FACTS, VALUES, "article")
    assert put(text, VALUES, "article") == text
    assert put(text, {"captured": "2026-01-02"}, "article") == text


def test_an_address_is_quoted_where_brackets_would_cut_it() -> None:
    text = put("sources: {s: {}}", COPY)
    assert 'url: "https://example.org/a,b?c=d#e"' in text
    assert load(text, "f").facts.sources["s"].archive.url == COPY["url"]  # type: ignore[union-attr]


def test_ends_of_lines_of_all_sorts_in_one_file_stay() -> None:
    text = "# a\r\nsources:\n  s:\r\n    type: x # c\r\n\nfacts: {}\r\n"
    lines = put(text).splitlines(keepends=True)
    assert "".join(lines[:4] + lines[7:]) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: {t: {}}", 'no source "s"'),
        ("sources: {s: x}", 'no source "s"'),
        ("sources: [s]", 'no source "s"'),
        ("x", 'no source "s"'),
        ("", 'no source "s"'),
        ("sources: {s: {archive: no}}", "holds no keys and values"),
        ("sources:\n  s:\n    archive: [a]\n", "holds no keys and values"),
        ("sources:\n  s:\n    archive: {sha256: [a]}\n", 'something else than a text under "sha256"'),
        ("sources: {s: {archive: {sha256}}}", "write it by hand"),
        ("sources: {s: &a {}, t: *a}", "gives a name"),
        ("sources: {s: {}, s: {}}", "already a key"),
        ("sources: {s: {", ""),
    ],
)
def test_what_cannot_be_changed_is_said(text: str, said: str) -> None:
    with pytest.raises(BriefingError) as error:
        put(text)
    assert said in str(error.value)
    if "by hand" in said:
        assert isinstance(error.value, UsageError)
        assert f"archive: {{sha256: {SHA}, captured: 2026-01-02}}" in str(error.value)


def bracketed(data: object) -> str:
    """The same data between brackets, with comments and line feeds at random places."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {bracketed(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(bracketed, data)) + "]"
    return "'" + str(data).strip().replace("'", "''") + "'"


DATA = data_of(FACTS)


@given(
    seed=st.integers(0, 1 << 32),
    source=st.sampled_from(list(DATA["sources"])),
    had=st.sampled_from(["as it is", "nothing", "all"]),
    style=st.sampled_from(["block", "brackets", "source in brackets"]),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    values=st.sampled_from([VALUES, COPY]),
)
@settings(max_examples=120, deadline=None)
def test_everything_else_stays_byte_for_byte(
    seed: int, source: str, had: str, style: str, end: str, mark: bool, values: dict[str, str]
) -> None:
    chance = random.Random(seed)
    data = copy.deepcopy({key: DATA[key] for key in ("schema", "title", "as_of", "sources")})
    entry = data["sources"][source]
    if had == "nothing":
        entry.pop("archive", None)
    elif had == "all":
        entry["archive"] = {"sha256": "12" * 32, "captured": "2020-01-01", "url": "https://example.org/then"}
    text = bracketed(data) if style == "brackets" else restyled(data, chance)
    if style == "source in brackets":
        rest = {key: value for key, value in data.items() if key != "sources"}
        sources = [f"  {id}: {bracketed(one)} # c\n" for id, one in data["sources"].items()]
        text = restyled(rest, chance) + "sources:\n" + "".join(sources)
    before = (("\ufeff" if mark else "") + text.replace("\n", end)).encode()
    after = with_archive(before, "facts.yaml", source, values)
    expected = data_of(before.decode("utf-8-sig"))
    expected["sources"][source]["archive"] = {**entry.get("archive", {}), **values}
    assert stripped(data_of(after.decode("utf-8-sig"))) == stripped(expected)
    gone, come = changed_lines(before, after)
    if "brackets" in style:
        assert (len(gone), len(come)) == (1, 1)
        assert removed(come[0]) == removed(gone[0])
    else:
        # Of lines that go each is of the archive, and what comes is of it.
        assert all(re.match(rb"\s*(?:sha256|captured|url):|\s+[0-9a-f-]+$|\s*\S*$", line) for line in gone)
        assert all(re.match(rb"\s+(?:archive|sha256|captured|url):", line) for line in come)
        comments = [len(re.findall(rb"# why", part)) for part in (before, after)]
        assert comments[0] == comments[1]
    assert after.count(b"\r\n") == (after.count(b"\n") if end == "\r\n" else 0)
    assert after.startswith("\ufeff".encode()) == mark


def changed_lines(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    found = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        [line.rstrip() for _, a, b, _, _ in found for line in one[a:b]],
        [line.rstrip() for _, _, _, a, b in found for line in other[a:b]],
    )


def removed(line: bytes) -> bytes:
    """A line in brackets without any archive."""
    return re.sub(rb"(?:, )?archive: \{[^}]*\}", b"", line)


def stripped(data: object) -> object:
    """Texts without what folding leaves at their ends."""
    if isinstance(data, dict):
        return {key: stripped(value) for key, value in data.items()}
    if isinstance(data, list):
        return [stripped(value) for value in data]
    return str(data).strip()
