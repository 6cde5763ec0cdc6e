"""A small world that tests begin from: two provinces, four agencies, one open round, a person per role.

It is made once per engine and copied for each test. All windows of the round are open at ``NOW``. The names
of each agency are its own, so that a foreign name on a page is a leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role
from models.agency import Agency
from models.assessor import AssessorBody, Assignment
from models.participation import Participation
from models.place import District, Province
from models.round import Round, RoundState
from models.thai import sort_key
from models.zone import BANGKOK
from portal.ballot import keys
from portal.content import local
from portal.content.year import load_year
from portal.core.access import Actor
from portal.core.acting import acting as acting_as
from portal.core.database.session import privileged, writing
from portal.core.sign_in import actor_for_grant
from portal.people import accounts
from portal.rounds import setup as round_setup
from portal.tools.demo.windows import shifted_windows

NOW = datetime(2018, 11, 9, 10, 0, tzinfo=BANGKOK)
PASSWORD = "plantoon-nam-khang-9"

PROVINCES = (("52", "ลำปาง", "Lampang"), ("81", "กระบี่", "Krabi"))
DISTRICTS = (("5201", "เมืองลำปาง"), ("5204", "เกาะคา"), ("8101", "เมืองกระบี่"), ("8102", "เขาพนม"))
#: key, code, kind, name, size, district
AGENCIES = (
    ("a1", "05520401", local.SUBDISTRICT, "เกาะคา", local.M, "5204"),
    ("a2", "06520402", local.SAO, "ท่าผา", local.S, "5204"),
    ("b1", "06810101", local.SAO, "ไสไทย", local.M, "8101"),
    ("b2", "05810201", local.SUBDISTRICT, "เขาพนม", local.S, "8102"),
)
#: key of a person, role, agency, province or assessor body
PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("nacc", Role.NACC, ""),
    ("dla", Role.DLA, ""),
    ("province", Role.PROVINCE, "52"),
    ("province_other", Role.PROVINCE, "81"),
    ("agency_admin", Role.AGENCY_ADMIN, "a1"),
    ("executive", Role.EXECUTIVE, "a1"),
    ("agency_admin_other", Role.AGENCY_ADMIN, "b1"),
    ("executive_other", Role.EXECUTIVE, "b1"),
    ("assessor", Role.ASSESSOR, "body1"),
    ("interviewer", Role.INTERVIEWER, "body1"),
    ("assessor_other", Role.ASSESSOR, "body2"),
)
#: which agencies each assessor body was given
ASSIGNED = {"body1": ("a1", "a2"), "body2": ("b1",)}


@dataclass
class World:
    """Ids of the seeded rows by short names."""

    round_id: int = 0
    province: dict[str, int] = field(default_factory=dict)
    agency: dict[str, int] = field(default_factory=dict)
    participation: dict[str, int] = field(default_factory=dict)
    body: dict[str, int] = field(default_factory=dict)
    account: dict[str, int] = field(default_factory=dict)
    grant: dict[str, int] = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        """The actor of a person (needs an application context)."""
        with privileged("a test's actor") as session:
            return actor_for_grant(session, self.grant[person])


def build(app: Flask) -> World:
    """Make the world in an empty migrated database."""
    world = World()
    with app.app_context():
        with writing(), privileged("building the test world") as session:
            session.info["unrecorded"] = True
            _places(session, world)
            _round(session, world)
            _people(session, world)
        with writing(), privileged("keys of the test world") as session:
            keys.prepare(session, session.get_one(Round, world.round_id))
    return world


def _places(session: Session, world: World) -> None:
    provinces, districts = {}, {}
    for code, name, english in PROVINCES:
        provinces[code] = Province(code=code, name=name, name_en=english, region="", sort_key=sort_key(name))
    session.add_all(provinces.values())
    session.flush()
    for code, name in DISTRICTS:
        districts[code] = District(
            code=code, name=name, sort_key=sort_key(name), province_id=provinces[code[:2]].id
        )
    session.add_all(districts.values())
    session.flush()
    world.province = {code: row.id for code, row in provinces.items()}
    for key, code, kind, name, size, district in AGENCIES:
        row = Agency(
            code=code,
            kind=kind,
            name=name,
            full_name=f"{kind.label}{name}",
            size=size,
            district_id=districts[district].id,
            province_id=provinces[district[:2]].id,
            sort_key=sort_key(name),
        )
        session.add(row)
        session.flush()
        world.agency[key] = row.id


def _round(session: Session, world: World) -> None:
    round = round_setup.make_round(
        session,
        load_year(2561),
        name="การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561",
        windows=shifted_windows(NOW),
        state=RoundState.OPEN,
    )
    round.opened_at = NOW
    session.flush()
    world.round_id = round.id
    round_setup.snapshot_agencies(session, round)
    rows = session.execute(select(Participation.agency_id, Participation.id)).all()
    of_agency = dict(rows)
    world.participation = {key: of_agency[agency] for key, agency in world.agency.items()}


def _people(session: Session, world: World) -> None:
    for key, assigned in ASSIGNED.items():
        body = AssessorBody(name=f"คณะผู้ประเมินทดลอง {key[-1]}")
        session.add(body)
        session.flush()
        world.body[key] = body.id
        for agency in assigned:
            row = session.get_one(Participation, world.participation[agency])
            session.add(Assignment(body_id=body.id, participation=row))
    for person, role, place in PEOPLE:
        account = accounts.make_account(
            session,
            username=person,
            name=f"ผู้ใช้ทดลอง {person}",
            role=role,
            valid_from=datetime(2018, 1, 1, tzinfo=BANGKOK),
            **_place(world, place),
        )
        world.account[person] = account.id
        world.grant[person] = account.grants[0].id
        account.activated_at = NOW
    session.flush()


def _place(world: World, place: str) -> dict[str, int]:
    if place in world.agency:
        return {"agency_id": world.agency[place]}
    if place in world.province:
        return {"province_id": world.province[place]}
    if place in world.body:
        return {"body_id": world.body[place]}
    return {}


def row(model: type[Any], key: Any) -> Any:
    """A row as it is stored now, read past every wall and detached."""
    with privileged("a test looks") as session:
        found = session.get(model, key)
        if found is not None:
            session.refresh(found)
            session.expunge(found)
        return found


__all__ = ["NOW", "PASSWORD", "Account", "Grant", "World", "acting_as", "build", "row"]
