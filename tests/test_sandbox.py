"""What a template can reach from what it is given, step by step, as the sandbox lets it: plain values, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from briefing.audience import load_audience, read_templates
from briefing.cli import run
from briefing.facts import Facts
from briefing.house import shipped_house
from briefing.load import load
from briefing.sandbox import Sandbox
from briefing.template import _Run
from briefing.tokens import Absent, Column, Day, Row, Token, Tokens

BRIEFS = Path(__file__).parent / "briefs"
PLAIN = (str, int, bool, float, complex, bytes, type(None), list, tuple, dict, range, Markup)
OURS = (Absent, Column, Day, Row, Token, Tokens)
CALLED = (MethodType, BuiltinMethodType)


def held(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return list(value) if isinstance(value, list | tuple) else []


def reachable(sandbox: Sandbox, context: dict[str, Any]) -> dict[str, Any]:
    """Each type of value that a template comes by, with the way to it; attributes, items, and what calls give."""
    found: dict[str, Any] = {}
    waiting = [(name, value, 0) for name, value in context.items()]
    while waiting:
        way, value, depth = waiting.pop()
        kind = type(value).__name__
        if isinstance(value, jinja2.Undefined) or depth > 4:
            continue
        waiting += [(f"{way}[{number}]", item, depth + 1) for number, item in enumerate(held(value))]
        if kind in found and not callable(value):
            continue
        found.setdefault(kind, (way, value))
        for name in dir(value):
            got = sandbox.getattr(value, name)
            waiting.append((f"{way}.{name}", got, depth + 1))
        # What belongs to anything else is found all the same, and not called: a path could be renamed.
        ours = isinstance(getattr(value, "__self__", None), (*PLAIN, *OURS, _Run))
        if callable(value) and ours and sandbox.is_safe_callable(value):
            for arguments in ((), ("opened",), (context["facts"](),)):
                try:
                    made = value(*arguments)
                except Exception:
                    continue
                waiting.append((f"{way}{arguments!r:.20}", made, depth + 1))
    return found


def test_a_template_reaches_nothing_but_plain_values(tmp_path: Path) -> None:
    (tmp_path / "note.md.j2").write_text("---\ntitle: Note\nstance: advocacy\n---\n")
    templates = read_templates(tmp_path, "templates", shipped_house())
    facts: Facts = load((BRIEFS / "facts.yaml").read_bytes(), "facts.yaml").facts
    run = _Run(facts, load_audience("note", templates, "en-US"), {}, {"name": "Ann Lee"})
    sandbox, context = Sandbox(run, {}), run.context()
    column = sandbox.getattr(context["recipient"], "name")
    found = reachable(sandbox, {**context, "recipient.name": column})
    assert {"Token", "Tokens", "Row", "Column", "str"} <= found.keys()
    others = {
        kind: way for kind, (way, value) in found.items() if not isinstance(value, (*PLAIN, *OURS, *CALLED))
    }
    assert others == {}


TOO_DEEP = "what stands here is too deep or too long to be read"
ON_THEIR_LINE = {
    "order": (r'{{ "\u202e" }}', "the template prints U+202E"),
    "half a character": (r'{{ "\ud800" }}', "the template prints U+D800"),
    "nothing": (r'{{ "\x00" }}', "the template prints U+0000"),
    "words": ('{{ facts()|map(attribute="id")|join(", ") }}', "rests on no fact"),
    "a figure": ('{{ "9999"|int * 9 }}', '"89991" stands in none'),
    "brackets": (f"{{{{ {'(' * 2_000}1{')' * 2_000} }}}}", TOO_DEEP),
    "words within words": (f"{{{{ {'not ' * 2_000}1 }}}}", TOO_DEEP),
    "signs": (f"{{{{ {'-' * 2_000}1 }}}}", TOO_DEEP),
    "a sum": (f"{{{{ {'1+' * 5_000}1 }}}}", TOO_DEEP),
    "filters": (f"{{{{ 'a'{'|upper' * 5_000} }}}}", TOO_DEEP),
    "loops": ("{% for a in [1] %}" * 30 + "x" + "{% endfor %}" * 30, TOO_DEEP),
    "a macro": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", f"{TOO_DEEP}: "),
    "digits": (f"{{{{ {'9' * 5_000} }}}}", "a number of so many digits cannot be read"),
}


@pytest.mark.parametrize("name", ON_THEIR_LINE)
def test_what_an_expression_prints_or_breaks_on_is_told_on_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shutil.copy(BRIEFS / "facts.yaml", tmp_path)
    (tmp_path / "templates").mkdir()
    line, words = ON_THEIR_LINE[name]
    head = '---\ntitle: Good\nstance: neutral\n---\n## One\n\n{{ fact("opened") }}\n\n'
    (tmp_path / "templates" / "good.md.j2").write_text(f"{head}{line}\n")
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 1
    (told,) = [one for one in capsys.readouterr().out.splitlines() if ": error: " in one]
    assert told.startswith("templates/good.md.j2:9:1: error: ")
    assert words in told
    assert "sys." not in told
    assert "Error" not in told
