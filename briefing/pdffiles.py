"""PDF → the files attached to it, read by a process of its own.

A PDF comes from anywhere. Its streams can unfold to a thousand times their size, and its parts can point at each other
in circles; so whoever reads it has bounds on time and memory, and hands over plain bytes, or a word that says why not.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError
from briefing.limits import OUT_OF_MEMORY, cpu_limit, file_limits, memory_limit

__all__ = ["MOST_BYTES", "attached_files", "is_pdf", "serve"]

MOST_BYTES = 64_000_000
"""Of a PDF. One of 155 pages has 2 MB."""

# What the reader of facts files takes, and more templates than extend one another.
_MOST_BYTES_OF_A_FILE = 8_000_000
_MOST_FILES = 20
_MEMORY = 1024**3
_CPU_SECONDS = 20
_SECONDS = 60
# `-P`: else a file called pypdf.py in the folder where the user stands would be run.
_START = (
    *("-P", "-c"),
    "import sys; sys.path.insert(0, sys.argv[1]); from briefing.pdffiles import serve; serve(sys.argv[2:])",
)
_TOO_MUCH = "takes more time or memory than a PDF may, and was not read"
_WHY = {
    "encrypted": "is encrypted, so that what it carries cannot be read; save a copy without a password",
    "limit": _TOO_MUCH,
    "unreadable": "is no PDF that can be read: it is damaged or cut off",
    "large": f"has an attached file of more than {_MOST_BYTES_OF_A_FILE:,} bytes; no facts file is so large",
    "many": f"has more than {_MOST_FILES} attached files of these names; no brief has",
}


def is_pdf(data: bytes) -> bool:
    """Whether a file says that it is a PDF, if not at once: readers skip what stands before."""
    return b"%PDF-" in data[:1024]


def attached_files(data: bytes, path: str, endings: Sequence[str]) -> Mapping[str, bytes]:
    """The files attached to a PDF whose names end in one of these; UsageError, in words, where they cannot be read.

    `path` is what messages call the PDF.
    """
    root = str(Path(__file__).resolve().parents[1])
    try:
        done = subprocess.run(
            [sys.executable, *_START, root, *endings],
            input=data[: MOST_BYTES + 1],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # it was killed, or had no memory left
        answer = "limit"
    if isinstance(answer, str):
        raise UsageError(Problem(Location(path), Level.ERROR, _WHY[answer], "file"))
    return {name: b64decode(content) for name, content in answer.items()}


# --- in the process of its own ------------------------------------------------------------------------


def serve(endings: Sequence[str]) -> None:
    """Write what is attached to the PDF on standard input, or why that cannot be read, to standard output."""
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _bounded()
    try:
        answer: Mapping[str, str] | str = _read(sys.stdin.buffer.read(), tuple(endings))
        with open(answers, "w", encoding="ascii") as file:
            json.dump(answer, file)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _bounded() -> None:
    memory_limit(_MEMORY)
    with contextlib.suppress(ImportError):  # a system without such limits; the clock is left
        cpu_limit(_CPU_SECONDS)
    file_limits(0)


def _read(data: bytes, endings: tuple[str, ...]) -> Mapping[str, str] | str:
    from pypdf import PdfReader, apply_configuration  # imported here: costs 200 ms, and nobody else needs it
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    found: dict[str, str] = {}
    # The program would be run for an attached file that says it is a fax.
    with apply_configuration(jbig2dec_binary=None):
        try:
            for file in PdfReader(BytesIO(data)).attachment_list:
                if not str(file.name).endswith(endings):
                    continue
                if len(found) == _MOST_FILES:
                    return "many"
                content = file.content
                if len(content) > _MOST_BYTES_OF_A_FILE:
                    return "large"
                found[str(file.name)] = b64encode(content).decode()
        except FileNotDecryptedError:
            return "encrypted"
        except DependencyError:  # for the newer ciphers, or another filter
            return "encrypted" if b"/Encrypt" in data else "unreadable"
        except LimitReachedError:
            return "limit"
        except MemoryError:
            raise
        except Exception:  # of a damaged file any, from KeyError to RecursionError
            return "unreadable"
    return found
