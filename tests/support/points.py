"""An agency brought to any point of its way by its rows, past the acts that lead there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.account import Grant
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.instrument import InstrumentKind, OitItem
from models.participation import Participation, PreparationState
from models.roster import RosterVerdict
from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from tests.factories.base import rows_in
from tests.factories.work import AnswerCountFactory, QuarterCountFactory, RosterJudgementFactory
from tests.support.world import NOW, World

#: an agency whose data are entered: 52 people inside and 40 names are asked for 30 answers each
ENTERED: dict[str, Any] = {"activated_at": NOW, "headcount": 52, "roster_count": 40}


@dataclass(frozen=True)
class Point:
    """Where an agency and its round stand. ``oit``: state, items answered, items that failed."""

    state: PreparationState = PreparationState.ENTERING
    facts: dict[str, Any] = field(default_factory=lambda: dict(ENTERED))
    oit: tuple[DisclosureState, int, int] | None = None
    answers: int = 0
    verdict: RosterVerdict | None = None
    round: RoundState = RoundState.OPEN
    executive: bool = True
    #: days after the world's day
    days: int = 0


def bring(app: Flask, world: World, point: Point, agency: str = "a1") -> None:
    """Bring an agency of the world to a point, and its round with it."""
    with app.app_context(), writing(), privileged("a test brings an agency to a point") as session:
        session.info["unrecorded"] = True
        session.get_one(Round, world.round_id).state = point.round
        row = session.get_one(Participation, world.participation[agency])
        for name, value in point.facts.items():
            setattr(row, name, value)
        row.state = point.state
        row.confirmed_at = NOW if row.is_confirmed else None
        session.flush()
        with rows_in(session):
            _work(session, row, point)
        if not point.executive:
            session.execute(delete(Grant).where(Grant.id == world.grant["executive"]))


def _work(session: Session, row: Participation, point: Point) -> None:
    if point.oit is not None:
        state, answered, failed = point.oit
        items = session.scalars(
            select(OitItem).where(OitItem.instrument.has(round_id=row.round_id)).order_by(OitItem.position)
        )
        sheet = Disclosure(participation=row, state=state)
        sheet.answers = [
            DisclosureAnswer(
                participation_id=row.id,
                item=item,
                disclosed=True if place < answered else None,
                review=Review.FAIL if place < failed else Review.PENDING,
            )
            for place, item in enumerate(items)
        ]
        session.add(sheet)
    for survey in (InstrumentKind.IIT, InstrumentKind.EIT) if point.answers else ():
        for kind in (AnswerCountFactory, QuarterCountFactory):
            kind(participation=row, instrument=survey, count=point.answers)
    if point.verdict is not None:
        RosterJudgementFactory(participation=row, verdict=point.verdict, note="ขอผู้เสนอราคา")
