"""A part of a brief's body → the line of the template that it came from.

An acceptance in a template covers lines, so a place that is only near would let one finding be accepted for another. A
place is sure where all the words of the part stand there; letters and digits are compared, for what Markdown and Jinja
write around and between them is gone from the body.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

from briefing.audience import TemplateFile
from briefing.errors import Location

__all__ = ["Origin", "Origins", "letters_of"]

_LETTERS = re.compile(r"[^\W_]+")
# Where no place has all the words, one that has so many of the first is near.
_MOST_WORDS = 8
# So many texts of expressions are looked through for each part whose place is not known.
_MOST_PRINTED = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where some words stand in a template, and whether that is sure."""

    at: Location
    sure: bool = True
    _line: Callable[[int], int] | None = None

    def of_letter(self, number: int) -> Location:
        """The place of one of the words' letters and digits, counted from zero."""
        return Location(self.at.path, self._line(number)) if self._line else self.at


class Origins:
    """The places of the parts of one body, which are asked for in the order in which they stand there."""

    def __init__(
        self, own: str, files: Iterable[TemplateFile], printed: Mapping[str, Location] | None = None
    ) -> None:
        self.start = Location(own)
        self.printed = printed or {}
        found = [_File(file.path, file.body) for file in files]
        self.files = sorted(found, key=lambda file: file.path != own)
        self.absent: set[str] = set()

    def of(self, words: str, before: Location | None, after: Location | None) -> Origin:
        """Where words stand; `before` and `after` are places of what stands beside them in their paragraph."""
        letters = letters_of(words)
        if not letters:
            return Origin(before or after or self.start)
        return self._beside(letters, before, after) or self._next(letters) or self._guessed(words)

    def _beside(self, letters: str, before: Location | None, after: Location | None) -> Origin | None:
        """The place of words behind one place, or in front of another, in one paragraph; else that place itself."""
        at = before or after
        if at is None:
            return None
        file = next((file for file in self.files if file.path == at.path), None)
        word = file.beside(letters, at.line, behind=before is not None) if file else None
        return Origin(at) if file is None or word is None else file.origin(word)

    def _next(self, letters: str) -> Origin | None:
        """The next place that has all the words; in a loop, which prints them again and again, one before."""
        if letters in self.absent:
            return None
        for file in self.files:
            word = file.next(letters)
            if word is not None:
                return file.origin(word)
        self.absent.add(letters)
        return None

    def _guessed(self, words: str) -> Origin:
        return Origin(self.near(words) or self._printed(words) or self.start, sure=False)

    def _printed(self, words: str) -> Location | None:
        """Where an expression prints some of the words, which stand in no template as they are read."""
        letters = letters_of(words)
        return next(
            (
                at
                for text, at in islice(self.printed.items(), _MOST_PRINTED)
                if (part := letters_of(text)) and part in letters
            ),
            None,
        )

    def near(self, words: str) -> Location | None:
        """A place that has the first of the words as they are, for somebody who looks for it."""
        for file in self.files:
            line = file.line_of(words.split()[:_MOST_WORDS])
            if line:
                return Location(file.path, line)
        return None


