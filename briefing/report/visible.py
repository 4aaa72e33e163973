"""Any text → text that is safe on a line of a terminal or a CI log: nothing hidden, no line breaks, no commands."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["visible"]

# Without a glyph, though no category C: the grapheme joiner, the Hangul fillers, two Khmer vowels. Variation
# selectors stay, as in briefing/textguard.py: emoji need them.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")

# What a CI log acts on. GitHub's runner takes a line that begins with `::`, after white space, and the older
# `##[command]` anywhere in it (actions/runner, ActionCommand.cs: TryParseV2, TryParse); Azure Pipelines `##vso[`,
# TeamCity `##teamcity[`. GitLab's section markers need an escape character, which no text keeps here.
_LINE_COMMAND = re.compile(r"^(\s*):(?=:)")
_INLINE_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """Text with what a terminal or a CI log would act on, or a reader not see, as `\\u{…}`; one line stays one line."""
    plain = text if text.isprintable() else "".join(map(_shown, text))
    plain = _UNSEEN.sub(lambda match: _code(match[0]), plain)
    plain = _LINE_COMMAND.sub(lambda match: match[1] + _code(":"), plain)
    return _INLINE_COMMAND.sub(lambda match: "#" + _code("#"), plain)


def _shown(character: str) -> str:
    if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
        return _code(character)
    return character


def _code(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"
