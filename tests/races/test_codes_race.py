"""A province issues a code while a right is given elsewhere: then no code of its works, in any order."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.account import Account, ActivationCode, Role
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import accounts
from portal.people.entry import codes
from tests.support.races import at_once
from tests.support.world import NOW, PASSWORD, World, acting_as

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize("elsewhere", ["agency", "office"])
def test_a_right_elsewhere_ends_what_a_province_issues_at_the_same_moment(
    app: Portal, world: World, elsewhere: str, turn: int
) -> None:
    person = world.account["executive"]
    with app.app_context():
        actor = world.actor("province")
    shown: list[str] = []

    def issue() -> None:
        with app.app_context(), writing(), acting_as(actor):
            try:
                shown.append(codes.issue(person, actor=actor)[1])
            except NotFound:
                return
            db.session.commit()

    def give() -> None:
        with app.app_context(), writing(), privileged("a right elsewhere") as session:
            account = session.get_one(Account, person)
            if elsewhere == "agency":
                accounts.give_grant(session, account, Role.EXECUTIVE, agency_id=world.agency["b1"])
            else:
                account.grants[0].valid_until = NOW
                accounts.give_grant(session, account, Role.DLA)

    at_once([issue, give] if turn % 2 else [give, issue])
    with app.app_context():
        with privileged("a test looks") as session:
            assert session.get_one(Account, person).province_id is None
            codes_there = session.scalars(select(ActivationCode.province_id)).all()
        assert len(codes_there) == len(shown)
        for code in shown:
            with pytest.raises(Refused, match="not valid"):
                accounts.activate(code, PASSWORD)
