"""Verbs, and a few nouns, by which somebody says, judges or demands something."""

from __future__ import annotations

import re

__all__ = ["SAID_THAT", "SPEAKS", "says_so"]

# Words that are verbs of saying in every form.
_VERBS = (
    "accuse acknowledge admit advise agree allege announce answer anticipate apologize apologise argue"
    " ask assert assess assume attribute believe calculate caution cite compare compute concede conclude condemn"
    " confirm consider contend criticize criticise declare decline deem define deny describe determine"
    " disclose dismiss doubt emphasize emphasise endorse estimate expect explain express favor fear hail"
    " hope identify imply infer insist instruct interpret invoke maintain mention observe oppose portray"
    " praise predict prefer promise propose quote recommend reckon refuse regard reject remark reply"
    " require respond say stress suggest suspect testify thank threaten treat underline underscore urge"
    " vow warn welcome write demand blame highlight credit designate pledge present voice reiterate"
    " reaffirm affirm foresee think find know understand imagine call liken speak intend protest complain"
    " dispute deplore lament wonder laud tweet campaign"
).split()
# Words that are nouns as well: "the plan", "two orders". They count with a speaker or a clause beside them.
_NOUNS_TOO = (
    "account add back claim count forecast frame give hold judge link list look name note object offer"
    " order plan point project put question raise rank rate read report request reserve review rule see"
    " set show signal state support take tell tie trace value view want"
).split()
_IRREGULAR = (
    "said thought told held gave found saw foresaw wrote took put read set meant felt knew understood"
    " written taken given seen foreseen forecast known"
).split()
# What stands in a text for somebody: a noun for a placeholder, or what is left of one in a claim.
_SOMEBODY = "[X\ufdd3\ufdd4]"
_NOUNS = (
    "account|analysis|assessment|baseline|conclusion|estimate|expectation|forecast|judgment|judgement|opinion|projection"
    "|report|statement|view|words"
)


def _forms(verb: str) -> tuple[list[str], list[str]]:
    """The forms of a verb that are those of a noun, too, and the others: [claim, claims], [claimed, claiming]."""
    if verb.endswith("e"):
        return [verb, f"{verb}s"], [f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in "aeou":
        return [verb, f"{verb[:-1]}ies"], [f"{verb[:-1]}ied", f"{verb}ing"]
    ending = "es" if verb.endswith(("s", "sh", "ch", "x")) else "s"
    doubled = (
        [f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
        if verb in ("admit", "infer", "plan", "set", "put")
        else []
    )
    return [verb, f"{verb}{ending}"], [f"{verb}ed", f"{verb}ing", *doubled]


_ALWAYS = [form for verb in _VERBS for forms in _forms(verb) for form in forms]
_ALWAYS += [
    form for verb in _NOUNS_TOO for form in _forms(verb)[1] if verb not in ("rule", "back", "project")
]
_BESIDE = [form for verb in _NOUNS_TOO for form in _forms(verb)[0]]
_ALWAYS += [word for word in _IRREGULAR if word not in ("set", "put", "read", "forecast")]
_BESIDE += ["set", "put", "read", "backed", "ruled", "ruling", "projected", "backing"]

_REPORTING = re.compile(
    rf"\b(?:{'|'.join(sorted(_ALWAYS, key=len, reverse=True))}|according\sto|in\sthe\sview\sof|does\snot|apolog\w+)\b"
    # "X plans", "X, it adds,", "the article does not put it"; "reports that", "questions whether"
    rf"|(?:{_SOMEBODY}|\b(?:who|which|it|he|she|they|we|also|not|to|would|will|has|have|had|\w+ly))"
    rf"(?:[’']s)?,?\s(?:{'|'.join(sorted(_BESIDE, key=len, reverse=True))})\b"
    rf"|\b(?:{'|'.join(sorted(_BESIDE, key=len, reverse=True))})\s(?:that|whether|how|what|why|{_SOMEBODY})(?!\w)"
    r"|\b(?:is|are|was|were|remains?|be)\s(?:\w+\s)?"
    r"(?:confident|skeptical|sceptical|convinced|certain|sure|doubtful|hopeful|opposed)\b"
    rf"|(?<=[’']s )(?:\w+\s)?(?:{_NOUNS})\b|\b(?:{_NOUNS})\s(?:of|by)\s{_SOMEBODY}"
    # "For X, the closure is a gift."
    rf"|(?:^|(?<=[;,]\s))(?:for|to)\s{_SOMEBODY},",
    re.IGNORECASE,
)


def says_so(text: str) -> bool:
    """Whether a verb of saying, judging or demanding stands in a text.

    Forms that are nouns as well (plan, report, states) count beside a speaker or in front of a clause: "X plans", "the
    report states that". Whose verb it is, is not looked at.
    """
    return _REPORTING.search(text) is not None


# Verbs with which words are put into a mouth; "expects" and "backs" are none.
_SAYING = (
    "said|says|told|tells|called|calls|wrote|writes|stated|states|argued|argues|claimed|claims|warned|warns|added|adds"
    "|insisted|insists|replied|replies|asserted|asserts|testified|testifies|remarked|noted|notes|alleged|alleges"
    "|declared|declares|complained|complains"
)
SPEAKS = re.compile(
    rf"\bX,?\s(?:(?:has|have|had|also|later|then|\w+ly)\s){{0,2}}(?:{_SAYING})\b|\b(?:{_SAYING})\s(?:(?:Mr|Ms|Mrs|Dr|Sen|Rep)\.\s)?X\b"
)
"""Somebody, as X, who says something: `X later said`, `said Mr. X`."""

SAID_THAT = re.compile(
    r"\b(?:said|says|stated|states|claimed|claims|alleged|alleges|argued|argues|insisted|insists|warned|warns"
    r"|asserted|asserts|complained|complains)\sthat\b"
)
"""That somebody said something, whoever it is."""
