"""English, American and British, as the rules hear it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from briefing import connectives, designations, hedges, lookalikes, mentions, speech, statements, typeddates
from briefing.ears.base import Ear, Likelihood
from briefing.mentions import Mentions
from briefing.vocabulary import CONFIDENCE, LIKELIHOOD

__all__ = ["ENGLISH"]

# "Two views:" and "Three open questions" count what the document itself sets out, "Two" numbers it.
_COUNTED_PARTS = re.compile(
    r"(?:^|\b(?:part|phase|step|chapter|section|point|option|view|question)\s)(?:two|three|four|five|six|seven|eight|nine|ten)\s*(?=$|:)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d)(?=\s+(?:[a-z]+\s+)?(?:questions|views|sides|positions|points"
    r"|steps|ways|reasons|options|parts|issues|facts|figures|sources|scenarios|stages|topics|themes|sections|findings)\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b(?![-\s](?:hundred|thousand|million|billion|trillion|percent))",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<![\w$€£.,])\d{1,3}(?![\w.,%]|\s(?:thousand|million|billion|trillion|percent))")

_NEGATED = re.compile(r"\b(?:not|n[’']t|hardly|never|less)\s(?:\w+ly\s|very\s|so\s)?$", re.IGNORECASE)
_LIKELIHOOD_WORDS = re.compile(
    r"\b(?:(almost certainly|nearly certainly)|"
    + "|".join(sorted(LIKELIHOOD, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)

_ACTING = re.compile(
    r",?\swho(?:m|se)?\b|\s(?:(?:also|then|once|never|later|[a-z]+ly)\s)?(?:is|was|has|had|will|would|did|does|said|says|took|gave"
    r"|made|went|came|saw|got|ran|won|lost|paid|stole|lied|knew|wrote|told|led|built|broke|let|kept|left|met|sold|sent"
    r"|spoke|wants|[a-z]{2,}ed)\b"
)
_UNCOUNTABLE = re.compile(
    r"(?:s|[st]ion|ment|ness|ity|ance|ence|ism|ship|age|ing|ure|ic|th|hood|dom|ery|ly|ed|body|thing|one|ever)$",
    re.IGNORECASE,
)
_NO_ARTICLE = frozenset(
    "access aid air army blood business care cash coal concern control cost crime debate debt demand"
    " despite electricity equipment evidence food fuel further gas gold grain help history housing income"
    " inflation information interest just land law life little money much music nature navy never news nor"
    " oil only opposition peace people police policy power press progress property rain rent repair"
    " research revenue schooling snow so society space staff steel still such supply support tax time"
    " today tomorrow trade traffic unemployment use violence war water weather what where who why how"
    " which whose whether wind work yesterday you we i there here half few several more less one two three"
    " four five six seven eight nine ten first second third last next another other nobody none".split()
)
_OPENERS = frozenset(
    "a an the this that these those it its he she they in on at by for from to of with without under over after before"
    " as if when while since both each every no not any all some neither either there and or but so nor yet most"
    " many more".split()
)


_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")


@dataclass(frozen=True, kw_only=True, eq=False)
class English(Ear):
    def mentions(self, text: str) -> Mentions:
        return mentions.mentions_in(text)

    def known(self, texts: Iterable[str]) -> Mentions:
        return mentions.together(map(mentions.mentions_in, texts))

    def qualifier(self, before: str) -> str:
        return mentions.qualifier(before)

    def full_dates(self, text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
        return iter(typeddates.full_dates(text))

    def months(self, text: str) -> Iterator[tuple[str, tuple[int, int]]]:
        return typeddates.months(text)

    def weekdays(self, text: str) -> Iterator[tuple[str, int, int]]:
        for found in _WEEKDAY.finditer(text):
            yield found[0], _WEEKDAYS.index(found[0]), found.end()

    def plain(self, text: str) -> str:
        return lookalikes.plain(text)

    def without_designations(self, text: str) -> str:
        return designations.without_designations(text)

    def without_years(self, text: str) -> str:
        return designations.without_years(text)

    def without_references(self, text: str) -> str:
        return designations.without_references(text)

    def without_counted_parts(self, text: str) -> str:
        return _COUNTED_PARTS.sub(" ", text)

    def without_counts(self, text: str) -> str:
        return _COUNT.sub(" ", text)

    def without_small_numbers(self, text: str) -> str:
        return _SMALL.sub(" ", text)

    def says_so(self, text: str) -> bool:
        return speech.says_so(text)

    def hedges(self, text: str) -> list[str]:
        return hedges.hedges(text)

    def judgement_words(self, text: str) -> list[str]:
        return hedges.judgement_words(text)

    def degree(self, word: str) -> str:
        return re.sub(r"(?:ly|le|y)$", "", " ".join(word.casefold().split()))

    def confidence_words(self, text: str) -> list[str]:
        return hedges.confidence_words(text)

    def confidence_levels(self, text: str) -> list[str]:
        said = " ".join(self.confidence_words(text)).casefold().replace("medium", "moderate")
        return [level for level in CONFIDENCE if re.search(rf"\b{level}", said)]

    def likelihoods(self, text: str) -> Iterator[Likelihood]:
        text = text.replace("ı", "i").replace("İ", "I")  # which re.IGNORECASE takes for i
        for found in _LIKELIHOOD_WORDS.finditer(text):
            word = found[0].casefold().removesuffix("ly") if found[1] else found[0].casefold()
            negated = _NEGATED.search(text[: found.start()]) is not None
            yield Likelihood(found[0], LIKELIHOOD[word][1:], negated)

    def states(self, text: str, *, among_names: bool = False) -> bool:
        return statements.states(text, among_names=among_names)

    def knows(self, word: str, known: Collection[str]) -> bool:
        return word in known

    def opens(self, word: str) -> bool:
        return word.casefold() in _OPENERS

    def acts(self, word: str, behind: str) -> bool:
        """A noun without an article in front of a verb is a name, a plural or an uncountable."""
        return (
            _ACTING.match(behind) is not None
            and not _UNCOUNTABLE.search(word)
            and word.casefold() not in _NO_ARTICLE
            and not self.opens(word)
        )


# What a greeting, the closing of a letter and the subject of a mail are made of. No word that states anything is here.
_COURTESIES = frozenset(
    "dear hello hi greetings good day morning afternoon evening all colleague colleagues member members friend"
    " friends reader readers everyone sir sirs madam ladies gentlemen to whom it may concern a an the and or of in"
    " on at by for from with as per re about your our us me you this next regards kind kindly best warm warmly"
    " wishes yours sincerely faithfully truly respectfully thanks thank many behalf office desk department"
    " division committee team staff unit council director analyst editor researcher press policy analysis research"
    " room floor suite street avenue road building house telephone phone tel mobile fax ext extension email e mail"
    " web website call write reply contact please questions comments corrections new updated update edition"
    " version corrected correction daily weekly monthly week month today memo memorandum note brief briefing"
    " summary report attached internal confidential embargoed".split()
)

ENGLISH = English(
    locale="en-US",
    unheard=frozenset(),
    limits="",
    connectives=connectives.ENGLISH,
    courtesies=_COURTESIES,
    headings=frozenset("source sources evidence".split()),
    beside_headings=frozenset("a all and cited for in list of order our the their used use".split()),
    name_forms=re.escape,
    quotes_names=False,
    # Adding up, and comparing as if two sums were alike.
    comparing=re.compile(
        r"\b(?:total\w*|altogether|combined|in all|together|taken together|sum|sums|plus|add(?:s|ed)? up|more than"
        r"|less than|fewer than|greater|higher|lower|larger|smaller|exceed\w*|outstrip\w*|compared (?:with|to)|versus"
        r"|rose|risen|grew|fell|fallen|dropped|increase\w*|decrease\w*|shortfall|remaind\w*|difference|twice|double"
        r"|half|times)\b",
        re.IGNORECASE,
    ),
    past=re.compile(r"\s+(?:[a-z]+ed|said|thought|saw|foresaw|held|told|was|were|had)\b"),
    bare_hedge=re.compile(
        r"\bX(?:\s+(?:has|have|had|was|were|is|are))?\s+((?:reported|alleged|supposed|purported)ly)\b"
    ),
    speaks=speech.SPEAKS,
    said_that=speech.SAID_THAT,
    little=frozenset(
        "the a an of in on at to for by from with and or as that which this its it is was were are be been has have had"
        " said say says their under into than thi".split()
    ),
    ending=re.compile(r"[’']s\b|(?<=\w{3})(?:es|ed|s)\b"),
)
