"""A text → the words by which it says something without saying who holds it, how likely it is, or how sure one is.

All three look at American policy prose outside double quotation marks, and give what they find as it stands there, in
order. They know phrases, not grammar: a finding is a place to look at. Put a noun where a placeholder stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from briefing.prose import ends_in_abbreviation, opens_sentence, without_quotations
from briefing.vocabulary import LIKELIHOOD

__all__ = ["confidence_words", "hedges", "judgement_words"]


def _plain(text: str) -> str:
    """A text without its quotations, with single spaces, so that phrases are looked for as they are written below."""
    return " ".join(without_quotations(text).split())


# --- who holds it --------------------------------------------------------------------------------------------

# A part may name parts that stand below it. Verbs that are participles or nouns as well are left out where they would
# find what is no hedge: "officials charged with fraud", "experts called to testify", "some doubt remains".
_PARTS = {
    "source": "<vague>(?:reports?|sources?|officials|observers|experts|analysts|critics|rumou?rs|people|accounts"
    "|diplomats|insiders|estimates?|media|press)",
    "vague": "(?:(?:some|many|most|several|various|multiple|numerous|unnamed|anonymous|unconfirmed|media|press|news"
    "|local|recent|initial|early|other|senior|published|public|one|industry|intelligence|diplomatic|military"
    r"|administration|government|independent|outside|U\.S\.|(?-i:[A-Z])\w{1,20}(?:an|ish|ese|ern)) ){0,2}",
    "somebody's": "by|from|of|to|at|filed|published|submitted|issued",
    "some": "a number of|a growing number of|a few|some|many|most|several|others|few|various|certain|numerous",
    "holders": "<critics>|<staff>",
    "critics": "critics|opponents|supporters|proponents|advocates|skeptics|sceptics|detractors|backers|defenders"
    "|observers|commentators|pundits|insiders|activists",
    "staff": "analysts|experts|economists|scholars|sources|officials|diplomats|aides",
    "one": "source|official|diplomat|analyst|observer|expert|critic|insider|economist|aide",
    "groups": "people|residents|citizens|neighbors"
    "|lawmakers|senators|representatives|members|Republicans|Democrats|conservatives|liberals|lawyers"
    "|politicians|voters|Americans|Europeans|historians|researchers|scientists|leaders|commanders|investors",
    "says": r"say|says|said|argue[sd]?|believe[sd]?|thinks?|thought|fear(?:s|ed)?|claim(?:s|ed)?|contend(?:s|ed)?"
    "|suggest(?:s|ed)?|warn(?:s|ed)?|worry|worries|worried|expect(?:s|ed)?|maintain(?:s|ed)?|assert(?:s|ed)?"
    "|allege[sd]?|speculate[sd]?|predict(?:s|ed)?|hope[sd]?|doubt(?:s|ed)?|question|object(?:s|ed)?|insist(?:s|ed)?"
    "|complain(?:s|ed)?|wonder(?:s|ed)?|see|saw|view(?:s|ed)?|regard(?:s|ed)?|describe[sd]?|note[sd]?|anticipate[sd]?"
    "|point(?:s|ed)? (?:out|to)|caution(?:s|ed)?|conclude[sd]?|feel|felt|assume[sd]?|dispute[sd]?|forecast|tell|told"
    "|estimate[sd]?|acknowledge[sd]?|accuse[sd]?(?! of)|counter(?:s|ed)?|denounce[sd]?|criticize[sd]?|praise[sd]?"
    "|condemn(?:s|ed)?|agreed? that|call|called (?:it|for|on|the|this)",
    "say": "say(?! (?:in|over|on) )|said|argued?|believed?|think|thought(?! leader)|contend|suggest|warn(?:ed)?|assert"
    "|allege|speculate|predict|insist(?:ed)?|expect|wonder|complain|caution|(?:claim|hope|maintain|feel) that"
    "|doubt (?:that|whether)|question (?:whether|the|its|why|how)|fear(?! (?:of|among|and|in) )"
    "|worry(?! (?:among|in|over|remains) )|(?:see|view|regard) (?:it|this|that|the|an?|these|those)",
    "of them": r"(?: (?:of|in|on|within|inside|among|across)(?: [\w’'-]{1,25}){1,5}?)?",
    "worries": "fears?|concerns?|doubts?|worry|worries|suspicions?|questions|speculation|reports|rumou?rs|allegations"
    "|accusations|claims|complaints|objections",
    "growing": "(?:(?:some|many|growing|mounting|widespread|serious|increasing|new|persistent|unconfirmed) ){0,2}",
    "agreement": "(?:broad|wide|widespread|general|growing|strong) (?:agreement|consensus|belief|sense|expectation)",
    "judged": "described|criticized|hailed|portrayed|characterized|labell?ed|branded|praised|condemned|denounced"
    "|faulted|accused|blamed|credited|likened|lauded",
    "seen": "seen|viewed|regarded|perceived",
    "thought": "said|believed|thought|understood|alleged|expected|assumed|estimated|projected|anticipated|forecast"
    "|feared|claimed|suspected|rumou?red|considered|hoped",
    "widely": "widely|commonly|generally|popularly|broadly|often|frequently|largely",
    # "… by the Senate" and "… by X" within reach: then somebody does hold it.
    "by nobody": r"(?!\w)(?![^.;]{0,80}\bby (?:the |an? )?(?-i:[A-Z]))",
    # Whom something can be said to: "is said to reporters" is no hedge, "is said to favor" is one.
    "whom": "(?:the|an?|its|their|his|her|our|this|that|these|those|both|all|each|every|any|reporters|lawmakers|staff"
    r"|members|officials|investigators|authorities|regulators)(?!\w)|(?-i:[A-Z])|\d",
    "is": "is|are|was|were|be|been|being|(?:is|are|was|were)n['’]t",
    "ly": r"(?:(?:\w{1,20}ly|also|now|still|often|even|already|long|not|never|far|so|too|much) ){0,2}",
}


def _any_of(phrases: str) -> str:
    """A pattern out of phrases on lines, each `<part>` put in."""
    pattern = "|".join(line.strip() for line in phrases.strip().splitlines())
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"<{name}>", f"(?:{part})")
    return pattern


_NOBODY = _any_of(
    r"""
    reportedly|allegedly|supposedly|purportedly|reputedly|apparently|presumably|seemingly|ostensibly|arguably
    rumou?red|rumou?rs? (?:that|ha[sv]e?|says?|suggests?|persists?)
    <some> <ly><say>
    <some>(?: [\w.’'-]{1,25}){0,2}? (?:<holders>|<groups>)<of them> <ly><says>
    <critics><of them> <ly><says>
    <some> (?:of|in|on|within) (?:[\w’'-]{1,25} ){1,4}?<ly><say>
    (?:people|persons?|those|sources?|officials?|somebody|someone) (?:familiar with|close to|briefed on)
    on condition of anonymity|speaking anonymously
    according to <source>(?!\w)(?! <somebody's> )
    there (?:is|are|was|were|have been|has been|remains?) <growing><worries> (?:that|about|over|as to|whether|of|for)
    according to (?:some|many|most|others|several)(?! (?:of the |of its |of his |of her )?[A-Z0-9])
    rumou?rs? (?:has|had) it(?: that)?
    unconfirmed <worries>
    there (?:is|was|has been) (?:a )?<agreement> (?:that|among|about)
    (?:amid|amidst) <growing><worries>(?: (?:that|about|over|of))?
    <worries> (?:have been|has been|had been|were|was) <ly>(?:raised|expressed|voiced)<by nobody>
    (?:could|can|may|might) <ly>be <ly>(?:<seen>|interpreted) as
    (?:has|have|had) been <ly><judged><by nobody>
    <is> <ly>(?:described|portrayed|characterized|hailed) as<by nobody>
    <is> <ly>(?:accused of|blamed for|credited with)<by nobody>
    conventional wisdom|(?:the|a) (?:general|prevailing|common|widespread) (?:view|belief|assumption|perception)
    in the (?:eyes|view|opinion) of (?:many|some|most|others|<holders>)
    """
)
# Passed on by somebody: "according to X" in the same sentence says by whom.
_PASSED_ON = _any_of(
    r"""
    it (?:can|could|may|might|is|was|has been|had been) <ly>(?:be )?(?:<thought>|argued|reported|suggested) that
    it (?:is|was) <ly>(?:believed|thought|feared|hoped|expected|assumed)(?! to )
    it (?:would )?(?:appears?|appeared|seems?|seemed) that
    <is> <ly><thought> to(?! <whom>)
    <is> <ly>reported to (?:be|have)
    <is> <ly><seen> as<by nobody>
    (?:is|are|was|were|been) <ly>considered (?:an?|the|one of|by (?:many|some|most|<holders>))
    <widely> (?:<thought>|<seen>|acknowledged|held|recognized|credited|blamed)<by nobody>
    (?:appears?|appeared|seems?|seemed) <ly>to (?:be|have)
    """
)
# Who is somebody behind a name ("GAO analysts say", "an FBI official said"), and nobody without one.
_STAFF = _any_of(
    r"""
    <staff><of them> <ly><says>
    (?:an?|one) (?P<role>(?:[\w.’'-]{1,25} ){0,2}?)<one> <ly><says>
    """
)
# "Reports suggest" is nobody's, "the reports suggest" and "GAO reports suggest" are somebody's.
_REPORTS = _any_of(r"<vague>reports <ly>(?:say|said|suggest(?:ed)?|indicated?|claim(?:ed)?|alleged?)")
_HEDGE = re.compile(
    rf"(?<![\w-])(?:(?P<nobody>{_NOBODY})|(?P<passed_on>{_PASSED_ON})|(?P<staff>{_STAFF})|(?P<reports>{_REPORTS}))(?!\w)",
    re.IGNORECASE,
)


def hedges(text: str) -> list[str]:
    """The phrases by which sentences say something without saying who holds it.

    "reportedly", "is said to", "some say", "critics of the bill increasingly fear", "questions have been raised". Not
    what has a holder: "according to the State Department", "GAO analysts say", "economists at the Federal Reserve
    expect", "concerns were raised by X". A critic or source without a name is nobody, of whatever house or party.
    """
    plain = _plain(text)
    found = list(_HEDGE.finditer(plain))
    attributed = _attributed(plain, found)
    return [match[0] for match in found if match not in attributed and _has_no_holder(match, plain)]


def _attributed(text: str, found: list[re.Match[str]]) -> set[re.Match[str]]:
    """What is passed on in sentences with an "according to" that is no hedge itself."""
    hedged = {match.start() for match in found}
    named = [match.start() for match in _ACCORDING.finditer(text) if match.start() not in hedged]
    ends = _sentence_ends(text) if named else []
    sentences = {bisect_right(ends, place) for place in named}
    return {match for match in found if match["passed_on"] and bisect_right(ends, match.start()) in sentences}


def _sentence_ends(text: str) -> list[int]:
    return [
        end.end()
        for end in re.finditer(r"[.?!…][\"”’»)\]]* ", text)
        if not ends_in_abbreviation(text[max(0, end.start() - 40) : end.start() + 1])
    ]


def _has_no_holder(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 80) : match.start()]
    if match["staff"]:
        return not any(map(_is_name, (match["role"] or _word_before(before)).split()))
    return not match["reports"] or opens_sentence(before) or _CLAUSE.search(before) is not None


_ACCORDING = re.compile(r"\b(?:according to|in the (?:view|judgment|estimate) of)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:,|\b(?:and|but|while|that|as|although)) $")
_WORD_BEFORE = re.compile(r"([\w’'&-]+|U\.[SK]\.) $")
# Capitalized words that name no institution: at the head of a sentence, of a nation or party, of a day.
_NO_NAME = re.compile(
    r"(?:some|many|most|several|few|other|senior|junior|top|former|current|recent|independent|prominent|unnamed|outside"
    r"|defense|defence|intelligence|government|administration|industry|health|trade|budget|state|city|county|party"
    r"|but|and|yet|while|whereas|although|though|as|because|however|still|when|if|that|the|these|those|its|their|both"
    r"|\w+(?:ive|al|ic|ern|ish|ese|an|ary|day)|French|Dutch|Greek|Swiss|Czech|Iraqi|Israeli|Saudi|Democrat|GOP"
    r"|January|February|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|U\.[SK]\.|US|UK|EU|.*['’]s)",
    re.IGNORECASE,
)


def _word_before(before: str) -> str:
    found = _WORD_BEFORE.search(before)
    return found[1] if found else ""


def _is_name(word: str) -> bool:
    return word[:1].isupper() and _NO_NAME.fullmatch(word) is None


# --- how likely, and how sure --------------------------------------------------------------------------------

_DEGREE = r"(?:(?:very|highly|most|more|less|quite|extremely|fairly|rather|increasingly|so|too) )?"
# "How likely", "as likely as not" and "three times more likely" ask, test or count; they judge nothing.
_JUDGES = "".join(rf"(?<!\b{word} )" for word in "how as times twice percent half equally more less".split())
_TERMS = r"(?! (?:voters?|cause|maximum|reserves?|carcinogen\w*|cases?)\b|-cause\b)"
# A place can be remote, too; a chance is meant where one is named.
_CHANCE = "chances?|possibility|likelihood|prospects?|odds|risk"
_PHRASES = "|".join(sorted((word for word in LIKELIHOOD if " " in word), key=len, reverse=True))
_JUDGEMENT = re.compile(
    rf"\b(?:{_PHRASES}|more likely than not(?! (?:standard|test|threshold))"
    rf"|{_JUDGES}{_DEGREE}(?:un)?likely{_TERMS}(?![^.;]{{0,80}} than\b)|{_JUDGES}{_DEGREE}(?:im)?probable{_TERMS}"
    rf"|(?:most |very )?probably{_TERMS}|improbably|(?:almost|nearly|virtually) certain(?:ly)?"
    r"|(?:will|would|shall|must|can|could|may|has|have|had|is|are|was|were) certainly"
    r"|certainly (?:will|would|is|are|was|were|has|have|had)"
    r"|(?:is|are|was|were|seems?|looks?|appears?) (?:certain|bound|sure) to|undoubtedly|doubtless|without (?:a )?doubt"
    r"|perhaps|maybe|possibly|presumably|conceivably|arguably"
    rf"|(?:about|better than|less than) even (?:chances?|odds)|an even chance"
    rf"|(?:no|little|slim|fair|good|strong) chance|in all (?:likelihood|probability)|(?:chances|odds) are"
    rf"|remote (?:{_CHANCE})"
    rf"|(?:{_CHANCE})(?: [\w’'-]{{1,25}}){{0,6}}? (?:is|are|was|were|remains?|seems?)(?: \w+ly| very)?"
    r" (?P<word>remote))\b",
    re.IGNORECASE,
)


def judgement_words(text: str) -> list[str]:
    """The words of likelihood in a text, each with its degree: those of ICD 203, and "probably" and their like.

    Not what only sounds like one: "likely voters", "probable cause", "how likely", "twice as likely", "remote areas".
    """
    if not _OF_JUDGEMENT.search(text):
        return []
    return [found["word"] or found[0] for found in _JUDGEMENT.finditer(_plain(text))]


# In every such phrase; to look for these first costs a tenth.
_OF_JUDGEMENT = re.compile(
    "likel|probab|certain|chance|odds|remote|doubt|bound to|sure to|perhaps|maybe|possibly|presum|conceiv|arguabl",
    re.IGNORECASE,
)


_LEVEL = "low|moderate|medium|high"
_CONFIDENCE = re.compile(
    rf"\b(?:(?:very |extremely )?(?:{_LEVEL})(?:(?: to |-to-| or )(?:{_LEVEL}))?(?: degree of| level of)?[ -]confidence"
    r"|with (?:(?:great|greater|full|complete|considerable|some|little|limited|reasonable|utmost|any|absolute|more|less"
    r"|sufficient) )?confidence"
    r"|(?:highly|very|fairly|quite|extremely|moderately|reasonably|less|more|not) confident|confident that"
    r"|(?:is|are|was|were) (?:certain|sure) that)"
    r"\b(?! (?:intervals?|levels?|limits?|bands?|bounds?|votes?|motions?))",
    re.IGNORECASE,
)


_OF_CONFIDENCE = re.compile("confiden|certain that|sure that", re.IGNORECASE)


def confidence_words(text: str) -> list[str]:
    """The words in a text that say how sure somebody is of a judgement: "high confidence", "highly confident".

    Not consumers' confidence, a vote of no confidence or a confidence interval.
    """
    if not _OF_CONFIDENCE.search(text):
        return []
    return [found[0] for found in _CONFIDENCE.finditer(_plain(text))]
