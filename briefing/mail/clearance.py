"""A built brief → every reason why it may not be sent, each with the command that settles it."""

from __future__ import annotations

import datetime
import re
import shlex
from collections.abc import Iterator, Sequence

from briefing.build import Press, build
from briefing.dates import instant
from briefing.errors import Level, Location, Problem
from briefing.letterhead import Letterhead
from briefing.lookalikes import plain
from briefing.mail.addresses import Address
from briefing.mail.errand import Errand
from briefing.mail.settings import FORMATS, MailSettings
from briefing.outcome import Outcome, Report, Wish
from briefing.project import Project
from briefing.reviews import SUSPECT
from briefing.selection import check_audiences

__all__ = ["build_command", "errors_of", "held_back", "refusals", "resend_command", "would_build"]

_WHERE = "templates/house/house.yaml, or the contract of the audience"
# In the languages of the house.
_DRAFT = re.compile(r"\b(?:draft|чернетка|проєкт|проект)\w*", re.IGNORECASE)
# "D R A F T", "D_R_A_F_T", "predraft"; all but letters and digits aside.
_DRAFT_IN_ANY_FORM = ("draft", "чернетк", "чорнов")
_EMBARGO = re.compile(r"\b(?:embargo|ембарго|не для оприлюднення)\w*", re.IGNORECASE)


def would_build(project: Project, errand: Errand, press: Press) -> Report:
    """What a build would do now: nothing, if what stands there is byte for byte what it would make.

    What is remembered of an earlier build is not believed: it may have come with the files, from a stranger.
    """
    wish = Wish(
        [errand.audience],
        errand.out,
        [errand.format],
        check=True,
        force=True,
        recipients=errand.table,
        since=errand.since,
    )
    return build(project, wish, press)


def refusals(project: Project, errand: Errand, report: Report) -> Iterator[Problem]:
    """Errors of `check`, wherever they are, and files that are not what the facts give."""
    errors = errors_of([*report.problems, *check_audiences(project).problems])
    yield from errors
    if any(problem.rule == SUSPECT for problem in errors):
        message = (
            f"a claim was not read since a fact under it changed; run: briefing review {errand.audience}"
        )
        yield _problem(message, "mail-suspect", Location(errand.audience))
    wanted = {reader.slug for reader in errand.readers}
    for outcome in report.outcomes:
        ours = outcome.recipient in wanted and outcome.format == errand.format
        told = outcome.status == "failed" and errors  # for these reasons
        if ours and outcome.status != "current" and not told:
            message = f"{_standing(outcome)}; run: {build_command(project, errand)}"
            yield _problem(message, "mail-stale", Location(str(outcome.path)))


def held_back(
    project: Project, errand: Errand, paper: Letterhead, now: datetime.datetime
) -> Iterator[Problem]:
    """Whether what is printed on it lets it go out at all."""
    about = Location(errand.audience)
    draft = _DRAFT.search(paper.marking)
    # As it stands, and as it looks: "DRΑFT" with a Greek Alpha.
    forms = [re.sub(r"[\W_]", "", text).casefold() for text in (paper.marking, plain(paper.marking))]
    if draft or any(word in form for word in _DRAFT_IN_ANY_FORM for form in forms):
        gone = draft[0] if draft else paper.marking
        message = (
            f"is marked “{paper.marking}”: when it is done, take “{gone}” out of the marking ({_WHERE}),"
            f" and run: {build_command(project, errand)}"
        )
        yield _problem(message, "mail-draft", about)
    if not paper.embargo and _EMBARGO.search(paper.marking):
        message = (
            f"is marked “{paper.marking}”, and nobody can tell when that ends: write the moment in its place, as in"
            f" embargo: 2026-01-28T06:00-05:00 ({_WHERE}), and run: {build_command(project, errand)}"
        )
        yield _problem(message, "mail-embargo", about)
    if paper.embargo and now < instant(paper.embargo):
        wait = _in_words(instant(paper.embargo) - now)
        message = f"is under embargo until {paper.embargo}, {wait} from now; run this again then"
        yield _problem(message, "mail-embargo", about)


def build_command(project: Project, errand: Errand) -> str:
    """The command that makes the files anew."""
    parts = ["briefing", "build", errand.audience]
    parts += ["--format", errand.format] if errand.format not in ("pdf", "md") else []
    parts += ["--for", errand.table.path] if errand.table else []
    parts += ["--since", errand.since.snapshot.name] if errand.since else []
    parts += ["--facts", str(project.path)] if str(project.path) != "facts.yaml" else []
    parts += ["--out", str(errand.out)] if errand.out != project.folder / "out" else []
    return shlex.join(parts)


def resend_command(
    project: Project, settings: MailSettings, errand: Errand, one: Address, *, from_list: bool
) -> str:
    """The command that sends the same file to the same reader once more; `from_list`: he is on the errand's list."""
    listed = errand.of_list if from_list else None
    parts = ["briefing", "send", errand.audience]
    if listed:
        parts += ["--list", listed.name, "--resend", one.address]
    elif errand.table:
        parts += ["--for", errand.table.path, "--resend", one.address]
    elif any(
        other.table or one.key in (to.key for to in other.to)
        for other in settings.lists.values()
        if other.audience == errand.audience
    ):  # it would go as from a list that he is on
        parts += ["--to", str(one), "--resend", one.address]
    else:
        parts += ["--resend", str(one)]
    usual = listed.format if listed else FORMATS[0]
    parts += ["--format", errand.format] if errand.format != usual else []
    parts += ["--since", errand.since.snapshot.name] if errand.since else []
    parts += ["--facts", str(project.path)] if str(project.path) != "facts.yaml" else []
    parts += ["--out", str(errand.out)] if errand.out != project.folder / "out" else []
    parts += ["--outbox", errand.outbox] if errand.outbox else []
    return shlex.join([*parts, "--send"])


def errors_of(problems: Sequence[Problem]) -> list[Problem]:
    return [one for one in problems if one.level is Level.ERROR]


def _standing(outcome: Outcome) -> str:
    if outcome.why in ("is missing", "new"):
        for_table = not outcome.recipient and (outcome.path.parent / outcome.path.stem).is_dir()
        return f"is not there{' (of what was built for a table, say --for)' if for_table else ''}"
    return f"is not what a build makes of the facts now ({outcome.why})"


def _in_words(wait: datetime.timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else rest, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"


def _problem(message: str, rule: str, at: Location) -> Problem:
    return Problem(at, Level.ERROR, message, rule)
