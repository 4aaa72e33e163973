"""What a result depends on: processor, cores, Python, libraries. No names of hosts, users or folders."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import re
from pathlib import Path

import yaml

__all__ = ["described"]

_PACKAGES = "weasyprint Jinja2 markdown-it-py PyYAML pydantic typer fonttools cffi typst".split()


def described() -> dict[str, str]:
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "system": f"{platform.system()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": ", ".join(filter(None, map(_package, _PACKAGES))),
        "LibYAML": "used by PyYAML" if yaml.__with_libyaml__ else "missing",
        "Pango": _library("libpango-1.0.so.0", "pango_version_string"),
        "HarfBuzz": _library("libharfbuzz.so.0", "hb_version_string"),
        "HarfBuzz subset": "there" if _loads("libharfbuzz-subset.so.0") else "missing",
    }


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "not known"


def _package(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def _library(file: str, function: str) -> str:
    try:
        version = getattr(ctypes.CDLL(file), function)
    except (OSError, AttributeError):
        return "not found"
    version.restype = ctypes.c_char_p
    return str(version().decode())


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True
