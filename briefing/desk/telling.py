"""What is shown → JSON for the page's script."""

from __future__ import annotations

import json

from briefing.cards import Card, Passage
from briefing.desk.board import Shown, View
from briefing.errors import Location, Problem
from briefing.report.data import problem_data
from briefing.report.order import counts, worst_first

__all__ = ["cards_json", "state_json"]

# A browser shows no more in a list that anybody reads; the terminal has them all.
_MOST_PROBLEMS = 500


def state_json(shown: Shown, run: str) -> str:
    """On one line. `run` is another whenever the tool was started anew."""
    worst = worst_first(shown.problems)
    return _json(
        {
            "run": run,
            "title": shown.title,
            "building": shown.is_building,
            "why": shown.why,
            "briefs": [
                {
                    "name": view.name,
                    "title": view.title,
                    "version": view.version,
                    "current": view.is_current,
                }
                for view in shown.views
            ],
            "more": shown.more,
            "counts": counts(worst),
            "problems": [_problem(problem) for problem in worst[:_MOST_PROBLEMS]],
        }
    )


def cards_json(view: View) -> str:
    """`{id: card}`, for all facts of a brief."""
    return _json({id: _card(card) for id, card in view.cards.items()})


def _problem(problem: Problem) -> dict[str, object]:
    """As `check` has it, with the id of the fact that it is about, where it is about one."""
    fact = problem.subject[1] if problem.subject[:1] == ("facts",) and len(problem.subject) > 1 else ""
    return {**problem_data(problem), "fact": fact}


def _card(card: Card) -> dict[str, object]:
    return {
        "id": card.id,
        "kind": card.kind,
        "status": card.status,
        "why": card.why,
        "text": card.text,
        "by": list(card.by),
        "corroboration": card.corroboration,
        "place": _place(card.place),
        "passages": [_passage(passage) for passage in card.passages],
    }


def _passage(passage: Passage) -> dict[str, object]:
    return {
        "number": passage.number,
        "source": passage.source,
        "citation": passage.citation,
        "descriptor": passage.descriptor,
        "address": passage.address,
        "at": passage.at,
        "quote": passage.quote,
        "role": passage.role,
        "place": _place(passage.place),
    }


def _place(place: Location) -> str:
    return f"{place.path}:{place.line}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
