"""Facts → their citations: which numbers, in which order, where each leads and what leads back to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefing.asides import Asides
from briefing.document import Cite, Cites, Inline, Inlines, Text
from briefing.facts import Citation, Fact, Facts, Source

__all__ = ["Citing"]

# Citations, each with the fact to whose evidence it leads.
_Cited = Sequence[tuple[Fact, Citation]]


@dataclass
class Citing:
    """The citations given out in one brief.

    `anchors` are those of a fact's citations, `source_anchors` those of a source's; `companions` are the facts that
    share a citation with the one to whose evidence it leads.
    """

    facts: Facts
    asides: Asides
    anchors: dict[str, list[str]] = field(default_factory=dict)
    source_anchors: dict[str, list[str]] = field(default_factory=dict)
    companions: dict[str, list[str]] = field(default_factory=dict)
    given: int = 0

    def cites(self, facts: Sequence[Fact]) -> Inlines:
        """The citations of facts: their sources in order of number; where a gap was looked for; what speaks against.

        Those of a computed fact are also those of the facts it is computed from, and so is what speaks against it.
        """
        gaps = [fact for fact in facts if fact.kind == "gap"]
        inherited = _of_role("supports", self._operands(facts))
        sources = {cite.source for _, cite in inherited}
        # A source that is cited for nothing but computed numbers stands among those it is computed from.
        direct = [
            (fact, cite)
            for fact, cite in _supporting([fact for fact in facts if fact.kind != "gap"])
            if not (_is_wholly_computed(fact) and cite.source in sources)
        ]
        rests_on = [(fact, other) for fact in facts for other in (fact, *self.facts.basis(fact))]
        against = _of_role("contradicts", rests_on)
        parts: list[Inline] = []
        if direct:
            parts.append(self.row(direct))
        if gaps:
            parts += [Text(f" ({self.asides.not_found}"), self.row(_supporting(gaps)), Text(")")]
        if inherited:
            parts += self._computed(facts, direct, inherited)
        disputed = any(other.status == "disputed" for _, other in rests_on)
        if against:
            end = f"; {self.asides.disputed})" if disputed else ")"
            parts += [Text(f" ({self.asides.but_see}"), self.row(against), Text(end)]
        elif disputed:
            parts.append(Text(f" ({self.asides.disputed})"))
        return tuple(part for part in parts if not isinstance(part, Cites) or part.cites)

    def sources(self, facts: Sequence[Fact]) -> Cites:
        """All sources of these facts in a row, whatever each is cited for."""
        rests_on = [(fact, other) for fact in facts for other in (fact, *self.facts.basis(fact))]
        return self.row([(fact, cite) for fact, other in rests_on for cite in other.cite])

    def beside_sources(self, fact: Fact) -> Inlines:
        """What `cites` gives, without anchors, for where the facts' sources stand in a row besides."""
        return tuple(
            replace(part, cites=tuple(replace(cite, anchor="") for cite in part.cites))
            if isinstance(part, Cites)
            else part
            for part in Citing(self.facts, self.asides).cites([fact])
        )

    def _operands(self, facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
        """Each computed fact with those it is computed from; with itself, where that is a number of its sources."""
        for fact in facts:
            if any(
                id == fact.id and not fact.quantities[name].computed
                for quantity in fact.quantities.values()
                for id, name in (quantity.computed.basis if quantity.computed else ())
            ):
                yield fact, fact
            yield from ((fact, other) for other in self.facts.basis(fact))

    def _computed(self, facts: Sequence[Fact], direct: _Cited, inherited: _Cited) -> Inlines:
        """` (computed from [1] [4])`; ` (partly computed)` where not all is, and the sources stand before it."""
        wholly = all(_is_wholly_computed(fact) for fact in facts if fact.kind != "gap")
        if not wholly and {cite.source for _, cite in inherited} <= {cite.source for _, cite in direct}:
            return (Text(f" ({self.asides.partly_computed})"),)
        words = self.asides.computed_from if wholly else self.asides.partly_computed_from
        return (Text(f" ({words}"), self.row(inherited), Text(")"))

    def row(self, cited: Sequence[tuple[Fact, Citation]]) -> Cites:
        """`[1] [4]`, each source once; it leads to the evidence of the first of the facts that cites it."""
        numbers: dict[int, tuple[Fact, Source]] = {}
        for fact, cite in cited:
            source = self.facts.sources[cite.source]
            numbers.setdefault(source.number, (fact, source))
        cites = []
        for number, (fact, source) in sorted(numbers.items()):
            self.given += 1
            anchor = f"c-{self.given}"
            self.source_anchors.setdefault(source.id, []).append(anchor)
            for other in dict.fromkeys(f.id for f, cite in cited if cite.source == source.id):
                self.anchors.setdefault(other, []).append(anchor)
                if other != fact.id and other not in self.companions.setdefault(fact.id, []):
                    self.companions[fact.id].append(other)
            cites.append(Cite(number, f"e-{fact.id}", anchor))
        return Cites(tuple(cites), facts=tuple(dict.fromkeys(fact.id for fact, _ in cited)))


def _supporting(facts: Sequence[Fact]) -> list[tuple[Fact, Citation]]:
    return _of_role("supports", [(fact, fact) for fact in facts])


def _of_role(role: str, rests_on: Iterable[tuple[Fact, Fact]]) -> list[tuple[Fact, Citation]]:
    """Each first fact with the citations of that role which the second has."""
    return [(fact, cite) for fact, other in rests_on for cite in other.cite if cite.role == role]


def _is_wholly_computed(fact: Fact) -> bool:
    """Whether none of its numbers is a source's own."""
    return bool(fact.quantities) and all(quantity.computed for quantity in fact.quantities.values())
