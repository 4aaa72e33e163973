"""The libraries that shape a document's bytes, and their versions: what may differ from machine to machine.

Read without importing any of them: a build that has nothing to typeset does not load WeasyPrint.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
import zlib
from collections.abc import Callable, Mapping

__all__ = [
    "differences",
    "files_of_pdf",
    "missing_for_docx",
    "missing_for_keep",
    "of_docx",
    "of_format",
    "of_markdown",
    "of_pdf",
]

_MARKDOWN = ("babel", "jinja2", "markdown-it-py")
_SYSTEM = (
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
    "libz.so.1",
)
# With the versions that the extra `docx` asks for.
_DOCX = {"python-docx": ">=1.2,<2", "lxml": "", "resvg-py": ">=0.5,<0.6"}
# With the versions that the extra `keep` asks for.
_KEEP = {"trafilatura": ">=2.3,<3", "lxml-html-clean": ">=0.4.2"}
_PDF = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools")


@functools.cache
def of_markdown() -> Mapping[str, str]:
    """What the words of every format are made with."""
    return {name: _installed(name) for name in _MARKDOWN}


@functools.cache
def of_pdf() -> Mapping[str, str]:
    """What a PDF is drawn with, besides."""
    system = {
        "Pango": _said("libpango-1.0.so.0", "pango_version_string"),
        "HarfBuzz": _said("libharfbuzz.so.0", "hb_version_string"),
        "HarfBuzz-Subset": _said("libharfbuzz-subset.so.0", "hb_version_string"),
        "Fontconfig": _number("libfontconfig.so.1", "FcGetVersion"),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    return {name: _installed(name) for name in _PDF} | system


@functools.cache
def of_docx() -> Mapping[str, str]:
    """What a document for Word is put together with, besides."""
    return {name: _installed(name) for name in _DOCX}


def of_format(format: str) -> Mapping[str, str]:
    """What shapes a file of that format, beside what shapes the words of all."""
    return of_pdf() if format == "pdf" else of_docx() if format == "docx" else {}


def missing_for_docx() -> list[str]:
    """The packages of the extra `docx` that are not installed, as pip is told of them."""
    missing = [name for name, version in of_docx().items() if version == "missing"]
    if "python-docx" in missing and "lxml" in missing:  # the one brings the other
        missing.remove("lxml")
    return [name + _DOCX[name] for name in missing]


def missing_for_keep() -> list[str]:
    """The packages of the extra `keep` that are not installed, as pip is told of them."""
    return [name + versions for name, versions in _KEEP.items() if _installed(name) == "missing"]


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """`["Pango 1.50.12, now 1.52.0"]`"""
    names = sorted({*before, *now})
    return [
        f"{name} {before.get(name, 'missing')}, now {now.get(name, 'missing')}"
        for name in names
        if before.get(name) != now.get(name)
    ]


def files_of_pdf() -> list[str]:
    """The system's files that decide which libraries `of_pdf` asks: another is found only when one of these differs.

    They are the files that are loaded, the loader's list, and each place where a library may come to stand before them.
    """
    of_pdf()
    loaded = _loaded()
    named = os.environ.get("LD_LIBRARY_PATH")
    folders = [
        *(os.path.dirname(path) for path in loaded),
        *(named.replace(";", ":").split(":") if named else []),
        *(os.path.join(prefix, "lib") for prefix in (sys.prefix, sys.base_prefix, "/", "/usr", "/usr/local")),
    ]
    places = [os.path.join(folder, name) for folder in folders for name in _SYSTEM]
    return list(dict.fromkeys([*loaded, "/etc/ld.so.cache", *places]))


def _loaded() -> list[str]:
    """The files of these libraries in this process, where the system tells."""
    names = tuple(name.partition(".so")[0] + ".so" for name in _SYSTEM)
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
            paths = {line.rstrip("\n")[line.index("/") :] for line in file if "/" in line}
    except OSError:
        return []
    return sorted(path for path in paths if os.path.basename(path).startswith(names))


def _installed(name: str) -> str:
    return _distributions().get(name, "missing")


@functools.cache
def _distributions() -> Mapping[str, str]:
    """Package → version, by the names of their `.dist-info` folders: to read what is in them takes 70 ms."""
    found: dict[str, str] = {}
    for folder in reversed(sys.path):
        with contextlib.suppress(OSError):
            for entry in os.listdir(folder or "."):
                if entry.endswith(".dist-info"):
                    name, _, number = entry.removesuffix(".dist-info").partition("-")
                    found[name.lower().replace("_", "-")] = number
    return found


def _called(library: str, function: str, result: type) -> object:
    """What a function of a system library says; None where the library is not there (or has another name here)."""
    try:
        asked: Callable[[], object] = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return None
    asked.restype = result  # type: ignore[attr-defined] # a function of ctypes
    return asked()


def _said(library: str, function: str) -> str:
    text = _called(library, function, ctypes.c_char_p)
    return text.decode("ascii", "replace") if isinstance(text, bytes) else "missing"


def _number(library: str, function: str) -> str:
    return str(_called(library, function, ctypes.c_int) or "missing")
