"""Two officers give one person two rights at the same moment: roles that never meet do not meet."""

from __future__ import annotations

from sqlalchemy import select

from models.account import Account, Grant, Role
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import keeping
from portal.people.keeping import Place
from tests.races.test_queue_race import at_once
from tests.support.world import World, acting_as

RACES = 8


def test_admin_and_executive_given_at_once_are_one_of_them(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("dla")
        with writing(), privileged("people of the race") as session:
            people = [Account(username=f"racer{number}", name="ทดลอง") for number in range(RACES)]
            session.add_all(people)
            session.flush()
            ids = [account.id for account in people]
    place = Place(agency_id=world.agency["a2"])
    turns = iter([Role.AGENCY_ADMIN, Role.EXECUTIVE] * 3 * RACES)
    for account_id in ids:

        def give(account_id: int = account_id) -> bool:
            role = next(turns)
            try:
                with acting_as(actor):
                    account = db.session.get_one(Account, account_id)
                    keeping.add_grant(account, role, place, actor=actor)
            except Refused:
                return False
            return True

        assert sum(at_once(app, give)) == 1
    with app.app_context(), privileged("a test looks") as session:
        held = session.scalars(select(Grant.account_id).where(Grant.account_id.in_(ids))).all()
    assert sorted(held) == ids, "one right each"
