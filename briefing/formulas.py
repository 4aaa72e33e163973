"""The text of a formula, such as `(aid.amount - grant.amount) / 4` → its parts and the order of its steps.

Read by a parser of its own: to one of Python's grammar, `aid-since-2022.amount` subtracts 2022. It calls nothing, knows
no powers and no functions, and neither it nor what evaluates the steps recurses, so no text can hang or exhaust it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Formula", "FormulaError", "Part", "Reference", "parse"]

# More than any formula that a reader can follow; each bounds the numbers in between as well.
_MOST_OPERANDS = 100
_DEEPEST = 20
_TOO_LARGE = Decimal("1e18")

_WORD = re.compile(r"[()+*/]|[^\s()+*/]+")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,30})?(?:[eE]-?\d{1,2})?")
_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_REFERENCE = re.compile(rf"(?:(?P<fact>{_ID})\.)?(?P<quantity>{_ID})")
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2}
_SPACED = "a minus needs a space on both sides, for an id may hold hyphens"


@dataclass(frozen=True, slots=True)
class Reference:
    """`fact.quantity`; `fact` is empty where the quantity is one of the fact that holds the formula."""

    fact: str
    quantity: str

    def __str__(self) -> str:
        return f"{self.fact}.{self.quantity}" if self.fact else self.quantity


# A number, a quantity, or one of the signs ( ) + - * /.
Part = Decimal | Reference | str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be evaluated: its `parts` as written; its operands and operators in reverse Polish order."""

    parts: tuple[Part, ...]
    steps: tuple[Part, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The quantities that it names, each once, in order."""
        return tuple(dict.fromkeys(part for part in self.parts if isinstance(part, Reference)))


class FormulaError(ValueError):
    """A formula that cannot be read: why, as what follows "the formula …", and the words of it where that shows."""

    def __init__(self, message: str, fragment: str = "") -> None:
        super().__init__(message)
        self.fragment = fragment


def parse(text: str) -> Formula:
    """Read a formula: numbers, `quantity` or `fact.quantity`, + - * / and parentheses; else FormulaError."""
    words = _WORD.findall(text)
    parts = tuple(_part(word) for word in words)
    formula = Formula(parts, tuple(_steps(words, parts)))
    if not formula.references:
        raise FormulaError("names no quantity; a number that rests on none is given as value")
    if len(formula.steps) > 2 * _MOST_OPERANDS - 1:
        raise FormulaError(f"has more than {_MOST_OPERANDS} operands; compute it in steps")
    return formula


def _part(word: str) -> Part:
    if word in _RANKS or word in "()":
        return word
    if _NUMBER.fullmatch(word):
        number = Decimal(word)
        if abs(number) >= _TOO_LARGE:
            raise FormulaError(f"holds {word}, a larger number than anything that is counted here", word)
        return number
    found = _REFERENCE.fullmatch(word)
    if found and len(word) <= 2 * 64 + 1:
        return Reference(found["fact"] or "", found["quantity"])
    raise FormulaError(f'cannot be read at "{word[:60]}": {_meant(word)}', word)


def _meant(word: str) -> str:
    """What is probably wrong with a word that is no number, no name and no sign."""
    if word[0] in "−–—×÷·:^%" or word in ("x", "X"):
        return "a formula has + - * / and parentheses"
    if "," in word:
        return "numbers are written without commas"
    if "-" in word and (word.count(".") > 1 or not re.fullmatch(r"[^-].*[^-]", word)):
        return _SPACED
    return "a quantity is named as quantity, or fact-id.quantity; a number is such as 4 or 0.25"


def _steps(words: list[str], parts: tuple[Part, ...]) -> Iterator[Part]:
    """The shunting yard: operands as they come, each operator once its second operand is whole."""
    waiting: list[str] = []
    due = True  # an operand, or a parenthesis that opens
    for word, part in zip(words, parts, strict=True):
        if (part == "(" or not isinstance(part, str)) != due:
            raise _misplaced(word, due)
        if not isinstance(part, str):
            yield part
        elif part == "(":
            waiting.append(part)
            if waiting.count("(") > _DEEPEST:
                raise FormulaError(f"nests parentheses more than {_DEEPEST} deep", word)
        elif part == ")":
            yield from _released(waiting, 0)
            if not waiting:
                raise FormulaError("closes a parenthesis that was never opened", word)
            waiting.pop()
        else:
            yield from _released(waiting, _RANKS[part])
            waiting.append(part)
        due = part == "(" or part in _RANKS
    if due:
        raise FormulaError("ends where a quantity or a number should follow")
    yield from _released(waiting, 0)
    if waiting:
        raise FormulaError("opens a parenthesis that is never closed", "(")


def _released(waiting: list[str], rank: int) -> Iterator[str]:
    """The waiting operators that bind at least as closely as `rank`, up to the last parenthesis that opens."""
    while waiting and waiting[-1] != "(" and _RANKS[waiting[-1]] >= rank:
        yield waiting.pop()


def _misplaced(word: str, due: bool) -> FormulaError:
    if due:
        return FormulaError(f'lacks a quantity or a number before "{word}"', word)
    hint = f"; {_SPACED}" if word.startswith("-") else ""
    return FormulaError(f'lacks an operator, + - * or /, before "{word[:60]}"{hint}', word)
