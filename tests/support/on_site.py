"""Collecting at the office of an agency, as its assessor asks for it."""

from __future__ import annotations

from sqlalchemy import select

from models.on_site import OnSiteLink
from models.participation import Participation
from models.roster import RosterVerdict
from portal.assessors.judgement import judge
from portal.core.database.session import db, privileged
from tests.support.world import World, acting_as


def judged(world: World, verdict: RosterVerdict = RosterVerdict.COLLECT_ON_SITE) -> None:
    """The assessor judges the roster of a1, whose data are confirmed (needs an application context)."""
    with acting_as(world.actor("assessor")) as actor:
        own = db.session.get_one(Participation, world.participation["a1"])
        judge(own, verdict, note="", actor=actor)


def office_codes() -> list[str]:
    """The codes of all links of offices."""
    with privileged("a test looks") as session:
        return list(session.scalars(select(OnSiteLink.code)))
