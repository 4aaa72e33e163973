"""Facts + audience → `Brief`: what is used, in which order, cited by which number, and held to the contract.

run the template (template) → read its Markdown (reading) → expand each mark → hold it to the contract
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from briefing import figuring, template
from briefing.audience import Audience, TemplateFile, columns_in, with_columns
from briefing.citing import Citing
from briefing.document import Block, Column, Figure, Heading, Inlines, Table, Text, flat
from briefing.draft import Asked, Claim, Draft, Use
from briefing.draft import Figure as AskedFigure
from briefing.errors import Level, Location, Problem
from briefing.facts import Fact, Facts, Source
from briefing.figuring import MOST_EVENTS, in_order
from briefing.loaded import LoadedWord
from briefing.marks import Mark, split_marks
from briefing.origins import Origin, Origins, letters_of
from briefing.paraphrases import Paraphrase, paraphrases
from briefing.prose import capitalised, opens_sentence, split_full_stop
from briefing.reading import CITED, COLUMN, Expander, Leaf, one_line, read_inline, read_markdown
from briefing.rules.acceptance import comments, heard, unheard_comments
from briefing.rules.briefs import QUANTITY, BriefDesk, Words, brief_problems, in_sections
from briefing.tongues import Tongue
from briefing.voice import Voice

__all__ = ["Brief", "UsedFact", "select"]


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact of a brief: the sentence in which it is used first, and the anchors of its citations.

    `companions` are the facts that share a citation with it; the citation leads to this one's evidence, and that on
    to theirs.
    """

    fact: Fact
    sentence: str
    anchors: tuple[str, ...]
    companions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """One document, ready to be written in any format. `used` is in order of use, `sources` in order of number.

    `anchors` are, per source, those of the citations that name it. `problems` are all that selecting found; with an
    error among them the brief must not be published.
    `columns` are those of a recipient's row that are asked for, with the place; `looked` is where the template looks at
    what one holds, so that the brief is for that recipient alone. `named` are people that the template
    names itself, `touched` the columns it asks for in any way, `templates` those that ran. `gone` are facts of which it
    says that they are no longer said.
    """

    facts: Facts
    audience: Audience
    body: tuple[Block, ...]
    used: tuple[UsedFact, ...]
    sources: tuple[Source, ...]
    anchors: Mapping[str, tuple[str, ...]]
    words: int
    problems: tuple[Problem, ...]
    columns: Mapping[str, Location] = field(default_factory=dict)
    looked: Location | None = None
    named: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    templates: Mapping[str, TemplateFile] = field(default_factory=dict)
    paraphrases: tuple[Paraphrase, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def tongue(self) -> Tongue:
        """The language it is written in."""
        return self.audience.tongue

    @property
    def unused(self) -> int:
        """How many facts on file this brief does not use."""
        return self.facts.on_file - len(self.used)


def select(
    facts: Facts,
    audience: Audience,
    faulty: Mapping[str, Problem],
    loaded_words: tuple[LoadedWord, ...] = (),
    row: Mapping[str, str] | None = None,
) -> Brief:
    """The brief of these facts for this audience.

    `faulty`: facts that an error of `check` bars, with that error; `loaded_words`: those that no neutral brief uses;
    `row`: the columns of the recipient, where there is one.
    """
    cells = frozenset(cell.casefold() for cell in (row or {}).values())
    return _Selection(
        facts, audience, template.draft(facts, audience, faulty, row), loaded_words, cells
    ).brief()


@dataclass
class _Selection:
    """One brief in the making: what was used, where, and what was wrong."""

    facts: Facts
    audience: Audience
    draft: Draft
    loaded_words: tuple[LoadedWord, ...]
    cells: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    sentences: dict[str, str] = field(default_factory=dict)
    first_use: dict[str, Location] = field(default_factory=dict)
    expanded: Counter[Mark] = field(default_factory=Counter)
    drawn: int = 0
    # Places that are only near: whoever looks for the words finds them there, perhaps.
    guessed: set[Location] = field(default_factory=set)

    def __post_init__(self) -> None:
        ran = {*self.draft.templates, self.audience.template}
        files = (file for name, file in self.audience.templates.items() if name in ran)
        self.origins = Origins(self.audience.path, files, self.draft.printed_at)
        self.tongue = self.audience.tongue
        self.voice = Voice(self.facts, self.tongue)
        self.citing = Citing(self.facts, self.tongue.asides)

    def brief(self) -> Brief:
        self.problems += self.draft.problems
        expander = Expander(self.inline, self.figure, self.leaf, self.report)
        body = read_markdown(self.draft.text, expander)
        self.problems += self.lost()
        desk = self.desk(body)
        self.check(desk)
        used = tuple(
            UsedFact(
                self.facts.facts[id],
                self.sentences[id],
                *map(tuple, (self.citing.anchors.get(id, ()), self.citing.companions.get(id, ()))),
            )
            for id in self.first_use
        )
        cited = [self.facts.sources[id] for id in self.citing.source_anchors]
        return Brief(
            facts=self.facts,
            audience=self.audience,
            body=body,
            used=used,
            sources=tuple(sorted(cited, key=lambda source: source.number)),
            anchors={id: tuple(anchors) for id, anchors in self.citing.source_anchors.items()},
            words=desk.length,
            problems=tuple(sorted(set(self.problems), key=Problem.sort_key)),
            columns=self.columns(),
            looked=self.draft.looked,
            named=tuple(dict.fromkeys(self.draft.names)),
            touched=tuple(sorted({*self.columns(), *self.draft.touched})),
            templates={name: self.audience.templates[name] for name in self.draft.templates},
            paraphrases=paraphrases(self.facts, self.draft),
        )

    def columns(self) -> dict[str, Location]:
        memo = self.audience.contract.memo.values()
        named = {name: self.audience.at("memo") for text in memo for name in columns_in(text)}
        return named | {asked.column: asked.at for asked in reversed(self.draft.asked)}

    # --- rules ------------------------------------------------------------------------------------

    def desk(self, body: Sequence[Block]) -> BriefDesk:
        """What the rules over a brief look at."""
        text = " ".join(_texts(body))
        length = len(re.findall(r"\w[\w’'.,–-]*", re.sub(r"\[\d+\]", " ", text)))
        said = self.audience.contract
        used = tuple(self.facts.facts[id] for id in self.first_use)
        self.words = in_sections(self.words)
        for key, place, words in (("title", "contract", said.title), *_addresses(said.readers, said.memo)):
            self.words.append(Words(words, place, self.audience.at(key), around=used))
        prose = "\n\n".join(_texts(body, prose=True))
        return BriefDesk(
            self.facts,
            self.audience,
            self.words,
            self.first_use,
            text,
            prose,
            length,
            self.loaded_words,
            tuple(self.printed()),
        )

    def printed(self) -> Iterator[Words]:
        """What the brief prints of the facts file beside facts."""
        at = Location(self.audience.path)
        yield Words(self.facts.title, "name", at=at, source="the title of the facts")
        for id in sorted(self.voice.mentioned):
            person = self.facts.people[id]
            words = person.name if person.short in person.name else f"{person.name}; {person.short}"
            yield Words(words, "name", at=at, source=f'the name of "{id}"')
        for id in self.citing.source_anchors:
            yield Words(self.facts.sources[id].descriptor, "name", at=at, source=f'the descriptor of "{id}"')

    def check(self, desk: BriefDesk) -> None:
        """All that the rules over a brief find, without what the template accepts."""
        self.problems += brief_problems(desk, whole=False)
        whole = not any(problem.level is Level.ERROR for problem in self.problems)
        if whole:
            self.problems += brief_problems(desk, whole=True)
        files = self.audience.templates.values()
        accepting = [comment for file in files for comment in comments(file.path, file.body)]
        self.problems, used = heard(self.problems, accepting, self.guessed)
        if whole:
            own = (comment for comment in accepting if comment.at.path == self.audience.path)
            self.problems += unheard_comments(own, used)

    # --- marks ------------------------------------------------------------------------------------

    def lost(self) -> Iterator[Problem]:
        """What the template printed and no reader would see, such as a fact in a cell too many."""
        if any(problem.rule == "template-nesting" for problem in self.problems):
            return  # what is nested too deeply was not read
        marks = Counter(part for part in split_marks(self.draft.text) if isinstance(part, Mark))
        for mark in marks - self.expanded:
            if mark.kind != "literal":
                message = (
                    "what is printed here would not be seen: a cell too many, or a place that holds no text"
                )
                yield Problem(self.place([mark], ""), Level.ERROR, message, "template-lost")

    def inline(self, mark: Mark, before: str) -> Inlines:
        self.expanded[mark] += 1
        if mark.kind == "claim":
            return self.claim(self.draft.claims[mark.number], before)
        if mark.kind == "literal":
            return (Text(one_line(self.draft.literals[mark.number])),)
        if mark.kind == "recipient":
            name = self.draft.asked[mark.number].column
            return (Column(f"‹{name}›", name),)
        if mark.kind == "person":
            name = self.voice.name(self.draft.names[mark.number])
            return (Text(capitalised(name) if opens_sentence(before) else name),)
        if mark.kind == "quantity":
            fact, name = self.draft.quantities[mark.number]
            words = self.tongue.quantity(self.facts.facts[fact].quantities[name])
            return (Text(capitalised(words) if opens_sentence(before) else words),)
        use = self.draft.uses[mark.number]
        return self.sentence(self.facts.facts[use.fact], use.at, before)

    def sentence(self, fact: Fact, at: Location, before: str) -> Inlines:
        """A fact's sentence, with its citation before the full stop."""
        text = self.voice.words(fact, before)
        self.use(fact, at, text)
        self.words.append(Words(fact.text, "fact", at, (fact,)))
        head, stop = split_full_stop(text)
        return (Text(head), *self.citing.cites([fact]), Text(stop))

    def claim(self, claim: Claim, before: str) -> Inlines:
        """The prose of a claim, checked as a reader sees it, with the citations in front of its full stop."""
        used = tuple(self.facts.facts[id] for id in claim.facts)
        named: list[str] = []
        given: list[tuple[str, str]] = []
        typed = flat(read_inline(claim.prose, self.bare(named, given), before))
        self.words.append(
            Words(typed, "claim", claim.at, used, frozenset(named), speakers=tuple(named), given=tuple(given))
        )
        prose = read_inline(
            claim.prose, Expander(self.inline, lambda mark: None, _nothing, self.report), before
        )
        for fact in used:
            self.use(fact, claim.at, "")
        if not prose or not isinstance(prose[-1], Text):
            return (*prose, *self.citing.cites(used))
        head, stop = split_full_stop(prose[-1].text.rstrip())
        return (*prose[:-1], Text(head), *self.citing.cites(used), Text(stop))

    def bare(self, named: list[str], given: list[tuple[str, str]]) -> Expander:
        """Expands a claim's prose to what was typed: people are `named` instead, quantities `given`."""

        def typed(mark: Mark, before: str) -> Inlines:
            if mark.kind == "person":
                named.append(self.draft.names[mark.number])
            if mark.kind == "quantity":
                given.append(self.draft.quantities[mark.number])
            if mark.kind == "literal":
                return (Text(one_line(self.draft.literals[mark.number])),)
            return (Text(QUANTITY if mark.kind == "quantity" else CITED),)

        return Expander(typed, lambda mark: None, _nothing, lambda rule, message, marks, own: None)

    def use(self, fact: Fact, at: Location, sentence: str) -> None:
        self.first_use.setdefault(fact.id, at)
        if not self.sentences.get(fact.id):
            self.sentences[fact.id] = sentence or self.voice.quiet_words(fact)

    # --- figures ----------------------------------------------------------------------------------

    def figure(self, mark: Mark) -> Block | None:
        self.expanded[mark] += 1
        figure = self.draft.figures[mark.number]
        facts = [self.facts.facts[id] for id in figure.facts]
        self.words.append(Words(figure.caption, "caption", figure.at, tuple(facts)))
        facts = in_order(figure, facts)
        if not facts:
            return None
        labels = [self.labelled(fact, figure.at) for fact in facts]
        made = figuring.figure(figure, facts, labels, self.citing, self.tongue, f"figure-{self.drawn + 1}")
        self.drawn += not isinstance(made, Table)
        if isinstance(made, Table) and figure.form != "table":
            message = (
                f"the {figure.form} is printed as a table: {len(facts)} facts with these labels have no room in a"
                f" picture on one page, and {MOST_EVENTS} never have; choose fewer, or give them a short label"
            )
            self.problems.append(Problem(figure.at, Level.WARNING, message, "template-figure-size"))
        return made

    def labelled(self, fact: Fact, at: Location) -> str:
        """A fact's label, or its sentence where it has none; with who says so, where that must be said."""
        self.words.append(Words(fact.label or fact.text, "fact", at, (fact,)))
        if not fact.label:
            text = self.voice.words(fact)
            self.use(fact, at, text)
            return split_full_stop(text)[0]
        self.use(fact, at, "")
        if not fact.by:
            return fact.label
        return f"{fact.label} ({', '.join(self.voice.name(person) for person in fact.by)})"

    # --- the template's own words -----------------------------------------------------------------

    def leaf(self, leaf: Leaf) -> None:
        stretches, begin = self._stretches(leaf), 0
        origins: list[tuple[int, Origin]] = []
        for words, before, after in stretches:
            origins.append((begin, self.origins.of(words, before, after)))
            begin += len(words) + 1
        self.guessed |= {origin.at for _, origin in origins if not origin.sure}
        said = (number for number, (words, _, _) in enumerate(stretches) if letters_of(words))
        at = origins[next(said, 0)][1].at
        facts = self._facts_beside(leaf.row or leaf.marks)
        own = self._without_cells(leaf)
        self.words.append(Words(own, leaf.place, at, facts, origins=tuple(origins), level=leaf.level))

    def _without_cells(self, leaf: Leaf) -> str:
        """The leaf's own words, as long as they are; `{{ recipient.name|upper }}` is the recipient's cell still."""
        own = leaf.own
        for mark in leaf.marks:
            if mark.kind == "literal" and self.draft.literals[mark.number].casefold() in self.cells:
                cell = self.draft.literals[mark.number]
                own = own.replace(cell, COLUMN.ljust(len(cell)), 1)
        return own

    def _stretches(self, leaf: Leaf) -> list[tuple[str, Location | None, Location | None]]:
        """A leaf's own words between facts, claims and columns, each with the places of those before and behind."""
        marks = [mark for mark in leaf.marks if mark.kind in ("fact", "claim", "recipient")]
        places = [None, *map(self._asked_at, marks), None]
        return list(zip(re.split(f"[{CITED}{COLUMN}]", leaf.own), places, places[1:], strict=False))

    def _facts_beside(self, marks: Sequence[Mark]) -> tuple[Fact, ...]:
        ids: list[str] = []
        for mark in marks:
            if mark.kind == "fact":
                ids.append(self.draft.uses[mark.number].fact)
            elif mark.kind == "claim":
                ids += self.draft.claims[mark.number].facts
        return tuple(self.facts.facts[id] for id in ids)

    def report(self, rule: str, message: str, marks: Sequence[Mark], own: str) -> None:
        self.problems.append(Problem(self.place(marks, own), Level.ERROR, message, rule))

    def place(self, marks: Sequence[Mark], own: str) -> Location:
        """Where a part of the draft came from: the line in a template that has such words, or of its first mark."""
        found = self.origins.near(own) if own else None
        return found or next(filter(None, map(self._asked_at, marks)), Location(self.audience.path))

    def _asked_at(self, mark: Mark) -> Location | None:
        """Where a template asks for what a mark stands for."""
        asked: dict[str, Sequence[Use | Claim | AskedFigure | Asked]] = {
            "fact": self.draft.uses,
            "claim": self.draft.claims,
            "figure": self.draft.figures,
            "recipient": self.draft.asked,
        }
        return asked[mark.kind][mark.number].at if mark.kind in asked else None


def _nothing(leaf: Leaf) -> None:
    """A claim's words are no words of the template's own."""


def _addresses(readers: str, memo: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The key, place and words of each further text of a contract; the subject says what the brief is about."""
    yield "readers", "address", readers
    for key, words in memo.items():
        if key in ("greeting", "closing"):  # of a mail, in which only words of courtesy are allowed
            continue
        place = "contract" if key == "subject" else "address"
        yield "memo", place, with_columns(words, lambda name: COLUMN)


def _texts(blocks: Sequence[object], *, prose: bool = False) -> Iterator[str]:
    """The text of each leaf of the body; or of its paragraphs and list items alone."""
    for block in blocks:
        if prose and isinstance(block, Table | Figure | Heading):
            continue
        if isinstance(block, Figure):
            block = block.table
        if isinstance(block, Table):
            yield flat(block.caption)
            for row in (block.header, *block.rows):
                yield from (flat(cell.children) for cell in row)
        elif hasattr(block, "children"):
            yield flat(block.children)
        elif hasattr(block, "items"):
            for item in block.items:
                yield from _texts(item, prose=prose)
        elif hasattr(block, "blocks"):
            yield from _texts(block.blocks, prose=prose)
