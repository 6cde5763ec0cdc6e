"""The demonstration's open round: every stage is open around the first day of use, agencies stand at every
step of preparation, with real rosters, links and sealed answers where their numbers say so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.assessor import AssessorBody, Assignment
from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.place import Province
from models.roster import RosterEntry, RosterJudgement, RosterVerdict
from models.round import RosterGroup, Round
from models.survey import SurveyLink
from portal.ballot import box, interviews
from portal.ballot.links import SURVEYS, new_code
from portal.ballot.questionnaire import load_questionnaire
from portal.content import local
from portal.core import vault
from portal.tools.demo import checklists
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.demo.people import HOME_PROVINCE, DemoAgencies

#: share of agencies at each step: confirmed, waiting for the executive, headcount only, activated only
SHARES = (0.78, 0.86, 0.92, 0.96)
STEPS = ("confirmed", "submitted", "headcount", "activated", "nothing")
GIVEN = ("สมหญิง", "สมชาย", "มานี", "ปิติ", "ชูใจ", "วีระ", "สมศรี", "ประไพ", "บุญมี", "ทองดี")
FAMILY = ("ตัวอย่าง", "ทดลอง", "สมมุติ", "ใจดี", "รักงาน", "ยิ้มแย้ม", "สาธิต", "มีสุข")
MORE_NAMES = "ยังไม่มีผู้เสนอราคาและคู่สัญญา โปรดเพิ่มรายชื่อกลุ่มนี้"
TYPICAL_STAFF = {local.PAO: 300, local.CITY: 600, local.TOWN: 220}


def fill(session: Session, round: Round, agencies: DemoAgencies, body: AssessorBody, now: datetime) -> None:
    """Bring the agencies of the round to their steps. Needs a privileged session; uses bulk statements."""
    chance = random.Random(round.fiscal_year)  # noqa: S311 - demonstration data, the same at every start
    rows = session.execute(
        select(
            Participation.id, Participation.agency_id, Participation.province_id, Participation.kind
        ).where(Participation.round_id == round.id)
    ).all()
    groups = list(session.scalars(select(RosterGroup.id).where(RosterGroup.round_id == round.id)))
    fixed = {
        agencies.preparing.id: "headcount",
        agencies.confirmed.id: "confirmed",
        agencies.unactivated.id: "nothing",
        agencies.waiting.id: "confirmed",
        agencies.returned.id: "confirmed",
    }
    steps = {row.id: fixed.get(row.agency_id) or _step(chance.random()) for row in rows}
    values = [_values(row, steps[row.id], chance, now) for row in rows]
    write_steps(session, values)
    rosters = {value["id"]: value["roster_count"] for value in values if value["roster_count"]}
    owners = {row.id: (row.agency_id, row.province_id) for row in rows}
    session.connection().execute(insert(RosterEntry), list(_rosters(rosters, owners, groups, chance)))
    confirmed = [row for row in rows if steps[row.id] == "confirmed"]
    session.connection().execute(insert(SurveyLink), [link for row in confirmed for link in _links(row)])
    home = session.scalars(select(Province.id).where(Province.code == HOME_PROVINCE)).one()
    assigned = [row for row in confirmed if row.province_id == home]
    session.connection().execute(
        insert(Assignment),
        [
            {
                "participation_id": row.id,
                "agency_id": row.agency_id,
                "province_id": row.province_id,
                "body_id": body.id,
            }
            for row in assigned
        ],
    )


def fill_checklists(session: Session, round: Round, agencies: DemoAgencies, now: datetime) -> None:
    """One checklist with the executive, one returned with two failed items, and a request for more names."""
    when = now - timedelta(days=1)
    query = select(Participation).where(Participation.round_id == round.id)
    waiting, returned = (
        session.scalars(query.where(Participation.agency_id == agency.id)).one()
        for agency in (agencies.waiting, agencies.returned)
    )
    sheets = [
        checklists.Sheet(_owner(waiting), waiting.kind, DisclosureState.SUBMITTED),
        checklists.Sheet(_owner(returned), returned.kind, DisclosureState.RETURNED, failing=2),
    ]
    checklists.write(session, round, sheets, when)
    checklists.write_links(session, sheets)
    session.add(
        RosterJudgement(
            participation_id=waiting.id, verdict=RosterVerdict.MORE_NAMES, note=MORE_NAMES, judged_at=when
        )
    )


def _owner(row: Participation) -> dict[str, Any]:
    return {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id}


def cast_answers(session: Session, round: Round, agency_id: int) -> list[int]:
    """Answers of made-up respondents through the real box: the home agency nearly full, some others begun.

    Gives the participations that have them.
    """
    chance = random.Random(round.fiscal_year)  # noqa: S311 - demonstration data
    query = (
        select(Participation)
        .join(Assignment, Assignment.participation_id == Participation.id)
        .where(Participation.round_id == round.id)
        .order_by(Participation.sort_key)
        .limit(10)
    )
    some = list(session.scalars(query))
    home = next(row for row in some if row.agency_id == agency_id) if agency_id else some[0]
    forms = {kind: load_questionnaire(session, round.id, kind) for kind in SURVEYS}
    ids = made_up_ids(1)
    for participation in some:
        for kind in SURVEYS:
            target = interviews.box_of(session, participation, kind)
            session.commit()  # the box writes in transactions of its own
            for citizen_id in islice(ids, 18 if participation.id == home.id else 4):
                box.cast(target, citizen_id, random_answer(forms[kind].limits, chance))
    return [participation.id for participation in some]


def others(session: Session, round: Round, but: list[int]) -> list[Participation]:
    """The agencies with an assessor beside those that have answers already."""
    query = (
        select(Participation)
        .join(Assignment, Assignment.participation_id == Participation.id)
        .where(Participation.round_id == round.id, Participation.id.not_in(but))
        .order_by(Participation.sort_key)
    )
    return list(session.scalars(query))


def random_answer(limits: tuple[int, ...], chance: random.Random) -> bytes:
    """An answer that leans to the second half of every scale, one byte per line."""
    return bytes(max(1, min(limit, round(chance.triangular(1, limit, limit * 0.8)))) for limit in limits)


def write_steps(session: Session, values: list[dict[str, Any]]) -> None:
    """Set the columns of many participations, each dictionary by its ``id``."""
    names = [name for name in values[0] if name != "id"]
    by_key = update(Participation).where(Participation.id == bindparam("key"))
    statement = by_key.values({name: bindparam(f"new_{name}") for name in names})
    rows = [{"key": row["id"], **{f"new_{name}": row[name] for name in names}} for row in values]
    session.connection().execute(statement, rows)


def _step(draw: float) -> str:
    return next((name for name, share in zip(STEPS, SHARES, strict=False) if draw < share), STEPS[-1])


def _values(row: Any, step: str, chance: random.Random, now: datetime) -> dict[str, Any]:
    """The columns of preparation as they stand at a step."""
    reached = STEPS.index(step)
    past = now - timedelta(days=28) + timedelta(minutes=chance.randrange(60 * 24 * 2))
    typical = TYPICAL_STAFF.get(row.kind, 45)
    counted, rostered = reached <= STEPS.index("headcount"), reached <= STEPS.index("submitted")
    return {
        "id": row.id,
        "activated_at": past if step != "nothing" else None,
        "headcount": chance.randint(typical // 2, typical * 2)
        if reached <= STEPS.index("headcount")
        else None,
        "headcount_at": past + timedelta(hours=3) if counted else None,
        "roster_count": chance.randint(5, 9) if rostered else 0,
        "roster_at": past + timedelta(hours=9) if rostered else None,
        "submitted_at": past + timedelta(hours=20) if rostered else None,
        "confirmed_at": past + timedelta(hours=30) if step == "confirmed" else None,
        "state": {
            "confirmed": PreparationState.CONFIRMED,
            "submitted": PreparationState.SUBMITTED,
        }.get(step, PreparationState.ENTERING),
    }


def _rosters(
    sizes: dict[int, int], owners: dict[int, tuple[int, int]], groups: list[int], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for participation_id, size in sizes.items():
        agency_id, province_id = owners[participation_id]
        for number in range(1, size + 1):
            name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {number}"
            phone = f"080000{chance.randrange(10_000):04d}"
            fields = {"name": name, "organisation": "", "phone": phone, "email": ""}
            yield {
                "participation_id": participation_id,
                "agency_id": agency_id,
                "province_id": province_id,
                "number": number,
                "group_id": chance.choice(groups),
                "fingerprint": vault.fingerprint(name, phone, "", participation_id=participation_id),
                **{
                    f"{field}_sealed": vault.seal(
                        text, row_context=vault.roster_context(participation_id, field)
                    )
                    for field, text in fields.items()
                },
            }


def _links(row: Any) -> Iterator[dict[str, Any]]:
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        yield {
            "participation_id": row.id,
            "agency_id": row.agency_id,
            "province_id": row.province_id,
            "instrument": kind,
            "code": new_code(),
        }
