"""The demonstration's past round: opened, with results of the home province and its neighbours."""

from __future__ import annotations

import random
import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.ballot import OpenedAnswer
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.instrument import Instrument, InstrumentKind, OitItem
from models.participation import Participation, PreparationState
from models.place import Province
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.ballot.links import SURVEYS
from portal.ballot.questionnaire import load_questionnaire
from portal.tools.demo.present import random_answer, write_steps

#: provinces whose agencies went all the way in the past round
ASSESSED = ("50", "51", "52", "54")
RESPONDENTS = (8, 30)


def fill(session: Session, round: Round, when: datetime) -> None:
    """Opened answers, counts and scored checklists of the assessed agencies, in bulk; results come after."""
    chance = random.Random(round.fiscal_year)  # noqa: S311 - demonstration data, the same at every start
    query = (
        select(Participation.id, Participation.agency_id, Participation.province_id)
        .join(Province, Province.id == Participation.province_id)
        .where(Participation.round_id == round.id, Province.code.in_(ASSESSED))
    )
    rows = [dict(row) for row in session.execute(query).mappings()]
    done = {
        "state": PreparationState.CONFIRMED, "activated_at": when, "headcount": 40, "headcount_at": when,
        "roster_count": 60, "roster_at": when, "submitted_at": when, "confirmed_at": when,
    }  # fmt: skip
    write_steps(session, [{"id": row["id"], **done} for row in rows])
    owned = [
        {"participation_id": row["id"], "agency_id": row["agency_id"], "province_id": row["province_id"]}
        for row in rows
    ]
    for kind in SURVEYS:
        _answers(session, round, kind, owned, chance)
    _checklists(session, round, owned, when, chance)


def _answers(
    session: Session, round: Round, kind: InstrumentKind, owned: list[dict[str, Any]], chance: random.Random
) -> None:
    limits = load_questionnaire(session, round.id, kind).limits
    common = {"instrument": kind, "channel": Channel.SELF}
    counts = [{**row, **common, "count": chance.randint(*RESPONDENTS)} for row in owned]
    answers = [
        {
            "participation_id": row["participation_id"],
            **common,
            "key": secrets.token_bytes(16),
            "answers": random_answer(limits, chance),
        }
        for row in counts
        for _number in range(row["count"])
    ]
    session.connection().execute(insert(AnswerCount), counts)
    session.connection().execute(insert(OpenedAnswer), answers)


def _checklists(
    session: Session, round: Round, owned: list[dict[str, Any]], when: datetime, chance: random.Random
) -> None:
    state = {"state": DisclosureState.SCORED, "submission": 1, "submitted_at": when, "confirmed_at": when}
    session.connection().execute(
        insert(Disclosure), [{**row, **state, "scored_at": when, "version": 1} for row in owned]
    )
    mine = [row["participation_id"] for row in owned]
    query = select(Disclosure).where(Disclosure.participation_id.in_(mine))
    ids = {row.participation_id: row.id for row in session.scalars(query)}
    from_round = select(OitItem.id).join(Instrument, Instrument.id == OitItem.instrument_id)
    items = list(session.scalars(from_round.where(Instrument.round_id == round.id)))
    answers = [
        {
            **row,
            "disclosure_id": ids[row["participation_id"]],
            "oit_item_id": item,
            "disclosed": True,
            "explanation": "เผยแพร่ในเว็บไซต์ของหน่วยงาน",
            "review": Review.PASS,
            "score": Decimal(100 if chance.random() < 0.8 else 0),
            "version": 1,
        }
        for row in owned
        for item in items
    ]
    session.connection().execute(insert(DisclosureAnswer), answers)
