"""All stages of an agency in one row: preparation, IIT, both parts of EIT, OIT and its scoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.instrument import InstrumentKind
from models.outlook import Outlook
from models.roster import SampleDraw
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.core.database.session import db
from portal.core.outlook import outlooks_of
from portal.status import figures


@dataclass(frozen=True)
class StageRow:
    """An agency with the parts of EIT. ``drawn``: people of the sample, None while none is drawn;
    ``outlooks``: what it is likely to miss."""

    agency: figures.AgencyRow
    by_link: int
    interviews: int
    drawn: int | None
    outlooks: tuple[Outlook, ...]


def stage_rows(
    round: Round, *criteria: Any, offset: int = 0, most: int | None = None, ahead: bool
) -> list[StageRow]:
    """Agencies inside the actor's scope, what is behind first; eight queries.

    ``ahead``: with the forecast, which offices of the country and of provinces alone may read.
    """
    rows = figures.agencies(round, *criteria, offset=offset, most=most)
    keys = [row.id for row in rows]
    parts, drawn = _parts(keys), _drawn(keys)
    said = outlooks_of(keys) if ahead and keys else {}
    return [
        StageRow(
            row,
            parts.get((row.id, 1), 0),
            parts.get((row.id, 2), 0),
            drawn.get(row.id),
            tuple(one for one in said.get(row.id, ()) if _lacks(row, one)),
        )
        for row in rows
    ]


def _parts(keys: list[int]) -> dict[tuple[int, int], int]:
    """The answers of EIT by agency and part of the survey."""
    query = (
        select(AnswerCount.participation_id, AnswerCount.channel, func.sum(AnswerCount.count))
        .where(AnswerCount.participation_id.in_(keys), AnswerCount.instrument == InstrumentKind.EIT)
        .group_by(AnswerCount.participation_id, AnswerCount.channel)
    )
    found: dict[tuple[int, int], int] = {}
    for key, channel, count in db.session.execute(query):
        place = (key, Channel(channel).part)
        found[place] = found.get(place, 0) + int(count)
    return found


def _drawn(keys: list[int]) -> dict[int, int]:
    query = select(SampleDraw.participation_id, SampleDraw.sample_size)
    rows = db.session.execute(query.where(SampleDraw.participation_id.in_(keys)))
    return {row.participation_id: row.sample_size for row in rows}


def _lacks(row: figures.AgencyRow, said: Outlook) -> bool:
    """It may have done it since the night."""
    if said.stage.value in (InstrumentKind.IIT.value, InstrumentKind.EIT.value):
        return not row.targets[InstrumentKind(said.stage.value)].reached
    if said.stage.value == "oit":
        return not row.oit.state.approved
    return bool(row.behind)
