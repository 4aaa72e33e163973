"""What a template says in its own words: nothing uncited, no figure, name or quotation that its facts do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.designations import without_designations, without_years
from briefing.errors import Level
from briefing.facts import Fact, Person
from briefing.loaded import loaded_in
from briefing.lookalikes import mixed_words, plain
from briefing.mentions import mentions_in, qualifier
from briefing.prose import ends_in_abbreviation, ends_sentence, opens_sentence, quotations, without_quotations
from briefing.reading import CITED
from briefing.rules.briefs import QUANTITY, BriefDesk, BriefFinding, Words, is_quoted, rule_over_brief

__all__ = [
    "template_figure",
    "template_heading",
    "template_loaded_word",
    "template_mixed_script",
    "template_person",
    "template_quotation",
    "template_typed_citation",
    "template_uncited",
    "template_unknown_name",
]

_SENTENCE_END = re.compile(r"(?<=[.?!…])[”’\")\]]*(?:\s+|$)")
_TYPED_CITATION = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
# Connecting words, and what a paragraph may say without a fact; a list item or a cell may not say anything.
_MOST_LOOSE_WORDS = 8
_MOST_WORDS = {"item": 2, "cell": 2}
# A lead or a heading names what follows; one that is longer says something.
_MOST_LEAD_WORDS = 12
# A heading of nothing but these is one of the appendix's, or like one.
_OF_THE_HOUSE = frozenset("source sources evidence".split())
_BESIDE_THEM = frozenset("a all and cited for in list of order our the their used use".split())
# Where a template says something in words of its own, outside claims.
_LOOSE = ("heading", "paragraph", "item", "header", "cell", "label", "caption")


def _bare(words: Words) -> str:
    """The typed words, without what stands for facts."""
    return words.typed.replace(CITED, " ")


@rule_over_brief("template-typed-citation", Level.ERROR)
def template_typed_citation(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A citation such as `[3]` is typed. It would stay when the fact goes, and lead to what does not say so.

    So is one that only looks like it, as `[³]` and `【3】` do.
    """
    for words in desk.own_words():
        if _TYPED_CITATION.search(plain(_bare(words))):
            message = "a citation is printed with its fact, never typed; use fact() or a claim"
            yield BriefFinding(words, message)


@rule_over_brief("template-quotation", Level.ERROR)
def template_quotation(desk: BriefDesk) -> Iterator[BriefFinding]:
    """Words in quotation marks that stand in none of the facts beside them, word for word."""
    for words in desk.own_words():
        for quoted in quotations(_bare(words)):
            if not is_quoted(quoted, words.facts):
                yield BriefFinding(words, f"“{quoted}” stands in none of {words.beside}")


