"""Two rounds laid side by side by several at once: an earlier item is one later one, and no other."""

from __future__ import annotations

from sqlalchemy import select

from models.year import YearLink, YearMapping
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.rooms import add_draft
from tests.support.world import World


def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


def test_an_earlier_item_becomes_one_later_one(app: Portal, world: World) -> None:
    round_id = draft(app)
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    forms = [
        {"act": "same", "kind": "oit", "code": f"O{place + 1}", "earlier": "O5"} for place in range(AT_ONCE)
    ]
    answers = pressed(people, f"/rounds/{round_id}/trends/{world.round_id}/act", *forms)
    assert statuses(answers) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test looks") as session:
        assert len(session.scalars(select(YearLink).where(YearLink.earlier_code == "O5")).all()) == 1


def test_it_is_accepted_and_confirmed_once(app: Portal, world: World) -> None:
    round_id = draft(app)
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    here = f"/rounds/{round_id}/trends/{world.round_id}/act"
    assert statuses(pressed(people, here, {"act": "accept_sure"})) == [302] * AT_ONCE
    assert statuses(pressed(people, here, {"act": "confirm"})) == [302] * AT_ONCE
    with app.app_context(), privileged("a test looks") as session:
        links = session.scalars(select(YearLink)).all()
        assert len({(one.instrument, one.code) for one in links}) == len(links)
        assert len(session.scalars(select(YearMapping)).all()) == 1
