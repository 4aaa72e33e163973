"""Numbers that are parts of names: "Article 5", "GAO-24-107232", "the 118th Congress", "22 U.S.C. 2778", "F-16"."""

from __future__ import annotations

import re

from briefing.currencies import CODES, NAME
from briefing.typeddates import MONTHS

__all__ = ["without_designations", "without_references", "without_years"]

# Words that a number follows as part of a name. Those that are also plain words ("part", "line") only with a capital.
_NOUNS = (
    "Act|Acts|Agreement|Airbus|Amendment|Amendments|Annex|Annexes|Appendix|Article|Articles|Bill|Boeing|Box|Building|Bulletin|Case|Category|Chapter"
    "|Chapters|Class|Clause|Clauses|Code|Convention|Decision|Decree|Directive|District|Docket|Document|Exhibit|Figure|Figures|File|Firmware|Flight|Form"
    "|Footnote|Goal|Goals|Grade|Group|Highway|Instruction|Interstate|Item|Items|Law|Laws|Level|Line|Local|Memorandum|Note|Notice|Number|Opinion|Option"
    "|Order|Ordinance|Ordinances|Page|Pages|Paper|Paragraph|Paragraphs|Part|Parts|Phase|Pillar|Point|Principle|Proclamation|Proposition|Protocol"
    "|Question|Reactor|Recommendation|Regulation|Report|Resolution|Resolutions|Room|Round|Route|Rule|Rules|Schedule|Section|Sections|Series"
    "|Sidebar|Stage|Standard|Step|Steps|Suite|Table|Tables|Target|Terminal|Tier|Title|Titles|Track|Treaty|Unit|Version|Vol|Volume|Ward"
)
_ABBREVIATED = r"No|Nos|Art|Arts|Sec|Ch|Para|Vol|Fig|Pub\. L|P\.L|H\.R|S|E\.O|Res|Doc|Rept|pp?|fn|Stat|Reg"
_LOWER = (
    "article|articles|section|sections|paragraph|paragraphs|chapter|chapters|clause|clauses|page|pages|footnote|annex"
    "|table|tables|figure|figures|step|steps|grade|title|rule|item|note|number|lot|firmware|version|versions"
)
# "USD5" is an amount.
_CURRENCY_CODES = "|".join(sorted(CODES))
# "about-500 people" has no name in it.
_QUALIFYING_WORDS = (
    "about over under nearly almost around roughly some above below exactly only just least most than to"
)
_QUALIFYING = rf"(?i:{'|'.join(_QUALIFYING_WORDS.split())})"
_CITED_LAW = r"\d+\s+(?:U\.S\.C\.|USC\b|C\.F\.R\.|CFR\b|Stat\.|FR\b|Fed\. Reg\.|F\.\dd|U\.S\.)"
# Told apart by how they begin: most places in a text are within a word, and are left at the first letter.
_OF_LETTERS = (
    # "Article 5", "Articles 5 and 6", "Section 614(a)", "Title IX" needs nothing, "Resolution 2202 (2015)"
    rf"(?<!\.)(?:{_NOUNS}|{_LOWER}|(?:{_ABBREVIATED})\.)"
    rf"\s*(?:No\.\s*)?[\d.:/–-]*\d[\w()./–-]*(?:(?:,\s*|,?\s+(?:and|or|to|through)\s+)(?!{_CITED_LAW})\d[\w()./–-]*)*"
    # "F-16", "GAO-24-107232", "COVID-19", "LSB11048", "G7", "Su-27s"; bounded: else "a.a.a.…" takes quadratic time
    rf"|(?!(?:{_CURRENCY_CODES})\d|(?:{_QUALIFYING})-\d)[A-Za-z][\w.]{{0,30}}(?:[-–/]\w{{1,30}}){{0,5}}[-–/]?\d\w*(?:[-–/.]\w+)*"
    # "Article XII(3)"; "the Group of Seven"
    r"|[IVXLC]+(?:\(\w{1,4}\))+|Big (?:Ten|Twelve)\b|Group of (?:Five|Seven|Eight|Ten|Twelve|Twenty|\d+)\b"
)
_OF_DIGITS = (
    # "22 U.S.C. 2778", "31 C.F.R. part 587", "136 Stat. 49", "88 Fed. Reg. 1234"; "118th", "2nd"
    rf"{_CITED_LAW}(?:\s*§*\s*(?:part\s+)?\d[\w().–-]*)?|\d+(?:st|nd|rd|th)\b"
    # "5G"; but "$5B" and "500M" are amounts
    r"|(?<![$€£¥₴₽₹₩.,])\d+(?!(?:[MBT]|MM|[BM]n)\b)[A-Z]\w*(?:[-–/]\w+)*"
    # the time of day: "3 p.m.", "10:30"
    r"|\d{1,2}(?::\d\d){1,2}(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\b\.?"
)
_DESIGNATION = re.compile(
    rf"\b(?:(?=[A-Za-z])(?:{_OF_LETTERS})|(?=\d)(?:{_OF_DIGITS}))"
    # "§ 5"; "9/11", as a day that is a name
    r"|[§¶#]+\s*[\d.–-]*\d[\w().–-]*|(?<![\d/])9/11(?![\d/])|[’'‘]\d\d(?:s|(?=\s))"
)
# Without one of these no text has such a name; most have none.
_OF_DESIGNATIONS = re.compile(r"[\d(]|Group of |Big T")
# "2022", "the 1990s", "2022–2025", "fiscal year 2024", "FY2024", "FY24"
_YEARS = re.compile(
    r"\b(?:FY\s?(?:\d\d){1,2}|(?:1[5-9]|20)\d\ds?(?:[–/-](?:\d{4}|\d\d))?)(?![\d,]*\d)(?!\.\d)", re.IGNORECASE
)
# "killed 2000 people" counts them; "the 2022 deaths", "in 2022 voters", "Ukraine’s 2024 soldiers" do not.
_COUNTED = re.compile(
    r"\s(?:people|persons|men|women|children|boys|girls|soldiers|troops|civilians|victims|refugees|prisoners|workers|jobs"
    r"|employees|residents|citizens|voters|votes|members|students|teachers|patients|families|households|homes|houses"
    r"|cars|trucks|vehicles|tanks|planes|aircraft|drones|missiles|shells|rounds|tons|tonnes|miles|kilometers|km|meters|feet"
    r"|acres|hectares|dollars|euros|deaths|lives|casualties|injuries|cases|times|hours|days|weeks|bribes|bodies)\b"
)
_DATING = re.compile(
    r"(?:^|[’']s?|\b(?:the|its|their|his|her|our|this|that|these|those|in|since|of|from|by|until|till|to|through|during|before"
    r"|after|for|between|and|or|year|years|early|late|mid|fiscal|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|spring|summer|fall|autumn|winter|\d{1,2},?))[\s-]$|[–/(-]$",
    re.IGNORECASE,
)


