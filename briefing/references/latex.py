"""LaTeX of a bibliography's field → the text that a reader sees, and back."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any, Final

__all__ = ["as_latex", "plain_text", "verbatim"]

# Of one field; longer ones are abstracts, which nobody asks for.
_LONGEST: Final = 20_000
# Deeper than any title; pylatexenc needs seven frames of Python for each level.
_DEEPEST: Final = 30
_QUOTING: Final = re.compile(r"\\(?:enquote\*?|mkbibquote)\s*\{([^{}]*)\}")
_ENVIRONMENT: Final = re.compile(r"\\(?:begin|end)\b")
_UNESCAPED: Final = re.compile(r"(?<!\\)((?:\\\\)*)([%~])")
_DOLLARS: Final = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_LONE_DOLLAR: Final = re.compile(r"(?<!\\)\$")
_IS_FORMULA: Final = re.compile(r"[\\^_{}=<>]|^[A-Za-z0-9]{1,3}$")
# What pylatexenc has other words for, or none.
_NAMES: Final = re.compile(r"\\((?:Xe|Lua|pdf)?(?:La)?TeX|BibTeX)(?![A-Za-z])(?:\{\}|\s*)")
_OURS: Final = {r"\textasciicircum": "^", r"\textasciitilde": "~"}

logging.getLogger("pylatexenc").addHandler(logging.NullHandler())


def plain_text(latex: str) -> str | None:
    """What a reader sees; None where it is no LaTeX that can be read.

    No macro is run: those that are not known are left out, what they stand before is kept. `%` is a letter here, as it
    is for BibTeX, and a dollar sign before an amount is one, too.
    """
    if not re.search(r"[\\{}$~%`'\-^]", latex):
        return latex
    if len(latex) > _LONGEST or _depth(latex) > _DEEPEST or _ENVIRONMENT.search(latex):
        return None
    latex = _NAMES.sub(lambda found: found[1] + ("" if found[0].endswith("}") else " "), latex)
    latex = _QUOTING.sub(r"“\1”", latex)
    latex = _UNESCAPED.sub(lambda found: found[1] + ("\\%" if found[2] == "%" else "\u00a0"), latex)
    latex = _DOLLARS.sub(
        lambda found: found[0] if _IS_FORMULA.search(found[1]) else f"\\${found[1]}\\$", latex
    )
    if len(_LONE_DOLLAR.findall(latex)) % 2:
        latex = _LONE_DOLLAR.sub(r"\\$", latex)
    try:
        text: str = _decoder().latex_to_text(latex)
    except (Exception, RecursionError):  # of whatever kind: it is a guess at what no LaTeX ran
        return None
    return text


def _depth(latex: str) -> int:
    """How deep groups, and macros that take what follows them, are nested at most."""
    depth = deepest = run = longest = 0
    for found in re.finditer(r"\\(?:[A-Za-z]+|.)|[{}]|\s+|[^\\{}\s]+", latex, re.DOTALL):
        sign = found[0]
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        run = (
            run + 1
            if sign.startswith("\\") and sign[1:2] not in "{}%&$#_ "
            else 0
            if sign.strip("{")
            else run
        )
        deepest, longest = max(deepest, depth), max(longest, run)
    return max(deepest, longest)


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    known = get_default_latex_context_db()
    ours = [MacroTextSpec(name.removeprefix("\\"), simplify_repl=sign) for name, sign in _OURS.items()]
    # None of these reads a file, and \url stands for its address, without brackets around it.
    ours += [
        MacroTextSpec(name, simplify_repl="")
        for name in ("input", "include", "includegraphics", "verbatiminput")
    ]
    ours.append(MacroTextSpec("url", simplify_repl="%s"))
    known.add_context_category("briefing", prepend=True, macros=ours)
    return LatexNodes2Text(latex_context=known, keep_braced_groups=False, math_mode="text")


def verbatim(latex: str) -> str:
    """An address or a number, where LaTeX has no say but people escape it all the same."""
    found = re.search(r"\\url\s*\{([^{}]*)\}", latex)
    text = found[1] if found else latex.strip()
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    text = re.sub(r"\\(?:textasciitilde|sim)(?:\{\}|\s)?", "~", text)
    return re.sub(r"\\([_%&#~${}])(?:\{\})?", r"\1", text)


_SIGNS: Final = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "\u00a0": "~",
    **{sign: f"\\{sign}" for sign in "{}%&#$_"},
}
# Pairs that LaTeX sets as one sign.
_LIGATURES: Final = re.compile(
    r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[?!])(?=`)|(?<=[<>])(?=[<>])|(?<=,)(?=,)"
)


def as_latex(text: str) -> str:
    """The text so that LaTeX shows it as it is; letters of every script stay as they are."""
    parted = _LIGATURES.sub("\0", text)
    return "".join(_SIGNS.get(sign, sign) for sign in parted).replace("\0", "{}")
