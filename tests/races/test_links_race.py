"""A survey's link replaced several times at once: one link lives, and it is the one that is shown."""

from __future__ import annotations

import re

from sqlalchemy import select

from models.participation import Participation, PreparationState
from models.survey import SurveyLink
from portal.ballot.links import make_links
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import NOW, World


def test_replacing_a_link_several_times_leaves_one(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test confirms") as session:
        row = session.get_one(Participation, world.participation["a1"])
        row.state, row.confirmed_at = PreparationState.CONFIRMED, NOW
        make_links(row)
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    room = f"/rounds/{world.round_id}/links"
    seen = re.findall(r'name="link"\s+value="(\d+)"', people[0].get(f"{room}/iit/replace").text)
    shown = {"link": seen[0]} if seen else {}
    answers = pressed(people, f"{room}/iit/replace", {"confirm": "1", **shown})
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test looks") as session:
        living = session.scalars(select(SurveyLink.code).where(SurveyLink.revoked_at.is_(None))).all()
    assert len(living) == 2, "one of each survey"
    page = people[0].get(room).text
    assert all(code in page for code in living)