class _File:
    """A template as a row of letters and digits, in which words begin at `starts` and end at `ends`."""

    def __init__(self, path: str, body: str) -> None:
        self.path = path
        self.body = body
        self.cursor = 0

    @cached_property
    def words(self) -> list[tuple[int, str]]:
        return [(found.start(), found[0]) for found in _LETTERS.finditer(_printed(self.body))]

    @cached_property
    def letters(self) -> str:
        return "".join(word for _, word in self.words)

    @cached_property
    def ends(self) -> list[int]:
        return list(accumulate(len(word) for _, word in self.words))

    @cached_property
    def starts(self) -> list[int]:
        return [0, *self.ends[:-1]]

    @cached_property
    def lines(self) -> list[int]:
        """The offsets at which lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self.body))]

    @cached_property
    def gaps(self) -> list[int]:
        """The offsets of the blank lines between paragraphs; Jinja takes off the line break behind a tag or comment."""
        return [found.start() for found in re.finditer(r"(?<![#%]\})\n(?=[ \t]*\n)", self.body)]

    def line(self, offset: int) -> int:
        """The line of an offset in the body."""
        return bisect_right(self.lines, offset)

    def found(self, letters: str, begin: int, end: int) -> Iterator[int]:
        """The numbers of the words, from `begin` to before `end`, at which these letters begin, to end with a word."""
        if begin >= end:
            return
        place, last = self.starts[begin] - 1, self.ends[end - 1]
        while (place := self.letters.find(letters, place + 1, last)) >= 0:
            word = bisect_left(self.starts, place)
            closing = self.ends[bisect_left(self.ends, place + len(letters))]
            if self.starts[word : word + 1] == [place] and closing == place + len(letters):
                yield word

    def origin(self, word: int) -> Origin:
        """The place of what begins with the word of that number."""
        begin = self.starts[word]

        def line(letter: int) -> int:
            return self.line(self.words[bisect_right(self.starts, begin + letter) - 1][0])

        return Origin(Location(self.path, line(0)), True, line)

    def next(self, letters: str) -> int | None:
        """The number of the word with which the next place begins that has the letters."""
        word = next(self.found(letters, self.cursor, len(self.words)), None)
        if word is None:
            word = next(self.found(letters, 0, len(self.words)), None)
        if word is not None:
            self.cursor = self._behind(word, letters)
        return word

    def beside(self, letters: str, line: int, *, behind: bool) -> int | None:
        """The number of the word with which the letters begin in the paragraph of a line.

        The first that do behind the line's head, or the last in front of its end.
        """
        if line > len(self.lines):
            return None
        head, tail = self.lines[line - 1], self.lines[line] if line < len(self.lines) else len(self.body)
        gap = bisect_left(self.gaps, tail - 1)
        if behind:
            first, last = head, self.gaps[gap] if gap < len(self.gaps) else len(self.body)
        else:
            gap = bisect_right(self.gaps, head - 1)
            first, last = self.gaps[gap - 1] if gap else 0, tail
        found = list(self.found(letters, self._word(first), self._word(last)))
        if not found:
            return None
        word = found[0 if behind else -1]
        self.cursor = max(self.cursor, self._behind(word, letters))
        return word

    def _behind(self, word: int, letters: str) -> int:
        return bisect_left(self.starts, self.starts[word] + len(letters))

    def _word(self, offset: int) -> int:
        return bisect_left(self.words, (offset, ""))

    def line_of(self, words: Sequence[str]) -> int:
        """The first line on which these words begin as they are written, or 0."""
        if len(words) < 2:
            offset = self.body.find("".join(words)) if words else -1
        else:
            found = re.search(r"\s+".join(map(re.escape, words)), self.body)
            offset = found.start() if found else -1
        return self.line(offset) if offset >= 0 else 0


def letters_of(text: str) -> str:
    """What is compared of a text."""
    return "".join(_LETTERS.findall(text))


_OPENING = re.compile(r"\{%[-+]?\s*claim\b|\{#|\{%|\{\{(?!\s*[\"'][^\"'{}]*[\"']\s*\}\})|\]\(")
_CLOSING = {"{#": "#}", "{%": "%}", "{{": "}}", "](": ")"}


def _printed(body: str) -> str:
    """The body with spaces for what is no text of a part's own: comments, tags, claims, expressions, addresses."""
    parts: list[str] = []
    unclosed: set[str] = set()
    end = 0
    for found in _OPENING.finditer(body):
        sign = _CLOSING.get(found[0], "endclaim")
        if found.start() < end or sign in unclosed:
            continue
        close = body.find(sign, found.end())
        if close < 0:
            unclosed.add(sign)
            continue
        close += len(sign)
        parts += [body[end : found.start()], re.sub(r"[^\n]", " ", body[found.start() : close])]
        end = close
    return "".join([*parts, body[end:]])
