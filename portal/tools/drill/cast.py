"""The people of the drill, and how each acts: in the scoped session, under the own grant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Role
from models.agency import Agency
from models.assessor import AssessorBody
from models.place import Province
from portal.core.access import Actor
from portal.core.acting import acting as as_actor
from portal.core.database.session import db, privileged
from portal.core.sign_in import actor_for_grant
from portal.people import accounts
from portal.tools.drill.plan import Plan

PASSWORD = "khanom-krok-nam-khang"  # noqa: S105 - of a database that is thrown away


@dataclass(frozen=True)
class Team:
    """The two people of one agency."""

    agency_id: int
    admin_grant: int
    executive_grant: int
    admin_code: str


@dataclass(frozen=True)
class Cast:
    """Everybody: grants of the offices, the assessor body, and the agencies' teams in their order."""

    nacc: int
    dla: int
    assessor: int
    body_id: int
    teams: tuple[Team, ...]


def make_cast(session: Session, plan: Plan) -> Cast:
    """Accounts for the offices and for the first agencies of the first provinces."""
    body = AssessorBody(name="คณะผู้ประเมินของการซ้อม")
    session.add(body)
    session.flush()
    return Cast(
        nacc=_grant(session, "drill-nacc", Role.NACC),
        dla=_grant(session, "drill-dla", Role.DLA),
        assessor=_grant(session, "drill-assessor", Role.ASSESSOR, body_id=body.id),
        body_id=body.id,
        teams=tuple(_team(session, agency_id) for agency_id in _agencies(session, plan)),
    )


@contextmanager
def acting(grant_id: int) -> Iterator[Actor]:
    """Act as the holder of a grant; the session is closed behind, as after a request."""
    with privileged("who acts in the drill") as session:
        actor = actor_for_grant(session, grant_id)
    try:
        with as_actor(actor):
            yield actor
    finally:
        db.session.remove()


def _agencies(session: Session, plan: Plan) -> list[int]:
    """So many agencies of each of the first provinces that have enough of them."""
    each = plan.agencies // plan.provinces
    chosen: list[int] = []
    for province in session.scalars(select(Province.id).order_by(Province.sort_key)):
        query = select(Agency.id).where(Agency.province_id == province).order_by(Agency.sort_key, Agency.id)
        agencies = list(session.scalars(query.limit(each)))
        if len(agencies) == each:
            chosen += agencies
        if len(chosen) == each * plan.provinces:
            break
    return chosen


def _team(session: Session, agency_id: int) -> Team:
    admin = accounts.make_account(
        session, username=f"drill-a{agency_id}", name="ผู้ดูแลทดลอง", role=Role.AGENCY_ADMIN, agency_id=agency_id
    )
    code = accounts.issue_code(session, admin)
    executive = _grant(session, f"drill-e{agency_id}", Role.EXECUTIVE, agency_id=agency_id)
    return Team(agency_id, admin.grants[0].id, executive, code)


def _grant(session: Session, username: str, role: Role, **place: Any) -> int:
    account = accounts.make_account(session, username=username, name=username, role=role, **place)
    return account.grants[0].id
