"""What a change of agencies meets: what each agency has in each round, its people and its letters.

A participation is a snapshot, so a change moves none of it: the figures say what goes on under the old name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from models.account import Grant
from models.agency import Agency
from models.delivery import Delivery
from models.disclosure import Disclosure, DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result
from models.round import Round
from models.survey import AnswerCount, SurveyLink
from portal.core import clock
from portal.core.database.session import db


@dataclass(frozen=True)
class InRound:
    """What an agency has in one round, under the name that it has there."""

    participation: Participation
    #: living links that offices may see: of the internal survey the agency's alone
    links: int
    answers: Mapping[InstrumentKind, int]
    disclosure: DisclosureState | None
    has_result: bool

    @property
    def round(self) -> Round:
        """The round."""
        return self.participation.round


@dataclass(frozen=True)
class Met:
    """What a change meets at one agency."""

    rounds: list[InRound] = field(default_factory=list)
    people: int = 0
    letters: int = 0


def met_by(agencies: Sequence[Agency]) -> dict[int, Met]:
    """What a change of these agencies meets, by their ids; the newest round first."""
    keys = [one.id for one in agencies]
    query = (
        select(Participation)
        .join(Participation.round)
        .where(Participation.agency_id.in_(keys))
        .options(contains_eager(Participation.round))
        .order_by(Round.fiscal_year.desc(), Round.id.desc())
    )
    rows = db.session.scalars(query).all()
    rounds = _in_rounds(rows)
    now = clock.now()
    valid = (Grant.valid_from <= now) & or_(Grant.valid_until.is_(None), Grant.valid_until > now)
    people = _counts(Grant.agency_id, keys, valid)
    letters = _counts(Delivery.agency_id, keys)
    return {
        key: Met([rounds[row.id] for row in rows if row.agency_id == key], people[key], letters[key])
        for key in keys
    }


def _in_rounds(rows: Sequence[Participation]) -> dict[int, InRound]:
    keys = [row.id for row in rows]
    links = _counts(SurveyLink.participation_id, keys, SurveyLink.revoked_at.is_(None))
    states = _pairs(
        select(Disclosure.participation_id, Disclosure.state).where(Disclosure.participation_id.in_(keys))
    )
    with_result = select(Result.participation_id).where(Result.participation_id.in_(keys))
    results = set(db.session.scalars(with_result))
    answers: dict[int, dict[InstrumentKind, int]] = {key: {} for key in keys}
    summed = (
        select(AnswerCount.participation_id, AnswerCount.instrument, func.sum(AnswerCount.count))
        .where(AnswerCount.participation_id.in_(keys))
        .group_by(AnswerCount.participation_id, AnswerCount.instrument)
    )
    for key, instrument, count in db.session.execute(summed):
        answers[key][instrument] = int(count)
    return {
        row.id: InRound(row, links[row.id], answers[row.id], states.get(row.id), row.id in results)
        for row in rows
    }


def _counts(column: Any, keys: Sequence[int], *where: Any) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(keys), *where).group_by(column)
    return dict.fromkeys(keys, 0) | _pairs(query)


def _pairs(query: Any) -> dict[int, Any]:
    return dict(db.session.execute(query).all())
