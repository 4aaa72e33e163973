"""Verbs, and a few nouns, by which somebody says, judges or demands something."""

from __future__ import annotations

import re

__all__ = ["says_so"]

# In any form; and what else can stand between a speaker and what is said.
_REPORTING = re.compile(
    r"\b(?:accord|accus|acknowledg|add|admit|advis|agre|alleg|announc|answer|argu|ask|assert|assess|assum|believ|blam|call|cit|claim"
    r"|compar|conclud|confirm|consider|contend|count|critici|declar|declin|defin|demand|den[iy]|describ|dismiss|doubt|emphasi|estimat"
    r"|expect|explain|express|fear|find|forecast|found|giv|gave|highlight|hold|held|hope|identif|impl|infer|insist|interpret|judg|list"
    r"|maintain|mention|nam|not[ei]|oppos|point|portray|prais|predict|present|pledg|promis|propos|put|question|quot|rais|read|reckon"
    r"|refus|regard|reject|remark|repl|report|requir|reserv|rul|sa[iy]|saw|see|sets?|stat|stress|suggest|support|take|told|tell|think"
    r"|anticipat|calculat|caution|conced|condemn|deem|determin|disclos|endors|favor|hail|object|observ|prefer|project|recommend"
    r"|apologi[sz]|attribut|back(?:s|ed|ing)?\b|credit|designat|foresee|foresaw|instruct|invok|link|look|offer|order|plan"
    r"|rank|request|respon[ds]|review|show|signal|suspect|testif|thank|threaten|trac(?:e|ing)"
    r"|(?<=[’']s )(?:account|analysis|baseline|estimate|forecast|judgment|projection|report|view|words)"
    r"|thought|took|treat|underlin|underscor|urg|view|vow|want|warn|welcom|writ|wrote|frame|framing|rate|rating|ties|tied|sees)\w*\b",
    re.IGNORECASE,
)


def says_so(text: str) -> bool:
    """Whether a verb of saying, judging or demanding stands in a text."""
    return _REPORTING.search(text) is not None
