"""What was sent, or would be → text for people, JSON for programs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from briefing.mail.ledger import Entry
from briefing.mail.parcels import Parcel
from briefing.mail.sending import Result
from briefing.report.visible import visible
from briefing.wording import count

__all__ = ["DRY_RUN", "drafted", "results_json", "results_text", "status_json", "status_text"]

_DRAFT_STATE = "to send"


DRY_RUN = "This was a dry run, and nothing was sent; --send sends."


def results_text(results: Sequence[Result], files: dict[str, str], *, dry: bool, end: str = "") -> str:
    """Each recipient with what became of him, below the message that he is sent."""
    lines: list[str] = []
    for parcel, group in groupby(results, lambda one: one.parcel and (one.parcel.subject, one.parcel.path)):
        told = list(group)
        first = told[0].parcel
        if parcel and first:
            lines += [*([""] if lines else []), *_message(first)]
        elif lines:
            lines.append("")
        width = max(len(_state(one, dry)) for one in told)
        who = max(len(one.recipient) for one in told)
        for one in told:
            what = files.get(one.recipient, "") if dry and one.state == "waiting" else one.why
            lines.append(f"{_state(one, dry):{width}}  {one.recipient:{who}}  {what}".rstrip())
    tally = _tally([_state(one, dry) for one in results])
    return "\n".join(map(visible, [*lines, "", ". ".join(filter(None, [tally, end]))])) + "\n"


def _message(parcel: Parcel) -> Iterator[str]:
    attached = parcel.attached
    yield f"Subject     {parcel.subject}"
    yield f"Attachment  {parcel.path} as {attached.name}, {_size(len(attached.content))}"
    yield f"            sha256:{attached.fingerprint}"


def _size(number: int) -> str:
    return f"{number / 1000:,.0f} kB" if number >= 1000 else f"{number} bytes"


def _state(one: Result, dry: bool) -> str:
    if one.state == "waiting":
        return _DRAFT_STATE if dry else "not sent"
    return one.state


def _tally(states: Iterable[str]) -> str:
    found = list(states)
    return ", ".join(f"{found.count(state)} {state}" for state in dict.fromkeys(found)) or "nobody to send to"


def results_json(audience: str, results: Sequence[Result], files: dict[str, str], *, dry: bool) -> str:
    """One object: whether it was a dry run, and each recipient."""
    return _dumped(
        {
            "audience": audience,
            "dry_run": dry,
            "messages": [
                {
                    "recipient": one.recipient,
                    "state": "ready" if dry and one.state == "waiting" else one.state,
                    "message_id": one.message_id,
                    "content": one.content,
                    "why": one.why,
                    **(_parcel_data(one.parcel) if one.parcel else {}),
                    **({"file": files[one.recipient]} if one.recipient in files else {}),
                }
                for one in results
            ],
        }
    )


def _parcel_data(parcel: Parcel) -> dict[str, object]:
    attached = parcel.attached
    return {
        "subject": parcel.subject,
        "attachment": {
            "path": str(parcel.path),
            "name": attached.name,
            "size": len(attached.content),
            "sha256": attached.fingerprint,
        },
        "size": parcel.envelope.size,
    }


# --- the ledger -----------------------------------------------------------------------------------------

_WORST_FIRST = ("unknown", "refused", "waiting", "sent")


def status_text(entries: Sequence[Entry], facts: str) -> str:
    """Who was sent what; first what somebody must look at. `facts` is the facts file beside which that is known."""
    if not entries:
        return "nothing was sent yet\n"
    lines: list[str] = []
    ordered = sorted(entries, key=lambda one: (one.audience, _WORST_FIRST.index(one.state)))
    for audience, group in groupby(ordered, lambda one: one.audience):
        told = list(group)
        who = max(len(one.recipient) for one in told)
        lines += [*([""] if lines else []), audience]
        for one in told:
            held = f"; skipped {count(one.held, 'time')} since" if one.held else ""
            state = "not sent" if one.state == "waiting" else one.state
            what = f"{one.content.removeprefix('sha256:')[:12]}  {one.reply}{held}"
            lines.append(
                f"  {state:8}  {one.recipient:{who}}  {one.at[:16].replace('T', ' ')}  {what}".rstrip()
            )
    unknown = [one for one in ordered if one.state == "unknown"]
    lines += ["", _tally("not sent" if one.state == "waiting" else one.state for one in ordered)]
    if unknown:
        again = ["briefing", "send", unknown[0].audience, "--resend", unknown[0].recipient]
        again += [*(["--facts", facts] if facts != "facts.yaml" else []), "--send"]
        lines.append(
            "unknown: it may have arrived, and is never sent again by itself; ask, then, with --list, --for, --since"
            f" and --out as it was sent: {shlex.join(again)}"
        )
    return "\n".join(map(visible, lines)) + "\n"


def status_json(entries: Sequence[Entry]) -> str:
    """`messages` that were sent, refused or are unknown, and who is `waiting`: not begun."""

    def data(one: Entry) -> dict[str, object]:
        return {
            "recipient": one.recipient,
            "state": one.state,
            "message_id": one.message_id,
            "content": one.content,
            "audience": one.audience,
            "at": one.at,
            "reply": one.reply,
            "skipped": one.held,
            "attachment": one.attachment,
        }

    return _dumped(
        {
            "messages": [data(one) for one in entries if one.state != "waiting"],
            "waiting": [data(one) for one in entries if one.state == "waiting"],
        }
    )


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def drafted(parcel: Parcel) -> Iterator[Result]:
    """What is said of a message that would be sent."""
    for stub in parcel.stubs.values():
        yield Result(stub.recipient, "waiting", stub.message_id, stub.content, "", parcel)
