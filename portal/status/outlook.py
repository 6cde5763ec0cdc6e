"""Who is likely to miss a minimum or a date, as the night's forecast said, and lacks it still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from models.disclosure import Disclosure, DisclosureState
from models.forecast import AHEAD
from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import Round, Stage
from models.survey import AnswerCount
from portal.core.outlook import named
from portal.surveys.minimum_sql import minimum_of

#: the stages that a forecast is made for
FORECAST = (Stage.PREPARATION, Stage.IIT, Stage.EIT, Stage.OIT)
__all__ = ["AHEAD", "FORECAST", "likely"]


def likely(round: Round, stages: Sequence[Stage] = FORECAST) -> ColumnElement[bool]:
    """The condition on Participation that it is likely to miss one of these stages. For offices of the
    country and of provinces only: others have no right to the table."""
    return or_(*(and_(named(stage), _lacks(round, stage)) for stage in stages))


def _lacks(round: Round, stage: Stage) -> ColumnElement[bool]:
    """It may have done it since the night."""
    if stage is Stage.PREPARATION:
        return ~Participation.is_confirmed
    if stage is Stage.OIT:
        done = (DisclosureState.CONFIRMED, DisclosureState.SCORED)
        of_agency = Disclosure.participation_id == Participation.id
        return ~exists().where(of_agency, Disclosure.state.in_(done)).correlate(Participation)
    instrument = InstrumentKind(stage.value)
    answers: Any = (
        select(func.coalesce(func.sum(AnswerCount.count), 0))
        .where(AnswerCount.participation_id == Participation.id, AnswerCount.instrument == instrument)
        .correlate(Participation)
        .scalar_subquery()
    )
    return and_(Participation.is_confirmed, answers < minimum_of(round.sample_rules, instrument))
