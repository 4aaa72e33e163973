"""Facts files that nobody wrote: what must hold of any."""

from __future__ import annotations

import copy
import random
import re
import tempfile
from contextlib import chdir
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
import yaml
from factsfiles import data_of, restyled
from generated import AUDIENCE, Broken, broken_files, facts_data, facts_files, printed, scraps, sentences
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.changes import changes
from briefing.cli import run
from briefing.errors import LoadError, Problem
from briefing.facts import Facts
from briefing.load import load
from briefing.rules import check_facts
from briefing.tongues import tongue_of

EN = tongue_of("en-US")


def facts_of(data: dict[str, Any]) -> Facts:
    loaded = load(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "facts.yaml")
    assert loaded.problems == ()
    return loaded.facts


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        return load(text, "facts.yaml").problems
    except LoadError as error:
        return error.problems


# --- reading ------------------------------------------------------------------------------------------


@settings(max_examples=250, deadline=None)
@given(text=scraps())
def test_a_file_is_read_or_refused(text: str) -> None:
    """Nothing else is raised, and whatever is wrong has its place in the file."""
    problems = problems_of(text)
    lines = len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text))
    for problem in problems:
        assert 1 <= problem.location.line <= lines + 1  # what is missing at the end stands after it
        assert problem.location.column >= 1


@settings(max_examples=60, deadline=None)
@given(text=facts_files())
def test_a_valid_file_is_read(text: str) -> None:
    assert load(text, "facts.yaml").problems == ()


@settings(max_examples=150, deadline=None)
@given(broken=broken_files())
def test_of_a_nearly_valid_file_the_broken_line_is_named(broken: Broken) -> None:
    problems = check_facts(load(broken.text, "facts.yaml"), lambda id: None, EN)
    assert broken.line in {problem.location.line for problem in problems}, broken.text


# --- printing -----------------------------------------------------------------------------------------


def built(data: dict[str, Any], formats: str) -> dict[str, bytes]:
    """All that is built of the facts, by the suffix of its name."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("facts.yaml").write_text(restyled(data, random.Random(1)), encoding="utf-8")
        Path("templates").mkdir()
        Path("templates/all.md.j2").write_text(AUDIENCE, encoding="utf-8")
        assert run(["build", "-q", "--format", formats]) == 0
        return {path.suffix: path.read_bytes() for path in Path("out").iterdir()}


class Words(HTMLParser):
    """What a browser shows, without the words of the style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.hidden = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden = tag if tag in ("style", "script") else ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self.hidden else data


def words_of_markdown(text: str) -> str:
    tokens = MarkdownIt("commonmark").parse(text)
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"text", "softbreak", "strong_open", "strong_close", *_LINKS}
    return "".join("\n" if child.type == "softbreak" else child.content for child in children)


_LINKS = ("link_open", "link_close", "em_open", "em_close", "code_inline", "html_inline")


def one_line(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=25, deadline=None)
@given(data=facts_data())
def test_every_fact_is_in_every_format_letter_by_letter(data: dict[str, Any]) -> None:
    files = {suffix: content.decode() for suffix, content in built(data, "md,html,txt").items()}
    seen = {
        ".md": words_of_markdown(files[".md"]),
        ".html": Words(files[".html"]).text,
        ".txt": files[".txt"],
    }
    for suffix, text in seen.items():
        for fact in printed(data):
            assert one_line(fact) in one_line(text), suffix


@settings(max_examples=4, deadline=None)
@given(data=facts_data(foreign=False))
def test_every_fact_is_in_the_pdf_letter_by_letter(data: dict[str, Any]) -> None:
    pages = [
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(built(data, "pdf")[".pdf"])
    ]
    text = re.sub(r"\s|\ufffe", "", "".join(pages))
    for fact in printed(data):
        assert re.sub(r"\s", "", fact) in text


@settings(max_examples=8, deadline=None)
@given(data=facts_data())
def test_the_same_files_give_the_same_bytes_in_another_folder(data: dict[str, Any]) -> None:
    assert built(data, "md,html,txt") == built(data, "md,html,txt")


# --- comparing ----------------------------------------------------------------------------------------


def altered(data: dict[str, Any], chance: random.Random, sentence: str) -> dict[str, Any]:
    """Some facts and sources more, less, and otherwise."""
    new = copy.deepcopy(data)
    for id in [*new["facts"]]:
        what = chance.choice(["stays", "stays", "goes", "says", "tags", "cites"])
        fact = new["facts"][id]
        if what == "goes" and len(new["facts"]) > 1:
            del new["facts"][id]
        elif what == "says":
            fact["text"] = (
                fact["text"].removesuffix(" it.") + f" {sentence.replace('{', '{{').replace('}', '}}')}"
            )
        elif what == "tags":
            fact["tags"] = ["another"]
        elif what == "cites":
            fact["cite"] = [chance.choice([*new["sources"]])]
    for id in [*new["sources"]]:
        if chance.random() < 0.3:
            new["sources"][id]["descriptor"] = sentence
    new["sources"]["one-more"] = {"type": "book", "title": sentence, "consulted": "false"}
    new["facts"]["one-more"] = {"kind": "gap", "text": "It is open.", "cite": ["s"], "settled_by": "More."}
    new["facts"]["one-more"]["cite"] = [next(iter(data["sources"]))]
    return new


def applied(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The old file with what is told of the new one, and nothing else of it."""
    found, result = changes(facts_of(old), facts_of(new), EN), copy.deepcopy(old)
    for section, told in (("people", found.people), ("sources", found.sources), ("facts", found.facts)):
        for one in told:
            if one.sort == "removed":
                del result[section][one.id]
                continue
            if one.sort == "renamed":
                del result[section][one.was]
                result[section][one.id] = copy.deepcopy(new[section][one.id])
            whole = new[section][one.id]
            kept = result[section].setdefault(one.id, {})
            for key in {change.path[0] for change in one.changes} if one.sort == "changed" else {*whole}:
                kept.pop(key, None)
                if key in whole:
                    kept[key] = whole[key]
    return result


def in_any_order(data: dict[str, Any]) -> dict[str, Any]:
    """Lists of ids say the same in any order; of the sections only that of sources has one."""
    plain = yaml.safe_load(yaml.safe_dump(data))
    for fact in plain["facts"].values():
        for key in ("cite", "tags"):
            if key in fact:
                fact[key].sort()
    return plain


@settings(max_examples=50, deadline=None)
@given(data=facts_data(), seed=st.integers(0, 10**9), sentence=sentences())
def test_what_is_told_of_two_files_makes_the_one_of_the_other(
    data: dict[str, Any], seed: int, sentence: str
) -> None:
    chance = random.Random(seed)
    assert not changes(facts_of(data), facts_of(data_of(restyled(data, chance))), EN)
    new = altered(data, chance, sentence)
    assert in_any_order(applied(data, new)) == in_any_order(new)