@rule_over_brief("template-figure", Level.ERROR)
def template_figure(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A figure or date is typed that stands in none of the facts beside it, or without its qualifier.

    So a changed fact breaks the sentence that has become wrong. "$5 million" does not stand in "over $5 million".
    """
    for words in desk.own_words():
        for before in words.typed.split(QUANTITY)[:-1]:
            if qualifier(before):
                message = f'"{qualifier(before)}" stands before a quantity, which prints its own qualifier'
                yield BriefFinding(words, message)
        for mention in _strange_figures(desk, words):
            yield BriefFinding(words, f'"{mention}" stands in none of {words.beside}')


def _strange_figures(desk: BriefDesk, words: Words) -> Iterator[str]:
    typed = _TYPED_CITATION.sub(" ", plain(_bare(words)))
    if words.place == "claim":
        yield from mentions_in(typed).missing_from(desk.mentions(words))
        return
    mentioned = mentions_in(without_years(without_designations(typed)))
    amounts = set(mentioned.amounts())
    for mention in mentioned.missing_from(desk.mentions(words)):
        # Without a fact beside it, a bare number may be that of an article or a year; an amount may not.
        if words.facts or any(mention.endswith(amount) for amount in amounts):
            yield mention


@rule_over_brief("template-heading", Level.ERROR)
def template_heading(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A heading of the template is one of the appendix's, so that a reader would take its section for the sources.

    Capitals, punctuation and look-alike letters aside; and "Sources and evidence" is one, too.
    """
    for words in desk.own_words():
        said = set(re.findall(r"[^\W\d_]+", plain(words.typed).casefold()))
        if words.place == "heading" and said & _OF_THE_HOUSE and said <= _OF_THE_HOUSE | _BESIDE_THEM:
            message = f'the heading "{words.typed.strip()}" belongs to the appendix; choose another'
            yield BriefFinding(words, message)


@rule_over_brief("template-uncited", Level.ERROR)
def template_uncited(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A sentence, list item or cell of the template's own rests on no fact.

    Outside facts and claims a template holds headings, leads that end in a colon, and connecting words, twelve at most.
    """
    for words in desk.own_words():
        if words.place in _LOOSE:
            for message in _uncited(words.typed, "heading" if words.place == "caption" else words.place):
                yield BriefFinding(words, message)


def _uncited(typed: str, place: str) -> Iterator[str]:
    if place == "heading" and _count(typed) > _MOST_LEAD_WORDS and CITED not in typed:
        yield f"“{typed.strip()[:80]}” says more than a heading or lead may"
        return
    for sentence in _sentences(typed):
        message = _why_not(sentence.strip(), place)
        if message:
            yield message


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not ends_in_abbreviation(text[begin : end.start()]):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def _why_not(words: str, place: str) -> str:
    """Why these words, a sentence of a template's own or with facts in it, cannot stand; or nothing."""
    own = [_count(part) for part in words.split(CITED)]
    if CITED in words:
        if max(own) > _MOST_LEAD_WORDS:
            return f"more than {_MOST_LEAD_WORDS} words beside a fact rest on none; make them part of a claim"
        return ""
    if place in ("heading", "header") or words.endswith(":"):
        return f"“{words[:80]}” says more than a heading or lead may" if own[0] > _MOST_LEAD_WORDS else ""
    statement = (
        ends_sentence(words) and own[0] > 1 and not (words.endswith("?") and own[0] <= _MOST_LOOSE_WORDS)
    )
    if statement or own[0] > _MOST_WORDS.get(place, _MOST_LOOSE_WORDS):
        return f'“{words[:80]}” rests on no fact; make it a claim: {{% claim "fact-id" %}}…{{% endclaim %}}'
    return ""


def _count(words: str) -> int:
    return len(re.findall(r"\w[\w’'-]*", words))


# --- names ----------------------------------------------------------------------------------------------------------


@rule_over_brief("template-person", Level.ERROR)
def template_person(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A person of the facts file is named beside facts that do not name them: the wrong one is said to say it."""
    for words in desk.own_words():
        if not words.facts:
            continue
        known = {name for fact in words.facts for name in (*fact.by, *fact.placeholders)}
        texts = "\n".join(text for fact in words.facts for text in (fact.text, *desk.names_beside(fact)))
        for id, person in desk.facts.people.items():
            typed = _stands_in(person, _bare(words), alone=True)
            if id not in known and (id in words.named or typed) and not _stands_in(person, texts):
                said = typed or f"{{{id}}}"
                yield BriefFinding(
                    words, f'"{said}" stands in none of {words.beside}; cite a fact that names them'
                )


def _stands_in(person: Person, text: str, *, alone: bool = False) -> str:
    """The form in which a person's name stands in a text, or nothing. A name has a capital letter: not "the office".

    With `alone`, not as the beginning of another name: "Lee County" is not Lee.
    """
    after = r"(?!\w|\s+[A-Z])" if alone else r"(?!\w)"
    for form in (person.name, person.short):
        name = re.sub(r"^(?:[a-z][\w’']*\s+)+", "", form)
        if name[:1].isupper() and re.search(rf"(?<!\w){re.escape(name)}{after}", text):
            return name
    return ""


_NAME = re.compile(r"[A-Z][\w’'.-]*\w(?:\s+[A-Z][\w’'-]*\w)*")


@rule_over_brief("template-unknown-name", Level.WARNING)
def template_unknown_name(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim names somebody or something that stands in none of its facts.

    Looked for are words with a capital letter within a sentence. Name the fact that says so, or take the name out.
    """
    for claim in desk.claims():
        known = _words_beside(desk, claim.facts)
        for name in _names_in(claim.typed):
            if any(_stands_in(person, name, alone=True) for person in desk.facts.people.values()):
                continue  # a person of the file, whom template-person looks at
            if not all(_stem(part) in known for part in re.split(r"[\s-]+", name)):
                yield BriefFinding(claim, f'"{name}" stands in none of {claim.beside}')


def _names_in(typed: str) -> Iterator[str]:
    """The names in some words; a capital that only opens a sentence makes no name, but two in a row do."""
    bare = without_quotations(typed)
    for found in _NAME.finditer(bare):
        name = found[0]
        if opens_sentence(bare[: found.start()]) or bare[: found.start()].rstrip().endswith((":", "?")):
            first, _, rest = name.partition(" ")
            name = name if rest and not _is_common(first) else rest
        if name and not _NO_NAME.fullmatch(name):
            yield name


# Initials, months and what has a figure in it, which is looked at as one.
_NO_NAME = re.compile(
    r"(?:[A-Z]\.)+[A-Z]?|I|.*\d.*"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)"
)
# Words that open a sentence, and then have a capital.
_COMMON = frozenset(
    "a an the this that these those it its he she they in on at by for from to of with without under over after before"
    " as if when while since both each every no not any all some neither either there and or but so nor yet most"
    " many more".split()
)


def _is_common(word: str) -> bool:
    return word.casefold() in _COMMON


def _words_beside(desk: BriefDesk, facts: tuple[Fact, ...]) -> set[str]:
    texts = [text for fact in facts for text in (fact.text, fact.why, *desk.names_beside(fact))]
    texts += [date.words() for fact in facts for date in (fact.date, fact.horizon) if date]
    texts += [
        form for fact in facts for id in fact.by if id in desk.facts.people for form in _forms(desk, id)
    ]
    words = {word for text in (*texts, desk.facts.title) for word in re.findall(r"\w[\w’'.]*\w|\w", text)}
    stems = {_stem(word) for word in words}
    stems = {_stem(word) for word in words}
    for short, full in _SHORT_FORMS:
        if stems & short or full <= stems:
            stems |= short | full
    return stems


_SHORT_FORMS = tuple(
    (frozenset(short.split()), frozenset(full.split()))
    for short, full in (
        ("u.s us usa", "united states"),
        ("u.n un", "united nations"),
        ("u.k uk", "united kingdom"),
        ("e.u eu", "european union"),
    )
)


def _forms(desk: BriefDesk, id: str) -> tuple[str, str]:
    return desk.facts.people[id].name, desk.facts.people[id].short


def _stem(word: str) -> str:
    """A word as it is compared: "Ukraine’s" as "Ukraine"."""
    return re.sub(r"[’']s?$", "", word.casefold()).strip(".")


@rule_over_brief("template-mixed-script", Level.WARNING)
def template_mixed_script(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A word of the template mixes scripts, such as a Cyrillic і within Latin letters: it reads as another word.

    What looks for words, such as `forbid` and the loaded words, does not find it. A fact's own words are looked at in
    the facts file.
    """
    for words in desk.own_words():
        for word, offset in mixed_words(_bare(words)):
            yield BriefFinding(words, f'"{word}" mixes letters of two scripts that look alike', offset)


@rule_over_brief("template-loaded-word", Level.WARNING)
def template_loaded_word(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A neutral brief uses a word that takes sides. In quotation marks it may stand: then somebody said it.

    The words are in `templates/house/loaded-words.yaml`, each with its reason; a project adds to them, or takes one
    off, in `templates/loaded-words.yaml`.
    """
    for words in desk.words if desk.is_neutral else ():
        for found, entry, offset in loaded_in(_bare(words), desk.loaded):
            of = f' (in the fact "{words.facts[0].id}")' if words.place == "fact" else ""
            yield BriefFinding(words, f'"{found}"{of} takes sides: it {entry.advice}', offset)
