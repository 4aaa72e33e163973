"""What rests on what, altogether: against a walk of our own over made-up graphs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.descent import Descent

NAMES = [f"s{number}" for number in range(8)]
graphs = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from([*NAMES, "gone"]), max_size=3) for name in NAMES}
)


def walk(graph: dict[str, list[str]], name: str) -> set[str]:
    """What `name` rests on, itself only where it comes back to it."""
    found: set[str] = set()
    waiting = [other for other in graph[name] if other in graph]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += [other for other in graph[current] if other in graph]
    return found


@given(graphs)
def test_what_rests_on_what(graph: dict[str, list[str]]) -> None:
    descent = Descent(graph)
    below = {name: walk(graph, name) for name in graph}
    assert descent.circular == {name for name in graph if name in below[name]}
    for one in graph:
        for other in graph:
            assert descent.rests(one, other) == (one != other and other in below[one])
            both = (below[one] | {one}) & (below[other] | {other})
            assert descent.shared(one, other) == min(both, key=list(graph).index, default="")
        among = descent.bits(["s1", "s3", "gone"])
        expected = (below[one] - {one}) & {"s1", "s3"}
        assert descent.first_below(one, among) == min(expected, key=list(graph).index, default="")


def test_a_long_chain_needs_little() -> None:
    chain = {f"s{number}": [f"s{number + 1}"] for number in range(20_000)}
    descent = Descent(chain)
    assert descent.rests("s0", "s19999")
    assert not descent.rests("s19999", "s0")
    assert descent.circular == set()
