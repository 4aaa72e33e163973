"""What rests on what → what each rests on altogether, and what rests on itself.

Sets are kept as bits of a number, one a name: of a chain of 20,000 works each of which rests on all behind it, 50 MB
instead of gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Descent"]


class Descent:
    """`below` names, for each, those it rests on directly; names that it does not hold are left out."""

    def __init__(self, below: Mapping[str, Sequence[str]]) -> None:
        self._names = list(below)
        self._places = {name: place for place, name in enumerate(below)}
        self._below = {
            name: [other for other in others if other in self._places] for name, others in below.items()
        }
        self._bits: dict[str, int] = {}
        self.circular: set[str] = set()
        for group in self._groups():
            self._settle(group)

    def of(self, name: str) -> int:
        """The name itself and all that it rests on, as bits; nothing for a name that is not there."""
        return self._bits.get(name, 0)

    def rests(self, name: str, on: str) -> bool:
        """Whether `name` rests on another, directly or not."""
        return name != on and on in self._places and bool(self.of(name) >> self._places[on] & 1)

    def bits(self, names: Iterable[str]) -> int:
        """Those names alone, as bits."""
        return sum(1 << self._places[name] for name in set(names) if name in self._places)

    def first_below(self, name: str, among: int) -> str:
        """The first of those `among` (as bits) that `name` rests on, itself aside; or nothing."""
        found = self.of(name) & among & ~self.bits([name])
        return self._names[(found & -found).bit_length() - 1] if found else ""

    def shared(self, one: str, other: str) -> str:
        """The first name, in their order, that both are or rest on; or nothing."""
        both = self.of(one) & self.of(other)
        return self._names[(both & -both).bit_length() - 1] if both else ""

    def _settle(self, group: Sequence[str]) -> None:
        """The bits of names that rest on each other; those below them are settled already."""
        bits = 0
        for name in group:
            bits |= 1 << self._places[name]
            for other in self._below[name]:
                bits |= self._bits.get(other, 0)
        self._bits.update(dict.fromkeys(group, bits))
        if len(group) > 1 or group[0] in self._below[group[0]]:
            self.circular.update(group)

    def _groups(self) -> Iterator[list[str]]:
        """Names that rest on each other together, whatever is below first (Tarjan 1972, without recursion)."""
        order: dict[str, int] = {}
        low: dict[str, int] = {}
        open_: dict[str, None] = {}
        for root in self._names:
            walk: list[tuple[str, Iterator[str]]] = []
            if root not in order:
                walk.append((root, self._enter(root, order, low, open_)))
            while walk:
                name, rest = walk[-1]
                after = next((other for other in rest if other not in order or other in open_), None)
                if after is None:
                    walk.pop()
                    if walk:
                        low[walk[-1][0]] = min(low[walk[-1][0]], low[name])
                    if low[name] == order[name]:
                        yield _taken(open_, name)
                elif after in order:
                    low[name] = min(low[name], order[after])
                else:
                    walk.append((after, self._enter(after, order, low, open_)))

    def _enter(
        self, name: str, order: dict[str, int], low: dict[str, int], open_: dict[str, None]
    ) -> Iterator[str]:
        order[name] = low[name] = len(order)
        open_[name] = None
        return iter(self._below[name])


def _taken(open_: dict[str, None], name: str) -> list[str]:
    """The names from the last one back to `name`, taken out."""
    group: list[str] = []
    while not group or group[-1] != name:
        group.append(open_.popitem()[0])
    return group
