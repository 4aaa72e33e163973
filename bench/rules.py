"""What all rules over the facts file cost, beside loading and validating it: `python -m bench.rules [FACTS]`.

Interleaved, because the machine is shared: each round loads once and checks once; the ratio is that of the medians.
"""

from __future__ import annotations

import datetime
import gc
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bench.subjects import facts_file, kept_texts
from briefing.load import load
from briefing.mentions import mentions_in
from briefing.rules import check_facts
from briefing.rules.base import Desk, FactsRule, rules_of
from briefing.tongues import tongue_of
from briefing.typeddates import full_dates

_Made = TypeVar("_Made")
_ROUNDS = 5
_DAY = datetime.date(2026, 2, 1)
_TONGUE = tongue_of("en-US")


def _timed(make: Callable[[], _Made], seconds: list[float]) -> _Made:
    gc.collect()
    gc.disable()  # as `briefing` has it
    begin = time.perf_counter()
    made = make()
    seconds.append(time.perf_counter() - begin)
    gc.enable()
    return made


def main(count: int) -> None:
    text = facts_file(count).encode()
    kept = {f"source-{number}": text.encode() for number, text in enumerate(kept_texts(count))}
    loading: list[float] = []
    checking: list[float] = []
    for _ in range(_ROUNDS):
        loaded = _timed(lambda: load(text, "facts.yaml"), loading)
        for remembered in (mentions_in, full_dates):  # as a new process has them
            remembered.cache_clear()
        problems = _timed(partial(check_facts, loaded, kept.get, _TONGUE, _DAY), checking)
    load_time, check_time = statistics.median(loading), statistics.median(checking)
    print(f"{count:,} facts, {len(text):,} bytes, {len(problems):,} problems")
    print(f"load {load_time:.2f} s, all rules {check_time:.2f} s, ratio {check_time / load_time:.2f}")
    desk = Desk(loaded.facts, kept.get, _TONGUE, _DAY)
    costs: list[tuple[float, str]] = []
    for rule in rules_of(FactsRule):
        seconds: list[float] = []
        _timed(partial(lambda one: list(one.problems(desk, loaded.places)), rule), seconds)
        costs.append((seconds[0], rule.id))
    for cost, id in sorted(costs, reverse=True)[:8]:
        print(f"  {id:24} {cost:.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
