"""Where what a check found is mended: the address of the very page."""

from __future__ import annotations

from typing import Any

from flask import url_for

from models.round import Round
from portal.ballot.languages import THAI
from portal.rounds.checking.found import Page, Where

#: by page its endpoint, and what of a place its address names
_PAGES: dict[Page, tuple[str, tuple[str, ...]]] = {
    Page.TREE: ("builder.tree", ("kind",)),
    Page.INSTRUMENT: ("builder.instrument", ("kind",)),
    Page.INDICATOR: ("builder.indicator", ("kind", "code")),
    Page.QUESTION: ("builder.question", ("kind", "code")),
    Page.ITEM: ("builder.item", ("code",)),
    Page.SCALES: ("builder.all_scales", ()),
    Page.SCALE: ("builder.scale", ("code",)),
    Page.WEIGHTS: ("round_rules.weights", ()),
    Page.RULES: ("rounds.rules", ()),
    Page.SAMPLE: ("round_rules.sample", ()),
    Page.BANDS: ("round_rules.bands", ()),
    Page.GROUPS: ("round_rules.groups", ()),
    Page.SETTINGS: ("rounds.settings", ()),
    Page.WINDOWS: ("rounds.windows", ()),
    Page.MOVE_WINDOWS: ("round_rules.move_windows", ()),
    Page.TEXTS: ("round_texts.index", ()),
    Page.LANGUAGE: ("round_texts.edit", ()),
    Page.ROUND: ("rounds.show", ()),
}


def address_of(round: Round, where: Where) -> str:
    """The page of a round on which this place is mended."""
    endpoint, names = _PAGES[where.page]
    values: dict[str, Any] = {name: getattr(where, name) for name in names}
    if where.page is Page.SAMPLE:
        values["key"] = where.code
    elif where.page is Page.LANGUAGE:
        values["language"] = where.code or THAI
    elif where.code and "code" not in names:
        values["_anchor"] = where.code
    return url_for(endpoint, round_id=round.id, **values)
