"""The stamp of a build: whether all is still as that build left it, and what it says then.

Read before anything else of the program is imported, so it imports nothing that Python has not loaded to start with:
neither `typing` nor `__future__`. What is not as it was sealed, or is not plain, is left to the build.
"""

import os
import sys
import time

# The public way to it, hashlib, loads OpenSSL: 8 ms where Python starts in 20, more than the whole stamp may take.
try:
    from _blake2 import blake2b
except ImportError:  # another Python
    from hashlib import blake2b

TYPE_CHECKING = False  # type checkers take it for that of `typing`, whose import costs 5 ms
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "Sealed",
    "Watched",
    "can_be_read_again",
    "facts_named",
    "key",
    "program_folders",
    "seal",
    "stamps_folder",
    "told",
    "written",
]

Watched = tuple[str, str]
"""What is looked at: how, one of `_LOOKS`, and its path."""

Sealed = tuple[str, list[Watched]]
"""A seal, and what it is over."""

_FORM = "stamp 1"
_FOLDER = "/"  # where the end of a link would stand
# A file larger than this is read by no build, or by none that is over in no time.
_MOST_BYTES = 1 << 26
# What the loader, fontconfig, Pango and Python read from the environment; a build itself asks it for nothing.
_ENVIRONMENT = ("DYLD_", "FC_", "FONTCONFIG_", "HB_", "LANG", "LC_", "LD_", "PANGO", "PYTHON")


def told(arguments: list[str]) -> tuple[str, str] | None:
    """What the build says on standard error and standard output, when all is as it was; None when it has to look."""
    try:
        facts = facts_named(arguments)
        if facts is None or not _writes_utf_8():
            return None
        name = key(arguments)
        with open(os.path.join(stamps_folder(facts), name), "rb") as file:
            inputs, results, said = _read(name, file.read())
        for before, watched in (inputs, results):
            if seal(watched) != before:
                return None
        return said
    except Exception:  # whatever it is, the build meets it too, and says it in words
        return None


def facts_named(arguments: list[str]) -> str | None:
    """The facts file that a command line names. Read plainly; whoever writes a stamp knows if it was read wrongly."""
    facts = "facts.yaml"
    for place, word in enumerate(arguments):
        if word == "--facts":
            facts = arguments[place + 1]
        elif word.startswith("--facts="):
            facts = word[len("--facts=") :]
    return facts if can_be_read_again(facts) else None


def can_be_read_again(path: str) -> bool:
    """Whether a file that a command line names is there for the next build: standard input is not, nor is `<(…)`."""
    return path != "-" and not path.startswith(("/dev/", "/proc/"))


def stamps_folder(facts: str) -> str:
    return os.path.join(os.path.dirname(facts), ".briefing", "stamps")


def key(arguments: list[str]) -> str:
    """The name of a stamp: of a command line, called in this folder, with this Python, in this environment."""
    surroundings = [
        value for pair in sorted(os.environ.items()) if pair[0].startswith(_ENVIRONMENT) for value in pair
    ]
    python = [sys.version, sys.executable, repr(sys.flags), repr(sys.warnoptions), __file__]
    whole = blake2b(digest_size=16)
    for part in (arguments, [os.getcwd()], python, sys.path, surroundings):
        _add(whole, [os.fsencode(word) for word in part])
    return whole.hexdigest()


def seal(watched: list[Watched]) -> str:
    """One hash over all of it: names and bytes, and no times, but for what belongs to the program and the system."""
    whole = blake2b(digest_size=32)
    for how, path in watched:
        _add(whole, [how.encode(), os.fsencode(path)])
        _add(whole, _LOOKS[how](path))
    return whole.hexdigest()


def written(name: str, inputs: Sealed, results: Sealed, said: tuple[str, str]) -> bytes:
    """A stamp as bytes: a check sum of the rest, two seals and what they are over, and what the build says."""
    lines = [f"{_FORM} {name}"]
    for name, (seal_, watched) in (("inputs", inputs), ("results", results)):
        lines += [f"{name} {seal_} {len(watched)}", *(f"{how} {path}" for how, path in watched)]
        if any("\n" in path for _, path in watched):
            raise ValueError("a path with a line feed")
    lines.append(f"said {len(said[0])} {len(said[1])}")
    rest = ("\n".join(lines) + "\n" + said[0] + said[1]).encode("utf-8", "surrogateescape")
    return _checksum(rest) + b"\n" + rest


def _read(name: str, data: bytes) -> tuple[Sealed, Sealed, tuple[str, str]]:
    checksum, _, rest = data.partition(b"\n")
    if checksum != _checksum(rest):
        raise ValueError("damaged")
    form, _, text = rest.decode("utf-8", "surrogateescape").partition("\n")
    if form != f"{_FORM} {name}":
        raise ValueError("of another form, or of another build")
    inputs, text = _sealed(text)
    results, text = _sealed(text)
    line, _, text = text.partition("\n")
    errors, output = map(int, line.split(" ")[1:])
    if len(text) != errors + output:
        raise ValueError("of another length")
    return inputs, results, (text[:errors], text[errors:])


