"""Templates that would not end, or would take all memory, are stopped and named."""

from __future__ import annotations

import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import jinja2.debug
import pypdfium2
import pytest
from markdown_it import MarkdownIt

from briefing import brief, selection
from briefing.cli import run
from briefing.limits import TimeLimit, processor_time_limit, time_limit

BRIEFS = Path(__file__).parent / "briefs"
FRONT = "---\ntitle: Case\nstance: advocacy\n---\n"
LOOPS = "".join(f"{{% for {name} in facts() %}}" for name in "abcdefgh")
HANG = FRONT + LOOPS + "{% if a.id == 1 %}{% endif %}" + "{% endfor %}" * 8
FLOOD = FRONT + LOOPS + "{{ a }}" + "{% endfor %}" * 8
GROWING = (
    FRONT + '{% set start %}{{ fact("opened") }}{% endset %}{% set ns = namespace(x=start) %}'
    "{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"
)
LONG = FRONT + "{% set text = '" + "a" * 2**16 + "' %}"
BOMBS = {
    "printed": GROWING,
    "joined": LONG + "{{ text|list|join(text) }}",
    "replaced": LONG + "{{ text|replace('a', text) }}",
    "sorted": LONG + "{{ text|list|map('replace', 'a', text)|sort }}",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "facts.yaml").write_bytes((BRIEFS / "facts.yaml").read_bytes())
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "good.md.j2").write_text(FRONT + '{{ fact("opened") }}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ends() -> Iterator[None]:
    """A test ends, even where nothing stops a template; by a clock that the program has no use for."""

    def stop(number: int, frame: FrameType | None) -> None:
        pytest.fail("nothing stopped it")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 8)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def between_lines(trace: object) -> BaseException:
    """As Jinja fails where code was stopped at a place that has no line; one run in dozens met that."""
    raise TypeError("'<=' not supported between instances of 'int' and 'NoneType'")


@pytest.mark.parametrize("unlucky", [False, True])
def test_a_template_that_does_not_end_is_stopped_and_the_others_are_built(
    unlucky: bool,
    project: Path,
    ends: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(selection, "SELECT_SECONDS", 1)
    if unlucky:
        monkeypatch.setattr(jinja2.debug, "rewrite_traceback_stack", between_lines)
    (project / "templates" / "case.md.j2").write_text(HANG)
    assert run(["build", "--format", "md"]) == 1
    err = capsys.readouterr().err
    said = "error: took more than 1 seconds of processor time and was stopped [template-error]"
    assert f"templates/case.md.j2:5:1: {said}" in err
    assert [path.name for path in (project / "out").iterdir()] == ["good.md"]


def test_a_template_that_prints_without_end_is_stopped(
    project: Path, ends: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "templates" / "case.md.j2").write_text(FLOOD)
    assert run(["build", "--format", "md"]) == 1
    assert "more than 100,000 facts, claims or texts are printed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "body",
    [
        '{% for i in range(9999) %}{{ fact("opened") }} {% endfor %}',
        '"a' * 100_000,
        "{#accept " * 60_000,
        "{% raw %}" + "{#accept " * 60_000 + "{% endraw %}",
    ],
)
def test_what_is_long_takes_no_longer_than_it_is_long(project: Path, body: str) -> None:
    (project / "templates" / "case.md.j2").write_text(FRONT + body)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    run(["check"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - used < 15  # these took 27 seconds to minutes


def test_a_limit_that_was_swallowed_comes_again() -> None:
    def swallows_one() -> None:
        try:
            time.sleep(1)
        except TimeLimit:
            time.sleep(5)

    with pytest.raises(TimeLimit), time_limit(0.05):
        swallows_one()


def test_memory_that_runs_out_behind_the_template_fails_the_brief_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*arguments: object) -> None:
        raise MemoryError

    (project / "templates" / "case.md.j2").write_text(FRONT + '{% claim "opened" %}Opened.{% endclaim %}')
    monkeypatch.setattr(brief, "read_inline", full)  # which only a claim asks for
    assert run(["build", "--format", "md"]) == 1
    said = "templates/case.md.j2:1:1: error: the brief takes more memory than one may [template-memory]"
    assert said in capsys.readouterr().err
    assert (project / "out" / "good.md").exists()


@pytest.mark.extra("docx")
@pytest.mark.parametrize("preset", ["commonmark", "js-default", "gfm-like"])
@pytest.mark.parametrize("deep", ["- " * 8, "> " * 16, "> - " * 5 + "> "])
def test_what_is_nested_as_deep_as_it_may_be_is_seen_by_every_reader(
    deep: str, preset: str, project: Path
) -> None:
    """markdown-it drops text below level 20, without a word."""
    (project / "templates" / "case.md.j2").write_text(FRONT + deep + '{{ fact("opened") }}')
    assert run(["build", "case", "-q", "--format", "md,html,txt,docx,pdf"]) == 0
    text = (project / "out" / "case.md").read_text("utf-8").partition("## Sources")[0]
    pages = pypdfium2.PdfDocument((project / "out" / "case.pdf").read_bytes())
    for seen in (
        MarkdownIt(preset, {"linkify": False}).render(text),
        (project / "out" / "case.txt").read_text("utf-8").partition("SOURCES")[0],
        pages[0].get_textpage().get_text_range().partition("Sources")[0],
    ):
        assert "Thebridgeopened" in "".join(seen.split())  # letter below letter, where there is no more room


def most_memory(*, anew: bool = False) -> int:
    """The most bytes that this process had; `anew`: from now on."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    (most,) = re.findall(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(most) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded while selecting where /proc tells it")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_template_that_takes_all_memory_fails_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bomb: str
) -> None:
    monkeypatch.setattr(selection, "SELECT_MEMORY", 2**27)  # an eighth of what a build allows itself
    (project / "templates" / "case.md.j2").write_text(bomb)
    before = resource.getrlimit(resource.RLIMIT_AS)
    taken = most_memory(anew=True)
    assert run(["build", "--format", "md"]) == 1
    assert most_memory() - taken < 2**28
    assert "templates/case.md.j2:5:1: error: takes more memory than a brief may" in capsys.readouterr().err
    assert (project / "out" / "good.md").exists()
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_long_chain_of_templates_is_refused_before_it_is_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is parsed once for each that extends it: a chain of 400 took minutes."""
    for number in range(400):
        text = f'{{% extends "case{number + 1}.md.j2" %}}' if number < 399 else FRONT
        (project / "templates" / f"case{number}.md.j2").write_text(text)
    assert run(["build", "case0", "--format", "md"]) == 1
    assert (
        "templates/case0.md.j2:1:1: error: extends another that extends another, more than 10 deep"
        in capsys.readouterr().err
    )


def test_the_limit_is_lifted_afterwards() -> None:
    with pytest.raises(TimeLimit, match="took more than"), time_limit(0.05):
        time.sleep(1)
    with time_limit(0.05):
        pass
    time.sleep(0.1)


def test_waiting_is_no_processor_time() -> None:
    def compute() -> None:
        while True:
            pass

    with processor_time_limit(0.2):
        time.sleep(0.5)
    with pytest.raises(TimeLimit, match="of processor time"), processor_time_limit(0.05):
        compute()
