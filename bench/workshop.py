"""Projects made when a row asks for them, and the programs that are run in them."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import projects, rawinputs, typstinputs
from bench.measure import Contender, Failed
from briefing.house import shipped_house

__all__ = ["ROOT", "Sizes", "Workshop", "has_typst"]

ROOT = Path(__file__).resolve().parent.parent
_BENCH = ROOT / "bench"


class Sizes:
    """How much is measured: what the targets are set for, or less of it for a quick look."""

    def __init__(self, quick: bool) -> None:
        self.rounds = 3 if quick else 9
        self.starts = 9 if quick else 31  # of what takes milliseconds
        self.long_rounds = 1  # of what takes minutes
        self.memos = 24 if quick else 500
        self.facts = 500 if quick else 5_000
        self.few_facts = 100 if quick else 1_000


class Workshop:
    """A folder for all that the benchmark makes; it can be removed afterwards."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder = folder
        self.sizes = sizes

    # ---- Projects

    @functools.cached_property
    def three(self) -> Path:
        return self._made("three", projects.three_briefs)

    @functools.cached_property
    def mailing(self) -> Path:
        return self._made("mailing", lambda folder: projects.mailing(folder, self.sizes.memos))

    @functools.cached_property
    def quarter_mailing(self) -> Path:
        return self._made("quarter", lambda folder: projects.mailing(folder, self.sizes.memos // 4))

    @functools.cache  # noqa: B019 # there is one workshop, and it lasts as long as the program
    def long(self, facts: int) -> Path:
        return self._made(f"long-{facts}", lambda folder: projects.long_brief(folder, facts))

    # ---- Their counterparts

    @functools.cached_property
    def raw_mailing(self) -> Path:
        """The memo's text is asked for one recipient, as a brief of its own."""
        one = self._made("one-memo", projects.without_recipient)
        return self._raw(one, self.mailing)

    @functools.cache  # noqa: B019 # the one workshop lasts as long as the program
    def raw(self, project: Path) -> Path:
        return self._raw(project, project)

    @functools.cached_property
    def typst(self) -> Path:
        folder = self.folder / "typst"
        typstinputs.prepare(self._html(self.three), folder)
        return folder

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        make(self.folder / name)
        return self.folder / name

    def _raw(self, printed: Path, project: Path) -> Path:
        folder = self.folder / f"raw-{project.name}"
        rawinputs.prepare(self._html(printed), project, shipped_house(), folder)
        return folder

    def _html(self, project: Path) -> Path:
        """The briefs as HTML, in a folder of their own, so that the project is as if nothing had been built."""
        html = self.folder / f"html-{project.name}"
        if not html.exists():
            run(briefing("build", "-q", "--format", "html", "--out", str(html)), project)
            shutil.rmtree(project / ".briefing", ignore_errors=True)
        return html

    # ---- Programs

    def tool(self, project: Path, *arguments: str, cold: bool = False) -> Contender:
        command = briefing("build", "-q", *arguments)
        return Contender(command, project, functools.partial(forget, project) if cold else lambda: None)

    def raw_stack(self, raw: Path, *options: str) -> Contender:
        command = [sys.executable, str(_BENCH / "raw.py"), ".", *options]
        fonts = {"FONTCONFIG_FILE": str(raw / "fonts.conf")}
        return Contender(command, raw, functools.partial(forget, raw), fonts)

    def typst_briefs(self) -> Contender:
        command = [sys.executable, str(_BENCH / "peer.py"), ".", str(shipped_house() / "fonts")]
        return Contender(command, self.typst, functools.partial(forget, self.typst))

    def python(self) -> Contender:
        return Contender([sys.executable, "-c", "pass"], self.folder)

    def loading(self, how: str, project: Path) -> Contender:
        command = [sys.executable, "-m", "bench.loading", how, str(project / "facts.yaml")]
        return Contender(command, ROOT, prints_seconds=True)

    @functools.cached_property
    def options(self) -> str:
        """The help of `briefing build`: what this version can be asked for."""
        return run(briefing("build", "--help"), self.folder)


def briefing(*arguments: str) -> list[str]:
    # What users start; `python -m` pays for finding the module, which is a third of a build with nothing to do.
    return [str(Path(sys.executable).with_name("briefing")), *arguments]


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise Failed(f"{' '.join(command[1:])} ended with {done.returncode}: {''.join(last)}")
    return done.stdout


def forget(project: Path) -> None:
    """Remove all that a build left: the next one is cold."""
    for name in ("out", ".briefing"):
        shutil.rmtree(project / name, ignore_errors=True)


def has_typst() -> bool:
    return importlib.util.find_spec("typst") is not None