def _sealed(text: str) -> tuple[Sealed, str]:
    line, _, text = text.partition("\n")
    _, seal_, count = line.split(" ")
    *lines, text = text.split("\n", int(count))
    watched = [(how, path) for how, _, path in (line.partition(" ") for line in lines)]
    return (seal_, watched), text


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).hexdigest().encode()


def _add(whole: blake2b, parts: "Iterable[bytes]") -> None:
    """Each part with its length in front and an end after the last, so that no two lists are alike."""
    for part in parts:
        whole.update(b"%d:" % len(part))
        whole.update(part)
    whole.update(b";")


def _writes_utf_8() -> bool:
    """Whether text leaves as it is: what the command line does with other encodings is its own matter."""
    return all(stream.encoding.lower() == "utf-8" for stream in (sys.stdout, sys.stderr))


# --- what can be looked at ------------------------------------------------------------------------


def _file(path: str) -> list[bytes]:
    try:
        return [b"file", _content(path)]
    except (FileNotFoundError, NotADirectoryError):
        return [b"absent"]


def _tree(path: str) -> "Iterator[bytes]":
    """All files and folders below a folder."""
    return _files(path, _content)


def _program(path: str) -> "Iterator[bytes]":
    """All files of the program. Python, too, goes by their times and sizes; to hash 3 MB would take 5 ms of 20."""
    return _files(path, _shipped, without="__pycache__")


def _texts(path: str) -> "Iterator[bytes]":
    """The texts in a folder; large originals that lie beside them are nobody's input."""
    return _files(path, _content, ".txt", deep=False)


def _names(path: str) -> list[bytes]:
    """The names in a folder: what a killed build left there, and files that no audience makes."""
    return sorted(os.listdir(os.fsencode(path)))


def _distributions(path: str) -> list[bytes]:
    """What is installed in a folder of Python's, as `libraries` reads it."""
    try:
        return sorted(name for name in os.listdir(os.fsencode(path)) if name.endswith(b".dist-info"))
    except OSError:
        return [b"absent"]


def _system(path: str) -> list[bytes]:
    """A file of the system: Pango and its like have 3 MB, too, and come from packages that keep their times."""
    try:
        return [_identity(path)]
    except OSError:
        return [b"absent"]


_LOOKS: "dict[str, Callable[[str], Iterable[bytes]]]" = {
    "file": _file,
    "tree": _tree,
    "program": _program,
    "texts": _texts,
    "names": _names,
    "distributions": _distributions,
    "system": _system,
}


def _files(
    folder: str, look: "Callable[[str], bytes]", suffix: str = "", *, deep: bool = True, without: str = ""
) -> "Iterator[bytes]":
    """Where a folder is, and each file's name and look; of a link its end too, since some lead nowhere that counts."""
    yield os.fsencode(os.path.realpath(folder))
    found: list[tuple[str, str]] = []
    folders = [folder]
    while folders:
        try:
            entries = os.scandir(folders.pop())
        except (FileNotFoundError, NotADirectoryError):
            yield b"absent"
            return
        with entries:
            for entry in entries:
                if deep and entry.is_dir():
                    if entry.is_symlink():  # it may lead in a circle
                        raise ValueError("a folder that is a link")
                    if entry.name != without:
                        folders.append(entry.path)
                        found.append((entry.path, _FOLDER))
                elif entry.name.casefold().endswith(suffix):
                    found.append((entry.path, os.path.realpath(entry.path) if entry.is_symlink() else ""))
    for path, end in sorted(found):
        yield os.fsencode(path[len(folder) :])
        yield os.fsencode(end)
        yield b"" if end == _FOLDER else look(path)


def _shipped(path: str) -> bytes:
    """What the system says of a file, or its bytes where times are whole seconds: those of images may be made up."""
    return _identity(path) if os.stat(path).st_ctime_ns % 1_000_000_000 else _content(path)


def _identity(path: str) -> bytes:
    """What the system says of a file. Nobody can set the time of its last change, ctime, to what it was.

    Clocks of file systems tick every few milliseconds, so a file that has only just changed might change unnoticed.
    """
    found = os.stat(path)
    if found.st_ctime > time.time() - 1:
        raise ValueError("changed just now")
    times = found.st_mtime_ns, found.st_ctime_ns
    return repr((found.st_dev, found.st_ino, found.st_size, *times)).encode()


def _content(path: str) -> bytes:
    """The bytes of a file. ValueError for what is no file, and would wait for somebody to write into it."""
    found = os.stat(path)
    if found.st_mode & 0o170000 != 0o100000 or found.st_size > _MOST_BYTES:
        raise ValueError("no file, or a very large one")
    handle = os.open(path, os.O_RDONLY)
    try:
        data = os.read(handle, found.st_size + 1)
    finally:
        os.close(handle)
    if len(data) != found.st_size:
        raise ValueError("changed while it was read")
    return data


def program_folders() -> list[str]:
    """The package, and the house where it is not inside: in a checkout the version stays while the code changes."""
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "house")
    beside = os.path.join(os.path.dirname(package), "templates", "house")
    return [package, inside if os.path.isdir(inside) else beside]