# "$2000", "USD 2000"; "2000 euros", but "in 2000 dollars".
_MONEY_BEFORE = re.compile(rf"(?:[$€£¥₴₽₹₩]|\b(?:{_CURRENCY_CODES}))\s?$")
_MONEY_BEHIND = re.compile(rf"\s(?:(?:{NAME}s?|{_CURRENCY_CODES})\b)", re.IGNORECASE)
_CONSTANT = re.compile(r"\b(?:in|constant|real|of)\s$", re.IGNORECASE)
# "has 2010 pumps" counts them; "at 2010 levels", "NDAA 2024 requires" do not.
_PLURAL = re.compile(
    r"\s(?!(?:levels|prices|elections?|figures|estimates|rates|values|terms|standards|budgets)\b)[a-z]{2,}[a-rt-z]s\b"
)
_COUNTING = re.compile(r"(?:^|[^\w’'-])(?!(?:at|than|under|per|versus|vs|with|on)\s)[a-z][a-z’'-]*\s$")


def _is_year(found: re.Match[str]) -> bool:
    if len(found[0]) != 4:
        return True
    text, end = found.string, found.end()
    before = text[max(0, found.start() - 14) : found.start()]
    if _MONEY_BEFORE.search(before):
        return False
    if _MONEY_BEHIND.match(text, end):
        return _CONSTANT.search(before) is not None
    counted = _COUNTED.match(text, end) or (_PLURAL.match(text, end) and _COUNTING.search(before))
    return not counted or _DATING.search(before) is not None


def without_designations(text: str) -> str:
    """The text without the numbers in names of articles, acts, documents, weapons, groups, and times of day."""
    return _DESIGNATION.sub(" ", text) if _OF_DESIGNATIONS.search(text) else text


def without_years(text: str) -> str:
    """The text without years, and spans of years; "killed 2000 people" has none. Of 2026-04-02 it leaves the day."""
    return _YEARS.sub(lambda found: " " if _is_year(found) else found[0], _ISO.sub(_without_year, text))


_ISO = re.compile(r"(?<![\w-])\d{4}-(0[1-9]|1[0-2])-(\d\d)(?![\w-])")


def _without_year(iso: re.Match[str]) -> str:
    return f"{MONTHS[int(iso[1]) - 1]} {int(iso[2])}"


_REFERENCE = re.compile(
    r"\b(?:the|these|those|all|its|their|his|her|our|any|each|every)\s+(?:(?:last|first|next|other|same|latter|former)\s+)?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten)\b(?![-\s](?:hundred|thousand|million|billion|trillion|percent|thirds?|dollars))",
    re.IGNORECASE,
)
# In every reference; to look for these first costs a quarter.
_SMALL_NUMBER = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b")


def without_references(text: str) -> str:
    """The text without small numbers that refer back to what was counted: "the last two", "these three acts"."""
    return _REFERENCE.sub(" ", text) if _SMALL_NUMBER.search(text.lower()) else text
