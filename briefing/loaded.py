"""A list of loaded words (YAML) and a text → the words of the list that stand in the text, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from briefing.errors import Level, Problem, did_you_mean
from briefing.prose import folded, without_quotations
from briefing.yamltree import Mapping, Node, Scalar, Sequence, Tree, parse

__all__ = ["FILE", "LoadedWord", "loaded_in", "read_loaded_words"]

FILE = "loaded-words.yaml"
# What a project writes instead of a reason to take a word off the shipped list.
_ALLOWED = "allowed"
_KEYS = ("because", "instead", "also", "except")
# The words of a list are looked for all at once; so many take a text of 100,000 characters a second.
_MOST_FORMS = 2000
_MOST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class LoadedWord:
    """A word or phrase that takes a side: why, what to write instead (or nothing), and where it does not count.

    `also` are its other forms, `exceptions` the phrases in which one of them is a term of art; their plurals count too.
    """

    word: str
    because: str
    instead: str = ""
    also: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.word, *self.also)

    @property
    def advice(self) -> str:
        """Why it is on the list, and what to write: `says that a government is illegitimate; write “government”`"""
        return f"{self.because}; write “{self.instead}”" if self.instead else self.because


# --- finding -------------------------------------------------------------------------------------------------


def loaded_in(text: str, words: tuple[LoadedWord, ...]) -> Iterator[tuple[str, LoadedWord, int]]:
    """Each loaded word of a text, as it stands there, with its offset; not what stands in double quotation marks."""
    pattern, by_form = _compiled(words)
    for found in pattern.finditer(without_quotations(text)):
        word = by_form.get(_key(found[0]))
        if word:
            yield " ".join(found[0].split()), word, found.start()


@lru_cache(maxsize=4)
def _compiled(words: tuple[LoadedWord, ...]) -> tuple[re.Pattern[str], dict[str, LoadedWord]]:
    """One pattern for all forms and exceptions, and what each form is a form of; an exception is a form of nothing."""
    by_form = {_key(form): word for word in words for form in word.forms}
    exceptions = {_key(phrase) for word in words for phrase in word.exceptions} - by_form.keys()
    patterns = {form: _pattern(form) for form in by_form} | {
        phrase: rf"{_pattern(phrase)}(?:e?s)?" for phrase in exceptions
    }
    # The longest first, so that "sanctions regime" is taken whole.
    choice = "|".join(patterns[form] for form in sorted(patterns, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<!\w)(?=\w)(?:{choice or '(?!)'})(?!\w)", re.IGNORECASE), by_form


def _pattern(form: str) -> str:
    """A form with any white space between its words, and apostrophes and hyphens of any kind."""
    escaped = r"\s+".join(map(re.escape, form.split(" ")))
    return escaped.replace("'", "['’]").replace(r"\-", "[-‐‑–]")


def _key(form: str) -> str:
    """What is the same word: case aside, and what the comparison of quotations folds."""
    return folded(form).casefold()


# --- reading -------------------------------------------------------------------------------------------------


def read_loaded_words(
    text: str | bytes, path: str, to: tuple[LoadedWord, ...] = ()
) -> tuple[tuple[LoadedWord, ...], tuple[Problem, ...]]:
    """The words of a list, in its order, behind those of the list `to` that it adds to; and what is wrong with it.

    An entry replaces one of `to` for the same word; `word: allowed` takes one, or one of its forms, off. What is faulty
    is reported and left out. Never raises.
    """
    reader = _Reader(parse(text, path), to)
    words = reader.words()
    return words, tuple(sorted((*reader.tree.problems, *reader.problems), key=Problem.sort_key))


class _Reader:
    def __init__(self, tree: Tree, to: tuple[LoadedWord, ...]) -> None:
        self.tree = tree
        self.base = to
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def words(self) -> tuple[LoadedWord, ...]:
        root = self.tree.root
        if root is None:
            return self.base
        if not isinstance(root, Mapping):
            self.report(
                root, "must hold words and why each is loaded, such as boondoggle: says that money is wasted"
            )
            return self.base
        own: list[LoadedWord] = []
        for key, value in root.entries:
            if not self.is_form(key):
                continue
            if isinstance(value, Scalar) and value.value == _ALLOWED:
                self.allow(key)
            else:
                own += self.entry(key, value)
        taken = [form for word in own for form in word.forms]
        return self.bounded((*_without(self.base, taken), *own))

    def bounded(self, words: tuple[LoadedWord, ...]) -> tuple[LoadedWord, ...]:
        if sum(len(word.forms) + len(word.exceptions) for word in words) <= _MOST_FORMS:
            return words
        assert self.tree.root
        self.report(
            self.tree.root, f"holds more than {_MOST_FORMS:,} words, forms and exceptions; shorten the list"
        )
        return self.base

    def allow(self, key: Scalar) -> None:
        """Take a word off the list that this one adds to."""
        kept = _without(self.base, [key.value])
        if kept == self.base:
            known = [form for word in self.base for form in word.forms]
            self.report(
                key, f'"{key.value}" is on no list that could allow it{did_you_mean(key.value, known)}'
            )
        self.base = kept

    def entry(self, key: Scalar, value: Node) -> Iterator[LoadedWord]:
        """The word that one entry of the list is about, or nothing where its reason is missing."""
        if isinstance(value, Scalar):
            name = Scalar("because", key.line, key.column, key.end_line, "")
            value = Mapping({name.value: (name, value)}, value.line, value.column, False)
        if not isinstance(value, Mapping):
            self.report(value, f"{key.value} must hold a reason, or because: with the reason")
            return
        for name, _ in value.entries:
            if name.value not in _KEYS:
                hint = did_you_mean(name.value, _KEYS)
                self.report(name, f'unknown key "{name.value[:80]}"{hint}', "schema-unknown-key")
        because = self.text(value, "because")
        if "because" not in value.by_key:
            self.report(key, f'"{key.value}" has no "because", which it must have', "schema-missing-key")
        instead, also = self.text(value, "instead"), self.list(value, "also")
        word = LoadedWord(key.value, because, instead, also)
        word = replace(word, exceptions=self.exceptions(value, word))
        if because and self.is_new(key, word):
            yield word

    def text(self, entry: Mapping, key: str) -> str:
        node = entry.get(key)
        if node is None:
            return ""
        if isinstance(node, Scalar) and node.value.strip():
            return " ".join(node.value.split())
        self.report(
            node,
            f"{key} must be text; say why the word is loaded" if key == "because" else f"{key} must be text",
        )
        return ""

    def list(self, entry: Mapping, key: str) -> tuple[str, ...]:
        node = entry.get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            example = f": write {key}: [{node.value[:60]}]" if isinstance(node, Scalar) and node.value else ""
            self.report(node, f"{key} must be a list{example}")
            return ()
        return tuple(item.value for item in node.items if self.is_form(item) and isinstance(item, Scalar))

    def exceptions(self, entry: Mapping, word: LoadedWord) -> tuple[str, ...]:
        kept = []
        for phrase in self.list(entry, "except"):
            if any(re.search(rf"(?<!\w){re.escape(_key(form))}(?!\w)", _key(phrase)) for form in word.forms):
                kept.append(phrase)
            else:
                node = entry.get("except")
                assert node
                self.report(
                    node, f'"{phrase}" does not hold "{word.word}" or a form of it, so it can be no exception'
                )
        return tuple(kept)

    def is_form(self, node: Node) -> bool:
        """Whether it is a word or phrase; reports what is not."""
        if not isinstance(node, Scalar):
            self.report(node, "must be a word or phrase")
        elif len(node.value) > _MOST_CHARACTERS:
            self.report(node, f"a word or phrase has {_MOST_CHARACTERS} characters at most")
        elif not re.fullmatch(r"\w(?:.*\w)?", folded(node.value)):
            self.report(node, f'"{node.value}" must begin and end with a letter or digit')
        else:
            return True
        return False

    def is_new(self, key: Scalar, word: LoadedWord) -> bool:
        """Whether no entry before has one of the forms; reports the first that one has."""
        for form in map(_key, word.forms):
            if form in self.lines:
                self.report(key, f'"{form}" is on the list already, on line {self.lines[form]}')
                return False
        self.lines.update(dict.fromkeys(map(_key, word.forms), key.line))
        return True

    def report(self, node: Node, message: str, rule: str = "schema-value") -> None:
        self.problems.append(Problem(self.tree.location(node), Level.ERROR, message, rule))


def _without(words: tuple[LoadedWord, ...], forms: Iterable[str]) -> tuple[LoadedWord, ...]:
    """The words without those named, and without the other forms named."""
    off = set(map(_key, forms))
    return tuple(
        replace(word, also=tuple(form for form in word.also if _key(form) not in off))
        for word in words
        if _key(word.word) not in off
    )
