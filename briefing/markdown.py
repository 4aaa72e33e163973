"""Text as Markdown that reads as the same text: what Markdown would take for markup is escaped, and nothing else.

Not escaped is what a forge links in any text: addresses, @name, #12. The words stay as they are, and it looks for most
of these after Markdown has taken the backslashes away; only HTML within the words would keep it from that.
"""

from __future__ import annotations

import re

__all__ = ["GLUE", "escaped", "filled", "guarded"]

# A space at which no line is broken, until the lines are filled: a noncharacter, which no input can hold.
GLUE = "\ufdd2"

# Where a character can act within a line. `_` between letters or digits, a lone `&`, and the closing bracket of a
# pair whose opening one is escaped, are text in CommonMark and GFM alike.
_INLINE = re.compile(
    r"[\\`*\[~|]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|:(?=[A-Za-z0-9_+-]+:)"  # :smile: on a forge
)
# What begins a block when it stands at the head of a line.
_END = rf"(?=[\s{GLUE}]|$)"
_HEAD = re.compile(
    rf"(?:#{{1,6}}{_END}|>|[-+]{_END}|(?P<number>\d{{1,9}})[.)]{_END}|=+\s*$|-{{2,}}\s*$|:?-+:?{_END})"
)


def escaped(text: str, *, brackets: bool = False) -> str:
    """The text for the middle of a line. `brackets`: both are escaped, as a link's text needs it."""
    text = _INLINE.sub(r"\\\g<0>", text)
    return text.replace("]", "\\]") if brackets else text


def guarded(line: str) -> str:
    """A line whose beginning cannot be taken for the beginning of a list, heading or rule."""
    found = _HEAD.match(line)
    if not found:
        return line
    if found["number"]:
        end = found.end("number")
        return f"{line[:end]}\\{line[end:]}"
    return "\\" + line


def filled(text: str, width: int, first: str = "", rest: str = "") -> str:
    """One paragraph, wrapped at spaces; a line break ("\\n") in the text stays one."""
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrapped(part.strip(" "), width, len(rest))
    lines = [guarded(line) for line in lines] or [""]
    return "\n".join(
        (first if not number else rest) + line.replace(GLUE, " ") for number, line in enumerate(lines)
    )


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in re.split(" +", text):
        # A word that would act at the head of a line stays on the line before it.
        if current and len(current) + 1 + len(word) > width - indent and not _HEAD.match(word + " "):
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return [*lines, current] if current else lines
