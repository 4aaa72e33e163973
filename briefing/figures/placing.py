"""Where things go that want to stand near their place and may not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["lanes", "spread"]


@dataclass
class _Stack:
    """Rows that touch. `pull` is the sum of where each would have it begin."""

    first: int
    height: float
    pull: float
    rows: int = 1

    @property
    def top(self) -> float:
        return self.pull / self.rows


def spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Tops of rows, in order and without overlap, between 0 and `room`, in sum nearest to where each wants to begin.

    `wanted` ascends, and the heights have room. By pooling neighbours that overlap, as isotonic regression does.
    """
    stacks: list[_Stack] = []
    for number, (top, height) in enumerate(zip(wanted, heights, strict=True)):
        stacks.append(_Stack(number, height, top))
        while len(stacks) > 1 and stacks[-2].top + stacks[-2].height > stacks[-1].top:
            below = stacks.pop()
            above = stacks[-1]
            above.pull += below.pull - below.rows * above.height
            above.height += below.height
            above.rows += below.rows
    tops = [_between(stack.top, 0.0, room - stack.height) for stack in stacks]
    for number in range(1, len(stacks)):  # those that were held at the upper border push on
        tops[number] = max(tops[number], tops[number - 1] + stacks[number - 1].height)
    tops[-1:] = [min(top, room - stack.height) for top, stack in zip(tops[-1:], stacks[-1:], strict=True)]
    for number in range(len(stacks) - 2, -1, -1):  # and those that would leave the lower one, up again
        tops[number] = min(tops[number], tops[number + 1] - stacks[number].height)
    found: list[float] = []
    for stack, top in zip(stacks, tops, strict=True):
        for height in heights[stack.first : stack.first + stack.rows]:
            found.append(top)
            top += height
    return found


def _between(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))


def lanes(spans: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """For each span a lane, counted from 0, in which it touches none before it; spans ascend by their beginning."""
    ends: list[float] = []
    found: list[int] = []
    for begin, end in spans:
        free = next((lane for lane, last in enumerate(ends) if last + gap <= begin), len(ends))
        ends[free : free + 1] = [end]
        found.append(free)
    return found
