"""Where the builder's pages offer a correction, and which words were corrected already."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import select

from models.round import Round
from models.year import WordingCorrection
from portal.content.places import place_of
from portal.core.database.session import db
from portal.rounds.correcting.things import THINGS

#: what the pages of the builder call a row, by its table
_KEYS: dict[str, Callable[[Any], str]] = {
    "instrument": lambda row: str(row.kind.value),
    "indicator": lambda row: place_of(row.instrument.kind.value, row.code),
    "question": lambda row: place_of(row.instrument.kind.value, row.code),
    "sub_item": lambda row: place_of(row.question.instrument.kind.value, row.code),
    "oit_item": lambda row: place_of(row.instrument.kind.value, row.code),
    "scale": lambda row: str(row.code),
    "choice": lambda row: f"{row.scale.code}.{row.position}",
    "roster_group": lambda row: str(row.position),
    "round_text": lambda row: f"th:page.{row.key}.words",
    "round_translation": lambda row: f"{row.language}:{row.thing}.{row.code}.{row.field}",
}


def rows_with_words(round: Round, names: Collection[str]) -> dict[tuple[str, str], int]:
    """The rows of these tables by table and by what the builder calls them."""
    return {
        (name, _KEYS[name](row)): row.id
        for name in names
        for row in db.session.scalars(THINGS[name].of_round(round.id))
    }


def corrected_rows(round: Round) -> set[tuple[str, int]]:
    """The rows whose words were corrected."""
    query = select(WordingCorrection.thing, WordingCorrection.row_id)
    return {
        (thing, row_id)
        for thing, row_id in db.session.execute(query.where(WordingCorrection.round_id == round.id))
    }
