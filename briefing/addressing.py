"""A brief that asks for columns of a recipient's row → the same brief for that recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from briefing.audience import with_columns
from briefing.brief import Brief
from briefing.document import Column, Inline, Text
from briefing.rewriting import rewritten

__all__ = ["addressed"]


def addressed(brief: Brief, row: Mapping[str, str]) -> Brief:
    """The brief with the row's values as literal text where it asks for columns. KeyError for one that is not there.

    No column stands in a picture: a caption that looks at a row is that row's text.
    """
    if not brief.columns:
        return brief

    def filled(part: Inline) -> Inline:
        return Text(row[part.name]) if isinstance(part, Column) else part

    contract = brief.audience.contract
    memo = {key: with_columns(text, row.__getitem__) for key, text in contract.memo.items()}
    audience = replace(brief.audience, contract=replace(contract, memo=memo))
    return replace(brief, audience=audience, body=rewritten(brief.body, filled), columns={})
