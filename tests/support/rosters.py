"""Rosters of tests: sealed rows of made-up people, and the assessor's work brought to any point."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from models.participation import Participation, PreparationState
from models.roster import Interview, RosterEntry, RosterVerdict
from models.round import Round
from portal.assessors import draw as sample_draw
from portal.assessors import judgement as roster_judgement
from portal.core.database.session import db, privileged, writing
from portal.rosters.file import Person
from portal.rosters.importing import sealed_fields
from tests.support.world import NOW, World, acting_as


def name_of(agency: str, number: int) -> str:
    """The name of a roster row; no two agencies share one."""
    return f"นางสมมติ{agency} ลำดับ{number:03d}"


def phone_of(number: int) -> str:
    """The telephone number of a roster row."""
    return f"08{number:08d}"


def fill_roster(
    app: Flask, world: World, agency: str = "a1", *, people: int = 40, confirmed: bool = True
) -> None:
    """Put people on an agency's roster and let its executive have confirmed."""
    with app.app_context(), writing(), privileged("a test fills a roster") as session:
        session.info["unrecorded"] = True
        row = session.get_one(Participation, world.participation[agency])
        groups = session.get_one(Round, world.round_id).roster_groups
        for number in range(1, people + 1):
            group = groups[number % len(groups)]
            person = Person(number, name_of(agency, number), "", group.id, phone_of(number), "")
            session.add(RosterEntry(participation=row, number=number, **sealed_fields(row.id, person)))
        row.roster_count, row.roster_at = people, NOW
        if confirmed:
            row.state, row.confirmed_at = PreparationState.CONFIRMED, NOW


def own(world: World, agency: str = "a1") -> Participation:
    """The participation in the scoped session of the acting person."""
    return db.session.get_one(Participation, world.participation[agency])


def judge(world: World, verdict: RosterVerdict = RosterVerdict.REPRESENTATIVE, *, note: str = "") -> None:
    """The assessor's judgement of a1's roster (needs an application context)."""
    with acting_as(world.actor("assessor")) as actor:
        roster_judgement.judge(own(world), verdict, note=note, actor=actor)


def draw(app: Flask, world: World, size: int = 5) -> list[int]:
    """A filled, judged and drawn roster of a1; the ids of its interviews in calling order."""
    fill_roster(app, world)
    with app.app_context():
        judge(world)
        with acting_as(world.actor("assessor")) as actor:
            sample_draw.draw_sample(own(world), size, actor=actor)
        return interview_ids()


def interview_ids() -> list[int]:
    """The ids of all interviews in calling order."""
    with privileged("a test looks") as session:
        return list(session.scalars(select(Interview.id).order_by(Interview.position)))
