"""Import WeasyPrint: late, quickly, silently, with the fonts of one folder and no others.

What leans on the inner parts of WeasyPrint 70.0 applies to exactly that version; with any other, the import is the
plain one.
"""

from __future__ import annotations

import contextlib
import functools
import html
import importlib
import importlib.util
import io
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from briefing.errors import BriefingError, Level, Location, Problem, SystemLibraryMissing

__all__ = ["check_fonts", "environment", "imported", "only_fonts", "pango_command"]


def check_fonts(fonts: Path) -> None:
    """Pango does not raise: it crashes the process when it finds no font, or one that is packed as WOFF."""
    names = sorted(path.name.lower() for path in fonts.glob("*")) if fonts.is_dir() else []
    packed = [name for name in names if name.endswith((".woff", ".woff2"))]
    if packed:
        message = f"{packed[0]} cannot be used in a PDF; put OTF or TTF files into this folder"
    elif not any(name.endswith((".otf", ".ttf")) for name in names):
        message = "holds no fonts; put OTF or TTF files into this folder"
    else:
        return
    raise BriefingError(Problem(Location(fonts.name), Level.ERROR, message, "typeset-fonts"))


@contextlib.contextmanager
def only_fonts(fonts: Path) -> Iterator[None]:
    """Let fontconfig load these fonts and no others, so that none of the system gets into a brief.

    It complains on stderr where it has no cache folder to write to, so it gets one. Once loaded, neither the
    configuration nor the cache is needed: a worker that is killed leaves nothing behind.
    """
    with tempfile.TemporaryDirectory(prefix="briefing-fonts-") as folder:
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(
            '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>'
            f"<dir>{html.escape(str(fonts.resolve()))}</dir><cachedir>{html.escape(folder)}</cachedir></fontconfig>\n",
            "utf-8",
        )
        with environment("FONTCONFIG_FILE", str(configuration)):
            yield


@contextlib.contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def imported() -> Any:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), _quick_import():
            warnings.simplefilter("ignore")  # that HarfBuzz-Subset is missing is known as `has_subsetter`
            import weasyprint

            if _is_tried():
                _break_lines_before_their_last_word()
    except OSError as error:
        raise SystemLibraryMissing(
            Problem(Location("PDF"), Level.ERROR, _how_to_install(error), "system-pango")
        ) from None
    return weasyprint


def _how_to_install(error: OSError) -> str:
    library = re.search(r"'([^']+)'", str(error))
    named = f" ({library[1]} cannot be loaded)" if library else ""
    return f"PDF needs the system library Pango{named}; run: {pango_command()}"


def pango_command() -> str:
    """What installs Pango on this system, and HarfBuzz-Subset with it."""
    if sys.platform == "darwin":
        return "brew install pango"
    if shutil.which("dnf"):
        return "dnf install pango harfbuzz"
    return "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@functools.cache
def _is_tried() -> bool:
    """Whether this is the WeasyPrint whose inner parts the functions below were tried with."""
    found = importlib.util.find_spec("weasyprint")
    return (
        found is not None
        and Path(str(found.origin)).parents[1].joinpath("weasyprint-70.0.dist-info").is_dir()
    )


@functools.cache
def _break_lines_before_their_last_word() -> None:
    """Repair a line that WeasyPrint ends after its first word, though many more would fit.

    It happens to a run of text that fits into the line, but for the space it ends with, when what follows (a
    citation) does not fit either: Pango lets the space hang over the edge, WeasyPrint does not, and takes the
    run for a single word too long for the line. With less room than the space takes, Pango breaks the line.
    """
    from weasyprint.layout import inline

    split = inline.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, width: Any, *rest: Any, **options: Any
    ) -> tuple[Any, ...]:
        line: tuple[Any, ...] = split(text, style, context, width, *rest, **options)
        hanging = len(text) - len(text.rstrip(" \u00a0\u202f"))
        if hanging and width is not None and line[_RESUME_AT] is not None:
            room = width - hanging * 0.4 * style["font_size"]
            if room > line[_WIDTH]:
                again: tuple[Any, ...] = split(text, style, context, room, *rest, **options)
                return max(line, again, key=lambda result: result[_LENGTH])
        return line

    inline.split_first_line = split_first_line


_LENGTH, _RESUME_AT, _WIDTH = 1, 2, 3  # of what `split_first_line` gives


@contextlib.contextmanager
def _quick_import() -> Iterator[None]:
    """Import in a third of the time, where that was tried."""
    if not _is_tried() or sys.platform != "linux":
        yield
        return
    with _no_library_search(), _later("fontTools.subset"), _later("fontTools.varLib.instancer"):
        yield


@contextlib.contextmanager
def _no_library_search() -> Iterator[None]:
    """Keep cffi from starting gcc and ld 22 times, to find libraries under their names on other systems.

    The loader finds them by itself under the names they have on Linux (`libpango-1.0.so.0`).
    """
    import ctypes.util

    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


@contextlib.contextmanager
def _later(name: str) -> Iterator[None]:
    """Let what is imported from a module now be a function that imports the module when it is called.

    Both parts of fontTools take 100 ms to import and are not called for plain OTF where HarfBuzz cuts the fonts.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = _Later(name)
    try:
        yield
    finally:
        del sys.modules[name]


class _Later(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), attribute)(*arguments, **options)

        return call
